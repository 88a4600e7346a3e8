"""What the follow-through model believes, as weighted draws: normal approximations, put right by importance sampling.

A normal distribution about a mode is too short where nearly all was kept or nearly nothing: there the belief has a long
tail to one side. So points are drawn from the approximations, with wider tails, and each is weighed by how much more
likely the model makes it than the approximation did.

References
----------
`ionides-2008`; see docs/bibliography.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.commitments.credit import Design, Fit, Prior, measure_values, weigh_prior

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 2_000
TAILS = 8
"""Degrees of freedom of the distribution that points are drawn from: its tails are wider than a normal one's."""
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Approximation:
    """A normal approximation under one set of spreads: its prior, the log weight of that, and the fit."""

    prior: Prior
    usual: float
    fit: Fit


@dataclass(frozen=True, slots=True)
class Sample:
    """Points with their weights, which add up to one; the last parameter is the scatter of difficulties."""

    points: NDArray[np.float64]
    weight: NDArray[np.float64]

    @property
    def effective(self) -> float:
        """How many draws from the belief itself would tell as much."""
        return float(1 / (self.weight**2).sum())


def draw_points(design: Design, found: Sequence[Approximation]) -> Sample:
    """Draw points from what is believed of the parameters, the spreads among them.

    Weights are cut off at the square root of the number of draws times their mean, so that no single draw rules.

    Parameters
    ----------
    design : Design
        The responses.
    found : sequence of Approximation
        One for each set of spreads.

    Returns
    -------
    Sample
        The same design gives the same draws.
    """
    import numpy as np

    random = np.random.default_rng(SEED)
    score = np.array([one.fit.evidence + one.usual for one in found])
    share = np.exp(score - score.max())
    share /= share.sum()
    counts = random.multinomial(DRAWS, share)
    points, ratio = [], []
    for one, mine, count in zip(found, np.log(np.maximum(share, 1e-300)), counts, strict=True):
        if count:
            drawn, height = _draw_near(one.fit, int(count), random)
            precision = weigh_prior(design, one.prior)[:-1]
            prior = 0.5 * (np.log(precision).sum() - drawn[:, :-1] ** 2 @ precision) + one.usual
            points.append(drawn)
            ratio.append(prior - height - mine + measure_values(design, drawn))
    drawn, log_weight = np.concatenate(points), np.concatenate(ratio)
    weight = np.exp(log_weight - log_weight.max())
    weight = np.minimum(weight, weight.mean() * np.sqrt(len(weight)))
    return Sample(drawn, weight / weight.sum())


def _draw_near(fit: Fit, count: int, random: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points about a mode, the scatter held, and the log of how densely they are drawn, up to a constant."""
    import numpy as np

    root = np.linalg.cholesky(fit.covariance[:-1, :-1])
    size = len(root)
    plain = random.normal(size=(count, size))
    wide = random.chisquare(TAILS, size=count) / TAILS
    points = np.tile(fit.mode, (count, 1))
    points[:, :-1] += (plain / np.sqrt(wide)[:, None]) @ root.T
    distance = (plain**2).sum(axis=1) / wide
    height = -np.log(np.diag(root)).sum() - (TAILS + size) / 2 * np.log1p(distance / TAILS)
    return points, height


def find_quantiles(
    values: NDArray[np.float64], weight: NDArray[np.float64], shares: Sequence[float]
) -> NDArray[np.float64]:
    """Return the values below which given parts of the weight lie."""
    import numpy as np

    order = np.argsort(values, kind="stable")
    sums = np.cumsum(weight[order]) - 0.5 * weight[order]
    return np.interp(shares, sums / weight.sum(), values[order])
