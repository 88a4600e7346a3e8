"""Compile what the world of the equilibrium model needs beside the foundations: the economies that are no states.

    python scripts/build_equilibrium.py [FOLDER]

FOLDER holds `trade_baci_2023.parquet` and `wdi_gdp.parquet` (default: ../shared/data/structural beside the repository).
It writes, into src/comity/integration/equilibrium/tables, `territories.csv` (the customs territories of the source with
their GDP) and `territory_trade.parquet` (their trade). The trade of the states ships with the foundations. Together
they are all rows of the source; the script stops where they are not.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from build_foundations import DEFAULT_INPUT, REPOSITORY, read_rows

from comity.foundations import read_foundation
from comity.lexicon.actors import read_areas

OUT = REPOSITORY / "src" / "comity" / "integration" / "equilibrium" / "tables"
YEAR = 2023


def list_territories(folder: Path, codes: set[str]) -> list[dict[str, object]]:
    """List the territories with their name, M49 code and last published GDP."""
    areas = {area.iso3: area for area in read_areas() if area.kind == "territory"}
    latest: dict[str, tuple[int, float]] = {}
    for row in read_rows(folder, "wdi_gdp"):
        code, year = row["Country Code"], int(row["year"])
        if code in codes and year <= YEAR and row["gdp"] is not None:
            latest[code] = max(latest.get(code, (0, 0.0)), (year, row["gdp"]))
    return [
        {"code": code, "name": areas[code].name, "m49": areas[code].isonum,
         "gdp": round(latest[code][1]), "gdp_year": latest[code][0]}
        for code in sorted(codes)
    ]  # fmt: skip


def main(words: list[str] | None = None) -> int:
    """Compile and write the two tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_INPUT)
    given = parser.parse_args(words)
    rows = read_rows(given.folder, "trade_baci_2023")
    trade = read_foundation("trade")
    states = set(trade["exporter"].to_pylist()) | set(trade["importer"].to_pylist())
    others = [row for row in rows if not {row["exporter"], row["importer"]} <= states]
    codes = {row[side] for row in others for side in ("exporter", "importer")} - states
    if len(others) + trade.num_rows != len(rows):
        raise SystemExit(f"{len(rows)} rows read, {trade.num_rows} of states and {len(others)} of territories")
    OUT.mkdir(parents=True, exist_ok=True)
    listed = list_territories(given.folder, codes)
    with (OUT / "territories.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    columns = {
        "exporter": pa.array([row["exporter"] for row in others], pa.string()),
        "importer": pa.array([row["importer"] for row in others], pa.string()),
        "value": pa.array([round(row["value_kusd"] * 1000) for row in others], pa.int64()),
    }
    table = pa.table(columns).sort_by([("exporter", "ascending"), ("importer", "ascending")])
    pq.write_table(table, OUT / "territory_trade.parquet", compression="zstd", compression_level=19,
                   use_dictionary=["exporter", "importer"],
                   column_encoding={"value": "DELTA_BINARY_PACKED"})  # fmt: skip
    print(f"{len(listed)} territories, {len(others)} flows; {len(states) + len(listed)} economies with the states")
    return 0


if __name__ == "__main__":
    sys.exit(main())
