"""Pictures of rooms: what may be uploaded, and how a file shows what it is."""

from dataclasses import dataclass, field
from typing import Literal

LARGEST_BYTES = 2 << 20
MOST_OF_A_ROOM = 12
PictureType = Literal["image/jpeg", "image/png", "image/webp"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is served."""

    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class UploadForm:
    """Where a browser posts a file, and the fields it sends before it."""

    url: str
    fields: dict[str, str] = field(default_factory=dict)


def type_of(start: bytes) -> PictureType | None:
    """The type of a file that begins like this; None for anything but a picture. What a client calls it counts for
    nothing.
    """
    if start.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    return None
