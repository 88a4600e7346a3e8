"""Print how often the choice room differs from brute force, and what either costs.

Run: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python bench/choice.py [CASES]

Each case is made up from its number: up to 12 initiatives and 5 parties with needs, exclusions, withheld consents,
windows, a budget in two instalments and disagreement values; every fifth is small, with a team, a lag and recurring
stakes, and is compared over all dates.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.choices import (
    Case,
    Field,
    find_best,
    find_floors,
    find_joint,
    find_worths,
    is_nucleolus,
    list_plans,
    make_case,
    rank_gains,
    share_by_orders,
)

from comity.plan.choice.propose import propose_plan
from comity.plan.choice.tables import OBJECTIVES, WEIGHABLE, Effort, Proposal, Terms
from comity.plan.choice.transfers import divide_gain
from comity.plan.errors import NoPlan

CASES = 1000
EFFORT = Effort(seconds=60, workers=1, seed=0)


def main(cases: int) -> None:
    """Print a row for each objective and for the shares."""
    found = {name: Counter() for name in (*OBJECTIVES, "shapley", "nucleolus")}
    seconds: dict[str, list[float]] = {name: [] for name in (*OBJECTIVES, "shares")}
    for number in range(cases):
        case = make_case(number, dated=number % 5 == 4)
        field = list_plans(case)
        for objective in OBJECTIVES:
            compare_choice(case, field, objective, found[objective], seconds[objective])
        if number % 5 != 4:
            compare_shares(case, found, seconds["shares"])
    print(f"{'concept':<18} {'cases':>6} {'no plan':>8} {'empty':>6} {'unproven':>9} {'mismatches':>11}  median CPU s")
    for name, counts in found.items():
        spent = median(seconds[name if name in seconds else "shares"])
        print(
            f"{name:<18} {counts['cases']:>6} {counts['none']:>8} {counts['empty']:>6} {counts['unproven']:>9} "
            f"{counts['mismatches']:>11}  {spent:.4f}"
        )


def compare_choice(case: Case, field: Field, objective: str, counts: Counter, seconds: list[float]) -> None:
    """Count whether a proposal has the value and the earliest finish of the best of all plans."""
    best = find_best(case, field, objective)
    start = time.process_time()
    proposal = propose(case, objective)
    seconds.append(time.process_time() - start)
    counts["cases"] += 1
    if proposal is None:
        counts["none"] += 1
        counts["mismatches"] += best is not None
        return
    counts["empty"] += proposal.empty
    counts["unproven"] += proposal.status != "optimal"
    floors = find_floors(case)
    ideals = (field.likely - floors)[(field.low >= floors).all(1)].max(0)
    gains = np.array([payoff.likely - payoff.disagreement for payoff in proposal.payoffs])
    counts["mismatches"] += (rank_gains(case, objective, gains, ideals), proposal.timetable.makespan) != best


def propose(case: Case, objective: str) -> Proposal | None:
    """Return the room's answer; None where it says that there is no plan."""
    terms = Terms(objective, case.weights if objective in WEIGHABLE else None, case.floors)
    try:
        return propose_plan(case.project, case.stakes, case.parties, terms, EFFORT)
    except NoPlan:
        return None


def compare_shares(case: Case, found: dict[str, Counter], seconds: list[float]) -> None:
    """Count whether all coalitions' values, and the shares made of them, are those of brute force."""
    joint = find_joint(case)
    start = time.process_time()
    try:
        division = divide_gain(case.project, case.stakes, case.parties, Terms(disagreement=case.floors), EFFORT)
    except NoPlan:
        division = None
    seconds.append(time.process_time() - start)
    for name in ("shapley", "nucleolus"):
        found[name]["cases"] += 1
        found[name]["none"] += division is None
    if division is None or joint is None:
        for name in ("shapley", "nucleolus"):
            found[name]["mismatches"] += (division is None) != (joint is None)
        return
    worths = [*find_worths(case)[:-1], joint]
    same = list(division.values.values()) == worths
    found["shapley"]["mismatches"] += not (same and list(division.shapley.values()) == share_by_orders(worths))
    shares = list(division.nucleolus.values())
    found["nucleolus"]["mismatches"] += not (same and is_nucleolus(worths, shares, division.imputation))
    for name in ("shapley", "nucleolus"):
        found[name]["unproven"] += not division.exact
        found[name]["empty"] += not division.timetable.chosen


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
