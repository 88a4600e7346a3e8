"""How well the figures of `conduct` hold where the truth is known: coverage, false flags, power, time.

    python bench/conduct.py

Simulates profiles that are kept with a known probability, and prints: how often the 90 % interval of a share holds the
truth, by number of cases; how often the interval over all rules and partners does, where these differ; how many audits
flag a difference between partners where there is none, and where there is one; and how long an audit of a large history
takes. Seeded: the same figures each time.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import combinations

import numpy as np

from comity.conduct.check import parse_profile
from comity.conduct.comparison import RISK
from comity.conduct.example import read_example
from comity.conduct.history import Act, build_history
from comity.conduct.steadiness import bound_share, pool_shares, weigh_difference
from comity.conduct.step import audit_conduct
from comity.events.scale import read_scale

SEED = 20251122
RUNS = 4000


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


if __name__ == "__main__":
    main()
