"""The page of faults names tests that exist, each number once, and a bench that can be run."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROW = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`((?:[a-z_]+/)+test_[a-z_]+\.py)::(test_[a-z0-9_]+)`")
BENCH = re.compile(r"`(bench/[a-z_]+\.py)`")
OUTER = ("journeys", "laws", "house")
NUMBERS = {*range(1, 41), 43, 46, 47, 48, *range(57, 62), 63, 64}


@pytest.fixture(scope="module")
def rows(repository: Path) -> dict[int, str]:
    """Give the rows of the table by their number."""
    text = (repository / "docs" / "methods" / "faults.md").read_text("utf-8").split("## Figures")[0]
    found = ROW.findall(text)
    assert len({number for number, _ in found}) == len(found)
    return {int(number): row for number, row in found}


@cache
def list_tests(path: Path) -> frozenset[str]:
    """Give the names of the tests in a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_fault_of_these_rooms_has_a_row(rows: dict[int, str]):
    assert set(rows) == NUMBERS


def test_every_row_names_tests_that_exist(rows: dict[int, str], repository: Path):
    for number, row in rows.items():
        named = NAMED.findall(row)
        assert named or "nothing to test" in row, f"row {number} names no test"
        for place, name in named:
            folder = repository / "tests" / ("" if place.startswith(OUTER) else "rooms")
            assert name in list_tests(folder / place), f"row {number}: {place}::{name}"
        for bench in BENCH.findall(row):
            assert (repository / bench).is_file(), f"row {number}: {bench}"
