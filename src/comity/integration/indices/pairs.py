"""The figures of every pair of states, from the foundations tables; what is unknown has bounds, never a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.integration.indices.errors import IndicatorError
from comity.integration.indices.panel import Panel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Square = NDArray[np.float64]
    Rows = Mapping[str, Sequence[Any]]
    Ends = tuple[NDArray[np.float64], NDArray[np.float64]]

SEPARATOR = "-"
BANDS = 3
PER = 1000.0
PER_ROUTES = 1e6
FLOWS = {
    "trade": ("baci", ("exporter", "importer"), "value"),
    "migrants": ("undesa", ("origin", "residence"), "persons"),
    "air_routes": ("openflights", ("origin", "destination"), "routes"),
}


@dataclass(frozen=True)
class States:
    """The states of a set of pairs: their order, and which pairs there are.

    Parameters
    ----------
    ids : tuple of str
        In alphabetical order.
    first, second : array of int, shape (pairs,)
        Places of the two states of each pair, the first before the second.
    """

    ids: tuple[str, ...]
    first: NDArray[np.int_]
    second: NDArray[np.int_]

    def name_pairs(self) -> tuple[str, ...]:
        """Return the name of each pair: both ids in alphabetical order."""
        return tuple(
            self.ids[a] + SEPARATOR + self.ids[b]
            for a, b in zip(self.first.tolist(), self.second.tolist(), strict=True)
        )

    def take(self, square: Square) -> NDArray[np.float64]:
        """Return the entries of a symmetric square for each pair."""
        return square[self.first, self.second]


@dataclass(frozen=True)
class Sources:
    """The tables that the figures are made of, as columns by table, with the conventions.

    Parameters
    ----------
    tables : mapping of str to mapping of str to sequence
        Of `comity.foundations`: trade, trade_totals, economy, geography, voting, visa, air_routes, migrants, missions,
        coverage.
    conventions : mapping
        `conventions.yml`.
    """

    tables: Mapping[str, Rows]
    conventions: Mapping[str, Any]


def name_pair(a: str, b: str) -> str:
    """Return the name of a pair, whichever comes first."""
    if a == b:
        raise IndicatorError(f"both states are {a}", todo="name two different ones")
    return SEPARATOR.join(sorted((a, b)))


def list_pairs(ids: Sequence[str]) -> States:
    """Return every unordered pair of some states."""
    import numpy as np

    first, second = np.triu_indices(len(ids), 1)
    return States(tuple(sorted(ids)), first, second)


def measure_pairs(states: States, sources: Sources) -> tuple[Panel, dict[str, NDArray[np.float64]]]:
    """Measure every pair.

    Parameters
    ----------
    states : States
    sources : Sources

    Returns
    -------
    panel : Panel
        Every indicator of `pairs.yml`; an unknown that a list bounds has its bounds. The grouping `likeness` puts pairs
        of like size and distance together.
    conditions : dict of str to array, shape (pairs,)
        `lesser_gdp`, `greater_gdp` [USD], `distance` [km]: what makes pairs alike; NaN is unknown.
    """
    import numpy as np

    columns: dict[str, Ends] = {}
    columns |= _measure_trade(states, sources)
    columns["migrants"] = _measure_migrants(states, sources)
    columns["air_links"] = _measure_air_links(states, sources)
    columns |= _measure_openness(states, sources)
    columns |= _measure_geography(states, sources)
    columns |= _measure_votes(states, sources)
    order = sorted(columns)
    low, high = (np.column_stack([columns[name][end] for name in order]) for end in (0, 1))
    conditions = _measure_conditions(states, sources)
    panel = Panel(
        states.name_pairs(),
        tuple(order),
        np.where(low == high, low, np.nan),
        groups={"likeness": _band_pairs(conditions)},
        low=low,
        high=high,
    )
    return panel, conditions


def _lay_square(states: States, rows: Rows, keys: tuple[str, str], values: Sequence[float]) -> Square:
    """Lay out values by two states, row by the first key; what is not listed is NaN, the greatest of several stands."""
    import numpy as np

    place = {id: number for number, id in enumerate(states.ids)}
    square = np.full((len(states.ids), len(states.ids)), np.nan)
    spots = [(place.get(a, -1), place.get(b, -1)) for a, b in zip(rows[keys[0]], rows[keys[1]], strict=True)]
    rows_of, columns_of = np.array(spots, dtype=int).reshape(-1, 2).T
    kept = (rows_of >= 0) & (columns_of >= 0)
    numbers = np.asarray(values, dtype=float)
    order = np.argsort(numbers[kept], kind="stable")
    square[rows_of[kept][order], columns_of[kept][order]] = numbers[kept][order]
    return square


def _take_either(states: States, rows: Rows, values: Sequence[float]) -> NDArray[np.float64]:
    """Return a value of each pair, whichever of both states a row names first."""
    import numpy as np

    square = _lay_square(states, rows, ("a", "b"), values)
    return states.take(np.fmax(square, square.T))


def _lay_line(states: States, ids: Sequence[str], values: Sequence[float | None]) -> NDArray[np.float64]:
    """Lay out one value a state; later rows stand, blanks are passed over."""
    import numpy as np

    found = {id: value for id, value in zip(ids, values, strict=True) if value is not None}
    return np.array([found.get(id, np.nan) for id in states.ids], dtype=float)


def _find_covered(states: States, sources: Sources, source: str) -> Square:
    """Return 1 where a source covers both states, else NaN; a source kept apart is asked itself."""
    import numpy as np

    if source == "openflights":
        routes = sources.tables["air_routes"]
        listed = {*routes["origin"], *routes["destination"]}
    else:
        table = sources.tables["coverage"]
        listed = {actor for name, actor in zip(table["source"], table["actor"], strict=True) if name == source}
    covered = np.array([1.0 if id in listed else np.nan for id in states.ids])
    return np.asarray(covered[:, None] * covered[None, :])


def _bound_silence(square: Square, covered: Square, most: float) -> tuple[Square, Square]:
    """Return low and high of each entry: a silent list that covers both says 0 to `most`."""
    import numpy as np

    silent = np.isnan(square) & ~np.isnan(covered)
    return np.where(silent, 0.0, square), np.where(silent, most, square)


def _bound_flows(states: States, sources: Sources, table: str, rows: Rows) -> tuple[Square, Square]:
    """Return low and high of the flows of both directions together."""
    import numpy as np

    source, keys, values = FLOWS[table]
    square = _lay_square(states, rows, keys, rows[values])
    most = float(np.nanquantile(square, sources.conventions["silence"][table])) if np.isfinite(square).any() else 0.0
    low, high = _bound_silence(square, _find_covered(states, sources, source), most)
    return low + low.T, high + high.T


def _measure_trade(states: States, sources: Sources) -> dict[str, Ends]:
    """Return low and high of the three indicators of trade."""
    import numpy as np

    totals = sources.tables["trade_totals"]
    sums = [a + b for a, b in zip(totals["exports"], totals["imports"], strict=True)]
    size = _lay_line(states, totals["state"], sums)
    size = np.where(size > 0, size, np.nan)
    one, other = size[states.first], size[states.second]
    world = float(np.nansum(np.array(sums, dtype=float)))
    flows = _bound_flows(states, sources, "trade", sources.tables["trade"])
    low, high = (states.take(flow) for flow in flows)
    sizes = {
        "trade_share": (one + other) / 2,
        "trade_lesser_share": np.maximum(one, other),
        "trade_intensity": one * other / world,
    }
    return {name: (low / size, high / size) for name, size in sizes.items()}


def _measure_migrants(states: States, sources: Sources) -> Ends:
    """Return low and high of persons per thousand of both populations, in the last year of the table."""
    rows = _keep_last_year(sources.tables["migrants"])
    people = _find_latest(states, sources, "population")
    both = people[states.first] + people[states.second]
    low, high = _bound_flows(states, sources, "migrants", rows)
    return PER * states.take(low) / both, PER * states.take(high) / both


def _measure_air_links(states: States, sources: Sources) -> Ends:
    """Return low and high of the direct air routes, mean of both ways, per million of both populations."""
    people = _find_latest(states, sources, "population")
    both = people[states.first] + people[states.second]
    low, high = _bound_flows(states, sources, "air_routes", sources.tables["air_routes"])
    return PER_ROUTES * states.take(low) / 2 / both, PER_ROUTES * states.take(high) / 2 / both


def _keep_last_year(rows: Rows) -> Rows:
    """Return the rows of the last year."""
    last = max(rows["year"], default=0)
    kept = [place for place, year in enumerate(rows["year"]) if year == last]
    return {name: [column[place] for place in kept] for name, column in rows.items()}


def _find_latest(states: States, sources: Sources, measure: str) -> NDArray[np.float64]:
    """Return the latest known value of each state's economy; rows are in the order of years."""
    table = sources.tables["economy"]
    return _lay_line(states, table["state"], table[measure])


def _measure_openness(states: States, sources: Sources) -> dict[str, Ends]:
    """Return low and high of the ease of entry and of the rank of missions, means of both ways."""
    visa, missions = sources.tables["visa"], sources.tables["missions"]
    ease = [sources.conventions["entry"][value] for value in visa["requirement"]]
    entry = _lay_square(states, visa, ("passport", "destination"), ease)
    rank = [sources.conventions["missions"][value] for value in missions["rank"]]
    level = _lay_square(states, missions, ("sender", "receiver"), rank)
    low, high = _bound_silence(level, _find_covered(states, sources, "wikidata"), 1.0)
    ways = {"entry": (entry, entry), "missions": (low, high)}
    means = {name: [states.take((end + end.T) / 2) for end in ends] for name, ends in ways.items()}
    return {name: (low, high) for name, (low, high) in means.items()}


def _measure_geography(states: States, sources: Sources) -> dict[str, Ends]:
    """Return common border and language, known or not."""
    table = sources.tables["geography"]
    found = {}
    for name, column in (("border", "contiguous"), ("common_language", "common_language")):
        values = _take_either(states, table, [float(value) for value in table[column]])
        found[name] = (values, values)
    return found


def _measure_votes(states: States, sources: Sources) -> dict[str, Ends]:
    """Return the distance of ideal points in the last session and its mean over the last sessions."""
    import numpy as np

    table = sources.tables["voting"]
    last = max(table["year"], default=0)
    years = range(last - sources.conventions["sessions"] + 1, last + 1)
    place = {id: number for number, id in enumerate(states.ids)}
    points = np.full((len(years), len(states.ids)), np.nan)
    for state, year, point in zip(table["state"], table["year"], table["ideal_point"], strict=True):
        if year in years and state in place:
            points[year - years[0], place[state]] = point
    gaps = np.abs(points[:, states.first] - points[:, states.second])
    known = ~np.isnan(gaps)
    mean = np.where(known, gaps, 0.0).sum(axis=0) / np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    return {"vote_distance": (gaps[-1], gaps[-1]), "vote_distance_decade": (mean, mean)}


def _measure_conditions(states: States, sources: Sources) -> dict[str, NDArray[np.float64]]:
    """Return what makes pairs alike: the size of both economies and their distance."""
    import numpy as np

    gdp = _find_latest(states, sources, "gdp")
    one, other = gdp[states.first], gdp[states.second]
    table = sources.tables["geography"]
    distance = _take_either(states, table, table["distance"])
    return {
        "lesser_gdp": np.minimum(one, other),
        "greater_gdp": np.maximum(one, other),
        "distance": distance,
    }


def _band_pairs(conditions: Mapping[str, NDArray[np.float64]]) -> tuple[str, ...]:
    """Return the group of each pair: a third of the pairs in each condition, or unknown."""
    import numpy as np

    bands = []
    for values in conditions.values():
        cuts = np.nanquantile(values, np.arange(1, BANDS) / BANDS) if np.isfinite(values).any() else np.zeros(1)
        bands.append(np.where(np.isnan(values), "u", np.searchsorted(cuts, values).astype(str)))
    return tuple("".join(parts) for parts in zip(*bands, strict=True))


def find_like(conditions: Mapping[str, NDArray[np.float64]], row: int, count: int) -> NDArray[np.int_]:
    """Return the pairs most like one: nearest in the sizes of both economies and in distance.

    Each condition is taken in logarithms, by its standard deviation over all pairs; all count the same.

    Parameters
    ----------
    conditions : mapping of str to array, shape (pairs,)
    row : int
        The pair.
    count : int
        How many [pairs].

    Returns
    -------
    array of int
        Rows, the most like first; empty where a condition of the pair is unknown.
    """
    import numpy as np

    scaled = []
    for values in conditions.values():
        logs = np.log(np.where(values > 0, values, np.nan))
        scaled.append((logs - logs[row]) / np.nanstd(logs))
    gap = np.sqrt(np.square(scaled).sum(axis=0))
    gap[row] = np.nan
    order = np.argsort(gap, kind="stable")
    return order[: min(count, int(np.isfinite(gap).sum()))]
