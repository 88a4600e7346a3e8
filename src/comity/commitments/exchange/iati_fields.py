"""Which fields of a record the elements of IATI give by themselves; writing and reading share this."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from comity.lexicon import find_actor

NAMESPACE = "urn:comity:register:1"
"""Namespace of what IATI has no place for."""
PLANNED_START, ACTUAL_START = "1", "2"
AGREEMENT_TEXT = "A09"
"""Code of a document link: memorandum of understanding, agreed by all parties."""
_PERCENT, _QUALITATIVE = "2", "5"
Parts = tuple[Element, Element | None, Element | None]


def derive_agreement(activity: Element) -> dict[str, Any]:
    """Return the fields of an agreement that an activity gives."""
    dates = {each.get("type"): each.get("iso-date", "")[:10] for each in activity.findall("activity-date")}
    signed, in_force = dates.get(PLANNED_START), dates.get(ACTUAL_START)
    links = activity.findall("document-link")
    texts = [each.get("url") for each in links if AGREEMENT_TEXT in [c.get("code") for c in each.findall("category")]]
    reporter = activity.find("reporting-org")
    derived = {
        "id": (activity.findtext("iati-identifier") or "").strip(),
        "title": tell(activity.find("title")),
        "parties": find_parties(activity),
        "entered_by": tell(reporter) or ("" if reporter is None else reporter.get("ref", "")),
        "valid_from": signed or in_force,
        "signed": signed,
        "in_force": in_force,
        "reference": texts[0] if texts else None,
    }
    return {name: value for name, value in derived.items() if value}


def find_parties(activity: Element) -> list[str]:
    """Return the states and organisations between states that take part, or else the recipient countries."""
    names = [tell(each) for each in activity.findall("participating-org")]
    found = [actor.id for actor in map(find_actor, filter(None, names)) if actor is not None]
    if not found:
        codes = [each.get("code", "") for each in activity.findall("recipient-country")]
        found = [actor.id for actor in map(find_actor, filter(None, codes)) if actor is not None]
    return list(dict.fromkeys(found))


def derive_commitment(above: dict[str, Any], parts: Parts, id: str) -> dict[str, Any]:
    """Return the fields of a commitment that a result, one of its indicators and one of its periods give."""
    result, indicator, period = parts
    parties = above.get("parties", [])
    end = None if period is None else period.find("period-end")
    derived = {
        "id": id,
        "article": f"{above.get('id', '')}/results",
        "entered_by": above.get("entered_by"),
        "valid_from": above.get("valid_from"),
        "party": parties[0] if len(parties) == 1 else None,
        "obligation": tell(result.find("title")),
        "due": None if end is None else end.get("iso-date", "")[:10],
        **_derive_measure(indicator, period),
    }
    return {name: value for name, value in derived.items() if value}


def _derive_measure(indicator: Element | None, period: Element | None) -> dict[str, Any]:
    """Return what an indicator measures, from where and to where."""
    if indicator is None or indicator.get("measure") == _QUALITATIVE:
        return {}
    baseline = indicator.find("baseline")
    target = None if period is None else period.find("target")
    return {
        "indicator": tell(indicator.find("title")),
        "unit": "%" if indicator.get("measure") == _PERCENT else None,
        "baseline": None if baseline is None else baseline.get("value"),
        "target": None if target is None else target.get("value"),
    }


def derive_evidence(above: dict[str, Any], link: Element, actual: Element | None, id: str) -> dict[str, Any]:
    """Return the fields of a piece of evidence that a document link gives, and the actual value that it stands for."""
    date = link.find("document-date")
    derived = {
        "id": id,
        "commitment": above["id"],
        "entered_by": above.get("entered_by"),
        "valid_from": above.get("valid_from"),
        "link": link.get("url"),
        "day": None if date is None else date.get("iso-date", "")[:10],
        "quotation": tell(link.find("description")),
        "value": None if actual is None else actual.get("value"),
        "direction": "neither",
        "strength": 1,
    }
    return {name: value for name, value in derived.items() if value}


def tell(element: Element | None) -> str:
    """Return the first narrative of an element, without space around it."""
    return "" if element is None else (element.findtext("narrative") or "").strip()
