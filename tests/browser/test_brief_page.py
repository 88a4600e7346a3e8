"""The page of a brief in a real browser: silent, alone, accessible, whole on a phone and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
SCHEMES = ["light", "dark"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_page_says_nothing_and_asks_for_nothing(visit: Callable[..., Any], brief: str, scheme: str):
    seen = visit(brief, scheme)
    assert (seen.messages, seen.requests, seen.dialogs) == ([], [], [])
    assert seen.page.title().endswith("Comity brief")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_a_page_breaks_no_rule_of_access(visit: Callable[..., Any], brief: str, scheme: str, size: Any):
    from axe_playwright_python.sync_playwright import Axe

    seen = visit(brief, scheme, size)
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": LEVELS}}
    found = Axe().run(seen.page, options=options).response
    assert len(found["passes"]) > 10
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]] == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_marks_of_a_chart_stand_out_from_the_paper(visit: Callable[..., Any], brief: str, scheme: str):
    seen = visit(brief, scheme)
    ratios = seen.page.evaluate(CONTRASTS)
    assert ratios and min(ratios.values()) >= 3, ratios


def test_the_rules_of_access_see_a_fault(visit: Callable[..., Any], tmp_path: Any):
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "bad.html"
    file.write_text("<title>x</title><p style='color:#ddd;background:#fff'>pale</p><img src='data:,'>", "utf-8")
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": LEVELS}}
    found = Axe().run(visit(file.as_uri()).page, options=options).response
    assert {"color-contrast", "image-alt", "html-has-lang"} <= {rule["id"] for rule in found["violations"]}


CONTRASTS = """() => {
  const read = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = rgb => {
    const [r, g, b] = rgb.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(read(getComputedStyle(document.body).backgroundColor));
  const found = {};
  for (const [selector, property] of [['.line', 'stroke'], ['.dot', 'fill'], ['.zero', 'stroke'],
      ['.friendly', 'fill'], ['.stripe', 'stroke'], ['.bar', 'fill'], ['.whisker', 'stroke'], ['text', 'fill']]) {
    const mark = document.querySelector('svg ' + selector);
    if (!mark) continue;
    const [a, b] = [light(read(getComputedStyle(mark)[property])), paper].sort((x, y) => y - x);
    found[selector] = (a + 0.05) / (b + 0.05);
  }
  return found;
}"""


@pytest.mark.parametrize("width", [320, 360, 600, 768, 1024, 1600])
def test_a_page_never_scrolls_sideways(visit: Callable[..., Any], brief: str, width: int):
    seen = visit(brief, size={"width": width, "height": 800})
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_wide_table_scrolls_by_itself_and_by_keyboard(visit: Callable[..., Any], brief: str):
    page = visit(brief, size=PHONE).page
    region = page.locator(".scroll:has(.set)").first
    assert region.evaluate("each => each.scrollWidth > each.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.activeElement.scrollLeft > 0")
    assert region.get_attribute("tabindex") == "0"


def test_the_first_stop_of_the_keyboard_leads_past_the_contents(visit: Callable[..., Any], brief: str):
    page = visit(brief).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the brief"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(("width", "shown", "hidden"), [(360, ".narrow", ".wide"), (1100, ".wide", ".narrow")])
def test_each_chart_is_shown_once_in_the_size_of_its_sheet(
    visit: Callable[..., Any], brief: str, width: int, shown: str, hidden: str
):
    page = visit(brief, size={"width": width, "height": 800}).page
    sizes = page.eval_on_selector_all(
        f".panel {shown} svg", "all => all.map(s => s.getBoundingClientRect().width / s.viewBox.baseVal.width)"
    )
    assert sizes and min(sizes) > 0.9
    assert not any(box.is_visible() for box in page.locator(f".panel {hidden}").all())


def test_no_label_of_a_chart_is_cut_off(visit: Callable[..., Any], brief: str):
    for width in (360, 1100):
        page = visit(brief, size={"width": width, "height": 800}).page
        assert page.evaluate(CUT_LABELS) == []


CUT_LABELS = """() => [...document.querySelectorAll('.panel svg, .gauge svg')].filter(s => s.checkVisibility())
  .flatMap(s => {
  const sheet = s.getBoundingClientRect();
  return [...s.querySelectorAll('text')].filter(t => {
    const box = t.getBoundingClientRect();
    return box.left < sheet.left - 1 || box.right > sheet.right + 1 || box.bottom > sheet.bottom + 1;
  }).map(t => t.textContent);
})"""


def test_paper_shows_what_is_folded_and_no_navigation(visit: Callable[..., Any], brief: str):
    page = visit(brief, "dark").page
    page.emulate_media(media="print")
    assert page.locator("details").count() > 1
    assert page.evaluate("[...document.querySelectorAll('details table')].every(table => table.checkVisibility())")
    assert not page.locator("nav").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_paper_is_a4_and_nothing_reaches_over_its_edge(visit: Callable[..., Any], brief: str):
    page = visit(brief, size={"width": 680, "height": 1000}).page
    page.emulate_media(media="print")
    assert page.evaluate(CUT_CHARTS) == []
    file = page.pdf(prefer_css_page_size=True, print_background=True)
    assert file.startswith(b"%PDF-") and b"/MediaBox [0 0 594.95996 841.91998]" in file


CUT_CHARTS = """() => [...document.querySelectorAll('svg, table')].filter(e => e.checkVisibility())
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(e => e.outerHTML.slice(0, 80))"""


def test_hostile_text_stays_text_even_without_the_policy(
    visit: Callable[..., Any], documents: Any, hostility: Any, tmp_path: Any
):
    from comity.brief import render_html

    usual = None
    file = tmp_path / "hostile.html"
    seen = visit("about:blank")
    for payload in ("plain words", *hostility.PAYLOADS):
        text = render_html(hostility.poison(documents.make_pair(), payload))
        file.write_text(text.replace("Content-Security-Policy", "X-Not-A-Policy"), encoding="utf-8")
        seen.show(file.as_uri())
        tags = seen.page.evaluate("[...document.querySelectorAll('*')].map(element => element.tagName)")
        usual = usual or tags
        assert tags == usual, payload
        assert (seen.messages, seen.requests, seen.dialogs) == ([], [], []), payload
        assert seen.page.evaluate(HANDLERS) == 0, payload


HANDLERS = """[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])
  .filter(a => a.name.startsWith('on')).length"""


def test_no_linked_address_leaves_the_web(visit: Callable[..., Any], documents: Any, hostility: Any, tmp_path: Any):
    from comity.brief import render_html

    file = tmp_path / "hostile.html"
    seen = visit("about:blank")
    for payload in hostility.ADDRESSES:
        file.write_text(render_html(hostility.append(documents.make_pair(), payload)), encoding="utf-8")
        seen.show(file.as_uri())
        schemes = seen.page.evaluate("[...document.links].map(link => link.protocol)")
        assert set(schemes) <= {"https:", "http:", "file:"}, payload
        assert seen.page.evaluate("[...document.links].every(l => l.protocol != 'file:' || l.hash)"), payload
