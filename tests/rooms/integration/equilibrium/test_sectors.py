"""The model with sectors becomes the one-sector model where there is one sector, and its accounts hold."""

import numpy as np
import pytest
from tests.specimens.economies import draw_flows

from comity.integration.equilibrium.economy import Economy
from comity.integration.equilibrium.errors import EconomyError, EquilibriumError, NoEquilibrium
from comity.integration.equilibrium.model import CLOSURES, Change, Model
from comity.integration.equilibrium.sector_solve import solve_sectors
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy, SectorModel
from comity.integration.equilibrium.solve import solve_equilibrium

COUNT, SECTORS = 8, 3


def make_economy(seed: int) -> SectorEconomy:
    rng = np.random.default_rng(seed)
    value_added = rng.uniform(0.3, 0.7, (SECTORS, COUNT))
    inputs = rng.random((SECTORS, SECTORS, COUNT))
    inputs = inputs / inputs.sum(axis=0) * (1 - value_added)
    flows = np.stack([draw_flows(rng, COUNT) for _ in range(SECTORS)])
    flows /= flows.sum(axis=(1, 2))[:, None, None]
    tariffs = rng.uniform(0, 0.2, flows.shape) * (1 - np.eye(COUNT))
    home = np.arange(COUNT)
    for _ in range(300):
        lack = 1.1 * np.einsum("kjn,jn->kn", inputs, flows.sum(axis=2)) - (flows * (1 + tariffs)).sum(axis=1)
        flows[:, home, home] += 2 * np.maximum(lack, 0)
    names = tuple(f"E{i}" for i in range(COUNT))
    return SectorEconomy(names, ("farm", "mine", "mill"), flows, tariffs, value_added, inputs)


@pytest.mark.parametrize("closure", CLOSURES)
def test_one_sector_without_inputs_is_the_one_sector_model(closure: str):
    rng = np.random.default_rng(1)
    flows = draw_flows(rng, 10)
    cost = rng.normal(0, 0.2, (10, 10)) * (1 - np.eye(10))
    rates = rng.uniform(0, 0.3, (10, 10)) * (1 - np.eye(10))
    names = tuple(f"E{i}" for i in range(10))
    one = solve_equilibrium(Economy(names, flows), Change(log_cost=cost, tariffs=rates), Model(4.0, closure=closure))
    whole = SectorEconomy(names, ("all",), flows[None], np.zeros((1, 10, 10)), np.ones((1, 10)), np.zeros((1, 1, 10)))
    many = solve_sectors(whole, SectorChange(cost[None], rates[None]), SectorModel((4.0,), closure))
    assert many.welfare == pytest.approx(one.welfare, abs=1e-9)
    assert many.flows[0] == pytest.approx(one.flows, rel=1e-7)


def test_inputs_of_one_sector_are_a_supply_elasticity():
    rng = np.random.default_rng(3)
    flows = draw_flows(rng, 10)
    cost = rng.normal(0, 0.2, (10, 10)) * (1 - np.eye(10))
    names, share = tuple(f"E{i}" for i in range(10)), 0.4
    model = Model(4.0, psi=(1 - share) / share)
    one = solve_equilibrium(Economy(names, flows), Change(log_cost=cost), model)
    whole = SectorEconomy(
        names, ("all",), flows[None], np.zeros((1, 10, 10)), np.full((1, 10), share), np.full((1, 1, 10), 1 - share)
    )
    many = solve_sectors(whole, SectorChange(cost[None]), SectorModel((4.0,)))
    assert many.real_wages == pytest.approx(one.income / one.cost_of_living, abs=1e-9)


@pytest.mark.parametrize("closure", CLOSURES)
def test_the_accounts_of_every_economy_hold_after_free_trade(closure: str):
    economy = make_economy(4)
    found = solve_sectors(
        economy, SectorChange(tariffs=np.zeros_like(economy.flows)), SectorModel((3.0, 9.0, 5.0), closure)
    )
    sales = found.flows.sum(axis=(0, 2))
    assert found.certificate.largest < 1e-9
    deficits = found.flows.sum(axis=(0, 1)) - sales
    assert abs(deficits.sum()) < 1e-9 * sales.sum()
    if closure == "balanced":
        assert np.abs(deficits / sales).max() < 1e-9
    if closure == "additive":
        assert deficits == pytest.approx(economy.deficits, abs=1e-8 * sales.sum())
    added = (economy.value_added * found.flows.sum(axis=2)).sum()
    assert added == pytest.approx(economy.income.sum(), rel=1e-9)


def test_no_change_changes_nothing_and_a_change_cancels_with_its_reverse():
    economy, model = make_economy(5), SectorModel((3.0, 9.0, 5.0))
    still = solve_sectors(economy, SectorChange(), model)
    assert still.welfare == pytest.approx(np.ones(COUNT), abs=1e-10)
    cost = np.random.default_rng(6).normal(0, 0.1, economy.flows.shape) * (1 - np.eye(COUNT))
    there = solve_sectors(economy, SectorChange(cost, np.zeros_like(cost)), model)
    after = SectorEconomy(
        economy.names, economy.sectors, there.flows, np.zeros_like(cost), economy.value_added, economy.inputs
    )
    back = solve_sectors(after, SectorChange(-cost, economy.tariffs), model)
    assert there.welfare * back.welfare == pytest.approx(np.ones(COUNT), abs=1e-8)
    assert back.flows == pytest.approx(economy.flows, rel=1e-6, abs=1e-10)


def test_a_surplus_that_cannot_be_kept_is_named():
    flows = np.array([[[10.0, 6.0], [1.0, 10.0]]])
    economy = SectorEconomy(("A", "B"), ("all",), flows, np.zeros((1, 2, 2)), np.ones((1, 2)), np.zeros((1, 1, 2)))
    apart = SectorChange(np.array([[[0, 3.0], [3.0, 0]]]))
    with pytest.raises(NoEquilibrium, match="goes to nothing in A"):
        solve_sectors(economy, apart, SectorModel((6.0,)))
    assert solve_sectors(economy, apart, SectorModel((6.0,), "multiplicative")).certificate.largest < 1e-9


def test_shares_that_do_not_sum_to_one_and_missing_final_demand_are_named():
    flows = np.array([[[10.0, 2.0], [1.0, 10.0]]])
    zero = np.zeros((1, 2, 2))
    with pytest.raises(EconomyError, match="B, all: 1.2"):
        SectorEconomy(("A", "B"), ("all",), flows, zero, np.array([[0.5, 0.7]]), np.full((1, 1, 2), 0.5))
    short = np.array([[[1.0, 9.0], [1.0, 10.0]]])
    with pytest.raises(EconomyError, match="inputs need more than is bought: A, all"):
        SectorEconomy(("A", "B"), ("all",), short, zero, np.full((1, 2), 0.3), np.full((1, 1, 2), 0.7))
    with pytest.raises(EquilibriumError, match="above zero"):
        SectorModel((4.0, 0.0))
