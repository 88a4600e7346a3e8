"""One state's own figures, by theme."""

from __future__ import annotations

from collections import Counter
from statistics import median

from comity.foundations.facts import (
    MONTH_OF_MISSIONS,
    MONTH_OF_ROUTES,
    UNKNOWN_NOT_NONE,
    Facts,
    Figure,
    make_figure,
    miss,
    note,
    round_points,
)
from comity.lexicon import Actor

LARGEST_PARTNERS = 5
LARGEST_GROUPS = 3
YEARS_BACK = 10
ENTRIES = (
    ("Destinations without a visa", ("visa free",)),
    ("Destinations with a visa on arrival or online", ("visa on arrival", "eta", "e-visa")),
    ("Destinations that require a visa beforehand", ("visa required",)),
    ("Destinations that do not admit", ("no admission",)),
)


def describe_state(facts: Facts) -> list[dict[str, object]]:
    """Return the figures of one state by theme.

    Parameters
    ----------
    facts : Facts
        The rows of one party.

    Returns
    -------
    list of dict
        Themes with their figures, as in the brief document.
    """
    (party,) = facts.parties
    return [
        {"theme": "Trade", "figures": _list_trade(facts, party)},
        {"theme": "Economy and population", "figures": list_economy(facts, party)},
        {"theme": "Geography and language", "figures": _list_geography(facts, party)},
        {"theme": "United Nations voting", "figures": _list_voting(facts, party)},
        {"theme": "Mobility", "figures": _list_visas(facts, party)},
        {"theme": "Air links", "figures": [_count_routes(facts, party)]},
        {"theme": "People", "figures": _list_migrants(facts, party)},
        {"theme": "Diplomatic missions", "figures": _list_missions(facts, party)},
    ]


def list_economy(facts: Facts, party: Actor) -> list[Figure]:
    """List the last GDP, population, and GDP per head of the last year that has both.

    Parameters
    ----------
    facts : Facts
        The rows of the parties.
    party : Actor
        The state.

    Returns
    -------
    list of dict
        Three figures; an unknown one has the value None and a reason.
    """
    rows = sorted(facts.find("economy", state=party.id), key=lambda row: -row["year"])
    figures = []
    for column, name, unit, source in (
        ("gdp", "GDP", "USD", "wdi-gdp"),
        ("population", "Population", "persons", "wdi-population"),
    ):
        measure = f"{name} of {party.name}"
        row = next((row for row in rows if row[column] is not None), None)
        if row is None:
            figures.append(miss(measure, unit, source, facts.explain(source, party)))
        else:
            figures.append(make_figure(measure, row[column], unit, source, row["year"]))
    both = next((row for row in rows if row["gdp"] is not None and row["population"]), None)
    measure = f"GDP per head of {party.name}"
    if both is None:
        reason = "no year has both GDP and population" if rows else facts.explain("wdi-gdp", party)
        return [*figures, miss(measure, "USD", "wdi-gdp", reason)]
    head = make_figure(measure, round(both["gdp"] / both["population"]), "USD", "wdi-gdp", both["year"])
    return [*figures, note(head, "GDP over population of the same year, computed by Comity")]


def describe_position(facts: Facts, party: Actor, back: int = 0) -> Figure:
    """Return a state's last ideal point, or that of some years earlier, with its interval.

    Parameters
    ----------
    facts : Facts
        The rows of the parties.
    party : Actor
        The state.
    back : int
        Years before the last estimate [years].

    Returns
    -------
    dict
        One figure; an unknown one has the value None and a reason.
    """
    measure = f"Ideal point of {party.name}" + (f", {back} years earlier" if back else "")
    rows = {row["year"]: row for row in facts.find("voting", state=party.id)}
    year = max(rows, default=0) - back
    if year not in rows:
        reason = f"no estimate for {year}" if rows else facts.explain("unga", party)
        return miss(measure, "points", "unga", reason)
    row = rows[year]
    figure = make_figure(measure, round_points(row["ideal_point"]), "points", "unga", year)
    return note(figure, f"90 % interval {row['low']:.2f} to {row['high']:.2f}; {row['votes']} votes")


def _list_trade(facts: Facts, party: Actor) -> list[Figure]:
    """List total trade and the largest partners each way."""
    total = facts.find_one("trade_totals", state=party.id)
    figures = []
    for way, words, mine, theirs in (
        ("exports", "to", "exporter", "importer"),
        ("imports", "from", "importer", "exporter"),
    ):
        measure = f"All {way} of goods of {party.name}"
        if total is None:
            figures.append(miss(measure, "USD", "baci", facts.explain("baci", party)))
            continue
        figure = make_figure(measure, total[way], "USD", "baci", total["year"])
        rows = sorted(facts.find("trade", **{mine: party.id}), key=lambda row: (-row["value"], row[theirs]))
        rest = total[f"{way}_{words}_territories"]
        figures.append(note(figure, f"{len(rows)} partner states; territories {rest:,} USD"))
        for rank, row in enumerate(rows[:LARGEST_PARTNERS], start=1):
            part = make_figure(
                f"{way.capitalize()} {words} {facts.names[row[theirs]]}",
                row["value"],
                "USD",
                "baci",
                row["year"],
            )
            figures.append(note(part, f"rank {rank}; {100 * row['value'] / total[way]:.1f} % of all {way}"))
    return figures


def _list_geography(facts: Facts, party: Actor) -> list[Figure]:
    """List how many states share a land border and how many a language."""
    figures = []
    for measure, column in (
        ("States with a common land border", "contiguous"),
        ("States with a common official or primary language", "common_language"),
    ):
        if party.id not in facts.listed.get("geodist", frozenset()):
            figures.append(miss(measure, "states", "geodist", facts.explain("geodist", party)))
            continue
        ids = [row["b"] if row["a"] == party.id else row["a"] for row in facts.find("geography", **{column: True})]
        figure = make_figure(measure, len(ids), "states", "geodist", facts.dates["geodist"])
        names = ", ".join(sorted(facts.names[actor] for actor in ids)) if column == "contiguous" else ""
        figures.append(note(figure, "; ".join(filter(None, (names, "of the states that the source lists")))))
    return figures


def _list_voting(facts: Facts, party: Actor) -> list[Figure]:
    """List the ideal point now and earlier, and the middle of all states for comparison."""
    figures = [describe_position(facts, party), describe_position(facts, party, YEARS_BACK)]
    year = figures[0]["year"]
    points = [row["ideal_point"] for row in facts.rows["voting_year"] if row["year"] == year]
    if points:
        middle = make_figure("Median of all states", round_points(median(points)), "points", "unga", year)
        figures.append(note(middle, f"{len(points)} states, {min(points):.2f} to {max(points):.2f}"))
    return figures


def _list_visas(facts: Facts, party: Actor) -> list[Figure]:
    """Count the destinations by what they require, and the passports that enter without a visa."""
    mine = Counter(row["requirement"] for row in facts.find("visa", passport=party.id))
    theirs = Counter(row["requirement"] for row in facts.find("visa", destination=party.id))
    counts = [(measure, sum(mine[kind] for kind in kinds)) for measure, kinds in ENTRIES]
    counts.append((f"Passports that enter {party.name} without a visa", theirs["visa free"]))
    if not mine and not theirs:
        reason = facts.explain("visa", party)
        return [miss(measure, "states", "visa", reason) for measure, _ in counts]
    whole = f"of {mine.total()} states"
    return [note(make_figure(name, count, "states", "visa", facts.dates["visa"]), whole) for name, count in counts]


def _count_routes(facts: Facts, party: Actor) -> Figure:
    """Count the states to which a direct air route is listed."""
    measure = f"States with a direct air route from {party.name}"
    rows = list(facts.find("air_routes", origin=party.id))
    if not rows:
        return miss(measure, "states", "openflights", facts.explain("openflights", party))
    largest = sorted(rows, key=lambda row: (-row["routes"], row["destination"]))[:LARGEST_GROUPS]
    words = "; ".join(f"{facts.names[row['destination']]} {row['routes']:,}" for row in largest)
    figure = make_figure(measure, len(rows), "states", "openflights", MONTH_OF_ROUTES)
    return note(figure, f"most routes: {words}; routes have been opened and closed since")


def _list_migrants(facts: Facts, party: Actor) -> list[Figure]:
    """List persons from the state elsewhere and persons from elsewhere in it, with the largest groups."""
    figures = []
    for measure, mine, theirs in (
        (f"Persons from {party.name} living in other states", "origin", "residence"),
        (f"Persons from other states living in {party.name}", "residence", "origin"),
    ):
        rows = list(facts.find("migrants", **{mine: party.id}))
        last = max((row["year"] for row in rows), default=None)
        stocks = {row[theirs]: row["persons"] for row in rows if row["year"] == last}
        if not stocks:
            figures.append(miss(measure, "persons", "undesa", facts.explain("undesa", party)))
            continue
        largest = sorted(stocks, key=lambda actor: (-stocks[actor], actor))[:LARGEST_GROUPS]
        words = "; ".join(f"{facts.names[actor]} {stocks[actor]:,}" for actor in largest)
        figure = make_figure(measure, sum(stocks.values()), "persons", "undesa", last)
        figures.append(note(figure, f"sum over {len(stocks)} states of the source; largest: {words}"))
    return figures


def _list_missions(facts: Facts, party: Actor) -> list[Figure]:
    """Count the states with an embassy each way, as far as the list knows."""
    figures = []
    for measure, mine, theirs in (
        (f"States in which an embassy of {party.name} is listed", "sender", "receiver"),
        (f"States with an embassy listed in {party.name}", "receiver", "sender"),
    ):
        others = {row[theirs] for row in facts.find("missions", **{mine: party.id, "rank": "embassy"})}
        if not others:
            figures.append(miss(measure, "states", "wikidata", facts.explain("wikidata", party)))
            continue
        figure = make_figure(measure, len(others), "states", "wikidata", MONTH_OF_MISSIONS)
        figures.append(note(figure, f"the list is incomplete: where it has no entry, {UNKNOWN_NOT_NONE}"))
    return figures
