"""Breaks: dated, with their direction and size, calibrated, and none where nothing broke."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from comity.relations.breaks import Break, Way, bound_moves, find_breaks, read_break_rule
from comity.relations.gestures import GestureModel, Timing
from comity.relations.jumps import Blend, join_window
from comity.relations.lasting import follow_tone, list_lasting_kinds
from comity.relations.published import read_gesture_model
from comity.relations.series import Tally

MODEL, RULE = read_gesture_model("goldstein"), read_break_rule()
WAY = Way(least=1.0, longest=26, within=13)


def follow(count: np.ndarray, total: np.ndarray, spread: float = 3.0, model: GestureModel = MODEL) -> Blend:
    seen = count > 0
    mean = np.divide(total, count, out=np.zeros_like(total), where=seen)
    tally = Tally(count, total, count * (mean**2 + spread**2))
    return follow_tone(tally, Timing(7.0 * np.arange(count.shape[1]), 7.0), model, RULE)


def find(mean: np.ndarray, count: np.ndarray, model: GestureModel = MODEL) -> list[Break]:
    return find_breaks(follow(count[None], (mean * count)[None], model=model), 0, WAY, RULE)


def step(before: float, after: float, weeks: int = 60, at: int = 30) -> np.ndarray:
    return np.where(np.arange(weeks) < at, before, after)


def test_a_thaw_and_a_rupture_are_found_where_they_are():
    (rise,) = find(step(-4.0, 3.0), np.full(60, 4.0))
    assert rise.first <= 30 <= rise.last <= rise.first + 1
    assert rise.upward and rise.probability > 0.9
    assert rise.low < 7.0 < rise.high and rise.before < -3 and rise.after > 2
    assert rise.known is not None and 30 <= rise.known <= 36 and rise.online >= 0.5
    (fall,) = find(step(3.0, -4.0), np.full(60, 4.0))
    assert not fall.upward and fall.size < -5 and fall.first <= 30 <= fall.last


def test_mirrored_scores_under_a_mirrored_model_break_the_other_way_with_the_same_probability():
    scores, carrier = MODEL.scores, MODEL.carrier
    mirrored = replace(
        MODEL,
        tone=replace(MODEL.tone, mean=-MODEL.tone.mean),
        scores=tuple(-s for s in scores[::-1]),
        carrier=carrier[::-1],
    )
    rng = np.random.default_rng(2)
    mean, count = step(2.5, -2.0) + rng.normal(0, 0.8, 60), rng.poisson(3.0, 60).astype(float)
    here, there = find(mean, count), find(-mean, count, mirrored)
    assert len(here) == len(there) == 1
    assert (here[0].first, here[0].last, here[0].known) == (there[0].first, there[0].last, there[0].known)
    assert here[0].upward != there[0].upward
    assert here[0].probability == pytest.approx(there[0].probability, rel=1e-6)
    assert (here[0].size, here[0].low, here[0].high) == pytest.approx(
        (-there[0].size, -there[0].high, -there[0].low), rel=1e-4
    )


@pytest.mark.parametrize(
    ("mean", "count"),
    [
        (np.full(80, 1.9), np.full(80, 3.0)),
        (np.zeros(80), np.zeros(80)),
        (np.where(np.arange(80) == 40, -10.0, 1.0), (np.arange(80) == 40).astype(float)),
        (np.array([2.0]), np.array([5.0])),
        (np.where(np.arange(80) == 40, -9.0, 2.0), np.full(80, 4.0)),
    ],
    ids=["constant", "no event", "one event", "one period", "a week that passes"],
)
def test_there_is_no_break_where_nothing_broke(mean: np.ndarray, count: np.ndarray):
    assert find(mean, count) == []


def test_a_break_without_events_about_it_is_dated_to_the_span_without_events():
    count = np.where((np.arange(60) >= 25) & (np.arange(60) < 35), 0.0, 5.0)
    (one,) = find(step(-4.0, 3.0), count)
    assert one.first == 25 and 35 <= one.last <= 36


def test_two_breaks_are_told_apart_in_the_order_of_time():
    mean = np.concatenate([np.full(30, 3.0), np.full(30, -4.0), np.full(30, 3.0)])
    first, second = find(mean, np.full(90, 5.0))
    assert (first.upward, second.upward) == (False, True)
    assert first.last < second.first


def test_pelt_puts_a_clear_break_in_the_same_week():
    ruptures = pytest.importorskip("ruptures", reason="the peer `ruptures` (extra peers) is not here")
    mean = step(-4.0, 3.0) + np.random.default_rng(5).normal(0, 0.7, 60)
    (one,) = find(mean, np.full(60, 6.0))
    cuts = ruptures.Pelt("l2", min_size=3, jump=1).fit(mean).predict(pen=12.0)[:-1]
    assert cuts == [30] and one.first <= cuts[0] <= one.last


def test_stated_probabilities_hold_and_calm_series_stay_calm():
    rng = np.random.default_rng(17)
    pairs, weeks = 90, 150
    rate = np.exp(rng.uniform(0.0, 2.0, pairs))[:, None]
    count = rng.poisson(rate * rng.gamma(2.5, 0.4, (pairs, weeks))).astype(float)
    points, tilt = MODEL.lay_tone().points, MODEL.tilt()
    level = np.repeat(rng.uniform(-4, 5, (pairs, 1)), weeks, axis=1)
    at, after = rng.integers(30, 120, pairs), rng.uniform(-4, 5, pairs)
    level = np.where(np.arange(weeks) < at[:, None], level, after[:, None])
    level[60:] = level[60:, :1]
    place = np.round((level - points[0]) / (points[1] - points[0])).astype(int)
    mean, square = tilt.shares @ tilt.scores, tilt.shares @ tilt.scores**2
    noise = np.sqrt((square - mean**2)[place] * count) * rng.standard_normal(count.shape)
    course = follow(count, mean[place] * count + noise)
    right, stated, false = 0, [], 0
    for pair in range(pairs):
        for one in find_breaks(course, pair, WAY, RULE):
            near = one.first - 4 <= at[pair] <= one.last + 4
            true = pair < 60 and near and one.upward == (after[pair] > level[pair, 0])
            false += pair >= 60
            if one.probability >= 0.8 and pair < 60:
                stated.append(one.probability)
                right += true
    assert len(stated) >= 20
    assert right / len(stated) >= np.mean(stated) - 0.1
    assert false <= 1


def test_bounds_of_a_move_are_quantiles_of_its_distribution():
    joint = np.zeros((5, 5))
    joint[0, 1:5] = 0.25
    assert bound_moves(joint, 1.0) == pytest.approx((0.7, 4.3))
    assert bound_moves(joint.T, 1.0) == pytest.approx((-4.3, -0.7))


def test_kinds_that_differ_in_their_jumps_alone_become_one():
    kinds = list_lasting_kinds(MODEL, RULE)
    assert sum(kind.share for kind in kinds) == pytest.approx(sum(kind.share for kind in MODEL.list_kinds()))
    assert len(kinds) < len(MODEL.list_kinds()) and {kind.jumps for kind in kinds} == {RULE.jumps}


def test_the_published_rule_is_a_rule():
    assert 0 < RULE.jumps < 0.01 and 0 <= RULE.episodes < 1 and 0 < RULE.shown < 1
    assert RULE.share_episodes(1.0) < RULE.share_episodes(7.0) == RULE.share_episodes(30.0)
    assert RULE.share_episodes(7.0) == pytest.approx(RULE.episodes)
    assert set(RULE.lately) == {"day", "week", "month"}


def test_the_interval_of_a_size_allows_for_a_break_that_leads_far_from_what_pairs_are_like():
    count = np.where(np.arange(60) % 6 < 2, 1.0, 0.0)
    blend = follow(count[None], (step(2.0, -8.0) * count)[None])
    (found,) = find_breaks(blend, 0, WAY, RULE)
    joint = join_window(blend, 0, found.first, found.last)
    joint = np.where(blend.points[None, :] - blend.points[:, None] <= -WAY.least + 1e-9, joint, 0.0)
    low, high = bound_moves(joint / joint.sum(), blend.points[1] - blend.points[0])
    assert found.low < low - 0.1 and found.high == pytest.approx(high)
    assert found.low < -10.0 < found.high
