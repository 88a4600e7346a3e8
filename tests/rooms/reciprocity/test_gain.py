"""Predictions without knowing the future, and how much better one is than another."""

import numpy as np
import pytest

from comity.reciprocity.errors import TooLittle
from comity.reciprocity.gain import draw_blocks, measure_gain, predict_ahead


def test_each_prediction_is_that_of_the_regression_on_all_rows_before():
    rng = np.random.default_rng(0)
    regressors = np.hstack([rng.standard_normal((80, 3)), np.ones((80, 1))])
    target = regressors @ [1.0, -2.0, 0.5, 3.0] + rng.standard_normal(80)
    ahead = predict_ahead(regressors, target, 20)
    for row in (20, 21, 50, 79):
        known = np.linalg.lstsq(regressors[:row], target[:row], rcond=None)[0]
        assert ahead[row - 20] == pytest.approx(regressors[row] @ known, abs=1e-5)


def test_no_prediction_knows_its_own_value_or_a_later_one():
    rng = np.random.default_rng(1)
    regressors, target = np.hstack([rng.standard_normal((60, 2)), np.ones((60, 1))]), rng.standard_normal(60)
    changed = target.copy()
    changed[40:] += 100.0
    here, there = predict_ahead(regressors, target, 20), predict_ahead(regressors, changed, 20)
    np.testing.assert_array_equal(here[:21], there[:21])
    assert here[21] != there[21]


def test_blocks_draw_as_many_rows_as_there_are():
    counts = draw_blocks(50, 200, seed=0)
    np.testing.assert_array_equal(counts.sum(1), 50)
    assert abs(counts.mean() - 1.0) < 1e-12
    np.testing.assert_array_equal(counts, draw_blocks(50, 200, seed=0))


def test_a_block_longer_than_the_rows_is_all_of_them():
    np.testing.assert_array_equal(draw_blocks(5, 3, seed=0, least=90), 1.0)


def test_a_better_prediction_gains_what_it_takes_off_the_error():
    rng = np.random.default_rng(2)
    target = rng.standard_normal(400)
    gain = measure_gain(target, np.zeros(400), 0.5 * target)
    assert gain.gain == pytest.approx(0.75)
    assert gain.low > 0.7 and gain.probability == 1.0 and gain.p_value < 1e-6


def test_a_prediction_that_adds_noise_loses():
    rng = np.random.default_rng(3)
    gain = measure_gain(rng.standard_normal(400), np.zeros(400), 0.5 * rng.standard_normal(400))
    assert gain.gain < 0 and gain.probability < 0.05


def test_a_routine_without_any_error_leaves_nothing_to_gain():
    with pytest.raises(TooLittle, match="without any error"):
        measure_gain(np.ones(30), np.ones(30), np.zeros(30))
