"""Cline Center historical Phoenix: comma-separated files of twenty-five columns with a header."""

from __future__ import annotations

from comity.sources.catalogue import read_source
from comity.sources.headed import decode_text, read_commas
from comity.sources.icews.read import read_day
from comity.sources.lines import LINE, Lines
from comity.sources.vendor import Reading, name_event, shape_rows

_KEPT = ("eid", "story_date", "year", "month", "day", "source", "target", "code", "aid")


def read_file(data: bytes, name: str) -> Reading:
    """Read the file of one collection.

    Parameters
    ----------
    data : bytes
        Unpacked comma-separated text with a header.
    name : str
        File name, for messages.

    Returns
    -------
    Reading

    Raises
    ------
    FileRefused
        The header is not the layout; the difference is said.
    """
    source = read_source("phoenix")
    lines = read_commas(decode_text(data, name), source.layout, _KEPT, name)
    rows = [_rename(row) for row in lines.table.to_pylist()]
    return Reading(source, None, Lines(shape_rows(rows), lines.bad))


def _rename(row: dict[str, bytes]) -> dict[str, bytes | int | None]:
    """Give one row our names; a day that the file gives two ways must be one day."""
    day = read_day(row["story_date"])
    parts = [row[part].strip() for part in ("year", "month", "day")]
    apart = parts[0].zfill(4) + parts[1].zfill(2) + parts[2].zfill(2) if all(parts) else day
    return {
        "event_id": name_event("phoenix", row["aid"], row["eid"], day),
        "date": day if day == apart else b"",
        "code": row["code"].strip(),
        "sender_key": row["source"].strip(),
        "receiver_key": row["target"].strip(),
        LINE: row[LINE],
    }
