"""`comity brief`: the page that everybody needs."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.options import split_party, view_options


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
@click.option(
    "--conduct",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Profile of a party's own rules, held against what was done.",
)
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Plan of the parties: it is made and shown.",
)
@click.option(
    "--register",
    metavar="PATH|URL",
    help="Register of commitments: what was agreed, what was kept, by both.",
)
@click.option(
    "--party",
    "parties",
    multiple=True,
    metavar="PARTY=ACTOR",
    help="Take an example profile for a real actor (may be repeated).",
)
@view_options
def command(
    a: str,
    b: str | None,
    form: str | None,
    out: Path | None,
    conduct: Path | None,
    plan: Path | None,
    register: str | None,
    parties: tuple[str, ...],
    store: Path | None,
    as_of: str | None,
    scale: str,
    level: str,
) -> None:
    """Write a brief on A and B, or on A and its partners."""
    from comity.api.briefs import compose_brief, render_brief, store_page
    from comity.api.view import View

    if form == "pdf" and out is None:
        raise click.UsageError("a PDF needs a file: add --out FILE")
    assign = dict(split_party(text) for text in parties)
    view = View(store, as_of, scale, level, register)
    document = compose_brief(a, b, view=view, conduct=conduct, assign=assign, plan=plan)
    if out is not None:
        click.echo(store_page(document, out, form))
    else:
        click.echo(render_brief(document, form or "md").decode())
