"""Reading a plan: every problem with its line and field, or the plan as checked values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from comity.forms.document import Node
from comity.forms.fields import check_fields, list_texts, read_flag, read_number
from comity.forms.findings import Findings
from comity.forms.reading import read_bytes, read_top
from comity.plan.catalogue import Template, read_fields
from comity.plan.clock import LAST_SAFE_DAY, Clock
from comity.plan.coherence import check_coherence
from comity.plan.document import Initiative, PlanDocument
from comity.plan.errors import PlanError
from comity.plan.forms import INITIATIVE, OBJECTIVES, PERIODS, TOP, VERSION
from comity.plan.inheritance import find_template, merge_phases
from comity.plan.problems import PlanFileError
from comity.plan.supplies import read_calendars, read_supplies
from comity.plan.values import Reader, list_maps, list_unique, read_amounts, read_texts
from comity.plan.work import read_consents, read_phases, read_progress
from comity.plan.worth import read_worth

LEAST_PARTIES, MOST_PARTIES = 2, 20
MOST_INITIATIVES = 200
MOST_SUPPLIES = 400


def read_plan(path: Path | str) -> PlanDocument:
    """Read and check a plan.

    Parameters
    ----------
    path : path-like
        A YAML file, see `schema.json`.

    Returns
    -------
    PlanDocument

    Raises
    ------
    PlanFileError
        Anything is wrong; every problem is listed with its line and field.
    PlanError
        The file cannot be read.
    """
    return parse_plan(*read_bytes(path, PlanError))


def parse_plan(data: bytes | str, file: str = "plan") -> PlanDocument:
    """Check a plan that is given as bytes or text.

    Parameters
    ----------
    data : bytes or str
        YAML.
    file : str
        Name for messages.

    Returns
    -------
    PlanDocument

    Raises
    ------
    PlanFileError
        Anything is wrong; every problem is listed with its line and field.
    """
    top = read_top(data, file, PlanFileError, {"initiatives": MOST_INITIATIVES, "resources": MOST_SUPPLIES})
    findings = Findings()
    plan = _read_top(top, Reader(findings))
    if plan is not None:
        check_coherence(plan, top, findings)
    if findings.problems or plan is None:
        raise PlanFileError(sorted(findings.problems), file)
    return plan


def _read_top(top: Node, reader: Reader) -> PlanDocument | None:
    """Return the plan; None where its form leaves nothing to read."""
    findings = reader.findings
    if not check_fields(top, TOP, findings):
        return None
    _check_version(top, reader)
    for name in ("title", "note"):
        reader.check_title(top.get(name))
    reader.parties = _read_parties(top, reader)
    clock = _read_clock(top, reader)
    calendars = read_calendars(top, reader)
    supplies = read_supplies(top, clock, reader)
    reader.calendars = frozenset(rest.id for rest in calendars)
    reader.resources = frozenset(supply.id for supply in supplies)
    currency = _read_currency(top, reader)
    nodes = list_unique(reader, list_maps(top.get("initiatives")), "id")
    found = [_read_initiative(name, node, reader, clock, currency) for name, node in nodes]
    objective = reader.choose(top, "objective", OBJECTIVES, "nash")
    weights = _read_weights(top, objective, reader)
    if clock is None:
        return None
    return PlanDocument(
        id=top.read_text("id"),
        title=top.read_text("title"),
        parties=reader.parties,
        clock=clock,
        currency=currency,
        unit=int(read_number(top.get("unit"), whole=True) or 1),
        objective=objective,
        weights=weights,
        calendars=calendars,
        supplies=supplies,
        initiatives=tuple(one for one in found if one is not None),
        note=top.read_text("note"),
        as_of=reader.read_day(top, "as_of"),
    )


def _check_version(top: Node, reader: Reader) -> None:
    """Note it where the form has another version."""
    node = top.get("comity_plan")
    if node is not None and read_number(node, whole=True) is not None and node.text.strip() != VERSION:
        what = f"the form has version {node.text.strip()}, and this is version {VERSION}"
        reader.findings.add(node, what, "fields could mean something else", f"write comity_plan: {VERSION}")


def _read_parties(top: Node, reader: Reader) -> dict[str, str]:
    """Return the parties by id; each once."""
    found: dict[str, str] = {}
    node = top.get("parties")
    for item in list_texts(node):
        actor = reader.read_actor(item)
        if actor is not None and actor[0] in found:
            reader.findings.add(item, f"{item.text.strip()!r} is named twice", todo="keep one")
        elif actor is not None:
            found[actor[0]] = actor[1]
    count = len(list_texts(node))
    if node is not None and not LEAST_PARTIES <= count <= MOST_PARTIES:
        todo = f"name {LEAST_PARTIES} to {MOST_PARTIES}"
        reader.findings.add(node, f"the plan has {count} parties", "a plan is made between parties", todo)
    return found


def _read_clock(top: Node, reader: Reader) -> Clock | None:
    """Return the periods of the plan, or None where they are wrong."""
    first, horizon = reader.read_day(top, "first_day"), read_number(top.get("horizon"), whole=True)
    period = reader.choose(top, "period", PERIODS, "month")
    if first is None or horizon is None or not 1 <= horizon <= (TOP["horizon"].high):
        return None
    if period == "month" and first.day > LAST_SAFE_DAY:
        what = f"months that begin on day {first.day} are not in every month"
        reader.findings.add(top.fields["first_day"], what, todo=f"begin on day 1 to {LAST_SAFE_DAY}")
        return None
    return Clock(first, period, int(horizon))


def _read_currency(top: Node, reader: Reader) -> str:
    """Return the currency: three capital letters."""
    text = top.read_text("currency")
    if text and not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
        reader.findings.add(top.fields["currency"], f"{text!r} is no code of a currency", todo="write it as EUR")
    return text


def _read_weights(top: Node, objective: str, reader: Reader) -> dict[str, float]:
    """Return the weights by actor id."""
    node = top.get("weights")
    if node is None:
        return {}
    if objective != "weighted":
        reader.findings.add(node, f"weights beside the objective {objective}", "they would be read by nobody",
                            "leave them out, or write objective: weighted")  # fmt: skip
    found = {}
    for name, weight in read_amounts(reader, node).items():
        party = reader.read_party(Node("text", node.line, node.column, node.path, text=name))
        if party:
            found[party] = weight
    if found and not any(found.values()):
        reader.findings.add(node, "all weights are 0", todo="give one above 0")
    return found


def _read_initiative(name: str, node: Node, reader: Reader, clock: Clock | None, currency: str) -> Initiative | None:
    """Return an initiative."""
    if not check_fields(node, INITIATIVE, reader.findings):
        return None
    template = find_template(node, reader)
    title, field = _read_heading(node, template, reader)
    listed = [reader.read_party(item) for item in list_texts(node.get("parties"))]
    parties = tuple(dict.fromkeys(party for party in listed if party)) if listed else tuple(reader.parties)
    phases = read_phases(merge_phases(node, template, clock.period if clock else "month"), name, reader)
    if not phases:
        reader.findings.add(node, f"the initiative {name!r} has no phase", "there is nothing to plan", "add phases:")
    consents = read_consents(node, parties, reader)
    if template is not None:
        before = template.consent_after
        consents = tuple(replace(one, after=one.after or before) for one in consents)
    return Initiative(
        id=name,
        title=title,
        field=field,
        parties=parties,
        phases=phases,
        consents=consents,
        template="" if template is None else template.id,
        earliest=reader.read_day(node, "earliest"),
        latest=reader.read_day(node, "latest"),
        needs=read_texts(node.get("needs")),
        excludes=read_texts(node.get("excludes")),
        required=read_flag(node.get("required")),
        forbidden=read_flag(node.get("forbidden")),
        **read_worth(node, parties, reader, currency),
        progress=read_progress(node, phases, reader),
        note=node.read_text("note"),
        line=node.line,
    )


def _read_heading(node: Node, template: Template | None, reader: Reader) -> tuple[str, str]:
    """Return title and field of an initiative: its own, or the template's."""
    for name in ("title", "note"):
        reader.check_title(node.get(name))
    title = node.read_text("title", template.title if template else "")
    if not title:
        reader.findings.add(node, "the initiative has no title", todo="add title: or template:")
    if node.get("field") is None and template is None and node.get("template") is None:
        reader.findings.add(node, "the field 'field' is missing", todo=f"add one of {', '.join(read_fields())}")
        return title, ""
    if template is not None and node.get("field") is None:
        return title, template.field
    return title, reader.choose(node, "field", read_fields(), "") if node.get("field") else ""
