"""A slot that the publisher issues again after it was loaded: noticed by the list, fetched, told, the old one kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.dying import DIED, die_at, start
from tests.specimens.gdelt_rows import join, make_rows, pack
from tests.specimens.publisher import LIST, Publisher, answer
from tests.specimens.stores import find_faults, list_contents
from tests.specimens.stream import BEGIN, HASTY, QUARTER, Clock, announce, make_files, name_slot, write_files

from comity.api import load_events, read_ledger
from comity.sources.receipts import Receipts
from comity.store import open_store
from comity.watch import WatchList
from comity.watch.ledger import read_held
from comity.watch.publisher import WebPublisher
from comity.watch.slots import count_slots
from comity.watch.step import Watch, take_round

SLOT = BEGIN + 2 * QUARTER
NAME = name_slot(SLOT)


@pytest.fixture
def server() -> Iterator[Publisher]:
    with Publisher() as server:
        yield server


def watch_server(server: Publisher, folder: Path, now: Any = BEGIN + 6 * QUARTER, **named: Any) -> Watch:
    source = WebPublisher(folder / "received", server.base, HASTY)
    return Watch(folder / "store", source, WatchList(), Clock(now), BEGIN, **named)


def issue_anew(rows: int, stamp: tuple[int, ...] = (2025, 5, 17, 0, 0, 0), seed: int = 5) -> bytes:
    """Give another issue of the slot, with other rows, made later."""
    return pack(join(make_rows(rows, seed, first_id=2000, day="20250516")), NAME.removesuffix(".zip"), stamp)


def list_issues(folder: Path) -> list[tuple[str, str]]:
    """Give status and detail of each issue of the slot, the last word on each."""
    rows = read_ledger(folder / "store").to_pylist()
    return sorted((row["status"], row["detail"]) for row in rows if row["name"] == NAME)


def publish_later(server: Publisher, files: dict[str, bytes], watch: Watch, count: int = 1) -> None:
    """Let time pass and one more slot come, so that there is something to fetch."""
    slots = round((watch.clock.read() - BEGIN) / QUARTER)
    watch.clock.sleep(count * QUARTER.total_seconds())
    later = list(make_files(slots + count).items())[slots:]
    announce(server, {**files, **dict(later)})


def test_a_slot_that_is_issued_anew_replaces_the_old_issue_which_stays_on_record(server: Publisher, tmp_path: Path):
    files = make_files(6)
    announce(server, files)
    touched: list[frozenset[date]] = []
    watch = watch_server(server, tmp_path, detector=lambda *given: touched.append(given[2]) or [])
    take_round(watch)
    old = open_store(tmp_path / "store").take_snapshot()
    before = list_contents(tmp_path / "store")
    files[NAME] = issue_anew(30)
    publish_later(server, files, watch)
    account = take_round(watch)
    assert [entry["name"] for entry in account["reissued"]] == [NAME]
    assert "replaces" in account["reissued"][0]["detail"] and "+27 rows read" in account["reissued"][0]["detail"]
    assert (account["loaded"], account["failed"], touched[-1]) == (1, 0, {date(2025, 5, 16)})
    (now, said), (then, replaced) = list_issues(tmp_path)
    assert (now, then) == ("loaded", "superseded")
    assert said.startswith("replaces") and replaced.startswith("replaced by")
    clean = load_clean(server, tmp_path)
    assert [clean["rows"], clean["aside"]] == [list_contents(tmp_path / "store")[what] for what in ("rows", "aside")]
    stored = open_store(tmp_path / "store").take_snapshot().read_rows("events")["file"].to_pylist()
    assert {row[-1] for row in before["rows"]} <= set(stored)
    assert old.read_rows("events").num_rows < len(stored)


def load_clean(server: Publisher, folder: Path) -> dict[str, Any]:
    """Give what a load of the publisher's present files holds."""
    files = {name: data for name, data in server.files.items() if name.endswith(".zip")}
    load_events(write_files(folder / "clean-files", files), folder / "clean")
    return list_contents(folder / "clean")


def test_a_list_that_shows_what_is_there_costs_no_request_for_a_file(server: Publisher, tmp_path: Path):
    files = make_files(6)
    announce(server, files)
    watch = watch_server(server, tmp_path)
    take_round(watch)
    asked = len(server.requests)
    publish_later(server, files, watch)
    assert take_round(watch)["reissued"] == []
    names = [request.name for request in server.requests[asked:]]
    assert names == ["lastupdate.txt", LIST, name_slot(BEGIN + 6 * QUARTER)]


def test_a_slot_of_weeks_ago_that_is_issued_anew_is_seen_within_a_day_even_if_nothing_new_comes(
    server: Publisher, tmp_path: Path
):
    files = make_files(6)
    announce(server, files)
    watch = watch_server(server, tmp_path)
    take_round(watch)
    watch.clock.sleep(timedelta(days=20).total_seconds())
    assert take_round(watch)["reissued"] == []
    files[NAME] = issue_anew(20)
    announce(server, files)
    watch.clock.sleep(3600)
    assert take_round(watch)["reissued"] == []  # recent slots are looked at with each list, all of them once a day
    watch.clock.sleep(timedelta(days=1).total_seconds())
    assert [entry["name"] for entry in take_round(watch)["reissued"]] == [NAME]


def test_a_file_loaded_by_hand_is_compared_by_its_size(server: Publisher, tmp_path: Path):
    files = make_files(6)
    announce(server, files)
    load_events(write_files(tmp_path / "hand", files), tmp_path / "store")
    server.publish({**files, NAME: issue_anew(20)})
    account = take_round(watch_server(server, tmp_path))
    assert ([entry["name"] for entry in account["reissued"]], account["failed"]) == ([NAME], 0)
    assert [request.name for request in server.requests] == ["lastupdate.txt", LIST, NAME]


def test_a_list_that_lies_about_loaded_files_changes_nothing_and_is_not_asked_for_all_of_them(
    server: Publisher, tmp_path: Path
):
    files = make_files(40)
    announce(server, files)
    watch = watch_server(server, tmp_path, BEGIN + 40 * QUARTER)
    take_round(watch)
    before, receipts = list_contents(tmp_path / "store"), Receipts.open(tmp_path / "received").known
    publish_later(server, files, watch)
    server.files[LIST] = server.files[LIST].replace(b"a", b"b")
    account = take_round(watch)
    assert (account["reissued"], 0 < account["failed"] <= 17) == ([], True)
    assert {entry["status"] for entry in account["refused"]} == {"checksum"}
    assert list_contents(tmp_path / "store") == before
    assert {name: Receipts.open(tmp_path / "received").known[name] for name in receipts} == receipts
    asked = len(server.requests)
    take_round(watch)
    assert not any(server.asked(name)[-1] in server.requests[asked:] for name in list(files)[-16:])


def test_a_new_issue_that_cannot_be_had_leaves_the_old_one_and_comes_later(server: Publisher, tmp_path: Path):
    files = make_files(6)
    announce(server, files)
    watch = watch_server(server, tmp_path)
    take_round(watch)
    before = list_contents(tmp_path / "store")["rows"]
    files[NAME] = issue_anew(20)
    publish_later(server, files, watch)
    server.fail(NAME, answer(404))
    account = take_round(watch)
    assert (account["missing"], account["failed"], account["reissued"]) == (0, 1, [])
    assert set(before) <= set(list_contents(tmp_path / "store")["rows"])
    publish_later(server, {name: data for name, data in server.files.items() if name.endswith(".zip")}, watch)
    assert [entry["name"] for entry in take_round(watch)["reissued"]] == [NAME]


def test_an_older_issue_does_not_replace_a_newer_and_is_told_once(server: Publisher, tmp_path: Path):
    files = make_files(6)
    announce(server, files)
    watch = watch_server(server, tmp_path)
    take_round(watch)
    before = list_contents(tmp_path / "store")["rows"]
    files[NAME] = issue_anew(20, (2024, 1, 1, 0, 0, 0))
    publish_later(server, files, watch, 2)
    found = take_round(watch)["reissued"]
    assert "another issue of the slot counts" in found[0]["detail"]
    assert set(before) <= set(list_contents(tmp_path / "store")["rows"])
    publish_later(server, {name: data for name, data in server.files.items() if name.endswith(".zip")}, watch)
    assert take_round(watch)["reissued"] == []


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which a watch has loaded five slots. Not to be written to."""
    folder = tmp_path_factory.mktemp("watched")
    with Publisher() as server:
        announce(server, make_files(5))
        take_round(watch_server(server, folder))
    return folder


def watch_and_die(base: str, folder: Path, last: int) -> None:
    """Take a round and end like a killed process at a counted step."""
    die_at(last)
    source = WebPublisher(folder / "received", base, HASTY)
    take_round(Watch(folder / "store", source, WatchList(), Clock(BEGIN + 6 * QUARTER), BEGIN))


@pytest.mark.parametrize("last", [1, 4, 9, 12])
def test_a_watch_that_dies_while_it_takes_a_new_issue_is_continued(
    last: int, watched: Path, server: Publisher, tmp_path: Path
):
    folder = shutil.copytree(watched, tmp_path / "watched")
    announce(server, {**make_files(6), NAME: issue_anew(20)})
    child = start(watch_and_die, server.base, folder, last)
    child.join()
    assert child.exitcode == DIED
    take_round(watch_server(server, folder))
    con = open_store(folder / "store").take_snapshot().connect()
    assert find_faults(con) == []
    con.close()
    assert [status for status, _ in list_issues(folder)] == ["loaded", "superseded"]
    assert list_contents(folder / "store")["rows"] == load_clean(server, folder)["rows"]


def test_a_slot_that_repeats_anothers_bytes_stays_unknown_and_is_not_asked_for_until_it_is_issued_anew(
    server: Publisher, tmp_path: Path
):
    files = make_files(6)
    true, files[NAME] = files[NAME], files[name_slot(BEGIN)]
    announce(server, files)
    watch = watch_server(server, tmp_path)
    take_round(watch)
    assert list_issues(tmp_path) == [("duplicate", None)]
    asked = len(server.asked(NAME))
    for _ in range(5):
        watch.clock.sleep(timedelta(days=2).total_seconds())
        take_round(watch)
    assert len(server.asked(NAME)) == asked == 1
    held = read_held(tmp_path / "store")
    assert (SLOT in held.filled, SLOT in held.repeated) == (False, True)
    assert count_slots(BEGIN, BEGIN + 5 * QUARTER, held).unknown == 1
    announce(server, files | {NAME: true})
    watch.clock.sleep(timedelta(days=2).total_seconds())
    account = take_round(watch)
    assert (account["failed"], len(server.asked(NAME))) == (0, asked + 1)
    held = read_held(tmp_path / "store")
    assert (SLOT in held.filled, SLOT in held.repeated) == (True, False)
    assert open_store(tmp_path / "store").verify() == []
