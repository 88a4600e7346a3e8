"""No state or organisation has a line of code to itself: codes and names stand in tables, never in a module."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # looks at text, which is the same on every Python

QUOTED_CODE = re.compile(r"""['"]([A-Z]{3}|IGO:[^'"]+)['"]""")


def read_column(path: Path, column: str) -> set[str]:
    """Give what a table says in one column."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row[column] for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def codes(package: Path) -> set[str]:
    """Give the id of every state and organisation, of today and of the past."""
    lexicon = package / "lexicon"
    return read_column(lexicon / "states.csv", "id") | read_column(lexicon / "igos.csv", "id")


@pytest.fixture(scope="module")
def names(package: Path) -> set[str]:
    """Give the English name of every state and organisation, of today and of the past."""
    lexicon = package / "lexicon"
    return read_column(lexicon / "states.csv", "name") | read_column(lexicon / "igos.csv", "name")


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


def find_actors(text: str, codes: set[str]) -> set[str]:
    """Give the ids that a string of the code is, or quotes (as a query would)."""
    return ({text} | set(QUOTED_CODE.findall(text))) & codes


def test_no_module_names_a_state_or_an_organisation(module: Path, codes: set[str], names: set[str]):
    strings = list(read_strings(ast.parse(module.read_text("utf-8"))))
    found = [(line, text) for line, text in strings if find_actors(text, codes) or text in names]
    assert found == []


@pytest.mark.parametrize("kind", ["state", "organisation"])
def test_the_check_sees_an_id_alone_and_an_id_in_a_query(kind: str, codes: set[str]):
    some = min(code for code in codes if code.startswith("IGO:") == (kind == "organisation"))
    tree = ast.parse(f'"""Docstring."""\nif sender == "{some}":\n    query = "where sender = \'{some}\'"\n')
    assert [line for line, text in read_strings(tree) if find_actors(text, codes)] == [2, 3]


def test_the_tables_of_states_and_organisations_are_the_worlds(codes: set[str]):
    organisations = {code for code in codes if code.startswith("IGO:")}
    assert len(codes - organisations) >= 193
    assert len(organisations) >= 40
