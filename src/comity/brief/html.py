"""The brief as one HTML file: no script, no request, light and dark, phone and paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import count
from typing import TYPE_CHECKING, Any

from comity.brief.blocks import Draw, Figure, Page
from comity.brief.outline import render_outline

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

NARROW, PANEL, FULL = 340.0, 460.0, 720.0


def render_html(document: Mapping[str, Any]) -> str:
    """Return the brief as a self-contained HTML page.

    The page holds no script, asks for nothing over the network and forbids both by its own policy. Charts are
    inline SVG, drawn once for a wide and once for a narrow sheet. Every text of the document is escaped by the
    template; only complete http and https addresses become links.

    Parameters
    ----------
    document : mapping
        The brief document (fields in `comity.brief.tables`).

    Returns
    -------
    str
        HTML, the same for the same document.

    Raises
    ------
    DocumentError
        When a field is missing or holds a value that cannot be shown rightly.
    """
    return render_page(render_outline(document))


def render_page(page: Page) -> str:
    """Return a page in blocks as HTML.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
        HTML, the same for the same page.
    """
    from markupsafe import Markup

    numbers = count(1)
    return _load_template().render(
        page=page,
        style=Markup(_read_template("page.css")),
        draw=_draw,
        drawn=Markup,
        fresh=lambda prefix: f"{prefix}-{next(numbers)}",
    )


@lru_cache(maxsize=1)
def _load_template() -> Template:
    """Return the page template; every value that it prints is escaped."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    names = ("page.html.jinja", "blocks.html.jinja")
    environment = Environment(
        loader=DictLoader({name: _read_template(name) for name in names}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja")


@lru_cache(maxsize=4)
def _read_template(name: str) -> str:
    """Return a file of the templates folder."""
    return (files("comity.brief") / "templates" / name).read_text(encoding="utf-8")


def _draw(draw: Draw, uid: str, size: str, figure: Figure | None = None) -> Markup:
    """Return one drawing for a wide or a narrow sheet; its text was escaped when it was drawn."""
    from markupsafe import Markup

    wide = PANEL if figure is not None and len(figure.panels) > 1 else FULL
    return Markup(draw(uid, NARROW if size == "narrow" else wide))
