"""Changes: differences with their joint uncertainty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.relations.change import compare_levels, find_changes
from comity.relations.gestures import Timing
from comity.relations.published import read_gesture_model
from comity.relations.series import Tally
from comity.relations.standing import smooth_jointly

MODEL = read_gesture_model("goldstein")


def test_uncertainty_of_a_change_allows_for_what_both_periods_share():
    covariance = np.array([[4.0, 3.9], [3.9, 4.0]])
    change = compare_levels(np.array([0.0, 1.0]), covariance, 0, 1)
    assert change.change == 1.0
    assert change.high - change.low == pytest.approx(2 * 1.6448536 * np.sqrt(0.2), rel=1e-6)
    assert change.probability == pytest.approx(0.98733, abs=1e-4)


@given(st.floats(-5, 5), st.floats(0, 9), st.floats(-1, 1))
def test_a_change_read_backwards_is_its_opposite(step: float, variance: float, correlation: float):
    covariance = np.array([[variance, correlation * variance], [correlation * variance, variance]])
    mean = np.array([0.0, step])
    there, back = compare_levels(mean, covariance, 0, 1), compare_levels(mean, covariance, 1, 0)
    assert (back.change, back.probability) == (-there.change, there.probability)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert 0.5 <= there.probability <= 1.0


def test_certain_and_equal_levels_give_no_direction():
    assert compare_levels(np.array([1.0, 1.0]), np.zeros((2, 2)), 0, 1).probability == 0.5


def test_clearest_step_is_where_the_break_is():
    days = np.arange(40.0)
    count = np.full((1, 40), 20.0)
    total = np.where(days < 25, 4.0, -4.0)[None] * count
    level, covariance = smooth_jointly(Tally(count, total, 16 * count), Timing(days, 1.0), MODEL)
    whole, step = find_changes(level, covariance, 0, "day")
    assert (whole.start, whole.end) == (0, 39)
    assert step.start < 25 <= step.end
    assert step.change < 0 and step.probability > 0.99


def test_one_period_has_no_change():
    level, covariance = smooth_jointly(Tally(*np.ones((3, 1, 1))), Timing(np.zeros(1), 1.0), MODEL)
    assert find_changes(level, covariance, 0, "day") == []
