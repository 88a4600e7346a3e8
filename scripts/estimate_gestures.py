"""Estimate the parameters of the model of gestures from the embedded sample, and print them as YAML.

Run: python scripts/estimate_gestures.py [--scale goldstein]

From the first 15 days of the sample, by day and by block of seven days, all directed pairs with an event in them; see
`bench/estimates.py` for the procedure. Nothing else is read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from estimates import estimate
from samples import Sample, gather_weeks, read_gdelt

from comity.events.scale import read_scale
from comity.relations.gestures import GestureModel

PARTS = ("mean", "spread", "pull", "jumps", "reach")


def main() -> None:
    """Estimate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", default="goldstein")
    said = parser.parse_args()
    days = read_gdelt(read_scale(said.scale))
    show(said.scale, days, estimate([days, gather_weeks(days)]))


def show(scale: str, sample: Sample, model: GestureModel) -> None:
    """Print the parameters as gestures.yml has them."""
    print(f"# {sample.name}: {len(sample.pairs)} pairs, {sample.train} periods")
    print(f"  {scale}:")
    for name, unit in (("tone", "points"), ("rate", "log of events a week")):
        motion = getattr(model, name)
        for part, what in zip(PARTS, (unit, unit, "1/day", "1/day", unit), strict=True):
            print(f"    {name}_{part}: {{value: {getattr(motion, part):.6g}, unit: {what}}}")
    print(f"    within: {{value: {model.within:.6g}, unit: points}}")
    print(f"    shape: {{value: {model.shape:.6g}, unit: number}}")
    print("    kinds:")
    for kind in model.kinds:
        rest = f"jumps: {kind.jumps:g}, within: {kind.within:g}, breadth: {kind.breadth:g}"
        print(f"      - {{share: {kind.share:.4f}, {rest}}}")
    print("    paces:")
    for pace in model.paces:
        print(f"      - {{share: {pace.share:.4f}, jumps: {pace.jumps:g}}}")
    print(f"    scores: [{', '.join(f'{x:g}' for x in model.scores)}]")
    print(f"    carrier: [{', '.join(f'{x:.5f}' for x in model.carrier)}]")


if __name__ == "__main__":
    main()
