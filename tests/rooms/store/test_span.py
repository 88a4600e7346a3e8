"""Rows from a day on: a file that ends before it is neither checked nor read, where no row of it can matter."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.specimens.gdelt_rows import pack, write_row, write_slot

from comity.api import load_events
from comity.store import StoreDamaged, open_store

DAYS = ["20250514", "20250515", "20250516"]
LAST = date(2025, 5, 16)


def load_days(folder: Path, days: list[str], event_id: int | None = None) -> Path:
    """Load a file for each day, one after the other."""
    for day in days:
        row = write_row(event_id=int(day) if event_id is None else event_id, date=day, added=f"{day}120000")
        load_events([write_slot(folder, f"{day}120000", [row])], folder / "store")
    return folder / "store"


def list_days(store: Path, since: date | None) -> list[str]:
    con = open_store(store).take_snapshot().connect_rows(since)
    found = con.execute("select distinct date from rows order by 1").fetchall()
    con.close()
    return [f"{day:%Y%m%d}" for (day,) in found]


def change(store: Path, day: str) -> None:
    """Turn a bit around in the data file of a day."""
    (name,) = [file.name for file in open_store(store).take_snapshot()._files("events") if file.last == f"{day:.10}"]
    path = store / "events" / name
    data = path.read_bytes()
    path.write_bytes(data[:40] + bytes([data[40] ^ 1]) + data[41:])


@pytest.mark.parametrize("number", range(3))
def test_files_that_end_before_are_left_out_until_they_are_asked_for(number: int, tmp_path: Path) -> None:
    store, days = load_days(tmp_path, DAYS), [date(2025, 5, 14 + n) for n in range(3)]
    assert list_days(store, days[number]) == DAYS[number:]
    assert list_days(store, None) == DAYS
    snapshot = open_store(store).take_snapshot()
    con = snapshot.connect_rows(LAST)
    snapshot.extend_rows(con, days[number])
    assert con.execute("select count(*) from rows").fetchone() == (3 - number,)
    con.close()


def test_damage_is_noticed_before_a_value_of_that_file_is_used_and_not_for_others(tmp_path: Path) -> None:
    store = load_days(tmp_path, DAYS)
    change(store, "2025-05-14")
    snapshot = open_store(store).take_snapshot()
    con = snapshot.connect_rows(date(2025, 5, 15))
    assert con.execute("select count(*) from rows").fetchone() == (2,)
    with pytest.raises(StoreDamaged, match="has changed"):
        snapshot.extend_rows(con, date(2025, 5, 14))
    con.close()
    change(store, "2025-05-16")
    with pytest.raises(StoreDamaged, match="has changed"):
        snapshot.connect_rows(LAST)


def test_an_earlier_day_that_revises_a_later_one_is_read(tmp_path: Path) -> None:
    load_days(tmp_path, ["20250516"], event_id=7)
    row = write_row(event_id=7, date="20250514", added="20250516130000")  # the same event, dated anew
    load_events([write_slot(tmp_path, "20250516130000", [row])], tmp_path / "store")
    assert list_days(tmp_path / "store", None) == list_days(tmp_path / "store", LAST) == ["20250514"]


def test_a_store_with_a_file_that_stands_for_no_slot_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "mine.export.CSV.zip"
    path.write_bytes(pack(write_row(event_id=1, date="20250501", added="20250501120000")))
    load_events([path], tmp_path / "store")
    assert list_days(load_days(tmp_path, DAYS), LAST) == ["20250501", *DAYS]


def test_a_merged_file_is_read_while_its_last_day_is_asked_for(tmp_path: Path) -> None:
    store = load_days(tmp_path, DAYS)
    with open_store(store).write() as writer:
        writer.compact()
    assert list_days(store, LAST) == DAYS
    assert list_days(load_days(tmp_path, ["20250517"]), date(2025, 5, 17)) == ["20250517"]
