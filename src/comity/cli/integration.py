"""`comity integration`: what closer ties would bring, estimated."""

from __future__ import annotations

import click

from comity.cli.indices import index


@click.group()
def command() -> None:
    """Estimate what distance, borders and agreements have meant for the flows between states."""


command.add_command(index)
