"""Simulate pairs, and write how often they raise alarms and how alerts fare: calm.csv and odds.csv of the room watch.

Run: python scripts/simulate_alerts.py [--pairs 200] [--seed 20261123]

Each pair has two directions of a kind and a level drawn from the published model of gestures; counts are negative
binomial around a steady rate, a share of the days are episodes. In the calm world levels wander and do not jump; in the
other they jump as often as the search for breaks assumes. Both stand in for a past that is too short.
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
from comity.watch.constants import YEAR, read_alert_rule
from comity.watch.detector import find_start
from comity.watch.quiet import measure_lasting, measure_recent
from comity.watch.signal import Signal, begin, follow_days

ACTIVITY = (0.01, 0.03, 0.1, 0.3, 1.0, 4.0, 16.0)  # scored events of a pair [events a day]
DAYS = 1096
RATE = 1.0  # false alarms per pair and year, at which alerts are followed up
HERE = Path(__file__).resolve().parents[1] / "src" / "comity" / "watch"


def draw_pairs(rng: np.random.Generator, pairs: int, activity: float, jumps: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw counts and totals of pairs by day, both directions together."""
    model, rule = read_gesture_model("goldstein"), read_break_rule()
    kinds = list_lasting_kinds(model, rule)
    points = model.lay_tone().points
    chain = lay_chain(float(points[0]), float(points[-1]), len(points), replace(model.tone, jumps=jumps))
    move, rows = np.cumsum(chain.move(1.0), 1), 2 * pairs
    kind = rng.choice(len(kinds), rows, p=np.array([one.share for one in kinds]) / sum(one.share for one in kinds))
    within = np.array([one.within for one in kinds])[kind]
    shares = np.cumsum(np.stack([model.pick_kind(one).tilt().shares for one in kinds]), -1)
    level, sums = rng.choice(len(points), rows, p=chain.start), np.zeros((2, rows, DAYS))
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
        sums[:, :, day] = count, np.bincount(owner, score, rows)
    count, total = sums[:, 0::2] + sums[:, 1::2]
    return count, np.round(total, 9)


def follow(seed: int, pairs: int, activity: float, jumps: float) -> Signal:
    """Follow drawn pairs."""
    rule = read_alert_rule()
    count, total = draw_pairs(np.random.default_rng(seed), pairs, activity, jumps)
    start = begin(pairs, find_start(read_gesture_model("goldstein")), rule)
    return follow_days(count, total, np.ones(DAYS, bool), rule, start)[0]


def judge_alarms(signal: Signal, place: int, least: float) -> tuple[np.ndarray, np.ndarray]:
    """Count alarms of a threshold by class of move, and those that were borne out."""
    rule = read_alert_rule()
    day, pair, side, threshold = signal.alarms
    known = (threshold == place) & (day < DAYS - rule.lag)
    day, pair, sign = day[known], pair[known], 1 - 2 * side[known]
    far = sign * measure_recent(signal, rule.recent, rule)[pair, day] / least
    held = sign * measure_lasting(signal, rule)[pair, day] >= least
    classes = np.digitize(far, rule.classes)
    number = len(rule.classes) + 1
    return np.bincount(classes, minlength=number), np.bincount(classes, held, minlength=number)


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261123)
    said = parser.parse_args()
    rule, breaks, model = read_alert_rule(), read_break_rule(), read_gesture_model("goldstein")
    least = breaks.least * (model.scores[-1] - model.scores[0])
    lines = [",".join(["days with events", *(f"{bound:g}" for bound in rule.grid)])]
    whole, held = np.zeros((2, len(rule.classes) + 1))
    for activity in ACTIVITY:
        calm = follow(said.seed, said.pairs, activity, 0.0)
        active = float((calm.count > 0).sum())
        rates = np.bincount(calm.alarms[3], minlength=len(rule.grid)) / max(active, 1.0)
        busy = active / said.pairs / DAYS * YEAR
        lines.append(",".join([f"{busy:.2f}", *(f"{rate:.6f}" for rate in rates)]))
        place = max(int((np.maximum.accumulate(rates) * busy <= RATE).sum()) - 1, 0)
        counted = judge_alarms(follow(said.seed + 1, said.pairs, activity, breaks.jumps), place, least)
        whole, held = whole + counted[0], held + counted[1]
        print(
            f"{activity:g} events on {busy:.0f} days a year: threshold for one false alarm a year {rule.grid[place]:g}"
        )
    (HERE / "calm.csv").write_text("\n".join(lines) + "\n", "utf-8")
    odds = (held + 2.0) / (whole + 4.0)  # two of each, so that a class of few says little
    rows = [f"{low:g},{share:.3f}" for low, share in zip((-9.0, *rule.classes), odds, strict=True)]
    (HERE / "odds.csv").write_text("\n".join(["from,share", *rows]) + "\n", "utf-8")
    print("borne out, by class of move:", ", ".join(f"{h:.0f} of {n:.0f}" for h, n in zip(held, whole, strict=True)))


if __name__ == "__main__":
    main()
