"""What simulated futures say: relations over time, spirals, and how long a shock lasts."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, erf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.conduct.simulation import NOW, NOW_SHOCKED, RULES, RULES_SHOCKED, WEEK
from comity.conduct.steadiness import Z90, bound_share
from comity.reciprocity.var import Numbers

MONTH = 30.4375
KINDS = {"unfriendly": (1, 3), "friendly": (0, 2)}
"""Which fields of a week are the points of both sides."""
GESTURES = 4
BANDS = {"low90": 0.05, "low50": 0.25, "median": 0.5, "high50": 0.75, "high90": 0.95}
ARMS = {"now": NOW, "rules": RULES}


@dataclass(frozen=True)
class Gauge:
    """By what a week is judged.

    Parameters
    ----------
    hot : dict of str to float
        For unfriendly and for friendly points, the sum above which a week is hot [points].
    spiral_weeks, relation_weeks, recovery_weeks : int
    band : float
        Central share of weekly net scores that is usual [fraction].
    """

    hot: dict[str, float]
    spiral_weeks: int
    relation_weeks: int
    recovery_weeks: int
    band: float


@dataclass(frozen=True)
class Futures:
    """Simulated futures, brought down to what is reported; the last axis is (parameter draws x copies).

    Parameters
    ----------
    score : array (2, blocks, futures)
        As now and by the rules: mean score of the gestures of each block of weeks [points]; NaN without any.
    net : array (2, blocks, futures)
        Sum of scores per week [points/week].
    spirals : dict of str to array (2, weeks, futures)
        Number of spirals begun up to each week [count].
    shocked : array (4, weeks, futures)
        Net score of each week while the shock is followed [points].
    set_off : array (2, futures)
        As now and by the rules: points of unfriendly acts that the shock set off over the same weeks.
    parameters : int
        Number of parameter draws.
    """

    score: Numbers
    net: Numbers
    spirals: dict[str, NDArray[np.int64]]
    shocked: Numbers
    set_off: Numbers
    parameters: int


def measure_hot(weeks: Numbers, quantile: float) -> dict[str, float]:
    """Return the points above which a week is hot.

    Parameters
    ----------
    weeks : array (weeks, FIELDS)
        Of the record.
    quantile : float

    Returns
    -------
    dict
        For `unfriendly` and `friendly` the quantile of the sum of both sides [points]; 0 where there is no week.
    """
    found = {kind: weeks[:, list(fields)].sum(1) for kind, fields in KINDS.items()}
    return {kind: float(np.quantile(sums, quantile)) if len(sums) else 0.0 for kind, sums in found.items()}


def count_spirals(weeks: Numbers, kind: str, gauge: Gauge) -> NDArray[np.int64]:
    """Count the spirals begun up to each week.

    Parameters
    ----------
    weeks : array (..., weeks, FIELDS, futures)
    kind : str
        `unfriendly` or `friendly`.
    gauge : Gauge

    Returns
    -------
    array (..., weeks, futures)
        A spiral begins with the week that makes `spiral_weeks` hot ones in a row: both sides acted so, and their
        points together were above the bound. It lasts until a week is not hot.
    """
    first, second = (weeks[..., field, :] for field in KINDS[kind])
    hot = (first > 0) & (second > 0) & (first + second > gauge.hot[kind])
    run = np.zeros(hot.shape[:-2] + hot.shape[-1:], dtype=np.int64)
    begun = np.zeros(hot.shape, dtype=np.int64)
    for week in range(hot.shape[-2]):
        run = np.where(hot[..., week, :], run + 1, 0)
        begun[..., week, :] = run == gauge.spiral_weeks
    return np.cumsum(begun, axis=-2)


def reduce_weeks(weeks: Numbers, added: Numbers, gauge: Gauge, parameters: int) -> Futures:
    """Bring the weeks of simulated futures down to what is reported.

    Parameters
    ----------
    weeks : array (4, weeks, FIELDS, futures)
        From `comity.conduct.simulation.Simulation.run`.
    added : array (futures,)
        Points that the shock itself added.
    gauge : Gauge
    parameters : int

    Returns
    -------
    Futures
    """
    span = gauge.relation_weeks
    blocks = weeks.shape[1] // span
    held = weeks[:2, : blocks * span].reshape(2, blocks, span, *weeks.shape[2:]).sum(2, dtype=float)
    net = _net(held)
    count = held[:, :, GESTURES]
    score = np.divide(net, count, out=np.full_like(net, np.nan), where=count > 0)
    early = weeks[:, : gauge.recovery_weeks]
    spirals = {kind: count_spirals(weeks[:2], kind, gauge) for kind in KINDS}
    unfriendly = (early[:, :, 1] + early[:, :, 3]).sum(1, dtype=float)
    set_off = unfriendly[NOW_SHOCKED:] - unfriendly[:NOW_SHOCKED] - added
    return Futures(score, net / span, spirals, _net(early.astype(float)), set_off, parameters)


def join_futures(parts: list[Futures]) -> Futures:
    """Put futures of the same parameter draws together, the copies of each draw side by side."""
    count = parts[0].parameters

    def join(arrays: list[Any]) -> Any:
        split = [one.reshape(*one.shape[:-1], count, -1) for one in arrays]
        return np.concatenate(split, axis=-1).reshape(*arrays[0].shape[:-1], -1)

    return Futures(
        join([part.score for part in parts]),
        join([part.net for part in parts]),
        {kind: join([part.spirals[kind] for part in parts]) for kind in KINDS},
        join([part.shocked for part in parts]),
        join([part.set_off for part in parts]),
        count,
    )


def _net(weeks: Numbers) -> Numbers:
    """Return friendly minus unfriendly points of both sides; the fields stand on the last axis but one."""
    return np.asarray(weeks[..., 0, :] + weeks[..., 2, :] - weeks[..., 1, :] - weeks[..., 3, :])


def find_week(months: int) -> int:
    """Return the number of whole weeks in a number of months."""
    return int(months * MONTH // WEEK)


def bound_mean(values: Numbers, parameters: int) -> dict[str, Any]:
    """Return the mean over futures with its 90 % Monte Carlo interval, and the chance that it is above zero.

    Parameters
    ----------
    values : array (futures,)
        NaN where a future has no value.
    parameters : int
        Futures of one parameter draw hang together, and count as one.

    Returns
    -------
    dict
        `mean`, `low`, `high`, `probability`; None where no future has a value.
    """
    groups = values.reshape(parameters, -1)
    known = np.isfinite(groups)
    if not known.any():
        return {"mean": None, "low": None, "high": None, "probability": None}
    sums, counts = np.where(known, groups, 0.0).sum(1), known.sum(1)
    mean = sums.sum() / counts.sum()
    held = counts > 0
    spread = np.sqrt(((sums - mean * counts)[held] ** 2).sum()) / counts.sum()
    half = Z90 * float(spread)
    chance = 0.5 * (1 + erf(mean / spread / sqrt(2))) if spread > 0 else 0.5 * (1 + float(np.sign(mean)))
    return {"mean": float(mean), "low": float(mean) - half, "high": float(mean) + half, "probability": float(chance)}


def weigh_signs(values: Numbers, parameters: int) -> float:
    """Return the probability that a parameter draw is more often above zero than below.

    Parameters
    ----------
    values : array (futures,)
    parameters : int

    Returns
    -------
    float
        From a uniform prior on the share of the draws above zero among those that are not at zero, an exact sum; 0.5
        where none is.

    Examples
    --------
    >>> import numpy as np
    >>> weigh_signs(np.array([1.0, 1.0, 0.0, 0.0]), 4)
    0.875
    """
    sums = values.reshape(parameters, -1).sum(1)
    above, below = int((sums > 1e-9).sum()), int((sums < -1e-9).sum())
    total = above + below + 1
    return float(sum(comb(total, n) for n in range(above + 1)) / 2**total)


def bound_risk(hits: NDArray[np.bool_], parameters: int) -> dict[str, float | None]:
    """Return the share of futures with its 90 % Monte Carlo interval: the wider of Wilson's and that of the draws."""
    found = bound_mean(hits.astype(float), parameters)
    share = bound_share(int(hits.sum()), len(hits))
    assert share.low is not None and share.high is not None
    low, high = min(share.low, found["low"]), max(share.high, found["high"])
    return {"risk": share.value, "low": max(low, 0.0), "high": min(high, 1.0)}


def _spread(values: Numbers) -> dict[str, Any]:
    """Return mean, bands and the share of futures without a value."""
    known = values[np.isfinite(values)]
    missing = 1.0 - len(known) / len(values)
    if not len(known):
        return {"mean": None, **dict.fromkeys(BANDS), "missing": missing}
    quantiles = np.quantile(known, list(BANDS.values()))
    named = dict(zip(BANDS, map(float, quantiles), strict=True))
    return {"mean": float(known.mean()), **named, "missing": missing}


def describe_relations(futures: Futures, months: int, gauge: Gauge) -> dict[str, Any]:
    """Describe relations after so many months, as now and by the rules, and the paired difference.

    Parameters
    ----------
    futures : Futures
    months : int
    gauge : Gauge

    Returns
    -------
    dict
        `score` [points] and `net` [points/week], each with `now`, `rules` (mean, median, 50 and 90 % bands, share of
        futures without any gesture) and `difference` (mean with 90 % Monte Carlo interval, probability above 0).
    """
    block = max(find_week(months) // gauge.relation_weeks - 1, 0)
    found: dict[str, Any] = {"months": months}
    for name, values in (("score", futures.score), ("net", futures.net)):
        arms = {arm: _spread(values[place, block]) for arm, place in ARMS.items()}
        change = values[RULES, block] - values[NOW, block]
        found[name] = {**arms, "difference": bound_mean(change, futures.parameters)}
    return found


def describe_path(futures: Futures, gauge: Gauge, blocks: int) -> list[dict[str, Any]]:
    """Describe relations in each block of weeks: median and bands, as now and by the rules."""
    return [
        {"week": (n + 1) * gauge.relation_weeks, **{arm: _spread(futures.score[k, n]) for arm, k in ARMS.items()}}
        for n in range(min(blocks, futures.score.shape[1]))
    ]


def describe_spirals(futures: Futures, kind: str, months: int) -> dict[str, Any]:
    """Describe the risk of at least one spiral within so many months, and the number of spirals a year.

    Parameters
    ----------
    futures : Futures
    kind : str
        `unfriendly` or `friendly`.
    months : int

    Returns
    -------
    dict
        `now`, `rules` (`risk` with 90 % Monte Carlo interval, `a_year`), `difference` (of the risks: mean, interval)
        and `more` (of the number of spirals a year: mean, interval, probability of more, see `weigh_signs`).
    """
    week = max(find_week(months), 1) - 1
    begun = futures.spirals[kind][:, min(week, futures.spirals[kind].shape[1] - 1)]
    years = months / 12
    found: dict[str, Any] = {"months": months}
    for arm, place in ARMS.items():
        a_year = float(begun[place].mean()) / years
        found[arm] = {**bound_risk(begun[place] > 0, futures.parameters), "a_year": a_year}
    change = (begun[RULES] > 0).astype(float) - (begun[NOW] > 0)
    found["difference"] = bound_mean(change, futures.parameters)
    more = (begun[RULES] - begun[NOW]) / years
    found["more"] = {**bound_mean(more, futures.parameters), "probability": weigh_signs(more, futures.parameters)}
    return found


def describe_recovery(futures: Futures, gauge: Gauge, score: float) -> dict[str, Any]:
    """Describe how long relations stay below the usual band after one unfriendly gesture.

    Parameters
    ----------
    futures : Futures
    gauge : Gauge
    score : float
        Of the gesture [points].

    Returns
    -------
    dict
        `now` and `rules`: `left` (share of futures whose net score of the first week fell below the band), `median`,
        `low`, `high` (days until it was back, of those; 90 % of them lie between) and `not_recovered` (share of those);
        `set_off` (points of unfriendly acts that the gesture set off: mean with 90 % Monte Carlo interval).
    """
    floor = np.quantile(futures.shocked[NOW], (1 - gauge.band) / 2, axis=1)[:, None]
    found: dict[str, Any] = {}
    for arm, place, shocked in (("now", NOW, NOW_SHOCKED), ("rules", RULES, RULES_SHOCKED)):
        below = futures.shocked[shocked] < floor - 1e-6
        left = below[0]
        back = np.where((~below).any(0), (~below).argmax(0), -1)[left]
        times = (back[back >= 0] * WEEK).astype(float)
        ends = np.quantile(times, [0.05, 0.5, 0.95]).tolist() if len(times) else [None] * 3
        said = bound_mean(futures.set_off[place], futures.parameters)
        found[arm] = {
            "left": float(left.mean()),
            **dict(zip(("low", "median", "high"), ends, strict=True)),
            "not_recovered": float((back < 0).mean()) if left.any() else None,
            "set_off": {name: said[name] for name in ("mean", "low", "high")},
        }
    return {"score": score, "weeks": gauge.recovery_weeks, **found}
