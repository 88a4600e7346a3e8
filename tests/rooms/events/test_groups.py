"""Events of a large store are grouped a span of days at a time, and are the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from tests.specimens.gdelt_rows import write_row, write_slot

from comity.api import load_events
from comity.events import groups
from comity.events.errors import EventError
from comity.events.scale import read_scale
from comity.events.view import connect_events
from comity.store import open_store
from comity.store.snapshot import hold_revisions


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store of six days with revised events."""
    place = tmp_path_factory.mktemp("groups")
    for day in range(10, 16):
        said = [{"code": code, "date": f"202505{day}", "url": f"https://a.example/{n % 3}"} for n in range(4)
                for code in ("042", "112", "1213")]  # fmt: skip
        rows = [write_row(event_id=100 * day + n, added=f"202505{day}120000", **row) for n, row in enumerate(said)]
        rows.append(write_row(event_id=7, added=f"202505{day}120000", date="20250509", articles=day))
        load_events(write_slot(place, f"202505{day}120000", rows), place / "store")
    return place / "store"


def read_all(folder: Path) -> list[tuple[object, ...]]:
    con = open_store(folder).take_snapshot().connect()
    assert hold_revisions(con)
    connect_events(con, read_scale(), "reports")
    connect_events(con, read_scale(), "articles")
    return con.execute("select * from events order by all").fetchall()


def test_events_of_a_large_store_are_those_of_a_small_one_and_leave_nothing_behind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = read_all(folder)
    monkeypatch.setattr(groups, "SPAN_ROWS", 20)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert read_all(folder) == small
    monkeypatch.setattr(groups, "MOST_HELD", 0)
    assert read_all(folder) == small
    assert len(small) == 6 * 3 + 1
    assert list(tmp_path.iterdir()) == []


def test_a_day_is_never_split_and_no_day_is_left_out() -> None:
    counts = [(date(2025, 5, day), day) for day in range(1, 21)]
    for most in (1, 7, 50, 1000):
        spans = groups.split_days(counts, most)
        held = [day for first, last in spans for day, _ in counts if first <= day <= last]
        assert held == [day for day, _ in counts]
    assert groups.split_days([], 5) == []


def test_a_folder_that_takes_no_events_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST_HELD", 0)

    def refuse(*_: object) -> str:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(groups, "_fill", refuse)
    with pytest.raises(EventError, match="No space left on device"):
        read_all(folder)


@pytest.mark.parametrize("since", [None, date(2025, 5, 12), date(2030, 1, 1)])
@pytest.mark.parametrize("pairs", [None, [], [("POL", "DEU")], [("FRA", "ESP"), ("DEU", "POL")]])
def test_events_of_some_pairs_and_days_are_those_of_all(
    pairs: list[tuple[str, str]] | None, since: date | None, tmp_path: Path
) -> None:
    ways = (("DEU", "POL"), ("POL", "DEU"), ("FRA", "ESP"), ("DEU", "FRA"))
    for day in range(10, 15):
        on = {"added": f"202505{day}120000", "date": f"202505{day}"}
        rows = [write_row(event_id=10 * day + n, country1=a, country2=b, **on) for n, (a, b) in enumerate(ways)]
        load_events(write_slot(tmp_path, f"202505{day}120000", rows), tmp_path / "store")
    con = open_store(tmp_path / "store").take_snapshot().connect()
    connect_events(con, read_scale())
    asked = None if pairs is None else {way for one in pairs for way in (one, one[::-1])}
    everything = con.execute("select * from events order by all").fetchall()
    wanted = [
        row for row in everything
        if (asked is None or row[1:3] in asked) and (since is None or row[0] >= since)
    ]  # fmt: skip
    connect_events(con, read_scale(), "gdelt:events", pairs, since)
    assert con.execute("select * from events order by all").fetchall() == wanted
    assert len(everything) == 4 * 5
