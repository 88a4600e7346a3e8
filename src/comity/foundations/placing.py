"""From a publisher's codes and names to actors: each row is placed, or left out under a reason that is counted."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from comity.lexicon import AmbiguousActor, UnknownActor, identify_actor
from comity.lexicon.actors import read_areas
from comity.sources.figures import LINES
from comity.sources.lines import LINE

CROSSWALK = Path(__file__).with_name("crosswalk.csv")
SELF = "a state with itself"
UNMAPPED = "unmapped"
TWICE = "listed twice"

Row = dict[str, Any]


@dataclass
class Ledger:
    """What became of the rows of one file: read = kept + left out, by reason.

    Parameters
    ----------
    name : str
        The source.
    read, kept : int
        Rows met and rows used [count].
    left_out : Counter
        Reason to count.
    unmapped : Counter
        Text that no rule places, to count of lines where rows have them, else of rows.
    lines : Counter
        Reason to count of lines whose rows are sums over lines; the reason of what is kept is empty.
    fates : dict of int to str
        Line to the first reason for which one of its rows is left out; empty where any of them is kept.
    """

    name: str
    read: int = 0
    kept: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    fates: dict[int, str] = field(default_factory=dict)

    def keep(self, row: Row) -> None:
        """Count a row that is kept."""
        self.kept += 1
        self._mark(row, "")

    def drop(self, reason: str, row: Row, unplaced: Iterable[str] = ()) -> None:
        """Count a row that is left out, and the texts in it that no rule places."""
        weight = row.get(LINES, 0 if row.get(LINE) in self.fates else 1)
        for text in unplaced:
            self.unmapped[text] += weight
        self.left_out[reason] += 1
        self._mark(row, reason)

    def take_back(self, reason: str, row: Row) -> None:
        """Leave out a row that was kept."""
        self.kept -= 1
        if self.fates.get(row.get(LINE, -1)) == "":
            del self.fates[row[LINE]]
        self.drop(reason, row)

    def count_lines(self) -> Counter[str]:
        """Return how many lines were left out by reason, those kept under an empty one; each line counts once."""
        return self.lines + Counter(self.fates.values())

    def _mark(self, row: Row, reason: str) -> None:
        """Note what became of a row's lines."""
        if LINES in row:
            self.lines[reason] += row[LINES]
        elif LINE in row and (not reason or row[LINE] not in self.fates):
            self.fates[row[LINE]] = reason

    def describe(self) -> str:
        """Return one line, and one for each name that no rule places."""
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self.left_out.items())) or "none"
        lines = [f"{self.name}: {self.read} read, {self.kept} kept; left out: {reasons}"]
        lines += [f"  NOT PLACED: {text!r} ({count} rows)" for text, count in sorted(self.unmapped.items())]
        return "\n".join(lines)


@cache
def read_crosswalk() -> dict[tuple[str, str], tuple[str, str]]:
    """Map (source, text) to (what it becomes, kind)."""
    with CROSSWALK.open(encoding="utf-8", newline="") as lines:
        return {(row["source"], row["text"]): (row["becomes"], row["kind"]) for row in csv.DictReader(lines)}


@cache
def read_area_kinds() -> dict[str, str]:
    """Map the names, alpha-3 codes and numbers of regions and territories to the reason for leaving them out."""
    kinds = {"region": "aggregate", "territory": "territory"}
    return {text: kinds[area.kind] for area in read_areas() for text in (area.name, area.iso3, area.isonum) if text}


@cache
def place_text(source: str, text: str, system: str, on: date) -> tuple[str, str]:
    """Return (actor id, "state"), or ("", reason) for a text that is no actor, or ("", "unmapped")."""
    known = read_crosswalk().get((source, text))
    if known:
        return known
    if text in read_area_kinds():
        return "", read_area_kinds()[text]
    asked = f"{system}:{text}" if system else text
    try:
        return identify_actor(asked, on=on, kind="state").id, "state"
    except (UnknownActor, AmbiguousActor):
        return "", UNMAPPED


def place_member(number: int, year: int) -> str:
    """Return the state with a Correlates of War number on 1 December of a year, else the one that has it, or nothing.

    Some members of the Assembly sat there before the day from which the lexicon has them.
    """
    for day in (date(year, 12, 1), None):
        try:
            return identify_actor(f"cow:{number}", on=day, kind="state").id
        except UnknownActor:
            continue
    return ""


def place_pairs(
    rows: Iterable[Row], names: tuple[str, str], source: tuple[str, str, date], ledger: Ledger
) -> Iterator[tuple[str, str, Row]]:
    """Yield each row with its two actors; count those of which one is no actor, or both are the same."""
    for row in rows:
        ledger.read += 1
        placed = [place_text(source[0], row[name], source[1], source[2]) for name in names]
        reason = next((kind for _, kind in placed if kind != "state"), "")
        unplaced = [row[name] for name, (_, kind) in zip(names, placed, strict=True) if kind == reason == UNMAPPED]
        if not reason and placed[0][0] == placed[1][0]:
            reason = SELF
        if reason:
            ledger.drop(reason, row, unplaced)
        else:
            ledger.keep(row)
            yield placed[0][0], placed[1][0], row
