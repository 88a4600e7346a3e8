"""Which moves last, and which days are quiet: from the data alone, the same for thaw and rupture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.watch.constants import AlertRule
from comity.watch.signal import Signal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]


def measure_lasting(signal: Signal, rule: AlertRule) -> Numbers:
    """Measure how far the quarter after each day lies from what was normal on it, (pairs, days) [points].

    The mean of the events of the `rule.lag` days that follow, drawn toward normal as if `rule.shrink` events had been
    so; nan while these days have not passed.
    """
    import numpy as np

    pairs, days = signal.shape
    far = np.full((pairs, days), np.nan)
    if days > rule.lag:
        known = np.arange(days - rule.lag)
        far[:, known] = _depart(signal, known + 1, known + 1 + rule.lag, signal.normal[:, known], rule)
    return far


def measure_recent(signal: Signal, length: int, rule: AlertRule) -> Numbers:
    """Measure how far the days up to each lie from what was normal before it, (pairs, days) [points].

    Parameters
    ----------
    signal : Signal
    length : int
        How many days, the last included; fewer at the beginning.
    rule : AlertRule
    """
    import numpy as np

    last = np.arange(signal.shape[1])
    first = np.maximum(last - length + 1, 0)
    return _depart(signal, first, last + 1, signal.normal, rule)


def _depart(signal: Signal, first: Places, end: Places, normal: Numbers, rule: AlertRule) -> Numbers:
    """Return how far spans lie from normal; ends are arrays of days."""
    import numpy as np

    count, total = (np.pad(array.cumsum(1), ((0, 0), (1, 0))) for array in (signal.count, signal.total))
    number, whole = count[:, end] - count[:, first], total[:, end] - total[:, first]
    far: Numbers = (whole - number * normal) / (number + rule.shrink)
    return far


def find_quiet(signal: Signal, rule: AlertRule, least: float) -> Flags:
    """Find the days on which neither the quarter before nor the quarter after is away from normal, (pairs, days).

    Parameters
    ----------
    signal : Signal
    rule : AlertRule
    least : float
        Smallest move that counts [points].

    Returns
    -------
    array (pairs, days)
        False too where nothing was loaded, where the pair has had too few days with events, and where the quarter
        after has not passed.
    """
    import numpy as np

    after, before = measure_lasting(signal, rule), measure_recent(signal, rule.lag, rule)
    heard = (signal.count > 0).cumsum(1) > rule.enough
    calm = (np.abs(np.nan_to_num(after)) < least) & (np.abs(before) < least)
    return np.asarray(calm & np.isfinite(after) & heard & signal.covered, bool)
