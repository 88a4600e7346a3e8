"""A table of flows that cannot be an economy is refused, and its rows are named."""

import numpy as np
import pytest

from comity.integration.equilibrium.economy import Economy, build_economy
from comity.integration.equilibrium.errors import EconomyError, EquilibriumError
from comity.integration.equilibrium.model import Change, Model
from comity.integration.equilibrium.solve import solve_equilibrium

NAMES = ("A", "B", "C")


def make_flows() -> np.ndarray:
    return np.array([[8.0, 1.0, 1.0], [2.0, 9.0, 1.0], [1.0, 2.0, 7.0]])


def refuse(flows: np.ndarray, tariffs: np.ndarray | None = None) -> str:
    with pytest.raises(EconomyError) as caught:
        Economy(NAMES, flows, tariffs)
    return str(caught.value)


def test_a_negative_or_missing_flow_is_named():
    flows = make_flows()
    flows[0, 1], flows[2, 0] = -1, np.nan
    assert "A to B: -1; C to A: nan" in refuse(flows)


def test_missing_sales_at_home_are_named():
    flows = make_flows()
    flows[1, 1] = 0
    assert "sales at home are missing: B" in refuse(flows)


@pytest.mark.parametrize(("place", "word"), [((2, slice(0, 2)), "exports"), ((slice(0, 2), 2), "imports")])
def test_an_economy_without_exports_or_imports_is_named(place: tuple, word: str):
    flows = make_flows()
    flows[place] = 0
    assert f"without {word}: C" in refuse(flows)


def test_parts_that_do_not_trade_are_named():
    flows = np.kron(np.eye(2), np.array([[3.0, 1.0], [1.0, 3.0]]))
    with pytest.raises(EconomyError, match="apart from the rest"):
        Economy(("A", "B", "C", "D"), flows)
    flows[0, 2] = 1  # the second part buys from the first, and sells nothing to it
    with pytest.raises(EconomyError, match="in a circle"):
        Economy(("A", "B", "C", "D"), flows)


def test_a_tariff_at_home_or_of_minus_one_is_named():
    assert "A to A: 0.1" in refuse(make_flows(), np.diag([0.1, 0, 0]))
    assert "B to C: -1" in refuse(make_flows(), np.array([[0, 0, 0], [0, 0, -1.0], [0, 0, 0]]))


def test_a_pair_that_stands_twice_or_has_no_value_is_named_with_its_row():
    rows = [{"exporter": a, "importer": b, "value": 1.0} for a in "AB" for b in "AB"]
    with pytest.raises(EconomyError, match="A to B stands twice") as caught:
        build_economy([*rows, rows[1]])
    assert caught.value.where == "row 5"
    with pytest.raises(EconomyError, match="B to B has no value"):
        build_economy([*rows[:3], {**rows[3], "value": None}])


@pytest.mark.parametrize("theta", [0.0, -4.0, float("nan")])
def test_a_trade_elasticity_that_is_not_above_zero_is_refused(theta: float):
    with pytest.raises(EquilibriumError, match="theta"):
        Model(theta)


def test_an_unknown_closure_a_negative_supply_elasticity_and_a_wrong_shape_are_refused():
    with pytest.raises(EquilibriumError, match="closure 'none'"):
        Model(4.0, closure="none")
    with pytest.raises(EquilibriumError, match="psi"):
        Model(4.0, psi=-0.1)
    with pytest.raises(EquilibriumError, match="shape"):
        solve_equilibrium(Economy(NAMES, make_flows()), Change(log_cost=np.zeros((2, 2))), Model(4.0))


def test_an_economy_that_is_not_there_is_named():
    with pytest.raises(EconomyError, match="'D' is not among the 3"):
        Economy(NAMES, make_flows()).find("D")
