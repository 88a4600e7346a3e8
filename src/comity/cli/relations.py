"""`comity relations`: the index of a pair."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.options import json_option, print_json, print_table, view_options


@click.group()
def command() -> None:
    """Show the index of a pair's relations."""


@command.command()
@click.argument("a")
@click.argument("b")
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    show_default=True,
    help="Length of a period.",
)
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
    """Score both directions between A and B by period: level and trend with intervals.

    low to high holds the level with 90 %, low50 to high50 with 50 %; the trend is its change a period. --json has the
    50 % interval of the trend too.
    """
    from comity.api import score_relations
    from comity.api.view import View

    rows = score_relations(a, b, by=by, smoothed=smoothed, view=View(store, as_of, scale, level)).to_pylist()
    if as_json:
        print_json([{**row, "by_type": None if row["by_type"] is None else dict(row["by_type"])} for row in rows])
    else:
        shown = ("score", "low", "low50", "high50", "high", "trend", "trend_low", "trend_high")
        print_table(rows, ("period", "sender", "receiver", "events", "net_goldstein", *shown))
