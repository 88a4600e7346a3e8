"""Measures of relations that the literature uses, by name, so that results can be compared with it.

| name | what it is | range |
|---|---|---|
| `net` | net cooperation: the sum of the events' scores (Goldstein 1992) | open |
| `share` | events of cooperative classes over all events | 0 to 1 |
| `plover` | mean PLOVER score of the events | -10 to 10 |
| `tsinghua` | a level that each event moves less the nearer it is to the end (Yan and Zhou 2004) | -9 to 9 |

None has an interval and none allows for how many events there were: they are for comparison, the index is for use.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.events.coverage import list_days
from comity.events.scale import Scale, read_scale
from comity.lexicon.published import read_published
from comity.relations.series import Calendar, Pair, RelationsError, follow_period, lay_calendar, start_period

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ALTERNATIVES = ("net", "share", "plover", "tsinghua")


@dataclass(frozen=True)
class EventScores:
    """The scores of the recursion: by PLOVER type, with the bound of the scale and the level at the start."""

    scores: dict[str, float]
    bound: float
    start: float


@cache
def read_event_scores() -> EventScores:
    """Return the published event scores of the recursion."""
    folder = Path(__file__).parent
    head = read_published(folder / "event_scores.yml")
    with (folder / head["table"]).open(encoding="utf-8", newline="") as lines:
        scores = {row["type"]: float(row["score"]) for row in csv.DictReader(lines)}
    return EventScores(scores, float(head["bound"]["value"]), float(head["start"]["value"]))


def follow_level(level: float, score: float, bound: float = 9.0) -> float:
    """Return the level after one event of a known score.

    ``level + (bound - level) / bound * score`` where the score is 0 or more, and
    ``level + (bound + level) / bound * score`` where it is less: the nearer the level is to an end, the less an event
    moves it on.

    Parameters
    ----------
    level : float
        Before the event [-bound to bound].
    score : float
        What the event would add at level 0 [-bound to bound].
    bound : float
        End of the scale [points].

    Returns
    -------
    float
        Within the bounds; never lower for a higher level or a higher score.

    Raises
    ------
    RelationsError
        Level or score lie outside the bounds, where the rule would leave them.

    References
    ----------
    `yan-zhou-2004` in docs/bibliography.md

    Examples
    --------
    >>> follow_level(0.0, 0.9), follow_level(8.1, 0.9), follow_level(8.1, -0.9)
    (0.9, 8.19, 6.39)
    """
    for name, value in (("level", level), ("score", score)):
        if not -bound <= value <= bound:
            raise RelationsError(f"the {name} {value!r} is not from {-bound:g} to {bound:g}", todo="rescale it first")
    room = bound - level if score >= 0 else bound + level
    return float(round(min(max(level + room / bound * score, -bound), bound), 12))


def follow_days(friendly: Numbers, unfriendly: Numbers, start: float, bound: float = 9.0) -> Numbers:
    """Return the level after each day.

    The order of a day's events is not known, and matters where it brings both kinds: what comes last counts for more,
    by ``2 * bound * f * u`` between the two orders, with the day's shares f and u. The mean of the two is taken, all
    friendly events before all unfriendly ones and the other way round:
    ``level * (1 - f) * (1 - u) + bound * (f - u)``. Events of one kind may come in any order.

    Parameters
    ----------
    friendly, unfriendly : array (pairs, days)
        Share of the way to the end that the day's events of the kind go: 1 minus the product over its events of
        ``1 - |score| / bound`` [0 to 1].
    start : float
        Level before the first day [points].
    bound : float
        End of the scale [points].

    Returns
    -------
    array (pairs, days)
        Within the bounds [points].
    """
    import numpy as np

    level = np.full(len(friendly), float(start))
    path = np.empty_like(friendly)
    for day in range(friendly.shape[1]):
        f, u = friendly[:, day], unfriendly[:, day]
        level = level * (1 - f) * (1 - u) + bound * (f - u)
        path[:, day] = level
    return np.clip(path, -bound, bound)


@dataclass(frozen=True)
class Acts:
    """What directed pairs did by day; arrays of shape (pairs, days).

    Parameters
    ----------
    pairs : tuple of (sender, receiver)
    days : tuple of date
        Days with events of any of the pairs, rising; without those in periods of which nothing was loaded.
    events, cooperative : array
        All events, and those of classes 1 and 2 [count].
    total : array
        Sum of the scores on the chosen scale [points].
    scored, plover : array
        Events with a PLOVER score [count], and the sum of these scores [points].
    friendly, unfriendly : array
        As in `follow_days`.
    """

    pairs: tuple[Pair, ...]
    days: tuple[date, ...]
    events: Numbers
    cooperative: Numbers
    total: Numbers
    scored: Numbers
    plover: Numbers
    friendly: Numbers
    unfriendly: Numbers


_ACTS = """
select e.sender, e.receiver, e.date,
    sum(e.weight),
    coalesce(sum(e.weight) filter (e.quad <= 2), 0),
    coalesce(sum(e.score * e.weight), 0),
    coalesce(sum(e.weight) filter (s.plover is not null), 0),
    coalesce(sum(s.plover * e.weight), 0),
    coalesce(sum(ln(1 - s.act / $bound) * e.weight) filter (s.act > 0), 0),
    coalesce(sum(ln(1 + s.act / $bound) * e.weight) filter (s.act < 0), 0)
from events e
semi join alternative_pairs p on p.sender = e.sender and p.receiver = e.receiver
left join alternative_scores s on s.code = e.code
group by all order by all
"""


def read_acts(con: duckdb.DuckDBPyConnection, calendar: Calendar, pairs: Sequence[Pair]) -> Acts:
    """Read what directed pairs did by day.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    calendar : Calendar
        Periods; events outside them are not counted, as in the index.
    pairs : sequence of (sender, receiver)
        Actor ids; each pair once.

    Returns
    -------
    Acts

    Raises
    ------
    RelationsError
        A pair is given twice.
    """
    import numpy as np

    if len(set(pairs)) < len(pairs):
        twice = next(pair for pair in pairs if list(pairs).count(pair) > 1)
        raise RelationsError(f"the pair {twice[0]} to {twice[1]} is given twice", todo="give each pair once")
    _bind(con, pairs)
    covered = {start for start, loaded in zip(calendar.starts, calendar.covered, strict=True) if loaded}
    found = con.execute(_ACTS, {"bound": read_event_scores().bound}).fetchall()
    rows = [row for row in found if start_period(row[2], calendar.by) in covered]
    days = tuple(sorted({row[2] for row in rows}))
    place = {tuple(pair): row for row, pair in enumerate(pairs)}
    column = {day: n for n, day in enumerate(days)}
    sums = np.zeros((7, len(pairs), len(days)))
    for sender, receiver, day, *values in rows:
        sums[:, place[sender, receiver], column[day]] = values
    sums = np.round(sums, 9)
    friendly, unfriendly = -np.expm1(sums[5:])
    events, cooperative, total, scored, plover = sums[:5]
    return Acts(tuple(pairs), days, events, cooperative, total, scored, plover, friendly, unfriendly)


def _bind(con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair]) -> None:
    """Make the pairs asked for and the scores of the codes known to the connection as tables."""
    import pyarrow as pa

    acts = read_event_scores().scores
    rows = read_scale("plover").rows
    codes = {"code": [row.code for row in rows], "plover": [row.score for row in rows]}
    con.register("alternative_scores", pa.table(codes | {"act": [acts.get(row.type, 0.0) for row in rows]}))
    names = {"sender": [pair[0] for pair in pairs], "receiver": [pair[1] for pair in pairs]}
    schema = pa.schema([("sender", pa.string()), ("receiver", pa.string())])
    con.register("alternative_pairs", pa.table(names, schema=schema))


def place_days(days: Sequence[date], calendar: Calendar) -> NDArray[np.int64]:
    """Return the place of the period of each day."""
    import numpy as np

    place = {start: n for n, start in enumerate(calendar.starts)}
    return np.array([place[start_period(day, calendar.by)] for day in days], dtype=np.int64)


def measure_acts(acts: Acts, name: str, period: NDArray[np.int64], periods: int) -> Numbers:
    """Return an alternative by pair and period.

    Parameters
    ----------
    acts : Acts
    name : str
        One of `ALTERNATIVES`.
    period : array (days,)
        Place of the period of each day, rising.
    periods : int
        How many.

    Returns
    -------
    array (pairs, periods)
        NaN where a share or a mean has no event to rest on. Without events `net` is 0, and `tsinghua` stays as it was.

    Raises
    ------
    RelationsError
        There is no such alternative.
    """
    import numpy as np

    if name not in ALTERNATIVES:
        raise RelationsError(f"there is no measure {name!r}", todo=f"choose one of {', '.join(ALTERNATIVES)}")

    def add(values: Numbers) -> Numbers:
        sums = np.zeros((len(values), periods))
        np.add.at(sums.T, period, values.T)
        return sums

    def divide(part: Numbers, whole: Numbers) -> Numbers:
        whole = add(whole)
        return np.divide(add(part), whole, out=np.full_like(whole, np.nan), where=whole > 0)

    if name == "net":
        return np.round(add(acts.total), 9)
    if name == "share":
        return divide(acts.cooperative, acts.events)
    if name == "plover":
        return divide(acts.plover, acts.scored)
    known = read_event_scores()
    path = follow_days(acts.friendly, acts.unfriendly, known.start, known.bound)
    path = np.concatenate([np.full((len(path), 1), known.start), path], 1)
    return path[:, np.searchsorted(period, np.arange(periods), side="right")]


def score_alternative(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], by: str, scale: Scale, name: str
) -> list[dict[str, Any]]:
    """Score directed pairs by period with a measure of the literature.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on the scale.
    pairs : sequence of (sender, receiver)
        Actor ids.
    by : str
        `day`, `week` or `month`.
    scale : Scale
        On which the events are scored; it matters for `net` only, the others have scores of their own.
    name : str
        `net`, `share`, `plover` or `tsinghua`.

    Returns
    -------
    list of dict
        One for each pair and period: `period`, `until` (first and last day, ISO), `sender`, `receiver`, `measure`,
        `scale` (of `net`; None for the others), `events` [count] and `value`. Where nothing was loaded for a period,
        `events` and `value` are None; a share or mean without an event is None as well. The value of `tsinghua` is
        the level at the end of the period.

    Raises
    ------
    RelationsError
        There is no such measure or period, or a pair is given twice.

    References
    ----------
    `goldstein-1992`, `yan-zhou-2004`, `plover-0.8` in docs/bibliography.md
    """
    calendar = lay_calendar(list_days(con), by)
    acts = read_acts(con, calendar, pairs)
    period = place_days(acts.days, calendar)
    values = measure_acts(acts, name, period, len(calendar.starts))
    events = [[0] * len(calendar.starts) for _ in acts.pairs]
    for row, counts in enumerate(acts.events):
        for day, count in enumerate(counts):
            events[row][period[day]] += int(count)
    used = scale.id if name == "net" else None
    return [
        _describe(
            calendar, pair, place, {"measure": name, "scale": used}, events[row][place], float(values[row, place])
        )
        for row, pair in enumerate(acts.pairs)
        for place in range(len(calendar.starts))
    ]


def _describe(
    calendar: Calendar, pair: Pair, place: int, about: dict[str, Any], events: int, value: float
) -> dict[str, Any]:
    """Return one row of the table."""
    start: date = calendar.starts[place]
    row: dict[str, Any] = {
        "period": start.isoformat(),
        "until": (follow_period(start, calendar.by) - timedelta(days=1)).isoformat(),
        "sender": pair[0],
        "receiver": pair[1],
        **about,
    }
    if not calendar.covered[place]:
        return row | {"events": None, "value": None}
    return row | {"events": events, "value": None if value != value else round(value, 6)}
