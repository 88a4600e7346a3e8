"""What IATI 2.03 prescribes of the elements that the register writes: their order, how many, and what they must carry.

The table says in our own way what `iati-activities-schema.xsd` and `iati-common.xsd` of version 2.03 say of these
elements (`iati-2018` in docs/bibliography.md); elements that the register never writes are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from tests.rooms.commitments.strategies import registers
from tests.specimens.registers import build_records, open_empty

from comity.api import read_register_example
from comity.commitments.errors import RecordsRefused
from comity.commitments.exchange import read_records, write_standing
from comity.commitments.exchange.iati_codes import list_odd, read_codes
from comity.commitments.exchange.iati_fields import NAMESPACE
from comity.commitments.records import Evidence, Record
from comity.commitments.register import read_standing, record_batch, record_entries

MANY = 10**9
NARRATED = [("narrative", 1, MANY)]
DAY, NUMBER, WHOLE, FLAG, CODE = r"\d{4}-\d\d-\d\d", r"-?\d.*", r"\d{4}", "[01]", r"[A-Z]?\d+"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
# Element, by its path from the nearest one that tells it apart: children in order with least and most; required
# attributes with their form.
RULES: dict[str, tuple[list[tuple[str, int, int]], dict[str, str]]] = {
    "iati-activities": ([("iati-activity", 1, MANY)], {"version": r"2\.03"}),
    "iati-activity": (
        [("iati-identifier", 1, 1), ("reporting-org", 1, 1), ("title", 1, 1), ("description", 1, MANY),
         ("participating-org", 1, MANY), ("activity-status", 1, 1), ("activity-date", 1, MANY),
         ("activity-scope", 0, 1), ("document-link", 0, MANY), ("result", 0, MANY)],
        {"last-updated-datetime": MOMENT},
    ),
    "iati-identifier": ([], {}),
    "reporting-org": (NARRATED, {"ref": r"\S+", "type": CODE}),
    "title": (NARRATED, {}),
    "description": (NARRATED, {}),
    "narrative": ([], {}),
    "participating-org": ([("narrative", 0, MANY)], {"role": "[1-4]"}),
    "activity-status": ([], {"code": "[1-6]"}),
    "activity-date": ([("narrative", 0, MANY)], {"type": "[1-4]", "iso-date": DAY}),
    "activity-scope": ([], {"code": "[1-8]"}),
    "document-link": (
        [("title", 1, 1), ("description", 0, 1), ("category", 1, MANY), ("document-date", 0, 1)],
        {"url": r"https?://.+", "format": r"\w+/\w+"},
    ),
    "category": ([], {"code": r"[AB]\d\d"}),
    "document-date": ([], {"iso-date": DAY}),
    "result": (
        [("title", 1, 1), ("description", 0, 1), ("document-link", 0, MANY), ("indicator", 1, MANY)],
        {"type": "[1239]"},
    ),
    "indicator": ([("title", 1, 1), ("description", 0, 1), ("baseline", 0, MANY), ("period", 0, MANY)],
                  {"measure": "[1-5]"}),
    "baseline": ([], {"year": WHOLE}),
    "period": ([("period-start", 1, 1), ("period-end", 1, 1), ("target", 0, MANY), ("actual", 0, MANY)], {}),
    "period-start": ([], {"iso-date": DAY}),
    "period-end": ([], {"iso-date": DAY}),
    "target": ([], {}),
    "actual": ([("document-link", 0, MANY)], {}),
}  # fmt: skip
OPTIONAL = {"generated-datetime": MOMENT, "aggregation-status": FLAG, "secondary-reporter": FLAG, "type": CODE,
            "iso-date": DAY, "value": NUMBER}  # fmt: skip


def list_breaches(element: ET.Element) -> Iterator[str]:
    """Yield what in an element, and below it, is not as prescribed."""
    yield from list_misplaced(element)
    yield from list_odd_values(element)
    if element.tag == "iati-activity":
        yield from (odd.what for odd in list_odd(element))
    if element.tag == "indicator" and element.get("measure") == "5":
        yield from (f"indicator: {each.tag} has a value" for each in element.iter() if each.get("value"))
    if element.tag == "period" and (element[0].get("iso-date") or "") > (element[1].get("iso-date") or ""):
        yield "period: ends before it begins"
    for child in element:
        if not child.tag.startswith("{"):
            yield from list_breaches(child)


def list_misplaced(element: ET.Element) -> Iterator[str]:
    """Yield the children of an element that are too few, too many, unknown or out of order."""
    children, _ = RULES[element.tag]
    names = [child.tag for child in element]
    plain = [name for name in names if not name.startswith("{")]
    if names[: len(plain)] != plain:
        yield f"{element.tag}: an element of another namespace stands before {plain[-1]}"
    order = [name for name, _, _ in children]
    if not set(plain) <= set(order):
        yield f"{element.tag}: holds {sorted(set(plain) - set(order))}"
    elif plain != sorted(plain, key=order.index):
        yield f"{element.tag}: the order is {plain}"
    yield from (
        f"{element.tag}: has {plain.count(name)} times {name}"
        for name, least, most in children
        if not least <= plain.count(name) <= most
    )


def list_odd_values(element: ET.Element) -> Iterator[str]:
    """Yield the attributes of an element that are missing, or not of their form."""
    required = RULES[element.tag][1]
    given = {name: form for name, form in OPTIONAL.items() if name in element.keys()}
    for name, form in {**given, **required}.items():
        if not re.fullmatch(form, element.get(name, "")):
            yield f"{element.tag}: {name} is {element.get(name)!r}"


def export(records: list[Record]) -> ET.Element:
    """Give the root of a file of what records make stand."""
    with open_empty() as register:
        record_entries(register, records)
        return ET.fromstring(write_standing(read_standing(register), "iati"))


@settings(max_examples=25)
@given(records=registers())
def test_what_is_written_has_the_prescribed_order_and_number(records: list[Record]):
    assert list(list_breaches(export(records))) == []


def test_the_worked_example_has_them_too():
    records = read_records(read_register_example().encode(), "example.json").records
    root = export(records)
    assert list(list_breaches(root)) == []
    assert len(root.findall("iati-activity/result/indicator")) == 4


@pytest.mark.parametrize("path", ["iati-activity/title", "iati-activity/result/indicator/period/period-end",
                                  "iati-activity/reporting-org", "iati-activity/result/indicator"])  # fmt: skip
def test_the_rules_see_what_is_missing_or_misplaced(path: str):
    root = export(build_records())
    above, _, name = path.rpartition("/")
    holder = root.find(above)
    assert holder is not None
    found = holder.find(name)
    assert found is not None
    holder.remove(found)
    assert any(f"0 times {name}" in said for said in list_breaches(root))
    holder.append(found)
    assert list(list_breaches(root)), "at the end of its list it stands behind others, or behind our own namespace"
    assert any(child.tag.startswith(f"{{{NAMESPACE}}}") for child in root.iter())


def build_linked() -> list[Record]:
    """Give records that have every kind of link: of the agreement, of evidence with a reading and without one."""
    first, *records = build_records()
    pact = replace(first, reference="https://example.org/pact")
    plain = {next(row.id for row in records if isinstance(row, Evidence))}
    return [pact, *(replace(row, value=None) if row.id in plain else row for row in records)]


def test_every_coded_value_that_is_written_is_in_its_list():
    root = export(build_linked())
    attributes = {(coded.path, coded.attribute) for coded in read_codes()}
    found = {path: root.findall(f"iati-activity/{path}") for path, _ in attributes}
    assert sum(any(each.get(name) for each in found[path]) for path, name in attributes) >= 12
    assert [odd for activity in root for odd in list_odd(activity)] == []
    assert {each.get("{http://www.w3.org/XML/1998/namespace}lang") for each in root} == {"en"}


@pytest.mark.parametrize("coded", read_codes(), ids=lambda coded: f"{coded.path}@{coded.attribute}")
def test_a_code_that_its_list_does_not_have_is_told_and_the_rest_is_taken(coded):
    root = export(build_linked())
    for element in root.iterfind(f"iati-activity/{coded.path}"):
        element.set(coded.attribute, "99")
    try:
        received = read_records(ET.tostring(root), "odd.xml")
    except RecordsRefused as refused:
        assert coded.list == "ActivityDateType", "without its day an agreement cannot be entered"
        told = [problem.what for problem in refused.problems]
    else:
        assert len(received.records) == len(build_linked())
        told = received.notes
    assert any(coded.list in each and "'99'" in each for each in told)


def test_a_party_that_is_not_known_is_told():
    root = export(build_linked())
    first = root.find("iati-activity/participating-org/narrative")
    assert first is not None
    first.text = "Norge og en til"
    ET.SubElement(root[0], "recipient-country", {"code": "QQ"})
    received = read_records(ET.tostring(root), "odd.xml")
    told = " ".join(received.notes)
    assert "Norge og en til" in told and "'QQ'" in told
    with open_empty() as register, pytest.raises(RecordsRefused) as refused:
        record_batch(register, received.batch)
    said = str(refused.value)
    assert "'NOR' is no party" in said and "Norge og en til" in said, "told with what follows"
