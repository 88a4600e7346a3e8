"""Compile the tables of the room `foundations` from the publishers' files, and say what could not be placed.

    python scripts/build_foundations.py [FOLDER] [--out FOLDER]

FOLDER holds the publishers' tables as Parquet (default: ../shared/data/structural beside the repository). Each table
goes into the folder of its terms: `tables`, or `openflights` for what stays under ODbL. The same input gives the same
bytes. Every row that is read is kept, or counted under the reason why it was not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from comity.foundations.compiling import (
    compile_air_routes,
    compile_coverage,
    compile_economy,
    compile_geography,
    compile_migrants,
    compile_missions,
    compile_trade,
    compile_visa,
    compile_voting,
)
from comity.foundations.placing import Ledger, Row, place_member, place_pairs, place_text
from comity.foundations.tables import TABLES

__all__ = ["Ledger", "date", "place_member", "place_pairs", "place_text"]

REPOSITORY = Path(__file__).resolve().parents[1]
ROOM = REPOSITORY / "src" / "comity" / "foundations"
DEFAULT_INPUT = REPOSITORY.parent / "shared" / "data" / "structural"

Reader = Callable[[Path], list[Row]]
Compiler = Callable[[Sequence[Row], Ledger], dict[str, list[Row]]]


def read_rows(folder: Path, name: str) -> list[Row]:
    """Read one of the publishers' tables."""
    rows: list[Row] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return rows


def read_trade(folder: Path) -> list[Row]:
    """Read the trade of one year."""
    return [dict(row, year=2023) for row in read_rows(folder, "trade_baci_2023")]


def read_economy(folder: Path) -> list[Row]:
    """Read GDP and population as rows of country, year, measure and value."""
    files = (("wdi_gdp", "year", "gdp", "gdp"), ("wb_population", "Year", "Value", "population"))
    return [
        {"country": row["Country Code"], "year": int(row[year]), "measure": measure, "value": row[value]}
        for name, year, value, measure in files
        for row in read_rows(folder, name)
    ]


COMPILERS: dict[str, tuple[Reader, Compiler]] = {
    "baci": (read_trade, compile_trade),
    "worldbank": (read_economy, compile_economy),
    "geodist": (partial(read_rows, name="geodist_dyads"), compile_geography),
    "unga": (partial(read_rows, name="unga_idealpoints_1946_2024"), compile_voting),
    "visa": (partial(read_rows, name="visa_2025_01"), compile_visa),
    "openflights": (partial(read_rows, name="air_routes_pairs_2014"), compile_air_routes),
    "undesa": (partial(read_rows, name="undesa_migrants_1990_2019"), compile_migrants),
    "wikidata": (partial(read_rows, name="embassies_2022"), compile_missions),
}


def compile_tables(folder: Path) -> tuple[dict[str, pa.Table], list[Ledger]]:
    """Compile every table from the publishers' files, sorted by its key, with the ledgers of the files."""
    found: dict[str, list[Row]] = {}
    ledgers = []
    for name, (read, compile_rows) in COMPILERS.items():
        ledger = Ledger(name)
        found |= compile_rows(read(folder), ledger)
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
