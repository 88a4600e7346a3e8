"""The files have the columns that the room says, and its examples run."""

from __future__ import annotations

import csv
import doctest
import importlib
from datetime import date
from pathlib import Path

import pytest

from comity.lexicon import tables

ROOM = Path(tables.__file__).parent
YEAR = 4


def read(name: str) -> list[dict[str, str]]:
    with (ROOM / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("states.csv", tables.STATES),
        ("igos.csv", tables.IGOS),
        ("regions.csv", tables.REGIONS),
        ("m49.csv", tables.M49),
        ("memberships.csv", tables.MEMBERSHIPS),
    ],
)
def test_a_file_has_the_columns_of_its_table(name: str, columns: tuple[tables.Column, ...]) -> None:
    rows = read(name)
    assert list(rows[0]) == [column.name for column in columns]
    assert all(None not in row and None not in row.values() for row in rows)
    assert all(value == value.strip() for row in rows for value in row.values())
    for column in columns:
        values = [row[column.name] for row in rows if row[column.name]]
        if column.type == "date":
            assert all(len(value) == YEAR or date.fromisoformat(value) for value in values)
        if column.type == "day":
            bare = [value.removeprefix("by ") for value in values]
            assert all(len(value) == YEAR or date.fromisoformat(value) for value in bare)
        if column.type == "list":
            assert all(part for value in values for part in value.split("|"))


@pytest.mark.parametrize("name", ["states.csv", "igos.csv", "regions.csv", "m49.csv", "memberships.csv"])
def test_a_file_is_utf8_with_unix_line_ends(name: str) -> None:
    data = (ROOM / name).read_bytes()
    assert b"\r" not in data and not data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8").endswith("\n")


@pytest.mark.parametrize(
    "module", ["", ".actors", ".errors", ".memberships", ".names", ".regions", ".spelling", ".tables"]
)
def test_the_examples_in_the_docstrings_run(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"comity.lexicon{module}"))
    assert result.failed == 0
