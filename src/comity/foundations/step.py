"""The impure part: reads the tables that ship with the package and hands their rows to the pure modules."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.foundations.facts import DATES, Facts, FoundationError, Row
from comity.foundations.layers import describe_sources, lay_coverage, lay_over
from comity.foundations.own import Loads, Own, read_loads, read_own
from comity.foundations.pair import describe_pair, measure_distances
from comity.foundations.state import describe_state
from comity.foundations.tables import TABLES
from comity.lexicon import Actor, UnknownActor, get_actor, identify_actor, read_actors
from comity.lexicon.published import read_published

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = Path(__file__).parent
SOURCES = Path(__file__).with_name("sources.yml")
PARTIES_OF_A_PAIR = 2


def describe_foundations(a: str, b: str | None = None, own: Own | None = None) -> list[dict[str, Any]]:
    """Describe what ties two states, or one state's own figures.

    Both directions are given wherever a measure has two. A figure that is not known has the value None and a
    note that says why; it is never zero. Organisations have no figures; former states have those that carry
    their own dates.

    Parameters
    ----------
    a, b : str
        Actor ids (or any code or name that means one actor); without `b`, one state's own figures.
    own : Own, optional
        A store whose tables, loaded from publishers' files, stand over those of the package.

    Returns
    -------
    list of dict
        ``{"theme": str, "figures": [{"measure", "value", "unit", "year", "source", "note"}]}``; `value` is a
        number, a text or None, `source` an id of `list_sources`.

    Raises
    ------
    UnknownActor, AmbiguousActor
        A text that means no actor, or several.
    FoundationError
        Both texts mean the same actor.

    References
    ----------
    gaulier-zignago-2010, wdi, mayer-zignago-2011, bailey-strezhnev-voeten-2017, passport-index, undesa-2019,
    wikidata-missions, openflights

    Examples
    --------
    >>> themes = describe_foundations("DEU", "POL")
    >>> [theme["theme"] for theme in themes][:2]
    ['Trade', 'Economy and population']
    >>> border = themes[2]["figures"][3]
    >>> border["measure"], border["value"], border["source"]
    ('Common land border', 'yes', 'geodist')
    """
    parties = tuple(_find_actor(text) for text in (a, b) if text is not None)
    if len({party.id for party in parties}) < len(parties):
        raise FoundationError(
            f"{a!r} and {b!r} are the same actor, {parties[0].name} ({parties[0].id})",
            where="foundations",
            why="nothing ties a state to itself",
            todo="name two actors, or one alone for its own figures",
        )
    facts = _gather_facts(parties, read_loads(own))
    return describe_pair(facts) if len(parties) == PARTIES_OF_A_PAIR else describe_state(facts)


def describe_voting_path(a: str, b: str, own: Own | None = None) -> list[dict[str, float]]:
    """Describe how far apart two states have voted in the UN General Assembly, year by year.

    Parameters
    ----------
    a, b : str
        Actor ids, codes or names.
    own : Own, optional
        As in `describe_foundations`.

    Returns
    -------
    list of dict
        ``{"year", "distance"}`` for each year in which both have an estimate; distance in points, 0 = same
        position. Empty where there is none.

    References
    ----------
    bailey-strezhnev-voeten-2017

    Examples
    --------
    >>> describe_voting_path("DEU", "POL")[-1]["year"]
    2024
    """
    one, other = (_find_actor(text).id for text in (a, b))
    rows = _select_rows("voting", (one, other), read_loads(own))
    return [{"year": year, "distance": gap} for year, gap in measure_distances(rows, one, other).items()]


def read_foundation(table: str, own: Own | None = None) -> pa.Table:
    """Read one of the tables: as shipped, or with those of a store over it.

    Parameters
    ----------
    table : str
        Name of a table of `comity.foundations.tables.TABLES`, where each column has its unit and meaning.
    own : Own, optional
        As in `describe_foundations`.

    Returns
    -------
    pyarrow.Table
        All rows, sorted by key; a blank is an unknown, never a zero.

    Raises
    ------
    FoundationError
        No such table.

    Examples
    --------
    >>> read_foundation("voting").column_names
    ['state', 'year', 'ideal_point', 'low', 'high', 'votes']
    """
    if table not in TABLES:
        raise FoundationError(
            f"there is no table {table!r}", where="foundations", todo=f"name one of {', '.join(TABLES)}"
        )
    return _load_table(table, read_loads(own))


def list_sources(own: Own | None = None) -> list[dict[str, Any]]:
    """List the publishers of the tables, with their terms and how to cite them.

    Parameters
    ----------
    own : Own, optional
        As in `describe_foundations`.

    Returns
    -------
    list of dict
        ``id, table, title, publisher, terms, url, year, date, citation, key, what_was_done``.

    Examples
    --------
    >>> [source["id"] for source in list_sources()][:2]
    ['baci', 'wdi-gdp']
    """
    return describe_sources(_read_sources(), [load for load, _ in read_loads(own)])


@cache
def _read_sources() -> tuple[dict[str, Any], ...]:
    """Read sources.yml once; a text of several lines becomes one line."""
    entries = read_published(SOURCES)
    return tuple(
        {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in entry.items()}
        for entry in entries
    )


def _find_actor(text: str) -> Actor:
    """Return the actor with this id, else the one that the text means."""
    try:
        return get_actor(text)
    except UnknownActor:
        return identify_actor(text)


@cache
def _load_table(table: str, loads: Loads) -> pa.Table:
    """Read a table once, what was loaded laid over it in the order of loading."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(FOLDER / TABLES[table].folder / f"{table}.parquet", page_checksum_verification=True) as file:
        data = file.read()
    if table == "coverage":
        tables = {(load, name): read_own(load, name, folder) for load, folder in loads for name, _, _ in load.tables}
        return lay_coverage(data, [load for load, _ in loads], tables)
    for load, folder in loads:
        if table in (name for name, _, _ in load.tables):
            data = lay_over(table, data, read_own(load, table, folder))
    return data


def _select_rows(table: str, ids: tuple[str, ...], loads: Loads) -> list[Row]:
    """Return the rows between the two actors, or all rows of the one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    data = _load_table(table, loads)
    columns = [name for name in TABLES[table].key if name not in ("year", "rank")]
    masks = [pc.is_in(data[name], value_set=pa.array(ids, pa.string())) for name in columns]
    mask = masks[0]
    for further in masks[1:]:
        mask = pc.and_(mask, further) if len(ids) == PARTIES_OF_A_PAIR else pc.or_(mask, further)
    rows: list[Row] = data.filter(mask).to_pylist()
    return rows


def _gather_facts(parties: tuple[Actor, ...], loads: Loads) -> Facts:
    """Collect from every table what concerns the parties."""
    import pyarrow.compute as pc

    ids = tuple(party.id for party in parties)
    rows = {table: _select_rows(table, ids, loads) for table in TABLES if table != "coverage"}
    voting = _load_table("voting", loads)
    common = set.intersection(*({row["year"] for row in rows["voting"] if row["state"] == id} for id in ids))
    rows["voting_year"] = voting.filter(pc.equal(voting["year"], max(common, default=0))).to_pylist()
    listed: dict[str, set[str]] = {}
    for entry in _load_table("coverage", loads).to_pylist():
        listed.setdefault(entry["source"], set()).add(entry["actor"])
    routes = _load_table("air_routes", loads)
    listed["openflights"] = {id for name in ("origin", "destination") for id in routes[name].to_pylist()}
    names = {actor.id: actor.name for actor in read_actors()}
    dates = DATES | {source: load.day for load, _ in loads for source in load.listed if source in DATES}
    return Facts(parties, rows, {source: frozenset(actors) for source, actors in listed.items()}, names, dates)
