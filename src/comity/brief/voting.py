"""How far apart two states voted in the General Assembly, as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Figure, Fold, Panel, Table, Text
from comity.brief.curve import Axis, Point, pick_axis, render_curve, render_curve_key
from comity.brief.drawing import Canvas
from comity.brief.subject import Subject
from comity.brief.wording import render_fixed

HEIGHT = 200.0
BACK = 20


def outline_votes(subject: Subject) -> list[Block]:
    """Show the distance of the two states' ideal points by year."""
    rows = subject.document["votes"]
    if not rows:
        return [Text("The source has no year in which both parties have a position in votes of the General Assembly.")]
    points = [Point(row["year"], row["distance"], row["low"], row["high"]) for row in rows]
    ends = [value for point in points for value in (point.low, point.high)]
    axis = pick_axis(ends, "points apart", "year")
    caption = (
        "Distance of the published ideal points in votes of the United Nations General Assembly, by year; 0 is the "
        "same position. The spread of all states in a year is about 1 point. The interval takes the errors of the two "
        "positions as independent. How a state votes beside others says neither why, nor how it acts toward the other."
    )
    words = "Distance in votes of the General Assembly", f"{_describe(rows)} The numbers stand in the table after it."
    return [
        Text(_describe(rows)),
        Figure(caption, (Panel("", partial(_draw, points, axis, words)),), _draw_key),
        Fold("The numbers behind the chart of votes", [_tabulate(subject, rows)]),
    ]


def _describe(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say how far apart the two stood last, and earlier."""
    last = rows[-1]
    text = f"In {last['year']} the two stood {_say(last)} apart"
    earlier = next((row for row in rows if row["year"] == last["year"] - BACK), None)
    return f"{text}, {BACK} years earlier {_say(earlier)}." if earlier else f"{text}."


def _say(row: Mapping[str, Any]) -> str:
    """Return a distance with its interval."""
    ends = f"{render_fixed(row['low'], 2)} to {render_fixed(row['high'], 2)}"
    return f"{render_fixed(row['distance'], 2)} points (90 % interval {ends})"


def _draw(points: Sequence[Point], axis: Axis, words: tuple[str, str], uid: str, width: float) -> str:
    """Draw the distances under an id at a width."""
    return render_curve(points, axis, Canvas(uid, width, HEIGHT, *words), every=5)


def _draw_key(uid: str, width: float) -> str:
    """Draw the key under an id at a width."""
    return render_curve_key("distance", Canvas(uid, width, 18.0))


def _tabulate(subject: Subject, rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return the distances in numbers, the latest first."""
    first, second = (party["name"] for party in subject.document["parties"])
    columns = (
        Column("Year", "date"),
        Column("Distance", "number"),
        Column("90 % interval", "number"),
        Column(first, "number"),
        Column(second, "number"),
    )
    cells = [
        [
            Cell(str(row["year"])),
            Cell(render_fixed(row["distance"], 2)),
            Cell(f"{render_fixed(row['low'], 2)} to {render_fixed(row['high'], 2)}"),
            Cell(render_fixed(row["first"], 2)),
            Cell(render_fixed(row["second"], 2)),
        ]
        for row in reversed(rows)
    ]
    return Table("Distance of ideal points by year, and the two positions", columns, cells)
