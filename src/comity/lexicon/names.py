"""One way to name an actor: any code, or a name that only one actor has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from comity.lexicon.actors import CODE_SYSTEMS, Actor, Area, read_actors, read_areas
from comity.lexicon.errors import AmbiguousActor, ComityError, UnknownActor
from comity.lexicon.spelling import find_nearest, fold_name, list_names, show_actors

KINDS = ("state", "igo")
NUMERIC_DIGITS = 3
"""Digits of an ISO 3166-1 numeric or M49 code."""
NUMERIC_SYSTEMS = ("isonum", "m49", "cow", "gw")
MOST_SHOWN = 60
"""Characters of an offending text that a message prints."""
HOW_TO_NAME = "give an id (FRA, IGO:EU), an English name, or a code with its system (cow:255, fips:GM)"

Index = Mapping[str, tuple[Actor, ...]]
Narrow = Callable[[Iterable[Actor]], tuple[Actor, ...]]


def _fold_code(system: str, code: str) -> str:
    """Write a code as its table does: three digits for ISO and M49, no zeros for COW and GW."""
    text = code.strip().casefold()
    if not text.isascii() or not text.isdigit():
        return text.removeprefix("igo") if system == "cameo" and len(text) > NUMERIC_DIGITS else text
    return text.zfill(NUMERIC_DIGITS) if system in ("isonum", "m49") else text.lstrip("0")


def _index(pairs: Iterable[tuple[str, Actor]]) -> Index:
    """Group actors by key, each once and in the order of the tables."""
    found: dict[str, tuple[Actor, ...]] = {}
    for key, actor in pairs:
        if key and actor not in found.get(key, ()):
            found[key] = (*found.get(key, ()), actor)
    return found


@lru_cache(maxsize=1)
def _index_codes() -> tuple[dict[str, Index], dict[str, Index]]:
    """Index the codes of each system: those in the tables' own columns, and the other ones."""
    own: dict[str, list[tuple[str, Actor]]] = {system: [] for system in CODE_SYSTEMS}
    other: dict[str, list[tuple[str, Actor]]] = {system: [] for system in CODE_SYSTEMS}
    for actor in read_actors():
        for system, code in actor.codes.items():
            own[system].append((_fold_code(system, code), actor))
        for text in actor.other_codes:
            system, code = text.split(":")
            other[system].append((_fold_code(system, code), actor))
    return ({s: _index(p) for s, p in own.items()}, {s: _index(p) for s, p in other.items()})


@lru_cache(maxsize=1)
def _index_names() -> tuple[Index, Index, Index]:
    """Index ids, first names (name, short name of an IGO), and further names."""
    actors = read_actors()
    firsts = {actor: 2 if actor.kind == "igo" else 1 for actor in actors}
    ids = _index((actor.id.casefold(), actor) for actor in actors)
    first = _index((fold_name(name), a) for a in actors for name in list_names(a)[: firsts[a]])
    more = _index((fold_name(name), a) for a in actors for name in list_names(a)[firsts[a] :])
    return ids, first, more


@lru_cache(maxsize=1)
def _index_areas() -> dict[str, Area]:
    """Map codes and names of regions and territories, which are no actors."""
    found: dict[str, Area] = {}
    for area in read_areas():
        for code in (area.code, area.iso2, area.iso3, area.isonum):
            found.setdefault(code.casefold(), area)
        found.setdefault(fold_name(area.name), area)
    found.pop("", None)
    return found


def _prefer_continuing(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """Keep the actors that continue today, where there are any."""
    given = tuple(actors)
    return tuple(actor for actor in given if actor.valid_to is None) or given


def _keep_all(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """Narrow nothing: for the error messages, which look beyond what was asked for."""
    return tuple(actors)


def _list_code_matches(text: str, narrow: Narrow) -> tuple[Actor, ...]:
    """Return the actors that have a bare text as a code in any system."""
    digits = text.isascii() and text.isdigit()
    found: list[Actor] = []
    for indexes in _index_codes():
        for system, index in indexes.items():
            if digits == (system in NUMERIC_SYSTEMS):
                found.extend(narrow(index.get(_fold_code(system, text), ())))
    return tuple(dict.fromkeys(found))


def _list_levels(text: str, narrow: Narrow) -> Iterator[tuple[Actor, ...]]:
    """Yield the actors that a bare text names, level after level of precedence."""
    ids, first, more = _index_names()
    own, _ = _index_codes()
    folded, name = text.casefold(), fold_name(text)
    for index, key in ((ids, folded), (own["iso2"], folded), (first, name), (more, name)):
        yield narrow(index.get(key, ()))
    if len(text) == NUMERIC_DIGITS:
        yield narrow(own["isonum"].get(folded, ()))
    if _find_area(text) is None:
        yield _list_code_matches(text, narrow)


def _list_matches(text: str, narrow: Narrow) -> Iterator[tuple[Actor, ...]]:
    """Yield the actors that a text names, in its system where it begins with one."""
    system, colon, code = text.partition(":")
    system = system.casefold()
    if colon and system in CODE_SYSTEMS:
        return (narrow(indexes[system].get(_fold_code(system, code), ())) for indexes in _index_codes())
    return _list_levels(text, narrow)


def _find_area(text: str) -> Area | None:
    """Return the region or territory that a text names by code or name."""
    areas = _index_areas()
    return areas.get(text.casefold()) or areas.get(fold_name(text))


def _show_text(text: str) -> str:
    """Quote the offending text, cut where it is long."""
    return repr(text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "...")


def _explain_ambiguity(text: str, found: tuple[Actor, ...]) -> AmbiguousActor:
    """Build the error for a text that several actors answer to."""
    shown = tuple(show_actors(found))
    keys = tuple(_give_keys(text, found))
    return AmbiguousActor(
        f"{_show_text(text)} may mean {len(found)} actors: {', '.join(shown)}",
        text=text,
        candidates=tuple(f"{key}: {name}" for key, name in zip(keys, shown, strict=True)),
        where="lexicon",
        why="a guess could give the figures of another actor",
        todo=f"write one of: {', '.join(keys)}",
    )


def _give_keys(text: str, found: tuple[Actor, ...]) -> Iterator[str]:
    """Yield for each candidate a key that means it alone: its code with its system, else its id."""
    for actor in found:
        mine = [f"{system}:{code}" for system, code in actor.codes.items()] + list(actor.other_codes)
        same = [code for code in mine if _fold_code(*code.split(":")) == _fold_code(code.split(":")[0], text)]
        alone = [code for code in same if _list_first(code) == (actor,)]
        yield alone[0] if alone else actor.id


def _list_first(text: str) -> tuple[Actor, ...]:
    """Return the actors of the first level of precedence that has any."""
    return next((level for level in _list_matches(text, _prefer_continuing) if level), ())


def _explain_absence(text: str, on: date | None, kind: str | None, narrow: Narrow) -> UnknownActor:
    """Build the error for a text that no actor of the asked kind and day answers to."""
    meant = [actor for level in _list_matches(text, _keep_all) for actor in level]
    area = _find_area(text)
    if meant:
        what = _describe_miss(text, meant[0], on, kind)
        near = narrow(_list_kin(meant[0]))
    elif area:
        what = f"{_show_text(text)} means {area.name}, a {area.kind}, not a state or an IGO"
        near = _list_code_matches(text, narrow)
    else:
        what = f"no state or IGO answers to {_show_text(text)}"
        near = tuple(find_nearest(text, narrow(read_actors()) if on else read_actors()))
    shown = tuple(show_actors(near))
    return UnknownActor(
        what,
        text=text,
        nearest=shown,
        where="lexicon",
        why="figures would be shown for another actor, or for none",
        todo=(f"nearest: {', '.join(shown)}; or " if shown else "") + HOW_TO_NAME,
    )


def _describe_miss(text: str, actor: Actor, on: date | None, kind: str | None) -> str:
    """Say why an actor that a text names is not the one that was asked for."""
    name = f"{_show_text(text)} names {actor.name} ({actor.id})"
    if kind is not None and actor.kind != kind:
        return f"{name}, which is of kind {actor.kind!r}, not {kind!r}"
    return f"{name}, which the lexicon has {actor.describe_validity()}, not on {on}"


def _list_kin(actor: Actor) -> list[Actor]:
    """Return the predecessors and successors of an actor: those that share a number or group code."""
    systems = ("cow", "gw") if actor.kind == "state" else ("cameo",)
    mine = {(system, actor.codes[system]) for system in systems if system in actor.codes}
    return [other for other in read_actors() if other != actor and mine & set(other.codes.items())]


def find_actor(text: str) -> Actor | None:
    """Return the one actor that a code or a name means as `identify_actor` has it, or None.

    Parameters
    ----------
    text : str
        Code or name.

    Returns
    -------
    Actor or None
        None where the text means no actor or several. No suggestions are looked for, which takes much longer.

    Examples
    --------
    >>> find_actor("Ivory Coast").id, find_actor("Atlantis")
    ('CIV', None)
    """
    found = _list_first(text.strip())
    return found[0] if len(found) == 1 else None


def identify_actor(text: str, *, on: date | None = None, kind: str | None = None) -> Actor:
    """Return the one actor that a code or a name means.

    Letter case, diacritics, punctuation and a leading "the" do not matter. A bare text is
    tried, in this order, as: id (for states the ISO alpha-3 code), ISO alpha-2, name or short
    name, formal name or alias, ISO numeric (three digits), any other code. The first of these
    that gives an actor decides; where it gives several, the text is ambiguous. A code of a
    certain system is written with its prefix: ``iso2: iso3: isonum: m49: cameo: fips: cow: gw:``.

    Parameters
    ----------
    text : str
        Such as "DEU", "de", "Germany", "cow:255", "IGO:EU" or "European Union".
    on : datetime.date, optional
        Only actors that exist on this day. Without it, an actor that continues today comes
        before one that has ended and has the same code or name.
    kind : {"state", "igo"}, optional
        Only actors of this kind.

    Returns
    -------
    Actor
        The actor.

    Raises
    ------
    UnknownActor
        No such actor; the error lists the nearest.
    AmbiguousActor
        Several such actors; the error lists a key for each.
    ComityError
        `kind` is neither "state" nor "igo".

    References
    ----------
    iso-3166, m49, cameo-1.1b3, fips-10-4, cow-states, gleditsch-ward-1999.

    Examples
    --------
    >>> identify_actor("Ivory Coast").id, identify_actor("cow:255").id, identify_actor("eu").id
    ('CIV', 'DEU', 'IGO:EU')
    >>> from datetime import date
    >>> identify_actor("Yugoslavia", on=date(2000, 1, 1)).id
    'SCG'
    """
    if kind is not None and kind not in KINDS:
        raise ComityError(f"kind {kind!r} is unknown", where="identify_actor", todo="give 'state' or 'igo'")

    def narrow(actors: Iterable[Actor]) -> tuple[Actor, ...]:
        of_kind = (actor for actor in actors if kind in (None, actor.kind))
        if on is None:
            return _prefer_continuing(of_kind)
        return tuple(actor for actor in of_kind if actor.is_valid(on))

    given = text.strip()
    found = next((level for level in _list_matches(given, narrow) if level), ())
    if not found:
        raise _explain_absence(given, on, kind, narrow)
    if len(found) > 1:
        raise _explain_ambiguity(given, found)
    return found[0]
