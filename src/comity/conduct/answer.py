"""Reading an answer: only measures of the catalogue, none beyond the gesture, each with a way back."""

from __future__ import annotations

from collections.abc import Mapping

from comity.conduct.catalogue import Measure, read_kinds
from comity.conduct.gesture import describe_mildest
from comity.conduct.profile import Answer, Gesture, WayBack
from comity.events.scale import Scale
from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.fields import list_texts, read_number
from comity.forms.findings import SPEECH_AND_STEALTH, Findings

Catalogue = Mapping[str, Measure]
TOLERANCE = 1e-9


def read_answer(
    node: Node, gesture: Gesture | None, catalogue: Catalogue, scale: Scale, findings: Findings
) -> Answer | None:
    """Read an answer whose form has been checked.

    Parameters
    ----------
    node : Node
        The fields of `answer`.
    gesture : Gesture or None
        What is answered; None where it could not be read, and levels cannot be compared.
    catalogue : mapping of str to Measure
        The catalogue and the profile's own measures.
    scale : Scale
        On which levels are compared.
    findings : Findings
        Takes the problems.

    Returns
    -------
    Answer or None
        None where a part is missing or was refused.
    """
    before = findings.met
    named = _read_measures(node, catalogue, findings)
    measures = _keep_levels(node, named, gesture, scale, findings)
    owner = _require(node, "owner", "name the office that owns the answer", findings)
    deadline = _require(node, "deadline_days", "give the days within which the answer is due", findings)
    findings.check_bounds(owner)
    findings.check_bounds(node.get("note"))
    way_back = _read_way_back(node, measures, catalogue, scale, findings)
    days = read_number(deadline, whole=True)
    if findings.met > before or owner is None or days is None or way_back is None or gesture is None:
        return None
    return Answer(tuple(measure.id for measure in measures), owner.text.strip(), int(days), way_back)


def find_excess(measure: Measure, gesture: Gesture, scale: Scale) -> str:
    """Return why a measure goes beyond the gesture that it answers, or an empty text.

    The rule: a friendly gesture has no unfriendly answer; an answer on the gesture's own side has at most the
    magnitude of the mildest act that counts as the gesture; a friendly answer to an unfriendly gesture never
    exceeds it.

    Parameters
    ----------
    measure : Measure
    gesture : Gesture
    scale : Scale
        On which both are levelled [points].
    """
    level = measure.find_level(scale)
    if level is None:
        return f"has no score on the scale {scale.id}"
    side = scale.name_side(level)
    if gesture.side == "friendly" and side == "unfriendly":
        return f"({level:g}) is unfriendly, and the gesture is friendly"
    if side == gesture.side and abs(level) > gesture.level + TOLERANCE:
        return f"({level:g}) is stronger than the mildest act that it would answer, {describe_mildest(gesture, scale)}"
    return ""


def _require(node: Node, name: str, todo: str, findings: Findings) -> Node | None:
    """Return a field that must be there, or note that it is not."""
    found = node.get(name)
    if found is None:
        findings.add(node, f"the field {name!r} is missing", "a rule without it cannot be kept", todo)
    return found


def _read_measures(node: Node, catalogue: Catalogue, findings: Findings) -> list[tuple[Node, Measure, bool]]:
    """Return the measures named, each with its place and whether it was named by its kind."""
    found: list[tuple[Node, Measure, bool]] = []
    for item in list_texts(node.get("measures")):
        measure = find_measure(item, catalogue, findings)
        if measure is not None:
            found.append((item, measure, False))
    kinds = read_kinds()
    for item in list_texts(node.get("kinds")):
        name = item.text.strip()
        if name in kinds:
            found += [(item, measure, True) for measure in catalogue.values() if measure.kind == name]
        elif findings.check_bounds(item):
            near = find_nearest(name, kinds) or list(kinds)
            findings.add(item, f"there is no kind of measure {name!r}", todo=f"the nearest: {', '.join(near)}")
    if node.get("measures") is None and node.get("kinds") is None:
        findings.add(node, "the answer names neither measures nor kinds", "nothing could follow",
                     "give measures: [...]")  # fmt: skip
    return found


def find_measure(item: Node, catalogue: Catalogue, findings: Findings) -> Measure | None:
    """Return the measure that a text names, or note that there is none and which are nearest."""
    name = item.text.strip()
    if name in catalogue:
        return catalogue[name]
    if findings.check_bounds(item):
        near = find_nearest(name, catalogue)
        todo = f"the nearest: {', '.join(near)}" if near else "`comity conduct catalogue` lists them all"
        findings.add(item, f"there is no measure {name!r} in the catalogue", "the catalogue is closed", todo)
    return None


def _keep_levels(
    node: Node,
    named: list[tuple[Node, Measure, bool]],
    gesture: Gesture | None,
    scale: Scale,
    findings: Findings,
) -> list[Measure]:
    """Return the measures that do not go beyond the gesture; a kind stands for those of its measures that do not."""
    if gesture is None:
        return [measure for _, measure, _ in named]
    kept: dict[str, Measure] = {}
    for item, measure, by_kind in named:
        excess = find_excess(measure, gesture, scale)
        if not excess:
            kept[measure.id] = measure
        elif not by_kind:
            findings.add(item, f"the answer {measure.id!r} {excess}",
                         "an answer never exceeds the gesture that it answers",
                         "choose a milder measure, or narrow the gesture with a score")  # fmt: skip
    kinds = sorted({item.text.strip() for item, _, by_kind in named if by_kind})
    if kinds and not kept and not list_texts(node.get("measures")):
        findings.add(node.get("kinds") or node, f"no measure of {', '.join(kinds)} is as mild as the gesture",
                     "nothing could follow", "name another kind, or narrow the gesture with a score")  # fmt: skip
    return list(kept.values())


def _read_way_back(
    node: Node, measures: list[Measure], catalogue: Catalogue, scale: Scale, findings: Findings
) -> WayBack | None:
    """Return what ends the answer, or note what is missing of it."""
    way = node.get("way_back")
    if way is None:
        findings.add(node, "the answer has no way_back", "an answer without an end is no answer",
                     "add way_back: {when: ..., measures: [...]}")  # fmt: skip
        return None
    if way.form != "map":
        return None
    when = _require(way, "when", "say what ends the answer", findings)
    findings.check_bounds(when, SPEECH_AND_STEALTH)
    returns = _read_returns(way, catalogue, scale, findings)
    harsh = [measure.id for measure in measures if scale.name_side(measure.find_level(scale)) == "unfriendly"]
    if harsh and way.get("measures") is None:
        findings.add(way, f"the way back from {harsh[0]!r} names no measure", "it could not be walked",
                     f"add measures: [{', '.join(catalogue[harsh[0]].returns)}]")  # fmt: skip
    review = read_number(way.get("review_days"), whole=True)
    return None if when is None else WayBack(when.text.strip(), returns, None if review is None else int(review))


def _read_returns(way: Node, catalogue: Catalogue, scale: Scale, findings: Findings) -> tuple[str, ...]:
    """Return the measures of a way back; each must be friendly or neutral."""
    found = []
    for item in list_texts(way.get("measures")):
        measure = find_measure(item, catalogue, findings)
        if measure is None:
            continue
        if scale.name_side(measure.find_level(scale)) == "unfriendly":
            findings.add(item, f"the way back {measure.id!r} is itself unfriendly", "it would lead further away",
                         "name a measure of the kind return or consultation")  # fmt: skip
        found.append(measure.id)
    return tuple(found)
