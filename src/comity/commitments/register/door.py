"""The door of the register: what a batch of records says of one another, and of what is there already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import NamedTuple

from sqlalchemy.engine import Connection

from comity.commitments.errors import Problem, RecordsRefused
from comity.commitments.records import Agreement, Assessment, Commitment, Record
from comity.commitments.register.chain import Head
from comity.commitments.register.content import NAMES, NUMBERS, PARENTS, encode_record, name_kind, name_parent
from comity.commitments.register.footing import (
    MOST_SHOWN,
    check_agreed,
    check_awaited,
    check_cited,
    check_days,
    check_dependencies,
    check_evidence,
    check_left_parties,
    check_twice,
    check_withdrawn,
)
from comity.commitments.register.questions import AGREEMENT, COMMITMENT, EVIDENCE
from comity.commitments.register.rules import Fault, check_record, show
from comity.commitments.register.versions import Known, Version, fetch_versions, find_first, stands_after

MOST_PROBLEMS = 10_000
"""Problems after which no more are looked for."""


@dataclass
class Batch:
    """Records with the rows that they come from, and what was found wrong with them.

    Parameters
    ----------
    records : list of Record
        Of any kinds and in any order.
    places : list of tuple of str and int
        File (or member of an archive) and row of each record; the numbers from 1 where left out.
    file : str
        What messages call the whole.
    doubts : list of Problem
        What was not understood and is no fault by itself; told with what is wrong, since it may be the reason.
    """

    records: list[Record]
    places: list[tuple[str, int]] | None = None
    file: str = "records"
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)

    def add(self, number: int, fault: Fault) -> None:
        """Note what is wrong with the record of a number."""
        file, row = self.places[number] if self.places else ("", number + 1)
        where = f"{name_kind(self.records[number])}.{fault.field}"
        self.problems.append(Problem(row, where, fault.what, fault.why, fault.todo, file))
        self.stop_at_most()

    def stop_at_most(self) -> None:
        """Refuse the batch where so much is wrong that the rest need not be looked for."""
        if len(self.problems) >= MOST_PROBLEMS:
            self.refuse()

    def check_records(self) -> None:
        """Check each record by itself, and refuse the batch where any breaks a rule."""
        for number, record in enumerate(self.records):
            for fault in check_record(record):
                self.add(number, fault)
        self.refuse()

    def refuse(self) -> None:
        """Raise `RecordsRefused` where anything is wrong."""
        if self.problems:
            raise RecordsRefused(sorted([*self.problems, *self.doubts]), self.file)


class Entered(NamedTuple):
    """A record on its way into the register."""

    record: Record
    content: str
    parent: str
    agreement: str
    amends: bool
    latest_seq: int
    latest_content: str


def find_known(con: Connection, batch: Batch, head: Head) -> Known:
    """Return every entry under an id that the batch gives or names."""
    known: Known = {}
    if head.seq == 0:
        return known
    wanted: list[set[str]] = [set() for _ in NAMES]
    for record in batch.records:
        wanted[NUMBERS[type(record)]].add(record.id)
        for number, id in _list_named(record):
            wanted[number].add(id)
    for number, ids in enumerate(wanted):
        fetch_versions(con, number, ids, known)
    fetch_versions(con, AGREEMENT, {v.agreement for versions in known.values() for v in versions}, known)
    return known


def check_batch(con: Connection, batch: Batch, known: Known, today: date) -> list[Entered]:
    """Return the records of a batch as they will be entered, or refuse it.

    Parameters
    ----------
    con : Connection
        In the transaction that writes.
    batch : Batch
        Each record keeps the rules by itself.
    known : Known
        Of `find_known`; takes what the batch enters.
    today : date
        The day of recording.

    Returns
    -------
    list of Entered
        In the order of recording: a kind after those that it rests on.
    """
    order = sorted(range(len(batch.records)), key=lambda number: NUMBERS[type(batch.records[number])])
    entered = [_enter(batch, number, known) for number in order]
    batch.refuse()
    numbered = list(enumerate(batch.records))
    found = (
        check_days(numbered, today),
        check_twice(numbered),
        check_evidence(numbered, known),
        check_dependencies(con, numbered, known),
        check_withdrawn(con, numbered, known),
        check_awaited(con, numbered, known),
        check_cited(con, numbered, known),
        check_left_parties(con, numbered, known),
    )
    for number, fault in chain(*found):
        batch.add(number, fault)
    batch.refuse()
    return [item for item in entered if item is not None]


def list_early(entered: Sequence[Entered], known: Known) -> tuple[str, ...]:
    """Return a note of each record that holds before what it rests on does, of many the first and their number."""
    begun: dict[tuple[int, str], int] = {}
    found: list[tuple[Record, str, str, int]] = []
    for item in entered:
        kind = PARENTS[NUMBERS[type(item.record)]]
        if not kind or item.record.withdrawn:
            continue
        day = item.record.valid_from.toordinal()
        for above, id in ((kind, item.parent), (NAMES[AGREEMENT], item.agreement)):
            key = (NAMES.index(above), id)
            first = begun.get(key)
            if first is None:
                first = begun[key] = find_first(known[key])
            if day < first:
                found.append((item.record, above, id, first))
                break
    notes = [
        f"{name_kind(record)} {show(record.id)} holds from {record.valid_from}, its {above} {show(id)} from "
        f"{date.fromordinal(first)}: until then no view shows it; correct the day from which the {above} holds"
        for record, above, id, first in found[:MOST_SHOWN]
    ]
    more = len(found) - len(notes)
    return (*notes, f"{more:,} more records hold before what they rest on") if more else tuple(notes)


def _list_named(record: Record) -> Iterator[tuple[int, str]]:
    """Yield kind and id of each record that a record names."""
    kind = NUMBERS[type(record)]
    if PARENTS[kind]:
        yield NAMES.index(PARENTS[kind]), name_parent(record)
    if isinstance(record, Commitment):
        yield from ((COMMITMENT, id) for id in record.depends_on)
    elif isinstance(record, Assessment):
        yield from ((EVIDENCE, id) for id in record.evidence)


def _enter(batch: Batch, number: int, known: Known) -> Entered | None:
    """Check what one record says of others, and make it known; None where it is refused."""
    record = batch.records[number]
    kind = NUMBERS[type(record)]
    before = known.get((kind, record.id), [])
    parent = name_parent(record)
    faults = list(_check_place(record, kind, parent, before, known))
    above = known.get((NAMES.index(PARENTS[kind]), parent), []) if PARENTS[kind] else []
    agreement = above[0].agreement if above else record.id
    if isinstance(record, Commitment) and above and not record.withdrawn:
        faults += check_agreed(record, known, agreement)
    for fault in faults:
        batch.add(number, fault)
    if faults:
        return None
    content = encode_record(record)
    parties = record.parties if isinstance(record, Agreement) else ()
    version = Version(0, record.valid_from.toordinal(), record.withdrawn, parent, agreement, parties, content)
    latest = before[-1] if before else None
    known[(kind, record.id)] = [*before, version]
    return Entered(
        record,
        content,
        parent,
        agreement,
        bool(before),
        latest.seq if latest else 0,
        latest.content if latest else "",
    )


def _check_place(record: Record, kind: int, parent: str, before: Sequence[Version], known: Known) -> Iterator[Fault]:
    """Yield what is wrong with a record's place among the others."""
    if record.withdrawn and not before:
        yield Fault("withdrawn", f"there is no {NAMES[kind]} {show(record.id)} to withdraw", todo="leave it out")
    if before and before[0].parent != parent:
        what = f"it stood under {show(before[0].parent)} and cannot move to {show(parent)}"
        yield Fault(PARENTS[kind], what, todo="withdraw it, and enter it under a new id")
    if not PARENTS[kind]:
        return
    above = known.get((NAMES.index(PARENTS[kind]), parent), [])
    if not above:
        yield Fault(
            PARENTS[kind], f"there is no {PARENTS[kind]} {show(parent)}", todo="give it in the same file, or before"
        )
    elif not record.withdrawn and not stands_after(above, record.valid_from.toordinal()):
        what = f"{PARENTS[kind]} {show(parent)} was withdrawn, and does not stand from {record.valid_from} on"
        yield Fault(
            "valid_from",
            what,
            "nothing can hold under what does not hold",
            "give a later day, or correct what is above",
        )
