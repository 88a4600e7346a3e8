"""What the tables of this room hold: each column with its type, unit and meaning."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """A column: name, Arrow type, unit and meaning; a blank cell is always an unknown, never a zero."""

    name: str
    type: str
    unit: str
    meaning: str


class Table(NamedTuple):
    """A table: its sources (ids of `sources.yml`), what a row is, key columns, columns, and the folder of its file."""

    sources: tuple[str, ...]
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    folder: str = "tables"


TABLES: dict[str, Table] = {
    "trade": Table(
        ("baci",),
        "exports of one state to another in 2023; a pair without a row has no figure",
        ("exporter", "importer"),
        (
            Column("exporter", "string", "", "actor id of the state that sells"),
            Column("importer", "string", "", "actor id of the state that buys"),
            Column("year", "int16", "year", "2023"),
            Column("value", "int64", "USD", "value of the goods, current US dollars"),
            Column("export_share", "float64", "1", "value over all exports of the exporter in the source"),
            Column("import_share", "float64", "1", "value over all imports of the importer in the source"),
        ),
    ),
    "trade_totals": Table(
        ("baci",),
        "one state's trade with all economies of the source in 2023, territories included",
        ("state",),
        (
            Column("state", "string", "", "actor id"),
            Column("year", "int16", "year", "2023"),
            Column("exports", "int64", "USD", "all exports in the source"),
            Column("imports", "int64", "USD", "all imports in the source"),
            Column("exports_to_territories", "int64", "USD", "the part that goes to economies that are no actors"),
            Column("imports_from_territories", "int64", "USD", "the part that comes from such economies"),
        ),
    ),
    "economy": Table(
        ("wdi-gdp", "wdi-population"),
        "one state in one year, from 1990",
        ("state", "year"),
        (
            Column("state", "string", "", "actor id"),
            Column("year", "int16", "year", "calendar year"),
            Column("gdp", "int64", "USD", "gross domestic product, current US dollars; blank: not published"),
            Column("population", "int64", "persons", "mid-year population; blank: not published"),
        ),
    ),
    "geography": Table(
        ("geodist",),
        "an unordered pair of states, the id that comes first in the alphabet as a",
        ("a", "b"),
        (
            Column("a", "string", "", "actor id"),
            Column("b", "string", "", "actor id"),
            Column("distance", "float64", "km", "great circle between the most populated cities"),
            Column("capital_distance", "float64", "km", "great circle between the capitals"),
            Column("weighted_distance", "float64", "km", "mean over cities, weighted by population; may be blank"),
            Column("contiguous", "bool", "", "the two share a land border"),
            Column("common_language", "bool", "", "the two share an official or primary language"),
        ),
    ),
    "voting": Table(
        ("unga",),
        "one state in one session year of the UN General Assembly, from 1946",
        ("state", "year"),
        (
            Column("state", "string", "", "actor id of the state on 1 December of the year"),
            Column("year", "int16", "year", "year in which the session began"),
            Column("ideal_point", "float32", "points", "estimated position on the main line of division"),
            Column("low", "float32", "points", "5 % quantile of the position"),
            Column("high", "float32", "points", "95 % quantile of the position"),
            Column("votes", "int16", "votes", "final-passage votes that the state took part in"),
        ),
    ),
    "visa": Table(
        ("visa",),
        "what holders of one state's ordinary passport need to enter another, 12 January 2025",
        ("passport", "destination"),
        (
            Column("passport", "string", "", "actor id of the state that issues the passport"),
            Column("destination", "string", "", "actor id of the state to be entered"),
            Column(
                "requirement",
                "string",
                "",
                "visa free, visa on arrival, eta, e-visa, visa required, no admission",
            ),
            Column("days", "int16", "days", "length of a visa-free stay; blank: not stated, or not visa free"),
        ),
    ),
    "migrants": Table(
        ("undesa",),
        "persons of one origin who live in another state, at mid-year; a pair without a row has no figure",
        ("origin", "residence", "year"),
        (
            Column("origin", "string", "", "actor id of the state of origin (birth, else citizenship)"),
            Column("residence", "string", "", "actor id of the state of residence"),
            Column("year", "int16", "year", "1990, 1995, 2000, 2005, 2010, 2015 or 2019"),
            Column("persons", "int32", "persons", "estimated stock"),
        ),
    ),
    "missions": Table(
        ("wikidata",),
        "missions of one state in another, as listed in November 2022; a pair without a row is unknown",
        ("sender", "receiver", "rank"),
        (
            Column("sender", "string", "", "actor id of the sending state"),
            Column("receiver", "string", "", "actor id of the state in which the mission lies"),
            Column("rank", "string", "", "embassy, representation, consulate or honorary consulate"),
            Column("missions", "int16", "missions", "entries in the list"),
            Column("places", "string", "", "cities or districts, joined by a semicolon; blank: none stated"),
        ),
    ),
    "air_routes": Table(
        ("openflights",),
        "direct air routes from one state to another, as listed in June 2014; a pair without a row has no figure",
        ("origin", "destination"),
        (
            Column("origin", "string", "", "actor id of the state in which the routes begin"),
            Column("destination", "string", "", "actor id of the state in which they end"),
            Column("routes", "int16", "routes", "entries in the list: one for each airline and pair of airports"),
        ),
        folder="openflights",
    ),
    "coverage": Table(
        ("baci", "wdi-gdp", "wdi-population", "geodist", "unga", "visa", "undesa", "wikidata"),
        "an actor that a source lists at all, so that a missing pair can be told from a missing state; "
        "for openflights, whose terms bind what is joined to it, the table itself tells",
        ("source", "actor"),
        (
            Column("source", "string", "", "id of the source in sources.yml"),
            Column("actor", "string", "", "actor id"),
        ),
    ),
}
