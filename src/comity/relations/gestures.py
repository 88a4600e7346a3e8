"""The model of directed gestures: how many, and how friendly.

Each directed pair has two hidden levels: the log of its rate of events, and its tone, the expected score of an event::

    events of a period ~ negative binomial(rate * exposure, shape)      exposure: its length times its coverage
    tone of a period   ~ around the level, width `within`               events of a period hang together
    score of an event  ~ the scale's scores, tilted to that tone        bounded as the scale is, heavy where it is wide
    rate, level        pulled toward all pairs, wandering, jumping      `comity.relations.chain`

The index is the tone's level. The number of events says how sure it is and never how high it stands: more news is not
better relations. One set of parameters serves all pairs; see `gestures.yml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from comity.relations.chain import Chain, Motion, Passage, filter_chain, lay_chain, smooth_chain, trace_back
from comity.relations.interval import Z90
from comity.relations.series import LENGTHS, STEPS, Calendar
from comity.relations.tone import Tilt, blur_levels, tilt_scores, weigh_tone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEVELS = 37  # points of the grid of levels
MARGIN = 0.05  # share of the range of scores that the grid leaves free at each end
RATES = (-5.8, 4.4, 40)  # log of events a week: first point, last point, points
TOGETHER = 512  # pairs computed at once, which bounds the memory
QUANTILES = (0.05, 0.25, 0.75, 0.95)


@dataclass(frozen=True)
class GestureModel:
    """One set of parameters for all pairs on a scale; see `gestures.yml`.

    Parameters
    ----------
    tone, rate : Motion
        Of the level [points] and of the log rate [log of events a week].
    within : float
        How far the tone of one week scatters around the level [points].
    growth : float
        Power of a period's length with which that grows, up to a week; nothing longer was measured.
    shape : float
        Of the negative binomial counts.
    scores, carrier : tuple of float
        Scores of the scale, rising [points], and their shares before tilting.
    """

    tone: Motion
    rate: Motion
    within: float
    growth: float
    shape: float
    scores: tuple[float, ...]
    carrier: tuple[float, ...]

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

    def blur(self, days: float) -> Numbers:
        """Return how the tone of a period of some days scatters around each level; beyond a week, as a week's."""
        return blur_levels(self.lay_tone().points, self.within * min(days / 7.0, 1.0) ** self.growth)


@lru_cache(maxsize=8)
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
        Middle of each period [days].
    length : float
        Usual length of a period [days].
    lag : int
        Periods over which a trend is taken.
    """

    days: Numbers
    length: float
    lag: int = 4


def time_periods(calendar: Calendar) -> Timing:
    """Return when the periods of a calendar are; a trend is taken over 7 days, 4 weeks or 3 months."""
    import numpy as np

    return Timing(np.array(calendar.middles), LENGTHS[calendar.by], STEPS[calendar.by])


@dataclass(frozen=True)
class Standing:
    """Where pairs stand by period; arrays of shape (pairs, periods) [points].

    Parameters
    ----------
    mean, variance : array
        Of the level [points, points squared].
    low, low50, high50, high : array
        Ends of the 90 and the 50 % interval.
    trend, trend_variance : array
        Change of the level a period, over the last `lag` periods [points a period]; nan in the first period.
    """

    mean: Numbers
    variance: Numbers
    low: Numbers
    low50: Numbers
    high50: Numbers
    high: Numbers
    trend: Numbers
    trend_variance: Numbers

    def bound_trend(self, z: float = Z90) -> tuple[Numbers, Numbers]:
        """Return the ends of the trend's interval, taken as normal."""
        import numpy as np

        spread = z * np.sqrt(self.trend_variance)
        return self.trend - spread, self.trend + spread


def filter_tone(count: Numbers, total: Numbers, timing: Timing, model: GestureModel) -> Passage:
    """Pass through the periods of all pairs given.

    Parameters
    ----------
    count, total : array (pairs, periods)
        Number of scored events [count] and sum of their scores [points].
    timing : Timing
    model : GestureModel

    Returns
    -------
    comity.relations.chain.Passage
        On the grid `model.lay_tone().points`.
    """
    evidence = weigh_tone(count, total, model.tilt(), model.blur(timing.length))
    return filter_chain(evidence, timing.days, model.lay_tone())


def _split(pairs: int) -> Iterator[slice]:
    """Yield the pairs in portions."""
    for first in range(0, pairs, TOGETHER):
        yield slice(first, min(first + TOGETHER, pairs))


def estimate_standing(
    count: Numbers, total: Numbers, timing: Timing, model: GestureModel, *, smoothed: bool = False
) -> Standing:
    """Estimate where each pair stands in each period, and its trend.

    Parameters
    ----------
    count, total : array (pairs, periods)
        Number of scored events [count] and sum of their scores [points].
    timing : Timing
    model : GestureModel
    smoothed : bool
        From all periods; otherwise each period from itself and those before it.

    Returns
    -------
    Standing
        The intervals are quantiles of the level's own distribution; those of the trend come from its exact mean and
        variance.

    References
    ----------
    `kitagawa-1987` in docs/bibliography.md
    """
    import numpy as np

    points = model.lay_tone().points
    out = np.empty((8, *count.shape))
    for part in _split(len(count)):
        passage = filter_tone(count[part], total[part], timing, model)
        mass = smooth_chain(passage) if smoothed else passage.filtered
        out[0, part] = mass @ points
        out[1, part] = np.maximum(mass @ points**2 - out[0, part] ** 2, 0.0)
        out[2:6, part] = _find_quantiles(mass, points)
        out[6:, part] = _find_trend(passage, mass, points, timing.lag)
    return Standing(*out)


def _find_quantiles(mass: Numbers, points: Numbers) -> Numbers:
    """Return the quantiles of a level, (quantiles, pairs, periods), its mass spread evenly around each point."""
    import numpy as np

    step = points[1] - points[0]
    below = np.cumsum(mass, axis=-1)
    found = []
    for share in QUANTILES:
        place = np.minimum((below < share).sum(-1), len(points) - 1)[..., None]
        here = np.maximum(np.take_along_axis(mass, place, -1), 1e-300)
        inside = (share - np.take_along_axis(below, place, -1) + here) / here
        found.append((points[place] + step * (np.clip(inside, 0.0, 1.0) - 0.5))[..., 0])
    return np.stack(found)


def _find_trend(passage: Passage, mass: Numbers, points: Numbers, lag: int) -> Numbers:
    """Return mean and variance of the change a period over the last `lag` periods, (2, pairs, periods)."""
    import numpy as np

    pairs, periods, size = mass.shape
    trend = np.full((2, pairs, periods), np.nan)
    powers = np.stack([np.broadcast_to(points, (pairs, size)), np.broadcast_to(points**2, (pairs, size))])
    lagged = [powers]
    for t in range(1, periods):
        lagged = [powers, *(trace_back(passage, t, value) for value in lagged[:lag])]
        then, back = lagged[-1], len(lagged) - 1
        now = mass[:, t]
        change = (now * (points - then[0])).sum(-1)
        square = (now * (points**2 - 2 * points * then[0] + then[1])).sum(-1)
        trend[0, :, t] = change / back
        trend[1, :, t] = np.maximum(square - change**2, 0.0) / back**2
    return trend


def smooth_jointly(count: Numbers, total: Numbers, timing: Timing, model: GestureModel) -> tuple[Numbers, Numbers]:
    """Estimate the levels of all periods together, for the uncertainty of any change.

    Parameters
    ----------
    count, total, timing, model
        As in `estimate_standing`.

    Returns
    -------
    mean : array (pairs, periods)
        Smoothed levels [points].
    covariance : array (pairs, periods, periods)
        Their joint covariance [points squared]. It costs periods squared: for some pairs, not for all.
    """
    import numpy as np

    points = model.lay_tone().points
    pairs, periods = count.shape
    mean, covariance = np.empty((pairs, periods)), np.empty((pairs, periods, periods))
    for part in _split(pairs):
        passage = filter_tone(count[part], total[part], timing, model)
        mass = smooth_chain(passage)
        mean[part] = mass @ points
        lagged = np.empty((0, len(mass), len(points)))
        for t in range(periods):
            here = np.broadcast_to(points, (1, len(mass), len(points)))
            lagged = np.concatenate([trace_back(passage, t, lagged), here]) if t else here
            joint = np.einsum("spg,pg->ps", lagged, mass[:, t] * points)
            joint -= mean[part, : t + 1] * mean[part, t : t + 1]
            covariance[part, t, : t + 1] = covariance[part, : t + 1, t] = joint
    return mean, covariance
