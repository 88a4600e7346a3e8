"""Which pairs are like a pair: the nearest by distance, border, trade and size, among those with about as much news.

The rule is published in `likeness.yml` and can be given anew. It knows no
names: two pairs are as like as their figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.lexicon.published import read_published

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FEATURES = ("distance", "border", "trade", "size", "balance")


@dataclass(frozen=True)
class LikenessRule:
    """What makes pairs alike; see `likeness.yml`.

    Parameters
    ----------
    weights : mapping of str to float
        Of each feature; 0 leaves it out.
    activity : int
        Groups by number of events.
    nearest : int
        How many pairs are taken at most.
    fewest : int
        How many there must be.
    known : float
        Share of the weights that must be known of both pairs.
    """

    weights: Mapping[str, float]
    activity: int
    nearest: int
    fewest: int
    known: float


@cache
def read_likeness_rule() -> LikenessRule:
    """Return the published rule."""
    said: dict[str, Any] = read_published(Path(__file__).parent / "likeness.yml")
    weights = {name: float(said["weights"][name]["value"]) for name in FEATURES}
    whole = {name: int(said[name]["value"]) for name in ("activity", "nearest", "fewest")}
    return LikenessRule(weights, **whole, known=float(said["known"]["value"]))


def measure_unlikeness(
    one: Numbers, others: Numbers, ranges: Numbers, weights: Sequence[float], known: float
) -> Numbers:
    """Measure how unlike a pair others are, by Gower's coefficient.

    Parameters
    ----------
    one : array (features,)
        Of the pair; nan where not known.
    others : array (pairs, features)
        Of the others.
    ranges : array (features,)
        Range of each feature; above 0.
    weights : sequence of float
        Of the features.
    known : float
        Share of the weights that must be known of both.

    Returns
    -------
    array (pairs,)
        0 for the same figures, 1 for the ends of every range; nan where too little is known.

    References
    ----------
    `gower-1971` in docs/bibliography.md
    """
    import numpy as np

    apart = np.abs(others - one) / ranges
    weight = np.where(np.isnan(apart), 0.0, np.asarray(weights, float))
    whole = weight.sum(1)
    enough = whole >= known * float(np.sum(weights))
    far = (np.where(np.isnan(apart), 0.0, apart) * weight).sum(1)
    unlike: Numbers = np.where(enough & (whole > 0), far / np.maximum(whole, 1e-300), np.nan)
    return unlike


def choose_like(features: Numbers, events: Numbers, place: int, ranges: Numbers, rule: LikenessRule) -> list[int]:
    """Choose the pairs that are like one, nearest first.

    Parameters
    ----------
    features : array (pairs, features)
        In the order of `FEATURES`; nan where not known.
    events : array (pairs,)
        [count]
    place : int
        The pair.
    ranges : array (features,)
        Range of each feature over all pairs of states.
    rule : LikenessRule

    Returns
    -------
    list of int
        Places; empty where fewer than `rule.fewest` can be compared.
    """
    import numpy as np

    weights = [rule.weights[name] for name in FEATURES]
    unlike = measure_unlikeness(features[place], features, ranges, weights, rule.known)
    cuts = np.quantile(events, np.arange(1, rule.activity) / rule.activity)
    group = np.searchsorted(cuts, events, side="left")
    able = (group == group[place]) & ~np.isnan(unlike)
    able[place] = False
    order = [int(n) for n in np.lexsort((np.arange(len(unlike)), unlike)) if able[n]]
    return order[: rule.nearest] if len(order) >= rule.fewest else []
