"""How far apart two states stand on the line of the General Assembly, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import hypot
from typing import Any


def score_distances(points: Iterable[Mapping[str, Any]], one: str, other: str) -> list[dict[str, Any]]:
    """Score how far apart two states stood in each year.

    The interval of the difference comes from those of the two positions, whose errors are taken as independent, each
    on its own side (MOVER); the distance is its size. Where the interval of the difference holds 0, that of the
    distance begins at 0. It holds the distance with at least 90 %.

    Parameters
    ----------
    points : iterable of mapping
        `state`, `year`, `estimate`, `low`, `high` [points], of any states.
    one, other : str
        Two different states.

    Returns
    -------
    list of dict
        `year`, `distance`, `low`, `high` [points], `first`, `second` (positions), in the order of years that have both.

    References
    ----------
    `zou-donner-2008`, `bailey-strezhnev-voeten-2017` in docs/bibliography.md

    Examples
    --------
    >>> rows = [{"state": s, "year": 1990, "estimate": x, "low": x - 1, "high": x + 1} for s, x in (("A", 0), ("B", 2))]
    >>> [round(row["low"], 3) for row in score_distances(rows, "A", "B")]
    [0.586]
    """
    placed: dict[str, dict[int, Mapping[str, Any]]] = {one: {}, other: {}}
    for row in points:
        if row["state"] in placed:
            placed[row["state"]][row["year"]] = row
    return [
        {"year": int(year), **_measure(placed[one][year], placed[other][year])}
        for year in sorted(placed[one].keys() & placed[other].keys())
    ]


def _measure(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, float]:
    """Return the distance of two positions with its interval."""
    gap = a["estimate"] - b["estimate"]
    low = gap - hypot(a["estimate"] - a["low"], b["high"] - b["estimate"])
    high = gap + hypot(a["high"] - a["estimate"], b["estimate"] - b["low"])
    found = {
        "distance": abs(gap),
        "low": 0.0 if low <= 0 <= high else min(abs(low), abs(high)),
        "high": max(abs(low), abs(high)),
        "first": a["estimate"],
        "second": b["estimate"],
    }
    return {name: round(float(value), 6) for name, value in found.items()}
