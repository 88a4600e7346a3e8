"""Granger's test: size, power, symmetry, and its form for trending series."""

import numpy as np
import pytest

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.granger import compare_nested, identify_granger
from comity.reciprocity.var import lay_lags

ONE_WAY = [[[0.3, 0.4], [0.0, 0.3]]]


def test_the_direction_of_a_known_cause_is_found(courses):
    first, second = identify_granger(courses.make_var(ONE_WAY, 500, seed=1), 1)
    assert (first.cause, first.effect) == (0, 1)
    assert first.p_value < 1e-6 < 0.05 < second.p_value
    assert first.total == pytest.approx(0.4, abs=0.1)


def test_without_any_tie_one_test_in_twenty_is_below_five_percent(courses):
    none = [[[0.5, 0.0], [0.0, 0.5]]]
    found = [
        test.p_value for seed in range(300) for test in identify_granger(courses.make_var(none, 120, seed=seed), 2)
    ]
    assert 0.03 < np.mean(np.array(found) < 0.05) < 0.07


def test_f_is_the_reduction_of_the_sum_of_squares(courses):
    values = courses.make_var(ONE_WAY, 100, seed=2)
    full, target = lay_lags(values, 2), values[2:, [1]]
    kept = full[:, [1, 3, 4]]
    squares = [float(np.linalg.lstsq(x, target, rcond=None)[1][0]) for x in (kept, full)]
    by_hand = (squares[0] - squares[1]) / 2 / (squares[1] / (98 - 5))
    test = identify_granger(values, 2)[0]
    assert test.statistic == pytest.approx(by_hand, rel=1e-10)
    assert (test.numerator, test.denominator) == (2, 93)


def test_swapping_the_sides_swaps_the_tests(courses):
    values = courses.make_var(ONE_WAY, 200, seed=3)
    here, there = identify_granger(values, 2), identify_granger(values[:, ::-1], 2)
    assert here[0].statistic == pytest.approx(there[1].statistic, rel=1e-9)
    assert here[1].p_value == pytest.approx(there[0].p_value, rel=1e-9)


def test_turning_the_sign_of_both_changes_nothing(courses):
    values = courses.make_var(ONE_WAY, 200, seed=3)
    here, there = identify_granger(values, 2), identify_granger(-values, 2)
    assert [t.statistic for t in here] == pytest.approx([t.statistic for t in there])


@pytest.mark.parametrize("factor", [1e-4, 1e5])
def test_the_unit_does_not_matter(courses, factor):
    values = courses.make_var(ONE_WAY, 200, seed=4)
    here, there = identify_granger(values, 2), identify_granger(values * [1.0, factor], 2)
    assert [t.statistic for t in here] == pytest.approx([t.statistic for t in there], rel=1e-7)


def test_with_an_extra_lag_the_test_keeps_its_size_on_wandering_series():
    walks = [np.random.default_rng(seed).standard_normal((150, 2)).cumsum(0) for seed in range(300)]
    plain = np.mean([t.p_value < 0.05 for w in walks for t in identify_granger(w, 1)])
    extra = np.mean([t.p_value < 0.05 for w in walks for t in identify_granger(w, 1, extra=1)])
    assert extra < 0.08 < plain


def test_three_series_give_six_tests(courses):
    values = np.random.default_rng(0).standard_normal((80, 3))
    assert [(t.cause, t.effect) for t in identify_granger(values, 1)] == [
        (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1),
    ]  # fmt: skip


def test_one_series_alone_has_no_cause():
    with pytest.raises(ReciprocityError, match="one series"):
        identify_granger(np.random.default_rng(0).standard_normal((80, 1)), 1)


def test_a_negative_number_of_extra_lags_is_refused():
    with pytest.raises(ReciprocityError, match="-1 extra"):
        identify_granger(np.random.default_rng(0).standard_normal((80, 2)), 1, extra=-1)


def test_a_perfect_prediction_has_an_infinite_statistic():
    rng = np.random.default_rng(0)
    full = np.hstack([rng.standard_normal((50, 1)), np.ones((50, 1))])
    statistic, _, _, p_value = compare_nested(full, full[:, 1:], full[:, :1] * 2.0)
    assert statistic == np.inf
    assert p_value == 0.0
