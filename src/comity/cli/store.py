"""`comity store`: what is loaded, what is missing, whether it is whole."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.options import as_of_option, json_option, print_json, print_result, store_option


@click.group()
def command() -> None:
    """Say what is loaded, what is missing, and whether it is whole."""


@command.command()
@store_option
@as_of_option
@json_option
def status(store: Path | None, as_of: str | None, as_json: bool) -> None:
    """Describe a store: files by status, slots by source, rows, snapshot."""
    from comity.api import describe_store

    found = describe_store(store, as_of)
    print_result(found, as_json)


@command.command()
@store_option
@json_option
def verify(store: Path | None, as_json: bool) -> None:
    """Check every stored file against its SHA-256; exit code 1 when one is not whole."""
    from comity.api import verify_store

    faults = verify_store(store)
    if as_json:
        print_json({"whole": not faults, "faults": faults})
    else:
        click.echo("\n".join(faults) if faults else "the store is whole")
    if faults:
        raise SystemExit(1)


@command.command()
@store_option
@as_of_option
@click.option("--status", "wanted", help="Only files of this status.")
@json_option
def ledger(store: Path | None, as_of: str | None, wanted: str | None, as_json: bool) -> None:
    """List every file with its status, size, checksum and counts."""
    from comity.api import read_ledger
    from comity.cli.options import print_table

    rows = [row for row in read_ledger(store, as_of).to_pylist() if wanted in (None, row["status"])]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("source", "slot", "name", "status", "late", "bytes", "rows_read", "rows_kept", "detail"))
