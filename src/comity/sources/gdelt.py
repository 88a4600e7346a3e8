"""What the two GDELT readers share: the same words in columns of another number."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from comity.sources.archive import Stream
from comity.sources.catalogue import Source
from comity.sources.errors import FileRefused
from comity.sources.lines import Lines, cut_lines
from comity.sources.shape import check_shape, describe_first_line
from comity.sources.vendor import Reading, fill_columns

# Our columns, each with the first and the last of the publisher's: the fields of an actor are neighbours.
_SPANS = {
    "event_id": ("GLOBALEVENTID", "GLOBALEVENTID"),
    "date": ("SQLDATE", "SQLDATE"),
    "added": ("DATEADDED", "DATEADDED"),
    "sender_key": ("Actor1CountryCode", "Actor1Type1Code"),
    "receiver_key": ("Actor2CountryCode", "Actor2Type1Code"),
    "code": ("EventCode", "EventCode"),
    "num_mentions": ("NumMentions", "NumMentions"),
    "num_sources": ("NumSources", "NumSources"),
    "num_articles": ("NumArticles", "NumArticles"),
    "url": ("SOURCEURL", "SOURCEURL"),
}
_ACTORS = ("sender_key", "receiver_key")  # without both, nothing else of a line is read: it is dropped for that alone
_STAMP = re.compile(r"^(\d{4}|\d{6}|\d{8}|\d{14})\.(?:translation\.)?(?:export\.)?(?:csv|zip)", re.IGNORECASE)
_FIRST = (1, 1, 1, 0, 0, 0)  # year, month, day, hour, minute and second, where a name does not state them


def read_slot(name: str) -> datetime | None:
    """Return the time that a GDELT file name states [UTC], or None where it states none."""
    match = _STAMP.match(name)
    if not match:
        return None
    parts = [int(match[1][:4]), *(int(match[1][n : n + 2]) for n in range(4, len(match[1]), 2))]
    year, month, day, hour, minute, second = *parts, *_FIRST[len(parts) :]
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def read_events(stream: Stream, name: str, source: Source, short: int | None = None) -> Reading:
    """Read a GDELT event file by its source's layout.

    Parameters
    ----------
    stream : Stream
        Unpacked text.
    name : str
        Name of the file, which holds the slot.
    source : Source
        Whose layout counts.
    short : int, optional
        A second permitted number of columns.

    Returns
    -------
    Reading

    Raises
    ------
    FileRefused
        No line has the right number of columns: this is another thing (an error page, another layout).
    """
    places = {name: place for place, name in enumerate(source.layout)}
    spans = {ours: (places[first], places[last]) for ours, (first, last) in _SPANS.items()}
    head = stream.look_at(1)
    lines = cut_lines(stream.pieces, spans, len(source.layout), short, _ACTORS)
    if lines.bad and len(lines.bad) == lines.rows_read:
        check_shape(head, name)
        raise FileRefused(
            "corrupt",
            f"none of {len(lines.bad)} lines has {len(source.layout)} tab-separated columns; "
            f"{describe_first_line(head)}",
            where=name,
            why="this is not a file of that layout (an error page, a cut-off or a changed layout)",
            todo="fetch the file again; if the publisher changed the layout, compare it with source.yml",
        )
    return Reading(source, read_slot(name), Lines(fill_columns(lines.table), lines.bad, lines.without))
