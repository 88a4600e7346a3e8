"""Published values: Stata's ge_gravity on 44 economies, and the example of gegravity 0.3 on 30 countries."""

import csv
from pathlib import Path

import numpy as np
import pytest

from comity.integration.equilibrium.economy import Economy, build_economy
from comity.integration.equilibrium.geppml import fit_baseline, solve_first_round, solve_geppml
from comity.integration.equilibrium.model import Change, Model
from comity.integration.equilibrium.solve import solve_equilibrium

PPML = {
    "lndist": -0.3898623,
    "contiguity": 0.891577,
    "common_language": 0.0326249,
    "pta": 0.4711383,
    "international": -3.412584,
}


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_enlargement_of_2004_gives_the_published_welfare_and_flows_of_all_44(shared: Path):
    rows = [
        row for row in read_rows(shared / "data/equilibrium/ge_gravity_eu_enlargement.csv") if row["year"] == "2000"
    ]
    economy = build_economy({**row, "value": float(row["trade"])} for row in rows)
    effect, flows, welfare = np.zeros((44, 44)), np.zeros((44, 44)), np.zeros(44)
    for row in rows:
        pair = economy.find(row["exporter"]), economy.find(row["importer"])
        effect[pair], flows[pair], welfare[pair[0]] = (float(row[name]) for name in ("eu_effect", "X_eu", "w_eu"))
    found = solve_equilibrium(economy, Change(log_trade=effect), Model(4.0))
    assert found.welfare == pytest.approx(welfare, abs=1e-7)
    assert found.flows == pytest.approx(flows, rel=1e-6)
    published = {"MLT": 1.015349, "HUN": 1.014043, "POL": 1.006804, "DEU": 1.000725, "RUS": 0.999798}
    for name, value in published.items():
        assert found.welfare[economy.find(name)] == pytest.approx(value, abs=1e-6)


@pytest.fixture(scope="module")
def example(shared: Path) -> tuple[Economy, Change]:
    """Give the baseline of gegravity's example and the agreement of Canada and Japan."""
    rows = read_rows(shared / "data/structural/gegravity_sample_data_set.csv")
    names = tuple(sorted({row["exporter"] for row in rows}))
    place = {name: index for index, name in enumerate(names)}
    access, output, spending = np.ones((30, 30)), np.zeros(30), np.zeros(30)
    for row in rows:
        one, other = place[row["exporter"]], place[row["importer"]]
        access[one, other] = np.exp(sum(value * float(row[name]) for name, value in PPML.items()))
        output[one], spending[other] = float(row["Y"]), float(row["E"])
    effect = np.zeros((30, 30))
    effect[place["CAN"], place["JPN"]] = effect[place["JPN"], place["CAN"]] = PPML["pta"]
    return fit_baseline(names, access, output, spending), Change(log_trade=effect)


def test_the_first_round_of_the_loop_is_what_gegravity_prints_as_full_equilibrium(example: tuple[Economy, Change]):
    economy, change = example
    first = solve_first_round(economy, change, 4.0)
    gdp = 100 * (first.prices / first.cost_of_living - 1)
    for name, value in {"CAN": 0.41826, "JPN": 0.05375, "USA": -0.00741, "DEU": -0.00201}.items():
        assert gdp[economy.find(name)] == pytest.approx(value, abs=6e-6)
    canada, japan, reference = (economy.find(name) for name in ("CAN", "JPN", "DEU"))
    ratio = first.flows[canada, japan] / economy.flows[canada, japan]
    ratio *= first.prices[canada] * first.prices[japan] / first.cost_of_living[reference]
    assert 100 * (ratio - 1) == pytest.approx(62.442, abs=5e-3)


def test_that_first_round_clears_no_markets_and_the_loop_taken_to_its_end_does(example: tuple[Economy, Change]):
    economy, change = example
    assert solve_first_round(economy, change, 4.0).gap > 5e-4
    whole = solve_geppml(economy, change, 4.0)
    assert whole.certificate.largest < 1e-9
    exact = solve_equilibrium(economy, change, Model(4.0, closure="multiplicative"))
    assert whole.prices == pytest.approx(exact.prices, abs=1e-11)
    gdp = 100 * (whole.prices / whole.cost_of_living - 1)
    assert gdp[economy.find("CAN")] == pytest.approx(0.428227, abs=1e-5)
