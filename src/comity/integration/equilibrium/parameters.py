"""Published parameters: elasticities, the effect of an agreement, and how sales at home are constructed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.errors import EquilibriumError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Elasticity:
    """A trade elasticity with a triangular law over its published range.

    Parameters
    ----------
    low, mode, high : float
        Above zero, in this order; three equal values are no uncertainty [1].
    source : str
        Where they come from.
    """

    low: float
    mode: float
    high: float
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse values out of order."""
        if not 0 < self.low <= self.mode <= self.high < np.inf:
            raise EquilibriumError(
                f"theta from {self.low!r} over {self.mode!r} to {self.high!r} is no range above zero",
                why="with a trade elasticity of zero or less dearer goods would sell no less",
                todo="give low, mode and high in this order, each above zero",
            )

    def draw(self, rng: np.random.Generator, count: int) -> Numbers:
        """Draw elasticities."""
        if self.low == self.high:
            return np.full(count, self.mode)
        return rng.triangular(self.low, self.mode, self.high, count)


@dataclass(frozen=True)
class Effect:
    """An estimate with its standard error.

    Parameters
    ----------
    value, error : float
        In the unit of what it is an effect on.
    source : str
        Where it comes from.
    """

    value: float
    error: float = 0.0
    source: str = ""


@cache
def read_parameters() -> Mapping[str, Any]:
    """Read `parameters.yml` once.

    Returns
    -------
    mapping of str to mapping

    Examples
    --------
    >>> read_parameters()["agreement_effect"]["value"]
    0.5571853
    """
    import yaml

    text = Path(__file__).with_name("parameters.yml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def read_elasticity() -> Elasticity:
    """Return the published range of the trade elasticity.

    Returns
    -------
    Elasticity

    References
    ----------
    simonovska-waugh-2014, head-mayer-2014, eaton-kortum-2002

    Examples
    --------
    >>> read_elasticity().mode
    5.03
    """
    found = read_parameters()["trade_elasticity"]
    low, mode, high = (found[name] for name in ("low", "mode", "high"))
    source = ", ".join(end["reference"] for end in (low, mode, high))
    return Elasticity(low["value"], mode["value"], high["value"], source)


def read_effect() -> Effect:
    """Return the published effect of an agreement on trade [log].

    Returns
    -------
    Effect

    References
    ----------
    yotov-2016

    Examples
    --------
    >>> read_effect().error
    0.102
    """
    found = read_parameters()["agreement_effect"]
    return Effect(found["value"], found["error"], found["reference"])


def draw_coefficients(values: Numbers, covariance: Numbers, count: int, seed: int) -> Numbers:
    """Draw coefficients from an estimate and its covariance, under the normal law.

    Coefficients of a bootstrap by pair need no such step: their matrix of draws takes the place of the result.

    Parameters
    ----------
    values : array of float, shape (k,)
        Estimate.
    covariance : array of float, shape (k, k)
        Its covariance; not negative.
    count, seed : int
        Number of draws, and the seed.

    Returns
    -------
    array of float, shape (k, count)

    Raises
    ------
    EquilibriumError
        The covariance has another shape or a negative direction.

    Examples
    --------
    >>> import numpy as np
    >>> draw_coefficients(np.array([0.5, 1.0]), np.zeros((2, 2)), 3, 0)[1]
    array([1., 1., 1.])
    """
    if covariance.shape != (len(values), len(values)):
        raise EquilibriumError(f"a covariance of shape {covariance.shape} for {len(values)} coefficients")
    roots, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    if roots.min(initial=0.0) < -1e-10 * max(1e-300, roots.max(initial=0.0)):
        raise EquilibriumError(
            f"the covariance has a negative direction ({roots.min():.2e})", todo="give the covariance of an estimate"
        )
    normal = np.random.default_rng(seed).standard_normal((len(values), count))
    return np.asarray(values[:, None] + vectors @ (np.sqrt(np.maximum(roots, 0))[:, None] * normal))
