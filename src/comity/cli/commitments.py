"""`comity commitments`: the register of what was agreed, with its evidence; nothing in it is ever overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from comity.cli.follow import VERBS, tell_receipt
from comity.cli.options import json_option, print_json, print_result, print_table

Command = TypeVar("Command", bound=Callable[..., Any])

register_option = click.option(
    "--register",
    metavar="PATH|URL",
    help="File of SQLite, or postgresql://... [default: $COMITY_REGISTER, or your own file].",
)
valid_option = click.option("--valid", metavar="DAY", help="How it stood on this day [default: today].")
known_option = click.option("--known", metavar="TIME", help="By what was known then: a day's end or a time (UTC).")


@click.group()
def command() -> None:
    """Follow agreements to the end: commitments, evidence, and how it stood on any day."""


for verb in VERBS:
    command.add_command(verb)


@command.group()
def add() -> None:
    """Record one thing; under a known id with --seen, correct or withdraw it.

    An empty value, such as --due "" or --depends-on "", clears a field that may be empty.
    """


def entry_options(added: Command) -> Command:
    """Add the options that every record has."""
    options: tuple[Any, ...] = (
        json_option,
        register_option,
        click.option("--seen", type=click.IntRange(min=1), metavar="N",
                     help='Correct what is there, having seen entries up to N; other fields stay, an empty one ("") is '
                          "cleared."),
        click.option("--withdraw", "withdrawn", is_flag=True, help="It holds no longer, from --from on; with --seen."),
        click.option("--from", "valid_from", metavar="DAY", help="From which day it is so [default: today]."),
        click.option("--by", "entered_by", required=True, metavar="OFFICE", help="Who enters it."),
    )  # fmt: skip
    for option in options:
        added = option(added)
    return added


@add.command()
@click.argument("id")
@click.option("--title", metavar="TEXT", help="Title, in words of your own.")
@click.option("--party", "parties", multiple=True, metavar="ACTOR", help="A party (repeat for each).")
@click.option("--signed", metavar="DAY", help="Day of signature or adoption.")
@click.option("--in-force", metavar="DAY", help="Day on which it came into force.")
@click.option("--reference", metavar="TEXT", help="Where its text is.")
@entry_options
def agreement(id: str, **given: Any) -> None:
    """Record an agreement or pledge."""
    _record("agreement", id, given)


@add.command()
@click.argument("id")
@click.option("--agreement", metavar="ID", help="The agreement that it stands in.")
@click.option("--place", metavar="TEXT", help="Such as: Article 5, paragraph 2.")
@click.option("--heading", metavar="TEXT", help="What it is about, in words of your own.")
@entry_options
def article(id: str, **given: Any) -> None:
    """Record an article of an agreement."""
    _record("article", id, given)


@add.command()
@click.argument("id")
@click.option("--article", metavar="ID", help="The article that it stands in.")
@click.option("--party", metavar="ACTOR", help="Who owes it.")
@click.option("--obligation", metavar="TEXT", help="What is owed, in words of your own.")
@click.option("--field", metavar="FIELD", help="Field of cooperation, such as water or transport.")
@click.option("--indicator", metavar="TEXT", help="What measures it.")
@click.option("--unit", metavar="TEXT", help="Unit of the indicator.")
@click.option("--baseline", metavar="NUMBER", help="Value at the beginning.")
@click.option("--target", metavar="NUMBER", help="Value that was agreed.")
@click.option("--due", metavar="DAY", help="Last day on which it is kept in time.")
@click.option("--depends-on", multiple=True, metavar="ID", help="A commitment that comes before (repeat for each).")
@click.option("--owner", metavar="OFFICE", help="The office that owes the next step.")
@entry_options
def commitment(id: str, **given: Any) -> None:
    """Record what one party owes under an article."""
    _record("commitment", id, given)


@add.command()
@click.argument("id")
@click.option("--commitment", metavar="ID", help="The commitment that it bears on.")
@click.option("--link", metavar="URL", help="Open address, http or https.")
@click.option("--day", metavar="DAY", help="Day of the source.")
@click.option("--quotation", metavar="TEXT", help="What it says.")
@click.option("--direction", type=click.Choice(["for", "against", "neither"]), help="Of fulfilment.")
@click.option("--strength", type=click.IntRange(1, 3), help="1 weak, 2 clear, 3 strong.")
@click.option("--value", metavar="NUMBER", help="A reading of the indicator.")
@entry_options
def evidence(id: str, **given: Any) -> None:
    """Record a piece of open evidence."""
    _record("evidence", id, given)


@add.command()
@click.argument("id")
@click.option("--commitment", metavar="ID", help="The commitment that was judged.")
@click.option("--scale", metavar="NAME", help="See `comity commitments scales`.")
@click.option("--value", metavar="VALUE", help="As the scale writes it.")
@click.option("--coder", metavar="NAME", help="Who judged.")
@click.option("--day", metavar="DAY", help="When it was judged.")
@click.option("--period", metavar="TEXT", help="What it is about, such as 2026.")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--evidence", multiple=True, metavar="ID", help="What it rests on (repeat for each).")
@entry_options
def assessment(id: str, **given: Any) -> None:
    """Record an assessment under a name of your own, or correct or withdraw one; `assess` records a new one."""
    _record("assessment", id, given)


@command.command(name="import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--seen", type=click.IntRange(min=1), metavar="N", help="The file corrects entries up to N.")
@register_option
@json_option
def import_(path: Path, seen: int | None, register: str | None, as_json: bool) -> None:
    """Import PATH: CSV (a table, a zip archive or a folder), JSON or IATI 2.03. All of it, or nothing."""
    from comity.api import load_commitments

    tell_receipt(load_commitments(path, register, seen=seen), as_json)


@command.command()
@click.option("--format", "form", type=click.Choice(["json", "csv", "iati"]), default="json", show_default=True,
              help="csv is a zip archive of one table for each kind.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file [default: standard output].")
@click.option("--agreement", metavar="ID", help="Only this agreement.")
@click.option("--party", metavar="ACTOR", help="Only what this party owes.")
@valid_option
@known_option
@register_option
def export(form: str, out: Path | None, **given: Any) -> None:
    """Export what stands, or stood; every format comes back without loss."""
    from comity.api import write_commitments
    from comity.store.disk import write_whole

    data = write_commitments(form, given.pop("register"), **given)
    if out is None:
        click.echo(data, nl=False)
    else:
        write_whole(out, data)
        click.echo(out)


@command.command()
@click.option("--head", metavar="N:HASH", help="A head that you kept: shows also a cut end, or a chain written anew.")
@register_option
@json_option
@click.pass_context
def verify(context: click.Context, head: str | None, register: str | None, as_json: bool) -> None:
    """Check the chain of hashes: exit 0 where it holds, 1 where it breaks, naming the first entry."""
    from comity.api import verify_commitments

    found = verify_commitments(register, kept=head)
    if as_json:
        print_json(found)
    else:
        shown = {**found, "holds": "yes" if found["holds"] else "no"}
        print_result({name: value for name, value in shown.items() if value not in (None, "")}, as_json=False)
    if not as_json and found["holds"]:
        click.echo("keep the head in another place: only with it a cut end can be seen", err=True)
    context.exit(0 if found["holds"] else 1)


@command.command()
@click.argument("kind", type=click.Choice(["agreement", "article", "commitment", "evidence", "assessment"]))
@click.argument("id")
@register_option
@json_option
def history(kind: str, id: str, register: str | None, as_json: bool) -> None:
    """List every entry under an id: what was recorded, when, and by whom."""
    from comity.api import list_history

    entries = list_history(kind, id, register)
    if as_json:
        print_json(entries)
        return
    if not entries:
        click.echo(f"nothing was ever entered as {kind} {id!r}", err=True)
        click.get_current_context().exit(1)
    for entry in entries:
        print_result(entry, as_json=False)
        click.echo()
    click.echo("1 entry" if len(entries) == 1 else f"{len(entries):,} entries", err=True)


@command.command()
@valid_option
@known_option
@register_option
@json_option
def agreements(valid: str | None, known: str | None, register: str | None, as_json: bool) -> None:
    """List the agreements that stand, or stood."""
    from comity.api import list_agreements
    from comity.lexicon import name_actor

    rows = list_agreements(register, valid=valid, known=known)
    if as_json:
        print_json(rows)
    elif rows:
        shown = [{**row, "parties": ", ".join(map(name_actor, row["parties"].split()))} for row in rows]
        print_table(shown, ("id", "parties", "signed", "in_force", "commitments", "title"))
    else:
        click.echo("the register holds no agreement by then")


@command.command()
@register_option
@json_option
def upgrade(register: str | None, as_json: bool) -> None:
    """Bring the tables of a register to the newest revision; every entry stays as it is."""
    from comity.api import upgrade_register

    print_result(upgrade_register(register), as_json)


@command.command()
@click.argument("name", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
def example(name: str | None, out: Path | None) -> None:
    """Print the worked example NAME, a real agreement from its public text, or list the examples."""
    from comity.commitments.example import list_examples, read_example

    _give(read_example(name) if name else "\n".join(list_examples()) + "\n", out)


@command.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of a document, for editors."""
    from comity.commitments.exchange.document import read_schema

    _give(read_schema(), out)


def _record(kind: str, id: str, given: dict[str, Any]) -> None:
    """Record one record from what was given on the command line."""
    from comity.api import amend_record

    as_json, register, seen = given.pop("as_json"), given.pop("register"), given.pop("seen")
    said = {name: _read_option(value) for name, value in given.items() if value not in (None, (), False)}
    tell_receipt(amend_record(kind, id, said, register, seen=seen), as_json)


def _read_option(value: object) -> object:
    """Return what an option says; one that is repeated and always empty says that there is none."""
    if not isinstance(value, tuple):
        return value
    return list(value) if any(value) else []


def _give(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file."""
    from comity.store.disk import write_whole

    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text.encode())
        click.echo(out)
