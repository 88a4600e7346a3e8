"""Alerts by direction: why the embedded sample has more ruptures than thaws, and how false alarms part.

Run: python bench/sides.py [--shared ../shared] [--only sample|quiet|simulated]

*Sample*: alerts of the embedded days as they are; with all scores mirrored; with the days of each pair shuffled, which
leaves its scores and takes away whatever moved in time; and with the sample's own mean score as the first normal of a
pair in place of the published model's. *Quiet*: false alarms on the quiet days of every KEDS set by direction,
thresholds from what was known then. *Simulated*: alarms of pairs that stay as they are, at the
threshold for one a year.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.append(str(Path(__file__).resolve().parents[1]))
sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))

import numpy as np
from samples import KEDS_SETS
from simulate_alerts import follow as follow_simulated
from watch import LEARNING, LEAST, RULE, read_days

from comity.api.alerts import _list_pairs
from comity.api.view import View
from comity.relations.published import read_gesture_model
from comity.watch.calibration import choose_thresholds, learn_rates, pick_quiet
from comity.watch.constants import YEAR, read_calm
from comity.watch.decision import decide_alerts
from comity.watch.detector import find_start, follow_pairs
from comity.watch.signal import SIDES, Signal, Start, begin, follow_days

RATES, SHUFFLES, SEED = (0.5, 1.0, 4.0), 5, 20261123


def shuffle_days(signal: Signal, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Shuffle the loaded days of each pair by itself."""
    rng, days = np.random.default_rng(seed), np.flatnonzero(signal.covered)
    count, total = signal.count.copy(), signal.total.copy()
    for pair in range(len(count)):
        order = rng.permutation(days)
        count[pair, days], total[pair, days] = signal.count[pair, order], signal.total[pair, order]
    return count, total


def show_sample() -> None:
    """Print alerts of the sample by direction, as they are and as they would be."""
    with View().open() as (con, _, scale):
        followed = follow_pairs(con, _list_pairs(con), scale)
        start = find_start(read_gesture_model(scale, con))
    signal, bench = followed.signal, followed.bench
    own = float(signal.total.sum() / signal.count.sum())
    means, often = signal.total.sum(1) / signal.count.sum(1), (signal.count > 0).sum(1) > RULE.enough
    print(f"Embedded sample: mean of the pairs' mean scores {means.mean():.2f} (published model {start.mean:.2f}); of "
          f"the {often.sum()} that are heard {means[often].mean():.2f}, of the {(~often).sum()} others "
          f"{means[~often].mean():.2f}; of all events {own:.2f}")  # fmt: skip
    heard = (signal.count > 0) & ((signal.count > 0).cumsum(1) > RULE.enough)
    moved = ((signal.total - signal.count * signal.normal) / signal.spread)[heard]
    skew = float(((moved - moved.mean()) ** 3).mean() / moved.std() ** 3)
    print(f"  {moved.size:,} days of pairs that are heard: mean departure {moved.mean():.2f}, skewness {skew:.2f}, "
          f"beyond +3 {(moved > 3).mean():.2%}, beyond -3 {(moved < -3).mean():.2%} [standard deviations]")  # fmt: skip

    def tell(name: str, cases: list[tuple[np.ndarray, np.ndarray, Start]]) -> None:
        for rate in RATES:
            found = [
                one
                for count, total, first in cases
                for one in decide_alerts(
                    follow_days(count, total, signal.covered, RULE, begin(len(count), first, RULE))[0], bench, rate, 999
                )
            ]
            number = [sum(one.upward == up for one in found) / len(cases) for up in (True, False)]
            stand = [sum(one.upward == up and one.discovery for one in found) / len(cases) for up in (True, False)]
            print(f"  {name:26} at {rate:g}: {number[0]:g} thaws, {number[1]:g} ruptures; stand {stand[0]:g}, "
                  f"{stand[1]:g}")  # fmt: skip

    tell("as it is", [(signal.count, signal.total, start)])
    tell("mirrored", [(signal.count, -signal.total, Start(-start.mean, start.variance))])
    tell(f"days shuffled (mean of {SHUFFLES})", [(*shuffle_days(signal, SEED + n), start) for n in range(SHUFFLES)])
    tell("own mean at first", [(signal.count, signal.total, replace(start, mean=own))])


def show_quiet(shared: Path) -> None:
    """Print false alarms on quiet days by direction."""
    print("\nFalse alarms on quiet days [per pair and year]")
    for name in KEDS_SETS:
        days = read_days(shared, name)
        signal = days.follow()
        quiet = pick_quiet(signal, RULE, LEAST)
        pasts = learn_rates(signal, quiet, RULE, read_calm(), days.start)
        for rate in RATES:
            chosen, came, years = choose_thresholds(pasts, quiet, rate, RULE), np.zeros(SIDES), 0.0
            for past, place in zip(pasts, chosen, strict=True):
                if past.first >= LEARNING:
                    rows = np.arange(len(place))
                    years += quiet.days[:, past.first : past.end].sum() / YEAR
                    for side in range(SIDES):
                        mine = replace(quiet, alarms=quiet.alarms[:, quiet.alarms[2] == side])
                        came[side] += mine.count(past.first, past.end, len(RULE.grid))[rows, place].sum()
            print(f"  {days.name:18} asked {rate:g}: both {came.sum() / years:.2f}, thaws {came[0] / years:.2f}, "
                  f"ruptures {came[1] / years:.2f}, share of ruptures {came[1] / came.sum():.0%} of "
                  f"{came.sum():.0f}")  # fmt: skip


def show_simulated(pairs: int = 100) -> None:
    """Print alarms of pairs that stay as they are, by direction."""
    print("\nSimulated pairs that stay as they are, at the threshold for one false alarm a year")
    for activity in (0.1, 1.0, 4.0):
        signal = follow_simulated(SEED, pairs, activity, 0.0)
        years = pairs * signal.shape[1] / YEAR
        rates = np.bincount(signal.alarms[3], minlength=len(RULE.grid)) / years
        place = max(int((np.maximum.accumulate(rates) <= 1.0).sum()) - 1, 0)
        side = np.bincount(signal.alarms[2, signal.alarms[3] == place], minlength=SIDES)
        print(f"  {activity:g} events a day: thaws {side[0] / years:.2f}, ruptures {side[1] / years:.2f} a year, share "
              f"of ruptures {side[1] / side.sum():.0%} of {side.sum()}")  # fmt: skip


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--only", choices=("sample", "quiet", "simulated"))
    said = parser.parse_args()
    if said.only in (None, "sample"):
        show_sample()
    if said.only in (None, "quiet") and (said.shared / "data" / "reciprocity").is_dir():
        show_quiet(said.shared)
    if said.only in (None, "simulated"):
        show_simulated()


if __name__ == "__main__":
    main()
