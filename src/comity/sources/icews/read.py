"""ICEWS: tab-separated files of twenty columns with a header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from comity.sources.catalogue import read_source
from comity.sources.figures import read_value
from comity.sources.headed import decode_text, read_tabs
from comity.sources.lines import LINE, Lines
from comity.sources.vendor import SEPARATOR, Reading, fill_columns, name_event

if TYPE_CHECKING:
    import pyarrow as pa

_DAY = re.compile(rb"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})(\d{2})(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4}))(?:[ T].*)?")
_KEPT = ("Event ID", "Event Date", "CAMEO Code")
_SIDE = ("Country", "Name", "Sectors")
_NOTHING = (b"", b"null", b"NULL", b"None")
BARE = 2  # digits of a code that has lost its zero: this source writes three at least


def read_file(data: bytes, name: str) -> Reading:
    """Read a yearly or weekly file.

    Parameters
    ----------
    data : bytes
        Unpacked tab-separated text with a header.
    name : str
        File name, for messages.

    Returns
    -------
    Reading
        A row whose event number and day came before is `bad`: `repeated_row` where all that is read is the same,
        `conflicting_id` where it is not.

    Raises
    ------
    FileRefused
        The header is not the layout; the difference is said.
    """
    source = read_source("icews")
    wanted = [*_KEPT, *(f"{side} {field}" for side in ("Source", "Target") for field in _SIDE)]
    lines = read_tabs(decode_text(data, name), source.layout, wanted, name)
    return Reading(source, None, _settle(lines, wanted))


def read_intensities(data: bytes, name: str) -> list[tuple[str, float]]:
    """Read code and `Intensity` of every row that has both."""
    lines = read_tabs(decode_text(data, name), read_source("icews").layout, ("CAMEO Code", "Intensity"), name)
    pairs = zip(lines.table["CAMEO Code"].to_pylist(), lines.table["Intensity"].to_pylist(), strict=True)
    found = ((mend_code(code).decode("utf-8", "replace"), read_value(value, float)) for code, value in pairs)
    return [(code, value) for code, value in found if value is not None]


def _settle(lines: Lines, wanted: list[str]) -> Lines:
    """Give the columns our names, and set aside what came before."""
    import pyarrow as pa

    rows = list(zip(*(lines.table[column].to_pylist() for column in wanted), strict=True))
    numbers = lines.table[LINE].to_pylist()
    seen: dict[tuple[bytes, bytes], tuple[bytes, ...]] = {}
    bad = list(lines.bad)
    kept: list[int] = []
    for place, row in enumerate(rows):
        key = (row[0], read_day(row[1]))
        if row[0] and seen.setdefault(key, row) is not row:
            bad.append((numbers[place], "repeated_row" if seen[key] == row else "conflicting_id"))
        else:
            kept.append(place)
    return Lines(_rename([rows[p] for p in kept], pa.array([numbers[p] for p in kept], pa.int64())), tuple(sorted(bad)))


def _rename(rows: list[tuple[bytes, ...]], numbers: pa.Array) -> pa.Table:
    """Arrange rows as every reader gives them."""
    import pyarrow as pa

    days = [read_day(row[1]) for row in rows]
    columns = {
        "event_id": [name_event("icews", row[0], day) if row[0] else b"" for row, day in zip(rows, days, strict=True)],
        "date": days,
        "code": [mend_code(row[2]) for row in rows],
        "sender_key": [_join(row[3:6]) for row in rows],
        "receiver_key": [_join(row[6:9]) for row in rows],
    }
    arrays = {column: pa.array(values, pa.binary()) for column, values in columns.items()}
    return fill_columns(pa.table({**arrays, LINE: numbers}))


def _join(fields: tuple[bytes, ...]) -> bytes:
    """Join country, name and sectors of one side, none where all are empty."""
    plain = [b"" if field.strip() in _NOTHING else field.strip() for field in fields]
    return SEPARATOR.join(plain) if any(plain) else b""


def read_day(text: bytes) -> bytes:
    """Return a day as YYYYMMDD whichever way it is written; what is no day stays as it is.

    Examples
    --------
    >>> read_day(b"2017-03-05"), read_day(b"3/5/2017"), read_day(b"March")
    (b'20170305', b'20170305', b'March')
    """
    found = _DAY.fullmatch(text.strip())
    if not found:
        return text
    iso, plain, american = found.groups()[0:3], found.groups()[3:6], found.groups()[6:9]
    year, month, day = next((p for p in (iso, plain, (american[2], american[0], american[1])) if p[0]), (b"", b"", b""))
    return year + month.zfill(2) + day.zfill(2)


def mend_code(code: bytes) -> bytes:
    """Put back the zero that a code of two digits must have lost: this source writes at least three.

    Examples
    --------
    >>> mend_code(b"42"), mend_code(b"190"), mend_code(b"13y")
    (b'042', b'190', b'13y')
    """
    text = code.strip()
    lost = text.isdigit() and (len(text) == BARE or (len(text) == BARE + 1 and text > b"204"))
    return b"0" + text if lost else text
