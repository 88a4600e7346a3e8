"""How closely a pair is tied: the same numbers in words, picture and tables; what is not known is said."""

from __future__ import annotations

import re
from typing import Any

import pytest

import comity
from comity.brief import render_html, render_json, render_md, render_pdf
from comity.brief.blocks import Figure, Fold, Table, Text
from comity.brief.outline import render_outline
from comity.brief.ties import describe_ties, list_tie_references
from comity.lexicon import get_actor


def find_blocks(document: dict[str, Any]) -> list[Any]:
    return list(next(section for section in render_outline(document).sections if section.uid == "ties").blocks)


def test_the_words_give_index_interval_place_and_like_pairs(pair: dict[str, Any]):
    text = find_blocks(pair)[0].text
    assert "46 on a scale from 0 to 100 (90 % interval 38 to 56), from 2 of 3 figures" in text
    assert "above 71.2 % of 17,689 pairs" in text and "31 to 58, the median 42" in text


def test_the_table_has_the_index_and_each_dimension(pair: dict[str, Any]):
    table = next(block for block in find_blocks(pair) if isinstance(block, Table))
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Integration", "46.2", "38.0 to 55.5", "40.1 to 60.2", "2 of 3", "42.0 (31.0 to 58.0)"],
        ["Trade", "62.5", "60.0 to 66.0", "62.5 to 62.5", "2 of 2", "55.0 (40.0 to 81.0)"],
        ["Diplomacy", "30.0", "12.0 to 51.0", "10.0 to 70.0", "0 of 1", "20.0 (20.0 to 100.0)"],
    ]


def test_an_unknown_figure_is_shown_with_what_is_known_of_it(pair: dict[str, Any]):
    folds = [block for block in find_blocks(pair) if isinstance(block, Fold)]
    rows = {row[0].text: row for row in folds[0].blocks[0].rows}
    mission = rows["Highest rank of a mission"]
    assert mission[1].text == "0.5 to 1" and mission[1].missing and mission[3].missing
    assert rows["Goods traded"][3].text == "62.5" and mission[4].text == "35.0"
    assert [cell.text for cell in folds[1].blocks[0].rows[0]] == ["Italy, Serbia", "42.0", "36.5 to 49.0"]


def test_the_picture_places_each_dot_by_its_points(pair: dict[str, Any]):
    figure = next(block for block in find_blocks(pair) if isinstance(block, Figure))
    drawing = figure.panels[0].draw("one", 660.0)
    dots = [float(place) for place in re.findall(r'<circle class="dot" cx="([\d.]+)"', drawing)]
    places = {value: float(place) for place, value in re.findall(r'x="([\d.]+)" y="[\d.]+"[^>]*>(0|100)<', drawing)}
    low, high = places["0"], places["100"]
    assert [round(100 * (dot - low) / (high - low), 1) for dot in dots] == pytest.approx([46.25, 62.5, 30.0], abs=0.1)


def test_without_like_pairs_nothing_is_set_beside(pair: dict[str, Any]):
    pair["ties"]["like"] = []
    for reading in (pair["ties"]["index"], *pair["ties"]["dimensions"]):
        reading |= {"like_low": None, "like_median": None, "like_high": None}
    blocks = find_blocks(pair)
    assert "No pairs are set beside it" in blocks[0].text
    assert "pale bar" not in next(block for block in blocks if isinstance(block, Figure)).caption
    table = next(block for block in blocks if isinstance(block, Table))
    assert table.rows[0][5].missing and len([block for block in blocks if isinstance(block, Fold)]) == 1


def test_every_format_shows_it(pair: dict[str, Any]):
    assert "How closely the two are tied" in render_html(pair) and "46.2" in render_html(pair)
    assert "How closely the two are tied" in render_md(pair) and "38.0 to 55.5" in render_md(pair)
    assert '"ties"' in render_json(pair) and render_pdf(pair).startswith(b"%PDF-")


def test_a_pair_without_an_index_says_why():
    found = describe_ties([get_actor("FRA"), get_actor("IGO:EU")])
    assert found["index"] is None and found["reason"] == "European Union is no state of today"
    assert list_tie_references({"ties": found}) == []


def test_a_pair_without_an_index_is_a_page_all_the_same(pair: dict[str, Any]):
    pair["ties"] = {"reason": "3 of 10 indicators are known", "index": None, "dimensions": [], "indicators": []}
    pair["ties"] |= {"like": [], "pairs": 0, "below": None}
    blocks = find_blocks(pair)
    assert [type(block) for block in blocks] == [Text]
    assert blocks[0].text == "There is no index of integration for this pair: 3 of 10 indicators are known."


def test_the_brief_and_the_interface_agree():
    found = describe_ties([get_actor("POL"), get_actor("DEU")])
    wanted = comity.estimate_pair("Germany", "Poland")
    assert {name: wanted[name] for name in found if name != "reason"} == {
        k: v for k, v in found.items() if k != "reason"
    }
    assert [reference["key"] for reference in list_tie_references({"ties": found})][0] == "oecd-jrc-2008"
