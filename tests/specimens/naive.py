"""What the events of the real files are, worked out a second time: line by line, in plain Python, from the published rules."""

from __future__ import annotations

import calendar
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from comity.lexicon import list_cameo_igos, list_cameo_states

Row = tuple[int, str, str, str, str, str]
Side = tuple[bytes, ...]


@dataclass
class Outcome:
    """What became of all lines; a kept row is (number, day, sender, receiver, code, link)."""

    read: int = 0
    kept: list[Row] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    by_file: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    names_kept: set[bytes] = field(default_factory=set)
    names_dropped: set[bytes] = field(default_factory=set)


def name_actor(side: Side, states: dict[str, str], organisations: dict[str, str]) -> str | None:
    """The rule in the order of its words: country, group, ethnic, two religions, type-1 code."""
    country, group, ethnic, religion1, religion2, type1 = (part.decode("utf-8", "replace") for part in side)
    if type1 in ("", "GOV", "MIL") and not (group or ethnic or religion1 or religion2):
        return states.get(country)
    return organisations.get(group) if type1 == "IGO" else None


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
    states, organisations = list_cameo_states(), list_cameo_igos()
    actors: dict[Side, str | None] = {}
    mistakes: dict[tuple[bytes, bytes], str | None] = {}
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            lines = archive.read(archive.namelist()[0]).split(b"\n")
        before = (found.read, len(found.kept), found.aside.total(), found.dropped)
        for line in lines[:-1]:
            f = line.split(b"\t")
            assert len(f) == 61
            found.read += 1
            sides = (tuple(f[7:13]), tuple(f[17:23]))
            for side in sides:
                if side not in actors:
                    actors[side] = name_actor(side, states, organisations)
            sender, receiver = actors[sides[0]], actors[sides[1]]
            for actor, place in ((sender, 5), (receiver, 15)):
                (found.names_kept if actor else found.names_dropped).update(f[place : place + 2])
            if sender is None or receiver is None or sender == receiver:
                found.dropped += 1
                continue
            dates = (f[1], f[59])
            if dates not in mistakes:
                mistakes[dates] = name_mistake(f[1].decode(), f[59].decode())
            if mistakes[dates]:
                found.aside[str(mistakes[dates])] += 1
                continue
            found.kept.append((int(f[0]), f[1].decode(), sender, receiver, f[26].decode(), f[60].decode()))
        after = (found.read, len(found.kept), found.aside.total(), found.dropped)
        found.by_file[path.name] = tuple(b - a for a, b in zip(before, after, strict=True))  # type: ignore[assignment]
    return found
