"""When each commitment began and when it was fulfilled: the histories from which an outlook learns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from comity.commitments.judged import judge_commitment
from comity.commitments.records import Assessment, Commitment, Evidence, Standing
from comity.commitments.scales import measure_share

MONTH = 30.4375
"""Days in a month, of which an outlook counts in."""
PHASES = ("first half", "second half", "last months", "just after due", "long after due", "undated")
LAST, AFTER = 3, 6
"""Months before the due day that are the last, and after it that are just after."""


@dataclass(frozen=True, slots=True)
class History:
    """A commitment's course: when it began, was due, was fulfilled, or was found broken or withdrawn."""

    commitment: str
    field: str
    start: date
    due: date | None
    fulfilled: date | None
    ended: date | None

    def is_open(self, day: date) -> bool:
        """Whether it had begun by a day and was neither fulfilled nor ended."""
        over = (end for end in (self.fulfilled, self.ended) if end is not None)
        return self.start <= day and all(end > day for end in over)


def trace_histories(standing: Standing) -> tuple[History, ...]:
    """Trace each commitment's course from what was said of it.

    It begins on the day the agreement entered into force, was signed, or else is entered as valid. It is fulfilled on
    the first day on which the coders' last words agree that it is or a reading reaches the target, and ended on the
    first day on which they agree that it was broken or withdrawn, if it was not fulfilled before.
    """
    agreements = {row.id: row for row in standing.agreements}
    homes = {row.id: agreements.get(row.agreement) for row in standing.articles}
    assessed: dict[str, list[Assessment]] = defaultdict(list)
    shown: dict[str, list[Evidence]] = defaultdict(list)
    for row in standing.assessments:
        assessed[row.commitment].append(row)
    for item in standing.evidence:
        shown[item.commitment].append(item)
    found = []
    for commitment in standing.commitments:
        home = homes.get(commitment.article)
        start = (home.in_force or home.signed) if home else None
        done, ended = _find_ends(commitment, assessed[commitment.id], shown[commitment.id])
        begun = start or commitment.valid_from
        found.append(History(commitment.id, commitment.field, begun, commitment.due, done, ended))
    return tuple(found)


def _find_ends(
    commitment: Commitment, assessments: Sequence[Assessment], evidence: Iterable[Evidence]
) -> tuple[date | None, date | None]:
    """Return the first day of fulfilment, and the first of an end without it."""
    done: list[date] = []
    ended: list[date] = []
    for day in sorted({row.day for row in assessments}):
        state = judge_commitment(commitment, [row for row in assessments if row.day <= day]).settled
        (done if state == "fulfilled" else ended if state else []).append(day)
    for item in evidence:
        share = None if item.value is None else measure_share(item.value, commitment.baseline, commitment.target)
        if share is not None and share >= 1:
            done.append(item.day)
    first = min(done, default=None)
    last = min(ended, default=None)
    return first, last if last and (first is None or last < first) else None


def name_phase(history: History, day: date) -> str:
    """Return how far a commitment is on its way to the due day."""
    if history.due is None:
        return "undated"
    months = (history.due - day).days / MONTH
    if months < -AFTER:
        return "long after due"
    if months < 0:
        return "just after due"
    if months < LAST:
        return "last months"
    return "first half" if (day - history.start) * 2 < history.due - history.start else "second half"


def tally_months(histories: Sequence[History], until: date) -> dict[tuple[str, str], list[int]]:
    """Count by field and phase in how many months commitments were fulfilled, and how many could have been.

    Only what had happened by `until` counts. A commitment that was broken stays among those that could have been
    fulfilled, so that a chance is one among all that began.
    """
    tally: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for history in histories:
        done = history.fulfilled if history.fulfilled is not None and history.fulfilled <= until else None
        for month, day in enumerate(list_months(history.start, done or until)):
            cell = tally[history.field, name_phase(history, day)]
            cell[1] += 1
            here = done is not None and day <= done < history.start + timedelta(days=round((month + 1) * MONTH))
            cell[0] += int(here)
    return dict(tally)


def list_months(start: date, end: date) -> list[date]:
    """Return the first day of each month of age from a day to another, both counted; one at least, none before."""
    count = int(max(0, (end - start).days) / MONTH) + 1 if end >= start else 0
    days = [start + timedelta(days=round(month * MONTH)) for month in range(count)]
    return [day for day in days if day <= end]
