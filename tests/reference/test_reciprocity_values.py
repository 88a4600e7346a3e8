"""Published values: R package MSBVAR 0.9-3 on the weekly series of Brandt and Freeman (2006), 1,278 weeks."""

import csv
from pathlib import Path

import numpy as np
import pytest

from comity.reciprocity.granger import identify_granger
from comity.reciprocity.var import fit_var, identify_lags


@pytest.fixture(scope="module")
def weekly(shared: Path) -> np.ndarray:
    with (shared / "data/reciprocity/israel_palestine_weekly.csv").open(encoding="utf-8", newline="") as lines:
        rows = [[float(row["i2p"]), float(row["p2i"])] for row in csv.DictReader(lines)]
    assert len(rows) == 1278
    return np.array(rows)


@pytest.mark.parametrize(
    ("lags", "second_to_first", "first_to_second"),
    [(1, 72.52304625, 129.37022527), (2, 56.30076184, 32.94661834), (4, 28.64310845, 13.22774237)],
)
def test_granger_statistics_are_the_published_ones(weekly, lags, second_to_first, first_to_second):
    found = {(test.cause, test.effect): test.statistic for test in identify_granger(weekly, lags)}
    assert found[1, 0] == pytest.approx(second_to_first, abs=1e-8)
    assert found[0, 1] == pytest.approx(first_to_second, abs=1e-8)


@pytest.mark.parametrize(
    ("lags", "criteria"),
    [
        (1, ("14.87379", "14.89817", "14.88295")),
        (2, ("14.77782", "14.81845", "14.79309")),
        (6, ("14.61803", "14.72366", "14.65771")),
        (11, ("14.51579", "14.70268", "14.58600")),
    ],
)
def test_lag_criteria_are_the_published_ones_to_the_last_digit(weekly, lags, criteria):
    choice = identify_lags(weekly, 12)
    assert tuple(f"{column[lags - 1]:.5f}" for column in (choice.aic, choice.bic, choice.hq)) == criteria


def test_the_reduced_form_is_the_published_one(weekly):
    coefficients = fit_var(weekly, 6).coefficients
    published = [
        [0.373841086, 0.104266884],
        [0.170918464, 0.200640672],
        [-0.126989191, -0.058671201],
        [0.372174203, 0.209383211],
    ]
    np.testing.assert_allclose(coefficients[:4], published, rtol=0, atol=1e-6)
    np.testing.assert_allclose(coefficients[-1], [-7.639950397, -0.965796632], rtol=0, atol=1e-6)


def test_without_any_prior_the_bayesian_model_is_the_reduced_form(weekly):
    from comity.reciprocity.bayes import Prior, fit_bayes

    flat = fit_bayes(weekly, 6, Prior(kind="flat"))
    np.testing.assert_allclose(flat.coefficients, fit_var(weekly, 6).coefficients, rtol=0, atol=1e-6)
