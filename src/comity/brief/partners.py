"""The partners of one state, ranked, and those whose relations moved most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.events.scale import Scale
from comity.lexicon import get_actor
from comity.relations.change import compare_levels
from comity.relations.comparison import average_levels, find_quantiles, rank_standings
from comity.relations.gestures import time_periods
from comity.relations.published import read_gesture_model
from comity.relations.series import Calendar, read_series
from comity.relations.standing import smooth_ends

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEAST_EVENTS = 10
MOST_MOVED = 5


def describe_partners(con: duckdb.DuckDBPyConnection, state: str, calendar: Calendar, scale: Scale) -> dict[str, Any]:
    """Rank the partners of a state by the mean of both directions' smoothed levels.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    state : str
        Actor id.
    calendar : Calendar
    scale : Scale

    Returns
    -------
    dict
        `partners` (at least 10 events in both directions together, ranked), `rises`, `falls` (the
        largest five each) and `few_events` (how many partners had fewer).
    """
    counts = con.execute(
        "select case when sender = ? then receiver else sender end as partner, sum(weight), sum(reports) "
        "from events where sender = ? or receiver = ? group by 1 order by 1",
        [state, state, state],
    ).fetchall()
    chosen = [row for row in counts if row[1] >= LEAST_EVENTS]
    names = [row[0] for row in chosen]
    pairs = [(state, name) for name in names] + [(name, state) for name in names]
    series = read_series(con, calendar, pairs)
    model = read_gesture_model(scale, con)
    level, covariance, last = smooth_ends(series.tally, time_periods(calendar), model)
    half = len(names)
    mean = (level[:half] + level[half:]) / 2
    joint = (covariance[:half] + covariance[half:]) / 4
    now = average_levels(last[:half], last[half:], model.lay_tone().points)
    rows = _rank(chosen, mean, joint, now, calendar)
    moved = sorted(rows, key=lambda row: (-abs(row["change"]), row["id"]))
    return {
        "partners": sorted(rows, key=lambda row: row["rank"]),
        "rises": [row for row in moved if row["change"] > 0][:MOST_MOVED],
        "falls": [row for row in moved if row["change"] < 0][:MOST_MOVED],
        "few_events": len(counts) - len(chosen),
    }


def _rank(
    chosen: list[tuple[Any, ...]],
    mean: Numbers,
    covariance: Numbers,
    now: tuple[Numbers, Numbers],
    calendar: Calendar,
) -> list[dict[str, Any]]:
    """Return one row for each partner; `now`: distribution of the last level, and its grid."""
    import numpy as np

    if not chosen:
        return []
    ranks = rank_standings(*now)
    bounds = find_quantiles(*now, np.tile([0.05, 0.95], (len(chosen), 1)))
    rows = []
    for place, (partner, events, reports) in enumerate(chosen):
        change = compare_levels(mean[place, [0, -1]], covariance[place], 0, 1)
        rows.append(
            {
                "id": partner,
                "name": get_actor(partner).name,
                "status": get_actor(partner).status,
                "events": int(events),
                "reports": int(reports),
                **dict(zip(("score", "low", "high"), _round(mean[place, -1], *bounds[place]), strict=True)),
                "change": round(change.change, 4),
                "change_low": round(change.low, 4),
                "change_high": round(change.high, 4),
                "probability": round(change.probability, 4),
                "rank": int(ranks.rank[place]),
                "rank_low": int(ranks.low[place]),
                "rank_high": int(ranks.high[place]),
                "path": [
                    round(float(value), 4) if covered else None
                    for value, covered in zip(mean[place], calendar.covered, strict=True)
                ],
            }
        )
    return rows


def _round(*values: float) -> list[float]:
    """Return numbers as they are given."""
    return [round(float(value), 4) + 0.0 for value in values]
