"""The page of a plan in a real browser: silent, accessible, never wider than the sheet, each chart shown once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.plans import SMALL

from comity.api import make_plan, render_plan

pytestmark = pytest.mark.browser

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the address of a made plan's page."""
    pytest.importorskip("ortools", reason="the extra `plan` is not installed")
    folder: Path = tmp_path_factory.mktemp("plan")
    (folder / "plan.yml").write_text(SMALL, encoding="utf-8")
    (folder / "plan.html").write_bytes(render_plan(make_plan(folder / "plan.yml", seconds=5.0), "html"))
    return (folder / "plan.html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_the_page_of_a_plan_breaks_no_rule_of_access(visit: Callable[..., Any], page: str, scheme: str, size: Any):
    from axe_playwright_python.sync_playwright import Axe

    seen = visit(page, scheme, size)
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": LEVELS}}
    found = Axe().run(seen.page, options=options).response
    assert len(found["passes"]) > 10
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]] == []
    assert (seen.messages, seen.requests, seen.dialogs) == ([], [], [])
    assert seen.page.title().endswith("Comity plan")


@pytest.mark.parametrize("width", [360, 768, 1600])
def test_the_page_of_a_plan_never_scrolls_sideways(visit: Callable[..., Any], page: str, width: int):
    seen = visit(page, size={"width": width, "height": 800})
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
