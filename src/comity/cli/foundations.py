"""`comity foundations`: what ties two states."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.options import as_of_option, json_option, print_json, print_table


@click.group()
def command() -> None:
    """Show what ties two states: trade, people, visas, votes."""


@command.command()
@click.argument("a")
@click.argument("b", required=False)
@click.option(
    "--store", type=click.Path(path_type=Path), help="A store with publishers' files of your own [default: none]."
)
@as_of_option
@json_option
def show(a: str, b: str | None, store: Path | None, as_of: str | None, as_json: bool) -> None:
    """Show the figures of A and B, or of A alone, each with year and source.

    Figures of your own (`comity sources load baci FILE --store DIR`) stand over those of the package.
    """
    from comity.api import describe_foundations

    themes = describe_foundations(a, b, store=store, as_of=as_of)
    if as_json:
        print_json(themes)
        return
    for theme in themes:
        click.echo(f"\n{theme['theme']}")
        print_table(theme["figures"], ("measure", "value", "unit", "year", "source"))
