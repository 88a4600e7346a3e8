"""Who is an actor where a publisher writes one code of three-letter parts (KEDS, WEIS, Phoenix), or a state's number.

The first part is the country or `IGO`; every further part narrows it. A state is a country alone, or with GOV or
MIL; whoever carries another part is somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from comity.events.outsiders import NO_ACTOR, REASON_OF_TYPE
from comity.lexicon import find_actor, list_cameo_igos, list_cameo_regions
from comity.lexicon import list_cameo_states as list_states
from comity.sources.catalogue import read_codes
from comity.sources.vendor import SEPARATOR

MOST_KEPT = 1 << 16
PART = 3
STATE_PARTS = ("GOV", "MIL")
ORGANISATION = "IGO"
STATE_BASED, ONE_SIDED = "1", "3"
FIELDS = 3  # type of violence, number of the state, name

Verdict = tuple[str | None, str]


def _split_parts(key: bytes) -> list[str]:
    """Return the three-letter parts of a code."""
    text = key.decode("utf-8", "replace").strip().upper()
    return [text[n : n + PART] for n in range(0, len(text), PART)]


@lru_cache(MOST_KEPT)
def judge_keds(key: bytes) -> Verdict:
    """Judge an actor by a CAMEO code of several parts, such as `FRAGOV` or `IGOUNO`.

    Returns
    -------
    actor : str or None
        Actor id.
    reason : str
        Why it is none; empty for an actor.
    """
    parts = _split_parts(key)
    if not parts:
        return None, NO_ACTOR
    if parts[0] == ORGANISATION:
        return _judge_organisation(parts[1:])
    outside = _judge_parts(parts[1:])
    if outside or parts[0] in REASON_OF_TYPE:
        return None, outside or REASON_OF_TYPE[parts[0]]
    old = _list_actors("keds")
    actor = old[parts[0]] if parts[0] in old else list_states().get(parts[0])
    if actor:
        return actor, ""
    organisation = list_cameo_igos().get(parts[0])
    return (organisation, "") if organisation else (None, list_cameo_regions().get(parts[0], "unknown_code"))


def _judge_organisation(parts: list[str]) -> Verdict:
    """Look up an organisation by its group code of one or two parts; what it sends out is not the organisation."""
    if not parts:
        return None, "unnamed_organisation"
    known = list_cameo_igos()
    actor = known.get("".join(parts[:2])) or (known.get(parts[0]) if len(parts) == 1 else None)
    return (actor, "") if actor and len(parts) <= len(STATE_PARTS) else (None, "unknown_organisation")


def _judge_parts(parts: list[str]) -> str:
    """Return why the further parts make somebody else of a state, or nothing."""
    outside = next((part for part in parts if part not in STATE_PARTS), "")
    return REASON_OF_TYPE.get(outside, "person_or_role") if outside else ""


@lru_cache(MOST_KEPT)
def judge_weis(key: bytes) -> Verdict:
    """Judge an actor by a WEIS code, with parts behind it as in KEDS: only codes of `actors.csv` are read.

    Returns
    -------
    actor : str or None
        Actor id.
    reason : str
        Why it is none; empty for an actor.
    """
    parts = _split_parts(key)
    if not parts:
        return None, NO_ACTOR
    outside = _judge_parts(parts[1:])
    if outside or parts[0] in REASON_OF_TYPE:
        return None, outside or REASON_OF_TYPE[parts[0]]
    actor = _list_actors("weis").get(parts[0], "")
    if actor.endswith(":"):
        return None, actor[:-1]
    return (actor, "") if actor else (None, "unknown_code")


@cache
def _list_actors(source: str) -> Mapping[str, str]:
    """Map a source's own codes of actors to actor ids, or to a reason with a colon behind it."""
    return {row["code"]: row["becomes"] for row in read_codes(source, "actors")}


@lru_cache(MOST_KEPT)
def judge_ucdp(key: bytes) -> Verdict:
    """Judge a side of a fight: a state where the publisher gives one Gleditsch and Ward number.

    Parameters
    ----------
    key : bytes
        Type of violence, number and name joined by `comity.sources.vendor.SEPARATOR`.

    Returns
    -------
    actor : str or None
        Actor id.
    reason : str
        `armed_group` for a side that is no government, `person_or_role` where civilians are the other side.
    """
    fields = key.decode("utf-8", "replace").split(SEPARATOR.decode())
    if len(fields) != FIELDS:
        return None, "unknown_code"
    kind, number, _ = fields
    if kind == ONE_SIDED:
        return None, "person_or_role"
    if not number:
        return None, "armed_group"
    if kind != STATE_BASED or not number.removesuffix(".0").isdigit():
        several = any(mark in number for mark in ",;")
        return None, "several_states" if several else "armed_group" if kind != STATE_BASED else "unknown_code"
    actor = find_actor(f"gw:{number.removesuffix('.0')}")
    return (actor.id, "") if actor is not None else (None, "unknown_code")
