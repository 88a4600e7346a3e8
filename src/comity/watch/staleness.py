"""The alert on the watch itself: nothing has come for too long, or something comes again.

What happened in slots that are not there is unknown. It is never counted as calm, and an alert says so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from comity.watch.tables import Alert, Direction, Freshness


def alert_staleness(found: Freshness, told: Collection[str], now: datetime) -> Alert | None:
    """Decide whether to tell that a source is stale, or that it is fresh again.

    Parameters
    ----------
    found : Freshness
        How fresh it is.
    told : collection of str
        Keys of all alerts so far: a staleness that was told is not told again until its end was.
    now : datetime
        Time [UTC].

    Returns
    -------
    Alert or None
        `stale` names the newest slot there is, `fresh` the slot that its `stale` named: decided again after a crash,
        both have the same key. Only a newer slot makes a source fresh again, and not another clock or grace.
    """
    if found.newest is None:
        return None
    open_since = find_open(found.source, told)
    if found.stale and open_since is None:
        return _alert("stale", found, found.newest, now)
    if not found.stale and open_since is not None and found.newest > open_since:  # no clock or grace set anew
        return _alert("fresh", found, open_since, now)
    return None


def find_open(source: str, told: Collection[str]) -> datetime | None:
    """Return the slot after which a source fell stale, where no alert has told yet that it is fresh again [UTC]."""
    begin = f"stale:{source}:"
    slots = [key.removeprefix(begin) for key in told if key.startswith(begin)]
    still = [slot for slot in slots if f"fresh:{source}:{slot}" not in told]
    return max((datetime.fromisoformat(slot).astimezone(UTC) for slot in still), default=None)


def _alert(direction: Direction, found: Freshness, slot: datetime, now: datetime) -> Alert:
    """Return the alert in words."""
    counted = found.last_day
    share = f"{counted.unknown} of {counted.expected} slots of the last day are not there"
    if direction == "stale":
        hours = timedelta(seconds=found.age or 0).total_seconds() / 3600
        text = (
            f"Nothing has come from {found.source} for {hours:.1f} hours; the newest slot is {slot:%Y-%m-%d %H:%M} "
            f"UTC. What happened since is unknown, not calm: {share}."
        )
    else:
        text = (
            f"{found.source} is fresh again after a gap that began with the slot after {slot:%Y-%m-%d %H:%M} UTC; the "
            f"newest slot is {found.newest:%Y-%m-%d %H:%M} UTC, {share} and stay unknown until they come."
        )
    return Alert(direction, now.date(), slot, found.source, text=text)
