"""IATI 2.03: what stands as activities with results, written so that what IATI has no place for is kept beside it.

An agreement is an activity, its parties are participating organisations; a commitment is a result with one indicator,
its baseline, and a period that ends on the due day with the target; a piece of evidence is a document link, under an
actual value where it has one. Every element that stands for a record carries, in the namespace of the register, a
`rest`: those fields which reading the element alone would not give. Articles and assessments have no place in IATI and
stand there whole, as `record`.

References
----------
iati-2018; see docs/bibliography.md.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from xml.etree import ElementTree as ET

from comity.commitments.exchange.iati_fields import (
    ACTUAL_START,
    AGREEMENT_TEXT,
    NAMESPACE,
    PLANNED_START,
    derive_agreement,
    derive_commitment,
    derive_evidence,
)
from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Record, Standing
from comity.commitments.register.content import describe_record, encode_json, encode_record, list_fields, name_kind
from comity.commitments.register.rules import is_link
from comity.lexicon import get_actor

VERSION = "2.03"
GOVERNMENT, MULTILATERAL = "10", "40"
_ROLE_IMPLEMENTING, _IN_IMPLEMENTATION, _MULTINATIONAL, _RESULTS, _OUTPUT = "4", "2", "3", "A08", "1"
_UNITS, _PERCENT, _QUALITATIVE = "1", "2", "5"


def write_iati(standing: Standing) -> bytes:
    """Return an IATI 2.03 file of what stands; the same standing gives the same bytes.

    Parameters
    ----------
    standing : Standing
        What to write.

    Returns
    -------
    bytes
        XML in UTF-8.
    """
    ET.register_namespace("comity", NAMESPACE)
    moment = standing.known.isoformat(timespec="seconds").replace("+00:00", "Z")
    root = ET.Element("iati-activities", {"version": VERSION, "generated-datetime": moment})
    articles: dict[str, list[Article]] = defaultdict(list)
    commitments: dict[str, list[Commitment]] = defaultdict(list)
    below: dict[str, list[Evidence | Assessment]] = defaultdict(list)
    for article in standing.articles:
        articles[article.agreement].append(article)
    for commitment in standing.commitments:
        commitments[commitment.article].append(commitment)
    for evidence in standing.evidence:
        below[evidence.commitment].append(evidence)
    for assessment in standing.assessments:
        below[assessment.commitment].append(assessment)
    for agreement in standing.agreements:
        activity = _write_activity(root, agreement, moment)
        derived = derive_agreement(activity)
        activity_results = [c for article in articles[agreement.id] for c in commitments[article.id]]
        for number, commitment in enumerate(activity_results, 1):
            _write_result(activity, derived, number, commitment, below[commitment.id])
        for article in articles[agreement.id]:
            ET.SubElement(activity, f"{{{NAMESPACE}}}record").text = encode_record(article)
        _write_rest(activity, agreement, derived)
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _write_activity(root: ET.Element, agreement: Agreement, moment: str) -> ET.Element:
    """Add the activity of an agreement, up to its results."""
    activity = ET.SubElement(root, "iati-activity", {"last-updated-datetime": moment, _LANGUAGE: "en"})
    ET.SubElement(activity, "iati-identifier").text = agreement.id
    reporting = {"ref": "comity-register", "type": GOVERNMENT, "secondary-reporter": "1"}
    _narrate(ET.SubElement(activity, "reporting-org", reporting), agreement.entered_by)
    _narrate(ET.SubElement(activity, "title"), agreement.title)
    _narrate(ET.SubElement(activity, "description", {"type": "1"}), agreement.title)
    for party in agreement.parties:
        actor = get_actor(party)
        kind = GOVERNMENT if actor.kind == "state" else MULTILATERAL
        _narrate(ET.SubElement(activity, "participating-org", {"type": kind, "role": _ROLE_IMPLEMENTING}), actor.name)
    ET.SubElement(activity, "activity-status", {"code": _IN_IMPLEMENTATION})
    days = {PLANNED_START: agreement.signed or agreement.valid_from, ACTUAL_START: agreement.in_force}
    for code, day in days.items():
        if day is not None:
            ET.SubElement(activity, "activity-date", {"type": code, "iso-date": day.isoformat()})
    ET.SubElement(activity, "activity-scope", {"code": _MULTINATIONAL})
    if is_link(agreement.reference):
        link = ET.SubElement(activity, "document-link", {"url": agreement.reference, "format": "text/html"})
        _narrate(ET.SubElement(link, "title"), agreement.title)
        ET.SubElement(link, "category", {"code": AGREEMENT_TEXT})
    return activity


def _write_result(
    activity: ET.Element, above: dict[str, Any], number: int, commitment: Commitment, below: list[Evidence | Assessment]
) -> None:
    """Add the result of a commitment, with its evidence and assessments."""
    result = ET.SubElement(activity, "result", {"type": _OUTPUT, "aggregation-status": "0"})
    _narrate(ET.SubElement(result, "title"), commitment.obligation)
    with_value = [e for e in below if isinstance(e, Evidence) and e.value is not None and commitment.due is not None]
    without = [e for e in below if isinstance(e, Evidence) and (e.value is None or commitment.due is None)]
    links: list[tuple[Evidence, ET.Element, ET.Element | None]] = []
    links += [(evidence, _write_link(result, evidence), None) for evidence in without]
    indicator, period = _write_indicator(result, commitment)
    for evidence in with_value:
        actual = ET.SubElement(_need(period), "actual", {"value": str(evidence.value)})
        links.append((evidence, _write_link(actual, evidence), actual))
    derived = derive_commitment(above, (result, indicator, period), f"{above['id']}/result/{number}")
    for place, (evidence, link, holder) in enumerate(links, 1):
        _write_rest(link, evidence, derive_evidence(derived, link, holder, f"{derived['id']}/e{place}"))
    for record in below:
        if isinstance(record, Assessment):
            ET.SubElement(result, f"{{{NAMESPACE}}}record").text = encode_record(record)
    _write_rest(result, commitment, derived)


def _write_indicator(result: ET.Element, commitment: Commitment) -> tuple[ET.Element, ET.Element | None]:
    """Add the indicator of a commitment and, where it has a due day, its period."""
    measure = _UNITS if commitment.indicator else _QUALITATIVE
    measure = _PERCENT if commitment.unit == "%" else measure
    indicator = ET.SubElement(result, "indicator", {"measure": measure, "aggregation-status": "0"})
    _narrate(ET.SubElement(indicator, "title"), commitment.indicator or commitment.obligation)
    start = commitment.valid_from
    if commitment.baseline is not None:
        stated = {"year": str(start.year), "iso-date": start.isoformat(), "value": str(commitment.baseline)}
        ET.SubElement(indicator, "baseline", stated)
    if commitment.due is None:
        return indicator, None
    period = ET.SubElement(indicator, "period")
    ET.SubElement(period, "period-start", {"iso-date": min(start, commitment.due).isoformat()})
    ET.SubElement(period, "period-end", {"iso-date": commitment.due.isoformat()})
    if commitment.target is not None:
        ET.SubElement(period, "target", {"value": str(commitment.target)})
    return indicator, period


def _write_link(holder: ET.Element, evidence: Evidence) -> ET.Element:
    """Add the document link of a piece of evidence."""
    link = ET.SubElement(holder, "document-link", {"url": evidence.link, "format": "text/html"})
    _narrate(ET.SubElement(link, "title"), evidence.link)
    if evidence.quotation:
        _narrate(ET.SubElement(link, "description"), evidence.quotation)
    ET.SubElement(link, "category", {"code": _RESULTS})
    ET.SubElement(link, "document-date", {"iso-date": evidence.day.isoformat()})
    return link


def _write_rest(element: ET.Element, record: Record, derived: dict[str, Any]) -> None:
    """Add the fields of a record that reading its element alone would not give."""
    described = describe_record(record)
    names = list_fields(name_kind(record))
    rest = {name: described.get(name) for name in names if described.get(name) != derived.get(name)}
    ET.SubElement(element, f"{{{NAMESPACE}}}rest").text = encode_json(rest)


def _narrate(element: ET.Element, text: str) -> None:
    """Add a narrative."""
    ET.SubElement(element, "narrative").text = text


def _need(period: ET.Element | None) -> ET.Element:
    """Return the period, which is there wherever a commitment is due."""
    assert period is not None
    return period


_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
