"""Simulate pairs whose level stays, and write how often they raise alerts: src/comity/watch/calm.csv.

Run: python scripts/simulate_calm.py [--pairs 400] [--seed 20261123]

Each pair has two directions of a kind and a level drawn from the published model, which wander and do not jump; counts
are negative binomial around a steady rate, a share of the days are episodes. All days from the first on are counted,
learning included: the table stands in for pairs with a short past.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from comity.relations.breaks import read_break_rule
from comity.relations.chain import lay_chain
from comity.relations.lasting import list_lasting_kinds
from comity.relations.published import read_gesture_model
from comity.relations.series import Tally
from comity.watch.moves import YEAR, count_onsets, measure_moves, read_alert_rule
from comity.watch.track import follow_days

ACTIVITY = (0.02, 0.1, 0.5, 2.0, 8.0, 32.0)
DAYS = 456


def draw_calm(rng: np.random.Generator, pairs: int, activity: float) -> Tally:
    """Draw the days of directions whose level stays; two rows a pair."""
    model, rule = read_gesture_model("goldstein"), read_break_rule()
    kinds = list_lasting_kinds(model, rule)
    points = model.lay_tone().points
    chain = lay_chain(float(points[0]), float(points[-1]), len(points), replace(model.tone, jumps=0.0))
    move = np.cumsum(chain.move(1.0), 1)
    rows = 2 * pairs
    kind = rng.choice(len(kinds), rows, p=np.array([one.share for one in kinds]) / sum(one.share for one in kinds))
    within = np.array([one.within for one in kinds])[kind]
    shares = np.cumsum(np.stack([model.pick_kind(one).tilt().shares for one in kinds]), -1)
    level = rng.choice(len(points), rows, p=chain.start)
    sums = np.zeros((3, rows, DAYS))
    for day in range(DAYS):
        level = np.minimum((move[level] <= rng.random(rows)[:, None]).sum(1), len(points) - 1)
        count = rng.poisson(activity / 2 * rng.gamma(model.shape, 1 / model.shape, rows))
        tone = points[level] + within * rng.standard_normal(rows)
        episode = rng.random(rows) < rule.share_episodes(1.0)
        tone = np.where(episode, points[rng.choice(len(points), rows, p=chain.start)], tone)
        place = np.clip(np.round((tone - points[0]) / (points[1] - points[0])).astype(int), 0, len(points) - 1)
        owner = np.repeat(np.arange(rows), count)
        drawn = (shares[kind[owner], place[owner]] <= rng.random(len(owner))[:, None]).sum(1)
        score = np.array(model.scores)[np.minimum(drawn, len(model.scores) - 1)]
        sums[:, :, day] = [np.bincount(owner, weight, rows) for weight in (np.ones(len(owner)), score, score**2)]
    return Tally(*np.round(sums, 9))


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20261123)
    said = parser.parse_args()
    rule, model, breaks = read_alert_rule(), read_gesture_model("goldstein"), read_break_rule()
    least = breaks.least * (model.scores[-1] - model.scores[0])
    lines = [",".join(["activity", *(f"{z:g}" for z in rule.grid)])]
    for activity in ACTIVITY:
        tally = draw_calm(np.random.default_rng(said.seed), said.pairs, activity)
        moves = measure_moves(follow_days(tally, model, breaks)[0], rule, least)
        number = sum(count_onsets(side, rule).sum(0) for side in moves)
        rates = number / (said.pairs * DAYS / YEAR)
        lines.append(",".join([f"{activity:g}", *(f"{rate:.4f}" for rate in rates)]))
        shown = ", ".join(f"{rates[rule.grid.index(at)]:.3f} at {at:g}" for at in (0.0, 1.0))
        print(f"{activity:g} events a day: onsets a pair and year {shown}")
    into = Path(__file__).resolve().parents[1] / "src/comity/watch/calm.csv"
    into.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
