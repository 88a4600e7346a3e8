"""Compare relations over a store: rank pairs, and put a pair beside its own past and beside like pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from comity.events.coverage import list_days
from comity.events.scale import Scale
from comity.lexicon import get_actor
from comity.relations.comparison import (
    Place,
    average_levels,
    find_quantiles,
    place_among,
    place_in_past,
    rank_standings,
)
from comity.relations.features import measure_ranges, read_features
from comity.relations.gestures import GestureModel, follow_kinds, time_periods
from comity.relations.jumps import draw_courses
from comity.relations.likeness import LikenessRule, choose_like, measure_unlikeness, read_likeness_rule
from comity.relations.partners import list_dyads
from comity.relations.published import read_gesture_model
from comity.relations.series import Pair, RelationsError, Series, follow_period, lay_calendar, read_series
from comity.relations.standing import follow_levels

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEAST_EVENTS = 10
LEAST_PERIODS = 8
DRAWS = 500


@dataclass(frozen=True)
class Field:
    """Pairs with what is known of their levels; the pairs in one direction, then the same in the other.

    Parameters
    ----------
    dyads : sequence of (actor, actor)
    series : Series
        Of both directions.
    model : GestureModel
    now : array (2 x pairs, points)
        Levels of all directions in the last period [probability].
    points : array (points,)
        Of the grid [points].
    """

    dyads: Sequence[Pair]
    series: Series
    model: GestureModel
    now: Numbers
    points: Numbers

    def average_now(self) -> tuple[Numbers, Numbers]:
        """Return the distribution of the mean of both directions in the last period, and its grid."""
        half = len(self.dyads)
        return average_levels(self.now[:half], self.now[half:], self.points)

    def count_events(self) -> Numbers:
        """Return the scored events of both directions together."""
        counted: Numbers = self.series.count.sum(1).reshape(2, -1).sum(0)
        return counted

    def describe_period(self) -> dict[str, str]:
        """Return first and last day of the last period."""
        calendar = self.series.calendar
        start = calendar.starts[-1]
        until = follow_period(start, calendar.by) - timedelta(days=1)
        return {"period": start.isoformat(), "until": until.isoformat()}


def _read_field(con: duckdb.DuckDBPyConnection, dyads: Sequence[Pair], by: str, scale: Scale) -> Field:
    """Read the series of the pairs, and filter them."""
    calendar = lay_calendar(list_days(con), by)
    if not calendar.starts:
        raise RelationsError("the store holds no events", todo="load files first, or choose a later --as-of")
    series = read_series(con, calendar, [*dyads, *((b, a) for a, b in dyads)])
    model = read_gesture_model(scale, con)
    now = follow_levels(series.tally, time_periods(calendar), model)[:, -1]
    return Field(dyads, series, model, now, model.lay_tone().points)


def rank_dyads(
    con: duckdb.DuckDBPyConnection, dyads: Sequence[Pair], by: str, scale: Scale, seed: int = 0
) -> list[dict[str, Any]]:
    """Rank pairs by the mean of both directions' levels in the last period.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    dyads : sequence of (actor, actor)
    by : str
        `day`, `week` or `month`.
    scale : Scale
    seed : int
        Of the draws behind `rank_low` and `rank_high`.

    Returns
    -------
    list of dict
        In the order of rank: `a`, `b`, their names, `events` [count], `score`, `low`, `high` [points], `rank`,
        `rank_low`, `rank_high`, `sure_low`, `sure_high`.

    References
    ----------
    `mogstad-2024` in docs/bibliography.md
    """
    import numpy as np

    if not dyads:
        return []
    field = _read_field(con, dyads, by, scale)
    mass, points = field.average_now()
    ranks = rank_standings(mass, points, seed)
    bounds = find_quantiles(mass, points, np.tile([0.05, 0.95], (len(dyads), 1)))
    events, mean = field.count_events(), mass @ points
    rows = [
        {
            **_name_dyad(dyad),
            "events": int(events[n]),
            **dict(zip(("score", "low", "high"), _round(mean[n], *bounds[n]), strict=True)),
            **dict(zip(("rank", "rank_low", "rank_high", "sure_low", "sure_high"), _whole(ranks, n), strict=True)),
        }
        for n, dyad in enumerate(dyads)
    ]
    return sorted(rows, key=lambda row: row["rank"])


def _name_dyad(dyad: Pair) -> dict[str, str]:
    """Return ids and names."""
    a, b = dyad
    return {"a": a, "b": b, "a_name": get_actor(a).name, "b_name": get_actor(b).name}


def _round(*values: float) -> list[float]:
    """Return numbers as they are given."""
    return [round(float(value), 4) + 0.0 for value in values]


def _whole(ranks: Any, place: int) -> list[int]:
    """Return the ranks of one pair."""
    return [int(values[place]) for values in (ranks.rank, ranks.low, ranks.high, ranks.sure_low, ranks.sure_high)]


def compare_dyad(
    con: duckdb.DuckDBPyConnection,
    dyad: Pair,
    by: str,
    scale: Scale,
    *,
    rule: LikenessRule | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Put a pair beside its own past, and beside the pairs that are like it.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    dyad : (actor, actor)
    by : str
        `day`, `week` or `month`.
    scale : Scale
    rule : LikenessRule, optional
        The published one where left out.
    seed : int
        Of the draws.

    Returns
    -------
    dict
        See `comity.api.compare_relations`.

    References
    ----------
    `fruhwirth-schnatter-1994`, `gower-1971` in docs/bibliography.md
    """
    rule = rule or read_likeness_rule()
    near = _find_like(con, dyad, rule)
    field = _read_field(con, [dyad, *(other for other, _ in near)], by, scale)
    return {
        **field.describe_period(),
        "by": by,
        "seed": seed,
        "history": _describe_past(field, seed),
        "like": _describe_like(field, near, rule, seed),
    }


def _find_like(con: duckdb.DuckDBPyConnection, dyad: Pair, rule: LikenessRule) -> list[tuple[Pair, float]]:
    """Return the pairs that are like one, with how unlike they are, nearest first."""
    import numpy as np

    own = (min(dyad), max(dyad))
    others = list_dyads(con, LEAST_EVENTS)
    if own not in others:
        return []
    counts = con.execute(
        "select least(sender, receiver) as a, greatest(sender, receiver) as b, "
        "sum(weight) filter (score is not null) from events group by all"
    ).fetchall()
    known = {(a, b): float(number or 0) for a, b, number in counts}
    features, ranges = read_features(others), np.array(measure_ranges())
    place, events = others.index(own), np.array([known[pair] for pair in others])
    chosen = choose_like(features, events, place, ranges, rule)
    weights = [rule.weights[name] for name in rule.weights]
    unlike = measure_unlikeness(features[place], features[chosen], ranges, weights, rule.known)
    return [(others[n], float(x)) for n, x in zip(chosen, unlike, strict=True)]


def _describe_past(field: Field, seed: int) -> list[dict[str, Any]]:
    """Return where each direction, and their mean, stand beside their own past."""
    import numpy as np

    covered = np.flatnonzero(field.series.calendar.covered)
    half, rows, drawn = len(field.dyads), [], []
    timing = time_periods(field.series.calendar)
    passages, weights = follow_kinds(field.series.tally.take(np.array([0, half])), timing, field.model)
    ways = sorted((0, half), key=lambda row: (field.series.total[row].tolist(), field.series.count[row].tolist()))
    for place, row in enumerate((0, half)):
        lot = 2 * seed + ways.index(row)  # by what the directions are, not by which is named first
        courses = field.points[draw_courses(passages, weights, place, DRAWS, lot)][:, covered]
        drawn.append(courses)
        events = int(field.series.count[row].sum())
        sender, receiver = field.series.pairs[row]
        now = _bound(field.now[row : row + 1], field.points)
        rows.append({"sender": sender, "receiver": receiver, **_describe_course(courses, events, now)})
    mass, points = field.average_now()
    known = all(row["enough"] for row in rows)
    whole = sum(row["events"] for row in rows)
    both = _describe_course((drawn[0] + drawn[1]) / 2, whole, _bound(mass[:1], points), known=known)
    return [{"sender": None, "receiver": None, **both}, *rows]


def _bound(mass: Numbers, points: Numbers) -> tuple[float, float, float]:
    """Return mean and 90 % interval of one level."""
    import numpy as np

    low, high = find_quantiles(mass, points, np.array([[0.05, 0.95]]))[0]
    return float((mass @ points)[0]), float(low), float(high)


def _describe_course(
    courses: Numbers, events: int, now: tuple[float, float, float], *, known: bool = True
) -> dict[str, Any]:
    """Return the level now, and the share of its past that lay lower; None where there is too little to say."""
    periods = courses.shape[1] - 1
    enough = known and events >= LEAST_EVENTS and periods >= LEAST_PERIODS
    names = ("score", "low", "high", "percentile", "percentile_low", "percentile_high", "usual")
    about = {"events": events, "periods": max(periods, 0), "enough": enough}
    if not enough:
        return about | dict.fromkeys(names)
    values = (*now, *_scale(place_in_past(courses)), courses[:, :-1].mean())
    return about | dict(zip(names, _round(*values), strict=True))


def _scale(place: Place) -> tuple[float, float, float]:
    """Return a place in per cent."""
    return 100 * place.share, 100 * place.low, 100 * place.high


def _describe_like(field: Field, near: Sequence[tuple[Pair, float]], rule: LikenessRule, seed: int) -> dict[str, Any]:
    """Return where the pair stands among the pairs like it, which are listed from the highest level."""
    import numpy as np

    about = {"rule": {**asdict(rule), "weights": dict(rule.weights)}, "enough": bool(near)}
    if not near:
        return {**about, "percentile": None, "percentile_low": None, "percentile_high": None, "pairs": []}
    mass, points = field.average_now()
    draws = find_quantiles(mass, points, np.random.default_rng(seed).random((len(mass), DRAWS)))
    found = _scale(place_among(draws[0], draws[1:]))
    bounds = find_quantiles(mass, points, np.tile([0.05, 0.95], (len(mass), 1)))
    events, mean = field.count_events(), mass @ points
    rows: list[dict[str, Any]] = [
        {
            **_name_dyad(dyad),
            "unlike": round(far, 4),
            "events": int(events[n]),
            **dict(zip(("score", "low", "high"), _round(mean[n], *bounds[n]), strict=True)),
        }
        for n, (dyad, far) in enumerate([(field.dyads[0], 0.0), *near])
    ]
    rows = sorted(rows, key=lambda row: (-row["score"], row["a"], row["b"]))
    names = ("percentile", "percentile_low", "percentile_high")
    return {**about, **dict(zip(names, _round(*found), strict=True)), "pairs": rows}
