"""The acts of two sides as friendly or unfriendly, one for each period, as strategies know them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.acts import Acts
from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.evidence import UNSEEN
from comity.reciprocity.machines import FRIENDLY, UNFRIENDLY

RULES = ("net", "strongest")
QUIET = {"unseen": UNSEEN, "friendly": FRIENDLY, "unfriendly": UNFRIENDLY}


@dataclass(frozen=True)
class Coding:
    """How the events of a period become one act.

    Parameters
    ----------
    rule : str
        `net`: the sign of the sum of the period's scores; `strongest`: the sign of the score farthest from zero, none
        where the farthest of both signs are equal. Scores within the scale's neutral band do not count.
    quiet : str
        What a period without any such score is: `unseen` (the act is not known; a period in which both are unseen is
        left out), `friendly` or `unfriendly`.

    Raises
    ------
    ReciprocityError
        There is no such rule or word.
    """

    rule: str = "net"
    quiet: str = "unseen"

    def __post_init__(self) -> None:
        """Check the words."""
        for name, value, known in (("rule", self.rule, RULES), ("quiet", self.quiet, tuple(QUIET))):
            if value not in known:
                raise ReciprocityError(f"there is no {name} {value!r}", todo=f"choose one of {', '.join(known)}")


@dataclass(frozen=True)
class Coded:
    """The acts of two sides by period.

    Parameters
    ----------
    starts : tuple of date
        First day of each period.
    covered : array (periods,)
        Whether anything was loaded for the period.
    acts : array (periods, 2)
        0 friendly, 1 unfriendly, -1 not seen.
    events : array (periods, 2)
        Events of each side [count].
    """

    starts: tuple[date, ...]
    covered: NDArray[np.bool_]
    acts: NDArray[np.int64]
    events: NDArray[np.int64]

    def keep(self, first: int, end: int) -> Coded:
        """Return the periods from `first` up to `end`."""
        part = slice(first, end)
        return Coded(self.starts[part], self.covered[part], self.acts[part], self.events[part])

    def drop_empty(self) -> Coded:
        """Return the periods in which at least one side's act is known."""
        chosen = (self.acts != UNSEEN).any(1)
        starts = tuple(start for start, kept in zip(self.starts, chosen, strict=True) if kept)
        return Coded(starts, self.covered[chosen], self.acts[chosen], self.events[chosen])


def code_acts(acts: Acts, start_of: Callable[[date], date], coding: Coding | None = None) -> Coded:
    """Code the acts of two sides as friendly or unfriendly, by period.

    Parameters
    ----------
    acts : Acts
    start_of : callable
        Day to the first day of its period.
    coding : Coding, optional

    Returns
    -------
    Coded
        Every period from the first day to the last; one that is not covered has no act, whatever `quiet` says.

    Examples
    --------
    >>> import numpy as np
    >>> from datetime import date
    >>> days, sender, score = np.array([0, 0, 1]), np.array([0, 0, 1]), np.array([2.0, -5.0, 3.0])
    >>> acts = Acts(("A", "B"), date(2025, 1, 1), np.ones(3, dtype=bool), days, sender, score, np.array(["", "", ""]))
    >>> code_acts(acts, lambda day: day).acts.tolist()
    [[1, -1], [-1, 0], [-1, -1]]
    """
    coding = coding or Coding()
    first_days = [start_of(acts.first + timedelta(days=n)) for n in range(acts.days)]
    starts = tuple(dict.fromkeys(first_days))
    place = {start: n for n, start in enumerate(starts)}
    period = np.array([place[day] for day in first_days], dtype=np.int64)
    covered = np.zeros(len(starts), dtype=bool)
    np.logical_or.at(covered, period, acts.covered)
    events = np.zeros((len(starts), 2), dtype=np.int64)
    np.add.at(events, (period[acts.day], acts.sender), 1)
    low, high = acts.neutral
    counted = np.isfinite(acts.score) & ((acts.score < min(low, 0.0)) | (acts.score > max(high, 0.0)))
    seats = (period[acts.day[counted]], acts.sender[counted])
    value = np.zeros((len(starts), 2))
    score = acts.score[counted]
    if coding.rule == "net":
        np.add.at(value, seats, score)
    else:
        most = np.zeros((2, *value.shape))
        for sign, strongest in zip((1.0, -1.0), most, strict=True):
            np.maximum.at(strongest, seats, sign * score)
        value = most[0] - most[1]
    value = np.round(value, 9)
    coded = np.where(value > 0, FRIENDLY, np.where(value < 0, UNFRIENDLY, QUIET[coding.quiet]))
    return Coded(starts, covered, np.where(covered[:, None], coded, UNSEEN), events)
