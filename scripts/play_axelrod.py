"""Play the strategies that the Axelrod library also has with that library, and record what came of it.

python scripts/play_axelrod.py (with the `peers` extra) writes tests/reference/axelrod_scores.csv: the final scores of
200 rounds without noise, each strategy against each and against its like, and tests/reference/axelrod_chances.csv: the
chances of C after CC, CD, DC and DD of those that have memory one. The first line of each says which version it was.
"""

from __future__ import annotations

import csv
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

from comity.reciprocity.strategies import list_strategies

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "reference"
ROUNDS = 200


def write_rows(name: str, head: list[str], rows: list[list[Any]]) -> None:
    """Write a table with the version of the library above it."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as sink:
        sink.write(f"# Axelrod library {version('axelrod')}, {ROUNDS} rounds, no noise, payoffs 3 0 5 1\n")
        table = csv.writer(sink, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)
    print(f"{name}: {len(rows)} rows")


def main() -> None:
    """Write both tables."""
    warnings.simplefilter("ignore")
    import axelrod

    shared = [one for one in list_strategies() if one.peer]
    certain = [one for one in shared if one.deterministic]
    scores = []
    for n, first in enumerate(certain):
        for second in certain[n:]:
            pair = (getattr(axelrod, first.peer)(), getattr(axelrod, second.peer)())
            match = axelrod.Match(pair, turns=ROUNDS)
            match.play()
            scores.append([first.name, second.name, *match.final_score()])
    write_rows("axelrod_scores.csv", ["first", "second", "first_score", "second_score"], scores)
    chances = []
    for one in shared:
        player = getattr(axelrod, one.peer)()
        axelrod.Match((player, axelrod.Cooperator()), turns=1).play()
        if hasattr(player, "_four_vector"):
            opening = "C" if player._initial == axelrod.Action.C else "D"
            chances.append([one.name, opening, *(float(chance) for chance in player._four_vector.values())])
    write_rows("axelrod_chances.csv", ["strategy", "opening", "cc", "cd", "dc", "dd"], chances)


if __name__ == "__main__":
    main()
