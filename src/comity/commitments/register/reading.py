"""How the register stood on a day, by what was known at a moment; what was recorded under an id; the last entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from comity.commitments.errors import RegisterError
from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Record, Standing
from comity.commitments.register.chain import EPOCH, START, Head, count_microseconds, read_microseconds
from comity.commitments.register.content import KINDS, NAMES, PARENTS, decode_record, name_parent
from comity.commitments.register.place import Register
from comity.commitments.register.tables import entries, parties

AGREEMENT, ARTICLE, COMMITMENT, EVIDENCE, ASSESSMENT = range(5)
MOST_NAMED = 500
"""Ids that one question to the database names."""
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


class Version(NamedTuple):
    """One entry under an id: its number, its hash and the record."""

    seq: int
    hash: str
    record: Record


def read_head(register: Register) -> Head:
    """Return the last entry; keep it elsewhere to be able to show later that nothing was cut off or rewritten."""
    with register.read() as con:
        return find_head(con)


def is_entry(register: Register, head: Head) -> bool:
    """Say whether the register has an entry of this number and hash."""
    with register.read() as con:
        return head.seq > 0 and con.scalar(sa.select(entries.c.hash).where(entries.c.seq == head.seq)) == head.hash


def find_head(con: Connection) -> Head:
    """Return the last entry that a connection sees."""
    row = con.execute(sa.select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)).first()
    return Head(0, START) if row is None else Head(int(row.seq), str(row.hash))


def read_standing(
    register: Register,
    *,
    valid: date | None = None,
    known: datetime | None = None,
    only: Selection | None = None,
) -> Standing:
    """Read how the register stood on a day, by what was known at a moment.

    Of the entries under an id that were recorded by `known` and hold from `valid` or before, the one recorded last
    counts; where it is a withdrawal, there is no record. What holds before that on which it rests does is left out.
    The answer to the same question never changes: its `known` is the last moment that it rests on, which later entries
    come after, even when a clock was set back.

    Parameters
    ----------
    register : Register
        Open.
    valid : date, optional
        The day in the world; today in UTC where left out.
    known : datetime, optional
        The moment of knowledge, with a zone; everything recorded where left out. A later one than that of the last
        entry means that of the last entry.
    only : Selection, optional
        Which part; all where left out.

    Returns
    -------
    Standing
        Records in order of id, each with the moment of its entry [UTC].

    Raises
    ------
    RegisterError
        `known` has no zone.

    References
    ----------
    snodgrass-1999, jensen-snodgrass-1999; see docs/bibliography.md.
    """
    only = only or Selection()
    day = valid or datetime.now(UTC).date()
    with register.read() as con:
        moment = Moment(day.toordinal(), limit_known(con, known))
        found = _read_all(con, moment, only) if only.is_whole else _read_part(con, moment, only)
    return Standing(
        valid=day,
        known=read_microseconds(moment.known),
        agreements=cast(tuple[Agreement, ...], tuple(found[AGREEMENT])),
        articles=cast(tuple[Article, ...], tuple(found[ARTICLE])),
        commitments=cast(tuple[Commitment, ...], tuple(found[COMMITMENT])),
        evidence=cast(tuple[Evidence, ...], tuple(found[EVIDENCE])),
        assessments=cast(tuple[Assessment, ...], tuple(found[ASSESSMENT])),
    )


def read_history(register: Register, kind: str, id: str) -> tuple[Version, ...]:
    """Return every entry under an id, in the order of recording; none where there is none.

    Raises
    ------
    RegisterError
        There is no such kind.
    """
    if kind not in KINDS:
        raise RegisterError(f"there is no kind {kind!r}", todo=f"the kinds are {', '.join(KINDS)}")
    columns = (entries.c.seq, entries.c.hash, entries.c.recorded_at, entries.c.content)
    asked = sa.select(*columns).where(entries.c.kind == NAMES.index(kind), entries.c.id == id).order_by(entries.c.seq)
    with register.read() as con:
        rows = con.execute(asked).all()
    found = (decode_record(row.content, read_microseconds(row.recorded_at)) for row in rows)
    return tuple(Version(row.seq, row.hash, record) for row, record in zip(rows, found, strict=True))


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


def stand_at(moment: Moment) -> sa.ColumnElement[bool]:
    """Return the condition that an entry counts: it applies, withdraws nothing, and no later one of its id applies."""
    later = entries.alias("later")
    replaced = (
        sa.select(sa.literal(1))
        .where(
            later.c.kind == entries.c.kind,
            later.c.id == entries.c.id,
            later.c.seq > entries.c.seq,
            later.c.valid_from <= moment.valid,
            later.c.recorded_at <= moment.known,
        )
        .correlate(entries)
    )
    return sa.and_(
        entries.c.valid_from <= moment.valid,
        entries.c.recorded_at <= moment.known,
        sa.not_(entries.c.withdrawn),
        ~sa.exists(replaced),
    )


def _read_all(con: Connection, moment: Moment, only: Selection) -> list[list[Record]]:
    """Return the records of every kind that is asked for."""
    wanted = set(only.kinds)
    for number in (ASSESSMENT, EVIDENCE, COMMITMENT, ARTICLE):
        wanted |= {PARENTS[number]} if NAMES[number] in wanted else set()
    found: list[list[Record]] = []
    for number, kind in enumerate(NAMES):
        asked = _select_rows().where(entries.c.kind == number, stand_at(moment))
        found.append(_take(con.execute(asked)) if kind in wanted else [])
        _drop_orphans(found, number)
    return [records if NAMES[number] in only.kinds else [] for number, records in enumerate(found)]


def _drop_orphans(found: list[list[Record]], number: int) -> None:
    """Leave out records of a kind that hold before what they rest on does."""
    if number != AGREEMENT:
        above = {record.id for record in found[NAMES.index(PARENTS[number])]}
        found[number] = [record for record in found[number] if name_parent(record) in above]


def _read_part(con: Connection, moment: Moment, only: Selection) -> list[list[Record]]:
    """Return the records of a part: the commitments, what they stand in, and what was recorded of them."""
    agreements = find_agreements(con, moment, only)
    rows = _find_commitments(con, moment, only, agreements)
    commitments = cast(list[Commitment], _take(rows))
    above = {row.agreement for row in rows}
    within = agreements if agreements is not None and not only.is_of_commitments else above
    found: list[list[Record]] = [[], [], list(commitments), [], []]
    found[AGREEMENT] = _read_named(con, moment, AGREEMENT, entries.c.id, within)
    if only.party is None and not only.is_of_commitments:
        found[ARTICLE] = _read_named(con, moment, ARTICLE, entries.c.parent, within)
    else:
        found[ARTICLE] = _read_named(con, moment, ARTICLE, entries.c.id, {row.parent for row in rows})
    _drop_orphans(found, ARTICLE)
    _drop_orphans(found, COMMITMENT)
    ids = [commitment.id for commitment in found[COMMITMENT]]
    for number in (EVIDENCE, ASSESSMENT):
        if NAMES[number] in only.kinds:
            found[number] = _read_named(con, moment, number, entries.c.parent, ids)
    return [records if NAMES[number] in only.kinds else [] for number, records in enumerate(found)]


def find_agreements(con: Connection, moment: Moment, only: Selection) -> set[str] | None:
    """Return the ids of the agreements that are asked for, or None where it is not asked by agreement."""
    if not only.is_of_agreements and only.party is None:
        return None
    found: set[str] | None = None if only.agreements is None else set(only.agreements)
    if only.agreement is not None:
        found = {only.agreement} if found is None else found & {only.agreement}
    for party in {*(only.pair or ()), *((only.party,) if only.party else ())}:
        asked = sa.select(entries.c.id).join(parties, parties.c.seq == entries.c.seq)
        rows = con.execute(asked.where(parties.c.party == party, stand_at(moment)))
        mine = {str(row.id) for row in rows}
        found = mine if found is None else found & mine
    return found


def _find_commitments(
    con: Connection, moment: Moment, only: Selection, agreements: set[str] | None
) -> list[sa.Row[Any]]:
    """Return the rows of the commitments of a part; of so many, those without a due day come after the others."""
    if only.limit is None or only.due is not None:
        parts = _split_selection(only)
        return [row for part in parts for row in con.execute(choose_commitments(moment, part, agreements))]
    dated = replace(only, due=(None, None))
    rows = list(con.execute(choose_commitments(moment, dated, agreements)))
    if only.after is None and len(rows) < only.limit:
        rest = choose_commitments(moment, replace(only, limit=only.limit - len(rows)), agreements)
        rows += con.execute(rest.where(entries.c.due.is_(None)))
    return rows


def _split_selection(only: Selection) -> Iterator[Selection]:
    """Yield a selection in parts, where it names more commitments than one question can."""
    if only.ids is None:
        yield only
        return
    for part in split_names(sorted(set(only.ids))):
        yield replace(only, ids=tuple(part))


def choose_commitments(moment: Moment, only: Selection, agreements: set[str] | None) -> sa.Select[Any]:
    """Return the question for the commitments of a part."""
    asked = _select_rows().where(_OF_COMMITMENTS, stand_at(moment))
    if agreements is not None and only.is_of_agreements:
        asked = asked.where(_OF_STRUCTURE, entries.c.agreement.in_(sorted(agreements)))
    owing = [only.party] if only.party is not None else list(only.pair or ())
    if owing:
        asked = asked.where(entries.c.party.in_(owing))
    if only.field is not None:
        asked = asked.where(entries.c.field == only.field)
    if only.ids is not None:
        asked = asked.where(entries.c.kind == COMMITMENT, entries.c.id.in_(only.ids))
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
    judged, later = entries.alias("judged"), entries.alias("judged_later")
    replaced = sa.select(sa.literal(1)).where(
        later.c.kind == judged.c.kind,
        later.c.id == judged.c.id,
        later.c.seq > judged.c.seq,
        later.c.valid_from <= moment.valid,
        later.c.recorded_at <= moment.known,
    )
    return sa.exists(
        sa.select(sa.literal(1))
        .where(
            judged.c.parent == entries.c.id,
            judged.c.kind == ASSESSMENT,
            judged.c.valid_from <= moment.valid,
            judged.c.recorded_at <= moment.known,
            sa.not_(judged.c.withdrawn),
            ~sa.exists(replaced.correlate(judged)),
        )
        .correlate(entries)
    )


def _read_named(
    con: Connection, moment: Moment, number: int, column: sa.ColumnElement[str], names: Iterable[str]
) -> list[Record]:
    """Return the records of one kind whose id or parent is among some names."""
    found: list[Record] = []
    for part in split_names(sorted(names)):
        asked = _select_rows().where(column.in_(part), entries.c.kind == number, stand_at(moment))
        found += _take(con.execute(asked))
    return sorted(found, key=lambda record: record.id)


def split_names(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield names in parts that one question can name."""
    for start in range(0, len(names), MOST_NAMED):
        yield names[start : start + MOST_NAMED]


def _select_rows() -> sa.Select[Any]:
    """Return a question for the columns that records are built from."""
    return sa.select(entries.c.content, entries.c.recorded_at, entries.c.parent, entries.c.agreement)


def _take(rows: Iterable[sa.Row[Any]]) -> list[Record]:
    """Return the records of rows, in order of id."""
    found = (decode_record(row.content, read_microseconds(row.recorded_at)) for row in rows)
    return sorted(found, key=lambda record: record.id)
