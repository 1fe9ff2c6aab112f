"""Zips that are the same byte for byte whenever their contents are."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST_TIME = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold
READABLE_BY_ALL = 0o100644 << 16
UNIX = 3


def pack(files: Mapping[str, bytes], archive: Path) -> None:
    """Zip files, given by their names: sorted, with one fixed time and one fixed permission."""
    with ZipFile(archive, "w", ZIP_DEFLATED) as target:
        for name, content in sorted(files.items()):
            entry = ZipInfo(name, EARLIEST_TIME)
            entry.external_attr, entry.create_system = READABLE_BY_ALL, UNIX
            target.writestr(entry, content, ZIP_DEFLATED)


def unpack(archive: Path) -> dict[str, bytes]:
    """The files of a zip, by their names."""
    with ZipFile(archive) as source:
        return {name: source.read(name) for name in source.namelist() if not name.endswith("/")}


def content_hash(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree_hash(paths: Iterable[Path], root: Path, also: str = "") -> str:
    """One hash over files, folders (without bytecode) and a word, names included.

    Every path lies below `root`; the order they are given in makes no difference.
    """
    digest = hashlib.sha256(also.encode())
    for path in sorted(set(_files(paths))):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_file():
            yield path
        else:
            yield from (
                each for each in path.rglob("*") if each.is_file() and "__pycache__" not in each.parts
            )
