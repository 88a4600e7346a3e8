"""Fixtures on the real files, made once in a run of the tests whichever test asks first."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.specimens.naive import Outcome, work_out
from tests.specimens.stores import load_real


class Real(NamedTuple):
    """A store with all real files, and the account of their load."""

    folder: Path
    account: dict[str, Any]


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Real:
    """Load the 883 real files, or skip where they are not here. Not to be written to."""
    return Real(*load_real(shared, tmp_path_factory.mktemp("real") / "store"))


@pytest.fixture(scope="session")
def outcome(shared: Path) -> Outcome:
    """Work out what the real files hold a second time, or skip where they are not here."""
    return _work_out(shared / "data" / "gdelt2")


@cache
def _work_out(folder: Path) -> Outcome:
    """Do it once."""
    return work_out(folder)
