"""Reading a gesture: which coded acts count, on which side, and how mild the mildest of them is."""

from __future__ import annotations

from comity.conduct.bounds import find_refused_gesture
from comity.conduct.profile import Gesture
from comity.events.scale import Scale, ScaleRow, read_types
from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.fields import list_texts, read_number
from comity.forms.findings import Findings

SHOWN = 6
"""Codes that a message lists."""
DISSENT = "what people say and do in protest is no gesture of a state"


def read_gesture(node: Node, scale: Scale, findings: Findings) -> Gesture | None:
    """Read a gesture whose form has been checked.

    Parameters
    ----------
    node : Node
        The fields of `gesture`.
    scale : Scale
        On which scores are compared.
    findings : Findings
        Takes the problems.

    Returns
    -------
    Gesture or None
        None where the problems leave nothing to read.
    """
    before = findings.met
    if not any(node.get(name) for name in ("types", "codes", "score")):
        findings.add(node, "the gesture names neither types nor codes nor a score", "every act would count",
                     "give types, codes or a score")  # fmt: skip
        return None
    types, starts = _read_types(node, findings), _read_codes(node, scale, findings)
    low, high = _read_band(node, scale, findings)
    counts = [_read_whole(node, name) for name in ("min_reports", "min_events", "window_days")]
    if counts[1] > 1 and node.get("window_days") is None:
        findings.add(node, f"{counts[1]} events are asked for, and no window_days says within how many days",
                     "old and new acts would be added up", "add window_days")  # fmt: skip
    if findings.met > before:
        return None
    rows = [row for row in scale.rows if _counts(row, types, starts, low, high)]
    side = _find_side(node, rows, scale, findings)
    if side is None:
        return None
    level = min(abs(row.score) for row in rows if row.score is not None)
    return Gesture(frozenset(row.code for row in rows), side, level, *counts)


def describe_mildest(gesture: Gesture, scale: Scale) -> str:
    """Return the mildest act of a gesture in words, such as "041 Speak by telephone (1)"."""
    rows = [row for code in sorted(gesture.codes) if (row := scale.get(code)) is not None and row.score is not None]
    mildest = min(rows, key=lambda row: (abs(row.score or 0.0), row.code))
    return f"{mildest.code} {mildest.label} ({mildest.score:g})"


def _counts(row: ScaleRow, types: set[str], starts: tuple[str, ...], low: float, high: float) -> bool:
    """Say whether a code of the scale counts: it fits all that is given, has a score, and is a state's act."""
    if row.score is None or find_refused_gesture(row.code):
        return False
    fits = (not types or row.type in types) and (not starts or row.code.startswith(starts))
    return fits and low <= row.score <= high


def _read_types(node: Node, findings: Findings) -> set[str]:
    """Return the PLOVER types, and note the wrong ones."""
    known = read_types()
    for item in list_texts(node.get("types")):
        name = item.text.strip()
        if name not in known:
            near = find_nearest(name, known)
            todo = f"the nearest: {', '.join(near)}" if near else f"use one of {', '.join(known)}"
            findings.add(item, f"{name!r} is no PLOVER type", todo=todo)
        elif name == "PROTEST":
            findings.add(item, f"the type {name} is refused: {DISSENT}", todo="name acts of the partner's government")
    return {item.text.strip() for item in list_texts(node.get("types"))}


def _read_codes(node: Node, scale: Scale, findings: Findings) -> tuple[str, ...]:
    """Return the CAMEO codes; each stands for itself and for the longer codes that begin with it."""
    for item in list_texts(node.get("codes")):
        code = item.text.strip()
        refused = find_refused_gesture(code)
        if refused:
            findings.add(item, f"the code {code} is refused: {refused}", todo="name acts of the partner's government")
        elif not (code.isascii() and code.isdigit()) or not any(known.startswith(code) for known in scale.codes):
            findings.add(item, f"{code!r} is no CAMEO code on the scale {scale.id}",
                         todo="write two to four digits with the leading zero, such as \"051\"")  # fmt: skip
    return tuple(item.text.strip() for item in list_texts(node.get("codes")))


def _read_band(node: Node, scale: Scale, findings: Findings) -> tuple[float, float]:
    """Return the band of scores; the ends of the scale where one is not given."""
    band = node.get("score")
    if band is None:
        return scale.low, scale.high
    ends = [read_number(band.get(name)) for name in ("from", "to")]
    low = scale.low if ends[0] is None else ends[0]
    high = scale.high if ends[1] is None else ends[1]
    if not band.fields:
        findings.add(band, "the score gives neither from nor to", todo="give one of them, or both")
    if low > high:
        findings.add(band, f"the score goes from {low:g} to {high:g}", "nothing lies between", "swap them")
    for value in (low, high):
        if not scale.low <= value <= scale.high:
            findings.add(band, f"the score {value:g} is not on the scale {scale.id}",
                         todo=f"give values from {scale.low:g} to {scale.high:g}")  # fmt: skip
    return low, high


def _find_side(node: Node, rows: list[ScaleRow], scale: Scale, findings: Findings) -> str | None:
    """Return the one side on which all codes lie, or note why there is none."""
    if not rows:
        findings.add(node, "no code of the scale fits the gesture", "the rule would never apply",
                     "widen types, codes or score")  # fmt: skip
        return None
    by_side: dict[str, list[str]] = {}
    for row in rows:
        by_side.setdefault(scale.name_side(row.score) or "", []).append(row.code)
    if len(by_side) == 1 and "neutral" not in by_side:
        return next(iter(by_side))
    shown = "; ".join(f"{side}: {', '.join(codes[:SHOWN])}" for side, codes in sorted(by_side.items()))
    findings.add(node, f"the gesture does not lie on one side of the neutral band ({shown})",
                 "an answer could not be compared with it", "narrow it with codes or with a score")  # fmt: skip
    return None


def _read_whole(node: Node, name: str) -> int:
    """Return a whole number; one where it is not given."""
    number = read_number(node.get(name), whole=True)
    return 1 if number is None else int(number)
