"""Where pairs stand: the level and its trend with intervals, filtered or smoothed, over all kinds of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.relations.chain import Passage, smooth_chain, trace_back
from comity.relations.gestures import GestureModel, Timing, follow_kinds
from comity.relations.interval import Z90
from comity.relations.series import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

TOGETHER = 64  # pairs computed at once, which bounds the memory
LEAST = 1e-4  # probability of a kind below which what all periods say of it is left out
QUANTILES = (0.05, 0.25, 0.75, 0.95)


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


def estimate_standing(tally: Tally, timing: Timing, model: GestureModel, *, smoothed: bool = False) -> Standing:
    """Estimate where each pair stands in each period, and its trend.

    Parameters
    ----------
    tally : comity.relations.series.Tally
        Of (pairs, periods).
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
    `kitagawa-1987`, `laird-1978` in docs/bibliography.md
    """
    import numpy as np

    out = np.empty((8, *tally.count.shape))
    for part in _split(len(tally.count)):
        out[:, part] = _stand(tally.take(part), timing, model, smoothed)
    return Standing(*out)


def follow_levels(tally: Tally, timing: Timing, model: GestureModel, *, smoothed: bool = False) -> Numbers:
    """Return the distribution of each level in each period, (pairs, periods, points) [probability].

    Parameters
    ----------
    tally, timing, model, smoothed
        As in `estimate_standing`; the points are those of `model.lay_tone()`.
    """
    import numpy as np

    out = np.empty((*tally.count.shape, len(model.lay_tone().points)))
    for part in _split(len(tally.count)):
        some = tally.take(part)
        out[part] = _mix(_settle(*follow_kinds(some, timing, model), smoothed), len(some.count))
    return out


def _split(pairs: int) -> Iterator[slice]:
    """Yield the pairs in portions."""
    for first in range(0, pairs, TOGETHER):
        yield slice(first, min(first + TOGETHER, pairs))


@dataclass(frozen=True)
class _Part:
    """What one kind says of the pairs that may be of it: their places, levels (pairs, periods, points) and weights."""

    chosen: NDArray[np.int64]
    passage: Passage
    mass: Numbers
    weight: Numbers


def _settle(passages: list[Passage], weights: Numbers, smoothed: bool) -> list[_Part]:
    """Return the levels in each kind; from all periods, only of the pairs that may still be of that kind."""
    import numpy as np

    if not smoothed:
        everyone = np.arange(weights.shape[1])
        pairs = zip(passages, weights, strict=True)
        return [_Part(everyone, passage, passage.filtered, weight) for passage, weight in pairs]
    last = np.where(weights[..., -1] < LEAST, 0.0, weights[..., -1])
    last = last / last.sum(0)
    parts = []
    for passage, weight in zip(passages, last, strict=True):
        chosen = np.flatnonzero(weight)
        some = passage.take(chosen)
        parts.append(_Part(chosen, some, smooth_chain(some), np.repeat(weight[chosen, None], weights.shape[2], 1)))
    return parts


def _mix(parts: list[_Part], pairs: int) -> Numbers:
    """Return the levels whatever the kind, (pairs, periods, points)."""
    import numpy as np

    mixed = np.zeros((pairs, *parts[0].mass.shape[1:]))
    for part in parts:
        mixed[part.chosen] += part.weight[..., None] * part.mass
    return mixed


def _stand(tally: Tally, timing: Timing, model: GestureModel, smoothed: bool) -> Numbers:
    """Return where some pairs stand, (8, pairs, periods) in the order of `Standing`."""
    import numpy as np

    points, out = model.lay_tone().points, np.empty((8, *tally.count.shape))
    parts = _settle(*follow_kinds(tally, timing, model), smoothed)
    mixed = _mix(parts, len(tally.count))
    out[0] = mixed @ points
    out[1] = np.maximum(mixed @ points**2 - out[0] ** 2, 0.0)
    out[2:6] = _find_quantiles(mixed, points)
    moments = np.zeros((2, *tally.count.shape))
    for part in parts:
        moments[:, part.chosen] += part.weight * _change(part.passage, part.mass, points, timing.lag)
    out[6] = moments[0]
    out[7] = np.maximum(moments[1] - moments[0] ** 2, 0.0)
    return out


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


def _change(passage: Passage, mass: Numbers, points: Numbers, lag: int) -> Numbers:
    """Return mean and mean square of the change a period over the last `lag` periods, (2, pairs, periods)."""
    import numpy as np

    pairs, periods, size = mass.shape
    moments = np.full((2, pairs, periods), np.nan)
    powers = np.stack([np.broadcast_to(points, (pairs, size)), np.broadcast_to(points**2, (pairs, size))])
    lagged = [powers]
    for t in range(1, periods):
        lagged = [powers, *(trace_back(passage, t, value) for value in lagged[:lag])]
        then, back = lagged[-1], len(lagged) - 1
        now = mass[:, t]
        moments[0, :, t] = (now * (points - then[0])).sum(-1) / back
        moments[1, :, t] = (now * (points**2 - 2 * points * then[0] + then[1])).sum(-1) / back**2
    return moments


def smooth_jointly(tally: Tally, timing: Timing, model: GestureModel) -> tuple[Numbers, Numbers]:
    """Estimate the levels of all periods together, for the uncertainty of any change.

    Parameters
    ----------
    tally, timing, model
        As in `estimate_standing`.

    Returns
    -------
    mean : array (pairs, periods)
        Smoothed levels [points].
    covariance : array (pairs, periods, periods)
        Their joint covariance [points squared]. It costs periods squared: for some pairs, not for all.
    """
    mean, covariance, _ = _smooth(tally, timing, model, range(tally.count.shape[1]))
    return mean, covariance


def smooth_ends(tally: Tally, timing: Timing, model: GestureModel) -> tuple[Numbers, Numbers, Numbers]:
    """Estimate the levels of all periods, and of the first and the last together.

    Parameters
    ----------
    tally, timing, model
        As in `estimate_standing`.

    Returns
    -------
    mean : array (pairs, periods)
        Smoothed levels [points].
    covariance : array (pairs, 2, 2)
        Joint covariance of the first and the last level [points squared].
    last : array (pairs, points)
        Distribution of the last level on the grid of `model.lay_tone()` [probability].
    """
    ends = range(0, tally.count.shape[1], max(1, tally.count.shape[1] - 1))
    mean, covariance, last = _smooth(tally, timing, model, ends)
    picked = [0, -1]
    return mean, covariance[:, picked][:, :, picked], last


def _smooth(tally: Tally, timing: Timing, model: GestureModel, chosen: range) -> tuple[Numbers, Numbers, Numbers]:
    """Return smoothed levels, the joint covariance of those chosen, the first among them, and the last level's mass."""
    import numpy as np

    pairs, periods = tally.count.shape
    mean, joint = np.empty((pairs, periods)), np.zeros((pairs, len(chosen), len(chosen)))
    points = model.lay_tone().points
    last = np.empty((pairs, len(points)))
    for portion in _split(pairs):
        some = tally.take(portion)
        parts = _settle(*follow_kinds(some, timing, model), smoothed=True)
        mixed = _mix(parts, len(some.count))
        mean[portion], last[portion] = mixed @ points, mixed[:, -1]
        for part in parts:
            joint[portion][part.chosen] += part.weight[:, :1, None] * _multiply(part.passage, part.mass, points, chosen)
    middle = mean[:, list(chosen)]
    return mean, joint - middle[:, :, None] * middle[:, None, :], last


def _multiply(passage: Passage, mass: Numbers, points: Numbers, chosen: range) -> Numbers:
    """Return the mean product of each two levels chosen, (pairs, chosen, chosen), for one kind."""
    import numpy as np

    pairs, periods, size = mass.shape
    products = np.empty((pairs, len(chosen), len(chosen)))
    lagged = np.empty((0, pairs, size))
    for t in range(periods):
        lagged = trace_back(passage, t, lagged) if t else lagged
        if t in chosen:
            place = chosen.index(t)
            lagged = np.concatenate([lagged, np.broadcast_to(points, (1, pairs, size))])
            row = np.einsum("spg,pg->ps", lagged, mass[:, t] * points)
            products[:, place, : place + 1] = products[:, : place + 1, place] = row
    return products
