"""`comity plan`: initiatives of several states, checked, chosen and laid out in time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from comity.cli.options import (
    as_of_option,
    json_option,
    print_check,
    print_json,
    print_table,
    store_option,
)

OBJECTIVES = ("nash", "kalai-smorodinsky", "leximin", "weighted")
FORMATS = ("html", "csv", "ics", "xml", "json", "md")

objective_option = click.option("--objective", type=click.Choice(OBJECTIVES), help="In the place of the file's.")
seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed, the same bytes."
)
seconds_option = click.option(
    "--seconds",
    type=click.FloatRange(min=0.1, max=86_400),
    default=10.0,
    show_default=True,
    help="For the choice.",
)


@click.group()
def command() -> None:
    """Check, make and explain a plan of several parties, in which nobody is worse off."""


@command.command()
@click.option("--field", metavar="FIELD", help="Only initiatives of this field.")
@json_option
def catalogue(field: str | None, as_json: bool) -> None:
    """List the initiatives that a plan may start from."""
    from comity.api import list_initiatives

    rows = list_initiatives(field)
    if as_json:
        print_json(rows)
        return
    shown = [{**row, "months": "{}-{}".format(*row["months"]), "since": row["precedent"]["year"]} for row in rows]
    print_table(shown, ("id", "field", "months", "since", "title"))
    click.echo(f"{len(rows)} initiatives; --json gives phases, inputs, indicators and the precedent of each", err=True)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def check(context: click.Context, file: Path, as_json: bool) -> None:
    """Check the plan in FILE: exit 0 where it is in order, 1 where it is not."""
    from comity.api import check_plan

    context.exit(print_check(check_plan(file), file, as_json))


@command.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of a plan, for editors."""
    from comity.plan.example import read_schema

    _give(read_schema(), out)


@command.command()
@click.argument("name", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
def example(name: str | None, out: Path | None) -> None:
    """Print the example plan NAME, or list the examples."""
    from comity.plan.example import list_examples, read_example

    _give(read_example(name) if name else "\n".join(list_examples()) + "\n", out)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@objective_option
@seed_option
@seconds_option
@click.option("--no-shares", is_flag=True, help="Do not divide the joint gain.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Format [default: the ending of --out].")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write [default: print].")
@store_option
@as_of_option
@json_option
@click.pass_context
def make(
    context: click.Context,
    file: Path,
    objective: str | None,
    seed: int,
    seconds: float,
    no_shares: bool,
    form: str | None,
    out: Path | None,
    store: Path | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Make the plan in FILE: exit 0 where there is one, 1 where none exists."""
    from comity.api.plans import make_plan, render_plan, store_plan
    from comity.api.view import View

    paged = (form or (out.suffix.removeprefix(".") if out else "")) in ("html", "md")
    view = View(store, as_of) if paged or store is not None else None
    made = make_plan(file, objective=objective, seed=seed, seconds=seconds, shares=not no_shares, view=view)
    if out is not None:
        click.echo(store_plan(made, out, form))
    elif as_json or form:
        click.echo(render_plan(made, form or "json").decode(), nl=False)
    else:
        _print_made(made)
    context.exit(0 if made["exists"] else 1)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("task", required=False)
@objective_option
@seed_option
@seconds_option
@json_option
@click.pass_context
def explain(
    context: click.Context,
    file: Path,
    task: str | None,
    objective: str | None,
    seed: int,
    seconds: float,
    as_json: bool,
) -> None:
    """Say what binds the plan in FILE, or why TASK does not start earlier; exit 1 where no plan exists, and why."""
    from comity.api import explain_plan

    found = explain_plan(file, task, objective=objective, seed=seed, seconds=seconds)
    if as_json:
        print_json(found)
    elif found["conflict"] is not None:
        _print_conflict(found["conflict"])
    else:
        _print_reasons(found)
    context.exit(0 if found["exists"] else 1)


@command.command(name="what-if")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--require", multiple=True, metavar="INITIATIVE", help="The plan must hold it (may be repeated).")
@click.option("--forbid", multiple=True, metavar="INITIATIVE", help="The plan must not hold it (may be repeated).")
@click.option("--fix", multiple=True, metavar="PHASE=DAY", help="A phase or consent starts in the period of that day; "
              "=+3 for periods from the beginning (may be repeated).")  # fmt: skip
@click.option("--delay", multiple=True, metavar="NAME=DAY", help="An initiative or phase starts then or later; =+3 for "
              "periods from the beginning (may be repeated).")  # fmt: skip
@click.option("--cut", multiple=True, metavar="RESOURCE[@YEAR]=20%", help="So much less of it; without % what is left "
              "(may be repeated).")  # fmt: skip
@click.option("--progress", multiple=True, metavar="PHASE=DAY..DAY", help="A phase started and finished; =DAY+3 where "
              "so many periods are left (may be repeated).")  # fmt: skip
@click.option("--as-of", "told", metavar="DAY", help="The day on which the progress was told.")
@click.option("--from", "since", type=click.Path(path_type=Path), metavar="MADE.json", help="The plan as it was, from "
              "make --json [default: make it now].")  # fmt: skip
@click.option("--first", "keep", flag_value="first", help="The first valid answer, at once.")
@click.option("--afresh", "keep", flag_value="none", help="Choose anew, and do not keep what can be kept.")
@objective_option
@seed_option
@seconds_option
@json_option
@click.pass_context
def what_if(
    context: click.Context,
    file: Path,
    require: tuple[str, ...],
    forbid: tuple[str, ...],
    fix: tuple[str, ...],
    delay: tuple[str, ...],
    cut: tuple[str, ...],
    progress: tuple[str, ...],
    told: str | None,
    since: Path | None,
    keep: str | None,
    objective: str | None,
    seed: int,
    seconds: float,
    as_json: bool,
) -> None:
    """Make the plan in FILE with something changed, and say what followed: exit 1 where no plan is left."""
    from comity.api.plans import render_plan, revise_plan
    from comity.plan.amendment import Basis
    from comity.plan.changes import Changes

    changes = Changes(require, forbid, fix, delay, cut, progress, told)
    terms: dict[str, Any] = {"objective": objective, "seed": seed, "seconds": seconds}
    made = revise_plan(file, changes=changes, basis=Basis(since, keep or "fewest"), **terms)
    if as_json:
        click.echo(render_plan(made, "json").decode(), nl=False)
    else:
        _print_made(made)
        _print_differences(made["differences"])
    context.exit(0 if made["exists"] else 1)


@command.command()
@click.argument("a")
@click.argument("b")
@store_option
@as_of_option
@json_option
def ground(a: str, b: str, store: Path | None, as_of: str | None, as_json: bool) -> None:
    """Print what a plan of A and B would open with: what stands, what is missing, each figure with its source."""
    from comity.api.plans import describe_partners
    from comity.api.view import View

    found = describe_partners(a, b, view=View(store, as_of))
    if as_json:
        print_json(found)
        return
    for name, title in (("stands", "What stands"), ("missing", "What is missing"), ("openings", "Openings")):
        click.echo(f"{title}:")
        print_table(found[name], ("what", "value", "unit", "year", "source"))
        click.echo()


def _give(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file and print its name."""
    from comity.store.disk import write_whole

    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text.encode())
        click.echo(out)


def _print_made(made: Mapping[str, Any]) -> None:
    """Print what is done when, what each party gains, and how sure the answer is; or why there is no plan."""
    for remark in made["remarks"]:
        click.echo(f"remark: {remark['text']}")
    if made["conflict"] is not None:
        _print_conflict(made["conflict"])
        return
    from comity.plan.surety import describe_surety

    heading = made["plan"]
    unit = f"{heading['currency']} x {heading['unit']:,}"
    if not made["exists"]:
        _print_misses(made, describe_surety(made), {one["id"]: one["missing"] for one in made["initiatives"]})
        return
    rows = [{**task, "finish_80": (task.get("chances") or {}).get("80")} for task in made["tasks"]]
    print_table(rows, ("id", "start", "finish", "finish_80", "mode"))
    click.echo()
    print_table([{**party, "gain": party["likely"]} for party in made["parties"]], ("name", "gain", "low", "high"))
    click.echo()
    left = [one["id"] for one in made["initiatives"] if not one["chosen"]]
    click.echo(f"{heading['objective']}: {describe_surety(made)}; finished {made['finish']}; gains in {unit}")
    click.echo(f"not in the plan: {', '.join(left) or 'none'}")


def _print_reasons(found: Mapping[str, Any]) -> None:
    """Print the critical chain, why its last task or the one asked for does not start earlier, and what is left out."""
    if not found["exists"]:
        _print_misses(found, found["answer"], {one["id"]: one for one in found["left_out"]})
        return
    if found["chain"]:
        click.echo(f"binds the end: {' -> '.join(found['chain'])}")
        others = [row["id"] for row in found["slack"] if row["critical"] and row["id"] not in found["chain"]]
        if others:
            click.echo(f"no slack either: {', '.join(others)}")
    for reason in found["reasons"]:
        click.echo(f"{reason['task']} starts on {reason['start']}: {reason['text']}")
    for one in found["left_out"]:
        click.echo(f"left out: {one['id']} ({_say_miss(one, found)})")
        _print_conflict(one["conflict"], doing=True)


def _print_differences(differences: Mapping[str, Any]) -> None:
    """Print what followed from a change, and why."""
    if differences["anew"]:
        click.echo("chosen anew: the plan as it was could not be kept, or was not to be")
    if differences["fewest"] is not None:
        _print_fewest(differences["fewest"])
    for name in ("added", "dropped"):
        if differences[name]:
            click.echo(f"{name}: {', '.join(differences[name])}")
    for task in differences["moved"]:
        before, after = (" to ".join(task[name]) for name in ("before", "after"))
        was, now = task["modes"]
        way = f", by {now} instead of {was}" if was and now and was != now else ""
        click.echo(f"moved: {task['id']} from {before}, now {after}{way} ({task['why']})")
    for gain in differences["gains"]:
        click.echo(f"gain of {gain['name']}: {gain['before']:.2f}, now {gain['after']:.2f}")


def _print_fewest(fewest: Mapping[str, Any]) -> None:
    """Print how many changes there are, and whether fewer are ruled out."""
    counts = f"{fewest['initiatives']} initiatives and {fewest['tasks']} tasks changed"
    least = f"at least {fewest['least_initiatives']} and {fewest['least_tasks']} must be"
    click.echo(f"fewest: {fewest['verdict']} ({counts}; {least})")


def _print_misses(found: Mapping[str, Any], answer: str, misses: Mapping[str, Mapping[str, Any] | None]) -> None:
    """Print that nothing is chosen, whether that is proven, and what stands in the way of each initiative."""
    click.echo(f"No plan: {answer}.")
    for name, missing in misses.items():
        click.echo(f"{name}: {_say_miss(missing, found)}")
        if missing is not None:
            _print_conflict(missing["conflict"], doing=True)


def _say_miss(missing: Mapping[str, Any] | None, found: Mapping[str, Any]) -> str:
    """Say what stands in the way of an initiative, and who would be worse off by how much."""
    from comity.plan.surety import describe_miss

    said = describe_miss(missing, found)
    if missing is None or not missing["shortfalls"]:
        return said
    names = {party["id"]: party["name"] for party in found["plan"]["parties"]}
    short = ", ".join(f"{names[party]} by {amount:g}" for party, amount in missing["shortfalls"].items())
    return f"{said}: {short}"


def _print_conflict(conflict: Mapping[str, Any] | None, *, doing: bool = False) -> None:
    """Print which requirements clash with a plan, or with `doing` an initiative, and what small change would help."""
    if conflict is None:
        return
    inset, clash, way = "", "No plan exists. These cannot hold together", "A plan exists"
    if doing:
        inset, clash, way = "  ", "These cannot hold together with it", "It can be done"
    click.echo(f"{inset}{clash}{':' if conflict['irreducible'] else ', at most:'}")
    for one in conflict["requirements"]:
        click.echo(f"{inset}  {one['text']}")
    if conflict["remedies"]:
        click.echo(f"{inset}{way} with any one of these changes:")
    for changes in conflict["remedies"]:
        click.echo(f"{inset}  {' and '.join(change['text'] for change in changes)}")
