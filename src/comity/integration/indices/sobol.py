"""How much of an output's variance each uncertain choice carries, alone and with all it acts together with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Shares:
    """Sobol indices with their standard errors.

    Parameters
    ----------
    first, total : array of float, shape (factors, outputs)
        Share of the variance [1]; NaN where an output does not vary.
    first_error, total_error : array of float, shape (factors, outputs)
        Standard errors of the Monte Carlo means [1].
    """

    first: NDArray[np.float64]
    total: NDArray[np.float64]
    first_error: NDArray[np.float64]
    total_error: NDArray[np.float64]


def estimate_shares(one: NDArray[np.float64], other: NDArray[np.float64], mixed: NDArray[np.float64]) -> Shares:
    """Estimate first- and total-order Sobol indices from a radial design.

    First order by Saltelli and others (2010), S = E[B (AB - A)] / V; total order by Jansen (1999),
    T = E[(A - AB)^2] / (2 V). Outputs are centred first, which lowers the error of the first.

    Parameters
    ----------
    one, other : array of float, shape (outputs, draws)
        The outputs under two independent samples A and B of all factors.
    mixed : array of float, shape (factors, outputs, draws)
        For each factor the outputs under A with that factor taken from B.

    Returns
    -------
    Shares

    References
    ----------
    saltelli-2010, jansen-1999
    """
    import numpy as np

    draws = one.shape[1]
    centre = (one.mean(axis=1) + other.mean(axis=1)) / 2
    a, b = one - centre[:, None], other - centre[:, None]
    variance = ((a * a).mean(axis=1) + (b * b).mean(axis=1)) / 2
    scale = np.where(variance > 0, variance, np.nan)
    parts: dict[str, list[NDArray[np.float64]]] = {"first": [], "total": [], "first_error": [], "total_error": []}
    for outputs in mixed:
        difference = outputs - centre[:, None] - a
        for name, terms in (("first", b * difference), ("total", difference * difference / 2)):
            parts[name].append(terms.mean(axis=1) / scale)
            parts[f"{name}_error"].append(terms.std(axis=1) / np.sqrt(draws) / scale)
    return Shares(**{name: np.array(found) for name, found in parts.items()})
