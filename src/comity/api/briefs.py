"""Briefs as documents and as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from comity.api.view import View, WrongUse
from comity.lexicon import identify_actor

FORMATS = ("html", "pdf", "json", "md")


def compose_brief(a: str, b: str | None = None, *, view: View | None = None) -> dict[str, Any]:
    """Make the document of a brief on a pair, or on one state and its partners.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    dict
        Plain values, see `docs/methods/brief.md`.
    """
    from comity.brief import compose

    view = view or View()
    parties = [identify_actor(name) for name in (a, b) if name is not None]
    with view.open() as (con, snapshot, scale):
        return compose.compose_brief(con, snapshot, parties, scale, view.level)


def render_brief(document: dict[str, Any], form: str) -> bytes:
    """Return a document as a page.

    Parameters
    ----------
    document : dict
        From `compose_brief`.
    form : str
        `html`, `pdf`, `json` or `md`.

    Returns
    -------
    bytes
        UTF-8 text, or PDF.
    """
    if form == "html":
        from comity.brief.html import render_html

        return render_html(document).encode()
    if form == "pdf":
        from comity.brief.typeset import render_pdf

        return render_pdf(document)
    if form == "md":
        from comity.brief.markdown import render_md

        return render_md(document).encode()
    if form == "json":
        from comity.brief.data import render_json

        return render_json(document).encode()
    raise WrongUse(f"there is no format {form!r}", todo=f"choose one of {', '.join(FORMATS)}")


def write_brief(
    a: str, b: str | None = None, *, out: Path | str, form: str | None = None, view: View | None = None
) -> Path:
    """Write a brief to a file.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    out : path-like
        File to write; its ending names the format where `form` is left out.
    form : str, optional
        `html`, `pdf`, `json` or `md`.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    Path
        The file.
    """
    from comity.store.disk import write_whole

    path = Path(out)
    page = render_brief(compose_brief(a, b, view=view), form or path.suffix.removeprefix(".").lower() or "html")
    write_whole(path, page)
    return path
