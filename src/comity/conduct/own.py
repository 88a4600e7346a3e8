"""Measures of one's own: allowed only when declared in full and within the bounds of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.conduct.bounds import is_answer_code
from comity.conduct.catalogue import (
    Measure,
    build_measure,
    read_catalogue,
    read_instruments,
    read_kinds,
    read_reversibilities,
)
from comity.conduct.fields import BASIS, MEASURE, PRECEDENT
from comity.events.scale import Scale
from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.fields import check_fields, list_texts, read_flag, read_number
from comity.forms.findings import Findings

TARGETS = ("state", "igo")
SHORTEST_SOURCE = 20
"""Characters of an instrument that is cited in full."""


def read_own_measures(top: Node, scale: Scale, findings: Findings) -> Mapping[str, Measure]:
    """Return the catalogue with the profile's own measures, each checked in full.

    Parameters
    ----------
    top : Node
        The profile.
    scale : Scale
        On which their codes must have a score.
    findings : Findings
        Takes the problems.

    Returns
    -------
    mapping of str to Measure
        A measure with a problem is left out, and the profile is refused anyway.
    """
    catalogue = dict(read_catalogue())
    listed = top.get("measures")
    nodes = [node for node in listed.items if node.form == "map"] if listed is not None else []
    names = [node.read_text("id") for node in nodes]
    for node in nodes:
        measure = _read_measure(node, scale, findings)
        name = node.read_text("id")
        if name in read_catalogue() or names.count(name) > 1:
            findings.add(node.get("id") or node, f"the measure {name!r} is there already", "one name, one measure",
                         "choose another id")  # fmt: skip
        elif measure is not None:
            catalogue[name] = measure
    for node in nodes:
        _check_returns(node, catalogue, scale, findings)
    return catalogue


def _read_measure(node: Node, scale: Scale, findings: Findings) -> Measure | None:
    """Return one measure, or None where anything of it is wrong."""
    before = findings.met
    check_fields(node, MEASURE, findings)
    for name in ("id", "title", "description", "ends", "owner"):
        findings.check_bounds(node.get(name))
    _check_choice(node.get("kind"), read_kinds(), "kind of measure", findings)
    _check_choice(node.get("reversibility"), read_reversibilities(), "degree of reversibility", findings)
    _check_target(node, findings)
    _check_sources(node, findings)
    _check_codes(node, scale, findings)
    if findings.met > before:
        return None
    return build_measure(_list_values(node), own=True)


def _check_choice(node: Node | None, known: Mapping[str, str], what: str, findings: Findings) -> None:
    """Note it where a value is not of a closed vocabulary."""
    if node is None or node.form != "text" or node.text.strip() in known:
        return
    if findings.check_bounds(node):
        near = find_nearest(node.text, known) or list(known)
        findings.add(node, f"there is no {what} {node.text.strip()!r}", "the vocabulary is closed",
                     f"use one of {', '.join(near)}")  # fmt: skip


def _check_target(node: Node, findings: Findings) -> None:
    """Note it where a measure is not open, not lawful, or not directed at states."""
    for item in list_texts(node.get("target")):
        if item.text.strip() not in TARGETS:
            findings.add(item, f"the target {item.text.strip()!r} is refused: a measure is directed at a state or an "
                         "intergovernmental organisation", "people and third parties stay out of it",
                         "write target: [state]")  # fmt: skip
    for name in ("open", "lawful"):
        flag = node.get(name)
        if flag is not None and not read_flag(flag):
            findings.add(flag, f"a measure that is not {name} is refused", todo="leave it out")


def _check_sources(node: Node, findings: Findings) -> None:
    """Note it where the basis or the precedent cannot be looked up."""
    basis = node.get("basis")
    for item in basis.items if basis is not None else ():
        if item.form == "map" and check_fields(item, BASIS, findings):
            _check_instrument(item.get("instrument"), findings)
    precedent = node.get("precedent")
    if precedent is None or precedent.form != "map":
        return
    check_fields(precedent, PRECEDENT, findings)
    if (precedent.get("case") is None) == (precedent.get("practice") is None):
        findings.add(precedent, "the precedent is not one of case and practice", todo="give case: ... or practice: ...")


def _check_instrument(node: Node | None, findings: Findings) -> None:
    """Note it where an instrument is neither a key nor cited in full."""
    text = "" if node is None else node.text.strip()
    if node is not None and text not in read_instruments() and len(text) < SHORTEST_SOURCE:
        near = find_nearest(text, read_instruments())
        todo = f"the nearest: {', '.join(near)}, or cite it in full" if near else "cite it in full, with its date"
        findings.add(node, f"the instrument {text!r} is not known", "a basis must be found by a reader", todo)


def _check_codes(node: Node, scale: Scale, findings: Findings) -> None:
    """Note it where a code is not one that a measure may carry, or the codes lie on two sides."""
    sides = set()
    for item in list_texts(node.get("codes")):
        code = item.text.strip()
        row = scale.get(code)
        if row is None or row.score is None:
            findings.add(item, f"{code!r} is no CAMEO code with a score on the scale {scale.id}",
                         todo="write the code with its leading zero, such as \"051\"")  # fmt: skip
        elif not is_answer_code(code):
            what = f"the code {code} ({row.label}) is refused: no measure may carry it"
            todo = "use a code of cooperation, complaint or recourse to law"
            findings.add(item, what, "codes of measures are a closed list", todo)
        else:
            sides.add(scale.name_side(row.score))
    if len(sides) > 1:
        findings.add(node.get("codes") or node, "the codes lie on two sides of the neutral band",
                     "the measure would have no level", "keep those of one side")  # fmt: skip


def _check_returns(node: Node, catalogue: Mapping[str, Measure], scale: Scale, findings: Findings) -> None:
    """Note it where a way back is unknown, or an unfriendly measure has none."""
    returns = list_texts(node.get("returns"))
    for item in returns:
        if item.text.strip() not in catalogue and findings.check_bounds(item):
            near = find_nearest(item.text, catalogue)
            findings.add(item, f"there is no measure {item.text.strip()!r} to return by",
                         todo=f"the nearest: {', '.join(near)}" if near else "name one of the catalogue")  # fmt: skip
    measure = catalogue.get(node.read_text("id"))
    if measure is not None and measure.own and not returns:
        if scale.name_side(measure.find_level(scale)) == "unfriendly":
            what = f"the measure {measure.id!r} has no way back"
            findings.add(node, what, "an unfriendly measure must be able to end", "add returns: [...]")


def _list_values(node: Node) -> dict[str, Any]:
    """Return the plain values of a measure that was found in order."""
    precedent = node.fields["precedent"]
    year = read_number(precedent.get("year"), whole=True)
    said = {name: item.text.strip() for name, item in precedent.fields.items()}
    lists = {name: [item.text.strip() for item in list_texts(node.get(name))] for name in ("codes", "returns")}
    texts = {name: node.read_text(name) for name in MEASURE if MEASURE[name].form in ("text", "slug")}
    basis = [{name: part.text.strip() for name, part in item.fields.items()} for item in node.fields["basis"].items]
    return {
        **texts,
        **lists,
        "basis": basis,
        "precedent": {**said, "year": None if year is None else int(year)},
        "needs_consent": read_flag(node.get("needs_consent")),
    }
