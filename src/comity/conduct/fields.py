"""The form of a profile: which fields stand where, of what form, within what limits."""

from __future__ import annotations

from comity.forms.document import Node
from comity.forms.fields import SLUG, Form, Forms, check_fields, name_form
from comity.forms.findings import SPEECH_AND_STEALTH, Findings

VERSION = "1"
OFF = "off"
MOST_DAYS = 366

DAYS = Form("whole", low=1, high=MOST_DAYS)

TOP: Forms = {
    "comity_conduct": Form("whole", required=True),
    "id": Form("slug", required=True),
    "title": Form("text", required=True),
    "state": Form("text", required=True),
    "example": Form("flag"),
    "parties": Form("map"),
    "scale": Form("text"),
    "covers": Form("text"),
    "note": Form("text"),
    "measures": Form("items"),
    "default": Form("map"),
    "templates": Form("map"),
    "partners": Form("map"),
}
SECTION: Forms = {"extends": Form("text"), "note": Form("text"), "rules": Form("map")}
RULE: Forms = {"title": Form("text"), "note": Form("text"), "gesture": Form("map"), "answer": Form("map")}
GESTURE: Forms = {
    "types": Form("list"),
    "codes": Form("list"),
    "score": Form("map"),
    "min_reports": Form("whole", low=1, high=100_000),
    "min_events": Form("whole", low=1, high=1_000),
    "window_days": DAYS,
}
SCORE: Forms = {"from": Form("number"), "to": Form("number")}
ANSWER: Forms = {
    "measures": Form("list"),
    "kinds": Form("list"),
    "owner": Form("text"),
    "deadline_days": DAYS,
    "way_back": Form("map"),
    "note": Form("text"),
}
WAY_BACK: Forms = {"when": Form("text"), "measures": Form("list"), "review_days": DAYS}
MEASURE: Forms = {
    "id": Form("slug", required=True),
    "title": Form("text", required=True),
    "description": Form("text", required=True),
    "kind": Form("text", required=True),
    "target": Form("list", required=True),
    "open": Form("flag", required=True),
    "lawful": Form("flag", required=True),
    "basis": Form("items", required=True),
    "precedent": Form("map", required=True),
    "codes": Form("list", required=True),
    "reversibility": Form("text", required=True),
    "ends": Form("text", required=True),
    "returns": Form("list"),
    "owner": Form("text", required=True),
    "needs_consent": Form("flag", required=True),
}
BASIS: Forms = {"instrument": Form("text", required=True), "article": Form("text", required=True)}
PRECEDENT: Forms = {
    "case": Form("text"),
    "practice": Form("text"),
    "year": Form("whole", low=1600, high=2100),
    "reference": Form("text", required=True),
}


def is_off(node: Node) -> bool:
    """Say whether a rule is switched off."""
    return node.form == "text" and node.plain and node.text.strip().casefold() == OFF


def check_section(node: Node, findings: Findings) -> None:
    """Check the form of the rules of the default, a template or a partner."""
    if not check_fields(node, SECTION, findings):
        return
    rules = node.get("rules")
    for name, rule in rules.fields.items() if rules is not None else ():
        if not SLUG.fullmatch(name):
            findings.add(rule, f"the rule's name {name!r} is no short name", todo="use small letters and hyphens")
        findings.check_name(rule, name)
        if not is_off(rule):
            _check_rule(rule, findings)


def _check_rule(rule: Node, findings: Findings) -> None:
    """Check the form of one rule."""
    if rule.form != "map":
        what = f"here stands {name_form(rule)}, not a rule"
        findings.add(rule, what, todo=f"give gesture and answer, or {OFF} to switch off what is inherited")
        return
    check_fields(rule, RULE, findings)
    for name in ("title", "note"):
        findings.check_bounds(rule.get(name), SPEECH_AND_STEALTH)
    parts = (("gesture", GESTURE, "score", SCORE), ("answer", ANSWER, "way_back", WAY_BACK))
    for name, forms, inner, inner_forms in parts:
        part = rule.get(name)
        if part is not None and part.form == "map":
            check_fields(part, forms, findings)
            below = part.get(inner)
            if below is not None and below.form == "map":
                check_fields(below, inner_forms, findings)
