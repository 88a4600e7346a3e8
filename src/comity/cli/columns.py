"""Answers about reciprocity as rows of text; numbers are spelt here and computed elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from comity.reciprocity.bayes import Prior

Found = dict[str, Any]
Rows = list[dict[str, Any]]
BEFORE = {"friendly": "after friendly ones", "unfriendly": "after unfriendly ones", "none": "after none"}


def describe_series(found: Found) -> str:
    """Return on which series, periods and scale an answer rests."""
    if "sides" in found and "periods_quiet" in found:
        quiet = f"{found['periods']} {found['by']}s with acts, {found['periods_quiet']} without"
        return f"{quiet}, {found['first_period']} to {found['last_period']}, scale {found['scale']}"
    if "periods" in found:
        left = f", {found['periods_left_out']} covered periods left out" if found["periods_left_out"] else ""
        scale = f", scale {found['scale']}" if found["scale"] else ""
        span = f"{found['periods']} periods ({found['by']}), {found['first_period']} to {found['last_period']}"
        return f"{' and '.join(found['series'][:2])}: {span}{left}{scale}"
    if "gestures" in found:
        gesture = found["gesture"]
        return (
            f"{found['receiver']} after {found['gestures']} {gesture['side']} gesture days of {found['sender']}, "
            f"{gesture['window']} days each; {found['days']} days from {found['first_day']}, scale {found['scale']}"
        )
    return f"{found['pairs']} pairs by {found['by']}, {found['lags']} lags"


def write_number(value: float | None) -> str:
    """Return a number with four significant digits, a dash for None."""
    return "-" if value is None else f"{value:.4g}"


def write_chance(value: float | None) -> str:
    """Return a probability with four digits."""
    if value is None:
        return "-"
    return "<0.0001" if value < 0.0001 else f"{value:.4f}"


def list_tests(found: Found) -> Rows:
    """Return Granger's tests."""
    return [
        {
            "past of": found["series"][test["cause"]],
            "helps to predict": found["series"][test["effect"]],
            "lags": test["lags"],
            "F": f"{test['statistic']:.4f}" if test["statistic"] is not None else "-",
            "freedom": f"{test['numerator']}, {test['denominator']}",
            "p": write_chance(test["p_value"]),
            "p (Wald)": write_chance(test["p_wald"]),
            "sum of coefficients": write_number(test["total"]),
        }
        for test in found["tests"]
    ]


def list_criteria(found: Found) -> Rows:
    """Return the criteria by number of lags."""
    table = found["criteria"]
    return [
        {
            "lags": lags,
            **{name.upper(): f"{table[name][n]:.5f}" for name in ("aic", "bic", "hq")},
            "": "fitted" if lags == found["lags"] else "",
        }
        for n, lags in enumerate(table["lags"])
    ]


def list_coefficients(found: Found) -> Rows:
    """Return coefficients with their standard errors, one row for each term."""
    names = found["series"]
    terms = [f"{name}, lag {lag}" for lag in range(1, found["lags"] + 1) for name in names] + ["constant"]
    rows = []
    for term, values, errors in zip(terms, found["coefficients"], found["errors"], strict=True):
        row: dict[str, Any] = {"term": term}
        for name, value, error in zip(names, values, errors, strict=True):
            row |= {name: f"{value:.6f}", f"error of {name}": f"{error:.6f}"}
        rows.append(row)
    return rows


def name_order(names: Sequence[str], order: Sequence[int] | None) -> str:
    """Return whose shock comes first."""
    return "generalised" if order is None else f"{names[order[0]]} first"


def _walk(found: Found, values: list[Any]) -> list[tuple[int, int, int]]:
    """Return shock, response and step of a response array, in reading order."""
    size = len(found["series"])
    return [(s, r, step) for s in range(size) for r in range(size) for step in range(len(values))]


def list_responses(found: Found) -> Rows:
    """Return responses and shares of variance."""
    names = found["series"]
    return [
        {
            "shocks": name_order(names, one["order"]),
            "act of": names[s],
            "response of": names[r],
            "period": step,
            **{key: write_number(one["responses"][key][step][s][r]) for key in ("estimate", "low", "high")},
            "share": write_number(one["shares"]["estimate"][step][s][r]),
            "share low": write_number(one["shares"]["low"][step][s][r]),
            "share high": write_number(one["shares"]["high"][step][s][r]),
        }
        for one in found["orders"]
        for s, r, step in _walk(found, one["responses"]["estimate"])
    ]


def list_bands(found: Found) -> Rows:
    """Return the mean responses of the Bayesian model with their bands."""
    names = found["series"]
    return [
        {
            "shocks": name_order(names, one["order"]),
            "act of": names[s],
            "response of": names[r],
            "period": step,
            "mean": write_number(one["mean"][step][s][r]),
            "16 %": write_number(one["lines"][0][step][s][r]),
            "84 %": write_number(one["lines"][1][step][s][r]),
        }
        for one in found["orders"]
        for s, r, step in _walk(found, one["mean"])
    ]


def list_projections(found: Found) -> Rows:
    """Return local projections by period ahead."""
    names = found["series"]
    return [
        {
            "act of": names[one["impulse"]],
            "response of": names[one["response"]],
            "period": step,
            **{key: write_number(one[key][step]) for key in ("estimate", "low", "high", "error")},
            "rows": int(one["rows"][step]),
        }
        for one in found["projections"]
        for step in range(len(one["estimate"]))
    ]


def list_answers(found: Found) -> Rows:
    """Return chances of an answer, its delay and its size, each beside its base rate."""
    figures = [(f"chance, {rate['name']}", rate["after"], rate["base"], rate["difference"]) for rate in found["rates"]]
    figures += [(f"chance, {rate['name']}", rate["after"], rate["base"], rate["difference"]) for rate in found["types"]]
    wait = found["wait"]
    figures += [
        ("days until half are answered in kind", wait["median"], wait["base_median"], None),
        ("size of the answer over that of the gesture", found["proportion"], found["base_proportion"], None),
    ]
    return [
        {
            "figure": name,
            "after": write_number(after["value"]),
            "after, 90 %": _write_interval(after),
            "base": write_number(base["value"]),
            "base, 90 %": _write_interval(base),
            "difference": "-" if gap is None else write_number(gap["value"]),
            "difference, 90 %": "-" if gap is None else _write_interval(gap),
        }
        for name, after, base, gap in figures
    ]


def _write_interval(estimate: Found) -> str:
    """Return the ends of an interval."""
    if estimate["low"] is None or estimate["high"] is None:
        return "-"
    return f"{write_number(estimate['low'])} to {write_number(estimate['high'])}"


def list_sides(found: Found) -> Rows:
    """Return how steadily each side answers, over all periods, by gesture and by stretch."""
    rows = []
    for side in found["sides"]:
        parts = [("all periods", side["whole"])]
        parts += [(BEFORE[name], one) for name, one in side["by_gesture"].items()]
        parts += [(f"{one['first']} to {one['last']}", one) for one in side["by_period"]]
        rows += [_describe_side(side, name, part) for name, part in parts]
    return rows


def _describe_side(side: Found, name: str, part: Found) -> dict[str, Any]:
    """Return one row of steadiness; where there is too little to say, dashes."""
    gain, chances = part["gain"], part["probabilities"]
    kinds = ("does not answer", "acts by routine", "answers in kind", "answers late", "answers against kind")
    return {
        "side": side["answering"],
        "toward": side["toward"],
        "periods": name,
        "predicted": part["predictions"],
        **{kind: write_number(chances.get(kind)) for kind in kinds},
        "gain": "-" if gain is None else write_number(gain["gain"]),
        "gain, 90 %": "-" if gain is None else _write_interval(gain),
    }


def list_verdicts(found: Found) -> Rows:
    """Return for each side whether its strategy can be told, and why."""
    names = ("acting", "toward", "result", "friendly", "unfriendly", "unseen", "reason")
    return [{name: side[name] for name in names} for side in found["sides"]]


def list_strategies(found: Found) -> Rows:
    """Return the strategies of each side, the most probable first; alike ones have the same group."""
    return [
        {
            "acting": side["acting"],
            "strategy": one["strategy"],
            "probability": write_chance(one["probability"]),
            "in 90 %": "yes" if one["in_90"] else "no",
            "group": one["group"] + 1,
        }
        for side in found["sides"]
        for one in side["strategies"]
    ]


def list_influence(found: Found) -> Rows:
    """Return what a third party adds, in sample and out of it."""
    gain = found["gain"]
    return [
        {"question": question, "figure": figure, "p": write_chance(chance)}
        for question, figure, chance in (
            ("one equation", f"F {write_number(found['statistic'])}", found["p_value"]),
            ("both equations", f"chi-squared {write_number(found['block_statistic'])}", found["block_p_value"]),
            ("out of sample", f"gain {write_number(gain['gain'])} ({_write_interval(gain)})", gain["p_value"]),
        )
    ]


def list_finds(found: Found) -> Rows:
    """Return the directions of all pairs, the surest first, then what was left out."""
    finds = sorted(found["finds"], key=lambda one: (one["adjusted"], one["cause"], one["effect"]))
    rows = [
        {
            "acts of": find["cause"],
            "come before those of": find["effect"],
            "F": write_number(find["statistic"]),
            "p": write_chance(find["p_value"]),
            "adjusted": write_chance(find["adjusted"]),
            "shifted": write_chance(find["chance"]),
            "sum of coefficients": write_number(find["total"]),
            "flagged": "yes" if find["flagged"] else "no",
        }
        for find in finds
    ]
    for pair, reason in found["left_out"]:
        click.echo(f"{pair[0]} and {pair[1]}: too little to say: {reason}", err=True)
    return rows


def read_prior(texts: Sequence[str]) -> Prior | None:
    """Return the prior that NAME=VALUE texts describe, None without any."""
    from dataclasses import fields

    from comity.reciprocity.bayes import Prior

    kinds = {field.name: str(field.type) for field in fields(Prior)}
    words: dict[str, Any] = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or name not in kinds:
            raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE; names: {', '.join(kinds)}")
        try:
            words[name] = value if kinds[name] == "str" else int(value) if "int" in kinds[name] else float(value)
        except ValueError as error:
            raise click.BadParameter(f"{value!r} is no number for {name}") from error
    return Prior(**words) if words else None
