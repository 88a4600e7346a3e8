"""Reading a file of rules: every problem with its line and field, or the rules as checked values."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from comity.delivery import Pace, SinkSpec, find_fault
from comity.events.scale import read_types
from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.fields import SLUG, Forms, check_fields, list_texts, read_flag, read_number
from comity.forms.findings import Findings
from comity.forms.reading import read_bytes, read_top
from comity.lexicon import ComityError, UnknownActor, get_actor, identify_actor, identify_region, list_members
from comity.watch.errors import WatchError, WatchFileError
from comity.watch.forms import DIGEST, LEVELS, PACE, RATE, RULE, SINKS, STALENESS, TOP, VERSION
from comity.watch.rules import DEFAULT_GRACE, DEFAULT_RATE, Rule, WatchList
from comity.watch.tables import ABOUT_PAIRS, RATES

MINUTE = 60.0


@dataclass(frozen=True)
class _Reader:
    """What reading needs: the day of memberships, the folder of relative paths, and where problems go."""

    on: date
    folder: Path
    findings: Findings


def read_rules(path: Path | str, on: date) -> WatchList:
    """Read and check a file of rules.

    Parameters
    ----------
    path : path-like
        A YAML file, see `schema.json`. Relative paths in it begin in its folder.
    on : date
        Day whose members an organisation has [UTC].

    Returns
    -------
    WatchList

    Raises
    ------
    WatchFileError
        Anything is wrong; every problem is listed with its line and field.
    WatchError
        The file cannot be read.
    """
    return parse_rules(*read_bytes(path, WatchError), on, Path(path).resolve().parent)


def parse_rules(data: bytes, file: str, on: date, folder: Path) -> WatchList:
    """Check the text of a file of rules.

    Parameters
    ----------
    data : bytes
        YAML in UTF-8.
    file : str
        Name for messages.
    on : date
        Day whose members an organisation has [UTC].
    folder : Path
        Where relative paths begin.

    Returns
    -------
    WatchList

    Raises
    ------
    WatchFileError
        Anything is wrong.
    """
    top = read_top(data, file, WatchFileError)
    findings = Findings()
    rules = _read_top(top, _Reader(on, folder, findings))
    if findings.problems or rules is None:
        raise WatchFileError(sorted(findings.problems), file)
    return rules


def _read_top(top: Node, reader: _Reader) -> WatchList | None:
    """Return the rules; None where there are no fields at all."""
    if not check_fields(top, TOP, reader.findings):
        return None
    version = top.get("comity_watch")
    if version is not None and version.text.strip() != VERSION:
        what = f"the form has version {version.text.strip()!r}, and this is version {VERSION}"
        reader.findings.add(version, what, "fields could mean something else", f"write comity_watch: {VERSION}")
    sinks = {name: _read_sink(name, node, reader) for name, node in _list_fields(top.get("sinks"))}
    rules = {name: _read_rule(name, node, sinks, reader) for name, node in _list_fields(top.get("rules"))}
    stale = top.get("staleness")
    grace, told = DEFAULT_GRACE, tuple[str, ...]()
    if stale is not None and check_fields(stale, STALENESS, reader.findings):
        grace = timedelta(minutes=read_number(stale.get("grace_minutes")) or DEFAULT_GRACE.total_seconds() / MINUTE)
        told = _read_names(stale.get("sinks"), sinks, "sink", reader.findings)
    if not sinks and rules:
        reader.findings.add(top, "there are rules and no sink", "nobody would be told", "add sinks: ...")
    return WatchList(top.read_text("title"), rules, sinks, grace, told)


def _list_fields(node: Node | None) -> Iterable[tuple[str, Node]]:
    """Return names and nodes of a map; nothing where there is none."""
    return () if node is None else node.fields.items()


def _read_names(node: Node | None, known: Collection[str], what: str, findings: Findings) -> tuple[str, ...]:
    """Return the texts of a list that are known; note the others."""
    found = []
    for item in list_texts(node):
        text = item.text.strip()
        if text in known:
            found.append(text)
        else:
            near = find_nearest(text, known) or list(known)
            findings.add(item, f"there is no {what} {text!r}", todo=f"choose one of {', '.join(near) or 'none yet'}")
    return tuple(dict.fromkeys(found))


def _read_sink(name: str, node: Node, reader: _Reader) -> tuple[SinkSpec, Pace]:
    """Return a sink and its pace."""
    nothing = SinkSpec("", {}), Pace()
    if not SLUG.fullmatch(name):
        reader.findings.add(node, f"a sink cannot be named {name!r}", todo="use small letters, digits and hyphens")
    if node.form != "map":
        reader.findings.add(node, f"the sink {name!r} has no fields", todo="give kind: and what it needs")
        return nothing
    kind = node.read_text("kind")
    if kind not in SINKS:
        todo = f"write kind: and one of {', '.join(SINKS)}"
        reader.findings.add(node.get("kind") or node, f"there is no kind of sink {kind!r}", todo=todo)
        return nothing
    before = reader.findings.met
    check_fields(node, SINKS[kind], reader.findings)
    values = {field: _read_value(node, field, SINKS[kind]) for field in node.fields if field in SINKS[kind]}
    spec = SinkSpec(kind, {f: v for f, v in values.items() if f != "kind" and f not in PACE}, reader.folder)
    fault = find_fault(spec) if reader.findings.met == before else ""
    if fault:
        reader.findings.add(node, fault)
    return spec, _read_pace(node, reader.findings)


def _read_value(node: Node, field: str, forms: Forms) -> Any:
    """Return the value of a field in its form."""
    found, form = node.fields[field], forms[field].form
    if form == "flag":
        return read_flag(found)
    if form == "list":
        return [item.text.strip() for item in list_texts(found)]
    number = read_number(found, whole=True) if form == "whole" else None
    return found.text.strip() if number is None else int(number)


def _read_pace(node: Node, findings: Findings) -> Pace:
    """Return how a sink is served."""
    plain = Pace()
    rate = _read_numbers(node.get("rate"), RATE, findings)
    digest = _read_numbers(node.get("digest"), DIGEST, findings)
    return Pace(
        attempts=int(read_number(node.get("attempts")) or plain.attempts),
        most=int(rate.get("most", plain.most)),
        within=rate.get("minutes", plain.within / MINUTE) * MINUTE,
        digest_above=int(digest.get("more_than", plain.digest_above)),
        window=digest.get("minutes", plain.window / MINUTE) * MINUTE,
    )


def _read_numbers(node: Node | None, forms: Forms, findings: Findings) -> dict[str, float]:
    """Return the numbers of a map."""
    if node is None or not check_fields(node, forms, findings):
        return {}
    return {name: read_number(node.get(name)) or 0.0 for name in forms}


def _read_rule(name: str, node: Node, sinks: Collection[str], reader: _Reader) -> Rule:
    """Return one rule."""
    findings = reader.findings
    empty = Rule(name, name, frozenset())
    if not SLUG.fullmatch(name):
        findings.add(node, f"a rule cannot be named {name!r}", todo="use small letters, digits and hyphens")
    if not check_fields(node, RULE, findings):
        return empty
    pairs = _read_pairs(node, reader)
    if not pairs and not any(name in node.fields for name in ("pairs", "regions", "members")):
        findings.add(node, f"the rule {name!r} watches nobody", todo="add pairs, regions or members")
    return Rule(
        name,
        node.read_text("title", name),
        pairs,
        _read_names(node.get("types"), list(read_types()), "PLOVER type", findings),
        tuple(int(level) for level in _read_names(node.get("levels"), LEVELS, "level of a gesture", findings)),
        _read_names(node.get("directions"), ABOUT_PAIRS, "direction", findings) or ABOUT_PAIRS,
        _read_rate(node.get("false_alarms"), findings),
        _read_names(node.get("sinks"), sinks, "sink", findings),
        node.line,
    )


def _read_rate(node: Node | None, findings: Findings) -> float:
    """Return the stated rate of false alarms, which is one of a few that alerts are calibrated to."""
    number = read_number(node)
    if node is None or number in RATES:
        return DEFAULT_RATE if number is None else number
    choices = ", ".join(f"{rate:g}" for rate in RATES)
    what = f"{node.text.strip()!r} is no rate of false alarms"
    findings.add(node, what, todo=f"write one of {choices} [per pair and year]")
    return DEFAULT_RATE


def _read_pairs(node: Node, reader: _Reader) -> frozenset[tuple[str, str]]:
    """Return all pairs that a rule names, by themselves or by a region or organisation."""
    found = {pair for item in list_texts(node.get("pairs")) for pair in _read_pair(item, reader)}
    for field in ("regions", "members"):
        for item in list_texts(node.get(field)):
            found |= set(combinations(sorted(_read_group(item, field, reader)), 2))
    return frozenset(found)


def _read_pair(node: Node, reader: _Reader) -> list[tuple[str, str]]:
    """Return a pair written as A/B; note what is none, and who is no more: no alert would ever come of it."""
    findings = reader.findings
    sides = [side.strip() for side in node.text.split("/")]
    if len(sides) != 2 or not all(sides):
        findings.add(node, f"{node.text!r} is no pair", todo="write two states or organisations as FIRST/SECOND")
        return []
    ids = []
    for side in sides:
        try:
            actor = identify_actor(side)
        except UnknownActor as error:
            findings.add(node, error.what, "only states and intergovernmental organisations are watched", error.todo)
        except ComityError as error:
            findings.add(node, error.what, error.why, error.todo)
        else:
            ids.append(actor.id)
            if not actor.is_valid(reader.on):
                ended = actor.valid_to is not None and actor.valid_to < reader.on
                when = f"ended on {actor.valid_to}" if ended else f"begins on {actor.valid_from}"
                findings.add(node, f"{actor.name} ({actor.id}) {when}", "no events come of it", "name who is there now")
    if len(ids) == 2 and ids[0] == ids[1]:
        findings.add(node, f"{node.text!r} is one actor twice", todo="name two")
        return []
    return [(min(ids), max(ids))] if len(ids) == 2 else []


def _read_group(node: Node, field: str, reader: _Reader) -> Collection[str]:
    """Return the states of a region, or the members of an organisation; note what is neither."""
    text = node.text.strip()
    try:
        if field == "regions":
            return [actor for actor in identify_region(text)[1] if get_actor(actor).is_valid(reader.on)]
        return [actor.id for actor in list_members(text, on=reader.on)]
    except ComityError as error:
        reader.findings.add(node, error.what, error.why, error.todo)
        return ()
