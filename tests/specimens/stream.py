"""A day's stream of 15-minute files between a few states, for a watch to follow; and a clock that a test moves."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.specimens import publisher
from tests.specimens.publisher import LIST, Fault, Publisher, list_line, pack, write_row

from comity.sources.courier import Visit

BEGIN = datetime(2025, 5, 16, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ENDING = ".export.CSV.zip"
HASTY = Visit(attempts=2, wait=0.01, longest=0.05, idle=0.4, total=1.5)
PAIRS = (("DEU", "POL"), ("POL", "DEU"), ("FRA", "DEU"), ("IND", "BRA"))


def name_slot(slot: datetime) -> str:
    return f"{slot:%Y%m%d%H%M%S}{ENDING}"


def make_files(
    count: int, begin: datetime = BEGIN, rows: int = 3, seed: int = 0, first: int = 0, late: int = 0
) -> dict[str, bytes]:
    """Give files of so many slots, the same for the same seed; their events have numbers from `first` on.

    Each so manieth act is reported late: a day, or a week.
    """
    draw, files = random.Random(seed), {}
    for n in range(count):
        slot = begin + n * QUARTER
        lines = []
        for row in range(rows):
            sender, receiver = draw.choice(PAIRS)
            code = draw.choice(("042", "036", "112"))
            back = (1, 7)[row // late % 2] if late and row % late == 0 else 0
            said = {"date": f"{slot - timedelta(days=back):%Y%m%d}", "code": code, "added": f"{slot:%Y%m%d%H%M%S}"}
            link = f"https://news.example/{n}/{row}"
            number = first + max(1000, rows) * n + row
            lines.append(write_row(event_id=number, actor1=sender, actor2=receiver, url=link, **said))
        files[name_slot(slot)] = pack(name_slot(slot), lines)
    return files


def announce(server: Publisher, files: dict[str, bytes], newest: int | None = None) -> None:
    """Put files up with the list, and announce one as the newest: the last where none is named."""
    server.publish(files)
    name = list(files)[-1 if newest is None else newest]
    server.files["lastupdate.txt"] = f"{list_line(name, files[name])}\n".encode()


class Clock:
    """Time that a test moves; a wait passes at once."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def read(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def draw_fault(draw: random.Random, data: bytes) -> Fault:
    """Give one of the faults of the list, all of which end soon."""
    html = b"<html><body>Please stand by</body></html>"
    makers: list[Callable[[], Fault]] = [
        lambda: publisher.answer(500),
        lambda: publisher.answer(502, html),
        lambda: publisher.answer(200, html),
        lambda: publisher.answer(403),
        lambda: publisher.answer(404),
        lambda: publisher.answer(429, Retry_After="0"),
        lambda: publisher.answer(302, Location="/gdeltv2/elsewhere.zip"),
        lambda: publisher.answer(302, Location="http://169.254.169.254/x"),
        lambda: publisher.send_other(data[:-7]),
        lambda: publisher.send_other(bytes([data[0]]) + bytes(len(data) - 1)),
        lambda: publisher.send_other(data + b"more"),
        lambda: publisher.cut(draw.randrange(len(data))),
        lambda: publisher.lie(len(data) + 50),
        publisher.hang_up,
    ]
    return draw.choice(makers)()


def draw_list_fault(draw: random.Random, listed: bytes) -> Fault:
    """Give one of the faults of a list: other sums, missing and broken lines, an error page."""
    lines = listed.splitlines(keepends=True)
    worse = [
        b"".join(line for line in lines if draw.random() < 0.5),
        b"".join(line[: draw.randrange(len(line))] if draw.random() < 0.3 else line for line in lines),
        listed.replace(b"a", b"b"),
        b"<html><body>Service unavailable</body></html>",
        b"",
    ]
    return publisher.send_other(draw.choice(worse))


def disturb(server: Publisher, draw: random.Random, share: float) -> None:
    """Make a share of all deliveries faulty, the list's among them."""
    for name, data in server.files.items():
        while draw.random() < share:
            maker = draw_list_fault if name in (LIST, "lastupdate.txt") else draw_fault
            server.fail(name, maker(draw, data))


def write_files(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
