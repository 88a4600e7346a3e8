"""The model of the index: exact against a direct solution, calibrated on its own data, honest with few events."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.relations.index import Level, Parameters, filter_levels, measure_fit, smooth_levels

P = Parameters(mean=1.7, between=1.3, within=0.65, fade=0.83, event=15.0)
DAYS = np.array([0.5, 1.5, 2.5, 6.0, 9.5, 40.0])


def draw(pairs: int, days: np.ndarray, seed: int, rate: float = 2.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Simulate levels and events from the model itself."""
    rng = np.random.default_rng(seed)
    cover = P.between + P.within * P.fade ** np.abs(days[:, None] - days[None, :])
    level = P.mean + rng.standard_normal((pairs, len(days))) @ np.linalg.cholesky(cover).T
    count = rng.poisson(rate, level.shape).astype(float)
    total = count * level + np.sqrt(P.event * count) * rng.standard_normal(level.shape)
    return level, count, total


def solve_directly(count: np.ndarray, total: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Condition one pair's normal levels on its means, as a textbook does."""
    seen = count > 0
    prior = P.between + P.within * P.fade ** np.abs(days[:, None] - days[None, :])
    inner = prior[np.ix_(seen, seen)] + np.diag(P.event / count[seen])
    weight = prior[:, seen] @ np.linalg.inv(inner)
    mean = P.mean + weight @ (total[seen] / count[seen] - P.mean)
    return mean, prior - weight @ prior[:, seen].T


def test_smoother_is_the_direct_solution():
    _, count, total = draw(20, DAYS, seed=1)
    level, covariance = smooth_levels(count, total, DAYS, P)
    for pair in range(20):
        mean, cover = solve_directly(count[pair], total[pair], DAYS)
        np.testing.assert_allclose(level.mean[pair], mean, atol=1e-10)
        np.testing.assert_allclose(covariance[pair], cover, atol=1e-10)


def test_filter_at_each_period_is_the_smoother_of_what_was_known_then():
    _, count, total = draw(15, DAYS, seed=2)
    filtered, _ = filter_levels(count, total, DAYS, P)
    for last in range(1, len(DAYS) + 1):
        level, _ = smooth_levels(count[:, :last], total[:, :last], DAYS[:last], P)
        np.testing.assert_allclose(filtered.mean[:, last - 1], level.mean[:, -1], atol=1e-9)
        np.testing.assert_allclose(filtered.variance[:, last - 1], level.variance[:, -1], atol=1e-9)


def test_prediction_does_not_see_its_own_period():
    _, count, total = draw(5, DAYS, seed=3)
    _, before = filter_levels(count, total, DAYS, P)
    changed = total.copy()
    changed[:, 3] += 1000.0
    _, after = filter_levels(count, changed, DAYS, P)
    np.testing.assert_array_equal(before.mean[:, : 3 + 1], after.mean[:, : 3 + 1])
    assert (before.mean[:, 4] != after.mean[:, 4])[count[:, 3] > 0].all()


def test_without_events_the_level_is_what_pairs_are_like_at_large():
    nothing = np.zeros((1, len(DAYS)))
    filtered, _ = filter_levels(nothing, nothing, DAYS, P)
    np.testing.assert_allclose(filtered.mean, P.mean)
    np.testing.assert_allclose(filtered.variance, P.between + P.within)


def test_intervals_hold_the_level_as_often_as_they_say():
    days = np.arange(30.0)
    level, count, total = draw(2000, days, seed=4)
    for found in (filter_levels(count, total, days, P)[0], smooth_levels(count, total, days, P)[0]):
        spread = 1.6448536269514722 * np.sqrt(found.variance)
        inside = np.abs(level - found.mean) <= spread
        assert inside.mean() == pytest.approx(0.90, abs=0.01)


def test_fit_of_the_model_on_its_own_data_is_calibrated():
    days = np.arange(30.0)
    _, count, total = draw(2000, days, seed=5)
    score, coverage = measure_fit(count, total, days, P)
    assert coverage == pytest.approx(0.90, abs=0.01)
    worse = Parameters(mean=-2.0, between=1.3, within=0.65, fade=0.83, event=15.0)
    assert measure_fit(count, total, days, worse)[0] < score


@given(extra=st.integers(1, 50), score=st.floats(-10, 10))
def test_more_events_never_widen_the_interval(extra: int, score: float):
    count = np.array([[2.0, 0.0, 3.0, 1.0, 0.0, 1.0]])
    more = count + extra
    _, few = filter_levels(count, count * score, DAYS, P)
    _, many = filter_levels(more, more * score, DAYS, P)
    assert (many.variance <= few.variance + 1e-12).all()


@given(st.floats(-10, 10), st.integers(0, 10_000))
def test_bounds_stay_on_the_scale_and_in_order(mean: float, variance: int):
    score, low, high = Level(np.array([[mean]]), np.array([[float(variance)]])).bound(P)
    assert -10 <= low[0, 0] <= score[0, 0] <= high[0, 0] <= 10


@given(st.integers(0, 2**31))
def test_turning_every_score_around_turns_the_index_around(seed: int):
    _, count, total = draw(3, DAYS, seed)
    turned = Parameters(mean=-P.mean, between=P.between, within=P.within, fade=P.fade, event=P.event)
    there, _ = filter_levels(count, total, DAYS, P)
    back, _ = filter_levels(count, -total, DAYS, turned)
    np.testing.assert_allclose(back.mean, -there.mean, atol=1e-9)
    np.testing.assert_allclose(back.variance, there.variance, atol=1e-12)


def test_order_of_pairs_does_not_matter():
    _, count, total = draw(12, DAYS, seed=6)
    order = np.random.default_rng(0).permutation(12)
    straight, mixed = (filter_levels(count[o], total[o], DAYS, P)[0] for o in (np.arange(12), order))
    np.testing.assert_array_equal(straight.mean[order], mixed.mean)
