"""A store is made, opened, refused, and read as it was."""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from tests.specimens.gdelt_rows import make_rows, write_days, write_row, write_slot
from tests.specimens.stores import NOW, check_accounts, list_contents, list_versions

from comity.api import count_events, describe_store, load_events, read_ledger
from comity.api.view import View
from comity.store import DiskRefused, StoreBusy, StoreDamaged, StoreError, StoreMissing, create_store, delta, open_store
from comity.store.lock import hold_lock
from comity.store.log import count_since_checkpoint
from comity.store.tables import TABLES, schema_of

DAY = timedelta(days=1)


def make_events(count: int, mark: str = "a") -> pa.Table:
    """Give kept rows of one file."""
    rows = [
        {
            "source": "gdelt2", "event_id": n, "date": NOW.date(), "sender": "DEU", "receiver": "POL", "code": "042",
            "reports": 1, "articles": 1, "url": "u", "file": mark * 16,
        }
        for n in range(count)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema_of("events"))


def make_entry(count: int, mark: str = "a", seen_at: datetime = NOW) -> dict[str, Any]:
    """Give the ledger entry of that file."""
    return {
        "name": f"{mark}.csv", "source": "gdelt2", "status": "loaded", "late": False, "sha256": mark * 64,
        "seen_at": seen_at.isoformat(), "rows_read": count, "rows_kept": count, "dropped": "{}", "set_aside": "{}",
    }  # fmt: skip


def commit(folder: Path, count: int, mark: str = "a", seen_at: datetime = NOW) -> int:
    aside = schema_of("set_aside").empty_table().drop_columns(["batch"])
    with create_store(folder).write() as writer:
        return writer.commit(make_events(count, mark), aside, [make_entry(count, mark, seen_at)])


def count(folder: Path, as_of: datetime | None = None) -> int:
    con = open_store(folder).take_snapshot(as_of).connect()
    try:
        return int((con.execute("select count(*) from rows").fetchone() or (0,))[0])
    finally:
        con.close()


# Making and opening


def test_a_new_store_holds_three_empty_tables(tmp_path: Path) -> None:
    create_store(tmp_path / "a" / "b" / "store")
    snapshot = open_store(tmp_path / "a" / "b" / "store").take_snapshot()
    for table in TABLES:
        assert snapshot.read_rows(table).equals(schema_of(table).empty_table())
    assert not snapshot.embedded


def test_a_store_that_is_there_is_opened_and_not_made_anew(kept: Path) -> None:
    before = list_versions(kept)
    assert create_store(kept).folder == kept
    assert list_versions(kept) == before


def test_a_folder_without_a_store_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(StoreMissing) as caught:
            open_store(folder)
        assert caught.value.where == str(folder)
        assert "comity sources load" in caught.value.todo


def test_without_a_folder_the_sample_of_the_package_is_opened() -> None:
    store = open_store()
    assert store.embedded
    assert store.take_snapshot().embedded
    assert store.verify() == []
    assert describe_store()["store"] == "embedded sample"


@pytest.mark.parametrize("name", ["thesis.docx", "notes", "events.csv"])
def test_a_folder_with_other_things_is_refused_and_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(StoreError, match=name):
        create_store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_empty_folder_and_one_with_hidden_files_are_taken(tmp_path: Path) -> None:
    (tmp_path / ".gitkeep").write_text("")
    assert create_store(tmp_path).verify() == []


def test_a_store_whose_making_was_cut_off_is_finished(tmp_path: Path) -> None:
    create_store(tmp_path / "store")
    (tmp_path / "store" / "store.json").unlink()
    with pytest.raises(StoreMissing):
        open_store(tmp_path / "store")
    assert commit(tmp_path / "store", 3) == 1
    assert count(tmp_path / "store") == 3


@pytest.mark.parametrize("note", [{"format": 2}, {"format": "1"}, {"format": None}, {}, [], "1", 1])
def test_a_store_of_another_format_is_refused(note: object, small: Path) -> None:
    (small / "store.json").write_text(json.dumps(note))
    with pytest.raises(StoreError, match="format"):
        open_store(small)
    with pytest.raises(StoreError, match="format"):
        load_events(write_slot(small.parent, "20250516000000", [write_row()]), small)


@pytest.mark.parametrize("note", [b"", b"{", b"\xff\xfe", b"\0" * 40, b"{'format': 1}"])
def test_a_note_that_cannot_be_read_is_damage(note: bytes, small: Path) -> None:
    (small / "store.json").write_bytes(note)
    with pytest.raises(StoreDamaged) as caught:
        open_store(small)
    assert caught.value.where.endswith("store.json")


@pytest.mark.parametrize("table", list(TABLES))
def test_a_table_that_is_gone_is_damage(table: str, small: Path) -> None:
    (small / table).rename(small.parent / "gone")
    with pytest.raises(StoreDamaged, match="log of a table"):
        describe_store(small)


NAMES = [
    "with space",
    "br[1]acket",
    "st*ar",
    "que?stion",
    "ha#sh",
    "\u00fcn\u00ef",
    "quo'te",
    'dou"ble',
    "a&b",
    "$(x)",
    "~",
    "{a,b}",
]


@pytest.mark.parametrize("name", [*NAMES, "date=1999-01-01", "sender=XXX", "file=x", "batch=1", "year=2025/month=5"])
def test_the_name_of_a_folder_is_only_a_name(name: str, tmp_path: Path) -> None:
    commit(tmp_path / name, 2)
    found = list_contents(tmp_path / name)["rows"]
    assert [(row[1], row[2], row[3], row[-1]) for row in found] == [(n, NOW.date(), "DEU", "a" * 16) for n in (0, 1)]
    assert open_store(tmp_path / name).verify() == []
    assert open_store(tmp_path / name).take_snapshot().read_rows("ledger")["name"].to_pylist() == ["a.csv"]


def test_a_folder_whose_name_is_a_pattern_does_not_read_its_neighbours(tmp_path: Path) -> None:
    for name in ("s*", "s1", "s2", "s[12]", "s?"):
        commit(tmp_path / name, 2)
    for name in ("s*", "s[12]", "s?"):
        assert count(tmp_path / name) == 2


@pytest.mark.parametrize("name", ["per%20cent", "100%", "back\\slash", "new\nline", "bell\a", "\udcff"])
def test_a_folder_that_the_tables_cannot_have_is_refused_in_words(name: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="character") as caught:
        create_store(tmp_path / name)
    assert caught.value.todo
    assert list(tmp_path.iterdir()) == []


def test_a_store_may_be_moved(small: Path, tmp_path: Path) -> None:
    before = list_contents(small)
    small.rename(tmp_path / "moved")
    assert list_contents(tmp_path / "moved") == before
    assert open_store(tmp_path / "moved").verify() == []


def test_a_relative_folder_is_that_of_the_working_directory(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = list_contents(small)
    monkeypatch.chdir(small.parent)
    assert list_contents(Path("store")) == expected


# Commits, and the store as it was


def test_a_commit_gives_the_version_that_holds_its_rows(tmp_path: Path) -> None:
    assert [commit(tmp_path / "s", n, mark) for n, mark in ((2, "a"), (3, "b"))] == [1, 2]
    assert count(tmp_path / "s") == 5
    assert read_ledger(tmp_path / "s")["events_version"].to_pylist() == [1, 2]


def test_a_snapshot_stands_still(tmp_path: Path) -> None:
    commit(tmp_path / "s", 2)
    snapshot = open_store(tmp_path / "s").take_snapshot()
    name, con = snapshot.id, snapshot.connect()
    commit(tmp_path / "s", 3, "b")
    assert con.execute("select count(*) from rows").fetchone() == (2,)
    con.close()
    assert (snapshot.id, snapshot.read_rows("events").num_rows) == (name, 2)
    assert open_store(tmp_path / "s").take_snapshot().id != name


def test_a_connection_prints_nothing_beside_what_is_asked(tmp_path: Path) -> None:
    commit(tmp_path / "s", 2)
    con = open_store(tmp_path / "s").take_snapshot().connect()
    assert con.execute("select current_setting('enable_progress_bar')").fetchone() == (False,)
    con.close()


def test_the_same_contents_have_the_same_name(tmp_path: Path) -> None:
    for name in ("s", "t"):
        commit(tmp_path / name, 2)
    one, other = (open_store(tmp_path / name).take_snapshot().id for name in ("s", "t"))
    assert one == other


def test_the_store_is_read_as_it_was(tmp_path: Path) -> None:
    store, paths = (
        tmp_path / "store",
        write_days(tmp_path / "in", ["20250513", "20250514", "20250515"], slots=("0000",)),
    )
    seen = []
    for n, path in enumerate(paths):
        load_events(path, store, now=NOW + n * DAY)
        seen.append((list_contents(store), count_events(view=View(store)), describe_store(store)))
    for n, (contents, counts, said) in enumerate(seen):
        for time_ in (NOW + n * DAY, NOW + n * DAY + timedelta(hours=11)):
            assert list_contents(store, time_) == contents
            assert count_events(view=View(store, as_of=time_)) == counts
            found = describe_store(store, time_.isoformat())
            assert {**found, "tables": 0} == {**said, "tables": 0}
    assert list_contents(store, NOW - DAY) == {"rows": [], "files": [], "aside": []}
    assert describe_store(store, (NOW - DAY).isoformat())["newest_entry"] is None


def test_rows_set_aside_later_are_not_seen_before(tmp_path: Path) -> None:
    paths = [write_slot(tmp_path, f"2025051{n}000000", [write_row(event_id=n, date="1800")]) for n in (4, 5)]
    for n, path in enumerate(paths):
        load_events(path, tmp_path / "s", now=NOW + n * DAY)
    assert [len(list_contents(tmp_path / "s", NOW + n * DAY)["aside"]) for n in (0, 1)] == [1, 2]


def test_a_day_means_its_end_and_a_time_without_zone_is_utc(tmp_path: Path) -> None:
    commit(tmp_path / "s", 2, seen_at=datetime(2025, 6, 7, 23, 59, tzinfo=UTC))
    asked = {
        "2025-06-06": 0,
        "2025-06-07": 2,
        "2025-06-07T23:58": 0,
        "2025-06-07T23:59": 2,
        "2025-06-08T01:30+02:00": 0,
    }
    for as_of, rows in asked.items():
        assert count_events(view=View(tmp_path / "s", as_of=as_of, level="reports"))["events"] == rows


def test_a_clock_that_was_put_back_hides_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    old = write_slot(tmp_path / "old", "20250515120000", make_rows(9, 1))
    new = write_slot(tmp_path / "new", "20250515120000", make_rows(12, 1), (2025, 5, 16, 0, 0, 0))
    load_events(old, tmp_path / "s", now=NOW)
    load_events(new, tmp_path / "s", now=NOW - DAY)
    load_events(new, tmp_path / "alone")
    assert list_contents(tmp_path / "s")["rows"] == list_contents(tmp_path / "alone")["rows"]
    check_accounts(tmp_path / "s")


def test_with_a_clock_that_was_put_back_a_time_shows_what_was_entered_by_then(tmp_path: Path) -> None:
    commit(tmp_path / "s", 2, "a", NOW)
    commit(tmp_path / "s", 3, "b", NOW - DAY)
    assert count(tmp_path / "s", NOW - DAY) == 3
    assert count(tmp_path / "s", NOW) == 5


@pytest.mark.parametrize("kept_by", ["table and writer", "writer alone"])
def test_a_store_of_many_loads_and_many_weeks_stays_readable(
    kept_by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Delta Lake would clear its log away with a checkpoint, which is made every twenty commits; here every five.
    monkeypatch.setattr(delta, "KEEP_LOG", delta.KEEP_LOG if kept_by == "table and writer" else {})
    monkeypatch.setattr(delta, "MOST_ENTRIES", 5)
    store, marks = tmp_path / "s", "0123456789abcdef"
    for mark in marks[:8]:
        commit(store, 1, mark, NOW)
    for log in store.rglob("_delta_log/*"):
        os.utime(log, (time.time() - 100 * 86_400,) * 2)
    for mark in marks[8:]:
        commit(store, 1, mark, NOW + DAY)
    assert (store / "events" / "_delta_log" / f"{14:020d}.checkpoint.parquet").exists()
    assert open_store(store).verify() == []
    assert (count(store), count(store, NOW)) == (16, 8)
    assert (store / "events" / "_delta_log" / f"{1:020d}.json").exists()


def test_a_log_is_summed_up_before_a_reader_needs_many_of_its_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delta, "MOST_ENTRIES", 4)
    longest = 0
    for number in range(11):
        commit(tmp_path / "s", 1, f"{number:x}", NOW)
        longest = max(longest, count_since_checkpoint(tmp_path / "s" / "events"))
    assert longest == 4
    assert count(tmp_path / "s") == 11
    assert open_store(tmp_path / "s").verify() == []


def test_a_disk_that_refuses_a_checkpoint_costs_no_more_than_the_commit_that_it_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(table: DeltaTable) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(delta, "MOST_ENTRIES", 3)
    commit(tmp_path / "s", 1, "a", NOW)
    commit(tmp_path / "s", 1, "b", NOW)
    with monkeypatch.context() as full, pytest.raises(DiskRefused):
        full.setattr(DeltaTable, "create_checkpoint", refuse)
        commit(tmp_path / "s", 1, "c", NOW)
    assert (count(tmp_path / "s"), open_store(tmp_path / "s").verify()) == (2, [])
    commit(tmp_path / "s", 1, "c", NOW)
    assert count(tmp_path / "s") == 3


def test_a_checkpoint_whose_writer_died_before_its_checksum_gets_it_from_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def die(table: Path) -> None:
        raise Died

    monkeypatch.setattr(delta, "MOST_ENTRIES", 3)
    commit(tmp_path / "s", 1, "a", NOW)
    commit(tmp_path / "s", 1, "b", NOW)
    with open_store(tmp_path / "s").write() as writer, monkeypatch.context() as killed, pytest.raises(Died):
        killed.setattr(delta, "record_sums", die)
        writer.commit(make_events(1, "c"), schema_of("set_aside").empty_table(), [])
    made = next((tmp_path / "s" / "events" / "_delta_log").glob("*.checkpoint.parquet"))
    assert made.name not in (tmp_path / "s" / "sums" / "events.txt").read_text("utf-8")
    assert count(tmp_path / "s") == 2
    commit(tmp_path / "s", 1, "c", NOW)
    assert made.name in (tmp_path / "s" / "sums" / "events.txt").read_text("utf-8")
    assert (count(tmp_path / "s"), open_store(tmp_path / "s").verify()) == (3, [])


# One writer at a time


def test_a_second_writer_waits_or_says_who_holds_the_store(kept: Path, small: Path) -> None:
    with open_store(small).write(), pytest.raises(StoreBusy) as caught, open_store(small).write(wait=0.1):
        pass
    assert str(os.getpid()) in caught.value.what
    assert caught.value.where == str(small)


@pytest.mark.parametrize("holder", [b"1", b"%d" % os.getppid(), b"99999999", b"nobody", b""])
def test_a_lock_that_nobody_holds_is_taken_whoever_it_names(holder: bytes, small: Path) -> None:
    (small / ".lock").write_bytes(holder)  # the number of a process that is dead, or was given to another since
    with open_store(small).write(wait=0):
        assert (small / ".lock").read_text().strip() == str(os.getpid())


def test_a_writer_that_waits_says_so_once_and_gets_its_turn(small: Path) -> None:
    told: list[str] = []
    first = hold_lock(small / ".lock", 0)
    first.__enter__()
    threading.Timer(0.4, first.__exit__, (None, None, None)).start()
    with open_store(small).write(wait=30, say=told.append):
        pass
    assert len(told) == 1
    assert str(os.getpid()) in told[0]


def test_a_reader_needs_no_lock(small: Path) -> None:
    with open_store(small).write():
        assert list_contents(small)["rows"]
        assert open_store(small).verify() == []
