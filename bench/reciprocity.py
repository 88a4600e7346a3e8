"""Print the figures of the reciprocity room: published values, false discoveries, coverage, and real pairs.

Run: python bench/reciprocity.py ../shared/data/reciprocity

The folder holds the weekly series of Brandt and Freeman (2006) and the KEDS event sets; neither is part of Comity.
Where statsmodels is installed (the `peers` extra), its values and times stand beside ours.
`--peer` prints that part alone.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from comity.events.scale import Scale, read_scale
from comity.reciprocity.acts import read_acts
from comity.reciprocity.bayes import Prior, draw_responses, fit_bayes
from comity.reciprocity.errors import TooLittle
from comity.reciprocity.eventtime import Gesture, identify_answers
from comity.reciprocity.granger import identify_granger
from comity.reciprocity.many import adjust_false_discoveries, identify_pairs
from comity.reciprocity.projection import Design, identify_projection
from comity.reciprocity.response import identify_responses, respond_to_shocks, share_variance
from comity.reciprocity.steadiness import DESCRIPTIONS, identify_steadiness
from comity.reciprocity.var import cut_matrices, fit_var, identify_lags

SETS = ("levant", "gulf", "turkey")
LEAST = 200
PUBLISHED_F = {1: (72.52304625, 129.37022527), 2: (56.30076184, 32.94661834), 4: (28.64310845, 13.22774237)}
PUBLISHED_LAGS = {
    1: (14.87379, 14.89817, 14.88295),
    2: (14.77782, 14.81845, 14.79309),
    6: (14.61803, 14.72366, 14.65771),
    11: (14.51579, 14.70268, 14.58600),
}
PUBLISHED_ROWS = [
    [0.373841086, 0.104266884],
    [0.170918464, 0.200640672],
    [-0.126989191, -0.058671201],
    [0.372174203, 0.209383211],
]


def clock(name: str, run: Callable[[], object]) -> None:
    """Print how long a call takes."""
    start = time.perf_counter()
    run()
    print(f"  {name}: {time.perf_counter() - start:.3f} s")


def compare_published(weekly: np.ndarray) -> None:
    """Print the largest differences from the published values."""
    tests = {lags: {t.cause: t.statistic for t in identify_granger(weekly, lags)} for lags in PUBLISHED_F}
    away = max(abs(tests[p][c] - f) for p, pair in PUBLISHED_F.items() for c, f in zip((1, 0), pair, strict=True))
    print(f"Granger F: largest difference {away:.1e}")
    choice = identify_lags(weekly, 12)
    table = np.array([[c[p - 1] for c in (choice.aic, choice.bic, choice.hq)] for p in PUBLISHED_LAGS])
    print(f"lag criteria: largest difference {np.abs(table - list(PUBLISHED_LAGS.values())).max():.1e}")
    print(f"VAR(6): largest difference {np.abs(fit_var(weekly, 6).coefficients[:4] - PUBLISHED_ROWS).max():.1e}")
    print(f"lags chosen of 12: BIC {choice.choose('bic')}, HQ {choice.choose('hq')}, AIC {choice.choose('aic')}")


def take_time(run: Callable[[], object], rounds: int = 7) -> float:
    """Return the median of CPU seconds of some runs."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return float(np.median(spent))


def compare_peer(weekly: np.ndarray) -> None:
    """Print the largest differences from statsmodels, and both times, in the same run."""
    try:
        import statsmodels
        from statsmodels.stats.multitest import multipletests
        from statsmodels.tsa.api import VAR
        from statsmodels.tsa.stattools import grangercausalitytests
    except ImportError:
        print("statsmodels is not installed: no peer beside ours")
        return
    lags, horizon = 6, 12
    model = VAR(weekly)
    peer = model.fit(lags, trend="c")
    ours = fit_var(weekly, lags)
    matrices = cut_matrices(ours.coefficients, 2)
    rows, width = len(weekly) - lags, 2 * lags + 1
    reach = np.sqrt((rows - width) / rows)  # the peer's covariance has its degrees of freedom taken off
    choice, theirs = identify_lags(weekly, 12), model.select_order(12, trend="c").ics

    def test_peer() -> list[float]:
        both = (grangercausalitytests(weekly[:, order], [4])[4][0] for order in ([1, 0], [0, 1]))
        return [one["ssr_ftest"][0] for one in both]

    def respond() -> np.ndarray:
        return respond_to_shocks(matrices, ours.covariance, horizon, (0, 1))

    p_values = np.random.default_rng(0).random(2000) ** 2
    rng_draws = 100
    pairs: list[tuple[str, float, Callable[[], object], Callable[[], object]]] = [
        (
            "VAR(6): coefficients",
            float(np.abs(ours.coefficients - np.vstack([peer.params[1:], peer.params[:1]])).max()),
            lambda: fit_var(weekly, lags),
            lambda: VAR(weekly).fit(lags, trend="c"),
        ),
        (
            "criteria of 1 to 12 lags",
            float(np.abs(np.array([choice.aic, choice.bic]) - [theirs["aic"][1:], theirs["bic"][1:]]).max()),
            lambda: identify_lags(weekly, 12),
            lambda: VAR(weekly).select_order(12, trend="c"),
        ),
        (
            "Granger F, 4 lags, both ways",
            float(np.abs(np.array([t.statistic for t in identify_granger(weekly, 4)]) - test_peer()).max()),
            lambda: identify_granger(weekly, 4),
            test_peer,
        ),
        (
            "responses, 12 periods",
            float(np.abs(respond() - peer.irf(horizon).orth_irfs.transpose(0, 2, 1) * reach).max()),
            respond,
            lambda: peer.irf(horizon).orth_irfs,
        ),
        (
            "shares of variance",
            float(np.abs(share_variance(respond()) - peer.fevd(horizon + 1).decomp.transpose(1, 2, 0)).max()),
            lambda: share_variance(respond()),
            lambda: peer.fevd(horizon + 1).decomp,
        ),
        (
            f"bands of responses, {rng_draws} made series",
            float("nan"),
            lambda: identify_responses(weekly, lags, horizon, draws=rng_draws, correct=False),
            lambda: peer.irf_errband_mc(orth=True, repl=rng_draws, steps=horizon),
        ),
        (
            "2,000 p-values adjusted",
            float(np.abs(adjust_false_discoveries(p_values) - multipletests(p_values, method="fdr_bh")[1]).max()),
            lambda: adjust_false_discoveries(p_values),
            lambda: multipletests(p_values, method="fdr_bh"),
        ),
    ]
    print(f"beside statsmodels {statsmodels.__version__}, {len(weekly)} weeks; median CPU ms, ours and the peer's:")
    for name, away, mine, other in pairs:
        spent, peers = take_time(mine), take_time(other)
        differs = "differ by design" if np.isnan(away) else f"differ by {away:.0e}"
        print(f"  {name}: {differs}; {1e3 * spent:.2f} and {1e3 * peers:.2f}, ratio {peers / spent:.1f}")


def time_models(weekly: np.ndarray) -> None:
    """Print how long each model takes on the weekly series."""
    print(f"{len(weekly)} weeks, 6 lags:")
    clock("VAR", lambda: fit_var(weekly, 6))
    clock("responses, 2 x 500 bootstrap series, 3 orderings", lambda: identify_responses(weekly, 6))
    clock("Sims-Zha with 5,000 draws of responses", lambda: draw_responses(fit_bayes(weekly, 6), 12, (0, 1), 5000))
    clock("local projections, 12 horizons", lambda: identify_projection(weekly, 0, 1, Design(6)))
    clock("steadiness, one side", lambda: identify_steadiness(weekly))


def read_events(folder: Path) -> dict[str, list[tuple[date, str, str, str]]]:
    """Read the events between two known parties of each set, one of a day, pair and code."""
    import pyarrow.parquet as pq

    found = {}
    for name in SETS:
        rows = pq.read_table(folder / f"keds_{name}.cameo.parquet", columns=["date", "s", "t", "code"]).to_pylist()
        known = {(r["date"].date(), r["s"], r["t"], r["code"]) for r in rows if r["s"] and r["t"] and r["s"] != r["t"]}
        found[name] = sorted(known)
    return found


def sum_weeks(rows: list[tuple[date, str, str, str]], scores: dict[str, float]) -> dict[tuple[str, str], np.ndarray]:
    """Sum the scores of each pair by week; pairs with at least 200 events of both directions together."""
    first, last = rows[0][0].toordinal() // 7, rows[-1][0].toordinal() // 7
    sums: dict[tuple[str, str], np.ndarray] = {}
    counts: dict[tuple[str, str], int] = {}
    for day, sender, receiver, code in rows:
        score = scores.get(code, scores.get(code[:3], scores.get(code[:2])))
        if score is not None:
            line = sums.setdefault((sender, receiver), np.zeros(last - first + 1))
            line[day.toordinal() // 7 - first] += score
            key = (min(sender, receiver), max(sender, receiver))
            counts[key] = counts.get(key, 0) + 1
    return {
        (a, b): np.column_stack([sums[a, b], sums[b, a]])
        for (a, b), n in sorted(counts.items())
        if n >= LEAST and (a, b) in sums and (b, a) in sums
    }


def count_flagged(pairs: dict[tuple[str, str], np.ndarray], lags: int) -> tuple[float, float, float]:
    """Return the share of pairs with a p-value below 5 %, below after adjustment, and flagged."""
    finds, _ = identify_pairs(pairs, lags)
    names = {frozenset((f.cause, f.effect)) for f in finds}
    adjusted = adjust_false_discoveries([f.p_value for f in finds])
    plain = {frozenset((f.cause, f.effect)) for f in finds if f.p_value <= 0.05}
    held = {frozenset((f.cause, f.effect)) for f, p in zip(finds, adjusted, strict=True) if p <= 0.05}
    sure = {frozenset((f.cause, f.effect)) for f in finds if f.flagged}
    return len(plain) / len(names), len(held) / len(names), len(sure) / len(names)


def compare_chance(sets: dict[str, dict[tuple[str, str], np.ndarray]]) -> None:
    """Print how many pairs are flagged as they are, with weeks permuted, and with one side shifted."""
    rng = np.random.default_rng(0)
    print("share of pairs: p <= 5 % in a direction / after adjustment / and against shifts")
    pairs = {(f"{name}:{a}", f"{name}:{b}"): y for name, found in sets.items() for (a, b), y in found.items()}
    print(f"  as they are, {len(pairs)} pairs: " + " / ".join(f"{x:.1%}" for x in count_flagged(pairs, 2)))
    changes = {
        "weeks permuted": lambda y: np.column_stack([rng.permutation(c) for c in y.T]),
        "one side shifted": lambda y: np.column_stack([y[:, 0], np.roll(y[:, 1], rng.integers(52, len(y) - 52))]),
    }
    for name, change in changes.items():
        runs = [count_flagged({pair: change(y) for pair, y in pairs.items()}, 2) for _ in range(5)]
        print(f"  {name}, mean of 5: " + " / ".join(f"{x:.1%}" for x in np.mean(runs, axis=0)))


def compare_predictions(sets: dict[str, dict[tuple[str, str], np.ndarray]]) -> None:
    """Print the error of one-step predictions of the last third of the weeks, beside the mean of the weeks before."""
    ratios = []
    for pairs in sets.values():
        for y in pairs.values():
            cut = len(y) * 2 // 3
            own = [fit_var(y[:cut, [n]], 4).coefficients for n in range(2)]
            models = {
                "VAR": fit_var(y[:cut], 4).coefficients,
                "Sims-Zha": fit_bayes(y[:cut], 4, Prior(scale="series")).coefficients,
                "Sims-Zha, mu5 = mu6 = 1": fit_bayes(y[:cut], 4, Prior(mu5=1.0, mu6=1.0, scale="series")).coefficients,
            }
            past = np.hstack([y[cut - n : len(y) - n] for n in range(1, 5)])
            past = np.hstack([past, np.ones((len(past), 1))])
            base = np.mean((y[cut:] - y[:cut].mean(0)) ** 2, axis=0)
            routine = [np.mean((y[cut:, n] - past[:, [n, 2 + n, 4 + n, 6 + n, 8]] @ own[n][:, 0]) ** 2) for n in (0, 1)]
            line = [np.mean(np.array(routine) / base)]
            line += [np.mean(np.mean((y[cut:] - past @ b) ** 2, axis=0) / base) for b in models.values()]
            ratios.append(line)
    names = ["own routine", "VAR", "Sims-Zha", "Sims-Zha, mu5 = mu6 = 1"]
    print(f"squared error of predictions over that of the mean, median of {len(ratios)} pairs, 4 lags:")
    for name, value in zip(names, np.median(ratios, axis=0), strict=True):
        print(f"  {name}: {value:.3f}")


def simulate(matrices: np.ndarray, periods: int, seed: int) -> np.ndarray:
    """Return series of a vector autoregression with one lag."""
    shocks = np.random.default_rng(seed).standard_normal((periods + 50, 2))
    made = np.zeros((periods + 50, 2))
    for t in range(1, periods + 50):
        made[t] = made[t - 1] @ matrices[0] + shocks[t]
    return made[50:]


def measure_coverage() -> None:
    """Print how often 90 % intervals hold the true response, 300 made series of 150 periods."""
    tied = np.array([[[0.5, 0.2], [0.1, 0.4]]])
    truth = respond_to_shocks(tied, np.eye(2), 6, (0, 1))
    hits: dict[str, list[np.ndarray]] = {"bootstrap": [], "bootstrap without correction": [], "local projection": []}
    for seed in range(300):
        values = simulate(tied, 150, seed)
        for name, correct in (("bootstrap", True), ("bootstrap without correction", False)):
            band = identify_responses(values, 1, 6, draws=200, seed=seed, correct=correct)[0].responses
            hits[name].append(((band.low <= truth) & (truth <= band.high))[:, 0, 1])
        found = identify_projection(values, 0, 1, Design(1, 6))
        hits["local projection"].append((found.low <= truth[:, 0, 1]) & (truth[:, 0, 1] <= found.high))
    print("90 % intervals that hold the true response, periods 0 to 6:")
    for name, held in hits.items():
        print(f"  {name}: {np.mean(held):.1%}, by period " + " ".join(f"{x:.0%}" for x in np.mean(held, axis=0)))


def make_answers(rule: int, periods: int, seed: int) -> np.ndarray:
    """Return a side that follows one of the descriptions, and the other side."""
    noise = np.random.default_rng(seed).standard_normal((periods, 2)) * 5.0
    y = np.zeros((periods, 2))
    for t in range(4, periods):
        y[t, 1] = 0.3 * y[t - 1, 1] + noise[t, 1]
        own = (0.0, 0.5, 0.2, 0.2, 0.2)[rule] * y[t - 1, 0]
        answer = (0.0, 0.0, 0.5 * y[t - 1, 1], 0.5 * y[t - 3, 1], -0.5 * y[t - 1, 1])[rule]
        y[t, 0] = own + answer + noise[t, 0]
    return y


def measure_descriptions() -> None:
    """Print how often the right description comes first, and the mean probability that it gets."""
    for periods in (150, 300, 600):
        print(f"descriptions of a side over {periods} periods, 60 made series each: right one first, its probability")
        for rule, name in enumerate(DESCRIPTIONS):
            found = [identify_steadiness(make_answers(rule, periods, s)).whole.probabilities for s in range(60)]
            first = np.mean([max(one, key=one.__getitem__) == name for one in found])
            print(f"  {name}: {first:.0%}, {np.mean([one[name] for one in found]):.2f}")


def show_answers(rows: list[tuple[date, str, str, str]], scale: Scale, pairs: list[tuple[str, str]]) -> None:
    """Print what follows gestures of level 2 in the busiest pairs."""
    types, scores = {c.code: c.type for c in scale.rows}, {c.code: c.score for c in scale.rows}
    days = [(rows[0][0] + timedelta(days=n), True) for n in range((rows[-1][0] - rows[0][0]).days + 1)]
    table = {
        "date": [r[0] for r in rows],
        "sender": [r[1] for r in rows],
        "receiver": [r[2] for r in rows],
        "type": [types.get(r[3]) for r in rows],
        "score": [scores.get(r[3]) for r in rows],
    }
    for pair in pairs:
        for side in ("friendly", "unfriendly"):
            try:
                start = time.perf_counter()
                found = identify_answers(read_acts(table, pair, days, scale.neutral), Gesture(side, window=7))
            except TooLittle as error:
                print(f"  {pair[0]} to {pair[1]}, {side}: {error.what}")
                continue
            rate, seconds = found.rates[0], time.perf_counter() - start
            print(
                f"  {pair[0]} to {pair[1]}, {side}, {found.gestures} gesture days: in kind within 7 days "
                f"{rate.after.value:.2f}, base {rate.base.value:.2f}, difference {rate.difference.value:+.2f} "
                f"[{rate.difference.low:+.2f}, {rate.difference.high:+.2f}] ({seconds:.1f} s)"
            )


def main(folder: Path, alone: bool) -> None:
    """Print them."""
    with (folder / "israel_palestine_weekly.csv").open(encoding="utf-8", newline="") as lines:
        weekly = np.array([[float(r["i2p"]), float(r["p2i"])] for r in csv.DictReader(lines)])
    compare_published(weekly)
    compare_peer(weekly)
    if alone:
        return
    time_models(weekly)
    scale = read_scale("goldstein")
    scores = {c.code: c.score for c in scale.rows if c.score is not None}
    events = read_events(folder)
    sets = {name: sum_weeks(rows, scores) for name, rows in events.items()}
    compare_chance(sets)
    compare_predictions(sets)
    measure_coverage()
    measure_descriptions()
    print("answers in the busiest pairs of the Levant set:")
    busy = sorted(sets["levant"], key=lambda pair: -np.count_nonzero(sets["levant"][pair]))[:3]
    show_answers(events["levant"], scale, busy)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--peer" in sys.argv)
