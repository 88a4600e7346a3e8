"""The actors: states and intergovernmental organisations, read from the package's tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from comity.lexicon.errors import LexiconTableError, UnknownActor

CODE_SYSTEMS = ("iso2", "iso3", "isonum", "m49", "cameo", "fips", "cow", "gw")
STATUSES = ("member", "observer", "contested", "former", "igo")
YEAR_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Actor:
    """A state or an intergovernmental organisation.

    Attributes
    ----------
    id : str
        States: ISO 3166-1 alpha-3 (or a user-assigned code); IGOs: "IGO:" and the short name.
    kind : {"state", "igo"}
        Which table it stands in.
    name : str
        Short English name.
    valid_from, valid_to : datetime.date or None
        First and last day, both included; None: open.
    status : {"member", "observer", "contested", "former", "igo"}
        "member" and "observer" are those of the United Nations.
    status_source : str
        Dated citation of the status; for an IGO its founding instrument.
    codes : mapping of str to str
        The current code in each system of `CODE_SYSTEMS` that has one.
    region : str
        M49 sub-region, or "".
    official_name : str
        Formal English name.
    aliases : tuple of str
        Further names that resolve to the actor.
    other_codes : tuple of str
        "system:code" of withdrawn, earlier or second codes.
    note : str
        What to know when reading the actor's events, or "".
    """

    id: str
    kind: str
    name: str
    valid_from: date | None
    valid_to: date | None
    status: str
    status_source: str
    codes: Mapping[str, str] = field(hash=False)
    region: str = ""
    official_name: str = ""
    aliases: tuple[str, ...] = ()
    other_codes: tuple[str, ...] = ()
    note: str = ""

    def is_valid(self, on: date) -> bool:
        """Say whether the actor exists on a day.

        Parameters
        ----------
        on : datetime.date
            The day.

        Returns
        -------
        bool
            True from `valid_from` to `valid_to`, both included; an open end includes every day.
        """
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on <= self.valid_to)

    def describe_validity(self) -> str:
        """Return the actor's days as words, such as "1949-10-05 to 1990-10-02"."""
        if self.valid_from and self.valid_to:
            return f"{self.valid_from} to {self.valid_to}"
        if self.valid_from:
            return f"from {self.valid_from}"
        return f"to {self.valid_to}" if self.valid_to else "without dates"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by value: a mapping proxy cannot be pickled, a dictionary can."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return _restore_actor, ({**values, "codes": dict(self.codes)},)


class Area(NamedTuple):
    """A region or a territory: it has a code, and is no actor."""

    code: str
    name: str
    kind: str
    iso2: str
    iso3: str
    isonum: str


def _restore_actor(values: dict[str, Any]) -> Actor:
    """Build an actor again from the values that pickling kept."""
    return Actor(**{**values, "codes": MappingProxyType(values["codes"])})


def _read_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the package's tables."""
    with Path(__file__).with_name(name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _split(text: str) -> tuple[str, ...]:
    """Split a list column."""
    return tuple(text.split("|")) if text else ()


def parse_day(text: str, *, last: bool) -> date | None:
    """Read a day or a year; a year is its first or its last day.

    Parameters
    ----------
    text : str
        ISO 8601 day, year, or "".
    last : bool
        Whether a year is its last day.

    Returns
    -------
    datetime.date or None
        None for "".
    """
    if len(text) == YEAR_LENGTH:
        return date(int(text), 12, 31) if last else date(int(text), 1, 1)
    return date.fromisoformat(text) if text else None


def _build_state(row: dict[str, str]) -> Actor:
    """Make an actor of a row of states.csv."""
    if row["status"] not in STATUSES:
        raise LexiconTableError(
            f"status {row['status']!r} of {row['id']} is not one of {', '.join(STATUSES)}",
            where="states.csv",
            why="an actor's status is printed beside its name",
            todo="correct the row",
        )
    return Actor(
        id=row["id"],
        kind="state",
        name=row["name"],
        valid_from=parse_day(row["valid_from"], last=False),
        valid_to=parse_day(row["valid_to"], last=True),
        status=row["status"],
        status_source=row["status_source"],
        codes=MappingProxyType({system: row[system] for system in CODE_SYSTEMS if row[system]}),
        region=row["region"],
        official_name=row["official_name"],
        aliases=_split(row["aliases"]),
        other_codes=_split(row["other_codes"]),
    )


def _build_igo(row: dict[str, str]) -> Actor:
    """Make an actor of a row of igos.csv."""
    groups = _split(row["cameo"])
    return Actor(
        id=row["id"],
        kind="igo",
        name=row["name"],
        valid_from=parse_day(row["founded"], last=False),
        valid_to=parse_day(row["ended"], last=True),
        status="igo",
        status_source=row["source"],
        codes=MappingProxyType({"cameo": groups[0]} if groups else {}),
        official_name=row["name"],
        aliases=_split(row["aliases"]),
        other_codes=tuple(f"cameo:{code}" for code in groups[1:]),
        note="; ".join(part for part in (row["form"], row["note"]) if part),
    )


@lru_cache(maxsize=1)
def read_actors() -> tuple[Actor, ...]:
    """Return every actor: members, observers, contested and former states, then IGOs.

    Returns
    -------
    tuple of Actor
        In the order of the tables; read once, then kept.

    Raises
    ------
    LexiconTableError
        A row carries an unknown status.

    References
    ----------
    iso-3166, m49, cow-states, gleditsch-ward-1999, un-members; see docs/methods/lexicon.md.

    Examples
    --------
    >>> sum(actor.status == "member" for actor in read_actors())
    193
    """
    states = tuple(_build_state(row) for row in _read_rows("states.csv"))
    return states + tuple(_build_igo(row) for row in _read_rows("igos.csv"))


@lru_cache(maxsize=1)
def _index_ids() -> dict[str, Actor]:
    """Map each id to its actor."""
    return {actor.id: actor for actor in read_actors()}


def get_actor(id: str) -> Actor:
    """Return the actor with an exact id, without any search.

    Parameters
    ----------
    id : str
        Such as "FRA" or "IGO:EU".

    Returns
    -------
    Actor
        The actor.

    Raises
    ------
    UnknownActor
        No actor has this id; `identify_actor` takes names and other codes.

    Examples
    --------
    >>> get_actor("IGO:NATO").name
    'North Atlantic Treaty Organization'
    """
    actor = _index_ids().get(id)
    if actor is None:
        raise UnknownActor(
            f"no actor has the id {id!r}",
            text=id,
            where="lexicon",
            todo="ids are exact (FRA, IGO:EU); identify_actor takes names and other codes",
        )
    return actor


def name_actor(id: str) -> str:
    """Return the name of the actor with an exact id, for a reader; the id itself where no actor has it.

    Parameters
    ----------
    id : str
        Such as "FRA" or "IGO:EU".

    Returns
    -------
    str

    Examples
    --------
    >>> name_actor("NOR"), name_actor("XYZ")
    ('Norway', 'XYZ')
    """
    actor = _index_ids().get(id)
    return id if actor is None else actor.name


@lru_cache(maxsize=1)
def read_areas() -> tuple[Area, ...]:
    """Return the regions and territories that carry a code and are no actors.

    Returns
    -------
    tuple of Area
        CAMEO's pseudo-codes and the territories of ISO 3166-1.
    """
    return tuple(Area(**row) for row in _read_rows("regions.csv"))


@lru_cache(maxsize=2)
def _list_cameo(kind: str) -> dict[str, str]:
    """Map CAMEO codes to ids; an actor that continues comes before one that has ended."""
    found: dict[str, str] = {}
    for actor in sorted(read_actors(), key=lambda item: item.valid_to is not None):
        if actor.kind != kind:
            continue
        others = (code.removeprefix("cameo:") for code in actor.other_codes if code.startswith("cameo:"))
        for code in (actor.codes.get("cameo", ""), *others):
            if code:
                found.setdefault(code, actor.id)
    return found


def list_cameo_states() -> dict[str, str]:
    """Map each CAMEO country code of a state to the actor's id.

    A code means the state that carries it now, whatever the day of the event: GDELT writes
    RUS for events of the Soviet period too.

    Returns
    -------
    dict of str to str
        Such as "ROM" to "ROU".

    Examples
    --------
    >>> list_cameo_states()["TMP"]
    'TLS'
    """
    return _list_cameo("state")


def list_cameo_igos() -> dict[str, str]:
    """Map each CAMEO known-group code of an IGO to the actor's id.

    The feed's group column gives UNO for the whole UN family; the longer codes (UNOWHO) are
    those of the CAMEO manual.

    Returns
    -------
    dict of str to str
        Such as "EEC" to "IGO:EU" and "OAU" to "IGO:AU".

    Examples
    --------
    >>> list_cameo_igos()["WAS"]
    'IGO:ECOWAS'
    """
    return _list_cameo("igo")


def list_cameo_regions() -> dict[str, str]:
    """Map each CAMEO country code that names no state to its kind.

    Returns
    -------
    dict of str to str
        "region" or "territory".

    Examples
    --------
    >>> list_cameo_regions()["EUR"]
    'region'
    """
    return {area.code: area.kind for area in read_areas() if area.code}
