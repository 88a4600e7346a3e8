"""Which moves are alerts: thresholds by pair and quarter from what was known then, probabilities, discoveries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import expm1
from typing import TYPE_CHECKING

from comity.watch.calibration import Calibration, Calm, calibrate_pair, find_quiet, find_threshold, rate_move
from comity.watch.moves import (
    YEAR,
    AlertRule,
    count_onsets,
    find_onsets,
    find_references,
    measure_lasting,
    measure_moves,
)
from comity.watch.track import FIELDS, Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEARNING = 120  # days from the first on, in which the activity of a pair is taken anew each day
BAND = 0.1  # of probability, within which earlier alerts are such alerts
SIDES = ("thaw", "rupture")


@dataclass(frozen=True)
class Decision:
    """One move that passed its threshold.

    Parameters
    ----------
    pair : int
        Place of the pair.
    turned : bool
        Whether it is the direction from the pair's second actor to its first.
    upward : bool
        A thaw; otherwise a rupture.
    day, reference : int
        The day, and the one that its level is compared with; counted from the first of the track.
    rate : float
        Stated rate of false alarms [per pair and year].
    move, threshold : float
        [standard deviations].
    level, before, low, high : float
        Level now, and that of the reference with the interval that held 90 % of it [points].
    probability : float
        That a lasting move of the smallest size that counts has happened.
    chance : float
        That a quiet pair has such a day (p-value).
    years : float
        Of the pair's own quiet past that its threshold rests on [years].
    discovery : bool
        Whether it stands among all pairs of the day.
    alerts, borne_out : int
        Earlier alerts of about the same probability whose outcome was known that day, and how many were borne out.
    first : int or None
        Day of the first of these.
    """

    pair: int
    turned: bool
    upward: bool
    day: int
    reference: int
    rate: float
    move: float
    threshold: float
    level: float
    before: float
    low: float
    high: float
    probability: float
    chance: float
    years: float
    discovery: bool = True
    alerts: int = 0
    borne_out: int = 0
    first: int | None = None


@dataclass(frozen=True)
class Bench:
    """What decisions rest on beside the track.

    Parameters
    ----------
    rule : AlertRule
    calm : Calm
    least : float
        Smallest move that counts [points].
    start : date
        First day of the track.
    """

    rule: AlertRule
    calm: Calm
    least: float
    start: date


def decide_alerts(track: Track, bench: Bench, rate: float, since: int = 0) -> list[Decision]:
    """Decide which moves of pairs are alerts.

    Parameters
    ----------
    track : Track
        Two rows for each pair: from its first actor to its second, and back.
    bench : Bench
    rate : float
        Stated rate of false alarms [per pair and year].
    since : int
        First day that is asked for; earlier ones change nothing of what is decided later.

    Returns
    -------
    list of Decision
        In the order of days and pairs, those that do not stand among all pairs of their day too. None of a day
        depends on what came later.

    References
    ----------
    `politis-romano-1994`, `benjamini-hochberg-1995` in docs/bibliography.md
    """
    found: list[Decision] = []
    for pair in range(len(track.count) // 2):
        own = Track(*(getattr(track, name)[2 * pair : 2 * pair + 2] for name in FIELDS))
        found += _decide_pair(own, bench, rate, since, pair)
    pairs = len(track.count) // 2
    return control_discoveries(sorted(found, key=lambda one: (one.day, one.pair)), pairs, bench.rule.discovery)


def _decide_pair(own: Track, bench: Bench, rate: float, since: int, pair: int) -> list[Decision]:
    """Decide on one pair, without regard to the others."""
    import numpy as np

    rule, days = bench.rule, own.count.shape[1]
    moves = measure_moves(own, rule, bench.least).reshape(4, days)
    if not (moves[:, since:] >= rule.grid[0]).any():
        return []
    found = calibrate_days(own, moves, bench, since)
    known = {id(one): find_threshold(one, rate, rule) for one in {id(x): x for x in found if x is not None}.values()}
    bounds = np.array([known.get(id(one), np.inf) for one in found])
    onsets = find_onsets(moves, bounds, rule.rest) & np.tile(own.count > 0, (2, 1))
    back, decisions = find_references(own, rule), []
    for stream, day in zip(*np.nonzero(onsets), strict=True):
        side, way, when, one = int(stream) // 2, int(stream) % 2, int(day), found[int(day)]
        if one is None or when < since:
            continue
        was, move = int(back[way, when]), float(moves[stream, day])
        level, before, low, high = (
            float(x) for x in (own.mean[way, when], own.mean[way, was], own.low[way, was], own.high[way, was])
        )
        likely = float(np.interp(move, rule.moves, rule.chances))
        chance = -expm1(-rate_move(one, move, rule) / YEAR)
        told = (level, before, low, high, likely, chance, one.years)
        decisions.append(Decision(pair, way == 1, side == 0, when, was, rate, move, float(bounds[when]), *told))
    return decisions


def calibrate_days(own: Track, moves: Numbers, bench: Bench, since: int = 0) -> list[Calibration | None]:
    """Return what each day's threshold rests on: anew each day at first, then at the beginning of each quarter.

    Parameters
    ----------
    own : Track
        Of one pair, two rows.
    moves : array (4, days)
        From `measure_moves`.
    bench : Bench
    since : int
        Days before it get None.

    Returns
    -------
    list of Calibration or None
        For each day, from the days before its boundary alone.
    """
    import numpy as np

    rule = bench.rule
    quiet = find_quiet(measure_lasting(own, rule), bench.least)
    counted, events = count_onsets(moves, rule), own.count.sum(0).cumsum()
    known: dict[int, Calibration] = {}
    found: list[Calibration | None] = []
    for day in range(own.count.shape[1]):
        edge = find_edge(day, bench.start)
        if day < since or not events[day]:
            found.append(None)
            continue
        if edge not in known:
            usable = np.flatnonzero(quiet[: max(edge - rule.lag, 0)])
            activity = float(events[max(edge - 1, 0)]) / max(edge, 1)
            known[edge] = calibrate_pair(counted[usable], activity, rule, bench.calm)
        found.append(known[edge])
    return found


def find_edge(day: int, start: date) -> int:
    """Return the day before which data set the threshold of a day."""
    when = date.fromordinal(start.toordinal() + day)
    quarter = when.replace(month=when.month - (when.month - 1) % 3, day=1)
    edge = quarter.toordinal() - start.toordinal()
    return edge if edge >= LEARNING else min(day, LEARNING)


def control_discoveries(found: Sequence[Decision], pairs: int, share: float) -> list[Decision]:
    """Mark the decisions that stand when all pairs of a day are looked at together (Benjamini and Hochberg).

    Parameters
    ----------
    found : sequence of Decision
    pairs : int
        Pairs that were looked at.
    share : float
        Of a day's alerts that may be false.

    Returns
    -------
    list of Decision
        In the order given.

    References
    ----------
    `benjamini-hochberg-1995` in docs/bibliography.md
    """
    by_day: dict[int, dict[int, float]] = {}
    for one in found:
        best = by_day.setdefault(one.day, {})
        best[one.pair] = min(best.get(one.pair, 1.0), one.chance)
    bounds = {day: _bound_chance(sorted(best.values()), pairs, share) for day, best in by_day.items()}
    return [replace(one, discovery=one.chance <= bounds[one.day]) for one in found]


def _bound_chance(chances: Sequence[float], pairs: int, share: float) -> float:
    """Return the highest chance that stands; below 0 where none does."""
    good = [chance for n, chance in enumerate(chances, 1) if chance <= share * n / pairs]
    return max(good, default=-1.0)


def recall_past(found: Sequence[Decision], track: Track, bench: Bench) -> list[Decision]:
    """Say of each decision how earlier ones of about the same probability had fared, as far as that was known.

    Parameters
    ----------
    found : sequence of Decision
        All decisions at one rate, in the order of days.
    track : Track
    bench : Bench

    Returns
    -------
    list of Decision
        An alert is borne out when its level stood, `lag` days later, at least the smallest move that counts beyond its
        reference, in its direction.
    """
    fates = [(one, judge_decision(one, track, bench)) for one in found]
    return [_recall(one, fates, bench.rule.lag) for one in found]


def judge_decision(one: Decision, track: Track, bench: Bench) -> bool | None:
    """Say whether a decision was borne out; None while that is not known."""
    later, row = one.day + bench.rule.lag, 2 * one.pair + one.turned
    if later >= track.mean.shape[1]:
        return None
    far = float(track.mean[row, later]) - one.before
    return (far if one.upward else -far) >= bench.least


def _recall(one: Decision, fates: Iterable[tuple[Decision, bool | None]], lag: int) -> Decision:
    """Count the like decisions whose outcome was known on the day of one."""
    like = [
        (other.day, fate)
        for other, fate in fates
        if fate is not None and other.day + lag <= one.day and abs(other.probability - one.probability) <= BAND
    ]
    if not like:
        return one
    return replace(one, alerts=len(like), borne_out=sum(fate for _, fate in like), first=min(day for day, _ in like))
