"""The constants of the detector of alerts, and what the simulation says of pairs at large."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.lexicon.published import read_published

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

YEAR = 365.25
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class AlertRule:
    """The constants of the detector; see `alerts.yml` for what each means.

    Parameters
    ----------
    lag, recent, block : int
        [days].
    replicates : int
        [count].
    memory, enough, lately, half : float
        [days].
    slack : float
        [standard deviations].
    learning, learning_most, scatter, discovery : float
        [share].
    shrink, opening : float
        [events].
    pool, prior : float
        [days with events].
    feedback, feedback_most : float
        [number].
    belief : float
        [alerts].
    classes : tuple of float
        [smallest moves that count].
    grid : tuple of float
        Thresholds, falling [standard deviations].
    """

    lag: int
    recent: int
    block: int
    replicates: int
    memory: float
    enough: float
    lately: float
    half: float
    slack: float
    learning: float
    learning_most: float
    scatter: float
    discovery: float
    shrink: float
    opening: float
    pool: float
    prior: float
    feedback: float
    feedback_most: float
    belief: float
    classes: tuple[float, ...]
    grid: tuple[float, ...]


_WHOLE = ("lag", "recent", "block", "replicates")
_YEARS = ("half", "lately")
_REAL = (
    "memory", "enough", "slack", "learning", "learning_most", "scatter", "discovery", "shrink", "opening", "pool",
    "prior", "feedback", "feedback_most", "belief",
)  # fmt: skip


@cache
def read_alert_rule() -> AlertRule:
    """Return the published constants."""
    import numpy as np

    said: dict[str, Any] = read_published(_HERE / "alerts.yml")
    values: dict[str, Any] = {name: int(said[name]["value"]) for name in _WHOLE}
    values |= {name: float(said[name]["value"]) for name in _REAL}
    values |= {name: YEAR * float(said[name]["value"]) for name in _YEARS}
    values["classes"] = tuple(float(edge) for edge in said["classes"]["value"])
    high, low, number = float(said["grid"]["high"]), float(said["grid"]["low"]), int(said["grid"]["number"])
    values["grid"] = tuple(round(float(bound), 6) for bound in np.geomspace(high, low, number))
    return AlertRule(**values)


@dataclass(frozen=True)
class Calm:
    """What simulated pairs do.

    Parameters
    ----------
    activity : array (classes,)
        Days with events, rising [per pair and year].
    rates : array (classes, thresholds)
        Alarms at each threshold of the rule's grid while the level stays [per day with events].
    odds : array (moves,)
        Share of alarms that were borne out, for each class of how far the level was from normal [probability].
    """

    activity: Numbers
    rates: Numbers
    odds: Numbers


@cache
def read_calm() -> Calm:
    """Return the published simulation."""
    import numpy as np

    table = np.array(_read_numbers("calm.csv"))
    return Calm(table[:, 0], table[:, 1:], np.array(_read_numbers("odds.csv"))[:, 1])


def _read_numbers(name: str) -> list[list[float]]:
    """Return the rows of a table of numbers, without its head."""
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
