"""Defaults, templates and exceptions: what each partner inherits, and from where."""

from __future__ import annotations

from collections.abc import Mapping

from comity.conduct.fields import is_off
from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.findings import Findings

DEFAULT = "default"
NOBODY = "none"
CHOICES = {"answer": ("measures", "kinds"), "gesture": ("types", "codes")}
"""Fields that are one choice: giving one of them replaces what was inherited of both."""


def find_parent(name: str, section: Node) -> str | None:
    """Return the name of the section that another extends: the default where it does not say; None for the top."""
    said = section.read_text("extends")
    if said:
        return None if said == NOBODY else said
    return None if name == DEFAULT else DEFAULT


def trace_parents(name: str, sections: Mapping[str, Node], findings: Findings) -> list[str] | None:
    """Return a section and those that it inherits from, nearest first.

    Parameters
    ----------
    name : str
        Name of the section.
    sections : mapping of str to Node
        The default, the templates and the partners.
    findings : Findings
        Takes a circle or an unknown name.

    Returns
    -------
    list of str or None
        None where the chain does not end.
    """
    chain = [name]
    while True:
        section = sections[chain[-1]]
        parent = find_parent(chain[-1], section)
        if parent is None or (parent == DEFAULT and parent not in sections and not section.read_text("extends")):
            return chain
        here = section.get("extends") or section
        if parent not in sections:
            near = find_nearest(parent, sections)
            todo = f"the nearest: {', '.join(near)}" if near else f"name one of {', '.join(sections)}"
            findings.add(here, f"there is nothing named {parent!r} to extend", todo=todo)
            return None
        if parent in chain:
            circle = " -> ".join([*chain[chain.index(parent) :], parent])
            findings.add(here, f"the inheritance is circular: {circle}", "no rule could ever be read from it",
                         "let one of them extend default or none")  # fmt: skip
            return None
        chain.append(parent)


def merge_rules(chain: list[str], sections: Mapping[str, Node]) -> dict[str, Node]:
    """Return the rules of a section with what it inherits, without those that are off.

    Parameters
    ----------
    chain : list of str
        From `trace_parents`: nearest first.
    sections : mapping of str to Node

    Returns
    -------
    dict of str to Node
        Each value keeps the line on which it was written.
    """
    rules: dict[str, Node] = {}
    for name in reversed(chain):
        own = sections[name].get("rules")
        for rule, node in own.fields.items() if own is not None else ():
            rules[rule] = _merge(rules[rule], node, "") if rule in rules else node
    return {name: node for name, node in rules.items() if not is_off(node)}


def _merge(parent: Node, child: Node, name: str) -> Node:
    """Return a child over its parent, field by field; lists and plain values replace."""
    if parent.form != "map" or child.form != "map":
        return child
    choice = CHOICES.get(name, ())
    chosen = any(field in child.fields for field in choice)
    kept = {field: node for field, node in parent.fields.items() if not (chosen and field in choice)}
    fields = {
        **kept,
        **{field: _merge(kept[field], node, field) if field in kept else node for field, node in child.fields.items()},
    }
    return Node("map", child.line, child.column, child.path, fields=fields)
