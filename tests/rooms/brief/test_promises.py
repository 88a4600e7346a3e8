"""What was agreed and what was kept, as a page of its own and within a brief; hostile words stay words."""

from datetime import date

import pytest
from tests.specimens.promises import TODAY, make_assessment, make_commitment, make_register, make_standing

from comity.brief.html import render_html
from comity.brief.markdown import render_md
from comity.brief.promises import describe_promises
from comity.brief.status_page import render_status_page
from comity.commitments.following import follow_commitments


def describe(standing):
    return describe_promises(standing, follow_commitments(standing, TODAY), TODAY)


@pytest.mark.parametrize("form", ["html", "md"])
def test_the_page_shows_both_parties_and_every_state(form: str):
    page = render_status_page(describe(make_register()), form)
    for words in ("Norway", "Sweden", "overdue", "blocked", "withdrawn", "office of NOR"):
        assert words in page
    assert page == render_status_page(describe(make_register()), form)


def test_hostile_words_of_a_quotation_form_no_element():
    page = render_status_page(describe(make_register()), "html")
    assert "<img" not in page and "<script" not in page and 'href="javascript' not in page
    assert "onerror=alert(1)" in page


def test_a_register_without_an_agreement_of_the_two_says_so():
    empty = make_standing()
    bare = type(empty)(empty.valid, empty.known, (), (), (), (), ())
    assert "no agreement" in render_status_page(describe(bare), "html")


def test_a_brief_has_the_section_only_with_a_register(pair):
    title = "What was agreed, what was kept, by both"
    assert title not in render_html(pair)
    given = {**pair, "commitments": describe(make_register())}
    assert title in render_html(given) and title in render_md(given)


def test_where_coders_differ_the_page_shows_what_each_said():
    said = [make_assessment("a", "0", scale="pam", coder="first"), make_assessment("a", "done", coder="second")]
    page = render_status_page(describe(make_standing([make_commitment("a", "NOR")], (), said)), "md")
    assert "in progress" in page and "kept done, pam 0; coders differ" in page and "50" in page
    late = make_standing([make_commitment("a", "NOR", due=date(2024, 1, 1))], (), said)
    assert "dates; coders differ: kept done, pam 0" in render_status_page(describe(late), "md")
