"""A part of a register as a status page needs it: what is asked for, what that waits for, and evidence in short.

Nothing else of the register is read: evidence is summed up by the database, what is waited for is fetched by id, and
where more is asked for than a page shows, the first are read and all are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Standing
from comity.commitments.register.chain import read_microseconds
from comity.commitments.register.content import NAMES, decode_record
from comity.commitments.register.counting import Count, count_commitments, read_counts
from comity.commitments.register.place import Register
from comity.commitments.register.reading import (
    EVIDENCE,
    Moment,
    Selection,
    choose_commitments,
    find_agreements,
    limit_known,
    read_standing,
    split_names,
    stand_at,
)
from comity.commitments.register.tables import entries
from comity.commitments.tallies import Tally

Kind = TypeVar("Kind", Agreement, Article, Commitment, Assessment)
MOST = 1_000
"""Commitments that are all read; of more than these only the first."""
FIRST = 200
LISTED = tuple(kind for kind in NAMES if kind != "evidence")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a register.

    `asked` holds what was asked for, `ground` that and what it waits for; both have of the evidence only readings of
    the indicator, and `tallies` sums all of it up. `counts` counts by party where `asked` is not all of it.
    """

    asked: Standing
    ground: Standing
    tallies: Mapping[str, Tally]
    total: int
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

    Returns
    -------
    Part
    """
    only = replace(only or Selection(), kinds=LISTED)
    most, first = bounds
    with register.read() as con:
        moment = Moment(on.toordinal(), limit_known(con, known))
        cut = only.limit is None and _is_more(con, moment, only, most)
    at = read_microseconds(moment.known)
    counts = _count(register, moment, only, (on, at)) if cut else ()
    asked = read_standing(register, valid=on, known=at, only=replace(only, limit=first) if cut else only)
    ground = _add_awaited(register, asked)
    with register.read() as con:
        ids = [row.id for row in ground.commitments]
        tallies = dict(_tally(con, moment, ids))
        readings = _read_readings(con, moment, [id for id, tally in tallies.items() if tally.reads])
    own = {row.id for row in asked.commitments}
    return Part(
        replace(asked, evidence=tuple(row for row in readings if row.commitment in own)),
        replace(ground, evidence=readings),
        tallies,
        sum(count.total for count in counts) if cut else len(own),
        counts,
    )


def read_latest_evidence(register: Register, standing: Standing, ids: Sequence[str], most: int) -> tuple[Evidence, ...]:
    """Read the latest pieces of evidence of some commitments, so many of each, as of a standing's day and moment."""
    with register.read() as con:
        moment = Moment(standing.valid.toordinal(), limit_known(con, standing.known))
        found: list[Evidence] = []
        for names in split_names(sorted(ids)):
            day = _take_day(con)
            place = sa.func.row_number().over(partition_by=entries.c.parent, order_by=(day.desc(), entries.c.id.desc()))
            ranked = sa.select(entries.c.content, entries.c.recorded_at, place.label("place"))
            ranked = ranked.where(*_of_evidence(con, moment, names))
            rows = ranked.subquery()
            found += _decode(con, sa.select(rows.c.content, rows.c.recorded_at).where(rows.c.place <= most))
    return tuple(found)


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
        readings = _read_readings(con, moment, [row.id for row in found.commitments])
    return replace(found, evidence=readings), total


def _is_more(con: Connection, moment: Moment, only: Selection, most: int) -> bool:
    """Say whether more commitments are asked for than a number."""
    if only.ids is not None:
        return False
    asked = choose_commitments(moment, only, find_agreements(con, moment, only))
    return len(con.execute(asked.with_only_columns(entries.c.seq).limit(most + 1)).all()) > most


def _count(register: Register, moment: Moment, only: Selection, view: tuple[date, datetime]) -> tuple[Count, ...]:
    """Return how many commitments each party has in a part: from the index alone where the part allows."""
    narrowed = (only.agreement, only.agreements, only.pair, only.due, only.after, only.assessed)
    if all(value is None for value in narrowed):
        return count_commitments(register, valid=view[0], known=view[1], party=only.party, field=only.field)
    with register.read() as con:
        asked = choose_commitments(moment, only, find_agreements(con, moment, only))
        return read_counts(con, moment, asked, "party")


def _add_awaited(register: Register, asked: Standing) -> Standing:
    """Return a standing with what its commitments wait for, and what that waits for, to the end."""
    whole, have = asked, {row.id for row in asked.commitments}
    missing = {id for row in asked.commitments for id in row.depends_on} - have
    while missing:
        only = Selection(ids=tuple(sorted(missing)), kinds=LISTED)
        more = read_standing(register, valid=asked.valid, known=asked.known, only=only)
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


def _tally(con: Connection, moment: Moment, ids: Sequence[str]) -> Iterator[tuple[str, Tally]]:
    """Yield the sum of each commitment's evidence."""
    day = _take_day(con)
    flags = [
        sa.func.max(sa.case((_find(con, text) > 0, 1), else_=0))
        for text in ('"direction":"for"', '"direction":"against"', '"value":')
    ]
    for names in split_names(sorted(ids)):
        asked = sa.select(entries.c.parent, sa.func.count(), sa.func.max(day), *flags)
        for id, count, last, *found in con.execute(
            asked.where(*_of_evidence(con, moment, names)).group_by(entries.c.parent)
        ):
            yield id, Tally(count, date.fromisoformat(last), *(flag == 1 for flag in found))


def _read_readings(con: Connection, moment: Moment, ids: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the evidence of some commitments that reads the indicator."""
    found: list[Evidence] = []
    for names in split_names(sorted(ids)):
        asked = sa.select(entries.c.content, entries.c.recorded_at)
        found += _decode(con, asked.where(*_of_evidence(con, moment, names), _find(con, '"value":') > 0))
    return tuple(sorted(found, key=lambda row: row.id))


def _of_evidence(con: Connection, moment: Moment, names: Sequence[str]) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for the evidence of some commitments that counts and is of no later day."""
    last = date.fromordinal(moment.valid).isoformat()
    return (entries.c.parent.in_(names), entries.c.kind == EVIDENCE, stand_at(moment), _take_day(con) <= last)


def _take_day(con: Connection) -> sa.ColumnElement[Any]:
    """Return the day of a stored piece of evidence, as ISO text."""
    day: sa.ColumnElement[Any] = sa.func.substr(entries.c.content, _find(con, '"day":"') + len('"day":"'), 10)
    return day


def _find(con: Connection, text: str) -> sa.ColumnElement[Any]:
    """Return the place of a key in the canonical JSON; texts within it cannot hold one, their quotes are escaped."""
    find = sa.func.strpos if con.dialect.name == "postgresql" else sa.func.instr
    place: sa.ColumnElement[Any] = find(entries.c.content, text)
    return place


def _decode(con: Connection, asked: sa.Select[Any]) -> list[Evidence]:
    """Return the pieces of evidence that a question finds."""
    found = (decode_record(row.content, read_microseconds(row.recorded_at)) for row in con.execute(asked))
    return [row for row in found if isinstance(row, Evidence)]
