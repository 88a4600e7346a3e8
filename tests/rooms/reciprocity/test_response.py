"""Impulse responses: the moving-average form, orderings, shares, and intervals that cover."""

import numpy as np
import pytest

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.response import (
    identify_responses,
    impact_shocks,
    respond_to_shocks,
    share_variance,
    shrink_bias,
    spread_shocks,
    sum_responses,
)
from comity.reciprocity.var import cut_matrices, fit_var

TIED = np.array([[[0.5, 0.2], [0.1, 0.4]]])
COVER = np.array([[2.0, 0.6], [0.6, 1.0]])


def test_the_spread_of_one_lag_is_its_powers():
    spread = spread_shocks(TIED, 3)
    np.testing.assert_allclose(spread[3], np.linalg.matrix_power(TIED[0], 3))


def test_the_spread_follows_a_shock_through_the_recursion():
    two = np.stack([TIED[0], 0.3 * TIED[0].T])
    path = [np.zeros(2), np.array([1.0, 0.0])]
    for _ in range(4):
        path.append(path[-1] @ two[0] + path[-2] @ two[1])
    np.testing.assert_allclose(spread_shocks(two, 4)[:, 0], path[1:])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_shock_moves_the_series_after_its_own_and_none_before(order):
    impact = impact_shocks(COVER, order)
    np.testing.assert_allclose(impact.T @ impact, COVER)
    assert impact[order[1], order[0]] == 0.0
    assert impact[order[0], order[1]] > 0.0


def test_generalised_responses_need_no_order_and_equal_the_first_in_any():
    free = respond_to_shocks(TIED, COVER, 4, None)
    for order in ((0, 1), (1, 0)):
        np.testing.assert_allclose(free[:, order[0]], respond_to_shocks(TIED, COVER, 4, order)[:, order[0]])


def test_an_order_that_is_none_is_refused():
    with pytest.raises(ReciprocityError, match="no ordering"):
        impact_shocks(COVER, (0, 0))


@pytest.mark.parametrize("order", [(0, 1), (1, 0), None])
def test_the_shares_of_the_variance_sum_to_one(order):
    shares = share_variance(respond_to_shocks(TIED, COVER, 6, order))
    np.testing.assert_allclose(shares.sum(1), 1.0)


def test_a_series_that_nothing_else_moves_owes_all_its_variance_to_itself():
    alone = np.array([[[0.5, 0.3], [0.0, 0.4]]])
    shares = share_variance(respond_to_shocks(alone, np.eye(2), 5, (0, 1)))
    np.testing.assert_allclose(shares[:, 0, 0], 1.0)


def test_intervals_hold_the_true_response_about_as_often_as_they_say(courses):
    truth = respond_to_shocks(TIED, np.eye(2), 4, (0, 1))[:, 0, 1]
    hits = []
    for seed in range(150):
        found = identify_responses(courses.make_var(TIED, 150, seed=seed), 1, 4, draws=200, seed=seed)
        band = found[0].responses
        hits.append((band.low[:, 0, 1] <= truth) & (truth <= band.high[:, 0, 1]))
    assert 0.83 <= np.mean(hits) <= 0.95


def test_both_orders_and_none_are_reported(courses):
    found = identify_responses(courses.make_var(TIED, 120, seed=1), 1, 3, draws=50)
    assert [one.order for one in found] == [(0, 1), (1, 0), None]
    for one in found:
        assert one.responses.estimate.shape == (4, 2, 2)
        assert (one.responses.low <= one.responses.high).all()
        assert ((one.shares.low >= 0) & (one.shares.high <= 1 + 1e-12)).all()


def test_swapping_the_sides_swaps_responses_and_intervals(courses):
    values = courses.make_var(TIED, 120, seed=2)
    here = identify_responses(values, 1, 3, draws=50, seed=4)
    there = identify_responses(values[:, ::-1], 1, 3, draws=50, seed=4)
    for order, mirrored in ((0, 1), (1, 0), (2, 2)):
        for end in ("estimate", "low", "high"):
            one = getattr(here[order].responses, end)
            other = getattr(there[mirrored].responses, end)
            np.testing.assert_allclose(one, other[:, ::-1, ::-1], atol=1e-8)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(courses):
    values = courses.make_var(TIED, 120, seed=3)
    one, two, three = (identify_responses(values, 1, 3, draws=50, seed=seed)[0].responses for seed in (5, 5, 6))
    assert one.low.tobytes() == two.low.tobytes()
    assert one.low.tobytes() != three.low.tobytes()


def test_taking_the_bias_off_leaves_the_course_stable():
    near = np.array([[0.99], [0.0]])
    corrected = shrink_bias(near, np.array([[-0.05], [0.0]]))
    assert 0.99 <= corrected[0, 0] < 1.0
    np.testing.assert_allclose(shrink_bias(np.array([[1.2], [0.0]]), np.array([[0.5], [0.0]])), [[1.2], [0.0]])


def test_the_correction_moves_the_interval_of_a_persistent_series_up(courses):
    slow = [[[0.9, 0.0], [0.0, 0.9]]]
    values = courses.make_var(slow, 80, seed=4)
    with_it, without = (
        identify_responses(values, 1, 6, draws=200, correct=correct)[0].responses for correct in (True, False)
    )
    assert with_it.high[6, 0, 0] > without.high[6, 0, 0]


def test_sums_of_responses_add_up():
    responses = respond_to_shocks(TIED, COVER, 3, None)
    np.testing.assert_allclose(sum_responses(responses)[-1], responses.sum(0))


@pytest.mark.parametrize(("horizon", "draws"), [(-1, 50), (3, 5)])
def test_a_horizon_or_number_of_draws_that_makes_no_sense_is_refused(courses, horizon, draws):
    with pytest.raises(ReciprocityError, match="horizon"):
        identify_responses(courses.make_var(TIED, 100, seed=1), 1, horizon, draws=draws)


def test_the_estimate_is_that_of_the_fit(courses):
    values = courses.make_var(TIED, 120, seed=5)
    fit = fit_var(values, 2)
    found = identify_responses(values, 2, 3, draws=20)[0].responses.estimate
    by_hand = np.linalg.cholesky(fit.covariance).T @ spread_shocks(cut_matrices(fit.coefficients, 2), 3)
    np.testing.assert_allclose(found, by_hand)
