"""Relations and foundations of a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.api.view import View, WrongUse
from comity.lexicon import Actor, identify_actor

if TYPE_CHECKING:
    import pyarrow as pa


def identify_pair(a: str, b: str) -> tuple[Actor, Actor]:
    """Return two different actors."""
    first, second = identify_actor(a), identify_actor(b)
    if first.id == second.id:
        raise WrongUse(f"{a!r} and {b!r} are both {first.name} ({first.id})", todo="name two different ones")
    return first, second


def score_relations(a: str, b: str, *, by: str = "week", smoothed: bool = False, view: View | None = None) -> pa.Table:
    """Score the relations of a pair, both directions, by period.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    by : str
        `day`, `week` (from Monday) or `month`.
    smoothed : bool
        Use all periods for each, and not only those up to it.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    pyarrow.Table
        `period` and `until` (first and last day), `sender`, `receiver`, `events` [count], `by_type` (map of
        PLOVER type to count), `net_goldstein` [points], `mean_goldstein` [points per event],
        `share` (of all events loaded), `score` with its 90 % interval `low`, `high` and 50 % interval `low50`,
        `high50` [points], `trend` with `trend_low`, `trend_high`, `trend_low50`, `trend_high50` [points a period],
        `scale`.
        Null where nothing was loaded for a period.
    """
    import pyarrow as pa

    from comity.relations import step

    first, second = identify_pair(a, b)
    pairs = [(first.id, second.id), (second.id, first.id)]
    numbers = ("net_goldstein", "mean_goldstein", "share", *step.LEVEL_COLUMNS)
    schema = pa.schema(
        [
            *((name, pa.string()) for name in ("period", "until", "sender", "receiver")),
            ("events", pa.int64()),
            ("by_type", pa.map_(pa.string(), pa.int64())),
            *((name, pa.float64()) for name in numbers),
            ("scale", pa.string()),
        ]
    )
    with (view or View()).open() as (con, _, scale):
        rows = step.score_relations(con, pairs, by, scale, smoothed=smoothed)
    typed = [{**row, "by_type": None if row["by_type"] is None else list(row["by_type"].items())} for row in rows]
    return pa.Table.from_pylist([{**row, "scale": scale.id} for row in typed], schema=schema)


def find_breaks(
    a: str, b: str | None = None, *, by: str = "week", of: str = "tone", view: View | None = None
) -> dict[str, Any]:
    """Find when the relations of a pair broke: thaws and ruptures alike, with their probability and their evidence.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name; without `b`, all partners of `a` with at least 10 events in a direction.
    by : str
        `day`, `week` (from Monday) or `month`.
    of : str
        `tone`, or `rate` for the rate of events (`more` and `fewer` in place of thaw and rupture, sizes as ratios).
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    dict
        `breaks`: rows in the order of directions and of time, with `sender`, `receiver`, `period` and `until` (first
        and last day of the span in which it happened), `direction`, `probability` (from all periods), `online` (the
        highest that it was while it was recent, from what was known then), `known` (day at whose end that first passed
        0.5; None: in hindsight only), `before`, `after`, `size` and its 90 % interval `low`, `high` [points], `events`
        (those before and after that speak for it most, with date, link, side, and `told`, their log
        likelihood ratio [nats]). `pairs`: for each direction `events` [count], `enough` (False: too little to say)
        and the probabilities of a break within the last `within` periods. `least`: smallest move that counts.
    """
    from comity.relations import break_table
    from comity.relations.partners import list_pairs

    with (view or View()).open() as (con, _, scale):
        pairs = list_pairs(con, identify_actor(a).id, break_table.LEAST_EVENTS) if b is None else _turn(a, b)
        return {"scale": scale.id, **break_table.find_all_breaks(con, pairs, by, scale, of)}


def score_breaks(
    a: str, b: str, *, by: str = "week", of: str = "tone", view: View | None = None
) -> list[dict[str, Any]]:
    """Score how likely a break was in each period, from what was known then and from what is known now.

    Parameters
    ----------
    a, b, by, of, view
        As in `find_breaks`.

    Returns
    -------
    list of dict
        One for each direction and period; see `comity.relations.break_table.score_breaks`.
    """
    from comity.relations import break_table

    with (view or View()).open() as (con, _, scale):
        return break_table.score_breaks(con, _turn(a, b), by, scale, of)


def _turn(a: str, b: str) -> list[tuple[str, str]]:
    """Return both directions of a pair."""
    first, second = identify_pair(a, b)
    return [(first.id, second.id), (second.id, first.id)]


def describe_foundations(a: str, b: str | None = None) -> list[dict[str, Any]]:
    """Return the figures that tie two states, or one state's own, by theme.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.

    Returns
    -------
    list of dict
        `theme` and `figures`, each with `measure`, `value` (None: not known), `unit`, `year`, `source`, `note`.
    """
    from comity import foundations

    if b is None:
        return foundations.describe_foundations(identify_actor(a).id)
    first, second = identify_pair(a, b)
    return foundations.describe_foundations(first.id, second.id)
