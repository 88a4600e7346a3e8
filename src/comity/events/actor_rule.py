"""Who is an actor: states and intergovernmental organisations, by a rule that is stated exactly.

An actor is a *state* when its country code is a state's, its type-1 code is empty, GOV or MIL, and it carries
no known-group, ethnic or religion code. It is an *IGO* when its type-1 code is IGO and its known-group code is
an IGO's. Everybody else stays outside: counted by reason, never stored.
"""

from __future__ import annotations

from functools import lru_cache

from comity.events.compound_rule import judge_keds, judge_ucdp, judge_weis
from comity.events.outsiders import NO_ACTOR, REASON_OF_TYPE, REASONS
from comity.events.sector_rule import judge_icews, judge_polecat
from comity.lexicon import find_actor, list_cameo_igos, list_cameo_regions, list_cameo_states
from comity.sources.vendor import ACTOR_FIELDS, TAB

STATE_TYPES = ("", "GOV", "MIL")
MOST_KEPT = 1 << 16  # verdicts remembered


@lru_cache(MOST_KEPT)
def judge_cameo(key: bytes) -> tuple[str | None, str]:
    """Judge an actor by its CAMEO fields.

    Parameters
    ----------
    key : bytes
        Country, known-group, ethnic, first religion, second religion and type-1 code, with tabs between them.

    Returns
    -------
    actor : str or None
        Actor id, or None where this is no state or intergovernmental organisation.
    reason : str
        Why it is none; `no_actor` where all fields are empty; empty for an actor.
    """
    fields = key.decode("utf-8", "replace").split(TAB.decode())
    if not any(fields):
        return None, NO_ACTOR
    if len(fields) != len(ACTOR_FIELDS):
        return None, "unknown_code"
    country, group, ethnic, religion1, religion2, type1 = fields
    if type1 == "IGO":
        return _judge_organisation(group)
    if type1 not in STATE_TYPES:
        return None, REASON_OF_TYPE.get(type1[:3], "person_or_role")
    marks = (("known_group", group), ("ethnic_group", ethnic), ("religious_group", religion1 or religion2))
    for reason, mark in marks:
        if mark:
            return None, reason
    return _judge_country(country)


def _judge_organisation(group: str) -> tuple[str | None, str]:
    """Look up the organisation that a known-group code stands for."""
    if not group:
        return None, "unnamed_organisation"
    actor = list_cameo_igos().get(group)
    return (actor, "") if actor else (None, "unknown_organisation")


def _judge_country(country: str) -> tuple[str | None, str]:
    """Look up the state that a CAMEO country code stands for."""
    if not country:
        return None, "no_country"
    actor = list_cameo_states().get(country)
    return (actor, "") if actor else (None, list_cameo_regions().get(country, "unknown_code"))


@lru_cache(MOST_KEPT)
def judge_name(key: bytes) -> tuple[str | None, str]:
    """Judge an actor by any code or name, as `identify_actor` does.

    Returns
    -------
    actor : str or None
        Actor id.
    reason : str
        `unknown_code` where the text names no state or organisation, or more than one.
    """
    text = key.decode("utf-8", "replace").strip()
    if not text:
        return None, NO_ACTOR
    actor = find_actor(text)
    return (actor.id, "") if actor else (None, "unknown_code")


RULES = {
    "cameo": judge_cameo,
    "names": judge_name,
    "icews": judge_icews,
    "keds": judge_keds,
    "polecat": judge_polecat,
    "ucdp": judge_ucdp,
    "weis": judge_weis,
}

__all__ = ["NO_ACTOR", "REASONS", "RULES", "judge_cameo", "judge_name"]
