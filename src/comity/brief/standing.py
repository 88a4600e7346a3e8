"""Where the two sides of a pair stand: the index now, its path, and the gestures by type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from comity.brief.bars import Bar, measure_gestures, render_gestures
from comity.brief.blocks import (
    Block,
    Cell,
    Column,
    Figure,
    Fold,
    Limits,
    Panel,
    Reading,
    Readings,
    Table,
    Text,
)
from comity.brief.chart import pick_bounds, render_path, render_path_key
from comity.brief.drawing import Canvas
from comity.brief.rows import render_gauge
from comity.brief.subject import Subject
from comity.brief.timeline import render_period
from comity.brief.wording import (
    NO_COVERAGE,
    NO_ESTIMATE,
    describe_index,
    render_count,
    render_date,
    render_interval,
    render_score,
    render_share,
)
from comity.relations.series import STEPS

Direction = Mapping[str, Any]
LIMITS_TITLE = "Limits of these numbers"
FULL_SCALE = 10.0
CHART_HEIGHT = 226.0
SIDES = ("friendly", "unfriendly")


def outline_standing(subject: Subject) -> list[Block]:
    """Show both directions now with the limits beside them, their paths, and the figures behind the chart."""
    directions = subject.document["directions"]
    limits = Limits(LIMITS_TITLE, subject.document["limits"])
    blocks: list[Block] = [Readings([_read_direction(subject, each) for each in directions], limits)]
    if any(direction["path"] and direction["events"] for direction in directions):
        blocks.append(_draw_paths(subject))
        tables = [_tabulate_path(subject, direction) for direction in directions]
        blocks.append(Fold("The numbers behind the chart", tables))
    return blocks


def name_direction(subject: Subject, direction: Direction) -> str:
    """Return "sender to receiver" in names."""
    return f"{subject.name(direction['sender'])} to {subject.name(direction['receiver'])}"


def _read_direction(subject: Subject, direction: Direction) -> Reading:
    """Put one direction's index now into words and numbers; without any event there is nothing to say."""
    now = direction["now"]
    whole = f"{render_count(direction['events'])} events in the whole period: " + ", ".join(
        f"{render_count(direction[side])} {side}" for side in (*SIDES, "neutral")
    )
    title = name_direction(subject, direction)
    if not direction["events"]:
        return Reading(title, "", "No events", "", "Nothing is known from these data", (_describe_prior(now),), "")
    if now is None:
        return Reading(title, "", NO_ESTIMATE, "", "No estimate for this period", (whole,), "")
    by = subject.document["period"]["by"]
    return Reading(
        title=title,
        period=render_period(now["period"], by),
        score=render_score(now["score"], NO_ESTIMATE),
        interval=render_interval(now["low"], now["high"]),
        words=describe_index(now["score"], now["low"], now["high"]),
        basis=(
            f"50 % interval {render_interval(now['low50'], now['high50'])}",
            *_describe_trend(now, by, len(direction["path"])),
            _count_now(now["events"], by),
            whole,
        ),
        drawing=render_gauge(now["score"], now["low"], now["high"], FULL_SCALE, (now["low50"], now["high50"])),
    )


def _describe_trend(now: Mapping[str, Any], by: str, periods: int) -> list[str]:
    """Say how the index moved lately, with both intervals; nothing in the first period."""
    back = min(STEPS.get(by, 1), periods - 1)
    if now["trend"] is None or back < 1:
        return []
    change, low, high, low50, high50 = (
        now[key] * back for key in ("trend", "trend_low", "trend_high", "trend_low50", "trend_high50")
    )
    return [
        f"Trend over the last {back} {by}{'' if back == 1 else 's'}: {render_score(change)} "
        f"(90 % interval {render_interval(low, high)}; 50 % {render_interval(low50, high50)})"
    ]


def _describe_prior(now: Mapping[str, Any] | None) -> str:
    """Say what an index without events would be."""
    if now is None or now["score"] is None:
        return "No event in this direction is on record in this period"
    return (
        "No event in this direction is on record; an index would only repeat what pairs are like at large "
        f"({render_score(now['score'])}; 90 % interval {render_interval(now['low'], now['high'])})"
    )


def _count_now(events: int | None, by: str) -> str:
    """Say how many events the latest period itself holds."""
    if events is None:
        return f"No data were loaded for that {by}; the estimate rests on earlier ones"
    return f"{render_count(events)} event{'' if events == 1 else 's'} {'on' if by == 'day' else 'in'} that {by}"


def _draw_paths(subject: Subject) -> Figure:
    """Draw both directions on one scale."""
    directions = subject.document["directions"]
    period = subject.document["period"]
    bounds = pick_bounds([direction["path"] for direction in directions])
    panels = [
        Panel(
            name_direction(subject, direction),
            partial(_draw_path, direction["path"], period["by"], bounds, _describe_path(subject, direction)),
        )
        for direction in directions
    ]
    caption = (
        f"Index of relations by {period['by']}, {render_date(period['since'])} to {render_date(period['until'])}. "
        f"Both charts show {bounds[0]:.0f} points either side of zero on a scale that runs from −10 to +10. "
        f"Written at the right: the last estimate and the ends of its interval."
    )
    return Figure(caption, panels, partial(_draw_key, bounds[1]))


def _draw_path(
    path: Sequence[Mapping[str, Any]],
    by: str,
    bounds: tuple[float, float],
    words: tuple[str, str],
    uid: str,
    width: float,
) -> str:
    """Draw one path under an id at a width."""
    return render_path(path, by, bounds, Canvas(uid, width, CHART_HEIGHT, *words))


def _draw_key(most_events: float, uid: str, width: float) -> str:
    """Draw the key under an id at a width."""
    return render_path_key(most_events, Canvas(uid, width, 18.0))


def _describe_path(subject: Subject, direction: Direction) -> tuple[str, str]:
    """Return the title and description of a path for a reader who does not see it."""
    name, path, by = name_direction(subject, direction), direction["path"], subject.document["period"]["by"]
    known = [point for point in path if point["score"] is not None]
    gaps = sum(point["events"] is None for point in path)
    title = f"Path of the index, {name}"
    if not known:
        return title, f"No estimate in {len(path)} periods."
    first, last = known[0], known[-1]
    low, high = min(known, key=lambda point: point["score"]), max(known, key=lambda point: point["score"])
    return title, (
        f"From {render_score(first['score'])} ({render_period(first['period'], by)}) to "
        f"{render_score(last['score'])} ({render_period(last['period'], by)}); lowest {render_score(low['score'])} "
        f"({render_period(low['period'], by)}), highest {render_score(high['score'])} "
        f"({render_period(high['period'], by)}). {gaps} of {len(path)} periods have no coverage. "
        f"The numbers stand in the table after the charts."
    )


def _tabulate_path(subject: Subject, direction: Direction) -> Table:
    """Return one path in numbers."""
    by = subject.document["period"]["by"]
    rows = []
    for point in direction["path"]:
        uncovered = point["events"] is None
        rows.append(
            (
                Cell(render_period(point["period"], by)),
                Cell(render_score(point["score"], NO_ESTIMATE), missing=point["score"] is None),
                Cell(render_interval(point["low"], point["high"], NO_ESTIMATE), missing=point["low"] is None),
                Cell(render_interval(point["low50"], point["high50"], NO_ESTIMATE), missing=point["low50"] is None),
                Cell(NO_COVERAGE if uncovered else render_count(point["events"]), missing=uncovered),
                Cell(render_score(point["net_goldstein"], NO_COVERAGE), missing=point["net_goldstein"] is None),
                Cell(render_share(point["share"], NO_COVERAGE), missing=point["share"] is None),
            )
        )
    columns = (
        Column(by.capitalize(), "date"),
        Column("Index", "number"),
        Column("90 % interval", "number"),
        Column("50 % interval", "number"),
        Column("Events", "number"),
        Column("Sum of scores", "number"),
        Column("Share of events", "number"),
    )
    return Table(f"{name_direction(subject, direction)}: index by {by}", columns, rows)


def outline_gestures(subject: Subject) -> list[Block]:
    """Show friendly and unfriendly gestures by type, both directions on one scale and in one order."""
    directions = subject.document["directions"]
    if not any(direction["types"] for direction in directions):
        return [Text("No gesture of either side is on record in this period.")]
    friendly, unfriendly = (_order_types(directions, side) for side in SIDES)
    counts = [_count_types(direction) for direction in directions]
    most = max((number for count in counts for (_, side), number in count.items() if side in SIDES), default=0)
    panels = []
    for direction, count in zip(directions, counts, strict=True):
        bars = (
            [Bar(label, count.get((key, "friendly"), 0)) for key, label in friendly],
            [Bar(label, count.get((key, "unfriendly"), 0)) for key, label in unfriendly],
        )
        name = name_direction(subject, direction)
        words = f"Gestures by type, {name}", _describe_bars(*bars)
        panels.append(Panel(name, partial(_draw_bars, bars, most, words)))
    caption = (
        "Events by type. Friendly types stand right of the line, unfriendly types left of it and striped; "
        "both charts have the same scale and order. Types that are neither are in the table only."
    )
    return [
        Figure(caption, panels),
        Fold("The numbers behind the chart", [_tabulate_types(subject, each) for each in directions]),
    ]


def _draw_bars(bars: tuple[list[Bar], list[Bar]], most: int, words: tuple[str, str], uid: str, width: float) -> str:
    """Draw one direction's gestures under an id at a width."""
    return render_gestures(*bars, most, Canvas(uid, width, measure_gestures(*bars), *words))


def _order_types(directions: Sequence[Direction], side: str) -> list[tuple[str, str]]:
    """Return type and label of a side's types, most events of both directions first."""
    totals: dict[tuple[str, str], int] = {}
    for direction in directions:
        for kind in direction["types"]:
            if kind["side"] == side:
                key = (kind["type"], kind["label"])
                totals[key] = totals.get(key, 0) + kind["events"]
    return sorted(totals, key=lambda key: (-totals[key], key))


def _count_types(direction: Direction) -> dict[tuple[str, str], int]:
    """Return the events of each type and side; a type may have events on several sides."""
    return {(kind["type"], kind["side"]): kind["events"] for kind in direction["types"]}


def _describe_bars(friendly: Sequence[Bar], unfriendly: Sequence[Bar]) -> str:
    """Return both sides in words."""
    sides = (("Friendly", friendly), ("Unfriendly", unfriendly))
    return " ".join(
        f"{name}: " + (", ".join(f"{bar.label} {render_count(bar.events)}" for bar in bars) or "none") + "."
        for name, bars in sides
    )


def _tabulate_types(subject: Subject, direction: Direction) -> Table:
    """Return one direction's types in numbers."""
    rows = [
        (
            Cell(kind["label"]),
            Cell(kind["side"]),
            Cell(render_count(kind["events"])),
            Cell(render_count(kind["reports"])),
            Cell(render_score(kind["mean_score"]), missing=kind["mean_score"] is None),
        )
        for kind in direction["types"]
    ]
    columns = (
        Column("Type", "head"),
        Column("Side"),
        Column("Events", "number"),
        Column("Reports", "number"),
        Column("Mean score", "number"),
    )
    return Table(f"{name_direction(subject, direction)}: events by type", columns, rows)
