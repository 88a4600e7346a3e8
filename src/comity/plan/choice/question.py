"""A question of choice, checked: who may gain or lose what, from where gains count, with what weights."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.plan.choice.tables import ENDS, OBJECTIVES, WEIGHABLE, Payoff, Terms, Weight
from comity.plan.errors import BadTerms
from comity.plan.project import Project, Stake, Timetable

LARGEST = 2**50
"""Largest sum of stakes in absolute value [units], so that no sum leaves the solver's range."""
FINEST = 1000
"""Weights are taken as fractions with at most this denominator."""


@dataclass(frozen=True, slots=True)
class Question:
    """A choice to be made: the project, its stakes, its parties in order, and what is sought.

    Parameters
    ----------
    project : Project
    stakes : tuple of Stake
    parties : tuple of str
    terms : Terms
    span : int
        The period up to which recurring stakes are counted; the project's horizon where nothing is relaxed.
    """

    project: Project
    stakes: tuple[Stake, ...]
    parties: tuple[str, ...]
    terms: Terms
    span: int

    def find_floor(self, party: str) -> int:
        """Return the disagreement value of a party [units]."""
        return (self.terms.disagreement or {}).get(party, 0)

    def list_stakes(self, party: str) -> list[Stake]:
        """Return the stakes of a party."""
        return [stake for stake in self.stakes if stake.party == party]


def ask_question(project: Project, stakes: Iterable[Stake], parties: Iterable[str], terms: Terms) -> Question:
    """Return a question whose parts fit together.

    Parameters
    ----------
    project : Project
    stakes : iterable of Stake
        At most one for an option, party and kind (once or recurring).
    parties : iterable of str
    terms : Terms

    Returns
    -------
    Question

    Raises
    ------
    BadTerms
        Where a stake, weight or disagreement value names nobody, is doubled, or is out of order.
    """
    asked = Question(project, tuple(stakes), tuple(parties), terms, project.horizon)
    check_choices(terms)
    check_names(asked)
    for stake in asked.stakes:
        check_stake(stake)
    check_size(asked)
    find_weights(asked)
    return asked


def complain(what: str, where: str, todo: str, why: str = "") -> None:
    """Raise the room's error for parts of a question that do not fit together."""
    raise BadTerms(what, where=where, why=why, todo=todo)


def check_choices(terms: Terms) -> None:
    """Raise where an objective or an end is unknown, or weights are given to an objective that has none."""
    if terms.objective not in OBJECTIVES:
        complain(f"the objective {terms.objective!r} is unknown", "terms", f"give one of {', '.join(OBJECTIVES)}")
    if terms.on not in ENDS:
        complain(f"stakes have no end {terms.on!r}", "terms", f"give one of {', '.join(ENDS)}")
    if terms.weights and terms.objective not in WEIGHABLE:
        complain(
            f"the objective {terms.objective!r} takes no weights",
            "terms",
            f"leave the weights out, or choose one of {', '.join(WEIGHABLE)}",
            "going on would leave them without effect",
        )


def check_names(asked: Question) -> None:
    """Raise where a party or option is named that is not there, or one is there twice."""
    doubled = [name for name, times in Counter(asked.parties).items() if times > 1]
    if doubled or not asked.parties:
        complain(f"parties {list(asked.parties)}", "parties", "name each party once, and at least one")
    named = {"weights": asked.terms.weights, "disagreement": asked.terms.disagreement}
    for where, given in named.items():
        for party in given or {}:
            if party not in asked.parties:
                complain(f"{party!r} is no party of the plan", where, "add it to the parties or leave it out")
    check_places(asked)


def check_places(asked: Question) -> None:
    """Raise where a stake names an option or party that is not there, or is there twice."""
    options = {option.id for option in asked.project.options}
    for stake in asked.stakes:
        where = f"stake of {stake.party!r} in {stake.option!r}"
        if stake.option not in options:
            complain(f"the option {stake.option!r} is unknown", where, "name an option of the project")
        if stake.party not in asked.parties:
            complain(f"{stake.party!r} is no party of the plan", where, "add it to the parties or leave it out")
    keys = Counter((stake.option, stake.party, stake.recurring) for stake in asked.stakes)
    for (option, party, _), times in keys.items():
        if times > 1:
            complain(f"{times} stakes of one kind", f"stake of {party!r} in {option!r}", "give their sum once")


def check_stake(stake: Stake) -> None:
    """Raise where the ends of a stake are out of order or no whole numbers."""
    ends = (stake.low, stake.likely, stake.high)
    if any(isinstance(end, bool) or not isinstance(end, int) for end in ends) or not ends[0] <= ends[1] <= ends[2]:
        complain(
            f"low {stake.low}, likely {stake.likely}, high {stake.high}",
            f"stake of {stake.party!r} in {stake.option!r}",
            "give whole numbers of the plan's unit with low <= likely <= high",
        )


def check_size(asked: Question) -> None:
    """Raise where sums would leave the range in which the solver is exact."""
    for party in asked.parties:
        floor = asked.find_floor(party)
        if isinstance(floor, bool) or not isinstance(floor, int):
            complain(f"disagreement value {floor!r} of {party!r}", "disagreement", "give a whole number of units")
        total = abs(floor) + sum(
            max(abs(stake.low), abs(stake.high)) * (asked.span if stake.recurring else 1)
            for stake in asked.list_stakes(party)
        )
        if total > LARGEST:
            complain(
                f"stakes of {party!r} add up to as much as {total}",
                "stakes",
                f"choose a larger unit: sums up to {LARGEST} are exact",
            )


def find_weights(asked: Question) -> dict[str, int]:
    """Return weights as whole numbers without a common divisor, by party; all 1 where none are given."""
    given = asked.terms.weights or {}
    parts = {party: read_weight(party, given.get(party, 1)) for party in asked.parties}
    if not any(parts.values()):
        complain("every weight is 0", "weights", "give at least one party a weight above 0")
    scale = math.lcm(*(part.denominator for part in parts.values()))
    whole = {party: int(part * scale) for party, part in parts.items()}
    divisor = math.gcd(*whole.values())
    return {party: weight // divisor for party, weight in whole.items()}


def read_weight(party: str, weight: Weight) -> Fraction:
    """Return a weight as a fraction."""
    if isinstance(weight, float) and not math.isfinite(weight) or not 0 <= weight <= LARGEST:
        complain(f"the weight of {party!r} is {weight}", "weights", "give a number of 0 or more")
    part = Fraction(weight).limit_denominator(FINEST)
    if weight and not part:
        complain(f"the weight of {party!r} is {weight}", "weights", f"give 0, or at least 1/{FINEST}")
    return part


def sum_payoffs(asked: Question, timetable: Timetable, ideals: Mapping[str, int] | None = None) -> tuple[Payoff, ...]:
    """Return what a timetable gives each party, by plain arithmetic.

    Parameters
    ----------
    asked : Question
    timetable : Timetable
    ideals : mapping of str to int, optional
        The ideal gain of each party, to be passed on.

    Returns
    -------
    tuple of Payoff
    """
    counts = {name: count_periods(asked, timetable, name) for name in timetable.chosen}
    found = []
    for party in asked.parties:
        held = [(s, counts[s.option] if s.recurring else 1) for s in asked.list_stakes(party) if s.option in counts]
        found.append(
            Payoff(
                party,
                sum(stake.low * times for stake, times in held),
                sum(stake.likely * times for stake, times in held),
                sum(stake.high * times for stake, times in held),
                asked.find_floor(party),
                (ideals or {}).get(party),
            )
        )
    return tuple(found)


def count_periods(asked: Question, timetable: Timetable, option: str) -> int:
    """Return the periods from the last finish of an option to the end of the count; all where it has no task."""
    finishes = [timetable.finishes[task.id] for task in asked.project.tasks if task.initiative == option]
    return max(0, asked.span - max(finishes, default=0))


def measure_gains(asked: Question, payoffs: Sequence[Payoff]) -> dict[str, int]:
    """Return the gain of each party over its disagreement value, on the end that the objective counts [units]."""
    return {p.party: (p.low if asked.terms.on == "low" else p.likely) - p.disagreement for p in payoffs}


def change_project(asked: Question, project: Project) -> Question:
    """Return the same question about another project; recurring stakes count to where they did."""
    return replace(asked, project=project)
