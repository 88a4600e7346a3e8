"""A curve with its band over steps or years: responses after an act, distances over time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comity.brief.drawing import (
    SMALL_SIZE,
    Canvas,
    Scale,
    draw_box,
    draw_dot,
    draw_line,
    draw_sheet,
    draw_text,
    draw_trace,
    measure_text,
    spread_labels,
)
from comity.brief.wording import render_fixed

TOP, RIGHT, BOTTOM, GAP = 14.0, 46.0, 34.0, 13.0
LEVELS = 5
STEPS = (1.0, 2.0, 5.0, 10.0)
ROOM = 44.0


@dataclass(frozen=True, slots=True)
class Point:
    """A value with the ends of its interval at a place on the axis; None is missing and breaks the curve."""

    at: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Axis:
    """The levels of a chart: ends, step, decimals of their numbers, and what up means; `under` names the other axis."""

    low: float
    high: float
    step: float
    digits: int
    above: str = ""
    under: str = ""


def pick_axis(values: Iterable[float | None], above: str, under: str) -> Axis:
    """Return an axis with round numbers that holds all values and zero.

    Parameters
    ----------
    values : iterable of float or None
    above, under : str
        What stands above the chart and under it.

    Returns
    -------
    Axis
    """
    known = [value for value in values if value is not None] + [0.0]
    low, high = min(known), max(known)
    span = high - low or 1.0
    size = 10.0 ** math.floor(math.log10(span / LEVELS))
    step = size * next(times for times in STEPS if size * times * LEVELS >= span * 0.999)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    top = math.ceil(high / step - 1e-9) * step
    return Axis(math.floor(low / step + 1e-9) * step, top if top > low else step, step, digits, above, under)


def render_curve(points: Sequence[Point], axis: Axis, canvas: Canvas, every: int = 1) -> str:
    """Return a line through values in the band of their intervals.

    Parameters
    ----------
    points : sequence of Point
        In the order of their places.
    axis : Axis
        From `pick_axis`; the same for charts that are to be compared.
    canvas : Canvas
        Size, title and description.
    every : int
        Places between two labels under the chart, at least.

    Returns
    -------
    str
        One SVG element.
    """
    labels = [render_fixed(axis.low + n * axis.step, axis.digits) for n in range(_count_levels(axis) + 1)]
    left = max(measure_text(label, SMALL_SIZE) for label in labels) + 10
    places = [point.at for point in points] or [0]
    across = Scale(places[0], max(places[-1], places[0] + 1), left + 4, canvas.width - RIGHT)
    up = Scale(axis.low, axis.high, canvas.height - BOTTOM, TOP)
    layers = [
        *_draw_levels(axis, labels, up, (left, canvas.width - RIGHT)),
        *_draw_places(places, across, canvas, every),
    ]
    layers.append(draw_text(left, TOP - 4, axis.above, classes="small muted halo"))
    layers.append(draw_text(canvas.width - RIGHT, canvas.height - 4, axis.under, classes="small muted", anchor="end"))
    for run in _split_runs(points):
        layers += _draw_run(run, across, up)
    return draw_sheet(canvas, [*layers, *_draw_last(points, axis, up, canvas)])


def _count_levels(axis: Axis) -> int:
    """Return how many steps the axis has."""
    return round((axis.high - axis.low) / axis.step)


def _draw_levels(axis: Axis, labels: Sequence[str], up: Scale, ends: tuple[float, float]) -> list[str]:
    """Draw the levels with their numbers, zero stronger."""
    layers = []
    for n, label in enumerate(labels):
        value = axis.low + n * axis.step
        y = up.place(value)
        layers.append(draw_line((ends[0], y, ends[1], y), "zero" if abs(value) < axis.step / 2 else "grid"))
        layers.append(draw_text(ends[0] - 5, y + 4, label, classes="small muted", anchor="end"))
    return layers


def _draw_places(places: Sequence[int], across: Scale, canvas: Canvas, every: int) -> list[str]:
    """Draw the labelled places under the chart, as many as there is room for."""
    room = max(1, int((across.end - across.start) // ROOM))
    span = places[-1] - places[0]
    gap = next((n for n in (every, 2 * every, 5 * every, 10 * every, 20 * every, 50 * every) if span <= n * room), span)
    base = canvas.height - BOTTOM
    layers = []
    for at in range(-(-places[0] // gap) * gap, places[-1] + 1, gap):
        x = across.place(at)
        layers.append(draw_line((x, base, x, base + 4), "zero"))
        layers.append(draw_text(x, base + 16, str(at), classes="small", anchor="middle"))
    return layers


def _split_runs(points: Sequence[Point]) -> list[list[Point]]:
    """Return the stretches without a missing value or place."""
    runs: list[list[Point]] = []
    for point in points:
        if point.value is None:
            continue
        if not runs or runs[-1][-1].at + 1 != point.at:
            runs.append([])
        runs[-1].append(point)
    return runs


def _draw_run(run: Sequence[Point], across: Scale, up: Scale) -> list[str]:
    """Draw one stretch: its band, its line, and a dot where it is but one place."""
    spots = [(across.place(p.at), up.place(p.value if p.value is not None else 0.0)) for p in run]
    ends = [(p, x) for p, (x, _) in zip(run, spots, strict=True) if p.low is not None and p.high is not None]
    if len(run) == 1:
        point, (x, y) = run[0], spots[0]
        whisker = [draw_line((x, up.place(point.low), x, up.place(point.high)), "whisker")] if ends else []  # type: ignore[arg-type]
        return [*whisker, draw_dot(x, y, 2.5)]
    edge = [(x, up.place(p.high or 0.0)) for p, x in ends] + [(x, up.place(p.low or 0.0)) for p, x in reversed(ends)]
    band = [draw_trace(edge, "band", closed=True)] if len(ends) > 1 else []
    return [*band, draw_trace(spots, "line")]


def _draw_last(points: Sequence[Point], axis: Axis, up: Scale, canvas: Canvas) -> list[str]:
    """Write the last value and the ends of its interval at the right."""
    last = next((point for point in reversed(points) if point.value is not None), None)
    if last is None:
        return [draw_text(canvas.width / 2, canvas.height / 2, "no estimate", classes="muted halo", anchor="middle")]
    wanted = [(last.high, "small muted"), (last.value, "strong"), (last.low, "small muted")]
    given = [(value, classes) for value, classes in wanted if value is not None]
    heights = spread_labels([up.place(value) for value, _ in given], GAP)
    return [
        draw_text(canvas.width - RIGHT + 5, y + 4, render_fixed(value, axis.digits + 1), classes=classes)
        for (value, classes), y in zip(given, heights, strict=True)
    ]


def render_curve_key(words: str, canvas: Canvas) -> str:
    """Return the key of a curve: line and band."""
    middle = canvas.height / 2
    wide = 28 + measure_text(words, SMALL_SIZE) + 14
    layers = [draw_line((0, middle, 22, middle), "line"), draw_text(28, middle + 4, words, classes="small")]
    layers.append(draw_box(wide, middle - 6, 22, 12, "band"))
    layers.append(draw_text(wide + 28, middle + 4, "90 % interval", classes="small"))
    return draw_sheet(canvas, layers)
