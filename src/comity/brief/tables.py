"""What the room takes: the brief document, field by field; and the check that a page can show it rightly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comity.brief.errors import DocumentError

KINDS = ("pair", "state")
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the brief document: where it stands, its type, unit and meaning."""

    path: str
    type: str
    unit: str
    meaning: str


FIELDS = (
    Field("kind", "text", "", "pair or state"),
    Field("title", "text", "", "title of the page"),
    Field("parties[]", "id, name, kind, status, status_source", "", "who the brief is about; status with its source"),
    Field("about", "version, store, snapshot, as_of, data_until, scale, level", "", "what it was made from, and when"),
    Field("period", "since, until, by", "", "first and last day; by is day, week or month"),
    Field("limits[]", "text", "", "what the data cannot say; shown beside the numbers"),
    Field(
        "coverage", "slots_expected, slots_loaded, share, events_loaded", "slots, share of 1, events", "what was loaded"
    ),
    Field("coverage.days[]", "date, slots_loaded, slots_expected, events", "slots, events", "the same for each day"),
    Field(
        "directions[]",
        "sender, receiver, friendly, unfriendly, neutral, events, reports, net_goldstein",
        "events, scale points",
        "one direction of a pair; none for a state",
    ),
    Field(
        "directions[].now",
        "period, score, low, high, events",
        "scale points, events",
        "latest estimate with its 90 % interval; null without one",
    ),
    Field(
        "directions[].path[]",
        "period, score, low, high, events, net_goldstein, share",
        "scale points, events, share of 1",
        "estimates in the order of time; events null where nothing was loaded",
    ),
    Field(
        "directions[].types[]",
        "type, label, quad, events, reports, mean_score, side",
        "events, scale points",
        "gestures by PLOVER type; side is friendly, unfriendly or neutral",
    ),
    Field(
        "changes[]",
        "sender, receiver, from_period, to_period, from_score, to_score, change, low, high, probability, evidence",
        "scale points, share of 1",
        "largest first; probability that the change has the stated sign",
    ),
    Field(
        "evidence[]",
        "date, sender, receiver, code, label, type, score, reports, articles, link, host",
        "scale points, reports",
        "dated events; link null where none is known",
    ),
    Field("foundations[]", "theme, figures", "", "figures by theme"),
    Field(
        "foundations[].figures[]",
        "measure, value, unit, year, source, note",
        "as given",
        "value null is not known, never nought",
    ),
    Field("missing[]", "text", "", "what the brief does not have"),
    Field(
        "method",
        "scale, level, level_text, model_text, coverage_text, version, snapshot",
        "",
        "how the numbers were made",
    ),
    Field(
        "sources[]",
        "id, title, publisher, terms, url, year, citation",
        "",
        "where the data are from, under which terms",
    ),
    Field("references[]", "key, text, doi", "", "literature"),
    Field("citation", "text", "", "how to cite the brief"),
    Field(
        "partners[]",
        "id, name, events, reports, score, low, high, change, change_low, change_high, probability, rank, rank_low, rank_high, path",
        "events, scale points",
        "state briefs: partners in the order of rank",
    ),
    Field("rises[], falls[]", "as partners[]", "", "state briefs: largest changes up and down"),
)
REQUIRED = (
    "kind", "title", "parties", "about", "period", "limits", "coverage", "directions", "changes", "evidence",
    "foundations", "missing", "method", "sources", "references", "citation",
)  # fmt: skip
REQUIRED_OF_STATES = ("partners", "rises", "falls")


def check_document(document: Mapping[str, Any]) -> None:
    """Stop at a document that no page could show rightly.

    Parameters
    ----------
    document : mapping
        The brief document.

    Raises
    ------
    DocumentError
        When a field is missing, the kind is unknown, a number is not finite or the nesting is too deep.
    """
    kind = document.get("kind")
    if kind not in KINDS:
        raise _refuse(f"the brief document is of kind {kind!r}", "kind", f"give one of {', '.join(KINDS)}")
    for name in (*REQUIRED, *(REQUIRED_OF_STATES if kind == "state" else ())):
        if name not in document:
            raise _refuse(f"the brief document has no field {name!r}", name, "give the field; empty is allowed")
    for path, number in _walk_numbers(document, "", 0):
        if not math.isfinite(number):
            raise _refuse(f"the brief document holds {number!r}", path, "give null for what is not known")


def _walk_numbers(value: Any, path: str, depth: int) -> Iterator[tuple[str, float]]:
    """Yield every floating-point number with the place where it stands."""
    if depth > DEEPEST:
        raise _refuse(f"the brief document is nested deeper than {DEEPEST}", path[:120], "flatten the field")
    if isinstance(value, float):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk_numbers(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _walk_numbers(inner, f"{path}[{index}]", depth + 1)


def _refuse(what: str, where: str, todo: str) -> DocumentError:
    """Return the error for a place in the document."""
    return DocumentError(
        what, where=f"brief document, {where}", why="the page would show a wrong or empty number", todo=todo
    )
