"""Drawings: what is missing is a gap, what is compared shares a scale, every number has its mark and its text."""

from __future__ import annotations

import math
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from comity.brief.bars import Bar, measure_gestures, render_coverage, render_gestures
from comity.brief.chart import pick_bounds, render_path, render_path_key
from comity.brief.drawing import Canvas, fit_text, make_standalone, pick_reach, spread_labels, write_number
from comity.brief.errors import DocumentError
from comity.brief.rows import render_gauge, render_spark, render_whisker, render_whisker_scale

SHEET = Canvas("c", 460, 220, "A title", "A description")
SVG = "{http://www.w3.org/2000/svg}"


def read(drawing: str) -> ElementTree.Element:
    """Give the drawing as a tree; it must be well formed."""
    return ElementTree.fromstring(drawing)


def find(drawing: str, tag: str, word: str) -> list[ElementTree.Element]:
    """Give the elements of a kind that carry a class."""
    return [e for e in read(drawing).iter(SVG + tag) if word in e.get("class", "").split()]


def make_path(scores: list[float | None], events: list[int | None] | None = None) -> list[dict[str, Any]]:
    """Give a path of days with those scores."""
    counts: list[int | None] = [2] * len(scores) if events is None else events
    return [
        {
            "period": f"2025-05-{n + 1:02d}",
            "score": score,
            "low": None if score is None else score - 1,
            "low50": None if score is None else score - 0.4,
            "high50": None if score is None else score + 0.4,
            "high": None if score is None else score + 1,
            "events": count,
        }
        for n, (score, count) in enumerate(zip(scores, counts, strict=True))
    ]


def test_a_path_breaks_where_there_is_no_estimate():
    drawing = render_path(make_path([1, 2, None, None, 1, 0], [2, 2, None, None, 2, 2]), "day", (4, 2), SHEET)
    assert len(find(drawing, "path", "band")) == 2
    assert len(find(drawing, "path", "line")) == 2
    assert len(find(drawing, "rect", "gap")) == 1


def test_a_period_without_coverage_but_with_an_estimate_is_dotted_and_hatched():
    drawing = render_path(make_path([1, 2, 1], [2, None, 2]), "day", (4, 2), SHEET)
    assert len(find(drawing, "path", "loose")) == 1
    assert len(find(drawing, "rect", "gap")) == 1


def test_dots_stand_only_on_periods_with_events():
    drawing = render_path(make_path([1, 2, 1, 0], [0, 5, None, 1]), "day", (4, 5), SHEET)
    radii = [float(dot.get("r", "0")) for dot in find(drawing, "circle", "dot")]
    assert len(radii) == 2
    assert radii[0] > radii[1] > 0


def test_a_zero_line_and_both_ends_of_the_scale_are_labelled():
    texts = [e.text for e in read(render_path(make_path([1, -1]), "day", (4, 2), SHEET)).iter(SVG + "text")]
    assert {"0", "+4", "\u22124"} <= set(texts)


def test_the_last_estimate_and_its_interval_are_written():
    texts = [e.text for e in read(render_path(make_path([1, 1.5]), "day", (4, 2), SHEET)).iter(SVG + "text")]
    assert {"+1.5", "+0.5", "+2.5"} <= set(texts)


def test_a_path_without_any_estimate_says_so():
    drawing = render_path(make_path([None, None], [None, None]), "day", (4, 0), SHEET)
    assert "no estimate in this period" in drawing
    assert find(drawing, "path", "line") == [] and find(drawing, "circle", "dot") == []


@pytest.mark.parametrize("scores", [[], [1.0], [None], [-10.0, 10.0], [0.0] * 31])
def test_a_path_of_any_length_is_drawn_within_its_sheet(scores: list[float | None]):
    drawing = render_path(make_path(scores), "day", (10, 2), SHEET)
    numbers = [float(n) for e in read(drawing).iter(SVG + "path") for n in re.findall(r"-?\d+\.?\d*", e.get("d", ""))]
    assert all(0 <= number <= SHEET.width for number in numbers)


def test_two_paths_share_their_scale_and_their_dots():
    assert pick_bounds([make_path([1.0], [3]), make_path([-4.5], [9])]) == (6.0, 9.0)


def test_a_drawing_has_a_name_and_a_description_with_ids_of_its_own():
    root = read(render_path(make_path([1]), "day", (4, 2), SHEET))
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert root.get("role") == "img" and root.get("aria-labelledby") == "c-title c-desc"
    assert len(ids) == len(set(ids)) and all(str(name).startswith("c-") for name in ids)


def test_text_in_a_drawing_is_escaped():
    sheet = Canvas("c", 460, 90, "</title><script>", "<b>&\"'")
    drawing = render_gestures([Bar("<script>alert(1)</script>", 3)], [Bar("a & b", 1)], 3, sheet)
    assert {e.tag for e in read(drawing).iter()} <= {
        SVG + n for n in "svg title desc defs pattern line text rect".split()
    }


def test_unfriendly_bars_go_left_and_are_striped():
    drawing = render_gestures([Bar("Agree", 4)], [Bar("Accuse", 2)], 4, Canvas("c", 460, 60, "t", "d"))
    (friendly,), (unfriendly,) = find(drawing, "rect", "friendly"), find(drawing, "rect", "unfriendly")
    assert float(friendly.get("x", "0")) > 230 > float(unfriendly.get("x", "0"))
    assert float(friendly.get("width", "0")) == pytest.approx(2 * float(unfriendly.get("width", "0")))
    assert any("stripes" in e.get("fill", "") for e in read(drawing).iter(SVG + "rect"))


def test_bars_carry_their_type_and_number():
    drawing = render_gestures([Bar("Agree", 1400)], [], 1400, Canvas("c", 460, 60, "t", "d"))
    assert "Agree 1,400" in drawing and "Friendly: 1,400 events" in drawing and "Unfriendly: 0 events" in drawing


def test_a_side_without_types_still_has_its_height():
    assert measure_gestures([], []) > 40


def test_a_day_without_slots_is_hatched_and_a_day_without_timetable_is_left_open():
    days = [
        {"date": "2025-05-01", "slots_loaded": 96, "slots_expected": 96, "events": 5},
        {"date": "2025-05-02", "slots_loaded": 0, "slots_expected": 96, "events": 0},
        {"date": "2025-05-03", "slots_loaded": None, "slots_expected": None, "events": 7},
    ]
    drawing = render_coverage(days, SHEET)
    assert len(find(drawing, "rect", "bar")) == 1 and len(find(drawing, "rect", "gap")) == 1


def test_a_whisker_is_open_where_the_interval_includes_zero():
    assert find(render_whisker(1, 0.5, 1.5, 4), "circle", "dot") and find(
        render_whisker(1, -0.5, 2, 4), "circle", "open"
    )


@pytest.mark.parametrize("render", [render_whisker, render_gauge])
def test_nothing_is_drawn_for_an_estimate_that_is_missing(render: Any):
    drawing = render(None, None, None, 4.0)
    assert list(read(drawing).iter(SVG + "circle")) == [] and find(drawing, "line", "whisker") == []


def test_a_drawing_in_a_row_is_hidden_from_screen_readers():
    assert all(read(d).get("aria-hidden") == "true" for d in (render_whisker_scale(4), render_spark([1, None, 2], 4)))


def test_a_miniature_path_breaks_where_there_is_no_estimate():
    drawing = render_spark([1, 2, None, 1, 2, None, 1], 4)
    assert len(find(drawing, "path", "line")) == 2


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_has_no_place(value: float):
    with pytest.raises(DocumentError):
        write_number(value)


@pytest.mark.parametrize(
    ("values", "reach"), [([], 2), ([None, 1.9], 2), ([-2.1], 4), ([5], 6), ([7], 10), ([-14], 20)]
)
def test_a_scale_reaches_far_enough_and_no_further(values: list[float | None], reach: float):
    assert pick_reach(values) == reach


def test_labels_that_would_overlap_move_apart_in_their_order():
    moved = spread_labels([10, 11, 40], 13)
    assert moved[1] - moved[0] >= 13 and moved == sorted(moved)


def test_a_label_that_is_too_long_ends_in_an_ellipsis():
    assert fit_text("a rather long label of a type", 60).endswith("\u2026")
    assert fit_text("short", 60) == "short"


def test_a_drawing_that_travels_alone_carries_its_colours():
    drawing = make_standalone(render_path_key(5, Canvas("key", 300, 18)))
    assert drawing.startswith(b"<svg ") and b"<style>" in drawing and b"var(" not in drawing
    assert read(drawing.decode()).tag == SVG + "svg"
