"""`comity integration`: what closer ties would bring, estimated."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """Estimate what distance, borders and agreements have meant for the flows between states."""
