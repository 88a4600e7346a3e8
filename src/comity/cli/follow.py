"""`comity commitments`, the verbs that follow up: assess, status, due, remind, suggest, outlook, coders, through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, TypeVar

import click

from comity.cli.options import json_option, print_json, print_result, print_table, store_option

if TYPE_CHECKING:
    from comity.api.register_view import RegisterView

Command = TypeVar("Command", bound=Callable[..., Any])

STATES = ("overdue", "blocked", "due soon", "in progress", "no evidence", "fulfilled", "broken", "withdrawn")
"""As `comity.commitments.following.STATES`, which is not imported for a list of options."""
MOST_DUE = 200
FEW_DRAWS = 100
"""Draws below which the ends of an interval may be off by several points."""
_COUNTED = ("recorded_at", "added", "changed", "withdrawn", "unchanged")
"""What a receipt counts, and need not say where nothing changed."""
SHOWN = 48
"""Letters of an obligation that a table shows; JSON and pages have all of it."""
register_option = click.option(
    "--register",
    metavar="PATH|URL",
    help="File of SQLite, or postgresql://... [default: $COMITY_REGISTER, or your own file].",
)
seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed, the same bytes."
)


def register_options(command: Command) -> Command:
    """Add the options that say which part of a register is asked, and for which day."""
    for option in (
        click.option("--agreement", metavar="ID", help="Only this agreement."),
        click.option("--field", metavar="FIELD", help="Only this field of cooperation, such as water."),
        click.option("--partner", metavar="ACTOR", help="With --party: what the two owe under what they share."),
        click.option("--party", metavar="ACTOR", help="Only what this party owes."),
        click.option("--known", metavar="TIME", help="By what was recorded then: a day's end or a time (UTC)."),
        click.option("--on", metavar="DAY", help="Follow to this day [default: today]."),
        register_option,
    ):
        command = option(command)
    return command


def _ask(given: dict[str, Any]) -> RegisterView:
    """Return the question that the options put."""
    from comity.api.register_view import RegisterView

    names = ("on", "known", "party", "partner", "agreement", "field")
    return RegisterView(given.pop("register"), **{name: given.pop(name) for name in names})


@click.command()
@json_option
def scales(as_json: bool) -> None:
    """List the scales of the field, and what each value says of fulfilment."""
    from comity.api import list_scales

    rows = list_scales()
    if as_json:
        print_json(rows)
        return
    for row in rows:
        row["values"] = ", ".join(level["value"] for level in row["levels"]) or "any number"
    print_table(rows, ("id", "values", "formula", "title"))


@click.command()
@click.argument("commitment")
@click.option("--scale", required=True, metavar="NAME", help="See `comity commitments scales`.")
@click.option("--value", required=True, metavar="VALUE", help="As the scale writes it.")
@click.option("--coder", required=True, metavar="NAME", help="Who judged.")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--day", metavar="DAY", help="When it was judged [default: today].")
@click.option("--period", metavar="TEXT", help="What it is about, such as 2026.")
@click.option("--evidence", multiple=True, metavar="ID", help="What it rests on (repeat for each).")
@click.option("--by", "entered_by", metavar="OFFICE", help="Who enters it [default: the coder].")
@click.option("--id", metavar="ID", help="Name of the assessment [default: made from day and number].")
@register_option
@json_option
def assess(commitment: str, scale: str, value: str, coder: str, **given: Any) -> None:
    """Record what a coder judged of COMMITMENT; a value that is none of the scale's is refused."""
    from comity.api import assess_commitment

    as_json, register = given.pop("as_json"), given.pop("register")
    tell_receipt(assess_commitment(commitment, scale, value, coder, said=given, register=register), as_json)


@click.command()
@register_options
@click.option("--state", type=click.Choice(STATES), metavar="STATE", help=f"Only this state: {', '.join(STATES)}.")
@click.option("--soon", type=click.IntRange(min=0), metavar="DAYS", help="What counts as soon (90).")
@click.option("--format", "form", type=click.Choice(["text", "html", "md", "json"]), default="text", show_default=True,
              help="A page, or text.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
@json_option
def status(state: str | None, soon: int | None, form: str, out: Path | None, as_json: bool, **given: Any) -> None:
    """Say how each commitment stands on a day, what it waits for, and whose step is next."""
    from comity.api import follow_register, write_register_status
    from comity.brief.promises import tell_left_out

    asked = _ask(given)
    if form in ("html", "md"):
        _give(write_register_status(asked, form), out)
        return
    found = follow_register(asked, soon=soon)
    rows = [row for row in found["rows"] if state in (None, row["state"])]
    if as_json or form == "json":
        print_json({**found, "rows": rows})
        return
    if found["left_out"]:
        click.echo(f"- {tell_left_out(found['left_out'], found['on'])}", err=True)
    if not rows:
        click.echo(_say_nothing(found, state))
        return
    counted = _name_parties(found["parties"])
    print_table(counted, tuple(counted[0]))
    click.echo()
    _print_rows(rows)
    whole = f" of {found['total']:,}: those due first" if len(found["rows"]) < found["total"] else ""
    what = "commitment" if len(rows) == 1 else "commitments"
    click.echo(f"{len(rows):,} {what}{whole}, followed to {found['on']}", err=True)


@click.command()
@register_options
@click.option("--within", type=click.IntRange(min=0), default=30, show_default=True, metavar="DAYS", help="Days ahead.")
@click.option("--limit", type=click.IntRange(min=1), default=MOST_DUE, show_default=True, metavar="N", help="At most.")
@json_option
def due(within: int, limit: int, as_json: bool, **given: Any) -> None:
    """List what is overdue or due within some days, the earliest first; exit 1 where anything is overdue."""
    from comity.api import follow_due
    from comity.brief.promises import tell_left_out

    found = follow_due(_ask(given), within=within, limit=limit)
    rows = found["rows"]
    if found["left_out"]:
        click.echo(f"- {tell_left_out(found['left_out'], found['on'])}", err=True)
    if as_json:
        print_json(rows)
    elif rows:
        _print_rows(rows)
    else:
        click.echo(f"nothing is overdue on {found['on']}, or due within {within} days")
    if found["more"]:
        click.echo(f"the first {limit:,}; there are more: --limit N", err=True)
    click.get_current_context().exit(1 if any(row["state"] == "overdue" for row in rows) else 0)


@click.command()
@register_options
@click.option("--within", type=click.IntRange(min=0), default=30, show_default=True, metavar="DAYS", help="Days ahead.")
@click.option("--calendar", type=click.Path(path_type=Path), metavar="FILE", help="Write all due days as iCalendar.")
@click.option("--atom", type=click.Path(path_type=Path), metavar="FILE", help="Write reminders to an Atom feed.")
@click.option("--sink", type=click.Path(path_type=Path, exists=True), metavar="FILE",
              help="Deliver to a sink: YAML with kind and fields (webhook, email, folder, ...).")  # fmt: skip
@click.option("--outbox", type=click.Path(path_type=Path), metavar="FILE", default=Path("comity-reminders.db"),
              show_default=True, help="What was told; each reminder is told once.")  # fmt: skip
@click.option("--dead", is_flag=True, help="List the reminders that were given up, and why; deliver nothing.")
@click.option("--retry", is_flag=True, help="Put them back to be delivered again: with --sink now, and only its own.")
@json_option
def remind(
    within: int, calendar: Path | None, atom: Path | None, sink: Path | None, outbox: Path, **given: Any
) -> None:
    """Remind of what is due: a calendar, an Atom feed, or a sink such as e-mail or a webhook."""
    from comity.api import deliver_reminders, retry_dead_reminders, write_due_calendar
    from comity.store.disk import write_whole

    as_json, dead, retry = (given.pop(name) for name in ("as_json", "dead", "retry"))
    if dead:
        _print_dead(outbox, as_json)
        return
    told: dict[str, Any] = {}
    if retry:
        told["put_back"] = retry_dead_reminders(outbox, None if sink is None else _read_sink(sink))
    asked = _ask(given)
    if not retry and calendar is None and atom is None and sink is None:
        raise click.UsageError("say where to: --calendar FILE, --atom FILE or --sink FILE")
    if calendar is not None:
        write_whole(calendar, write_due_calendar(asked))
        told["calendar"] = str(calendar)
    if atom is not None:
        told["atom"] = deliver_reminders(
            {"kind": "atom", "path": str(atom), "title": "Commitments due"}, outbox, asked, within=within
        )
    if sink is not None:
        told["sink"] = deliver_reminders(_read_sink(sink), outbox, asked, within=within)
    print_result(told, as_json)


@click.command()
@register_options
@store_option
@click.option("--since", metavar="DAY", help="Only events from this day on.")
@json_option
def suggest(store: Path | None, since: str | None, as_json: bool, **given: Any) -> None:
    """Suggest events of the pair that may bear on open commitments; nothing is recorded."""
    from comity.api import suggest_evidence
    from comity.api.view import View

    rows = suggest_evidence(_ask(given), since=since, view=View(store))
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("no event of the store may bear on an open commitment")
        return
    print_table(rows, ("commitment", "day", "sender", "receiver", "direction", "reports", "label", "link"))
    click.echo("suggestions from news, not findings: read them, and record with `comity commitments add evidence` "
               "what bears on a commitment", err=True)  # fmt: skip


@click.command()
@register_options
@click.option("--by", metavar="DAY", help="Fulfilled by this day [default: a year on].")
@seed_option
@json_option
def outlook(by: str | None, seed: int, as_json: bool, **given: Any) -> None:
    """Say how likely open commitments are fulfilled by a day, beside the base rate."""
    from comity.api import estimate_fulfilment

    found = estimate_fulfilment(_ask(given), by=by, seed=seed)
    if as_json:
        print_json(found)
        return
    if not found["rows"]:
        click.echo(f"no commitment that matches is open on {found['on']}")
        return
    print_table(_name_parties(found["rows"]), ("commitment", "party", "field", "due", "chance", "low", "high", "base"))
    scores, base = found["scores"], found["base"]
    click.echo(f"by {found['by']}: {found['shown']} shown; {scores['why']}")
    click.echo(f"base rate {base['share']:.2f} ({base['low']:.2f} to {base['high']:.2f}), {base['came']} of "
               f"{base['outcomes']} past outcomes")  # fmt: skip
    for name in ("base", "model") if scores["trials"] else ():
        click.echo(f"  {name}: Brier {scores[name]['brier']:.4f}, log score {scores[name]['log']:.4f}")
    for line in found["limits"]:
        click.echo(f"- {line}", err=True)


@click.command()
@register_options
@click.option("--scale", metavar="NAME", help="Only this scale.")
@click.option("--measure", type=click.Choice(["nominal", "ordinal", "interval", "ratio"]), help="Instead of its own.")
@seed_option
@json_option
def coders(scale: str | None, measure: str | None, seed: int, as_json: bool, **given: Any) -> None:
    """Say how far coders agree on each scale: Krippendorff's alpha."""
    from comity.api import compare_coders

    rows = compare_coders(_ask(given), scale, measure=measure, seed=seed)
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("nothing that matches was assessed by then")
        return
    shown = [{**row, "coders": len(row["coders"])} for row in rows]
    print_table(shown, ("scale", "measure", "coders", "units", "alpha", "low", "high", "verdict"))


@click.command()
@register_options
@json_option
def through(as_json: bool, **given: Any) -> None:
    """Say how far each party follows through, alone and by field, at average difficulty."""
    from comity.api import estimate_followthrough

    found = estimate_followthrough(_ask(given))
    if as_json:
        print_json(found)
        return
    if not found["rows"]:
        click.echo("no commitment of this party was judged by then")
        return
    print_table(_name_parties(found["rows"]), ("party", "field", "judged", "plain", "share", "low", "high", "verdict"))
    click.echo(f"share of {found['scale']} expected at average difficulty, 90 % interval; {found['responses']} judged "
               f"in {found['items']} articles", err=True)  # fmt: skip
    if found["effective"] < FEW_DRAWS:
        click.echo(f"the intervals rest on {found['effective']} draws: take them as rough", err=True)


VERBS = (scales, assess, status, due, remind, suggest, outlook, coders, through)
"""What `comity commitments` takes over from here."""


def tell_receipt(told: dict[str, Any], as_json: bool) -> None:
    """Print what was recorded, and beside it what the author may not have meant."""
    if as_json:
        print_json(told)
        return
    shown = {name: value for name, value in told.items() if name not in ("notes", "early")}
    if told["recorded_at"] is None:
        same = "the record was" if told["unchanged"] == 1 else f"all {told['unchanged']:,} records were"
        click.echo(f"nothing new: {same} there already, unchanged" if told["unchanged"] else "nothing new")
        shown = {name: value for name, value in shown.items() if name not in _COUNTED}
    print_result(shown, as_json=False)
    for note in told.get("notes", ()):
        click.echo(f"- not taken: {note}", err=True)
    for note in told["early"]:
        click.echo(f"- note: {note}", err=True)


def _print_dead(outbox: Path, as_json: bool) -> None:
    """Print the reminders that were given up."""
    from comity.api import list_dead_reminders

    rows = list_dead_reminders(outbox)
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, ("made", "sink", "attempts", "subject", "note"))
    else:
        click.echo("no reminder was given up")


def _name_parties(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the name of each party for its id."""
    from comity.lexicon import name_actor

    return [{**row, "party": name_actor(row["party"])} for row in rows]


def _print_rows(rows: list[dict[str, Any]]) -> None:
    """Print followed commitments, a line each."""
    from comity.lexicon import name_actor

    shown = [
        {
            **row,
            "waits_for": ", ".join(row["blocked_by"]) or None,
            "next_by": None if row["next"] is None else row["next"]["owner"] or name_actor(row["next"]["party"]),
            "obligation": shorten(row["obligation"], SHOWN, placeholder=" ..."),
        }
        for row in _name_parties(rows)
    ]
    names = ("id", "party", "due", "days", "state", "basis", "share", "waits_for", "next_by", "obligation")
    print_table(shown, names)


def _say_nothing(found: dict[str, Any], state: str | None) -> str:
    """Say that nothing is shown, and why."""
    if not found["rows"]:
        return f"the register holds no commitment that matches on {found['on']}"
    return f"none of {found['total']:,} commitments is {state} on {found['on']}"


def _give(text: str, out: Path | None) -> None:
    """Print a page, or write it to a file."""
    from comity.store.disk import write_whole

    if out is None:
        click.echo(text)
    else:
        write_whole(out, text.encode())
        click.echo(out)


def _read_sink(path: Path) -> dict[str, Any]:
    """Return the description of a sink."""
    import yaml

    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path}: not readable YAML: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError(f"{path}: a sink is a mapping with kind and fields")
    return {str(name): value for name, value in found.items()}
