"""Draws solved together are the same as each solved alone, and the chain from an estimate keeps its spread."""

import numpy as np
import pytest
from tests.specimens.economies import draw_flows

from comity.integration.equilibrium.draws import Draws, pose_draws, solve_draws
from comity.integration.equilibrium.economy import Economy
from comity.integration.equilibrium.errors import EquilibriumError, NoEquilibrium
from comity.integration.equilibrium.model import Change, Model
from comity.integration.equilibrium.outcome import MEASURES
from comity.integration.equilibrium.parameters import Effect, Elasticity, draw_coefficients, read_elasticity
from comity.integration.equilibrium.scenario import Scenario, Step
from comity.integration.equilibrium.simulate import Chance, solve_scenario
from comity.integration.equilibrium.solve import solve_equilibrium
from comity.integration.equilibrium.step import read_world
from comity.integration.equilibrium.world import World, wrap_economy


def make_draws(rng: np.random.Generator, count: int, pairs: int, draws: int, *, taxed: bool = False) -> Draws:
    off = np.argwhere(~np.eye(count, dtype=bool))
    chosen = off[rng.choice(len(off), pairs, replace=False)]
    trade = np.tile(rng.normal(0.5, 0.3, draws), (pairs, 1))
    tariffs = np.where(np.eye(count, dtype=bool), 0, 0.1) if taxed else None
    return Draws(
        rng.uniform(2, 9, draws), chosen[:, 0], chosen[:, 1], trade, rng.normal(0, 0.02, (pairs, draws)), tariffs
    )


@pytest.mark.parametrize("closure", ["additive", "multiplicative"])
@pytest.mark.parametrize(("psi", "pairs", "taxed"), [(0.0, 6, False), (0.8, 200, True), (0.0, 60, True)])
def test_draws_together_are_the_same_as_alone(closure: str, psi: float, pairs: int, taxed: bool):
    rng = np.random.default_rng(7)
    economy = Economy(tuple(f"E{i}" for i in range(16)), draw_flows(rng, 16))
    draws = make_draws(rng, 16, pairs, 70, taxed=taxed)
    spread = solve_draws(economy, draws, Model(5.0, psi, closure))
    assert spread.certificate.largest < 1e-9
    for draw in (0, 33, 69):
        alone = solve_equilibrium(economy, draws.pose(draw, 16), Model(float(draws.theta[draw]), psi, closure))
        for name in MEASURES:
            assert getattr(spread, name)[:, draw] == pytest.approx(getattr(alone, name), abs=1e-11)


def test_a_draw_far_from_the_rest_is_solved_by_itself():
    rng = np.random.default_rng(2)
    economy = Economy(tuple(f"E{i}" for i in range(8)), draw_flows(rng, 8))
    draws = make_draws(rng, 8, 10, 40)
    draws.log_cost[:, 5] = -0.9
    draws.log_cost[:, 9] = 1.5
    spread = solve_draws(economy, draws, Model(5.0, closure="multiplicative"))
    for draw in (5, 9):
        alone = solve_equilibrium(
            economy, draws.pose(draw, 8), Model(float(draws.theta[draw]), closure="multiplicative")
        )
        assert spread.welfare[:, draw] == pytest.approx(alone.welfare, abs=1e-8)


def test_a_draw_without_an_equilibrium_is_named():
    economy = Economy(("A", "B"), np.array([[10.0, 6.0], [1.0, 10.0]]))
    cost = np.zeros((2, 30))
    cost[:, 17] = 3.0
    draws = Draws(np.full(30, 6.0), np.array([0, 1]), np.array([1, 0]), np.zeros((2, 30)), cost)
    with pytest.raises(NoEquilibrium) as caught:
        solve_draws(economy, draws, Model(6.0))
    assert caught.value.where.startswith("draw 17")


def test_draws_out_of_range_are_refused():
    economy = Economy(("A", "B"), np.array([[10.0, 6.0], [5.0, 10.0]]))
    zero = np.zeros((1, 2))
    pair = np.array([0]), np.array([1])
    with pytest.raises(EquilibriumError, match="theta is -1"):
        solve_draws(economy, Draws(np.array([4.0, -1.0]), *pair, zero, zero), Model(4.0))
    with pytest.raises(EquilibriumError, match="not finite"):
        solve_draws(economy, Draws(np.array([4.0, 4.0]), *pair, zero - np.inf, zero), Model(4.0))
    with pytest.raises(EquilibriumError, match="no range"):
        Elasticity(5.0, 4.0, 6.0)


def test_an_interval_of_an_effect_follows_from_its_error():
    covariance = np.array([[0.04, 0.03], [0.03, 0.09]])
    drawn = draw_coefficients(np.array([0.5, 1.0]), covariance, 40_000, 1)
    assert np.cov(drawn) == pytest.approx(covariance, abs=2e-3)
    assert drawn.mean(axis=1) == pytest.approx([0.5, 1.0], abs=5e-3)
    with pytest.raises(EquilibriumError, match="negative direction"):
        draw_coefficients(np.zeros(2), np.array([[1.0, 2.0], [2.0, 1.0]]), 3, 0)


def test_drawn_coefficients_go_through_the_whole_chain():
    rng = np.random.default_rng(4)
    economy = Economy(tuple(f"E{i}" for i in range(9)), draw_flows(rng, 9))
    moves = np.zeros((2, 9, 9))
    moves[0, 0, 1] = moves[0, 1, 0] = 1  # an agreement
    moves[1, 2, 3] = moves[1, 0, 1] = -0.2  # a shorter way
    coefficients = draw_coefficients(np.array([0.5, -0.8]), np.diag([0.01, 0.02]), 40, 5)
    draws = pose_draws(moves, coefficients, np.full(40, 5.0))
    spread = solve_draws(economy, draws, Model(5.0))
    whole = np.einsum("kij,k->ij", moves, coefficients[:, 8])
    alone = solve_equilibrium(economy, Change(log_trade=whole), Model(5.0))
    assert spread.welfare[:, 8] == pytest.approx(alone.welfare, abs=1e-11)
    with pytest.raises(EquilibriumError, match="coefficients"):
        pose_draws(moves, coefficients[:1], np.full(40, 5.0))


def test_the_published_range_of_the_elasticity_is_drawn_within_its_ends():
    theta = read_elasticity()
    drawn = theta.draw(np.random.default_rng(0), 5000)
    assert theta.low <= drawn.min() < theta.low + 0.1
    assert theta.high - 0.2 < drawn.max() <= theta.high


@pytest.mark.parametrize("closure", ["additive", "multiplicative"])
@pytest.mark.parametrize(("psi", "taxed"), [(0.0, False), (0.8, True)])
def test_drawn_sales_at_home_are_the_same_as_another_economy_alone(closure: str, psi: float, taxed: bool):
    rng = np.random.default_rng(8)
    economy = Economy(tuple(f"E{i}" for i in range(16)), draw_flows(rng, 16))
    drawn = make_draws(rng, 16, 30, 70, taxed=taxed)
    rows = np.append(drawn.rows, 3)
    columns = np.append(drawn.columns, 3)  # trade within an economy may change, too
    trade = np.vstack([drawn.log_trade, rng.normal(0, 0.2, 70)])
    cost = np.vstack([drawn.log_cost, np.zeros(70)])
    home = rng.uniform(0.5, 2.0, (16, 70))
    draws = Draws(drawn.theta, rows, columns, trade, cost, drawn.tariffs, home)
    spread = solve_draws(economy, draws, Model(5.0, psi, closure))
    assert spread.certificate.largest < 1e-9
    for draw in (0, 33, 69):
        flows = economy.flows.copy()
        np.fill_diagonal(flows, np.diag(flows) * home[:, draw])
        model = Model(float(draws.theta[draw]), psi, closure)
        alone = solve_equilibrium(Economy(economy.names, flows), draws.pose(draw, 16), model)
        for name in MEASURES:
            assert getattr(spread, name)[:, draw] == pytest.approx(getattr(alone, name), abs=1e-10)


def test_intervals_of_the_shipped_world_hold_how_sales_at_home_are_constructed():
    world = read_world()
    step = Step("agreement", {"parties": ("KEN", "VNM")}, effect=Effect(0.557, 0.0, "a test"))
    scenario = Scenario("s", "s", (step,), theta=Elasticity(5.0, 5.0, 5.0))
    held = solve_scenario(scenario, World(world.economy, world.members), Chance(40))
    drawn = solve_scenario(scenario, world, Chance(40))
    place = world.economy.find("KEN")
    low, high = (end[place] for end in held.find_bounds("welfare", 0.9))
    assert high - low < 1e-12
    low, high = (end[place] for end in drawn.find_bounds("welfare", 0.9))
    assert low < drawn.centre.welfare[place] < high
    assert (high - low) / (drawn.centre.welfare[place] - 1) > 0.1


def test_draws_of_sales_at_home_follow_the_published_range_and_not_the_names():
    world = read_world()
    home = world.draw_home(200, 0)
    gdp = np.array([member.gdp for member in world.members])
    exports = world.economy.output - np.diag(world.economy.flows)
    ratios = (home * np.diag(world.economy.flows)[:, None] + exports[:, None]) / gdp[:, None]
    free = np.array([member.home == "gdp" for member in world.members])
    assert 1.61 - 1e-9 <= ratios[free].min()
    assert np.median(ratios[free]) == pytest.approx(1.97, abs=0.03)
    turned = World(
        Economy(world.economy.names, world.economy.flows[::-1, ::-1]), world.members[::-1], world.construction
    )
    assert turned.draw_home(200, 0)[::-1] == pytest.approx(home, rel=1e-12)
    assert wrap_economy(world.economy).draw_home(5, 0) is None
