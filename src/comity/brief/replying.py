"""Who answers whom, as blocks: steadiness, answers after gestures, responses and tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Figure, Fold, Heading, Items, Panel, Table, Text
from comity.brief.curve import Axis, Point, pick_axis, render_curve, render_curve_key
from comity.brief.drawing import Canvas
from comity.brief.subject import Subject
from comity.brief.wording import (
    NO_ESTIMATE,
    NOT_KNOWN,
    render_chance,
    render_count,
    render_date,
    render_fixed,
    render_share,
)

HEIGHT = 190.0
MOST_NAMED = 4
DESCRIPTIONS = ("does not answer", "acts by routine", "answers in kind", "answers late", "answers against kind")
UNKNOWN = {"value": None, "low": None, "high": None}
UNKNOWN_RATE = {"after": UNKNOWN, "base": UNKNOWN, "difference": UNKNOWN}
ARTICLES = {"friendly": "a friendly", "unfriendly": "an unfriendly"}
CAUTION = (
    "Prediction is not cause: a third party, or an event that moves both sides, makes one side's acts come before the "
    "other's, and news that covers both sides at the same time makes both move together. None of this shows intent, "
    "and none is a judgement."
)


def outline_reciprocity(subject: Subject) -> list[Block]:
    """Show who answers whom: what is steady, what follows gestures, what follows unexpected acts."""
    found = subject.document["reciprocity"]
    blocks: list[Block] = [Text(_describe_basis(found))]
    if found["steadiness"]:
        blocks.append(_tabulate_steadiness(subject, found["steadiness"]))
    if found["strategies"]:
        blocks.append(_tabulate_strategies(subject, found))
    if found["answers"]:
        blocks.append(_tabulate_answers(subject, found["answers"]))
    if found["responses"]:
        blocks += _outline_responses(subject, found)
    if found["granger"]:
        blocks.append(_tabulate_tests(subject, found))
    if found["little"]:
        lines = [[Cell(f"{each['what']}: {each['why']}.")] for each in found["little"]]
        blocks += [Heading("Of this there is too little to say"), Items(lines)]
    return [*blocks, Text(CAUTION, quiet=True)]


def _describe_basis(found: Mapping[str, Any]) -> str:
    """Say on which series the section rests."""
    if not found["periods"]:
        return "No series of acts is at hand for this pair."
    left = f"; {found['left_out']} covered {found['by']}s outside it are left out" if found["left_out"] else ""
    return (
        f"Net scores of both directions over {found['periods']} {found['by']}s without a gap "
        f"({render_date(found['first'])} to {render_date(found['last'])}{left}), and events day by day."
    )


def _join(subject: Subject, pair: Sequence[str]) -> str:
    """Return "sender to receiver" in names."""
    return f"{subject.name(pair[0])} to {subject.name(pair[1])}"


def _render_ends(low: float | None, high: float | None, digits: int = 2) -> str:
    """Return an interval in words, empty without one."""
    if low is None or high is None:
        return ""
    return f"{render_fixed(low, digits)} to {render_fixed(high, digits)}"


def _tabulate_steadiness(subject: Subject, sides: Sequence[Mapping[str, Any]]) -> Table:
    """Return how steadily each side answers, with the probability of each description."""
    rows = []
    for side in sides:
        given = side["probabilities"]
        gain = NO_ESTIMATE if side["gain"] is None else f"{render_share(side['gain'])}"
        ends = "" if side["low"] is None else f" ({render_share(side['low'])} to {render_share(side['high'])})"
        rows.append(
            [
                Cell(_join(subject, (side["answering"], side["toward"]))),
                *(Cell(render_chance(given[name]) if name in given else NO_ESTIMATE, missing=name not in given)
                  for name in DESCRIPTIONS),
                Cell(gain + ends, missing=side["gain"] is None),
            ]
        )  # fmt: skip
    columns = [
        Column("Who, toward whom", "head", 22),
        *(Column(name.capitalize(), "number", 11) for name in DESCRIPTIONS),
        Column("Gain over routine (90 %)", "number", 23),
    ]
    note = (
        "Chance that each description predicts the side's acts best, one period ahead and knowing only the past. Gain: "
        "share of the routine's squared error that the other side's acts take off; below 0 they only add noise."
    )
    return Table("How steadily each side answers", columns, rows, note)


def _tabulate_strategies(subject: Subject, found: Mapping[str, Any]) -> Table:
    """Return which named strategies fit each side's acts, and whether that can be told."""
    rows = [
        [
            Cell(_join(subject, (side["acting"], side["toward"]))),
            Cell(side["result"], missing=side["result"] != "identifiable"),
            Cell(side["reason"]),
            Cell("; ".join(_name_group(group) for group in side["groups"])),
        ]
        for side in found["strategies"]
    ]
    columns = (
        Column("Who, toward whom", "head", 18),
        Column("Strategy", "text", 14),
        Column("Why", "text", 28),
        Column("Strategies that fit, alike ones together", "text", 40),
    )
    note = (
        f"Named strategies of the literature, weighed against what each side was reported to do, friendly or not, by "
        f"{found['by']}; errors of action and of report are allowed for. A strategy is a description that fits, and no "
        "intention."
    )
    return Table("Named strategies", columns, rows, note)


def _name_group(group: Mapping[str, Any]) -> str:
    """Return the strategies that the record does not tell apart, with their probability."""
    named = ", ".join(group["strategies"][:MOST_NAMED])
    more = len(group["strategies"]) - MOST_NAMED
    return f"{named}{f' and {more} more' if more > 0 else ''}: {render_chance(group['probability'])}"


def _tabulate_answers(subject: Subject, answers: Sequence[Mapping[str, Any]]) -> Table:
    """Return how likely, how soon and how large answers are, beside days without such a gesture."""
    rows = []
    for each in answers:
        rates = {rate["name"]: rate for rate in each["rates"]}
        kind, other = (rates.get(name, UNKNOWN_RATE) for name in ("in kind", "in the other kind"))
        act = f"{ARTICLES.get(each['side'], each['side'])} act of {subject.name(each['sender'])}"
        rows.append(
            [
                Cell(f"{subject.name(each['receiver'])} after {act}"),
                Cell(render_count(each["gestures"])),
                _show_rate(kind["after"]),
                _show_rate(kind["base"]),
                _show_gap(kind["difference"]),
                _show_gap(other["difference"]),
                _show_plain(each["median"], 0),
                _show_plain(each["proportion"], 1),
            ]
        )
    columns = (
        Column("Who, after what", "head", 24),
        Column("Gesture days", "number", 8),
        Column("In kind", "number", 8),
        Column("On like days", "number", 8),
        Column("Difference (90 %)", "number", 19),
        Column("Other kind, difference (90 %)", "number", 19),
        Column("Half by day", "number", 6),
        Column("Size", "number", 8),
    )
    note = (
        f"Within {answers[0]['window']} days, from the day after. Like days: same weekday, nearby weeks, no such "
        "gesture. Only the difference is an answer: the rest would have come anyway. Size: strongest act of the "
        "answer over that of the gesture, median. An act on the gesture's own day is not counted, since the order "
        "within a day is not known. Where such acts come nearly every day, no difference can be seen."
    )
    return Table("Answers to gestures, day by day", columns, rows, note)


def _show_rate(estimate: Mapping[str, Any]) -> Cell:
    """Return a chance."""
    missing = estimate["value"] is None
    return Cell(NOT_KNOWN if missing else render_chance(estimate["value"]), missing=missing)


def _show_gap(estimate: Mapping[str, Any]) -> Cell:
    """Return a difference of chances in points of a percentage, with its interval."""
    if estimate["value"] is None:
        return Cell(NOT_KNOWN, missing=True)
    value, low, high = (None if estimate[n] is None else 100 * estimate[n] for n in ("value", "low", "high"))
    ends = _render_ends(low, high, 0)
    return Cell(f"{render_fixed(value, 0)} points{f' ({ends})' if ends else ''}")


def _show_plain(estimate: Mapping[str, Any], digits: int) -> Cell:
    """Return a figure, or that it is not known."""
    missing = estimate["value"] is None
    return Cell(NOT_KNOWN if missing else render_fixed(estimate["value"], digits), missing=missing)


def _outline_responses(subject: Subject, found: Mapping[str, Any]) -> list[Block]:
    """Draw both responses on one scale, and list them under both orderings."""
    curves = [_list_points(one["steps"]) for one in found["responses"]]
    ends = [value for curve in curves for point in curve for value in (point.value, point.low, point.high)]
    axis = pick_axis(ends, "points on the scale", f"{found['by']}s after the act")
    panels = [
        Panel(
            _name_response(subject, one), partial(_draw_response, curve, axis, _describe_response(subject, one, found))
        )
        for one, curve in zip(found["responses"], curves, strict=True)
    ]
    caption = (
        "What follows an unexpected act of usual size (one standard deviation): departure of the other side's net "
        f"score from its usual course, by {found['by']}; {found['lags']} lag{'' if found['lags'] == 1 else 's'}. At 0 "
        "stands what usually happens together, and not who began. Where the band holds zero, the data do not say that "
        "anything follows."
    )
    tables = [_tabulate_response(subject, one, found["by"]) for one in found["responses"]]
    return [
        Figure(caption, panels, partial(_draw_key, "response")),
        Fold("The numbers behind the chart of responses, under both orderings", tables),
    ]


def _list_points(steps: Sequence[Mapping[str, Any]]) -> list[Point]:
    """Return the steps of a response as points."""
    return [Point(step["step"], step["estimate"], step["low"], step["high"]) for step in steps]


def _name_response(subject: Subject, one: Mapping[str, Any]) -> str:
    """Return whose acts follow whose."""
    return f"{_join(subject, one['answer'])}, after an act of {subject.name(one['act'][0])}"


def _draw_response(curve: Sequence[Point], axis: Axis, words: tuple[str, str], uid: str, width: float) -> str:
    """Draw one response under an id at a width."""
    return render_curve(curve, axis, Canvas(uid, width, HEIGHT, *words))


def _draw_key(words: str, uid: str, width: float) -> str:
    """Draw the key under an id at a width."""
    return render_curve_key(words, Canvas(uid, width, 18.0))


def _describe_response(subject: Subject, one: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[str, str]:
    """Return the title and description of a response for a reader who does not see it."""
    clear = [str(s["step"]) for s in one["steps"] if s["low"] is not None and (s["low"] > 0 or s["high"] < 0)]
    told = (
        f"The band leaves out zero at {found['by']} {', '.join(clear)}." if clear else "The band holds zero throughout."
    )
    return f"Response: {_name_response(subject, one)}", f"{told} The numbers stand in the table after the charts."


def _tabulate_response(subject: Subject, one: Mapping[str, Any], by: str) -> Table:
    """Return a response in numbers, with those under both orderings."""
    rows = [
        (
            Cell(str(step["step"])),
            Cell(render_fixed(step["estimate"], 2)),
            Cell(_render_ends(step["low"], step["high"]) or NO_ESTIMATE),
            Cell(render_fixed(step["shock_first"], 2)),
            Cell(render_fixed(step["shock_second"], 2)),
        )
        for step in one["steps"]
    ]
    columns = (
        Column(f"{by.capitalize()}s after", "date"),
        Column("Response", "number"),
        Column("90 % interval", "number"),
        Column("If the act came first", "number"),
        Column("If it came second", "number"),
    )
    return Table(_name_response(subject, one), columns, rows)


def _tabulate_tests(subject: Subject, found: Mapping[str, Any]) -> Table:
    """Return Granger's tests in both directions."""
    rows = [
        (
            Cell(_join(subject, test["cause"])),
            Cell(_join(subject, test["effect"])),
            Cell(render_fixed(test["statistic"], 2)),
            Cell(_render_p(test["p_value"])),
            Cell(_render_p(test["adjusted"])),
            Cell(render_fixed(test["total"], 2)),
        )
        for test in found["granger"]
    ]
    columns = (
        Column("Do the past acts of", "head", 24),
        Column("help to predict", "text", 24),
        Column("F", "number", 10),
        Column("p", "number", 12),
        Column("p, for two tests", "number", 14),
        Column("Sum of coefficients", "number", 16),
    )
    note = (
        "Granger's test. Of twenty pairs without any tie one shows p below 0.05: who looks at many pairs must hold "
        "down false finds (comity reciprocity pairs). A sum above zero: acts are followed in kind."
    )
    return Table(f"Granger test, {found['lags']} lag{'' if found['lags'] == 1 else 's'}", columns, rows, note)


def _render_p(value: float | None) -> str:
    """Return a p-value with three decimals, never as zero."""
    if value is None:
        return NO_ESTIMATE
    return "below 0.001" if value < 0.001 else f"{value:.3f}"
