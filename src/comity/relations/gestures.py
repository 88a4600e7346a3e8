"""The model of directed gestures: how many, and how friendly.

Each directed pair has two hidden levels: the log of its rate of events, and its tone, the expected score of an event::

    events of a period ~ negative binomial(rate * exposure, shape)      exposure: its length times its coverage
    tone of a period   ~ around the level, width `within`               events of a period hang together
    score of an event  ~ the scale's scores, tilted to that tone        bounded as the scale is, heavy where it is wide
    rate, level        pulled toward all pairs, wandering, jumping      `comity.relations.chain`

Pairs differ in kind: some are steady and some are not, some act within a narrow range and some within a wide one. Which
kind a pair is of is learned from its own events, from shares that are the same for all pairs.

The index is the tone's level. The number of events says how sure it is and never how high it stands: more news is not
better relations. One set of parameters serves all pairs; see `gestures.yml`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from comity.relations.chain import Chain, Motion, Passage, filter_chain, lay_chain
from comity.relations.series import LENGTHS, STEPS, Calendar, RelationsError, Tally
from comity.relations.tone import Tilt, blur_levels, tilt_scores, weigh_tone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEVELS = 37  # points of the grid of levels
MARGIN = 0.05  # share of the range of scores that the grid leaves free at each end
RATES = (-5.8, 4.4, 40)  # log of events a week: first point, last point, points


@dataclass(frozen=True)
class Kind:
    """What the tone of a pair may be like.

    Parameters
    ----------
    share : float
        Of all pairs [probability].
    jumps : float
        Jumps of the level [1/day].
    within : float
        How far the tone of one period scatters around the level [points].
    breadth : float
        How much wider than usual the scores scatter at a given tone [1/points squared]; below 0: narrower.
    """

    share: float
    jumps: float
    within: float
    breadth: float


@dataclass(frozen=True)
class Pace:
    """What the rate of a pair may be like: its share of all pairs [probability] and its jumps [1/day]."""

    share: float
    jumps: float


@dataclass(frozen=True)
class GestureModel:
    """One set of parameters for all pairs on a scale; see `gestures.yml`.

    Parameters
    ----------
    tone, rate : Motion
        Of the level [points] and of the log rate [log of events a week].
    within : float
        How far the tone of one period scatters around the level [points].
    shape : float
        Of the negative binomial counts.
    scores, carrier : tuple of float
        Scores of the scale, rising [points], and their shares before tilting.
    kinds, paces : tuple of Kind, of Pace
        What pairs may be like; where there are none, all are like `tone`, `within` and `rate`.
    """

    tone: Motion
    rate: Motion
    within: float
    shape: float
    scores: tuple[float, ...]
    carrier: tuple[float, ...]
    kinds: tuple[Kind, ...] = ()
    paces: tuple[Pace, ...] = ()

    def lay_tone(self) -> Chain:
        """Return the motion of the level on its grid."""
        low, high = self.scores[0], self.scores[-1]
        free = MARGIN * (high - low)
        return lay_chain(low + free, high - free, LEVELS, self.tone)

    def lay_rate(self) -> Chain:
        """Return the motion of the log rate on its grid."""
        return lay_chain(*RATES, self.rate)

    def tilt(self) -> Tilt:
        """Return the scores' distribution at each level of the grid."""
        return _tilt(self)

    def blur(self) -> Numbers:
        """Return how the tone of a period scatters around each level."""
        return blur_levels(self.lay_tone().points, self.within)

    def list_kinds(self) -> tuple[Kind, ...]:
        """Return the kinds; the one that the model itself describes where there are none."""
        return self.kinds or (Kind(1.0, self.tone.jumps, self.within, 0.0),)

    def list_paces(self) -> tuple[Pace, ...]:
        """Return the paces, likewise."""
        return self.paces or (Pace(1.0, self.rate.jumps),)

    def pick_kind(self, kind: Kind) -> GestureModel:
        """Return the model of pairs of one kind only."""
        from math import exp

        wide = (share * exp(kind.breadth * score**2) for share, score in zip(self.carrier, self.scores, strict=True))
        tone = replace(self.tone, jumps=kind.jumps)
        return replace(self, tone=tone, within=kind.within, carrier=tuple(wide), kinds=())

    def pick_pace(self, pace: Pace) -> GestureModel:
        """Return the model of pairs of one pace only."""
        return replace(self, rate=replace(self.rate, jumps=pace.jumps), paces=())


@lru_cache(maxsize=64)
def _tilt(model: GestureModel) -> Tilt:
    """Tilt the carrier of a model once."""
    import numpy as np

    return tilt_scores(np.array(model.scores), np.array(model.carrier), model.lay_tone().points)


@dataclass(frozen=True)
class Timing:
    """When the periods of a series are.

    Parameters
    ----------
    days : array (periods,)
        Middle of each period, rising [days].
    length : float
        Usual length of a period [days].
    lag : int
        Periods over which a trend is taken.

    Raises
    ------
    comity.relations.series.RelationsError
        The days do not rise, or there are none.
    """

    days: Numbers
    length: float
    lag: int = 4

    def __post_init__(self) -> None:
        """Check the days."""
        import numpy as np

        if len(self.days) == 0:
            raise RelationsError("there are no periods", why="an index needs a span", todo="load events first")
        gaps = np.diff(self.days)
        if not (gaps > 0).all():
            first = int(np.argmin(gaps > 0))
            raise RelationsError(
                f"period {first + 1} is at day {self.days[first + 1]:g}, not after day {self.days[first]:g}",
                why="each period stands once, in the order of time",
                todo="add up the events of the same period, and sort",
            )


def time_periods(calendar: Calendar) -> Timing:
    """Return when the periods of a calendar are; a trend is taken over 7 days, 4 weeks or 3 months."""
    import numpy as np

    return Timing(np.array(calendar.middles), LENGTHS[calendar.by], STEPS[calendar.by])


def follow_kinds(tally: Tally, timing: Timing, model: GestureModel) -> tuple[list[Passage], Numbers]:
    """Pass through the periods of all pairs, once as if all were of each kind.

    Parameters
    ----------
    tally : comity.relations.series.Tally
    timing : Timing
    model : GestureModel

    Returns
    -------
    passages : list of comity.relations.chain.Passage
        One for each kind, on the grid `model.lay_tone().points`.
    weights : array (kinds, pairs, periods)
        How likely each kind is after each period [probability].
    """
    import numpy as np

    kinds, passages = model.list_kinds(), []
    seen: dict[tuple[float, float], Numbers] = {}  # kinds that differ in their jumps alone see the same
    for kind in kinds:
        one, like = model.pick_kind(kind), (kind.within, kind.breadth)
        if like not in seen:
            seen[like] = weigh_tone(tally.count, tally.total, one.tilt(), one.blur())
            seen[like] += kind.breadth * tally.square[..., None]
        passages.append(filter_chain(seen[like], timing.days, one.lay_tone()))
    shares = np.log([kind.share for kind in kinds])
    return passages, weigh_kinds(np.stack([passage.log_score for passage in passages]), shares)


def weigh_kinds(log_scores: Numbers, log_shares: Numbers) -> Numbers:
    """Return how likely each kind is after each period, (kinds, pairs, periods), from log scores of that shape."""
    import numpy as np

    logs = log_scores.cumsum(-1) + log_shares[:, None, None]
    weights = np.exp(logs - logs.max(0))
    shares: Numbers = weights / weights.sum(0)
    return shares
