"""Bars: friendly and unfriendly gestures by type, and how much of each day was loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.brief.drawing import (
    SMALL_SIZE,
    Canvas,
    Scale,
    draw_box,
    draw_hatching,
    draw_line,
    draw_sheet,
    draw_text,
    fit_text,
    measure_text,
)
from comity.brief.timeline import pick_marks, place_periods
from comity.brief.wording import render_count

ROW = 30.0
HEAD = 22.0
BAR = 9.0
LEFT, TOP, BOTTOM = 30.0, 8.0, 32.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One type of gesture and how often it was seen [events]."""

    label: str
    events: int


def measure_gestures(friendly: Sequence[Bar], unfriendly: Sequence[Bar]) -> float:
    """Return the height that `render_gestures` needs [px]."""
    return HEAD + ROW * max(1, len(friendly), len(unfriendly)) + 4


def render_gestures(friendly: Sequence[Bar], unfriendly: Sequence[Bar], most: int, canvas: Canvas) -> str:
    """Return friendly types to the right and unfriendly types to the left of one line.

    The side, not the colour alone, tells which is which; unfriendly bars are striped as well. Each bar carries
    its type and its number.

    Parameters
    ----------
    friendly, unfriendly : sequence of Bar
        In the order in which they are to stand.
    most : int
        Events of the longest bar, the same for every chart that is to be compared [events].
    canvas : Canvas
        Size, title and description; the height from `measure_gestures`.

    Returns
    -------
    str
        One SVG element.
    """
    middle, uid = canvas.width / 2, f"{canvas.uid}-stripes"
    layers = [draw_hatching(uid, "stripe", gap=5)]
    for side, bars, name in ((-1, unfriendly, "Unfriendly"), (1, friendly, "Friendly")):
        anchor = "start" if side > 0 else "end"
        total = sum(bar.events for bar in bars)
        head = f"{name}: {render_count(total)} event{'' if total == 1 else 's'}"
        layers.append(draw_text(middle + side * 7, 12, head, classes="strong", anchor=anchor))
        scale = Scale(0, max(1, most), 0, middle - 8)
        for row, bar in enumerate(bars):
            top = HEAD + row * ROW
            number = render_count(bar.events)
            label = fit_text(bar.label, middle - 16 - measure_text(number))
            layers.append(draw_text(middle + side * 7, top + 12, f"{label} {number}", anchor=anchor))
            length = side * scale.place(bar.events)
            layers.append(draw_box(middle + side, top + 16, length, BAR, "friendly" if side > 0 else "unfriendly"))
            if side < 0 and bar.events:
                layers.append(draw_box(middle + side, top + 16, length, BAR, fill=uid))
    layers.append(draw_line((middle, 0, middle, canvas.height), "zero"))
    return draw_sheet(canvas, layers)


def render_coverage(days: Sequence[Mapping[str, Any]], canvas: Canvas) -> str:
    """Return loaded slots a day as bars within what was expected; a day without any is hatched.

    Parameters
    ----------
    days : sequence of mapping
        Keys date, slots_loaded, slots_expected [slots].
    canvas : Canvas
        Size, title and description.

    Returns
    -------
    str
        One SVG element.
    """
    dates = [day["date"] for day in days]
    places = place_periods(dates, "day")
    most = max((int(day["slots_expected"] or 0) for day in days), default=0)
    start, end = (places[0].start, places[-1].start + 1) if places else (0.0, 1.0)
    across = Scale(start, end, LEFT, canvas.width - 4)
    base = canvas.height - BOTTOM
    up = Scale(0, max(1, most), base, TOP)
    uid = f"{canvas.uid}-gap"
    layers = [draw_hatching(uid, "hatch")]
    for day, place in zip(days, places, strict=True):
        left, right = across.place(place.start), across.place(place.start + 1)
        gap = 1.0 if right - left > 4 else 0.0
        loaded = up.place(day["slots_loaded"] or 0)
        if day["slots_loaded"] is None:
            continue
        if day["slots_loaded"]:
            layers.append(draw_box(left + gap, loaded, right - left - 2 * gap, base - loaded, "bar"))
        else:
            layers.append(draw_box(left, TOP, right - left, base - TOP, "gap", fill=uid))
    layers.append(draw_box(LEFT, TOP, canvas.width - 4 - LEFT, base - TOP, "frame"))
    layers.extend(_draw_slot_levels(up, most))
    for mark in pick_marks(dates, max(2, int((canvas.width - LEFT) // 58))):
        x = across.place(mark.at)
        layers.append(draw_line((x, base, x, base + 4), "zero"))
        layers.append(draw_text(x, base + 16, mark.label, classes="small"))
        if mark.year:
            layers.append(draw_text(x, base + 29, mark.year, classes="small muted"))
    return draw_sheet(canvas, layers)


def _draw_slot_levels(up: Scale, most: int) -> list[str]:
    """Write nought and the expected number beside the bars."""
    return [
        draw_text(LEFT - 5, up.place(value) + 4, render_count(value), classes="small muted", anchor="end")
        for value in (0, most)
        if measure_text(render_count(value), SMALL_SIZE) < LEFT
    ]
