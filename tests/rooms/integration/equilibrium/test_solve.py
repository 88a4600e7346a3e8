"""Random economies are solved with a certificate, or refused with a reason: never in silence."""

import numpy as np
import pytest
from tests.specimens.economies import draw_change, draw_economy, draw_flows, draw_model

from comity.integration.equilibrium.certificate import TOLERANCE, Certificate
from comity.integration.equilibrium.economy import Economy
from comity.integration.equilibrium.errors import NoEquilibrium, NotConverged
from comity.integration.equilibrium.geppml import balance_table, fit_baseline, solve_first_round, solve_geppml
from comity.integration.equilibrium.model import CLOSURES, Change, Model
from comity.integration.equilibrium.outcome import Equilibrium
from comity.integration.equilibrium.solve import solve_equilibrium


def measure_gap(found: Equilibrium, model: Model, change: Change, economy: Economy) -> float:
    """Give how far a result is from clearing markets, by the definition and not by the package's own code."""
    duty = np.zeros_like(economy.flows) if change.tariffs is None else np.log1p(change.tariffs)
    cost = duty if change.log_cost is None else duty + change.log_cost
    trade = 0 if change.log_trade is None else change.log_trade
    wish = found.before * np.exp(trade - model.theta * cost) * found.prices[:, None] ** -model.theta
    shares = wish / wish.sum(axis=0)
    paid = found.flows * np.exp(duty)
    off_shares = np.abs(paid / paid.sum(axis=0) - shares).max()
    supply = found.before.sum(axis=1) * found.prices ** (1 + model.psi) * found.cost_of_living**-model.psi
    return max(off_shares, np.abs(found.flows.sum(axis=1) / supply - 1).max())


@pytest.mark.parametrize("seed", range(60))
def test_a_random_economy_is_solved_or_refused_with_a_reason(seed: int):
    rng = np.random.default_rng(seed)
    economy, model = draw_economy(rng, 60), draw_model(rng)
    change = draw_change(rng, len(economy.names))
    try:
        found = solve_equilibrium(economy, change, model)
    except NoEquilibrium as error:
        assert model.closure == "additive"
        assert error.todo
        return
    assert found.certificate.largest <= TOLERANCE
    assert np.isfinite(found.welfare).all()
    assert measure_gap(found, model, change, economy) < 1e-8


def test_economies_without_a_large_change_are_all_solved():
    for seed in range(40):
        rng = np.random.default_rng(1000 + seed)
        economy, model = draw_economy(rng, 40), draw_model(rng)
        found = solve_equilibrium(economy, draw_change(rng, len(economy.names), 0.2), model)
        assert found.certificate.largest <= TOLERANCE


def test_no_change_changes_nothing():
    economy = draw_economy(np.random.default_rng(3), 30)
    for closure in ("additive", "multiplicative"):
        found = solve_equilibrium(economy, Change(), Model(5.0, closure=closure))
        assert np.abs(found.welfare - 1).max() < 1e-12
        assert np.abs(found.flows - economy.flows).max() < 1e-9 * economy.flows.max()


def test_a_surplus_that_cannot_be_kept_is_named_and_the_other_closures_go_on():
    economy = Economy(("A", "B"), np.array([[10.0, 6.0], [1.0, 10.0]]))
    apart = Change(log_cost=np.array([[0.0, 3.0], [3.0, 0.0]]))
    with pytest.raises(NoEquilibrium, match="goes to nothing in A") as caught:
        solve_equilibrium(economy, apart, Model(6.0))
    assert "of the change" in caught.value.where
    for closure in ("multiplicative", "balanced"):
        assert solve_equilibrium(economy, apart, Model(6.0, closure=closure)).certificate.largest < TOLERANCE


def test_a_deficit_larger_than_income_is_solved():
    economy = Economy(("A", "B"), np.array([[90.0, 20.0], [1.0, 5.0]]))
    assert economy.deficits[1] > economy.output[1]
    found = solve_equilibrium(economy, Change(log_cost=np.array([[0, 0.1], [0.1, 0]])), Model(4.0))
    assert found.welfare[1] < 1


def test_the_end_of_all_trade_of_an_economy_is_refused_by_name():
    rng = np.random.default_rng(0)
    economy = Economy(("A", "B", "C"), draw_flows(rng, 3))
    ended = np.zeros((3, 3))
    ended[2, :2] = -np.inf
    with pytest.raises(NoEquilibrium, match="without exports: C"):
        solve_equilibrium(economy, Change(log_trade=ended), Model(4.0))


def test_the_end_of_trade_of_one_pair_is_solved():
    economy = Economy(("A", "B", "C"), np.array([[8.0, 1.0, 1.0], [2.0, 9.0, 1.0], [1.0, 2.0, 7.0]]))
    ended = np.zeros((3, 3))
    ended[0, 1] = -np.inf
    found = solve_equilibrium(economy, Change(log_trade=ended), Model(4.0))
    assert found.flows[0, 1] == 0
    assert (found.welfare[:2] < 1).all()


def test_a_residual_above_the_tolerance_is_no_result():
    with pytest.raises(NotConverged, match="markets are off by 1.0e-08"):
        Certificate(1e-8, 0.0, 0.0, "newton", 3).demand()
    with pytest.raises(NotConverged):
        Certificate(float("nan"), 0.0, 0.0, "newton", 3).demand()


def test_a_tariff_brings_its_revenue_and_the_free_trade_of_others_is_as_costly_as_their_theory_says():
    economy = Economy(("A", "B"), np.array([[900.0, 100.0], [100.0, 900.0]]))
    rates = np.array([[0.0, 0.0], [0.05, 0.0]])
    found = solve_equilibrium(economy, Change(tariffs=rates), Model(4.0))
    assert found.welfare[0] > 1 > found.welfare[1]  # a small tariff turns the terms of trade
    assert found.terms_of_trade[0] > 1
    net = found.flows.sum(axis=0)[0]
    assert found.spending[0] * 1000 == pytest.approx(net + 0.05 * found.flows[1, 0], rel=1e-12)


def test_the_loop_of_regressions_ends_where_the_exact_hat_form_does():
    rng = np.random.default_rng(5)
    access, total = np.exp(rng.normal(-2, 1, (15, 15)) * (1 - np.eye(15))), rng.uniform(1, 9, 15)
    economy = fit_baseline(tuple(f"E{i}" for i in range(15)), access, total, rng.permutation(total))
    assert economy.output == pytest.approx(total, rel=1e-11)
    change = draw_change(rng, 15, 0.2)
    change = Change(log_trade=np.zeros((15, 15)) if change.log_cost is None else change.log_cost)
    loop = solve_geppml(economy, change, 4.0)
    assert loop.welfare == pytest.approx(
        solve_equilibrium(economy, change, Model(4.0, closure="multiplicative")).welfare, abs=1e-11
    )
    assert solve_first_round(economy, change, 4.0).gap > 1e-6  # the first round is no equilibrium


def test_a_table_that_cannot_be_balanced_says_so():
    with pytest.raises(NotConverged, match="cannot be balanced"):
        balance_table(np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, 3.0]), np.array([2.0, 2.0]))


@pytest.mark.parametrize("closure", CLOSURES)
def test_more_trade_of_a_balanced_pair_helps_both(closure: str):
    economy = Economy(("A", "B", "C"), np.array([[80.0, 5, 5], [5, 60.0, 5], [5, 5, 90.0]]))
    nearer = np.zeros((3, 3))
    nearer[0, 1] = nearer[1, 0] = 0.5
    found = solve_equilibrium(economy, Change(log_trade=nearer), Model(5.0, closure=closure))
    assert (found.welfare[:2] > 1).all()
    assert found.welfare[2] < 1
