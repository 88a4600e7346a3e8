"""Drawings that stand in a row of a table: an estimate with its interval, a path, and the scale above them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from comity.brief.drawing import (
    Canvas,
    Scale,
    draw_dot,
    draw_line,
    draw_sheet,
    draw_text,
    draw_trace,
)
from comity.brief.wording import MINUS

WIDTH, HEIGHT, EDGE = 150.0, 20.0, 9.0
SPARK_WIDTH = 90.0
GAUGE_WIDTH = 280.0


def render_whisker(score: float | None, low: float | None, high: float | None, reach: float) -> str:
    """Return a dot on its 90 % interval over a scale about zero; the dot is open where that includes zero.

    Parameters
    ----------
    score, low, high : float or None
        Estimate and ends of its interval [scale points]; nothing is drawn for None.
    reach : float
        The scale runs from -reach to +reach.

    Returns
    -------
    str
        One SVG element without a name: its numbers stand in the same row.
    """
    across = Scale(-reach, reach, EDGE, WIDTH - EDGE)
    middle, zero = HEIGHT / 2, across.place(0)
    layers = [draw_line((EDGE, middle, WIDTH - EDGE, middle), "grid"), draw_line((zero, 0, zero, HEIGHT), "zero")]
    layers.extend(_draw_interval(across, middle, (score, low, high)))
    return draw_sheet(Canvas("whisker", WIDTH, HEIGHT), layers)


def render_whisker_scale(reach: float) -> str:
    """Return the numbers above a column of whiskers: both ends and zero."""
    across = Scale(-reach, reach, EDGE, WIDTH - EDGE)
    layers = []
    for value, label, anchor in (
        (-reach, f"{MINUS}{reach:.0f}", "start"),
        (0.0, "0", "middle"),
        (reach, f"+{reach:.0f}", "end"),
    ):
        x = across.place(value) + (-EDGE if anchor == "start" else EDGE if anchor == "end" else 0)
        layers.append(draw_text(x, 11, label, classes="small muted", anchor=anchor))
    return draw_sheet(Canvas("scale", WIDTH, 14), layers)


def render_gauge(
    score: float | None, low: float | None, high: float | None, reach: float, half: Sequence[float | None] = ()
) -> str:
    """Return one estimate with its intervals on the whole scale, the ends and zero written below.

    Parameters
    ----------
    score, low, high : float or None
        Estimate and ends of its interval [scale points]; nothing is drawn for None.
    reach : float
        The scale runs from -reach to +reach.
    half : sequence of float or None
        Ends of the 50 % interval [scale points]; not drawn where they are left out.

    Returns
    -------
    str
        One SVG element without a name: its numbers stand beside it.
    """
    across = Scale(-reach, reach, EDGE, GAUGE_WIDTH - EDGE)
    middle = 10.0
    layers = [draw_line((EDGE, middle, GAUGE_WIDTH - EDGE, middle), "grid")]
    for share, anchor in ((-1, "start"), (0, "middle"), (1, "end")):
        x = across.place(share * reach)
        layers.append(draw_line((x, middle - 7, x, middle + 7), "zero" if share == 0 else "grid"))
        label = f"{share * reach:+.0f}".replace("-", MINUS) if share else "0"
        layers.append(draw_text(x + share * EDGE, 31, label, classes="small muted", anchor=anchor))
    known = [across.place(end) for end in half if end is not None]
    if len(known) == 2:
        layers.append(draw_line((known[0], middle, known[1], middle), "core"))
    layers.extend(_draw_interval(across, middle, (score, low, high)))
    return draw_sheet(Canvas("gauge", GAUGE_WIDTH, 34), layers)


def _draw_interval(
    across: Scale, middle: float, estimate: tuple[float | None, float | None, float | None]
) -> list[str]:
    """Draw an interval and its dot, filled where the interval leaves out zero."""
    score, low, high = estimate
    layers = []
    if low is not None and high is not None:
        layers.append(draw_line((across.place(low), middle, across.place(high), middle), "whisker"))
    if score is not None:
        sure = low is not None and high is not None and not low <= 0 <= high
        layers.append(draw_dot(across.place(score), middle, 4.0, "dot" if sure else "open"))
    return layers


def render_spark(scores: Sequence[float | None], reach: float) -> str:
    """Return a path in miniature: it breaks where there is no estimate, and ends in a dot.

    Parameters
    ----------
    scores : sequence of float or None
        Estimates in the order of time [scale points].
    reach : float
        The scale runs from -reach to +reach.

    Returns
    -------
    str
        One SVG element without a name.
    """
    up = Scale(-reach, reach, HEIGHT - 3, 3)
    across = Scale(0, max(1, len(scores) - 1), 4, SPARK_WIDTH - 5)
    layers = [draw_line((0, up.place(0), SPARK_WIDTH, up.place(0)), "grid")]
    places = [None if score is None else (across.place(index), up.place(score)) for index, score in enumerate(scores)]
    for present, run in groupby(places, lambda place: place is not None):
        known = [place for place in run if place is not None]
        if present and len(known) > 1:
            layers.append(draw_trace(known, "line"))
        elif present:
            layers.append(draw_dot(*known[0], 1.6))
    if places and places[-1] is not None:
        layers.append(draw_dot(*places[-1], 3.0))
    return draw_sheet(Canvas("spark", SPARK_WIDTH, HEIGHT), layers)
