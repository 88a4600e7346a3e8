"""Reading IATI 2.03: files of one's own come back whole; of others what a register can hold is taken, and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from comity.commitments.errors import Problem
from comity.commitments.exchange.iati_codes import list_odd, tell_odd
from comity.commitments.exchange.iati_fields import (
    NAMESPACE,
    Parts,
    derive_agreement,
    derive_commitment,
    derive_evidence,
)
from comity.commitments.exchange.syntax import describe_break
from comity.commitments.exchange.values import read_record
from comity.commitments.register.content import KINDS
from comity.commitments.register.door import Batch
from comity.commitments.register.rules import Fault

VERSIONS = ("2.01", "2.02", "2.03")
_REST, _RECORD = f"{{{NAMESPACE}}}rest", f"{{{NAMESPACE}}}record"


def read_iati(data: bytes, name: str, batch: Batch) -> list[str]:
    """Read a file into a batch; the row of a problem is the number of its activity, counted from 1.

    Parameters
    ----------
    data : bytes
        XML; document types, and with them entities, are refused.
    name : str
        File name, for messages.
    batch : Batch
        Takes the records, and what is wrong with them.

    Returns
    -------
    list of str
        What was not taken, in words: codes that no list of IATI has, parties that are not known, actual values without
        an open address.
    """
    root = _parse(data, name, batch)
    if root is None:
        return []
    if root.tag != "iati-activities" or root.get("version") not in VERSIONS:
        found = f"{root.tag!r}, version {root.get('version')!r}"
        what = f"this is no file of activities of IATI {', '.join(VERSIONS)}: {found}"
        batch.problems.append(Problem(1, "file", what, todo="export it again as IATI 2.03 activities", file=name))
        return []
    notes: list[str] = []
    activities = root.findall("iati-activity")
    for row, activity in enumerate(activities, 1):
        notes += _Reading(batch, name, row).take_activity(activity)
    odd = [(row, each) for row, activity in enumerate(activities, 1) for each in list_odd(activity)]
    batch.doubts += [Problem(row, each.field, each.what, each.then, "correct it", name) for row, each in odd]
    return [*tell_odd(odd), *notes]


class _Reading:
    """The reading of one activity: where it stands, and where its records go."""

    def __init__(self, batch: Batch, name: str, row: int) -> None:
        self.batch, self.name, self.row = batch, name, row
        self.ids: set[str] = set()

    def take_activity(self, activity: Element) -> list[str]:
        """Take the records of an activity, and return what was not taken."""
        above = derive_agreement(activity)
        articles = [self._read_json(element) for element in activity.findall(_RECORD)]
        self._take("agreement", self._add_rest(above, activity))
        for article in articles:
            self._take("article", article)
        notes: list[str] = []
        synthetic = f"{above.get('id', '')}/results"
        for number, result in enumerate(activity.findall("result"), 1):
            notes += self._take_result(result, above, number, {a.get("id") for a in articles} | {None}, synthetic)
        return notes

    def _take_result(
        self, result: Element, above: dict[str, Any], number: int, articles: set[Any], synthetic: str
    ) -> list[str]:
        """Take a result: one commitment for each period of each indicator."""
        notes = []
        found = list(_list_parts(result))
        for place, parts in enumerate(found):
            id = f"{above.get('id', '')}/result/{number}" + (f"/{place + 1}" if len(found) > 1 else "")
            derived = derive_commitment(above, parts, id)
            full = self._add_rest(derived, result) if len(found) == 1 else derived
            if full.get("article") == synthetic and synthetic not in articles | self.ids:
                self.ids.add(synthetic)
                kept = {"entered_by": above.get("entered_by"), "valid_from": above.get("valid_from")}
                self._take("article", {"id": synthetic, "agreement": above.get("id"), "place": "Results", **kept})
            self._take("commitment", full)
            notes += self._take_evidence(parts, derived, full, first=place == 0)
        for element in result.findall(_RECORD):
            self._take("assessment", self._read_json(element))
        return notes

    def _take_evidence(self, parts: Parts, derived: dict[str, Any], full: dict[str, Any], *, first: bool) -> list[str]:
        """Take the document links of a result and of the actual values of a period."""
        result, _, period = parts
        links: list[tuple[Element, Element | None]] = [
            (each, None) for each in result.findall("document-link") if first
        ]
        notes = []
        for actual in period.findall("actual") if period is not None else ():
            under = actual.findall("document-link")
            links += [(each, actual) for each in under]
            if not under and actual.get("value"):
                notes.append(f"{full.get('id')}: the actual value {actual.get('value')!r} has no open address")
        for place, (link, holder) in enumerate(links, 1):
            evidence = derive_evidence(derived, link, holder, f"{derived['id']}/e{place}")
            taken = self._add_rest(evidence, link)
            taken = taken | {"commitment": full.get("id")} if link.find(_REST) is None else taken
            self._take("evidence", taken)
        return notes

    def _take(self, kind: str, given: dict[str, Any]) -> None:
        """Take one record."""
        faults: list[Fault] = []
        values = {name: value for name, value in given.items() if name != "kind"}
        record = read_record(kind, values, faults)
        for fault in faults:
            self._note(f"{kind}.{fault.field}", fault.what, fault.todo)
        if record is not None and self.batch.places is not None:
            self.batch.records.append(record)
            self.batch.places.append((self.name, self.row))

    def _add_rest(self, derived: dict[str, Any], element: Element) -> dict[str, Any]:
        """Return fields with what the register kept beside the element; null means that a field has its default."""
        rest = element.find(_REST)
        kept = {} if rest is None else self._read_json(rest)
        return {name: value for name, value in (derived | kept).items() if value is not None}

    def _read_json(self, element: Element) -> dict[str, Any]:
        """Return the object in an element of the register's namespace."""
        try:
            found = json.loads(element.text or "")
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and found.get("kind", "article") in KINDS:
            return found
        self._note("file", "an element of the register's namespace holds no record", "export the file again")
        return {}

    def _note(self, field: str, what: str, todo: str) -> None:
        """Note a problem of this activity."""
        self.batch.problems.append(Problem(self.row, field, what, todo=todo, file=self.name))
        self.batch.stop_at_most()


def _list_parts(result: Element) -> Iterator[Parts]:
    """Yield a result with each indicator and each of its periods; with None where there is none."""
    indicators = result.findall("indicator")
    for indicator in indicators:
        periods = indicator.findall("period")
        yield from ((result, indicator, period) for period in periods)
        if not periods:
            yield result, indicator, None
    if not indicators:
        yield result, None, None


def _parse(data: bytes, name: str, batch: Batch) -> Element | None:
    """Return the root of a document, or note why there is none."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        what = "the file declares a document type or entities, which could grow without end or fetch from elsewhere"
        batch.problems.append(Problem(1, "file", what, todo="remove the declaration", file=name))
    except ParseError as error:
        row, column = error.position
        line = data.splitlines()[row - 1] if row <= len(data.splitlines()) else b""
        said = str(error).partition(":")[0]
        place, shown = (row, column + 1), line.decode("utf-8", "replace")
        batch.problems.append(describe_break("XML", said, place, shown, name))
    except (ValueError, LookupError) as error:
        what = f"this is not XML that can be read: {error}"
        batch.problems.append(Problem(1, "file", what, todo="save it in UTF-8", file=name))
    else:
        return root
    return None
