"""Rows become events a span of days at a time, so that memory does not grow with the store.

An event lies within a day, so that spans of whole days can be grouped one after another. What comes of a small store
is held in memory; that of a large one in a file of its own, compressed, which has no name once it is written: its
space is free again when the connection ends, however it ends.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from comity.events.errors import EventError
from comity.store.snapshot import hold_revisions, quote_path

if TYPE_CHECKING:
    import duckdb

SPAN_ROWS = 500_000
MOST_HELD = 2_000_000  # rows of a store whose events are held in memory

_COLUMNS = "date, sender, receiver, code, url, reports, articles"
_GROUPED = """
with linked as (
    select date, sender, receiver, code, url, sum(reports) as reports, max(articles) as articles
    from {rows} where {span} and {among} group by all
)
select
    date, sender, receiver, code,
    sum(reports)::integer as reports,
    sum(articles)::integer as articles,
    (min({{'less': -reports, 'url': url}}) filter (where url is not null)).url as url
from linked group by date, sender, receiver, code
"""

Span = tuple[date, date]


def group_rows(con: duckdb.DuckDBPyConnection, among: str = "true") -> str:
    """Group the view `rows` into one event a day, sender, receiver and code.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `rows`.
    among : str
        Condition of SQL on `date`, `sender` and `receiver`: which acts are grouped.

    Returns
    -------
    str
        Name of the table: `date`, `sender`, `receiver`, `code`, `reports`, `articles` [count], `url`.

    Raises
    ------
    EventError
        The store is large, and the folder for temporary files does not take its events.
    """
    if _count_kept(con) <= min(SPAN_ROWS, MOST_HELD):
        return _fill(con, "", [], among)
    counts = con.execute(f"select date, count(*) from rows where {among} group by 1 order by 1").fetchall()
    spans = split_days(counts, SPAN_ROWS)
    if sum(n for _, n in counts) <= MOST_HELD:
        return _fill(con, "", spans, among)
    import duckdb

    name = f"held_{secrets.token_hex(4)}"
    try:
        with tempfile.TemporaryDirectory(prefix="comity-") as place:
            con.execute(f"attach {quote_path(Path(place) / 'events.duckdb')} as {name}")
            table = _fill(con, f"{name}.", spans, among)
            con.execute(f"checkpoint {name}")
    except duckdb.IOException as error:
        raise EventError(
            f"the events of the store do not fit into the folder for temporary files: {str(error).splitlines()[0]}",
            where=tempfile.gettempdir(),
            why="they are grouped on disk, since they may not fit into memory",
            todo="free some space there, or name another folder in the environment: TMPDIR=DIR",
        ) from error
    return table


def _count_kept(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many rows the view `rows` has at most, by the ledger."""
    ((kept,),) = con.execute("select coalesce(sum(rows_kept), 0) from ledger where status = 'loaded'").fetchall()
    return int(kept)


def split_days(counts: Sequence[tuple[date, int]], most: int) -> list[Span]:
    """Join days, in their order, to spans of about so many rows; a day is never split.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2025, 5, n) for n in (1, 2, 4)]
    >>> [(first.day, last.day) for first, last in split_days(list(zip(days, (3, 2, 9))), most=5)]
    [(1, 2), (4, 4)]
    """
    spans: list[Span] = []
    first, held = None, 0
    for day, rows in counts:
        first, held = first or day, held + rows
        if held >= most:
            spans.append((first, day))
            first, held = None, 0
    return [*spans, (first, counts[-1][0])] if first else spans


def _fill(con: duckdb.DuckDBPyConnection, place: str, spans: Sequence[Span], among: str) -> str:
    """Group span after span into a table of a database, of the temporary one without a place; return its name."""
    table, staged, rows = f"{place}event_groups", f"{place}rows_now", "rows"
    make = f"create or replace {'' if place else 'temp '}table"
    if len(spans) > 1 and hold_revisions(con):  # revised rows are told apart once, and not for each span anew
        con.execute(f"{make} {staged} as select {_COLUMNS} from rows")
        rows = staged
    for number, span in enumerate(spans or [None]):
        made = f"insert into {table}" if number else f"{make} {table} as"
        between = f"date between '{span[0]}' and '{span[1]}'" if span else "true"
        con.execute(f"{made} {_GROUPED.format(rows=rows, span=between, among=among)}")
    con.execute(f"drop table if exists {staged}")
    return table
