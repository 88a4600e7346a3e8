"""The chance that a commitment is fulfilled in a month, by field and phase, pooled: a logistic model on counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPREADS = (0.15, 0.5, 1.0, 2.0)
"""Standard deviations between fields, and between phases, that are weighed [logit]."""
USUAL = 1.0
CENTRE, WIDTH = -3.0, 2.0
"""Prior of a month's chance on the logit: about 5 %, between 0.1 % and 70 % in 95 of 100."""
DRAWS = 400
STEPS = 50


@dataclass(frozen=True, slots=True)
class Hazard:
    """Draws of the chance in a month [logit]: the middle, and what each field and phase adds.

    A field or phase of which nothing is known adds what its spread allows.
    """

    middle: NDArray[np.float64]
    fields: Mapping[str, NDArray[np.float64]]
    phases: Mapping[str, NDArray[np.float64]]
    unknown_field: NDArray[np.float64]
    unknown_phase: NDArray[np.float64]

    def predict_chance(self, field: str, months: Sequence[tuple[str, float]]) -> NDArray[np.float64]:
        """Return draws of the chance that it happens in some months, each with its phase and its length [months]."""
        import numpy as np

        left = np.zeros_like(self.middle)
        base = self.middle + self.fields.get(field, self.unknown_field)
        for phase, length in months:
            reach = base + self.phases.get(phase, self.unknown_phase)
            left += length * np.logaddexp(0.0, reach)
        chance: NDArray[np.float64] = 1 - np.exp(-left)
        return chance


def fit_hazard(tally: Mapping[tuple[str, str], Sequence[int]], *, seed: int = 0) -> Hazard:
    """Fit the monthly chance to counts by field and phase.

    Fields and phases are drawn from normal distributions whose spreads are weighed by their evidence; at each the
    posterior is taken as normal about its mode.

    Parameters
    ----------
    tally : mapping
        Field and phase to months with fulfilment and months at risk [count].
    seed : int
        Of the draws.

    Returns
    -------
    Hazard

    References
    ----------
    `singer-willett-1993`, `gelman-2006` in docs/bibliography.md.
    """
    import numpy as np

    rows = sorted((cell, counts) for cell, counts in tally.items() if counts[1])
    fields = sorted({cell[0] for cell, _ in rows})
    phases = sorted({cell[1] for cell, _ in rows})
    counts = np.array([counts for _, counts in rows], dtype=float).reshape(-1, 2)
    design = np.array(
        [[1.0, *(f == cell[0] for f in fields), *(p == cell[1] for p in phases)] for cell, _ in rows], dtype=float
    ).reshape(len(rows), 1 + len(fields) + len(phases))
    parts = []
    for field, phase in product(SPREADS, SPREADS):
        spread = np.array([WIDTH, *[field] * len(fields), *[phase] * len(phases)])
        mode, covariance, evidence = _find_mode(design, counts, spread)
        weight = evidence + sum(np.log(one) - 0.5 * (one / USUAL) ** 2 for one in (field, phase))
        parts.append((mode, covariance, float(weight), field, phase))
    return _draw(parts, fields, phases, np.random.default_rng(seed))


def _find_mode(
    design: NDArray[np.float64], counts: NDArray[np.float64], spread: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return mode, covariance and log evidence of the coefficients by Newton steps that are halved where needed."""
    import numpy as np

    precision = 1 / spread**2
    centre = np.zeros(len(spread))
    centre[0] = CENTRE
    point = centre.copy()

    def measure(at: NDArray[np.float64]) -> float:
        reach = design @ at
        fit = counts[:, 0] @ reach - counts[:, 1] @ np.logaddexp(0.0, reach)
        return float(fit - 0.5 * precision @ (at - centre) ** 2)

    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-design @ point))
        gradient = design.T @ (counts[:, 0] - counts[:, 1] * chance) - precision * (point - centre)
        curvature = (design.T * (counts[:, 1] * chance * (1 - chance))) @ design + np.diag(precision)
        move = np.linalg.solve(curvature, gradient)
        if float(gradient @ move) < 1e-9:
            break
        length = next((k for k in 0.5 ** np.arange(20) if measure(point + k * move) >= measure(point)), 0.0)
        point = point + length * move
    size = float(np.linalg.slogdet(curvature)[1])
    covariance = np.asarray(np.linalg.inv(curvature), dtype=np.float64)
    return point, covariance, measure(point) - float(np.log(spread).sum()) - 0.5 * size


def _draw(
    parts: Sequence[tuple[NDArray[np.float64], NDArray[np.float64], float, float, float]],
    fields: Sequence[str],
    phases: Sequence[str],
    random: np.random.Generator,
) -> Hazard:
    """Return draws of the coefficients from the weighed parts."""
    import numpy as np

    scores = np.array([part[2] for part in parts])
    weights = np.exp(scores - scores.max())
    taken = np.searchsorted(np.cumsum(weights / weights.sum()), (np.arange(DRAWS) + 0.5) / DRAWS)
    noise = random.standard_normal((DRAWS, len(parts[0][0])))
    rows = []
    for one, place in enumerate(np.minimum(taken, len(parts) - 1)):
        mode, covariance = parts[place][:2]
        rows.append(mode + np.linalg.cholesky(covariance) @ noise[one])
    table = np.array(rows)
    spread = np.array([parts[min(int(place), len(parts) - 1)][3:] for place in taken])
    extra = random.standard_normal((DRAWS, 2)) * spread
    return Hazard(
        middle=table[:, 0],
        fields={name: table[:, 1 + n] for n, name in enumerate(fields)},
        phases={name: table[:, 1 + len(fields) + n] for n, name in enumerate(phases)},
        unknown_field=extra[:, 0],
        unknown_phase=extra[:, 1],
    )
