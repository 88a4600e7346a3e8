"""What ties two states: the figures of a pair, by theme."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from comity.foundations.facts import (
    MONTH_OF_MISSIONS,
    MONTH_OF_ROUTES,
    Facts,
    Figure,
    Row,
    make_figure,
    miss,
    name_places,
    note,
    round_figure,
    round_points,
)
from comity.foundations.state import describe_position, list_economy
from comity.lexicon import Actor

YEARS_BACK = (10, 20)
YEARS_OF_MIGRANTS = (1990, 2000, 2010)
REQUIREMENTS = {"eta": "electronic travel authorisation", "e-visa": "electronic visa"}


def describe_pair(facts: Facts) -> list[dict[str, object]]:
    """Return the figures of two states by theme; the first party's direction comes first.

    Parameters
    ----------
    facts : Facts
        The rows of two parties.

    Returns
    -------
    list of dict
        Themes with their figures, as in the brief document.
    """
    one, other = facts.parties
    ways = ((one, other), (other, one))
    return [
        {"theme": "Trade", "figures": [figure for way in ways for figure in _list_trade(facts, *way)]},
        {
            "theme": "Economy and population",
            "figures": [figure for party in facts.parties for figure in list_economy(facts, party)],
        },
        {"theme": "Geography and language", "figures": _list_geography(facts, one, other)},
        {"theme": "United Nations voting", "figures": _list_voting(facts, one, other)},
        {"theme": "Mobility", "figures": [_describe_visa(facts, *way) for way in ways]},
        {"theme": "Air links", "figures": [_describe_routes(facts, *way) for way in ways]},
        {"theme": "People", "figures": [_describe_migrants(facts, *way) for way in ways]},
        {
            "theme": "Diplomatic missions",
            "figures": [figure for way in ways for figure in _list_missions(facts, *way)],
        },
    ]


def _list_trade(facts: Facts, exporter: Actor, importer: Actor) -> list[Figure]:
    """List one direction of trade with its share of each side's total."""
    goods = f"Exports of goods from {exporter.name} to {importer.name}"
    sold = f"Their share of all exports of {exporter.name}"
    bought = f"Their share of all imports of {importer.name}"
    row = facts.find_one("trade", exporter=exporter.id, importer=importer.id)
    if row is None:
        reason = facts.explain("baci", exporter, importer)
        return [miss(name, unit, "baci", reason) for name, unit in ((goods, "USD"), (sold, "%"), (bought, "%"))]
    return [
        make_figure(goods, row["value"], "USD", "baci", row["year"]),
        make_figure(sold, round_figure(100 * row["export_share"]), "%", "baci", row["year"]),
        make_figure(bought, round_figure(100 * row["import_share"]), "%", "baci", row["year"]),
    ]


def _list_geography(facts: Facts, one: Actor, other: Actor) -> list[Figure]:
    """List distances, contiguity and common language."""
    measures = (
        ("Distance between the most populated cities", "km", "distance"),
        ("Distance between the capitals", "km", "capital_distance"),
        ("Distance weighted by where people live", "km", "weighted_distance"),
        ("Common land border", "", "contiguous"),
        ("Common official or primary language", "", "common_language"),
    )
    a, b = sorted((one.id, other.id))
    row = facts.find_one("geography", a=a, b=b)
    if row is None:
        reason = facts.explain("geodist", one, other)
        return [miss(name, unit, "geodist", reason) for name, unit, _ in measures]
    figures = []
    for name, unit, column in measures:
        value = row[column]
        if isinstance(value, bool):
            value = "yes" if value else "no"
        figure = make_figure(name, value, unit, "geodist", facts.dates["geodist"])
        figures.append(figure if value is not None else miss(name, unit, "geodist", "not given for this pair"))
    return figures


def measure_distances(rows: Sequence[Row], one: str, other: str) -> dict[int, float]:
    """Return the distance of two states' ideal points in each year that has both.

    Parameters
    ----------
    rows : sequence of rows
        Rows of the table "voting".
    one, other : str
        Actor ids.

    Returns
    -------
    dict of int to float
        Year to distance [points], in the order of the years.
    """
    points: dict[str, dict[int, float]] = {one: {}, other: {}}
    for row in rows:
        if row["state"] in points:
            points[row["state"]][row["year"]] = row["ideal_point"]
    years = sorted(points[one].keys() & points[other].keys())
    return {year: abs(points[one][year] - points[other][year]) for year in years}


def _list_voting(facts: Facts, one: Actor, other: Actor) -> list[Figure]:
    """List both ideal points and their distance, now and earlier."""
    figures = [describe_position(facts, party) for party in (one, other)]
    distances = measure_distances(facts.rows["voting"], one.id, other.id)
    if not distances:
        known = all(figure["value"] is not None for figure in figures)
        reason = "no year in which both have one" if known else facts.explain("unga", one, other)
        return [*figures, miss("Distance of the ideal points", "points", "unga", reason)]
    last = max(distances)
    now = make_figure("Distance of the ideal points", round_points(distances[last]), "points", "unga", last)
    figures.append(note(now, f"{_compare_distance(facts, distances[last], last)}; {_compare_intervals(facts, last)}"))
    for back in YEARS_BACK:
        measure = f"Distance of the ideal points, {back} years earlier"
        if last - back in distances:
            value = round_points(distances[last - back])
            figures.append(make_figure(measure, value, "points", "unga", last - back))
        else:
            reason = f"no estimate for both states in {last - back}"
            figures.append(miss(measure, "points", "unga", reason))
    return figures


def _compare_distance(facts: Facts, distance: float, year: int) -> str:
    """Say how a distance compares with those of all pairs of states in the same year."""
    points = [row["ideal_point"] for row in facts.rows["voting_year"] if row["year"] == year]
    gaps = [abs(first - second) for first, second in combinations(points, 2)]
    if not gaps:
        return "0 means the same position"
    share = 100 * sum(gap > distance for gap in gaps) / len(gaps)
    return f"0 means the same position; {share:.0f} % of all pairs of states lie further apart"


def _compare_intervals(facts: Facts, year: int) -> str:
    """Say whether the 90 % intervals of the two positions overlap in a year."""
    first, second = facts.find("voting", year=year)
    overlap = first["low"] <= second["high"] and second["low"] <= first["high"]
    return f"the two 90 % intervals {'overlap' if overlap else 'do not overlap'}"


def _describe_visa(facts: Facts, traveller: Actor, host: Actor) -> Figure:
    """Describe what a passport of one state needs to enter the other."""
    measure = f"Entry to {host.name} with a passport of {traveller.name}"
    row = facts.find_one("visa", passport=traveller.id, destination=host.id)
    if row is None:
        return miss(measure, "", "visa", facts.explain("visa", traveller, host))
    value = REQUIREMENTS.get(row["requirement"], row["requirement"])
    if row["days"] is not None:
        value = f"{value}, {row['days']} days"
    return make_figure(measure, value, "", "visa", facts.dates["visa"])


def _describe_routes(facts: Facts, origin: Actor, destination: Actor) -> Figure:
    """Describe the direct air routes from one state to the other; the list is old, and says so."""
    measure = f"Direct air routes from {origin.name} to {destination.name}"
    row = facts.find_one("air_routes", origin=origin.id, destination=destination.id)
    if row is None:
        return miss(measure, "routes", "openflights", facts.explain("openflights", origin, destination))
    figure = make_figure(measure, row["routes"], "routes", "openflights", MONTH_OF_ROUTES)
    return note(figure, "routes have been opened and closed since")


def _describe_migrants(facts: Facts, origin: Actor, residence: Actor) -> Figure:
    """Describe how many persons of one origin live in the other state, last and earlier."""
    measure = f"Persons from {origin.name} living in {residence.name}"
    stocks = {row["year"]: row["persons"] for row in facts.find("migrants", origin=origin.id, residence=residence.id)}
    if not stocks:
        return miss(measure, "persons", "undesa", facts.explain("undesa", origin, residence))
    last = max(stocks)
    figure = make_figure(measure, stocks[last], "persons", "undesa", last)
    earlier = (f"{year}: {stocks[year]:,}" for year in YEARS_OF_MIGRANTS if year in stocks and year != last)
    return note(figure, "; ".join(earlier))


def _list_missions(facts: Facts, sender: Actor, receiver: Actor) -> list[Figure]:
    """List the missions of one state in the other that the list has."""
    rows = {row["rank"]: row for row in facts.find("missions", sender=sender.id, receiver=receiver.id)}
    way = f"of {sender.name} in {receiver.name}"
    figures = []
    for rank, measure in (("embassy", f"Embassies {way}"), ("consulate", f"Consulates {way}")):
        row = rows.get(rank)
        if row is None:
            figures.append(miss(measure, "missions", "wikidata", facts.explain("wikidata", sender, receiver)))
        else:
            figure = make_figure(measure, row["missions"], "missions", "wikidata", MONTH_OF_MISSIONS)
            figures.append(note(figure, name_places(row)))
    for rank, measure in (
        ("representation", f"Other representations {way}"),
        ("honorary consulate", f"Honorary consulates {way}"),
    ):
        if rank in rows:
            row = rows[rank]
            figure = make_figure(measure, row["missions"], "missions", "wikidata", MONTH_OF_MISSIONS)
            figures.append(note(figure, name_places(row)))
    return figures
