"""What the events of the real files are, worked out a second time: line by line, in plain Python, by the rules."""

from __future__ import annotations

import calendar
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from comity.lexicon import list_cameo_igos, list_cameo_states

Row = tuple[int, str, str, str, str, str]


@dataclass
class Outcome:
    """What became of all lines; a kept row is (number, day, sender, receiver, code, link)."""

    read: int = 0
    kept: list[Row] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    by_file: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)

    def count(self) -> tuple[int, int, int, int]:
        """Give rows read, kept, set aside and dropped so far."""
        return self.read, len(self.kept), self.aside.total(), self.dropped


@cache
def _list_codes() -> tuple[dict[str, str], dict[str, str]]:
    """Read the codes of states and of organisations once."""
    return list_cameo_states(), list_cameo_igos()


@cache
def name_actor(*side: bytes) -> str | None:
    """The rule in the order of its words: country, group, ethnic, two religions, type-1 code."""
    country, group, ethnic, religion1, religion2, type1 = (part.decode("utf-8", "replace") for part in side)
    states, organisations = _list_codes()
    if type1 in ("", "GOV", "MIL") and not (group or ethnic or religion1 or religion2):
        return states.get(country)
    return organisations.get(group) if type1 == "IGO" else None


@cache
def name_mistake(day: str, added: str) -> str | None:
    """Whether a day lies a month, a year or ten years before the day of adding."""
    event, then = (date(int(text[:4]), int(text[4:6]), int(text[6:8])) for text in (day, added))
    if event > then:
        return "future_date"
    for months, days, name in ((1, 30, "month"), (12, 365, "year"), (120, 3650, "decade")):
        year, month = divmod(then.year * 12 + then.month - 1 - months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        if event in (then - timedelta(days=days), date(year, month + 1, min(then.day, last))):
            return f"misdated_{name}"
    return None


def work_out(folder: Path) -> Outcome:
    """Go through every line of every zip in a folder."""
    found = Outcome()
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            lines = archive.read(archive.namelist()[0]).split(b"\n")
        before = found.count()
        for line in lines[:-1]:
            judge(line.split(b"\t"), found)
        read, kept, aside, dropped = (now - then for now, then in zip(found.count(), before, strict=True))
        found.by_file[path.name] = (read, kept, aside, dropped)
    return found


def judge(fields: list[bytes], found: Outcome) -> None:
    """Judge one line."""
    assert len(fields) == 61
    found.read += 1
    sender, receiver = name_actor(*fields[7:13]), name_actor(*fields[17:23])
    if sender is None or receiver is None or sender == receiver:
        found.dropped += 1
    elif mistake := name_mistake(fields[1].decode(), fields[59].decode()):
        found.aside[mistake] += 1
    else:
        code, link = fields[26].decode(), fields[60].decode()
        found.kept.append((int(fields[0]), fields[1].decode(), sender, receiver, code, link))
