"""`comity brief`: the page that everybody needs."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.options import view_options


@click.command()
@click.argument("a")
@click.argument("b", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "pdf", "json", "md"]),
    help="Format [default: the ending of --out, or md].",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write [default: print; a PDF needs a file].",
)
@view_options
def command(
    a: str,
    b: str | None,
    form: str | None,
    out: Path | None,
    store: Path | None,
    as_of: str | None,
    scale: str,
    level: str,
) -> None:
    """Write a brief on A and B, or on A and its partners."""
    from comity.api.briefs import compose_brief, render_brief, write_brief
    from comity.api.view import View

    view = View(store, as_of, scale, level)
    if out is not None:
        click.echo(write_brief(a, b, out=out, form=form, view=view))
    elif form == "pdf":
        raise click.UsageError("a PDF needs a file: add --out FILE")
    else:
        click.echo(render_brief(compose_brief(a, b, view=view), form or "md").decode())
