"""From the forms that a check uses to a JSON Schema, so that an editor and the check ask for the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from comity.forms.fields import LONGEST_TEXT, SLUG, Form, Forms

SLUG_PATTERN = f"^{SLUG.pattern}$"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write_object(forms: Forms, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the schema of one group of fields.

    Parameters
    ----------
    forms : mapping of str to Form
        The fields.
    texts : mapping of str to str
        What a field means, by its name.

    Returns
    -------
    dict
        An object without further fields.

    Examples
    --------
    >>> write_object({"id": Form("slug", required=True)}, {})["required"]
    ['id']
    """
    required = [name for name, form in forms.items() if form.required]
    return {
        "type": "object",
        "additionalProperties": False,
        **({"required": required} if required else {}),
        "properties": {name: _write_field(name, form, texts) for name, form in forms.items()},
    }


def _write_field(name: str, form: Form, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the schema of one field."""
    kinds: dict[str, dict[str, Any]] = {
        "text": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
        "slug": {"type": "string", "pattern": SLUG_PATTERN},
        "whole": {"type": "integer"},
        "number": {"type": "number"},
        "flag": {"type": "boolean"},
        "list": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        "items": {"type": "array", "minItems": 1, "items": {"type": "object"}},
        "map": {"type": "object"},
    }
    found = dict(kinds[form.form])
    if math.isfinite(form.low):
        found["minimum"] = form.low
    if math.isfinite(form.high):
        found["maximum"] = form.high
    if name in texts:
        found["description"] = texts[name]
    return found
