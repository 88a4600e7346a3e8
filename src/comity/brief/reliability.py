"""Drawings of alerts: a level beside what was normal, and stated probabilities beside what became of alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.brief.drawing import Canvas, Scale, draw_dot, draw_line, draw_sheet, draw_text, measure_text
from comity.brief.rows import EDGE, HEIGHT, WIDTH
from comity.brief.wording import render_count, render_share

LEFT, RIGHT, TOP, BOTTOM = 46.0, 22.0, 22.0, 40.0
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
LEAST_DOT, MOST_DOT = 2.5, 7.0


def render_departure(level: float, low: float, high: float, reach: float) -> str:
    """Return a dot for a level beside the bar of where it raises no alert, over a scale about zero.

    Parameters
    ----------
    level, low, high : float
        Level, and the ends of what is normal [scale points].
    reach : float
        The scale runs from -reach to +reach.

    Returns
    -------
    str
        One SVG element without a name: its numbers stand in the same row.
    """
    across = Scale(-reach, reach, EDGE, WIDTH - EDGE)
    middle, zero = HEIGHT / 2, across.place(0)
    layers = [
        draw_line((EDGE, middle, WIDTH - EDGE, middle), "grid"),
        draw_line((zero, 0, zero, HEIGHT), "zero"),
        draw_line((across.place(low), middle, across.place(high), middle), "whisker"),
        draw_dot(across.place(level), middle, 4.5, "open"),
    ]
    return draw_sheet(Canvas("departure", WIDTH, HEIGHT), layers)


def render_reliability(bands: Sequence[Mapping[str, Any]], canvas: Canvas) -> str:
    """Return a reliability diagram: the share that was borne out over the stated probability.

    Parameters
    ----------
    bands : sequence of mapping
        From `comity.watch.record.count_fates`; the area of a dot grows with the number of alerts.
    canvas : Canvas
        Size, title and description.

    Returns
    -------
    str
        One SVG element.
    """
    across = Scale(0.0, 1.0, LEFT, canvas.width - RIGHT)
    up = Scale(0.0, 1.0, canvas.height - BOTTOM, TOP)
    layers = []
    for value in LEVELS:
        x, y, label = across.place(value), up.place(value), render_share(value)
        layers.append(draw_line((LEFT, y, canvas.width - RIGHT, y), "grid"))
        layers.append(draw_text(LEFT - 6, y + 4, label, classes="small muted", anchor="end"))
        layers.append(draw_text(x, canvas.height - BOTTOM + 16, label, classes="small muted", anchor="middle"))
    ends = (across.place(0), up.place(0), across.place(1), up.place(1))
    layers.append(draw_line(ends, "zero"))
    layers.append(draw_text(LEFT, TOP - 8, "↑ borne out", classes="small muted"))
    under = "stated probability →"
    layers.append(draw_text(canvas.width - RIGHT, canvas.height - 6, under, classes="small muted", anchor="end"))
    most = max((band["alerts"] for band in bands), default=1)
    for place, band in enumerate(bands):
        layers += _draw_band(band, across, up, most, above=place % 2 == 1)
    return draw_sheet(canvas, layers)


def _draw_band(band: Mapping[str, Any], across: Scale, up: Scale, most: int, *, above: bool) -> list[str]:
    """Draw one band: its interval, its dot, and how many alerts it is, above and below in turn."""
    x, y = across.place(band["stated"]), up.place(band["borne_out"])
    low, high = up.place(band["share_low"]), up.place(band["share_high"])
    radius = LEAST_DOT + (MOST_DOT - LEAST_DOT) * (band["alerts"] / most) ** 0.5
    label = render_count(band["alerts"])
    room = measure_text(label) / 2
    return [
        draw_line((x, low, x, high), "whisker"),
        draw_dot(x, y, radius),
        draw_text(
            max(x - room, LEFT + 2),
            min(high, y - radius) - 5 if above else max(low, y + radius) + 13,
            label,
            classes="small halo",
        ),  # fmt: skip
    ]
