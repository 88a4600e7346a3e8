"""Which pairs have something to say: the partners of a state, the pairs of a region, all pairs of a store."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from comity.relations.series import Pair

if TYPE_CHECKING:
    import duckdb


def list_pairs(con: duckdb.DuckDBPyConnection, actor: str, least: int) -> list[Pair]:
    """List the directed pairs of an actor that have events enough, its own acts first.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    actor : str
        Actor id.
    least : int
        Fewest events of a direction [count].

    Returns
    -------
    list of (sender, receiver)
        Sorted; those in which the actor is the sender come first.
    """
    rows = con.execute(
        "select sender, receiver from events where sender = ? or receiver = ? "
        "group by all having sum(weight) filter (score is not null) >= ? order by all",
        [actor, actor, least],
    ).fetchall()
    return sorted(((row[0], row[1]) for row in rows), key=lambda pair: pair[0] != actor)


def list_dyads(con: duckdb.DuckDBPyConnection, least: int, among: Collection[str] | None = None) -> list[Pair]:
    """List the pairs, whatever the direction, that have events enough in both directions together.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    least : int
        Fewest events [count].
    among : collection of str, optional
        Actors that both sides must be of; all where left out.

    Returns
    -------
    list of (actor, actor)
        The id that comes first in the alphabet first; sorted.
    """
    rows = con.execute(
        "select least(sender, receiver) as a, greatest(sender, receiver) as b from events "
        "group by all having sum(weight) filter (score is not null) >= ? order by all",
        [least],
    ).fetchall()
    return [(a, b) for a, b in rows if among is None or (a in among and b in among)]
