"""Estimate the parameters of the model of gestures, one set for all pairs, and print them as YAML.

Run: python scripts/estimate_gestures.py [--shared ../shared] [--scale goldstein]

From the training span of every sample only (first half of the KEDS weeks, first 15 days of the GDELT sample): the
highest log probability of each period from those before it (prediction error decomposition), by Nelder-Mead. The
carrier is the nonparametric maximum likelihood estimate for tilted samples (Vardi 1985), each period of a pair counted
once; it and the motion are estimated in turns. GDELT pairs are there because they had an event: their counts are
weighed given that they are not all zero.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from samples import Sample, gather_weeks, read_gdelt

from comity.events.scale import read_scale
from comity.relations.chain import Motion, filter_chain, smooth_chain
from comity.relations.gestures import GestureModel, Timing, filter_tone
from comity.relations.rate import weigh_counts

TURNS = 3


def search(loss: Callable[[np.ndarray], float], first: list[float], rounds: int) -> np.ndarray:
    """Return where a loss is lowest, as Nelder and Mead find it."""
    simplex = np.vstack([first, np.array(first) + 0.5 * np.eye(len(first))])
    found = minimize(
        loss, first, method="Nelder-Mead", options={"maxiter": rounds, "fatol": 0.5, "initial_simplex": simplex}
    )
    return found.x


def read_motion(x: np.ndarray) -> Motion:
    """Return a motion from an unbounded vector; rates there are by week."""
    spread, pull, jumps, reach = np.exp(np.clip(x[1:5], -18, 4))
    return Motion(float(x[0]), float(spread), float(pull / 7), float(jumps / 7), float(min(reach, 20.0)))


def take_tone(model: GestureModel, x: np.ndarray) -> GestureModel:
    """Return the model with another motion of the tone."""
    return replace(model, tone=read_motion(x), within=float(np.exp(x[5])), growth=float(np.clip(x[6], 0, 2)))


def lose_tone(samples: list[Sample], model: GestureModel) -> float:
    """Return minus the log probability of the scores."""
    parts = [
        filter_tone(
            s.count[:, : s.train], s.total[:, : s.train], Timing(s.days[: s.train], s.length), model
        ).log_score.sum()
        for s in samples
    ]
    return -float(sum(parts))


def lose_moved(samples: list[Sample], model: GestureModel, x: np.ndarray) -> float:
    """Return the same of the model with another motion."""
    return lose_tone(samples, take_tone(model, x))


def lose_counts(samples: list[Sample], motion: Motion, shape: float, model: GestureModel) -> float:
    """Return minus the log probability of the numbers of events."""
    chain, lost = replace(model, rate=motion).lay_rate(), 0.0
    for s in samples:
        count = np.vstack([s.count[:, : s.train], np.zeros((1, s.train))])
        evidence = weigh_counts(count, s.exposure[: s.train], shape, chain.points)
        score = filter_chain(evidence, s.days[: s.train], chain).log_score.sum(1)
        lost -= score[:-1].sum() - len(s.pairs) * np.log1p(-np.exp(score[-1]))
    return float(lost)


def estimate_carrier(samples: list[Sample], model: GestureModel) -> tuple[float, ...]:
    """Return the carrier given the tones that the model sees: shares of scores over what the tilts make of them."""
    tilt, points = model.tilt(), model.lay_tone().points
    found, made = np.full(len(tilt.scores), 0.5), np.zeros(len(points))
    for s in samples:
        count, total = s.count[:, : s.train], s.total[:, : s.train]
        passage = filter_tone(count, total, Timing(s.days[: s.train], s.length), model)
        level, blur = smooth_chain(passage), model.blur(s.length)
        # the level without the period's own events, then the period's own tone with them
        own = total[..., None] * tilt.slope - count[..., None] * tilt.weight
        own = np.exp(own - own.max(2, keepdims=True))
        tone = ((level / np.maximum(own @ blur.T, 1e-300)) @ blur) * own
        tone /= tone.sum(2, keepdims=True)
        once = np.divide(1.0, count, out=np.zeros_like(count), where=count > 0)
        found += np.einsum("pt,ptv->v", once, s.spread[:, : s.train])
        made += np.einsum("ptg,pt->g", tone, (count > 0).astype(float))
    tilted = np.exp(tilt.slope[:, None] * tilt.scores - tilt.weight[:, None])
    carrier = found / (made[:, None] * tilted).sum(0)
    return tuple(float(x) for x in carrier / carrier.sum())


def begin(samples: list[Sample]) -> GestureModel:
    """Return the model to start from: the pooled scores, and round numbers."""
    pooled = np.sum([s.spread[:, : s.train].sum((0, 1)) / s.spread[:, : s.train].sum() for s in samples], axis=0) + 1e-3
    return GestureModel(
        read_motion(np.array([1.2, np.log(1.7), np.log(5e-4), np.log(7e-3), 2.0])),
        read_motion(np.array([-1.7, np.log(2.0), np.log(1e-3), np.log(0.06), 0.1])),
        1.4, 1.0, 2.0, tuple(samples[0].scores.tolist()), tuple((pooled / pooled.sum()).tolist()),
    )  # fmt: skip


def main() -> None:
    """Estimate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="goldstein")
    said = parser.parse_args()
    days = read_gdelt(read_scale(said.scale))
    samples = [days, gather_weeks(days)]
    model = begin(samples)
    x = [1.4, np.log(1.4), np.log(3e-4), np.log(5e-3), 2.0, np.log(1.6), 1.2]
    for turn in range(TURNS):
        model = take_tone(model, np.array(x))
        for _ in range(3):
            model = replace(model, carrier=estimate_carrier(samples, model))
        x = list(search(partial(lose_moved, samples, model), x, 60))
        print(f"# turn {turn}: tone {lose_tone(samples, take_tone(model, np.array(x))):.1f}", file=sys.stderr)
    model = take_tone(model, np.array(x))
    first = [-1.7, np.log(2.2), np.log(1e-3), np.log(0.06), np.log(1.1), np.log(2.1)]
    y = search(lambda z: lose_counts(samples[:1], read_motion(z), float(np.exp(z[5])), model), first, 160)
    model = replace(model, rate=read_motion(y), shape=float(np.exp(y[5])))
    show(said.scale, samples, model)


def show(scale: str, samples: list[Sample], model: GestureModel) -> None:
    """Print the parameters as parameters.yml has them."""
    print(f"# {', '.join(f'{s.name}: {len(s.pairs)} pairs, {s.train} periods' for s in samples)}")
    print(f"  {scale}:")
    for name, unit in (("tone", "points"), ("rate", "log of events a week")):
        motion = getattr(model, name)
        for part, what in zip(
            ("mean", "spread", "pull", "jumps", "reach"), (unit, unit, "1/day", "1/day", unit), strict=True
        ):
            print(f"    {name}_{part}: {{value: {getattr(motion, part):.6g}, unit: {what}}}")
    for name, unit in (("within", "points"), ("growth", "power"), ("shape", "number")):
        print(f"    {name}: {{value: {getattr(model, name):.6g}, unit: {unit}}}")
    print(f"    scores: [{', '.join(f'{x:g}' for x in model.scores)}]")
    print(f"    carrier: [{', '.join(f'{x:.5f}' for x in model.carrier)}]")


if __name__ == "__main__":
    main()
