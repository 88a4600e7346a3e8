"""What the room takes: the brief document, field by field; and the check that a page can show it rightly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.brief.errors import DocumentError

KINDS = ("pair", "state")
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Field:
    """A place in the brief document.

    Parameters
    ----------
    path : str
        Names joined by points; ``[]`` stands for every entry of a list.
    holds : str
        The names that every mapping at that place has; empty for plain text.
    unit : str
        Units of its numbers.
    meaning : str
        What it says.
    kind : str
        The kind of brief that has it; empty for both.
    optional : bool
        It may be null.
    """

    path: str
    holds: str
    unit: str
    meaning: str
    kind: str = ""
    optional: bool = False


_LEVEL = "score low high low50 high50 trend trend_low trend_high trend_low50 trend_high50"
_PARTNER = (
    "id name events reports score low high change change_low change_high probability rank rank_low rank_high path"
)
SECTIONS = (
    Field(
        "reciprocity",
        "by first last periods left_out lags granger responses steadiness answers strategies little",
        "",
        "who answers whom: on which series, with how many lags",
        "pair",
    ),
    Field(
        "reciprocity.granger[]",
        "cause effect statistic numerator denominator p_value adjusted total",
        "share of 1",
        "whether the past acts of one help to predict those of the other; adjusted for two tests",
        "pair",
    ),
    Field(
        "reciprocity.responses[]",
        "act answer size steps",
        "scale points",
        "what follows an unexpected act of one standard deviation (size)",
        "pair",
    ),
    Field(
        "reciprocity.responses[].steps[]",
        "step estimate low high shock_first shock_second",
        "periods, scale points",
        "generalised response with its 90 % interval, and those under both orderings",
        "pair",
    ),
    Field(
        "reciprocity.steadiness[]",
        "answering toward predictions probabilities gain low high",
        "share of 1",
        "chance of each description of a side; gain over its routine; empty or null where there is too little",
        "pair",
    ),
    Field(
        "reciprocity.answers[]",
        "sender receiver side window gestures rates median base_median proportion base_proportion",
        "days, share of 1",
        "how the receiver answers the sender's gestures, beside days like them",
        "pair",
    ),
    Field("reciprocity.answers[].rates[]", "name after base difference", "share of 1", "by kind of answer", "pair"),
    Field(
        "reciprocity.strategies[]",
        "acting toward result reason periods groups",
        "periods, share of 1",
        "which named strategies fit, those that cannot be told apart as one group; result may be not identifiable",
        "pair",
    ),
    Field("reciprocity.little[]", "what why", "", "of what there is too little to say", "pair"),
    Field("alternatives", "measures least pairs", "events, pairs", "measures of the literature", "pair"),
    Field(
        "alternatives.measures[]",
        "measure values pairs time",
        "as the measure has it",
        "one value for each direction; agreement with the index over pairs and over time, null where not known",
        "pair",
    ),
    Field("votes[]", "year distance low high first second", "points", "distance of ideal points by year", "pair"),
    Field(
        "commitments",
        "on known names agreements parties rows limits",
        "",
        "what was agreed and what was kept, by a register; null without one",
        optional=True,
    ),
    Field("plan", "plan exists status conflict", "", "a plan that was made; null without one", optional=True),
    Field(
        "conduct",
        "profile period summary rules limits rehearsal",
        "",
        "a party's written rules held against what was done; null without a profile",
        optional=True,
    ),
)
_READING = "id title score low high low_bound high_bound known of like_low like_median like_high"
FIELDS = (
    Field("kind", "", "", "pair or state"),
    Field("title", "", "", "title of the page"),
    Field("parties[]", "id name kind status status_source", "", "who the brief is about; status with its source"),
    Field("about", "version store snapshot as_of data_until scale level", "", "what it was made from, and when"),
    Field("period", "since until by", "", "first and last day; by is day, week or month"),
    Field("limits[]", "", "", "what the data cannot say; shown beside the numbers"),
    Field("coverage", "slots_expected slots_loaded share events_loaded days", "slots, events", "what was loaded"),
    Field("coverage.days[]", "date slots_loaded slots_expected events", "slots, events", "the same for each day"),
    Field(
        "directions[]",
        "sender receiver now path types friendly unfriendly neutral events",
        "events",
        "one direction of a pair; none for a state",
    ),
    Field(
        "directions[].now",
        f"period events {_LEVEL}",
        "scale points, events",
        "latest estimate with its 90 and 50 % intervals, and its trend a period; null without one",
        optional=True,
    ),
    Field(
        "directions[].path[]",
        f"period events net_goldstein share {_LEVEL}",
        "scale points, events, share of 1",
        "estimates in the order of time; events null where nothing was loaded",
    ),
    Field(
        "directions[].types[]",
        "type label events reports mean_score side",
        "events, reports, scale points",
        "gestures by PLOVER type; side is friendly, unfriendly or neutral",
    ),
    Field(
        "changes[]",
        "sender receiver from_period to_period from_score to_score change low high probability evidence",
        "scale points, share of 1",
        "largest first; probability that the change has its sign",
    ),
    Field("changes[].evidence[]", "date sender receiver code label type score reports link", "", "as evidence[]"),
    Field(
        "evidence[]",
        "date sender receiver code label type score reports link",
        "scale points, reports",
        "dated events; link null where none is known",
    ),
    Field("breaks", "by within least pairs breaks", "points", "breaks, and what counts as one"),
    Field(
        "breaks.pairs[]",
        "sender receiver events enough until thaw rupture",
        "events, share of 1",
        "directions that were looked at; probabilities of a break lately, null where there are too few events",
    ),
    Field(
        "breaks.breaks[]",
        "sender receiver period until direction probability online known before after size low high events",
        "scale points, share of 1",
        "thaws and ruptures; known is null where a break was seen in hindsight only",
    ),
    Field(
        "breaks.breaks[].events[]",
        "date sender receiver code label type score reports link side told",
        "scale points, reports, nats",
        "as evidence[]; side is before or after, told the log likelihood ratio",
    ),
    Field("comparison", "period until by seed history like", "", "the pair beside its past and like pairs", "pair"),
    Field(
        "comparison.history[]",
        "sender receiver events periods enough score low high usual percentile percentile_low percentile_high",
        "events, periods, scale points, %",
        "both directions (no sender), then each; null where there is too little to say",
        "pair",
    ),
    Field("comparison.like", "enough percentile percentile_low percentile_high pairs rule", "%", "like pairs", "pair"),
    Field(
        "comparison.like.pairs[]",
        "a b a_name b_name unlike events score low high",
        "share of 1, events, scale points",
        "this pair and those like it, highest first",
        "pair",
    ),
    Field("foundations[]", "theme figures", "", "figures by theme"),
    Field(
        "foundations[].figures[]",
        "measure value unit year source note",
        "as given",
        "a value of null is not known, and never zero",
    ),
    *SECTIONS,
    Field("ties", "reason index dimensions indicators like pairs below", "pairs, share of 1", "integration", "pair"),
    Field("ties.index", _READING, "points, indicators", "index from 0 to 100; null without one", "pair", True),
    Field("ties.dimensions[]", _READING, "points, indicators", "the same by dimension", "pair"),
    Field(
        "ties.indicators[]",
        "id title dimension unit value least most score slope gain",
        "as given, points",
        "figures; least and most are what is known of an unknown; gain of the index with the figure at its top",
        "pair",
    ),
    Field("ties.like[]", "a b score low high dimensions", "points", "pairs most like it, the nearest first", "pair"),
    Field("agreement", "reason rows others assumptions year", "", "a trade agreement of the two, or its end", "pair"),
    Field(
        "agreement.rows[]",
        "case id name welfare welfare_low welfare_high exports exports_low exports_high imports imports_low "
        "imports_high",
        "percent",
        "what a case means for a party, with 90 % intervals; case is agreement or end",
        "pair",
    ),
    Field("agreement.others[]", "case gain lose open low high most", "parties, percent", "third parties", "pair"),
    Field("agreement.others[].most[]", "id name welfare welfare_low welfare_high", "percent", "moved most", "pair"),
    Field("missing[]", "", "", "what the brief does not have"),
    Field(
        "method",
        "scale level level_text model_text coverage_text version snapshot",
        "",
        "how the numbers were made",
    ),
    Field("method.scale", "id title version reference", "", "the scale on which events are scored"),
    Field("sources[]", "id title publisher terms url year citation", "", "where the data are from, on which terms"),
    Field("references[]", "key text doi", "", "literature"),
    Field("citation", "", "", "how to cite the brief"),
    Field("partners[]", _PARTNER, "events, scale points", "partners in the order of rank", "state"),
    Field("rises[]", _PARTNER, "events, scale points", "largest changes up", "state"),
    Field("falls[]", _PARTNER, "events, scale points", "largest changes down", "state"),
)


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
    for path, number in _walk_numbers(document, "", 0):
        if not math.isfinite(number):
            raise _refuse(f"the brief document holds {number!r}", path, "give null for what is not known")
    for field in FIELDS:
        if field.kind in ("", kind):
            for where, value in _find_values(document, field.path.split("."), ""):
                if value is not None or not field.optional:
                    _check_names(value, field.holds.split(), where)


def _find_values(value: Any, steps: Sequence[str], where: str) -> Iterator[tuple[str, Any]]:
    """Yield every value at a path with the place where it stands."""
    if not steps:
        yield where, value
        return
    name, listed = steps[0].removesuffix("[]"), steps[0].endswith("[]")
    _check_names(value, [name], where)
    inner, place = value[name], f"{where}.{name}" if where else name
    if listed and not isinstance(inner, list | tuple):
        raise _refuse(f"the field {place} holds {str(inner)[:60]!r} instead of a list", place, "give a list")
    if listed:
        for index, entry in enumerate(inner):
            yield from _find_values(entry, steps[1:], f"{place}[{index}]")
    else:
        yield from _find_values(inner, steps[1:], place)


def _check_names(value: Any, names: Sequence[str], where: str) -> None:
    """Stop at a value that is no mapping, or lacks one of the names."""
    if not names:
        return
    if not isinstance(value, Mapping):
        raise _refuse(f"{str(value)[:60]!r} stands where {', '.join(names)} are wanted", where, "give a mapping")
    missing = [name for name in names if name not in value]
    if missing:
        todo = "give the field; null or an empty list is allowed where nothing is known"
        raise _refuse(f"the brief document has no field {missing[0]!r}", where or "top level", todo)


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
