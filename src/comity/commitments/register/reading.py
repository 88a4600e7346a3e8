"""How the register stood on a day, by what was known at a moment; what was recorded under an id; the last entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from comity.commitments.errors import RegisterError
from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Record, Standing
from comity.commitments.register.chain import START, Head, read_microseconds
from comity.commitments.register.content import KINDS, NAMES, PARENTS, decode_record, name_parent
from comity.commitments.register.naming import is_among, split_names
from comity.commitments.register.place import Register
from comity.commitments.register.questions import (
    AGREEMENT,
    ARTICLE,
    ASSESSMENT,
    COMMITMENT,
    EVIDENCE,
    Moment,
    Selection,
    choose_commitments,
    find_agreements,
    find_later_agreements,
    limit_known,
    select_rows,
    stand_at,
)
from comity.commitments.register.tables import entries


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
        return find_standing(con, moment, only)


def find_standing(con: Connection, moment: Moment, only: Selection) -> Standing:
    """Return how the register stood, as a connection sees it; see `read_standing`."""
    found, left_out = _read_all(con, moment, only) if only.is_whole else _read_part(con, moment, only)
    return Standing(
        valid=date.fromordinal(moment.valid),
        known=read_microseconds(moment.known),
        agreements=cast(tuple[Agreement, ...], tuple(found[AGREEMENT])),
        articles=cast(tuple[Article, ...], tuple(found[ARTICLE])),
        commitments=cast(tuple[Commitment, ...], tuple(found[COMMITMENT])),
        evidence=cast(tuple[Evidence, ...], tuple(found[EVIDENCE])),
        assessments=cast(tuple[Assessment, ...], tuple(found[ASSESSMENT])),
        left_out=left_out,
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


def _read_all(con: Connection, moment: Moment, only: Selection) -> tuple[list[list[Record]], int]:
    """Return the records of every kind that is asked for, and how many commitments were left out."""
    wanted = set(only.kinds)
    for number in (ASSESSMENT, EVIDENCE, COMMITMENT, ARTICLE):
        wanted |= {PARENTS[number]} if NAMES[number] in wanted else set()
    found: list[list[Record]] = []
    left_out = 0
    for number, kind in enumerate(NAMES):
        asked = select_rows().where(entries.c.kind == number, stand_at(moment, number))
        found.append(_take(con.execute(asked)) if kind in wanted else [])
        dropped = _drop_orphans(found, number)
        left_out += dropped if number == COMMITMENT else 0
    return [records if NAMES[number] in only.kinds else [] for number, records in enumerate(found)], left_out


def _drop_orphans(found: list[list[Record]], number: int) -> int:
    """Leave out records of a kind that hold before what they rest on does, and return how many."""
    if number == AGREEMENT:
        return 0
    above = {record.id for record in found[NAMES.index(PARENTS[number])]}
    kept = [record for record in found[number] if name_parent(record) in above]
    dropped, found[number] = len(found[number]) - len(kept), kept
    return dropped


def _read_part(con: Connection, moment: Moment, only: Selection) -> tuple[list[list[Record]], int]:
    """Return the records of a part, as `_read_all`: the commitments, what they stand in, and what is said of them."""
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
    left_out = _drop_orphans(found, COMMITMENT) + _count_later(con, moment, only)
    ids = [commitment.id for commitment in found[COMMITMENT]]
    for number in (EVIDENCE, ASSESSMENT):
        if NAMES[number] in only.kinds:
            found[number] = _read_named(con, moment, number, entries.c.parent, ids)
    return [records if NAMES[number] in only.kinds else [] for number, records in enumerate(found)], left_out


def _count_later(con: Connection, moment: Moment, only: Selection) -> int:
    """Return how many commitments of a pair hold on the day under agreements that hold only later.

    On a page after the first they were counted before.
    """
    if only.pair is None or only.after is not None:
        return 0
    later = find_later_agreements(con, moment, only)
    asked = choose_commitments(moment, replace(only, limit=None), later)
    return len(con.execute(asked.with_only_columns(entries.c.id)).all()) if later else 0


def _find_commitments(
    con: Connection, moment: Moment, only: Selection, agreements: set[str] | None
) -> list[sa.Row[Any]]:
    """Return the rows of the commitments of a part; of so many, those without a due day come after the others."""
    if only.limit is None or only.due is not None:
        parts = _split_selection(only)
        return [row for part in parts for row in con.execute(choose_commitments(moment, part, agreements)).all()]
    dated = replace(only, due=(None, None))
    rows = list(con.execute(choose_commitments(moment, dated, agreements)).all())
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


def _read_named(
    con: Connection, moment: Moment, number: int, column: sa.ColumnElement[str], names: Iterable[str]
) -> list[Record]:
    """Return the records of one kind whose id or parent is among some names."""
    found: list[sa.Row[Any]] = []
    for part in split_names(sorted(names)):
        asked = select_rows().where(is_among(column, part), entries.c.kind == number, stand_at(moment, number))
        found += con.execute(asked).all()
    return _take(found)


def _take(rows: Iterable[sa.Row[Any]]) -> list[Record]:
    """Return the records of rows, in order of id."""
    found = (decode_record(row.content, read_microseconds(row.recorded_at)) for row in rows)
    return sorted(found, key=lambda record: record.id)
