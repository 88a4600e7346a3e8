"""Elasticities of sectors drawn from their errors: each draw is solved alone; sets of agreements are judged by them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
from tests.rooms.integration.equilibrium.test_sector_tables import THETA, list_tables
from tests.specimens.economies import draw_sector_change, draw_sectors

from comity import simulate_scenario, solve_package, solve_sectors
from comity.integration.equilibrium.errors import EconomyError, EquilibriumError
from comity.integration.equilibrium.sector_draws import Elasticities
from comity.integration.equilibrium.sector_scenario import judge_sectors
from comity.integration.equilibrium.simulate import Chance
from comity.integration.equilibrium.step import read_sector_scenario

UNSURE = {"theta": list(THETA), "se": [0.5, None, None], "low": [None, 6.0, None], "high": [None, 12.0, None]}
PACKAGE = """comity_scenario: 1
id: sets
title: What may be added
model: sectors
closure: multiplicative
tables: {flows: flows.csv, value_added: value_added.csv, inputs: inputs.csv, theta: theta.csv}
changes:
  - {kind: dissolution, parties: [E00, E01], effect: {estimate: 0.04, error: 0.01, source: t}, when: 2027, source: t}
candidates:
  - {id: one, kind: agreement, parties: [E01, E02], effect: {estimate: 0.3, source: t}, when: 2027, source: t}
  - {id: two, kind: facilitation, exporters: [E00], importers: [E02], cost: {percent: -6}, when: 2027, source: t}
  - {id: three, kind: agreement, parties: [E00, E02], effect: {estimate: 0.4, error: 0.1, source: t},
     sectors: [S01], when: 2027, source: t}
"""


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    rng = np.random.default_rng(12)
    economy = draw_sectors(rng, 6, 3)
    found = list_tables(economy, draw_sector_change(rng, economy)[0])
    return {**found, "theta": {"sector": found["theta"]["sector"], **UNSURE}}


@pytest.fixture
def written(tables: dict[str, Any], tmp_path: Path) -> Path:
    for name, columns in tables.items():
        pyarrow.csv.write_csv(pa.table(columns), tmp_path / f"{name}.csv")
    (tmp_path / "sets.yml").write_text(PACKAGE, "utf-8")
    return tmp_path / "sets.yml"


def solve(tables: dict[str, Any], **options: Any) -> dict[str, Any]:
    names = ("flows", "value_added", "inputs", "theta", "changes")
    return solve_sectors(*(tables[name] for name in names), closure="balanced", **options)


def test_elasticities_are_drawn_from_errors_and_ranges_and_stay_above_zero():
    drawn = Elasticities((1.0, 9.0, 5.0), (1.5, 0.0, 0.0), ((1.0, 1.0), (6.0, 12.0), (5.0, 5.0))).draw(4000, 3)
    assert (drawn[0] > 0).all() and np.median(drawn[0]) == pytest.approx(1.0, rel=0.1)
    assert np.log(drawn[0]).std() == pytest.approx(1.5, rel=0.05)
    assert (drawn[1] >= 6).all() and (drawn[1] <= 12).all() and drawn[1].mean() == pytest.approx(9.0, rel=0.01)
    assert (drawn[2] == 5.0).all()


def test_each_draw_is_the_model_solved_alone_with_its_elasticities(tables: dict[str, Any]):
    found = solve(tables, draws=9, seed=5, level=0.8)
    sectors = Elasticities(THETA, (0.5, 0.0, 0.0), ((3.0, 3.0), (6.0, 12.0), (5.0, 5.0)))
    alone = [
        solve({**tables, "theta": {"sector": tables["theta"]["sector"], "theta": theta.tolist()}})
        for theta in sectors.draw(9, 5).T
    ]
    for place, row in enumerate(found["economies"]):
        values = [one["economies"][place]["welfare"] for one in alone]
        assert [row["welfare_low"], row["welfare_high"]] == pytest.approx(np.quantile(values, [0.1, 0.9]), abs=2e-6)
        assert "welfare_low" not in alone[0]["economies"][place]
    outputs = [[row["output"] for row in one["sectors"]] for one in alone]
    highs = np.quantile(outputs, 0.9, axis=0)
    assert [row["output_high"] for row in found["sectors"]] == pytest.approx(highs, abs=2e-6)
    assert found["worst_draw"] <= 1e-9 and (found["draws"], found["seed"], found["level"]) == (9, 5, 0.8)
    assert found == solve(tables, draws=9, seed=5, level=0.8)


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"se": [-0.5, None, None]}, "errors of theta"),
        ({"low": [4.0, 6.0, None], "high": [5.0, 12.0, None], "se": [None] * 3}, "does not lie between"),
        ({"low": [1.0, 6.0, None], "se": [0.5, None, None], "high": [4.0, 12.0, None]}, "has se, low, high"),
        ({"high": [None, None, None]}, "has low"),
        ({"theta": [3.0, -9.0, 5.0]}, "must be above zero"),
    ],
)
def test_elasticities_that_cannot_be_drawn_are_refused(tables: dict[str, Any], columns: dict[str, Any], match: str):
    with pytest.raises((EconomyError, EquilibriumError), match=match):
        solve({**tables, "theta": {**tables["theta"], **columns}})


def test_an_option_that_there_is_not_is_refused(tables: dict[str, Any]):
    with pytest.raises(EquilibriumError, match="no option closing"):
        solve(tables, closing="balanced")


def test_a_scenario_draws_its_effects_with_the_elasticities(written: Path):
    found = simulate_scenario(written, draws=12)
    parties = [row for row in found["economies"] if row["party"]]
    assert len(parties) == 2 and all(row["welfare_low"] < row["welfare"] < row["welfare_high"] for row in parties)
    assert "Intervals hold what is drawn" in found["assumptions"][-1]


def test_the_package_equals_looking_at_every_set(written: Path):
    found = solve_package(written, draws=12)
    scenario, *given = read_sector_scenario(written)
    names = sorted(scenario.candidates)
    sets = [chosen for size in range(len(names) + 1) for chosen in combinations(names, size)]
    verdicts = [judge_sectors(scenario, chosen, tuple(given), Chance(12)) for chosen in sets]
    holding = [verdict for verdict in verdicts if verdict.holds]
    assert 0 < len(holding) < len(sets)
    least = min(len(verdict.chosen) for verdict in holding)
    assert found["found"] and len(found["package"]) == least
    assert tuple(found["package"]) in [verdict.chosen for verdict in holding]
    assert all(row["low"] >= 0 for row in found["members"])
