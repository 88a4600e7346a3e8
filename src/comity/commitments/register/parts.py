"""A part of a register as a status page needs it: what is asked for, what that waits for, and evidence in short.

Nothing else of the register is read: evidence is summed up by the database, what is waited for is fetched by id, and
where more is asked for than a page shows, the first are read and all are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, groupby, islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Standing
from comity.commitments.register.chain import read_microseconds
from comity.commitments.register.content import NAMES, decode_record
from comity.commitments.register.counting import Count, count_commitments, find_counts, group_commitments
from comity.commitments.register.naming import is_among, split_names
from comity.commitments.register.place import Register
from comity.commitments.register.questions import (
    EVIDENCE,
    Moment,
    Selection,
    apply_at,
    choose_commitments,
    find_agreements,
    limit_known,
    stand_at,
)
from comity.commitments.register.reading import find_standing, read_standing
from comity.commitments.register.tables import SAYS_AGAINST, SAYS_FOR, SAYS_VALUE, entries
from comity.commitments.tallies import Tally

Kind = TypeVar("Kind", Agreement, Article, Commitment, Assessment)
Divided = Sequence[tuple[bool, Sequence[str]]]
"""Ids of commitments in parts, each with whether none of its evidence was ever corrected."""
MOST = 500
"""Commitments that are all read; of more than these only the first."""
FIRST = 200
LISTED = tuple(kind for kind in NAMES if kind != "evidence")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a register.

    `asked` holds what was asked for, `ground` that and what it waits for; both have of the evidence only readings of
    the indicator, and `tallies` sums all of it up. `latest` is the latest evidence of the first commitments, where it
    was asked for. `counts` counts by party where `asked` is not all of it.
    """

    asked: Standing
    ground: Standing
    tallies: Mapping[str, Tally]
    total: int
    latest: tuple[Evidence, ...] = field(default=())
    counts: tuple[Count, ...] = field(default=())

    @property
    def is_cut(self) -> bool:
        """Whether more was asked for than was read."""
        return bool(self.counts)


def read_part(
    register: Register,
    on: date,
    *,
    known: datetime | None = None,
    only: Selection | None = None,
    bounds: tuple[int, int] = (MOST, FIRST),
    quoted: int = 0,
) -> Part:
    """Read a part of a register for following up.

    Parameters
    ----------
    register : Register
        Open.
    on : date
        The day; no evidence of a later day is counted.
    known : datetime, optional
        As in `read_standing`.
    only : Selection, optional
        Which part; all where left out.
    bounds : tuple of two int
        Up to the first number all commitments are read; where there are more, the second number of those due first.
    quoted : int
        Read so many pieces of evidence, the latest, of each of the first `FIRST` commitments.

    Returns
    -------
    Part
    """
    only = replace(only or Selection(), kinds=LISTED)
    most, first = bounds
    with register.read() as con:
        moment = Moment(on.toordinal(), limit_known(con, known))
        counts = _count(con, moment, only, most)
        asked = find_standing(con, moment, replace(only, limit=first) if counts else only)
        ground = _add_awaited(con, moment, asked)
        divided = _divide(con, [row.id for row in ground.commitments])
        tallies = _tally(con, moment, divided)
        readings = _read_readings(con, moment, _narrow(divided, {id for id, tally in tallies.items() if tally.reads}))
        shown = {row.id for row in asked.commitments[:FIRST]} if quoted else set()
        latest = _read_latest(con, moment, _narrow(divided, shown), quoted)
    own = {row.id for row in asked.commitments}
    return Part(
        replace(asked, evidence=tuple(row for row in readings if row.commitment in own)),
        replace(ground, evidence=readings),
        tallies,
        sum(count.total for count in counts) if counts else len(own),
        latest,
        counts,
    )


def read_learned(
    register: Register, on: date, wanted: Iterable[str], *, known: datetime | None = None, most: int
) -> tuple[Standing, int]:
    """Read what an outlook is learned from: all commitments, or so many spread evenly over a register that has more.

    Returns
    -------
    tuple of Standing and int
        With the commitments that are wanted, and of evidence the readings only; and how many the register holds.
    """
    total = sum(count.total for count in count_commitments(register, valid=on, known=known, by="field"))
    only = Selection(kinds=LISTED, step=-(-total // most) if total > most else None)
    found = read_standing(register, valid=on, known=known, only=only)
    missing = set(wanted) - {row.id for row in found.commitments}
    if missing:
        more = Selection(ids=tuple(sorted(missing)), kinds=LISTED)
        found = _merge(found, read_standing(register, valid=on, known=found.known, only=more))
    with register.read() as con:
        moment = Moment(on.toordinal(), limit_known(con, found.known))
        readings = _read_readings(con, moment, _divide(con, [row.id for row in found.commitments]))
    return replace(found, evidence=readings), total


def _count(con: Connection, moment: Moment, only: Selection, most: int) -> tuple[Count, ...]:
    """Return how many commitments each party has in a part that holds more than a number; nothing of a smaller one.

    They are counted from the index alone where the part allows.
    """
    if only.limit is not None or only.ids is not None:
        return ()
    narrowed = (only.agreement, only.agreements, only.pair, only.due, only.after, only.assessed)
    if all(value is None for value in narrowed):
        counts = find_counts(con, moment, party=only.party, field=only.field)
        return counts if sum(count.total for count in counts) > most else ()
    asked = choose_commitments(moment, only, find_agreements(con, moment, only))
    is_more = len(con.execute(asked.with_only_columns(entries.c.seq).limit(most + 1)).all()) > most
    return group_commitments(con, moment, asked, "party") if is_more else ()


def _add_awaited(con: Connection, moment: Moment, asked: Standing) -> Standing:
    """Return a standing with what its commitments wait for, and what that waits for, to the end."""
    whole, have = asked, {row.id for row in asked.commitments}
    missing = {id for row in asked.commitments for id in row.depends_on} - have
    while missing:
        more = find_standing(con, moment, Selection(ids=tuple(sorted(missing)), kinds=LISTED))
        have |= missing
        missing = {id for row in more.commitments for id in row.depends_on} - have
        whole = _merge(whole, more)
    return whole


def _merge(left: Standing, right: Standing) -> Standing:
    """Return two standings of one view as one."""
    return replace(
        left,
        agreements=_join(left.agreements, right.agreements),
        articles=_join(left.articles, right.articles),
        commitments=_join(left.commitments, right.commitments),
        assessments=_join(left.assessments, right.assessments),
    )


def _join(left: Sequence[Kind], right: Sequence[Kind]) -> tuple[Kind, ...]:
    """Return records of one kind, each once, in order of id."""
    found = {row.id: row for row in chain(left, right)}
    return tuple(found[id] for id in sorted(found))


def _tally(con: Connection, moment: Moment, divided: Divided) -> dict[str, Tally]:
    """Return the sum of each commitment's evidence; those without any are left out."""
    flags = (sa.func.max(entries.c.says.op("&")(sign)) for sign in (SAYS_FOR, SAYS_AGAINST, SAYS_VALUE))
    asked = sa.select(entries.c.parent, sa.func.count(), sa.func.max(entries.c.day), *flags)
    found = {}
    for plain, names in divided:
        summed = asked.where(*_of_evidence(moment, names, plain=plain)).group_by(entries.c.parent)
        for id, count, last, *said in con.execute(summed).all():
            found[id] = Tally(count, date.fromordinal(last), *(sign > 0 for sign in said))
    return found


def _read_readings(con: Connection, moment: Moment, divided: Divided) -> tuple[Evidence, ...]:
    """Return the evidence of some commitments that reads the indicator."""
    found: list[Evidence] = []
    for plain, names in divided:
        reads = entries.c.says.op("&")(SAYS_VALUE) > 0
        columns = sa.select(entries.c.content, entries.c.recorded_at)
        found += _decode(con, columns.where(*_of_evidence(moment, names, plain=plain), reads))
    return tuple(sorted(found, key=lambda row: row.id))


def _read_latest(con: Connection, moment: Moment, divided: Divided, most: int) -> tuple[Evidence, ...]:
    """Return the latest pieces of evidence of some commitments, so many of each."""
    found: list[Evidence] = []
    for plain, names in divided:
        if con.dialect.name == "postgresql":
            asked = _rank_beside(moment, names, most, plain=plain)
        else:
            place = sa.func.rank().over(partition_by=entries.c.parent, order_by=entries.c.day.desc())
            ranked = sa.select(entries.c.seq, place.label("place")).where(*_of_evidence(moment, names, plain=plain))
            rows = ranked.subquery()
            chosen = sa.select(rows.c.seq).where(rows.c.place <= most)
            asked = sa.select(entries.c.content, entries.c.recorded_at).where(entries.c.seq.in_(chosen))
        found += _decode(con, asked)
    found.sort(key=lambda row: (row.commitment, row.day, row.id), reverse=True)
    return tuple(chain.from_iterable(islice(rows, most) for _, rows in groupby(found, lambda row: row.commitment)))


def _rank_beside(moment: Moment, names: Sequence[str], most: int, *, plain: bool) -> sa.Select[Any]:
    """Return the question for the latest evidence that reads no more of an index than it gives, in PostgreSQL."""
    given = sa.bindparam(None, names, type_=ARRAY(sa.Text()), unique=True)
    named = sa.func.unnest(given).table_valued("id", name="named").render_derived()
    asked = sa.select(entries.c.content, entries.c.recorded_at).where(*_of_evidence(moment, None, plain=plain))
    asked = asked.where(entries.c.parent == named.c.id).order_by(entries.c.day.desc())
    latest = asked.fetch(most, with_ties=True).lateral("latest")
    return sa.select(latest.c.content, latest.c.recorded_at).select_from(named.join(latest, sa.true()))


def _divide(con: Connection, ids: Sequence[str]) -> Divided:
    """Return ids of commitments in parts that one question can name, those without corrected evidence apart.

    Where no piece of a commitment's evidence was ever corrected or withdrawn, all that apply count, and the index
    alone says so.
    """
    changed: set[str] = set()
    for names in split_names(sorted(ids)):
        amended = sa.select(entries.c.parent).distinct().where(sa.text("entries.amends"), entries.c.kind == EVIDENCE)
        changed |= {str(row.parent) for row in con.execute(amended.where(is_among(entries.c.parent, names)))}
    parts = ((True, sorted(changed.symmetric_difference(ids))), (False, sorted(changed)))
    return [(plain, names) for plain, part in parts for names in split_names(part)]


def _narrow(divided: Divided, ids: Set[str]) -> Divided:
    """Return what is left of divided ids."""
    parts = ((plain, [name for name in names if name in ids]) for plain, names in divided)
    return [(plain, names) for plain, names in parts if names]


def _of_evidence(moment: Moment, names: Sequence[str] | None, *, plain: bool) -> tuple[Any, ...]:
    """Return the conditions for the evidence of some commitments, or of any, that counts and is of no later day."""
    applies = sa.text(apply_at()).bindparams(valid=moment.valid, known=moment.known)
    counts = applies if plain else stand_at(moment, EVIDENCE)
    of = () if names is None else (is_among(entries.c.parent, names),)
    return (*of, entries.c.kind == EVIDENCE, entries.c.day <= moment.valid, counts)


def _decode(con: Connection, asked: sa.Select[Any]) -> list[Evidence]:
    """Return the pieces of evidence that a question finds."""
    found = (decode_record(row.content, read_microseconds(row.recorded_at)) for row in con.execute(asked).all())
    return [row for row in found if isinstance(row, Evidence)]
