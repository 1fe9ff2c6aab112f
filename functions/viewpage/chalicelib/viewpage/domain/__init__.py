"""What the view is told (`parts`), what it makes of it (`row`), and what a reader sees of that (`view`)."""
