"""`comity conduct`: a state's own rules, checked and audited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from comity.cli.options import as_of_option, json_option, print_json, print_table, split_party, store_option


@click.group()
def command() -> None:
    """Check and audit a state's own rules: which gesture calls for which open, lawful answer."""


@command.command()
@click.option("--kind", metavar="KIND", help="Only measures of this kind.")
@json_option
def catalogue(kind: str | None, as_json: bool) -> None:
    """List the measures that an answer may be chosen from."""
    from comity.api import list_measures

    rows = list_measures(kind)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("id", "kind", "level", "reversibility", "title"))
        click.echo(f"{len(rows)} measures; --json gives basis, precedent and what ends each", err=True)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def check(context: click.Context, file: Path, as_json: bool) -> None:
    """Check the profile in FILE: exit 0 where it is in order, 1 where it is not."""
    from comity.api import check_conduct
    from comity.conduct.errors import Problem

    found = check_conduct(file)
    if as_json:
        print_json(found)
    else:
        for problem in found["problems"]:
            click.echo(Problem(**problem).describe(str(file)))
        if found["valid"]:
            click.echo(f"{file}: in order")
    context.exit(0 if found["valid"] else 1)


@command.command()
@click.argument("name", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
def example(name: str | None, out: Path | None) -> None:
    """Print the example profile NAME, or list the examples."""
    from comity.conduct.example import list_examples, read_example
    from comity.store.disk import write_whole

    text = read_example(name) if name else "\n".join(list_examples()) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text.encode())
        click.echo(out)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@store_option
@as_of_option
@click.option("--since", metavar="DAY", help="First day, counted.")
@click.option("--until", metavar="DAY", help="Last day, counted.")
@click.option("--partner", "partners", multiple=True, metavar="ACTOR", help="Only this partner (may be repeated).")
@click.option("--party", "parties", multiple=True, metavar="PARTY=ACTOR",
              help="Try an example on a real actor (may be repeated).")  # fmt: skip
@json_option
def audit(
    file: Path,
    store: Path | None,
    as_of: str | None,
    since: str | None,
    until: str | None,
    partners: tuple[str, ...],
    parties: tuple[str, ...],
    as_json: bool,
) -> None:
    """Audit the profile in FILE against a store: when each rule would have applied, and what was done."""
    from comity.api import audit_conduct
    from comity.api.view import View

    pairs = dict(split_party(text) for text in parties)
    found = audit_conduct(
        file, partners=partners, parties=pairs, since=since, until=until, view=View(store, as_of)
    )
    if as_json:
        print_json(found)
    else:
        _print_audit(found)


def _print_audit(found: dict[str, Any]) -> None:
    """Print the table of rules, what stands out, and the limits."""
    columns = ("rule", "partner", "triggers", "known", "kept", "share", "low", "high", "routine", "verdict")
    print_table([row for row in found["rules"] if row["partner"] is None or row["triggers"]], columns)
    for line in found["summary"]["text"]:
        click.echo(line)
    for line in found["limits"]:
        click.echo(f"- {line}", err=True)
