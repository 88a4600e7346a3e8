"""How often pairs raise alarms while nothing lasting happens, and the thresholds that a stated rate asks for.

Alarms are counted on quiet days, at each threshold of the grid. A pair's own quiet past, newer years before older ones,
stands beside that of all pairs that are looked at, and this beside a simulation: where a past is short, the others
decide. Nothing later than a quarter before a threshold's first day is used, since only then is it known which days
were quiet. Thresholds then follow the false alarms that came (Gibbs and Candès 2021), so that the stated rate holds
where the news grows denser or more erratic than it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from comity.watch.constants import YEAR, AlertRule, Calm
from comity.watch.quiet import find_quiet
from comity.watch.signal import Signal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

LEARNING = 120  # days from the first on, in which thresholds are taken anew each day
ENDS = (0.05, 0.95)
FURTHEST = 1.0  # how far feedback moves the log of a rate
FEWEST = 1.0  # false alarms a quarter, that the stated number is taken for at least


@dataclass(frozen=True)
class Past:
    """What is known on the first day of a span of thresholds.

    Parameters
    ----------
    first, end : int
        Days of the span.
    known : int
        Days whose quiet is known; later ones are not used.
    rates : array (pairs, thresholds)
        Alarms on quiet days [per pair and year].
    years : array (pairs,)
        A pair's own quiet past that this rests on [years].
    """

    first: int
    end: int
    known: int
    rates: Numbers
    years: Numbers


@dataclass(frozen=True)
class Quiet:
    """Alarms on quiet days.

    Parameters
    ----------
    days : array (pairs, days)
        Which days are quiet.
    alarms : array (4, alarms)
        Those of `Signal.alarms` on them.
    """

    days: Flags
    alarms: Places

    def count(self, first: int, end: int, thresholds: int) -> Numbers:
        """Count alarms of a span, (pairs, thresholds)."""
        import numpy as np

        counted = np.zeros((self.days.shape[0], thresholds))
        low, high = np.searchsorted(self.alarms[0], [first, end])
        np.add.at(counted, (self.alarms[1, low:high], self.alarms[3, low:high]), 1)
        return counted


def pick_quiet(signal: Signal, rule: AlertRule, least: float) -> Quiet:
    """Return the quiet days and their alarms."""
    days = find_quiet(signal, rule, least)
    return Quiet(days, signal.alarms[:, days[signal.alarms[1], signal.alarms[0]]])


def list_spans(days: int, start: date) -> list[tuple[int, int]]:
    """List spans of days with the same thresholds: each day of the first 120, then calendar quarters.

    Examples
    --------
    >>> list_spans(200, date(2020, 1, 1))[118:]
    [(118, 119), (119, 182), (182, 200)]
    """
    edges = [*range(min(days, LEARNING))]
    for day in range(LEARNING, days):
        when = date.fromordinal(start.toordinal() + day)
        if when.day == 1 and when.month % 3 == 1:
            edges.append(day)
    return list(zip(edges, [*edges[1:], days], strict=True))


def learn_rates(signal: Signal, quiet: Quiet, rule: AlertRule, calm: Calm, start: date) -> list[Past]:
    """Learn how often pairs raise alarms on quiet days, for each span of thresholds from what was known then.

    Parameters
    ----------
    signal : Signal
    quiet : Quiet
    rule : AlertRule
    calm : Calm
    start : date
        First day of the signal.

    Returns
    -------
    list of Past
        In the order of days.
    """
    import numpy as np

    pairs, days = signal.shape
    spans = list_spans(days, start)
    active = signal.count > 0
    events = np.pad(active.cumsum(1), ((0, 0), (1, 0)))
    loaded = np.pad(signal.covered.cumsum(), (1, 0))
    counted, busy, years = np.zeros((pairs, len(rule.grid))), np.zeros(pairs), np.zeros(pairs)
    found, before = [], 0
    for first, end in spans:
        known = max(first - rule.lag, 0)
        older = 0.5 ** ((known - before) / rule.half)
        own = quiet.days[:, before:known]
        counted = older * counted + quiet.count(before, known, len(rule.grid))
        busy = older * busy + (own & active[:, before:known]).sum(1)
        years = older * years + own.sum(1) / YEAR
        since = max(0, first - int(rule.lately))
        lately = (events[:, first] - events[:, since] + 1) / (loaded[first] - loaded[since] + YEAR / 12) * YEAR
        found.append(Past(first, end, known, _blend(counted, busy, lately, rule, calm), years))
        before = known
    return found


def _blend(counted: Numbers, busy: Numbers, lately: Numbers, rule: AlertRule, calm: Calm) -> Numbers:
    """Return rates by year: a pair's own past, that of all pairs, and the simulation, by days with events."""
    import numpy as np

    drawn = blend_calm(lately, calm)
    whole, number = np.sort(counted, axis=0).sum(0), np.sort(busy).sum()
    pool = (whole + rule.prior * drawn) / (number + rule.prior)
    own = (counted + rule.pool * pool) / (busy + rule.pool)[:, None]
    rates: Numbers = np.maximum.accumulate(np.maximum(own, 1e-9), axis=1) * lately[:, None]
    return rates


def blend_calm(activity: Numbers, calm: Calm) -> Numbers:
    """Return what simulated pairs of some activity do, (pairs, thresholds), between the two classes beside it.

    Parameters
    ----------
    activity : array (pairs,)
        Days with events [per year].
    calm : Calm
    """
    import numpy as np

    place = np.interp(np.log(np.maximum(activity, 1e-9)), np.log(calm.activity), np.arange(len(calm.activity)))
    first = np.minimum(place.astype(int), len(calm.activity) - 2)
    share = (place - first)[:, None]
    blended: Numbers = (1 - share) * calm.rates[first] + share * calm.rates[first + 1]
    return blended


def choose_thresholds(pasts: list[Past], quiet: Quiet, rate: float, rule: AlertRule) -> list[Places]:
    """Choose the threshold of each pair for each span: the lowest with no more false alarms than stated.

    Parameters
    ----------
    pasts : list of Past
    quiet : Quiet
    rate : float
        Stated rate of false alarms [per pair and year].
    rule : AlertRule

    Returns
    -------
    list of array (pairs,)
        Places in the grid, for each of `pasts`.

    References
    ----------
    `gibbs-candes-2021` in docs/bibliography.md
    """
    import numpy as np

    shift, due = 0.0, 0
    chosen: list[Places] = []
    for past in pasts:
        while due < len(chosen) and pasts[due].end <= past.known:
            shift = _follow_up(shift, pasts[due], chosen[due], quiet, rate, rule)
            due += 1
        chosen.append(np.maximum((past.rates <= rate * np.exp(-shift)).sum(1) - 1, 0))
    return chosen


def _follow_up(shift: float, past: Past, chosen: Places, quiet: Quiet, rate: float, rule: AlertRule) -> float:
    """Return the shift after the false alarms of a span are known."""
    import numpy as np

    if past.end - past.first < 2:  # days of the beginning, when almost nothing is known
        return shift
    rows = np.arange(len(chosen))
    years = quiet.days[:, past.first : past.end].sum(1) / YEAR
    stated = float(np.sort(np.minimum(rate, past.rates[:, -1]) * years).sum())
    came = float(quiet.count(past.first, past.end, len(rule.grid))[rows, chosen].sum())
    miss = min((came - stated) / max(stated, FEWEST), rule.feedback_most)
    return float(np.clip(shift + rule.feedback * miss, -FURTHEST, FURTHEST))


def resample_rate(alarms: Numbers, rule: AlertRule, seed: int = 0) -> tuple[float, float]:
    """Return the interval that holds 90 % of a rate when quiet days are drawn again in blocks of random length.

    Parameters
    ----------
    alarms : array (days,)
        Alarms on each quiet day [count].
    rule : AlertRule
    seed : int

    Returns
    -------
    (float, float)
        [per year]; nan without a quiet day.

    References
    ----------
    `politis-romano-1994` in docs/bibliography.md
    """
    import numpy as np

    days = len(alarms)
    if not days:
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    lengths = rng.geometric(min(1.0, 1 / rule.block), (rule.replicates, 2 + 3 * days // rule.block))
    ends = np.minimum(lengths.cumsum(1), days)
    lengths = np.diff(ends, prepend=0, axis=1)
    lengths[:, -1] += days - lengths.sum(1)
    starts = rng.integers(0, days, lengths.shape)
    added = np.pad(np.tile(alarms, 2).cumsum(), (1, 0))
    drawn = (added[starts + lengths] - added[starts]).sum(1) / (days / YEAR)
    low, high = np.quantile(drawn, ENDS)
    return float(low), float(high)
