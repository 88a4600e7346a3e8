"""Autoregressions: estimates, lag choice, and series that cannot be used."""

import numpy as np
import pytest

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.var import check_series, cut_matrices, fit_var, identify_lags, lay_lags, measure_root

TWO = [[[0.5, 0.2], [0.0, 0.4]], [[0.1, 0.0], [0.1, 0.2]]]


def test_a_known_course_is_found_again(courses):
    values = courses.make_var(TWO, 20_000, seed=1)
    fit = fit_var(values, 2)
    np.testing.assert_allclose(cut_matrices(fit.coefficients, 2), TWO, atol=0.03)
    np.testing.assert_allclose(fit.covariance, np.eye(2), atol=0.03)


def test_estimates_and_errors_are_those_of_a_regression_for_each_equation(courses):
    values = courses.make_var(TWO, 200, seed=2)
    fit = fit_var(values, 3)
    regressors = lay_lags(values, 3)
    for equation in range(2):
        target = values[3:, equation]
        by_hand = np.linalg.inv(regressors.T @ regressors) @ regressors.T @ target
        left = target - regressors @ by_hand
        variance = left @ left / (len(target) - 7) * np.diag(np.linalg.inv(regressors.T @ regressors))
        np.testing.assert_allclose(fit.coefficients[:, equation], by_hand, rtol=1e-8)
        np.testing.assert_allclose(fit.errors[:, equation], np.sqrt(variance), rtol=1e-8)


def test_swapping_the_sides_swaps_the_estimates(courses):
    values = courses.make_var(TWO, 300, seed=3)
    here, there = (cut_matrices(fit_var(v, 2).coefficients, 2) for v in (values, values[:, ::-1]))
    np.testing.assert_allclose(here, there[:, ::-1, ::-1], atol=1e-10)


@pytest.mark.parametrize("factor", [1e-3, 1e6])
def test_another_unit_changes_only_the_unit(courses, factor):
    values = courses.make_var(TWO, 300, seed=4)
    here, there = fit_var(values, 2), fit_var(values * factor, 2)
    np.testing.assert_allclose(here.coefficients[:-1], there.coefficients[:-1], atol=1e-8)
    np.testing.assert_allclose(here.covariance * factor**2, there.covariance, rtol=1e-7)


def test_the_right_number_of_lags_has_the_smallest_bic(courses):
    values = courses.make_var([[[0.3, 0.2], [0.1, 0.3]], [[0.0, 0.3], [0.3, 0.0]]], 3000, seed=5)
    assert identify_lags(values, 6).choose("bic") == 2
    assert identify_lags(values, 6).choose("hq") == 2


def test_the_criteria_follow_their_formulas(courses):
    values = courses.make_var(TWO, 100, seed=6)
    choice = identify_lags(values, 4)
    fit = fit_var(values[2:], 2)
    assert len(fit.residuals) == choice.rows == 96
    size = np.log(np.linalg.det(fit.covariance))
    assert choice.aic[1] == pytest.approx(size + 2 * 10 / 96)
    assert choice.bic[1] == pytest.approx(size + 10 * np.log(96) / 96)
    assert choice.hq[1] == pytest.approx(size + 20 * np.log(np.log(96)) / 96)


def test_a_criterion_that_does_not_exist_is_refused(courses):
    with pytest.raises(ReciprocityError, match="'r2'"):
        identify_lags(courses.make_var(TWO, 100, seed=7), 2).choose("r2")


def test_a_course_that_dies_out_is_called_stable(courses):
    assert fit_var(courses.make_var(TWO, 500, seed=8), 2).stable
    assert measure_root(np.array([[[1.1]]])) == pytest.approx(1.1)
    assert measure_root(np.array([[[0.5]], [[0.5]]])) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        (np.full((50, 2), np.nan), ReciprocityError, "nan"),
        (np.where(np.arange(100).reshape(50, 2) == 41, np.nan, 1.0), ReciprocityError, "period 20 in series 1"),
        (np.where(np.arange(100).reshape(50, 2) == 41, np.inf, 1.0), ReciprocityError, "inf"),
        (np.ones((50, 2)), TooLittle, "never varies"),
        (np.random.default_rng(0).standard_normal((4, 2)), TooLittle, "4 periods"),
        (np.empty((0, 2)), TooLittle, "0 periods"),
        (np.ones(50), ReciprocityError, "shape"),
    ],
)
def test_series_that_cannot_be_used_are_refused_with_the_reason(values, error, said):
    with pytest.raises(error, match=said):
        fit_var(values, 1)


@pytest.mark.parametrize("lags", [0, -1, 1.5])
def test_a_number_of_lags_that_makes_no_sense_is_refused(lags):
    with pytest.raises(ReciprocityError, match="lags"):
        check_series(np.random.default_rng(0).standard_normal((50, 2)), lags)


def test_two_series_that_are_the_same_cannot_be_told_apart():
    one = np.random.default_rng(0).standard_normal((80, 1))
    with pytest.raises(TooLittle, match="rank"):
        fit_var(np.hstack([one, one]), 1)


@pytest.mark.parametrize("acts", [1, 2, 4])
def test_a_few_acts_in_all_the_time_say_too_little(acts):
    values = np.zeros((60, 2))
    values[np.arange(acts) * 9 + 10, 0] = 3.0
    values[:, 1] = np.random.default_rng(0).standard_normal(60)
    with pytest.raises(TooLittle, match=f"series 0 departs from its usual value in {acts} periods"):
        fit_var(values, 2)


def test_text_is_no_series():
    with pytest.raises(ReciprocityError, match="no table of numbers"):
        fit_var([["a", "b"]] * 30, 1)
