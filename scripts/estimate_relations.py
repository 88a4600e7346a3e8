"""Estimate the parameters of the relations model and print them with how well they predict.

Run: python scripts/estimate_relations.py [--store DIR] [--scale goldstein]

The parameters are those that give one-step predictions of the daily mean scores of all directed pairs the highest
mean log score (prediction error decomposition; Harvey 1989, section 3.4). The last third of the days is left out of
the estimate and only predicted; the simple rules beside ours see the same days.
"""

from __future__ import annotations

import argparse

import numpy as np
from scipy.optimize import minimize

from comity.api.view import View
from comity.events.coverage import list_days
from comity.relations.index import Z90, Parameters, filter_levels, measure_fit
from comity.relations.series import lay_calendar, read_series


def unpack(x: np.ndarray, low: float, high: float) -> Parameters:
    """Return parameters from an unbounded vector."""
    between, within, event = np.exp(x[1:4])
    return Parameters(x[0], between, within, 1 / (1 + np.exp(-x[4])), event, low, high)


def measure_rules(count: np.ndarray, total: np.ndarray, first: int, parameters: Parameters) -> dict[str, tuple]:
    """Return log score, coverage and RMSE of two simple rules: last value, exponentially weighted mean."""
    seen = count > 0
    mean = np.divide(total, count, out=np.zeros_like(total), where=seen)
    rules = {}
    for name, weight in (("last value", 1.0), ("exponentially weighted mean (0.3)", 0.3)):
        state, known = np.full(len(count), parameters.mean), np.zeros(len(count), bool)
        errors, train = [], []
        for t in range(count.shape[1]):
            use = seen[:, t]
            (errors if t >= first else train).append((mean[:, t] - state)[use])
            step = np.where(known, weight, 1.0)
            state = np.where(use, state + step * (mean[:, t] - state), state)
            known |= use
        spread = np.sqrt(np.mean(np.concatenate(train) ** 2))
        error = np.concatenate(errors)
        score = -0.5 * np.log(2 * np.pi * spread**2) - 0.5 * np.mean(error**2) / spread**2
        rules[name] = (
            score,
            float((np.abs(error) <= Z90 * spread).mean()),
            float(np.sqrt(np.mean(error**2))),
        )
    return rules


def main() -> None:
    """Estimate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store")
    parser.add_argument("--scale", default="goldstein")
    said = parser.parse_args()
    with View(store=said.store, scale=said.scale).open() as (con, snapshot, scale):
        calendar = lay_calendar(list_days(con), "day")
        series = read_series(con, calendar)
    days, first = np.array(calendar.middles), 2 * len(calendar.starts) // 3
    count, total = series.count, series.total
    train = (count[:, :first], total[:, :first], days[:first])

    def loss(x: np.ndarray) -> float:
        return -measure_fit(*train, unpack(x, scale.low, scale.high))[0]

    best = minimize(
        loss,
        [1.7, 0.3, -0.4, 2.7, 1.6],
        method="Nelder-Mead",
        options={"maxiter": 4000, "fatol": 1e-8, "xatol": 1e-5},
    )
    found = unpack(best.x, scale.low, scale.high)
    print(
        f"store {snapshot.id}, scale {scale.id}: {len(series.pairs)} directed pairs, "
        f"{len(days)} days, {int(count.sum())} events"
    )
    for name in ("mean", "between", "within", "fade", "event"):
        print(f"  {name}: {getattr(found, name):.4f}")
    # one-step predictions of the days left out
    seen = count[:, first:] > 0
    _, expected = filter_levels(count, total, days, found)
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)[:, first:]
    noise = np.divide(found.event, count, out=np.zeros_like(total), where=count > 0)[:, first:]
    variance, error = (expected.variance[:, first:] + noise)[seen], (mean - expected.mean[:, first:])[seen]
    score = np.mean(-0.5 * (np.log(2 * np.pi * variance) + error**2 / variance))
    inside = np.abs(error) <= Z90 * np.sqrt(variance)
    print(
        f"days left out: log score {score:.4f}, RMSE {np.sqrt(np.mean(error**2)):.4f}, "
        f"in the 90 % interval {inside.mean():.4f}"
    )
    active = count.sum(1)[:, None].repeat(count.shape[1], 1)[:, first:][seen]
    for lower, upper in zip(
        np.quantile(active, [0, 1 / 3, 2 / 3]), [*np.quantile(active, [1 / 3, 2 / 3]), np.inf], strict=True
    ):
        part = (active >= lower) & (active < upper)
        print(f"  pairs with {lower:.0f} to {upper:.0f} events: {inside[part].mean():.4f}")
    for name, (rule_score, coverage, rmse) in measure_rules(count, total, first, found).items():
        print(f"  beside it, {name}: log score {rule_score:.4f}, RMSE {rmse:.4f}, in the 90 % interval {coverage:.4f}")


if __name__ == "__main__":
    main()
