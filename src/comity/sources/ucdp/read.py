"""UCDP candidate events: a fight of two states becomes one act of each toward the other; all else is dropped."""

from __future__ import annotations

from comity.sources.catalogue import read_source
from comity.sources.headed import decode_text, read_commas
from comity.sources.icews.read import read_day
from comity.sources.lines import LINE, Lines
from comity.sources.vendor import SEPARATOR, Reading, shape_rows

Row = dict[str, bytes | int | None]

FORCE = b"190"
STATE_BASED = b"1"
IMPRECISE = (b"4", b"5")
_KEPT = ("id", "type_of_violence", "side_a", "side_b", "gwnoa", "gwnob", "date_prec", "date_start")


def read_file(data: bytes, name: str) -> Reading:
    """Read a monthly or yearly file.

    Parameters
    ----------
    data : bytes
        Unpacked comma-separated text with a header.
    name : str
        File name, for messages.

    Returns
    -------
    Reading
        The data set says who fought and not who began. A line on two states therefore gives two rows, the use of
        conventional force by each toward the other; any other line gives one.

    Raises
    ------
    FileRefused
        The header is not the layout; the difference is said.

    References
    ----------
    `hegre-2020`, `sundberg-melander-2013` in docs/bibliography.md
    """
    source = read_source("ucdp")
    lines = read_commas(decode_text(data, name), source.layout, _KEPT, name)
    rows: list[Row] = []
    bad = list(lines.bad)
    for line in lines.table.to_pylist():
        if line["date_prec"].strip() in IMPRECISE:
            bad.append((line[LINE], "imprecise_date"))
        else:
            rows += _turn_both_ways(line)
    return Reading(source, None, Lines(shape_rows(rows), tuple(sorted(bad))))


def _turn_both_ways(line: dict[str, bytes]) -> list[Row]:
    """Give a line as one row, or as two where both sides are governments."""
    a, b = (_join_side(line, side) for side in "ab")
    number = line["id"].strip()
    both = all(line[column].strip() for column in ("gwnoa", "gwnob"))
    ways = ((a, b, b"0"), (b, a, b"1")) if both else ((a, b, b"0"),)
    return [
        {
            "event_id": number + way if number else b"",
            "date": read_day(line["date_start"]),
            "code": FORCE,
            "sender_key": sender,
            "receiver_key": receiver,
            LINE: line[LINE],
        }
        for sender, receiver, way in ways
    ]


def _join_side(line: dict[str, bytes], side: str) -> bytes:
    """Join type of violence, number of the state and name of a side."""
    return SEPARATOR.join(line[column].strip() for column in ("type_of_violence", f"gwno{side}", f"side_{side}"))
