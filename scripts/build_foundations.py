"""Compile the tables of the room `foundations` from the publishers' files, and say what could not be placed.

    python scripts/build_foundations.py [FOLDER] [--out FOLDER]

FOLDER holds the publishers' tables as Parquet (default: ../shared/data/structural beside the repository). Each table
goes into the folder of its terms: `tables`, or `openflights` for what stays under ODbL. The same input gives the same
bytes. Every row that is read is kept, or counted under the reason why it was not.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from comity.foundations.tables import TABLES
from comity.lexicon import AmbiguousActor, UnknownActor, identify_actor
from comity.lexicon.actors import read_areas

REPOSITORY = Path(__file__).resolve().parents[1]
ROOM = REPOSITORY / "src" / "comity" / "foundations"
DEFAULT_INPUT = REPOSITORY.parent / "shared" / "data" / "structural"
FIRST_YEAR = 1990  # of the economic series: enough for a generation, small enough to ship
ROUNDING = 0.11  # km by which the two directions of a rounded distance may differ
SELF = "a state with itself"
BLANK = "."  # how GeoDist writes an unknown weighted distance

Row = dict[str, Any]


@dataclass
class Ledger:
    """What became of the rows of one file: read = kept + left out, by reason."""

    name: str
    read: int = 0
    kept: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)

    def drop(self, reason: str) -> None:
        """Count a row that is left out."""
        self.left_out[reason] += 1

    def describe(self) -> str:
        """Return one line, and one for each name that no rule places."""
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self.left_out.items())) or "none"
        lines = [f"{self.name}: {self.read} read, {self.kept} kept; left out: {reasons}"]
        lines += [f"  NOT PLACED: {text!r} ({count} rows)" for text, count in sorted(self.unmapped.items())]
        return "\n".join(lines)


@cache
def read_crosswalk() -> dict[tuple[str, str], tuple[str, str]]:
    """Map (source, text) to (what it becomes, kind)."""
    with (ROOM / "crosswalk.csv").open(encoding="utf-8", newline="") as lines:
        return {(row["source"], row["text"]): (row["becomes"], row["kind"]) for row in csv.DictReader(lines)}


@cache
def read_area_kinds() -> dict[str, str]:
    """Map the names and alpha-3 codes of regions and territories to the reason for leaving them out."""
    kinds = {"region": "aggregate", "territory": "territory"}
    return {text: kinds[area.kind] for area in read_areas() for text in (area.name, area.iso3) if text}


@cache
def place_text(source: str, text: str, system: str, on: date) -> tuple[str, str]:
    """Return (actor id, "state"), or ("", reason) for a text that is no actor, or ("", "unmapped")."""
    known = read_crosswalk().get((source, text))
    if known:
        return known
    if text in read_area_kinds():
        return "", read_area_kinds()[text]
    asked = f"{system}:{text}" if system else text
    try:
        return identify_actor(asked, on=on, kind="state").id, "state"
    except (UnknownActor, AmbiguousActor):
        return "", "unmapped"


def place_member(number: int, year: int) -> str:
    """Return the state with a Correlates of War number on 1 December of a year, else the one that has it.

    Some members of the Assembly sat there before the day from which the lexicon has them.
    """
    try:
        return identify_actor(f"cow:{number}", on=date(year, 12, 1), kind="state").id
    except UnknownActor:
        return identify_actor(f"cow:{number}", kind="state").id


def place_pairs(
    rows: Iterable[Row], names: tuple[str, str], source: tuple[str, str, date], ledger: Ledger
) -> Iterator[tuple[str, str, Row]]:
    """Yield each row with its two actors; count those of which one is no actor, or both are the same."""
    for row in rows:
        ledger.read += 1
        placed = [place_text(source[0], row[name], source[1], source[2]) for name in names]
        reason = next((kind for _, kind in placed if kind != "state"), "")
        if reason == "unmapped":
            ledger.unmapped.update(row[n] for n, (_, kind) in zip(names, placed, strict=True) if kind == reason)
        if not reason and placed[0][0] == placed[1][0]:
            reason = SELF
        if reason:
            ledger.drop(reason)
        else:
            ledger.kept += 1
            yield placed[0][0], placed[1][0], row


def read_rows(folder: Path, name: str) -> list[Row]:
    """Read one of the publishers' tables."""
    rows: list[Row] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return rows


def compile_trade(folder: Path, ledger: Ledger) -> dict[str, list[Row]]:
    """Compile bilateral trade and the totals of each state."""
    rows = read_rows(folder, "trade_baci_2023")
    source = ("baci", "iso3", date(2023, 7, 1))
    sold: Counter[str] = Counter()
    bought: Counter[str] = Counter()
    for row in rows:
        row["value"] = round(row["value_kusd"] * 1000)
        sold[row["exporter"]] += row["value"]
        bought[row["importer"]] += row["value"]
    trade: list[Row] = []
    known: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for exporter, importer, row in place_pairs(rows, ("exporter", "importer"), source, ledger):
        value = row["value"]
        known[row["exporter"]][0] += value
        known[row["importer"]][1] += value
        shares = {
            "export_share": value / sold[row["exporter"]],
            "import_share": value / bought[row["importer"]],
        }
        trade.append({"exporter": exporter, "importer": importer, "year": 2023, "value": value, **shares})
    totals = []
    for text in sorted(set(sold) | set(bought)):
        actor, _ = place_text(source[0], text, source[1], source[2])
        if actor:
            elsewhere = sold[text] - known[text][0], bought[text] - known[text][1]
            sums = {"exports": sold[text], "imports": bought[text]}
            parts = {"exports_to_territories": elsewhere[0], "imports_from_territories": elsewhere[1]}
            totals.append({"state": actor, "year": 2023, **sums, **parts})
    return {"trade": trade, "trade_totals": totals}


def compile_economy(folder: Path, ledger: Ledger) -> dict[str, list[Row]]:
    """Compile GDP and population by state and year."""
    merged: dict[tuple[str, int], Row] = {}
    files = (("wdi_gdp", "year", "gdp", "gdp"), ("wb_population", "Year", "Value", "population"))
    for name, year_name, value_name, column in files:
        for row in read_rows(folder, name):
            ledger.read += 1
            text, year, value = row["Country Code"], int(row[year_name]), row[value_name]
            actor, reason = place_text("worldbank", text, "iso3", date(2023, 7, 1))
            if reason == "unmapped":
                ledger.unmapped[text] += 1
            if not actor:
                ledger.drop(reason)
            elif year < FIRST_YEAR:
                ledger.drop(f"before {FIRST_YEAR}")
            else:
                ledger.kept += 1
                entry = {"state": actor, "year": year, "gdp": None, "population": None}
                merged.setdefault((actor, year), entry)[column] = round(value)
    return {"economy": list(merged.values())}


def compile_geography(folder: Path, ledger: Ledger) -> dict[str, list[Row]]:
    """Compile distances, contiguity and common language; the two directions must agree."""
    found: dict[tuple[str, str], Row] = {}
    source = ("geodist", "iso3", date(2011, 1, 1))
    for one, other, row in place_pairs(read_rows(folder, "geodist_dyads"), ("iso_o", "iso_d"), source, ledger):
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
        other_way = found.setdefault((a, b), entry)
        if any(abs((other_way[name] or 0) - (entry[name] or 0)) > ROUNDING for name in list(entry)[2:]):
            raise SystemExit(f"geodist gives two answers for {a} and {b}: {other_way} and {entry}")
    mirrored = ledger.kept - len(found)
    ledger.kept -= mirrored
    ledger.left_out["the same pair the other way round"] += mirrored
    return {"geography": list(found.values())}


def compile_voting(folder: Path, ledger: Ledger) -> dict[str, list[Row]]:
    """Compile the ideal points from final-passage votes."""
    found: dict[tuple[str, int], Row] = {}
    for row in read_rows(folder, "unga_idealpoints_1946_2024"):
        ledger.read += 1
        if row["idealpointfp"] is None:
            ledger.drop("without an estimate")
            continue
        year = int(row["year"])
        actor = place_member(row["ccode"], year)
        if (actor, year) in found:
            raise SystemExit(f"unga gives {actor} twice in {year}")
        estimate = {"ideal_point": row["idealpointfp"], "low": row["q5fp"], "high": row["q95fp"]}
        found[actor, year] = {"state": actor, "year": year, **estimate, "votes": row["nvotesfp"]}
        ledger.kept += 1
    return {"voting": list(found.values())}


def compile_visa(folder: Path, ledger: Ledger) -> dict[str, list[Row]]:
    """Compile visa requirements; a number is the days of a visa-free stay."""
    source = ("visa", "iso3", date(2025, 1, 12))
    visa = []
    for passport, to, row in place_pairs(
        read_rows(folder, "visa_2025_01"), ("Passport", "Destination"), source, ledger
    ):
        text = row["Requirement"]
        requirement, days = ("visa free", int(text)) if text.isdigit() else (text, None)
        visa.append({"passport": passport, "destination": to, "requirement": requirement, "days": days})
    return {"visa": visa}


def compile_air_routes(folder: Path, ledger: Ledger) -> dict[str, list[Row]]:
    """Compile direct air routes; their terms (ODbL) bind what is joined to them, so they stay a table apart."""
    rows = read_rows(folder, "air_routes_pairs_2014")
    source = ("openflights", "", date(2014, 6, 1))
    return {
        "air_routes": [
            {"origin": origin, "destination": destination, "routes": row["routes"]}
            for origin, destination, row in place_pairs(rows, ("o", "d"), source, ledger)
        ]
    }


def compile_migrants(folder: Path, ledger: Ledger) -> dict[str, list[Row]]:
    """Compile migrant stocks by origin, residence and year."""
    source = ("undesa", "", date(2019, 7, 1))
    rows = read_rows(folder, "undesa_migrants_1990_2019")
    return {
        "migrants": [
            {"origin": origin, "residence": residence, "year": row["Year"], "persons": row["stock"]}
            for origin, residence, row in place_pairs(rows, ("orig", "Dest"), source, ledger)
        ]
    }


def compile_missions(folder: Path, ledger: Ledger) -> dict[str, list[Row]]:
    """Compile missions by sender, receiver and rank; an item of the list counts once."""
    source = ("wikidata", "", date(2022, 11, 1))
    items: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for sender, receiver, row in place_pairs(
        read_rows(folder, "embassies_2022"), ("operator", "country"), source, ledger
    ):
        rank, kind = read_crosswalk().get(("wikidata-type", row["type"]), ("", "unmapped"))
        places = items[sender, receiver, rank]
        if rank and row["QID"] not in places:
            places[row["QID"]] = row["city"] or ""
            continue
        ledger.kept -= 1
        ledger.drop("listed twice" if rank else kind)
        if kind == "unmapped":
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


COMPILERS = {
    "baci": compile_trade,
    "worldbank": compile_economy,
    "geodist": compile_geography,
    "unga": compile_voting,
    "visa": compile_visa,
    "openflights": compile_air_routes,
    "undesa": compile_migrants,
    "wikidata": compile_missions,
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


def compile_tables(folder: Path) -> tuple[dict[str, pa.Table], list[Ledger]]:
    """Compile every table from the publishers' files, sorted by its key, with the ledgers of the files."""
    found: dict[str, list[Row]] = {}
    ledgers = []
    for name, compile_rows in COMPILERS.items():
        ledger = Ledger(name)
        found |= compile_rows(folder, ledger)
        ledgers.append(ledger)
    found["coverage"] = compile_coverage(found)
    tables = {}
    for name, table in TABLES.items():
        schema = pa.schema([(column.name, column.type) for column in table.columns])
        rows = sorted(found[name], key=lambda row, key=table.key: tuple(row[part] for part in key))  # type: ignore[misc]
        tables[name] = pa.Table.from_pylist(rows, schema=schema)
    return tables, ledgers


def write_tables(tables: dict[str, pa.Table], out: Path) -> int:
    """Write each table as one Parquet file; return the size of all [bytes]."""
    size = 0
    for name, table in tables.items():
        texts = [entry.name for entry in table.schema if pa.types.is_string(entry.type)]
        whole = [entry.name for entry in table.schema if pa.types.is_integer(entry.type)]
        path = out / TABLES[name].folder / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            table,
            path,
            compression="zstd",
            compression_level=19,
            use_dictionary=texts,
            column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
            write_page_checksum=True,
        )
        size += path.stat().st_size
        print(f"{name}.parquet: {table.num_rows} rows, {path.stat().st_size} bytes")
    return size


def main(words: list[str] | None = None) -> int:
    """Compile and write the tables; 1 where a name could not be placed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_INPUT)
    parser.add_argument("--out", type=Path, default=ROOM)
    given = parser.parse_args(words)
    if not given.folder.is_dir():
        parser.error(f"{given.folder} is not a folder")
    tables, ledgers = compile_tables(given.folder)
    for ledger in ledgers:
        print(ledger.describe())
    print(f"together {write_tables(tables, given.out)} bytes")
    return 1 if any(ledger.unmapped for ledger in ledgers) else 0


if __name__ == "__main__":
    sys.exit(main())
