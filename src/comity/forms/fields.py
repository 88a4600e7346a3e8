"""The forms of fields: which may stand where, of what form, within what limits; and what they hold."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.findings import Findings

LONGEST_TEXT = 2000
SLUG = re.compile(r"[a-z][a-z0-9-]{0,63}")
WHOLE = re.compile(r"[+-]?\d+")
FLAGS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a field: text, whole, number, flag, slug, list (of texts), items (of maps) or map; and its limits."""

    form: str
    required: bool = False
    low: float = -math.inf
    high: float = math.inf


Forms = Mapping[str, Form]


def check_fields(node: Node, forms: Forms, findings: Findings) -> bool:
    """Note fields that are unknown, missing, of another form or beyond their limits.

    Parameters
    ----------
    node : Node
        Should be a map.
    forms : mapping of str to Form
        The fields that may stand in it.
    findings : Findings
        Takes the problems.

    Returns
    -------
    bool
        Whether the node is a map at all.
    """
    if node.form != "map":
        findings.add(node, f"here stands {name_form(node)}, not fields", todo=f"give {', '.join(forms)}")
        return False
    for name, value in node.fields.items():
        if name in forms:
            check_form(value, forms[name], findings)
        else:
            near = find_nearest(name, forms)
            hint = f"did you mean {near[0]}?" if near else f"the fields here are {', '.join(forms)}"
            findings.add(value, f"there is no field {name!r} here", "it would be read by nobody", hint)
    for name, form in forms.items():
        if form.required and name not in node.fields:
            findings.add(node, f"the field {name!r} is missing", todo=f"add {name}: ...")
    return True


def check_form(node: Node, form: Form, findings: Findings) -> None:
    """Note it where one value has another form than its field asks for."""
    if form.form == "map":
        if node.form != "map":
            findings.add(node, f"here stands {name_form(node)}, not fields", todo="indent the fields below it")
    elif form.form in ("list", "items"):
        _check_list(node, form, findings)
    elif node.form != "text" or not node.text.strip():
        findings.add(node, f"here stands {name_form(node)}, not a {form.form}", todo="give one value")
    else:
        _check_scalar(node, form, findings)


def _check_list(node: Node, form: Form, findings: Findings) -> None:
    """Note it where a list is none, is empty, or holds something else."""
    if node.form != "list":
        findings.add(node, f"here stands {name_form(node)}, not a list", todo="write [one, another]")
        return
    if not node.items:
        findings.add(node, "the list is empty", todo="give at least one, or leave the field out")
    wanted = "map" if form.form == "items" else "text"
    for item in node.items:
        if item.form != wanted or (wanted == "text" and not item.text.strip()):
            findings.add(item, f"the list holds {name_form(item)}", todo=f"give each as {wanted}")


def _check_scalar(node: Node, form: Form, findings: Findings) -> None:
    """Note it where a text is no number, no flag, no short name, or beyond its limits."""
    text = node.text.strip()
    if form.form in ("whole", "number"):
        number = read_number(node, whole=form.form == "whole")
        if number is None:
            wanted = "whole number" if form.form == "whole" else "number"
            findings.add(node, f"{text!r} is no {wanted}", todo="write digits")
        elif not form.low <= number <= form.high:
            findings.add(node, f"{text} is not from {form.low:g} to {form.high:g}", todo="give a number in that range")
    elif form.form == "flag" and text.casefold() not in FLAGS:
        findings.add(node, f"{text!r} is neither true nor false", todo="write true or false")
    elif form.form == "slug" and not SLUG.fullmatch(text):
        findings.add(node, f"{text!r} is no short name", todo="use small letters, digits and hyphens")
    elif len(text) > LONGEST_TEXT:
        findings.add(node, f"the text has {len(text):,} characters", todo=f"write at most {LONGEST_TEXT:,}")


def read_number(node: Node | None, *, whole: bool = False) -> float | None:
    """Return the number that a node holds, or None where it is none."""
    text = "" if node is None else node.text.strip()
    if whole and not WHOLE.fullmatch(text):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_flag(node: Node | None) -> bool:
    """Return whether a flag is set; a missing one is not."""
    return node is not None and FLAGS.get(node.text.strip().casefold(), False)


def list_texts(node: Node | None) -> list[Node]:
    """Return the texts of a list; none where it is no list."""
    return [] if node is None else [item for item in node.items if item.form == "text"]


def name_form(node: Node) -> str:
    """Return what stands at a node, in words."""
    if node.form == "text":
        return f"the text {node.text.strip()!r}" if node.text.strip() else "an empty text"
    return {"map": "a group of fields", "list": "a list", "empty": "nothing"}[node.form]
