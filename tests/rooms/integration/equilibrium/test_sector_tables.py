"""The model with sectors from tables: the same as from arrays; unusable rows are named; no silent failure."""

from typing import Any

import numpy as np
import pytest
from tests.specimens.economies import draw_sector_change, draw_sectors

from comity import solve_sectors
from comity.integration.equilibrium import sector_solve
from comity.integration.equilibrium.errors import EconomyError, NoEquilibrium
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy, SectorModel

THETA = (3.0, 9.0, 5.0)


def list_tables(economy: SectorEconomy, change: SectorChange) -> dict[str, Any]:
    names, sectors = economy.names, economy.sectors
    columns: dict[str, dict[str, list[Any]]] = {
        "flows": {name: [] for name in ("exporter", "importer", "sector", "value", "tariff")},
        "changes": {name: [] for name in ("exporter", "importer", "sector", "log_cost", "tariff")},
        "value_added": {name: [] for name in ("economy", "sector", "share")},
        "inputs": {name: [] for name in ("economy", "sector", "input", "share")},
    }

    def add(table: str, *row: Any) -> None:
        for name, value in zip(columns[table], row, strict=True):
            columns[table][name].append(value)

    for s, i, j in np.argwhere(economy.flows > 0):
        key = names[i], names[j], sectors[s]
        add("flows", *key, economy.flows[s, i, j], economy.tariffs[s, i, j])
        add("changes", *key, change.log_cost[s, i, j], None if change.tariffs is None else change.tariffs[s, i, j])
    for s, n in np.ndindex(economy.value_added.shape):
        add("value_added", names[n], sectors[s], economy.value_added[s, n])
    for k, j, n in np.ndindex(economy.inputs.shape):
        add("inputs", names[n], sectors[j], sectors[k], economy.inputs[k, j, n])
    return {**columns, "theta": {"sector": list(sectors), "theta": list(THETA)}}


@pytest.fixture(scope="module")
def drawn() -> tuple[SectorEconomy, SectorChange]:
    rng = np.random.default_rng(12)
    economy = draw_sectors(rng, 6, 3)
    return economy, draw_sector_change(rng, economy)[0]


@pytest.fixture
def tables(drawn) -> dict[str, Any]:
    return list_tables(*drawn)


def test_tables_give_what_arrays_give(drawn, tables):
    economy, change = drawn
    alone = sector_solve.solve_sectors(economy, change, SectorModel(THETA, "multiplicative"))
    found = solve_sectors(**tables, closure="multiplicative")
    assert [row["name"] for row in found["economies"]] == list(economy.names)
    for measure in ("welfare", "real_wages", "exports", "imports"):
        told = [row[measure] for row in found["economies"]]
        assert told == pytest.approx(100 * (getattr(alone, measure) - 1), abs=1e-6)
    assert found["certificate"]["market"] < 1e-9
    first = next(row for row in found["sectors"] if row["economy"] == "E02" and row["sector"] == "S01")
    assert first["price"] == pytest.approx(100 * (alone.prices[1, 2] - 1), abs=1e-6)


def test_no_change_changes_nothing(tables):
    found = solve_sectors(**{**tables, "changes": None})
    assert max(abs(row["welfare"]) for row in found["economies"]) < 1e-6


@pytest.mark.parametrize(
    ("table", "column", "place", "value", "match"),
    [
        ("flows", "value", 4, None, r"value of .* is None"),
        ("value_added", "economy", 0, "E77", "economy 'E77' is not in the table of flows"),
        ("value_added", "share", 1, 0.99, "sum to one: E01, S00"),
        ("inputs", "input", 1, "steel", "input 'steel'"),
        ("inputs", "share", 2, -0.1, "sum to one"),
        ("theta", "sector", 2, "S00", "S00 stands twice"),
        ("theta", "theta", 1, float("nan"), "theta of S01 is nan"),
        ("changes", "importer", 0, "Nowhere", "importer 'Nowhere'"),
    ],
)
def test_rows_that_cannot_be_used_are_named(table, column, place, value, match, tables):
    tables[table][column][place] = value
    with pytest.raises(EconomyError, match=match):
        solve_sectors(**tables)


def test_what_is_missing_from_a_table_is_named(tables):
    for name in tables["value_added"]:
        tables["value_added"][name] = tables["value_added"][name][:-1]
    with pytest.raises(EconomyError, match="no value-added share or elasticity: E05, S02"):
        solve_sectors(**tables)


def test_random_economies_are_solved_with_a_certificate_or_refused_with_a_reason():
    refused = 0
    for seed in range(60):
        rng = np.random.default_rng([seed, 6])
        economy = draw_sectors(rng, int(rng.integers(3, 31)), int(rng.integers(1, 7)))
        change, model = draw_sector_change(rng, economy)
        try:
            found = sector_solve.solve_sectors(economy, change, model)
        except NoEquilibrium:
            assert model.closure == "additive"
            refused += 1
            continue
        assert found.certificate.largest < 1e-9
        sales = found.flows.sum(axis=2)
        added = (economy.value_added * sales).sum(axis=0)
        assert added == pytest.approx(economy.income * found.wages, rel=1e-8) or model.closure == "balanced"
        assert np.isfinite(found.welfare).all()
        assert (found.welfare > 0).all()
    assert refused <= 6
