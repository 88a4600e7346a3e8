"""Options that several commands share, and how results are printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

MOST_PAIRS = 30
"""Pairs that a line of those that miss something names."""

Command = TypeVar("Command", bound=Callable[..., Any])

store_option = click.option(
    "--store", type=click.Path(path_type=Path), help="Folder of a store [default: the embedded sample]."
)
as_of_option = click.option("--as-of", metavar="TIME", help="Read the store as it was at a day's end or a time (UTC).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def view_options(command: Command) -> Command:
    """Add the options that say which data a question is put to."""
    for option in (
        click.option(
            "--level",
            default="events",
            show_default=True,
            metavar="LEVEL",
            help="De-duplication: reports, articles or events; of one source of several: icews:events.",
        ),
        click.option(
            "--scale",
            default="goldstein",
            show_default=True,
            metavar="NAME|FILE",
            help="Scale that gives each code its score.",
        ),
        as_of_option,
        store_option,
    ):
        command = option(command)
    return command


def split_party(text: str) -> tuple[str, str]:
    """Return both sides of PARTY=ACTOR."""
    party, sign, actor = text.partition("=")
    if not sign or not party.strip() or not actor.strip():
        raise click.BadParameter(f"{text!r} is not of the form PARTY=ACTOR", param_hint="--party")
    return party.strip(), actor.strip()


def print_json(value: object) -> None:
    """Print a value as JSON that is the same for the same value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def print_check(found: Mapping[str, Any], file: Path, as_json: bool) -> int:
    """Print what is wrong with a checked file, line by line, and return the exit code: 1 where anything is."""
    from comity.forms.problems import Problem

    if as_json:
        print_json(found)
    else:
        for problem in found["problems"]:
            click.echo(Problem(**problem).describe(str(file)))
        if found["valid"]:
            click.echo(f"{file}: in order")
    return 0 if found["valid"] else 1


def print_mapping(values: Mapping[str, object], indent: str = "") -> None:
    """Print names and values, one a line, groups indented."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            click.echo(f"{indent}{name}:")
            print_mapping(value, indent + "  ")
        else:
            shown = f"{value:,}" if isinstance(value, int) else str(value)
            click.echo(f"{indent}{name}: {shown}")


def print_result(values: Mapping[str, object], as_json: bool) -> None:
    """Print names and values, as JSON where asked for."""
    if as_json:
        print_json(values)
    else:
        print_mapping(values)


def print_table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    """Print rows in columns; None is shown as a dash."""
    texts = [[_show(row[name]) for name in columns] for row in rows]
    widths = [max([len(name), *(len(text[n]) for text in texts)]) for n, name in enumerate(columns)]
    for line in ([*columns], *texts):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def print_members(organisation: Mapping[str, Any]) -> None:
    """Print who is a member of an organisation, and on which day."""
    members, on, known = organisation["members"], organisation["on"], organisation["known_to"]
    told = f" (the table of memberships is of {known})" if on > known else ""
    click.echo(f"{organisation['name']} ({organisation['id']}), {len(members)} members on {on}{told}:")
    click.echo(f"  {', '.join(members)}")


def print_missing(pairs: Sequence[Sequence[str]], what: str) -> None:
    """Print how many pairs miss something, and which; many are cut, and how many is said."""
    shown = ", ".join("-".join(pair) for pair in pairs[:MOST_PAIRS])
    more = f" and {len(pairs) - MOST_PAIRS:,} more (--json lists all)" if len(pairs) > MOST_PAIRS else ""
    click.echo(f"{len(pairs):,} pairs {what}" + (f": {shown}{more}" if pairs else ""))


def _show(value: object) -> str:
    """Return a cell."""
    if value is None:
        return "-"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
