"""Rows of text under each other."""

from collections.abc import Sequence


def columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows below their heads, each column as wide as its widest word; the last as wide as it is."""
    lines = [tuple(heads), *map(tuple, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads) - 1)]
    return "\n".join(
        "  ".join(
            [*(part.ljust(width) for part, width in zip(line, widths, strict=False)), line[-1]]
        ).rstrip()
        for line in lines
    )
