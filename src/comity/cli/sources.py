"""`comity sources`: publishers, and how their files come into a store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from comity.cli.options import json_option, print_json, print_mapping, print_result

Progress = Callable[[int, int, int], None]
SHOWN = 5


@click.group()
def command() -> None:
    """List publishers, load their files, fetch more."""


@command.command(name="list")
@json_option
def list_all(as_json: bool) -> None:
    """List the sources that have a reader."""
    from comity.sources import list_sources, read_source

    found = {name: read_source(name).title for name in list_sources()}
    print_result(found, as_json)


@command.command()
@click.argument("source")
@json_option
def show(source: str, as_json: bool) -> None:
    """Show publisher, terms, cadence and layout of a SOURCE."""
    from comity.sources import read_source

    said = asdict(read_source(source))
    print_result(said, as_json)


@command.command()
@click.argument("source", metavar="SOURCE")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--store",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of the store; made where there is none.",
)
@click.option("--wait", default=60.0, show_default=True, help="Seconds to wait for another writer.")
@json_option
def load(source: str, paths: tuple[Path, ...], store: Path, wait: float, as_json: bool) -> None:
    """Load files or folders of a SOURCE (gdelt, gdelt1, gdelt2, comity) into a store.

    The same file twice changes nothing. Each row read is kept, set aside or dropped, and counted.
    Exit code 1 when every file was refused.
    """
    from comity.api import load_events

    with show_progress(quiet=as_json) as progress:
        account = load_events(list(paths), store, source, progress=progress, wait=wait)
    _report(account, as_json)
    if account["refused"] and len(account["refused"]) == account["files"]:
        raise SystemExit(1)


@command.command()
@click.argument("source", type=click.Choice(["gdelt", "gdelt2"]))
@click.option("--since", required=True, metavar="DAY", help="First day (UTC), such as 2025-06-01.")
@click.option("--until", required=True, metavar="DAY", help="Last day (UTC), counted.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="Folder for the files as received [default: STORE-received, beside the store].",
)
@click.option("--store", type=click.Path(path_type=Path), help="Also load them into this store.")
@click.option("--base", metavar="URL", help="Another address that holds the publisher's files.")
@json_option
def fetch(
    source: str, since: str, until: str, into: Path | None, store: Path | None, base: str | None, as_json: bool
) -> None:
    """Fetch the 15-minute files of a span from the publisher of GDELT.

    Each file is checked against the publisher's list. What is there already is not fetched again; a run that was
    broken off goes on where it stopped. Exit code 1 when a file that the publisher has could not be had.
    """
    from comity.api.events import fetch_events, load_fetched

    folder = _choose_folder(into, store)
    with show_progress(quiet=as_json, unit="bytes") as progress:
        account = fetch_events(since, until, folder, base=base, progress=progress)
    account = {**account, "folder": str(folder)}
    if store is not None:
        with show_progress(quiet=as_json) as progress:
            account["load"] = load_fetched(account, folder, store, progress=progress)
    _report(account, as_json)
    if account["failed"]:
        raise SystemExit(1)


def _choose_folder(into: Path | None, store: Path | None) -> Path:
    """Return the folder for files as received."""
    if into is not None:
        return into
    if store is None:
        raise click.UsageError("Name a folder for the files with --into, or a store to load them into with --store.")
    whole = store.resolve()
    return whole.with_name(f"{whole.name}-received")


def _report(account: dict[str, Any], as_json: bool) -> None:
    """Print an account; what was refused is said on the error stream, too."""
    if as_json:
        print_json(account)
        return
    print_mapping(_shorten(account))
    loaded = account.get("load", {})
    for entry in [*account.get("failed", ()), *account.get("refused", ()), *loaded.get("refused", ())]:
        click.echo(f"refused: {entry['name']} ({entry['status']}): {entry['detail']}", err=True)


def _shorten(account: dict[str, Any]) -> dict[str, Any]:
    """Return an account for reading: long lists as their length, what was refused left to the error stream."""
    shown: dict[str, Any] = {}
    for key, value in account.items():
        if isinstance(value, dict):
            shown[key] = _shorten(value)
        elif key not in ("refused", "failed") or isinstance(value, int):
            shown[key] = len(value) if isinstance(value, list) and len(value) > SHOWN else value
    return shown


@contextmanager
def show_progress(quiet: bool, unit: str = "rows") -> Iterator[Progress | None]:
    """Show files done, speed and time left on a terminal's error stream; nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("load", total=None, rate="")

        def tell(done: int, total: int, amount: int) -> None:
            elapsed = bar.tasks[0].elapsed or 1e-9
            bar.update(task, completed=done, total=total, rate=f"{amount:,} {unit}, {amount / elapsed:,.0f}/s")

        yield tell
