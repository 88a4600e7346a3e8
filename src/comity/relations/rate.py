"""How many events a pair has: negative binomial counts around a hidden rate, with an offset for coverage.

The expected count is the rate times the exposure: the length of the period times how much news was loaded, in
units of a usual period. More news raises the exposure, and neither the rate nor the tone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


def weigh_counts(count: Numbers, exposure: Numbers, shape: float, log_rates: Numbers) -> Numbers:
    """Return the log probability of each count at each rate.

    Parameters
    ----------
    count : array (pairs, periods)
        Whole numbers [count].
    exposure : array (periods,)
        Weeks of usual coverage [weeks]; 0 where nothing was loaded.
    shape : float
        Of the gamma spread of a period's rate: the smaller, the more the counts scatter.
    log_rates : array (rates,)
        Points of the grid [log of events a week].

    Returns
    -------
    array (pairs, periods, rates)
        0 where nothing was loaded: such a period says nothing [nats].

    References
    ----------
    `cameron-trivedi-2013` in docs/bibliography.md
    """
    import numpy as np

    steps = np.arange(int(count.max(initial=0.0)) + 1)
    rising = np.concatenate([[0.0], np.cumsum(np.log(shape + steps[:-1]) - np.log(steps[1:]))])
    seen = exposure > 0
    mean = np.where(seen, exposure, 1.0)[:, None] * np.exp(log_rates)
    share = np.log(mean / (shape + mean))
    none = shape * np.log(shape / (shape + mean))
    logs: Numbers = rising[count.astype(int)][..., None] + none[None] + count[..., None] * share[None]
    return np.where(seen[None, :, None], logs, 0.0)


def expose_periods(coverage: Numbers, lengths: Numbers, usual: float) -> Numbers:
    """Return the exposure of each period: its length times its coverage over the usual one.

    Parameters
    ----------
    coverage : array (periods,)
        All events loaded, of whatever pair [count a period].
    lengths : array (periods,)
        Length of each period [days].
    usual : float
        Coverage of a usual period of that length [count].

    Returns
    -------
    array (periods,)
        [weeks of usual coverage]
    """
    exposure: Numbers = coverage / usual * lengths / 7.0
    return exposure
