"""What the index says of one pair, beside pairs like it, and of a group, inside and outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comity.integration.indices.errors import TooLittleKnown
from comity.integration.indices.movement import estimate_movement
from comity.integration.indices.pairindex import INTERVAL, PairIndex, split_pair, weigh_pairs
from comity.integration.indices.pairs import find_like, name_pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIKE = 10
DIGITS = 2
Reading = dict[str, Any]


def describe_pair(pairs: PairIndex, a: str, b: str, like: int = LIKE) -> dict[str, Any]:
    """Describe a pair: index, dimensions and indicators, each with its interval, beside the pairs most like it.

    Parameters
    ----------
    pairs : PairIndex
    a, b : str
        Actor ids, in any order.
    like : int
        How many pairs to set beside it.

    Returns
    -------
    dict
        `pair`, `index` and `dimensions` (each with `id`, `title`, `score`, `low`, `high` [points of the index; 90 %],
        `low_bound`, `high_bound` (every unknown at its worst and best), `known`, `of` [indicators], `like_low`,
        `like_median`, `like_high`), `indicators` (each with `id`, `title`, `dimension`, `unit`, `value`, `least`,
        `most` (what is known of an unknown), `score`, `slope`, `gain`), `like` (pairs with `a`, `b`, `score`,
        `low`, `high` and `dimensions`), `pairs` and `below`
        (how many pairs there are, and the share of them that lies below [1]).

    Raises
    ------
    IndicatorError, TooLittleKnown
        No such state; too few indicators known.
    """
    import numpy as np

    row = pairs.find_row(a, b)
    near = find_like(pairs.conditions, row, like)
    scores = pairs.index.scores
    readings = _read_aggregates(pairs, row, near)
    return {
        "pair": list(split_pair(name_pair(a, b))),
        "index": readings[-1],
        "dimensions": _order(pairs, readings[:-1]),
        "indicators": _list_indicators(pairs, row),
        "like": _list_like(pairs, near),
        "pairs": len(scores),
        "below": round(float(np.mean(scores[:, -1] < scores[row, -1])), 4),
    }


def _order(pairs: PairIndex, readings: Sequence[Reading]) -> list[Reading]:
    """Return dimensions in the order in which the specification's indicators name them."""
    first: dict[str, int] = {}
    for place, item in enumerate(pairs.index.specification.indicators):
        first.setdefault(item.parent, place)
    return sorted(readings, key=lambda reading: first.get(reading["id"], -1))


def _read_aggregates(pairs: PairIndex, row: int, near: NDArray[np.int_]) -> list[Reading]:
    """Return the reading of every aggregate of a pair; the last is the index."""
    import numpy as np

    index = pairs.index
    drawn = pairs.sampler.draw_scores(np.array([row]))[:, 0]
    low, high = np.quantile(drawn, INTERVAL, axis=1)
    bounds = index.find_bounds()
    missing = index.works["denominate"].panel.find_missing()[row]
    readings = []
    for place, node in enumerate(index.specification.aggregates):
        score = float(index.scores[row, place])
        below = _find_leaves(pairs, node.id)
        reading = {
            "id": node.id,
            "title": node.title or node.id,
            "score": _round(score),
            "low": _round(min(low[place], score)),
            "high": _round(max(high[place], score)),
            "low_bound": _round(bounds[0][row, place]),
            "high_bound": _round(bounds[1][row, place]),
            "known": int((~missing[below]).sum()),
            "of": len(below),
        }
        beside = np.quantile(index.scores[near, place], [0, 0.5, 1]) if len(near) else [None] * 3
        names = ("like_low", "like_median", "like_high")
        readings.append(reading | {name: _round(value) for name, value in zip(names, beside, strict=True)})
    return readings


def _find_leaves(pairs: PairIndex, node: str) -> list[int]:
    """Return the places of the indicators under an aggregate."""
    parents = {item.id: item.parent for item in pairs.index.specification.aggregates}

    def lies_under(parent: str) -> bool:
        return parent == node or bool(parent and lies_under(parents[parent]))

    return [place for place, item in enumerate(pairs.index.specification.indicators) if lies_under(item.parent)]


def _list_indicators(pairs: PairIndex, row: int) -> list[dict[str, Any]]:
    """Return the indicators of a pair with what is known of each, and what would move the index."""
    import numpy as np

    index = pairs.index
    moves = {move["indicator"]: move for move in estimate_movement(index, index.units[row]).to_pylist()}
    panel, placed = index.works["screen"].panel, index.works["normalise"].panel.values
    least, most = panel.find_bounds()
    listed = []
    for place, item in enumerate(index.specification.indicators):
        unknown = bool(np.isnan(panel.values[row, place]))
        listed.append(
            {
                "id": item.id,
                "title": item.title or item.id,
                "dimension": item.parent,
                "unit": item.unit,
                "value": None if unknown else _trim(panel.values[row, place]),
                "least": _trim(least[row, place]) if unknown else None,
                "most": _trim(most[row, place]) if unknown else None,
                "score": None if unknown else _round(placed[row, place]),
                "slope": _trim(moves[item.id]["slope"], 4),
                "gain": _round(moves[item.id]["gain"]),
            }
        )
    return listed


def _list_like(pairs: PairIndex, near: NDArray[np.int_]) -> list[dict[str, Any]]:
    """Return the pairs set beside another, each with its interval."""
    import numpy as np

    index = pairs.index
    if not len(near):
        return []
    ends = np.quantile(pairs.sampler.draw_scores(near)[-1], INTERVAL, axis=1)
    listed = []
    for number, row in enumerate(near.tolist()):
        dimensions = {
            node.id: _round(index.scores[row, place]) for place, node in enumerate(index.specification.aggregates)
        }
        a, b = split_pair(index.units[row])
        score = index.scores[row, -1]
        low, high = _round(min(ends[0, number], score)), _round(max(ends[1, number], score))
        listed.append({"a": a, "b": b, "score": _round(score), "low": low, "high": high, "dimensions": dimensions})
    return listed


def describe_group(
    pairs: PairIndex, members: Sequence[str], sizes: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Describe a group of states: the mean of its pairs, inside, and with the states outside.

    A group of two is the pair. Pairs of which too little is known are left out of the score; they widen the interval
    as if they lay at either end of the scale.

    Parameters
    ----------
    pairs : PairIndex
    members : sequence of str
        Actor ids.
    sizes : mapping of str to float, optional
        Pairs count by the product of both sizes; equally where left out.

    Returns
    -------
    dict
        `members`, `inside` and `outside` (each a list, the index first, then its dimensions: `id`, `title`,
        `score`, `low`, `high` [points of the index; 90 %]), `pairs` within the group and
        `left_out` (pairs without an index).

    Raises
    ------
    IndicatorError, TooLittleKnown
        Fewer than two members, a member twice or unknown; no pair with an index.
    """
    import numpy as np

    for member in members:
        pairs.check_state(member)
    within, shares = weigh_pairs(members, sizes)
    others = [state for state in pairs.states.ids if state not in members]
    if sizes is not None:
        others = [state for state in others if sizes.get(state, 0) > 0]
    across = [(member, other) for member in sorted(members) for other in others]
    weight = np.array([1.0 if sizes is None else sizes[a] * sizes[b] for a, b in across])
    return {
        "members": sorted(members),
        "inside": _average(pairs, within, shares),
        "outside": _average(pairs, across, weight / weight.sum()) if across else [],
        "pairs": len(within),
        "left_out": [list(pair) for pair in within if name_pair(*pair) not in pairs.rows],
    }


def _average(pairs: PairIndex, listed: Sequence[tuple[str, str]], shares: NDArray[np.float64]) -> list[Reading]:
    """Return the weighted mean of some pairs, with interval."""
    import numpy as np

    has = np.array([name_pair(*pair) in pairs.rows for pair in listed])
    known = float(shares[has].sum())
    if not known > 0:
        raise TooLittleKnown("no pair of the group has an index", todo="see each pair's foundations")
    rows = np.array([pairs.rows[name_pair(*pair)] for pair, there in zip(listed, has, strict=True) if there])
    weights = shares[has] / known
    scores = weights @ pairs.index.scores[rows]
    low, high = np.quantile(pairs.sampler.average_scores(rows, weights), INTERVAL, axis=1)
    readings = [
        {
            "id": node.id,
            "title": node.title or node.id,
            "score": _round(scores[place]),
            "low": _round(known * min(low[place], scores[place])),
            "high": _round(known * max(high[place], scores[place]) + 100 * (1 - known)),
        }
        for place, node in enumerate(pairs.index.specification.aggregates)
    ]
    return [readings[-1], *_order(pairs, readings[:-1])]


def _round(value: Any) -> float | None:
    """Return points of the index as they are shown; None stays."""
    return None if value is None else round(float(value), DIGITS) + 0.0


def _trim(value: float | None, digits: int = 6) -> float | None:
    """Return a value to some digits; None where nothing is known."""
    import math

    return None if value is None or math.isnan(value) else float(f"{value:.{digits}g}")
