"""Predictions made without knowing the future, and how much better one kind is than another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from comity.reciprocity.errors import TooLittle
from comity.reciprocity.var import Numbers

LEVEL = 0.9


@dataclass(frozen=True)
class Gain:
    """How much better one prediction is than another, out of sample.

    Parameters
    ----------
    gain, low, high : float
        1 - mean squared error with over without [share], with its 90 % interval; above 0, the predictions are better.
    probability : float
        That the gain is above 0, by the bootstrap.
    p_value : float
        Of Clark and West's test that the added regressors help, one-sided.
    predictions : int
        Number of predicted periods.
    """

    gain: float
    low: float
    high: float
    probability: float
    p_value: float
    predictions: int


def predict_ahead(regressors: Numbers, target: Numbers, start: int) -> Numbers:
    """Predict each row from `start` by the regression on all rows before it.

    The coefficients are brought up to date row by row, as if estimated anew each time.

    Parameters
    ----------
    regressors : array (rows, columns)
    target : array (rows,)
    start : int
        More than the number of columns.

    Returns
    -------
    array (rows - start,)

    References
    ----------
    `plackett-1950` in docs/bibliography.md
    """
    scale = np.sqrt((regressors[:start] ** 2).mean(0))
    level = regressors / np.where(scale > 0, scale, 1.0)
    known = level[:start]
    # A ridge of a millionth of a row keeps a regressor that has not varied yet from stopping the prediction.
    inverse = np.linalg.inv(known.T @ known + 1e-6 * np.eye(level.shape[1]))
    coefficients = inverse @ (known.T @ target[:start])
    ahead = np.empty(len(target) - start)
    for n, (row, value) in enumerate(zip(level[start:], target[start:], strict=True)):
        ahead[n] = row @ coefficients
        reach = inverse @ row
        gain = reach / (1.0 + row @ reach)
        coefficients = coefficients + gain * (value - ahead[n])
        inverse = inverse - np.outer(gain, reach)
    return ahead


def draw_blocks(rows: int, draws: int, seed: int, least: int = 2) -> Numbers:
    """Return how often each row is drawn by a circular block bootstrap, (draws, rows).

    The length of a block is the cube root of the number of rows, times 1.5, and at least `least`.

    References
    ----------
    `politis-romano-1992` in docs/bibliography.md
    """
    length = min(max(round(1.5 * rows ** (1 / 3)), least), rows)
    rng = np.random.default_rng(seed)
    blocks = -(-rows // length)
    starts = rng.integers(0, rows, size=(draws, blocks))
    places = (starts[:, :, None] + np.arange(length)) % rows
    counts = np.zeros((draws, rows))
    lines = np.arange(draws)[:, None]
    np.add.at(counts, (lines, places.reshape(draws, -1)[:, :rows]), 1.0)
    return counts


def measure_gain(target: Numbers, without: Numbers, with_it: Numbers, seed: int = 0, draws: int = 1000) -> Gain:
    """Compare two predictions of the same values, the first from a model that is part of the second.

    Parameters
    ----------
    target, without, with_it : array (predictions,)
    seed, draws : int
        Of the block bootstrap.

    Returns
    -------
    Gain

    References
    ----------
    `clark-west-2007` in docs/bibliography.md
    """
    old, new = (target - without) ** 2, (target - with_it) ** 2
    if old.sum() == 0.0:
        raise TooLittle("the routine predicts without any error", why="nothing is left to gain")
    counts = draw_blocks(len(target), draws, seed)
    base = counts @ old
    drawn = 1.0 - (counts @ new) / np.where(base > 0, base, np.nan)
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    adjusted = old - new + (without - with_it) ** 2
    spread = float(adjusted.std(ddof=1)) / np.sqrt(len(target))
    p_value = float(1.0 - ndtr(adjusted.mean() / spread)) if spread > 0 else 1.0
    gain = float(1.0 - new.sum() / old.sum())
    return Gain(gain, float(low), float(high), float((drawn > 0).mean()), p_value, len(target))
