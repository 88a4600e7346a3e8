"""How well breaks are found: on simulated pairs beside PELT, CUSUM and the three-sigma rule; and on real ones.

Run: python bench/breaks.py [--shared ../shared] [--only simulated|registered|sensitivity] [--seed N]

PELT is that of `ruptures` (extra `peers`); without it its lines are left out, visibly. The simulated pairs come from
two worlds: the model's own, and one that it does not know (two heaps of scores mixed, weeks with heavier tails, a slow
drift, rates of events that wander). The peers are tuned on series without any break, so that each raises a false
alarm as often as ours does: the rest of the comparison is then about what they find.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: the products are small, and threads only wait

import numpy as np
from samples import Sample, read_gdelt, read_keds

from comity.events.scale import read_scale
from comity.relations.breaks import Break, BreakRule, Way, find_breaks, read_break_rule
from comity.relations.chain import Passage, lay_chain
from comity.relations.gestures import GestureModel, Timing, follow_kinds
from comity.relations.jumps import Blend, weigh_lately
from comity.relations.lasting import follow_tone, list_lasting_kinds
from comity.relations.published import read_gesture_model
from comity.relations.series import Tally

SEED = 20261122
PAIRS, WEEKS = 160, 208
NEAR = 8  # weeks about a true break in which a find counts for it
SPAN = (0.05, 0.5, 2.0, 8.0)  # quantiles of activity: events a week that the pairs are drawn between
REGISTER = Path(__file__).with_name("registered_breaks.csv")


@dataclass
class World:
    """Simulated pairs by week: sums of their scored events, and the true breaks as (week, move)."""

    name: str
    tally: Tally
    breaks: list[list[tuple[int, float]]]

    @property
    def count(self) -> np.ndarray:
        """Number of scored events."""
        return self.tally.count

    @property
    def total(self) -> np.ndarray:
        """Sum of their scores."""
        return self.tally.total

    @property
    def days(self) -> np.ndarray:
        """Middle of each week."""
        return 7.0 * np.arange(self.count.shape[1])


def follow(one: World | Sample, rule: BreakRule) -> Blend:
    """Follow the tone as the rule of breaks has it."""
    length = one.length if isinstance(one, Sample) else 7.0
    return follow_tone(one.tally, Timing(one.days, length), read_gesture_model("goldstein"), rule)


def draw_counts(rng: np.random.Generator, wander: float) -> np.ndarray:
    """Draw numbers of events: pairs from quiet to busy, weeks scattered, rates that wander."""
    rate = np.exp(rng.uniform(np.log(SPAN[0] * 4), np.log(SPAN[3] * 1.5), PAIRS))[:, None]
    path = np.exp(np.cumsum(wander * rng.standard_normal((PAIRS, WEEKS)), 1))
    shape = 2.5
    return rng.poisson(np.clip(rate * path, 0, 200) * rng.gamma(shape, 1 / shape, (PAIRS, WEEKS))).astype(float)


def draw_levels(rng: np.random.Generator, breaks: bool, least: float) -> tuple[np.ndarray, list]:
    """Draw levels that break about once a pair in four years, up or down, by at least so much.

    Returns the levels, and for each pair its breaks as (week, level before, level after).
    """
    level, found = np.empty((PAIRS, WEEKS)), []
    for pair in range(PAIRS):
        here, path, own = float(np.clip(rng.normal(1.6, 1.4), -5, 6)), [], []
        for week in range(WEEKS):
            if breaks and week and rng.random() < 1.0 / WEEKS:
                there = float(rng.uniform(-6, 7))
                if abs(there - here) >= least:
                    own.append((week, here, there))
                    here = there
            path.append(here)
        level[pair] = path
        found.append(own)
    return level, found


def draw_own(rng: np.random.Generator, breaks: bool) -> World:
    """Draw pairs as the rule of breaks has them: tilted scores, weeks that scatter, a fifth of the weeks episodes."""
    model, rule = read_gesture_model("goldstein"), read_break_rule()
    least = rule.least * (model.scores[-1] - model.scores[0])
    level, found = draw_levels(rng, breaks, least)
    points = model.lay_tone().points
    start = lay_chain(float(points[0]), float(points[-1]), len(points), model.tone).start
    kinds = list_lasting_kinds(model, rule)
    own = rng.choice(len(kinds), PAIRS, p=np.array([kind.share for kind in kinds]) / sum(k.share for k in kinds))
    week = level + np.array([kinds[k].within for k in own])[:, None] * rng.standard_normal(level.shape)
    episode = rng.random(level.shape) < rule.episodes
    week = np.where(episode, rng.choice(points, level.shape, p=start), week)
    tilts = [model.pick_kind(kind).tilt() for kind in kinds]
    count = draw_counts(rng, 0.0)
    place = np.clip(np.round((week - points[0]) / (points[1] - points[0])).astype(int), 0, len(points) - 1)

    def draw(where: tuple[int, int]) -> np.ndarray:
        tilt = tilts[own[where[0]]]
        return rng.choice(tilt.scores, int(count[where]), p=tilt.shares[place[where]])

    moved = [[(when, after - before) for when, before, after in pair] for pair in found]
    return World("as the model has it", sum_scores(count, draw), moved)


def sum_scores(count: np.ndarray, draw: Callable[[tuple[int, int]], np.ndarray]) -> Tally:
    """Draw the scores of all events, and sum them and their squares."""
    total, square = np.zeros_like(count), np.zeros_like(count)
    for where in zip(*np.nonzero(count), strict=True):
        scores = draw(where)
        total[where], square[where] = scores.sum(), (scores**2).sum()
    return Tally(count, total, square)


def draw_foreign(rng: np.random.Generator, breaks: bool) -> World:
    """Draw pairs as the model does not know them.

    Scores are a mixture of a friendly and an unfriendly heap whose mean is the week's tone; the tone of a week has
    Student-t scatter with memory and drifts slowly; the number of events wanders, and rises when the tone falls.
    """
    level, found = draw_levels(rng, breaks, 1.0)
    scatter = np.zeros_like(level)
    for week in range(1, WEEKS):
        scatter[:, week] = 0.4 * scatter[:, week - 1] + 0.5 * rng.standard_t(3, PAIRS)
    drift = np.cumsum(0.02 * rng.standard_normal(level.shape), 1)
    tone = np.clip(level + drift + scatter, -8, 7)
    count = np.minimum(rng.poisson(draw_counts(rng, 0.05) * np.exp(-0.05 * tone)), 200).astype(float)
    friendly, unfriendly = np.array([1.0, 1.9, 2.8, 3.4, 7.0, 8.0]), np.array([-10.0, -9.0, -5.0, -4.4, -2.0, -2.0])

    def share_friendly(tone: np.ndarray) -> np.ndarray:
        return np.clip((tone - unfriendly.mean()) / (friendly.mean() - unfriendly.mean()), 0.02, 0.98)

    def expect_score(level: float) -> float:
        """Return the mean score at a level: the heaps bound it, so that it moves less than the level does."""
        return unfriendly.mean() + (friendly.mean() - unfriendly.mean()) * share_friendly(level + scatter).mean()

    share = share_friendly(tone)
    good = rng.binomial(count.astype(int), share)

    def draw(where: tuple[int, int]) -> np.ndarray:
        number = int(good[where])
        parts = (rng.choice(friendly, number), rng.choice(unfriendly, int(count[where]) - number))
        return np.concatenate(parts)

    moved = [[(week, expect_score(there) - expect_score(here)) for week, here, there in own] for own in found]
    found = [[(week, move) for week, move in own if abs(move) >= 1.0] for own in moved]
    return World("as it does not know it", sum_scores(count, draw), found)


def watch(blend: Blend, way: Way) -> np.ndarray:
    """Return the online probability of a thaw and of a rupture by pair and week, (2, pairs, weeks)."""
    pairs, weeks = blend.weights.shape[1:]
    seen = np.zeros((2, pairs, weeks))
    for pair in range(pairs):
        seen[:, pair, 1:] = weigh_lately(blend, pair, np.arange(1, weeks), way.least, way.within)
    return seen


def list_alarms(signal: np.ndarray, bound: float) -> list[list[tuple[int, int]]]:
    """Return when a signal passes a bound: for each pair (week, side), side 0 up and 1 down."""
    found = []
    for pair in range(signal.shape[1]):
        above = signal[:, pair] >= bound
        first = above & ~np.concatenate([np.zeros((2, 1), bool), above[:, :-1]], axis=1)
        found.append(sorted((int(week), int(side)) for side, week in zip(*np.nonzero(first), strict=True)))
    return found


def signal_cusum(world: World) -> np.ndarray:
    """Return Page's two-sided CUSUM of weekly means, in units of the pair's first half year, (2, pairs, weeks)."""
    mean, base, spread = _standardise(world)
    out, state = np.zeros((2, *world.count.shape)), np.zeros((2, len(mean)))
    for week in range(mean.shape[1]):
        seen = world.count[:, week] > 0
        away = np.where(seen, (mean[:, week] - base) / spread, 0.0)
        for side, sign in ((0, 1), (1, -1)):
            state[side] = np.where(seen, np.maximum(0.0, state[side] + sign * away - 0.5), state[side])
            out[side, :, week] = state[side]
    return out


def signal_sigma(world: World) -> np.ndarray:
    """Return how many standard deviations a week's mean lies from that of the half year before it."""
    out = np.zeros((2, *world.count.shape))
    for pair in range(len(world.count)):
        weeks = np.flatnonzero(world.count[pair] > 0)
        mean = world.total[pair, weeks] / world.count[pair, weeks]
        for n in range(8, len(weeks)):
            past = mean[max(0, n - 26) : n]
            away = (mean[n] - past.mean()) / max(past.std(), 0.5)
            out[:, pair, weeks[n]] = max(away, 0.0), max(-away, 0.0)
    return out


def _standardise(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weekly means, and each pair's mean and spread over its first half year (all pairs' where it has none)."""
    mean = np.divide(world.total, world.count, out=np.full_like(world.total, np.nan), where=world.count > 0)
    first = mean[:, :26]
    few = np.isfinite(first).sum(1) < 4
    common = (np.nanmean(mean), np.nanstd(mean))
    with np.errstate(all="ignore"):
        base = np.where(few, common[0], np.nanmean(np.where(few[:, None], 0.0, first), axis=1))
        spread = np.where(few, common[1], np.nanstd(np.where(few[:, None], 0.0, first), axis=1))
    return np.nan_to_num(mean), base, np.maximum(spread, 0.5)


def score_alarms(world: World, alarms: list[list[tuple[int, int]]], after: int = 26) -> tuple[float, float, float]:
    """Return share of breaks known within half a year, median delay [weeks], and alarms of no break a pair and year."""
    known, delays, false = 0, [], 0
    for true, own in zip(world.breaks, alarms, strict=True):
        left = list(own)
        for week, move in true:
            mine = [one for one in left if week <= one[0] < week + after and one[1] == (move < 0)]
            if mine:
                known += 1
                delays.append(mine[0][0] - week)
                left.remove(mine[0])
        false += len(left)
    whole = sum(len(true) for true in world.breaks)
    delay = float(np.median(delays)) if delays else float("nan")
    return known / max(whole, 1), delay, false / (len(world.breaks) * WEEKS / 52)


def tune(signal: np.ndarray, rate: float) -> float:
    """Return the bound at which a signal on series without a break raises so many alarms a pair and year."""
    years = signal.shape[1] * signal.shape[2] / 52
    low, high = 0.0, float(signal.max()) + 1e-9
    for _ in range(12):
        middle = (low + high) / 2
        few = sum(map(len, list_alarms(signal, middle))) / years <= rate
        low, high = (low, middle) if few else (middle, high)
    return high


def show_online(calm: World, world: World, way: Way, rule: BreakRule) -> tuple[Blend, Blend]:
    """Print what was known at the time, beside CUSUM and the three-sigma rule with as many false alarms."""
    courses = [follow(one, rule) for one in (calm, world)]
    signals = [watch(course, way) for course in courses]
    rate = score_alarms(calm, list_alarms(signals[0], rule.shown))[2]
    print(f"  online, a bound of {rule.shown:.0%}: {rate:.4f} false alarms a pair and year where nothing breaks")
    rows = [("ours", rule.shown, signals[1])]
    for name, signal in (("CUSUM", signal_cusum), ("three-sigma rule", signal_sigma)):
        rows.append((name, tune(signal(calm), rate), signal(world)))
    rows.append(("three-sigma rule, untuned", 3.0, signal_sigma(world)))
    for name, bound, signal in rows:
        known, delay, false = score_alarms(world, list_alarms(signal, bound))
        print(f"    {name:26} bound {bound:6.2f}: known within 26 weeks {known:.0%}, median delay {delay:.0f} weeks, "
              f"other alarms {false:.3f} a pair and year")  # fmt: skip
    return courses[0], courses[1]


def match(true: list[tuple[int, float]], found: list[tuple[int, int, bool]]) -> tuple[int, list[bool]]:
    """Return how many breaks were found, and for each find (first, last, upward) whether it is one, to 8 weeks."""
    left, right = list(true), []
    for first, last, upward in found:
        near = [one for one in left if first - NEAR <= one[0] <= last + NEAR and (one[1] > 0) == upward]
        right.append(bool(near))
        if near:
            left.remove(near[0])
    return len(true) - len(left), right


def show_hindsight(calm: World, world: World, courses: tuple[Blend, Blend], way: Way, rule: BreakRule) -> None:
    """Print what is known from all weeks, how far the probabilities hold, and PELT beside it."""
    low = replace(rule, shown=0.1)
    began = time.process_time()
    found = [find_breaks(courses[1], pair, way, low) for pair in range(PAIRS)]
    spent = time.process_time() - began
    idle = [find_breaks(courses[0], pair, way, low) for pair in range(PAIRS)]
    stated, real, held = [], [], []
    for true, unsorted in zip(world.breaks, found, strict=True):
        own = sorted(unsorted, key=lambda one: -one.probability)
        right = match(true, [(one.first, one.last, one.upward) for one in own])[1]
        stated += [one.probability for one in own]
        real += right
        held += [size_holds(true, one) for one, good in zip(own, right, strict=True) if good and one.probability >= 0.5]
    stated_, real_ = np.array(stated), np.array(real)
    for a, b in ((0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
        some = (stated_ >= a) & (stated_ < b)
        if some.any():
            print(f"    stated {a:.0%} to {min(b, 1):.0%}: {some.sum():4d} breaks, mean {stated_[some].mean():.0%}, "
                  f"real {real_[some].mean():.0%}")  # fmt: skip
    print(f"    true size in the 90 % interval: {np.mean(held):.0%} of {len(held)}; {spent:.2f} CPU seconds")
    years = PAIRS * WEEKS / 52
    none = sum(one.probability >= rule.shown for own in idle for one in own) / years
    kept = [[(b.first, b.last, b.upward) for b in own if b.probability >= rule.shown] for own in found]
    show_finds("ours", world, kept, none)
    show_pelt(calm, world, none)


def size_holds(true: list[tuple[int, float]], one: Break) -> bool:
    """Tell whether the true move of the break that was found lies in its interval."""
    near = [move for week, move in true if one.first - NEAR <= week <= one.last + NEAR and (move > 0) == one.upward]
    return any(one.low <= move <= one.high for move in near)


def show_finds(name: str, world: World, found: list[list[tuple[int, int, bool]]], none: float) -> None:
    """Print a line on what was found in hindsight."""
    hits, right = 0, []
    for true, own in zip(world.breaks, found, strict=True):
        number, good = match(true, own)
        hits, right = hits + number, right + good
    whole = sum(len(true) for true in world.breaks)
    share = np.mean(right) if right else float("nan")
    print(f"    {name:26} found {hits / whole:.0%} of {whole} breaks; {share:.0%} of its {len(right)} finds are "
          f"breaks; {none:.4f} a pair and year where nothing breaks")  # fmt: skip


def show_pelt(calm: World, world: World, rate: float) -> None:
    """Print PELT (least squares on weekly means of weeks with events), its penalty tuned to as many false finds."""
    try:
        import ruptures
    except ImportError:
        print("    PELT: left out, `ruptures` is not here (extra `peers`)")
        return

    def run(one: World, penalty: float) -> list[list[tuple[int, int, bool]]]:
        found = []
        for pair in range(PAIRS):
            found.append(cut_series(ruptures, one.count[pair], one.total[pair], penalty))
        return found

    years = PAIRS * WEEKS / 52
    began = time.process_time()
    standard = float(2 * np.log(WEEKS))
    for name, penalty in (("PELT, penalty 2 log n", standard), ("PELT, tuned", _tune_pelt(run, calm, rate * years))):
        none = sum(map(len, run(calm, penalty))) / years
        show_finds(f"{name} ({penalty:.0f})", world, run(world, penalty), none)
    print(f"    PELT of ruptures {ruptures.__version__}: {time.process_time() - began:.1f} CPU seconds for all of this")


def cut_series(ruptures, count: np.ndarray, total: np.ndarray, penalty: float) -> list[tuple[int, int, bool]]:
    """Return where PELT cuts the weekly means of one pair, and whether they rise there."""
    weeks = np.flatnonzero(count > 0)
    if len(weeks) <= 8:
        return []
    mean = total[weeks] / count[weeks]
    cuts = ruptures.Pelt("l2", min_size=3, jump=1).fit(mean).predict(pen=penalty * mean.var())[:-1]
    edges, own = [0, *cuts, len(mean)], []
    for n, cut in enumerate(cuts):
        up = mean[cut : edges[n + 2]].mean() > mean[edges[n] : cut].mean()
        own.append((int(weeks[cut]), int(weeks[cut]), bool(up)))
    return own


def _tune_pelt(run: Callable, calm: World, most: float) -> float:
    """Return the smallest of some penalties with so many finds where nothing breaks."""
    for penalty in (8.0, 12.0, 18.0, 27.0, 40.0):
        if sum(map(len, run(calm, float(penalty)))) <= most:
            return float(penalty)
    return 60.0


def show_simulated(rule: BreakRule, seed: int) -> None:
    """Print both worlds."""
    model = read_gesture_model("goldstein")
    least = rule.least * (model.scores[-1] - model.scores[0])
    way = Way(least, max(1, int(rule.longest / 7)), rule.lately["week"])
    for draw in (draw_own, draw_foreign):
        rng = np.random.default_rng(seed)
        calm, world = draw(rng, False), draw(rng, True)
        print(f"\nSimulated, {world.name}: {PAIRS} pairs x {WEEKS} weeks, {sum(map(len, world.breaks))} breaks, "
              f"{world.count.mean():.1f} events a week")  # fmt: skip
        courses = show_online(calm, world, way, rule)
        show_hindsight(calm, world, courses, way, rule)


def name_day(sample: Sample, period: int, *, last: bool = False) -> date:
    """Return the first or last day of a period of a sample."""
    first = int(np.floor(sample.days[period] - sample.length / 2 + 0.5))
    return date.fromordinal(first + (int(sample.length) - 1 if last else 0))


def find_all(sample: Sample, rule: BreakRule, rows: list[int]) -> dict[int, list[Break]]:
    """Find the breaks of some pairs of a sample."""
    model = read_gesture_model("goldstein")
    least = rule.least * (model.scores[-1] - model.scores[0])
    way = Way(least, max(1, int(rule.longest / sample.length)), rule.lately["week" if sample.length == 7 else "day"])
    timing = Timing(sample.days, sample.length)
    blend = follow_tone(sample.tally.take(np.array(rows)), timing, model, rule)
    return {row: find_breaks(blend, place, way, rule) for place, row in enumerate(rows)}


def show_registered(shared: Path, rule: BreakRule) -> None:
    """Print, for each date registered beforehand, the nearest break found in either direction."""
    scale = read_scale("goldstein")
    register = list(csv.DictReader(REGISTER.open(encoding="utf-8")))
    samples = {"gdelt": lambda: read_gdelt(scale)}
    if (shared / "data" / "reciprocity").is_dir():
        samples |= {name: (lambda name=name: read_keds(shared, name, scale)) for name in ("levant", "turkey")}
    for name, read in samples.items():
        sample = read()
        rows = [row for row in range(len(sample.pairs)) if sample.count[row].sum() >= 10]
        found = find_all(sample, rule, rows)
        years = len(rows) * len(sample.days) * sample.length / 365.25
        number = sum(map(len, found.values()))
        print(f"\n{sample.name}: {number} breaks in {len(rows)} directed pairs, "
              f"one in {years / max(number, 1):.0f} years")  # fmt: skip
        near = 92 if sample.length == 7 else 3
        entries = [one for one in register if one["set"] == name]
        for entry in entries:
            print(f"  {entry['date']} {entry['first']} {entry['second']} {entry['direction']:8} {entry['what']}: "
                  f"{_find_near(sample, found, entry, near)}")  # fmt: skip
        if sample.length == 7:
            show_registered_pelt(sample, entries, found, near)


def show_registered_pelt(sample: Sample, entries: list[dict[str, str]], found: dict, near: int) -> None:
    """Print how many of the registered dates PELT finds, its penalty set to about as many breaks of the same pairs."""
    try:
        import ruptures
    except ImportError:
        print("  PELT: left out, `ruptures` is not here (extra `peers`)")
        return
    named = {frozenset((one["first"], one["second"])) for one in entries}
    rows = [row for row in found if frozenset(sample.pairs[row]) in named]
    most, own = (
        sum(len(found[row]) for row in rows),
        sum(_find_near(sample, found, entry, near) != "not found" for entry in entries),
    )
    for penalty in (6.0, 9.0, 13.0, 18.0, 25.0, 35.0, 50.0, 80.0):
        cuts = {row: cut_series(ruptures, sample.count[row], sample.total[row], penalty) for row in rows}
        if sum(map(len, cuts.values())) <= most:
            break
    hits = 0
    for entry in entries:
        day = date.fromisoformat(entry["date"])
        hits += any(
            up == (entry["direction"] == "thaw") and abs((name_day(sample, week) - day).days) <= near
            for row in rows
            if set(sample.pairs[row]) == {entry["first"], entry["second"]}
            for week, _, up in cuts[row]
        )
    print(f"  of {len(entries)} dates, ours found {own} with {most} breaks of these pairs; PELT (penalty {penalty:g}) "
          f"{hits} with {sum(map(len, cuts.values()))}")  # fmt: skip


def _find_near(sample: Sample, found: dict[int, list[Break]], entry: dict[str, str], near: int) -> str:
    """Return the breaks of either direction whose span lies within some days of a registered date."""
    day, said = date.fromisoformat(entry["date"]), []
    for row, own in found.items():
        if set(sample.pairs[row]) != {entry["first"], entry["second"]}:
            continue
        for one in own:
            first, last = name_day(sample, one.first), name_day(sample, one.last, last=True)
            apart = max((first - day).days, (day - last).days, 0)
            if one.upward == (entry["direction"] == "thaw") and apart <= near:
                known = "in hindsight" if one.known is None else f"known {name_day(sample, one.known, last=True)}"
                said.append(f"{'-'.join(sample.pairs[row])} {first} to {last} {one.probability:.0%} ({known})")
    return "; ".join(said) or "not found"


def show_sensitivity(shared: Path, rule: BreakRule) -> None:
    """Print how many breaks other constants would give."""
    if not (shared / "data" / "reciprocity").is_dir():
        return
    sample = read_keds(shared, "levant", read_scale("goldstein"))
    rows = list(range(len(sample.pairs)))
    print("\nKEDS levant with other constants (breaks found; log score of a week with events):")
    model: GestureModel = read_gesture_model("goldstein")
    for jumps, episodes in ((1, 1), (0.5, 1), (2, 1), (1, 0.5), (1, 1.5), (1, 0)):
        other = replace(rule, jumps=rule.jumps * jumps, episodes=rule.episodes * episodes)
        number = sum(map(len, find_all(sample, other, rows).values()))
        fit = score_fit([course.passage for course in follow(sample, other).courses], kind_shares(model, other), sample)
        print(f"  jumps {other.jumps:g} a day, episodes {other.episodes:g}: {number} breaks, log score {fit:.4f}")
    passages, _ = follow_kinds(sample.tally, Timing(sample.days, sample.length), model)
    print(f"  the index: log score {score_fit(passages, [kind.share for kind in model.list_kinds()], sample):.4f}")


def kind_shares(model: GestureModel, rule: BreakRule) -> list[float]:
    """Return the shares of the kinds that breaks know."""
    return [kind.share for kind in list_lasting_kinds(model, rule)]


def score_fit(passages: list[Passage], shares: list[float], sample: Sample) -> float:
    """Return the mean log score of weeks with events, over all kinds."""
    scores = np.stack([passage.log_score for passage in passages])
    whole = np.logaddexp.reduce(scores.cumsum(-1) + np.log(shares)[:, None, None], axis=0)
    return float(np.diff(whole, axis=1, prepend=0.0)[sample.count > 0].mean())


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--only", choices=("simulated", "registered", "sensitivity"))
    parser.add_argument("--seed", type=int, default=SEED, help="of the simulated pairs")
    said = parser.parse_args()
    rule = read_break_rule()
    if said.only in (None, "simulated"):
        show_simulated(rule, said.seed)
    if said.only in (None, "registered"):
        show_registered(said.shared, rule)
    if said.only in (None, "sensitivity"):
        show_sensitivity(said.shared, rule)


if __name__ == "__main__":
    main()
