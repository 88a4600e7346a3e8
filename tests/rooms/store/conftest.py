"""The real files, loaded once for all tests, and small stores to be broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.specimens.gdelt_rows import write_days, write_row, write_slot
from tests.specimens.real import outcome, real
from tests.specimens.stores import NOW

from comity.api import load_events

__all__ = ["kept", "outcome", "real", "small"]


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small store with rows in all three tables and two versions. Not to be written to."""
    folder = tmp_path_factory.mktemp("kept")
    paths = write_days(folder, ["20250514", "20250515"])
    paths.append(write_slot(folder, "20250515060000", [write_row(event_id=999, date="20240515"), b"short"]))
    load_events(paths[:2], folder / "store", now=NOW)
    load_events(paths, folder / "store", now=NOW)
    return folder / "store"


@pytest.fixture
def small(kept: Path, tmp_path: Path) -> Path:
    """Give a copy of the small store, to be broken."""
    return Path(shutil.copytree(kept, tmp_path / "store"))
