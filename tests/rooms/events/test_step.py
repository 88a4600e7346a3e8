"""Loading: each file counts once, each is on record, and no order of coming changes what is counted."""

from __future__ import annotations

import itertools
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.gdelt_rows import join, make_rows, pack, write_days, write_row, write_slot
from tests.specimens.stores import NOW, check_accounts, list_contents, list_versions

from comity.api import count_events, describe_store, load_events, read_ledger
from comity.api.view import View
from comity.events import step
from comity.sources import SourceError
from comity.store.disk import hash_file

SLOT = "20250515120000"


def read_entries(store: Path) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in read_ledger(store).to_pylist()}


def count(store: Path, **asked: Any) -> int:
    return int(count_events(view=View(store, level="reports"), **asked)["events"])


@pytest.fixture
def received(tmp_path: Path) -> Path:
    """Give a folder with the files of four slots."""
    write_days(tmp_path / "received", ["20250514", "20250515"])
    return tmp_path / "received"


def test_an_account_says_what_became_of_files_and_rows(received: Path, tmp_path: Path) -> None:
    (received / "notes.txt").write_text("not a file of events")
    account = load_events(received, tmp_path / "store")
    assert (account["files"], account["slots"], account["passed_over"]) == (4, {"loaded": 4}, ["notes.txt"])
    assert account["rows_read"] == 160
    aside, dropped = sum(account["set_aside"].values()), sum(account["dropped"].values())
    assert account["rows_kept"] + aside + dropped == 160
    assert dropped > 0
    check_accounts(tmp_path / "store")


# The same bytes


def test_the_same_files_twice_change_nothing(received: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    load_events(received, store)
    before = list_versions(store), list_contents(store)
    account = load_events(received, store)
    assert (account["rows_read"], account["rows_kept"], account["slots"]) == (0, 0, {"duplicate": 4})
    assert (list_versions(store), list_contents(store)) == before


def test_the_same_bytes_under_other_names_count_once_and_are_recorded_once(received: Path, tmp_path: Path) -> None:
    store, copies = tmp_path / "store", tmp_path / "copies"
    load_events(received, store)
    rows = list_contents(store)["rows"]
    shutil.copytree(received, copies)
    for path in sorted(copies.iterdir()):
        for number in range(3):
            shutil.copy(path, copies / f"copy-{number}-{path.name}")
        path.unlink()
    assert load_events(copies, store)["slots"] == {"duplicate": 12}
    assert list_contents(store)["rows"] == rows
    before = list_versions(store)
    for _ in range(2):
        load_events(copies, store)
        assert list_versions(store) == before


def test_the_same_bytes_twice_in_one_load_count_once(received: Path, tmp_path: Path) -> None:
    path = sorted(received.iterdir())[0]
    shutil.copy(path, received / "a-copy.zip")
    assert load_events(received, tmp_path / "store")["slots"] == {"duplicate": 1, "loaded": 4}
    check_accounts(tmp_path / "store")


def test_one_path_given_twice_is_one_file(received: Path, tmp_path: Path) -> None:
    path = sorted(received.iterdir())[0]
    assert load_events([path, path, received], tmp_path / "store")["files"] == 4


def test_an_account_of_duplicates_says_zero_rows(received: Path, tmp_path: Path) -> None:
    load_events(received, tmp_path / "store")
    account = load_events(received, tmp_path / "store")
    assert account["dropped"] == account["set_aside"] == {}


# Files that are refused


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (pack(join(make_rows(20, 1)))[:200], "truncated"),
        (pack(join(make_rows(20, 1))).replace(b"\x08\x00\x00", b"\x09\x00\x00"), "corrupt"),
        (b"<html>502 Bad Gateway</html>", "corrupt"),
        (pack(b"<html>502 Bad Gateway</html>"), "corrupt"),
        (pack(bytes(1 << 20)), "corrupt"),
        (pack(pack(join(make_rows(3, 1)))), "corrupt"),
    ],
)
def test_a_file_that_cannot_be_used_is_on_record_and_the_others_are_loaded(
    data: bytes, status: str, received: Path, tmp_path: Path
) -> None:
    name = "20250514060000.export.CSV.zip"
    (received / name).write_bytes(data)
    account = load_events(received, tmp_path / "store")
    assert account["slots"] == {"loaded": 4, status: 1}
    assert [(entry["name"], entry["status"]) for entry in account["refused"]] == [(name, status)]
    assert account["refused"][0]["detail"]
    entry = read_entries(tmp_path / "store")[name]
    assert (entry["status"], entry["bytes"]) == (status, len(data))
    assert entry["sha256"] and entry["detail"] and entry["slot"]
    check_accounts(tmp_path / "store")
    before = list_versions(tmp_path / "store")
    load_events(received, tmp_path / "store")
    assert list_versions(tmp_path / "store") == before


def test_an_empty_archive_is_empty_and_not_refused(received: Path, tmp_path: Path) -> None:
    (received / "20250516000000.export.CSV.zip").write_bytes(pack(b""))
    account = load_events(received, tmp_path / "store")
    assert account["slots"] == {"empty": 1, "loaded": 4}
    assert account["refused"] == []


def test_an_empty_file_is_empty_and_on_record(received: Path, tmp_path: Path) -> None:
    (received / "20250516000000.export.CSV.zip").write_bytes(b"")
    load_events(received, tmp_path / "store")
    assert read_entries(tmp_path / "store")["20250516000000.export.CSV.zip"]["status"] == "empty"


def test_a_file_refused_as_one_layout_counts_when_it_is_loaded_as_its_own(tmp_path: Path) -> None:
    path, store = tmp_path / "20130401.export.CSV", tmp_path / "store"
    path.write_bytes(join(make_rows(30, 1, columns=58, day="20130401")))
    other = write_slot(tmp_path, SLOT, make_rows(5, 2))
    assert load_events(path, store, "gdelt2")["slots"] == {"corrupt": 1}
    account = load_events([path, other], store, "gdelt")
    assert account["slots"] == {"loaded": 2}
    assert count(store) == account["rows_kept"] > 0
    assert read_entries(store)[path.name]["status"] == "loaded"
    check_accounts(store)
    before = list_versions(store)
    load_events([path, other], store, "gdelt")
    assert list_versions(store) == before


def test_a_file_that_was_cut_off_counts_when_it_comes_whole(tmp_path: Path) -> None:
    store, path = tmp_path / "store", write_slot(tmp_path, SLOT, make_rows(20, 1))
    whole = path.read_bytes()
    path.write_bytes(whole[:300])
    load_events(path, store)
    path.write_bytes(whole)
    assert load_events(path, store)["slots"] == {"loaded": 1}
    assert sorted(row["status"] for row in read_ledger(store).to_pylist()) == ["loaded", "truncated"]
    check_accounts(store)


# Two issues of one slot


def issue(folder: Path, kind: str, rows: list[bytes], stamp: tuple[int, ...] = (2025, 5, 15, 12, 0, 0)) -> Path:
    return write_slot(folder / kind, SLOT, rows, stamp)


ISSUES = {
    "a later stamp inside": ((make_rows(9, 1), (2025, 5, 15, 12, 0, 0)), (make_rows(5, 2), (2025, 5, 15, 13, 0, 0))),
    "more rows": ((make_rows(5, 1), (2025, 5, 15, 12, 0, 0)), (make_rows(9, 2), (2025, 5, 15, 12, 0, 0))),
}


@pytest.mark.parametrize("issues", ISSUES.values(), ids=list(ISSUES))
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("loads", ["one load", "two loads", "one file a batch"])
def test_one_issue_of_a_slot_counts_whichever_came_first(
    issues: Any, order: tuple[int, int], loads: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if loads == "one file a batch":
        monkeypatch.setattr(step, "BATCH_FILES", 1)
    # Files of one name are taken in the order of their folders.
    paths = [issue(tmp_path, f"{place}-{n}", *issues[n]) for place, n in enumerate(order)]
    for given in [[path] for path in paths] if loads == "two loads" else [paths]:
        load_events(given, tmp_path / "store")
    contents = list_contents(tmp_path / "store", checked=True)
    winner = hash_file(paths[order.index(1)])
    assert {entry[1]: entry[4] for entry in contents["files"]} == {
        winner: "loaded",
        hash_file(paths[order.index(0)]): "superseded",
    }
    assert {row[-1] for row in contents["rows"]} == {winner[:16]}


def test_of_two_issues_that_differ_in_nothing_else_the_larger_checksum_counts(tmp_path: Path) -> None:
    paths = [issue(tmp_path, kind, make_rows(7, seed)) for kind, seed in (("a", 1), ("b", 2))]
    for order in (paths, paths[::-1]):
        store = tmp_path / f"store-{order[0].parent.name}"
        for path in order:
            load_events(path, store)
    assert list_contents(tmp_path / "store-a") == list_contents(tmp_path / "store-b")


def test_three_issues_in_every_order_leave_the_same(tmp_path: Path) -> None:
    stamps = ((2025, 5, 15, 12, 0, 0), (2025, 5, 15, 13, 0, 0), (2025, 5, 15, 14, 0, 0))
    paths = [issue(tmp_path, str(n), make_rows(6, n), stamp) for n, stamp in enumerate(stamps)]
    found = []
    for place, order in enumerate(itertools.permutations(paths)):
        store = tmp_path / f"store{place}"
        for given in order if place % 2 else [[*order]]:
            load_events(given, store)
        found.append(list_contents(store))
        check_accounts(store)
    assert all(contents == found[0] for contents in found)
    assert len(found[0]["files"]) == 3


def test_the_old_issue_stays_on_record_and_the_change_is_told(tmp_path: Path) -> None:
    store, old = tmp_path / "store", issue(tmp_path, "old", make_rows(9, 1))
    load_events(old, store, now=NOW)
    new = issue(tmp_path, "new", make_rows(12, 1), (2025, 5, 16, 0, 0, 0))
    load_events(new, store, now=NOW + timedelta(days=1))
    entries = {row["status"]: row for row in read_ledger(store).to_pylist()}
    assert entries["superseded"]["detail"].startswith(f"replaced by {entries['loaded']['sha256'][:16]}: +3 rows read")
    assert entries["loaded"]["detail"].startswith(f"replaces {entries['superseded']['sha256'][:16]}")
    assert count(store) == entries["loaded"]["rows_kept"]
    assert count_events(view=View(store, as_of=NOW, level="reports"))["events"] == entries["superseded"]["rows_kept"]


def test_an_old_issue_loaded_again_does_not_come_back(tmp_path: Path) -> None:
    store, old = tmp_path / "store", issue(tmp_path, "old", make_rows(9, 1))
    new = issue(tmp_path, "new", make_rows(12, 1), (2025, 5, 16, 0, 0, 0))
    for path in (old, new):
        load_events(path, store)
    before = list_versions(store)
    assert load_events(old, store)["slots"] == {"duplicate": 1}
    assert list_versions(store) == before


def test_a_slot_packed_and_plain_counts_once(tmp_path: Path) -> None:
    rows = make_rows(8, 1)
    write_slot(tmp_path / "in", SLOT, rows)
    (tmp_path / "in" / f"{SLOT}.export.CSV").write_bytes(join(rows))
    load_events(tmp_path / "in", tmp_path / "store")
    load_events(write_slot(tmp_path, SLOT, rows), tmp_path / "alone")
    assert count(tmp_path / "store") == count(tmp_path / "alone") > 0


def test_the_stream_of_translated_reports_is_no_other_issue_of_the_english_one(tmp_path: Path) -> None:
    folder, store = tmp_path / "in", tmp_path / "store"
    write_slot(folder, SLOT, make_rows(8, 1))
    write_slot(folder, SLOT, make_rows(9, 2, first_id=100), part="translation.")
    account = load_events(folder, store)
    assert account["slots"] == {"loaded": 2}
    assert count(store) == account["rows_kept"]
    assert load_events(folder, store)["slots"] == {"duplicate": 2}
    assert describe_store(store)["slots"]["gdelt2"]["loaded"] == 1


# Late files and events that came twice


def test_a_file_that_comes_after_a_later_slot_is_late(received: Path, tmp_path: Path) -> None:
    first, *others = sorted(received.iterdir())
    load_events(others, tmp_path / "store")
    account = load_events(first, tmp_path / "store")
    assert account["slots"] == {"late": 1, "loaded": 1}
    late = {name: row["late"] for name, row in read_entries(tmp_path / "store").items()}
    assert late == {path.name: path == first for path in [first, *others]}
    load_events(received, tmp_path / "at once")
    assert list_contents(tmp_path / "store") == list_contents(tmp_path / "at once")


def test_files_of_one_load_are_not_late_in_any_order(received: Path, tmp_path: Path) -> None:
    account = load_events(sorted(received.iterdir(), reverse=True), tmp_path / "store")
    assert account["slots"] == {"loaded": 4}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_event_that_came_twice_counts_once_as_it_was_last(order: tuple[int, int], tmp_path: Path) -> None:
    paths = [
        write_slot(tmp_path, "20250515120000", [write_row(event_id=5, code="042"), write_row(event_id=6)]),
        write_slot(
            tmp_path,
            "20250515121500",
            [write_row(event_id=5, code="057", added="20250515121500"), write_row(event_id=7)],
        ),
    ]
    for n in order:
        load_events(paths[n], tmp_path / "store")
    rows = list_contents(tmp_path / "store")["rows"]
    assert sorted((row[1], row[5]) for row in rows) == [(5, "057"), (6, "042"), (7, "042")]


def test_numbers_before_and_after_the_reset_of_2015_are_different_events(tmp_path: Path) -> None:
    old = {"event_id": 5, "date": "20150217", "added": "20150217"}
    (tmp_path / "20150217.export.CSV").write_bytes(write_row(58, **old))
    new = write_slot(tmp_path, "20150219120000", [write_row(event_id=5, date="20150219", added="20150219120000")])
    load_events([tmp_path / "20150217.export.CSV", new], tmp_path / "store")
    assert count(tmp_path / "store") == 2


# Which files


def test_a_path_that_is_not_there_is_an_error_and_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        load_events(tmp_path / "absent", tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_folder_without_files_to_load_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.txt").write_text("x")
    with pytest.raises(SourceError, match="no file to load"):
        load_events(tmp_path / "in", tmp_path / "store")


def test_an_unknown_source_is_an_error_and_makes_no_store(received: Path, tmp_path: Path) -> None:
    (received / "cut.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(SourceError, match="'nobody'"):
        load_events(received, tmp_path / "store", "nobody")
    assert not (tmp_path / "store").exists()


def test_progress_is_told_file_by_file(received: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int, int]] = []
    load_events(received, tmp_path / "store", progress=lambda *said: told.append(said))
    assert told == [(1, 4, 40), (2, 4, 80), (3, 4, 120), (4, 4, 160)]


@pytest.mark.parametrize(("most", "batches"), [(1, 4), (2000, 2), (10**9, 1)])
def test_a_batch_is_bounded_by_bytes(
    most: int, batches: int, received: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = [path.stat().st_size for path in received.iterdir()]
    assert max(sizes) < 1000 and sum(sizes) > 2000
    monkeypatch.setattr(step, "BATCH_BYTES", most)
    load_events(received, tmp_path / "store")
    assert describe_store(tmp_path / "store")["tables"]["events"]["version"] == batches


@pytest.mark.parametrize(
    ("files", "sizes"),
    [(0, []), (1, [1]), (20, [20]), (22, [22]), (23, [12, 11]), (41, [21, 20]), (45, [15, 15, 15])],
)
def test_a_few_files_left_over_have_no_batch_of_their_own(
    files: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "BATCH_FILES", 20)
    paths = [Path(f"{number}.zip") for number in range(files)]
    batches = list(step._split_batches(paths))
    assert [len(batch) for batch in batches] == sizes
    assert [path for batch in batches for path in batch] == paths


def test_each_batch_is_entered_when_it_is_committed(
    received: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "BATCH_FILES", 1)
    begun = datetime.now(UTC)
    load_events(received, tmp_path / "store")
    times = [row["seen_at"] for row in sorted(read_ledger(tmp_path / "store").to_pylist(), key=lambda row: row["name"])]
    assert begun < times[0] < times[1] < times[2] < times[3] <= datetime.now(UTC)
    for n, time in enumerate(times):
        assert len(list_contents(tmp_path / "store", time)["files"]) == n + 1


def test_a_ledger_entry_has_size_checksum_slot_and_counts(received: Path, tmp_path: Path) -> None:
    path = sorted(received.iterdir())[0]
    load_events(path, tmp_path / "store", now=NOW)
    entry = read_entries(tmp_path / "store")[path.name]
    assert (entry["source"], entry["status"], entry["late"], entry["bytes"]) == (
        "gdelt2",
        "loaded",
        False,
        path.stat().st_size,
    )
    assert entry["slot"] == datetime(2025, 5, 14, tzinfo=UTC)
    assert entry["member_time"] == "2025-05-15T12:00:00"
    assert entry["seen_at"] == NOW
    counted = sum(json.loads(entry["dropped"]).values()) + sum(json.loads(entry["set_aside"]).values())
    assert entry["rows_read"] == entry["rows_kept"] + counted == 40
