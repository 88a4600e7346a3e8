"""Several processes at one store: writers take turns, readers see one whole state and never a mixture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.specimens.dying import load, start
from tests.specimens.gdelt_rows import write_days
from tests.specimens.stores import check_accounts, list_contents

from comity.api import load_events
from comity.store import StoreMissing, open_store

DAYS = ["20250512", "20250513", "20250514", "20250515"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_days(tmp_path_factory.mktemp("files"), DAYS, rows=50, slots=("0000", "0600", "1200", "1800"))


@pytest.fixture(scope="module")
def serial(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    store = tmp_path_factory.mktemp("serial") / "store"
    load_events(files, store)
    return list_contents(store)


@pytest.mark.parametrize("shared_out", ["halves", "overlap", "the same"])
def test_two_loads_at_once_leave_what_one_after_the_other_does(
    shared_out: str, files: list[Path], serial: dict[str, Any], tmp_path: Path
) -> None:
    parts = {"halves": (files[:8], files[8:]), "overlap": (files[:12], files[5:]), "the same": (files, files)}[
        shared_out
    ]
    # Batches of other sizes hold the same rows in other files, which the store could not take for the same.
    children = [start(load, tmp_path / "store", list(part), size) for size, part in zip((2, 3), parts, strict=True)]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    assert list_contents(tmp_path / "store", checked=True) == serial
    assert open_store(tmp_path / "store").verify() == []


def test_a_reader_during_a_load_sees_whole_states_one_after_the_other(tmp_path: Path) -> None:
    files = write_days(tmp_path / "files", [f"202505{day:02d}" for day in range(1, 31)], rows=50)
    load_events(files, tmp_path / "serial")
    serial = list_contents(tmp_path / "serial")
    child = start(load, tmp_path / "store", files, 1)
    seen: list[tuple[int, int]] = []
    held: list[tuple[Any, int]] = []
    while child.is_alive() or not seen:
        try:
            snapshot = open_store(tmp_path / "store").take_snapshot()
        except StoreMissing:
            continue
        con = snapshot.connect()
        rows, said, sets = con.execute(
            "select (select count(*) from rows), coalesce(sum(rows_kept), 0), count(*) from ledger"
        ).fetchone() or (0, 0, 0)
        con.close()
        assert rows == said
        seen.append((sets, rows))
        held.append((snapshot, rows))
    child.join()
    assert child.exitcode == 0
    assert seen == sorted(seen)
    assert len({files for files, _ in seen}) > 2
    for snapshot, rows in held[:: max(len(held) // 5, 1)]:
        assert snapshot.read_rows("events").num_rows == rows
    assert list_contents(tmp_path / "store") == serial
    check_accounts(tmp_path / "store")
