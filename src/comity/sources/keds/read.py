"""KEDS and TABARI event sets in CAMEO codes: `YYMMDD SENDER RECEIVER CODE (LABEL)`, no header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from comity.sources.catalogue import read_source
from comity.sources.errors import FileRefused
from comity.sources.headed import decode_text
from comity.sources.lines import LINE, Lines
from comity.sources.shape import describe_first_line
from comity.sources.vendor import Reading, name_event, shape_rows

Row = dict[str, bytes | int | None]

_ROW = re.compile(rb"\s*(\d{8}|\d{6})\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(.*))?")
_NOBODY = re.compile(rb"[-*_.]+")
_WEIS_ONLY = (b"21", b"22")
CENTURY = 70
SHORT_DAY = 6
LONG_CODE = 4


def read_file(data: bytes, name: str) -> Reading:
    """Read an event set in CAMEO codes.

    Parameters
    ----------
    data : bytes
        Unpacked text, one event a line.
    name : str
        File name, for messages.

    Returns
    -------
    Reading
        Lines of another form are `bad` as `wrong_columns`.

    Raises
    ------
    FileRefused
        No line has the form, or the codes are WEIS codes.
    """
    lines = read_events(data, name, "keds")
    codes = [code for code in lines.table["code"].to_pylist() if code]
    weis = [code for code in codes if code[:2] in _WEIS_ONLY]
    if weis:
        raise _refuse_codes(name, weis, "21 and 22", "WEIS", "weis")
    return Reading(read_source("keds"), None, lines)


def read_weis(data: bytes, name: str) -> Reading:
    """Read an event set in WEIS codes, the codes as they are; see `comity.sources.weis.read`."""
    lines = read_events(data, name, "weis")
    longer = [code for code in lines.table["code"].to_pylist() if code and code.isdigit() and len(code) >= LONG_CODE]
    if longer:
        raise _refuse_codes(name, longer, "four digits", "CAMEO", "keds")
    return Reading(read_source("weis"), None, lines)


def _refuse_codes(name: str, found: Sequence[bytes], which: str, system: str, source: str) -> FileRefused:
    """Build the error for a file in the other system of codes."""
    code, count = Counter(found).most_common(1)[0]
    return FileRefused(
        "corrupt",
        f"{len(found):,} codes begin with or have {which}, such as {code.decode('utf-8', 'replace')} "
        f"({count:,} times): the file is in {system} codes",
        where=name,
        why="most codes of the one system are codes of the other with another meaning",
        todo=f"load it as {source}",
    )


def read_events(data: bytes, name: str, source: str) -> Lines:
    """Read lines of the form; what identifies an event is its line's content and how often it came before."""
    text = decode_text(data, name)
    rows: list[Row] = []
    bad: list[tuple[int, str]] = []
    before: Counter[bytes] = Counter()
    found = text.split(b"\n")
    for number, line in enumerate(found[:-1] if found and not found[-1] else found, 1):
        parts = None if b"\0" in line else _ROW.fullmatch(line)
        if parts is None:
            bad.append((number, "nul_byte" if b"\0" in line else "wrong_columns"))
            continue
        before[line] += 1
        rows.append(
            {
                "event_id": name_event(source, line.strip(), str(before[line]).encode()),
                "date": read_short_day(parts[1]),
                "sender_key": _name_actor(parts[2]),
                "receiver_key": _name_actor(parts[3]),
                "code": parts[4],
                LINE: number,
            }
        )
    if bad and not rows:
        raise FileRefused(
            "corrupt",
            f"none of {len(bad)} lines has the form YYMMDD SENDER RECEIVER CODE; {describe_first_line(text)}",
            where=name,
            todo="check that this is an event set of that source",
        )
    return Lines(shape_rows(rows), tuple(bad))


def read_short_day(text: bytes) -> bytes:
    """Return a day as YYYYMMDD; of two digits 70 to 99 are a year of the last century.

    Examples
    --------
    >>> read_short_day(b"790415"), read_short_day(b"040101")
    (b'19790415', b'20040101')
    """
    if len(text) != SHORT_DAY:
        return text
    return (b"19" if int(text[:2]) >= CENTURY else b"20") + text


def _name_actor(code: bytes) -> bytes:
    """Return an actor's code; dashes stand for nobody."""
    return b"" if _NOBODY.fullmatch(code) else code
