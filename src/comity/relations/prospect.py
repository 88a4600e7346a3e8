"""What the next periods may bring: draws of counts, net scores and mean scores from the model's prediction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from comity.relations.chain import Passage, filter_chain
from comity.relations.gestures import GestureModel, Timing, follow_kinds, weigh_kinds
from comity.relations.rate import weigh_counts
from comity.relations.series import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]

STEPS = 2048  # of the table from which single scores are drawn
DRAWS = 200


@dataclass(frozen=True)
class Prospect:
    """What was expected of each period, from those before it.

    Parameters
    ----------
    tone : array (kinds, pairs, periods, levels)
        Of the kind and the level together [probability].
    rate : array (paces, pairs, periods, rates)
        Of the pace and the log rate together [probability].
    length : float
        Of a period [days].
    """

    tone: Numbers
    rate: Numbers
    length: float


def expect_periods(tally: Tally, timing: Timing, exposure: Numbers, model: GestureModel) -> Prospect:
    """Return what was expected of each period.

    Parameters
    ----------
    tally : comity.relations.series.Tally
    timing : Timing
    exposure : array (periods,)
        Of each period [weeks of usual coverage].
    model : GestureModel

    Returns
    -------
    Prospect
    """
    import numpy as np

    tones, _ = follow_kinds(tally, timing, model)
    rates = []
    for pace in model.list_paces():
        chain = model.pick_pace(pace).lay_rate()
        evidence = weigh_counts(tally.count, exposure, model.shape, chain.points)
        rates.append(filter_chain(evidence, timing.days, chain))
    return Prospect(
        _join(tones, np.array([kind.share for kind in model.list_kinds()])),
        _join(rates, np.array([pace.share for pace in model.list_paces()])),
        timing.length,
    )


def _join(passages: list[Passage], shares: Numbers) -> Numbers:
    """Return what was expected of kind and level together; before the first period the kinds have their shares."""
    import numpy as np

    scores = np.stack([passage.log_score for passage in passages])
    scores = np.concatenate([np.zeros_like(scores[..., :1]), scores[..., :-1]], axis=-1)
    weights = weigh_kinds(scores, np.log(shares))
    return np.stack([weight[..., None] * one.expected for weight, one in zip(weights, passages, strict=True)])


def draw_places(mass: Numbers, draws: int, rng: np.random.Generator) -> Whole:
    """Draw places on a grid, (pairs, draws), from (pairs, points) [probability]."""
    import numpy as np

    pairs, size = mass.shape
    below = np.cumsum(mass, 1)
    below /= below[:, -1:]
    row = np.arange(pairs)[:, None]
    asked = rng.random((pairs, draws)) + row
    places: Whole = np.searchsorted((below + row).ravel(), asked.ravel()).reshape(pairs, draws) - row * size
    return places


def draw_counts(
    prospect: Prospect, period: int, later: int, exposure: float, model: GestureModel, rng: np.random.Generator
) -> Whole:
    """Draw numbers of events `later` periods after `period`, from what was known before `period`.

    Returns
    -------
    array (pairs, draws)
        [count]; 200 draws of each pair.
    """
    import numpy as np

    days = prospect.length * later
    chains = [model.pick_pace(pace).lay_rate() for pace in model.list_paces()]
    moved = [mass[:, period] @ chain.move(days) for mass, chain in zip(prospect.rate, chains, strict=True)]
    place = draw_places(np.concatenate(moved, axis=1), DRAWS, rng)
    points = chains[0].points
    log_rate = points[place % len(points)] + (points[1] - points[0]) * (rng.random(place.shape) - 0.5)
    scatter = rng.gamma(model.shape, 1.0 / model.shape, place.shape)
    number: Whole = rng.poisson(exposure * np.exp(log_rate) * scatter).astype(np.int64)
    return number


def draw_tones(prospect: Prospect, period: int, later: int, model: GestureModel, rng: np.random.Generator) -> Whole:
    """Draw kind and tone of the period `later` periods after `period`, as places on the grids of all kinds in a row.

    Returns
    -------
    array (pairs, draws)
        Place of the kind times the points of the grid of levels, plus the place of the tone.
    """
    import numpy as np

    moved = []
    for kind, mass in zip(model.list_kinds(), prospect.tone, strict=True):
        one = model.pick_kind(kind)
        moved.append(mass[:, period] @ one.lay_tone().move(prospect.length * later) @ one.blur())
    return draw_places(np.concatenate(moved, axis=1), DRAWS, rng)


def draw_totals(number: Whole, tone: Whole, model: GestureModel, rng: np.random.Generator) -> Numbers:
    """Draw the sum of the scores of so many events of such a kind and tone.

    Parameters
    ----------
    number, tone : array (pairs, draws)
        Events [count], and their kind and tone as `draw_tones` gives them.
    model : GestureModel
    rng : numpy.random.Generator

    Returns
    -------
    array (pairs, draws)
        Net scores [points].
    """
    import numpy as np

    owner = np.repeat(np.arange(number.size), number.ravel())
    chosen = _tabulate(model)[tone.ravel()[owner], (rng.random(len(owner)) * STEPS).astype(np.int64)]
    totals: Numbers = np.bincount(owner, chosen, number.size).astype(float).reshape(number.shape)
    return totals


@lru_cache(maxsize=4)
def _tabulate(model: GestureModel) -> Numbers:
    """Return scores in their order at each kind and tone, as often as they are likely, (kinds and tones, STEPS)."""
    import numpy as np

    shares = (np.arange(STEPS) + 0.5) / STEPS
    last = len(model.scores) - 1
    rows = [
        np.array(model.scores)[np.minimum(np.searchsorted(row, shares), last)]
        for kind in model.list_kinds()
        for row in np.cumsum(model.pick_kind(kind).tilt().shares, 1)
    ]
    return np.stack(rows)
