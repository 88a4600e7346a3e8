"""No state or organisation has a line of code to itself: codes and names stand in tables, never in a module."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

QUOTED_CODE = re.compile(r"""['"]([A-Z]{3})['"]""")
ORGANISATION = re.compile(r"\bIGO:[A-Z][A-Z-]+")


@pytest.fixture(scope="module")
def codes(package: Path) -> set[str]:
    """Give the three-letter code of every state, of today and of the past."""
    with (package / "lexicon" / "states.csv").open(encoding="utf-8", newline="") as lines:
        return {row["id"] for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def names(package: Path) -> set[str]:
    """Give the English name of every state, of today and of the past."""
    with (package / "lexicon" / "states.csv").open(encoding="utf-8", newline="") as lines:
        return {row["name"] for row in csv.DictReader(lines)}


def read_strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string in the code, without the docstrings."""
    bearers = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, bearers) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def find_states(text: str, codes: set[str]) -> set[str]:
    """Give the state codes that a string of the code is, or quotes (as a query would)."""
    return ({text} | set(QUOTED_CODE.findall(text))) & codes


def test_no_module_names_a_state(module: Path, codes: set[str], names: set[str]):
    strings = list(read_strings(ast.parse(module.read_text("utf-8"))))
    found = [(line, text) for line, text in strings if find_states(text, codes) or text in names]
    assert found == []


def test_no_module_names_an_organisation(module: Path):
    strings = read_strings(ast.parse(module.read_text("utf-8")))
    assert [(line, text) for line, text in strings if ORGANISATION.search(text)] == []


def test_the_check_sees_a_code_alone_and_a_code_in_a_query(codes: set[str]):
    some = sorted(codes)[0]
    tree = ast.parse(f'"""Docstring."""\nif sender == "{some}":\n    query = "where sender = \'{some}\'"\n')
    assert [line for line, text in read_strings(tree) if find_states(text, codes)] == [2, 3]


def test_the_table_of_states_is_the_worlds(codes: set[str]):
    assert len(codes) >= 193
