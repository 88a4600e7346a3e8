"""`comity foundations`: what ties two states."""

from __future__ import annotations

import click

from comity.cli.options import json_option, print_json, print_table


@click.group()
def command() -> None:
    """Show what ties two states: trade, people, visas, votes."""


@command.command()
@click.argument("a")
@click.argument("b", required=False)
@json_option
def show(a: str, b: str | None, as_json: bool) -> None:
    """Show the figures of A and B, or of A alone, each with year and source."""
    from comity.api import describe_foundations

    themes = describe_foundations(a, b)
    if as_json:
        print_json(themes)
        return
    for theme in themes:
        click.echo(f"\n{theme['theme']}")
        print_table(theme["figures"], ("measure", "value", "unit", "year", "source"))
