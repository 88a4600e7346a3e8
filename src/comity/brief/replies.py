"""Who answers whom in a pair: what the reciprocity room says, and of what there is too little to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from comity.events.scale import Scale
from comity.relations.series import Pair

if TYPE_CHECKING:
    import duckdb

    from comity.reciprocity.step import PairSeries

HORIZON = {"day": 7, "week": 8}
SHORT_SPAN = 180
WINDOWS = (7, 14)
DRAWS = 300
MOST_GROUPS = 3
SIDES = ("friendly", "unfriendly")
Little = list[dict[str, str]]


def describe_reciprocity(
    con: duckdb.DuckDBPyConnection, pair: Pair, names: Mapping[str, str], by: str, scale: Scale
) -> dict[str, Any]:
    """Describe who answers whom in a pair, each figure with its interval.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    pair : tuple of str
        Actor ids.
    names : mapping of str to str
        Name of each.
    by : str
        Step of the brief; months are taken as weeks, since answers come sooner.
    scale : Scale

    Returns
    -------
    dict
        `by`, `first`, `last`, `periods`, `left_out`, `lags`; `granger`, `responses`, `steadiness`, `answers`,
        `strategies`: lists, empty where there is too little to say; `little`: what is not said, and why.
    """
    from comity.reciprocity.errors import TooLittle
    from comity.reciprocity.step import read_pairs

    by = by if by in HORIZON else "week"
    little: Little = []
    empty: dict[str, Any] = {"by": by, **dict.fromkeys(("first", "last")), "periods": 0, "left_out": 0, "lags": None}
    try:
        series = read_pairs(con, [pair, pair[::-1]], by)
    except TooLittle as error:
        little.append({"what": "Who answers whom", "why": error.what})
        return {**empty, **_name_parts([], [], [], [], []), "little": little}
    head = {
        "by": by,
        "first": series.starts[0].isoformat(),
        "last": series.starts[-1].isoformat(),
        "periods": len(series.starts),
        "left_out": series.left_out,
    }
    lags, granger, responses = _follow_series(series, names, little)
    steadiness = _try(little, "Steadiness", lambda: _measure_steadiness(series, names))
    answers = _list_answers(con, pair, names, scale, little)
    strategies = _try(little, "Named strategies", lambda: _list_strategies(con, pair, scale, by))
    parts = _name_parts(granger, responses, steadiness, answers, strategies)
    return {**head, "lags": lags, **parts, "little": little}


def _name_parts(*parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the parts under their names."""
    return dict(zip(("granger", "responses", "steadiness", "answers", "strategies"), parts, strict=True))


def _try(little: Little, what: str, run: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return what a method says; where there is too little, note it and return nothing."""
    from comity.reciprocity.errors import TooLittle

    try:
        return run()
    except TooLittle as error:
        little.append({"what": what, "why": error.what})
        return []


def _follow_series(
    series: PairSeries, names: Mapping[str, str], little: Little
) -> tuple[int | None, list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the lags, Granger's tests and the responses."""
    from comity.reciprocity.errors import TooLittle
    from comity.reciprocity.own import check_variation
    from comity.reciprocity.step import choose_lags

    titles = [f"{names[sender]} to {names[receiver]}" for sender, receiver in series.pairs]
    try:
        check_variation(titles, series.values)
        lags = choose_lags(series.values, None)
    except TooLittle as error:
        little.append({"what": "Granger's test and responses", "why": error.what})
        return None, [], []
    granger = _try(little, "Granger's test", lambda: _test_pair(series, lags))
    return lags, granger, _try(little, "Responses", lambda: _list_responses(series, lags))


def _test_pair(series: PairSeries, lags: int) -> list[dict[str, Any]]:
    """Return both directions of Granger's test, adjusted for being two."""
    from comity.reciprocity.granger import identify_granger
    from comity.reciprocity.many import adjust_false_discoveries

    tests = identify_granger(series.values, lags)
    adjusted = adjust_false_discoveries([test.p_value for test in tests])
    return [
        {
            "cause": list(series.pairs[test.cause]),
            "effect": list(series.pairs[test.effect]),
            "statistic": _round(test.statistic),
            "numerator": test.numerator,
            "denominator": test.denominator,
            "p_value": _round(test.p_value, 6),
            "adjusted": _round(float(value), 6),
            "total": _round(test.total),
        }
        for test, value in zip(tests, adjusted, strict=True)
    ]


def _list_responses(series: PairSeries, lags: int) -> list[dict[str, Any]]:
    """Return the response of each side to an unexpected act of the other, period by period."""
    from comity.reciprocity.response import identify_responses

    found = {
        one.order: one.responses for one in identify_responses(series.values, lags, HORIZON[series.by], draws=DRAWS)
    }
    usual = found[None]
    rows = []
    for shock, answer in ((0, 1), (1, 0)):
        first, second = found[shock, answer], found[answer, shock]
        steps = [
            {
                "step": step,
                **{name: _round(getattr(usual, name)[step, shock, answer]) for name in ("estimate", "low", "high")},
                "shock_first": _round(first.estimate[step, shock, answer]),
                "shock_second": _round(second.estimate[step, shock, answer]),
            }
            for step in range(len(usual.estimate))
        ]
        size = _round(usual.estimate[0, shock, shock])
        rows.append(
            {"act": list(series.pairs[shock]), "answer": list(series.pairs[answer]), "size": size, "steps": steps}
        )
    return rows


def _measure_steadiness(series: PairSeries, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return for each side the probability of each description, and what the other's acts add to its routine."""
    from comity.reciprocity.steadiness import identify_steadiness

    rows = []
    for place, (answering, toward) in enumerate(series.pairs):
        found = identify_steadiness(series.values[:, [place, 1 - place]]).whole
        gain = found.gain
        rows.append(
            {
                "answering": answering,
                "toward": toward,
                "predictions": found.predictions,
                "probabilities": {name: _round(share) for name, share in found.probabilities.items()},
                **{name: None if gain is None else _round(getattr(gain, name)) for name in ("gain", "low", "high")},
            }
        )
    return rows


def _list_answers(
    con: duckdb.DuckDBPyConnection, pair: Pair, names: Mapping[str, str], scale: Scale, little: Little
) -> list[dict[str, Any]]:
    """Return how each side answers the other's gestures, in event time."""
    from comity.reciprocity.step import read_pair_acts

    acts = read_pair_acts(con, pair, scale)
    window = WINDOWS[acts.days > SHORT_SPAN]
    if acts.days <= window:
        little.append({"what": "Answers to gestures", "why": f"{acts.days} days, and an answer is waited for {window}"})
        return []
    rows: list[dict[str, Any]] = []
    for place, (sender, receiver) in enumerate((pair, pair[::-1])):
        turned = acts.swap() if place else acts
        for side in SIDES:
            what = f"Answers of {names[receiver]} to {side} gestures of {names[sender]}"
            rows += _try(little, what, lambda turned=turned, side=side: [_describe_answers(turned, side, window)])  # type: ignore[misc]
    return rows


def _describe_answers(acts: Any, side: str, window: int) -> dict[str, Any]:
    """Return how likely, how soon and how proportionate the answers to gestures of one side are."""
    from comity.reciprocity.eventtime import Gesture, identify_answers

    found = identify_answers(acts, Gesture(side, window=window))
    sender, receiver = acts.parties
    rates = [
        {"name": rate.name, **{n: _describe_estimate(getattr(rate, n)) for n in ("after", "base", "difference")}}
        for rate in found.rates
    ]
    return {
        "sender": sender,
        "receiver": receiver,
        "side": side,
        "window": window,
        "gestures": found.gestures,
        "rates": rates,
        "median": _describe_estimate(found.wait.median),
        "base_median": _describe_estimate(found.wait.base_median),
        "proportion": _describe_estimate(found.proportion),
        "base_proportion": _describe_estimate(found.base_proportion),
    }


def _list_strategies(con: duckdb.DuckDBPyConnection, pair: Pair, scale: Scale, by: str) -> list[dict[str, Any]]:
    """Return for each side which named strategies fit its acts, and whether they can be told apart."""
    from comity.reciprocity.coding import Coding
    from comity.reciprocity.identification import identify_strategies
    from comity.reciprocity.step import read_coded_acts

    run, _ = read_coded_acts(con, pair, scale, by, Coding())
    found = identify_strategies(run.drop_empty().acts)
    return [
        {
            "acting": acting,
            "toward": toward,
            "result": side.result,
            "reason": side.reason,
            "periods": side.friendly + side.unfriendly,
            "groups": [
                {"strategies": list(group.strategies), "probability": _round(group.probability)}
                for group in side.groups[:MOST_GROUPS]
            ],
        }
        for (acting, toward), side in zip((pair, pair[::-1]), found.sides, strict=True)
    ]


def _describe_estimate(estimate: Any) -> dict[str, float | None]:
    """Return a figure with the ends of its interval, None for what cannot be told."""
    return {name: _round(getattr(estimate, name)) for name in ("value", "low", "high")}


def _round(value: Any, digits: int = 4) -> float | None:
    """Return a number as the document has it, None where it is not finite."""
    from math import isfinite

    return round(float(value), digits) if isfinite(value) else None
