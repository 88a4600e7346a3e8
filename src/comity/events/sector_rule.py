"""Who is an actor where a publisher gives country, name and sectors: ICEWS and POLECAT.

The sectors of each publisher and what they decide stand in `sectors.csv` beside its reader, each with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from comity.events.outsiders import NO_ACTOR
from comity.lexicon import find_actor, list_cameo_regions
from comity.sources.catalogue import read_codes
from comity.sources.vendor import SEPARATOR

MOST_KEPT = 1 << 16
FIELDS = 3  # country, name, sectors
_DECISIVE = ("state", "igo", "umbrella", "beside")
_LAST = "party"

Verdict = tuple[str | None, str]


@lru_cache(MOST_KEPT)
def judge_icews(key: bytes) -> Verdict:
    """Judge an actor of ICEWS: country, name and a list of sectors.

    Without sectors the name must be the country's. With sectors the first of these that holds decides: a sector
    outside the state; an organisation of states; a sector that acts for the state; one below it, a parliament or
    a court; a party; `Government` alone, which is the state.

    Parameters
    ----------
    key : bytes
        Country, name and sectors joined by `comity.sources.vendor.SEPARATOR`, sectors by commas.

    Returns
    -------
    actor : str or None
        Actor id.
    reason : str
        Why it is none; empty for an actor.
    """
    fields = key.decode("utf-8", "replace").split(SEPARATOR.decode())
    if not any(fields) or len(fields) != FIELDS:
        return None, NO_ACTOR if not any(fields) else "unknown_code"
    country, name, sectors = fields
    if not sectors:
        return judge_country(country) if _is_same(country, name) else _judge_nameless(country, name)
    verdicts = [list_sectors("icews").get(sector.casefold(), "") for sector in _split_sectors(sectors)]
    return _weigh(verdicts, country, name)


def _split_sectors(text: str) -> list[str]:
    """Return the sectors of a list; none has a comma of its own."""
    return [sector.strip() for sector in text.split(",") if sector.strip()]


def _weigh(verdicts: list[str], country: str, name: str) -> Verdict:
    """Let the strongest of the sectors decide."""
    weak = ("person_or_role", _LAST)
    outside = next((v for v in verdicts if v and v not in _DECISIVE and v not in weak), "")
    if outside:
        return None, "party" if outside == "party_outside" else outside
    if "igo" in verdicts:
        return judge_organisation(name)
    if "state" in verdicts:
        return judge_country(country)
    below = next((v for v in weak if v in verdicts), "")
    if below or "" in verdicts:
        return None, below or "unknown_sector"
    return judge_country(country) if "umbrella" in verdicts else (None, "person_or_role")


@lru_cache(MOST_KEPT)
def judge_polecat(key: bytes) -> Verdict:
    """Judge an actor of POLECAT: country, name and primary sector.

    Parameters
    ----------
    key : bytes
        Country, name and one sector joined by `comity.sources.vendor.SEPARATOR`.

    Returns
    -------
    actor : str or None
        A state where the sector is GOV or MIL, or where there is none and the name is the country's; an
        organisation of states where the sector is IGO.
    reason : str
        Why it is none; empty for an actor.
    """
    fields = key.decode("utf-8", "replace").split(SEPARATOR.decode())
    if not any(fields) or len(fields) != FIELDS:
        return None, NO_ACTOR if not any(fields) else "unknown_code"
    country, name, sector = fields
    if not sector:
        return judge_country(country) if _is_same(country, name) else _judge_nameless(country, name)
    verdict = list_sectors("polecat").get(sector.casefold(), "unknown_sector")
    if verdict == "igo":
        return judge_organisation(name)
    return judge_country(country) if verdict == "state" else (None, verdict)


def _is_same(country: str, name: str) -> bool:
    """Say whether a name is the country's own, so that the state is meant."""
    if not country or not name:
        return False
    return country.casefold() == name.casefold() or (judge_country(country)[0] or "-") == judge_country(name)[0]


def _judge_nameless(country: str, name: str) -> Verdict:
    """Judge an actor without sectors that is not named like its country: an organisation of states, or a person."""
    actor = None if country else find_actor(name)
    if actor is not None and actor.kind == "igo":
        return actor.id, ""
    return None, "person_or_role"


def judge_country(text: str) -> Verdict:
    """Judge a country by name or code: a state that continues, else why it is none."""
    if not text:
        return None, "no_country"
    actor = find_actor(text)
    if actor is not None and actor.kind == "state":
        return actor.id, ""
    return None, list_cameo_regions().get(text, "unknown_code")


def judge_organisation(name: str) -> Verdict:
    """Judge an organisation of states by its name."""
    if not name:
        return None, "unnamed_organisation"
    actor = find_actor(name)
    return (actor.id, "") if actor is not None and actor.kind == "igo" else (None, "unknown_organisation")


@cache
def list_sectors(source: str) -> Mapping[str, str]:
    """Map the sectors of a publisher to what they decide."""
    return {row["sector"].casefold(): row["verdict"] for row in read_codes(source, "sectors")}
