"""Matches of strategies, many at once: the simulation kernel.

Every match has its own stream of chances, decided by the seed, the tables of both machines and the number of the copy:
a match gives the same whatever else is played beside it, in whatever order, and mirrored when the seats are swapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.machines import Machine
from comity.reciprocity.var import Numbers

DILEMMA = ((3.0, 0.0), (5.0, 1.0))
CHUNK = 4096
BLOCK = 64
ACT, SIGHT, REPORT = 0, 1, 2
STREAMS = 3
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
Bits = NDArray[np.uint8]
Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Noise:
    """What goes wrong between what is meant, done, seen and reported.

    Parameters
    ----------
    action : float
        Chance that an act is the other one than was meant [probability].
    sight : float
        Chance that a side takes the other's act for the other one [probability].
    report : float
        Chance that a third eye is told the other act than was done [probability].

    Raises
    ------
    ReciprocityError
        A chance is not within 0 and 0.5.
    """

    action: float = 0.0
    sight: float = 0.0
    report: float = 0.0

    def __post_init__(self) -> None:
        """Check the chances."""
        for name in ("action", "sight", "report"):
            if not 0 <= getattr(self, name) <= 0.5:
                raise ReciprocityError(
                    f"the chance of {name} noise is {getattr(self, name)}", todo="give one from 0 to 0.5"
                )


@dataclass(frozen=True)
class Played:
    """What came of matches.

    Parameters
    ----------
    rounds : int
    outcomes : array (matches, 4)
        Number of rounds that ended CC, CD, DC, DD; the first seat's act stands first.
    acts : array (matches, rounds, 2) or None
        What was done: 0 C, 1 D.
    reports : array (matches, rounds, 2) or None
        What was reported of it.
    """

    rounds: int
    outcomes: NDArray[np.int64]
    acts: Bits | None = None
    reports: Bits | None = None

    def score(self, payoffs: Any = DILEMMA) -> Numbers:
        """Return the sums of payoffs (matches, 2), as `score_outcomes`."""
        return score_outcomes(self.outcomes, payoffs)


def score_outcomes(outcomes: NDArray[Any], payoffs: Any = DILEMMA) -> Numbers:
    """Return the sums of payoffs of both seats.

    Parameters
    ----------
    outcomes : array (matches, 4)
        Rounds that ended CC, CD, DC, DD; the first seat's act stands first.
    payoffs : array-like (2, 2), or (2, 2, 2)
        Payoff of a side by its own act and the other's (0: C, 1: D); with three axes, one table for each seat.

    Returns
    -------
    array (matches, 2)

    Raises
    ------
    ReciprocityError
        The payoffs have another shape, or are not finite.
    """
    table = np.asarray(payoffs, dtype=float)
    if table.shape == (2, 2):
        table = np.stack([table, table])
    if table.shape != (2, 2, 2) or not np.all(np.isfinite(table)):
        raise ReciprocityError(f"payoffs {payoffs!r}", todo="give [[CC, CD], [DC, DD]], own act first")
    return np.stack([outcomes @ table[0].ravel(), outcomes @ table[1].T.ravel()], axis=1)


@dataclass(frozen=True)
class _Tables:
    """The tables of all machines, one after the other; a state is known by four times its place."""

    friendly: Numbers
    follow: NDArray[np.int64]
    openings: NDArray[np.int64]
    digests: Words


def _join(machines: Sequence[Machine], noise: Noise) -> _Tables:
    """Lay the tables of all machines one after the other."""
    starts = np.cumsum([0, *(machine.states for machine in machines)])
    chance = np.concatenate([machine.cooperate for machine in machines])
    chance = chance * (1 - noise.action) + (1 - chance) * noise.action
    follow = np.concatenate([one.follow.ravel() + start for one, start in zip(machines, starts[:-1], strict=True)])
    openings = [start + one.opening for one, start in zip(machines, starts[:-1], strict=True)]
    return _Tables(
        np.repeat(chance, 4),
        4 * follow.astype(np.int64),
        4 * np.array(openings, dtype=np.int64),
        np.array([machine.digest for machine in machines], dtype=np.uint64),
    )


def mix_words(words: Words) -> Words:
    """Return words of 64 bits scrambled, in place (the finaliser of SplitMix64, `steele-2014`)."""
    words ^= words >> np.uint64(30)
    words *= np.uint64(0xBF58476D1CE4E5B9)
    words ^= words >> np.uint64(27)
    words *= np.uint64(0x94D049BB133111EB)
    words ^= words >> np.uint64(31)
    return words


def _key_streams(digests: Words, seats: NDArray[np.int64], copies: NDArray[np.int64], seed: int) -> Words:
    """Return the key of each seat of each match (2, matches); only equal machines are told apart by their seat."""
    own = digests[seats.T]
    other = own[::-1]
    key = mix_words(own + np.array([seed % 2**64], dtype=np.uint64) * GOLDEN)
    key = mix_words(key * np.uint64(3) + other)
    key[1] += (own[0] == own[1]).astype(np.uint64)
    return mix_words(key + copies.astype(np.uint64) * GOLDEN)


def _draw(keys: Words, first: int, rounds: int, stream: int) -> Numbers:
    """Return chances (rounds, 2, matches) of one stream."""
    steps = (np.arange(first, first + rounds, dtype=np.uint64) * np.uint64(STREAMS) + np.uint64(stream + 1)) * GOLDEN
    words = mix_words(keys[None] + steps[:, None, None])
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _play_block(tables: _Tables, state: NDArray[np.int64], chances: Numbers | None, wrong: Any, rounds: int) -> Bits:
    """Play some rounds of a chunk of matches from `state`, which moves on, and return the acts (rounds, 2, matches)."""
    done = np.empty((rounds, *state.shape), dtype=np.uint8)
    own, seen = np.empty_like(state), np.empty_like(state)
    meant = (2 * (tables.friendly < 0.5)).astype(np.int64)
    friendly = np.empty(state.shape)
    for t in range(rounds):
        if chances is None:
            np.take(meant, state, out=own, mode="clip")
        else:
            np.take(tables.friendly, state, out=friendly, mode="clip")
            np.multiply(chances[t] >= friendly, 2, out=own)
        np.right_shift(own, 1, out=seen)
        done[t] = seen
        state += own
        if wrong is not None:
            np.bitwise_xor(seen, wrong[t], out=seen)
        state += seen[::-1]
        np.take(tables.follow, state, out=state, mode="clip")
    return done


def play_matches(
    machines: Sequence[Machine],
    seats: Any,
    rounds: int,
    *,
    noise: Noise | None = None,
    seed: int = 0,
    keep: bool = False,
) -> Played:
    """Play matches of two strategies, all at once.

    Parameters
    ----------
    machines : sequence of Machine
    seats : array-like (matches, 2) or (matches, 3)
        Places in `machines` of the first and second seat, and the number of the copy (0 where left out): copies of a
        match differ by chance only.
    rounds : int
        At least 1.
    noise : Noise, optional
        None where left out.
    seed : int
    keep : bool
        Whether to give every act, and every report of it.

    Returns
    -------
    Played

    Raises
    ------
    ReciprocityError
        There is no match, no round, or no such machine.

    References
    ----------
    `axelrod-1984`, `steele-2014` in docs/bibliography.md

    Examples
    --------
    >>> from comity.reciprocity.strategies import find_strategy
    >>> pair = [find_strategy(name).compile(10) for name in ("tit for tat", "always defect")]
    >>> play_matches(pair, [(0, 1)], 10).score().tolist()
    [[9.0, 14.0]]
    """
    noise = noise or Noise()
    places, copies = _check_seats(seats, len(machines), rounds)
    tables = _join(machines, noise)
    keys = _key_streams(tables.digests, places, copies, seed)
    parts = [
        _play_chunk(tables, places[n : n + CHUNK], keys[:, n : n + CHUNK], rounds, noise, keep)
        for n in range(0, len(places), CHUNK)
    ]
    outcomes, acts, reports = zip(*parts, strict=True)
    if not keep:
        return Played(rounds, np.concatenate(outcomes))
    return Played(rounds, np.concatenate(outcomes), np.concatenate(acts), np.concatenate(reports))


def _check_seats(seats: Any, machines: int, rounds: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of both seats and the copies, after a check."""
    array = np.asarray(seats)
    if array.ndim != 2 or len(array) == 0 or array.shape[1] not in (2, 3) or not np.issubdtype(array.dtype, np.integer):
        raise ReciprocityError(f"seats of shape {array.shape}", todo="give two places (and a copy) for each match")
    if rounds < 1:
        raise ReciprocityError(f"{rounds} rounds", todo="play at least one")
    if array[:, :2].min() < 0 or array[:, :2].max() >= machines or array.min() < 0:
        raise ReciprocityError(f"a seat names a machine that is not among the {machines}, or a copy below 0")
    places = array[:, :2].astype(np.int64)
    return places, array[:, 2].astype(np.int64) if array.shape[1] == 3 else np.zeros(len(array), dtype=np.int64)


def _play_chunk(
    tables: _Tables, seats: NDArray[np.int64], keys: Words, rounds: int, noise: Noise, keep: bool
) -> tuple[NDArray[np.int64], Bits | None, Bits | None]:
    """Play matches that fit into fast memory, in blocks of rounds."""
    state = tables.openings[seats.T].copy()
    certain = bool(np.all((tables.friendly == 0) | (tables.friendly == 1)))
    outcomes = np.zeros((len(seats), 4), dtype=np.int64)
    acts, reports = [], []
    for first in range(0, rounds, BLOCK):
        length = min(BLOCK, rounds - first)
        chances = None if certain else _draw(keys, first, length, ACT)
        wrong = _draw(keys, first, length, SIGHT) < noise.sight if noise.sight else None
        done = _play_block(tables, state, chances, wrong, length)
        _count(outcomes, done)
        if keep:
            acts.append(done)
            told = done if not noise.report else done ^ (_draw(keys, first, length, REPORT) < noise.report)
            reports.append(told)
    if not keep:
        return outcomes, None, None
    return outcomes, np.concatenate(acts).transpose(2, 0, 1), np.concatenate(reports).transpose(2, 0, 1)


def _count(outcomes: NDArray[np.int64], done: Bits) -> None:
    """Add the rounds of a block to the outcomes."""
    both = np.count_nonzero(done[:, 0] & done[:, 1], axis=0)
    first, second = np.count_nonzero(done[:, 0], axis=0), np.count_nonzero(done[:, 1], axis=0)
    counts = (len(done) - first - second + both, second - both, first - both, both)
    outcomes += np.stack(counts, axis=1)
