"""A profile as checked values: which gesture calls for which answer, partner by partner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from comity.conduct.catalogue import Measure
from comity.conduct.errors import ConductError
from comity.forms.choices import find_nearest

COVERS = ("all", "listed")


@dataclass(frozen=True, slots=True)
class Gesture:
    """What counts as a gesture.

    Parameters
    ----------
    codes : frozenset of str
        CAMEO codes that count, all on one side of the neutral band.
    side : str
        `friendly` or `unfriendly`.
    level : float
        Magnitude of the mildest of them on the profile's scale [points].
    min_reports : int
        An event counts where at least so many reports tell of it.
    min_events : int
        So many events within the window make a gesture.
    window_days : int
        Length of the window, the last day counted [days].
    """

    codes: frozenset[str]
    side: str
    level: float
    min_reports: int = 1
    min_events: int = 1
    window_days: int = 1


@dataclass(frozen=True, slots=True)
class WayBack:
    """What ends an answer: when, by which measures, and after how many days it is looked at again."""

    when: str
    measures: tuple[str, ...] = ()
    review_days: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Which answers may follow, who owns them, and by when [days after the gesture]."""

    measures: tuple[str, ...]
    owner: str
    deadline_days: int
    way_back: WayBack


@dataclass(frozen=True, slots=True)
class Rule:
    """A gesture and its answers; `line` says where it stands in the file."""

    id: str
    title: str
    gesture: Gesture
    answer: Answer
    line: int


Rules = Mapping[str, Rule]


@dataclass(frozen=True)
class Profile:
    """A state's own rules, checked.

    Parameters
    ----------
    id, title : str
        As written.
    state : str
        Actor id of the state whose rules these are.
    example : bool
        Whether its parties are invented.
    names : mapping of str to str
        Actor id to name, for the state and its partners.
    scale, scale_from : str
        Id of the scale on which levels are compared, and its name or path as written.
    covers : str
        `all`: the default holds for every partner that is not listed; `listed`: for none.
    default : mapping of str to Rule
    partners : mapping of str to (mapping of str to Rule)
        Exceptions, with what they inherit.
    measures : mapping of str to Measure
        The catalogue and the profile's own measures.
    """

    id: str
    title: str
    state: str
    example: bool
    names: Mapping[str, str]
    scale: str
    scale_from: str
    covers: str
    default: Rules
    partners: Mapping[str, Rules]
    measures: Mapping[str, Measure]

    def find_rules(self, partner: str) -> Rules:
        """Return the rules toward a partner."""
        if partner in self.partners:
            return self.partners[partner]
        return self.default if self.covers == "all" else {}

    def list_answer_codes(self, rule: Rule) -> frozenset[str]:
        """Return the CAMEO codes under which the permitted answers are found."""
        return frozenset(code for name in rule.answer.measures for code in self.measures[name].codes)

    def assign(self, parties: Mapping[str, str]) -> Profile:
        """Return the same rules for other parties.

        Parameters
        ----------
        parties : mapping of str to str
            Actor id in the profile to the actor id that takes its place.

        Raises
        ------
        ConductError
            A party that the profile does not have, or two parties made one.
        """
        known = (self.state, *self.partners)
        for old in parties:
            if old not in self.names:
                near = find_nearest(old, self.names)
                raise ConductError(
                    f"the profile {self.id!r} has no party {old!r}",
                    where="parties",
                    todo=f"name one of {', '.join(near or known)}",
                )
        new = [parties.get(name, name) for name in self.names]
        twice = sorted({name for name in new if new.count(name) > 1})
        if twice:
            raise ConductError(f"{twice[0]!r} stands for two parties", where="parties", todo="give each its own")
        return replace(
            self,
            state=parties.get(self.state, self.state),
            names={parties.get(old, old): parties.get(old, name) for old, name in self.names.items()},
            partners={parties.get(old, old): rules for old, rules in self.partners.items()},
            example=self.example and not set(known) <= set(parties),
        )

    def describe(self) -> dict[str, Any]:
        """Return the profile as plain values."""
        return {
            "id": self.id,
            "title": self.title,
            "state": self.state,
            "example": self.example,
            "scale": self.scale,
            "covers": self.covers,
            "default": [describe_rule(rule) for rule in self.default.values()],
            "partners": {
                partner: [describe_rule(rule) for rule in rules.values()] for partner, rules in self.partners.items()
            },
            "own_measures": [measure.id for measure in self.measures.values() if measure.own],
        }


def describe_rule(rule: Rule) -> dict[str, Any]:
    """Return a rule as plain values."""
    gesture, answer = rule.gesture, rule.answer
    return {
        "rule": rule.id,
        "title": rule.title,
        "line": rule.line,
        "side": gesture.side,
        "level": gesture.level,
        "codes": sorted(gesture.codes),
        "min_reports": gesture.min_reports,
        "min_events": gesture.min_events,
        "window_days": gesture.window_days,
        "answers": list(answer.measures),
        "owner": answer.owner,
        "deadline_days": answer.deadline_days,
        "way_back": answer.way_back.when,
        "way_back_measures": list(answer.way_back.measures),
        "review_days": answer.way_back.review_days,
    }


def compare_rules(one: Rule, other: Rule) -> list[str]:
    """Return the fields in which two rules of one name differ, in the words of `describe_rule`."""
    a, b = describe_rule(one), describe_rule(other)
    return [name for name in a if name not in ("line", "title") and a[name] != b[name]]


def list_rule_names(sections: Iterable[Rules]) -> list[str]:
    """Return the names of all rules, each once, in the order in which they are met."""
    return list(dict.fromkeys(name for rules in sections for name in rules))
