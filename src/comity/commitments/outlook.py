"""How likely open commitments are fulfilled by a day: the base rate, and a model where it has done better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log
from typing import Any

from comity.commitments.hazard import Hazard, fit_hazard
from comity.commitments.histories import (
    MONTH,
    History,
    name_phase,
    tally_months,
    trace_histories,
)
from comity.commitments.records import Standing

YEAR = 365
BETWEEN = 182
"""Days between two origins."""
FEWEST = 50
"""Forecasts that have to be scored, of as many commitments at least a third, before a model may be shown."""
SURE = 1.645
BINS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
FLOOR = 1e-3


@dataclass(frozen=True, slots=True)
class Trial:
    """A commitment that was open on an origin, and whether it was fulfilled within a year of it."""

    commitment: str
    origin: date
    base: float
    model: float
    came: bool


def share_jeffreys(came: float, of: float) -> tuple[float, float, float]:
    """Return the share of a count with its 90 % interval, from Jeffreys' prior.

    References
    ----------
    `brown-cai-dasgupta-2001` in docs/bibliography.md.

    Examples
    --------
    >>> share_jeffreys(0, 0)[0]
    0.5
    """
    from scipy.special import betaincinv

    a, b = came + 0.5, of - came + 0.5
    return a / (a + b), float(betaincinv(a, b, 0.05)), float(betaincinv(a, b, 0.95))


def try_origins(histories: Sequence[History], on: date, *, seed: int = 0) -> list[Trial]:
    """Forecast from each past origin, with what had happened by then, and note what came.

    Parameters
    ----------
    histories : sequence of History
    on : date
        Nothing later is seen; the last origin lies a year before.
    seed : int
        Of the model's draws.

    Returns
    -------
    list of Trial
        In order of origin and commitment. The first origin with any outcome before it is the first.

    References
    ----------
    `tashman-2000` in docs/bibliography.md.
    """
    trials: list[Trial] = []
    for origin in _list_origins(histories, on):
        past = _count_outcomes(histories, origin)
        open_then = [row for row in histories if row.is_open(origin)]
        if not past.of or not open_then:
            continue
        base = past.share()[0]
        model = fit_hazard(tally_months(histories, origin), seed=seed)
        until = origin + timedelta(days=YEAR)
        for row in open_then:
            chance = float(model.predict_chance(row.field, list(_list_phases(row, origin, until))).mean())
            done = row.fulfilled is not None and row.fulfilled <= until
            trials.append(Trial(row.commitment, origin, base, chance, done))
    return trials


def _list_origins(histories: Sequence[History], on: date) -> list[date]:
    """Return the days from which was forecast: half-years back from a year before the day."""
    first = min((row.start for row in histories), default=on)
    count = max(0, (on - timedelta(days=YEAR) - first).days // BETWEEN)
    return [on - timedelta(days=YEAR + BETWEEN * place) for place in range(count, -1, -1)] if count else []


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Outcomes known by a day: how many came, of how many, of how many commitments."""

    came: int
    of: int
    commitments: int

    def share(self) -> tuple[float, float, float]:
        """Return the share that came with its 90 % interval; outcomes of one commitment count as one observation."""
        each = self.commitments / self.of if self.of else 0.0
        return share_jeffreys(self.came * each, self.of * each)


def _count_outcomes(histories: Sequence[History], on: date) -> Outcomes:
    """Count those open on a past origin that were fulfilled within a year, and all of them; all known by the day."""
    origins = _list_origins(histories, on)
    came = of = seen = 0
    for row in histories:
        asked = [origin for origin in origins if row.is_open(origin)]
        seen += bool(asked)
        of += len(asked)
        done = row.fulfilled
        came += 0 if done is None else sum(done <= origin + timedelta(days=YEAR) for origin in asked)
    return Outcomes(came, of, seen)


def _list_phases(history: History, since: date, until: date) -> Iterator[tuple[str, float]]:
    """Yield the phase of each month between two days, with its length [months]."""
    day = since
    while day < until:
        following = min(until, day + timedelta(days=30))
        yield name_phase(history, day), (following - day).days / MONTH
        day = following


def score_trials(trials: Sequence[Trial]) -> dict[str, Any]:
    """Score the base rate and the model on the same trials.

    Returns
    -------
    dict
        `trials`, `commitments` [count], `base` and `model` (each `brier`, `log` and `reliability`: forecasts in bins
        with their mean, what came, and how many), `gain` (mean log score of the model above the base rate's [nats]),
        `error` (its standard error, by commitment), `shown` (`model` or `base rate`) and `why`.

    References
    ----------
    `brier-1950`, `gneiting-raftery-2007` in docs/bibliography.md.
    """
    result: dict[str, Any] = {"trials": len(trials), "commitments": len({one.commitment for one in trials})}
    if not trials:
        empty = {"base": None, "model": None, "gain": None, "error": None, "shown": "base rate"}
        return result | empty | {"why": "no past origin has an outcome yet"}
    for name in ("base", "model"):
        pairs = [(float(getattr(one, name)), one.came) for one in trials]
        result[name] = {
            "brier": round(sum((p - came) ** 2 for p, came in pairs) / len(pairs), 6),
            "log": round(sum(_log_score(p, came) for p, came in pairs) / len(pairs), 6),
            "reliability": list(_bin(pairs)),
        }
    gain, error = _compare(trials)
    enough = len(trials) >= FEWEST and result["commitments"] * 3 >= FEWEST
    better = gain > SURE * error
    why = (
        "the model scored better on the register's own past"
        if enough and better
        else "too few outcomes to tell whether a model would do better"
        if not enough
        else "the model did not score clearly better on the register's own past"
    )
    shown = "model" if enough and better else "base rate"
    return result | {"gain": round(gain, 6), "error": round(error, 6), "shown": shown, "why": why}


def _log_score(chance: float, came: bool) -> float:
    """Return the logarithm of what was given to what came; nothing counts as impossible."""
    held = min(1 - FLOOR, max(FLOOR, chance))
    return log(held if came else 1 - held)


def _compare(trials: Sequence[Trial]) -> tuple[float, float]:
    """Return the mean gain of the model over the base rate, and its standard error with commitments as clusters."""
    gains: dict[str, list[float]] = {}
    for one in trials:
        gains.setdefault(one.commitment, []).append(_log_score(one.model, one.came) - _log_score(one.base, one.came))
    mean = sum(sum(group) for group in gains.values()) / len(trials)
    spread = sum(sum(gain - mean for gain in group) ** 2 for group in gains.values())
    return float(mean), float(spread**0.5 / len(trials))


def _bin(pairs: Sequence[tuple[float, bool]]) -> Iterator[dict[str, Any]]:
    """Yield the forecasts of each bin: how many, their mean, and the share that came."""
    for low, high in zip(BINS, BINS[1:], strict=False):
        here = [(p, came) for p, came in pairs if low <= p < high or (high == 1.0 and p == 1.0)]
        if here:
            mean, came = (sum(column) / len(here) for column in zip(*here, strict=True))
            yield {"low": low, "high": high, "count": len(here), "forecast": round(mean, 4), "came": round(came, 4)}


def estimate_outlook(standing: Standing, on: date, *, by: date | None = None, seed: int = 0) -> dict[str, Any]:
    """Estimate how likely each open commitment is fulfilled by a day.

    The base rate is the share of those open on a past origin that were fulfilled within a year, with Jeffreys'
    interval, carried to other horizons by a constant monthly chance. The model is shown only where it scored better
    than the base rate on the register's own past; both scores are given in either case.

    Parameters
    ----------
    standing : Standing
    on : date
        Nothing later is seen.
    by : date, optional
        The day asked for; a year after `on` where left out.
    seed : int
        The same seed gives the same result.

    Returns
    -------
    dict
        `on`, `by`, `shown`, `base` (`share`, `low`, `high`, `outcomes`, `came`, `commitments`), `scores`
        (see `score_trials`), `rows` (each open commitment: `commitment`, `party`, `field`, `due`, `chance`, `low`,
        `high`, `base`) and `limits`.
    """
    histories = trace_histories(standing)
    until = by or on + timedelta(days=YEAR)
    past = _count_outcomes(histories, on)
    share, low, high = past.share()
    scores = score_trials(try_origins(histories, on, seed=seed))
    horizon = max(0, (until - on).days) / YEAR
    base = tuple(round(1 - (1 - value) ** horizon, 6) for value in (share, low, high))
    model = fit_hazard(tally_months(histories, on), seed=seed) if scores["shown"] == "model" else None
    parties = {row.id: row.party for row in standing.commitments}
    rows = [
        {
            "commitment": row.commitment,
            "party": parties[row.commitment],
            "field": row.field,
            "due": None if row.due is None else row.due.isoformat(),
            **dict(zip(("chance", "low", "high"), _predict(row, (on, until), base, model), strict=True)),
            "base": base[0],
        }
        for row in histories
        if row.is_open(on)
    ]
    return {
        "on": on.isoformat(),
        "by": until.isoformat(),
        "shown": scores["shown"],
        "base": dict(zip(("share", "low", "high"), base, strict=True))
        | {"outcomes": past.of, "came": past.came, "commitments": past.commitments},
        "scores": scores,
        "rows": rows,
        "limits": list(_list_limits(past)),
    }


def _predict(
    history: History, span: tuple[date, date], base: tuple[float, ...], model: Hazard | None
) -> tuple[float, ...]:
    """Return chance and 90 % interval: the base rate's, or the model's."""
    if model is None:
        return base
    import numpy as np

    drawn = model.predict_chance(history.field, list(_list_phases(history, *span)))
    low, high = np.quantile(drawn, (0.05, 0.95))
    return round(float(drawn.mean()), 6), round(float(low), 6), round(float(high), 6)


def _list_limits(past: Outcomes) -> Iterator[str]:
    """Yield what the outlook cannot say."""
    yield "learned from this register alone: what was entered in it, by the dates of assessments and evidence"
    yield "an assessment entered late and dated early is seen by earlier origins"
    if past.of < FEWEST or past.commitments * 3 < FEWEST:
        yield f"{past.of} past outcomes of {past.commitments} commitments: the interval is as wide as that allows"
