"""The linear model of the first version, kept to compare the model of gestures with.

The score of an event on the scale is taken as a draw around an unobserved level. The level of a directed pair in
period t is a constant of the pair plus a departure that fades::

    level_t  = pair + departure_t
    pair     ~ (mean, between)                      what pairs are like at large
    departure_t = fade^days * departure_{t-1} + ...  stationary with variance `within`
    mean score of the n_t events of period t ~ (level_t, event / n_t)

`event` is the variance of one event's score around the level. A pair with few events stays near what pairs are like
at large, with a wide interval; each event moves it less the noisier events are (Efron and Morris 1973; Harvey 1989,
chapter 3).
The filtered index uses what was known at the end of a period (Kalman 1960), the smoothed one all periods.
No distribution is needed for the estimate, which is the best linear one; the intervals take it to be near normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from comity.events.scale import Scale

    Numbers = NDArray[np.float64]

Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Parameters:
    """One set of parameters for all pairs; see `parameters.yml`.

    Parameters
    ----------
    mean : float
        Level of an average pair [scale points].
    between : float
        Variance of the pairs' constants [points squared].
    within : float
        Variance of the departures [points squared].
    fade : float
        Share of a departure that is left after a day [0 to 1].
    event : float
        Variance of one event's score around the level [points squared].
    low, high : float
        Ends of the scale [points].
    """

    mean: float
    between: float
    within: float
    fade: float
    event: float
    low: float = -10.0
    high: float = 10.0


@dataclass(frozen=True)
class Level:
    """Mean and variance of the level, each of shape (pairs, periods) [points, points squared]."""

    mean: Numbers
    variance: Numbers

    def bound(self, parameters: Parameters | Scale, z: float = Z90) -> tuple[Numbers, Numbers, Numbers]:
        """Return score, low and high end of the interval, within the ends of the scale."""
        import numpy as np

        spread = z * np.sqrt(np.maximum(self.variance, 0.0))
        ends = (parameters.low, parameters.high)
        return (
            np.clip(self.mean, *ends),
            np.clip(self.mean - spread, *ends),
            np.clip(self.mean + spread, *ends),
        )


def _observe(count: Numbers, total: Numbers, parameters: Parameters) -> tuple[Numbers, Numbers]:
    """Return each period's mean score and its variance; infinite where there is no event."""
    import numpy as np

    seen = count > 0
    mean = np.divide(total, count, out=np.zeros_like(total), where=seen)
    noise = np.full_like(total, np.inf)
    noise[seen] = parameters.event / count[seen]
    return mean, noise


def smooth_levels(count: Numbers, total: Numbers, days: Numbers, parameters: Parameters) -> tuple[Level, Numbers]:
    """Estimate the levels of all periods from all periods.

    Parameters
    ----------
    count : array (pairs, periods)
        Number of scored events [count].
    total : array (pairs, periods)
        Sum of their scores [points].
    days : array (periods,)
        Middle of each period [days].
    parameters : Parameters

    Returns
    -------
    Level
    covariance : array (pairs, periods, periods)
        Joint covariance of the levels, from which the uncertainty of a change follows.

    Notes
    -----
    The levels are a Gaussian process seen with noise; its posterior is solved directly, which costs
    periods cubed: use a coarser period for long spans.

    References
    ----------
    `rauch-tung-striebel-1965`, `harvey-1989` in docs/bibliography.md
    """
    import numpy as np

    mean, noise = _observe(count, total, parameters)
    prior = parameters.between + parameters.within * parameters.fade ** np.abs(days[:, None] - days[None, :])
    seen = (count > 0).astype(float)
    inner = prior[None] * seen[:, :, None] * seen[:, None, :]
    diagonal = np.where(count > 0, noise, 1.0)
    inner[:, np.arange(len(days)), np.arange(len(days))] += diagonal
    cross = prior[None] * seen[:, None, :]
    gain = np.swapaxes(np.linalg.solve(inner, np.swapaxes(cross, 1, 2)), 1, 2)
    level = parameters.mean + np.einsum("pij,pj->pi", gain, (mean - parameters.mean) * seen)
    covariance = prior[None] - gain @ np.swapaxes(cross, 1, 2)
    return Level(level, np.diagonal(covariance, axis1=1, axis2=2).copy()), covariance


def filter_levels(count: Numbers, total: Numbers, days: Numbers, parameters: Parameters) -> tuple[Level, Level]:
    """Estimate the level of each period from that period and those before it.

    Parameters
    ----------
    count, total, days, parameters
        As in `smooth_levels`.

    Returns
    -------
    filtered : Level
        With the period's own events: what was known at its end.
    predicted : Level
        Without them: what was expected of it, by which the model is checked.

    References
    ----------
    `kalman-1960` in docs/bibliography.md
    """
    import numpy as np

    mean, noise = _observe(count, total, parameters)
    pairs, periods = count.shape
    state = np.tile([parameters.mean, 0.0], (pairs, 1))
    cover = np.tile(np.diag([parameters.between, parameters.within]), (pairs, 1, 1))
    out = {name: np.empty((pairs, periods)) for name in ("f_mean", "f_var", "p_mean", "p_var")}
    for t in range(periods):
        if t:
            kept = parameters.fade ** (days[t] - days[t - 1])
            state = state * [1.0, kept]
            cover = cover * np.array([[1.0, kept], [kept, kept * kept]])
            cover[:, 1, 1] += parameters.within * (1.0 - kept * kept)
        out["p_mean"][:, t], out["p_var"][:, t] = state.sum(1), cover.sum((1, 2))
        reach = cover.sum(2)
        gain = reach / (cover.sum((1, 2)) + noise[:, t])[:, None]
        state = state + gain * (mean[:, t] - state.sum(1))[:, None]
        cover = cover - gain[:, :, None] * reach[:, None, :]
        out["f_mean"][:, t], out["f_var"][:, t] = state.sum(1), cover.sum((1, 2))
    return Level(out["f_mean"], out["f_var"]), Level(out["p_mean"], out["p_var"])


def measure_fit(count: Numbers, total: Numbers, days: Numbers, parameters: Parameters) -> tuple[float, float]:
    """Return the mean log score of one-step predictions, and the share within the 90 % interval.

    Parameters
    ----------
    count, total, days, parameters
        As in `smooth_levels`.

    Returns
    -------
    log_score : float
        Mean log density of a period's mean score, over periods with events [nats].
    coverage : float
        Share of those periods whose mean score lay within the 90 % interval.
    """
    import numpy as np

    mean, noise = _observe(count, total, parameters)
    _, expected = filter_levels(count, total, days, parameters)
    seen = count > 0
    variance = (expected.variance + noise)[seen]
    error = (mean - expected.mean)[seen]
    score = -0.5 * (np.log(2 * np.pi * variance) + error**2 / variance)
    return float(score.mean()), float((np.abs(error) <= Z90 * np.sqrt(variance)).mean())
