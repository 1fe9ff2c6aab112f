"""What the view is told (`parts`), what it makes of it (`row`), what a reader sees of that (`view`), in which order
(`order`); which table is read (`generations`), and whether two say the same (`sameness`).
"""
