"""`comity actors`: who is meant by a code or a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import click

from comity.cli.options import json_option, print_json, print_result, print_table
from comity.lexicon import identify_actor, read_actors


@click.group()
def command() -> None:
    """Find states and organisations by any code or name."""


@command.command()
@click.argument("text")
@json_option
def find(text: str, as_json: bool) -> None:
    """Say which state or organisation TEXT means."""
    actor = identify_actor(text)
    shown = {field.name: getattr(actor, field.name) for field in fields(actor)}
    shown = {name: dict(value) if isinstance(value, Mapping) else value for name, value in shown.items()}
    print_result(shown, as_json)


@command.command(name="list")
@click.option("--kind", type=click.Choice(["state", "igo"]), help="Only states, or only organisations.")
@json_option
def list_actors(kind: str | None, as_json: bool) -> None:
    """List all states and organisations."""
    rows = [
        {name: getattr(actor, name) for name in ("id", "name", "kind", "status", "valid_from", "valid_to")}
        for actor in read_actors()
        if kind in (None, actor.kind)
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("id", "name", "kind", "status", "valid_from", "valid_to"))
