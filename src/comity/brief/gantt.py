"""A plan in time: phases as bars, consents as diamonds, closed spans hatched; and what it takes of each resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
    fit_text,
    measure_text,
)
from comity.brief.timeline import pick_marks

ROW, HEAD, GAP = 22.0, 24.0, 6.0
TOP, BOTTOM, EDGE = 8.0, 34.0, 14.0
LEAST_LABELS, MOST_LABELS = 150.0, 320.0
NARROW_WIDTH = 500.0
LANE, LANE_TOP, LANE_GAP = 44.0, 28.0, 10.0

Task = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """An initiative with its tasks, in the order in which they stand."""

    title: str
    tasks: Sequence[Task]


def measure_gantt(groups: Sequence[Group], narrow: bool) -> float:
    """Return the height of a chart [px]; on a narrow sheet each label stands above its bar."""
    rows = sum(len(group.tasks) for group in groups)
    return TOP + len(groups) * (HEAD + GAP) + rows * (ROW + (12 if narrow else 0)) + BOTTOM


def render_gantt(groups: Sequence[Group], span: tuple[str, str], words: tuple[str, str], uid: str, width: float) -> str:
    """Return the timeline of a plan.

    A bar is a phase, from its first to its last day; where dates by chance are known, a line reaches to the day by
    which it is finished with 80 %. A diamond is the day by which a consent is asked for, the line before it how long it
    takes.
    What has no slack is striped: its delay delays the plan, or breaks its own latest date.

    Parameters
    ----------
    groups : sequence of Group
    span : tuple of str
        First and last day of the axis.
    words : tuple of str
        Title and description for a screen reader.
    uid : str
    width : float
        [px]

    Returns
    -------
    str
        One SVG element.
    """
    narrow = width < NARROW_WIDTH
    height = measure_gantt(groups, narrow)
    left = 4.0 if narrow else measure_labels(groups)
    across = place_days(span, left, width)
    layers = [draw_hatching(f"{uid}-late", "stripe", gap=5)]
    layers += list(_draw_axis(across, span, (TOP, height - BOTTOM), width))
    top = TOP
    for group in groups:
        layers.append(draw_text(0, top + 16, fit_text(group.title, width - 4), classes="strong halo"))
        top += HEAD
        for task in group.tasks:
            layers += _draw_label(task, top, left, narrow, width)
            top += 12 if narrow else 0
            layers += _draw_task(across, task, top, uid)
            top += ROW
        top += GAP
    return draw_sheet(Canvas(uid, width, height, *words), layers)


def measure_labels(groups: Sequence[Group]) -> float:
    """Return the width of the labels beside the bars [px]: the longest in full, as far as there is room."""
    longest = max((measure_text(_word_label(task)) for group in groups for task in group.tasks), default=0.0)
    return min(max(longest + 22, LEAST_LABELS), MOST_LABELS)


def place_days(span: tuple[str, str], left: float, width: float) -> Scale:
    """Return the scale of days between the labels and the right edge."""
    return Scale(_count(span[0]), _count(span[1]) + 1, left, width - EDGE)


def _count(day: str) -> int:
    """Return the number of a day."""
    return date.fromisoformat(day).toordinal()


def _draw_axis(across: Scale, span: tuple[str, str], edges: tuple[float, float], width: float) -> Iterator[str]:
    """Draw a line at each labelled day, and its label below."""
    room = across.end - across.start
    last = date.fromisoformat(span[1])
    first = date.fromisoformat(span[0])
    months = [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in
              range(first.year * 12 + first.month - 1, last.year * 12 + last.month)]  # fmt: skip
    for mark in pick_marks(months, max(2, int(room // 58))):
        x = across.place(mark.at)
        yield draw_line((x, edges[0], x, edges[1]), "grid")
        inside = min(x, width - EDGE - measure_text(mark.label, SMALL_SIZE))
        yield draw_text(inside, edges[1] + 15, mark.label, classes="small")
        if mark.year:
            yield draw_text(inside, edges[1] + 28, mark.year, classes="small muted")
    yield draw_line((across.start, edges[1], across.end, edges[1]), "zero")


def _draw_label(task: Task, top: float, left: float, narrow: bool, width: float) -> list[str]:
    """Write what a task is: beside the bar, or above it."""
    text = _word_label(task)
    if narrow:
        return [draw_text(8, top + 10, fit_text(text, width - 12, SMALL_SIZE), classes="small halo")]
    return [draw_text(10, top + 14, fit_text(text, left - 18))]


def _word_label(task: Task) -> str:
    """Return what a task is called in the chart."""
    return f"Consent {task['party']}: {task['title']}" if task["kind"] == "consent" else str(task["title"])


def _draw_task(across: Scale, task: Task, top: float, uid: str) -> list[str]:
    """Draw a phase as a bar or a consent as a diamond."""
    middle = top + ROW / 2 - 1
    start, end = across.place(_count(task["start"])), across.place(_count(task["finish"]) + 1)
    firm = (task.get("chances") or {}).get("80")
    layers = []
    if firm is not None and _count(firm) > _count(task["finish"]):
        layers.append(draw_line((end, middle, across.place(_count(firm) + 1), middle), "whisker"))
    if task["kind"] == "consent":
        if task.get("critical"):
            layers += _draw_striped(start, middle - 4, max(end - start, 1.5), 8, uid)
        else:
            layers.append(draw_line((start, middle, end, middle), "zero"))
        corners = [(end - 6, middle), (end, middle - 6), (end + 6, middle), (end, middle + 6)]
        return [*layers, draw_trace(corners, "open", closed=True)]
    length = max(end - start, 1.5)
    if task.get("critical"):
        return [*layers, *_draw_striped(start, top + 4, length, ROW - 10, uid)]
    return [*layers, draw_box(start, top + 4, length, ROW - 10, "friendly")]


def _draw_striped(left: float, top: float, length: float, height: float, uid: str) -> list[str]:
    """Draw a bar that has no slack."""
    return [draw_box(left, top, length, height, "unfriendly"), draw_box(left, top, length, height, fill=f"{uid}-late")]


def measure_lanes(resources: Sequence[Mapping[str, Any]]) -> float:
    """Return the height of the resource profiles [px]."""
    return len(resources) * (LANE + LANE_TOP + LANE_GAP) + BOTTOM


def render_lanes(
    resources: Sequence[Mapping[str, Any]], span: tuple[str, str], words: tuple[str, str], uid: str, width: float
) -> str:
    """Return what a plan takes of each resource over time, below a line that shows what there is.

    Parameters
    ----------
    resources : sequence of mapping
        `id`, `unit`, `renewable` and `profile` (runs with `from`, `until`, `available`, `used`).
    span : tuple of str
        First and last day of the axis.
    words : tuple of str
        Title and description for a screen reader.
    uid : str
    width : float
        [px]

    Returns
    -------
    str
        One SVG element.
    """
    height = measure_lanes(resources)
    across = place_days(span, 44.0, width)
    layers = list(_draw_axis(across, span, (LANE_TOP, height - BOTTOM), width))
    for number, resource in enumerate(resources):
        top = number * (LANE + LANE_TOP + LANE_GAP) + LANE_TOP
        layers += _draw_lane(across, resource, top, width)
    return draw_sheet(Canvas(uid, width, height, *words), layers)


def _draw_lane(across: Scale, resource: Mapping[str, Any], top: float, width: float) -> list[str]:
    """Draw one resource: used as an area, available as a line, both from zero."""
    runs = [run for run in resource["profile"] if _count(run["from"]) < across.high]
    most = max((max(run["available"], run["used"]) for run in runs), default=0.0) or 1.0
    up = Scale(0, most, top + LANE, top)
    used, there = [], []
    for run in runs:
        ends = (across.place(_count(run["from"])), across.place(min(_count(run["until"]) + 1, across.high)))
        used += [(x, up.place(run["used"])) for x in ends]
        there += [(x, up.place(run["available"])) for x in ends]
    how = "at a time" if resource["renewable"] else "added up" if resource["carries"] else "within the year"
    title = f"{resource['id']} ({resource['unit']}, {how})"
    layers = [draw_text(0, top - 11, fit_text(title, width - 4), classes="strong halo")]
    if used:
        layers.append(draw_trace([(used[0][0], up.place(0)), *used, (used[-1][0], up.place(0))], "half", closed=True))
        layers.append(draw_trace(there, "line"))
    layers.append(draw_line((across.start, top + LANE, across.end, top + LANE), "zero"))
    for value in (0.0, most):
        layers.append(draw_text(40, up.place(value) + 4, f"{value:g}", classes="small muted", anchor="end"))
    return layers


def render_gantt_key(uid: str, width: float) -> str:
    """Return what the marks of the timeline mean."""
    narrow = width < NARROW_WIDTH
    x, step = (0.0, 0.0) if narrow else (0.0, 150.0)
    layers = [draw_hatching(f"{uid}-late", "stripe", gap=5)]
    rows = (("phase", "phase"), ("critical", "no slack"), ("consent", "consent asked for"), ("chance", "to 80 %"))
    for number, (kind, text) in enumerate(rows):
        left, top = (x, number * 18.0) if narrow else (number * step, 0.0)
        layers += _draw_sample(kind, left, top, uid)
        layers.append(draw_text(left + 34, top + 13, text, classes="small"))
    return draw_sheet(Canvas(uid, width, 76.0 if narrow else 20.0), layers)


def _draw_sample(kind: str, left: float, top: float, uid: str) -> list[str]:
    """Draw one mark of the key."""
    if kind == "consent":
        corners = [(left + 8, top + 9), (left + 14, top + 3), (left + 20, top + 9), (left + 14, top + 15)]
        return [draw_trace(corners, "open", closed=True)]
    if kind == "chance":
        return [draw_line((left, top + 9, left + 28, top + 9), "whisker")]
    box = draw_box(left, top + 3, 28, 12, "unfriendly" if kind == "critical" else "friendly")
    return [box, draw_box(left, top + 3, 28, 12, fill=f"{uid}-late")] if kind == "critical" else [box]


def render_gain(row: Mapping[str, Any], reach: float) -> str:
    """Return a party's gain on its interval, from zero or below to the largest.

    Parameters
    ----------
    row : mapping
        `low`, `likely`, `high`.
    reach : float
        Of the scale, both sides of zero where anything is below it.

    Returns
    -------
    str
        One SVG element without a name: its numbers stand in the same row.
    """
    low_end = -reach if row["low"] < 0 else 0.0
    across = Scale(low_end, reach, 9, 141)
    zero = across.place(0)
    layers = [draw_line((9, 10, 141, 10), "grid"), draw_line((zero, 0, zero, 20), "zero")]
    layers.append(draw_line((across.place(row["low"]), 10, across.place(row["high"]), 10), "whisker"))
    layers.append(draw_dot(across.place(row["likely"]), 10, 4.5))
    return draw_sheet(Canvas("gain", 150, 20), layers)
