"""Tournaments: every strategy against every other and against itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.machines import Machine
from comity.reciprocity.matches import DILEMMA, Noise, play_matches, score_outcomes


@dataclass(frozen=True)
class Rules:
    """How a tournament is played.

    Parameters
    ----------
    rounds : int
        Of each match.
    copies : int
        Matches of each pair, which differ by chance only.
    noise : Noise
        None by default.
    payoffs : array-like (2, 2)
        Payoff by own act and the other's (C, D); by default the prisoner's dilemma of `axelrod-1984`, 3, 0, 5, 1.
    seed : int
    """

    rounds: int = 200
    copies: int = 1
    noise: Noise = field(default_factory=Noise)
    payoffs: Any = DILEMMA
    seed: int = 0


@dataclass(frozen=True)
class Standings:
    """What came of a tournament, own side first.

    Parameters
    ----------
    outcomes : array (machines, machines, 4)
        Rounds that ended CC, CD, DC, DD over all copies, own act first. A machine against its like is counted
        from both seats, each half.
    score, received : array (machines, machines)
        Own payoff and the opponent's [points per round].
    """

    outcomes: NDArray[np.float64]
    score: NDArray[np.float64]
    received: NDArray[np.float64]


def play_tournament(machines: Sequence[Machine], rules: Rules | None = None) -> Standings:
    """Play a round robin, each machine also against its like.

    Parameters
    ----------
    machines : sequence of Machine
    rules : Rules, optional

    Returns
    -------
    Standings

    Raises
    ------
    ReciprocityError
        There is no machine, no round, no copy, or the payoffs are no 2 by 2 table.

    References
    ----------
    `axelrod-1984` in docs/bibliography.md

    Examples
    --------
    >>> from comity.reciprocity.strategies import find_strategy
    >>> play_tournament([find_strategy(name).compile(10) for name in ("TFT", "ALLD")], Rules(rounds=10)).score.tolist()
    [[3.0, 0.9], [1.4, 1.0]]
    """
    rules = rules or Rules()
    count = len(machines)
    if count == 0 or rules.copies < 1:
        raise ReciprocityError(f"{count} machines, {rules.copies} copies", todo="give at least one of each")
    pairs = np.array([(a, b) for a in range(count) for b in range(a, count)], dtype=np.int64)
    seats = np.column_stack([np.tile(pairs, (rules.copies, 1)), np.repeat(np.arange(rules.copies), len(pairs))])
    played = play_matches(machines, seats, rules.rounds, noise=rules.noise, seed=rules.seed)
    sums = played.outcomes.reshape(rules.copies, len(pairs), 4).sum(0)
    outcomes = np.zeros((count, count, 4))
    own, other = pairs.T
    weight = np.where(own == other, 0.5, 1.0)[:, None]
    np.add.at(outcomes, (own, other), weight * sums)
    np.add.at(outcomes, (other, own), weight * sums[:, [0, 2, 1, 3]])
    scores = score_outcomes(outcomes.reshape(-1, 4), rules.payoffs) / (rules.rounds * rules.copies)
    score, received = scores.T.reshape(2, count, count)
    return Standings(outcomes, score, received)
