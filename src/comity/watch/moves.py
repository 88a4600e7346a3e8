"""How far a level has moved against a quarter ago, beyond the smallest move that counts, in standard deviations.

Thaw and rupture are one sum with two signs. A direction without events on a day, and a day that was not loaded, carry
what was known: nothing is scored as calm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.watch.track import Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]

YEAR = 365.25


@dataclass(frozen=True)
class AlertRule:
    """The constants of the detector; see `alerts.yml`.

    Parameters
    ----------
    lag, rest, block : int
        [days].
    enough : float
        Scored events of a direction before its level is compared with [count].
    replicates : int
        Of the bootstrap [count].
    prior : float
        What the simulation counts for [years of a pair's own quiet past].
    discovery : float
        Share of a day's alerts that may be false.
    moves, chances : tuple of float
        Points of the curve that gives the probability of a lasting move from the move that passed its threshold
        [standard deviations; probability].
    grid : tuple of float
        Thresholds that are tried, rising [standard deviations].
    """

    lag: int
    rest: int
    block: int
    enough: float
    replicates: int
    prior: float
    discovery: float
    moves: tuple[float, ...]
    chances: tuple[float, ...]
    grid: tuple[float, ...]


@cache
def read_alert_rule() -> AlertRule:
    """Return the published constants."""
    import yaml

    said: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "alerts.yml").read_text("utf-8"))
    whole = {name: int(said[name]["value"]) for name in ("lag", "rest", "block", "replicates")}
    real = {name: float(said[name]["value"]) for name in ("enough", "prior", "discovery")}
    low, high, step = (float(said["grid"][name]) for name in ("low", "high", "step"))
    grid = tuple(round(low + n * step, 6) for n in range(round((high - low) / step) + 1))
    curve = {name: tuple(float(value) for value in said["curve"][name]) for name in ("moves", "chances")}
    return AlertRule(**whole, **real, **curve, grid=grid)  # type: ignore[arg-type]


def find_references(track: Track, rule: AlertRule) -> Whole:
    """Return the day that each day's level is compared with, (pairs, days); -1 where there is none yet.

    It is `rule.lag` days before, or, in a short past, the first day on which the direction had enough events.
    """
    import numpy as np

    pairs, days = track.count.shape
    ready = track.count.cumsum(1) >= rule.enough
    first = np.where(ready.any(1), ready.argmax(1), days)[:, None]
    back = np.maximum(np.arange(days)[None, :] - rule.lag, first)
    found: Whole = np.where(back < np.arange(days)[None, :], back, -1)
    return found


def measure_moves(track: Track, rule: AlertRule, least: float) -> Numbers:
    """Measure how far levels have moved up and down beyond the smallest move that counts.

    Parameters
    ----------
    track : Track
        Of (pairs, days).
    rule : AlertRule
    least : float
        Smallest move that counts [points].

    Returns
    -------
    array (2, pairs, days)
        Up and down [standard deviations of the difference, both levels taken as independent]; nan before there is
        anything to compare with. Days without events of a direction carry the last value.
    """
    import numpy as np

    back = find_references(track, rule)
    held = np.maximum(back, 0)
    far = track.mean - np.take_along_axis(track.mean, held, 1)
    spread = np.sqrt(np.maximum(track.variance + np.take_along_axis(track.variance, held, 1), 1e-12))
    moves = np.stack([(far - least) / spread, (-far - least) / spread])
    fresh = (back >= 0) & (track.count > 0)
    last = np.maximum.accumulate(np.where(fresh, np.arange(fresh.shape[1])[None, :], -1), axis=1)
    carried = np.take_along_axis(moves, np.broadcast_to(np.maximum(last, 0), moves.shape), 2)
    return np.where(last >= 0, carried, np.nan)


def measure_lasting(track: Track, rule: AlertRule) -> Numbers:
    """Return how far each level moved from `lag` days before a day to `lag` days after it, (pairs, days) [points].

    nan where that is not known: it is, `lag` days later.
    """
    import numpy as np

    lasting = np.full(track.mean.shape, np.nan)
    back, lag = find_references(track, rule), rule.lag
    if track.mean.shape[1] > lag:
        later = np.take_along_axis(track.mean, np.maximum(back, 0), 1)
        known = back[:, :-lag] >= 0
        lasting[:, :-lag] = np.where(known, track.mean[:, lag:] - later[:, :-lag], np.nan)
    return lasting


def hold_recent(moves: Numbers, rest: int) -> Numbers:
    """Return the highest that each stream was in the days before each, (streams, days); -inf where nothing is known.

    Parameters
    ----------
    moves : array (streams, days)
        nan where nothing is known.
    rest : int
        How many days before.
    """
    import numpy as np

    padded = np.pad(np.nan_to_num(moves, nan=-np.inf), ((0, 0), (rest, 0)), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, rest, axis=1)[:, : moves.shape[1]]
    return np.asarray(windows.max(-1), float)


def find_onsets(moves: Numbers, thresholds: Numbers, rest: int) -> NDArray[np.bool_]:
    """Find the days on which moves pass a threshold that they had not reached in the days before.

    Parameters
    ----------
    moves : array (streams, days)
        nan where nothing is known.
    thresholds : array (days,)
        [standard deviations].
    rest : int
        Days before in which it had not been reached [days].

    Returns
    -------
    array (streams, days)
    """
    import numpy as np

    now = np.nan_to_num(moves, nan=-np.inf)
    onset: NDArray[np.bool_] = (now >= thresholds) & (hold_recent(moves, rest) < thresholds)
    return onset


def count_onsets(moves: Numbers, rule: AlertRule) -> Numbers:
    """Count the onsets of all streams at each threshold of the rule's grid, (days, thresholds)."""
    import numpy as np

    counted, grid = np.zeros((moves.shape[1], len(rule.grid))), np.array(rule.grid)
    before = hold_recent(moves, rule.rest)
    stream, day = np.nonzero(np.nan_to_num(moves, nan=-np.inf) > np.maximum(before, grid[0] - 1e-9))
    passed = (grid <= moves[stream, day][:, None]) & (grid > before[stream, day][:, None])
    np.add.at(counted, day, passed)
    return counted
