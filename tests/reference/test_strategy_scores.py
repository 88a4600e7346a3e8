"""Names, definitions and scores of strategies beside the Axelrod library.

scripts/play_axelrod.py wrote the tables; the tests that ask the library itself are skipped where it is not installed
(the `peers` extra).
"""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest

from comity.reciprocity.machines import Machine
from comity.reciprocity.matches import play_matches
from comity.reciprocity.strategies import Strategy, find_strategy, list_strategies

FOLDER = Path(__file__).parent
ROUNDS = 200
SHARED = [one for one in list_strategies() if one.peer]
CERTAIN = [one for one in SHARED if one.deterministic]


def read_recorded(name: str) -> list[dict[str, str]]:
    """Give the rows of a recorded table."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        head = next(lines)
        assert head.startswith("# Axelrod library 4.")
        return list(csv.DictReader(lines))


def play_all(strategies: list[Strategy], pairs: list[tuple[str, str]], rounds: int = ROUNDS) -> np.ndarray:
    """Give the scores of our own matches."""
    place = {one.name: n for n, one in enumerate(strategies)}
    machines: list[Machine] = [one.compile(rounds) for one in strategies]
    return play_matches(machines, [(place[a], place[b]) for a, b in pairs], rounds).score()


def test_the_recorded_scores_of_every_deterministic_strategy_are_ours_exactly():
    rows = read_recorded("axelrod_scores.csv")
    pairs = [(row["first"], row["second"]) for row in rows]
    assert len({name for pair in pairs for name in pair}) == len(CERTAIN) >= 20
    assert len(pairs) == len(CERTAIN) * (len(CERTAIN) + 1) // 2
    theirs = np.array([[float(row["first_score"]), float(row["second_score"])] for row in rows])
    assert np.array_equal(play_all(CERTAIN, pairs), theirs)


def test_the_recorded_chances_of_every_strategy_with_memory_one_are_ours():
    rows = read_recorded("axelrod_chances.csv")
    assert len(rows) >= 9
    for row in rows:
        rule = find_strategy(row["strategy"]).rule
        assert rule["opening"] == row["opening"]
        assert rule["after"] == pytest.approx([float(row[name]) for name in ("cc", "cd", "dc", "dd")], abs=1e-12)


def test_the_library_gives_the_recorded_scores():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        axelrod = pytest.importorskip("axelrod", reason="needs the Axelrod library (the `peers` extra)")
    rows = read_recorded("axelrod_scores.csv")[::23]
    for row in rows:
        players = [getattr(axelrod, find_strategy(row[side]).peer)() for side in ("first", "second")]
        match = axelrod.Match(players, turns=ROUNDS)
        match.play()
        assert list(match.final_score()) == [float(row["first_score"]), float(row["second_score"])]


def test_an_alias_that_is_a_class_of_the_library_names_the_same_strategy():
    for one in SHARED:
        assert find_strategy(one.peer) is one
