"""Why there is no plan: requirements that clash, none of them to spare, and the smallest changes that help."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from comity.plan.choice.model import weigh_project
from comity.plan.choice.question import Question, ask_question
from comity.plan.choice.requirements import Rule, list_rules
from comity.plan.choice.search import Clock, Search
from comity.plan.choice.tables import Change, Conflict, Effort, Terms
from comity.plan.errors import NoPlan, NoTimetable, OutOfTime
from comity.plan.project import Project, Stake


def explain_conflict(
    project: Project,
    stakes: Iterable[Stake],
    parties: Iterable[str],
    terms: Terms | None = None,
    effort: Effort | None = None,
) -> Conflict:
    """Return requirements that no plan meets together, though it could meet all but any one, and what would help.

    A requirement is given up by putting the question without it, to the same model; so nothing is explained that the
    plan itself would not do. The clash is narrowed by halves (QuickXplain), and then each of its requirements is shown
    to be needed. For each the smallest easing that makes a plan possible is found by halving, everything else kept. If
    none helps but giving a requirement up whole, pairs are tried, the second from the clash that is left without the
    first; and if these do not help, one set of easings of any size.

    Parameters
    ----------
    project : Project
    stakes : iterable of Stake
    parties : iterable of str
    terms : Terms, optional
        Its disagreement values count; objective and weights do not.
    effort : Effort, optional

    Returns
    -------
    Conflict
        Without requirements where a plan exists.

    Raises
    ------
    OutOfTime
        Where it was not shown in time that no plan exists.

    References
    ----------
    `junker-2004`
    """
    asked = ask_question(project, stakes, parties, terms or Terms())
    probe = Probe(Clock(effort or Effort()))
    possible = probe.is_possible(asked)
    if possible:
        return Conflict(())
    if possible is None:
        raise OutOfTime(
            "whether there is a plan was not found out in time",
            why="requirements can only clash where there is none",
            todo="give more seconds",
        )
    rules = list_rules(asked)
    clash = narrow_clash(probe, asked, rules)
    needed = [probe.is_possible(keep_rules(asked, rules, [r for r in clash if r is not rule])) for rule in clash]
    remedies = list_remedies(probe, asked, rules, clash)
    return Conflict(tuple(rule.requirement for rule in clash), all(needed), not probe.unsure, tuple(remedies))


SHARE = 0.2
"""Part of the time left in which one question must be answered."""
RELUCTANCE = ("lag", "earliest", "horizon", "no-loss", "capacity", "arrival", "latest")
"""Kinds of requirements with amounts, those first that a plan should rather keep."""


@dataclass(slots=True)
class Probe:
    """Whether questions have any answer, within one stretch of time."""

    clock: Clock
    unsure: bool = False

    def is_possible(self, asked: Question) -> bool | None:
        """Tell whether a plan exists; None where that was not found out in time."""
        if self.clock.over:
            self.unsure = True
            return None
        try:
            Search(weigh_project(asked), self.clock, share=SHARE).maximise(0)
        except NoPlan:
            return False
        except NoTimetable:
            self.unsure = True
            return None
        return True


def keep_rules(asked: Question, rules: Sequence[Rule], kept: Sequence[Rule]) -> Question:
    """Return the question with some of its requirements only."""
    held = {rule.requirement.id for rule in kept}
    return drop_rules(asked, [rule for rule in rules if rule.requirement.id not in held])


def narrow_clash(probe: Probe, asked: Question, rules: Sequence[Rule]) -> list[Rule]:
    """Return requirements that clash, none of them to spare, in the document's order."""

    def narrow(base: list[Rule], grown: bool, left: list[Rule]) -> list[Rule]:
        if grown and probe.is_possible(keep_rules(asked, rules, base)) is False:
            return []
        if len(left) == 1:
            return left
        half = len(left) // 2
        second = narrow(base + left[:half], True, left[half:])
        first = narrow(base + second, bool(second), left[:half])
        return first + second

    return narrow([], False, list(rules))


def list_remedies(
    probe: Probe, asked: Question, rules: Sequence[Rule], clash: Sequence[Rule]
) -> list[tuple[Change, ...]]:
    """Return what makes a plan possible: single changes; pairs, or one larger set, where single ones only give up."""
    found = find_singles(probe, asked, clash)
    if not any(is_easing(changes) for changes in found):
        given = {change.requirement.id for changes in found for change in changes}
        rest = [rule for rule in clash if rule.requirement.id not in given]
        found.extend(find_pairs(probe, asked, rules, rest, given))
    if not any(is_easing(changes) for changes in found):
        found.extend(find_repair(probe, asked, rules))
    return found


def is_easing(changes: Sequence[Change]) -> bool:
    """Tell whether changes ease requirements by amounts, and give none of them up."""
    return all(change.by is not None for change in changes)


def find_singles(probe: Probe, asked: Question, clash: Sequence[Rule]) -> list[tuple[Change, ...]]:
    """Return the requirements of a clash that make a plan possible when eased alone, by the least that does."""
    found: list[tuple[Change, ...]] = []
    for rule in clash:
        if probe.is_possible(rule.drop(asked)):
            found.append((rule.word(find_least(probe, asked, rule)),))
    return found


def find_pairs(
    probe: Probe, asked: Question, rules: Sequence[Rule], clash: Sequence[Rule], spared: Collection[str]
) -> list[tuple[Change, ...]]:
    """Return pairs of requirements that make a plan possible when eased together, by the least that each needs.

    The first comes from the clash, the second from the clash that is left without the first. Requirements in `spared`
    help alone, and are in no pair; nor is a second that helps alone, though it is not of the clash. The first of a pair
    is eased by the least that helps with the second given up, then the second by the least that helps with that.
    """
    found: dict[frozenset[str], tuple[Change, ...]] = {}
    alone = dict.fromkeys(spared, True)
    for first in clash:
        without = first.drop(asked)
        others = [rule for rule in rules if rule is not first]
        for second in narrow_clash(probe, without, others):
            name = second.requirement.id
            if name not in alone:
                alone[name] = bool(probe.is_possible(second.drop(asked)))
            if alone[name]:
                continue
            names = frozenset({first.requirement.id, second.requirement.id})
            if names not in found and probe.is_possible(second.drop(without)):
                by = find_least(probe, second.drop(asked), first)
                rest = find_least(probe, first.ease(asked, by), second)
                found[names] = (first.word(by), second.word(rest))
    return list(found.values())


def find_repair(probe: Probe, asked: Question, rules: Sequence[Rule]) -> list[tuple[Change, ...]]:
    """Return a set of easings that together make a plan possible, none of them to spare; none where no amounts help.

    Each is taken back in turn where the others are enough, those first that are hardest to change (`RELUCTANCE`).
    """
    eased = sorted((rule for rule in rules if rule.graded), key=lambda rule: RELUCTANCE.index(rule.requirement.kind))
    if not probe.is_possible(drop_rules(asked, eased)):
        return []
    for rule in list(eased):
        rest = [other for other in eased if other is not rule]
        if probe.is_possible(drop_rules(asked, rest)):
            eased = rest
    changes = []
    for place, rule in enumerate(eased):
        by = find_least(probe, drop_rules(asked, eased[place + 1 :]), rule)
        asked = rule.ease(asked, by)
        changes.append(rule.word(by))
    return [tuple(changes)]


def drop_rules(asked: Question, rules: Sequence[Rule]) -> Question:
    """Return the question without some of its requirements."""
    for rule in rules:
        asked = rule.drop(asked)
    return asked


def find_least(probe: Probe, asked: Question, rule: Rule) -> int:
    """Return the least easing of a requirement with which a plan is possible, where giving it up whole is enough."""
    low, high = 0, 1
    while high < rule.most and not probe.is_possible(rule.ease(asked, high)):
        low, high = high, 2 * high
    high = min(high, rule.most)
    while rule.graded and high - low > 1:
        middle = (low + high) // 2
        if probe.is_possible(rule.ease(asked, middle)):
            high = middle
        else:
            low = middle
    return high
