"""The columns on the right-hand side: as given, logarithms, borders, lags and leads, and the event-study form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from comity.integration.errors import PanelError, SpecificationError
from comity.integration.gravity.panel import Panel
from comity.integration.gravity.specification import Event, Specification

Numbers = NDArray[np.float64]
Rows = NDArray[np.bool_]

LOGARITHM = re.compile(r"log\((.+)\)")
INTERNATIONAL = "international"


def build_regressors(
    whole: Panel, panel: Panel, specification: Specification, sums: Mapping[str, Numbers]
) -> tuple[tuple[str, ...], Numbers]:
    """Build every regressor of a specification.

    Parameters
    ----------
    whole : Panel
        The table as it was given, in which lags and leads are looked up.
    panel : Panel
        The rows that are estimated.
    specification : Specification
    sums : mapping of str to array (actors * years,)
        Output and expenditure, for the regressors of that name where the table has no such column.

    Returns
    -------
    names : tuple of str
    regressors : array (regressors, rows)
        NaN where a value is missing.

    Raises
    ------
    SpecificationError
        No such column, no domestic rows for a border, or the same regressor twice.
    PanelError
        A logarithm of what is not positive, or a dummy that is none.
    """
    built: list[tuple[str, Numbers]] = []
    for name in specification.regressors:
        built.append((name, _read_regressor(panel, name, sums)))
    for name, lags in specification.lags.items():
        built.extend((_name_lag(name, lag), _look_up(whole, panel, whole.read_column(name), lag)) for lag in lags)
    if specification.event:
        built.extend(_build_event(whole, panel, specification.event))
    known = ~np.isnan(sum((column for _, column in built), np.zeros(len(panel.values))))
    built.extend(_build_border(panel, specification.border, known))
    names = tuple(name for name, _ in built)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SpecificationError(f"given twice: {', '.join(twice)}", todo="name each regressor once")
    return names, np.stack([column for _, column in built])


def _read_regressor(panel: Panel, name: str, sums: Mapping[str, Numbers]) -> Numbers:
    """Return a column, or its logarithm."""
    found = LOGARITHM.fullmatch(name.replace(" ", ""))
    if found is None:
        return _read_plain(panel, name, sums)
    column = _read_plain(panel, found[1], sums)
    bad = column <= 0
    if bad.any():
        rows = panel.places[bad]
        raise PanelError(
            f"{name}: {found[1]} is {column[bad][0]:g}",
            rows=rows.tolist(),
            why="the logarithm of what is not positive does not exist",
            todo="correct these rows, or drop domestic sales where they have none",
        )
    return np.log(column)


def _read_plain(panel: Panel, name: str, sums: Mapping[str, Numbers]) -> Numbers:
    """Return a column of the table, or the output or expenditure that the flows add up to."""
    if name in panel.table.column_names or name not in sums:
        return panel.read_column(name)
    actors = panel.exporter if name == "output" else panel.importer
    return np.asarray(sums[name][actors * len(panel.years) + panel.year])


def _build_border(panel: Panel, border: str, known: Rows) -> Iterator[tuple[str, Numbers]]:
    """Yield the dummy of international flows, or one for each year of the known rows but the first."""
    if border == "none":
        return
    international = ~panel.domestic
    if international[known].all():
        raise SpecificationError(
            f"border is {border!r}, and there are no domestic sales",
            why="without them a border cannot be told from the fixed effects",
            todo="add one row for each state and year in which exporter and importer are the same",
        )
    if border == "constant":
        yield INTERNATIONAL, international.astype(float)
        return
    present = np.unique(panel.year[known])
    for year in present[1:]:
        yield f"{INTERNATIONAL}_{panel.years[year]}", (international & (panel.year == year)).astype(float)


def _name_lag(name: str, lag: int) -> str:
    """Return the name of a lag, of a lead, or of the column itself."""
    return name if lag == 0 else f"{name}_lag{lag}" if lag > 0 else f"{name}_lead{-lag}"


def _look_up(whole: Panel, panel: Panel, column: Numbers, lag: int) -> Numbers:
    """Return the value of a column some years earlier in the table as it was given; NaN where there is no row."""
    actors = len(whole.actors)
    pair = whole.exporter * actors + whole.importer
    key = whole.years[whole.year] * actors * actors + pair
    order = np.argsort(key)
    wanted = (panel.years[panel.year] - lag) * actors * actors + panel.exporter * actors + panel.importer
    place = np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)
    found = order[place]
    return np.where(key[found] == wanted, column[found], np.nan)


def _build_event(whole: Panel, panel: Panel, event: Event) -> Iterator[tuple[str, Numbers]]:
    """Yield a dummy for each year around the event but the reference; the outermost gather what lies beyond."""
    if event.before < 1 or event.after < 0 or not -event.before <= event.reference <= event.after:
        raise SpecificationError(
            f"an event seen from {-event.before} to {event.after} years, against year {event.reference}",
            todo="give before >= 1, after >= 0 and a reference between them",
        )
    column = whole.read_column(event.column)
    since, ended = _count_years(whole, panel, column, event.column)
    shown = np.clip(since, -event.before, event.after)
    for year in range(-event.before, event.after + 1):
        if year != event.reference and (shown == year).any():
            yield f"{event.column}[{year:+d}]", np.where(ended, np.nan, shown == year)


def _count_years(whole: Panel, panel: Panel, column: Numbers, name: str) -> tuple[Numbers, Rows]:
    """Return the years since the dummy first was 1 for the pair, NaN where it never was; and where it is 0 again."""
    bad = ~np.isin(column, (0.0, 1.0)) & ~np.isnan(column)
    if bad.any():
        rows = whole.places[bad]
        raise PanelError(f"{name} is no dummy: {column[bad][0]:g}", rows=rows.tolist(), todo="give 0 and 1")
    actors = len(whole.actors)
    first = np.full(actors * actors, np.inf)
    pair, years = whole.exporter * actors + whole.importer, whole.years[whole.year].astype(float)
    np.minimum.at(first, pair[column == 1], years[column == 1])
    since = panel.years[panel.year] - first[panel.exporter * actors + panel.importer]
    ended = (panel.read_column(name) == 0) & (since > 0)
    return np.where(np.isfinite(since), since, np.nan), ended
