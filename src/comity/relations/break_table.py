"""Breaks over a store: read the events, find the breaks of directed pairs, and name the events that made each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from typing import TYPE_CHECKING, Any

from comity.events.coverage import list_days
from comity.events.scale import Scale
from comity.relations.breaks import Break, BreakRule, Way, find_breaks, read_break_rule
from comity.relations.gestures import time_periods
from comity.relations.jumps import Blend, weigh_jumps, weigh_lately
from comity.relations.lasting import follow_rate, follow_tone
from comity.relations.published import read_gesture_model
from comity.relations.series import (
    LENGTHS,
    Calendar,
    Pair,
    RelationsError,
    Series,
    follow_period,
    lay_calendar,
    read_series,
)
from comity.relations.tone import Tilt

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

LEAST_EVENTS = 10
MOST_EVIDENCE = 4
MEASURES = ("tone", "rate")
NAMES = {"tone": ("thaw", "rupture"), "rate": ("more", "fewer")}
_EVENTS = "date, sender, receiver, code, label, type, score, reports, url"


@dataclass(frozen=True)
class Ground:
    """What breaks are looked for in.

    Parameters
    ----------
    series : Series
    blend : Blend
    way : Way
    rule : BreakRule
    of : str
        `tone` or `rate`.
    tilt : Tilt
        Of the scores, which says what an event tells of a level.
    """

    series: Series
    blend: Blend
    way: Way
    rule: BreakRule
    of: str
    tilt: Tilt


def _read_ground(con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], by: str, scale: Scale, of: str) -> Ground:
    """Read the series of the pairs and follow their levels."""
    if of not in MEASURES:
        raise RelationsError(f"there are no breaks of {of!r}", todo=f"choose one of {', '.join(MEASURES)}")
    calendar = lay_calendar(list_days(con), by)
    if not calendar.starts:
        raise RelationsError("the store holds no events", todo="load files first, or choose a later --as-of")
    series = read_series(con, calendar, pairs)
    model, rule = read_gesture_model(scale, con), read_break_rule()
    low, high = model.scores[0], model.scores[-1]
    least = rule.least * (high - low) if of == "tone" else log(rule.faster)
    longest = max(1, int(rule.longest / LENGTHS[by]))
    timing = time_periods(calendar)
    if of == "tone":
        blend = follow_tone(series.tally, timing, model, rule)
    else:
        blend = follow_rate(series.events, series.loaded, timing, model, rule)
    return Ground(series, blend, Way(least, longest, rule.lately[by]), rule, of, model.tilt())


def find_all_breaks(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], by: str, scale: Scale, of: str = "tone"
) -> dict[str, Any]:
    """Find the breaks of directed pairs.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    pairs : sequence of (sender, receiver)
        Actor ids.
    by : str
        `day`, `week` or `month`.
    scale : Scale
    of : str
        `tone`, or `rate` for the rate of events.

    Returns
    -------
    dict
        `breaks`: one row for each, see `comity.api.find_breaks`; `pairs`: for each pair whether its events are
        enough, and how likely a break has been lately.

    Raises
    ------
    RelationsError
        Nothing is loaded, or there is no such period or measure.

    References
    ----------
    `adams-mackay-2007`, `fearnhead-liu-2007` in docs/bibliography.md
    """
    ground = _read_ground(con, pairs, by, scale, of)
    enough = _count(ground) >= LEAST_EVENTS
    rows = [
        _describe_break(con, ground, pair, one)
        for pair in range(len(pairs))
        if enough[pair]
        for one in find_breaks(ground.blend, pair, ground.way, ground.rule)
    ]
    return {
        "by": by,
        "of": of,
        "within": ground.way.within,
        "least": round(ground.way.least if of == "tone" else exp(ground.way.least), 6),
        "pairs": [_describe_pair(ground, pair, bool(enough[pair])) for pair in range(len(pairs))],
        "breaks": rows,
    }


def _count(ground: Ground) -> NDArray[np.float64]:
    """Return the events of each pair that the measure rests on."""
    counted: NDArray[np.float64] = (ground.series.count if ground.of == "tone" else ground.series.events).sum(1)
    return counted


def _describe_pair(ground: Ground, pair: int, enough: bool) -> dict[str, Any]:
    """Return how likely a break has been lately; None where there are too few events to say."""
    import numpy as np

    last = ground.blend.periods - 1
    sender, receiver = ground.series.pairs[pair]
    names = NAMES[ground.of]
    row = {"sender": sender, "receiver": receiver, "events": int(_count(ground)[pair]), "enough": enough}
    if not enough or last == 0:
        return row | {"until": None} | dict.fromkeys(names)
    up, down = weigh_lately(ground.blend, pair, np.array([last]), ground.way.least, ground.way.within)
    until = _end(ground.series.calendar, last).isoformat()
    return row | {"until": until, names[0]: round(float(up[0]), 4), names[1]: round(float(down[0]), 4)}


def _end(calendar: Calendar, period: int) -> date:
    """Return the last day of a period."""
    return follow_period(calendar.starts[period], calendar.by) - timedelta(days=1)


def _describe_break(con: duckdb.DuckDBPyConnection, ground: Ground, pair: int, one: Break) -> dict[str, Any]:
    """Return one break as a row."""
    calendar = ground.series.calendar
    sender, receiver = ground.series.pairs[pair]
    shown = float if ground.of == "tone" else exp
    numbers = ("before", "after", "size", "low", "high")
    return {
        "sender": sender,
        "receiver": receiver,
        "period": calendar.starts[one.first].isoformat(),
        "until": _end(calendar, one.last).isoformat(),
        "direction": NAMES[ground.of][0 if one.upward else 1],
        "probability": round(one.probability, 4),
        "online": round(one.online, 4),
        "known": None if one.known is None else _end(calendar, one.known).isoformat(),
        **{name: round(shown(getattr(one, name)), 4) for name in numbers},
        "events": _list_evidence(con, ground, (sender, receiver), one),
    }


def _list_evidence(con: duckdb.DuckDBPyConnection, ground: Ground, pair: Pair, one: Break) -> list[dict[str, Any]]:
    """Return the events before and after a break that speak for it most."""
    calendar, within = ground.series.calendar, ground.way.within
    first, last = max(one.first - within, 0), min(one.last + within, len(calendar.starts) - 1)
    spans = {
        "before": (calendar.starts[first], _end(calendar, one.first - 1)),
        "after": (calendar.starts[one.first], _end(calendar, last)),
    }
    slope, weight = _compare(ground, one)
    found = []
    for side, sign in (("before", -1.0), ("after", 1.0)):
        rows = con.execute(
            f"select {_EVENTS}, (coalesce(score, 0) * ? - ?) * weight * ? as told from events where sender = ? "
            "and receiver = ? and date between ? and ? and score is not null and told > 0 "
            f"order by round(told, 6) desc, reports desc, date, code limit {MOST_EVIDENCE}",
            [slope, weight, sign, *pair, *spans[side]],
        ).fetchall()
        found += sorted((_describe_event(row, side) for row in rows), key=lambda event: (event["date"], event["code"]))
    return found


def _compare(ground: Ground, one: Break) -> tuple[float, float]:
    """Return what a score tells for the level after against the one before: slope and constant [nats].

    Of the rate every event tells the same: the most reported ones stand for all.
    """
    import numpy as np

    if ground.of == "rate":
        return 0.0, -1.0 if one.upward else 1.0
    points, tilt = ground.blend.points, ground.tilt
    slopes = np.interp([one.before, one.after], points, tilt.slope)
    weights = np.interp([one.before, one.after], points, tilt.weight)
    return float(slopes[1] - slopes[0]), float(weights[1] - weights[0])


def _describe_event(row: tuple[Any, ...], side: str) -> dict[str, Any]:
    """Return one event as evidence."""
    names = ("date", "sender", "receiver", "code", "label", "type", "score", "reports", "link")
    event = dict(zip(names, row, strict=False))
    address = str(event["link"] or "")
    link = address if address.startswith(("https://", "http://")) else None
    return event | {"date": event["date"].isoformat(), "link": link, "side": side, "told": round(float(row[-1]), 4)}


def score_breaks(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], by: str, scale: Scale, of: str = "tone"
) -> list[dict[str, Any]]:
    """Score how likely a break was in each period: what was known then, and what is known now.

    Parameters
    ----------
    con, pairs, by, scale, of
        As in `find_all_breaks`.

    Returns
    -------
    list of dict
        One for each pair and period: `period`, `until`, `sender`, `receiver`, `online_thaw`, `online_rupture` (a
        break within the last periods, from what was known at the end of this one), `thaw`, `rupture` (a break
        in this period, from all periods) [probability]; None where there are too few events, and in the first period.
        Of the rate: `more` and `fewer`.
    """
    import numpy as np

    ground = _read_ground(con, pairs, by, scale, of)
    calendar, periods = ground.series.calendar, ground.blend.periods
    ends, enough = np.arange(1, periods), _count(ground) >= LEAST_EVENTS
    up, down = NAMES[of]
    names = (f"online_{up}", f"online_{down}", up, down)
    rows = []
    for pair, (sender, receiver) in enumerate(pairs):
        values = np.full((4, periods), np.nan)
        if enough[pair]:
            values[:2, 1:] = weigh_lately(ground.blend, pair, ends, ground.way.least, ground.way.within)
            values[2:] = weigh_jumps(ground.blend, pair, ground.way.least)
            values[2:, :1] = np.nan
        for period, start in enumerate(calendar.starts):
            said = (None if np.isnan(x) else round(float(x), 4) for x in values[:, period])
            about = {"period": start.isoformat(), "until": _end(calendar, period).isoformat()}
            rows.append({**about, "sender": sender, "receiver": receiver, **dict(zip(names, said, strict=True))})
    return rows
