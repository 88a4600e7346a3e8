"""Many pairs at once: false discoveries held down, and every find checked against chance.

Of twenty pairs without any tie one shows p below 0.05. Benjamini and Hochberg's procedure holds the expected share of
false finds among all finds at a chosen level. The F distribution takes the residuals to be near normal, which the acts
of states are not; a find must therefore also stand out among the same series shifted against each other in time, which
keeps each side's own rhythm and tears the tie between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.granger import identify_granger
from comity.reciprocity.var import Numbers, check_series, lay_lags

Pair = tuple[str, str]


def adjust_false_discoveries(p_values: Any, *, dependent: bool = False) -> Numbers:
    """Return p-values adjusted for how many there are.

    Those at or below q are the finds among which the expected share of false ones is at most q.

    Parameters
    ----------
    p_values : array-like (tests,)
    dependent : bool
        Hold under any dependence between tests (Benjamini and Yekutieli 2001), at the price of fewer finds.

    Returns
    -------
    array (tests,)
        In the order given, at most 1.

    Raises
    ------
    ReciprocityError
        A value is not between 0 and 1.

    References
    ----------
    `benjamini-hochberg-1995`, `benjamini-yekutieli-2001` in docs/bibliography.md

    Examples
    --------
    >>> adjust_false_discoveries([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    given = np.asarray(p_values, dtype=float)
    if given.ndim != 1 or not ((given >= 0) & (given <= 1)).all():
        raise ReciprocityError(f"p-values {given!r}", todo="give a list of numbers from 0 to 1")
    if given.size == 0:
        return given
    order = np.argsort(given, kind="stable")
    places = np.arange(1, given.size + 1)
    weight = (1.0 / places).sum() if dependent else 1.0
    raised = given[order] * given.size * weight / places
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted


def _split_shifts(periods: int, lags: int, shifts: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return different shifts, none of which leaves the tie in place."""
    near = 2 * lags + 1
    choices = np.arange(near, periods - near)
    if len(choices) < 19:
        raise TooLittle(
            f"{periods} periods leave {len(choices)} shifts",
            todo="a longer record, shorter periods (by day) or fewer lags",
        )
    picked = rng.permutation(choices)[:shifts]
    return np.asarray(np.sort(picked))


def _measure_shift(effect: Numbers, cause: Numbers, own: Numbers, basis: Numbers, lags: int) -> float:
    """Return F for one alignment, given an orthonormal basis of the effect's own past."""
    past = lay_lags(cause[:, None], lags)[:, :-1]
    past = past - basis @ (basis.T @ past)
    gained = np.linalg.lstsq(past, own, rcond=None)[0]
    wide = float(((own - past @ gained) ** 2).sum())
    spare = len(effect) - lags - 2 * lags - 1
    return (float((own**2).sum()) - wide) / lags / (wide / spare) if wide > 0 else np.inf


def shift_granger(values: Any, lags: int, shifts: int = 199, seed: int = 0) -> tuple[float, float]:
    """Return the share of shifted series whose F is at least as large, for both directions of a pair.

    The cause is moved against the effect in time, around the end, by many different numbers of periods.

    Parameters
    ----------
    values : array-like (periods, 2)
    lags : int
    shifts : int
        At most; fewer where the series are short.
    seed : int

    Returns
    -------
    forward, backward : float
        (1 + count of larger) / (1 + shifts), for series 0 as cause of 1 and for 1 as cause of 0.

    References
    ----------
    `theiler-1992`, `phipson-smyth-2010` in docs/bibliography.md
    """
    array = check_series(values, lags)
    if array.shape[1] != 2:
        raise ReciprocityError(f"{array.shape[1]} series", todo="give the two directions of one pair")
    moved = _split_shifts(len(array), lags, shifts, np.random.default_rng(seed))
    found = []
    for cause, effect in ((0, 1), (1, 0)):
        target = array[:, effect]
        basis, _ = np.linalg.qr(lay_lags(target[:, None], lags))
        own = target[lags:] - basis @ (basis.T @ target[lags:])
        seen = _measure_shift(target, array[:, cause], own, basis, lags)
        chance = [_measure_shift(target, np.roll(array[:, cause], int(n)), own, basis, lags) for n in moved]
        found.append((1.0 + sum(value >= seen for value in chance)) / (1.0 + len(chance)))
    return found[0], found[1]


@dataclass(frozen=True)
class Find:
    """One direction of one pair among many.

    Parameters
    ----------
    cause, effect : str
        Sender and receiver of the acts that come first, and so receiver and sender of the answer.
    statistic, p_value : float
        Granger's F and its upper tail.
    adjusted : float
        The p-value adjusted for the number of tests.
    chance : float, or None
        Share of shifted series with an F at least as large; None where it was not needed.
    total : float
        Sum of coefficients; above 0, acts are answered in kind.
    flagged : bool
        Whether both checks are passed.
    """

    cause: str
    effect: str
    statistic: float
    p_value: float
    adjusted: float
    chance: float | None
    total: float
    flagged: bool


def identify_pairs(
    series: Mapping[Pair, Any], lags: int, *, rate: float = 0.05, shifts: int = 199, seed: int = 0
) -> tuple[list[Find], list[tuple[Pair, str]]]:
    """Find who answers whom among many pairs.

    Parameters
    ----------
    series : mapping of (a, b) to array-like (periods, 2)
        Acts of a toward b, and of b toward a.
    lags : int
    rate : float
        Share of false finds among all finds that is borne.
    shifts : int
        Shifted series for each find.
    seed : int

    Returns
    -------
    finds : list of Find
        Two for each pair, in the order given.
    left_out : list of (pair, reason)
        Pairs of which there is too little to say anything.

    Raises
    ------
    ReciprocityError
        A series has gaps, or the rate is not between 0 and 1.
    """
    if not 0 < rate < 1:
        raise ReciprocityError(f"a rate of {rate}", todo="give a share between 0 and 1, such as 0.05")
    tests, left_out = [], []
    for pair, values in series.items():
        try:
            tests += [(pair, test) for test in identify_granger(values, lags)]
        except TooLittle as error:
            left_out.append((pair, error.what))
    adjusted = adjust_false_discoveries([test.p_value for _, test in tests])
    hopeful = {pair for (pair, _), value in zip(tests, adjusted, strict=True) if value <= rate}
    chances = {}
    for pair in sorted(hopeful):
        try:
            chances[pair] = shift_granger(series[pair], lags, shifts, seed)
        except TooLittle as error:
            left_out.append((pair, f"not checked by shifts: {error.what}"))
    finds = []
    for (pair, test), value in zip(tests, adjusted, strict=True):
        chance = chances[pair][test.cause] if pair in chances and value <= rate else None
        sure = chance is not None and chance <= rate
        names = pair[test.cause], pair[test.effect]
        finds.append(Find(*names, test.statistic, test.p_value, float(value), chance, test.total, sure))
    return finds, left_out
