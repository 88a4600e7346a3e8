"""The page of alerts in a real browser: silent, accessible, whole on a phone; hostile words stay words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from comity.api import find_alerts, write_alerts

pytestmark = pytest.mark.browser

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
PHONE = {"width": 360, "height": 740}
RECORD = [
    {"low": n / 10, "high": (n + 1) / 10, "alerts": 400 - 40 * n, "stated": n / 10 + 0.04, "borne_out": n / 10 + 0.02,
     "share_low": max(0.0, n / 10 - 0.05), "share_high": n / 10 + 0.09}
    for n in range(9)
]  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return find_alerts(("DEU", "RUS"), rate=4.0, every=True) | {"record": RECORD}


@pytest.fixture(scope="module")
def page(found: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the address of a page with alerts and a record."""
    file: Path = tmp_path_factory.mktemp("alerts") / "alerts.html"
    file.write_text(write_alerts(found), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_the_page_of_alerts_breaks_no_rule_of_access(visit: Callable[..., Any], page: str, scheme: str, size: Any):
    from axe_playwright_python.sync_playwright import Axe

    seen = visit(page, scheme, size)
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": LEVELS}}
    response = Axe().run(seen.page, options=options).response
    assert len(response["passes"]) > 10
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in response["violations"]] == []
    assert (seen.messages, seen.requests, seen.dialogs) == ([], [], [])


@pytest.mark.parametrize("width", [320, 360, 768, 1600])
def test_the_page_of_alerts_never_scrolls_sideways(visit: Callable[..., Any], page: str, width: int):
    seen = visit(page, size={"width": width, "height": 800})
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_words_of_events_stay_words_even_without_the_policy(
    visit: Callable[..., Any], found: dict[str, Any], hostility: Any, tmp_path: Path
):
    row = found["alerts"][0]
    event = row["events"][0]
    file, usual, seen = tmp_path / "alerts.html", None, visit("about:blank")
    for words in ("plain words", *hostility.PAYLOADS[:40]):
        hostile = [event | {"label": words, "link": words}]
        text = write_alerts(found | {"alerts": [row | {"events": hostile}], "scale": words})
        file.write_text(text.replace("Content-Security-Policy", "X-Not-A-Policy"), encoding="utf-8")
        seen.show(file.as_uri())
        tags = seen.page.evaluate("[...document.querySelectorAll('*')].map(element => element.tagName)")
        usual = usual or tags
        assert tags == usual, words
        assert (seen.messages, seen.requests, seen.dialogs) == ([], [], []), words
