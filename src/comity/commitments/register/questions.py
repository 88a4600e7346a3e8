"""What is asked of the database: which entries count at a moment, and which commitments a selection chooses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from comity.commitments.errors import RegisterError
from comity.commitments.register.chain import EPOCH, count_microseconds
from comity.commitments.register.content import NAMES
from comity.commitments.register.naming import is_among
from comity.commitments.register.tables import entries, parties

AGREEMENT, ARTICLE, COMMITMENT, EVIDENCE, ASSESSMENT = range(5)
_OF_STRUCTURE = sa.text("entries.kind <= 2")
_OF_COMMITMENTS = sa.text("entries.kind = 2")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of the register is read; what is given narrows together.

    Parameters
    ----------
    agreement : str, optional
        Id of an agreement.
    agreements : tuple of str, optional
        Ids of agreements.
    party : str, optional
        Actor id: commitments that it owes, and the agreements that it is a party of.
    pair : tuple of two str, optional
        Actor ids: agreements that both are parties of, and the commitments that the two owe under them.
    field : str, optional
        Commitments of this field, and what they stand in.
    ids : tuple of str, optional
        Only these commitments.
    due : tuple of two dates, optional
        First and last due day, both counted; None leaves an end open. Commitments without a due day are left out.
    after : tuple of date and str, optional
        Only commitments whose due day and id come after these; with `due` and `limit` it turns a page.
    assessed : bool, optional
        Only commitments with an assessment, or only those without one.
    step : int, optional
        Only commitments whose entry's number this divides: a part that is spread evenly over the register.
    limit : int, optional
        Only so many commitments, those due first.
    kinds : collection of str, optional
        Read only these kinds: `agreement`, `article`, `commitment`, `evidence`, `assessment`. The others are empty.
    """

    agreement: str | None = None
    agreements: tuple[str, ...] | None = None
    party: str | None = None
    pair: tuple[str, str] | None = None
    field: str | None = None
    ids: tuple[str, ...] | None = None
    due: tuple[date | None, date | None] | None = None
    after: tuple[date, str] | None = None
    assessed: bool | None = None
    step: int | None = None
    limit: int | None = None
    kinds: frozenset[str] | tuple[str, ...] = NAMES

    @property
    def is_whole(self) -> bool:
        """Whether nothing narrows it, apart from the kinds."""
        return self.party is None and not self.is_of_agreements and not self.is_of_commitments

    @property
    def is_of_agreements(self) -> bool:
        """Whether it chooses commitments by the agreements that they stand in."""
        return any(value is not None for value in (self.agreement, self.agreements, self.pair))

    @property
    def is_of_commitments(self) -> bool:
        """Whether it chooses single commitments, and their agreements only through them."""
        given = (self.field, self.ids, self.due, self.after, self.assessed, self.step, self.limit)
        return any(value is not None for value in given)


class Moment(NamedTuple):
    """The two times of a view: a day as its ordinal, and microseconds since 1970."""

    valid: int
    known: int


def limit_known(con: Connection, known: datetime | None) -> int:
    """Return the moment of knowledge [microseconds], at most that of the last entry."""
    last = con.scalar(sa.select(entries.c.recorded_at).order_by(entries.c.seq.desc()).limit(1))
    newest = count_microseconds(EPOCH) if last is None else int(last)
    if known is None:
        return newest
    if known.tzinfo is None:
        raise RegisterError(
            f"the moment {known.isoformat()} has no zone",
            why="two readers in two places would see two registers",
            todo="give it in UTC, such as 2026-01-31T12:00:00+00:00",
        )
    return min(count_microseconds(known), newest)


def stand_at(moment: Moment, number: int, table: str = "entries") -> sa.TextClause:
    """Return the condition that an entry counts: it applies, withdraws nothing, and no later one of its id applies.

    It is written as text, since a page puts it many times and its parts never change.
    """
    said = f"""{apply_at(table)} AND NOT EXISTS (
        SELECT 1 FROM entries AS later WHERE later.kind = {number} AND later.id = {table}.id
        AND later.seq > {table}.seq AND later.valid_from <= :valid AND later.recorded_at <= :known)"""
    return sa.text(f"({said})").bindparams(valid=moment.valid, known=moment.known)


def apply_at(table: str = "entries") -> str:
    """Return the condition that an entry applies and withdraws nothing; it needs the moment as `valid` and `known`."""
    return f"{table}.valid_from <= :valid AND {table}.recorded_at <= :known AND NOT {table}.withdrawn"


def find_agreements(con: Connection, moment: Moment, only: Selection) -> set[str] | None:
    """Return the ids of the agreements that are asked for, or None where it is not asked by agreement."""
    if not only.is_of_agreements and only.party is None:
        return None
    found: set[str] | None = None if only.agreements is None else set(only.agreements)
    if only.agreement is not None:
        found = {only.agreement} if found is None else found & {only.agreement}
    for party in {*(only.pair or ()), *((only.party,) if only.party else ())}:
        asked = sa.select(entries.c.id).join(parties, parties.c.seq == entries.c.seq)
        rows = con.execute(asked.where(parties.c.party == party, stand_at(moment, AGREEMENT)))
        mine = {str(row.id) for row in rows}
        found = mine if found is None else found & mine
    return found


def find_later_agreements(con: Connection, moment: Moment, only: Selection) -> set[str]:
    """Return the ids of the agreements of a pair that hold only after the day, as it was entered by the moment.

    Agreements that hold on the day, of whatever parties, are none of these.
    """
    replaced = """EXISTS (SELECT 1 FROM entries AS later WHERE later.kind = 0 AND later.id = entries.id
        AND later.seq > entries.seq AND later.valid_from <= entries.valid_from AND later.recorded_at <= :known)"""
    holds = "entries.valid_from > :valid AND entries.recorded_at <= :known AND NOT entries.withdrawn"
    later = sa.text(f"({holds} AND NOT {replaced})").bindparams(valid=moment.valid, known=moment.known)
    found: set[str] | None = None
    for party in only.pair or ():
        asked = sa.select(entries.c.id).join(parties, parties.c.seq == entries.c.seq)
        mine = {str(row.id) for row in con.execute(asked.where(parties.c.party == party, later))}
        found = mine if found is None else found & mine
    for wanted in (only.agreements, None if only.agreement is None else (only.agreement,)):
        found = found and (found if wanted is None else found.intersection(wanted))
    if not found:
        return set()
    standing = sa.select(entries.c.id).where(entries.c.kind == AGREEMENT, stand_at(moment, AGREEMENT))
    return found - {str(row.id) for row in con.execute(standing.where(is_among(entries.c.id, sorted(found))))}


def choose_commitments(moment: Moment, only: Selection, agreements: set[str] | None) -> sa.Select[Any]:
    """Return the question for the commitments of a part."""
    asked = select_rows().where(_OF_COMMITMENTS, stand_at(moment, COMMITMENT))
    if agreements is not None and only.is_of_agreements:
        asked = asked.where(_OF_STRUCTURE, is_among(entries.c.agreement, sorted(agreements)))
    owing = [only.party] if only.party is not None else list(only.pair or ())
    if owing:
        asked = asked.where(entries.c.party.in_(owing))
    if only.field is not None:
        asked = asked.where(entries.c.field == only.field)
    if only.ids is not None:
        asked = asked.where(entries.c.kind == COMMITMENT, is_among(entries.c.id, only.ids))
    if only.step is not None:
        asked = asked.where(entries.c.seq % only.step == 0)
    if only.assessed is not None:
        asked = asked.where(_find_assessed(moment) if only.assessed else ~_find_assessed(moment))
    asked = asked.where(*_limit_days(only))
    if only.limit is not None:
        asked = asked.order_by(entries.c.due, entries.c.id).limit(only.limit)
    return asked


def _limit_days(only: Selection) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions that a selection puts to the due day."""
    if only.due is not None:
        first, last = (None if day is None else day.toordinal() for day in only.due)
        yield entries.c.due.is_not(None)
        if first is not None:
            yield entries.c.due >= first
        if last is not None:
            yield entries.c.due <= last
    if only.after is not None:
        day, id = only.after[0].toordinal(), only.after[1]
        yield entries.c.due >= day
        yield sa.or_(entries.c.due > day, entries.c.id > id)


def _find_assessed(moment: Moment) -> sa.ColumnElement[bool]:
    """Return the condition that a commitment has an assessment that counts."""
    judged = entries.alias("judged")
    asked = sa.select(sa.literal(1)).where(judged.c.parent == entries.c.id, judged.c.kind == ASSESSMENT)
    return sa.exists(asked.where(stand_at(moment, ASSESSMENT, "judged")).correlate(entries))


def select_rows() -> sa.Select[Any]:
    """Return a question for the columns that records are built from."""
    return sa.select(entries.c.content, entries.c.recorded_at, entries.c.parent, entries.c.agreement)
