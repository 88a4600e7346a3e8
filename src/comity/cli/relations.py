"""`comity relations`: the index of a pair."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from comity.cli.options import json_option, print_json, print_table, view_options


@click.group()
def command() -> None:
    """Show the index of a pair's relations."""


BY = click.option(
    "--by",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    show_default=True,
    help="Length of a period.",
)


@command.command()
@click.argument("a")
@click.argument("b")
@BY
@click.option("--smoothed", is_flag=True, help="Use all periods for each, not only those up to it.")
@view_options
@json_option
def score(
    a: str,
    b: str,
    by: str,
    smoothed: bool,
    store: Path | None,
    as_of: str | None,
    scale: str,
    level: str,
    as_json: bool,
) -> None:
    """Score both directions between A and B by period, with a 90 % interval."""
    from comity.api import score_relations
    from comity.api.view import View

    rows = score_relations(a, b, by=by, smoothed=smoothed, view=View(store, as_of, scale, level)).to_pylist()
    if as_json:
        print_json([{**row, "by_type": None if row["by_type"] is None else dict(row["by_type"])} for row in rows])
    else:
        print_table(rows, ("period", "sender", "receiver", "events", "net_goldstein", "score", "low", "high"))


BREAK_COLUMNS = ("sender", "receiver", "direction", "period", "until", "probability", "known", "size", "low", "high")


@command.command()
@click.argument("a")
@click.argument("b", required=False)
@BY
@click.option(
    "--of", type=click.Choice(["tone", "rate"]), default="tone", show_default=True, help="Breaks of what: how "
    "friendly the acts are, or how many."
)  # fmt: skip
@view_options
@json_option
def breaks(
    a: str,
    b: str | None,
    by: str,
    of: str,
    store: Path | None,
    as_of: str | None,
    scale: str,
    level: str,
    as_json: bool,
) -> None:
    """Find thaws and ruptures between A and B, or of A with all partners, with probabilities and evidence."""
    from comity.api import find_breaks
    from comity.api.view import View

    found = find_breaks(a, b, by=by, of=of, view=View(store, as_of, scale, level))
    if as_json:
        print_json(found)
        return
    _print_breaks(found, named=b is not None)


def _print_breaks(found: dict[str, Any], *, named: bool) -> None:
    """Print breaks, each with its events, and what cannot be said."""
    for row in found["breaks"]:
        print_table([row], BREAK_COLUMNS)
        print_table(row["events"], ("side", "date", "code", "label", "score", "reports", "told", "link"))
        click.echo()
    if not found["breaks"] and any(pair["enough"] for pair in found["pairs"]):
        click.echo("no break with a probability of at least 50 %")
    few = [pair for pair in found["pairs"] if not pair["enough"]] if named else []
    if not found["pairs"]:
        click.echo("no direction with 10 events: too little to say")
    for pair in few:
        click.echo(f"{pair['sender']} to {pair['receiver']}: {pair['events']} events, too little to say")
