"""Verbs of `comity relations` beside the index: measures of the literature, and votes in the General Assembly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from comity.cli.options import json_option, print_json, print_table, view_options

by_option = click.option(
    "--by", type=click.Choice(["day", "week", "month"]), default="week", show_default=True, help="Length of a period."
)
POINTS = ("state", "year", "estimate", "low", "high", "votes")
DISTANCES = ("year", "distance", "low", "high", "first", "second")


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--measure", "measures", multiple=True, metavar="NAME",
              help="net, share, plover or tsinghua (may be repeated) [default: all].")  # fmt: skip
@by_option
@view_options
@json_option
def alternatives(
    a: str,
    b: str,
    measures: tuple[str, ...],
    by: str,
    store: Path | None,
    as_of: str | None,
    scale: str,
    level: str,
    as_json: bool,
) -> None:
    """Score both directions between A and B by period with measures of the literature, which have no intervals."""
    from comity.api import score_alternatives
    from comity.api.view import View

    view = View(store, as_of, scale, level)
    rows = score_alternatives(a, b, by=by, measures=measures or None, view=view).to_pylist()
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("measure", "period", "sender", "receiver", "events", "value"))


@click.command()
@click.option("--least", type=click.IntRange(1), default=50, show_default=True, help="Events of a directed pair.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the intervals.")
@by_option
@view_options
@json_option
def agreement(
    least: int,
    seed: int,
    by: str,
    store: Path | None,
    as_of: str | None,
    scale: str,
    level: str,
    as_json: bool,
) -> None:
    """Say how far the index and the measures of the literature order pairs, and periods, alike (rank correlations)."""
    from comity.api import compare_alternatives
    from comity.api.view import View

    found = compare_alternatives(by=by, least=least, seed=seed, view=View(store, as_of, scale, level))
    if as_json:
        print_json(found)
    else:
        click.echo(f"{found['pairs']} directed pairs with {least} events or more, scale {found['scale']}", err=True)
        print_table(found["agreement"], ("a", "b", "over", "correlation", "low", "high", "count"))


@click.command()
@click.option("--states", multiple=True, metavar="STATE",
              help="Only this state (may be repeated); of two, also how far apart they stood.")  # fmt: skip
@click.option("--since", type=int, metavar="YEAR", help="First year, counted.")
@click.option("--until", type=int, metavar="YEAR", help="Last year, counted.")
@click.option("--votes", type=click.Path(path_type=Path), help="Estimate from this file of votes (CSV or Parquet).")
@click.option("--rolls", type=click.Path(path_type=Path), help="The roll calls of these votes (CSV or Parquet).")
@json_option
def voting(
    states: tuple[str, ...],
    since: int | None,
    until: int | None,
    votes: Path | None,
    rolls: Path | None,
    as_json: bool,
) -> None:
    """Show where states stand in votes of the UN General Assembly, with 90 % intervals.

    As published, or estimated from files in the layout of the package unvotes: votes with rcid, country_code, vote;
    roll calls with rcid, date, short. Neither end of the line is the better one.
    """
    from comity.api import estimate_ideal_points, read_ideal_points, score_distances

    if (votes is None) != (rolls is None):
        raise click.UsageError("votes and roll calls belong together: give both --votes and --rolls")
    found: dict[str, Any] = {"estimated": votes is not None, "ledger": None, "distances": None}
    words: dict[str, Any] = {"states": states or None, "since": since, "until": until}
    if votes is None:
        points = read_ideal_points(**words)
    else:
        points, found["ledger"] = estimate_ideal_points(votes, rolls, **words)
    if len(states) == 2:
        found["distances"] = score_distances(*states, points=points)
    rows = points.to_pylist()
    if as_json:
        print_json({**found, "points": rows})
        return
    if not states and since is None and until is None:
        last = max(row["year"] for row in rows)
        click.echo(f"the last year, {last}; --since, --until and --states show others", err=True)
        rows = [row for row in rows if row["year"] == last]
    if found["ledger"]:
        click.echo(", ".join(f"votes {name}: {number:,}" for name, number in found["ledger"].items()), err=True)
    print_table(rows, POINTS)
    if found["distances"]:
        click.echo()
        print_table(found["distances"], DISTANCES)
