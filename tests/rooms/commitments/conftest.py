"""A register of each kind: a file of SQLite, and a database on a real PostgreSQL server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.specimens.registers import make_database, start_postgresql

from comity.commitments.register import Register, open_register

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Give the address of a PostgreSQL server of this run."""
    with start_postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a place where no register is yet, of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "register.db")
    return make_database(request.getfixturevalue("server"), f"register_{next(_NUMBERS)}")


@pytest.fixture
def register(place: str) -> Iterator[Register]:
    """Give an empty register of each kind."""
    with open_register(place, create=True) as opened:
        yield opened
