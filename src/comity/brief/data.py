"""The document as canonical JSON: for machines, and for whoever wants to check a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from comity.brief.errors import DocumentError


def render_json(document: Mapping[str, Any]) -> str:
    r"""Return the document as canonical JSON.

    Keys are sorted, indentation is two spaces, every character outside ASCII is escaped (so that no terminal or
    editor shows a hidden one), and the text ends with a line break. Nothing is cleaned or shortened.

    Parameters
    ----------
    document : mapping
        The brief document.

    Returns
    -------
    str
        JSON text; the same document gives the same text.

    Raises
    ------
    DocumentError
        When a number is not finite, or a value has no form in JSON.

    Examples
    --------
    >>> render_json({"score": None})
    '{\n  "score": null\n}\n'
    """
    try:
        return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(
            f"the brief document has no form in JSON: {error}",
            where="brief document",
            why="another reader would take a wrong value for a number",
            todo="give null for what is not known, and plain text, numbers, lists and mappings only",
        ) from error
