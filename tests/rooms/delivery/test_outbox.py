"""The outbox: decided once, delivered once, whenever the process dies; late, never, or together where it must be."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from comity.delivery import (
    DeliveryError,
    Message,
    Outbox,
    OutboxDamaged,
    Outlet,
    Pace,
    SecretRefused,
    Undelivered,
    deliver_messages,
)
from comity.delivery.pace import choose_pause
from comity.delivery.sinks.feed import FeedSink
from comity.delivery.sinks.files import FolderSink, LinesSink

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


class Recorder:
    """A sink that keeps what it is given, and fails as it is told to."""

    def __init__(self, *faults: Exception | None) -> None:
        self.sent: list[str] = []
        self.faults = list(faults)

    def send(self, message: Message) -> str:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        self.sent.append(message.key)
        return ""


def make(number: int, made: datetime = NOW) -> Message:
    return Message(f"alert:{number}", made, f"Alert {number}", "text", {"n": number})


def test_a_message_is_delivered_once_to_each_sink(tmp_path: Path):
    one, two, clock = Recorder(), Recorder(), Clock()
    outlets = {"one": Outlet("one", one), "two": Outlet("two", two)}
    with Outbox.open(tmp_path / "outbox") as outbox:
        assert outbox.add(make(1), ["one", "two"], NOW)
        assert not outbox.add(make(1), ["one", "two"], NOW)
        assert deliver_messages(outbox, outlets, clock) == {"sent": 2, "postponed": 0, "dead": 0, "held": 0}
        assert deliver_messages(outbox, outlets, clock)["sent"] == 0
    with Outbox.open(tmp_path / "outbox") as outbox:
        assert not outbox.add(make(1), ["one", "two"], NOW)
        assert deliver_messages(outbox, outlets, clock)["sent"] == 0
    assert (one.sent, two.sent) == (["alert:1"], ["alert:1"])


def test_a_sink_that_fails_is_tried_again_later_and_the_others_are_not_held_up(tmp_path: Path):
    one, two, clock = Recorder(Undelivered("busy")), Recorder(), Clock()
    outlets = {"one": Outlet("one", one), "two": Outlet("two", two)}
    with Outbox.open(tmp_path / "outbox") as outbox:
        outbox.add(make(1), outlets, NOW)
        assert deliver_messages(outbox, outlets, clock) == {"sent": 1, "postponed": 1, "dead": 0, "held": 0}
        clock.advance(seconds=10)
        assert deliver_messages(outbox, outlets, clock)["sent"] == 0
        clock.advance(seconds=20)
        assert deliver_messages(outbox, outlets, clock)["sent"] == 1
    assert (one.sent, two.sent) == (["alert:1"], ["alert:1"])


def test_a_receiver_that_asks_to_wait_is_given_the_time_up_to_the_longest_pause():
    pace = Pace(longest=600)
    assert choose_pause(pace, 1, "x", asked=100) == 100
    assert choose_pause(pace, 1, "x", asked=10**9) == 600


def test_pauses_grow_to_a_cap_with_jitter_that_a_seed_fixes():
    pace = Pace(first=10, longest=1000, seed=3)
    pauses = [choose_pause(pace, attempt, "key:sink") for attempt in range(1, 40)]
    assert pauses == [choose_pause(pace, attempt, "key:sink") for attempt in range(1, 40)]
    assert pauses != [choose_pause(Pace(first=10, longest=1000, seed=4), n, "key:sink") for n in range(1, 40)]
    for attempt, pause in enumerate(pauses):
        assert min(1000, 10 * 2**attempt) / 2 <= pause <= min(1000, 10 * 2**attempt)


def test_what_is_tried_often_enough_becomes_a_dead_letter_and_can_be_tried_again(tmp_path: Path):
    sink, clock = Recorder(*[Undelivered("down")] * 3), Clock()
    outlets = {"one": Outlet("one", sink, Pace(attempts=3))}
    with Outbox.open(tmp_path / "outbox") as outbox:
        outbox.add(make(1), outlets, NOW)
        for _ in range(3):
            deliver_messages(outbox, outlets, clock)
            clock.advance(hours=1)
        assert outbox.count_states() == {"pending": 0, "sent": 0, "dead": 1, "digested": 0}
        (dead,) = outbox.list_deliveries("dead")
        assert (dead.attempts, dead.note) == (3, "after 3 attempts: down")
        assert deliver_messages(outbox, outlets, clock)["sent"] == 0
        assert outbox.retry_dead(sink="other") == 0
        assert outbox.retry_dead() == 1
        assert deliver_messages(outbox, outlets, clock)["sent"] == 1


def test_what_waits_for_a_sink_that_is_no_more_is_given_up_after_a_week_and_can_be_had_back(tmp_path: Path):
    clock, there, back = Clock(), {"one": Outlet("one", Recorder())}, {"old": Outlet("old", Recorder())}
    with Outbox.open(tmp_path / "outbox") as outbox:
        outbox.add(make(1), ["one", "old"], NOW)
        assert deliver_messages(outbox, there, clock, only=True) == {"sent": 1, "postponed": 0, "dead": 0, "held": 0}
        clock.advance(hours=7 * 24)
        assert deliver_messages(outbox, there, clock, only=True)["dead"] == 0
        clock.advance(hours=1)
        assert deliver_messages(outbox, there, clock)["dead"] == 0
        assert deliver_messages(outbox, there, clock, only=True)["dead"] == 1
        (dead,) = outbox.list_deliveries("dead")
        assert (dead.sink, dead.note) == ("old", "there is no sink of this name any more")
        assert outbox.retry_dead(sink="old") == 1
        assert deliver_messages(outbox, back, clock, only=True)["sent"] == 1
        assert outbox.count_states() == {"pending": 0, "sent": 2, "dead": 0, "digested": 0}


@pytest.mark.parametrize("error", [Undelivered("gone", again=False), DeliveryError("the file is no feed")])
def test_what_no_further_attempt_can_help_is_a_dead_letter_at_once(error: Exception, tmp_path: Path):
    outlets = {"one": Outlet("one", Recorder(error))}
    with Outbox.open(tmp_path / "outbox") as outbox:
        outbox.add(make(1), outlets, NOW)
        outbox.add(make(2), outlets, NOW)
        assert deliver_messages(outbox, outlets, Clock()) == {"sent": 1, "postponed": 0, "dead": 1, "held": 0}


def test_messages_wait_without_being_tried_while_a_sink_cannot_be_made(tmp_path: Path):
    clock = Clock()
    with Outbox.open(tmp_path / "outbox") as outbox:
        outbox.add(make(1), ["one"], NOW)
        for _ in range(30):
            broken = {"one": Outlet("one", SecretRefused("there is no usable secret"), Pace(attempts=2))}
            deliver_messages(outbox, broken, clock)
            clock.advance(hours=1)
        (waiting,) = outbox.list_deliveries("pending")
        assert (waiting.attempts, waiting.note) == (0, "there is no usable secret")
        assert deliver_messages(outbox, {"one": Outlet("one", Recorder())}, clock)["sent"] == 1


def test_a_sink_is_given_no_more_than_its_rate(tmp_path: Path):
    sink, clock = Recorder(), Clock()
    outlets = {"one": Outlet("one", sink, Pace(most=3, within=60, digest_above=1000))}
    with Outbox.open(tmp_path / "outbox") as outbox:
        for number in range(7):
            outbox.add(make(number), outlets, NOW)
        counts = []
        for _ in range(4):
            counts.append(deliver_messages(outbox, outlets, clock)["sent"])
            clock.advance(seconds=61)
    assert counts == [3, 3, 1, 0]


def test_a_storm_becomes_a_digest_and_those_that_follow_wait_for_the_next(tmp_path: Path):
    sink, clock = Recorder(), Clock()
    pace = Pace(digest_above=5, window=3600)
    outlets = {"one": Outlet("one", sink, pace)}
    with Outbox.open(tmp_path / "outbox") as outbox:
        for number in range(4):
            outbox.add(make(number), outlets, clock.now)
        assert deliver_messages(outbox, outlets, clock)["sent"] == 4
        for number in range(4, 50):
            outbox.add(make(number), outlets, clock.now)
        assert deliver_messages(outbox, outlets, clock) == {"sent": 1, "postponed": 0, "dead": 0, "held": 0}
        clock.advance(minutes=30)
        for number in range(50, 60):
            outbox.add(make(number, clock.now), outlets, clock.now)
        assert deliver_messages(outbox, outlets, clock) == {"sent": 0, "postponed": 0, "dead": 0, "held": 1}
        clock.advance(minutes=31)
        assert deliver_messages(outbox, outlets, clock)["sent"] == 1
        clock.advance(hours=2)
        outbox.add(make(60, clock.now), outlets, clock.now)
        assert deliver_messages(outbox, outlets, clock)["sent"] == 1
        digests = outbox.find_messages("digest:one:")
        assert [digest.data["digest"] for digest in digests] == [46, 10]
        assert "Alert 49" in digests[0].body
        assert outbox.count_states() == {"pending": 0, "sent": 7, "dead": 0, "digested": 56}
    assert [key.split(":")[0] for key in sink.sent] == [*["alert"] * 4, "digest", "digest", "alert"]


def test_two_processes_do_not_deliver_from_one_outbox_at_a_time(tmp_path: Path):
    inner: list[dict[str, int]] = []

    class Nested(Recorder):
        def send(self, message: Message) -> str:
            with Outbox.open(tmp_path / "outbox") as other:
                inner.append(deliver_messages(other, {"one": Outlet("one", Recorder())}, Clock()))
            return super().send(message)

    with Outbox.open(tmp_path / "outbox") as outbox:
        outbox.add(make(1), ["one"], NOW)
        assert deliver_messages(outbox, {"one": Outlet("one", Nested())}, Clock())["sent"] == 1
    assert [account["sent"] for account in inner] == [0]


def test_a_file_that_is_no_outbox_is_named(tmp_path: Path):
    (tmp_path / "text").write_text("no database " * 100)
    with sqlite3.connect(tmp_path / "other") as base:
        base.execute("pragma user_version = 7")
    base.close()
    for name in ("text", "other"):
        with pytest.raises(OutboxDamaged, match=r"cannot be read|has format 7"), Outbox.open(tmp_path / name):
            pass


@pytest.mark.parametrize(
    ("key", "subject"),
    [("", "x"), ("a b", "x"), ("a\nb", "x"), ("é", "x"), ("k" * 201, "x"), ("k", ""), ("k", "a\r\nBcc: x"),
     ("k", "a\x00"), ("k", "x" * 201)],
)  # fmt: skip
def test_a_message_that_could_break_out_of_a_header_is_refused(key: str, subject: str):
    with pytest.raises(DeliveryError):
        Message(key, NOW, subject)


def test_a_message_needs_a_zone_and_data_that_json_can_hold():
    with pytest.raises(DeliveryError, match="no zone"):
        Message("k", datetime(2026, 1, 1), "x")
    with pytest.raises(DeliveryError, match="not JSON"):
        Message("k", NOW, "x", "", {"p": float("nan")})


# --- killed at every step ---------------------------------------------------------------------------------------------

SINKS = {"folder": lambda place: FolderSink(place / "folder"), "lines": lambda place: LinesSink(place / "lines.jsonl"),
         "feed": lambda place: FeedSink(place / "feed.atom")}  # fmt: skip


class Ledger:
    """A receiver that keeps every request, also repeats, and drops those whose key it has seen."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def send(self, message: Message) -> str:
        with self.file.open("a") as stream:
            stream.write(message.key + "\n")
        return ""


class Steps:
    """Counts steps, and ends like a killed process at one of them."""

    def __init__(self, last: int) -> None:
        self.left = last

    def take(self) -> None:
        if not self.left:
            os._exit(77)
        self.left -= 1

    def wrap(self, owner: Any, name: str) -> None:
        """Put a step before and after a function."""
        plain = getattr(owner, name)

        def counted(*given: Any, **named: Any) -> Any:
            self.take()
            result = plain(*given, **named)
            self.take()
            return result

        setattr(owner, name, counted) if owner is os else object.__setattr__(owner, name, counted)


def decide_and_deliver(place: Path, steps: Steps | None = None) -> None:
    """Decide on two messages and deliver them."""
    sinks: dict[str, Any] = {name: build(place) for name, build in SINKS.items()} | {"hook": Ledger(place / "hook")}
    with Outbox.open(place / "outbox") as outbox:
        if steps is not None:
            owners = [(outbox, "_insert"), (outbox, "begin"), (outbox, "settle"), (os, "fsync"), (os, "replace")]
            for owner, name in [*owners, *((sink, "send") for sink in sinks.values())]:
                steps.wrap(owner, name)
        for number in range(2):
            outbox.add(make(number), sinks, NOW)
        deliver_messages(outbox, {name: Outlet(name, sink) for name, sink in sinks.items()}, Clock())


def read_sinks(place: Path) -> dict[str, list[str]]:
    """Give the keys that each sink holds."""
    lines = [json.loads(line)["key"] for line in (place / "lines.jsonl").read_text().splitlines()]
    folder = [json.loads(path.read_text())["key"] for path in (place / "folder").glob("*.json")]
    feed = [entry.title for entry in FeedSink(place / "feed.atom").read_entries()]
    return {"lines": sorted(lines), "folder": sorted(folder), "feed": sorted(feed)}


def test_a_process_killed_at_any_step_delivers_once_all_the_same(tmp_path: Path):
    decide_and_deliver(tmp_path / "whole")
    whole, ended, died = read_sinks(tmp_path / "whole"), 0, 0
    assert [len(keys) for keys in whole.values()] == [2, 2, 2]
    for last in range(0, 400, 4):
        place = tmp_path / str(last)
        place.mkdir()
        child = os.fork()
        if not child:
            decide_and_deliver(place, Steps(last))
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if not ended:
            break
        assert ended == 77
        died += 1
        decide_and_deliver(place)
        assert read_sinks(place) == whole, f"step {last}"
        told = Counter((place / "hook").read_text().split())
        assert sorted(told) == [make(number).key for number in range(2)]
        assert sum(told.values()) <= 3
    assert ended == 0
    assert died > 20


def test_what_was_noted_by_a_clock_that_ran_ahead_holds_nothing_back_when_it_is_set_right(tmp_path: Path):
    pace, ahead = Pace(digest_above=2, most=5), Clock()
    ahead.advance(hours=24 * 365)
    outlets = {"one": Outlet("one", Recorder(), pace)}
    with Outbox.open(tmp_path / "outbox") as outbox:
        for number in range(3):
            outbox.add(make(number, ahead()), outlets, ahead())
        assert deliver_messages(outbox, outlets, ahead)["sent"] == 1, "one digest of three"
        outbox.add(make(7, ahead()), outlets, ahead())
        assert outbox.count_states()["pending"] == 1
        outbox.add(make(9, NOW), outlets, NOW)
        assert deliver_messages(outbox, outlets, Clock()) == {"sent": 2, "postponed": 0, "dead": 0, "held": 0}


@pytest.mark.parametrize("busy", [False, True], ids=["at rest", "a writer at work"])
def test_who_may_not_write_may_look_and_leaves_nothing_behind(
    busy: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "outbox"
    with ExitStack() as stack:
        outbox = stack.enter_context(Outbox.open(path))
        outbox.add(make(1), ["one"], NOW)
        if not busy:
            stack.close()
        monkeypatch.setattr(os, "access", lambda *asked: False)
        there = sorted(tmp_path.iterdir())
        with Outbox.read(path) as seen:
            assert seen.count_states()["pending"] == 1
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                seen.add(make(2), ["one"], NOW)
        assert sorted(tmp_path.iterdir()) == there
