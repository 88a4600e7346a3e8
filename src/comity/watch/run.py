"""The run of days that an alert's sum adds up: the mean score that came, and between which it raises no alarm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.watch.constants import AlertRule
from comity.watch.signal import Signal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]


@dataclass(frozen=True)
class Run:
    """The days since a sum last was at nought, weighted as the sum weighs them.

    Parameters
    ----------
    first : int
        First day, counted from that of the signal.
    days : int
        With events [count].
    events : float
        Events with a score [count].
    level, normal : float
        Mean score of an event that came, and that would have been normal [points].
    low, high : float
        Between these the mean of these days raises no alarm [points].
    reached : float
        What the sum came to [standard deviations].
    """

    first: int
    days: int
    events: float
    level: float
    normal: float
    low: float
    high: float
    reached: float


def measure_run(signal: Signal, alarm: tuple[int, int, int, int], last: int | None, rule: AlertRule) -> Run:
    """Measure the run of days that ends in an alarm.

    The sum is of the days' departures, each divided by its spread and by what has faded since, less the slack. Divided
    by the events, weighted alike, it is how far their mean score lies from normal; so is the threshold. The level
    therefore lies outside `low` to `high` whenever the sum has reached the threshold, and inside otherwise.

    Parameters
    ----------
    signal : Signal
    alarm : tuple of int
        Day, pair, side (0 for a thaw) and place of the threshold in the rule's grid; the pair has events on the day.
    last : int or None
        Day of the alarm before this one at the same threshold and on the same side, when the sum began anew.
    rule : AlertRule

    Returns
    -------
    Run
    """
    import numpy as np

    day, pair, side, place = alarm
    begin = 0 if last is None else last + 1
    heard = np.cumsum(signal.count[pair, : day + 1] > 0) > rule.enough
    active = begin + np.flatnonzero((signal.count[pair, begin : day + 1] > 0) & heard[begin:])
    loaded = np.cumsum(signal.covered[begin : day + 1])[active - begin]
    fade = np.exp((loaded - loaded[-1]) / rule.memory)
    count, total, normal = (array[pair, active] for array in (signal.count, signal.total, signal.normal))
    weight = fade / signal.spread[pair, active]
    moved = (1 if side == 0 else -1) * weight * (total - count * normal) - rule.slack * fade
    sums: Numbers = moved[::-1].cumsum()
    length = int(sums.argmax()) + 1
    count, total, normal, weight = count[-length:], total[-length:], normal[-length:], weight[-length:]
    events = float((weight * count).sum())
    usual = float((weight * count * normal).sum()) / events
    half = (rule.grid[place] + rule.slack * float(fade[-length:].sum())) / events
    return Run(
        int(active[-length]), length, float(count.sum()), float((weight * total).sum()) / events, usual, usual - half,
        usual + half, float(sums[length - 1]),
    )  # fmt: skip


def find_last_alarm(mine: Places, alarm: tuple[int, int, int, int]) -> int | None:
    """Return the day of the last alarm before one, at the same threshold and on the same side.

    Parameters
    ----------
    mine : array (4, alarms)
        Those of `Signal.alarms` of its pair.
    alarm : tuple of int
        As in `measure_run`.
    """
    day, _, side, place = alarm
    earlier = mine[0, (mine[0] < day) & (mine[2] == side) & (mine[3] == place)]
    return int(earlier[-1]) if len(earlier) else None
