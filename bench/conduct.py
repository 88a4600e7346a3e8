"""How well the figures of `conduct` hold where the truth is known: coverage, false flags, power, time.

    python bench/conduct.py

Simulates profiles that are kept with a known probability, and prints: how often the 90 % interval of a share holds the
truth, by number of cases; how often the interval over all rules and partners does, where these differ; how many audits
flag a difference between partners where there is none, and where there is one; how long an audit of a large history
takes; how well the rehearsal's answers foretell gestures beside the routine and beside a constant rate, on the embedded
sample and on the event sets of ../shared where they are; how often rules that change nothing are flagged; and the time
and memory of a rehearsal of 1,000 futures of 60 months. Seeded: the same figures each time.
"""

from __future__ import annotations

import resource
import time
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np

from comity.api.view import View
from comity.conduct.check import parse_profile
from comity.conduct.comparison import RISK
from comity.conduct.example import read_example
from comity.conduct.history import Act, build_history
from comity.conduct.parameters import Terms
from comity.conduct.records import Act as Gesture
from comity.conduct.records import Records, lay_exchange, pool_pairs
from comity.conduct.rehearsal import rehearse_pair
from comity.conduct.repertoire import Item, find_mark, lay_plans
from comity.conduct.steadiness import bound_share, pool_shares, weigh_difference
from comity.conduct.step import audit_conduct, read_records
from comity.events.scale import read_scale
from comity.reciprocity.exchange import Exchange, Pool, fit_rates, lay_design, lay_memory, split_days

SEED = 20251122
RUNS = 4000
KEDS = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "reciprocity" / "keds_levant.cameo.parquet"


def cover_share(random: np.random.Generator, known: int) -> float:
    """Return how often the interval of one share holds the truth, over all truths alike."""
    truths = random.random(RUNS)
    kept = random.binomial(known, truths)
    bounds = [bound_share(int(k), known) for k in kept]
    return float(np.mean([b.low <= t <= b.high for b, t in zip(bounds, truths, strict=True)]))


def cover_pool(random: np.random.Generator, cells: int, spread: float) -> float:
    """Return how often the pooled interval holds the mean of cells that differ (correlation `spread`)."""
    hits = []
    for _ in range(300):
        mean = random.uniform(0.1, 0.9)
        size = (1 - spread) / spread
        shares = random.beta(mean * size, (1 - mean) * size, cells)
        known = random.integers(1, 15, cells)
        found = pool_shares([(int(k), int(n)) for k, n in zip(random.binomial(known, shares), known, strict=True)])
        hits.append(found.low <= mean <= found.high)
    return float(np.mean(hits))


def flag_audits(random: np.random.Generator, partners: int, known: int, shares: tuple[float, float]) -> float:
    """Return the share of audits of one rule that flag any pair; the first partner has a share of its own."""
    flags = []
    tests = partners * (partners - 1) // 2
    for _ in range(1000):
        kept = [int(random.binomial(known, shares[0] if n == 0 else shares[1])) for n in range(partners)]
        ends = [weigh_difference((a, known), (b, known)) for a, b in combinations(kept, 2)]
        flags.append(any(2 * min(p, 1 - p) * tests <= RISK for p in ends))
    return float(np.mean(flags))


def time_audit(random: np.random.Generator) -> tuple[int, int, float]:
    """Return events, cases and seconds of an audit of twenty years, 150 partners."""
    profile = parse_profile(read_example("arcadia"))
    codes = [row for row in read_scale().rows if row.score is not None]
    start, partners = date(2005, 1, 1), [f"P{n:03d}" for n in range(150)]
    acts = []
    for day, who, way, code in zip(
        random.integers(0, 7300, 300_000), random.integers(0, 150, 300_000), random.integers(0, 2, 300_000),
        random.integers(0, len(codes), 300_000), strict=True,
    ):  # fmt: skip
        pair = (partners[who], profile.state) if way else (profile.state, partners[who])
        row = codes[code]
        acts.append(Act(start + timedelta(days=int(day)), *pair, row.code, row.type, row.score, row.label, 3))
    begun = time.perf_counter()
    found = audit_conduct(profile, build_history(acts), read_scale())
    return len(acts), len(found["cases"]), time.perf_counter() - begun


def read_sample() -> tuple[Records, list[Exchange]]:
    """Return the pairs of the embedded sample that the pool rests on."""
    with View().open() as (con, _, scale):
        records = read_records(con, scale, [], Terms())
    pairs = [pair for pair in records.acts if pair[0] < pair[1] and pair[::-1] in records.acts]
    return records, [lay_exchange(records.acts, pair, records.covered) for pair in pairs]


def read_keds(least: int = 60) -> tuple[Records, list[tuple[str, str]]]:
    """Return pairs of an event set of five years in which both sides made so many gestures."""
    import duckdb

    scale, first = read_scale(), date(2001, 1, 1)
    rows = duckdb.sql(
        f"select distinct date::date, s, t, code from '{KEDS}' where s <> t "
        f"and date >= '{first}' and date < '2006-01-01'"
    ).fetchall()
    held: dict[tuple[str, str], dict[tuple[int, int], Gesture]] = {}
    for day, sender, receiver, code in sorted(rows):
        row = scale.get(code) or scale.get(code[:3])
        mark = find_mark(row.score if row else None, scale)
        if row is not None and row.score is not None and mark >= 0:
            act = Gesture(sender, receiver, (day - first).days, mark, row.code, 1, row.score)
            held.setdefault((sender, receiver), {}).setdefault((act.day, mark), act)
    acts = {way: list(found.values()) for way, found in held.items()}
    pairs = [(a, b) for a, b in acts if a < b and min(len(acts[a, b]), len(acts.get((b, a), ()))) >= least]
    covered = np.ones((date(2006, 1, 1) - first).days, dtype=bool)
    items = tuple(Item(a.mark, a.code, a.reports, a.score, 1.0) for pair in pairs for a in acts[pair])
    return Records(first, covered, acts, items, pool_pairs(acts, pairs, covered)), pairs


def score_models(exchanges: list[Exchange], pool: Pool) -> dict[str, tuple[float, float]]:
    """Return for each model log score per gesture, out of sample, and gestures foretold over gestures made."""
    sums: dict[str, list[float]] = {}
    for one in exchanges:
        memory, start = lay_memory(one.gestures), split_days(one)
        kept = np.flatnonzero(one.covered[start:]) + start
        for side in (0, 1):
            design, made = lay_design(one, side, start, memory), one.gestures[side][kept]
            ahead = np.concatenate([memory[1 - side], memory[side]], axis=1)[kept]
            share = (np.array([len(rows) for rows in design.rows]) + 0.1) / (design.days + 1.0)
            lines = {"constant rate": np.tile(-np.log1p(-np.minimum(share, 0.999)), (len(kept), 1))}
            for name, mean in (("routine", pool.routine), ("routine and answers", pool.answering)):
                rates = fit_rates(design, mean)
                lines[name] = rates.background + ahead @ rates.answers.T
            for name, line in lines.items():
                held = sums.setdefault(name, [0.0, 0.0, 0.0])
                held[0] += float(np.where(made, np.log(-np.expm1(-line)), -line).sum())
                held[1] += float(-np.expm1(-line).sum())
                held[2] += float(made.sum())
    return {name: (score / seen, expected / seen) for name, (score, expected, seen) in sums.items()}


def flag_rehearsals(records: Records, pairs: list[tuple[str, str]]) -> tuple[int, int, int, float]:
    """Return rehearsals, how many escalate by the rules of an example, how many by no rules, and seconds of each."""
    profile, scale, flags, begun = parse_profile(read_example("arcadia")), read_scale(), [], time.process_time()
    for a, b in pairs:
        pair = records.pick_pair(a, b, scale, 5.0)
        for rules in (profile.default, {}):
            plans = lay_plans(profile, rules, pair.repertoires, scale, Terms())
            found = rehearse_pair(pair, records.pool, (plans, ()), Terms(seed=1, draws=200, months=(1, 12)))
            flags.append((bool(rules), found["escalates"]))
    seconds = (time.process_time() - begun) / max(len(flags), 1)
    counted = [sum(bool(flag) for ruled, flag in flags if ruled == which) for which in (True, False)]
    return len(pairs), counted[0], counted[1], seconds


def print_rehearsal() -> None:
    """Print the figures of the rehearsal."""
    records, exchanges = read_sample()
    named = [("embedded sample", records, exchanges, [])]
    if KEDS.is_file():
        held, pairs = read_keds()
        named.append(("KEDS Levant 2001-2005", held, [lay_exchange(held.acts, p, held.covered) for p in pairs], pairs))
    for title, found, group, pairs in named:
        if found.pool is None:
            continue
        print(f"{title}, {len(group)} pairs: log score per gesture out of sample; foretold over made:")
        for name, (score, ratio) in score_models(group, found.pool).items():
            print(f"  {name:20s} {score:8.4f}  {ratio:.2f}")
        if pairs:
            count, ruled, plain, seconds = flag_rehearsals(found, pairs[:12])
            print(f"{count} rehearsals: {ruled} escalate by an example's rules, {plain} by none, {seconds:.1f} s each")
            profile, scale = parse_profile(read_example("arcadia")), read_scale()
            pair = found.pick_pair(*pairs[0], scale, 5.0)
            plans = lay_plans(profile, profile.default, pair.repertoires, scale, Terms())
            begun = time.process_time()
            rehearse_pair(pair, found.pool, (plans, ()), Terms(seed=1))
            seconds, most = time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(f"rehearsal of 1,000 futures of 60 months: {seconds:.1f} CPU s, peak of the process {most:.2f} GB")


def main() -> None:
    """Print the figures."""
    random = np.random.default_rng(SEED)
    print("90 % interval of a share holds the truth (truth uniform):")
    for known in (1, 2, 5, 10, 30, 100):
        print(f"  {known:4d} cases   {cover_share(random, known):.1%}")
    print("90 % interval over all rules and partners holds the mean of cells that differ:")
    for cells, spread in ((3, 0.1), (10, 0.1), (10, 0.4), (50, 0.1), (50, 0.4)):
        print(f"  {cells:4d} cells, correlation {spread}   {cover_pool(random, cells, spread):.1%}")
    print("audits of one rule that flag a difference:")
    for partners, known, shares in (
        (2, 5, (0.5, 0.5)), (2, 20, (0.5, 0.5)), (6, 10, (0.3, 0.3)), (20, 10, (0.5, 0.5)), (20, 30, (0.8, 0.8)),
        (2, 10, (0.9, 0.2)), (2, 20, (0.9, 0.5)), (6, 20, (0.9, 0.3)), (20, 30, (0.9, 0.3)),
    ):  # fmt: skip
        truth = "none there" if shares[0] == shares[1] else f"{shares[0]:.0%} against {shares[1]:.0%}"
        flags = flag_audits(random, partners, known, shares)
        print(f"  {partners:3d} partners, {known:3d} cases each, {truth:16s} {flags:.1%}")
    events, cases, seconds = time_audit(random)
    print(f"audit of 20 years, 150 partners, 3 rules: {events:,} events, {cases:,} cases, {seconds:.1f} s")
    print_rehearsal()


if __name__ == "__main__":
    main()
