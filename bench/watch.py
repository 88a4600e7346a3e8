"""Alerts: whether false alarms come as often as stated, what is detected beside simpler detectors, what it costs.

Run: python bench/watch.py [--shared ../shared] [--only calibration|detection|time] [--seed N]

All by day. *Calibration* on every KEDS set; *detection* on the registered dates of bench/registered_breaks.csv (on
which the constants were chosen), on those of bench/registered_breaks_later.csv (written down before any detector had
seen those sets) and on simulated pairs that the model does not know. Every detector has a threshold for each pair at
which it raises as many alarms outside the half year about a date as the others: 0.25 to 4 a pair and year. Beside ours:
Page's CUSUM of the daily mean score, begun anew after each alarm, with the textbook slack and, as `tuned`, with the
slack and the memory that did best on the first list; Bayesian online change points (Adams and MacKay 2007) of it, with
unknown mean and variance; and how many standard deviations a day lies from the running mean.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from breaks import REGISTER
from samples import KEDS_CODES, KEDS_SETS, WEIS_SETS, WEIS_TYPES, _score

from comity.events.scale import read_scale
from comity.lexicon import read_actors
from comity.relations.published import read_gesture_model
from comity.relations.series import Tally
from comity.watch.calibration import choose_thresholds, learn_rates, pick_quiet
from comity.watch.constants import YEAR, read_alert_rule, read_calm
from comity.watch.decision import Bench, decide_alerts, judge_decision
from comity.watch.detector import find_start
from comity.watch.quiet import measure_lasting
from comity.watch.signal import Signal, begin, follow_days

LATER = REGISTER.with_name("registered_breaks_later.csv")
SEED = 20261123
LEAST_EVENTS = 200  # of a KEDS pair, both directions
RATES = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0)
GUARD, LEARNING = 182, 365  # days about a date in which no alarm is false; days before anything counts
REST = {"three-sigma": 1, "BOCPD": 28}  # days below before a stream raises another alarm
RULE, LEAST = read_alert_rule(), 1.0
TUNED = (0.1, 0.005)  # slack and weight of a day in the running mean, of the CUSUM that did best on the first list


@dataclass
class Days:
    """Pairs by day, two directions each, and what is said to have happened: (day, side) by pair, side 0 for a thaw."""

    name: str
    start: date
    pairs: list[tuple[str, str]]
    tally: Tally
    events: dict[int, list[tuple[int, int]]]

    def follow(self) -> Signal:
        """Sum up the departures of pairs."""
        count, total = (array[0::2] + array[1::2] for array in (self.tally.count, self.tally.total))
        start = begin(len(count), find_start(read_gesture_model("goldstein")), RULE)
        return follow_days(count, total, np.ones(count.shape[1], bool), RULE, start)[0]

    def choose(self, places: list[int]) -> Days:
        """Return some of the pairs."""
        rows = [2 * place + way for place in places for way in (0, 1)]
        events = {n: self.events.get(place, []) for n, place in enumerate(places)}
        return Days(self.name, self.start, [self.pairs[n] for n in places], self.tally.take(np.array(rows)), events)


def read_days(shared: Path, name: str) -> Days:
    """Read a KEDS set by day, with its registered dates."""
    import pyarrow.parquet as pq

    file = shared / "data" / "reciprocity" / f"keds_{KEDS_SETS[name]}.parquet"
    rows = pq.read_table(file, columns=["date", "s", "t", "code"]).to_pydict()
    table = {row.code: row.score for row in read_scale("goldstein").rows if row.score is not None}
    states = {actor.id for actor in read_actors() if actor.kind == "state"}
    days = [day.date().toordinal() for day in rows["date"]]
    first, last = min(days), max(days)
    found: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for day, s, t, code in zip(days, rows["s"], rows["t"], rows["code"], strict=True):
        way = KEDS_CODES.get(s, s), KEDS_CODES.get(t, t)
        score = _score(WEIS_TYPES.get(code[:2], "") if name in WEIS_SETS else code, table)
        if set(way) <= states and way[0] != way[1] and score is not None:
            found.setdefault(way, []).append((day - first, score))
    pairs = sorted({(min(way), max(way)) for way in found})
    pairs = [p for p in pairs if len(found.get(p, [])) + len(found.get(p[::-1], [])) >= LEAST_EVENTS]
    sums = np.zeros((3, 2 * len(pairs), last - first + 1))
    for row, way in enumerate(way for pair in pairs for way in (pair, pair[::-1])):
        for day, score in found.get(way, []):
            sums[:, row, day] += (1.0, score, score**2)
    events: dict[int, list[tuple[int, int]]] = {}
    for said in [row for file in (REGISTER, LATER) for row in csv.DictReader(file.open(encoding="utf-8"))]:
        pair = (min(said["first"], said["second"]), max(said["first"], said["second"]))
        if said["set"] == name and pair in pairs:
            when = date.fromisoformat(said["date"]).toordinal() - first
            events.setdefault(pairs.index(pair), []).append((when, int(said["direction"] == "rupture")))
    return Days(f"KEDS {name}", date.fromordinal(first), pairs, Tally(*np.round(sums, 9)), events)


def simulate_days(seed: int, pairs: int = 60, years: int = 6) -> Days:
    """Draw pairs that the model does not know: two heaps of scores, tones with memory and heavy tails."""
    from scipy.signal import lfilter

    rng, days = np.random.default_rng(seed), 365 * years
    sums, events = np.zeros((3, 2 * pairs, days)), {}
    good, bad = np.array([1.0, 1.9, 2.8, 3.4, 7.0, 8.0]), np.array([-10.0, -9.0, -5.0, -4.4, -2.0, -2.0])
    for pair in range(pairs):
        level, when, own = np.full(days, rng.normal(1.6, 1.4)), 500 + int(rng.integers(0, 400)), []
        while when < days:
            there = float(np.clip(level[when - 1] + rng.choice([-1, 1]) * rng.uniform(1.0, 5.0), -7, 7))
            if abs(there - level[when - 1]) >= 1:
                own.append((when, int(there < level[when - 1])))
                level[when:] = there
            when += int(rng.integers(500, 1200))
        events[pair], rate = own, np.exp(rng.uniform(np.log(0.05), np.log(2.0)))
        for way in (0, 1):
            scatter = 0.4 * lfilter([1.0], [1.0, -0.8], rng.standard_t(3, days))
            tone = np.clip(level + scatter + np.cumsum(0.01 * rng.standard_normal(days)), -8, 7)
            path = np.exp(np.cumsum(0.02 * rng.standard_normal(days)))
            count = rng.poisson(np.clip(rate * path / path.mean(), 0, 20) * rng.gamma(0.7, 1 / 0.7, days))
            share = np.clip((tone - bad.mean()) / (good.mean() - bad.mean()), 0.02, 0.98)
            for day in np.flatnonzero(count):
                n = count[day]
                score = np.where(rng.random(n) < share[day], rng.choice(good, n), rng.choice(bad, n))
                sums[:, 2 * pair + way, day] = n, score.sum(), (score**2).sum()
    named = [(f"A{n}", f"B{n}") for n in range(pairs)]
    return Days("simulated", date(2000, 1, 1), named, Tally(*np.round(sums, 9)), events)


def standardise_days(days: Days, weight: float = 0.02) -> np.ndarray:
    """Return each day's mean score in standard deviations from the running mean before it; 0 without events."""
    count, total = days.tally.count, days.tally.total
    away, mean, spread = np.zeros_like(count), np.full(len(count), 1.6), np.full(len(count), 16.0)
    for day in range(count.shape[1]):
        seen = count[:, day] > 0
        off = np.where(seen, total[:, day] / np.maximum(count[:, day], 1) - mean, 0.0)
        away[:, day] = off / np.sqrt(spread)
        mean = mean + weight * off
        spread = np.where(seen, np.maximum(spread + weight * (off**2 - spread), 0.25), spread)
    return away


def signal_sigma(days: Days) -> np.ndarray:
    """Return how many standard deviations each day lies above and below."""
    away = standardise_days(days)
    return np.stack([away, -away])


def signal_online(days: Days, hazard: float = 0.001, recent: int = 14, most: int = 400) -> np.ndarray:
    """Return the probability of a change point within the last days with events, by the side of the mean after it."""
    from scipy.special import gammaln

    out = np.zeros((2, *days.tally.count.shape))
    for row in range(out.shape[1]):
        seen = np.flatnonzero(days.tally.count[row])
        value = days.tally.total[row, seen] / days.tally.count[row, seen]
        mean, weight, shape, scale = (np.array([x]) for x in (1.6, 1.0, 2.0, 16.0))
        logs, before = np.zeros(1), 0
        for n, (day, x) in enumerate(zip(seen, value, strict=True)):
            width = scale * (weight + 1) / (shape * weight)
            told = gammaln(shape + 0.5) - gammaln(shape) - 0.5 * np.log(2 * shape * np.pi * width)
            told = told - (shape + 0.5) * np.log1p((x - mean) ** 2 / (2 * shape * width)) + logs
            chance = 1 - (1 - hazard) ** max(day - before, 1)
            before = day
            logs = np.concatenate([[np.logaddexp.reduce(told) + np.log(chance)], told + np.log1p(-chance)])[:most]
            logs -= np.logaddexp.reduce(logs)
            scale = np.concatenate([[16.0], scale + weight * (x - mean) ** 2 / (2 * (weight + 1))])[:most]
            mean = np.concatenate([[1.6], (weight * mean + x) / (weight + 1)])[:most]
            weight, shape = (np.concatenate([[x0], y])[:most] for x0, y in ((1.0, weight + 1), (2.0, shape + 0.5)))
            usual = value[max(0, n - 60) : max(1, n - recent)].mean() if n > recent else 1.6
            run = np.exp(logs[1 : recent + 1])
            until = seen[n + 1] if n + 1 < len(seen) else out.shape[2]
            for side, beyond in enumerate((mean[1 : recent + 1] > usual, mean[1 : recent + 1] < usual)):
                out[side, row, day:until] = (run * beyond).sum()
    return out


Alarms = list[list[np.ndarray]]  # by threshold and stream, the days


def hold_recent(signal: np.ndarray, rest: int) -> np.ndarray:
    """Return the highest that each stream was in the days before each."""
    padded = np.pad(signal, ((0, 0), (rest, 0)), constant_values=-np.inf)
    return np.lib.stride_tricks.sliding_window_view(padded, rest, axis=1)[:, : signal.shape[1]].max(-1)


def raise_alarms(signal: np.ndarray, bounds: np.ndarray, rest: int) -> Alarms:
    """Return the days on which streams pass each bound that they had not reached in the days before."""
    before = hold_recent(signal, rest)
    return [[np.flatnonzero((a >= h) & (b < h)) for a, b in zip(signal, before, strict=True)] for h in bounds]


def raise_ours(signal: Signal, pair: int) -> Alarms:
    """Return our alarms of a pair at each threshold: thaws, then ruptures; one stream for both directions."""
    day, whose, side, place = signal.alarms
    own = [[day[(whose == pair) & (place == n) & (side == k)] for k in (0, 1)] for n in range(len(RULE.grid))]
    none = np.zeros(0, int)
    return [[thaws, none, ruptures, none] for thaws, ruptures in own]


def raise_cusum(away: np.ndarray, bounds: np.ndarray, slack: float = 0.5) -> Alarms:
    """Return the days on which Page's CUSUM passes each bound, begun anew after each alarm."""
    state, found = np.zeros((len(bounds), len(away))), [[[] for _ in away] for _ in bounds]
    for day in np.flatnonzero((away != 0).any(0)):
        seen = away[:, day] != 0
        state = np.where(seen, np.maximum(0.0, state + away[:, day] - slack), state)
        for bound, row in zip(*np.nonzero(state >= bounds[:, None]), strict=True):
            found[bound][row].append(day)
            state[bound, row] = 0.0
    return [[np.array(days, int) for days in one] for one in found]


def detect_dates(days: Days, raise_all: Callable[[int], Alarms], within: int) -> tuple[list[float], list[float], float]:
    """Return the share detected and the median delay at each rate of false alarms, and the mean share from 0 to 4.

    `raise_all(pair)` gives the alarms of a pair's four streams (thaws of both directions, then ruptures) at thresholds
    from high to low; the lowest with no more than so many false alarms is used.
    """
    hits, delays, whole = np.zeros(len(RATES)), [[] for _ in RATES], 0
    for pair, own in days.events.items():
        if not own:
            continue
        free = np.arange(days.tally.count.shape[1]) >= LEARNING
        for when, _ in own:
            free[max(0, when - GUARD) : when + GUARD] = False
        alarms = raise_all(pair)
        false = np.array([sum(free[stream].sum() for stream in one) for one in alarms]) / (free.sum() / YEAR)
        false = np.maximum.accumulate(false)
        whole += len(own)
        for n, rate in enumerate(RATES):
            good = np.flatnonzero(false <= rate)
            for when, side in own if len(good) else ():
                most = false[good[-1]]  # as the package does: where no threshold has so many, the one that has most
                place = good[-1] if most < false[-1] else int(np.argmax(false >= most))
                streams = alarms[place][2 * side : 2 * side + 2]
                mine = [day - when for stream in streams for day in stream if when <= day <= when + within]
                hits[n] += bool(mine)
                delays[n] += [min(mine)] if mine else []
    share = hits / max(whole, 1)
    area = float(np.trapezoid([0.0, *share], [0.0, *RATES])) / RATES[-1]
    return share.tolist(), [float(np.median(one)) if one else float("nan") for one in delays], area


def show_detection(days: Days) -> tuple[int, dict[tuple[int, str], float]]:
    """Print what each detector finds; returns the number of dates, and the areas."""
    days = days.choose([pair for pair, own in sorted(days.events.items()) if own])
    number = sum(map(len, days.events.values()))
    shown = ", ".join(f"{rate:g}" for rate in RATES)
    print(f"\n{days.name}: {number} dates of {len(days.pairs)} pairs; share detected at {shown} false alarms a pair "
          "and year; area from 0 to 4; median delay at 1")  # fmt: skip
    signals = {"three-sigma": (signal_sigma(days), REST["three-sigma"]), "BOCPD": (signal_online(days), REST["BOCPD"])}
    followed = days.follow()

    def cut(signal: np.ndarray, pair: int) -> np.ndarray:
        return signal[:, 2 * pair : 2 * pair + 2].reshape(4, -1)

    def of_signal(name: str) -> Callable[[int], Alarms]:
        def raise_all(pair: int) -> Alarms:
            own = cut(signals[name][0], pair)
            bounds = np.unique(np.quantile(own, 1 - np.geomspace(1e-6, 0.3, 80)))
            return raise_alarms(own, bounds[::-1], signals[name][1])

        return raise_all

    def of_cusum(slack: float, weight: float) -> Callable[[int], Alarms]:
        away = np.stack([(z := standardise_days(days, weight)), -z])
        return lambda pair: raise_cusum(cut(away, pair), np.geomspace(300, 0.05, 100), slack)

    ways = {"ours": lambda pair: raise_ours(followed, pair), **{name: of_signal(name) for name in signals}}
    ways |= {"CUSUM": of_cusum(0.5, 0.02), "CUSUM tuned": of_cusum(*TUNED)}
    areas = {}
    for within in (30, 91):
        for name, way in ways.items():
            share, delay, area = detect_dates(days, way, within)
            areas[within, name] = area
            shown = " ".join(f"{x:5.0%}" for x in share)
            print(f"  within {within} days, {name:12} {shown}   {area:.3f}   {delay[2]:.0f}")
    compare_areas(areas)
    return number, areas


def compare_areas(areas: dict[tuple[int, str], float]) -> None:
    """Print ours against each of the others."""
    for within in (30, 91):
        mine = areas[within, "ours"]
        others = sorted(((a, name) for (days, name), a in areas.items() if name != "ours" and days == within))[::-1]
        print(f"  within {within} days: ours {mine:.3f}; "
              + ", ".join(f"{name} {a:.3f} ({mine / a - 1:+.0%})" for a, name in others))  # fmt: skip


def show_calibration(sets: list[Days]) -> None:
    """Print how often alerts come on quiet days, beside the stated rate, and how probabilities hold."""
    print("\nAlerts on quiet days [per pair and year], thresholds from what was known then")
    judged: dict[str, list[tuple[float, bool]]] = {}
    for days in sets:
        signal, bench = days.follow(), Bench(RULE, read_calm(), LEAST, days.start)
        quiet, lasting = pick_quiet(signal, RULE, LEAST), measure_lasting(signal, RULE)
        pasts = learn_rates(signal, quiet, RULE, read_calm(), days.start)
        for rate in (0.5, 1.0, 4.0):
            sums = np.zeros(3)
            chosen = choose_thresholds(pasts, quiet, rate, RULE)
            for past, place in zip(pasts, chosen, strict=True):
                if past.first < LEARNING:
                    continue
                years = quiet.days[:, past.first : past.end].sum(1) / YEAR
                rows = np.arange(len(years))
                came = quiet.count(past.first, past.end, len(RULE.grid))[rows, place]
                sums += (np.minimum(rate, past.rates[:, -1]) * years).sum(), came.sum(), years.sum()
            found = decide_alerts(signal, bench, rate)
            fates = [(one.probability, fate) for one in found
                     if (fate := judge_decision(one, lasting, LEAST)) is not None]  # fmt: skip
            judged.setdefault(days.name, []).extend(fates)
            print(f"  {days.name:14} {len(days.pairs):3d} pairs, {sums[2]:5.0f} quiet years; asked {rate:g}: stated "
                  f"{sums[0] / sums[2]:.2f}, came {sums[1] / sums[2]:.2f}, ratio {sums[1] / sums[0]:.2f}; "
                  f"{len(found)} alerts, {sum(one.discovery for one in found)} stand")  # fmt: skip
    show_reliability(judged)


def show_reliability(judged: dict[str, list[tuple[float, bool]]]) -> None:
    """Print stated probabilities beside what became of the alerts."""
    stated, real = np.array([one for each in judged.values() for one in each], float).T
    print("\nProbabilities of all these alerts:")
    for low in np.arange(0.0, 1.0, 0.1):
        chosen = (stated >= low) & (stated < low + 0.1)
        if chosen.any():
            print(f"  {low:.0%} to {low + 0.1:.0%}: {chosen.sum():4d} alerts, stated {stated[chosen].mean():.0%}, "
                  f"borne out {real[chosen].mean():.0%}")  # fmt: skip
    print(f"  Brier score {np.mean((stated - real) ** 2):.3f}, of the share of all {np.var(real):.3f}")
    for name, each in judged.items():
        one, came = np.array(each, float).T
        print(f"  {name}: stated {one.mean():.0%}, borne out {came.mean():.0%}, Brier score "
              f"{np.mean((one - came) ** 2):.3f} against {np.var(came):.3f}")  # fmt: skip


def show_time() -> None:
    """Print how long a round takes with and without the detector: one file, and a day's 96."""
    from dataclasses import replace
    from functools import partial

    from tests.specimens.publisher import Publisher
    from tests.specimens.stream import BEGIN, HASTY, QUARTER, Clock, announce, make_files

    from comity.watch import Rule, WatchList
    from comity.watch.detector import detect_alerts
    from comity.watch.publisher import WebPublisher
    from comity.watch.step import Watch, take_round

    files = make_files(96 + 7, rows=1300)
    names = list(files)
    states = sorted(actor.id for actor in read_actors() if actor.kind == "state")[:15]
    pairs = frozenset((a, b) for a in states for b in states if a < b)
    watched = WatchList("", {"all": Rule("all", "all", pairs, rate=1.0)})
    for detect in (False, True):
        times = []
        with tempfile.TemporaryDirectory() as folder, Publisher() as server:
            clock = Clock(BEGIN + 96 * QUARTER)
            for due in (96, *range(97, len(names) + 1)):
                announce(server, {name: files[name] for name in names[:due]})
                visit = replace(HASTY, now=clock.read(), idle=5.0, total=60.0)
                source = WebPublisher(Path(folder) / "received", server.base, visit)
                how = partial(detect_alerts, memory=Path(folder) / "alerts.sqlite") if detect else None
                watch = Watch(Path(folder) / "store", source, watched, clock, BEGIN, detector=how)
                began = time.perf_counter()
                take_round(watch)
                times.append(time.perf_counter() - began)
                clock.sleep(QUARTER.total_seconds())
        print(f"\nA round, detector {'on' if detect else 'off'}, {len(pairs)} pairs: 96 files {times[0]:.2f} s, "
              f"one file {np.median(times[1:]):.2f} s (median of {len(times) - 1})")  # fmt: skip


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--only", choices=("calibration", "detection", "time"))
    parser.add_argument("--seed", type=int, default=SEED, help="of the simulated pairs")
    said = parser.parse_args()
    here = (said.shared / "data" / "reciprocity").is_dir()
    if said.only in (None, "detection"):
        for title, names in (("first list", ("levant", "turkey")), ("later list", ("gulf", "balkans"))) if here else ():
            found = [show_detection(read_days(said.shared, name)) for name in names]
            whole = sum(number for number, _ in found)
            print(f"\nAll {whole} dates of the {title}:")
            compare_areas({key: sum(n * areas[key] for n, areas in found) / whole for key in found[0][1]})
        show_detection(simulate_days(said.seed))
    if said.only in (None, "calibration") and here:
        show_calibration([read_days(said.shared, name) for name in KEDS_SETS])
    if said.only in (None, "time"):
        show_time()
    print(f"\n{resource.getrusage(resource.RUSAGE_SELF).ru_utime:.0f} CPU seconds")


if __name__ == "__main__":
    main()
