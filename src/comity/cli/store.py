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


@command.command()
@store_option
@json_option
def compact(store: Path | None, as_json: bool) -> None:
    """Write small data files into larger ones; loads do it by themselves from 128 files on."""
    from comity.api import compact_store

    print_result(compact_store(need_store(store)), as_json)


@command.command()
@store_option
@click.option("--into", required=True, type=click.Path(path_type=Path), help="Folder of the copy, not there yet.")
@json_option
def copy(store: Path | None, into: Path, as_json: bool) -> None:
    """Copy a store with its files as received, also while it is loaded into; the copy is checked."""
    from comity.api import copy_store

    print_result(copy_store(need_store(store), into), as_json)


@command.command()
@store_option
@click.option("--from", "folders", multiple=True, type=click.Path(path_type=Path), help="Files as received.")
@json_option
def repair(store: Path | None, folders: tuple[Path, ...], as_json: bool) -> None:
    """Make damaged data files again from the files as received; exit code 1 when one is lost."""
    from comity.api import repair_store

    done = repair_store(need_store(store), folders)
    print_result(done, as_json)
    if done["lost"]:
        raise SystemExit(1)


@command.command()
@store_option
@click.option("--into", required=True, type=click.Path(path_type=Path), help="Folder of the new store.")
@json_option
def rebuild(store: Path | None, into: Path, as_json: bool) -> None:
    """Load all files that a store has kept into a new store; for one whose log is damaged."""
    from comity.api import rebuild_store

    print_result(rebuild_store(need_store(store), into), as_json)


def need_store(store: Path | None) -> Path:
    """Return the store that was named; the sample of the package is not changed."""
    if store is None:
        raise click.UsageError("name the store: --store DIR (the sample of the package is not changed)")
    return store
