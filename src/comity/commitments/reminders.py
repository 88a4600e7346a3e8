"""Reminders of what is due: as days of a calendar, and as messages for delivery."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from comity.commitments.following import Followed, describe_followed
from comity.delivery.calendar import Entry, write_calendar
from comity.delivery.message import Message
from comity.lexicon import name_actor

REMIND_DAYS = 30
LONGEST = 90
"""Letters of an obligation that a line shows."""


def list_due(followed: Sequence[Followed], within: int) -> list[Followed]:
    """Return the open commitments that are overdue, or due within some days, the earliest first."""
    due = [row for row in followed if row.is_open and row.days is not None and row.days <= within]
    return sorted(due, key=lambda row: (row.commitment.due or date.max, row.commitment.id))


def write_due_calendar(followed: Sequence[Followed], on: date, *, remind_days: int = REMIND_DAYS) -> bytes:
    """Return the due days of open commitments as an iCalendar file.

    Parameters
    ----------
    followed : sequence of Followed
    on : date
        Day on which they were followed; the stamp of each entry.
    remind_days : int
        Days before, on which a calendar program reminds.

    Returns
    -------
    bytes
        UTF-8, RFC 5545; the same for the same register and day.

    References
    ----------
    `rfc-5545` in docs/bibliography.md.
    """
    entries = [
        Entry(
            uid=f"{_name(row.commitment.id)}@commitments.comity",
            first=row.commitment.due,
            last=row.commitment.due,
            title=_say(row),
            text=_explain(row),
            categories=(row.commitment.field,),
            remind_days=remind_days,
        )
        for row in list_due(followed, within=10**6)
        if row.commitment.due is not None
    ]
    return write_calendar(entries, "Commitments due", on)


def write_reminders(followed: Sequence[Followed], on: date, within: int = REMIND_DAYS) -> Iterator[Message]:
    """Yield a message for each commitment that is overdue or due within some days.

    A message's key names the commitment, its due day and whether that has passed: the same reminder is told once.
    """
    made = datetime.combine(on, time(), UTC)
    for row in list_due(followed, within):
        due = row.commitment.due
        stage = "overdue" if (row.days or 0) < 0 else "due"
        key = f"commitment:{stage}:{_name(row.commitment.id)}:{due}"
        yield Message(key, made, _say(row), _explain(row), describe_followed(row))


def _name(text: str) -> str:
    """Return a short name that is fit for keys, the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _say(row: Followed) -> str:
    """Return one line for a reader: when what is due by whom; records name the party by its code."""
    word = "Overdue" if (row.days or 0) < 0 else "Due"
    owed = "".join(mark if mark.isprintable() else "?" for mark in " ".join(row.commitment.obligation.split()))
    shown = owed if len(owed) <= LONGEST else f"{owed[: LONGEST - 1]}…"
    return f"{word} {row.commitment.due}: {name_actor(row.commitment.party)}: {shown}"


def _explain(row: Followed) -> str:
    """Return the reminder's text: by whom, state, basis, what it waits for, whose step is next."""
    lines: list[Any] = [row.commitment.obligation, f"Owed by: {_name_with_code(row.commitment.party)}"]
    lines.append(f"Commitment: {row.commitment.id}")
    lines.append(f"State: {row.state} (by {row.basis})")
    if row.blocked_by:
        lines.append(f"Waits for: {', '.join(row.blocked_by)}")
    if row.next is not None:
        owner = row.next.owner or "no office is named"
        lines.append(f"Next: {row.next.what} {row.next.commitment}, {name_actor(row.next.party)} ({owner})")
    return "\n".join(lines)


def _name_with_code(party: str) -> str:
    """Return a party's name with its code, which is the same in every file and language."""
    name = name_actor(party)
    return name if name == party else f"{name} ({party})"
