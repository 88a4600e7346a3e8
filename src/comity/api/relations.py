"""Relations and foundations of a pair."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.groups import describe_members, list_missing
from comity.api.view import View, WrongUse, read_time
from comity.lexicon import (
    KNOWN_TO,
    Actor,
    UnknownMembers,
    UnknownRegion,
    identify_actor,
    identify_organisation,
    identify_region,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb
    import pyarrow as pa

    from comity.relations.likeness import LikenessRule


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


def rank_relations(
    state: str | None = None,
    *,
    region: str | None = None,
    by: str = "week",
    seed: int = 0,
    view: View | None = None,
) -> dict[str, Any]:
    """Rank the partners of a state, or all pairs of a region or an organisation, by the mean of both directions.

    Parameters
    ----------
    state : str, optional
        Any code or unambiguous name; its partners are ranked.
    region : str, optional
        A region or sub-region of M49, "World", or an organisation by name, id or code; all pairs of two of its states
        are ranked. Members are those of the last day that the store covers.
    by : str
        `day`, `week` (from Monday) or `month`: the last such period is what stands.
    seed : int
        Of the draws; the same seed gives the same ranks.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    dict
        `of` (who was ranked), `ranks`: rows in the order of rank with `a`, `b`, names, `events` [count], `score`,
        `low`, `high` [points], `rank` with its own 90 % interval `rank_low`, `rank_high`, and `sure_low`, `sure_high`,
        which hold all ranks at once with 90 % probability. `few_events`: pairs not ranked. `organisation`: None, or
        who its members are and on which day (`id`, `name`, `on`, `members`, `known_to`), `few` and `none`: pairs of
        members with few events, and without any.

    Raises
    ------
    WrongUse
        Neither or both of state and region are given.
    UnknownRegion, UnknownMembers
        No such region or organisation, or its members are not known.
    """
    from comity.relations.comparison_table import LEAST_EVENTS, rank_dyads
    from comity.relations.partners import list_dyads

    if (state is None) == (region is None):
        raise WrongUse("one of state and region is needed", todo="name a state, a region of M49 or an organisation")
    with (view or View()).open() as (con, _, scale):
        held: dict[str, Any] | None = None
        if state is not None:
            actor = identify_actor(state)
            name, dyads = actor.name, [_put_first(pair, actor.id) for pair in list_dyads(con, 1) if actor.id in pair]
        else:
            name, states, held = _find_states(str(region), con)
            dyads = list_dyads(con, 1, states)
        known = set(list_dyads(con, LEAST_EVENTS))
        chosen = [pair for pair in dyads if (min(pair), max(pair)) in known]
        rows = rank_dyads(con, chosen, by, scale, seed)
    if held:
        few = [list(pair) for pair in dyads if pair not in known]
        held |= {"few": few, "none": list_missing(held["members"], set(dyads))}
    few_events = len(dyads) - len(chosen)
    about = {"of": name, "by": by, "scale": scale.id, "seed": seed}
    return about | {"ranks": rows, "few_events": few_events, "organisation": held}


def _find_states(text: str, con: duckdb.DuckDBPyConnection) -> tuple[str, Collection[str], dict[str, Any] | None]:
    """Return name and states of a region, or of an organisation on the last day that the store covers."""
    from comity.events.coverage import list_days

    try:
        return *identify_region(text), None
    except UnknownRegion as no_region:
        try:
            organisation = identify_organisation(text)
        except UnknownMembers as error:
            raise _name_both(no_region, error) from None
    days = list_days(con)
    held = describe_members(organisation, days[-1].date if days else KNOWN_TO)
    return organisation.name, held["members"], held


def _name_both(no_region: UnknownRegion, no_members: UnknownMembers) -> UnknownRegion:
    """Return the error that lists the regions, and the organisations whose members are known."""
    return UnknownRegion(
        f"{no_region.what}, and {no_members.what}",
        where=no_region.where,
        why=no_region.why,
        todo=f"{no_region.todo}; {no_members.todo}",
    )


def _put_first(pair: tuple[str, str], actor: str) -> tuple[str, str]:
    """Return a pair with an actor first."""
    return pair if pair[0] == actor else (pair[1], pair[0])


def compare_relations(
    a: str, b: str, *, by: str = "week", rule: LikenessRule | None = None, seed: int = 0, view: View | None = None
) -> dict[str, Any]:
    """Put a pair beside its own past, and beside the pairs that are like it.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    by : str
        `day`, `week` (from Monday) or `month`.
    rule : comity.relations.likeness.LikenessRule, optional
        What makes pairs alike; the published rule where left out.
    seed : int
        Of the draws.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    dict
        `period`, `until` (what is compared); `history`: the mean of both directions (`sender` None) and each
        direction, with `score`, `low`, `high`, `usual` (mean of the past) [points], `percentile` with its 90 %
        interval `percentile_low`, `percentile_high` [% of earlier periods that lay lower], `periods`, `events`,
        `enough` (False: too little to say, and None stands for the numbers). `like`: `percentile` with its interval
        [% of the like pairs that lie lower], `pairs` (the pair itself and the like ones from the highest level, with
        `unlike` [0 to 1]), `rule`, `enough`.
    """
    from comity.relations.comparison_table import compare_dyad

    first, second = identify_pair(a, b)
    with (view or View()).open() as (con, _, scale):
        found = compare_dyad(con, (first.id, second.id), by, scale, rule=rule, seed=seed)
    return {"a": first.id, "b": second.id, "a_name": first.name, "b_name": second.name, "scale": scale.id, **found}


def describe_foundations(
    a: str, b: str | None = None, *, store: Path | str | None = None, as_of: str | None = None
) -> list[dict[str, Any]]:
    """Return the figures that tie two states, or one state's own, by theme.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    store : path-like, optional
        Folder of a store with publishers' files of your own, whose figures stand over those of the package.
    as_of : str, optional
        ISO day or time: files loaded later are not seen.

    Returns
    -------
    list of dict
        `theme` and `figures`, each with `measure`, `value` (None: not known), `unit`, `year`, `source`, `note`.
    """
    from comity import foundations

    own = None if store is None else foundations.Own(Path(store), read_time(as_of))
    if b is None:
        return foundations.describe_foundations(identify_actor(a).id, own=own)
    first, second = identify_pair(a, b)
    return foundations.describe_foundations(first.id, second.id, own)
