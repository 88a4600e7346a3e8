"""Tables of one's own over those of the package: what a load replaces, row by row or year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.foundations.compiling import (
    compile_economy,
    compile_geography,
    compile_migrants,
    compile_trade,
    compile_visa,
    compile_voting,
)
from comity.foundations.placing import Ledger, Row
from comity.foundations.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

COMPILERS = {
    "baci": ("baci", compile_trade),
    "gravity": ("geodist", compile_geography),
    "wdi": ("worldbank", compile_economy),
    "unga": ("unga", compile_voting),
    "visa": ("visa", compile_visa),
    "undesa": ("undesa", compile_migrants),
}
BY_YEAR = ("economy", "voting", "migrants")


@dataclass(frozen=True)
class Load:
    """One file of a publisher that a user loaded.

    Parameters
    ----------
    source : str
        Publisher, as in `comity.sources`.
    name, sha256 : str
        The file as received.
    seen_at : str
        When it was loaded (ISO, UTC).
    day : str
        Day or year that the figures are of.
    tables : tuple of (str, str, str)
        Table, file name and SHA-256 of the compiled rows.
    listed : tuple of str
        Ids of `list_sources` whose figures it holds.
    """

    source: str
    name: str
    sha256: str
    seen_at: str
    day: str
    tables: tuple[tuple[str, str, str], ...]
    listed: tuple[str, ...]


def compile_figures(source: str, rows: Sequence[Row]) -> tuple[dict[str, pa.Table], Ledger, tuple[str, ...]]:
    """Compile a publisher's rows to tables, with the ledger of what was left out.

    Parameters
    ----------
    source : str
        One of `COMPILERS`.
    rows : sequence of rows
        From `comity.sources.read_figures`.

    Returns
    -------
    tables : dict of str to pyarrow.Table
        Columns as in `TABLES`, sorted by key.
    ledger : Ledger
        Rows read, kept and left out.
    listed : tuple of str
        Ids of the room's sources that have a figure.
    """
    import pyarrow as pa

    name, compile_rows = COMPILERS[source]
    ledger = Ledger(name)
    tables = {}
    for table, found in compile_rows(rows, ledger).items():
        schema = pa.schema([(column.name, column.type) for column in TABLES[table].columns])
        tables[table] = pa.Table.from_pylist(sort_rows(table, found), schema=schema)
    measures = {row.get("measure") for row in rows}
    ids = {"gdp": "wdi-gdp", "population": "wdi-population"}
    listed = tuple(ids[m] for m in ids if m in measures) if source == "wdi" else (name,)
    return tables, ledger, listed


def sort_rows(table: str, rows: Sequence[Row]) -> list[Row]:
    """Return rows in the order of their key."""
    return sorted(rows, key=lambda row: tuple(row[part] for part in TABLES[table].key))


def lay_over(table: str, base: pa.Table, over: pa.Table) -> pa.Table:
    """Lay a user's rows over others: by year where a table has years, else the newer figures take the whole place.

    Parameters
    ----------
    table : str
        Name of the table.
    base, over : pyarrow.Table
        Columns as in `TABLES`.

    Returns
    -------
    pyarrow.Table
        Sorted by key. In `economy` a value that is not in the new row stays; trade of an earlier year than what is
        there does not replace it.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if over.num_rows == 0:
        return base
    if table in BY_YEAR:
        return pa.Table.from_pylist(sort_rows(table, _merge_rows(table, base, over)), schema=base.schema)
    if "year" in base.schema.names and base.num_rows and pc.max(over["year"]).as_py() < pc.max(base["year"]).as_py():
        return base
    return over.cast(base.schema)


def _merge_rows(table: str, base: pa.Table, over: pa.Table) -> list[Row]:
    """Return rows by key; what the new row does not know stays."""
    key = TABLES[table].key
    rows: dict[tuple[Any, ...], Row] = {tuple(row[part] for part in key): row for row in base.to_pylist()}
    for row in over.to_pylist():
        mark = tuple(row[part] for part in key)
        known = {column: value for column, value in row.items() if value is not None}
        rows[mark] = {**rows.get(mark, row), **known}
    return list(rows.values())


def lay_coverage(base: pa.Table, loads: Sequence[Load], tables: Mapping[tuple[Load, str], pa.Table]) -> pa.Table:
    """Add the actors that a user's tables have."""
    import pyarrow as pa

    found = {(row["source"], row["actor"]) for row in base.to_pylist()}
    for load in loads:
        for table, _, _ in load.tables:
            data = tables[load, table]
            for part in (column for column in TABLES[table].key if column not in ("year", "rank")):
                found |= {(source, actor) for source in load.listed for actor in data[part].to_pylist()}
    rows = [{"source": source, "actor": actor} for source, actor in sorted(found)]
    return pa.Table.from_pylist(rows, schema=base.schema)


def describe_sources(sources: Sequence[Mapping[str, Any]], loads: Sequence[Load]) -> list[dict[str, Any]]:
    """Say of each source which of a user's files its figures come from."""
    found = [dict(source) for source in sources]
    for load in loads:
        for source in found:
            if source["id"] in load.listed:
                source |= {
                    "date": load.day,
                    "year": int(load.day[:4]) if load.day[:4].isdigit() else source["year"],
                    "title": f"{source['title'].split(':')[0].split(' (')[0].split(',')[0]}, file {load.name}",
                    "what_was_done": (
                        f"Loaded by the user on {load.seen_at[:10]} from {load.name} (SHA-256 {load.sha256}); codes "
                        "mapped to actors. Where it says nothing the package's own table stands."
                    ),
                }
    return found
