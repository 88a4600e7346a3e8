"""The page of a register's status that stands alone: the section of a brief, under its own title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import comity
from comity.brief.blocks import Page, Section
from comity.brief.html import render_page
from comity.brief.markdown import write_page
from comity.brief.promises import list_promise_parts, outline_day
from comity.brief.subject import clean_values


def render_status_page(found: Mapping[str, Any], form: str) -> str:
    """Return the status of commitments as a page that stands alone.

    Parameters
    ----------
    found : mapping
        From `comity.brief.promises.describe_promises`.
    form : str
        `html` or `md`.

    Returns
    -------
    str
        The same status gives the same text.
    """
    clean = clean_values(found)
    names = " and ".join(clean["names"].values()) if len(clean["names"]) == 2 else f"{len(clean['names'])} parties"
    page = Page(
        title=f"What was agreed, what was kept: {names}",
        kind="Status of commitments",
        summary=f"Commitments of {names}: state, basis, due day, whose step is next, and the evidence.",
        made="",
        facts=outline_day(clean),
        notes=[],
        sections=[Section(uid, title, blocks) for uid, title, blocks in list_promise_parts(clean) if blocks],
        version=comity.__version__,
        product="status",
    )
    return render_page(page) if form == "html" else write_page(page)
