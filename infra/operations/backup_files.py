"""An export as it lies on a disk: a folder of JSON lines, the pictures, and a manifest that says what must be there.

manifest.json          when, of which stage, whether anything changed meanwhile; of each file its lines and SHA-256
tables/<table>.jsonl   an item a line, as DynamoDB writes it
pictures.jsonl         a picture a line: its key, its type, its SHA-256
pictures/<sha256>      the bytes
parameters.jsonl       what the operator has set
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.operations.command_line import CannotDo

Line = dict[str, Any]
_MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class File:
    """A file of an export, by its place in the folder."""

    path: str
    lines: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an export holds. `changed`: items of which something was written while it was made, by table."""

    stage: str
    began: str
    ended: str
    changed: dict[str, int]
    files: tuple[File, ...]
    format: int = FORMAT


@dataclass(frozen=True)
class Backup:
    """The folder of an export."""

    folder: Path

    def write(self, path: str, lines: Iterable[Line]) -> File:
        """Writes a file of lines; what the manifest is to say of it."""
        file, digest, count = self.folder / path, hashlib.sha256(), 0
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            for line in lines:
                text = json.dumps(line, sort_keys=True, ensure_ascii=False, default=_as_text).encode() + b"\n"
                out.write(text)
                digest.update(text)
                count += 1
        return File(path, count, digest.hexdigest())

    def lines(self, path: str) -> Iterator[Line]:
        """The lines of a file."""
        with (self.folder / path).open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line, object_hook=_with_bytes)

    def keep(self, content: bytes) -> str:
        """Keeps a picture under its SHA-256, which it returns."""
        name = hashlib.sha256(content).hexdigest()
        file = self.folder / "pictures" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return name

    def picture(self, name: str) -> bytes:
        """A picture by its SHA-256. Raises CannotDo when it is another."""
        content = (self.folder / "pictures" / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise CannotDo(f"The picture {name} is not what was exported.")
        return content

    def seal(self, manifest: Manifest) -> None:
        """Writes the manifest, last: a folder without one is no export."""
        text = json.dumps(asdict(manifest), indent=1) + "\n"
        (self.folder / _MANIFEST).write_text(text, encoding="utf-8")

    def checked(self) -> Manifest:
        """The manifest, after a look at every file. Raises CannotDo for a folder that is not whole."""
        try:
            read = json.loads((self.folder / _MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise CannotDo(f"{self.folder} is no export: it has no {_MANIFEST}.") from None
        if read["format"] != FORMAT:
            raise CannotDo(f"{self.folder} is an export of another format: {read['format']}.")
        manifest = Manifest(**{**read, "files": tuple(File(**file) for file in read["files"])})
        for file in manifest.files:
            path = self.folder / file.path
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
                raise CannotDo(f"{path} is not what was exported.")
        return manifest


def _as_text(value: bytes) -> str:
    """Bytes as DynamoDB writes them in JSON."""
    return base64.b64encode(value).decode()


def _with_bytes(read: dict[str, Any]) -> dict[str, Any]:
    """A value that is bytes, as boto3 has it; a map with an attribute called B has a value there, and no text."""
    if read.keys() == {"B"} and isinstance(read["B"], str):
        return {"B": base64.b64decode(read["B"])}
    return read
