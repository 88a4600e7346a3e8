"""The page of a brief: what it shows, in which order, and that missing is shown as missing."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pytest

from comity.brief import render_html, render_json, render_md, render_pdf
from comity.brief.errors import DocumentError
from comity.brief.outline import render_outline
from comity.brief.tables import FIELDS

PAIR_SECTIONS = [
    "standing",
    "changes",
    "gestures",
    "evidence",
    "foundations",
    "missing",
    "method",
    "sources",
    "references",
    "citation",
]
STATE_SECTIONS = [
    "partners",
    "shifts",
    "evidence",
    "foundations",
    "missing",
    "method",
    "sources",
    "references",
    "citation",
]
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def list_blocks(blocks: Any) -> list[Any]:
    """Give every block, those in folds too."""
    return [inner for block in blocks for inner in (block, *list_blocks(getattr(block, "blocks", ())))]


def find_cells(document: dict[str, Any], caption: str) -> list[list[str]]:
    """Give the texts of the table whose caption holds those words."""
    blocks = [block for section in render_outline(document).sections for block in list_blocks(section.blocks)]
    table = next(block for block in blocks if block.block == "table" and caption in block.caption)
    return [[cell.text for cell in row] for row in table.rows]


def test_a_pair_is_told_in_its_order(pair: dict[str, Any]):
    assert [section.uid for section in render_outline(pair).sections] == PAIR_SECTIONS


def test_a_state_is_told_in_its_order(state: dict[str, Any]):
    assert [section.uid for section in render_outline(state).sections] == STATE_SECTIONS


def test_a_page_forbids_everything_that_it_does_not_need(document: dict[str, Any], hostility: ModuleType):
    page = render_html(document)
    assert f'content="{POLICY.replace(chr(39), "&#39;")}' in page or f'content="{POLICY}' in page
    tags = [tag for tag, _ in hostility.Skeleton(page).elements]
    assert not {"script", "iframe", "img", "object", "form", "base"} & set(tags)
    assert "url(http" not in page and "@import" not in page and "@font-face" not in page


def test_a_page_has_one_title_and_headings_without_a_gap(document: dict[str, Any], hostility: ModuleType):
    levels = [
        int(tag[1]) for tag, _ in hostility.Skeleton(render_html(document)).elements if re.fullmatch("h[1-6]", tag)
    ]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_a_page_has_its_landmarks_language_and_way_past_the_contents(document: dict[str, Any], hostility: ModuleType):
    page = render_html(document)
    tags = [tag for tag, _ in hostility.Skeleton(page).elements]
    assert all(tags.count(tag) == 1 for tag in ("html", "head", "body", "main", "nav", "footer"))
    assert f"<title>{document['title']} · Comity brief</title>" in page
    assert page.startswith('<!doctype html>\n<html lang="en">') and '<a class="skip" href="#main">' in page


def test_every_table_has_a_caption_scopes_and_a_region_that_scrolls(document: dict[str, Any]):
    page = render_html(document)
    region = r'<div class="scroll" role="region" aria-labelledby="([\w-]+)" tabindex="0">\s*'
    tables = re.findall(region + r'<table[^>]*>\s*<caption id="([\w-]+)">', page)
    assert len(tables) == page.count("<table") > 4
    assert all(region == caption for region, caption in tables)
    assert page.count("<th ") == page.count('scope="col"') + page.count('scope="row"')


def test_no_id_stands_twice_and_every_reference_finds_its_own(document: dict[str, Any]):
    page = render_html(document)
    ids = re.findall(r'\bid="([^"]+)"', page)
    wanted = {name for text in re.findall(r'(?:aria-labelledby|href)="#?([\w -]+)"', page) for name in text.split()}
    wanted |= set(re.findall(r"url\(#([\w-]+)\)", page))
    assert len(ids) == len(set(ids))
    assert wanted <= set(ids)


def test_both_directions_stand_with_number_interval_and_words(pair: dict[str, Any]):
    page = render_html(pair)
    now = pair["directions"][0]["now"]
    assert f"90 % interval +{now['low']:.1f} to +{now['high']:.1f}" in page
    assert "Moderately friendly: the whole interval lies above zero." in page
    assert "France to Kosovo" in page and "Kosovo to France" in page


def test_the_limits_stand_in_the_section_of_the_numbers(document: dict[str, Any]):
    page = render_html(document)
    first = page[page.index("<section") : page.index("</section>")]
    assert all(limit in first for limit in document["limits"])


def test_a_contested_status_is_noted_with_its_source(pair: dict[str, Any]):
    for text in (render_html(pair), render_md(pair)):
        assert "Kosovo (XKX): status contested. Source: UN Security Council resolution 1244 (1999)" in text


def test_a_status_without_a_source_says_so(pair: dict[str, Any]):
    pair["parties"][1]["status_source"] = ""
    assert "status contested. No source is given." in render_html(pair)


def test_a_member_has_no_note_on_its_status(state: dict[str, Any]):
    assert "Note on status" not in render_html(state)


def test_a_figure_that_is_not_known_is_not_zero(pair: dict[str, Any]):
    rows = {row[0]: row for row in find_cells(pair, "Trade and size")}
    assert rows["GDP of the second party"][1] == "not known"
    assert rows["Exports, first to second party"][1:3] == ["118.2 million", "USD"]


def test_a_period_without_coverage_has_neither_estimate_nor_zero(pair: dict[str, Any]):
    rows = {row[0]: row for row in find_cells(pair, "France to Kosovo: index by day")}
    assert rows["21 May 2025"][1:] == ["no estimate"] * 3 + ["no coverage"] * 3
    assert rows["19 May 2025"][4] == "0"


def test_a_score_that_the_scale_does_not_give_is_not_applicable(pair: dict[str, Any]):
    scores = [row[4] for row in find_cells(pair, "most reports") if "(1213)" in row[2]]
    assert scores and set(scores) == {"n/a"}


def test_an_event_without_a_link_says_so(pair: dict[str, Any]):
    assert "no link" in {row[6] for row in find_cells(pair, "most reports")}


def test_a_direction_without_an_estimate_says_so(pair: dict[str, Any]):
    pair["directions"][1] |= {"now": None, "path": []}
    page = render_html(pair)
    assert "No estimate for this period" in page


def test_a_pair_without_any_event_is_a_page_all_the_same(pair: dict[str, Any]):
    for direction in pair["directions"]:
        direction |= {"now": None, "path": [], "types": [], "events": 0, "friendly": 0, "unfriendly": 0, "neutral": 0}
    pair |= {
        "changes": [],
        "evidence": [],
        "foundations": [],
        "missing": [],
        "sources": [],
        "references": [],
        "limits": [],
    }
    pair["coverage"] = {"slots_expected": None, "slots_loaded": None, "share": None, "events_loaded": 0, "days": []}
    page = render_html(pair)
    assert "No event of this period is on record." in page and "No change of the index stands out" in page
    assert render_md(pair) and render_pdf(pair).startswith(b"%PDF-")


def test_a_state_without_partners_is_a_page_all_the_same(state: dict[str, Any]):
    state |= {"partners": [], "rises": [], "falls": []}
    page = render_html(state)
    assert "No partner has an event in this period." in page and "No partner&#39;s index shows a rise" in page


def test_partners_stand_by_rank_with_intervals_of_rank_and_index(state: dict[str, Any]):
    rows = find_cells(state, "Partners by rank: 1 to 25 of 28")
    assert rows[0][:4] == ["1 (1\u20135)", "Belgium", "+4.2", "+3.7 to +4.7"]
    assert len(rows) == 25 and len(find_cells(state, "continued")) == 3


def test_a_partner_whose_change_is_not_known_has_no_number(state: dict[str, Any]):
    rows = {row[1]: row for row in find_cells(state, "Partners by rank: 1 to 25")}
    assert rows["Switzerland"][7] == "no estimate"


def test_a_type_with_events_on_two_sides_is_counted_on_each(pair: dict[str, Any]):
    double = {
        "type": "CONSULT",
        "label": "Consult",
        "quad": 1,
        "events": 7,
        "reports": 9,
        "mean_score": -1.0,
        "side": "unfriendly",
    }
    pair["directions"][0]["types"].append(double)
    page = render_html(pair)
    assert "Consult 58" in page and "Consult 7" in page


def test_addresses_are_numbered_once_each(pair: dict[str, Any]):
    page = render_html(pair)
    listed = re.search(r'<ol class="items small">(.*?)</ol>', page, re.S)
    assert listed is not None
    numbers = {int(number) for number in re.findall(r'<span class="number">\[(\d+)\]</span>', page)}
    assert numbers == set(range(1, listed[1].count("<li>") + 1))


def test_every_format_shows_the_same_tables(document: dict[str, Any]):
    page, text = render_html(document), render_md(document)
    for section in render_outline(document).sections:
        for block in list_blocks(section.blocks):
            if block.block == "table":
                assert block.caption in page and f"**{block.caption}**" in text


def test_a_markdown_table_has_a_cell_for_each_column(document: dict[str, Any]):
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(render_md(document))
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = sum(token.type in ("td_open", "th_open") for token in tokens)
    expected = sum(
        (len(block.rows) + 1) * sum(column.kind != "chart" for column in block.columns)
        for section in render_outline(document).sections
        for block in list_blocks(section.blocks)
        if block.block == "table"
    )
    assert rows and cells == expected


@pytest.mark.parametrize("field", [field for field in FIELDS if field.path != "kind"], ids=lambda field: field.path)
def test_a_document_without_a_field_is_refused_with_its_place(documents: ModuleType, field: Any):
    document = documents.make_state() if field.kind == "state" else documents.make_pair()
    target: Any = document
    *steps, last = field.path.removesuffix("[]").split(".")
    for step in steps:
        target = target[step.removesuffix("[]")]
        target = target[0] if step.endswith("[]") else target
    del target[last]
    with pytest.raises(DocumentError, match=last) as caught:
        render_html(document)
    assert caught.value.todo and caught.value.where.startswith("brief document")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(pair: dict[str, Any], value: float):
    pair["directions"][0]["path"][0]["score"] = value
    for render in (render_html, render_md, render_pdf, render_json):
        with pytest.raises(DocumentError, match="brief document"):
            render(pair)


def test_a_kind_that_is_not_known_is_refused(pair: dict[str, Any]):
    pair["kind"] = "group"
    with pytest.raises(DocumentError, match="'group'"):
        render_html(pair)


def test_rendering_leaves_the_document_as_it_was(document: dict[str, Any], documents: ModuleType):
    before = render_json(document)
    render_html(document), render_md(document), render_pdf(document)
    assert render_json(document) == before


def test_a_direction_without_events_has_no_index(pair: dict[str, Any]):
    pair["directions"][1] |= {"types": [], "events": 0, "friendly": 0, "unfriendly": 0, "neutral": 0}
    reading = render_outline(pair).sections[0].blocks[0].readings[1]
    assert reading.score == "No events" and reading.interval == ""
    assert "would only repeat what pairs are like at large" in reading.basis[0]


def test_a_pair_without_events_has_no_chart(pair: dict[str, Any]):
    for direction in pair["directions"]:
        direction |= {"types": [], "events": 0, "friendly": 0, "unfriendly": 0, "neutral": 0}
    assert [block.block for block in render_outline(pair).sections[0].blocks] == ["readings"]


def test_the_bars_of_a_side_add_up_to_the_number_beside_the_index(pair: dict[str, Any]):
    extra = [
        {
            "type": f"T{n}",
            "label": f"Type {n}",
            "quad": 1,
            "events": n,
            "reports": n,
            "mean_score": 1.0,
            "side": "friendly",
        }
        for n in range(1, 9)
    ]
    pair["directions"][0]["types"] += extra
    pair["directions"][0]["friendly"] += sum(kind["events"] for kind in extra)
    page = render_html(pair)
    total = pair["directions"][0]["friendly"]
    assert f"{total} friendly," in page and f"Friendly: {total} events" in page


def test_a_source_of_a_figure_is_named_by_its_publisher(pair: dict[str, Any]):
    pair["foundations"][0]["figures"][0]["source"] = "geodist"
    assert find_cells(pair, "Trade and size")[0][4] == "CEPII (geodist)"
    assert "GeoDist (geodist)" in {row[0] for row in find_cells(pair, "Sources of the data")}


def test_many_events_are_folded_and_none_is_lost(pair: dict[str, Any]):
    pair["evidence"] = [event | {"reports": n} for n in range(4) for event in pair["evidence"]]
    assert len(find_cells(pair, "with the most reports")) == 20
    assert len(find_cells(pair, "most reports, continued")) == len(pair["evidence"]) - 20


def test_an_actor_that_the_document_does_not_name_has_its_name_from_the_lexicon(state: dict[str, Any]):
    state["evidence"][0] |= {"sender": "TUV", "receiver": "QQQ"}
    assert find_cells(state, "most reports")[0][1] == "Tuvalu to QQQ"


@pytest.mark.parametrize(("by", "step", "count"), [("week", 7, 104), ("month", 31, 120), ("day", 1, 1)])
def test_a_path_of_any_step_and_length_is_a_page(pair: dict[str, Any], by: str, step: int, count: int):
    from datetime import date, timedelta

    pair["period"]["by"] = by
    for direction in pair["directions"]:
        points = [direction["path"][n % 6] for n in range(count)]
        starts = [date(2015, 1, 5) + timedelta(days=step * n) for n in range(count)]
        direction["path"] = [point | {"period": start.isoformat()} for point, start in zip(points, starts, strict=True)]
    page = render_html(pair)
    assert page.count("<tr>") > 2 * count and "NaN" not in page
    assert render_pdf(pair).startswith(b"%PDF-")
