"""Economies with sectors from tables of one's own, and what a change of costs or tariffs means, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.errors import EconomyError, name_some
from comity.integration.equilibrium.model import CLOSURES
from comity.integration.equilibrium.sector_draws import Elasticities, SectorSpread, solve_sector_draws
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.simulate import Chance

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
        `sector`, `theta`: its trade elasticity; and where it is not sure `se`, its standard error, or `low` and `high`.
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


def build_sectors(tables: SectorTables) -> tuple[SectorEconomy, Elasticities]:
    """Build an economy with sectors, and the elasticities in the order of its sectors.

    Parameters
    ----------
    tables : SectorTables

    Returns
    -------
    economy : SectorEconomy
        Names and sectors in the order of the alphabet.
    theta : Elasticities

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
    sure = list(tables.theta)
    theta = _fill(sure, Places("theta", ("sector",), (sectors,)), "theta")
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
    return economy, _read_elasticities(sure, sectors, theta)


def _read_elasticities(rows: Rows, sectors: Sequence[str], theta: Numbers) -> Elasticities:
    """Return elasticities with what the table says of how sure they are."""
    central = tuple(float(value) for value in theta)
    errors, ranges = [0.0] * len(central), [(value, value) for value in central]
    places = Places("theta", ("sector",), (sectors,))
    for number, row in enumerate(rows, start=1):
        (place,) = places.find(row, number)
        given = [name for name in ("se", "low", "high") if row.get(name) is not None]
        if given == ["se"]:
            errors[place] = places.read(row, number, "se")
        elif given == ["low", "high"]:
            ranges[place] = (places.read(row, number, "low"), places.read(row, number, "high"))
        elif given:
            raise EconomyError(
                f"theta of {row['sector']} has {', '.join(given)}",
                where=f"table theta, row {number}",
                why="how it is drawn would be a guess",
                todo="give se, or both low and high, or neither",
            )
    return Elasticities(central, tuple(errors), tuple(ranges))


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


def describe_sectors(tables: SectorTables, closure: str, chance: Chance | None = None) -> dict[str, Any]:
    """Solve the model with sectors from tables and describe it as plain values.

    Parameters
    ----------
    tables : SectorTables
    closure : str
        A key of `comity.integration.equilibrium.model.CLOSURES`.
    chance : Chance, optional
        How elasticities are drawn whose error or range the table gives; nothing is drawn where left out.

    Returns
    -------
    dict
        `economies` (name and changes [percent] of welfare, real wages, cost of living, exports, imports), `sectors`
        (economy, sector, changes of output and price [percent]; none for output where there was none), `certificate`,
        `theta`, `closure`, `assumptions`; with draws each change has `_low` and `_high`, and there are `draws`, `seed`,
        `level` and `worst_draw`, the largest residual of any.

    Raises
    ------
    EconomyError, EquilibriumError, NoEquilibrium, NotConverged
        As in `build_sectors`, `read_changes` and `solve_sectors`.

    References
    ----------
    caliendo-parro-2015
    """
    economy, theta = build_sectors(tables)
    change = read_changes(tables.changes, economy)
    drawing = chance is not None and not theta.fixed
    drawn = theta.draw(chance.draws, chance.seed) if chance and drawing else np.empty((len(theta.central), 0))
    spread = solve_sector_draws(lambda *_: (economy, change), theta, {}, closure, drawn)
    told = describe_outcome(spread, chance if drawing else None)
    told["assumptions"].insert(0, f"Deficits ({closure}): {CLOSURES[closure]}.")
    return {**told, "theta": dict(zip(economy.sectors, theta.central, strict=True)), "closure": closure}


def describe_outcome(spread: SectorSpread, chance: Chance | None) -> dict[str, Any]:
    """Describe a world with sectors as plain values: `economies`, `sectors`, `certificate`, `assumptions`.

    With a chance, each change has `_low` and `_high`, and there are `draws`, `seed`, `level` and `worst_draw`.
    """
    found = spread.centre
    told = {key: _tell_all(spread, key, chance) for key in (*MEASURES, "outputs", "prices")}
    drawn = "One value for each parameter: nothing is drawn, and there are no intervals."
    if chance is not None:
        drawn = "Intervals hold what is drawn (elasticities and sizes with an error or a range), not the rest."
    return {
        "economies": [
            {"name": name, **_pick(told, {key: key for key in MEASURES}, place)}
            for place, name in enumerate(found.names)
        ],
        "sectors": [
            {"economy": name, "sector": sector, **_pick(told, {"outputs": "output", "prices": "price"}, (s, n))}
            for n, name in enumerate(found.names)
            for s, sector in enumerate(found.sectors)
        ],
        "certificate": found.certificate.as_dict(),
        "assumptions": [
            "Sectors buy from each other in fixed shares of value; tariffs are paid back to the buyer.",
            "Long run, before and after: no transition, no unemployment, no investment, no politics.",
            drawn,
        ],
        **({} if chance is None else {**vars(chance), "worst_draw": spread.worst}),
    }


def _tell_all(spread: SectorSpread, measure: str, chance: Chance | None) -> dict[str, Numbers]:
    """Return a measure as changes in percent, with the ends of its interval where there is one."""
    found = {"": getattr(spread.centre, measure)}
    if chance is not None:
        low, high = spread.find_bounds(measure, chance.level)
        found |= {"_low": low, "_high": high}
    return {end: np.round(100 * (values - 1), DIGITS) for end, values in found.items()}


def _pick(told: Mapping[str, Mapping[str, Numbers]], names: Mapping[str, str], place: Any) -> dict[str, float | None]:
    """Return the changes at a place under their names; None where there was nothing before."""
    return {
        name + end: None if np.isnan(values[place]) else float(values[place])
        for key, name in names.items()
        for end, values in told[key].items()
    }
