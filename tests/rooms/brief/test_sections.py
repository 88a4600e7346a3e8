"""The sections beside the index: who answers whom, other measures, votes, written rules."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pytest

import comity
from comity.brief import render_html, render_json, render_md, render_pdf
from comity.brief.blocks import Table
from comity.brief.curve import Point, pick_axis, render_curve
from comity.brief.drawing import Canvas
from comity.brief.errors import BriefError
from comity.brief.outline import render_outline
from comity.conduct.example import FOLDER

EXAMPLE = FOLDER / "arcadia.yml"


def find_rows(document: dict[str, Any], caption: str) -> list[list[str]]:
    """Give the texts of the table whose caption begins with those words."""
    blocks = [block for section in render_outline(document).sections for block in section.blocks]
    blocks += [inner for block in blocks for inner in getattr(block, "blocks", ())]
    table = next(b for b in blocks if isinstance(b, Table) and b.caption.startswith(caption))
    return [[cell.text for cell in row] for row in table.rows]


def list_uids(document: dict[str, Any]) -> list[str]:
    """Give the sections of a page."""
    return [section.uid for section in render_outline(document).sections]


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """Give the document of a pair of the sample, with a profile of one of its parties."""
    return comity.compose_brief("Germany", "Poland", conduct=EXAMPLE, assign={"QMA": "Germany"})


def test_chances_of_descriptions_stand_with_the_gain_and_its_interval(pair: dict[str, Any]):
    first, second = find_rows(pair, "How steadily each side answers")
    assert first == ["France to Kosovo", "2\xa0%", "11\xa0%", "87\xa0%", "under 1\xa0%", "under 1\xa0%",
                     "12\xa0% (\u22122.0\xa0% to 20\xa0%)"]  # fmt: skip
    assert set(second[1:]) == {"no estimate"}


def test_a_strategy_that_cannot_be_told_is_said_to_be_so(pair: dict[str, Any]):
    told, untold = find_rows(pair, "Named strategies")
    assert told[1:] == ["identifiable", "grim, with probability 0.91", "grim: 91\xa0%"]
    assert untold[1] == "not identifiable" and untold[3] == "s0, s1, s2, s3 and 2 more: 40\xa0%"


def test_an_answer_stands_beside_days_without_such_a_gesture(pair: dict[str, Any]):
    row = find_rows(pair, "Answers to gestures")[1]
    assert row[0] == "Kosovo after an unfriendly act of France"
    assert row[2:5] == ["70\xa0%", "30\xa0%", "40 points (15 to 65)"]


def test_a_response_is_listed_under_both_orderings(pair: dict[str, Any]):
    rows = find_rows(pair, "Kosovo to France, after an act of France")
    assert rows[2] == ["2", "1.00", "\u22120.50 to 2.50", "1.00", "0.20"]


def test_tests_are_adjusted_and_warn_of_many(pair: dict[str, Any]):
    assert find_rows(pair, "Granger test")[0][3:5] == ["0.043", "0.086"]
    assert "hold down false finds" in render_md(pair)


def test_what_cannot_be_said_is_listed(pair: dict[str, Any]):
    assert "Of this there is too little to say" in render_html(pair) and "2 friendly gestures" in render_md(pair)
    pair["reciprocity"] |= {"granger": [], "responses": [], "steadiness": [], "answers": [], "periods": 0}
    assert "No series of acts is at hand" in render_html(pair) and render_pdf(pair).startswith(b"%PDF-")


def test_a_measure_without_events_and_an_agreement_that_is_not_known_are_no_zero(pair: dict[str, Any]):
    net, share = find_rows(pair, "Measures of the literature")
    assert net[1:] == ["38.5", "no estimate", "0.80 (0.70 to 0.85)", "0.80 (0.70 to 0.85)"]
    assert share[4] == "not known"


def test_votes_break_where_a_year_is_missing_and_say_so_without_any(pair: dict[str, Any]):
    section = next(s for s in render_outline(pair).sections if s.uid == "votes")
    drawn = section.blocks[1].panels[0].draw("x", 720.0)
    assert drawn.count('class="line"') == 2 and drawn.count('class="band"') == 2
    pair["votes"] = []
    assert "no year in which both parties have a position" in render_md(pair)


def test_rules_are_shown_with_a_profile_only(pair: dict[str, Any], documents: ModuleType):
    assert "conduct" not in list_uids(pair)
    pair["conduct"] = documents.make_conduct("FRA", "XKX")
    kept, few = find_rows(pair, "When each rule would have applied")
    assert kept[5] == "71\xa0% (44\xa0% to 89\xa0%)" and few[5] == "too little to say"
    for render in (render_html, render_md):
        assert "Our rules (mine)" in render(pair)
    first, last = find_rows(pair, "Simulated relations")
    assert first[1] == "+1.2 (\u22120.4 to +2.0)" and first[3] == "5\xa0% (2.0\xa0% to 9.0\xa0%)"
    assert set(last[1:]) == {"too little to say"}
    assert "Against 16 named strategies: spirals more likely with grim." in render_md(pair)
    assert render_pdf(pair).startswith(b"%PDF-")


def test_the_sample_has_every_section_and_the_same_twice(whole: dict[str, Any]):
    assert {"reciprocity", "measures", "votes", "conduct"} <= set(list_uids(whole))
    again = comity.compose_brief("DEU", "POL", conduct=EXAMPLE, assign={"QMA": "DEU"})
    assert render_json(whole) == render_json(again)
    assert whole["conduct"]["profile"]["state"] == "DEU"
    assert {rule["partner"] for rule in whole["conduct"]["rules"]} == {"POL"}
    assert [row["months"] for row in whole["conduct"]["rehearsal"]["months"]] == [1, 3, 12, 60]
    assert whole["conduct"]["rehearsal"]["text"] and whole["conduct"]["rehearsal"]["limits"]


def test_swapping_the_parties_swaps_the_sections(whole: dict[str, Any]):
    other = comity.compose_brief("POL", "DEU")
    assert [row["distance"] for row in other["votes"]] == [row["distance"] for row in whole["votes"]]
    for one, two in zip(whole["alternatives"]["measures"], other["alternatives"]["measures"], strict=True):
        assert one == two | {"values": two["values"][::-1]}
    here, there = (d["reciprocity"] for d in (whole, other))
    answers = [{(row["sender"], row["side"]): row for row in found["answers"]} for found in (here, there)]
    assert answers[0] == answers[1] != {}
    for one, two in zip(here["granger"], there["granger"][::-1], strict=True):
        assert (one["cause"], one["effect"]) == (two["cause"], two["effect"])
        assert one["statistic"] == pytest.approx(two["statistic"], abs=2e-4)


def test_a_profile_of_somebody_else_is_refused():
    with pytest.raises(BriefError, match="not of DEU or POL"):
        comity.compose_brief("DEU", "POL", conduct=EXAMPLE, assign={"QMA": "France"})


def test_without_a_profile_the_page_says_that_it_is_missing():
    assert any("no profile was given" in line for line in comity.compose_brief("Kiribati", "Tuvalu")["missing"])


def test_a_pair_without_events_has_sections_that_say_so():
    document = comity.compose_brief("Kiribati", "Tuvalu")
    assert document["reciprocity"]["granger"] == document["reciprocity"]["answers"] == []
    assert "is 0 in all 23 periods" in document["reciprocity"]["little"][0]["why"]
    assert all(row["values"] == [None, None] for row in document["alternatives"]["measures"])
    assert render_html(document) and render_pdf(document).startswith(b"%PDF-")


@pytest.mark.parametrize("values", [[0.0], [1e-7, 2e-7], [-3.0, 1e6], [None], [-5.5, -1.0], [0.3, 9.99]])
def test_an_axis_holds_its_values_and_zero_in_few_round_steps(values: list[float | None]):
    axis = pick_axis(values, "", "")
    known = [0.0, *(value for value in values if value is not None)]
    assert axis.low <= min(known) + 1e-12 and axis.high >= max(known) * (1 - 1e-9)
    assert 1 <= round((axis.high - axis.low) / axis.step) <= 8


def test_a_curve_breaks_at_what_is_missing_and_never_leaves_its_sheet():
    points = [Point(n, None if n == 3 else 0.5 * n, 0.5 * n - 1, 0.5 * n + 1) for n in range(7)]
    points.append(Point(9, 2.0, 1.0, 3.0))
    drawn = render_curve(points, pick_axis([-1.0, 4.0], "up", "days"), Canvas("u", 340, 190, "t", "d"))
    assert drawn.count('class="line"') == 2 and drawn.count('class="dot"') == 1
    numbers = [float(x) for x in re.findall(r'\bx[12]?="([-\d.]+)"', drawn)]
    assert min(numbers) >= 0 and max(numbers) <= 340
    assert "no estimate" in render_curve([], pick_axis([], "", ""), Canvas("v", 340, 190))
