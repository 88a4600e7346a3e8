"""How well the index predicts, beside simple rules; how long all pairs take, beside statsmodels.

Run: python bench/relations.py [--shared ../shared] [--peer PYTHON] [--pairs 15000] [--only predict|all] [--shipped]

`--shipped` leaves out the second set of parameters, whose estimate takes most of the time. `--peer` names a Python that
has statsmodels (an environment of its own: Comity does not depend on it).
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
    active = measure_activity(sample)
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
        for name, draws, said, part in (("net", net, value, active), ("mean", mean, value[seen] / known, active[seen])):
            found.setdefault(f"{name} crps", []).append(score_draws(draws, said))
            found.setdefault(f"{name} place", []).append(place_value(draws, said, rng))
            found.setdefault(f"{name} plain", []).append(hold_value(draws, said))
            found.setdefault(f"{name} active", []).append(part)
    return {name: np.concatenate(parts) for name, parts in found.items()}


def measure_activity(sample: Sample) -> np.ndarray:
    """Return the events a week of each pair in the first part of its sample."""
    return sample.count[:, : sample.train].sum(1) / (sample.train * sample.length / 7.0)


def show_sample(
    sample: Sample, models: dict[str, GestureModel], later: int
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Print one sample at one distance: all sets of parameters, then the simple rules beside them.

    Returns scores and places of the first set of parameters, and the CRPS of each rule.
    """
    unit = "week" if sample.length == 7 else "day"
    print(
        f"\n{sample.name}: {len(sample.pairs)} directed pairs, {len(sample.days) - sample.train} {unit}s predicted, "
        f"{later} {unit}(s) ahead"
    )
    found = {name: predict_sample(sample, model, later) for name, model in models.items()}
    bounds = np.quantile(measure_activity(sample), [1 / 3, 2 / 3])
    for name, scores in found.items():
        show_scores(name, scores, bounds)
    rules = show_rules(sample, later, [float(scores["net crps"].mean()) for scores in found.values()])
    return next(iter(found.values())), rules


def show_scores(name: str, found: dict[str, np.ndarray], bounds: np.ndarray) -> None:
    """Print the rows of net and mean score; `bounds`: activity between the thirds [events a week]."""
    for what in ("net", "mean"):
        score = {key.removeprefix(what + " "): x for key, x in found.items() if key.startswith(what)}
        inside, third = np.abs(score["place"] - 0.5) < 0.45, np.searchsorted(bounds, score["active"])
        thirds = ", ".join(f"{inside[third == part].mean():.1%}" for part in range(3) if (third == part).any())
        print(
            f"  {name}, {what} score: CRPS {score['crps'].mean():.4f}; in the 90 % interval {inside.mean():.1%} "
            f"(by activity {thirds}); plain {score['plain'].mean():.1%}; {len(inside):,} predictions"
        )


def show_rules(sample: Sample, later: int, ours: list[float]) -> dict[str, float]:
    """Print the simple rules for the net score, and how much better ours are; return the best CRPS of each."""
    seen, best = sample.coverage > 0, {}
    weight = choose_weight(sample.total, seen, sample.train, later)
    for name, used in (
        ("exponentially weighted mean, weight by least squares", weight),
        ("exponentially weighted mean, weight 0.02", 0.02),
        ("last value", 1.0),
        ("the pair's own past scores", 0.0),
    ):
        for spread, (crps, held) in score_rule(sample.total, seen, sample.train, later, used).items():
            if used == 0.0 and spread == "normal":
                continue
            best[name] = min(best.get(name, np.inf), crps)
            better = ", ".join(f"{1 - our / crps:.1%}" for our in ours)
            print(f"    {name} ({used:g}), {spread}: CRPS {crps:.4f}; ours {better} better; plain {held:.1%}")
    return best


def show_pooled(samples: list[Sample], done: list[tuple[dict[str, np.ndarray], dict[str, float]]], later: int) -> None:
    """Print the row of all sets together, the shipped parameters, thirds of activity over all their pairs."""
    pairs = sum(len(sample.pairs) for sample in samples)
    print(f"\nKEDS, all sets: {pairs} directed pairs of {len(samples)} sets, {later} week(s) ahead")
    found = {key: np.concatenate([scores[key] for scores, _ in done]) for key in done[0][0]}
    bounds = np.quantile(np.concatenate([measure_activity(sample) for sample in samples]), [1 / 3, 2 / 3])
    print(f"  thirds of activity: up to {bounds[0]:.2f}, up to {bounds[1]:.2f}, and more events a week")
    show_scores("shipped", found, bounds)
    weights, ours = [len(scores["net crps"]) for scores, _ in done], float(found["net crps"].mean())
    for name in done[0][1]:
        crps = float(np.average([rules[name] for _, rules in done], weights=weights))
        print(f"    {name}: CRPS {crps:.4f}; ours {1 - ours / crps:.1%} better")


def show_predictions(shared: Path, model: GestureModel, *, own: bool) -> None:
    """Print how well each sample is predicted, and all sets of weeks together."""
    samples = read_samples(shared)
    weekly = [sample for sample in samples if sample.length == 7]
    done: dict[int, list] = {1: [], 4: []}
    for sample in samples:
        models = {"shipped": model}
        if own:
            models["its own"] = estimate([sample] if sample.length == 7 else [sample, gather_weeks(sample)])
        for later, kept in done.items():
            shown = show_sample(sample, models, later)
            if sample.length == 7:
                kept.append(shown)
    for later, kept in done.items():
        if weekly:
            show_pooled(weekly, kept, later)


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
    parser.add_argument("--shipped", action="store_true", help="with the shipped parameters only")
    said = parser.parse_args()
    model = read_gesture_model("goldstein")
    if said.only != "all":
        show_predictions(said.shared, model, own=not said.shipped)
    if said.only != "predict":
        show_all(model, said.pairs, said.peer)


if __name__ == "__main__":
    main()
