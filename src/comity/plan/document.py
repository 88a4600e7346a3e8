"""A plan as checked values: parties, time, calendars, resources, initiatives with their phases, consents and worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from comity.plan.clock import Clock
from comity.plan.project import LagKind


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something takes: at best, most likely, at worst [periods]."""

    best: int
    likely: int
    worst: int


@dataclass(frozen=True, slots=True)
class Use:
    """So much of a resource [its unit]."""

    resource: str
    amount: float


@dataclass(frozen=True, slots=True)
class Way:
    """One way to do a phase."""

    name: str
    duration: Duration
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency on another phase, given as `initiative.phase`."""

    before: str
    least: int = 0
    most: int | None = None
    kind: LagKind = "finish-start"


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of an initiative; `line` is where it stands in the file."""

    id: str
    title: str
    ways: tuple[Way, ...]
    after: tuple[Link, ...] = ()
    calendar: str | None = None
    earliest: date | None = None
    latest: date | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Consent:
    """A party's approval of an initiative: who gives it, whether it is given, how long it takes, after which phases."""

    party: str
    who: str
    status: str
    duration: Duration
    uses: tuple[Use, ...] = ()
    after: tuple[str, ...] = ()
    calendar: str | None = None
    earliest: date | None = None
    latest: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Worth:
    """What an initiative brings or costs a party [units of the currency], once or in every year after it is finished.

    Parameters
    ----------
    party : str
        Actor id.
    low, likely, high : float
        Interval and middle.
    per : str
        `once` or `year`.
    source : str
        Where the figure is from.
    simulated : bool
        Whether it is to be taken from the integration room; low, likely and high are then shares to be filled in.
    scenario : str
        File of a scenario, relative to the plan; an agreement among the initiative's parties where empty.
    share : float
        Part of the simulated change that the initiative brings [percent].
    rate : float
        Units of the plan's currency for one US dollar.
    """

    party: str
    low: float
    likely: float
    high: float
    per: str = "once"
    source: str = ""
    simulated: bool = False
    scenario: str = ""
    share: float = 100.0
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a phase has come: when it started, when it finished, or how many periods are left."""

    phase: str
    started: date
    finished: date | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Initiative:
    """Something that parties may do together."""

    id: str
    title: str
    field: str
    parties: tuple[str, ...]
    phases: tuple[Phase, ...]
    consents: tuple[Consent, ...]
    template: str = ""
    earliest: date | None = None
    latest: date | None = None
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    required: bool = False
    forbidden: bool = False
    gains: tuple[Worth, ...] = ()
    costs: tuple[Worth, ...] = ()
    progress: tuple[Progress, ...] = ()
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rest:
    """A calendar: days on which nothing is done, as spans (first, last), both counted; and weekdays (Monday is 0)."""

    id: str
    spans: tuple[tuple[date, date], ...]
    weekdays: tuple[int, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """A resource: what there is of it by year, whose it is, and where the figure is from."""

    id: str
    kind: str
    party: str | None
    by_year: Mapping[int, float]
    renewable: bool
    carries: bool
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A plan as it was written, checked.

    Parameters
    ----------
    id, title, note : str
    parties : mapping of str to str
        Actor id to name, in the order of the file.
    clock : Clock
        From days to periods and back.
    currency : str
    unit : int
        Amounts are given in so many of the currency.
    objective : str
        A key of `comity.plan.forms.OBJECTIVES`.
    weights : mapping of str to float
        By actor id; 1 where nothing is given.
    calendars, supplies, initiatives : tuple
    as_of : datetime.date, optional
        The day of the progress told: nothing that has not begun starts before it.
    """

    id: str
    title: str
    parties: Mapping[str, str]
    clock: Clock
    currency: str
    unit: int = 1
    objective: str = "nash"
    weights: Mapping[str, float] = field(default_factory=dict)
    calendars: tuple[Rest, ...] = ()
    supplies: tuple[Supply, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    note: str = ""
    as_of: date | None = None

    def find_initiative(self, name: str) -> Initiative | None:
        """Return an initiative by id, or None."""
        return next((one for one in self.initiatives if one.id == name), None)
