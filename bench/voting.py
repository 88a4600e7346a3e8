"""Ideal points of all years beside the published ones: time, memory, correlations, intervals.

Run: python bench/voting.py [--shared ../shared] [--simulate]

The published estimates (Bailey, Strezhnev and Voeten) come in two kinds: `idealpointall` from all votes and
`idealpointfp` from votes on final passage. They are oriented by reference states and ours is not, so one sign for all
is free. `--simulate` draws votes from the fitted model, estimates anew, and prints how often the intervals hold the
positions drawn from.
"""

from __future__ import annotations

import argparse
import dataclasses
import resource
import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from comity.lexicon import UnknownActor, identify_actor
from comity.relations.roll_calls import read_roll_calls
from comity.relations.voting import (
    _orient,
    _place_votes,
    estimate_ideal_points,
    read_voting_parameters,
)

KINDS = {"all": ("idealpointall", "q5all", "q95all"), "fp": ("idealpointfp", "q5fp", "q95fp")}


def name_member(number: int, year: int) -> str:
    """Return the state with a Correlates of War number on 1 December of a year, else the one that has it."""
    try:
        return identify_actor(f"cow:{number}", on=date(year, 12, 1), kind="state").id
    except UnknownActor:
        return identify_actor(f"cow:{number}", kind="state").id


def read_published(folder: Path, kind: str) -> dict[tuple[str, int], tuple[float, float, float]]:
    """Return the published estimates with their 5 % and 95 % points by state and year."""
    rows = pq.read_table(folder / "unga_idealpoints_1946_2024.parquet").to_pylist()
    names = KINDS[kind]
    return {
        (name_member(row["ccode"], int(row["year"])), int(row["year"])): tuple(row[name] for name in names)
        for row in rows
        if row[names[0]] is not None
    }


def match(ours: pa.Table, published: dict) -> dict[str, np.ndarray]:
    """Return the columns of ours and the published ones for the states and years of both."""
    rows = [row for row in ours.to_pylist() if (row["state"], row["year"]) in published]
    table = {name: np.array([row[name] for row in rows]) for name in ("year", "estimate", "low", "high", "votes")}
    theirs = np.array([published[row["state"], row["year"]] for row in rows])
    sign = np.sign(np.corrcoef(table["estimate"], theirs[:, 0])[0, 1])
    theirs = theirs if sign > 0 else -theirs[:, [0, 2, 1]]
    return table | {"sign": sign, "point": theirs[:, 0], "lower": theirs[:, 1], "upper": theirs[:, 2]}


def describe(kind: str, ours: pa.Table, both: dict[str, np.ndarray], *, by_year: bool) -> None:
    """Print how far ours and the published ones agree."""
    x, y, year = both["estimate"], both["point"], both["year"]
    print(f"{kind}: {len(x):,} of {ours.num_rows:,} states and years in both; sign {both['sign']:+.0f}")
    within = {int(t): np.corrcoef(x[year == t], y[year == t])[0, 1] for t in np.unique(year) if (year == t).sum() > 2}
    values = np.array(list(within.values()))
    print(
        f"  pooled correlation {np.corrcoef(x, y)[0, 1]:.4f}; "
        f"within years: mean {values.mean():.4f}, least {values.min():.4f}"
    )
    scaled = (y - y.mean()) / y.std() * x.std() + x.mean()
    inside = (both["low"] <= scaled) & (scaled <= both["high"])
    reverse = (both["lower"] <= (x - x.mean()) / x.std() * y.std() + y.mean()) & (
        (x - x.mean()) / x.std() * y.std() + y.mean() <= both["upper"]
    )
    print(
        f"  published point in our 90 % interval {inside.mean():.3f}; ours in the published {reverse.mean():.3f}; "
        f"median width "
        f"ours {np.median(both['high'] - both['low']):.2f}, published {np.median(both['upper'] - both['lower']):.2f}"
    )
    # the same after each year is brought to one origin and unit: what is left to the states
    line = np.empty_like(x)
    for t in np.unique(year):
        mine = year == t
        line[mine] = np.polyval(np.polyfit(y[mine], x[mine], 1), y[mine]) if mine.sum() > 2 else y[mine]
    inside = (both["low"] <= line) & (line <= both["high"])
    print(
        f"  published point in ours after a line for each year {inside.mean():.3f}; "
        f"correlation {np.corrcoef(x, line)[0, 1]:.4f}"
    )
    if by_year:
        print("  " + " ".join(f"{t}:{value:.3f}" for t, value in within.items()))


def simulate(votes: pa.Table, seed: int) -> None:
    """Print how often intervals from votes drawn from the model hold the positions behind them (bootstrap)."""
    from comity.relations import voting
    from comity.relations.equating import equate_years, link_resolutions
    from comity.relations.ordinal import fit_votes

    chosen = read_voting_parameters()
    rows = voting._check_votes(votes)
    ballots, _, _ = _place_votes(rows)
    fit = fit_votes(ballots, chosen.prior, chosen.rounds)
    links = link_resolutions(ballots, voting._list_titles(rows), chosen.repeats)
    truth, _ = _orient(ballots, fit, *equate_years(ballots, fit, links, chosen.units, chosen.origins), 1.0)
    x = fit.position.ravel()[ballots.cell]
    score = np.random.default_rng(seed).logistic(size=len(x)) + fit.terms[ballots.item, 0] * x
    answer = (score > fit.terms[ballots.item, 1]).astype(int) + (score > fit.terms[ballots.item, 2])
    drawn = dataclasses.replace(ballots, answer=answer)
    again = fit_votes(drawn, chosen.prior, chosen.rounds)
    # the repeated resolutions are known here
    found, spread = _orient(
        drawn, again, *equate_years(drawn, again, links, chosen.units, chosen.origins), chosen.widen
    )
    seen = drawn.count_votes() > 0
    found = found * np.sign(np.corrcoef(found[seen], truth[seen])[0, 1])
    error = np.abs(found - truth)[seen] / spread[seen]
    print(
        f"votes drawn from the model (seed {seed}): correlation {np.corrcoef(found[seen], truth[seen])[0, 1]:.4f}, "
        f"in the 90 % interval {(error <= 1.6448536).mean():.3f}, "
        f"in the 50 % interval {(error <= 0.6744898).mean():.3f}, "
        f"spread of error over stated spread {np.sqrt(np.mean(error**2)):.2f}, its 90th percentile over 1.645: "
        f"{np.quantile(error, 0.9) / 1.6448536:.2f}"
    )
    number = drawn.count_votes()[seen]
    for low, high in ((1, 20), (20, 50), (50, 100), (100, 1000)):
        part = (number >= low) & (number < high)
        print(
            f"  {low} to {high - 1} votes: {part.sum():,} cells, "
            f"in the 90 % interval {(error[part] <= 1.6448536).mean():.3f}"
        )


def vary(votes: pa.Table, folder: Path) -> None:
    """Print the pooled correlation with the published estimates under other weights of the repeated resolutions."""
    from comity.relations import voting
    from comity.relations.equating import equate_years, link_resolutions
    from comity.relations.ordinal import fit_votes

    chosen = read_voting_parameters()
    rows = voting._check_votes(votes)
    ballots, seats, years = _place_votes(rows)
    fit = fit_votes(ballots, chosen.prior, chosen.rounds)
    links = link_resolutions(ballots, voting._list_titles(rows), chosen.repeats)
    print(f"repeated resolutions: {len(links):,} pairs")
    published = {kind: read_published(folder, kind) for kind in KINDS}
    for units, origins in ((0.0, 0.0), (0.03, 0.003), (0.1, 0.01), (0.3, 0.01), (1.0, 0.01), (0.3, 0.03), (0.3, 0.1)):
        placed = _orient(ballots, fit, *equate_years(ballots, fit, links, units, origins), 1.0)
        ours = voting._tabulate(rows, seats, years, ballots.count_votes(), *placed)
        both = [match(ours, published[kind]) for kind in KINDS]
        shown = ", ".join(
            f"{k} {np.corrcoef(b['estimate'], b['point'])[0, 1]:.4f}" for k, b in zip(KINDS, both, strict=True)
        )
        print(f"  weights {units} (units), {origins} (origins): {shown}")


def main() -> None:
    """Estimate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--simulate", action="store_true")
    parser.add_argument("--vary", action="store_true", help="other weights of the repeated resolutions")
    parser.add_argument("--seed", type=int, default=0)
    said = parser.parse_args()
    folder = said.shared / "data" / "structural"
    began = time.perf_counter()
    tables = (pq.read_table(folder / f"unvotes_{name}.parquet") for name in ("votes", "rollcalls"))
    votes, ledger = read_roll_calls(*tables)
    read = time.perf_counter()
    ours = estimate_ideal_points(votes)
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    years = ours["year"].to_pylist()
    print(f"votes {ledger}; years {min(years)} to {max(years)}; states {len(set(ours['state'].to_pylist()))}")
    print(f"read {read - began:.1f} s, estimated {done - read:.1f} s, peak memory {peak:.2f} GB")
    for kind in KINDS:
        describe(kind, ours, match(ours, read_published(folder, kind)), by_year=kind == "all")
    if said.simulate:
        simulate(votes, said.seed)
    if said.vary:
        vary(votes, folder)


if __name__ == "__main__":
    main()
