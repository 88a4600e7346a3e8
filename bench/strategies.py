"""Strategies: how fast they are played beside the Axelrod library, and how often the right one is found.

python bench/strategies.py ../shared/data/reciprocity [pairs] prints, in one run:
- the scores and the turns per second of the same matches, here and with the Axelrod library (the `peers` extra);
- mean scores with action noise beside the library's, where draws differ and means must not;
- on made pairs (200 rounds, 5 % action noise, 10 % wrong reports): how often the right strategy comes first, how often
  90 % sets hold it, and what is called identifiable; each side's strategy drawn from the standard set, all alike;
- what is said of made sides that follow none of the strategies;
- what is found in the busiest pairs of three event sets.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from reciprocity import read_events

from comity.events.scale import read_scale
from comity.reciprocity.acts import read_acts
from comity.reciprocity.coding import Coding, code_acts
from comity.reciprocity.identification import Beliefs, Side, identify_strategies, name_candidates
from comity.reciprocity.machines import Machine
from comity.reciprocity.matches import Noise, play_matches
from comity.reciprocity.strategies import find_strategy, list_strategies
from comity.relations.series import start_period

ROUNDS = 200
NOISE = Noise(action=0.05, report=0.1)
KNOWN = Beliefs(action=(0.05,), report=(0.1,), start="opening")


def measure(call: Callable[[], object], times: int = 3) -> float:
    """Return the median of the CPU seconds of a call."""
    spans = []
    for _ in range(times):
        start = time.process_time()
        call()
        spans.append(time.process_time() - start)
    return float(np.median(spans))


def compare_speed() -> None:
    """Print scores and speed of the same matches, here and with the Axelrod library."""
    import axelrod

    shared = [one for one in list_strategies() if one.peer and one.deterministic]
    seats = [(a, b) for a in range(len(shared)) for b in range(a, len(shared))]
    machines = [one.compile(ROUNDS) for one in shared]
    theirs: list[tuple[float, float]] = []

    def play_theirs() -> None:
        theirs.clear()
        for a, b in seats:
            match = axelrod.Match([getattr(axelrod, shared[n].peer)() for n in (a, b)], turns=ROUNDS)
            match.play()
            theirs.append(tuple(match.final_score()))

    ours = play_matches(machines, seats, ROUNDS).score()
    slow, quick = measure(play_theirs), measure(lambda: play_matches(machines, seats, ROUNDS), 15)
    equal = int((ours == np.array(theirs)).all(1).sum())
    turns = len(seats) * ROUNDS
    print(f"{len(shared)} deterministic strategies, {len(seats)} matches of {ROUNDS} turns, each also against its like")
    print(f"  equal scores: {equal} of {len(seats)} matches")
    print(f"  Axelrod {axelrod.__version__}: {turns / slow / 1e3:,.0f} thousand turns/s ({slow:.2f} s)")
    print(f"  here: {turns / quick / 1e6:,.1f} million turns/s ({1000 * quick:.1f} ms)")
    print(f"  ratio: {slow / quick:,.0f}")
    many = [(a, b, copy) for copy in range(20) for a, b in seats]
    noises = {"no noise": Noise(), "5 % action noise": Noise(0.05), "and sight, reports": Noise(0.05, 0.02, 0.1)}
    for name, noise in noises.items():
        span = measure(lambda noise=noise: play_matches(machines, many, ROUNDS, noise=noise))
        print(f"  here, {len(many)} matches, {name}: {len(many) * ROUNDS / span / 1e6:,.1f} million turns/s")
    one = measure(lambda: [play_matches(machines[:2], [(0, 1)], ROUNDS) for _ in range(20)]) / 20
    print(f"  here, one match alone: {1000 * one:.2f} ms")


def compare_noise(copies: int = 200) -> None:
    """Print mean scores with action noise, here and with the Axelrod library."""
    import axelrod

    print(f"points per round with 5 % action noise, {copies} matches (standard error): Axelrod, here")
    pairs = [("tit for tat", "tit for tat"), ("win-stay lose-shift", "grim"), ("GTFT", "random"), ("Joss", "gradual")]
    for pair in pairs:
        found = [find_strategy(name) for name in pair]
        theirs = []
        for seed in range(copies):
            players = [getattr(axelrod, one.peer)() for one in found]
            match = axelrod.Match(players, turns=ROUNDS, noise=0.05, seed=seed)
            match.play()
            theirs.append(match.final_score_per_turn()[0])
        machines = [one.compile(ROUNDS) for one in found]
        seats = [(0, 1, copy) for copy in range(copies)]
        ours = play_matches(machines, seats, ROUNDS, noise=Noise(0.05)).score()[:, 0] / ROUNDS
        said = [f"{np.mean(x):.3f} ({np.std(x) / np.sqrt(copies):.3f})" for x in (theirs, ours)]
        print(f"  {pair[0]} with {pair[1]}: {', '.join(said)}")


def make_sides(names: tuple[str, ...], pairs: int, beliefs: Beliefs, seed: int = 0, other: str = "") -> list[tuple]:
    """Return truth, opponent and finding for each side of made pairs."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(names), (pairs, 2))
    every = [*names, *([other] if other else [])]
    if other:
        drawn[:, 1] = len(names)
    machines = [find_strategy(name).compile(ROUNDS) for name in every]
    seats = np.column_stack([drawn, np.arange(pairs)])
    reports = play_matches(machines, seats, ROUNDS, noise=NOISE, seed=seed, keep=True).reports
    rows = []
    for seat, record in zip(drawn, reports, strict=True):
        sides = identify_strategies(record, beliefs).sides
        for n in range(1 if other else 2):
            rows.append((every[seat[n]], every[seat[1 - n]], sides[n]))
    return rows


def come_first(truth: str, side: Side) -> bool:
    """Tell whether the right strategy comes first, or one that differs from it in the opening only."""
    return truth in side.leading


def print_found(title: str, rows: list[tuple]) -> None:
    """Print how often the right strategy comes first, and whether the sets hold it."""
    right = np.array([come_first(truth, side) for truth, _, side in rows])
    group = np.array([truth in side.groups[0].strategies for truth, _, side in rows])
    sure = np.array([side.result == "identifiable" for _, _, side in rows])
    held = [next(one for one in side.candidates if one.strategy == truth) for truth, _, side in rows]
    plain, exact = np.mean([one.in_90 for one in held]), np.mean([one.share_in_90 for one in held])
    size = np.mean([sum(one.in_90 for one in side.candidates) for _, _, side in rows])
    error = np.sqrt(right.mean() * (1 - right.mean()) / len(rows))
    print(f"{title}: {len(rows)} sides")
    print(f"  right strategy first {right.mean():.1%} (s.e. {error:.1%}); in the leading group {group.mean():.1%}")
    print(f"  mean probability of the first {np.mean([side.candidates[0].probability for *_, side in rows]):.1%}")
    print(f"  90 % sets hold it: exact set {exact:.1%}, plain set {plain:.1%} (mean size {size:.1f})")
    others = f"{right[~sure].mean():.1%}" if (~sure).any() else "none"
    print(f"  called identifiable {sure.mean():.1%}; right first {right[sure].mean():.1%} of these, {others} of others")


def print_strategies(names: tuple[str, ...], rows: list[tuple]) -> None:
    """Print the same for each strategy, with what it is taken for."""
    print("  strategy | sides | right first | in leading group | identifiable | as opponent | taken for")
    for name in names:
        own = [(come_first(truth, side), side) for truth, _, side in rows if truth == name]
        met = [come_first(truth, side) for truth, other, side in rows if other == name]
        taken = Counter(side.candidates[0].strategy for right, side in own if not right).most_common(2)
        print(
            f"  {name} | {len(own)} | {np.mean([right for right, _ in own]):.0%} | "
            f"{np.mean([name in side.groups[0].strategies for _, side in own]):.0%} | "
            f"{np.mean([side.result == 'identifiable' for _, side in own]):.0%} | {np.mean(met):.0%} | "
            + ", ".join(f"{other} {count / len(own):.0%}" for other, count in taken)
        )


def name_reason(side: Side) -> str:
    """Return in a word why nothing can be told."""
    words = ("no named strategy fits", "about as well as", "does not tell apart", "comes first", "acts of")
    return f"({next(word for word in words if word in side.reason)})"


def name_wrongly(records: int = 300) -> None:
    """Print how often a side that has none of the strategies is given one."""
    rng = np.random.default_rng(3)
    made: dict[str, list[Machine]] = {"memory one, chances drawn evenly": [], "one chance, drawn evenly": []}
    for _ in range(records):
        for name, chances in zip(made, (rng.uniform(0, 1, 4), np.full(4, rng.uniform())), strict=True):
            made[name].append(lay_memory("made", list(chances)))
    for name, sides in made.items():
        other = [find_strategy(one).compile(1) for one in rng.choice(name_candidates(KNOWN), records)]
        seats = [(n, records + n) for n in range(records)]
        reports = play_matches([*sides, *other], seats, ROUNDS, noise=NOISE, keep=True).reports
        found = [identify_strategies(record, replace(KNOWN, action=(), report=())).sides[0] for record in reports]
        tally = Counter(side.leading[0] if side.result == "identifiable" else name_reason(side) for side in found)
        shares = ", ".join(f"{what} {count / records:.0%}" for what, count in tally.most_common(6))
        named = [side.leading[0] for side in found if side.result == "identifiable"]
        plain = sum(one != "random" for one in named)
        print(f"a side outside the set ({name}), {records} sides: named {len(named) / records:.0%}", end="")
        print(f" ({plain / records:.0%} other than `random`); {shares}")


def lay_memory(name: str, chances: list[float]) -> Machine:
    """Return a machine with the chances of C after CC, CD, DC, DD."""
    follow = np.broadcast_to(np.array([[0, 1], [2, 3]]), (4, 2, 2)).copy()
    return Machine(name, 0, np.array(chances), follow)


def find_real(folder: Path) -> None:
    """Print what is found in the busiest pairs of the event sets."""
    scale = read_scale("goldstein")
    types, scores = {c.code: c.type for c in scale.rows}, {c.code: c.score for c in scale.rows}
    tally: Counter[str] = Counter()
    print("busiest pairs of the event sets, by week, net Goldstein")
    for name, rows in read_events(folder).items():
        days = [(rows[0][0] + timedelta(days=n), True) for n in range((rows[-1][0] - rows[0][0]).days + 1)]
        table = {
            "date": [r[0] for r in rows],
            "sender": [r[1] for r in rows],
            "receiver": [r[2] for r in rows],
            "type": [types.get(r[3]) for r in rows],
            "score": [scores.get(r[3]) for r in rows],
        }
        counts = Counter(tuple(sorted((r[1], r[2]))) for r in rows if r[1] != r[2])
        for pair, _ in counts.most_common(8):
            acts = read_acts(table, pair, days, scale.neutral)
            kept = code_acts(acts, lambda day: start_period(day, "week"), Coding()).drop_empty()
            start = time.process_time()
            found = identify_strategies(kept.acts)
            span = time.process_time() - start
            for side, who in zip(found.sides, (pair, pair[::-1]), strict=True):
                tally[" or ".join(side.leading) if side.result == "identifiable" else name_reason(side)] += 1
                print(
                    f"  {name} {who[0]} to {who[1]}, {found.periods} weeks, C {side.friendly}, D {side.unfriendly}, "
                    f"{span:.1f} s: {side.result}: {side.reason} [beside free {side.beside_free:+.1f}]"
                )
    print("  " + "; ".join(f"{name} {count}" for name, count in tally.most_common()))


def main(folder: Path, pairs: int) -> None:
    """Print them."""
    warnings.simplefilter("ignore")
    compare_speed()
    compare_noise()
    names = name_candidates(KNOWN)
    start = time.process_time()
    rows = make_sides(names, pairs, KNOWN)
    span = (time.process_time() - start) / pairs
    print_found(f"made pairs, both from the {len(names)} of the standard set, rates known ({span:.2f} s a pair)", rows)
    print_strategies(names, rows)
    few = max(pairs // 5, 1)
    grid = replace(KNOWN, action=(), report=())
    print_found("the same, rates integrated over the published grid", make_sides(names, few, grid, 1))
    print_found("the same, record begun in the middle", make_sides(names, few, replace(KNOWN, start="anywhere"), 1))
    print_found("opponent `random` throughout, rates known", make_sides(names, few, KNOWN, 2, "random"))
    name_wrongly(few)
    find_real(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1500)
