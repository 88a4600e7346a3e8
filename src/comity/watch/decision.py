"""Which alarms are alerts: thresholds from what was known then, probabilities from how alerts fared, discoveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import expm1
from typing import TYPE_CHECKING

from comity.watch.calibration import Past, Quiet, choose_thresholds, learn_rates, pick_quiet, resample_rate
from comity.watch.constants import YEAR, AlertRule, Calm
from comity.watch.quiet import measure_lasting, measure_recent
from comity.watch.run import Run, find_last_alarm, measure_run
from comity.watch.signal import SIDES, Signal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

UNKNOWN = (float("nan"), float("nan"))


@dataclass(frozen=True)
class Decision:
    """One alert.

    Parameters
    ----------
    pair : int
        Place of the pair.
    upward : bool
        A thaw; otherwise a rupture.
    day : int
        Counted from the first of the signal.
    rate, reached : float
        Rate of false alarms that was asked for, and the one that the pair can reach [per pair and year].
    threshold : float
        That was passed [standard deviations].
    normal : float
        Mean score that was normal before the day [points].
    move : int
        Class of how far the last 30 days are from normal.
    chance : float
        That a quiet pair has such a day (p-value).
    years : float
        Of the pair's own quiet past that its threshold rests on [years].
    realised : tuple of float
        Alarms of this threshold on the pair's own quiet days, 90 % interval of a block bootstrap [per year]; nan
        where there are no such days.
    run : Run or None
        The days that the sum adds up; None of decisions before those that are asked for.
    probability : float
        That a lasting move has happened.
    discovery : bool
        Whether it stands among all pairs of the day.
    alerts, borne_out : int
        Earlier alerts of the same class whose outcome was known that day, and how many were borne out.
    first : int or None
        Day of the first of these.
    """

    pair: int
    upward: bool
    day: int
    rate: float
    reached: float
    threshold: float
    normal: float
    move: int
    chance: float
    years: float
    realised: tuple[float, float]
    run: Run | None = None
    probability: float = 0.0
    discovery: bool = True
    alerts: int = 0
    borne_out: int = 0
    first: int | None = None


@dataclass(frozen=True)
class Bench:
    """What decisions rest on beside the signal.

    Parameters
    ----------
    rule : AlertRule
    calm : Calm
    least : float
        Smallest move that counts [points].
    start : date
        First day of the signal.
    """

    rule: AlertRule
    calm: Calm
    least: float
    start: date


def decide_alerts(signal: Signal, bench: Bench, rate: float, since: int = 0, *, every: bool = True) -> list[Decision]:
    """Decide which alarms of pairs are alerts.

    Parameters
    ----------
    signal : Signal
    bench : Bench
    rate : float
        Stated rate of false alarms [per pair and year].
    since : int
        Earlier decisions are listed without `realised` and `run`, which take most of the time.
    every : bool
        Whether those that do not stand among all pairs of their day have them.

    Returns
    -------
    list of Decision
        In the order of days and pairs, those that do not stand among all pairs of their day too. None of a day
        depends on what came later.

    References
    ----------
    `page-1954`, `politis-romano-1994`, `benjamini-hochberg-1995`, `gibbs-candes-2021` in docs/bibliography.md
    """
    quiet = pick_quiet(signal, bench.rule, bench.least)
    pasts = learn_rates(signal, quiet, bench.rule, bench.calm, bench.start)
    chosen = choose_thresholds(pasts, quiet, rate, bench.rule)
    span = _place_days(pasts, signal.shape[1])
    recent = measure_recent(signal, bench.rule.recent, bench.rule)
    found: list[Decision] = []
    passed = _list_passed(signal, chosen, span)
    for day, pair, side, highest in passed:
        past, place = pasts[span[day]], int(chosen[span[day]][pair])
        one = _describe(signal, bench, past, (day, pair, side, place, highest))
        far = float(recent[pair, day]) / bench.least
        move = sum((far if side == 0 else -far) >= edge for edge in bench.rule.classes)
        reached = float(min(rate, past.rates[pair, -1]))
        found.append(replace(one, rate=rate, reached=reached, move=move))
    standing = control_discoveries(found, signal.shape[0], bench.rule.discovery)
    alarms: dict[int, Places] = {}
    for n, (one, (day, pair, side, _)) in enumerate(zip(standing, passed, strict=True)):
        if day >= since and (every or one.discovery):
            place = int(chosen[span[day]][pair])
            if pair not in alarms:
                alarms[pair] = signal.alarms[:, signal.alarms[1] == pair]
            last = find_last_alarm(alarms[pair], (day, pair, side, place))
            run = measure_run(signal, (day, pair, side, place), last, bench.rule)
            standing[n] = replace(one, realised=_bound_rate(quiet, pair, place, pasts[span[day]], bench.rule), run=run)
    return recall_past(standing, measure_lasting(signal, bench.rule), bench)


def _place_days(pasts: Sequence[Past], days: int) -> Places:
    """Return the place of the span of each day."""
    import numpy as np

    return np.repeat(np.arange(len(pasts)), [past.end - past.first for past in pasts])[:days]


def _list_passed(signal: Signal, chosen: list[Places], span: Places) -> list[tuple[int, int, int, int]]:
    """List day, pair, side, and the highest threshold passed, of each alarm at the threshold of its pair and day."""
    import numpy as np

    if not chosen or not signal.alarms.shape[1]:
        return []
    day, pair, side, place = signal.alarms
    code = (day * signal.shape[0] + pair) * SIDES + side
    order = np.lexsort((place, code))
    known, begun = np.unique(code[order], return_index=True)
    mine = np.sort(code[np.stack(chosen)[span[day], pair] == place])
    highest = place[order][begun][np.searchsorted(known, mine)]
    when, rest = np.divmod(mine, signal.shape[0] * SIDES)
    columns = (when, *np.divmod(rest, SIDES), highest)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _describe(signal: Signal, bench: Bench, past: Past, alarm: tuple[int, int, int, int, int]) -> Decision:
    """Describe an alarm by what was known that day."""
    day, pair, side, place, highest = alarm
    chance = -expm1(-float(past.rates[pair, highest]) / YEAR)
    normal, years = float(signal.normal[pair, day]), float(past.years[pair])
    return Decision(pair, side == 0, day, 0.0, 0.0, bench.rule.grid[place], normal, 0, chance, years, UNKNOWN)


def _bound_rate(quiet: Quiet, pair: int, place: int, past: Past, rule: AlertRule) -> tuple[float, float]:
    """Return how often the pair has raised alarms at a threshold on its own quiet days, by a block bootstrap."""
    import numpy as np

    days = np.flatnonzero(quiet.days[pair, : past.known])
    mine = (quiet.alarms[1] == pair) & (quiet.alarms[3] == place) & (quiet.alarms[0] < past.known)
    raised = np.bincount(np.searchsorted(days, quiet.alarms[0, mine]), minlength=len(days)).astype(float)
    return resample_rate(raised, rule)


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


def recall_past(found: Sequence[Decision], lasting: Numbers, bench: Bench) -> list[Decision]:
    """Say of each decision how earlier ones of its class had fared, and how likely it is therefore to be borne out.

    Parameters
    ----------
    found : sequence of Decision
        All decisions at one rate, in the order of days.
    lasting : array (pairs, days)
        From `comity.watch.quiet.measure_lasting` [points].
    bench : Bench

    Returns
    -------
    list of Decision
        An alert is borne out when the quarter that follows lies, in its direction, at least the smallest move that
        counts beyond normal. The simulation stands for `rule.belief` earlier alerts.
    """
    rule = bench.rule
    told, number, held = [], [0] * (len(rule.classes) + 1), [0] * (len(rule.classes) + 1)
    since: list[int | None] = [None] * (len(rule.classes) + 1)
    due = 0
    for one in found:
        while due < len(found) and found[due].day + rule.lag < one.day:
            old = found[due]
            fate = judge_decision(old, lasting, bench.least)
            number[old.move] += 1
            held[old.move] += bool(fate)
            since[old.move] = old.day if since[old.move] is None else since[old.move]
            due += 1
        at = one.move
        likely = (rule.belief * float(bench.calm.odds[at]) + held[at]) / (rule.belief + number[at])
        told.append(replace(one, probability=likely, alerts=number[at], borne_out=held[at], first=since[at]))
    return told


def judge_decision(one: Decision, lasting: Numbers, least: float) -> bool | None:
    """Say whether a decision was borne out; None while that is not known."""
    from math import isnan

    far = float(lasting[one.pair, one.day])
    return None if isnan(far) else (far if one.upward else -far) >= least
