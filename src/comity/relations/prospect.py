"""What the next periods may bring: draws of counts, net scores and mean scores from the model's prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.relations.chain import filter_chain
from comity.relations.gestures import GestureModel, Timing, filter_tone
from comity.relations.rate import weigh_counts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]

STEPS = 2048  # of the table from which single scores are drawn


@dataclass(frozen=True)
class Prospect:
    """What was expected of each period, from those before it.

    Parameters
    ----------
    tone : array (pairs, periods, levels)
        Of the level [probability].
    rate : array (pairs, periods, rates)
        Of the log rate [probability].
    length : float
        Of a period [days].
    """

    tone: Numbers
    rate: Numbers
    length: float


def expect_periods(
    count: Numbers, total: Numbers, timing: Timing, exposure: Numbers, model: GestureModel
) -> tuple[Prospect, Numbers, Numbers]:
    """Return what was expected of each period, and how well that fitted.

    Parameters
    ----------
    count, total : array (pairs, periods)
        Number of scored events [count] and sum of their scores [points].
    timing : Timing
    exposure : array (periods,)
        Of each period [weeks of usual coverage].
    model : GestureModel

    Returns
    -------
    prospect : Prospect
    tone_score, count_score : array (pairs, periods)
        Log probabilities of the scores given their number (up to what does not depend on the motion), and of the
        number [nats].
    """
    tone = filter_tone(count, total, timing, model)
    chain = model.lay_rate()
    rate = filter_chain(weigh_counts(count, exposure, model.shape, chain.points), timing.days, chain)
    return Prospect(tone.expected, rate.expected, timing.length), tone.log_score, rate.log_score


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

    chain = model.lay_rate()
    mass = prospect.rate[:, period] @ chain.move(prospect.length * later)
    place = draw_places(mass, 200, rng)
    step = chain.points[1] - chain.points[0]
    log_rate = chain.points[place] + step * (rng.random(place.shape) - 0.5)
    scatter = rng.gamma(model.shape, 1.0 / model.shape, place.shape)
    number: Whole = rng.poisson(exposure * np.exp(log_rate) * scatter).astype(np.int64)
    return number


def draw_tones(prospect: Prospect, period: int, later: int, model: GestureModel, rng: np.random.Generator) -> Whole:
    """Draw the tone of the period `later` periods after `period`, as places on the grid of levels, (pairs, draws)."""
    mass = prospect.tone[:, period] @ model.lay_tone().move(prospect.length * later)
    return draw_places(mass @ model.blur(prospect.length), 200, rng)


def draw_totals(number: Whole, tone: Whole, model: GestureModel, rng: np.random.Generator) -> Numbers:
    """Draw the sum of the scores of so many events at such a tone.

    Parameters
    ----------
    number, tone : array (pairs, draws)
        Events [count], and their tone as a place on the grid of levels.
    model : GestureModel
    rng : numpy.random.Generator

    Returns
    -------
    array (pairs, draws)
        Net scores [points].
    """
    import numpy as np

    tilt = model.tilt()
    shares = (np.arange(STEPS) + 0.5) / STEPS
    below = np.cumsum(tilt.shares, 1)
    last = len(tilt.scores) - 1
    table = np.stack([tilt.scores[np.minimum(np.searchsorted(row, shares), last)] for row in below])
    owner = np.repeat(np.arange(number.size), number.ravel())
    chosen = table[tone.ravel()[owner], (rng.random(len(owner)) * STEPS).astype(np.int64)]
    totals = np.zeros(number.size)
    np.add.at(totals, owner, chosen)
    return totals.reshape(number.shape)
