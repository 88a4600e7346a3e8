"""How steadily a side answers: out of sample, beside its own routine.

Four descriptions of a side's acts predict them one period ahead, each knowing only the past. Which predicts best over
resampled histories gives the probability of each description; how much all of the other side's acts add to the routine
gives the gain. Neither is a judgement: a side may have good reasons to keep to its routine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.gain import Gain, draw_blocks, measure_gain, predict_ahead
from comity.reciprocity.var import Numbers, check_series, lay_lags, solve_least

NONE = "does not answer"
ROUTINE = "acts by routine"
KIND = "answers in kind"
LATE = "answers late"
AGAINST = "answers against kind"
DESCRIPTIONS = (NONE, ROUTINE, KIND, LATE, AGAINST)
FEW = 20
START = 0.3
DRAWS = 1000


@dataclass(frozen=True)
class Standing:
    """How a side's answers stand over some periods.

    Parameters
    ----------
    predictions : int
        Number of predicted periods.
    gain : Gain or None
        Of the other side's acts over the routine; None where there are fewer than 20 periods or nothing to gain.
    probabilities : dict of str to float
        Description to the share of resampled histories in which it predicts best; they sum to 1. Empty where there
        are fewer than 20 periods.
    """

    predictions: int
    gain: Gain | None
    probabilities: dict[str, float]


@dataclass(frozen=True)
class Steadiness:
    """How steadily one side answers the other.

    Parameters
    ----------
    whole : Standing
    by_gesture : dict of str to Standing
        By the other side's net in the period before: `friendly`, `unfriendly`, `none`.
    by_period : tuple of (first, last, Standing)
        Equal stretches; places of their first and last period in the series.
    total : float
        Sum of coefficients on the other side's acts, all lags [compressed units]; above 0, in kind.
    """

    whole: Standing
    by_gesture: dict[str, Standing]
    by_period: tuple[tuple[int, int, Standing], ...]
    total: float


def compress(values: Numbers) -> Numbers:
    """Return sign times log(1 + absolute value), so that one violent week does not decide alone."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


def _lay_designs(array: Numbers, lags: int, soon: int) -> dict[str, Numbers]:
    """Return the regressors of each description, on the same rows."""
    full = lay_lags(array, lags)
    constant, own, other = full[:, -1:], full[:, 0:-1:2], full[:, 1:-1:2]
    routine = np.hstack([own, constant])
    return {
        NONE: constant,
        ROUTINE: routine,
        KIND: np.hstack([routine, other[:, :soon]]),
        LATE: np.hstack([routine, other[:, soon:]]),
        "full": np.hstack([routine, other]),
    }


def _name_designs(designs: dict[str, Numbers], target: Numbers) -> dict[str, str]:
    """Return what each set of regressors means: an answer that turns the sign is one against kind."""
    own = designs[ROUTINE].shape[1]
    names = {NONE: NONE, ROUTINE: ROUTINE}
    for name in (KIND, LATE):
        total = solve_least(designs[name], target[:, None])[own:].sum()
        names[name] = name if total > 0 else AGAINST
    return names


def _stand(errors: dict[str, Numbers], ahead: dict[str, Numbers], chosen: NDArray[np.bool_], seed: int) -> Standing:
    """Compare the descriptions over the chosen rows."""
    count = int(chosen.sum())
    if count < FEW:
        return Standing(count, None, {})
    names = list(errors)
    counts = draw_blocks(count, DRAWS, seed)
    losses = np.stack([counts @ errors[name][chosen] for name in names])
    best = (losses == losses.min(0)) / (losses == losses.min(0)).sum(0)
    found = dict(zip(names, best.mean(1), strict=True))
    target = ahead["target"][chosen]
    try:
        gain = measure_gain(target, ahead[ROUTINE][chosen], ahead["full"][chosen], seed)
    except TooLittle:
        gain = None
    return Standing(count, gain, {name: float(share) for name, share in found.items()})


def _merge(standing: Standing, names: dict[str, str]) -> Standing:
    """Return a standing with every description named, those that did not come up with probability 0."""
    if not standing.probabilities:
        return standing
    shares = dict.fromkeys(DESCRIPTIONS, 0.0)
    for design, share in standing.probabilities.items():
        shares[names[design]] += share
    return Standing(standing.predictions, standing.gain, shares)


def identify_steadiness(values: Any, lags: int = 4, soon: int = 1, *, stretches: int = 3, seed: int = 0) -> Steadiness:
    """Estimate how steadily a side answers the other's acts.

    The descriptions, each a regression brought up to date period by period, on series compressed by `compress`:
    *does not answer* (a constant), *acts by routine* (its own lags), *answers in kind* (and the other's acts of the
    last `soon` periods), *answers late* (and those of the periods before, up to `lags`). Where the answer turns the
    sign it is called *answers against kind*.

    Parameters
    ----------
    values : array-like (periods, 2)
        The answering side's acts, and the other side's [points].
    lags : int
        At least `soon` + 1.
    soon : int
        Periods within which an answer is not late, at least 1.
    stretches : int
        Number of equal stretches of time to tell apart.
    seed : int

    Returns
    -------
    Steadiness
        Predictions begin after 30 % of the periods.

    Raises
    ------
    ReciprocityError, TooLittle
        Not two series, `soon` not below `lags`, too few periods, or see `comity.reciprocity.var.check_series`.

    References
    ----------
    `clark-west-2007`, `yao-2018`, `axelrod-1984` in docs/bibliography.md
    """
    array = compress(check_series(values, lags))
    if array.shape[1] != 2 or not 1 <= soon < lags or stretches < 1:
        raise ReciprocityError(
            f"{array.shape[1]} series, {lags} lags, soon {soon}, {stretches} stretches",
            todo="give the two directions of a pair, and soon from 1 to less than the lags",
        )
    target = array[lags:, 0]
    start = max(int(len(target) * START), 2 * lags + 2)
    if len(target) - start < FEW:
        raise TooLittle(
            f"{max(len(target) - start, 0)} periods to predict; {FEW} are the least", todo="a longer period"
        )
    designs = _lay_designs(array, lags, soon)
    ahead = {name: predict_ahead(design, target, start) for name, design in designs.items()}
    names = _name_designs(designs, target)
    errors = {name: (target[start:] - ahead[name]) ** 2 for name in names}
    ahead["target"] = target[start:]

    def stand(chosen: NDArray[np.bool_]) -> Standing:
        return _merge(_stand(errors, ahead, chosen, seed), names)

    before = array[lags + start - 1 : -1, 1]
    places = np.arange(len(before))
    edges = np.linspace(0, len(before), stretches + 1).astype(int)
    first = lags + start
    return Steadiness(
        stand(np.ones(len(before), dtype=bool)),
        {
            "friendly": stand(before > 0),
            "unfriendly": stand(before < 0),
            "none": stand(before == 0),
        },
        tuple(
            (first + int(a), first + int(b) - 1, stand((places >= a) & (places < b)))
            for a, b in zip(edges[:-1], edges[1:], strict=True)
        ),
        float(solve_least(designs["full"], target[:, None])[designs[ROUTINE].shape[1] :].sum()),
    )
