"""The kernel once more, one round of one match at a time, and machines made by chance."""

import numpy as np

from comity.reciprocity.machines import Machine


def make_machine(seed: int, states: int, certain: bool = True, name: str = "made") -> Machine:
    """Give a machine with states, chances and followers drawn by chance."""
    rng = np.random.default_rng(seed)
    chances = rng.integers(0, 2, states).astype(float) if certain else rng.uniform(0, 1, states)
    return Machine(name, int(rng.integers(states)), chances, rng.integers(0, states, (states, 2, 2)))


def play_naively(first: Machine, second: Machine, rounds: int) -> list[tuple[int, int]]:
    """Give the acts of two machines that draw no lots, without noise."""
    here, there, acts = first.opening, second.opening, []
    for _ in range(rounds):
        a, b = int(first.cooperate[here] == 0), int(second.cooperate[there] == 0)
        acts.append((a, b))
        here, there = int(first.follow[here, a, b]), int(second.follow[there, b, a])
    return acts
