"""What the two GDELT readers share: the same words in columns of another number."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from comity.sources.catalogue import Source
from comity.sources.errors import FileRefused
from comity.sources.lines import LINE, Lines, split_lines
from comity.sources.shape import check_shape, describe_first_line
from comity.sources.vendor import SEPARATOR, Reading, fill_columns

if TYPE_CHECKING:
    import pyarrow as pa

_ACTOR = ("CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code")
_NAMES = {
    "GLOBALEVENTID": "event_id",
    "SQLDATE": "date",
    "DATEADDED": "added",
    "EventCode": "code",
    "NumMentions": "num_mentions",
    "NumSources": "num_sources",
    "NumArticles": "num_articles",
    "SOURCEURL": "url",
}
_STAMP = re.compile(r"^(\d{4}|\d{6}|\d{8}|\d{14})\.(?:translation\.)?(?:export\.)?(?:csv|zip)", re.IGNORECASE)
_FORMATS = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}


def read_slot(name: str) -> datetime | None:
    """Return the time that a GDELT file name states [UTC], or None where it states none."""
    match = _STAMP.match(name)
    if not match:
        return None
    try:
        return datetime.strptime(match[1], _FORMATS[len(match[1])]).replace(tzinfo=UTC)
    except ValueError:
        return None


def read_events(data: bytes, name: str, source: Source, short: int | None = None) -> Reading:
    """Read a GDELT event file by its source's layout.

    Parameters
    ----------
    data : bytes
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
    wanted = [*_NAMES, *(f"Actor{n}{field}" for n in (1, 2) for field in _ACTOR)]
    lines = split_lines(data, source.layout, wanted, short)
    if lines.bad and not lines.table.num_rows:
        check_shape(data, name)
        raise FileRefused(
            "corrupt",
            f"none of {len(lines.bad)} lines has {len(source.layout)} tab-separated columns; "
            f"{describe_first_line(data)}",
            where=name,
            why="this is not a file of that layout (an error page, a cut-off or a changed layout)",
            todo="fetch the file again; if the publisher changed the layout, compare it with source.yml",
        )
    return Reading(source, read_slot(name), Lines(_rename(lines.table), lines.bad))


def _rename(table: pa.Table) -> pa.Table:
    """Give the columns our names, and join the fields by which an actor is judged."""
    import pyarrow as pa
    import pyarrow.compute as pc

    separator = pa.scalar(SEPARATOR, pa.binary())
    columns = {ours: table[theirs] for theirs, ours in _NAMES.items()}
    for number, side in ((1, "sender_key"), (2, "receiver_key")):
        fields = [table[f"Actor{number}{field}"] for field in _ACTOR]
        columns[side] = pc.binary_join_element_wise(*fields, separator)
    return fill_columns(pa.table({**columns, LINE: table[LINE]}))
