"""POLECAT: tab-separated files of forty columns with a header, in ISO-8859-1."""

from __future__ import annotations

from functools import cache

from comity.sources.catalogue import read_codes, read_source
from comity.sources.figures import read_value
from comity.sources.headed import cut_header, decode_text, read_tabs
from comity.sources.icews.read import read_day
from comity.sources.lines import LINE, Lines
from comity.sources.vendor import SEPARATOR, Reading, name_event, shape_rows

_SIDES = {
    "sender_key": ("Actor Country", "Actor Name", "Primary Actor Sector"),
    "receiver_key": ("Recipient Country", "Recipient Name", "Primary Recipient Sector"),
}
_KEPT = ("Event ID", "Event Date", "Event Type", "Event Mode")
_NOTHING = (b"", b"None", b"nan", b"NaN")


def read_file(data: bytes, name: str) -> Reading:
    """Read a yearly or weekly file.

    Parameters
    ----------
    data : bytes
        Unpacked tab-separated text with a header, in ISO-8859-1.
    name : str
        File name, for messages.

    Returns
    -------
    Reading
        The event's type and mode become the CAMEO code that `codes.csv` beside this module gives them.

    Raises
    ------
    FileRefused
        The header is not the layout, excess names and empty columns apart; the difference is said.

    References
    ----------
    `plover-0.8`, `halterman-2023` in docs/bibliography.md
    """
    source = read_source("polecat")
    wanted = [*_KEPT, *(column for side in _SIDES.values() for column in side)]
    text = straighten(decode_text(data, name, "iso-8859-1"), list(source.layout))
    lines = read_tabs(text, source.layout, wanted, name)
    rows = [_rename(row) for row in lines.table.to_pylist()]
    return Reading(source, None, Lines(shape_rows(rows), lines.bad))


def read_intensities(data: bytes, name: str) -> list[tuple[str, float]]:
    """Read the CAMEO code of type and mode, and `Intensity`, of every row that has both."""
    layout = read_source("polecat").layout
    text = straighten(decode_text(data, name, "iso-8859-1"), list(layout))
    lines = read_tabs(text, layout, ("Event Type", "Event Mode", "Intensity"), name)
    columns = (lines.table[column].to_pylist() for column in ("Event Type", "Event Mode", "Intensity"))
    found = ((_find_code(_clean(t), _clean(m)), read_value(v, float)) for t, m, v in zip(*columns, strict=True))
    return [(code.decode("utf-8", "replace"), value) for code, value in found if value is not None]


def straighten(text: bytes, layout: list[str]) -> bytes:
    """Return a text whose header and rows have the layout's columns, where only empty columns or idle names differ.

    Parameters
    ----------
    text : bytes
        With a header.
    layout : list of str
        Names of all columns, in order.

    Returns
    -------
    bytes
        The same text where its header is the layout, or where a column outside the layout holds anything.
    """
    found, rest = cut_header(text, "\t")
    if found == layout or [name for name in found if name in layout] != layout:
        return text
    rows = [line.split(b"\t") for line in rest.split(b"\n")]
    idle = [place for place, name in enumerate(found) if name not in layout]
    wide = [row for row in rows if len(row) == len(found)]
    if any(row[place].strip() for row in wide for place in idle):
        return text
    dropped = set(idle)
    mended = [
        b"\t".join(cell for place, cell in enumerate(row) if place not in dropped) if len(row) == len(found) else
        b"\t".join(row)
        for row in rows
    ]  # fmt: skip
    return b"\n".join(["\t".join(layout).encode(), *mended])


def _rename(row: dict[str, bytes | int]) -> dict[str, bytes | int | None]:
    """Give one row our names."""
    text = {column: _clean(value) for column, value in row.items() if isinstance(value, bytes)}
    keys = {side: SEPARATOR.join(text[column] for column in columns) for side, columns in _SIDES.items()}
    number = row[LINE]
    return {
        "event_id": name_event("polecat", text["Event ID"]),
        "date": read_day(text["Event Date"]),
        "code": _find_code(text["Event Type"], text["Event Mode"]),
        **{side: key if key.strip(SEPARATOR) else b"" for side, key in keys.items()},
        LINE: number,
    }


def _clean(value: bytes) -> bytes:
    """Return a value without blanks; what stands for nothing is empty."""
    plain = value.strip()
    return b"" if plain in _NOTHING else plain


def _find_code(kind: bytes, mode: bytes) -> bytes:
    """Return the CAMEO code of a type and mode: the mode's, else the type's, else what was written."""
    name = kind.decode("utf-8", "replace").upper()
    known = _list_codes()
    code = known.get((name, mode.decode("utf-8", "replace").lower())) or known.get((name, ""))
    return code.encode() if code else kind


@cache
def _list_codes() -> dict[tuple[str, str], str]:
    """Map type and mode to a CAMEO code."""
    return {(row["type"], row["mode"]): row["code"] for row in read_codes("polecat", "codes")}
