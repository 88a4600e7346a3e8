"""Follow-through, outlook and agreement of coders, held against a known truth and beside their peers.

python bench/follow.py [REPEATS] [FIRST_SEED] [alpha|outlook|coverage ...]

Coverage: registers are simulated from the model with spreads drawn anew, and the 90 % intervals of `through` are held
against the truth. The spreads are half-normal, of scales far below the prior's of the method and far above; in the last
rows everything is drawn from the prior, where intervals that are worked out well hold 90 %. Outlook: courses are
simulated with and without anything to be learned; the model and the base rate are scored from the same past origins.
Alpha: ours beside the `krippendorff` library (extra `peers`) on the same grids.
"""

import sys
import time
from datetime import date, timedelta

import numpy as np

from comity.commitments.agreement import measure_alpha
from comity.commitments.credit import STEP, Response
from comity.commitments.followthrough import FREEDOM, USUAL, estimate_followthrough
from comity.commitments.histories import MONTH, History, name_phase
from comity.commitments.outlook import score_trials, try_origins

CASES = ((4, 3, 30, 3), (2, 3, 60, 3), (8, 3, 12, 2), (20, 1, 20, 4))
SCALES = (0.3, 0.5, 1.0, 2.0, 3.0, None)
"""Scale of the half-normal distribution from which the simulated spreads are drawn [logit]; None: from the prior."""


def expect(reach: float, steps: np.ndarray) -> float:
    """Return the expected share of a scale at average difficulty."""
    pull = np.append(0.0, np.cumsum(reach - steps))
    chance = np.exp(pull - pull.max())
    return float(chance @ np.arange(len(pull)) / chance.sum() / len(steps))


def simulate_register(random: np.random.Generator, case: tuple[int, int, int, int], scale: float | None):
    """Return responses of a simulated register, and the true share of each party and field."""
    parties, fields, items, levels = case
    if scale is None:
        between, within, scatter = USUAL * np.abs(random.standard_t(FREEDOM, 3))
    else:
        between, within, scatter = np.abs(random.normal(0, scale, 3))
    reach = random.normal(0, between, parties)
    extra = random.normal(0, within, (parties, fields)) * (fields > 1)
    steps, hard, field = (
        random.normal(0, 1.5 if scale else STEP, levels - 1),
        random.normal(0, scatter, items),
        random.integers(fields, size=items),
    )
    responses = []
    for item in range(items):
        for party in range(parties):
            if random.random() < 0.7:
                pull = np.append(0.0, np.cumsum(reach[party] + extra[party, field[item]] - hard[item] - steps))
                chance = np.exp(pull - pull.max())
                level = int(random.choice(levels, p=chance / chance.sum()))
                responses.append(Response(f"p{party}", f"f{field[item]}", f"i{item}", "s", level, levels))
    truth = {(f"p{p}", None): expect(reach[p], steps) for p in range(parties)}
    truth |= {(f"p{p}", f"f{f}"): expect(reach[p] + extra[p, f], steps) for p in range(parties) for f in range(fields)}
    return responses, truth


def bench_coverage(repeats: int, first: int) -> None:
    """Print how often 90 % intervals hold the truth; the standard error is over registers."""
    print("\nspread parties fields items levels | held: party (error)  field (error) | intervals | CPU s a register")
    for scale in SCALES:
        for case in CASES:
            held: dict[bool, list[list[bool]]] = {True: [], False: []}
            start = time.process_time()
            for seed in range(first, first + repeats):
                responses, truth = simulate_register(np.random.default_rng(seed), case, scale)
                rows = estimate_followthrough(responses)["rows"]
                for alone, kept in held.items():
                    mine = [row for row in rows if (row["field"] is None) == alone]
                    kept.append([row["low"] <= truth[row["party"], row["field"]] <= row["high"] for row in mine])
            spent = (time.process_time() - start) / repeats
            shown = "  ".join(f"{mean:.3f} ({error:.3f})" for mean, error in map(average_clustered, held.values()))
            count = sum(len(rows) for kept in held.values() for rows in kept)
            case_shown = "{:>6} {:7} {:6} {:5} {:6}".format(scale or "prior", *case)
            print(case_shown, f"| {shown:>28} | {count:9} | {spent:.2f}", flush=True)


def average_clustered(held: list[list[bool]]) -> tuple[float, float]:
    """Return the mean over all rows and its standard error, with registers as clusters."""
    count = sum(map(len, held))
    mean = sum(map(sum, held)) / count
    return mean, sum((sum(rows) - mean * len(rows)) ** 2 for rows in held) ** 0.5 / count


def simulate_courses(random: np.random.Generator, told: bool, size: int = 120) -> list[History]:
    """Return courses of commitments whose monthly chance depends on field and phase, or on nothing."""
    effects = random.normal(0, 1, 5) * told
    phases = {"first half": -1, "second half": 0, "last months": 1.3, "just after due": 0.5, "long after due": -1.2}
    found = []
    for n in range(size):
        start = date(2010, 1, 1) + timedelta(days=int(random.integers(0, 2920)))
        field = int(random.integers(5))
        plain = History(str(n), str(field), start, start + timedelta(days=int(random.integers(300, 1500))), None, None)
        done = None
        for month in range(240):
            day = start + timedelta(days=round(month * MONTH))
            reach = -3.2 + effects[field] + told * phases[name_phase(plain, day)]
            if random.random() < 1 / (1 + np.exp(-reach)):
                done = day + timedelta(days=int(random.integers(0, 30)))
                break
        found.append(History(plain.commitment, plain.field, start, plain.due, done, None))
    return found


def bench_outlook(repeats: int, first: int) -> None:
    """Print the scores of model and base rate, how often the model was shown, and its reliability."""
    print("\nto learn | trials |  log: base  model | Brier: base  model | model shown")
    for told in (True, False):
        scores = []
        bins: dict[float, list[tuple[int, float, float]]] = {}
        for seed in range(first, first + repeats):
            trials = try_origins(simulate_courses(np.random.default_rng(seed), told), date(2020, 1, 1))
            scores.append(score_trials(trials))
            for row in scores[-1]["model"]["reliability"]:
                bins.setdefault(row["low"], []).append((row["count"], row["forecast"], row["came"]))
        means = [np.mean([s[a][b] for s in scores]) for b in ("log", "brier") for a in ("base", "model")]
        shown = np.mean([s["shown"] == "model" for s in scores])
        trials = np.mean([s["trials"] for s in scores])
        name = "yes" if told else "no"
        scored = f"{means[0]:10.4f} {means[1]:7.4f} | {means[2]:11.4f} {means[3]:6.4f}"
        print(f"{name:8} | {trials:6.0f} | {scored} | {shown:.2f}")
        for low, rows in sorted(bins.items()):
            count, forecast, came = np.array(rows).T
            print(f"   forecasts from {low:.2f}: mean {np.average(forecast, weights=count):.3f}, "
                  f"came {np.average(came, weights=count):.3f} ({int(count.sum())})")  # fmt: skip


def bench_alpha() -> None:
    """Print alpha beside the library's, on the same grids."""
    import krippendorff

    random = np.random.default_rng(0)
    grids = [random.integers(1, 6, (4, 400)).astype(float) for _ in range(20)]
    for grid in grids:
        grid[random.random(grid.shape) < 0.3] = np.nan
    print("\nmeasure  | largest difference | CPU ms: ours  krippendorff | ours with 1,000 draws")
    for measure in ("nominal", "ordinal", "interval", "ratio"):
        clock = [time.process_time()]
        ours = [measure_alpha(grid, measure, draws=0)["alpha"] for grid in grids]
        clock.append(time.process_time())
        theirs = [krippendorff.alpha(grid, level_of_measurement=measure) for grid in grids]
        clock.append(time.process_time())
        for grid in grids:
            measure_alpha(grid, measure)
        clock.append(time.process_time())
        spent = np.diff(clock) / len(grids) * 1000
        gap = np.abs(np.array(ours) - np.array(theirs)).max()
        print(f"{measure:8} | {gap:18.1e} | {spent[0]:12.2f} {spent[1]:13.2f} | {spent[2]:.1f}")


if __name__ == "__main__":
    NUMBERS = [int(given) for given in sys.argv[1:] if given.isdigit()]
    WANTED = [given for given in sys.argv[1:] if not given.isdigit()] or ["alpha", "outlook", "coverage"]
    REPEATS, FIRST = [*NUMBERS, *(200, 0)[len(NUMBERS) :]]
    if "alpha" in WANTED:
        bench_alpha()
    if "outlook" in WANTED:
        bench_outlook(REPEATS, FIRST)
    if "coverage" in WANTED:
        bench_coverage(REPEATS, FIRST)
