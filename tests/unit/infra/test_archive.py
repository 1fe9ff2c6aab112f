"""Zips and hashes that depend on contents alone."""

import os
from pathlib import Path

from infra.archive import pack, tree_hash


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_the_same_contents_are_the_same_bytes(tmp_path: Path) -> None:
    first = write(tmp_path / "first", {"app.py": "one", "kernel/ids.py": "two"})
    second = write(tmp_path / "second", {"kernel/ids.py": "two", "app.py": "one"})
    os.utime(second / "app.py", (0, 0))
    (second / "app.py").chmod(0o600)
    pack(first, tmp_path / "first.zip")
    pack(second, tmp_path / "second.zip")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_a_changed_byte_is_another_zip(tmp_path: Path) -> None:
    pack(write(tmp_path / "first", {"app.py": "one"}), tmp_path / "first.zip")
    pack(write(tmp_path / "second", {"app.py": "two"}), tmp_path / "second.zip")
    assert (tmp_path / "first.zip").read_bytes() != (tmp_path / "second.zip").read_bytes()


def test_a_hash_of_sources_sees_contents_and_names(tmp_path: Path) -> None:
    root = write(tmp_path, {"a/x.py": "1"})
    before = tree_hash([root / "a"], root)
    (root / "a/x.py").rename(root / "a/y.py")
    renamed = tree_hash([root / "a"], root)
    (root / "a/y.py").write_text("2")
    assert len({before, renamed, tree_hash([root / "a"], root)}) == 3


def test_a_hash_of_sources_does_not_see_bytecode(tmp_path: Path) -> None:
    root = write(tmp_path, {"a/x.py": "1"})
    before = tree_hash([root / "a"], root)
    write(root, {"a/__pycache__/x.cpython-313.pyc": "whatever"})
    assert tree_hash([root / "a"], root) == before


def test_a_hash_of_sources_does_not_see_the_order(tmp_path: Path) -> None:
    root = write(tmp_path, {"a/x.py": "1", "b.lock": "2"})
    assert tree_hash([root / "a", root / "b.lock"], root) == tree_hash([root / "b.lock", root / "a"], root)
