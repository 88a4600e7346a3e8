"""The model with sectors from tables: the same as from arrays; unusable rows are named; no silent failure."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from click.testing import CliRunner
from tests.specimens.economies import draw_sector_change, draw_sectors

from comity import check_scenario, solve_sectors
from comity.cli.equilibrium import simulate
from comity.integration.equilibrium import packages, sector_solve, step
from comity.integration.equilibrium.errors import EconomyError, EquilibriumError, NoEquilibrium
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy, SectorModel
from comity.integration.equilibrium.simulate import Chance

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


SCENARIO = """comity_scenario: 1
id: mills
title: Free mills, nearer farms, an agreement
model: sectors
tables: {flows: flows.csv, value_added: value_added.csv, inputs: inputs.parquet, theta: theta.csv}
closure: multiplicative
changes:
  - {kind: tariff, exporters: [E00], importers: [E01], sectors: [S02], tariff: {from: 10, to: 0}, when: 2027, source: t}
  - {kind: facilitation, exporters: [E02], importers: [E03], sectors: [S00], cost: {percent: -5}, when: 2027, source: t}
  - {kind: agreement, parties: [E04, E05], effect: {estimate: 0.3, source: t}, when: 2027, source: t}
"""


@pytest.fixture
def written(tables, tmp_path: Path) -> Path:
    for name, columns in tables.items():
        if name == "inputs":
            pyarrow.parquet.write_table(pa.table(columns), tmp_path / "inputs.parquet")
        elif name != "changes":
            pyarrow.csv.write_csv(pa.table(columns), tmp_path / f"{name}.csv")
    (tmp_path / "mills.yml").write_text(SCENARIO, "utf-8")
    return tmp_path / "mills.yml"


def test_a_scenario_with_sectors_is_solved_from_the_command_line(written: Path, drawn):
    economy, _ = drawn
    done = CliRunner().invoke(simulate, [str(written), "--json"])
    found = json.loads(done.output)
    before, after = economy.tariffs.copy(), economy.tariffs.copy()
    before[2, 0, 1], after[2, 0, 1] = 0.1, 0.0
    cost = np.zeros_like(before)
    cost[0, 2, 3] = np.log(0.95)
    for s, (i, j) in product(range(3), ((4, 5), (5, 4))):
        cost[s, i, j] = -0.3 / THETA[s]
    base = replace(economy, tariffs=before)
    alone = sector_solve.solve_sectors(base, SectorChange(cost, after), SectorModel(THETA, "multiplicative"))
    assert [row["welfare"] for row in found["economies"]] == pytest.approx(100 * (alone.welfare - 1), abs=1e-6)
    assert all(row["party"] for row in found["economies"])
    shown = CliRunner().invoke(simulate, [str(written)])
    assert shown.exit_code == 0
    assert "real_wages" in shown.output


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("sectors: [S02]", "sectors: [steel]", "there is no sector 'steel'"),
        ("model: sectors", "model: sector", "there is no model 'sector'"),
        (", theta: theta.csv", "", "'theta' is missing"),
        ("closure: mul", "psi: 1\nclosure: mul", "has no psi"),
        ("model: sectors\n", "", "has no tables"),
        ("sectors: [S00], cost: {percent: -5}", "tariff: {from: 1, to: 0}", ""),
        ("exporters: [E02]", "exporters: [Q9]", "Q9"),
    ],
)
def test_a_scenario_with_sectors_names_what_is_wrong(old: str, new: str, match: str, written: Path):
    written.write_text(written.read_text("utf-8").replace(old, new), "utf-8")
    told = check_scenario(written)
    assert not told["valid"]
    assert any(match in problem["what"] for problem in told["problems"])


def test_a_scenario_with_sectors_is_no_scenario_of_one_sector(written: Path):
    scenario, *_ = step.read_sector_scenario(written)
    with pytest.raises(EquilibriumError, match="for the model sectors"):
        packages.solve_package(scenario, step.read_world(), Chance())
