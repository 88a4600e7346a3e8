"""`comity watch`: the live stream, how fresh it is, who is told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from comity.cli.options import json_option, print_check, print_json, print_table, view_options

HOUR, DAY = 3600.0, 86_400.0
BUSY = 75
FILE = click.Path(path_type=Path)

watched_store = click.option("--store", required=True, type=FILE, help="Folder of the store.")


@click.group()
def command() -> None:
    """Keep a store up with the publisher, and tell what is to be told."""


@command.command()
@click.argument("rules", required=False, type=FILE)
@watched_store
@click.option("--since", metavar="DAY", help="First day wanted (UTC) [default: the store's first, at most 30 days].")
@click.option("--into", type=FILE, help="Folder for files as received [default: STORE-received, beside the store].")
@click.option("--base", metavar="URL", help="Another address that holds the publisher's files.")
@click.option("--interval", default=15.0, show_default=True, metavar="MINUTES", help="Time between two rounds.")
@click.option("--once", is_flag=True, help="End when no batch waits, mostly after one round.")
@click.option("--replay", type=FILE, metavar="DIR", help="Replay the files of a folder by their own clock.")
@click.option("--speed", default=0.0, metavar="N", help="Replay N times as fast as time [default: at once].")
@json_option
def run(
    rules: Path | None,
    store: Path,
    since: str | None,
    into: Path | None,
    base: str | None,
    interval: float,
    once: bool,
    replay: Path | None,
    speed: float,
    as_json: bool,
) -> None:
    """Watch: load what the store lacks, and tell what RULES ask for, round after round.

    Stopped at any moment (SIGTERM, SIGINT, SIGHUP) it leaves everything whole, and the next run goes on. Exit code 1
    where the publisher could not be reached in the last round, 75 where another process kept it from loading.
    """
    from comity.api.watch import Course, run_watch

    def say(account: dict[str, Any]) -> None:
        if as_json:
            click.echo(_write_line(account))
        else:
            click.echo(_describe_round(account), err=True)

    course = Course(since, into, base, interval, once, replay, speed)
    account = run_watch(store, rules, course, say)
    if account["unreachable"] or account["busy"]:
        raise SystemExit(1 if account["unreachable"] else BUSY)


def _write_line(account: dict[str, Any]) -> str:
    """Return an account as one line of JSON."""
    import json

    return json.dumps(account, ensure_ascii=False)


def _describe_round(account: dict[str, Any]) -> str:
    """Return an account as one line of words."""
    parts = [f"{account[name]} {name}" for name in ("loaded", "missing", "failed", "sent", "dead") if account[name]]
    parts += [f"alert {key}" for key in account["alerts"]]
    parts += [f"issued anew {entry['name']}: {entry['detail']}" for entry in account["reissued"]]
    parts += [f"refused {entry['name']}: {entry['detail']}" for entry in account["refused"]]
    parts += [account[name] for name in ("unreachable", "busy") if account[name]]
    return f"{account['time'][:16].replace('T', ' ')} UTC: {'; '.join(parts) or 'nothing new'}"


@command.command()
@click.option("--pair", nargs=2, metavar="A B", help="Two actors [default: all pairs with at least 10 events].")
@click.option("--rate", default=1.0, show_default=True, help="False alarms per pair and year: 0.5, 1 or 4.")
@click.option("--since", metavar="DAY", help="First day that is listed (UTC).")
@click.option("--all", "everything", is_flag=True, help="Also those that do not stand among all pairs of their day.")
@click.option("--page", type=FILE, metavar="FILE", help="Write a page instead, as .html or .md.")
@view_options
@json_option
def alerts(
    pair: tuple[str, str] | None,
    rate: float,
    since: str | None,
    everything: bool,
    page: Path | None,
    as_json: bool,
    **view: Any,
) -> None:
    """List alerts of a store: when the acts of a pair moved further from normal than they do by chance.

    Thaws and ruptures alike, each with its probability, what would have been normal, how such alerts have fared, and
    the events behind it. Exit code 1 where there is none.
    """
    from comity.api import find_alerts
    from comity.api.view import View

    found = find_alerts(pair or None, rate=rate, since=since, every=everything, view=View(**view))
    if page is not None:
        _write_page(found, page)
    elif as_json:
        print_json(found)
    else:
        _print_alerts(found)
    if not found["alerts"]:
        raise SystemExit(1)


def _write_page(found: dict[str, Any], page: Path) -> None:
    """Write alerts as a page, in the form that its name ends with."""
    from comity.api import write_alerts

    _give(write_alerts(found, page.suffix.removeprefix(".").lower()), page)


def _print_alerts(found: dict[str, Any]) -> None:
    """Print alerts, each with what was normal and its events."""
    for row in found["alerts"]:
        normal, run, past = row["normal"], row["run"], row["past"]
        click.echo(
            f"{row['day']} {row['direction']} {' / '.join(row['pair'])}: level {run['level']:+.2f} since "
            f"{run['since']}, normal {normal['level']:+.2f} ({normal['floor']:+.2f} to {normal['ceiling']:+.2f}); "
            f"probability {row['probability']:.0%}"
            + (f"; of {past['alerts']} like it since {past['since']}, {past['borne_out']} borne out" if past else "")
        )
        for event in row["events"]:
            who = f"{event['sender']} > {event['receiver']}"
            what = f"{event['code']} {event['label']} ({event['score']:+.1f})"
            click.echo(f"  {event['date']} {who} {what} {event['link'] or ''}".rstrip())
    click.echo(
        f"{len(found['alerts'])} alerts of {found['pairs']} pairs, {found['days'][0]} to {found['days'][1]}; "
        f"{found['rate']:g} false alarms per pair and year are expected",
        err=True,
    )


@command.command()
@watched_store
@click.option("--rules", type=FILE, help="File of rules, whose grace counts.")
@json_option
def status(store: Path, rules: Path | None, as_json: bool) -> None:
    """Say in one line how fresh everything is; exit code 1 when it is stale, or nothing was ever loaded."""
    from comity.api.watch import describe_watch

    found = describe_watch(store, rules)
    if as_json:
        print_json(found)
    else:
        click.echo(_describe_status(found))
    if found["stale"] is not False:
        raise SystemExit(1)


def _describe_status(found: dict[str, Any]) -> str:
    """Return how fresh everything is, in one line."""
    day, outbox, last = found["last_day"], found["outbox"], found["last_round"]
    if found["newest"] is None:
        fresh = f"{found['source']}: nothing loaded yet, freshness unknown"
    else:
        state = "STALE" if found["stale"] else "fresh"
        slot = datetime.fromisoformat(found["newest"])
        fresh = f"{found['source']}: {state}, newest slot {slot:%Y-%m-%d %H:%M} UTC, {_write_age(found['age'])} old"
    round_ = f"last round {last['time'][:16].replace('T', ' ')} UTC" if last else "no round yet"
    return (
        f"{fresh} · last day {day['filled']}/{day['expected']} slots, {day['unknown']} unknown · {round_} · "
        f"outbox {outbox['pending']} pending, {outbox['dead']} dead"
    )


def _write_age(seconds: float) -> str:
    """Return an age in the unit that suits it."""
    if seconds < HOUR:
        return f"{max(0.0, seconds) / 60:.0f} min"
    return f"{seconds / HOUR:.1f} h" if seconds < 2 * DAY else f"{seconds / DAY:.0f} days"


@command.command()
@click.argument("file", type=FILE)
@json_option
@click.pass_context
def check(context: click.Context, file: Path, as_json: bool) -> None:
    """Check the rules in FILE: exit 0 where they are in order, 1 where they are not."""
    from comity.api.watch import check_watch

    context.exit(print_check(check_watch(file), file, as_json))


@command.command()
@click.option("--out", type=FILE, help="Write it to this file.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of a file of rules, for editors."""
    from comity.watch import read_schema

    _give(read_schema(), out)


@command.command()
@click.argument("name", required=False, default="neighbours")
@click.option("--out", type=FILE, help="Write it to this file.")
def example(name: str, out: Path | None) -> None:
    """Print an example of a file of rules."""
    from comity.watch import read_example

    _give(read_example(name), out)


def _give(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file."""
    from comity.store.disk import write_whole

    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text.encode())
        click.echo(out)


@command.command()
@watched_store
@click.option("--state", default="dead", show_default=True, help="pending, sent, dead or digested.")
@click.option("--retry", is_flag=True, help="Have the dead letters tried again with the next round.")
@click.option("--sink", help="Only those of this sink.")
@click.option("--key", help="Only this message.")
@json_option
def letters(store: Path, state: str, retry: bool, sink: str | None, key: str | None, as_json: bool) -> None:
    """List messages that could not be delivered, with what the last attempt said."""
    from comity.api.watch import list_letters, retry_letters

    if retry:
        count = retry_letters(store, sink, key)
        click.echo(f"{count} to be tried again", err=True)
        if as_json:
            print_json({"retried": count})
        return
    rows = list_letters(store, state, sink=sink, key=key)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("made", "sink", "attempts", "key", "note"))
