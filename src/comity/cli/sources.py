"""`comity sources`: publishers, and how their files come into a store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from comity.cli.options import as_of_option, json_option, print_json, print_mapping, print_result, print_table

Progress = Callable[[int, int, int], None]
SHOWN = 5
_SHOWN = ("sha256", "day", "lines", "not_placed", "rows")
"""What is printed of a load of figures; `lines` is one account of every line."""


@click.group()
def command() -> None:
    """List publishers, load their files, fetch more."""


@command.command(name="list")
@click.option(
    "--kind", type=click.Choice(["events", "tables"]), help="Only feeds of events, or only tables of figures."
)
@json_option
def list_all(kind: str | None, as_json: bool) -> None:
    """List the sources that have a reader: terms, how often, and what each reader was tested on."""
    from comity.api import list_publishers

    found = [source for source in list_publishers() if kind in (None, source["kind"])]
    if as_json:
        print_json({source["id"]: source for source in found})
    else:
        print_table(found, ("id", "kind", "licence", "rhythm", "tested"))


@command.command()
@click.argument("source")
@json_option
def show(source: str, as_json: bool) -> None:
    """Show all that is known of a SOURCE: terms, cadence, layout, where it is had, known malformed cases."""
    from comity.api import describe_publisher

    found = describe_publisher(source)
    if as_json:
        print_json(found)
        return
    joined = {name: _join(value) if isinstance(value, list | tuple) else value for name, value in found.items()}
    print_mapping({name: value for name, value in joined.items() if value not in ("", None, {})})


def _join(values: list[Any] | tuple[Any, ...]) -> str:
    """Return names in one line, or sentences."""
    texts = [str(value) for value in values]
    return ("; " if any(" " in text for text in texts) else ", ").join(texts)


@command.command()
@click.option("--store", type=click.Path(path_type=Path), help="Folder of a store [default: the embedded sample].")
@as_of_option
@json_option
def status(store: Path | None, as_of: str | None, as_json: bool) -> None:
    """Say what a store holds of each source: files, slots, rows kept, set aside and dropped by reason, the newest."""
    from comity.api import count_publishers

    found = count_publishers(store, as_of)
    if as_json:
        print_json(found)
        return
    for entry in found:
        click.echo(f"{entry['source']}:")
        print_mapping({name: value for name, value in entry.items() if name != "source" and value != {}}, "  ")
    if not found:
        click.echo("nothing is loaded")


@command.command()
@click.argument("source", metavar="SOURCE")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--store", type=click.Path(path_type=Path), help="Folder of the store; made where there is none.")
@click.option("--wait", default=60.0, show_default=True, help="Seconds to wait for another writer.")
@click.option("--day", metavar="DAY", help="Day that figures are of, where the file does not say it (visa).")
@click.option(
    "--backend", type=click.Choice(["files", "bigquery"]), default="files", show_default=True, help="Where rows are."
)
@click.option("--since", metavar="DAY", help="bigquery: first day on which rows were added (UTC).")
@click.option("--until", metavar="DAY", help="bigquery: last such day, counted.")
@click.option("--project", help="bigquery: the project that is billed.")
@click.option("--dry-run", is_flag=True, help="bigquery: say the bytes that would be read, and run nothing.")
@click.option("--most-bytes", type=click.IntRange(1), help="bigquery: most bytes to be billed for [default: 50 GB].")
@click.option("--base", metavar="URL", help="bigquery: another address that speaks its protocol, without credentials.")
@json_option
def load(
    source: str,
    paths: tuple[Path, ...],
    store: Path | None,
    wait: float,
    day: str | None,
    backend: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Load files of a SOURCE into a store: events (gdelt, icews, ...) or figures (baci, wdi, ...).

    With `--backend bigquery`, gdelt's rows between states and organisations are read from BigQuery: the bytes are
    said first, and nothing is run above `--most-bytes`.

    `comity sources list` names the sources. The same file twice changes nothing. Each row read is kept, set aside or
    dropped, and counted. Figures stand over those of the package in `comity foundations` and in briefs. Exit code 1
    when every file was refused.
    """
    from comity.api import load_events, load_figures
    from comity.sources import list_sources

    if backend == "bigquery":
        _load_warehouse(source, paths, store, asked, as_json)
        return
    if not paths or store is None or any(asked.values()):
        raise click.UsageError("Name files and a --store; since, until, project and the like need --backend bigquery.")
    if source in list_sources("tables"):
        _report_figures(load_figures(list(paths), store, source, day=day), as_json)
        return
    with show_progress(quiet=as_json) as progress:
        account = load_events(list(paths), store, source, progress=progress, wait=wait)
    _report(account, as_json)
    if account["refused"] and len(account["refused"]) == account["files"]:
        raise SystemExit(1)


def _load_warehouse(
    source: str, paths: tuple[Path, ...], store: Path | None, asked: dict[str, Any], as_json: bool
) -> None:
    """Say what a load from BigQuery would read, and run it unless it is a dry run."""
    from comity.api import load_warehouse

    if source not in ("gdelt", "gdelt2") or paths:
        raise click.UsageError("BigQuery holds gdelt, and takes no files: comity sources load gdelt --backend bigquery")
    if not (asked["since"] and asked["until"] and asked["project"]):
        raise click.UsageError("Name the first and the last day with --since and --until, and the --project.")
    if not asked["dry_run"] and store is None:
        raise click.UsageError("Name a store with --store, or ask for the bytes alone with --dry-run.")
    span, limits = (asked["since"], asked["until"]), {name: asked[name] for name in ("project", "most_bytes", "base")}
    found = load_warehouse(*span, None, **limits)
    if not as_json:
        click.echo(f"{found['days']} days of {found['table']}: {found['bytes']:,} bytes would be read", err=True)
    if not asked["dry_run"]:
        found = load_warehouse(*span, store, **limits)
    _report(found, as_json)


@command.command()
@click.argument("source")
@click.option("--since", metavar="DAY", help="First day (UTC), such as 2025-06-01.")
@click.option("--until", metavar="DAY", help="Last day (UTC), counted.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="Folder for the files as received [default: STORE-received, beside the store].",
)
@click.option("--store", type=click.Path(path_type=Path), help="Also load them into this store.")
@click.option("--base", metavar="URL", help="Another address that holds the publisher's files.")
@json_option
def fetch(
    source: str,
    since: str | None,
    until: str | None,
    into: Path | None,
    store: Path | None,
    base: str | None,
    as_json: bool,
) -> None:
    """Fetch the 15-minute files of a span from the publisher of GDELT; of another SOURCE, say where it is had.

    Each file is checked against the publisher's list. What is there already is not fetched again; a run that was
    broken off goes on where it stopped. Exit code 1 when a file that the publisher has could not be had.
    """
    from comity.api.events import fetch_events, load_fetched
    from comity.api.sources import is_fetched

    if not is_fetched(source):
        _say_where(source, as_json)
    if since is None or until is None:
        raise click.UsageError("Name the first and the last day with --since and --until.")
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


def _say_where(source: str, as_json: bool) -> NoReturn:
    """Say how the files of a source are had by hand, and end with exit code 1."""
    from comity.api import describe_publisher

    said = describe_publisher(source)
    words = {name: said[name] for name in ("id", "title", "url", "had", "licence", "terms", "rhythm")}
    if as_json:
        print_json({"fetched": False, **words})
    else:
        click.echo(f"{said['title']} is not fetched by Comity.")
        print_mapping({name: words[name] for name in ("had", "url", "licence", "terms", "rhythm")})
        click.echo(f"then: comity sources load {source} FILE --store DIR")
    raise SystemExit(1)


def _choose_folder(into: Path | None, store: Path | None) -> Path:
    """Return the folder for files as received."""
    if into is not None:
        return into
    if store is None:
        raise click.UsageError("Name a folder for the files with --into, or a store to load them into with --store.")
    whole = store.resolve()
    return whole.with_name(f"{whole.name}-received")


def _report_figures(account: dict[str, Any], as_json: bool) -> None:
    """Print what a load of figures did, file by file."""
    if as_json:
        print_json(account)
    else:
        print_mapping({"files": account["files"], "duplicates": account["duplicates"]})
        for entry in account["loaded"]:
            click.echo(f"{entry['name']}:")
            shown = {**entry, "lines": {name: value for name, value in entry["lines"].items() if value != {}}}
            print_mapping({name: shown[name] for name in _SHOWN if shown[name] not in ({}, [])}, "  ")
        for entry in account["refused"]:
            click.echo(f"refused: {entry['name']} ({entry['status']}): {entry['detail']}", err=True)
    if account["refused"] and len(account["refused"]) == account["files"]:
        raise SystemExit(1)


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
        elif isinstance(value, int) or key not in ("refused", "failed", "reissued") or (value and key == "reissued"):
            shown[key] = len(value) if isinstance(value, list) and len(value) > SHOWN else value
    return shown


@command.command()
@click.argument("source")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The .yml to write, a .csv beside it.")
@json_option
def scale(source: str, path: Path, out: Path, as_json: bool) -> None:
    """Write the values that a SOURCE (icews, polecat) gives its own codes as a scale, to be used with --scale."""
    from comity.api.sources import write_publisher_scale

    print_result(write_publisher_scale(path, source, out), as_json)


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
