"""Recording: a batch of records is checked, chained and appended in one transaction, or nothing of it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from comity.commitments.errors import Conflict, RegisterError
from comity.commitments.records import Agreement, Assessment, Commitment, Evidence, Record
from comity.commitments.register.chain import Head, count_microseconds, hash_entry, read_microseconds
from comity.commitments.register.content import NAMES, NUMBERS, encode_json
from comity.commitments.register.counting import count_entered
from comity.commitments.register.door import Batch, Entered, check_batch, find_known, list_early
from comity.commitments.register.place import Register
from comity.commitments.register.reading import find_head, read_history
from comity.commitments.register.rules import show
from comity.commitments.register.tables import COLUMNS, SAYS_AGAINST, SAYS_FOR, SAYS_VALUE, entries, parties, totals

BATCH_ROWS = 5_000
"""Rows that one statement appends."""
MANY = 10_000
"""Entries after which the database looks anew at how its values are spread, so that it finds them in the best way."""
_SAYS = {"for": SAYS_FOR, "against": SAYS_AGAINST, "neither": 0}
Clock = Callable[[], datetime]
Seen = Head | int | None


class Receipt(NamedTuple):
    """What was recorded: the last entry now, its moment, and how many records were new, changed, withdrawn or the same.

    A record that is the same as the last entry under its id is not recorded again. `early` names records that hold
    before what they rest on does, and so are left out of every view until then.
    """

    head: Head
    recorded_at: datetime | None
    added: int
    changed: int
    withdrawn: int
    unchanged: int
    early: tuple[str, ...] = ()


def read_clock() -> datetime:
    """Return the time of this machine, in UTC."""
    return datetime.now(UTC)


def record_entries(
    register: Register, records: Iterable[Record], *, seen: Seen = None, clock: Clock = read_clock
) -> Receipt:
    """Record new entries; all of them, or none.

    A record under an id that the register has is a correction, or a withdrawal where it says so. Such an edit names
    what its author had seen; where somebody else has recorded under that id since, it is refused and both are shown.

    Parameters
    ----------
    register : Register
        Open.
    records : iterable of Record
        Of any kinds; each kind is recorded before those that rest on it. Their `recorded_at` is not read.
    seen : Head or int, optional
        The last entry that the author had seen (`read_head`), or its number. Left out: nothing, so that only records
        under new ids are taken.
    clock : callable
        Gives the time; entries of one batch share one moment, which is later than every moment before it.

    Returns
    -------
    Receipt
        Given when the batch is on the disk.

    Raises
    ------
    RecordsRefused
        Records break a rule; every problem is listed.
    Conflict
        An edit rests on an entry that is no longer the last one of its id.
    RegisterBusy
        Others have been writing for too long.
    """
    return record_batch(register, Batch(_list_records(records)), seen=seen, clock=clock)


def _list_records(given: Any) -> list[Record]:
    """Return the records that are given; anything else among them is refused."""
    todo = "give a list of records of comity.commitments.records"
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise RegisterError(f"{show(given)} is no list of records", todo=todo)
    found = list(given)
    odd = next((number for number, record in enumerate(found) if type(record) not in NUMBERS), None)
    if odd is not None:
        raise RegisterError(f"number {odd + 1} of {len(found):,} is no record: {show(found[odd])}", todo=todo)
    return found


def record_batch(register: Register, batch: Batch, *, seen: Seen = None, clock: Clock = read_clock) -> Receipt:
    """Record a batch that knows from which rows of which file its records come; see `record_entries`."""
    batch.check_records()
    with register.write() as con:
        head = find_head(con)
        last = _check_seen(con, head, seen)
        known = find_known(con, batch, head)
        entered = check_batch(con, batch, known, clock().astimezone(UTC).date())
        fresh = [item for item in entered if item.content != item.latest_content]
        _refuse_conflicts(fresh, last)
        early = list_early(fresh, known)
        if not fresh:
            return Receipt(head, None, 0, 0, 0, len(entered))
        moment = _choose_moment(con, head, clock)
        new_head = _append(con, fresh, head, moment)
    if len(fresh) >= MANY:
        register.learn()
    withdrawn = sum(item.record.withdrawn for item in fresh)
    added = sum(not item.amends for item in fresh)
    changed = len(fresh) - added - withdrawn
    return Receipt(new_head, read_microseconds(moment), added, changed, withdrawn, len(entered) - len(fresh), early)


def withdraw_entry(
    register: Register, kind: str, id: str, *, entered_by: str, valid_from: date, seen: Seen = None
) -> Receipt:
    """Record that what stands under an id holds no longer from a day on; what was recorded stays readable.

    Parameters
    ----------
    register : Register
        Open.
    kind, id : str
        Which record.
    entered_by : str
        Who withdraws it.
    valid_from : date
        From which day on.
    seen : Head or int, optional
        As in `record_entries`; left out, the last entry under the id.

    Returns
    -------
    Receipt

    Raises
    ------
    RegisterError
        There is nothing under this id.
    RecordsRefused
        Something that stands rests on it.
    """
    versions = read_history(register, kind, id)
    if not versions:
        raise RegisterError(f"there is no {kind} {id!r}", where=register.name, todo="`export` lists the ids")
    last = versions[-1]
    record = replace(last.record, entered_by=entered_by, valid_from=valid_from, withdrawn=True)
    return record_entries(register, [record], seen=last.seq if seen is None else seen)


def _check_seen(con: Connection, head: Head, seen: Seen) -> int:
    """Return the number of the last entry that the author had seen."""
    if seen is None:
        return 0
    if isinstance(seen, int):
        return _check_number(head, seen)
    if not isinstance(seen, Head):
        raise RegisterError(f"{show(seen)} is no entry's number", todo="give the number of the last entry seen")
    found = con.scalar(sa.select(entries.c.hash).where(entries.c.seq == seen.seq))
    if seen.seq and found != seen.hash:
        raise Conflict(
            f"entry {seen.seq} of this register has the hash {found or 'of no entry'}, and {seen.hash} was seen",
            why="the records come from another register, or this one was changed",
            todo="`comity commitments verify` shows which; then read the register again and repeat the edit",
        )
    return seen.seq


def _check_number(head: Head, seen: int) -> int:
    """Return the number of the last entry that was seen, where there is one so far."""
    if seen > head.seq:
        raise Conflict(
            f"entry {seen:,} was seen, and the last one of this register is {head.seq:,}",
            why="who has seen what is not there yet would undo, unseen, what others record until then",
            todo="`comity commitments history KIND ID` shows the last entry under an id; give its number",
        )
    return seen


def _refuse_conflicts(fresh: Sequence[Entered], last: int) -> None:
    """Raise `Conflict` where an entry was recorded under an id after the last one that the author had seen."""
    found = [item for item in fresh if item.latest_seq > last]
    if not found:
        return
    first = found[0]
    kind = NAMES[NUMBERS[type(first.record)]]
    more = f" (and {len(found) - 1:,} more records)" if len(found) > 1 else ""
    there, yours = _show_differences(str(first.latest_content), first.content)
    raise Conflict(
        f"{kind} {first.record.id!r} has entry {first.latest_seq}, which this edit has not seen{more}\n"
        f"  there: {there}\n  yours: {yours}",
        why="the later of the two would silently undo the other; nothing was written",
        todo=f"look at both, and record again with seen={first.latest_seq} (--seen {first.latest_seq})",
    )


def _show_differences(there: str, yours: str) -> tuple[str, str]:
    """Return the fields in which two entries differ, of each, with the offices that entered them."""
    fields = [json.loads(content) for content in (there, yours)]
    told = [name for name in sorted({*fields[0], *fields[1]})
            if name == "entered_by" or fields[0].get(name) != fields[1].get(name)]  # fmt: skip
    shown = [encode_json({name: each[name] for name in told if name in each}) for each in fields]
    return shown[0], shown[1]


def _choose_moment(con: Connection, head: Head, clock: Clock) -> int:
    """Return the moment of a batch: the clock's, or just after the last one where the clock was set back."""
    now = count_microseconds(clock().astimezone(UTC))
    last = con.scalar(sa.select(entries.c.recorded_at).where(entries.c.seq == head.seq))
    return now if last is None else max(now, int(last) + 1)


def _append(con: Connection, fresh: Sequence[Entered], head: Head, moment: int) -> Head:
    """Append entries after the head, each hashed over the one before, and return the new head."""
    if not con.in_transaction():
        raise RegisterError("entries are appended in a transaction only")
    chained = _chain(fresh, head, moment)
    last = head
    while rows := list(islice(chained, BATCH_ROWS)):
        _insert(con, rows)
        last = Head(rows[-1][0], rows[-1][-2])
    _note_beside(con, fresh, head, moment)
    return last


def _note_beside(con: Connection, fresh: Sequence[Entered], head: Head, moment: int) -> None:
    """Note the parties of agreements, and how many commitments were entered."""
    sides = [
        {"party": party, "agreement": item.record.id, "seq": head.seq + 1 + number}
        for number, item in enumerate(fresh)
        if isinstance(item.record, Agreement)
        for party in item.record.parties
    ]
    if sides:
        con.execute(sa.insert(parties), sides)
    owed = [item.record for item in fresh if isinstance(item.record, Commitment) and not item.record.withdrawn]
    counted = count_entered(
        (moment, one.party, one.due.toordinal() if one.due else None, one.valid_from.toordinal()) for one in owed
    )
    names = [column.name for column in totals.columns]
    if counted:
        rows = [dict(zip(names, (*key, number), strict=True)) for key, number in counted.items()]
        con.execute(sa.insert(totals), rows)


def _chain(fresh: Iterable[Entered], head: Head, moment: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of entries, in the order of the table's columns."""
    previous = head.hash
    for seq, item in enumerate(fresh, head.seq + 1):
        record = item.record
        previous = hash_entry(previous, seq, moment, item.content)
        yield (
            seq,
            NUMBERS[type(record)],
            record.id,
            item.parent,
            item.agreement,
            record.party if isinstance(record, Commitment) else "",
            record.field if isinstance(record, Commitment) else "",
            record.due.toordinal() if isinstance(record, Commitment) and record.due else None,
            record.day.toordinal() if isinstance(record, Evidence | Assessment) else None,
            _sum_up(record) if isinstance(record, Evidence) else 0,
            record.valid_from.toordinal(),
            moment,
            record.withdrawn,
            item.amends,
            previous,
            item.content,
        )


def _sum_up(record: Evidence) -> int:
    """Return what a piece of evidence says, in one number."""
    return _SAYS[record.direction] + (SAYS_VALUE if record.value is not None else 0)


def _insert(con: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Append rows in the way that is fastest for the database."""
    names = ", ".join(COLUMNS)
    if con.dialect.name == "postgresql":
        driver: Any = con.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY entries ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(COLUMNS))
        con.exec_driver_sql(f"INSERT INTO entries ({names}) VALUES ({marks})", rows)
