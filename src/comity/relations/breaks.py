"""Breaks: when a level moved for good, which way, how far, how sure that is, and when it could be known.

A break is a jump of the level by at least `least`. A rise is a thaw, a fall a rupture, and both are treated alike: with
mirrored scores and a mirrored model, thaws become ruptures with the same probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.lexicon.published import read_published
from comity.relations.jumps import Blend, join_window, weigh_jumps, weigh_lately

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class BreakRule:
    """What counts as a break; see `breaks.yml`.

    Parameters
    ----------
    jumps : float
        Before any evidence [1/day].
    episodes : float
        Share of weeks that say nothing of the level [0 to 1).
    least : float
        Smallest move that counts [share of the range of scores].
    faster : float
        Smallest ratio of rates of events that counts.
    shown : float
        Probability from which a break is listed, and known.
    tail : float
        Share of the likeliest period's probability down to which periods are in the span.
    longest : float
        Span to which a break may be dated [days].
    lately : dict of str to int
        Periods back that the online probability looks, by length of a period.
    """

    jumps: float
    episodes: float
    least: float
    faster: float
    shown: float
    tail: float
    longest: float
    lately: dict[str, int]

    def share_episodes(self, days: float) -> float:
        """Return the share of periods of some days that are episodes; beyond a week, as of weeks."""
        return float(1 - (1 - self.episodes) ** min(days / 7.0, 1.0))


@cache
def read_break_rule() -> BreakRule:
    """Return the published rule."""
    said: dict[str, Any] = read_published(Path(__file__).parent / "breaks.yml")
    lately = {by: int(said["lately"][by]) for by in ("day", "week", "month")}
    names = ("jumps", "episodes", "least", "faster", "shown", "tail", "longest")
    values: dict[str, Any] = {name: float(said[name]["value"]) for name in names}
    return BreakRule(**values, lately=lately)


@dataclass(frozen=True)
class Way:
    """A rule in the units of one level and of one calendar.

    Parameters
    ----------
    least : float
        Smallest move that counts [units of the level].
    longest : int
        Span to which a break may be dated [periods].
    within : int
        Periods back that the online probability looks.
    """

    least: float
    longest: int
    within: int


@dataclass(frozen=True)
class Break:
    """A break of one level.

    Parameters
    ----------
    first, last : int
        First and last period in which it may have happened.
    upward : bool
        Whether the level rose.
    probability : float
        That it happened in this span, from all periods.
    online : float
        The highest that this probability was while it was recent, from what was known at each time.
    known : int or None
        Period at whose end it was first known; None where it is seen in hindsight only.
    before, after : float
        Level before and after [units of the level].
    size, low, high : float
        Move, and its 90 % interval, given that it happened [units of the level]. The interval holds those under two
        priors: the model's, and one that takes every level for as likely to be where a break ends.
    """

    first: int
    last: int
    upward: bool
    probability: float
    online: float
    known: int | None
    before: float
    after: float
    size: float
    low: float
    high: float


def find_breaks(blend: Blend, pair: int, way: Way, rule: BreakRule) -> list[Break]:
    """Find the breaks of one pair, in the order of time.

    The likeliest period is taken with those about it that are likely too, as long as they lead the same way; the
    probability of a break in that span is an exact sum over all paths. Then the next likeliest, and so on.

    Parameters
    ----------
    blend : comity.relations.jumps.Blend
    pair : int
        Place of the pair.
    way : Way
        In the units of the level and of the periods.
    rule : BreakRule

    Returns
    -------
    list of Break
        Those of a probability of at least `rule.shown`.

    References
    ----------
    `adams-mackay-2007`, `fearnhead-liu-2007`, `berger-1994` in docs/bibliography.md
    """
    import numpy as np

    both = np.stack(weigh_jumps(blend, pair, way.least)[::-1])
    free = np.ones(both.shape[1], bool)
    free[0] = False
    found = []
    while free.any():
        left = np.where(free, both, 0.0)
        side, peak = (int(n) for n in np.unravel_index(int(left.argmax()), left.shape))
        if left[side, peak] * way.longest < rule.shown:
            break
        first, last = _span(left, side, peak, rule.tail, way.longest)
        free[first : last + 1] = False
        one = _measure(blend, pair, (first, last), side == 1, way.least)
        if one is not None and one["probability"] >= rule.shown:
            seen = _recall(blend, pair, side == 1, (first, last), way, rule.shown)
            found.append(Break(first=first, last=last, upward=side == 1, **one, **seen))
    return sorted(found, key=lambda one: one.first)


def _span(left: Numbers, side: int, peak: int, tail: float, longest: int) -> tuple[int, int]:
    """Widen a span from the peak to the side that is likelier, as long as it is likely and leads the same way."""
    here, other = left[side], left[1 - side]
    first = last = peak
    while last - first + 1 < longest:
        sides = [
            (here[n], -abs(n - peak), n)
            for n in (first - 1, last + 1)
            if 0 < n < len(here) and here[n] >= tail * here[peak] and here[n] > other[n]
        ]
        if not sides:
            break
        chosen = max(sides)[2]
        first, last = min(first, chosen), max(last, chosen)
    return first, last


def _measure(blend: Blend, pair: int, span: tuple[int, int], upward: bool, least: float) -> dict[str, Any] | None:
    """Return probability, levels and size of a break in a span; None where it cannot have happened."""
    import numpy as np

    points = blend.points
    joint = join_window(blend, pair, *span)
    far = (points[None, :] - points[:, None]) * (1 if upward else -1)
    joint = np.where(far >= least - 1e-9 * (points[-1] - points[0]), joint, 0.0)
    whole = float(joint.sum())
    if whole <= 0.0:
        return None
    joint = joint / whole
    low, high = _bound_widely(joint, points[1] - points[0], blend.courses[0].passage.expected[pair, 0])
    return {
        "probability": min(whole, 1.0),
        "before": float(joint.sum(1) @ points),
        "after": float(joint.sum(0) @ points),
        "size": float((joint * (points[None, :] - points[:, None])).sum()),
        "low": low,
        "high": high,
    }


def _bound_widely(joint: Numbers, step: float, start: Numbers) -> tuple[float, float]:
    """Return the outer ends of the 90 % intervals of a move under two priors of where a break leads.

    One is the model's, where breaks lead toward what pairs are like at large; to the other every level is as likely.
    """
    import numpy as np

    free = joint / np.maximum(np.sqrt(start), 1e-150)
    bounds = [bound_moves(mass, step) for mass in (joint, free / free.sum())]
    return min(low for low, _ in bounds), max(high for _, high in bounds)


def bound_moves(joint: Numbers, step: float) -> tuple[float, float]:
    """Return the ends of the 90 % interval of a move.

    Parameters
    ----------
    joint : array (points, points)
        Probability of the level before (row) and after (column); sums to 1.
    step : float
        Distance of the points of the grid [units of the level].

    Returns
    -------
    low, high : float
        Quantiles of the move, the probability of each spread evenly over one step [units of the level].
    """
    import numpy as np

    size = len(joint)
    mass = np.array([np.trace(joint, offset) for offset in range(-size + 1, size)])
    edges = step * (np.arange(-size, size) + 0.5)
    below = np.concatenate([[0.0], np.cumsum(mass)])
    low, high = np.interp(ENDS, below / below[-1] + 1e-12 * np.arange(len(below)), edges)
    return float(low), float(high)


def _recall(blend: Blend, pair: int, upward: bool, span: tuple[int, int], way: Way, shown: float) -> dict[str, Any]:
    """Return how likely a break was while it was recent, and when it was first known."""
    import numpy as np

    ends = np.arange(span[0], min(span[1] + way.within, blend.periods))
    lately = weigh_lately(blend, pair, ends, way.least, way.within)[0 if upward else 1]
    known = np.flatnonzero(lately >= shown)
    return {"online": float(lately.max()), "known": int(ends[known[0]]) if len(known) else None}
