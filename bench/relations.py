"""How well the index predicts, beside simple rules; how long all pairs take, beside statsmodels.

Run: python bench/relations.py [--shared ../shared] [--peer PYTHON] [--pairs 15000] [--only predict|all]

`--peer` names a Python that has statsmodels (an environment of its own: Comity does not depend on it).
Rolling origin: each period of the second part of a sample is predicted from all periods before it, twice: with the
shipped parameters, which saw the first part of the GDELT sample only, and with parameters that `estimates.py` estimates
here and now on the first part of that very sample. The net score is predicted as it is; the mean score given the number
of events. Shares inside the 90 % interval are randomised (a net score of exactly 0 has much probability, and a plain
interval must hold all of it); the plain ones are printed beside them.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: the products are small, and threads only wait

import numpy as np
from estimates import estimate
from rules import choose_weight, hold_value, place_value, score_draws, score_rule
from samples import Sample, gather_weeks, read_samples

from comity.relations.gestures import GestureModel, Timing
from comity.relations.prospect import draw_counts, draw_tones, draw_totals, expect_periods
from comity.relations.published import read_gesture_model
from comity.relations.series import Tally
from comity.relations.standing import estimate_standing

SEED = 20261122
PAIRS, MONTHS = 15_000, 240
PEER = Path(__file__).with_name("relations_peer.py")


def predict_sample(sample: Sample, model: GestureModel, later: int) -> dict[str, np.ndarray]:
    """Return scores and places of every prediction of the second part, by case."""
    rng = np.random.default_rng(SEED)
    prospect = expect_periods(sample.tally, Timing(sample.days, sample.length), sample.exposure, model)
    exposure = sample.expect_exposure(later)
    active = sample.count[:, : sample.train].sum(1)
    third = np.searchsorted(np.quantile(active, [1 / 3, 2 / 3]), active)
    found: dict[str, list[np.ndarray]] = {}
    for t in range(sample.train, len(sample.days)):
        if sample.coverage[t] == 0:
            continue
        origin = t - later + 1
        number = draw_counts(prospect, origin, later - 1, exposure[t], model, rng)
        tone = draw_tones(prospect, origin, later - 1, model, rng)
        net, value = draw_totals(number, tone, model, rng), sample.total[:, t]
        seen = np.flatnonzero(sample.count[:, t] > 0)
        known = sample.count[seen, t]
        told = np.repeat(known.astype(np.int64)[:, None], tone.shape[1], axis=1)
        mean = draw_totals(told, tone[seen], model, rng) / known[:, None]
        for name, draws, said, part in (("net", net, value, third), ("mean", mean, value[seen] / known, third[seen])):
            found.setdefault(f"{name} crps", []).append(score_draws(draws, said))
            found.setdefault(f"{name} place", []).append(place_value(draws, said, rng))
            found.setdefault(f"{name} plain", []).append(hold_value(draws, said))
            found.setdefault(f"{name} third", []).append(part)
    return {name: np.concatenate(parts) for name, parts in found.items()}


def show_sample(sample: Sample, shipped: GestureModel, later: int, own: GestureModel) -> None:
    """Print one sample at one distance: both sets of parameters, then the simple rules beside the shipped one."""
    unit = "week" if sample.length == 7 else "day"
    print(
        f"\n{sample.name}: {len(sample.pairs)} directed pairs, {len(sample.days) - sample.train} {unit}s predicted, "
        f"{later} {unit}(s) ahead"
    )
    found = {name: predict_sample(sample, model, later) for name, model in (("shipped", shipped), ("its own", own))}
    for name, scores in found.items():
        for what in ("net", "mean"):
            chosen = {key.removeprefix(what + " "): x for key, x in scores.items() if key.startswith(what)}
            show_score(f"{name}, {what} score", chosen)
    show_rules(sample, later, [float(scores["net crps"].mean()) for scores in found.values()])


def show_score(name: str, found: dict[str, np.ndarray]) -> None:
    """Print one row."""
    inside = np.abs(found["place"] - 0.5) < 0.45
    parts = [inside[found["third"] == part] for part in range(3)]
    thirds = ", ".join(f"{part.mean():.1%}" for part in parts if len(part))
    print(
        f"  {name}: CRPS {found['crps'].mean():.4f}; in the 90 % interval {inside.mean():.1%} "
        f"(by activity {thirds}); plain {found['plain'].mean():.1%}"
    )


def show_rules(sample: Sample, later: int, ours: list[float]) -> None:
    """Print the simple rules for the net score, and how much better ours are: shipped, and with its own parameters."""
    seen = sample.coverage > 0
    weight = choose_weight(sample.total, seen, sample.train, later)
    for name, used in (
        (f"exponentially weighted mean ({weight:g}, least squares)", weight),
        ("exponentially weighted mean (0.02)", 0.02),
        ("last value", 1.0),
        ("the pair's own past scores", 0.0),
    ):
        for spread, (crps, held) in score_rule(sample.total, seen, sample.train, later, used).items():
            if used == 0.0 and spread == "normal":
                continue
            better = ", ".join(f"{1 - our / crps:.1%}" for our in ours)
            print(f"    {name}, {spread}: CRPS {crps:.4f}; ours {better} better; plain {held:.1%}")


def simulate_all(pairs: int) -> tuple[Tally, np.ndarray]:
    """Return events and days of pairs over 240 months, most of them quiet."""
    rng = np.random.default_rng(SEED)
    rate = np.exp(rng.normal(-1.0, 2.0, pairs))
    count = rng.poisson(np.minimum(rate, 400.0)[:, None] * rng.gamma(2.0, 0.5, (pairs, MONTHS))).astype(float)
    level = np.clip(rng.normal(1.6, 1.4, (pairs, 1)) + 0.1 * rng.standard_normal((pairs, MONTHS)).cumsum(1), -8, 8)
    total = np.round(count * level + np.sqrt(16 * count) * rng.standard_normal(count.shape), 1)
    total = np.clip(total, -9.9 * count, 9.9 * count)
    square = np.divide(total**2, count, out=np.zeros_like(total), where=count > 0) + 16 * np.maximum(count - 1, 0)
    return Tally(count, total, square), 30.4375 * np.arange(MONTHS)


def show_all(model: GestureModel, pairs: int, peer: str | None) -> None:
    """Print time and memory of all pairs, and of statsmodels on a few of them."""
    tally, days = simulate_all(pairs)
    print(f"\nAll pairs: {pairs:,} x {MONTHS} months, simulated, {int(tally.count.sum()):,} events")
    spent = {}
    for smoothed in (False, True):
        began, clock = time.process_time(), time.perf_counter()
        estimate_standing(tally, Timing(days, 30.4375, 3), model, smoothed=smoothed)
        spent[smoothed], passed = time.process_time() - began, time.perf_counter() - clock
        kind = "smoothed" if smoothed else "filtered"
        print(f"  {kind} levels, trends and intervals: {spent[smoothed]:.1f} CPU seconds, {passed:.0f} s passed")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"  most memory of this process: {most:.2f} GB; both together {sum(spent.values()):.1f} CPU seconds")
    if not peer:
        print("  statsmodels: not asked for (--peer PYTHON)")
        return
    few = np.linspace(0, pairs - 1, 20).astype(int)
    some = tally.take(few)
    mean = np.divide(some.total, some.count, out=np.full(some.count.shape, np.nan), where=some.count > 0)
    sent = "\n".join(",".join(f"{x:.4f}" for x in row) for row in mean)
    said = subprocess.run([peer, str(PEER)], input=sent, capture_output=True, text=True, check=True)
    version, seconds = said.stdout.split()
    ratio = float(seconds) / (spent[True] / pairs)
    print(
        f"  statsmodels {version} UnobservedComponents (local level), fitted pair by pair: "
        f"{float(seconds):.3f} CPU seconds each on {len(few)} pairs; "
        f"ours {1000 * spent[True] / pairs:.2f} ms a pair: {ratio:.1f} times as fast"
    )


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--peer")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="how many pairs to simulate")
    parser.add_argument("--only", choices=("predict", "all"))
    said = parser.parse_args()
    model = read_gesture_model("goldstein")
    if said.only != "all":
        for sample in read_samples(said.shared):
            own = estimate([sample] if sample.length == 7 else [sample, gather_weeks(sample)])
            for later in (1, 4):
                show_sample(sample, model, later, own)
    if said.only != "predict":
        show_all(model, said.pairs, said.peer)


if __name__ == "__main__":
    main()
