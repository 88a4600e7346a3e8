"""From a publisher's rows to the tables of this room; every row is kept or left out under a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from comity.foundations.facts import FoundationError
from comity.foundations.placing import (
    TWICE,
    UNMAPPED,
    Ledger,
    Row,
    place_member,
    place_pairs,
    place_text,
    read_crosswalk,
)
from comity.foundations.tables import TABLES

FIRST_YEAR = 1990  # of the economic series: enough for a generation, small enough to ship
ROUNDING = 0.11  # km by which the two directions of a rounded distance may differ
BLANK = "."  # how GeoDist writes an unknown weighted distance


def find_system(texts: Iterable[str], names: bool = False) -> str:
    """Return the system of a column of codes: numbers of ISO and M49, else letters, or names."""
    if any(text.isdigit() for text in texts):
        return "isonum"
    return "" if names else "iso3"


def compile_trade(rows: Sequence[Row], ledger: Ledger) -> dict[str, list[Row]]:
    """Compile bilateral trade and the totals of each state."""
    year = max((row["year"] for row in rows), default=0)
    day = date(max(year, 1), 7, 1)
    system = find_system(row["exporter"] for row in rows)
    sold: Counter[str] = Counter()
    bought: Counter[str] = Counter()
    for row in rows:
        row["value"] = round(row["value_kusd"] * 1000)
        sold[row["exporter"]] += row["value"]
        bought[row["importer"]] += row["value"]
    trade: list[Row] = []
    known: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for exporter, importer, row in place_pairs(rows, ("exporter", "importer"), ("baci", system, day), ledger):
        value = row["value"]
        known[row["exporter"]][0] += value
        known[row["importer"]][1] += value
        shares = {
            "export_share": value / sold[row["exporter"]],
            "import_share": value / bought[row["importer"]],
        }
        trade.append({"exporter": exporter, "importer": importer, "year": year, "value": value, **shares})
    totals = []
    for text in sorted(set(sold) | set(bought)):
        actor, _ = place_text("baci", text, system, day)
        if actor:
            elsewhere = sold[text] - known[text][0], bought[text] - known[text][1]
            sums = {"exports": sold[text], "imports": bought[text]}
            parts = {"exports_to_territories": elsewhere[0], "imports_from_territories": elsewhere[1]}
            totals.append({"state": actor, "year": year, **sums, **parts})
    return {"trade": trade, "trade_totals": totals}


def compile_economy(rows: Sequence[Row], ledger: Ledger) -> dict[str, list[Row]]:
    """Compile GDP and population by state and year, from rows of country, year, measure and value."""
    merged: dict[tuple[str, int], Row] = {}
    for row in rows:
        ledger.read += 1
        text, year = row["country"], row["year"]
        actor, reason = place_text("worldbank", text, "iso3", date(2023, 7, 1))
        if not actor:
            ledger.drop(reason, row, [text] if reason == UNMAPPED else [])
        elif year < FIRST_YEAR:
            ledger.drop(f"before {FIRST_YEAR}", row)
        else:
            ledger.keep(row)
            entry = {"state": actor, "year": year, "gdp": None, "population": None}
            merged.setdefault((actor, year), entry)[row["measure"]] = round(row["value"])
    return {"economy": list(merged.values())}


def compile_geography(rows: Sequence[Row], ledger: Ledger) -> dict[str, list[Row]]:
    """Compile distances, contiguity and common language; the two directions must agree."""
    found: dict[tuple[str, str], Row] = {}
    ways: set[tuple[str, str]] = set()
    source = ("geodist", "iso3", date(2011, 1, 1))
    for one, other, row in place_pairs(rows, ("iso_o", "iso_d"), source, ledger):
        a, b = sorted((one, other))
        entry = {
            "a": a,
            "b": b,
            "distance": round(row["dist"], 1),
            "capital_distance": round(row["distcap"], 1),
            "weighted_distance": None if row["distw"] == BLANK else round(float(row["distw"]), 1),
            "contiguous": bool(row["contig"]),
            "common_language": bool(row["comlang_off"]),
        }
        before = found.setdefault((a, b), entry)
        if before is not entry:
            _refuse_difference(before, entry)
            before |= {name: value for name, value in entry.items() if before[name] is None}
            ledger.take_back(TWICE if (one, other) in ways else "the same pair the other way round", row)
        ways.add((one, other))
    return {"geography": list(found.values())}


def _refuse_difference(before: Row, entry: Row) -> None:
    """Refuse two answers for one pair that differ by more than rounding, and say in what; an open one is no answer."""
    both = [name for name in list(entry)[2:] if before[name] is not None and entry[name] is not None]
    apart = [name for name in both if abs(before[name] - entry[name]) > ROUNDING]
    if apart:
        answers = "; ".join(f"{name.replace('_', ' ')} {before[name]} and {entry[name]}" for name in apart)
        raise FoundationError(
            f"the source gives two answers for {entry['a']} and {entry['b']}: {answers}",
            where="geodist",
            todo="correct the file, or leave one of the two lines out",
        )


def compile_voting(rows: Sequence[Row], ledger: Ledger) -> dict[str, list[Row]]:
    """Compile the ideal points from final-passage votes."""
    found: dict[tuple[str, int], Row] = {}
    for row in rows:
        ledger.read += 1
        year = int(row["year"])
        actor = place_member(int(row["ccode"]), year)
        if row["idealpointfp"] is None:
            ledger.drop("without an estimate", row)
        elif not actor:
            ledger.drop(UNMAPPED, row, [f"cow:{int(row['ccode'])}"])
        else:
            estimate = {"ideal_point": row["idealpointfp"], "low": row["q5fp"], "high": row["q95fp"]}
            entry = {"state": actor, "year": year, **estimate, "votes": row["nvotesfp"]}
            before = found.setdefault((actor, year), entry)
            if before is entry:
                ledger.keep(row)
            elif before == entry:
                ledger.drop(TWICE, row)
            else:
                points = f"{before['ideal_point']} and {entry['ideal_point']}"
                raise FoundationError(
                    f"the source gives two answers for {actor} in {year}: {points}",
                    where="unga",
                    todo="correct the file, or leave one of the two lines out",
                )
    return {"voting": list(found.values())}


def compile_visa(rows: Sequence[Row], ledger: Ledger) -> dict[str, list[Row]]:
    """Compile visa requirements; a number is the days of a visa-free stay."""
    source = ("visa", "iso3", date(2025, 1, 12))
    visa = []
    for passport, to, row in place_pairs(rows, ("Passport", "Destination"), source, ledger):
        text = row["Requirement"]
        requirement, days = ("visa free", int(text)) if text.isdigit() else (text, None)
        visa.append({"passport": passport, "destination": to, "requirement": requirement, "days": days})
    return {"visa": visa}


def compile_air_routes(rows: Sequence[Row], ledger: Ledger) -> dict[str, list[Row]]:
    """Compile direct air routes; their terms (ODbL) bind what is joined to them, so they stay a table apart."""
    source = ("openflights", "", date(2014, 6, 1))
    return {
        "air_routes": [
            {"origin": origin, "destination": destination, "routes": row["routes"]}
            for origin, destination, row in place_pairs(rows, ("o", "d"), source, ledger)
        ]
    }


def compile_migrants(rows: Sequence[Row], ledger: Ledger) -> dict[str, list[Row]]:
    """Compile migrant stocks by origin, residence and year."""
    source = ("undesa", find_system((row["orig"] for row in rows), names=True), date(2019, 7, 1))
    return {
        "migrants": [
            {"origin": origin, "residence": residence, "year": row["Year"], "persons": row["stock"]}
            for origin, residence, row in place_pairs(rows, ("orig", "Dest"), source, ledger)
        ]
    }


def compile_missions(rows: Sequence[Row], ledger: Ledger) -> dict[str, list[Row]]:
    """Compile missions by sender, receiver and rank; an item of the list counts once."""
    source = ("wikidata", "", date(2022, 11, 1))
    items: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for sender, receiver, row in place_pairs(rows, ("operator", "country"), source, ledger):
        rank, kind = read_crosswalk().get(("wikidata-type", row["type"]), ("", UNMAPPED))
        places = items[sender, receiver, rank]
        if rank and row["QID"] not in places:
            places[row["QID"]] = row["city"] or ""
            continue
        ledger.take_back(TWICE if rank else kind, row)
        if kind == UNMAPPED:
            ledger.unmapped[row["type"]] += 1
    return {
        "missions": [
            {
                "sender": sender,
                "receiver": receiver,
                "rank": rank,
                "missions": len(places),
                "places": "; ".join(sorted(set(places.values()) - {""})) or None,
            }
            for (sender, receiver, rank), places in items.items()
            if places
        ]
    }


def compile_coverage(tables: dict[str, list[Row]]) -> list[Row]:
    """List which actors each source has at all."""
    pairs: set[tuple[str, str]] = set()
    for name, rows in tables.items():
        if TABLES[name].folder != TABLES["coverage"].folder:
            continue
        keys = [key for key in TABLES[name].key if key not in ("year", "rank")]
        for source in TABLES[name].sources:
            column = {"wdi-gdp": "gdp", "wdi-population": "population"}.get(source, keys[0])
            pairs |= {(source, row[key]) for row in rows for key in keys if row[column] is not None}
    return [{"source": source, "actor": actor} for source, actor in pairs]
