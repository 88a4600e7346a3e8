"""Laws of a counterfactual: names only name, the world adds up, a change and its reverse cancel, money has no unit."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.specimens.economies import draw_change, draw_flows

from comity.integration.equilibrium.economy import Economy
from comity.integration.equilibrium.model import CLOSURES, Change, Model
from comity.integration.equilibrium.parameters import Effect
from comity.integration.equilibrium.scenario import Scenario, Step
from comity.integration.equilibrium.simulate import Chance, solve_scenario
from comity.integration.equilibrium.solve import solve_equilibrium
from comity.integration.equilibrium.world import wrap_economy

SEEDS = st.integers(0, 10_000)
COUNTS = st.integers(5, 25)
THETAS = st.floats(1.0, 12.0)
SUPPLIES = st.sampled_from([0.0, 0.7])
CLOSED = st.sampled_from(list(CLOSURES))


def draw_economy(seed: int, count: int) -> tuple[Economy, Change]:
    rng = np.random.default_rng(seed)
    economy = Economy(tuple(f"E{i:02}" for i in range(count)), draw_flows(rng, count))
    return economy, draw_change(rng, count, 0.15)


def turn(table: np.ndarray | None, order: np.ndarray) -> np.ndarray | None:
    return None if table is None else table[np.ix_(order, order)]


@settings(max_examples=25)
@given(SEEDS, COUNTS, THETAS, SUPPLIES, CLOSED)
def test_another_order_of_the_economies_gives_the_same_in_another_order(seed, count, theta, psi, closure):
    economy, change = draw_economy(seed, count)
    model = Model(theta, psi, closure)
    order = np.random.default_rng(seed + 1).permutation(count)
    turned = Economy(tuple(economy.names[i] for i in order), economy.flows[np.ix_(order, order)])
    parts = (turn(part, order) for part in (change.log_trade, change.log_cost, change.tariffs))
    one, other = solve_equilibrium(economy, change, model), solve_equilibrium(turned, Change(*parts), model)
    assert np.abs(one.welfare[order] - other.welfare).max() < 1e-10


@settings(max_examples=25)
@given(SEEDS, COUNTS, THETAS, SUPPLIES, CLOSED)
def test_the_world_adds_up_after_a_change(seed, count, theta, psi, closure):
    economy, change = draw_economy(seed, count)
    found = solve_equilibrium(economy, change, Model(theta, psi, closure))
    sold, bought = found.flows.sum(axis=1), found.flows.sum(axis=0)
    assert abs(sold.sum() / found.before.sum() - 1) < 1e-10
    assert np.abs(sold - found.income * found.before.sum(axis=1)).max() < 1e-9 * sold.max()
    deficits = bought - sold
    assert abs(deficits.sum()) < 1e-10 * sold.sum()
    if closure == "additive":
        assert np.abs(deficits - economy.deficits).max() < 1e-9 * sold.max()
    if closure == "balanced":
        assert np.abs(deficits / sold).max() < 1e-9


@settings(max_examples=25)
@given(SEEDS, COUNTS, THETAS, SUPPLIES, CLOSED)
def test_a_change_and_its_reverse_cancel(seed, count, theta, psi, closure):
    economy, change = draw_economy(seed, count)
    model = Model(theta, psi, closure)
    there = solve_equilibrium(economy, change, model)
    after = Economy(economy.names, there.flows, change.tariffs)
    back = Change(
        None if change.log_trade is None else -change.log_trade,
        None if change.log_cost is None else -change.log_cost,
        np.zeros_like(economy.flows),
    )
    home = solve_equilibrium(after, back, model)
    assert np.abs(there.welfare * home.welfare - 1).max() < 1e-9
    assert np.abs(there.prices * home.prices - 1).max() < 1e-9
    assert np.abs(home.flows - there.before).max() < 1e-8 * there.before.max()


@settings(max_examples=25)
@given(SEEDS, COUNTS, THETAS, CLOSED, st.floats(1e-9, 1e12))
def test_the_unit_of_currency_does_not_matter(seed, count, theta, closure, unit):
    economy, change = draw_economy(seed, count)
    model = Model(theta, closure=closure)
    one = solve_equilibrium(economy, change, model)
    other = solve_equilibrium(Economy(economy.names, economy.flows * unit), change, model)
    assert np.abs(one.welfare - other.welfare).max() < 1e-10
    assert np.abs(one.flows * unit / other.flows.max() - other.flows / other.flows.max()).max() < 1e-10


@settings(max_examples=10)
@given(SEEDS, st.integers(5, 12))
def test_renaming_the_parties_of_a_scenario_only_renames_with_its_intervals(seed, count):
    flows = draw_flows(np.random.default_rng(seed), count)
    names = [f"E{i:02}" for i in range(count)]
    renamed = [f"Z{count - i:02}" for i in range(count)]
    spreads = []
    for words in (names, renamed):
        step = Step("agreement", {"parties": tuple(words[:3])}, effect=Effect(0.5, 0.1, "a test"))
        world = wrap_economy(Economy(tuple(words), flows))
        spreads.append(solve_scenario(Scenario("s", "s", (step,)), world, Chance(draws=15)))
    assert np.abs(spreads[0].welfare - spreads[1].welfare).max() < 1e-10


def test_swapping_the_parties_of_an_agreement_changes_nothing():
    flows = draw_flows(np.random.default_rng(1), 6)
    world = wrap_economy(Economy(tuple("ABCDEF"), flows))
    both = [
        solve_scenario(
            Scenario("s", "s", (Step("agreement", {"parties": pair}, effect=Effect(0.5, 0.1, "t")),)), world, Chance(20)
        ).welfare
        for pair in (("A", "B"), ("B", "A"))
    ]
    assert (both[0] == both[1]).all()
