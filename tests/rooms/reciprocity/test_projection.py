"""Local projections: their estimates, their errors, and what they share with an autoregression."""

import numpy as np
import pytest

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.projection import Design, identify_projection, weigh_errors
from comity.reciprocity.response import respond_to_shocks
from comity.reciprocity.var import fit_var

TIED = np.array([[[0.5, 0.3], [0.1, 0.4]]])


@pytest.mark.parametrize("augmented", [True, False])
def test_a_known_response_is_found_at_every_horizon(courses, augmented):
    values = courses.make_var(TIED, 20_000, seed=1)
    found = identify_projection(values, 0, 1, Design(1, 5, augmented=augmented))
    truth = respond_to_shocks(TIED, np.eye(2), 5, (0, 1))[:, 0, 1]
    np.testing.assert_allclose(found.estimate, truth, atol=0.03)


def test_the_estimate_within_the_period_is_that_of_the_ordering(courses):
    values = courses.make_var(TIED, 300, seed=2)
    found = identify_projection(values, 0, 1, Design(2, 0, augmented=False))
    cover = fit_var(values, 2).covariance
    assert found.estimate[0] == pytest.approx(cover[0, 1] / cover[0, 0])


def test_an_impulse_that_comes_second_moves_nothing_within_the_period(courses):
    found = identify_projection(courses.make_var(TIED, 300, seed=3), 0, 1, Design(2, 2, impulse_first=False))
    assert found.estimate[0] == found.error[0] == 0.0
    assert found.error[1] > 0


def test_cumulative_estimates_are_sums_of_the_single_ones(courses):
    values = courses.make_var(TIED, 20_000, seed=4)
    single, total = (identify_projection(values, 0, 1, Design(1, 4, cumulative=c)) for c in (False, True))
    np.testing.assert_allclose(np.cumsum(single.estimate), total.estimate, atol=0.01)


@pytest.mark.parametrize("bandwidth", [0, 1, 4])
def test_errors_are_the_double_sum_over_pairs_of_rows(bandwidth):
    rng = np.random.default_rng(5)
    regressors, residuals = np.hstack([rng.standard_normal((40, 2)), np.ones((40, 1))]), rng.standard_normal(40)
    middle = np.zeros((3, 3))
    for i in range(40):
        for j in range(40):
            weight = max(0.0, 1 - abs(i - j) / (bandwidth + 1))
            middle += weight * residuals[i] * residuals[j] * np.outer(regressors[i], regressors[j])
    bread = np.linalg.inv(regressors.T @ regressors)
    np.testing.assert_allclose(weigh_errors(regressors, residuals, bandwidth), bread @ middle @ bread * 40 / 37)


def test_intervals_hold_the_true_response_about_as_often_as_they_say(courses):
    truth = respond_to_shocks(TIED, np.eye(2), 3, (0, 1))[:, 0, 1]
    hits = []
    for seed in range(200):
        found = identify_projection(courses.make_var(TIED, 200, seed=seed), 0, 1, Design(1, 3))
        hits.append((found.low <= truth) & (truth <= found.high))
    assert 0.85 <= np.mean(hits) <= 0.94


def test_swapping_the_sides_swaps_the_projection(courses):
    values = courses.make_var(TIED, 150, seed=6)
    here = identify_projection(values, 0, 1, Design(2, 3))
    there = identify_projection(values[:, ::-1], 1, 0, Design(2, 3))
    np.testing.assert_allclose(here.estimate, there.estimate, atol=1e-9)
    np.testing.assert_allclose(here.error, there.error, atol=1e-9)


@pytest.mark.parametrize(("impulse", "response", "horizon"), [(0, 0, 3), (0, 2, 3), (-1, 0, 3), (0, 1, -1)])
def test_series_or_horizons_that_do_not_exist_are_refused(courses, impulse, response, horizon):
    with pytest.raises(ReciprocityError):
        identify_projection(courses.make_var(TIED, 100, seed=1), impulse, response, Design(1, horizon))


def test_a_horizon_beyond_the_series_says_too_little(courses):
    with pytest.raises(TooLittle, match="horizon of 95"):
        identify_projection(courses.make_var(TIED, 100, seed=1), 0, 1, Design(1, 95))
