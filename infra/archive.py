"""Zips that are the same byte for byte whenever their contents are."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST_TIME = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold
READABLE_BY_ALL = 0o100644 << 16
UNIX = 3


def pack(folder: Path, archive: Path) -> None:
    """Zip everything under a folder: sorted names, one fixed time, one fixed permission."""
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=6) as target:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = ZipInfo(path.relative_to(folder).as_posix(), EARLIEST_TIME)
            entry.external_attr, entry.create_system = READABLE_BY_ALL, UNIX
            target.writestr(entry, path.read_bytes(), ZIP_DEFLATED)


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
