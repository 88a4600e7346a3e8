"""Scores of predictions, and the simple rules that stand beside the index.

CRPS (the continuous ranked probability score; Gneiting and Raftery 2007) is the score, since a net score is part
discrete (no event, no score) and part nearly continuous, so that it has no density to take the log of. It is in points,
lower is better.
"""

from __future__ import annotations

import numpy as np

WEIGHTS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
MOST_PAST = 400  # residuals of a pair that make its spread


def score_draws(draws: np.ndarray, value: np.ndarray, issued: bool = False) -> np.ndarray:
    """Return the CRPS of draws (cases, draws).

    `issued`: the draws are the prediction itself, as with past residuals; otherwise they stand for a distribution, and
    the score is free of the bias of their number.
    """
    draws = np.sort(draws, axis=1)
    number = draws.shape[1]
    rank = 2 * np.arange(1, number + 1) - number - 1
    pairs = number * number if issued else number * (number - 1)
    return np.abs(draws - value[:, None]).mean(1) - (draws * rank).sum(1) / pairs


def place_value(draws: np.ndarray, value: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the randomised probability integral transform: where a value lies among draws, ties broken at random."""
    below = (draws < value[:, None] - 1e-9).sum(1)
    same = (np.abs(draws - value[:, None]) <= 1e-9).sum(1)
    return (below + (same + 1) * rng.random(len(value))) / (draws.shape[1] + 1)


def hold_value(draws: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Tell whether the plain 90 % interval of the draws holds the value, ends included."""
    low, high = np.quantile(draws, [0.05, 0.95], axis=1, method="inverted_cdf")
    return (value >= low - 1e-9) & (value <= high + 1e-9)


def follow_mean(series: np.ndarray, seen: np.ndarray, weight: float) -> np.ndarray:
    """Return the exponentially weighted mean before each period, (pairs, periods)."""
    mean, out = np.zeros(len(series)), np.empty(series.shape)
    for t in range(series.shape[1]):
        out[:, t] = mean
        if seen[t]:
            mean = mean + weight * (series[:, t] - mean)
    return out


def choose_weight(series: np.ndarray, seen: np.ndarray, train: int, later: int) -> float:
    """Return the weight with the least mean squared error over the training span."""

    def err(weight: float) -> float:
        mean = follow_mean(series[:, :train], seen[:train], weight)
        miss = (series[:, later - 1 : train] - mean[:, : train - later + 1])[:, seen[later - 1 : train]]
        return float((miss**2).mean())

    return min(WEIGHTS, key=err)


def score_rule(
    series: np.ndarray, seen: np.ndarray, train: int, later: int, weight: float
) -> dict[str, tuple[float, float]]:
    """Score an exponentially weighted mean (weight 1: last value; weight 0: none) `later` periods ahead.

    Each pair has its own spread, from its own past residuals: as they are, or as a normal of their variance.

    Returns
    -------
    dict
        Spread to CRPS [points] and share in the plain 90 % interval.
    """
    mean = follow_mean(series, seen, weight)[:, : series.shape[1] - later + 1]
    miss = series[:, later - 1 :] - mean
    use = seen[later - 1 :]
    out: dict[str, list[np.ndarray]] = {"residuals": [], "normal": []}
    held: dict[str, list[np.ndarray]] = {"residuals": [], "normal": []}
    for t in range(train, series.shape[1]):
        if not seen[t]:
            continue
        j = t - later + 1
        past = miss[:, : j - later + 1][:, use[: j - later + 1]]
        draws = mean[:, [j]] + past[:, -MOST_PAST:]
        out["residuals"].append(score_draws(draws, series[:, t], issued=True))
        held["residuals"].append(hold_value(draws, series[:, t]))
        spread = np.sqrt((past**2).mean(1)) + 1e-3
        away = (series[:, t] - mean[:, j]) / spread
        out["normal"].append(spread * score_normal(away))
        held["normal"].append(np.abs(away) <= 1.6448536269514722)
    return {name: (float(np.mean(out[name])), float(np.mean(held[name]))) for name in out}


def score_normal(away: np.ndarray) -> np.ndarray:
    """Return the CRPS of a standard normal at a value."""
    from scipy.special import ndtr

    return away * (2 * ndtr(away) - 1) + np.sqrt(2 / np.pi) * np.exp(-0.5 * away**2) - 1 / np.sqrt(np.pi)
