"""The motion of a hidden level: a proper chain, filtered and smoothed exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.relations.chain import Motion, exponentiate, filter_chain, lay_chain, smooth_chain, trace_back

MOTION = Motion(mean=0.4, spread=1.5, pull=0.02, jumps=0.03, reach=1.2)
CHAIN = lay_chain(-3.0, 3.0, 7, MOTION)
DAYS = np.array([0.0, 1.0, 2.0, 5.0])


def weigh(seed: int, periods: int = 4, points: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 2.0, (3, periods, points))


def sum_over_paths(evidence: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return the posterior of every path, by going through all of them."""
    moves = [CHAIN.move(gap) for gap in np.diff(days)]
    path = CHAIN.start * np.exp(evidence[0])
    for t, move in enumerate(moves, start=1):
        path = path[..., None] * move * np.exp(evidence[t])
    return path / path.sum()


@given(st.floats(0.0, 400.0))
def test_moves_are_probabilities(days: float):
    move = CHAIN.move(days)
    assert (move >= 0).all()
    np.testing.assert_allclose(move.sum(1), 1.0, atol=1e-12)


@given(st.floats(0.1, 40.0), st.floats(0.1, 40.0))
def test_two_moves_are_one_of_their_days_together(first: float, second: float):
    np.testing.assert_allclose(CHAIN.move(first) @ CHAIN.move(second), CHAIN.move(first + second), atol=1e-9)


def test_no_time_is_no_move():
    np.testing.assert_array_equal(exponentiate(np.zeros((4, 4))), np.eye(4))


def test_negating_the_motion_reverses_the_chain():
    other = lay_chain(-3.0, 3.0, 7, Motion(-0.4, 1.5, 0.02, 0.03, 1.2))
    np.testing.assert_allclose(other.move(3.0)[::-1, ::-1], CHAIN.move(3.0), atol=1e-12)


def test_smoothing_is_the_sum_over_all_paths():
    evidence = weigh(1)
    smoothed = smooth_chain(filter_chain(evidence, DAYS, CHAIN))
    for pair in range(3):
        paths = sum_over_paths(evidence[pair], DAYS)
        for t in range(4):
            direct = paths.sum(axis=tuple(other for other in range(4) if other != t))
            np.testing.assert_allclose(smoothed[pair, t], direct, atol=1e-12)


def test_filtering_is_smoothing_what_was_known_then():
    evidence = weigh(2)
    passage = filter_chain(evidence, DAYS, CHAIN)
    for last in range(1, 5):
        known = smooth_chain(filter_chain(evidence[:, :last], DAYS[:last], CHAIN))
        np.testing.assert_allclose(passage.filtered[:, last - 1], known[:, -1], atol=1e-12)


def test_the_log_score_is_the_probability_of_the_whole_series():
    evidence = weigh(3)
    passage = filter_chain(evidence, DAYS, CHAIN)
    moves = [CHAIN.move(gap) for gap in np.diff(DAYS)]
    for pair in range(3):
        mass = CHAIN.start * np.exp(evidence[pair, 0])
        for t, move in enumerate(moves, start=1):
            mass = (mass @ move) * np.exp(evidence[pair, t])
        assert passage.log_score[pair].sum() == pytest.approx(np.log(mass.sum()))


def test_tracing_back_gives_the_joint_mean_of_two_periods():
    evidence = weigh(4)
    passage = filter_chain(evidence, DAYS, CHAIN)
    smoothed = smooth_chain(passage)
    before = trace_back(passage, 3, trace_back(passage, 2, np.tile(CHAIN.points, (3, 1))))
    for pair in range(3):
        joint = sum_over_paths(evidence[pair], DAYS).sum(axis=(0, 2))
        direct = CHAIN.points @ joint @ CHAIN.points
        assert (smoothed[pair, 3] * CHAIN.points * before[pair]).sum() == pytest.approx(direct)
