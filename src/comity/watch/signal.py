"""How far the acts between two states have moved from what is normal for them, summed up day by day.

What is normal is learned event by event and slowly. A day's departure is the total of its scores beyond normal, both
directions together, in units of how such totals scatter, so that a day of many reports weighs more than a day of one.
Departures are added up as in Page's scheme (1954), thaws and ruptures apart; a sum fades with time, and begins anew
when it has passed its threshold. A day that was not loaded changes nothing: no sum fades on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.watch.constants import AlertRule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

SIDES = 2  # thaw, rupture
DAILY = ("count", "total", "normal", "spread")
KEPT = ("normal", "variance", "events", "days", "sums")


@dataclass(frozen=True)
class Start:
    """What is taken for normal of a pair before any event of it.

    Parameters
    ----------
    mean : float
        Score of an event [points].
    variance : float
        Of it [points squared].
    """

    mean: float
    variance: float


@dataclass(frozen=True)
class Stand:
    """Where the sums stand after a day.

    Parameters
    ----------
    normal, variance, events, days : array (pairs,)
        What is normal [points], how the total of a day scatters [points squared], events and days with events so far
        [count].
    sums : array (2, pairs, thresholds)
        Thaw and rupture, for each threshold at which they begin anew [standard deviations].
    """

    normal: Numbers
    variance: Numbers
    events: Numbers
    days: Numbers
    sums: Numbers


@dataclass(frozen=True)
class Signal:
    """Pairs by day, arrays of shape (pairs, days), and their alarms.

    Parameters
    ----------
    count, total : array
        Events with a score [count], sum of their scores [points].
    normal, spread : array
        What was normal before the day [points], and one standard deviation of a day's total [points].
    covered : array (days,)
        Whether anything of the day was loaded.
    alarms : array (4, alarms)
        Day, pair, side (0 for a thaw) and place of the threshold of each alarm, in the order of days.
    """

    count: Numbers
    total: Numbers
    normal: Numbers
    spread: Numbers
    covered: Flags
    alarms: Places

    @property
    def shape(self) -> tuple[int, int]:
        """Return the number of pairs and of days."""
        pairs, days = self.count.shape
        return int(pairs), int(days)

    def join(self, later: Signal) -> Signal:
        """Return this with what came later behind it."""
        import numpy as np

        moved = later.alarms + np.array([[self.shape[1]], [0], [0], [0]])
        count, total, normal, spread = (
            np.concatenate([getattr(self, name), getattr(later, name)], axis=1) for name in DAILY
        )
        covered, alarms = np.concatenate([self.covered, later.covered]), np.concatenate([self.alarms, moved], axis=1)
        return Signal(count, total, normal, spread, covered, alarms)


def begin(pairs: int, start: Start, rule: AlertRule) -> Stand:
    """Return where sums stand before the first day."""
    import numpy as np

    sums = np.zeros((SIDES, pairs, len(rule.grid)))
    normal, variance = np.full(pairs, start.mean), np.full(pairs, start.variance)
    return Stand(normal, variance, np.zeros(pairs), np.zeros(pairs), sums)


def follow_days(count: Numbers, total: Numbers, covered: Flags, rule: AlertRule, stand: Stand) -> tuple[Signal, Stand]:
    """Pass through days, knowing at each only what came until then.

    Parameters
    ----------
    count, total : array (pairs, days)
        Scored events of each pair, both directions together [count], and the sum of their scores [points].
    covered : array (days,)
        Whether anything of the day was loaded.
    rule : AlertRule
    stand : Stand
        Where things stood after the day before.

    Returns
    -------
    Signal, Stand
        The same, to the last digit, whether the days are passed at once or one by one.

    References
    ----------
    `page-1954` in docs/bibliography.md
    """
    import numpy as np

    normal, spread = np.zeros(count.shape), np.zeros(count.shape)
    now, bounds, fade = stand, np.array(rule.grid), float(np.exp(-1 / rule.memory))
    alarms: list[Places] = [np.zeros((4, 0), np.int64)]
    for day in range(count.shape[1]):
        normal[:, day], spread[:, day] = now.normal, np.sqrt(now.variance)
        now = replace(now, sums=now.sums * fade) if covered[day] else now
        seen = np.flatnonzero(count[:, day])
        if len(seen):
            now, raised = _take_day(now, seen, count[seen, day], total[seen, day], rule, bounds)
            alarms.append(np.stack([np.full(raised.shape[1], day), raised[1], raised[0], raised[2]]))
    return Signal(count, total, normal, spread, covered, np.concatenate(alarms, axis=1)), now


def _take_day(
    now: Stand, seen: Places, count: Numbers, total: Numbers, rule: AlertRule, bounds: Numbers
) -> tuple[Stand, Places]:
    """Take the events of a day; returns the stand after it, and side, pair and threshold of the alarms."""
    import numpy as np

    beyond = total - count * now.normal[seen]
    at_first, before = 1 / (now.days[seen] + 1), now.events[seen] + rule.opening
    lately = np.minimum(1 - (1 - rule.learning) ** count, rule.learning_most)
    share = np.maximum(lately, np.minimum(count / (before + count), at_first))
    heard = now.days[seen] >= rule.enough
    moved = np.where(heard, beyond / np.sqrt(now.variance[seen]), 0.0)
    normal, variance, events, days, sums = (getattr(now, name).copy() for name in KEPT)
    normal[seen] += share * (beyond / count)
    variance[seen] += np.maximum(rule.scatter, at_first) * (beyond**2 - variance[seen])
    events[seen] += count
    days[seen] += 1
    added = np.maximum(0.0, sums[:, seen] + (np.stack([moved, -moved]) - rule.slack)[..., None])
    passed = added >= bounds
    side, pair, threshold = np.nonzero(passed)
    sums[:, seen] = np.where(passed, 0.0, added)
    return Stand(normal, variance, events, days, sums), np.stack([side, seen[pair], threshold])
