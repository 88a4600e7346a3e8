"""`comity conduct`: a state's own rules, checked, audited and rehearsed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from comity.cli.options import (
    as_of_option,
    json_option,
    print_check,
    print_json,
    print_table,
    split_party,
    store_option,
)


@click.group()
def command() -> None:
    """Check, audit and rehearse a state's own rules: which gesture calls for which open, lawful answer."""


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

    context.exit(print_check(check_conduct(file), file, as_json))


@command.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of a profile, for editors."""
    from comity.conduct.example import read_schema
    from comity.store.disk import write_whole

    if out is None:
        click.echo(read_schema(), nl=False)
    else:
        write_whole(out, read_schema().encode())
        click.echo(out)


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
    found = audit_conduct(file, partners=partners, parties=pairs, since=since, until=until, view=View(store, as_of))
    if as_json:
        print_json(found)
    else:
        _print_audit(found)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@store_option
@as_of_option
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed, the same bytes.")
@click.option("--draws", type=int, help="Simulated futures of each kind (1000).")
@click.option("--months", metavar="LIST", help="When relations are reported (1,3,12,60).")
@click.option("--partner", "partners", multiple=True, metavar="ACTOR", help="Only this partner (may be repeated).")
@click.option("--party", "parties", multiple=True, metavar="PARTY=ACTOR",
              help="Try an example on a real actor (may be repeated).")  # fmt: skip
@click.option("--other", "--partner-file", "other", type=click.Path(path_type=Path), metavar="FILE",
              help="The partner follows this profile.")  # fmt: skip
@click.option("--both", is_flag=True, help="The partner follows the same rules.")
@click.option("--shock", type=int, metavar="LEVEL", help="Level of the gesture that recovery is timed from (2).")
@click.option("--missed", type=float, metavar="P", help="How often a gesture is not seen (0.05).")
@click.option("--wrong-level", type=float, metavar="P", help="How often it is seen one level off (0.05).")
@click.option("--wrong-sign", type=float, metavar="P", help="How often it is seen as one of the other side (0.01).")
@click.option("--late", type=float, metavar="P", help="How often an answer is not made by its deadline (0.05).")
@json_option
def rehearse(
    file: Path,
    store: Path | None,
    as_of: str | None,
    seed: int,
    draws: int | None,
    months: str | None,
    partners: tuple[str, ...],
    parties: tuple[str, ...],
    other: Path | None,
    both: bool,
    as_json: bool,
    shock: int | None,
    missed: float | None,
    wrong_level: float | None,
    wrong_sign: float | None,
    late: float | None,
) -> None:
    """Rehearse the profile in FILE: simulate it beside today's behaviour. Exit 1 where it escalates."""
    from comity.api import rehearse_conduct
    from comity.api.view import View
    from comity.conduct.parameters import Terms

    if both and other is not None:
        raise click.UsageError("give --both or --other, not both of them")
    terms = Terms(
        seed=seed,
        draws=draws,
        months=_split_months(months),
        shock=shock,
        missed=missed,
        wrong_level=wrong_level,
        wrong_sign=wrong_sign,
        late=late,
    )
    found = rehearse_conduct(
        file,
        partners=partners,
        parties=dict(split_party(text) for text in parties),
        other=file if both else other,
        terms=terms,
        view=View(store, as_of),
    )
    if as_json:
        print_json(found)
    else:
        _print_rehearsal(found)
    click.get_current_context().exit(1 if found["escalates"] else 0)


def _split_months(text: str | None) -> list[int] | None:
    """Return the months of a list such as 1,3,12."""
    try:
        return None if text is None else [int(part) for part in text.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no list of months, such as 1,3,12", param_hint="--months") from error


def _print_rehearsal(found: dict[str, Any]) -> None:
    """Print a table for each partner, what escalates, and the limits."""
    for entry in found["partners"]:
        verdict = entry["verdict"] or ("ESCALATES" if entry["escalates"] else "rehearsed")
        click.echo(f"{entry['partner']}: {verdict}")
        rows = [row for one in entry["relations"] for row in _list_months(one, entry["spirals"])]
        print_table(rows, ("months", "course", "relations", "low", "high", "spirals", "verdict"))
        for kind in ("now", "rules") if entry["recovery"] else ():
            click.echo(_say_recovery(kind, entry["recovery"]))
        worse = [one["strategy"] for one in entry["strategies"] or [] if one["escalates"]]
        if entry["strategies"]:
            named = f"against {len(entry['strategies'])} named strategies"
            click.echo(f"  {named}: more spirals with {', '.join(worse) or 'none'}")
        click.echo()
    for line in found["summary"]:
        click.echo(line)
    shown = [limit for entry in found["partners"] for limit in entry["limits"]] or found["limits"]
    for text in dict.fromkeys(limit["text"] for limit in shown):
        click.echo(f"- {text}", err=True)


def _list_months(relations: dict[str, Any], spirals: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the rows of one month: as now and by the rules."""
    months, score = relations["months"], relations["score"]
    if score is None:
        empty = dict.fromkeys(("course", "relations", "low", "high", "spirals"))
        return [{"months": months, **empty, "verdict": relations["verdict"]}]
    risks = next(row for row in (spirals or {})["unfriendly"] if row["months"] == months)
    return [
        {
            "months": months,
            "course": name,
            "relations": score[arm]["median"],
            "low": score[arm]["low90"],
            "high": score[arm]["high90"],
            "spirals": risks[arm]["risk"],
            "verdict": "",
        }
        for arm, name in (("now", "as now"), ("rules", "by the rules"))
    ]


def _say_recovery(arm: str, recovery: dict[str, Any]) -> str:
    """Return a sentence on how long an unfriendly gesture is felt."""
    said = recovery[arm]
    name = {"now": "as now", "rules": "by the rules"}[arm]
    if said["median"] is None:
        return f"  after a gesture of {recovery['score']:g} points, {name}: within the usual band"
    return (
        f"  after a gesture of {recovery['score']:g} points, {name}: {said['left']:.0%} of futures leave the "
        f"usual band; back after {said['median']:g} days (90 %: {said['low']:g} to {said['high']:g}); "
        f"{said['not_recovered']:.0%} of them not within {recovery['weeks']} weeks"
    )


def _print_audit(found: dict[str, Any]) -> None:
    """Print the table of rules, what stands out, and the limits."""
    columns = ("rule", "partner", "triggers", "known", "kept", "share", "low", "high", "routine", "verdict")
    print_table([row for row in found["rules"] if row["partner"] is None or row["triggers"]], columns)
    for line in found["summary"]["text"]:
        click.echo(line)
    for line in found["limits"]:
        click.echo(f"- {line}", err=True)
