"""Follow-through of each party, alone and by field, held against how hard its commitments were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from comity.commitments.credit import Design, Fit, FitError, Prior, Response, fit_mode, lay_design
from comity.commitments.judged import judge_commitments
from comity.commitments.records import Standing
from comity.commitments.scales import find_scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPREADS = (0.15, 0.5, 1.0, 1.8, 3.0)
"""Standard deviations between parties, and between fields within a party, that are weighed [logit]."""
USUAL = 1.5
"""Scale of the half-normal prior of both [logit]."""
SCATTERS = (0.2, 0.7, 1.4, 2.5)
"""Standard deviations of the difficulties of commitments that are weighed [logit]."""
NARROWEST = 1e-4
DIGITS = 6
MOST_CELLS = 200_000
"""Largest number of difficulties times parameters that is estimated."""
LITTLE = 5
"""Below so many judged commitments a row says so."""


@dataclass(frozen=True, slots=True)
class Belief:
    """A row's reach on the logit of the expected share: a mixture of normals, with the parts' weights."""

    weight: NDArray[np.float64]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]

    def find_quantile(self, share: float) -> float:
        """Return the expected share below which the given part of the belief lies."""
        import numpy as np

        low = float((self.mean - 12 * self.deviation).min())
        high = float((self.mean + 12 * self.deviation).max())
        normal = NormalDist()
        for _ in range(80):
            middle = (low + high) / 2
            z = (middle - self.mean) / self.deviation
            below = float(self.weight @ np.array([normal.cdf(float(one)) for one in z]))
            low, high = (middle, high) if below < share else (low, middle)
        return float(1 / (1 + np.exp(-(low + high) / 2)))


def list_responses(standing: Standing, on: date) -> list[Response]:
    """Return each judged commitment as a response: the last period's level, by party, field and scale.

    Commitments of one article and field share a difficulty: that is what makes parties comparable. Several coders give
    the level in their middle, the lower of two. A scale of numbers has three levels: none, part, all of the way.
    """
    fields = {commitment.id: commitment for commitment in standing.commitments}
    found = []
    for judged in judge_commitments(standing, on):
        commitment = fields[judged.commitment]
        rank = judged.rank
        if rank is not None:
            levels = len(find_scale(judged.scale).rated) or 3
            item = f"{commitment.article}\n{commitment.field}"
            found.append(Response(commitment.party, commitment.field, item, judged.scale, rank, levels))
    return found


def estimate_followthrough(responses: Sequence[Response]) -> dict[str, Any]:
    """Estimate how far each party follows through on a commitment of average difficulty, alone and by field.

    A partial credit model whose parties are drawn from one distribution and whose fields are drawn within a party:
    whoever has few judged commitments is drawn toward the others and has a wide interval. How much parties and fields
    differ is not fixed: a grid of spreads is weighed by their evidence. Renaming parties renames the rows.

    Parameters
    ----------
    responses : sequence of Response
        At least one; see `list_responses`.

    Returns
    -------
    dict
        `scale` (on which the expected share is told), `responses`, `items` [count], `scatter` (standard deviation of
        difficulties [logit]), `rows`: each `party`, `field` (None: a field like the others), `judged` [count], `plain`
        (mean share reached, unadjusted), `share` (median), `low`, `high` (90 %), `verdict`.

    Raises
    ------
    FitError
        There is no judged commitment.

    References
    ----------
    `masters-1982`, `rasch-1960`, `bock-aitkin-1981`, `gelman-2006` in docs/bibliography.md.
    """
    import numpy as np

    if not responses:
        raise FitError(
            "no commitment was judged by then",
            why="follow-through is what assessments say of it",
            todo="record assessments with `comity commitments assess`",
        )
    design = lay_design(responses)
    _refuse_many(design)
    fits, weights = _weigh_spreads(design)
    counted = {scale: sum(one.scale == scale for one in responses) for scale, _ in design.scales}
    scale = min(counted, key=lambda name: (-counted[name], name))
    rows = [
        _describe_row(party, field, [one for one in responses if _matches(one, party, field)], belief)
        for party, field, belief in _list_beliefs(design, fits, weights, scale)
    ]
    scatter = float(sum(w * abs(fit.mode[-1]) for fit, w in zip(fits, weights, strict=True)))
    return {
        "scale": scale,
        "responses": len(responses),
        "items": int(np.sum(design.weight)),
        "scatter": round(scatter, DIGITS),
        "rows": rows,
    }


def _refuse_many(design: Design) -> None:
    """Raise `FitError` where the model is too large to be estimated."""
    if len(design.weight) * design.size > MOST_CELLS:
        raise FitError(
            f"{len(design.parties)} parties with {len(design.cells):,} fields, and {len(design.reached):,} judged "
            "commitments, are too many to be estimated at once",
            why="it would take hours and much memory",
            todo="name an --agreement, a --field, or --party and --partner",
        )


def _matches(one: Response, party: str, field: str | None) -> bool:
    """Tell whether a response belongs to a row."""
    return one.party == party and field in (None, one.field)


def _weigh_spreads(design: Design) -> tuple[list[Fit], NDArray[np.float64]]:
    """Return a fit for each pair of spreads, and the weight that its evidence gives it."""
    import numpy as np

    fields = SPREADS if len({field for _, field in design.cells}) > 1 else (NARROWEST,)
    usual, scattered = _weigh_usual(SPREADS) | {NARROWEST: 0.0}, _weigh_usual(SCATTERS)
    fits: list[Fit] = []
    score: list[float] = []
    for party, field, scatter in product(SPREADS, fields, SCATTERS):
        fit = fit_mode(design, Prior(party, field, scatter=scatter), fits[-1].mode if fits else None)
        fits.append(fit)
        score.append(fit.evidence + usual[party] + usual[field] + scattered[scatter])
    weights = np.exp(np.array(score) - max(score))
    return fits, weights / weights.sum()


def _weigh_usual(spreads: Sequence[float]) -> dict[float, float]:
    """Return the logarithm of what a half-normal prior gives to each part of a grid."""
    import numpy as np

    values = np.array(spreads)
    part = np.log(np.gradient(np.log(values)) * values) - 0.5 * (values / USUAL) ** 2
    return dict(zip(spreads, part.tolist(), strict=True))


def _list_beliefs(
    design: Design, fits: Sequence[Fit], weights: NDArray[np.float64], scale: str
) -> Iterable[tuple[str, str | None, Belief]]:
    """Yield each party and each of its fields with what is believed of it."""
    import numpy as np

    start, levels = design.find_step(scale), dict(design.scales)[scale]
    wanted: list[tuple[str, str | None, list[int]]] = []
    for n, party in enumerate(design.parties):
        wanted.append((party, None, [n]))
        places = [(cell, len(design.parties) + k) for k, cell in enumerate(design.cells) if cell[0] == party]
        wanted += [(party, cell[1], [n, place]) for cell, place in places]
    for party, field, columns in wanted:
        parts = np.array([_expect_share(fit, columns, start, levels) for fit in fits])
        yield party, field, Belief(weights, parts[:, 0], parts[:, 1])


def _expect_share(fit: Fit, columns: Sequence[int], start: int, levels: int) -> tuple[float, float]:
    """Return the logit of the expected share of a scale at average difficulty, and its standard deviation."""
    import numpy as np

    steps = np.arange(start, start + levels - 1)
    reach = sum(float(fit.mode[column]) for column in columns) - fit.mode[steps]
    pull = np.concatenate([[0.0], np.cumsum(reach)])
    chance = np.exp(pull - pull.max())
    chance /= chance.sum()
    at_least = chance[::-1].cumsum()[::-1][1:]
    share = min(1 - 1e-9, max(1e-9, float(at_least.mean())))
    ranks = np.arange(levels)
    mean = float(ranks @ chance)
    moved = np.array([float(((ranks - mean) * (ranks > n)) @ chance) for n in range(levels - 1)])
    slope = np.zeros(len(fit.mode))
    slope[list(columns)] = moved.sum()
    slope[steps] = -moved
    slope /= (levels - 1) * share * (1 - share)
    return float(np.log(share / (1 - share))), float(np.sqrt(slope @ fit.covariance @ slope))


def _describe_row(party: str, field: str | None, seen: Sequence[Response], belief: Belief) -> dict[str, Any]:
    """Return a row as plain values."""
    plain = sum(one.level / (one.levels - 1) for one in seen) / len(seen)
    low, share, high = (round(belief.find_quantile(q), DIGITS) for q in (0.05, 0.5, 0.95))
    verdict = "" if len(seen) >= LITTLE else f"only {len(seen)} judged: leans on the others"
    return {
        "party": party,
        "field": field,
        "judged": len(seen),
        "plain": round(plain, DIGITS),
        "share": share,
        "low": low,
        "high": high,
        "verdict": verdict,
    }
