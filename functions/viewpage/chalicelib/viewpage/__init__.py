"""The viewpage service: the room view, folded from what the others announce, and the one screen."""
