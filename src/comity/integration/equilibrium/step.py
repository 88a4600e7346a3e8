"""The impure part: reads the tables that ship with the package, and files of the user."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

from comity.foundations import read_foundation
from comity.integration.equilibrium.parameters import read_parameters
from comity.integration.equilibrium.reading import parse_scenario, read_tables
from comity.integration.equilibrium.scenario import Scenario
from comity.integration.equilibrium.sector_draws import Elasticities
from comity.integration.equilibrium.sector_tables import SectorTables, build_sectors
from comity.integration.equilibrium.sectors import SectorEconomy
from comity.integration.equilibrium.world import Construction, Member, Trade, World, build_world
from comity.integration.gravity.step import read_data
from comity.lexicon import get_actor

TABLES = Path(__file__).with_name("tables")
YEAR = 2023


@cache
def read_world() -> World:
    """Read the world of 2023: 194 economies, sales at home constructed from GDP.

    Returns
    -------
    World

    References
    ----------
    gaulier-zignago-2010, wdi, timmer-et-al-2015

    Examples
    --------
    >>> len(read_world().members)
    194
    """
    import pyarrow.parquet as pq

    tables = [read_foundation("trade"), pq.read_table(TABLES / "territory_trade.parquet")]
    names = ("exporter", "importer", "value")
    columns = [[entry for table in tables for entry in table[name].to_pylist()] for name in names]
    trade = Trade(*columns)
    parameters = read_parameters()
    members = [*_list_states({*trade.exporters, *trade.importers}), *_list_territories()]
    ratio, least = parameters["output_to_gdp"], parameters["least_home_share"]["value"]
    construction = Construction(ratio["low"], ratio["value"], ratio["high"], least)
    return build_world(members, trade, construction)


def read_sector_scenario(path: Path | str) -> tuple[Scenario, SectorEconomy, Elasticities] | None:
    """Read a scenario of the model with sectors and the tables that it names; None where it is for one sector.

    Parameters
    ----------
    path : path-like
        A YAML file; its tables are CSV or Parquet, relative to it.

    Returns
    -------
    scenario : Scenario
    economy : SectorEconomy
    theta : Elasticities

    Raises
    ------
    SpecificationError
        A table cannot be read.
    EconomyError
        Its rows cannot be used; they are named.
    ScenarioError
        The scenario breaks the rules of its form.
    """
    files = read_tables(path)
    if files is None:
        return None
    economy, theta = build_sectors(SectorTables(**{name: read_data(file).to_pylist() for name, file in files.items()}))
    scenario = parse_scenario(Path(path).read_bytes(), Path(path).name, economy.names, economy.sectors)
    return scenario, economy, theta


def _list_states(codes: set[str]) -> list[Member]:
    """List the states with their last published GDP up to the year of the trade."""
    table = read_foundation("economy")
    rows = zip(*(table[name].to_pylist() for name in ("state", "year", "gdp")), strict=True)
    latest: dict[str, tuple[int, float]] = {}
    for code, year, gdp in rows:
        if gdp is not None and year <= YEAR and code in codes:
            latest[code] = max(latest.get(code, (0, 0.0)), (year, float(gdp)))
    found = []
    for code, (year, gdp) in latest.items():
        actor = get_actor(code)
        found.append(Member(code, actor.name, actor.codes.get("m49", ""), "state", gdp, year))
    return found


def _list_territories() -> list[Member]:
    """List the customs territories of the source."""
    with (TABLES / "territories.csv").open(encoding="utf-8", newline="") as lines:
        rows: list[dict[str, Any]] = list(csv.DictReader(lines))
    return [
        Member(row["code"], row["name"], row["m49"], "territory", float(row["gdp"]), int(row["gdp_year"]))
        for row in rows
    ]
