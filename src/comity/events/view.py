"""Events at a level of de-duplication, on a scale: one DuckDB view for every later room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from comity.events.errors import EventError
from comity.events.groups import group_rows
from comity.events.scale import Scale, read_scale
from comity.sources import FAMILIES, find_family

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LEVELS = {
    "reports": ("reports", "each report counts"),
    "articles": ("articles", "one event a day, sender, receiver, code and link"),
    "events": ("1", "one event a day, sender, receiver and code"),
}
DEFAULT_LEVEL = "events"
ALL = "all"
SEPARATOR = ">"
"""Between two actor ids, none of which has it."""


def connect_events(
    con: duckdb.DuckDBPyConnection,
    scale: Scale,
    level: str = DEFAULT_LEVEL,
    pairs: Sequence[tuple[str, str]] | None = None,
    since: date | None = None,
) -> None:
    """Create the view `events` over the rows of a snapshot.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        From `Snapshot.connect()`.
    scale : Scale
        Gives each code its type, quad class, score and label. A code that it does not have keeps the type, class and
        label of the package's own scale, and has no score.
    level : str
        `reports`, `articles` or `events`. Each row of the view is one event of the level `events`; its
        `weight` says for how many it stands at the level asked for [count]. `icews:events` counts the rows of one
        source only, `all:events` those of all together; a store with several sources must be asked so.
    pairs : sequence of (str, str), optional
        Actor ids whose acts towards each other are wanted: the others are not grouped, and not in the view.
    since : date, optional
        First day that is wanted.

    Raises
    ------
    EventError
        There is no such level or source, or the store holds several sources and none is named.
    """
    source, plain = split_level(level)
    choose_rows(con, source)
    among = [] if since is None else [f"date >= '{since}'"]
    groups = group_rows(con, " and ".join(among if pairs is None else [*among, _name_pairs(con, pairs)]) or "true")
    con.register("scale", scale.to_table())
    con.register("language", read_scale().to_table())
    weight = LEVELS[plain][0]
    con.execute(
        "create or replace temp view events as select g.date, g.sender, g.receiver, g.code, "
        "coalesce(s.type, l.type) as type, coalesce(s.quad, l.quad) as quad, s.score, "
        f"coalesce(s.label, l.label) as label, g.reports, g.articles, ({weight})::bigint as weight, g.url "
        f"from {groups} g left join scale s using (code) left join language l using (code)"
    )


def _name_pairs(con: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[str, str]]) -> str:
    """Return the condition that an act is one of a pair's, in either direction."""
    import pyarrow as pa

    ways = sorted({way for one in pairs for way in (one, one[::-1])})
    con.register("ways_of_view", pa.table({"way": pa.array([SEPARATOR.join(way) for way in ways], pa.string())}))
    return f"sender || '{SEPARATOR}' || receiver in (select way from ways_of_view)"


def split_level(level: str) -> tuple[str, str]:
    """Return the source that a level names, or nothing, and the level itself.

    Examples
    --------
    >>> split_level("icews:events"), split_level("reports")
    (('icews', 'events'), ('', 'reports'))
    """
    source, _, plain = level.rpartition(":")
    if plain not in LEVELS:
        raise EventError(f"there is no level {level!r}", todo=f"choose one of {', '.join(LEVELS)}")
    if source and source not in (ALL, *FAMILIES):
        raise EventError(
            f"there is no source {source!r} in {level!r}", todo=f"choose one of {', '.join((ALL, *sorted(FAMILIES)))}"
        )
    return source, plain


def describe_level(level: str) -> str:
    """Say in words what a level counts, and of which source."""
    source, plain = split_level(level)
    words = LEVELS[plain][1]
    return words if not source else f"{words}; {'all sources together' if source == ALL else f'source {source} only'}"


def choose_rows(con: duckdb.DuckDBPyConnection, source: str) -> None:
    """Leave in the view `rows` the rows of one source, so that no two are counted together unasked.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `rows`.
    source : str
        A family of sources, `all`, or nothing: then the store must hold one family only, or one has been chosen.

    Raises
    ------
    EventError
        The store holds several, and none is named.
    """
    if con.execute("select table_name from duckdb_tables() where table_name = 'chosen_source'").fetchall():
        return
    if not source:
        _check_one_source(con)
        return
    con.execute("create temp table chosen_source as select ? as source", [source])
    if source != ALL:
        names = ", ".join(f"'{name}'" for name in FAMILIES[source])
        con.execute("alter view rows rename to rows_of_all")
        con.execute(f"create view rows as select * from rows_of_all where source in ({names})")


def _check_one_source(con: duckdb.DuckDBPyConnection) -> None:
    """Raise `EventError` where the files that count have rows of several families of sources."""
    kept = "select distinct source from ledger where status = 'loaded' and rows_kept > 0 order by 1"
    held = [row[0] for row in con.execute(kept).fetchall()]
    families = sorted({find_family(name) for name in held})
    if len(families) > 1:
        raise EventError(
            f"the store holds the events of {len(families)} sources: {', '.join(families)}",
            why="publishers code the same act each in its own way, so that it would count several times",
            todo=f"name one before the level, as in --level {families[0]}:events, or all of them: --level {ALL}:events",
        )


def count_events(
    con: duckdb.DuckDBPyConnection,
    *,
    sender: str | None = None,
    receiver: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> dict[str, Any]:
    """Count events by type and quad class, and sum their scores.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    sender, receiver : str, optional
        Actor ids.
    since, until : date, optional
        First and last day, both counted.

    Returns
    -------
    dict
        `events` [count], `by_type` and `by_quad` (name to count), `net_goldstein` (sum of score times
        count over events with a score [scale points]), `unscored` [count of events whose code has no
        score on the scale].
    """
    where, values = _filter(sender=sender, receiver=receiver, since=since, until=until)
    total = con.execute(
        "select coalesce(sum(weight), 0), coalesce(sum(score * weight), 0.0), "
        f"coalesce(sum(weight) filter (score is null), 0) from events {where}",
        values,
    ).fetchone()
    events, net, unscored = total or (0, 0.0, 0)
    return {
        "events": int(events),
        "by_type": _count_by(con, "type", where, values),
        "by_quad": _count_by(con, "quad", where, values),
        "net_goldstein": round(float(net), 6),
        "unscored": int(unscored),
    }


def _count_by(con: duckdb.DuckDBPyConnection, column: str, where: str, values: Sequence[Any]) -> dict[str, int]:
    """Return counts by one column of the view."""
    rows = con.execute(f"select {column}, sum(weight) from events {where} group by 1 order by 1", values).fetchall()
    return {str(name): int(n) for name, n in rows}


def _filter(
    sender: str | None, receiver: str | None, since: date | None, until: date | None
) -> tuple[str, list[str | date]]:
    """Return a `where` clause with bound values."""
    if since and until and since > until:
        raise EventError(f"the period ends before it begins: {since} to {until}", todo="swap --since and --until")
    asked: dict[str, str | date | None] = {
        "sender = ?": sender,
        "receiver = ?": receiver,
        "date >= ?": since,
        "date <= ?": until,
    }
    used = {clause: value for clause, value in asked.items() if value is not None}
    return "where " + " and ".join(used) if used else "", list(used.values())


def read_rows(
    con: duckdb.DuckDBPyConnection,
    *,
    sender: str | None = None,
    receiver: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> pa.Table:
    """Read the stored rows behind the events, each with its number and the file that it came in.

    Parameters
    ----------
    con, sender, receiver, since, until
        As in `count_events`.

    Returns
    -------
    pyarrow.Table
        Columns of the store's table `events`, with the file's name as `name`.
    """
    where, values = _filter(sender=sender, receiver=receiver, since=since, until=until)
    query = (
        "select r.*, f.name from rows r left join (select sha256[:16] as file, any_value(name) as name from ledger "
        f"where status = 'loaded' group by 1) f using (file) {where} order by date, sender, receiver, code, event_id"
    )
    return con.sql(query, params=values).to_arrow_table()


def read_events(
    con: duckdb.DuckDBPyConnection,
    *,
    sender: str | None = None,
    receiver: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> pa.Table:
    """Read events as an Arrow table, in the order of date, sender, receiver and code.

    Parameters
    ----------
    con, sender, receiver, since, until
        As in `count_events`.

    Returns
    -------
    pyarrow.Table
        Columns of the view `events`.
    """
    where, values = _filter(sender=sender, receiver=receiver, since=since, until=until)
    query = f"select * from events {where} order by date, sender, receiver, code"
    return con.sql(query, params=values).to_arrow_table()
