"""`comity relations`: the index of a pair, its breaks, its rank and its likes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from comity.cli import measures
from comity.cli.options import json_option, print_json, print_members, print_missing, print_table, view_options


@click.group()
def command() -> None:
    """Show the index of a pair's relations, its breaks, and how it compares."""


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
        columns = ("score", "low", "low50", "high50", "high", "trend", "trend_low", "trend_high")
        print_table(rows, ("period", "sender", "receiver", "events", "net_goldstein", *columns))


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


@command.command()
@click.argument("state", required=False)
@click.option(
    "--region",
    metavar="NAME",
    help="Rank all pairs of a region of M49 (Western Asia, World ...) or of an organisation.",
)
@BY
@click.option("--seed", default=0, show_default=True, help="Of the draws behind the rank intervals.")
@view_options
@json_option
def rank(
    state: str | None,
    region: str | None,
    by: str,
    seed: int,
    store: Path | None,
    as_of: str | None,
    scale: str,
    level: str,
    as_json: bool,
) -> None:
    """Rank the partners of STATE, or all pairs of a region or an organisation, with 90 % intervals of the ranks."""
    from comity.api import rank_relations
    from comity.api.view import View

    found = rank_relations(state, region=region, by=by, seed=seed, view=View(store, as_of, scale, level))
    if as_json:
        print_json(found)
        return
    held = found["organisation"]
    if held:
        print_members(held)
    print_table(
        found["ranks"],
        ("rank", "rank_low", "rank_high", "sure_low", "sure_high", "a", "b", "a_name", "b_name")
        + ("score", "low", "high", "events"),
    )
    few = "with fewer than 10 events are not ranked: too little to say"
    if held:
        print_missing(held["few"], few)
        print_missing(held["none"], "of members have no scored event and are not ranked")
    else:
        click.echo(f"{found['few_events']} pairs {few}")


@command.command()
@click.argument("a")
@click.argument("b")
@BY
@click.option("--seed", default=0, show_default=True, help="Of the draws.")
@view_options
@json_option
def compare(
    a: str,
    b: str,
    by: str,
    seed: int,
    store: Path | None,
    as_of: str | None,
    scale: str,
    level: str,
    as_json: bool,
) -> None:
    """Put A and B beside their own past, and beside the pairs that are like them."""
    from comity.api import compare_relations
    from comity.api.view import View

    found = compare_relations(a, b, by=by, seed=seed, view=View(store, as_of, scale, level))
    if as_json:
        print_json(found)
        return
    _print_comparison(found)


def _print_comparison(found: dict[str, Any]) -> None:
    """Print the past and the like pairs of a pair, and where there is too little to say."""
    shares = ("percentile", "percentile_low", "percentile_high")
    click.echo(f"beside its own past, {found['period']} to {found['until']}; both directions first")
    numbers = ("score", "low", "high", "usual", *shares, "periods", "events")
    print_table(found["history"], ("sender", "receiver", *numbers))
    like = found["like"]
    if not like["enough"]:
        click.echo("beside like pairs: too little to say")
        return
    click.echo(f"beside {len(like['pairs']) - 1} like pairs, share of them that lies lower [%]")
    print_table([like], shares)
    print_table(like["pairs"], ("a", "b", "a_name", "b_name", "unlike", "score", "low", "high", "events"))


for verb in (measures.alternatives, measures.agreement, measures.voting):
    command.add_command(verb)
