"""What the watch takes and gives: the table between it and whatever decides on alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Direction = Literal["thaw", "rupture", "stale", "fresh"]
ABOUT_PAIRS: tuple[Direction, ...] = ("thaw", "rupture")
RATES = (0.5, 1.0, 4.0)


@dataclass(frozen=True, slots=True)
class PastAlerts:
    """How such alerts have fared before.

    Parameters
    ----------
    alerts : int
        Alerts of about the same probability so far [count].
    borne_out : int
        Of these, how many were followed by what they said [count].
    since : date
        First day that is counted [UTC].
    """

    alerts: int
    borne_out: int
    since: date


@dataclass(frozen=True, slots=True)
class Normal:
    """What would have been normal.

    Parameters
    ----------
    text : str
        One sentence in plain words.
    level : float or None
        Level of the pair that was expected [points, -10 to 10].
    floor, ceiling : float or None
        Between these such a level raises no alert at the stated rate of false alarms [points].
    events : float or None
        Events that were expected in the period [count].
    """

    text: str
    level: float | None = None
    floor: float | None = None
    ceiling: float | None = None
    events: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One event behind an alert.

    Parameters
    ----------
    date : date
        Day of the event.
    sender, receiver : str
        Actor ids.
    code, label : str
        CAMEO code, and what it stands for.
    type : str or None
        PLOVER type, where the code has one.
    score : float
        On the Goldstein scale [points, -10 to 10].
    reports : int
        Rows of the publisher that tell of it [count].
    link : str or None
        Address of one report.
    ids : tuple of int
        The publisher's numbers of these rows.
    """

    date: date
    sender: str
    receiver: str
    code: str
    label: str
    type: str | None
    score: float
    reports: int
    link: str | None = None
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert, whoever decided on it.

    Parameters
    ----------
    direction : str
        `thaw` or `rupture` of a pair; `stale` or `fresh` of a source.
    day : date
        Day that the alert is about [UTC].
    slot : datetime or None
        Slot that the alert is about, where it is about one [UTC].
    source : str
        Where the events come from, such as `gdelt2`.
    pair : tuple of str or None
        Actor ids in alphabetical order; None for an alert about a source.
    sender, receiver : str
        Actor ids where one directed series moved; both empty where both directions did, and for a source.
    probability : float or None
        That what the alert says is so [0 to 1]; None where nothing is estimated.
    rate : float or None
        Stated rate of false alarms [per pair and year].
    reached : float or None
        The rate that the pair can reach, where it has too few events for the stated one [per pair and year].
    evidence : tuple of Evidence
        The events behind it that lie furthest from what would have been normal, in order of their days.
    normal : Normal or None
        What would have been normal.
    past : PastAlerts or None
        How such alerts have fared before; None where there were none to count.
    text : str
        What happened, in one plain sentence.
    since : date or None
        First of the days that the alert sums up [UTC].
    level : float or None
        Mean score that came on these days, as the alert weighs them [points].
    types, levels : tuple
        PLOVER types and levels of gestures of the events behind it, each once, in order.
    """

    direction: Direction
    day: date
    slot: datetime | None
    source: str
    pair: tuple[str, str] | None = None
    sender: str = ""
    receiver: str = ""
    probability: float | None = None
    rate: float | None = None
    reached: float | None = None
    evidence: tuple[Evidence, ...] = ()
    normal: Normal | None = None
    past: PastAlerts | None = None
    text: str = ""
    since: date | None = None
    level: float | None = None
    types: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """Return what names the decision: decided again from the same data, it is the same."""
        when = self.slot.isoformat() if self.slot else self.day.isoformat()
        if self.pair is None:
            return f"{self.direction}:{self.source}:{when}"
        who = f"{self.sender}>{self.receiver}" if self.sender else "/".join(self.pair)
        rate = f"@{self.rate:g}" if self.rate is not None else ""
        return f"{self.direction}:{self.source}:{who}:{when}{rate}"


@dataclass(frozen=True, slots=True)
class SlotCount:
    """How much of a span is there.

    Parameters
    ----------
    expected, filled, missing : int
        Slots that are due, those that were loaded, and those that are known to be missing at the publisher [count];
        the rest were not asked for yet, or could not be had.
    """

    expected: int
    filled: int
    missing: int

    @property
    def unknown(self) -> int:
        """Return how many slots say nothing: what happened in them is unknown, not calm [count]."""
        return self.expected - self.filled


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh a source is.

    Parameters
    ----------
    source : str
        Which.
    newest : datetime or None
        Newest slot that was loaded [UTC].
    age : float or None
        Time since the end of that slot [seconds].
    stale : bool or None
        Whether it is older than cadence and grace allow; None where nothing was ever loaded: unknown.
    last_day : SlotCount
        Of the slots that ended in the last 24 hours.
    """

    source: str
    newest: datetime | None
    age: float | None
    stale: bool | None
    last_day: SlotCount
