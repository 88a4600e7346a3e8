"""Days that somebody should know of, as an iCalendar file that every calendar program reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Comity//Comity//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """A span of days with a title.

    Parameters
    ----------
    uid : str
        The same for the same thing, so that a calendar program replaces it and does not add another.
    first, last : datetime.date
        Both counted; the same for a single day.
    title, text : str
    categories : tuple of str
    remind_days : int, optional
        Days before the first day on which a reminder is shown; none where left out.
    """

    uid: str
    first: date
    last: date
    title: str
    text: str = ""
    categories: tuple[str, ...] = ()
    remind_days: int | None = None


def write_calendar(entries: Iterable[Entry], name: str, made: date) -> bytes:
    """Return entries as an iCalendar file of whole days.

    Parameters
    ----------
    entries : iterable of Entry
        In the order of the file.
    name : str
        Of the calendar.
    made : datetime.date
        Day on which the entries were true; the stamp of each. The same entries and day give the same bytes.

    Returns
    -------
    bytes
        UTF-8, RFC 5545.

    References
    ----------
    `rfc-5545`

    Examples
    --------
    >>> text = write_calendar([Entry("a@x", date(2027, 1, 4), date(2027, 1, 5), "Sign")], "Plan", date(2027, 1, 1))
    >>> b"DTSTART;VALUE=DATE:20270104" in text and b"DTEND;VALUE=DATE:20270106" in text
    True
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    stamp = datetime.combine(made, time(), UTC)
    for entry in entries:
        calendar.add_component(_build_event(entry, stamp))
    return bytes(calendar.to_ical())


def _build_event(entry: Entry, stamp: datetime) -> Event:
    """Return an entry as an event, with its reminder."""
    from icalendar import Alarm
    from icalendar import Event as NewEvent

    event = NewEvent()
    event.add("uid", entry.uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + timedelta(days=1))
    event.add("summary", entry.title)
    event.add("transp", "TRANSPARENT")
    if entry.text:
        event.add("description", entry.text)
    if entry.categories:
        event.add("categories", list(entry.categories))
    if entry.remind_days is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", timedelta(days=-entry.remind_days))
        event.add_component(alarm)
    return event
