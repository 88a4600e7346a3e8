"""Rounds of a watch: what the ledger lacks comes in, faults and deaths cost nothing, and what is told is told once."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.dying import DIED, start
from tests.specimens.publisher import LIST, Publisher, answer, hang_up, send_other
from tests.specimens.stores import list_contents
from tests.specimens.stream import (
    BEGIN,
    HASTY,
    QUARTER,
    Clock,
    announce,
    disturb,
    make_files,
    name_slot,
    write_files,
)

from comity.api import load_events
from comity.delivery import Message, Outbox, Pace, SinkSpec
from comity.sources.receipts import find_fault, measure_file
from comity.store import StoreBusy, open_store
from comity.watch import Alert, Rule, WatchError, WatchList
from comity.watch.publisher import Replay, WebPublisher
from comity.watch.step import Watch, describe_watch, find_folder, read_held, run_watch, take_round


def make_rules(folder: Path) -> WatchList:
    sinks = {"log": (SinkSpec("jsonl", {"path": "log.jsonl"}, folder), Pace())}
    rule = Rule("a", "a", frozenset({("DEU", "POL")}), rate=1.0)
    return WatchList("", {"a": rule}, sinks)


def read_log(folder: Path) -> list[str]:
    path = folder / "log.jsonl"
    return [json.loads(line)["key"] for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def server() -> Iterator[Publisher]:
    with Publisher() as server:
        yield server


def watch_server(server: Publisher, folder: Path, now: Any = BEGIN + 8 * QUARTER, **named: Any) -> Watch:
    source = WebPublisher(folder / "received", server.base, replace(HASTY, now=now))
    given = {"rules": make_rules(folder), "clock": Clock(now), "since": BEGIN, **named}
    return Watch(folder / "store", source, **given)


def load_clean(files: dict[str, bytes], folder: Path) -> dict[str, Any]:
    load_events(write_files(folder / "clean-files", files), folder / "clean")
    return list_contents(folder / "clean")


def test_a_round_loads_what_the_ledger_lacks_and_the_next_has_nothing_to_do(server: Publisher, tmp_path: Path):
    files = make_files(8)
    announce(server, files)
    watch = watch_server(server, tmp_path)
    account = take_round(watch)
    assert (account["loaded"], account["missing"], account["failed"], account["more"]) == (8, 0, 0, False)
    assert list_contents(tmp_path / "store") == load_clean(files, tmp_path)
    asked = len(server.requests)
    assert take_round(watch)["loaded"] == 0
    assert [request.name for request in server.requests[asked:]] == ["lastupdate.txt"]


def test_files_that_are_not_announced_yet_are_not_called_missing(server: Publisher, tmp_path: Path):
    files = make_files(8)
    announce(server, {name: files[name] for name in list(files)[:5]})
    account = take_round(watch_server(server, tmp_path))
    assert (account["loaded"], account["missing"]) == (5, 0)
    assert read_held(tmp_path / "store").missing == frozenset()


FAR_AHEAD = b"9 0123456789abcdef0123456789abcdef http://x/20990101000000.export.CSV.zip\n"


@pytest.mark.parametrize("said", [b"", b"<html>stand by</html>", b"1 2 3\n", None, FAR_AHEAD])
def test_without_an_announcement_the_list_and_the_files_count(said: bytes | None, server: Publisher, tmp_path: Path):
    files = make_files(5)
    announce(server, files)
    server.files.pop("lastupdate.txt")
    if said is not None:
        server.files["lastupdate.txt"] = said
    account = take_round(watch_server(server, tmp_path))
    assert (account["announced"], account["loaded"], account["missing"]) == (None, 5, 0)
    assert list_contents(tmp_path / "store") == load_clean(files, tmp_path)


def test_a_gap_is_recorded_and_filled_when_the_publisher_has_it(server: Publisher, tmp_path: Path):
    files = make_files(8)
    late = name_slot(BEGIN + 3 * QUARTER)
    announce(server, {name: data for name, data in files.items() if name != late})
    watch = watch_server(server, tmp_path)
    assert take_round(watch)["missing"] == 1
    assert read_held(tmp_path / "store").missing == {BEGIN + 3 * QUARTER}
    assert take_round(watch)["missing"] == 0  # not asked for again at once
    announce(server, files)
    watch.clock.sleep(3600)
    assert take_round(watch)["loaded"] == 1
    assert list_contents(tmp_path / "store") == load_clean(files, tmp_path)


def test_files_loaded_by_hand_are_not_fetched(server: Publisher, tmp_path: Path):
    files = make_files(6)
    announce(server, files)
    load_events(write_files(tmp_path / "hand", dict(list(files.items())[:4])), tmp_path / "store")
    assert take_round(watch_server(server, tmp_path))["loaded"] == 2
    assert not server.asked(name_slot(BEGIN))


def test_a_file_that_nobody_vouches_for_waits_for_its_line(server: Publisher, tmp_path: Path):
    files = make_files(4)
    name = list(files)[1]
    announce(server, files)
    whole = server.files[LIST]
    server.files[LIST] = b"".join(line for line in whole.splitlines(keepends=True) if name.encode() not in line)
    server.fail(name, send_other(files[name] + b"trailing"))
    watch = watch_server(server, tmp_path)
    assert take_round(watch)["loaded"] == 3
    server.files[LIST] = whole
    watch.clock.sleep(3600)
    assert take_round(watch)["loaded"] == 1
    assert list_contents(tmp_path / "store") == load_clean(files, tmp_path)


def test_a_file_that_is_never_listed_is_loaded_after_some_hours_if_it_is_whole(server: Publisher, tmp_path: Path):
    files = make_files(4)
    name = list(files)[1]
    announce(server, files)
    lines = server.files[LIST].splitlines(keepends=True)
    server.files[LIST] = b"".join(line for line in lines if name.encode() not in line)
    watch = watch_server(server, tmp_path)
    assert take_round(watch)["loaded"] == 3
    watch.clock.sleep(6 * 3600)
    assert take_round(watch)["loaded"] == 1


def test_a_publisher_that_cannot_be_reached_is_tried_again_sooner(server: Publisher, tmp_path: Path):
    files = make_files(4)
    announce(server, files)
    server.fail("lastupdate.txt", *[hang_up()] * 4)
    watch = watch_server(server, tmp_path)
    begun, accounts = watch.clock.read(), []
    run_watch(watch, until=begun + timedelta(seconds=60), say=accounts.append)
    assert [bool(account["unreachable"]) for account in accounts] == [True, True, False]
    assert watch.clock.read() - begun == timedelta(seconds=90)


def test_faults_in_a_fifth_of_all_deliveries_change_nothing_in_the_end(server: Publisher, tmp_path: Path):
    files = make_files(30)
    announce(server, files)
    disturb(server, random.Random(5), 0.3)
    watch = watch_server(server, tmp_path, BEGIN + 30 * QUARTER)
    rounds, handles = 0, []
    while len(read_held(tmp_path / "store").filled) < 30 and rounds < 60:
        take_round(watch)
        watch.clock.sleep(3600)
        rounds += 1
        handles.append(len(list(Path("/proc/self/fd").iterdir())))
    assert list_contents(tmp_path / "store", checked=True) == load_clean(files, tmp_path)
    assert open_store(tmp_path / "store").verify() == []
    assert 1 < rounds < 60
    assert handles[-1] <= handles[0] + 2
    assert list((tmp_path / "received").glob(".*.part")) == []


def test_an_error_page_is_never_loaded(server: Publisher, tmp_path: Path):
    files = make_files(3)
    announce(server, files)
    page = b"<html>please stand by</html>"
    server.fail(list(files)[1], *[answer(200, page)] * 2)
    account = take_round(watch_server(server, tmp_path))
    assert (account["loaded"], account["failed"]) == (2, 1)
    assert account["refused"][0]["name"] == list(files)[1]


# --- what is told -----------------------------------------------------------------------------------------------------


def test_a_round_gives_up_what_has_waited_a_week_for_a_sink_that_the_rules_no_longer_name(
    server: Publisher, tmp_path: Path
):
    announce(server, make_files(1))
    watch = watch_server(server, tmp_path)
    take_round(watch)
    made = watch.clock.read() - timedelta(days=8)
    with Outbox.open(watch.folder / "outbox.sqlite") as outbox:
        outbox.add(Message("old", made, "of last week"), ["gone"], made)
        outbox.add(Message("new", watch.clock.read(), "of today"), ["gone"], watch.clock.read())
    assert take_round(watch)["dead"] == 1
    assert describe_watch(watch.store, watch.clock.read())["outbox"]["pending"] == 1


def test_a_replay_plays_the_files_by_their_own_clock_and_tells_of_the_gap(tmp_path: Path):
    files = {name: data for n, (name, data) in enumerate(make_files(12).items()) if not 4 <= n < 10}
    played = Replay(write_files(tmp_path / "in", files))
    accounts: list[dict[str, Any]] = []
    watch = Watch(tmp_path / "store", played, make_rules(tmp_path), played, played.begin)
    run_watch(watch, until=played.end, say=accounts.append)
    assert [account["loaded"] for account in accounts if account["loaded"]] == [1] * 6
    gap = (BEGIN + 3 * QUARTER).isoformat()
    assert read_log(tmp_path) == [f"stale:gdelt2:{gap}", f"fresh:gdelt2:{gap}"]
    stale = next(account for account in accounts if account["alerts"])
    assert stale["time"] == (BEGIN + 9 * QUARTER).isoformat(timespec="seconds")
    assert list_contents(tmp_path / "store")["rows"] == load_clean(files, tmp_path)["rows"]
    found = describe_watch(tmp_path / "store", played.read())
    assert found["stale"] is False
    assert found["last_day"] == {"expected": 96, "filled": 6, "missing": 6, "unknown": 90}
    assert found["outbox"]["sent"] == 2


def test_a_replay_needs_files(tmp_path: Path):
    with pytest.raises(WatchError, match="no 15-minute file"):
        Replay(tmp_path / "none")


def tell_of_pairs(store: Path, rules: WatchList, days: frozenset[date], begin: date) -> list[Alert]:
    pairs = [("DEU", "POL"), ("BRA", "IND")]
    return [Alert("thaw", day, None, "gdelt2", pair, rate=1.0) for day in sorted(days) for pair in pairs]


def test_a_detector_is_asked_about_the_days_that_were_touched_and_rules_say_who_is_told(tmp_path: Path):
    asked: list[list[str]] = []

    def detector(store: Path, rules: WatchList, days: frozenset[date], begin: date) -> list[Alert]:
        asked.append([begin.isoformat(), *(day.isoformat() for day in sorted(days))])
        return tell_of_pairs(store, rules, days, begin)

    files = make_files(4, BEGIN - 2 * QUARTER)
    played = Replay(write_files(tmp_path / "in", files))
    watch = Watch(tmp_path / "store", played, make_rules(tmp_path), played, played.begin, detector=detector)
    run_watch(watch, until=played.end)
    assert asked == [["2025-05-15", day] for day in ("2025-05-15", "2025-05-15", "2025-05-16", "2025-05-16")]
    assert read_log(tmp_path) == ["thaw:gdelt2:DEU/POL:2025-05-15@1", "thaw:gdelt2:DEU/POL:2025-05-16@1"]


@pytest.mark.parametrize(("since", "first"), [(None, 5), (BEGIN, 0)])
def test_a_watch_of_a_store_that_is_there_tells_of_the_days_that_it_was_asked_to_follow(
    since: datetime | None, first: int, tmp_path: Path
):
    days = [BEGIN + timedelta(days=n) for n in range(36)]
    files = [next(iter(make_files(1, day).items())) for day in days]
    load_events(write_files(tmp_path / "before", dict(files[:-1])), tmp_path / "store")

    def detector(store: Path, rules: WatchList, touched: frozenset[date], begin: date) -> list[Alert]:
        assert sorted(touched) == [day.date() for day in days]
        return [alert for alert in tell_of_pairs(store, rules, touched, begin) if alert.day >= begin]

    played = Replay(write_files(tmp_path / "in", dict(files[-1:])))
    watch = Watch(tmp_path / "store", played, make_rules(tmp_path), played, since, detector=detector)
    told = run_watch(watch, once=True)["alerts"]
    assert told == [f"thaw:gdelt2:DEU/POL:{day:%Y-%m-%d}@1" for day in days[first:]]


def test_two_watches_of_one_store_are_one_too_many(tmp_path: Path):
    played = Replay(write_files(tmp_path / "in", make_files(1)))
    other = Watch(tmp_path / "store", played, clock=played)
    said: list[str] = []

    def intrude(account: dict[str, Any]) -> None:
        with pytest.raises(StoreBusy, match="watches the store") as error:
            run_watch(other, once=True)
        said.append(str(error.value))

    run_watch(Watch(tmp_path / "store", played, clock=played, since=BEGIN), once=True, say=intrude)
    assert len(said) == 1


def play(folder: Path, last: int) -> None:
    """Replay four files with a gap, and end like a killed process at the step with a number; -1: at none."""
    import os

    from comity.delivery.outbox import Outbox
    from comity.store import delta

    left = [last]

    def wrap(owner: Any, name: str) -> None:
        plain = getattr(owner, name)

        def counted(*given: Any, **named: Any) -> Any:
            if left[0] == 0:
                os._exit(DIED)
            left[0] -= 1
            return plain(*given, **named)

        setattr(owner, name, counted)

    for owner, names in ((os, ("fsync", "replace")), (delta, ("append_files",)), (Outbox, ("add", "begin", "settle"))):
        for name in names:
            wrap(owner, name)
    played = Replay(folder / "in")
    rules = make_rules(folder)
    watch = Watch(folder / "store", played, rules, played, played.begin, interval=2700.0, detector=tell_of_pairs)
    run_watch(watch, until=played.end)


def test_a_watch_killed_at_any_step_is_continued_and_tells_everything_once(tmp_path: Path):
    files = {name: data for n, (name, data) in enumerate(make_files(9, BEGIN - 2 * QUARTER).items()) if n in (0, 1, 8)}
    whole = tmp_path / "whole"
    write_files(whole / "in", files)
    child = start(play, whole, -1)
    child.join()
    assert child.exitcode == 0
    told, held = sorted(read_log(whole)), list_contents(whole / "store")
    assert len(told) == 4
    died = 0
    for last in range(7, 400, 53):
        folder = tmp_path / str(last)
        write_files(folder / "in", files)
        child = start(play, folder, last)
        child.join()
        if child.exitcode == 0:
            break
        assert child.exitcode == DIED
        died += 1
        child = start(play, folder, -1)
        child.join()
        assert child.exitcode == 0
        assert sorted(read_log(folder)) == told, f"step {last}"
        assert list_contents(folder / "store") == held
    assert died >= 2


def test_nothing_of_a_watch_stands_in_the_store(tmp_path: Path):
    played = Replay(write_files(tmp_path / "in", make_files(1)))
    run_watch(Watch(tmp_path / "store", played, clock=played, since=BEGIN), once=True)
    assert find_folder(tmp_path / "store") == (tmp_path / "store-watch").resolve()
    assert sorted(path.name for path in (tmp_path / "store").iterdir() if not path.name.startswith(".")) == [
        "events", "ledger", "set_aside", "store.json", "sums"
    ]  # fmt: skip


@pytest.mark.parametrize("more", [b"x", b"trailing", b"PK\x05\x06" + bytes(18) + b"y"])
def test_an_archive_with_bytes_after_its_end_is_no_whole_one(more: bytes, tmp_path: Path):
    data, path = next(iter(make_files(1).values())), tmp_path / "file.zip"
    path.write_bytes(data)
    assert find_fault(path, measure_file(path), None) == ""
    path.write_bytes(data + more)
    assert find_fault(path, measure_file(path), None) != ""


def test_a_backlog_is_decided_on_once_when_all_of_it_is_there(tmp_path: Path):
    begins: list[int] = []

    def detector(store: Path, rules: WatchList, days: frozenset[date], begin: date) -> list[Alert]:
        begins.append(len(days))
        return tell_of_pairs(store, rules, days, begin)

    files = make_files(1) | make_files(1, BEGIN + timedelta(days=1)) | make_files(1, BEGIN + timedelta(days=2))
    played = Replay(write_files(tmp_path / "in", files))
    played.sleep((played.end - played.begin).total_seconds())
    watch = Watch(tmp_path / "store", played, make_rules(tmp_path), played, played.begin, detector=detector)
    account = run_watch(watch, once=True)
    assert account["more"] is False
    assert begins == [3]
    assert [key[-12:] for key in account["alerts"]] == [f"2025-05-{day}@1" for day in (16, 17, 18)]


def test_an_older_copy_of_a_store_is_decided_on_though_the_watch_was_further(tmp_path: Path):
    asked: list[list[date]] = []

    def detector(store: Path, rules: WatchList, days: frozenset[date], begin: date) -> list[Alert]:
        asked.append(sorted(days))
        return []

    def watch(folder: str, files: dict[str, bytes]) -> None:
        played = Replay(write_files(tmp_path / folder, files))
        rounds = Watch(tmp_path / "store", played, make_rules(tmp_path), played, played.begin, detector=detector)
        run_watch(rounds, until=played.end)

    watch("in", make_files(3))
    (tmp_path / "store").rename(tmp_path / "damaged")
    load_events([tmp_path / "in"], tmp_path / "store")
    asked.clear()
    watch("more", make_files(1, BEGIN + timedelta(days=1)))
    assert asked == [[BEGIN.date(), (BEGIN + timedelta(days=1)).date()]]


def test_a_store_that_somebody_loads_into_by_hand_is_waited_for_and_the_watch_goes_on(tmp_path: Path):
    played = Replay(write_files(tmp_path / "in", make_files(4)))
    played.sleep(4 * 3600)
    watch = Watch(tmp_path / "store", played, make_rules(tmp_path), played, played.begin, wait=0.0)
    load_events(write_files(tmp_path / "before", make_files(1)), tmp_path / "store")
    with open_store(tmp_path / "store").write():
        account = take_round(watch)
        assert "is writing to the store" in account["busy"]
        assert (account["loaded"], account["more"]) == (0, False)
        assert [key.split(":")[0] for key in read_log(tmp_path)] == ["stale"], "it goes on telling"
    account = take_round(watch)
    assert (account["busy"], account["loaded"]) == ("", 3)


def test_nothing_is_asked_for_of_the_time_before_the_publisher_began(server: Publisher, tmp_path: Path):
    announce(server, make_files(1))
    first = datetime(2015, 2, 18, 23, 30, tzinfo=UTC)
    watch = watch_server(server, tmp_path, since=datetime(1990, 1, 1, tzinfo=UTC))
    server.files["lastupdate.txt"] = server.files["lastupdate.txt"].replace(b"20250516000000", b"20150218233000")
    take_round(replace(watch, clock=Clock(first + QUARTER)))
    asked = sorted({request.name for request in server.requests if request.name[0].isdigit()})
    assert asked == [name_slot(first - n * QUARTER) for n in (2, 1, 0)]
