"""How often intervals of ranks hold what they say, and how long ranks and comparisons take.

Run: python bench/comparison.py
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: the products are small, and threads only wait

import numpy as np

from comity.api import compare_relations, rank_relations
from comity.relations.comparison import rank_standings

SEED = 20261122
RUNS, LEVELS = 300, 30
POINTS = np.linspace(-9, 9, 37)


def show_coverage() -> None:
    """Print how many true ranks lie in their interval, and in how many runs all lie in theirs."""
    rng = np.random.default_rng(SEED)
    prior = np.exp(-0.5 * ((POINTS - 1.7) / 1.3) ** 2)
    prior /= prior.sum()
    each, together, widths = [], [], []
    for run in range(RUNS):
        level = POINTS[rng.choice(len(POINTS), LEVELS, p=prior)] + 0.5 * (rng.random(LEVELS) - 0.5)
        spread = rng.uniform(0.3, 2.0, LEVELS)
        seen = level + spread * rng.standard_normal(LEVELS)
        mass = prior * np.exp(-0.5 * ((seen[:, None] - POINTS) / spread[:, None]) ** 2)
        ranks = rank_standings(mass / mass.sum(1, keepdims=True), POINTS, run)
        true = np.argsort(np.argsort(-level)) + 1
        each.append(((ranks.low <= true) & (true <= ranks.high)).mean())
        together.append(((ranks.sure_low <= true) & (true <= ranks.sure_high)).all())
        widths.append(((ranks.high - ranks.low).mean(), (ranks.sure_high - ranks.sure_low).mean()))
    own, all_at_once = np.mean(widths, axis=0)
    print(f"ranks of {LEVELS} levels, {RUNS} runs, intervals of 90 %:")
    print(f"  its own: holds {np.mean(each):.1%} of the ranks, mean width {own:.1f}")
    print(f"  all at once: holds all in {np.mean(together):.1%} of the runs, mean width {all_at_once:.1f}")


def show_time(name: str, ask: Callable[[], object]) -> None:
    """Print the median of three runs."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        ask()
        spent.append(time.process_time() - began)
    print(f"  {name}: {np.median(spent):.2f} CPU seconds")


def main() -> None:
    """Print all figures."""
    show_coverage()
    print("embedded sample, by day:")
    ranked = len(rank_relations(region="World", by="day")["ranks"])
    show_time(f"all {ranked} pairs of states ranked", lambda: rank_relations(region="World", by="day"))
    show_time("partners of Germany ranked", lambda: rank_relations("Germany", by="day"))
    show_time("Germany and Poland compared", lambda: compare_relations("Germany", "Poland", by="day"))


if __name__ == "__main__":
    main()
