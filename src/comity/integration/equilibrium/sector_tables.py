"""Economies with sectors from tables of one's own, and what a change of costs or tariffs means, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.errors import EconomyError, name_some
from comity.integration.equilibrium.model import CLOSURES
from comity.integration.equilibrium.sector_solve import SectorEquilibrium, solve_sectors
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy, SectorModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

Rows = Iterable[Mapping[str, Any]]
MEASURES = ("welfare", "real_wages", "cost_of_living", "exports", "imports")
FLOW = ("sector", "exporter", "importer")
DIGITS = 6


@dataclass(frozen=True)
class SectorTables:
    """The tables of an economy with sectors, as rows.

    Parameters
    ----------
    flows : iterable of mapping
        `exporter`, `importer`, `sector`, `value` [any currency], sales at home included, and `tariff` [1] where there
        are tariffs. A row that is not there is no trade.
    value_added : iterable of mapping
        `economy`, `sector`, `share` of value added in output [1].
    inputs : iterable of mapping
        `economy`, `sector` that buys, `input` (the sector it buys from), `share` of output spent on it [1]. A row that
        is not there is nothing bought; with value added the shares of a sector sum to one.
    theta : iterable of mapping
        `sector`, `theta`: its trade elasticity.
    changes : iterable of mapping
        `exporter`, `importer`, `sector`, and `log_cost` (change of the cost of trading [log]) or `tariff` (rate after
        [1]); what is left out stays as it is.
    """

    flows: Rows
    value_added: Rows
    inputs: Rows
    theta: Rows
    changes: Rows = field(default_factory=tuple)


class Places:
    """Names along the axes of a table, and where each stands."""

    def __init__(self, table: str, keys: Sequence[str], axes: Sequence[Sequence[str]]) -> None:
        self.table, self.keys = table, tuple(keys)
        self.axes = [{name: place for place, name in enumerate(axis)} for axis in axes]
        self.seen: set[tuple[int, ...]] = set()

    def find(self, row: Mapping[str, Any], number: int) -> tuple[int, ...]:
        """Return the place of a row.

        Raises
        ------
        EconomyError
            It names something unknown, or what another row has named.
        """
        found = []
        for key, axis in zip(self.keys, self.axes, strict=True):
            name = str(row.get(key))
            if name not in axis:
                raise EconomyError(
                    f"{key} {row.get(key)!r} is not in the table of flows",
                    where=self._locate(number),
                    why="what it says would be lost",
                    todo=f"name one of {name_some(list(axis))}",
                )
            found.append(axis[name])
        if tuple(found) in self.seen:
            raise EconomyError(
                f"{', '.join(str(row[key]) for key in self.keys)} stands twice",
                where=self._locate(number),
                why="one of two values would be lost",
                todo="give one row for each",
            )
        self.seen.add(tuple(found))
        return tuple(found)

    def read(self, row: Mapping[str, Any], number: int, name: str) -> float:
        """Return a number of a row.

        Raises
        ------
        EconomyError
            It is missing or no finite number.
        """
        value = row.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise EconomyError(
                f"{name} of {', '.join(str(row.get(key)) for key in self.keys)} is {value!r}",
                where=self._locate(number),
                why="missing is not zero",
                todo="give a number, or leave out the row",
            )
        return float(value)

    def _locate(self, number: int) -> str:
        """Return table and row in words."""
        return f"table {self.table}, row {number}"


def build_sectors(tables: SectorTables) -> tuple[SectorEconomy, tuple[float, ...]]:
    """Build an economy with sectors, and the elasticities in the order of its sectors.

    Parameters
    ----------
    tables : SectorTables

    Returns
    -------
    economy : SectorEconomy
        Names and sectors in the order of the alphabet.
    theta : tuple of float

    Raises
    ------
    EconomyError
        A row names something unknown, stands twice or has no number; a share or an elasticity is missing; or as in
        `SectorEconomy`.
    """
    kept = list(tables.flows)
    names = sorted({str(row.get(side)) for row in kept for side in ("exporter", "importer")})
    sectors = sorted({str(row.get("sector")) for row in kept})
    flows, tariffs = (np.zeros((len(sectors), len(names), len(names))) for _ in range(2))
    places = Places("flows", FLOW, (sectors, names, names))
    for number, row in enumerate(kept, start=1):
        place = places.find(row, number)
        flows[place] = places.read(row, number, "value")
        tariffs[place] = 0.0 if row.get("tariff") is None else places.read(row, number, "tariff")
    added = _fill(tables.value_added, Places("value_added", ("sector", "economy"), (sectors, names)), "share")
    inputs = _fill(tables.inputs, Places("inputs", ("input", "sector", "economy"), (sectors, sectors, names)), "share")
    theta = _fill(tables.theta, Places("theta", ("sector",), (sectors,)), "theta")
    used = flows.sum(axis=2) > 0
    lacking = [f"{names[n]}, {sectors[s]}" for s, n in np.argwhere(used & np.isnan(added))]
    lacking += [f"theta of {sector}" for sector, value in zip(sectors, theta, strict=True) if np.isnan(value)]
    if lacking:
        raise EconomyError(
            f"no value-added share or elasticity: {name_some(lacking, '; ')}",
            why="missing is not zero",
            todo="add these rows to the table value_added or theta",
        )
    added = np.where(np.isnan(added), 1.0, added)
    economy = SectorEconomy(tuple(names), tuple(sectors), flows, tariffs, added, np.nan_to_num(inputs))
    return economy, tuple(float(value) for value in theta)


def _fill(rows: Rows, places: Places, name: str) -> Numbers:
    """Return a table of one number by place, NaN where no row speaks."""
    table = np.full([len(axis) for axis in places.axes], np.nan)
    for number, row in enumerate(rows, start=1):
        table[places.find(row, number)] = places.read(row, number, name)
    return table


def read_changes(rows: Rows, economy: SectorEconomy) -> SectorChange:
    """Read what changes for each sector and directed pair.

    Raises
    ------
    EconomyError
        A row names something unknown, stands twice, or says neither a cost nor a tariff.
    """
    log_cost, tariffs = np.zeros_like(economy.flows), economy.tariffs.copy()
    places = Places("changes", FLOW, (economy.sectors, economy.names, economy.names))
    for number, row in enumerate(rows, start=1):
        place = places.find(row, number)
        if row.get("log_cost") is None and row.get("tariff") is None:
            raise EconomyError(
                "neither log_cost nor tariff is given",
                where=f"table changes, row {number}",
                todo="give log_cost [log], or tariff, the rate after [1]",
            )
        if row.get("log_cost") is not None:
            log_cost[place] = places.read(row, number, "log_cost")
        if row.get("tariff") is not None:
            tariffs[place] = places.read(row, number, "tariff")
    return SectorChange(log_cost, tariffs)


def describe_sectors(tables: SectorTables, closure: str) -> dict[str, Any]:
    """Solve the model with sectors from tables and describe it as plain values.

    Parameters
    ----------
    tables : SectorTables
    closure : str
        A key of `comity.integration.equilibrium.model.CLOSURES`.

    Returns
    -------
    dict
        `economies` (name and changes [percent] of welfare, real wages, cost of living, exports, imports), `sectors`
        (economy, sector, changes of output and price [percent]; none for output where there was none), `certificate`,
        `theta`, `closure`, `assumptions`.

    Raises
    ------
    EconomyError, EquilibriumError, NoEquilibrium, NotConverged
        As in `build_sectors`, `read_changes` and `solve_sectors`.

    References
    ----------
    caliendo-parro-2015
    """
    economy, theta = build_sectors(tables)
    found = solve_sectors(economy, read_changes(tables.changes, economy), SectorModel(theta, closure))
    told = describe_outcome(economy, found)
    told["assumptions"].insert(0, f"Deficits ({closure}): {CLOSURES[closure]}.")
    return {**told, "theta": dict(zip(economy.sectors, theta, strict=True)), "closure": closure}


def describe_outcome(economy: SectorEconomy, found: SectorEquilibrium) -> dict[str, Any]:
    """Describe a world with sectors as plain values: `economies`, `sectors`, `certificate`, `assumptions`."""
    return {
        "economies": [
            {"name": name, **{key: _tell(getattr(found, key)[place]) for key in MEASURES}}
            for place, name in enumerate(found.names)
        ],
        "sectors": _list_sectors(economy, found),
        "certificate": found.certificate.as_dict(),
        "assumptions": [
            "Sectors buy from each other in fixed shares of value; tariffs are paid back to the buyer.",
            "Long run, before and after: no transition, no unemployment, no investment, no politics.",
            "One value for each parameter: nothing is drawn, and there are no intervals.",
        ],
    }


def _list_sectors(economy: SectorEconomy, found: SectorEquilibrium) -> list[dict[str, Any]]:
    """Return how output and price of each sector of each economy change."""
    before, after = economy.output, found.flows.sum(axis=2)
    return [
        {
            "economy": name,
            "sector": sector,
            "output": _tell(after[s, n] / before[s, n]) if before[s, n] > 0 else None,
            "price": _tell(found.prices[s, n]),
        }
        for n, name in enumerate(found.names)
        for s, sector in enumerate(found.sectors)
    ]


def _tell(ratio: float) -> float:
    """Return a ratio as a change in percent."""
    return round(100 * (float(ratio) - 1), DIGITS)
