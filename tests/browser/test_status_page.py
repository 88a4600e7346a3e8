"""The page of a register's status in a real browser: silent, accessible, whole on a phone; hostile words stay words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.promises import TODAY, make_evidence, make_register
from tests.specimens.registers import make_template

from comity.api.follow import write_register_status
from comity.api.register_view import RegisterView
from comity.commitments.register import open_register, record_entries
from comity.commitments.register.rules import find_hidden

pytestmark = pytest.mark.browser

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
PHONE = {"width": 360, "height": 740}
MOST, ROWS = 300, 9
LINES = ("</td></tr></table><script>alert(1)</script>", "</title></style><iframe src=javascript:alert(1)>")


def write_page(folder: Path, words: Sequence[str] = (), references: Sequence[str] = ("",)) -> str:
    """Write the page of a register with given words for obligations, offices and quotations, in turn; give its text."""
    standing = make_register()
    given = cycle(words)
    owed, said = [], []
    for row in standing.commitments:
        text = next(given, f"Do {row.id}.")
        owed.append(replace(row, obligation=text, owner=text[:MOST]))
        said.append(make_evidence(row.id, day=date(2023, 6, 1), quotation=text))
    (pact,) = standing.agreements
    title = next(given, pact.title)[:MOST]
    pacts = [replace(pact, id=f"other-{n}", reference=text) for n, text in enumerate(references)]
    place = folder / "register.db"
    place.write_bytes(make_template())
    with open_register(place) as opened:
        record_entries(opened, [replace(pact, title=title), *pacts, *standing.articles, *owed, *said])
        record_entries(opened, [*standing.evidence, *standing.assessments])
    return write_register_status(RegisterView(place, TODAY))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the address of the page of a register of two parties."""
    folder: Path = tmp_path_factory.mktemp("status")
    (folder / "status.html").write_text(write_page(folder), encoding="utf-8")
    return (folder / "status.html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_the_page_of_a_register_breaks_no_rule_of_access(visit: Callable[..., Any], page: str, scheme: str, size: Any):
    from axe_playwright_python.sync_playwright import Axe

    seen = visit(page, scheme, size)
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": LEVELS}}
    found = Axe().run(seen.page, options=options).response
    assert len(found["passes"]) > 10
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]] == []
    assert (seen.messages, seen.requests, seen.dialogs) == ([], [], [])
    assert "Norway and Sweden" in seen.page.title()


@pytest.mark.parametrize("width", [320, 360, 768, 1600])
def test_the_page_of_a_register_never_scrolls_sideways(visit: Callable[..., Any], page: str, width: int):
    seen = visit(page, size={"width": width, "height": 800})
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_words_of_a_register_stay_words_even_without_the_policy(
    visit: Callable[..., Any], hostility: Any, tmp_path: Path
):
    payloads = [words for words in (*hostility.PAYLOADS, *LINES) if not find_hidden(words) and words.isprintable()]
    assert len(payloads) > 30
    usual, seen = None, visit("about:blank")
    file = tmp_path / "status.html"
    turns = [payloads[begin : begin + ROWS] for begin in range(0, len(payloads), ROWS)]
    for words in (["plain words"], *turns):
        text = write_page(tmp_path, words)
        file.write_text(text.replace("Content-Security-Policy", "X-Not-A-Policy"), encoding="utf-8")
        seen.show(file.as_uri())
        tags = seen.page.evaluate("[...document.querySelectorAll('*')].map(element => element.tagName)")
        usual = usual or tags
        assert tags == usual, words
        assert (seen.messages, seen.requests, seen.dialogs) == ([], [], []), words
        assert seen.page.evaluate(HANDLERS) == 0, words
        shown = seen.page.evaluate("document.body.textContent")
        assert all(each[:MOST] in shown for each in words if each == " ".join(each.split()))


HANDLERS = """[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])
  .filter(a => a.name.startsWith('on')).length"""


def test_no_reference_of_an_agreement_leads_out_of_the_web(visit: Callable[..., Any], hostility: Any, tmp_path: Path):
    references = [words for words in hostility.ADDRESSES if not find_hidden(words) and words.isprintable()]
    assert len(references) > 5
    file = tmp_path / "status.html"
    file.write_text(write_page(tmp_path, references=references), encoding="utf-8")
    seen = visit(file.as_uri())
    assert set(seen.page.evaluate("[...document.links].map(link => link.protocol)")) <= {"https:", "http:", "file:"}
    assert seen.page.evaluate("[...document.links].every(link => link.protocol != 'file:' || link.hash)")
    assert (seen.messages, seen.requests, seen.dialogs) == ([], [], [])
