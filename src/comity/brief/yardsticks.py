"""Measures of the literature beside the index, and how far they agree with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comity.events.scale import Scale
from comity.relations.agreement import compare_with_index, list_busy_pairs
from comity.relations.alternatives import ALTERNATIVES, measure_acts, read_acts
from comity.relations.series import Calendar, Pair, RelationsError

if TYPE_CHECKING:
    import duckdb

LEAST = 50
MOST_PAIRS = 150


def describe_yardsticks(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], calendar: Calendar, scale: Scale
) -> dict[str, Any]:
    """Measure both directions of a pair by every alternative over the whole period, beside how far these agree.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    pairs : sequence of (sender, receiver)
        The two directions.
    calendar : Calendar
    scale : Scale

    Returns
    -------
    dict
        `measures`: `measure`, `values` (one for each direction, None without events), and `pairs`, `time`: the rank
        correlation with the index over the busiest pairs of the store, and over periods within them (`correlation`,
        `low`, `high`, `count`; None where too few pairs have events enough); `least`, `pairs`.
    """
    import numpy as np

    acts = read_acts(con, calendar, pairs)
    whole = np.zeros(len(acts.days), dtype=np.int64)
    seen = acts.events.sum(1) > 0
    busy = list_busy_pairs(con, LEAST, MOST_PAIRS)
    try:
        agreement = compare_with_index(con, busy, calendar.by, scale)
    except RelationsError:  # fewer than ten pairs: nothing is said of agreement
        agreement = []
    rows = []
    for name in ALTERNATIVES:
        values = measure_acts(acts, name, whole, 1)[:, 0]
        given = [round(float(v), 4) if s and v == v else None for v, s in zip(values, seen, strict=True)]
        row: dict[str, Any] = {"measure": name, "values": given, "pairs": None, "time": None}
        for found in agreement:
            if found["b"] == name and found["correlation"] is not None:
                row[found["over"]] = {key: found[key] for key in ("correlation", "low", "high", "count")}
        rows.append(row)
    return {"measures": rows, "least": LEAST, "pairs": len(busy)}
