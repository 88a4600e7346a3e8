"""Follow-through of each party, alone and by field, held against how hard its commitments were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

from comity.commitments.credit import Design, FitError, Prior, Response, fit_mode, lay_design
from comity.commitments.judged import judge_commitments
from comity.commitments.records import Standing
from comity.commitments.sampling import Approximation, Sample, draw_points, find_quantiles
from comity.commitments.scales import find_scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPREADS = (0.1, 0.35, 0.8, 1.5, 2.7, 4.7)
"""Standard deviations between parties, and between fields within a party, that are weighed [logit]."""
USUAL, FREEDOM = 1.5, 3
"""Scale of the prior of both, half of Student's t distribution [logit], and its degrees of freedom."""
SCATTERS = (0.2, 0.7, 1.4, 2.5, 4.5)
"""Standard deviations of the difficulties of commitments that are weighed [logit]."""
NARROWEST = 1e-4
DIGITS = 6
MOST_CELLS = 200_000
"""Largest number of difficulties times parameters that is estimated."""
QUANTILES = (0.05, 0.5, 0.95)
LITTLE = 5
"""Below so many judged commitments a row says so."""


def list_responses(standing: Standing, on: date) -> list[Response]:
    """Return each judged commitment as a response: the last period's level, by party, field and scale.

    Commitments of one article and field share a difficulty: that is what makes parties comparable. Several coders give
    the level in their middle, the lower of two, on the scale that most of them used last. A scale of numbers has three
    levels: none, part, all of the way.
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
    differ is not fixed: a grid of spreads is weighed with all else. Renaming parties renames the rows: names are laid
    aside before anything is drawn, and parties of whom the same is known are told the same.

    Parameters
    ----------
    responses : sequence of Response
        At least one; see `list_responses`.

    Returns
    -------
    dict
        `scale` (on which the expected share is told), `responses`, `items` [count], `scatter` (standard deviation of
        difficulties [logit]), `rows`: each `party`, `field` (None: a field like the others), `judged` [count], `plain`
        (mean share reached, unadjusted), `share` (median), `low`, `high` (90 %), `verdict`; and `effective`: how many
        draws the intervals rest on [count].

    Raises
    ------
    FitError
        There is no judged commitment.

    References
    ----------
    `masters-1982`, `rasch-1960`, `bock-aitkin-1981`, `gelman-2006`, `ionides-2008` in docs/bibliography.md.
    """
    import numpy as np

    if not responses:
        raise FitError(
            "no commitment was judged by then",
            why="follow-through is what assessments say of it",
            todo="record assessments with `comity commitments assess`",
        )
    names = _lay_names_aside(responses)
    aside = [replace(one, party=names[one.party]) for one in responses]
    design = lay_design(aside)
    _refuse_many(design)
    sample = draw_points(design, _approximate(design))
    counted = {scale: sum(one.scale == scale for one in responses) for scale, _ in design.scales}
    scale = min(counted, key=lambda name: (-counted[name], name))
    told = _tell_shares(design, sample, scale, _list_alike(aside))
    fields = sorted({(one.party, field) for one in responses for field in (None, one.field)}, key=_order_row)
    rows = [
        _describe_row(party, field, [one for one in responses if _matches(one, party, field)],
                      told[names[party], field])
        for party, field in fields
    ]  # fmt: skip
    return {
        "scale": scale,
        "responses": len(responses),
        "items": int(np.sum(design.weight)),
        "scatter": round(float(sample.weight @ np.abs(sample.points[:, -1])), DIGITS),
        "effective": round(sample.effective),
        "rows": rows,
    }


def _order_row(row: tuple[str, str | None]) -> tuple[str, str]:
    """Return what puts rows in order: a party before its fields."""
    return row[0], row[1] or ""


def _lay_names_aside(responses: Sequence[Response]) -> dict[str, str]:
    """Return a number for each party that does not depend on its name, save among parties who answered alike."""
    said = _list_answers(responses)
    order = sorted(said, key=lambda party: (said[party], party))
    return {party: f"{number:06}" for number, party in enumerate(order)}


def _list_answers(responses: Sequence[Response]) -> dict[str, list[tuple[str, str, str, int]]]:
    """Return what each party was judged on, and how."""
    said: dict[str, list[tuple[str, str, str, int]]] = {}
    for one in responses:
        said.setdefault(one.party, []).append((one.item, one.field, one.scale, one.level))
    return {party: sorted(rows) for party, rows in said.items()}


def _list_alike(responses: Sequence[Response]) -> dict[str, list[str]]:
    """Return for each party all those who were judged alike on the same commitments, itself among them."""
    said = _list_answers(responses)
    return {party: [other for other in sorted(said) if said[other] == rows] for party, rows in said.items()}


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


def _approximate(design: Design) -> list[Approximation]:
    """Return an approximation for each set of spreads."""
    fields = SPREADS if len({field for _, field in design.cells}) > 1 else (NARROWEST,)
    usual, scattered = _weigh_usual(SPREADS) | {NARROWEST: 0.0}, _weigh_usual(SCATTERS)
    found: list[Approximation] = []
    for party, field, scatter in product(SPREADS, fields, SCATTERS):
        prior = Prior(party, field, scatter=scatter)
        fit = fit_mode(design, prior, found[-1].fit.mode if found else None)
        found.append(Approximation(prior, usual[party] + usual[field] + scattered[scatter], fit))
    return found


def _weigh_usual(spreads: Sequence[float]) -> dict[float, float]:
    """Return the logarithm of what the prior of a spread gives to each part of a grid."""
    import numpy as np

    values = np.array(spreads)
    part = np.log(np.gradient(np.log(values)) * values)
    part -= (FREEDOM + 1) / 2 * np.log1p((values / USUAL) ** 2 / FREEDOM)
    return dict(zip(spreads, part.tolist(), strict=True))


def _tell_shares(
    design: Design, sample: Sample, scale: str, alike: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str | None], NDArray[np.float64]]:
    """Return low end, median and high end of the expected share of each party, alone and by field."""
    import numpy as np

    steps = sample.points[:, design.find_step(scale) :][:, : dict(design.scales)[scale] - 1]
    shares: dict[tuple[str, str | None], NDArray[np.float64]] = {}
    for number, party in enumerate(design.parties):
        shares[party, None] = _expect_share(sample.points[:, number], steps)
    for number, (party, field) in enumerate(design.cells, len(design.parties)):
        reach = sample.points[:, design.parties.index(party)] + sample.points[:, number]
        shares[party, field] = _expect_share(reach, steps)
    told = {}
    for row in shares:
        same = alike[row[0]]
        drawn = np.concatenate([shares[other, row[1]] for other in same])
        told[row] = find_quantiles(drawn, np.tile(sample.weight, len(same)), QUANTILES)
    return told


def _expect_share(reach: NDArray[np.float64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the expected share of a scale at average difficulty, for each draw of a reach and of the scale's steps."""
    import numpy as np

    pull = np.cumsum(reach[:, None] - steps, axis=1)
    pull = np.column_stack([np.zeros(len(pull)), pull])
    chance = np.exp(pull - pull.max(axis=1, keepdims=True))
    ranks = np.arange(pull.shape[1])
    share: NDArray[np.float64] = chance @ ranks / chance.sum(axis=1) / ranks[-1]
    return share


def _describe_row(party: str, field: str | None, seen: Sequence[Response], told: NDArray[np.float64]) -> dict[str, Any]:
    """Return a row as plain values."""
    plain = sum(one.level / (one.levels - 1) for one in seen) / len(seen)
    low, share, high = (round(float(value), DIGITS) for value in told)
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
