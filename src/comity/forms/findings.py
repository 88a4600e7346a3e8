"""What a check has found so far, each problem with its place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from comity.forms.bounds import find_breach
from comity.forms.document import Node
from comity.forms.problems import Problem

SPEECH_AND_STEALTH = ("covert", "opinion")
"""Classes that are refused also where a text tells of the partner's act and not of one's own."""


@dataclass
class Findings:
    """A list of problems that holds each one once; `met` counts each time that one was met."""

    problems: list[Problem] = field(default_factory=list)
    met: int = 0

    def add(self, node: Node, what: str, why: str = "", todo: str = "") -> None:
        """Note a problem at a node."""
        self.met += 1
        problem = Problem(node.line, node.column, node.path, what, why, todo)
        if problem not in self.problems:
            self.problems.append(problem)

    def check_bounds(self, node: Node | None, classes: Collection[str] | None = None) -> bool:
        """Note it where a text goes beyond the bounds of the mission, and return whether it keeps them."""
        breach = find_breach(node.text, classes) if node is not None else None
        if node is None or breach is None:
            return True
        what = f"{node.text.strip()!r} is refused: {breach.words!r} {breach.says}"
        why = f"no {breach.kind} answer can be written down here" if breach.kind != "opinion" else ""
        self.add(node, what, why, breach.instead)
        return False

    def check_name(self, node: Node, name: str) -> None:
        """Note it where the name of a rule goes beyond the bounds."""
        breach = find_breach(name, SPEECH_AND_STEALTH)
        if breach:
            self.add(node, f"{name!r} is refused: {breach.words!r} {breach.says}", "", breach.instead)
