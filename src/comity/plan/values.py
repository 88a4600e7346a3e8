"""Single values of a plan's file: days, parties, durations, uses; each problem noted at its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from comity.forms.bounds import find_breach
from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.fields import check_fields, list_texts, read_number
from comity.forms.findings import Findings
from comity.lexicon import AmbiguousActor, UnknownActor, identify_actor
from comity.plan.document import Duration, Use
from comity.plan.forms import DURATION, USE

YEARS = (1900, 2200)
FORMULA = ("=", "+", "@", "\t", "-")
"""Beginnings that a spreadsheet takes for a formula."""
UNSEEN = ("Cc", "Cf")
"""Categories of characters that show nothing: controls, and marks that turn the direction of writing."""


@dataclass
class Reader:
    """What reading needs: where problems go, the parties (by id), the names of resources and calendars."""

    findings: Findings
    parties: dict[str, str] = field(default_factory=dict)
    resources: frozenset[str] = frozenset()
    calendars: frozenset[str] = frozenset()

    def read_day(self, node: Node, name: str) -> date | None:
        """Return the day in a field, or None; a text that is no day is a problem."""
        found = node.get(name)
        return None if found is None or found.form != "text" else self.read_one_day(found)

    def read_one_day(self, node: Node) -> date | None:
        """Return the day that a node holds; a text that is no day is a problem."""
        text = node.text.strip()
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.findings.add(node, f"{text!r} is no day", todo="write it as 2027-03-31")
            return None
        if not YEARS[0] <= day.year <= YEARS[1]:
            self.findings.add(node, f"{text} is not from {YEARS[0]} to {YEARS[1]}", todo="check the year")
            return None
        return day

    def read_actor(self, node: Node) -> tuple[str, str] | None:
        """Return id and name of the state or organisation that a node names, or note the problem."""
        try:
            actor = identify_actor(node.text.strip())
        except (UnknownActor, AmbiguousActor) as error:
            self.findings.add(
                node,
                error.what,
                "parties of a plan are states and intergovernmental organisations",
                error.todo,
            )
            return None
        return actor.id, actor.name

    def read_party(self, node: Node | None) -> str:
        """Return the id of a party of the plan, or note the problem and return an empty text."""
        if node is None or node.form != "text":
            return ""
        found = self.read_actor(node)
        if found is None:
            return ""
        if found[0] not in self.parties:
            todo = f"the parties are {', '.join(self.parties.values())}"
            self.findings.add(node, f"{node.text.strip()!r} is no party of this plan", "nobody asked it", todo)
            return ""
        return found[0]

    def read_duration(self, node: Node | None) -> Duration | None:
        """Return a duration, or None where there is none or it is wrong."""
        if node is None or node.form != "map" or not check_fields(node, DURATION, self.findings):
            return None
        values = [read_number(node.get(name), whole=True) for name in DURATION]
        if any(value is None or value < 0 for value in values):
            return None
        best, likely, worst = (int(value or 0) for value in values)
        if not best <= likely <= worst:
            what = f"best {best}, likely {likely}, worst {worst} are not in order"
            self.findings.add(node, what, "an interval needs its ends on both sides", "give best <= likely <= worst")
            return None
        return Duration(best, likely, worst)

    def read_uses(self, node: Node | None) -> tuple[Use, ...]:
        """Return what is used of which resource; each resource once."""
        found: dict[str, Use] = {}
        for item in list_maps(node):
            if not check_fields(item, USE, self.findings):
                continue
            name, amount = item.read_text("resource"), read_number(item.get("amount"))
            if not self.check_known(item.get("resource"), name, self.resources, "resource"):
                continue
            if name in found:
                self.findings.add(item, f"{name!r} is used twice", "one of the two would be lost", "add them up")
            elif amount is not None:
                found[name] = Use(name, amount)
        return tuple(found.values())

    def check_known(self, node: Node | None, name: str, known: Collection[str], what: str) -> bool:
        """Note it where a name is not among the known ones, and return whether it is."""
        if node is None or not name or name in known:
            return node is not None and bool(name)
        near = find_nearest(name, known) or list(known)[:5]
        todo = f"there is {', '.join(near)}" if near else f"declare a {what} first"
        self.findings.add(node, f"there is no {what} {name!r}", todo=todo)
        return False

    def read_calendar(self, node: Node) -> str | None:
        """Return the calendar that a phase or a consent names."""
        name = node.read_text("calendar")
        known = self.check_known(node.get("calendar"), name, self.calendars, "calendar")
        return name if known else None

    def choose(self, node: Node, name: str, known: Iterable[str], default: str) -> str:
        """Return one of several words; another one is a problem, and counts as the default."""
        text = node.read_text(name, default)
        words = list(known)
        if text in words:
            return text
        near = find_nearest(text, words) or words
        self.findings.add(node.fields[name], f"there is no {name} {text!r}", todo=f"write {' or '.join(near)}")
        return default

    def check_title(self, node: Node | None) -> None:
        """Note it where a title is a formula, holds what is not seen, or names what no plan here may hold."""
        self.check_text(node)
        breach = find_breach(node.text.strip()) if node is not None and node.form == "text" else None
        if node is not None and breach is not None:
            what = f"{node.text.strip()!r} is refused: {breach.words!r} {breach.says}"
            why = "a plan holds open, lawful initiatives that every party consents to"
            self.findings.add(node, what, why, "say what the parties do together")

    def check_text(self, node: Node | None) -> None:
        """Note it where a text is a formula or holds what is not seen."""
        if node is None or node.form != "text":
            return
        text = node.text.strip()
        if text.startswith(FORMULA):
            what = f"the text begins with {text[0]!r}"
            self.findings.add(node, what, "a spreadsheet would take it for a formula", "begin with a word")
        hidden = next((mark for mark in text if unicodedata.category(mark) in UNSEEN), None)
        if hidden is not None:
            what = f"the text holds the unseen character U+{ord(hidden):04X}"
            self.findings.add(node, what, "it could show another text than is written", "take it out")


def list_maps(node: Node | None) -> list[Node]:
    """Return the maps of a list."""
    return [] if node is None else [item for item in node.items if item.form == "map"]


def list_unique(reader: Reader, nodes: Iterable[Node], name: str) -> list[tuple[str, Node]]:
    """Return nodes with their id; an id given twice is a problem, and the second one is left out."""
    seen: dict[str, int] = {}
    kept = []
    for node in nodes:
        text = node.read_text(name)
        if text in seen:
            what = f"the {name} {text!r} is given twice, first in line {seen[text]}"
            reader.findings.add(node, what, "one of the two would be lost", "rename one")
            continue
        seen[text] = node.line
        kept.append((text, node))
    return kept


def read_texts(node: Node | None) -> tuple[str, ...]:
    """Return the texts of a list."""
    return tuple(item.text.strip() for item in list_texts(node))


def read_amounts(reader: Reader, node: Node | None) -> Mapping[str, float]:
    """Return the numbers of a map by name; what is no number of 0 or more is a problem."""
    found: dict[str, float] = {}
    for name, value in (node.fields if node is not None else {}).items():
        number = read_number(value)
        if value.form != "text" or number is None or not 0 <= number <= 1e12:
            reader.findings.add(value, f"{value.text.strip()!r} is no amount", todo="write a number from 0")
        else:
            found[name] = number
    return found
