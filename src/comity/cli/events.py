"""`comity events`: count and list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from comity.cli.options import json_option, print_json, print_result, print_table, view_options


@click.group()
def command() -> None:
    """Count and list events by type and score."""


def choice_options(function: Any) -> Any:
    """Add the options that choose events."""
    for option in (
        click.option("--until", metavar="DAY", help="Last day, counted."),
        click.option("--since", metavar="DAY", help="First day, counted."),
        click.option("--receiver", metavar="ACTOR", help="Only acts toward this state or organisation."),
        click.option("--sender", metavar="ACTOR", help="Only acts of this state or organisation."),
    ):
        function = option(function)
    return function


@command.command()
@choice_options
@view_options
@json_option
def count(
    sender: str | None, receiver: str | None, since: str | None, until: str | None,
    store: Path | None, as_of: str | None, scale: str, level: str, as_json: bool,
) -> None:  # fmt: skip
    """Count events by type and quad class, and sum their scores."""
    from comity.api import count_events
    from comity.api.view import View

    view = View(store, as_of, scale, level)
    counts = count_events(sender=sender, receiver=receiver, since=since, until=until, view=view)
    print_result(counts, as_json)


@command.command(name="list")
@choice_options
@view_options
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="At most so many; 0 for all.")
@json_option
def list_events(
    sender: str | None, receiver: str | None, since: str | None, until: str | None,
    store: Path | None, as_of: str | None, scale: str, level: str, limit: int, as_json: bool,
) -> None:  # fmt: skip
    """List events with type, score, number of reports and a link."""
    from comity.api import read_events
    from comity.api.view import View

    view = View(store, as_of, scale, level)
    table = read_events(sender=sender, receiver=receiver, since=since, until=until, view=view)
    rows = (table.slice(0, limit) if limit else table).to_pylist()
    if as_json:
        print_json(rows)
        return
    print_table(rows, ("date", "sender", "receiver", "code", "type", "score", "reports", "label"))
    if len(rows) < table.num_rows:
        click.echo(f"{table.num_rows - len(rows):,} more; --limit 0 shows all", err=True)


@command.command()
@choice_options
@view_options
@json_option
def rows(
    sender: str | None, receiver: str | None, since: str | None, until: str | None,
    store: Path | None, as_of: str | None, scale: str, level: str, as_json: bool,
) -> None:  # fmt: skip
    """List the stored rows behind the events, each with the publisher's number and file."""
    from comity.api import read_rows
    from comity.api.view import View

    view = View(store, as_of, scale, level)
    found = read_rows(sender=sender, receiver=receiver, since=since, until=until, view=view).to_pylist()
    if as_json:
        print_json(found)
    else:
        print_table(found, ("date", "sender", "receiver", "code", "event_id", "reports", "added", "name"))
