"""Ranks and places with their uncertainty: intervals that hold what they say, and no order from names."""

from __future__ import annotations

import numpy as np
import pytest

from comity.relations.comparison import average_levels, find_quantiles, place_among, place_in_past, rank_standings

POINTS = np.linspace(-4.0, 4.0, 17)


def lay(mean: np.ndarray, spread: np.ndarray | float) -> np.ndarray:
    mass = np.exp(-0.5 * ((POINTS - mean[:, None]) / np.broadcast_to(spread, mean.shape)[:, None]) ** 2)
    return mass / mass.sum(1, keepdims=True)


def test_ranks_begin_with_the_highest_and_widen_with_doubt():
    mean = np.array([1.0, 3.0, -2.0])
    sure, unsure = rank_standings(lay(mean, 0.1), POINTS), rank_standings(lay(mean, 2.5), POINTS)
    assert sure.rank.tolist() == sure.low.tolist() == sure.high.tolist() == [2, 1, 3]
    assert unsure.rank.tolist() == [2, 1, 3]
    assert (unsure.low <= unsure.rank).all() and (unsure.rank <= unsure.high).all()
    assert (unsure.sure_low <= unsure.low).all() and (unsure.sure_high >= unsure.high).all()
    assert unsure.high[0] - unsure.low[0] == 2


def test_negated_levels_turn_the_ranks_about():
    mass = lay(np.array([-2.0, -0.5, 0.4, 1.0, 2.9]), np.array([0.5, 0.7, 1.2, 0.6, 0.4]))
    there, back = rank_standings(mass, POINTS), rank_standings(mass[:, ::-1], POINTS)
    assert (there.rank + back.rank == 6).all()
    assert np.abs(there.low + back.high - 6).max() <= 1
    assert np.abs(there.sure_low + back.sure_high - 6).max() <= 1


def test_the_order_in_which_levels_are_given_says_nothing_of_their_ranks():
    mass = lay(np.array([-2.0, -0.5, 0.4, 1.0, 2.9]), 1.0)
    order = np.array([3, 0, 4, 1, 2])
    here, there = rank_standings(mass, POINTS, 5), rank_standings(mass[order], POINTS, 5)
    for name in ("rank", "low", "high", "sure_low", "sure_high"):
        np.testing.assert_array_equal(getattr(here, name)[order], getattr(there, name))


def test_intervals_hold_the_true_ranks_as_often_as_they_say():
    rng = np.random.default_rng(8)
    prior = lay(np.zeros(1), 1.5)[0]
    each, together = [], []
    for seed in range(80):
        level = POINTS[rng.choice(len(POINTS), 20, p=prior)] + 0.5 * (rng.random(20) - 0.5)
        spread = rng.uniform(0.3, 1.5, 20)
        seen = level + spread * rng.standard_normal(20)
        mass = prior * lay(seen, spread)
        ranks = rank_standings(mass / mass.sum(1, keepdims=True), POINTS, seed)
        true = np.argsort(np.argsort(-level)) + 1
        each.append(((ranks.low <= true) & (true <= ranks.high)).mean())
        together.append(((ranks.sure_low <= true) & (true <= ranks.sure_high)).all())
    assert 0.88 <= np.mean(each) <= 0.97
    assert np.mean(together) >= 0.85


def test_nobody_has_no_rank():
    assert rank_standings(np.zeros((0, 17)), POINTS).rank.tolist() == []


def test_the_mean_of_two_levels_has_their_mean_and_half_their_mean_variance():
    one, other = lay(np.array([1.0]), 0.8), lay(np.array([-2.0]), 0.5)
    mass, points = average_levels(one, other, POINTS)
    assert mass.sum() == pytest.approx(1.0)
    assert mass @ points == pytest.approx((one @ POINTS + other @ POINTS) / 2)
    variance = [float(m @ POINTS**2 - (m @ POINTS) ** 2) for m in (one[0], other[0])]
    assert float((mass @ points**2 - (mass @ points) ** 2)[0]) == pytest.approx(sum(variance) / 4)


def test_quantiles_spread_the_probability_of_a_point_evenly():
    mass = np.zeros((1, 17))
    mass[0, 8] = 1.0
    assert find_quantiles(mass, POINTS, np.array([[0.1, 0.5, 0.9]]))[0] == pytest.approx([-0.2, 0.0, 0.2])


def test_a_place_in_the_past_counts_equals_half():
    assert place_in_past(np.array([[1.0, 1.0, 1.0, 1.0, 1.0]])).share == 0.5
    assert place_in_past(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])).share == 1.0
    assert place_in_past(np.array([[1.0, 5.0, 5.0, 9.0, 5.0]])).share == 0.5
    mixed = place_in_past(np.array([[0.0, 0.0, 1.0]] * 90 + [[1.0, 1.0, 0.0]] * 10))
    assert (mixed.share, mixed.low, mixed.high) == (1.0, 0.0, 1.0)


def test_a_place_among_others_is_the_share_that_is_lower():
    assert place_among(np.array([2.0, 2.0]), np.array([[1.0, 1.0], [3.0, 3.0]])).share == 0.5
    assert place_among(np.array([4.0, 4.0]), np.array([[1.0, 1.0], [3.0, 3.0]])).low == 1.0
