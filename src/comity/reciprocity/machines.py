"""Strategies as tables: states, the chance of a friendly act in each, and the state that follows both sides' acts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.var import Numbers

FRIENDLY, UNFRIENDLY = 0, 1
ACTS = "CD"
MOST_STATES, MOST_COUNTED = 10_000, 2_000_000
Follow = Callable[[Any, int, int], Any]


@dataclass(frozen=True)
class Machine:
    """A strategy for two acts, C (friendly, cooperate) and D (unfriendly, defect).

    Parameters
    ----------
    name : str
    opening : int
        The state in which it begins.
    cooperate : array (states,)
        Chance that it means to act friendly [probability].
    follow : array (states, 2, 2)
        The next state after its own act and the other's as it saw it (0: C, 1: D). The own act is what was done, not
        what was meant.

    Raises
    ------
    ReciprocityError
        The tables do not fit together, or a chance is not one.
    """

    name: str
    opening: int
    cooperate: Numbers
    follow: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Check that the tables fit together."""
        states = len(self.cooperate)
        if self.follow.shape != (states, 2, 2) or not 0 <= self.opening < states:
            raise ReciprocityError(
                f"{self.name}: {states} states, follow {self.follow.shape}, opening {self.opening}",
                todo="give for each state a chance and the next state after CC, CD, DC and DD",
            )
        if not (np.all(self.cooperate >= 0) and np.all(self.cooperate <= 1)):
            raise ReciprocityError(f"{self.name}: a chance to cooperate is not within 0 and 1: {self.cooperate}")
        if not (np.all(self.follow >= 0) and np.all(self.follow < states)):
            raise ReciprocityError(f"{self.name}: a state is followed by one that is not there")

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.cooperate)

    @property
    def deterministic(self) -> bool:
        """Whether every state means one act for certain."""
        return bool(np.all((self.cooperate == 0) | (self.cooperate == 1)))

    @cached_property
    def digest(self) -> int:
        """A number of 64 bits that only the tables decide, whatever the name."""
        content = np.ascontiguousarray(self.cooperate, dtype="<f8").tobytes()
        content += np.ascontiguousarray(self.follow, dtype="<i8").tobytes() + self.opening.to_bytes(8, "little")
        return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


def lay_machine(
    name: str, opening: Hashable, meaning: Callable[[Any], float], follow: Follow, rounds: int | None = None
) -> Machine:
    """Lay out the states that can be reached from an opening, and merge those that behave alike.

    Parameters
    ----------
    name : str
    opening : hashable
        A description of the first state.
    meaning : callable
        State to the chance that it means to act friendly [probability].
    follow : callable
        State, own act, other's act (0: C, 1: D) to the next state.
    rounds : int, optional
        For a description without an end: only the states that can be reached within so many rounds are laid out, none
        is merged, and those of the last round stay as they are.

    Returns
    -------
    Machine
        Without `rounds` the smallest with this behaviour, states in the order in which they are reached: two
        strategies that behave alike have the same tables.

    Raises
    ------
    ReciprocityError
        More than 10,000 states can be reached, or 2,000,000 within the rounds.

    Examples
    --------
    >>> lay_machine("tit for tat", 0, lambda seen: 1.0 - seen, lambda seen, own, other: other).states
    2
    """
    most = MOST_STATES if rounds is None else MOST_COUNTED
    depth: dict[Hashable, int] = {opening: 0}
    place: dict[Hashable, int] = {opening: 0}
    order = [opening]
    rows: list[list[int]] = []
    for state in order:
        last = rounds is not None and depth[state] >= rounds
        after = [state] * 4 if last else [follow(state, *acts) for acts in ((0, 0), (0, 1), (1, 0), (1, 1))]
        for one in after:
            if one not in place:
                place[one], depth[one] = len(order), depth[state] + 1
                order.append(one)
        rows.append([place[one] for one in after])
        if len(order) > most:
            raise ReciprocityError(f"{name}: more than {most} states", todo="ask for fewer rounds")
    cooperate = np.array([meaning(state) for state in order], dtype=float)
    machine = Machine(name, 0, cooperate, np.array(rows, dtype=np.int64).reshape(-1, 2, 2))
    return machine if rounds is not None else reduce_machine(machine)


def reduce_machine(machine: Machine) -> Machine:
    """Return the smallest machine with the same behaviour, its states in the order in which they are reached.

    Parameters
    ----------
    machine : Machine

    Returns
    -------
    Machine
        States are merged where no sequence of acts tells them apart (Moore's partition refinement).
    """
    follow = machine.follow.reshape(-1, 4)
    _, kind = np.unique(machine.cooperate, return_inverse=True)
    while True:
        signature = np.column_stack([kind, kind[follow]])
        _, finer = np.unique(signature, axis=0, return_inverse=True)
        finer = finer.ravel()
        if finer.max() == kind.max():
            break
        kind = finer
    first = np.zeros(int(kind.max()) + 1, dtype=np.int64)
    first[kind[::-1]] = np.arange(len(kind))[::-1]
    merged, opening = kind[follow[first]], int(kind[machine.opening])
    order, seen = [opening], {opening}
    for state in order:
        for after in merged[state].tolist():
            if after not in seen:
                seen.add(after)
                order.append(after)
    new = np.zeros(len(merged), dtype=np.int64)
    new[order] = np.arange(len(order))
    return replace(
        machine, opening=0, cooperate=machine.cooperate[first][order], follow=new[merged[order]].reshape(-1, 2, 2)
    )


def same_behaviour(one: Machine, other: Machine) -> bool:
    """Tell whether no sequence of acts tells two machines apart.

    Parameters
    ----------
    one, other : Machine

    Returns
    -------
    bool
    """
    a, b = reduce_machine(one), reduce_machine(other)
    return np.array_equal(a.cooperate, b.cooperate) and np.array_equal(a.follow, b.follow)


def differ_in_opening(one: Machine, other: Machine) -> bool:
    """Tell whether two machines follow one rule, and only where they begin in it may differ.

    Parameters
    ----------
    one, other : Machine

    Returns
    -------
    bool

    Examples
    --------
    >>> from comity.reciprocity.strategies import find_strategy
    >>> differ_in_opening(find_strategy("TFT").compile(1), find_strategy("suspicious tit for tat").compile(1))
    True
    """
    if sorted(one.cooperate) != sorted(other.cooperate):
        return same_behaviour(one, other)
    return any(same_behaviour(one, replace(other, opening=state)) for state in range(other.states))
