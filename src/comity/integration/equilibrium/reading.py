"""Reading a scenario: every problem with its line and field, or the scenario as checked values."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from comity.forms.document import Node
from comity.forms.fields import Forms, check_fields, list_texts, read_flag, read_number
from comity.forms.findings import Findings
from comity.forms.reading import read_bytes, read_top
from comity.integration.equilibrium.errors import EquilibriumError, ScenarioError
from comity.integration.equilibrium.forms import (
    ALL,
    CANDIDATE,
    CHANGE,
    GROUPS,
    KINDS,
    MODELS,
    SIZES,
    TABLES,
    THETA,
    TOP,
    VERSION,
    Kind,
)
from comity.integration.equilibrium.model import CLOSURES
from comity.integration.equilibrium.parameters import Effect, Elasticity, read_effect, read_elasticity
from comity.integration.equilibrium.scenario import Pair, Scenario, Step
from comity.lexicon import AmbiguousActor, UnknownActor, identify_actor

LEAST_PARTIES = 2


@dataclass(frozen=True)
class _Reader:
    """What reading a step needs: the economies of the table, and where problems go."""

    known: Collection[str]
    findings: Findings
    sectors: Collection[str] = ()


def read_scenario(path: Path | str, known: Collection[str]) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    path : path-like
        A YAML file, see `schema.json`.
    known : collection of str
        Codes of the economies of the table.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        Anything is wrong; every problem is listed with its line and field.
    EquilibriumError
        The file cannot be read.
    """
    return parse_scenario(*read_bytes(path, EquilibriumError), known)


def parse_scenario(data: bytes, file: str, known: Collection[str], sectors: Collection[str] = ()) -> Scenario:
    """Check the text of a scenario.

    Parameters
    ----------
    data : bytes
        YAML in UTF-8.
    file : str
        Name for messages.
    known : collection of str
        Codes of the economies of the table.
    sectors : collection of str
        Names of its sectors; none in the one-sector model.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        Anything is wrong.
    """
    top = read_top(data, file, ScenarioError)
    findings = Findings()
    reader = _Reader(known, findings, sectors)
    scenario = _read_top(top, reader)
    if findings.problems or scenario is None:
        raise ScenarioError(sorted(findings.problems), file)
    return scenario


def _read_top(top: Node, reader: _Reader) -> Scenario | None:
    """Return the scenario; None where its outline is wrong."""
    findings = reader.findings
    if not check_fields(top, TOP, findings):
        return None
    version = top.get("comity_scenario")
    if version is not None and version.text.strip() != VERSION:
        findings.add(version, f"version {version.text.strip()!r} is not known", todo=f"write {VERSION}")
    closure = top.read_text("closure", next(iter(CLOSURES)))
    if closure not in CLOSURES:
        findings.add(
            top.fields["closure"], f"there is no closure {closure!r}", todo=f"name one of {', '.join(CLOSURES)}"
        )
    model = _check_model(top, findings)
    theta = _read_theta(top.get("theta"), findings)
    nodes = _list_maps(top.get("changes"))
    steps = [_read_step(node, reader, CHANGE) for node in nodes]
    _refuse_doubles(list(zip(nodes, steps, strict=True)), findings)
    kept = tuple(step for step in steps if step is not None)
    offered, side = _read_candidates(top.get("candidates"), reader)
    if not nodes and not offered:
        findings.add(top, "nothing changes", "a scenario without a change has no answer", "add changes: or candidates:")
    if findings.problems or theta is None:
        return None
    texts = {name: top.read_text(name) for name in ("id", "title", "note")}
    psi = read_number(top.get("psi")) or 0.0
    return Scenario(
        steps=kept, closure=closure, theta=theta, psi=psi, candidates=offered, side=side, model=model, **texts
    )


def _check_model(top: Node, findings: Findings) -> str:
    """Return the model; note fields that do not belong to it."""
    model = top.read_text("model", Scenario.model)
    if model not in MODELS:
        findings.add(top.fields["model"], f"there is no model {model!r}", todo=f"name one of {', '.join(MODELS)}")
        return model
    tables = top.get("tables")
    sectors = model != Scenario.model
    if sectors and tables is None:
        findings.add(top, "the field 'tables' is missing", "sectors have no table of their own here",
                     f"add tables: {{{', '.join(TABLES)}}}")  # fmt: skip
    elif sectors and tables is not None:
        check_fields(tables, TABLES, findings)
    for name in ("theta", "psi") if sectors else ("tables",):
        found = top.get(name)
        if found is not None:
            findings.add(found, f"the model {model} has no {name}", "it would be read by nobody", "leave it out")
    return model


def read_tables(path: Path | str) -> dict[str, Path] | None:
    """Return the tables that a scenario of the model with sectors names; None for any other scenario or file.

    Parameters
    ----------
    path : path-like
        A YAML file; tables stand relative to it.
    """
    file = Path(path)
    try:
        top = read_top(*read_bytes(file, EquilibriumError), ScenarioError)
    except EquilibriumError:
        return None
    tables = top.get("tables") if top.form == "map" and top.read_text("model") == "sectors" else None
    if tables is None or tables.form != "map" or set(TABLES) - set(tables.fields):
        return None
    return {name: file.parent / tables.read_text(name) for name in TABLES}


def _list_maps(node: Node | None) -> list[Node]:
    """Return the maps of a list."""
    return [] if node is None else [item for item in node.items if item.form == "map"]


def _read_candidates(node: Node | None, reader: _Reader) -> tuple[dict[str, Step], tuple[str, ...]]:
    """Return what may be added, by name, and which of it are side arrangements."""
    offered: dict[str, Step] = {}
    side = []
    for item in _list_maps(node):
        step = _read_step(item, reader, CANDIDATE)
        name = item.read_text("id")
        if name in offered:
            reader.findings.add(item, f"the id {name!r} is given twice", "one of the two would be lost", "rename one")
        elif step is not None:
            offered[name] = step
            if read_flag(item.get("side")):
                side.append(name)
    return offered, tuple(side)


def _read_theta(node: Node | None, findings: Findings) -> Elasticity | None:
    """Return the elasticity, the published one where none is given."""
    if node is None:
        return read_elasticity()
    before = findings.met
    if not check_fields(node, THETA, findings) or findings.met > before:
        return None
    low, mode, high = (read_number(node.get(name)) or 0.0 for name in ("low", "mode", "high"))
    try:
        return Elasticity(low, mode, high, node.read_text("source"))
    except EquilibriumError as error:
        findings.add(node, error.what, error.why, error.todo)
        return None


def _read_step(node: Node, reader: _Reader, forms: Forms) -> Step | None:
    """Return one change; None where its kind is not known."""
    findings = reader.findings
    check_fields(node, forms, findings)
    named = node.get("kind")
    word = node.read_text("kind")
    if word not in KINDS:
        if named is not None and named.form == "text":
            near = difflib.get_close_matches(word, KINDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the kinds are {', '.join(KINDS)}"
            findings.add(named, f"there is no kind {word!r}", todo=hint)
        return None
    kind = KINDS[word]
    groups = _read_groups(node, word, kind, reader)
    size = _read_size(node, word, kind, findings)
    texts = {name: node.read_text(name) for name in ("when", "source", "note")}
    sectors = _read_sectors(node.get("sectors"), reader)
    everybody = tuple(name for name, codes in groups.items() if len(codes) == len(reader.known))
    return Step(word, groups, everybody=everybody, sectors=sectors, **size, **texts)  # type: ignore[arg-type]


def _read_sectors(node: Node | None, reader: _Reader) -> tuple[str, ...]:
    """Return the sectors that a change concerns, all where none is named; note those that there are not."""
    if node is None:
        return tuple(sorted(reader.sectors))
    items = list_texts(node)
    for item in items:
        if item.text.strip() not in reader.sectors:
            known = ", ".join(sorted(reader.sectors)) or "none: the model has one sector"
            reader.findings.add(item, f"there is no sector {item.text.strip()!r}", todo=f"sectors are {known}")
    return tuple(sorted({item.text.strip() for item in items} & set(reader.sectors)))


def _read_groups(node: Node, word: str, kind: Kind, reader: _Reader) -> dict[str, tuple[str, ...]]:
    """Return who is named, by group; note groups that are missing or do not belong."""
    groups = {}
    for name in GROUPS:
        found = node.get(name)
        if found is not None and name not in kind.must + kind.may:
            wanted = ", ".join(kind.must + kind.may)
            reader.findings.add(found, f"{word} has no {name}", "it would be read by nobody", f"name {wanted}")
        elif found is None and name in kind.must:
            reader.findings.add(node, f"the field {name!r} is missing", f"{word}: {kind.meaning}", f"add {name}: [...]")
        elif found is not None:
            groups[name] = _identify_all(found, name, reader)
    if word == "mfn":
        groups["exporters"] = tuple(sorted(reader.known))
    parties = node.get("parties")
    if parties is not None and "parties" in groups and len(groups["parties"]) < LEAST_PARTIES and parties.items:
        reader.findings.add(parties, "fewer than two parties", todo="name at least two different ones")
    return groups


def _identify_all(node: Node, name: str, reader: _Reader) -> tuple[str, ...]:
    """Return the codes of a list of names, each once; `all` stands for every economy."""
    found: dict[str, str] = {}
    for item in list_texts(node):
        text = item.text.strip()
        if text == ALL and name in ("exporters", "importers"):
            return tuple(sorted(reader.known))
        code = _identify(item, text, reader)
        if code and code in found:
            reader.findings.add(item, f"{text!r} and {found[code]!r} are the same", "it would count twice", "keep one")
        elif code:
            found[code] = text
    return tuple(found)


def _identify(node: Node, text: str, reader: _Reader) -> str:
    """Return the code behind a name, or note the problem and return an empty text."""
    if text in reader.known:
        return text
    try:
        actor = identify_actor(text, kind="state")
    except (UnknownActor, AmbiguousActor) as error:
        reader.findings.add(node, error.what, error.why, error.todo)
        return ""
    if actor.id not in reader.known:
        what = f"{actor.name} ({actor.id}) is not among the {len(reader.known)} economies of the table"
        reader.findings.add(node, what, "it has no trade there to change", "leave it out, or give a table that has it")
        return ""
    return actor.id


def _read_size(node: Node, word: str, kind: Kind, findings: Findings) -> dict[str, object]:
    """Return how large the change is; note sizes that are missing or do not belong."""
    for name in SIZES:
        given = node.get(name)
        if given is not None and name != kind.size:
            findings.add(given, f"the size of {word} is given as {kind.size}, not as {name}", todo=f"write {kind.size}")
    found = node.get(kind.size)
    if found is None:
        if kind.size != "effect":
            findings.add(node, f"the field {kind.size!r} is missing", "the size of the change is not known",
                         f"add {kind.size}: {{{', '.join(SIZES[kind.size])}}}")  # fmt: skip
        return {"effect": read_effect()} if kind.size == "effect" else {}
    check_fields(found, SIZES[kind.size], findings)
    numbers = {name: read_number(found.get(name)) or 0.0 for name in SIZES[kind.size]}
    if kind.size == "tariff":
        return {"tariff": (numbers["from"], numbers["to"])}
    value = numbers["estimate" if kind.size == "effect" else "percent"]
    source = found.read_text("source") or node.read_text("source")
    return {kind.size: Effect(value, numbers["error"], source)}


def _refuse_doubles(steps: list[tuple[Node, Step | None]], findings: Findings) -> None:
    """Note pairs that two changes of one sort concern, since one of them would be lost or counted twice."""
    seen: dict[tuple[str, int, Pair, str], Node] = {}
    for node, step in steps:
        if step is None or not step.groups.keys() >= set(KINDS[step.kind].must):
            continue
        kind = KINDS[step.kind]
        for pair, sector in product(step.list_pairs(), step.sectors or ("",)):
            first = seen.setdefault((kind.size, kind.sign, pair, sector), node)
            if first is not node:
                what = f"{pair[0]} to {pair[1]} already changes by the {kind.size} given from line {first.line}"
                findings.add(node, what, "the same change would count twice", "let one change concern each pair")
                break
