"""What is told of an alert: the level of the days that its sum adds up, outside the range in which there is none."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from comity.api.alerts import _list_pairs
from comity.api.view import View
from comity.relations.published import read_gesture_model
from comity.watch.constants import read_alert_rule, read_calm
from comity.watch.decision import Bench, Decision, decide_alerts
from comity.watch.detector import Followed, find_start, follow_pairs
from comity.watch.run import find_last_alarm, measure_run
from comity.watch.signal import Signal, Start, begin, follow_days

RULE = read_alert_rule()
BENCH = Bench(RULE, read_calm(), 1.0, date(2020, 1, 1))
DAYS, BREAK, PAIRS = 1000, 700, 6
CALM = Start(2.0, 16.0)


def draw_days(moved: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw pairs whose first breaks on a day, with some days that were not loaded."""
    rng, covered = np.random.default_rng(7), np.arange(DAYS) % 50 != 7
    count = rng.poisson(1.2, (PAIRS, DAYS)).astype(float) * covered
    level = np.full((PAIRS, DAYS), 2.0)
    level[0, BREAK:] += moved
    total = np.where(count > 0, level * count + rng.normal(0, 3, count.shape) * np.sqrt(count), 0.0)
    return count, np.round(total, 6), covered


def follow(moved: float) -> Signal:
    return follow_days(*draw_days(moved), RULE, begin(PAIRS, CALM, RULE))[0]


def say(found: list[Decision], *, turn: bool = False) -> list[tuple]:
    sign = -1 if turn else 1
    ends = [(one.run.level, one.run.high if one.upward else one.run.low) for one in found]
    told = [(one.pair, one.day, one.upward != turn, one.threshold, one.move, one.discovery) for one in found]
    return sorted(
        (*what, round(sign * level, 9), round(sign * end, 9)) for what, (level, end) in zip(told, ends, strict=True)
    )


def lies_outside(one: Decision) -> bool:
    """Say whether the level of an alert lies outside its normal range, on the alert's side."""
    assert one.run
    far = one.run.level - one.run.high if one.upward else one.run.low - one.run.level
    return far > -1e-9


@pytest.mark.parametrize("rate", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("moved", [-6.0, 4.0, 0.0])
def test_every_alert_lies_outside_its_normal_range(rate: float, moved: float):
    found = decide_alerts(follow(moved), BENCH, rate)
    assert found
    assert all(lies_outside(one) for one in found)


def test_what_is_told_of_an_alert_is_the_sum_that_the_detector_added_up():
    count, total, covered = draw_days(-6.0)
    signal, stand, checked = follow(-6.0), begin(PAIRS, CALM, RULE), 0
    for day in range(400):
        stand = follow_days(count[:, [day]], total[:, [day]], covered[[day]], RULE, stand)[1]
        for pair in np.flatnonzero(count[:, day]):
            for side, place in ((0, 20), (1, 60)):
                alarm = (day, int(pair), side, place)
                last = find_last_alarm(signal.alarms[:, signal.alarms[1] == pair], alarm)
                kept = stand.sums[side, pair, place]
                if stand.days[pair] > RULE.enough and kept > 0:
                    run = measure_run(signal, alarm, last, RULE)
                    assert run.reached == pytest.approx(kept, rel=1e-9)
                    assert run.low < run.level < run.high
                    checked += 1
    assert checked > 200


@cache
def follow_sample() -> Followed:
    with View().open() as (con, _, scale):
        return follow_pairs(con, _list_pairs(con), scale)


@pytest.mark.parametrize(("rate", "thaws", "ruptures"), [(0.5, 6, 27), (1.0, 9, 39), (4.0, 41, 130)])
def test_alerts_of_the_sample_lie_outside_their_normal_range_and_turn_when_scores_do(
    rate: float, thaws: int, ruptures: int
):
    signal, bench, first = follow_sample().signal, follow_sample().bench, find_start(read_gesture_model("goldstein"))
    found = decide_alerts(signal, bench, rate)
    assert all(lies_outside(one) for one in found)
    assert (sum(one.upward for one in found), sum(not one.upward for one in found)) == (thaws, ruptures)
    stand = begin(len(signal.count), Start(-first.mean, first.variance), RULE)
    mirrored = follow_days(signal.count, -signal.total, signal.covered, RULE, stand)[0]
    assert say(found) == say(decide_alerts(mirrored, bench, rate), turn=True)
