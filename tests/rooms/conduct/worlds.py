"""Small worlds for rehearsals: sides whose rates are known, and records of invented parties."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from comity.conduct.parameters import Noise, Terms
from comity.conduct.records import Act, Records, pool_pairs
from comity.conduct.repertoire import Item, Plan, Repertoire, gather_items, lay_plans
from comity.conduct.simulation import Course, Side, Simulation
from comity.events.scale import read_scale
from comity.reciprocity.exchange import MARKS, WAITS, WIDTH, Rates

SCALE = read_scale()
CLEAR = Noise(0.0, 0.0, 0.0)
HOSTILE = MARKS.index(("unfriendly", 2))
KIND = MARKS.index(("friendly", 2))
SHORT, LONG = 0, len(MARKS)
CODES = {0: "040", 1: "051", 2: "061", 3: "114", 4: "111", 5: "161"}
STATE, PARTNER, THIRD = "QMA", "QMB", "QMC"


def repertoire() -> Repertoire:
    """Give one act for each mark: that of the scale with its lowest code."""
    return gather_items([], [Item(mark, "x", 3, score, 1.0) for mark, score in enumerate(middle_scores())], SCALE, 1.0)


def middle_scores() -> list[float]:
    """Give a score for each mark."""
    return [1.0, 3.0, 7.0, -1.0, -3.0, -7.0]


def side(
    background: dict[int, float], answers: dict[tuple[int, int], float] | None = None, plans: tuple[Plan, ...] = (),
    draws: int = 50, wait: int = SHORT,
) -> Side:  # fmt: skip
    """Give a side with a background for some marks, and answers [own mark, other's mark] after a short or long wait."""
    base, rates = np.full((draws, len(MARKS)), 1e-12), np.zeros((draws, len(MARKS), 2 * WIDTH))
    for mark, value in background.items():
        base[:, mark] = value
    for (own, heard), value in (answers or {}).items():
        rates[:, own, wait + heard] = value
    return Side(Rates(base, rates), repertoire(), np.zeros(2 * WIDTH), plans)


def plan(covers: int, sends: int, deadline: int = 7, **other: Any) -> Plan:
    """Give a rule that answers every gesture of one mark with one of another."""
    items = repertoire()
    score = np.array([middle_scores()[sends]])
    said = {
        "rule": "rule", "covers": items.mark == covers, "permits": np.zeros(len(items.mark), dtype=bool), "events": 1,
        "window": 1, "deadline": deadline, "marks": np.array([sends]), "scores": score,
        "back_marks": np.zeros(0, dtype=np.int64), "back_scores": np.zeros(0), "back_days": 30,
    }  # fmt: skip
    return Plan(**{**said, **other})


def run(sides: tuple[Side, Side], days: int = 140, **other: Any) -> tuple[Any, Simulation]:
    """Simulate, and give the weeks (courses, weeks, fields, futures) and the simulation."""
    said = {"shock_days": days, "shocker": 1, "shock": HOSTILE, "noise": CLEAR, "late": 0.0, "copies": 4}
    simulation = Simulation(sides, Course(days=days, **{**said, **other}), [7])
    return simulation.run(), simulation


def play_record(
    days: int = 700,
    answer: float | tuple[float, float] = 0.4,
    seed: int = 1,
    parties: tuple[str, ...] = (STATE, PARTNER, THIRD),
) -> Records:
    """Give the record of a state and its partners, who exchange kind words by habit and answer criticism."""
    answers = answer if isinstance(answer, tuple) else (answer, answer)
    rng = np.random.default_rng(seed)
    acts: dict[tuple[str, str], list[Act]] = {}
    pairs = [(parties[0], other) for other in parties[1:]]
    for pair in pairs:
        heard = [0.0, 0.0]
        for day in range(days):
            made = [rng.random() < -np.expm1(-0.03 - answers[way] * heard[1 - way]) for way in (0, 1)]
            kind = rng.random(2) < 0.15
            for way, (sender, receiver) in enumerate((pair, pair[::-1])):
                heard[way] = heard[way] * (1 - 1 / WAITS[0]) + made[way] / WAITS[0]
                held = acts.setdefault((sender, receiver), [])
                if kind[way]:
                    held.append(Act(sender, receiver, day, 1, "051", 3, 3.4))
                if made[way]:
                    held.append(Act(sender, receiver, day, 3, "111", 4, -2.0))
    covered = np.ones(days, dtype=bool)
    held_all = [Item(a.mark, a.code, a.reports, a.score, 1.0) for rows in acts.values() for a in rows]
    return Records(date(2020, 1, 1), covered, acts, tuple(held_all), pool_pairs(acts, pairs, covered))


def lay(profile: Any, rules: Any, pair: Any, terms: Terms) -> tuple[Plan, ...]:
    """Lay out rules for a pair as the state's."""
    return lay_plans(profile, rules, pair.repertoires, SCALE, terms)
