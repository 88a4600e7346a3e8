"""How far coders agree: Krippendorff's alpha, with a bootstrap interval over units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comity.commitments.records import Assessment
from comity.commitments.scales import Scale, ScaleError, convert_value, find_scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MEASURES = ("nominal", "ordinal", "interval", "ratio")
DRAWS = 1000
FEWEST = 5
"""Units below which no interval is given."""
PROBABILITY = 0.90


def measure_alpha(
    ratings: NDArray[np.float64], measure: str = "nominal", *, draws: int = DRAWS, seed: int = 0
) -> dict[str, Any]:
    """Measure how far coders agree beyond chance.

    Alpha is 1 - observed / expected disagreement over all pairs of values in the same unit. The interval holds the
    expected disagreement as it is and draws units with replacement; a unit that one coder judged pairs with nothing.

    Parameters
    ----------
    ratings : ndarray, shape (coders, units)
        Values as numbers, NaN where a coder did not judge a unit.
    measure : str
        `nominal`, `ordinal`, `interval` or `ratio`.
    draws : int
        Bootstrap draws; 0 for none.
    seed : int
        Of the draws.

    Returns
    -------
    dict
        `alpha`, `low` and `high` (90 %), `units` [count paired], `values` [count pairable], `measure`, `verdict`. Alpha
        is None where there is nothing to pair, or only one value occurs.

    Raises
    ------
    ScaleError
        There is no such level of measurement.

    References
    ----------
    `krippendorff-2011`, `hayes-krippendorff-2007` in docs/bibliography.md.
    """
    import numpy as np

    if measure not in MEASURES:
        raise ScaleError(f"there is no level of measurement {measure!r}", todo=f"choose one of {', '.join(MEASURES)}")
    values = np.unique(ratings[~np.isnan(ratings)])
    counts = np.array([(ratings == value).sum(axis=0) for value in values], dtype=float).T
    counts = counts[counts.sum(axis=1) >= 2] if values.size else np.zeros((0, 0))
    found: dict[str, Any] = {"alpha": None, "low": None, "high": None}
    found |= {"units": len(counts), "values": int(counts.sum())}
    found |= {"measure": measure, "verdict": ""}
    if not len(counts):
        return found | {"verdict": "no unit was judged by two coders"}
    frequency = counts.sum(axis=0)
    distance = _measure_distance(values, frequency, measure)
    total = frequency.sum()
    expected = float(frequency @ distance @ frequency) / (total * (total - 1))
    if expected == 0:
        return found | {"verdict": "all values are the same: agreement beyond chance cannot be told"}
    disagreement = _measure_units(counts, distance)
    found["alpha"] = float(1 - disagreement.sum() / total / expected)
    if len(counts) < FEWEST:
        found["verdict"] = f"only {len(counts)} units: too few for an interval"
    elif draws:
        chosen = np.random.default_rng(seed).integers(0, len(counts), (draws, len(counts)))
        drawn = 1 - disagreement[chosen].sum(axis=1) / counts.sum(axis=1)[chosen].sum(axis=1) / expected
        tail = (1 - PROBABILITY) / 2
        found["low"], found["high"] = (float(end) for end in np.quantile(drawn, (tail, 1 - tail)))
    return found


def _measure_units(counts: NDArray[np.float64], distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each unit's disagreement: squared distances of all pairs of its values over one less than their number."""
    pairs: NDArray[np.float64] = ((counts @ distance) * counts).sum(axis=1) / (counts.sum(axis=1) - 1)
    return pairs


def _measure_distance(values: NDArray[np.float64], frequency: NDArray[np.float64], measure: str) -> NDArray[np.float64]:
    """Return the squared distance between each two values at a level of measurement."""
    import numpy as np

    apart: NDArray[np.float64]
    if measure == "nominal":
        apart = 1.0 - np.eye(len(values))
    elif measure == "ordinal":
        place = np.cumsum(frequency) - frequency / 2
        apart = (place[:, None] - place[None, :]) ** 2
    elif measure == "interval":
        apart = (values[:, None] - values[None, :]) ** 2
    else:
        total = values[:, None] + values[None, :]
        apart = ((values[:, None] - values[None, :]) / np.where(total == 0, 1.0, total)) ** 2
    return apart


def compare_coders(
    assessments: Sequence[Assessment], scale: Scale | str, measure: str | None = None, *, seed: int = 0
) -> dict[str, Any]:
    """Measure how far the coders of a register agree on one scale.

    A unit is a commitment and a period; each coder's latest assessment of it counts. Levels count as their rank, from
    the lowest up; levels that say nothing of fulfilment are left out, and counted.

    Parameters
    ----------
    assessments : sequence of Assessment
        Those on other scales are passed over.
    scale : Scale or str
        One scale.
    measure : str, optional
        Level of measurement; the scale's own where left out.
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        As `measure_alpha`, with `scale`, `coders` and `left_out` [count].
    """
    import numpy as np

    found = find_scale(scale) if isinstance(scale, str) else scale
    latest: dict[tuple[str, str, str], float | None] = {}
    for row in sorted(assessments, key=lambda row: (row.day, row.id)):
        if row.scale == found.id:
            latest[row.coder, row.commitment, row.period] = _number(found, row.value)
    coders = sorted({coder for coder, _, _ in latest})
    units = sorted({(commitment, period) for _, commitment, period in latest})
    grid = np.full((len(coders), len(units)), np.nan)
    at_coder = {coder: n for n, coder in enumerate(coders)}
    at_unit = {unit: n for n, unit in enumerate(units)}
    for (coder, commitment, period), value in latest.items():
        grid[at_coder[coder], at_unit[commitment, period]] = np.nan if value is None else value
    result = measure_alpha(grid, measure or found.measure, seed=seed)
    left = sum(value is None for value in latest.values())
    return {"scale": found.id, "coders": coders, "left_out": left, **result}


def _number(scale: Scale, value: str) -> float | None:
    """Return a value as a number that keeps the scale's order; None where it says nothing of fulfilment."""
    if not scale.levels:
        return float(value)
    level = convert_value(scale, value).value
    ranks = {rated.value: float(rank) for rank, rated in enumerate(scale.rated)}
    return ranks.get(level)
