"""Jumps of a hidden level on a grid: how likely one was in a period, from what was known then and from all periods.

A chain moves by wandering and by jumping. Its moves without any jump are known exactly: let a path that jumps end in
one more state, and exponentiate. The difference between all moves and these is what a jump did, so that the probability
of a jump, and how far it led, are exact sums too. With an observation for each period this is change-point detection
with a hazard (Adams and MacKay 2007; Fearnhead and Liu 2007) for a level that also wanders between its breaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.relations.chain import Chain, Motion, Passage, exponentiate, filter_chain, lay_chain, smooth_chain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ROOM = 2**21  # numbers held at once by the online pass, which bounds the memory
LEAST = 1e-4  # probability of a kind below which what it says is left out


@dataclass(frozen=True)
class Course:
    """What is known of one or more levels if all pairs are of one kind, and of their moves with and without a jump.

    Parameters
    ----------
    points : array (points,)
        Of the grid [units of the level].
    passage : comity.relations.chain.Passage
        From the filter.
    smoothed : array (pairs, periods, points)
        From all periods [probability].
    moves, silent : array (periods, points, points)
        Moves into each period: all, and those without a jump [probability].
    """

    points: Numbers
    passage: Passage
    smoothed: Numbers
    moves: Numbers
    silent: Numbers


@dataclass(frozen=True)
class Blend:
    """What is known of levels, whatever the kind of each pair.

    Parameters
    ----------
    courses : tuple of Course
        One for each kind, on the same grid.
    weights : array (kinds, pairs, periods)
        How likely each kind is after each period [probability].
    """

    courses: tuple[Course, ...]
    weights: Numbers

    @property
    def points(self) -> Numbers:
        """Return the grid [units of the level]."""
        return self.courses[0].points

    @property
    def periods(self) -> int:
        """Return the number of periods."""
        return int(self.weights.shape[2])

    def settle(self, pair: int) -> list[tuple[Course, float]]:
        """Return the kinds that a pair may be of after all periods, with how likely they are."""
        last = self.weights[:, pair, -1]
        return [(course, float(w)) for course, w in zip(self.courses, last, strict=True) if w >= LEAST]


def list_silent(chain: Chain, motion: Motion, gaps: Numbers) -> Numbers:
    """Return the moves without any jump over each gap.

    Parameters
    ----------
    chain : Chain
        The motion on its grid.
    motion : Motion
    gaps : array (periods,)
        Days since the period before; 0 for the first [days].

    Returns
    -------
    array (periods, points, points)
        [probability]; rows sum to the probability that nothing jumped.
    """
    import numpy as np

    size = len(chain.points)
    calm = lay_chain(float(chain.points[0]), float(chain.points[-1]), size, replace(motion, jumps=0.0)).generator
    ending = np.zeros((size + 1, size + 1))
    ending[:size, size] = np.maximum(np.diag(calm) - np.diag(chain.generator), 0.0)
    ending[:size, :size] = calm
    ending[np.arange(size), np.arange(size)] -= ending[:size, size]
    known = {gap: exponentiate(ending * gap)[:size, :size] for gap in sorted({round(float(g), 6) for g in gaps})}
    return np.stack([known[round(float(gap), 6)] for gap in gaps])


def soften_evidence(evidence: Numbers, start: Numbers, share: float) -> Numbers:
    """Allow a share of the periods to be episodes, which say nothing of the level.

    Parameters
    ----------
    evidence : array (pairs, periods, points)
        Log probability of each observation at each level [nats].
    start : array (points,)
        What pairs are like at large, which an episode is drawn from [probability].
    share : float
        Of the periods [0 to 1).

    Returns
    -------
    array (pairs, periods, points)
        [nats]. No single period can then speak for a jump without bound.

    References
    ----------
    `fearnhead-rigaill-2019` in docs/bibliography.md
    """
    import numpy as np

    most = evidence.max(-1, keepdims=True)
    weight = np.exp(evidence - most)
    mixed = (1 - share) * weight + share * (weight @ start)[..., None]
    softened: Numbers = np.log(mixed) + most
    return softened


def follow_course(evidence: Numbers, days: Numbers, chain: Chain, motion: Motion) -> Course:
    """Filter and smooth, with the moves that a question about jumps needs.

    Parameters
    ----------
    evidence : array (pairs, periods, points)
        Log probability of each observation at each level [nats].
    days : array (periods,)
        Middle of each period [days].
    chain : Chain
    motion : Motion
        The one that the chain was laid from.

    Returns
    -------
    Course

    References
    ----------
    `kitagawa-1987` in docs/bibliography.md
    """
    import numpy as np

    passage = filter_chain(evidence, days, chain)
    gaps = np.diff(days, prepend=days[:1])
    silent = list_silent(chain, motion, gaps)
    return Course(chain.points, passage, smooth_chain(passage), np.stack(passage.moves), silent)


def _mask_moves(points: Numbers, least: float) -> tuple[Numbers, Numbers]:
    """Return which moves lead up, and which down, by at least so much, each (points, points)."""
    far = points[None, :] - points[:, None]
    near = 1e-9 * (points[-1] - points[0])
    return (far >= least - near).astype(float), (far <= near - least).astype(float)


def weigh_jumps(blend: Blend, pair: int, least: float) -> tuple[Numbers, Numbers]:
    """Return how likely a jump up, or down, was in each period, from all periods.

    Parameters
    ----------
    blend : Blend
    pair : int
        Place of the pair.
    least : float
        Smallest move that counts [units of the level].

    Returns
    -------
    up, down : array (periods,)
        [probability]; 0 in the first period, which has none before it.
    """
    import numpy as np

    found = np.zeros((2, blend.periods))
    masks = _mask_moves(blend.points, least)
    for course, weight in blend.settle(pair):
        ratio = course.smoothed[pair, 1:] / np.maximum(course.passage.expected[pair, 1:], 1e-300)
        before = course.passage.filtered[pair, :-1]
        loud = np.maximum(course.moves[1:] - course.silent[1:], 0.0)
        for way, mask in enumerate(masks):
            found[way, 1:] += weight * (before * ((loud * mask) @ ratio[..., None])[..., 0]).sum(1)
    return np.clip(found[0], 0.0, 1.0), np.clip(found[1], 0.0, 1.0)


def weigh_lately(
    blend: Blend, pair: int, ends: NDArray[np.int64], least: float, within: int
) -> tuple[Numbers, Numbers]:
    """Return how likely a break up, or down, within the last periods was, from what was known at the end of some.

    Parameters
    ----------
    blend : Blend
    pair : int
        Place of the pair.
    ends : array (ends,)
        Periods at whose end it is asked; at least 1.
    least : float
        Smallest move over these periods that counts [units of the level].
    within : int
        How many periods, with the one that ends; at least 1.

    Returns
    -------
    up, down : array (ends,)
        [probability]; that there was a jump, and that the level stands that much higher, or lower, than before.

    References
    ----------
    `adams-mackay-2007`, `fearnhead-liu-2007` in docs/bibliography.md
    """
    import numpy as np

    found = np.zeros((2, len(ends)))
    masks = _mask_moves(blend.points, least)
    portion = max(1, ROOM // len(blend.points) ** 2)
    for course, weight in zip(blend.courses, blend.weights[:, pair], strict=True):
        likely = np.flatnonzero(weight[ends] >= LEAST)
        for first in range(0, len(likely), portion):
            part = likely[first : first + portion]
            joint = _join_lately(course, pair, ends[part], within)
            for way, mask in enumerate(masks):
                found[way, part] += weight[ends[part]] * (joint * mask).sum((1, 2))
    return np.clip(found[0], 0.0, 1.0), np.clip(found[1], 0.0, 1.0)


def _join_lately(course: Course, pair: int, ends: NDArray[np.int64], within: int) -> Numbers:
    """Return the joint probability, with a jump, of the level before the last periods and at their end."""
    import numpy as np

    begun = np.maximum(ends - within, 0)
    filtered, expected = course.passage.filtered[pair], course.passage.expected[pair]
    update = filtered / np.maximum(expected, 1e-300)
    size = len(course.points)
    whole = filtered[begun][:, :, None] * np.eye(size)
    calm = whole.copy()
    for step in range(1, within + 1):
        now = begun + step
        on = now <= ends
        place = now[on]
        whole[on] = whole[on] @ course.moves[place] * update[place][:, None, :]
        calm[on] = calm[on] @ course.silent[place] * update[place][:, None, :]
    joint: Numbers = np.maximum(whole - calm, 0.0)
    return joint


def join_window(blend: Blend, pair: int, first: int, last: int) -> Numbers:
    """Return the joint probability, with a jump in a window, of the level before it and at its end, from all periods.

    Parameters
    ----------
    blend : Blend
    pair : int
        Place of the pair.
    first, last : int
        First and last period of the window; `first` at least 1.

    Returns
    -------
    array (points, points)
        [probability]; its sum is the probability of at least one jump.
    """
    import numpy as np

    joint = np.zeros((len(blend.points), len(blend.points)))
    for course, weight in blend.settle(pair):
        joint += weight * _join_window(course, pair, first, last)
    return joint


def _join_window(course: Course, pair: int, first: int, last: int) -> Numbers:
    """Return that of one kind."""
    import numpy as np

    passage = course.passage
    whole = np.diag(passage.filtered[pair, first - 1])
    calm = whole
    for t in range(first, last + 1):
        update = passage.filtered[pair, t] / np.maximum(passage.expected[pair, t], 1e-300)
        whole, calm = whole @ course.moves[t] * update, calm @ course.silent[t] * update
    ahead = course.smoothed[pair, last] / np.maximum(passage.filtered[pair, last], 1e-300)
    joint: Numbers = np.maximum(whole - calm, 0.0) * ahead
    return joint


def draw_courses(passages: Sequence[Passage], weights: Numbers, pair: int, draws: int, seed: int) -> NDArray[np.int64]:
    """Draw whole courses of a level from what all periods say of it, as places on the grid.

    Parameters
    ----------
    passages : sequence of comity.relations.chain.Passage
        One for each kind.
    weights : array (kinds, pairs, periods)
        How likely each kind is after each period [probability].
    pair : int
        Place of the pair.
    draws : int
        How many.
    seed : int
        Of the draws.

    Returns
    -------
    array (draws, periods)
        Places on the grid: backward from the last period, each given the one after it.

    References
    ----------
    `fruhwirth-schnatter-1994` in docs/bibliography.md
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    last = weights[:, pair, -1]
    numbers = rng.multinomial(draws, last / last.sum())
    drawn = [_draw_back(passage, pair, int(n), rng) for passage, n in zip(passages, numbers, strict=True) if n]
    return rng.permutation(np.concatenate(drawn))


def _draw_back(passage: Passage, pair: int, draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw courses of one kind."""
    import numpy as np

    filtered = passage.filtered[pair]
    places = np.empty((draws, len(filtered)), np.int64)
    places[:, -1] = _draw(np.broadcast_to(filtered[-1], (draws, filtered.shape[1])), rng)
    for t in range(len(filtered) - 2, -1, -1):
        places[:, t] = _draw(filtered[t] * passage.moves[t + 1][:, places[:, t + 1]].T, rng)
    return places


def _draw(mass: Numbers, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw one place from each row, whose sums need not be 1."""
    import numpy as np

    below = np.cumsum(mass, 1)
    asked = rng.random(len(mass)) * below[:, -1]
    place: NDArray[np.int64] = np.minimum((below <= asked[:, None]).sum(1), mass.shape[1] - 1)
    return place
