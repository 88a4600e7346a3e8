"""Series and acts made to a known rule."""

from datetime import date, timedelta

import numpy as np

from comity.reciprocity.acts import Acts

FIRST = date(2001, 1, 1)


def make_var(matrices, periods: int, seed: int, noise=None) -> np.ndarray:
    """Give series of a vector autoregression, [lag, cause, equation], after 100 periods to settle."""
    matrices = np.asarray(matrices, dtype=float)
    lags, series, _ = matrices.shape
    rng = np.random.default_rng(seed)
    shocks = rng.standard_normal((periods + 100, series)) if noise is None else noise(rng, periods + 100)
    made = np.zeros((periods + 100, series))
    for t in range(lags, periods + 100):
        made[t] = shocks[t] + sum(made[t - back] @ matrices[back - 1] for back in range(1, lags + 1))
    return made[100:]


def make_acts(days: int, seed: int, *, answer: float, after: int = 2, routine: float = 0.05) -> Acts:
    """Give acts in which the second party answers each gesture of the first with a chance, and has a routine."""
    rng = np.random.default_rng(seed)
    gestures = np.flatnonzero(rng.random(days) < 0.08)
    answered = gestures[rng.random(len(gestures)) < answer] + after
    usual = np.flatnonzero(rng.random(days) < routine)
    replies = np.unique(np.concatenate([answered[answered < days], usual]))
    return lay_acts(
        days, [(int(d), 0, 4.0, "CONSULT") for d in gestures] + [(int(d), 1, 2.0, "AGREE") for d in replies]
    )


def lay_acts(days: int, rows, covered=None, parties=("AAA", "BBB")) -> Acts:
    """Give acts from rows of day, sender, score and type."""
    day, sender, score, kind = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Acts(
        parties,
        FIRST,
        np.ones(days, dtype=bool) if covered is None else np.asarray(covered, dtype=bool),
        np.array(day, dtype=np.int64),
        np.array(sender, dtype=np.int64),
        np.array(score, dtype=float),
        np.array(kind, dtype=np.str_),
    )


def list_days(days: int) -> list[tuple[date, bool]]:
    """Give a calendar, all of it covered."""
    return [(FIRST + timedelta(days=n), True) for n in range(days)]
