"""The page of a plan that stands alone: the section of a brief, with what the parties start from before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import comity
from comity.brief.blocks import Page, Section
from comity.brief.html import render_page
from comity.brief.markdown import write_page
from comity.brief.planning import list_parts, outline_facts
from comity.brief.subject import clean_values


def render_plan_page(made: Mapping[str, Any], form: str) -> str:
    """Return a made plan as a page that stands alone.

    Parameters
    ----------
    made : mapping
        From `comity.api.make_plan`.
    form : str
        `html` or `md`.

    Returns
    -------
    str
        The same plan gives the same text.
    """
    clean = clean_values(made)
    heading = clean["plan"]
    names = " and ".join(party["name"] for party in heading["parties"])
    page = Page(
        title=heading["title"],
        kind="Plan",
        summary=f"A plan of {names}: initiatives, dates, consents, resources and gains with their intervals.",
        made="",
        facts=outline_facts(clean),
        notes=[],
        sections=[Section(uid, title, blocks) for uid, title, blocks in list_parts(clean) if blocks],
        version=comity.__version__,
        product="plan",
    )
    return render_page(page) if form == "html" else write_page(page)
