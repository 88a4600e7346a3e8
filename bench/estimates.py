"""Estimate the parameters of the model of gestures from samples, one set for all pairs.

In turns, from the training span of each sample only: the motion and the scatter, by the highest log probability of each
period from those before it (prediction error decomposition, Nelder-Mead); and the carrier, the nonparametric maximum
likelihood estimate for tilted samples (Vardi 1985), each period of a pair counted once. Then the shares of the kinds
and the paces, by nonparametric maximum likelihood over a stated grid (Laird 1978), a twentieth spread evenly so that no
kind is ruled out. Pairs are in a sample because they had an event: their counts are weighed given that they are not all
zero.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from samples import Sample
from scipy.optimize import minimize

from comity.relations.chain import Motion, filter_chain, smooth_chain
from comity.relations.gestures import GestureModel, Kind, Pace, Timing, follow_kinds
from comity.relations.rate import weigh_counts

TURNS = 3
JUMPS = (0.001, 0.02)  # of the tone: about once in three years, once in seven weeks [1/day]
SCATTERS = (0.05, 2.0)  # of a period's tone: none on the grid, much [points]
BREADTHS = (-0.03, 0.0, 0.015)  # narrow, as all pairs together, wide [1/points squared]
RATE_JUMPS = (0.003, 0.02, 0.1)  # about once a year, in seven weeks, in ten days [1/day]
SPREAD_EVENLY = 0.05


def train(sample: Sample) -> Sample:
    """Return the training span of a sample."""
    end = sample.train
    return replace(sample, spread=sample.spread[:, :end], days=sample.days[:end], coverage=sample.coverage[:end])


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
    return replace(model, tone=read_motion(x), within=float(np.exp(np.clip(x[5], -4, 2))))


def score_tone(samples: list[Sample], model: GestureModel) -> np.ndarray:
    """Return the log probability of the scores of each pair in each kind, (kinds, pairs), of all samples in a row."""
    parts = []
    for s in samples:
        passages, _ = follow_kinds(s.tally, Timing(s.days, s.length), model)
        parts.append(np.stack([passage.log_score.sum(1) for passage in passages]))
    return np.concatenate(parts, axis=1)


def lose_moved(samples: list[Sample], model: GestureModel, x: np.ndarray) -> float:
    """Return minus the log probability of the scores of all pairs, with another motion."""
    return -float(score_tone(samples, take_tone(model, x)).sum())


def score_counts(samples: list[Sample], model: GestureModel) -> np.ndarray:
    """Return the log probability of the numbers of events in each pair, and of none at all in the last place."""
    chain, parts = model.lay_rate(), []
    for s in samples:
        count = np.vstack([s.count, np.zeros((1, len(s.days)))])
        evidence = weigh_counts(count, s.exposure, model.shape, chain.points)
        parts.append(filter_chain(evidence, s.days, chain).log_score.sum(1))
    return parts[0]


def lose_counts(samples: list[Sample], model: GestureModel, x: np.ndarray) -> float:
    """Return minus the log probability of the numbers of events, given that they are not all zero."""
    score = score_counts(samples, replace(model, rate=read_motion(x), shape=float(np.exp(x[5]))))
    return -float(score[:-1].sum() - (len(score) - 1) * np.log1p(-np.exp(min(score[-1], -1e-9))))


def estimate_carrier(samples: list[Sample], model: GestureModel) -> tuple[float, ...]:
    """Return the carrier given the tones that the model sees: shares of scores over what the tilts make of them."""
    tilt, points, blur = model.tilt(), model.lay_tone().points, model.blur()
    found, made = np.full(len(tilt.scores), 0.5), np.zeros(len(points))
    for s in samples:
        (passage,), _ = follow_kinds(s.tally, Timing(s.days, s.length), model)
        level = smooth_chain(passage)
        # the level without the period's own events, then the period's own tone with them
        own = s.total[..., None] * tilt.slope - s.count[..., None] * tilt.weight
        own = np.exp(own - own.max(2, keepdims=True))
        tone = ((level / np.maximum(own @ blur.T, 1e-300)) @ blur) * own
        tone /= tone.sum(2, keepdims=True)
        once = np.divide(1.0, s.count, out=np.zeros_like(s.count), where=s.count > 0)
        found += np.einsum("pt,ptv->v", once, s.spread)
        made += np.einsum("ptg,pt->g", tone, (s.count > 0).astype(float))
    tilted = np.exp(tilt.slope[:, None] * tilt.scores - tilt.weight[:, None])
    carrier = found / (made[:, None] * tilted).sum(0)
    return tuple(float(x) for x in carrier / carrier.sum())


def begin(samples: list[Sample]) -> GestureModel:
    """Return the model to start from: the pooled scores, and round numbers."""
    pooled = np.sum([s.spread.sum((0, 1)) / s.spread.sum() for s in samples], axis=0) + 1e-3
    return GestureModel(
        read_motion(np.array([1.2, np.log(1.7), np.log(5e-4), np.log(7e-3), 2.0])),
        read_motion(np.array([-1.7, np.log(2.0), np.log(1e-3), np.log(0.06), 0.1])),
        1.4, 2.0, tuple(samples[0].scores.tolist()), tuple((pooled / pooled.sum()).tolist()),
    )  # fmt: skip


def share_out(logs: np.ndarray) -> np.ndarray:
    """Return the shares of kinds, from the log probability of each pair in each kind, (kinds, pairs)."""
    likely = np.exp(logs - logs.max(0))
    shares = np.full(len(logs), 1 / len(logs))
    for _ in range(500):
        each = likely * shares[:, None]
        shares = (each / each.sum(0)).mean(1)
    return (1 - SPREAD_EVENLY) * shares + SPREAD_EVENLY / len(shares)


def estimate_kinds(samples: list[Sample], model: GestureModel) -> GestureModel:
    """Return the model with the shares of the kinds; a pair is of one kind in all samples."""
    kinds = tuple(Kind(1.0, jumps, within, b) for jumps in JUMPS for within in SCATTERS for b in BREADTHS)
    logs = score_tone(samples, replace(model, kinds=kinds)).reshape(len(kinds), len(samples), -1).sum(1)
    shares = share_out(logs)
    return replace(
        model, kinds=tuple(replace(kind, share=float(share)) for kind, share in zip(kinds, shares, strict=True))
    )


def estimate_paces(samples: list[Sample], model: GestureModel) -> GestureModel:
    """Return the model with the shares of the paces among all pairs, seen or not."""
    logs, seen = [], []
    for jumps in RATE_JUMPS:
        score = score_counts(samples, model.pick_pace(Pace(1.0, jumps)))
        seen.append(-np.expm1(min(score[-1], -1e-9)))
        logs.append(score[:-1] - np.log(seen[-1]))
    shares = share_out(np.array(logs)) / np.array(seen)
    shares /= shares.sum()
    return replace(model, paces=tuple(Pace(float(s), j) for s, j in zip(shares, RATE_JUMPS, strict=True)))


def estimate(samples: list[Sample]) -> GestureModel:
    """Return the model estimated from the training spans of samples of the same pairs.

    The numbers of events are taken from the first sample; the others are views of the same events.
    """
    samples = [train(sample) for sample in samples]
    model = begin(samples)
    x = [1.4, np.log(1.4), np.log(3e-4), np.log(5e-3), 2.0, np.log(1.0)]
    for turn in range(TURNS):
        model = take_tone(model, np.array(x))
        for _ in range(3):
            model = replace(model, carrier=estimate_carrier(samples, model))
        loss = partial(lose_moved, samples, model)
        x = list(search(loss, x, 60))
        print(f"# turn {turn}: minus log probability of the scores {loss(np.array(x)):.1f}", file=sys.stderr)
    model = take_tone(model, np.array(x))
    first = [-1.7, np.log(2.2), np.log(1e-3), np.log(0.06), np.log(1.1), np.log(2.1)]
    y = search(partial(lose_counts, samples[:1], model), first, 160)
    model = replace(model, rate=read_motion(y), shape=float(np.exp(y[5])))
    return estimate_paces(samples[:1], estimate_kinds(samples, model))
