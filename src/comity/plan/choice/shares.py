"""Shares of a joint gain: the Shapley value and the nucleolus of a game given by its coalitions' values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from comity.plan.errors import PlanError

TIGHT = 1e-7
"""Smallest multiplier, of multipliers that add up to 1, that counts as above 0."""
CLOSE = 1e-6
"""Difference between the linear programme's level and the exact one, in parts of the largest value."""


def share_shapley(values: Sequence[int]) -> list[Fraction]:
    """Return the Shapley value: what each player adds to those before it, on average over all orders.

    Parameters
    ----------
    values : sequence of int, length 2**n
        Value of each coalition; player i is in coalition `c` if bit i of `c` is set; the first is 0.

    Returns
    -------
    list of Fraction
        By player; they add up to the value of all.

    Examples
    --------
    >>> [int(share) for share in share_shapley([0, 0, 0, 10])]
    [5, 5]

    References
    ----------
    `shapley-1953`
    """
    players = count_players(values)
    weights = [
        Fraction(math.factorial(size) * math.factorial(players - size - 1), math.factorial(players))
        for size in range(players)
    ]
    shares = [Fraction(0)] * players
    for coalition, value in enumerate(values):
        for player in range(players):
            if not coalition >> player & 1:
                shares[player] += weights[coalition.bit_count()] * (values[coalition | 1 << player] - value)
    return shares


def share_nucleolus(values: Sequence[int]) -> tuple[list[Fraction], bool]:
    """Return the nucleolus: the sharing whose largest complaint is least, then the second largest, and so on.

    The complaint of a coalition is its value less what its members get. A sequence of linear programmes lowers the
    largest complaint; the coalitions with a multiplier above 0 have it in every solution, and are held there; those
    whose share is settled by that drop out. The programmes tell which coalitions are tight; the shares are then solved
    exactly, in fractions. Where the players' own values add up to more than the value of all, no sharing gives each
    its own; then the prenucleolus is returned, which does not ask for that.

    Parameters
    ----------
    values : sequence of int, length 2**n
        As in `share_shapley`.

    Returns
    -------
    shares : list of Fraction
        By player; they add up to the value of all.
    imputation : bool
        Whether each gets at least its own value.

    Raises
    ------
    PlanError
        Where a linear programme fails.

    Examples
    --------
    >>> shares, _ = share_nucleolus([0, 0, 0, 0, 0, 0, 100, 200])  # the bankruptcy of 200 with claims 100, 200, 300
    >>> [int(share) for share in shares]
    [50, 75, 75]

    References
    ----------
    `schmeidler-1969`, `maschler-peleg-shapley-1979`, `aumann-maschler-1985`
    """
    players = count_players(values)
    whole = len(values) - 1
    alone = [values[1 << player] for player in range(players)]
    imputation = sum(alone) <= values[whole]
    system = Equations(players)
    system.add(list_members(whole, players), Fraction(values[whole]))
    open_ = list(range(1, whole))
    while system.rank < players:
        open_ = system.list_unsettled(open_)
        level, tight, floors = lower_complaint(values, open_, system, alone if imputation else None)
        for player in floors:
            system.add([int(other == player) for other in range(players)], Fraction(alone[player]))
        exact = system.find_level([(list_members(c, players), Fraction(values[c])) for c in tight])
        if exact is None or abs(float(exact) - level) > CLOSE * max(1, *map(abs, values)):
            raise PlanError(
                f"the nucleolus was not found: level {level} of {len(tight)} coalitions",
                why="the linear programme's answer does not solve its own equations",
                todo="give the stakes in a unit in which they are of similar size",
            )
        for coalition in tight:
            system.add(list_members(coalition, players), values[coalition] - exact)
    return system.solve(), imputation


def count_players(values: Sequence[int]) -> int:
    """Return the number of players whose coalitions have these values."""
    return len(values).bit_length() - 1


def list_members(coalition: int, players: int) -> list[int]:
    """Return 1 for each player of a coalition and 0 for each other."""
    return [coalition >> player & 1 for player in range(players)]


@dataclass(slots=True)
class Equations:
    """Exact linear equations of the shares, in echelon form: each row its coefficients and its right side."""

    players: int
    rows: list[tuple[int, list[Fraction]]] = field(default_factory=list)

    @property
    def rank(self) -> int:
        """Number of independent equations."""
        return len(self.rows)

    def reduce(self, row: Sequence[Fraction]) -> list[Fraction]:
        """Return a row (shares, then anything) less the equations that are known."""
        left = list(row)
        for pivot, known in self.rows:
            if left[pivot]:
                factor = left[pivot]
                left = [a - factor * b for a, b in zip(left, [*known, *[Fraction(0)] * len(left)], strict=False)]
        return left

    def add(self, members: Sequence[int], amount: Fraction) -> None:
        """Add that the shares of some players add up to an amount, unless that is known."""
        left = self.reduce([*map(Fraction, members), amount])
        pivot = next((place for place in range(self.players) if left[place]), None)
        if pivot is not None:
            self.rows.append((pivot, [part / left[pivot] for part in left]))

    def find_level(self, tight: Sequence[tuple[list[int], Fraction]]) -> Fraction | None:
        """Return the complaint that coalitions share, from members and values; None where they do not settle it."""
        rows = [self.reduce([*map(Fraction, members), value, Fraction(1)]) for members, value in tight]
        for place in range(self.players):
            pivot = next((row for row in rows if row[place]), None)
            if pivot is not None:
                rows.remove(pivot)
                rows = [[a - row[place] / pivot[place] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        return next((row[-2] / row[-1] for row in rows if row[-1]), None)

    def list_unsettled(self, coalitions: Sequence[int]) -> list[int]:
        """Return the coalitions whose share the equations do not settle."""
        import numpy as np

        basis, _ = np.linalg.qr(np.array([[float(part) for part in row[: self.players]] for _, row in self.rows]).T)
        members = np.array([list_members(c, self.players) for c in coalitions], dtype=float)
        outside = np.abs(members - members @ basis @ basis.T).max(1) > CLOSE
        return [coalition for coalition, left in zip(coalitions, outside, strict=True) if left]

    def solve(self) -> list[Fraction]:
        """Return the shares, where there are as many equations as players."""
        shares = [Fraction(0)] * self.players
        for pivot, row in reversed(self.rows):
            rest = sum((row[p] * shares[p] for p in range(self.players) if p != pivot), Fraction(0))
            shares[pivot] = row[self.players] - rest
        return shares


def lower_complaint(
    values: Sequence[int], open_: Sequence[int], system: Equations, alone: Sequence[int] | None
) -> tuple[float, list[int], list[int]]:
    """Return the least largest complaint, the coalitions that always have it, and who is held at its own value."""
    import numpy as np
    from scipy.optimize import linprog

    unit = float(max(1, *map(abs, values)))
    players = system.players
    members = np.array([list_members(c, players) for c in open_], dtype=float)
    known = np.array([[float(part) for part in row] for _, row in system.rows])
    own = [None if alone is None else alone[player] / unit for player in range(players)]
    found = linprog(
        np.r_[np.zeros(players), 1.0],
        A_ub=-np.c_[members, np.ones(len(open_))],
        b_ub=-np.array([values[c] for c in open_]) / unit,
        A_eq=np.c_[known[:, :players], np.zeros(len(known))],
        b_eq=known[:, -1] / unit,
        bounds=[*((least, None) for least in own), (None, None)],
        method="highs-ds",
    )
    if found.status != 0 or found.x is None:
        raise PlanError(f"the linear programme of the nucleolus failed: {found.message}")
    tight = [coalition for coalition, price in zip(open_, -found.ineqlin.marginals, strict=True) if price > TIGHT]
    floors = [] if alone is None else [player for player in range(players) if found.lower.marginals[player] > TIGHT]
    return float(found.x[-1]) * unit, tight, floors
