"""How friendly events are at a given level: the scores of a scale, tilted.

At level m the scores of events are drawn from a tilted distribution, `carrier(s) * exp(tilt(m) * s)`, whose mean is m:
an exponential family on the scale's own scores. It is bounded as the scale is, skewed near its ends and wide in the
middle, and the number of events and the sum of their scores are all that it needs from a period (Efron 2022).
A period has a tone of its own around the level (events of one period hang together).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

HALVINGS = 80


@dataclass(frozen=True)
class Tilt:
    """The family at the points of a grid.

    Parameters
    ----------
    scores : array (scores,)
        Of the scale, rising [points].
    shares : array (levels, scores)
        Probability of each score at each level; each row has the level as its mean.
    slope : array (levels,)
        Tilt [1/point].
    weight : array (levels,)
        Log of the normalising sum [nats].
    """

    scores: Numbers
    shares: Numbers
    slope: Numbers
    weight: Numbers


def tilt_scores(scores: Numbers, carrier: Numbers, levels: Numbers) -> Tilt:
    """Tilt a carrier until it has each level as its mean.

    Parameters
    ----------
    scores, carrier : array (scores,)
        Scores [points] and their shares before tilting; at least two shares above 0.
    levels : array (levels,)
        Strictly between the lowest and the highest score [points].

    Returns
    -------
    Tilt

    References
    ----------
    `efron-2022` in docs/bibliography.md
    """
    import numpy as np

    low, high = np.full(len(levels), -1e3), np.full(len(levels), 1e3)
    log_carrier = np.log(np.maximum(carrier, 1e-300))
    for _ in range(HALVINGS):
        slope = (low + high) / 2
        shares, _ = _normalise(slope[:, None] * scores + log_carrier)
        below = (shares * scores).sum(1) < levels
        low, high = np.where(below, slope, low), np.where(below, high, slope)
    shares, whole = _normalise(slope[:, None] * scores + log_carrier)
    return Tilt(scores, shares, slope, whole)


def _normalise(logs: Numbers) -> tuple[Numbers, Numbers]:
    """Return rows that sum to one, and the log of what each summed to."""
    import numpy as np

    most = logs.max(1, keepdims=True)
    weight = np.exp(logs - most)
    whole = weight.sum(1, keepdims=True)
    return weight / whole, (np.log(whole) + most)[:, 0]


def blur_levels(levels: Numbers, width: float) -> Numbers:
    """Return how a period's own tone scatters around each level, (levels, levels) [probability]."""
    distance = (levels[:, None] - levels[None, :]) / max(width, 1e-6)
    logs = -0.5 * distance**2
    return _normalise(logs)[0]


def weigh_tone(count: Numbers, total: Numbers, tilt: Tilt, blur: Numbers) -> Numbers:
    """Return the log probability of each period's scores at each level, up to what is the same at all levels.

    Parameters
    ----------
    count, total : array (pairs, periods)
        Number of scored events [count] and sum of their scores [points].
    tilt : Tilt
    blur : array (levels, levels)
        From `blur_levels`.

    Returns
    -------
    array (pairs, periods, levels)
        0 where there is no event [nats].
    """
    import numpy as np

    logs = total[..., None] * tilt.slope - count[..., None] * tilt.weight
    most = logs.max(-1, keepdims=True)
    blurred = np.log(np.maximum(np.exp(logs - most) @ blur.T, 1e-300)) + most
    return np.where(count[..., None] > 0, blurred, 0.0)
