"""The Sims-Zha prior: checked by other routes to the same posterior."""

from dataclasses import replace

import numpy as np
import pytest

from comity.reciprocity.bayes import (
    Prior,
    decay_lags,
    draw_posterior,
    draw_responses,
    fit_bayes,
    lay_dummies,
    respond_at_mean,
    scale_series,
)
from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.var import fit_var, lay_lags

TIED = [[[0.5, 0.2], [0.1, 0.4]]]
FULL = Prior(lambda0=0.7, lambda1=0.3, lambda3=1.0, lambda4=0.5, lambda5=0.4, mu5=1.5, mu6=2.0)


@pytest.mark.parametrize("prior", [FULL, Prior(), Prior(scale="series"), Prior(kind="normal-flat", mu5=1.0)])
def test_the_posterior_mean_is_least_squares_with_the_prior_as_further_rows(courses, prior):
    values = courses.make_var(TIED, 90, seed=1) + 3.0
    fit = fit_bayes(values, 3, prior)
    dummies, dummy_targets = lay_dummies(values, 3, prior)
    half = np.sqrt(fit.prior_precision)
    walk = np.eye(7, 2)
    rows = np.vstack([dummies, lay_lags(values, 3), half])
    targets = np.vstack([dummy_targets, values[3:], half @ walk])
    by_hand, *_ = np.linalg.lstsq(rows, targets, rcond=None)
    np.testing.assert_allclose(fit.coefficients, by_hand, atol=1e-8)
    left = targets - rows @ by_hand
    np.testing.assert_allclose(fit.scatter, fit.prior_scatter + left.T @ left, rtol=1e-8)
    np.testing.assert_allclose(fit.covariance, fit.scatter / (87 + 3 - 2 - 1), rtol=1e-12)


def stack_prior(values, lags, prior):
    """Give the whole problem as rows of one regression, written out number by number."""
    periods, m = values.shape
    width = m * lags + 1
    variance = []
    for n in range(m):
        rows = [[values[t - back, n] for back in range(1, lags + 1)] + [1.0] for t in range(lags, periods)]
        left = values[lags:, n] - np.array(rows) @ np.linalg.lstsq(np.array(rows), values[lags:, n], rcond=None)[0]
        variance.append((left**2).sum() / (periods - lags))
    start, regressors, targets = values[:lags].mean(0), [], []
    for lag in range(1, lags + 1):
        for n in range(m):
            row, target = np.zeros(width), np.zeros(m)
            row[(lag - 1) * m + n] = variance[n] ** 0.5 * lag**prior.lambda3 / (prior.lambda0 * prior.lambda1)
            target[n] = row[(lag - 1) * m + n] if lag == 1 else 0.0
            regressors.append(row), targets.append(target)
    constant = np.zeros(width)
    constant[-1] = 1.0 / (prior.lambda0 * prior.lambda4)
    regressors.append(constant), targets.append(np.zeros(m))
    for n in range(m):
        row, target = np.zeros(width), np.zeros(m)
        row[n : m * lags : m] = prior.mu5 * start[n]
        target[n] = prior.mu5 * start[n]
        regressors.append(row), targets.append(target)
    regressors.append(np.array([prior.mu6 * x for x in list(start) * lags] + [prior.mu6]))
    targets.append(prior.mu6 * start)
    for t in range(lags, periods):
        regressors.append(np.array([values[t - back, n] for back in range(1, lags + 1) for n in range(m)] + [1.0]))
        targets.append(values[t])
    return np.array(regressors), np.array(targets), np.array(variance)


@pytest.mark.parametrize("prior", [replace(FULL, scale="series"), Prior(scale="series", lambda1=0.2, mu5=1.0, mu6=1.0)])
@pytest.mark.parametrize("series", [2, 3])
def test_the_posterior_is_the_dummy_observation_form_written_out_by_hand(prior, series):
    values = np.random.default_rng(series).standard_normal((70, series)).cumsum(0) + 2.0
    fit = fit_bayes(values, 2, prior)
    rows, targets, variance = stack_prior(values, 2, prior)
    by_hand, *_ = np.linalg.lstsq(rows, targets, rcond=None)
    np.testing.assert_allclose(fit.coefficients, by_hand, atol=1e-9)
    left = targets - rows @ by_hand
    scatter = left.T @ left + np.diag(variance) / prior.lambda0**2
    np.testing.assert_allclose(fit.covariance, scatter / (68 + (series + 1) - series - 1), rtol=1e-9)


def test_the_prior_of_each_coefficient_has_the_published_form(courses):
    values = courses.make_var(TIED, 90, seed=2)
    prior = Prior(lambda0=0.7, lambda1=0.3, lambda3=1.5, lambda4=0.5, lambda5=0.4, scale="series")
    fit = fit_bayes(values, 2, prior, exogenous=np.arange(90.0)[:, None])
    variance = scale_series(values, 2)
    by_hand = [
        *(variance / (0.7 * 0.3) ** 2),
        *(variance / (0.7 * 0.3 * 2**-1.5) ** 2),
        1 / (0.7 * 0.5) ** 2,
        1 / (0.7 * 0.4) ** 2,
    ]
    np.testing.assert_allclose(np.diag(fit.prior_precision), by_hand)
    np.testing.assert_allclose(fit.prior_scatter, np.diag(variance / 0.7**2))


def test_the_scale_comes_from_each_series_own_past(courses):
    values = courses.make_var(TIED, 90, seed=3)
    by_hand = [float(fit_var(values[:, [n]], 2).covariance[0, 0]) for n in range(2)]
    np.testing.assert_allclose(scale_series(values, 2), by_hand)


def test_stacked_scale_puts_the_weighted_dummies_before_the_rows(courses):
    values = courses.make_var(TIED, 90, seed=4)
    _, targets = lay_dummies(values, 2, FULL)
    fit = fit_bayes(values, 2, FULL)
    by_hand = scale_series(np.vstack([targets, values[2:]]), 2)
    np.testing.assert_allclose(np.diag(fit.prior_scatter), by_hand / FULL.lambda0**2)


def test_the_dummies_say_that_levels_persist():
    values = np.array([[1.0, 10.0], [3.0, 30.0], [5.0, 0.0], [2.0, 2.0]])
    regressors, targets = lay_dummies(values, 2, Prior(mu5=2.0, mu6=3.0))
    np.testing.assert_allclose(targets, [[4.0, 0.0], [0.0, 40.0], [6.0, 60.0]])
    np.testing.assert_allclose(regressors[0], [4, 0, 4, 0, 0])
    np.testing.assert_allclose(regressors[2], [6, 60, 6, 60, 3])


def test_lags_decay_harmonically_or_as_quarters_do():
    np.testing.assert_allclose(decay_lags(3, Prior(lambda3=1.0)), [1, 1 / 2, 1 / 3])
    monthly = decay_lags(12, Prior(lambda3=1.0, decay="monthly"))
    assert monthly[0] == pytest.approx(1.0)
    assert monthly[-1] == pytest.approx(1 / 4)
    np.testing.assert_allclose(np.diff(np.log(monthly)), np.log(1 / 4) / 11)


def test_a_tight_prior_gives_a_random_walk_and_none_gives_least_squares(courses):
    values = courses.make_var(TIED, 200, seed=5)
    tight = fit_bayes(values, 2, Prior(lambda0=1e-4, lambda1=1e-2))
    np.testing.assert_allclose(tight.coefficients, np.eye(5, 2), atol=1e-3)
    loose = fit_bayes(values, 2, Prior(kind="flat"))
    np.testing.assert_allclose(loose.coefficients, fit_var(values, 2).coefficients, atol=1e-10)
    wide = fit_bayes(values, 2, Prior(lambda0=1.0, lambda1=1e4, lambda3=0.0, lambda4=1e4))
    np.testing.assert_allclose(wide.coefficients, fit_var(values, 2).coefficients, atol=1e-5)


@pytest.mark.parametrize("prior", [Prior(), replace(FULL, scale="series")])
def test_swapping_the_sides_swaps_the_posterior(courses, prior):
    values = courses.make_var(TIED, 120, seed=6)
    here, there = fit_bayes(values, 2, prior), fit_bayes(values[:, ::-1], 2, prior)
    np.testing.assert_allclose(here.covariance, there.covariance[::-1, ::-1], rtol=1e-10)
    swapped = there.coefficients[[1, 0, 3, 2, 4]][:, ::-1]
    np.testing.assert_allclose(here.coefficients, swapped, atol=1e-10)


def test_draws_have_the_moments_of_the_posterior(courses):
    fit = fit_bayes(courses.make_var(TIED, 150, seed=7), 2)
    coefficients, covariances = draw_posterior(fit, 20_000, seed=1)
    np.testing.assert_allclose(covariances.mean(0), fit.covariance, atol=0.01)
    np.testing.assert_allclose(coefficients.mean(0), fit.coefficients, atol=0.005)
    np.testing.assert_allclose(coefficients.std(0), fit.errors, rtol=0.05)


def test_the_same_seed_gives_the_same_draws(courses):
    fit = fit_bayes(courses.make_var(TIED, 100, seed=8), 1)
    one, two, three = (draw_responses(fit, 3, (0, 1), 20, seed=seed).tobytes() for seed in (1, 1, 2))
    assert one == two != three


def test_drawn_responses_lie_around_that_at_the_mean(courses):
    fit = fit_bayes(courses.make_var(TIED, 400, seed=9), 1)
    drawn = draw_responses(fit, 3, (1, 0), 4000)
    np.testing.assert_allclose(drawn.mean(0), respond_at_mean(fit, 3, (1, 0)), atol=0.02)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"lambda0": 0.0}, "lambda0"),
        ({"lambda1": float("nan")}, "lambda1"),
        ({"mu5": -1.0}, "mu5"),
        ({"kind": "jeffreys"}, "jeffreys"),
        ({"scale": "own"}, "own"),
        ({"decay": "weekly"}, "weekly"),
    ],
)
def test_a_prior_that_cannot_be_is_refused(words, said):
    with pytest.raises(ReciprocityError, match=said):
        Prior(**words)


def test_exogenous_columns_with_gaps_or_another_length_are_refused(courses):
    values = courses.make_var(TIED, 60, seed=1)
    with pytest.raises(ReciprocityError, match="exogenous"):
        fit_bayes(values, 1, exogenous=np.ones((59, 1)))
    with pytest.raises(ReciprocityError, match="exogenous"):
        fit_bayes(values, 1, exogenous=np.full((60, 1), np.nan))
