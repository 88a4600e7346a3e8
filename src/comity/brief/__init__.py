r"""brief: pages for a reader, each number with its source.

===================  =========================================================================
`render_html`        a brief document as one HTML file that asks for nothing else
`render_pdf`         the same as a tagged PDF, A4
`render_md`          the same as Markdown
`render_json`        the document itself in canonical JSON
===================  =========================================================================

The document is a plain mapping, described field by field in `comity.brief.tables`. All four are pure: the same
document gives the same bytes.

>>> from comity.brief import render_json
>>> render_json({"b": 1, "a": None})
'{\n  "a": null,\n  "b": 1\n}\n'
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DOOR = {
    "render_html": "comity.brief.html",
    "render_json": "comity.brief.data",
    "render_md": "comity.brief.markdown",
    "render_pdf": "comity.brief.typeset",
}
__all__ = ["render_html", "render_json", "render_md", "render_pdf"]


def __getattr__(name: str) -> Any:
    """Load a function of the door when it is first used."""
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_DOOR[name]), name)
