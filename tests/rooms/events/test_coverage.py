"""Which slots and days are there: a day of which nothing was loaded is missing, never calm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from tests.specimens.gdelt_rows import join, make_rows, pack, write_row, write_slot
from tests.specimens.real import Real

from comity.api import count_events, describe_store, load_events
from comity.api.view import View
from comity.events.coverage import DayCoverage, is_covered, list_days
from comity.events.errors import EventError


def read_days(folder: Path) -> list[DayCoverage]:
    with View(folder).open() as (con, _, _):
        return list_days(con)


def load(folder: Path, slots: Sequence[str]) -> Path:
    for slot in slots:
        write_slot(folder, slot, [write_row(event_id=int(slot), date=slot[:8], added=slot)])
    load_events(folder, folder / "store")
    return folder / "store"


def test_each_day_between_the_first_and_the_last_is_listed(tmp_path: Path) -> None:
    store = load(tmp_path, ["20250514234500", "20250517000000", "20250517001500"])
    assert read_days(store) == [
        DayCoverage(date(2025, 5, 14), 1, 96, 1),
        DayCoverage(date(2025, 5, 15), 0, 96, 0),
        DayCoverage(date(2025, 5, 16), 0, 96, 0),
        DayCoverage(date(2025, 5, 17), 2, 96, 1),
    ]
    assert [is_covered(day) for day in read_days(store)] == [True, False, False, True]


def test_slots_are_counted_between_the_first_and_the_last(tmp_path: Path) -> None:
    store = load(tmp_path, ["20250515000000", "20250515001500", "20250515010000"])
    assert describe_store(store)["slots"]["gdelt2"] == {
        "first": "2025-05-15T00:00:00+00:00",
        "last": "2025-05-15T01:00:00+00:00",
        "expected": 5,
        "loaded": 3,
        "missing": 2,
        "newest_gap": "2025-05-15T00:45:00+00:00",
    }


def test_without_a_gap_none_is_named(tmp_path: Path) -> None:
    slots = describe_store(load(tmp_path, ["20250515000000", "20250515001500"]))["slots"]["gdelt2"]
    assert (slots["missing"], slots["newest_gap"]) == (0, None)


def test_an_empty_file_fills_its_slot(tmp_path: Path) -> None:
    (tmp_path / "20250515000000.export.CSV.zip").write_bytes(pack(b""))
    store = load(tmp_path, ["20250515001500"])
    assert read_days(store)[0].slots_loaded == 2


def test_a_file_that_was_refused_fills_no_slot(tmp_path: Path) -> None:
    (tmp_path / "20250516000000.export.CSV.zip").write_bytes(pack(b"x")[:40])
    store = load(tmp_path, ["20250515000000"])
    assert [day.date for day in read_days(store)] == [date(2025, 5, 15)]


def test_two_issues_of_one_slot_fill_it_once(tmp_path: Path) -> None:
    (tmp_path / "20250515000000.export.CSV").write_bytes(join(make_rows(3, 1)))
    store = load(tmp_path, ["20250515000000"])
    assert read_days(store)[0].slots_loaded == 1


def test_a_table_of_ones_own_covers_the_days_that_it_has(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("date,sender,receiver,code\n2025-05-15,DEU,POL,042\n2025-05-17,DEU,POL,042\n")
    load_events(tmp_path / "own.csv", tmp_path / "store", "comity")
    days = read_days(tmp_path / "store")
    assert [(day.slots_loaded, day.events, is_covered(day)) for day in days] == [
        (None, 1, True),
        (0, 0, False),
        (None, 1, True),
    ]


@pytest.mark.parametrize(
    ("name", "first", "days"),
    [
        ("20130401.export.CSV", date(2013, 4, 1), 1),
        ("201302.csv", date(2013, 2, 1), 28),
        ("201202.csv", date(2012, 2, 1), 29),
        ("201212.csv", date(2012, 12, 1), 31),
        ("1983.csv", date(1983, 1, 1), 365),
    ],
)
def test_a_file_of_a_month_or_a_year_covers_each_of_its_days(name: str, first: date, days: int, tmp_path: Path) -> None:
    day = f"{first:%Y%m%d}"
    (tmp_path / name).write_bytes(write_row(57, date=day, added=day))
    load_events(tmp_path / name, tmp_path / "store")
    found = read_days(tmp_path / "store")
    assert (found[0].date, len(found)) == (first, days)
    assert all(day.slots_loaded == day.slots_expected == 1 for day in found)
    assert describe_store(tmp_path / "store")["slots"]["gdelt1"]["missing"] == 0


def test_events_dated_before_the_first_slot_are_no_covered_days(tmp_path: Path) -> None:
    write_slot(tmp_path, "20250515000000", [write_row(event_id=1, date="20250510"), write_row(event_id=2)])
    load_events(tmp_path, tmp_path / "store")
    assert [day.date for day in read_days(tmp_path / "store")] == [date(2025, 5, 15)]


def test_the_real_files_fill_883_slots_of_23_days(real: Real) -> None:
    days = read_days(real.folder)
    assert (days[0].date, days[-1].date, len(days)) == (date(2025, 5, 15), date(2025, 6, 6), 23)
    assert sum(day.slots_loaded or 0 for day in days) == 883
    assert all(day.slots_expected == 96 and is_covered(day) for day in days)
    slots = describe_store(real.folder)["slots"]["gdelt2"]
    assert slots["loaded"] + slots["missing"] == slots["expected"]
    assert slots["loaded"] == 883


def test_a_day_that_another_source_covers_is_missing_of_the_one_that_is_asked_for(tmp_path: Path) -> None:
    store = load(tmp_path, ["20250514234500", "20250516000000"])
    (tmp_path / "set.txt").write_text("900515\tFRAGOV\tDEU\t042\t(MAKE A VISIT)\n")
    load_events([tmp_path / "set.txt"], store, "keds")
    days = {}
    for level in ("gdelt2:events", "keds:events", "all:events"):
        with View(store, level=level).open() as (con, _, _):
            days[level] = [(day.date, day.events) for day in list_days(con) if is_covered(day)]
    gdelt, keds = [(date(2025, 5, 14), 1), (date(2025, 5, 16), 1)], [(date(1990, 5, 15), 1)]
    assert days == {"gdelt2:events": gdelt, "keds:events": keds, "all:events": [*keds, *gdelt]}


def test_a_source_of_which_no_row_is_kept_is_not_one_of_two(tmp_path: Path) -> None:
    store = load(tmp_path, ["20250514234500"])
    (tmp_path / "rebels.txt").write_text("900515\tFRAGOV\tDEUREB\t042\t(MAKE A VISIT)\n")
    load_events([tmp_path / "rebels.txt"], store, "keds")
    assert count_events(view=View(store))["events"] == 1
    (tmp_path / "states.txt").write_text("900515\tFRAGOV\tDEU\t042\t(MAKE A VISIT)\n")
    load_events([tmp_path / "states.txt"], store, "keds")
    with pytest.raises(EventError, match="2 sources: gdelt, keds"):
        count_events(view=View(store))
