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
from comity.commitments.register.questions import Moment, apply_at, limit_known
from comity.commitments.register.tables import entries, totals

GROUPS = ("party", "field", "agreement")
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
    field: str | None = None,
) -> tuple[Count, ...]:
    """Count the commitments that stand on a day, by what was known at a moment.

    Every entry that applies is counted from the index alone, all of a register by party from what each batch entered;
    those that a later entry of the same id replaces are taken off again, so that the answer is that of `read_standing`.

    Parameters
    ----------
    register : Register
        Open.
    valid : date, optional
        The day in the world, also the one that due days are compared with; today in UTC where left out.
    known : datetime, optional
        As in `read_standing`.
    by : {"party", "field", "agreement"}
        What is counted by.
    party : str, optional
        Only commitments of this party.
    field : str, optional
        Only commitments of this field.

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
    with register.read() as con:
        return find_counts(con, Moment(day.toordinal(), limit_known(con, known)), by=by, party=party, field=field)


def find_counts(
    con: Connection, moment: Moment, *, by: str = "party", party: str | None = None, field: str | None = None
) -> tuple[Count, ...]:
    """Count the commitments that stand, as a connection sees them; see `count_commitments`."""
    wanted = [entries.c[name] == value for name, value in (("party", party), ("field", field)) if value is not None]
    if by == "party" and not wanted:
        found = _add_totals(con, moment)
    else:
        asked = sa.select(entries.c.seq).where(_OF_COMMITMENTS, _applies(moment), *wanted)
        found = group_commitments(con, moment, asked, by)
    counted = {row.name: [row.total, row.past, row.past + row.ahead] for row in found}
    for row in _list_replaced(con, moment, by, wanted):
        less = (1, row.due is not None and row.due < moment.valid, row.due is not None)
        counted[row.name] = [n - one for n, one in zip(counted[row.name], less, strict=True)]
    return tuple(_name_count(name, *counts) for name, counts in sorted(counted.items()) if counts[0])


def count_entered(entered: Iterable[tuple[int, str, int | None, int]]) -> Counter[tuple[int, str, int, int]]:
    """Count commitments by moment, party, year due (0: none) and first day; given with the due day itself."""
    years = ((moment, party, date.fromordinal(due).year if due else 0, first) for moment, party, due, first in entered)
    return Counter(years)


def _add_totals(con: Connection, moment: Moment) -> tuple[Count, ...]:
    """Count all commitments that apply, by party: by year as they were entered, the year of the day from the index."""
    begin = date(date.fromordinal(moment.valid).year, 1, 1)
    number, year = totals.c.number, totals.c.year
    past = sa.case((year.between(1, begin.year - 1), number), else_=0)
    dated = sa.case((year > 0, number), else_=0)
    entered = sa.select(totals.c.party, number.label("total"), past.label("past"), dated.label("dated"))
    entered = entered.where(totals.c.valid_from <= moment.valid, totals.c.recorded_at <= moment.known)
    one: sa.ColumnElement[int] = sa.literal_column("1")
    none: sa.ColumnElement[int] = sa.literal_column("0")
    lately = sa.select(entries.c.party, none, one, none).where(_OF_COMMITMENTS, _applies(moment))
    lately = lately.where(entries.c.due >= begin.toordinal(), entries.c.due < moment.valid)
    rows = entered.union_all(lately).subquery()
    sums = (sa.func.sum(rows.c[name]) for name in ("total", "past", "dated"))
    found = con.execute(sa.select(rows.c.party, *sums).group_by(rows.c.party)).all()
    return tuple(sorted(_name_count(name, *map(int, counts)) for name, *counts in found))


def group_commitments(con: Connection, moment: Moment, asked: sa.Select[Any], by: str) -> tuple[Count, ...]:
    """Count the commitments that a question finds, by one of their columns."""
    past = sa.func.count(sa.case((entries.c.due < moment.valid, 1)))
    columns = (entries.c[by], sa.func.count(), past, sa.func.count(entries.c.due))
    rows = con.execute(asked.with_only_columns(*columns).group_by(entries.c[by])).all()
    return tuple(sorted(_name_count(*row) for row in rows))


def _name_count(name: str, total: int, past: int, dated: int) -> Count:
    """Return a count of all, of those due before the day, and of those with a due day."""
    return Count(name, total, past, dated - past, total - dated)


def _list_replaced(con: Connection, moment: Moment, by: str, wanted: Sequence[sa.ColumnElement[bool]]) -> Sequence[Any]:
    """Return the entries that apply and that a later entry, which applies too, replaces."""
    later = entries.alias("later")
    columns = (entries.c.seq, entries.c[by].label("name"), entries.c.due)
    same = sa.and_(entries.c.kind == later.c.kind, entries.c.id == later.c.id, entries.c.seq < later.c.seq)
    asked = sa.select(*columns).distinct().select_from(later.join(entries, same))
    asked = asked.where(sa.text("later.amends"), sa.text("later.kind = 2"), _applies(moment))
    asked = asked.where(later.c.valid_from <= moment.valid, later.c.recorded_at <= moment.known)
    return con.execute(asked.where(*wanted)).all()


def _applies(moment: Moment) -> sa.TextClause:
    """Return the condition that an entry applies and withdraws nothing."""
    return sa.text(apply_at()).bindparams(valid=moment.valid, known=moment.known)
