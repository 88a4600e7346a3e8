"""What the ledger lacks, and what is asked for next; how fresh a source is, and when that is told."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.watch import Alert, Evidence, Normal, PastAlerts, alert_staleness
from comity.watch.slots import (
    QUARTER,
    Held,
    choose_batch,
    count_slots,
    find_last_due,
    list_lacking,
    measure_freshness,
)
from comity.watch.staleness import find_open
from comity.watch.wording import write_message

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
GRACE = timedelta(minutes=45)
NOTHING = Held(frozenset(), frozenset())


def span(first: int, last: int) -> frozenset[datetime]:
    return frozenset(NOON + n * QUARTER for n in range(first, last))


def test_the_newest_are_asked_for_first_and_no_more_than_a_batch():
    lacking = list_lacking(NOON, NOON + 199 * QUARTER, NOTHING)
    assert len(lacking) == 200
    chosen = choose_batch(lacking, NOTHING, {}, NOON + 201 * QUARTER, 96)
    assert chosen == lacking[-96:]


def test_a_gap_is_filled_whenever_it_is_seen():
    held = Held(span(0, 50) | span(60, 100), frozenset())
    assert choose_batch(list_lacking(NOON, NOON + 99 * QUARTER, held), held, {}, NOON, 96) == sorted(span(50, 60))


def test_what_the_publisher_lacked_is_asked_for_less_and_less_often():
    slot, held = NOON, Held(frozenset(), span(0, 1))
    asked: dict[datetime, datetime] = {}
    times = []
    for n in range(1, 4 * 24 * 30):
        now = NOON + n * QUARTER
        if choose_batch([slot], held, asked, now, 96):
            times.append(n)
            asked[slot] = now
    pauses = [after - before for before, after in pairwise(times)]
    assert times[0] == 1
    assert pauses == sorted(pauses)
    assert max(pauses) == 96
    assert len(times) < 80


def test_many_that_are_missing_do_not_keep_out_what_is_new():
    held = Held(frozenset(), span(0, 500))
    lacking = list_lacking(NOON, NOON + 509 * QUARTER, held)
    chosen = choose_batch(lacking, held, {}, NOON + 600 * QUARTER, 96)
    assert set(span(500, 510)) <= set(chosen)
    assert len(chosen) == 26


def test_a_clock_that_jumped_back_does_not_stop_the_asking():
    held = Held(frozenset(), span(0, 1))
    assert choose_batch([NOON], held, {NOON: NOON + timedelta(days=400)}, NOON + QUARTER, 96) == [NOON]


@given(
    filled=st.sets(st.integers(0, 120)),
    missing=st.sets(st.integers(0, 120)),
    most=st.integers(1, 96),
)
def test_a_batch_holds_only_what_is_lacking_once_and_in_order(filled: set[int], missing: set[int], most: int):
    held = Held(frozenset(NOON + n * QUARTER for n in filled), frozenset(NOON + n * QUARTER for n in missing - filled))
    chosen = choose_batch(list_lacking(NOON, NOON + 120 * QUARTER, held), held, {}, NOON + 125 * QUARTER, most)
    assert chosen == sorted(set(chosen))
    assert not set(chosen) & held.filled
    assert len(chosen) <= most
    assert chosen or len(filled) == 121


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/New_York", "Asia/Kathmandu"])
def test_slots_are_the_same_in_every_zone(zone: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert find_last_due(datetime(2024, 3, 10, 7, 14, 59, tzinfo=UTC)) == datetime(2024, 3, 10, 6, 45, tzinfo=UTC)
        assert find_last_due(datetime(2024, 3, 10, 7, 15, tzinfo=UTC)) == datetime(2024, 3, 10, 7, 0, tzinfo=UTC)
        assert find_last_due(datetime(2024, 2, 29, 0, 0, tzinfo=UTC)) == datetime(2024, 2, 28, 23, 45, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert os.environ.get("TZ") != "Pacific/Kiritimati"


def test_missing_slots_are_counted_as_unknown():
    counted = count_slots(NOON, NOON + 9 * QUARTER, Held(span(0, 6), span(6, 8)))
    assert (counted.expected, counted.filled, counted.missing, counted.unknown) == (10, 6, 2, 4)


@pytest.mark.parametrize(("minutes", "stale"), [(0, False), (60, False), (61, True), (6000, True), (-600, False)])
def test_a_source_is_stale_after_cadence_and_grace(minutes: int, stale: bool):
    now = NOON + QUARTER + timedelta(minutes=minutes)
    found = measure_freshness("gdelt2", Held(span(0, 1), frozenset()), now, GRACE)
    assert found.stale is stale
    assert found.newest == NOON


def test_a_source_of_which_nothing_was_loaded_is_neither_stale_nor_fresh():
    found = measure_freshness("gdelt2", NOTHING, NOON, GRACE)
    assert (found.newest, found.age, found.stale) == (None, None, None)
    assert found.last_day.unknown == 96
    assert alert_staleness(found, [], NOON) is None


def test_staleness_is_told_once_and_so_is_its_end():
    told: set[str] = set()
    keys = []
    held = set(span(0, 4))
    for n in range(4, 40):
        if n in (20, 21) or n >= 30:
            held.add(NOON + n * QUARTER)
        now = NOON + (n + 1) * QUARTER
        alert = alert_staleness(measure_freshness("gdelt2", Held(frozenset(held), frozenset()), now, GRACE), told, now)
        if alert:
            assert alert.pair is None
            keys.append(alert.direction)
            told.add(alert.key)
            found = measure_freshness("gdelt2", Held(frozenset(held), frozenset()), now, GRACE)
            assert alert_staleness(found, told, now) is None
    assert keys == ["stale", "fresh", "stale", "fresh"]
    assert find_open("gdelt2", told) is None


def test_a_stale_source_is_called_unknown_and_never_calm():
    found = measure_freshness("gdelt2", Held(span(0, 1), frozenset()), NOON + timedelta(hours=5), GRACE)
    alert = alert_staleness(found, [], NOON + timedelta(hours=5))
    assert alert is not None
    message = write_message(alert, NOON)
    assert "unknown, not calm" in message.body
    assert "95 of 96 slots" in message.body
    assert message.key == "stale:gdelt2:2024-02-29T12:00:00+00:00"


def test_an_alert_about_a_pair_says_everything_that_it_rests_on():
    act = Evidence(
        date(2024, 2, 28), "POL", "DEU", "161", "Reduce or break diplomatic relations", "COERCE", -4.0, 7,
        "https://news.example/a", tuple(range(1, 8)),
    )  # fmt: skip
    alert = Alert(
        "rupture", date(2024, 2, 29), None, "gdelt2", ("DEU", "POL"), "POL", "DEU", 0.93, 1.0, None, (act,),
        Normal("a level of 2.1", 2.1, 1.0, 3.0, 4.5), PastAlerts(40, 31, date(2020, 1, 1)), "The level fell.",
    )  # fmt: skip
    message = write_message(alert, NOON)
    assert message.key == "rupture:gdelt2:POL>DEU:2024-02-29@1"
    assert message.subject == "rupture: Poland toward Germany, 2024-02-29"
    for said in (
        "93%",
        "1 false alarms per pair and year",
        "a level of 2.1",
        "Of 40 such alerts",
        "not verified facts",
    ):
        assert said in message.body
    assert message.body.splitlines()[-1] == (
        "- 2024-02-28, Poland to Germany: Reduce or break diplomatic relations (161), score -4.0, 7 reports; "
        "https://news.example/a; GDELT 1, 2, 3, 4, 5 and 2 more"
    )
    assert message.data["normal"]["level"] == 2.1
    assert message.data["evidence"][0]["date"] == "2024-02-28"
    assert message.data["evidence"][0]["ids"] == list(range(1, 8))
    assert json.loads(message.write_data())["evidence"][0]["link"] == "https://news.example/a"
    both = Alert("thaw", date(2024, 2, 29), None, "gdelt2", ("DEU", "POL"))
    assert both.key == "thaw:gdelt2:DEU/POL:2024-02-29"


def test_a_message_stays_short_however_many_reports_its_events_have():
    act = Evidence(
        date(2024, 2, 28), "POL", "DEU", "190", "A label", "ASSAULT", -10.0, 9_000, None, tuple(range(9_000))
    )
    said = write_message(Alert("rupture", date(2024, 2, 29), None, "gdelt2", ("DEU", "POL"), evidence=(act,) * 8), NOON)
    assert len(said.write_data()) < 20_000
    assert len(said.data["evidence"][0]["ids"]) == 50
    assert said.body.splitlines()[-1].endswith("9000 reports; GDELT 0, 1, 2, 3, 4 and 8995 more")


def test_a_clock_or_a_grace_set_anew_makes_no_source_fresh_and_the_gap_is_not_forgotten():
    told: list[str] = []
    said: list[str | None] = []
    for hours, grace, slots in ((2, 45, 1), (2, 600, 1), (13, 600, 1), (13, 600, 52), (25, 600, 52)):
        held, now = Held(span(0, slots), frozenset()), NOON + timedelta(hours=hours)
        alert = alert_staleness(measure_freshness("gdelt2", held, now, timedelta(minutes=grace)), told, now)
        told += [alert.key] if alert else []
        said.append(alert.direction if alert else None)
    assert said == ["stale", None, None, "fresh", "stale"]
    assert len(set(told)) == 3
