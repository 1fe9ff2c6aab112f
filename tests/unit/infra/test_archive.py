"""Zips and hashes that depend on contents alone."""

from pathlib import Path
from zipfile import ZipFile

from infra.packaging.archive import pack, tree_hash, unpack


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_the_same_contents_are_the_same_bytes(tmp_path: Path) -> None:
    pack({"app.py": b"one", "kernel/ids.py": b"two"}, tmp_path / "first.zip")
    pack({"kernel/ids.py": b"two", "app.py": b"one"}, tmp_path / "second.zip")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_a_changed_byte_is_another_zip(tmp_path: Path) -> None:
    pack({"app.py": b"one"}, tmp_path / "first.zip")
    pack({"app.py": b"two"}, tmp_path / "second.zip")
    assert (tmp_path / "first.zip").read_bytes() != (tmp_path / "second.zip").read_bytes()


def test_whoever_unpacks_may_read(tmp_path: Path) -> None:
    pack({"app.py": b"one"}, tmp_path / "some.zip")
    with ZipFile(tmp_path / "some.zip") as packed:
        [entry] = packed.infolist()
    assert entry.external_attr >> 16 == 0o100644


def test_what_was_packed_comes_out_again(tmp_path: Path) -> None:
    files = {"app.py": b"one", "kernel/ids.py": b"two"}
    pack(files, tmp_path / "some.zip")
    assert unpack(tmp_path / "some.zip") == files


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
