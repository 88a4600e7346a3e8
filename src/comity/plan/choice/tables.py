"""What a choice takes and gives: terms, effort, proposals, shares, conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from comity.plan.project import Timetable

OBJECTIVES = ("nash", "kalai-smorodinsky", "leximin", "weighted")
WEIGHABLE = ("nash", "weighted")
ENDS = ("likely", "low")
Weight = int | float | Fraction
Status = Literal["optimal", "feasible"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is sought.

    Parameters
    ----------
    objective : str
        One of `OBJECTIVES`.
    weights : mapping of str to number, optional
        By party, 0 or more; 1 for a party that is not named. For `nash` and `weighted` only.
    disagreement : mapping of str to int, optional
        What each party must have at least, by the low end of its stakes [units]; 0 for a party that is not named. Gains
        are counted from here.
    on : str
        Which value of the stakes the objective counts, `likely` or `low`. Nobody being worse off always counts `low`.
    """

    objective: str = "nash"
    weights: Mapping[str, Weight] | None = None
    disagreement: Mapping[str, int] | None = None
    on: str = "likely"


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look, on how many cores, from which seed."""

    seconds: float = 10.0
    workers: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Payoff:
    """What a plan gives a party over its horizon [units].

    Parameters
    ----------
    party : str
    low, likely, high : int
        Sums of the stakes of what is chosen, at the dates of the timetable.
    disagreement : int
        What the party has at least.
    ideal : int, optional
        The most that it could gain over its disagreement value in any plan that leaves nobody worse off (only where
        the objective needs it).
    """

    party: str
    low: int
    likely: int
    high: int
    disagreement: int = 0
    ideal: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a lexicographic objective: its value, a bound that no plan exceeds, and whether the two meet.

    Of a stage that seeks the least (periods, initiatives) the bound is one that no plan is below. It is None where none
    was found in time.
    """

    name: str
    value: float
    bound: float | None
    proven: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """An initiative that is not chosen, and what stands in its way.

    Parameters
    ----------
    option : str
    beside : tuple of str
        What it would be done with in the nearest plan.
    shortfalls : mapping of str to int
        By party, what would be missing to its disagreement value at the low end [units]; empty where nobody does.
    doable : bool
        False: no timetable holds it at all, whoever pays.
    """

    option: str
    beside: tuple[str, ...]
    shortfalls: Mapping[str, int]
    doable: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """A choice with its timetable.

    Parameters
    ----------
    objective, on : str
        What was sought, on which value of the stakes.
    timetable : Timetable
        Dates and the options chosen.
    payoffs : tuple of Payoff
        By party, in the order in which the parties were given.
    stages : tuple of Stage
        The objective first, then what broke ties: makespan, number of initiatives, sum of low and of likely gains.
    gainers : tuple of str
        The parties whose gain on `on` is above 0.
    misses : tuple of Miss
        Where nothing is chosen: the initiatives and who falls short, nearest first.
    """

    objective: str
    on: str
    timetable: Timetable
    payoffs: tuple[Payoff, ...]
    stages: tuple[Stage, ...]
    gainers: tuple[str, ...]
    misses: tuple[Miss, ...] = ()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The options that are done, in the project's order."""
        return self.timetable.chosen

    @property
    def empty(self) -> bool:
        """Whether no initiative is chosen: none helps without leaving somebody worse off."""
        return not self.chosen

    @property
    def status(self) -> Status:
        """`optimal` where every stage is proven, else `feasible`."""
        return "optimal" if all(stage.proven for stage in self.stages) else "feasible"


@dataclass(frozen=True, slots=True)
class Transfer:
    """An amount from one party to another [units]; both must agree to it."""

    giver: str
    taker: str
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A side arrangement: an option beside the plan that holds only if every party named consents.

    Parameters
    ----------
    name : str
        `shapley`, `nucleolus` or `least`.
    transfers : tuple of Transfer
        Balanced: what is given is received.
    after : mapping of str to Fraction
        By party, likely payoff with the transfers [units].
    low_after : mapping of str to Fraction
        By party, low payoff with the transfers [units].
    below : tuple of str
        Parties whose low payoff stays below their disagreement value even so.
    consents : tuple of str
        Parties whose consent it needs: all those that give or receive.
    """

    name: str
    transfers: tuple[Transfer, ...]
    after: Mapping[str, Fraction]
    low_after: Mapping[str, Fraction]
    below: tuple[str, ...]
    consents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Division:
    """How the joint gain could be shared.

    Parameters
    ----------
    parties : tuple of str
    values : mapping of tuple of str to int
        By coalition, the most that it gains together over its disagreement values [units].
    shapley, nucleolus : mapping of str to Fraction
        Share of each party in the joint gain [units].
    imputation : bool
        Whether the nucleolus gives each party at least what it gains alone; False where no sharing could.
    stable : bool
        Whether no coalition gains more on its own than the nucleolus gives it (the core is not empty).
    timetable : Timetable
        The plan with the largest joint gain.
    payoffs : tuple of Payoff
        What that plan gives each party before any transfer.
    arrangements : tuple of Arrangement
        The transfers that bring each party from its payoff to its share.
    exact : bool
        Whether every value of a coalition is proven.
    """

    parties: tuple[str, ...]
    values: Mapping[tuple[str, ...], int]
    shapley: Mapping[str, Fraction]
    nucleolus: Mapping[str, Fraction]
    imputation: bool
    stable: bool
    timetable: Timetable
    payoffs: tuple[Payoff, ...]
    arrangements: tuple[Arrangement, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Lifting:
    """A plan that is better for all together and, with the least transfers, worse for none.

    Parameters
    ----------
    timetable : Timetable
    payoffs : tuple of Payoff
        Before the transfers.
    arrangement : Arrangement
        The least amount that must change hands so that nobody is below its disagreement value; no transfer where
        none is needed.
    proven : bool
        Whether no such plan has a larger joint gain.
    """

    timetable: Timetable
    payoffs: tuple[Payoff, ...]
    arrangement: Arrangement
    proven: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that the document asks of a plan.

    Parameters
    ----------
    id : str
        Kind and place, such as `latest:survey`; the same document gives the same ids.
    kind : str
        Such as `required`, `consent`, `latest`, `arrival`, `capacity`, `no-loss`.
    subjects : tuple of str
        The options, tasks, resources or parties that it names.
    text : str
        A sentence.
    period : int, optional
        Of an amount of a resource: the period from which it holds.
    amount : int, optional
        What it asks, where that is a number: periods or units.
    """

    id: str
    kind: str
    subjects: tuple[str, ...]
    text: str
    period: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A requirement given up or eased.

    Parameters
    ----------
    requirement : Requirement
    by : int, optional
        The least easing that helps, in the requirement's own unit; None where it can only be given up whole.
    text : str
        A sentence.
    """

    requirement: Requirement
    by: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Requirements that no plan meets together, though it could meet all but any one of them.

    Parameters
    ----------
    requirements : tuple of Requirement
        Empty where a plan exists.
    irreducible : bool
        Whether each was shown to be needed for the clash; False where time ran out.
    proven : bool
        Whether every easing was shown to be the least; False where time ran out.
    remedies : tuple of tuple of Change
        Each makes a plan possible: single changes, or pairs where no single one does.
    """

    requirements: tuple[Requirement, ...]
    irreducible: bool = True
    proven: bool = True
    remedies: tuple[tuple[Change, ...], ...] = ()
