"""Hand-made lines of the three GDELT layouts (61, 58 and 57 columns), and archives that hold them."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

# Places of the columns as GDELT's own header files count them; the last two differ by layout.
PLACES = {
    "event_id": 0,
    "date": 1,
    "code1": 5,
    "name1": 6,
    "country1": 7,
    "group1": 8,
    "ethnic1": 9,
    "religion1": 10,
    "religion12": 11,
    "type1": 12,
    "code2": 15,
    "name2": 16,
    "country2": 17,
    "group2": 18,
    "ethnic2": 19,
    "religion2": 20,
    "religion22": 21,
    "type2": 22,
    "code": 26,
    "mentions": 31,
    "sources": 32,
    "articles": 33,
}
TAIL = {61: {"added": 59, "url": 60}, 58: {"added": 56, "url": 57}, 57: {"added": 56}}
USUAL = {
    "event_id": 1,
    "date": "20250515",
    "country1": "DEU",
    "country2": "POL",
    "code": "042",
    "mentions": 5,
    "sources": 1,
    "articles": 5,
    "added": "20250515120000",
    "url": "https://news.example/1",
}
STATES = ("DEU", "POL", "FRA", "ITA", "USA", "CHN", "BRA", "ZAF")
CODES = ("010", "036", "042", "057", "112", "1213", "138", "173", "190")
STAMP = (2025, 5, 15, 12, 0, 0)


def write_row(columns: int = 61, **values: object) -> bytes:
    """Give one line without its end: a visit between two states, apart from the values named."""
    places = PLACES | TAIL[columns]
    fields = [b""] * columns
    for name, value in (USUAL | values).items():
        if name in places:
            fields[places[name]] = value if isinstance(value, bytes) else str(value).encode()
        elif name in values and name != "url":
            raise KeyError(name)
    return b"\t".join(fields)


def make_rows(count: int, seed: int, *, first_id: int = 1, day: str = "20250515", columns: int = 61) -> list[bytes]:
    """Give lines between states drawn at random; some are dropped, some set aside."""
    draw = random.Random(seed)
    rows = []
    for n in range(count):
        values: dict[str, object] = {"event_id": first_id + n, "date": day, "added": f"{day}120000"}
        values |= {"country1": draw.choice(STATES), "country2": draw.choice((*STATES, "EUR", ""))}
        values |= {"code": draw.choice(CODES), "url": f"https://news.example/{draw.randrange(count)}"}
        values |= {"type1": draw.choice(("", "", "GOV", "MIL", "MED", "BUS"))}
        if columns == 58 or columns == 57:
            values["added"] = day
        rows.append(write_row(columns, **values))
    return rows


def join(rows: Iterable[bytes]) -> bytes:
    """Give a text of lines, each ended."""
    return b"".join(row + b"\n" for row in rows)


def pack(text: bytes, name: str = "20250515120000.export.CSV", stamp: Sequence[int] = STAMP) -> bytes:
    """Give a zip archive with one member: the same text and stamp, the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo(name, tuple(stamp))  # type: ignore[arg-type]
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, text)
    return buffer.getvalue()


def write_slot(folder: Path, slot: str, rows: Iterable[bytes], stamp: Sequence[int] = STAMP, part: str = "") -> Path:
    """Write the zip of a 15-minute slot into a folder and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slot}.{part}export.CSV.zip"
    path.write_bytes(pack(join(rows), f"{slot}.{part}export.CSV", stamp))
    return path


def write_days(
    folder: Path, days: Sequence[str], rows: int = 40, slots: Sequence[str] = ("0000", "1200")
) -> list[Path]:
    """Write the files of some slots of some days, each with rows of its own."""
    paths = []
    for place, (day, clock) in enumerate((day, clock) for day in days for clock in slots):
        lines = make_rows(rows, place, first_id=1 + place * rows, day=day)
        paths.append(write_slot(folder, f"{day}{clock}00", lines))
    return paths
