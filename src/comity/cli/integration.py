"""`comity integration`: what closer ties would bring, estimated and solved."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.equilibrium import check, package, simulate
from comity.cli.indices import index
from comity.cli.options import json_option, print_json


@click.group()
def command() -> None:
    """Estimate what distance, borders and agreements have meant for flows; simulate what a change would mean."""


@command.command()
@click.argument("spec", type=click.Path(path_type=Path))
@json_option
def estimate(spec: Path, as_json: bool) -> None:
    """Estimate the gravity equation in SPEC, a YAML file that names its table of flows."""
    from comity.api import estimate_gravity

    found = estimate_gravity(spec)
    if as_json:
        print_json(found.describe())
        return
    click.echo(str(found))
    for row in found.list_dropped().to_pylist():
        click.echo(f"left out: {row['rows']:,} rows, {row['reason']} ({row['why']})", err=True)


command.add_command(simulate)
command.add_command(check)
command.add_command(package)
command.add_command(index)
