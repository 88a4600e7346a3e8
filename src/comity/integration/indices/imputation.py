"""What stands in for an unknown, and how far it may be from the truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from comity.integration.indices.errors import IndicatorError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from comity.integration.indices.panel import Panel

FEWEST_DONORS = 3


def number_groups(panel: Panel, group: str) -> NDArray[np.int_]:
    """Return the number of each unit's group, shape (units,); all in one where no grouping is named."""
    import numpy as np

    if not group:
        return np.zeros(len(panel.units), dtype=int)
    names = panel.groups[group]
    order = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return np.array([order[name] for name in names])


def fill_centre(panel: Panel, group: str, method: str) -> NDArray[np.float64]:
    """Return the table with each unknown at the mean or median of its group's known values.

    Parameters
    ----------
    panel : Panel
    group : str
        Grouping, or "" for all units.
    method : {"mean", "median"}

    Returns
    -------
    array of float, shape (units, columns)

    Raises
    ------
    IndicatorError
        A group has no known value of an indicator that it needs.
    """
    import numpy as np

    filled = panel.values.copy()
    numbers = number_groups(panel, group)
    for row, place in np.argwhere(panel.find_missing()):
        column = panel.values[numbers == numbers[row], place]
        if np.isnan(column).all():
            raise IndicatorError(
                f"no unit of the group has {panel.columns[place]!r}",
                where=f"unit {panel.units[row]}, column {panel.columns[place]!r}",
                todo="impute without groups or with wider ones, or leave the indicator out",
            )
        centre = np.nanmean(column) if method == "mean" else np.nanmedian(column)
        filled[row, place] = _limit(panel, int(row), int(place), float(centre))
    return filled


def draw_unknowns(panel: Panel, group: str, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw each unknown from known values of its group, with the uncertainty of who the donors happen to be.

    The approximate Bayesian bootstrap: for each table the donors are drawn anew with replacement, then each unknown
    is drawn from them; it is kept within what is known of it. An unknown with both bounds is drawn evenly between
    them instead, so that a list's silence is not taken for chance. A group with fewer than three donors draws from all
    units. Units are taken in the order of their values, so that names and order of rows do not matter.

    Parameters
    ----------
    panel : Panel
    group : str
        Grouping, or "" for all units.
    count : int
        Tables [imputations].
    rng : numpy.random.Generator

    Returns
    -------
    array of float, shape (count, unknowns)
        In the order of ``argwhere`` of the unknowns by row and column.

    References
    ----------
    rubin-schenker-1986
    """
    import numpy as np

    missing = panel.find_missing()
    spots = np.cumsum(missing.ravel()).reshape(missing.shape) - 1
    drawn = np.empty((count, int(missing.sum())))
    numbers = number_groups(panel, group)
    rank = _rank_rows(panel)
    for place in range(len(panel.columns)):
        lacking = np.flatnonzero(missing[:, place])
        lacking = lacking[np.argsort(rank[lacking])]
        for number in dict.fromkeys(numbers[lacking].tolist()):
            rows = lacking[numbers[lacking] == number]
            donors = _list_donors(panel, place, numbers == number)
            chosen = rng.integers(0, len(donors), (count, len(donors)))
            picks = rng.integers(0, len(donors), (count, len(rows)))
            cells = donors[np.take_along_axis(chosen, picks, axis=1)]
            drawn[:, spots[rows, place]] = _limit_many(panel, rows, place, cells)
    _draw_bounded(panel, rank, drawn, rng)
    return drawn


def _rank_rows(panel: Panel) -> NDArray[np.int_]:
    """Return the place of each row when they are ordered by their values."""
    import numpy as np

    rank = np.empty(len(panel.units), dtype=int)
    rank[np.lexsort(panel.values.T)] = np.arange(len(panel.units))
    return rank


def _draw_bounded(panel: Panel, rank: NDArray[np.int_], drawn: NDArray[np.float64], rng: np.random.Generator) -> None:
    """Draw the unknowns that have both bounds evenly between them, in place."""
    import numpy as np

    if panel.low is None or panel.high is None:
        return
    missing = panel.find_missing()
    rows, places = np.nonzero(missing)
    low, high = panel.low[missing], panel.high[missing]
    both = np.flatnonzero(~np.isnan(low) & ~np.isnan(high))
    both = both[np.lexsort((rank[rows[both]], places[both]))]
    share = rng.uniform(size=(len(drawn), len(both)))
    drawn[:, both] = low[both] + (high - low)[both] * share


def _list_donors(panel: Panel, place: int, within: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the known values of a group in order, or of all units where the group has too few."""
    import numpy as np

    column = panel.values[:, place]
    known = ~np.isnan(column)
    chosen = known & within if (known & within).sum() >= FEWEST_DONORS else known
    return np.sort(column[chosen])


def _limit(panel: Panel, row: int, place: int, value: float) -> float:
    """Return a value within what is known of the unknown."""
    import numpy as np

    return float(_limit_many(panel, np.array([row]), place, np.array([[value]]))[0, 0])


def _limit_many(panel: Panel, rows: NDArray[np.int_], place: int, cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return draws within what is known of each unknown, shape (count, rows)."""
    import numpy as np

    for bound, limit in ((panel.low, np.fmax), (panel.high, np.fmin)):
        if bound is not None:
            cells = limit(cells, bound[rows, place])
    return cells


def list_unknowns(panel: Panel) -> Sequence[tuple[str, str]]:
    """Return unit and indicator of each unknown, by row and column."""
    import numpy as np

    return [(panel.units[row], panel.columns[place]) for row, place in np.argwhere(panel.find_missing())]
