"""What a table of flows is like, and what in it would give a wrong number.

Some things are refused, with the rows named; others are left out, and entered in a ledger with the reason; the rest is
reported: balance, zeros, missing flows, states that only export or only import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from comity.integration.errors import PanelError, SpecificationError
from comity.integration.gravity.panel import Panel
from comity.lexicon.actors import read_areas
from comity.lexicon.names import find_actor

Numbers = NDArray[np.float64]
Rows = NDArray[np.bool_]

SHOWN = 5
COLLINEAR = 1e-7


@dataclass
class Ledger:
    """What was left out, in order, with the reason.

    Parameters
    ----------
    entries : list of (str, str, array)
        Reason, why, and rows of the table as it was given.
    """

    entries: list[tuple[str, str, NDArray[np.int64]]] = field(default_factory=list)

    def drop(self, panel: Panel, bad: Rows, reason: str, why: str) -> Panel:
        """Leave rows out, and write down why."""
        if not bad.any():
            return panel
        self.entries.append((reason, why, panel.places[bad]))
        return panel.keep(~bad)

    def to_table(self) -> Any:
        """Return the ledger as an Arrow table: `reason`, `why`, `rows` (how many), `first` (the first rows)."""
        return pa.table(
            {
                "reason": pa.array([reason for reason, _, _ in self.entries], pa.string()),
                "why": pa.array([why for _, why, _ in self.entries], pa.string()),
                "rows": pa.array([len(rows) for _, _, rows in self.entries], pa.int64()),
                "first": pa.array([rows[:SHOWN].tolist() for _, _, rows in self.entries], pa.list_(pa.int64())),
            }
        )


def check_actors(panel: Panel) -> None:
    """Refuse exporters and importers that are neither a state nor an area of the lexicon.

    Raises
    ------
    PanelError
        Some are unknown; their rows are named.
    """
    areas = {text for area in read_areas() for text in (area.iso3, area.name)}
    unknown = [place for place, name in enumerate(panel.actors) if name not in areas and find_actor(name) is None]
    if not unknown:
        return
    rows = panel.places[np.isin(panel.exporter, unknown) | np.isin(panel.importer, unknown)]
    names = ", ".join(repr(panel.actors[place]) for place in unknown[:SHOWN])
    raise PanelError(
        f"{len(unknown)} unknown states, such as {names}",
        rows=rows.tolist(),
        why="a misspelt state would be one of its own",
        todo="give ISO codes or names, or set actors to as_given",
    )


def check_exporters(panel: Panel) -> None:
    """Refuse a state whose rows as exporter are all zero, domestic sales aside.

    Raises
    ------
    PanelError
        Such a state; its rows are named.
    """
    foreign = ~panel.domestic
    sums = np.bincount(panel.exporter[foreign], weights=panel.values[foreign], minlength=len(panel.actors))
    rows = np.bincount(panel.exporter[foreign], minlength=len(panel.actors))
    without = np.flatnonzero((sums == 0) & (rows > 0))
    if len(without):
        names = ", ".join(panel.actors[place] for place in without[:SHOWN])
        raise PanelError(
            f"{len(without)} exporters without exports: {names}",
            rows=panel.places[np.isin(panel.exporter, without) & foreign].tolist(),
            why="none of their effects exists, and missing flows may stand as zeros",
            todo="take these rows out, or leave flows that are not known empty",
        )


def check_connection(panel: Panel) -> None:
    """Refuse states that fall into groups between which nothing flows in any year.

    Raises
    ------
    PanelError
        More than one group; the rows of all but the largest are named.
    """
    flows = panel.values > 0
    count = len(panel.actors)
    graph = sparse.coo_array(
        (np.ones(int(flows.sum())), (panel.exporter[flows], panel.importer[flows])), shape=(count, count)
    )
    _, part = connected_components(graph, directed=False)
    present = np.zeros(count, dtype=bool)
    present[panel.exporter[flows]] = present[panel.importer[flows]] = True
    sizes = np.bincount(part[present])
    if (sizes > 0).sum() < 2:
        return
    apart = present & (part != sizes.argmax())
    names = ", ".join(panel.actors[place] for place in np.flatnonzero(apart)[:SHOWN])
    raise PanelError(
        f"the graph of flows is disconnected: nothing flows between {names} and the others",
        rows=panel.places[apart[panel.exporter] | apart[panel.importer]].tolist(),
        why="effects of the two groups cannot be compared",
        todo="estimate the groups apart, or take the smaller one out",
    )


def find_collinear(
    names: Sequence[str], sizes: Numbers, residuals: Numbers, weights: Numbers
) -> tuple[int, str] | None:
    """Find the first regressor that the fixed effects and the regressors before it explain.

    Parameters
    ----------
    names : sequence of str
    sizes : array (regressors,)
        Weighted lengths of the regressors as given.
    residuals : array (regressors, rows)
        Without the effects.
    weights : array (rows,)

    Returns
    -------
    (int, str) or None
        Its place, and what explains it.
    """
    left = measure_lengths(residuals, weights)
    gram = (residuals * weights) @ residuals.T if len(names) > 1 else np.zeros((1, 1))
    for place in range(len(names)):
        if left[place] <= COLLINEAR * sizes[place]:
            return place, "the fixed effects"
        if place:
            lengths = left[: place + 1]
            near = gram[: place + 1, : place + 1] / np.outer(lengths, lengths)
            if 1 - near[place, :place] @ np.linalg.solve(near[:place, :place], near[:place, place]) <= COLLINEAR:
                return place, f"the fixed effects and {', '.join(names[:place])}"
    return None


def measure_lengths(columns: Numbers, weights: Numbers) -> Numbers:
    """Return the weighted length of each column."""
    return np.sqrt([np.einsum("r,r,r->", column, column, weights) for column in columns])


def refuse_collinear(name: str, others: str, column: Numbers, rows: NDArray[np.int64]) -> PanelError:
    """Return the error about a collinear regressor; the rows in which it is not zero are named."""
    return PanelError(
        f"{name} is collinear: {others} explain it",
        rows=rows[column != 0].tolist(),
        why="its coefficient could be any number",
        todo=f"take {name} out, or take fewer effects",
    )


def describe_panel(panel: Panel) -> dict[str, Any]:
    """Describe a table of flows.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    dict
        `rows`, `actors`, `exporters`, `importers`, `years`, `first_year`, `last_year`, `zeros`, `domestic`, `missing`
        (flows between the exporters and importers present that have no row or no value), `balanced`, `only_export`,
        `only_import`.
    """
    out, into = np.unique(panel.exporter), np.unique(panel.importer)
    years = np.unique(panel.year)
    missing_values = np.isnan(panel.values)
    both = len(np.intersect1d(out, into))
    domestic = int(panel.domestic.sum())
    cells = (len(out) * len(into) - (0 if domestic else both)) * len(years)
    missing = cells - len(panel.values) + int(missing_values.sum())
    return {
        "rows": len(panel.values),
        "actors": len(np.union1d(out, into)),
        "exporters": len(out),
        "importers": len(into),
        "years": len(years),
        "first_year": int(panel.years[years[0]]) if len(years) else None,
        "last_year": int(panel.years[years[-1]]) if len(years) else None,
        "zeros": int((panel.values == 0).sum()),
        "domestic": domestic,
        "missing": missing,
        "balanced": missing == 0,
        "only_export": [panel.actors[place] for place in np.setdiff1d(out, into)],
        "only_import": [panel.actors[place] for place in np.setdiff1d(into, out)],
    }


def check_left(panel: Panel, regressors: int, ledger: Ledger) -> None:
    """Refuse a panel of which too little is left.

    Raises
    ------
    SpecificationError
        Fewer rows than regressors and one, or values that do not vary.
    """
    rows = len(panel.values)
    dropped = ", ".join(f"{reason}: {len(places):,}" for reason, _, places in ledger.entries) or "nothing"
    if rows <= regressors + 1:
        raise SpecificationError(
            f"{rows} rows are left for {regressors} regressors",
            where=f"left out: {dropped}",
            todo="give more rows, or take fewer effects: in one year, exporter and importer",
        )
    if np.ptp(panel.values) == 0:
        raise SpecificationError(f"all {rows} flows are {panel.values[0]:g}", where=f"left out: {dropped}")
