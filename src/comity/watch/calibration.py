"""How often a pair raises alerts while nothing lasting happens, and the threshold that a stated rate asks for.

A day is quiet when no level of the pair moved by as much as counts from a quarter before it to a quarter after: known
from the data alone, a quarter later, and the same for thaw and rupture. Onsets on quiet days are resampled in blocks of
random length, so that what hangs together stays together (Politis and Romano 1994); an onset belongs to its block, and
none arises where two blocks meet. Beside a pair's own quiet past stands a simulation from the fitted model that counts
for a year of it: where the past is short, it decides.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from comity.watch.moves import YEAR, AlertRule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Calm:
    """What pairs at large do while their level stays.

    Parameters
    ----------
    activity : array (classes,)
        Scored events of a pair, rising [events a day].
    rates : array (classes, thresholds)
        Onsets at each threshold of the rule's grid [per pair and year].
    """

    activity: Numbers
    rates: Numbers


@dataclass(frozen=True)
class Calibration:
    """How often a pair raises alerts on quiet days.

    Parameters
    ----------
    years : float
        Of its own quiet past [years].
    rates : array (thresholds,)
        Onsets at each threshold of the rule's grid, or at a higher one where there are more [per pair and year]: a
        threshold so low that it is hardly ever left is passed less often.
    low, high : array (thresholds,)
        Interval that holds 90 % of the bootstrap's rates, the simulation blended in.
    """

    years: float
    rates: Numbers
    low: Numbers
    high: Numbers


@cache
def read_calm() -> Calm:
    """Return the published simulation."""
    import numpy as np

    with (Path(__file__).parent / "calm.csv").open(encoding="utf-8", newline="") as file:
        rows = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
    table = np.array(rows)
    return Calm(table[:, 0], table[:, 1:])


def find_quiet(lasting: Numbers, least: float) -> NDArray[np.bool_]:
    """Return the quiet days of a pair, (days,).

    Parameters
    ----------
    lasting : array (directions, days)
        From `measure_lasting` [points].
    least : float
        Smallest move that counts [points].

    Returns
    -------
    array (days,)
        Some direction is known, and none moved as far as counts.
    """
    import numpy as np

    known = np.isfinite(lasting)
    still = np.abs(np.nan_to_num(lasting)) < least
    return np.asarray(np.logical_and(known.any(axis=0), still.all(axis=0)), bool)


def calibrate_pair(onsets: Numbers, activity: float, rule: AlertRule, calm: Calm, seed: int = 0) -> Calibration:
    """Calibrate a pair on its quiet days.

    Parameters
    ----------
    onsets : array (days, thresholds)
        Onsets of all its streams on each quiet day [count].
    activity : float
        Scored events of the pair [events a day].
    rule : AlertRule
    calm : Calm
    seed : int
        Of the bootstrap.

    Returns
    -------
    Calibration

    References
    ----------
    `politis-romano-1994` in docs/bibliography.md
    """
    import numpy as np

    years = len(onsets) / YEAR
    large = blend_calm(activity, calm)
    drawn = resample_blocks(onsets, rule, seed) / max(years, 1e-9)
    mixed = (years * drawn + rule.prior * large) / (years + rule.prior)
    low, high = np.quantile(mixed, ENDS, axis=0)
    rates = np.maximum.accumulate(np.maximum(mixed.mean(0), 1e-12)[::-1])[::-1]
    return Calibration(years, rates, low, high)


def blend_calm(activity: float, calm: Calm) -> Numbers:
    """Return what pairs of some activity do, between the two classes beside it, (thresholds,)."""
    import numpy as np

    place = float(np.interp(np.log(max(activity, 1e-9)), np.log(calm.activity), np.arange(len(calm.activity))))
    first = min(int(place), len(calm.activity) - 2)
    share = place - first
    blended: Numbers = (1 - share) * calm.rates[first] + share * calm.rates[first + 1]
    return blended


def resample_blocks(onsets: Numbers, rule: AlertRule, seed: int) -> Numbers:
    """Resample days in blocks of geometric length, as many as there are, and sum them, (replicates, thresholds)."""
    import numpy as np

    days, often = len(onsets), rule.replicates
    if not days:
        return np.zeros((1, onsets.shape[1]))
    rng = np.random.default_rng(seed)
    drawn = rng.geometric(min(1.0, 1 / rule.block), (often, 2 + 3 * days // rule.block))
    lengths = np.diff(np.minimum(drawn.cumsum(1), days), prepend=0, axis=1)
    lengths[:, -1] += days - lengths.sum(1)
    starts = rng.integers(0, days, lengths.shape)
    row = np.arange(often)[:, None] * (2 * days + 1)
    edges = np.bincount((row + starts).ravel(), minlength=often * (2 * days + 1)) - np.bincount(
        (row + starts + lengths).ravel(), minlength=often * (2 * days + 1)
    )
    taken = edges.reshape(often, -1).cumsum(1)
    busy = np.flatnonzero(onsets.any(1))
    sums: Numbers = (taken[:, busy] + taken[:, busy + days]).astype(float) @ onsets[busy]
    return sums


def find_threshold(found: Calibration, rate: float, rule: AlertRule) -> float:
    """Return the threshold at which a pair raises so many alerts on quiet days.

    Parameters
    ----------
    found : Calibration
    rate : float
        [per pair and year].
    rule : AlertRule

    Returns
    -------
    float
        Between two thresholds of the grid in proportion to the logs of their rates [standard deviations]; where no
        threshold has so many, the one that has most.
    """
    import numpy as np

    if rate >= found.rates[0]:
        return rule.grid[int(np.flatnonzero(found.rates >= found.rates[0])[-1])]
    logs = np.log(found.rates)[::-1]
    return float(np.interp(np.log(rate), logs, np.array(rule.grid)[::-1]))


def rate_move(found: Calibration, move: float, rule: AlertRule) -> float:
    """Return how often a pair moves as far on quiet days [per pair and year].

    Beyond what was ever seen, the last rates are carried on by the slope of their logs.
    """
    import numpy as np

    grid, logs = np.array(rule.grid), np.log(found.rates)
    seen = np.flatnonzero(found.rates > found.rates[-1])
    last = int(seen[-1]) if len(seen) else 0
    if move <= grid[last] or last == 0:
        return float(np.exp(np.interp(move, grid, logs)))
    first = max(0, last - 10)
    slope = min((logs[last] - logs[first]) / max(grid[last] - grid[first], 1e-9), -0.1) if last > first else -1.0
    return float(np.exp(logs[last] + slope * (move - grid[last])))
