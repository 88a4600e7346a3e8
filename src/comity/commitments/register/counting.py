"""How many commitments stand, by party or field: counted in the database, without reading any of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from comity.commitments.errors import RegisterError
from comity.commitments.register.place import Register
from comity.commitments.register.reading import Moment, limit_known
from comity.commitments.register.tables import entries

GROUPS = ("party", "field")
_OF_COMMITMENTS = sa.text("entries.kind = 2")


class Count(NamedTuple):
    """Commitments of one party or field that stand: all, due before the day, due on it or later, without a due day."""

    name: str
    total: int
    past: int
    ahead: int
    undated: int


def count_commitments(
    register: Register,
    *,
    valid: date | None = None,
    known: datetime | None = None,
    by: str = "party",
    party: str | None = None,
) -> tuple[Count, ...]:
    """Count the commitments that stand on a day, by what was known at a moment.

    Every entry that applies is counted from the index alone; those that a later entry of the same id replaces are
    taken off again, so that the answer is that of `read_standing`.

    Parameters
    ----------
    register : Register
        Open.
    valid : date, optional
        The day in the world, also the one that due days are compared with; today in UTC where left out.
    known : datetime, optional
        As in `read_standing`.
    by : {"party", "field"}
        What is counted by.
    party : str, optional
        Only commitments of this party.

    Returns
    -------
    tuple of Count
        In order of name; a name without a commitment is left out.

    Raises
    ------
    RegisterError
        It cannot be counted by this.
    """
    if by not in GROUPS:
        raise RegisterError(f"commitments cannot be counted by {by!r}", todo=f"choose {' or '.join(GROUPS)}")
    day = valid or datetime.now(UTC).date()
    counts: Counter[tuple[str, str]] = Counter()
    with register.read() as con:
        moment = Moment(day.toordinal(), limit_known(con, known))
        _add(counts, con.execute(_count_applicable(moment, by, party)), 1)
        _add(counts, _list_replaced(con, moment, by, party), -1)
    names = sorted({name for (name, _), n in counts.items() if n})
    return tuple(_sum_up(name, counts) for name in names)


def _count_applicable(moment: Moment, by: str, party: str | None) -> sa.Select[Any]:
    """Return the question for the number of entries that apply, by name and due day."""
    state = sa.case((entries.c.due.is_(None), "undated"), (entries.c.due < moment.valid, "past"), else_="ahead").label(
        "state"
    )
    group = entries.c[by]
    asked = sa.select(group.label("name"), state, sa.func.count().label("n")).where(_OF_COMMITMENTS, _applies(moment))
    asked = asked if party is None else asked.where(entries.c.party == party)
    return asked.group_by(group, sa.literal_column("state"))


def _list_replaced(con: Connection, moment: Moment, by: str, party: str | None) -> Sequence[Any]:
    """Return the entries that apply and that a later entry, which applies too, replaces."""
    later = entries.alias("later")
    state = sa.case((entries.c.due.is_(None), "undated"), (entries.c.due < moment.valid, "past"), else_="ahead")
    columns = (entries.c.seq, entries.c[by].label("name"), state.label("state"), sa.literal(1).label("n"))
    same = sa.and_(entries.c.kind == later.c.kind, entries.c.id == later.c.id, entries.c.seq < later.c.seq)
    asked = sa.select(*columns).distinct().select_from(later.join(entries, same))
    asked = asked.where(sa.text("later.amends"), sa.text("later.kind = 2"), _applies(moment))
    asked = asked.where(later.c.valid_from <= moment.valid, later.c.recorded_at <= moment.known)
    return con.execute(asked if party is None else asked.where(entries.c.party == party)).all()


def _applies(moment: Moment) -> sa.ColumnElement[bool]:
    """Return the condition that an entry applies and withdraws nothing."""
    return sa.and_(
        entries.c.valid_from <= moment.valid,
        entries.c.recorded_at <= moment.known,
        sa.not_(entries.c.withdrawn),
    )


def _add(counts: Counter[tuple[str, str]], rows: Iterable[Any], sign: int) -> None:
    """Add rows to the counts, or take them off."""
    for row in rows:
        counts[(row.name, row.state)] += sign * row.n


def _sum_up(name: str, counts: Counter[tuple[str, str]]) -> Count:
    """Return the counts of one name."""
    past, ahead, undated = (counts[(name, state)] for state in ("past", "ahead", "undated"))
    return Count(name, past + ahead + undated, past, ahead, undated)
