"""The path of an index through time: band, line, dots where there were events, hatching where nothing was loaded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from comity.brief.drawing import (
    SMALL_SIZE,
    Canvas,
    Scale,
    draw_box,
    draw_dot,
    draw_hatching,
    draw_line,
    draw_sheet,
    draw_text,
    draw_trace,
    measure_text,
    pick_reach,
    spread_labels,
)
from comity.brief.timeline import Place, pick_marks, place_periods
from comity.brief.wording import MINUS, NO_COVERAGE, render_score

Point = Mapping[str, Any]
LEFT, RIGHT, TOP, BOTTOM = 30.0, 38.0, 16.0, 34.0
LEAST_DOT, MOST_DOT = 2.2, 6.5
LABEL_GAP = 13.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The plotting area of a path: where each period and each value stands."""

    canvas: Canvas
    points: Sequence[Point]
    places: Sequence[Place]
    across: Scale
    up: Scale
    most_events: float

    def middle(self, index: int) -> float:
        """Return the middle of a period [px]."""
        place = self.places[index]
        return self.across.place(place.start + place.days / 2)

    def edges(self, index: int) -> tuple[float, float]:
        """Return the left and right edge of a period [px]."""
        place = self.places[index]
        return self.across.place(place.start), self.across.place(place.start + place.days)


def render_path(points: Sequence[Point], by: str, bounds: tuple[float, float], canvas: Canvas) -> str:
    """Return the chart of one direction's index.

    The bands are the 90 and the 50 % interval and the line the estimate; all break where there is no estimate, and
    the line is dotted where nothing was loaded. A dot stands on each period with events, its area by their number. The
    last estimate and the ends of its interval are written at the right.

    Parameters
    ----------
    points : sequence of mapping
        Keys period, score, low, high, low50, high50, events as in the brief document; None is missing and never
        drawn as 0.
    by : {"day", "week", "month"}
        Length of a period.
    bounds : tuple of float
        Reach of the scale about zero [scale points] and the number of events of the largest dot; the same for
        every chart that is to be compared.
    canvas : Canvas
        Size, title and description.

    Returns
    -------
    str
        One SVG element.
    """
    reach, most_events = bounds
    places = place_periods([point["period"] for point in points], by)
    start = places[0].start if places else 0.0
    end = places[-1].start + places[-1].days if places else 1.0
    sheet = Sheet(
        canvas,
        points,
        places,
        Scale(start, end, LEFT, canvas.width - RIGHT),
        Scale(-reach, reach, canvas.height - BOTTOM, TOP),
        most_events,
    )
    layers = [
        draw_hatching(f"{canvas.uid}-gap", "hatch"),
        *_draw_gaps(sheet),
        *_draw_levels(sheet),
        *_draw_dates(sheet),
        *_draw_estimates(sheet),
        *_draw_dots(sheet),
        *_draw_last(sheet),
    ]
    return draw_sheet(canvas, layers)


def _draw_levels(sheet: Sheet) -> list[str]:
    """Draw five levels with their numbers, zero stronger, and what up and down mean."""
    layers = []
    reach, right = sheet.up.high, sheet.canvas.width - RIGHT
    for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
        value = reach * share
        y = sheet.up.place(value)
        layers.append(draw_line((LEFT, y, right, y), "zero" if share == 0 else "grid"))
        label = "0" if share == 0 else f"{value:+.0f}".replace("-", MINUS)
        layers.append(draw_text(LEFT - 5, y + 4, label, classes="small muted", anchor="end"))
    layers.append(draw_text(LEFT, TOP - 5, "↑ more friendly", classes="small muted halo"))
    layers.append(draw_text(LEFT, sheet.canvas.height - BOTTOM - 5, "↓ more unfriendly", classes="small muted halo"))
    return layers


def _draw_dates(sheet: Sheet) -> list[str]:
    """Draw the labelled days under the chart, with the year where it begins."""
    layers = []
    base = sheet.canvas.height - BOTTOM
    room = sheet.canvas.width - LEFT - RIGHT
    for mark in pick_marks([point["period"] for point in sheet.points], max(2, int(room // 58))):
        x = sheet.across.place(mark.at)
        layers.append(draw_line((x, base, x, base + 4), "zero"))
        layers.append(draw_text(x, base + 16, mark.label, classes="small"))
        if mark.year:
            layers.append(draw_text(x, base + 29, mark.year, classes="small muted"))
    return layers


def _draw_gaps(sheet: Sheet) -> list[str]:
    """Hatch every run of periods for which nothing was loaded, and say so where there is room."""
    layers = []
    top, height = TOP, sheet.canvas.height - BOTTOM - TOP
    for missing, run in groupby(range(len(sheet.points)), lambda index: sheet.points[index]["events"] is None):
        if not missing:
            continue
        indexes = list(run)
        left, right = sheet.edges(indexes[0])[0], sheet.edges(indexes[-1])[1]
        layers.append(draw_box(left, top, right - left, height, "gap", fill=f"{sheet.canvas.uid}-gap"))
        if right - left > measure_text(NO_COVERAGE, SMALL_SIZE) + 4:
            middle = (left + right) / 2
            layers.append(draw_text(middle, top + 14, NO_COVERAGE, classes="small halo", anchor="middle"))
    return layers


def _draw_estimates(sheet: Sheet) -> list[str]:
    """Draw the bands and the line of every unbroken run of estimates."""
    bands, lines = [], []
    known = [point["score"] is not None for point in sheet.points]
    for present, run in groupby(range(len(known)), lambda index: known[index]):
        if present:
            indexes = list(run)
            bands.append(_draw_band(sheet, indexes, ("low", "high"), "band"))
            bands.append(_draw_band(sheet, indexes, ("low50", "high50"), "half"))
            lines.extend(_draw_run(sheet, indexes))
    return [*bands, *lines]


def _draw_band(sheet: Sheet, indexes: Sequence[int], ends: tuple[str, str], classes: str) -> str:
    """Draw an interval of a run; it reaches the outer edges of its first and last period."""
    upper, lower = [], []
    for index in indexes:
        point = sheet.points[index]
        low, high = (point["score"] if point[end] is None else point[end] for end in ends)
        for x in _spread_ends(sheet, index, indexes):
            upper.append((x, sheet.up.place(high)))
            lower.append((x, sheet.up.place(low)))
    return draw_trace([*upper, *reversed(lower)], classes, closed=True)


def _spread_ends(sheet: Sheet, index: int, run: Sequence[int]) -> list[float]:
    """Return the places at which a period of a run is drawn: its middle, and the outer edge at the ends."""
    left, right = sheet.edges(index)
    places = [sheet.middle(index)]
    if index == run[0]:
        places.insert(0, left)
    if index == run[-1]:
        places.append(right)
    return places


def _draw_run(sheet: Sheet, indexes: Sequence[int]) -> list[str]:
    """Draw the estimates of a run: dotted towards a period for which nothing was loaded."""
    layers = []
    ends = [(sheet.middle(index), sheet.up.place(sheet.points[index]["score"])) for index in indexes]
    if len(ends) == 1:
        left, right = sheet.edges(indexes[0])
        return [draw_line((left, ends[0][1], right, ends[0][1]), "line")]
    loose = [
        sheet.points[a]["events"] is None or sheet.points[b]["events"] is None
        for a, b in zip(indexes, indexes[1:], strict=False)
    ]
    for is_loose, run in groupby(range(len(loose)), lambda step: loose[step]):
        steps = list(run)
        layers.append(draw_trace(ends[steps[0] : steps[-1] + 2], "line loose" if is_loose else "line"))
    return layers


def _draw_dots(sheet: Sheet) -> list[str]:
    """Draw a dot on each period with events, large ones first so that none hides another."""
    layers = []
    marked = [
        (index, float(point["events"]))
        for index, point in enumerate(sheet.points)
        if point["events"] and point["score"] is not None
    ]
    for index, events in sorted(marked, key=lambda pair: (-pair[1], pair[0])):
        y = sheet.up.place(sheet.points[index]["score"])
        layers.append(draw_dot(sheet.middle(index), y, scale_dot(events, sheet.most_events)))
    return layers


def _draw_last(sheet: Sheet) -> list[str]:
    """Write the last estimate and the ends of its interval at the right of the chart."""
    last = next((point for point in reversed(sheet.points) if point["score"] is not None), None)
    if last is None:
        x, y = (LEFT + sheet.canvas.width - RIGHT) / 2, sheet.up.place(0) - 8
        return [draw_text(x, y, "no estimate in this period", classes="muted halo", anchor="middle")]
    wanted = [("high", "small muted"), ("score", "strong"), ("low", "small muted")]
    given = [(last[key], classes) for key, classes in wanted if last[key] is not None]
    places = spread_labels([sheet.up.place(value) for value, _ in given], LABEL_GAP)
    x = sheet.canvas.width - RIGHT + 5
    return [
        draw_text(x, y + 4, render_score(value), classes=classes)
        for (value, classes), y in zip(given, places, strict=True)
    ]


def scale_dot(events: float, most: float) -> float:
    """Return the radius of the dot of a number of events, its area growing with the number [px]."""
    share = math.sqrt(events / most) if most > 0 else 0.0
    return LEAST_DOT + (MOST_DOT - LEAST_DOT) * min(1.0, share)


def render_path_key(most_events: float, canvas: Canvas) -> str:
    """Return the key of the path charts: line, bands, dots of two sizes, hatching."""
    uid, middle = f"{canvas.uid}-key", canvas.height / 2
    entries = [
        ("estimate", draw_line((0, middle, 22, middle), "line")),
        ("90 % interval", draw_box(0, middle - 6, 22, 12, "band")),
        ("50 %", draw_box(0, middle - 6, 22, 12, "half")),
        ("1 event", draw_dot(11, middle, scale_dot(1, most_events))),
        (f"{most_events:,.0f} events", draw_dot(11, middle, scale_dot(most_events, most_events))),
        (NO_COVERAGE, draw_box(0, middle - 6, 22, 12, "gap", fill=uid)),
    ]
    entries = [entry for entry in entries if most_events > 1 or entry[0] != f"{most_events:,.0f} events"]
    layers, x, y = [draw_hatching(uid, "hatch")], 0.0, 0.0
    for label, sample in entries:
        width = 28 + measure_text(label, SMALL_SIZE) + 14
        if x + width > canvas.width and x > 0:
            x, y = 0.0, y + 18
        layers.append(f'<g transform="translate({x:.0f} {y:.0f})">{sample}')
        layers.append(draw_text(28, middle + 4, label, classes="small") + "</g>")
        x += width
    return draw_sheet(Canvas(canvas.uid, canvas.width, canvas.height + y), layers)


def pick_bounds(paths: Sequence[Sequence[Point]]) -> tuple[float, float]:
    """Return the reach of the scale and the largest number of events that several paths share."""
    points = [point for path in paths for point in path]
    reach = pick_reach(point[key] for point in points for key in ("score", "low", "high"))
    return reach, max((float(point["events"] or 0) for point in points), default=0.0)
