"""Which slots a source should have, which of them the ledger lacks, and which are asked for next.

>>> from datetime import timedelta
>>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
>>> held = Held(frozenset({noon, noon + QUARTER}), frozenset())
>>> [slot.minute for slot in list_lacking(noon, noon + 3 * QUARTER, held)]
[30, 45]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache

from comity.sources.fetch import Kept
from comity.watch.tables import Freshness, SlotCount

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
MOST_ASKED_AGAIN = 16
PATIENCE = 8
"""A slot that the publisher lacked is asked for again after an eighth of its age, at most once a round and a day."""


@dataclass(frozen=True)
class Held:
    """What a ledger says of a source's slots.

    Parameters
    ----------
    filled : frozenset of datetime
        Slots whose file was loaded [UTC].
    missing : frozenset of datetime
        Slots that the publisher did not have when asked [UTC].
    kept : mapping of str to Kept
        By name, the publisher's files that fill slots or repeat others.
    repeated : frozenset of datetime
        Slots whose file had the bytes of another slot's [UTC]: what happened in them is unknown, and the publisher has
        no other answer until it issues them anew.
    """

    filled: frozenset[datetime]
    missing: frozenset[datetime]
    kept: Mapping[str, Kept] = field(default_factory=dict)
    repeated: frozenset[datetime] = frozenset()

    @cached_property
    def newest(self) -> datetime | None:
        """Return the newest filled slot [UTC]."""
        return max(self.filled, default=None)

    def list_kept(self, since: datetime) -> dict[str, Kept]:
        """Return the files of the slots from one on [UTC], in order of time."""
        return {name: self.kept[name] for name in sorted(self.kept) if self.kept[name].slot >= since}


def find_last_due(now: datetime, cadence: timedelta = QUARTER) -> datetime:
    """Return the newest slot whose period is over [UTC], counted from 1970."""
    seconds = cadence.total_seconds()
    return datetime.fromtimestamp((now.timestamp() // seconds - 1) * seconds, UTC)


def list_lacking(since: datetime, until: datetime, held: Held, cadence: timedelta = QUARTER) -> list[datetime]:
    """Return the slots from one to another, both counted, that are neither filled nor repeated, oldest first [UTC]."""
    answered, begin = held.filled | held.repeated, since
    found: list[datetime] = []
    while begin <= until:
        lacking = _lay_stretch(begin, cadence) - answered
        found += sorted(slot for slot in lacking if slot <= until)
        begin += STRETCH * cadence
    return found


STRETCH = 96
"""How many slots are laid out at once [count]."""


@lru_cache(maxsize=1024)
def _lay_stretch(begin: datetime, cadence: timedelta) -> frozenset[datetime]:
    """Return some slots that follow one another; a watch asks for those of years each round."""
    return frozenset(begin + n * cadence for n in range(STRETCH))


def choose_batch(
    lacking: Sequence[datetime], held: Held, asked: Mapping[datetime, datetime], now: datetime, most: int
) -> list[datetime]:
    """Choose which slots to ask for: the newest first, those in vain before less and less often.

    Parameters
    ----------
    lacking : sequence of datetime
        Slots that are not filled [UTC].
    held : Held
        Of these, which the publisher did not have.
    asked : mapping of datetime to datetime
        Slot to when it was asked for in vain last [UTC].
    now : datetime
        Time [UTC].
    most : int
        Size of a batch [count].

    Returns
    -------
    list of datetime
        Oldest first.
    """
    fresh = [slot for slot in lacking if slot not in held.missing and slot not in asked]
    again = [slot for slot in lacking if (slot in held.missing or slot in asked) and is_time(slot, asked, now)]
    chosen = again[-MOST_ASKED_AGAIN:] + fresh[-most:]
    return sorted(chosen[-most:])


def is_time(slot: datetime, asked: Mapping[datetime, datetime], now: datetime) -> bool:
    """Say whether a slot that was asked for in vain is asked for again."""
    last = asked.get(slot)
    return last is None or now - last >= min(DAY, max(QUARTER, (now - slot) / PATIENCE)) or last > now


def count_slots(since: datetime, until: datetime, held: Held, cadence: timedelta = QUARTER) -> SlotCount:
    """Count the slots from one to another, both counted."""
    count = max(0, (until - since) // cadence + 1)
    due = [since + n * cadence for n in range(count)]
    return SlotCount(count, sum(s in held.filled for s in due), sum(s in held.missing - held.filled for s in due))


def measure_freshness(
    source: str, held: Held, now: datetime, grace: timedelta, cadence: timedelta = QUARTER
) -> Freshness:
    """Say how fresh a source is.

    Parameters
    ----------
    source : str
        Which.
    held : Held
        Its slots.
    now : datetime
        Time [UTC].
    grace : timedelta
        How much later than its cadence a file may come.
    cadence : timedelta
        Time between two files.

    Returns
    -------
    Freshness
    """
    last = find_last_due(now, cadence)
    counted = count_slots(last - DAY + cadence, last, held, cadence)
    if held.newest is None:
        return Freshness(source, None, None, None, counted)
    age = now - (held.newest + cadence)
    return Freshness(source, held.newest, age.total_seconds(), age > cadence + grace, counted)
