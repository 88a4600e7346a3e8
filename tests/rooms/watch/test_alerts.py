"""Alerts of pairs: thaw and rupture alike, nothing seen before its time, missing days not taken for calm."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.specimens.stream import make_files, write_files

from comity.api import find_alerts, load_events
from comity.api.view import WrongUse
from comity.relations.breaks import read_break_rule
from comity.relations.gestures import GestureModel
from comity.relations.published import read_gesture_model
from comity.relations.series import Tally
from comity.watch import Rule, WatchList
from comity.watch.calibration import calibrate_pair, find_quiet, find_threshold, rate_move, read_calm, resample_blocks
from comity.watch.decision import Bench, control_discoveries, decide_alerts, judge_decision, recall_past
from comity.watch.detector import detect_alerts, write_alert
from comity.watch.moves import count_onsets, find_onsets, hold_recent, measure_lasting, measure_moves, read_alert_rule
from comity.watch.track import FIELDS, Track, follow_days
from comity.watch.wording import write_message

RULE, LEAST = read_alert_rule(), 1.0
BENCH = Bench(RULE, read_calm(), LEAST, date(2020, 1, 1))
DAYS, BREAK = 800, 600


def model() -> GestureModel:
    return read_gesture_model("goldstein")


@cache
def draw_tally(seed: int = 0, pairs: int = 2, moved: float = -6.0) -> Tally:
    """Draw pairs whose first breaks on a day, in both directions; the others stay."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(0.8, (2 * pairs, DAYS)).astype(float)
    level = np.full((2 * pairs, DAYS), 2.0)
    level[:2, BREAK:] += moved
    scores = np.array(model().scores)
    tilt = model().tilt()
    sums = np.zeros((2, 2 * pairs, DAYS))
    for row, day in zip(*np.nonzero(count), strict=True):
        share = tilt.shares[int(np.abs(model().lay_tone().points - level[row, day]).argmin())]
        drawn = rng.choice(scores, int(count[row, day]), p=share)
        sums[:, row, day] = drawn.sum(), (drawn**2).sum()
    return Tally(count, *np.round(sums, 9))


@cache
def follow(seed: int = 0) -> Track:
    return follow_days(draw_tally(seed), model(), read_break_rule())[0]


def cut(track: Track, days: int) -> Track:
    return Track(*(getattr(track, name)[:, :days] for name in FIELDS))


def test_a_break_is_told_within_weeks_and_for_the_right_direction():
    found = [one for one in decide_alerts(follow(), BENCH, 0.5) if one.pair == 0 and one.day >= BREAK]
    assert {(one.turned, one.upward) for one in found} == {(False, False), (True, False)}
    assert all(one.day < BREAK + 42 and one.probability > 0.5 and one.discovery for one in found[:2])
    assert all(one.low <= one.before <= one.high and one.level <= one.before - LEAST for one in found)
    assert all(judge_decision(one, follow(), BENCH) for one in found[:2])


def test_days_in_turn_give_what_all_days_at_once_give():
    tally, whole = draw_tally(), follow()
    parts, stand = [], None
    for first, last in ((0, 300), (300, 301), (301, DAYS)):
        some = Tally(*(array[:, first:last] for array in (tally.count, tally.total, tally.square)))
        part, stand = follow_days(some, model(), read_break_rule(), stand)
        parts.append(part)
    joined = parts[0].join(parts[1]).join(parts[2])
    assert all(np.array_equal(getattr(joined, name), getattr(whole, name)) for name in FIELDS)


@pytest.mark.parametrize("until", [BREAK + 10, BREAK + 60])
def test_alerts_of_a_day_do_not_change_when_later_days_come(until: int):
    whole = recall_past(decide_alerts(follow(), BENCH, 4.0), follow(), BENCH)
    track = cut(follow(), until)
    early = recall_past(decide_alerts(track, BENCH, 4.0), track, BENCH)
    assert early == [one for one in whole if one.day < until]
    assert decide_alerts(follow(), BENCH, 4.0, until) == [
        one for one in decide_alerts(follow(), BENCH, 4.0) if one.day >= until
    ]


def test_mirrored_levels_give_mirrored_alerts():
    track = follow()
    mirrored = replace(track, mean=-track.mean, low=-track.high, high=-track.low)

    def say(found: list, *, turn: bool) -> list:
        return sorted((one.pair, one.turned, one.day, one.upward != turn, one.move, one.probability) for one in found)

    there, back = decide_alerts(track, BENCH, 1.0), decide_alerts(mirrored, BENCH, 1.0)
    assert there and say(there, turn=False) == say(back, turn=True)


def test_turned_and_renamed_pairs_give_the_same_alerts_turned():
    track = follow()
    turned = Track(*(getattr(track, name)[[1, 0, 3, 2]] for name in FIELDS))
    there = {(one.pair, one.turned, one.day, one.move) for one in decide_alerts(track, BENCH, 1.0)}
    assert {(one.pair, not one.turned, one.day, one.move) for one in decide_alerts(turned, BENCH, 1.0)} == there
    swapped = Track(*(getattr(track, name)[[2, 3, 0, 1]] for name in FIELDS))
    assert {(1 - one.pair, one.turned, one.day, one.move) for one in decide_alerts(swapped, BENCH, 1.0)} == there


def test_a_day_without_events_or_data_carries_what_was_known():
    tally = draw_tally()
    gone = [np.where((np.arange(DAYS) >= BREAK + 5) & (np.arange(DAYS) < BREAK + 25), 0.0, array)
            for array in (tally.count, tally.total, tally.square)]  # fmt: skip
    track = follow_days(Tally(*gone), model(), read_break_rule())[0]
    moves = measure_moves(track, RULE, LEAST)[:, :, BREAK + 4 : BREAK + 25]
    assert np.array_equal(moves, np.repeat(moves[..., :1], 21, axis=2))
    assert not [one for one in decide_alerts(track, BENCH, 4.0) if BREAK + 5 <= one.day < BREAK + 25]
    after = track.variance[0, BREAK + 5 : BREAK + 25]
    assert (np.diff(after) > 0).all(), "what is not seen makes the level less sure"


def test_too_few_events_say_nothing():
    nothing = Tally(*np.zeros((3, 2, 200)))
    track = follow_days(nothing, model(), read_break_rule())[0]
    assert np.isnan(measure_moves(track, RULE, LEAST)).all()
    assert decide_alerts(track, BENCH, 4.0) == []


def test_onsets_are_counted_as_they_are_found():
    moves = measure_moves(follow(), RULE, LEAST).reshape(-1, DAYS)
    slow = np.array([[max([*np.nan_to_num(row[max(0, t - 28) : t], nan=-np.inf), -np.inf]) for t in range(DAYS)]
                     for row in moves])  # fmt: skip
    assert np.array_equal(hold_recent(moves, 28), slow)
    counted = count_onsets(moves, RULE)
    for place in (10, 20, 35):
        found = find_onsets(moves, np.full(DAYS, RULE.grid[place]), RULE.rest)
        assert np.array_equal(found.sum(0), counted[:, place])


def test_quiet_means_that_neither_direction_moved():
    lasting = np.array([[np.nan, 0.5, -0.9, 1.2, 0.0], [np.nan, np.nan, 0.3, 0.0, -1.0]])
    assert find_quiet(lasting, 1.0).tolist() == [False, True, True, False, False]
    assert np.array_equal(find_quiet(-lasting, 1.0), find_quiet(lasting, 1.0))


def test_the_threshold_of_a_long_quiet_past_is_passed_as_often_as_stated_in_fresh_draws_of_blocks():
    rng = np.random.default_rng(4)
    height = np.sort(rng.exponential(1.0, 4 * 60))[::-1]  # four onsets a year over sixty years
    counted = np.zeros((60 * 365, len(RULE.grid)))
    for day, high in zip(rng.choice(len(counted), len(height), replace=False), height, strict=True):
        counted[day] = np.array(RULE.grid) <= high
    found = calibrate_pair(counted, 1.0, replace(RULE, prior=1e-9), read_calm())
    for rate in (0.5, 1.0):
        place = np.searchsorted(RULE.grid, find_threshold(found, rate, RULE))
        held_out = resample_blocks(counted, RULE, seed=99)[:, place].mean() / 60
        assert 0.8 * rate <= held_out <= 1.2 * rate
        assert rate_move(found, RULE.grid[place], RULE) == pytest.approx(rate, rel=0.2)
    assert rate_move(found, 20.0, RULE) < rate_move(found, 8.0, RULE) < 0.1


def test_without_a_past_the_simulation_decides():
    none = np.zeros((0, len(RULE.grid)))
    found = calibrate_pair(none, 2.0, RULE, read_calm())
    assert found.years == 0
    assert find_threshold(found, 0.5, RULE) > find_threshold(found, 1.0, RULE) > find_threshold(found, 4.0, RULE)


def test_among_many_pairs_only_what_stands_out_of_all_is_a_discovery():
    one = decide_alerts(follow(), BENCH, 0.5)[0]
    some = [replace(one, pair=n, day=1, chance=chance) for n, chance in enumerate((0.001, 0.002, 0.02, 0.2))]
    assert [x.discovery for x in control_discoveries(some, 4, 0.2)] == [True, True, True, True]
    assert [x.discovery for x in control_discoveries(some, 100, 0.2)] == [True, True, False, False]
    assert [x.discovery for x in control_discoveries(some, 10_000, 0.2)] == [False] * 4


def test_what_became_of_earlier_alerts_is_only_counted_once_it_is_known():
    one = decide_alerts(follow(), BENCH, 0.5)[0]
    row = [replace(one, day=day) for day in (BREAK + 20, BREAK + 20 + RULE.lag - 1, BREAK + 20 + RULE.lag)]
    found = recall_past(row, follow(), BENCH)
    assert [(x.alerts, x.first) for x in found] == [(0, None), (0, None), (1, BREAK + 20)]


def test_the_lasting_move_of_a_day_is_known_a_quarter_later():
    lasting = measure_lasting(follow(), RULE)
    assert np.isnan(lasting[:, -RULE.lag :]).all() and np.isfinite(lasting[0, 200])
    early = measure_lasting(cut(follow(), 500), RULE)
    assert np.array_equal(early[:, : 500 - RULE.lag], lasting[:, : 500 - RULE.lag], equal_nan=True)


def test_the_sample_is_too_short_for_thresholds_of_its_own_and_says_so():
    found = find_alerts(("Russia", "Holy See"), rate=4)
    assert found["pairs"] == 1 and found["days"] == ["2025-05-15", "2025-06-06"]
    assert found["alerts"], "the break of 20 to 23 May"
    for row in found["alerts"]:
        assert row["quiet_years"] == 0 and row["past"] is None and row["events"]
        assert all(event["ids"] for event in row["events"])
    later = found["alerts"][-1]["day"]
    assert [row["day"] for row in find_alerts(("RUS", "VAT"), rate=4, since=later)["alerts"]] == [later]


def test_a_rate_that_is_not_offered_is_refused():
    with pytest.raises(WrongUse, match="no rate of 2"):
        find_alerts(("RUS", "VAT"), rate=2)


def test_an_alert_in_words_has_its_grounds():
    row = find_alerts(("Holy See", "Russia"), rate=4)["alerts"][0]
    message = write_message(write_alert(row), datetime.combine(date(2025, 6, 7), time(), UTC))
    assert message.key.endswith("@4") and "Normal would have been" in message.body and "Events: " in message.body
    assert json.dumps(message.data)


def test_a_memory_gives_what_the_whole_store_gives(tmp_path: Path):
    files = make_files(12)
    names = list(files)
    watched = WatchList("", {"a": Rule("a", "a", frozenset({("DEU", "POL"), ("FRA", "USA")}), rate=4.0)})
    memory = tmp_path / "alerts.sqlite"
    for part in (names[:6], names[6:9], names[9:]):
        load_events(write_files(tmp_path / part[0], {name: files[name] for name in part}), tmp_path / "store")
        touched = frozenset({date(int(name[:4]), int(name[4:6]), int(name[6:8])) for name in part})
        told = detect_alerts(tmp_path / "store", watched, touched, memory)
        assert told == detect_alerts(tmp_path / "store", watched, touched)
    memory.write_bytes(b"damaged")
    assert told == detect_alerts(tmp_path / "store", watched, touched, memory)


def test_rules_without_pairs_cost_nothing(tmp_path: Path):
    assert detect_alerts(tmp_path / "none", WatchList(), frozenset({date(2025, 1, 1)})) == []
