"""What the mutants of a module are, and that one can be put in the place of what is loaded."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.mutants import mutants

SOURCE = '''"""A module."""

MOST = 5


def fits(wanted: int, most: int = MOST) -> bool:
    """Whether it does."""
    assert most, "no mutant"
    if wanted < 0:
        raise ValueError("no mutant 1")
    return wanted <= most and wanted is not None
'''


@pytest.fixture
def found(tmp_path: Path) -> list[tuple[str, str, str]]:
    path = tmp_path / "sample.py"
    path.write_text(SOURCE)
    return [(mutant.function, mutant.before, mutant.after) for mutant in mutants(path, "sample")]


def test_a_comparison_gets_another_edge_and_its_opposite(found: list[tuple[str, str, str]]) -> None:
    edges = {after for _, before, after in found if before == "wanted <= most"}
    assert edges == {"wanted < most", "wanted > most"}


def test_a_refusal_and_a_result_are_left_out(found: list[tuple[str, str, str]]) -> None:
    assert ("fits", "raise ValueError('no mutant 1')", "nothing") in found
    assert ("fits", "return wanted <= most and wanted is not None", "return None") in found


def test_a_constant_of_the_module_is_another(found: list[tuple[str, str, str]]) -> None:
    assert ("", "5", "6") in found


def test_what_is_said_to_people_or_types_stays_as_it_is(found: list[tuple[str, str, str]]) -> None:
    assert [mutant for mutant in found if "no mutant" in mutant[1] and "raise" not in mutant[1]] == []


def test_each_mutant_differs_from_the_code_in_one_place(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(SOURCE)
    texts = [ast.unparse(mutant.tree) for mutant in mutants(path, "sample")]
    plain = ast.unparse(ast.parse(SOURCE)).splitlines()
    for text in texts:
        changed = [line for line in zip(text.splitlines(), plain, strict=True) if line[0] != line[1]]
        assert len(changed) == 1
    assert len(set(texts)) == len(texts)


def test_a_planted_mutant_is_what_runs(tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(SOURCE)
    program = f"""
import sys; sys.path.insert(0, {str(tmp_path)!r})
import sample
from pathlib import Path
from tests.mutation.mutants import mutants
from tests.mutation.planting import plant
assert sample.fits(5)
plant(next(m for m in mutants(Path({str(tmp_path / "sample.py")!r}), "sample") if m.after == "wanted < most"))
assert not sample.fits(5)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
