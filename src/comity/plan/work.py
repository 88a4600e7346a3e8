"""Reading the phases, consents and progress of an initiative."""

from __future__ import annotations

from comity.forms.document import Node
from comity.forms.fields import check_fields, list_texts, read_number
from comity.plan.document import Consent, Duration, Link, Phase, Progress, Way
from comity.plan.forms import CONSENT, LAG, LAG_KINDS, MODE, PHASE, PROGRESS, START, STATUSES
from comity.plan.values import Reader, list_maps, list_unique

ONE = Duration(1, 1, 1)
GATE = "consent-"
"""Beginning of the name of the task that a consent is."""


def read_phases(nodes: list[Node], initiative: str, reader: Reader) -> tuple[Phase, ...]:
    """Read phases; one without `after` follows the one before it.

    Parameters
    ----------
    nodes : list of Node
        Phases, those of the template merged in.
    initiative : str
        Id.
    reader : Reader
        Takes the problems.

    Returns
    -------
    tuple of Phase
    """
    phases: list[Phase] = []
    for name, node in list_unique(reader, nodes, "id"):
        if not check_fields(node, PHASE, reader.findings):
            continue
        if name.startswith(GATE):
            reader.findings.add(node, f"a phase cannot be named {name!r}", f"{GATE} names consents", "rename it")
        reader.check_title(node.get("title"))
        links = _read_links(node, initiative, reader)
        if node.get("after") is None and node.get("lags") is None and phases:
            links = (Link(f"{initiative}.{phases[-1].id}"),)
        phases.append(
            Phase(
                id=name,
                title=node.read_text("title", name),
                ways=_read_ways(node, reader),
                after=links,
                calendar=reader.read_calendar(node),
                earliest=reader.read_day(node, "earliest"),
                latest=reader.read_day(node, "latest"),
                line=node.line,
            )
        )
    return tuple(phases)


def _read_ways(node: Node, reader: Reader) -> tuple[Way, ...]:
    """Return the ways to do a phase: its modes, or the one that its own fields give."""
    modes, duration = list_maps(node.get("modes")), node.get("duration")
    if (node.get("modes") is None) == (duration is None):
        todo = "give a duration, or modes with one each"
        reader.findings.add(node, "how long the phase takes must be said once", "missing is not zero", todo)
        return ()
    uses = reader.read_uses(node.get("use"))
    if duration is not None:
        found = reader.read_duration(duration)
        return (Way("only", found, uses),) if found else ()
    ways = []
    for name, mode in list_unique(reader, modes, "name"):
        if check_fields(mode, MODE, reader.findings):
            span = reader.read_duration(mode.get("duration"))
            if span:
                ways.append(Way(name, span, (*uses, *reader.read_uses(mode.get("use")))))
    return tuple(ways)


def _read_links(node: Node, initiative: str, reader: Reader) -> tuple[Link, ...]:
    """Return what a phase depends on."""
    texts = [item.text.strip() for item in list_texts(node.get("after"))]
    if START in texts and len(texts) > 1:
        reader.findings.add(node.fields["after"], f"{START!r} stands beside others", todo="take one of them out")
    links = [Link(_name_fully(text, initiative)) for text in texts if text != START]
    for item in list_maps(node.get("lags")):
        if check_fields(item, LAG, reader.findings):
            links.append(_read_lag(item, initiative, reader))
    return tuple(links)


def _read_lag(node: Node, initiative: str, reader: Reader) -> Link:
    """Return a dependency with its lags."""
    least, most = (read_number(node.get(name), whole=True) for name in ("least", "most"))
    if least is not None and most is not None and most < least:
        what = f"the lag is at least {least:g} and at most {most:g}"
        reader.findings.add(node, what, "no timetable keeps both", "give least <= most")
    kind = reader.choose(node, "kind", LAG_KINDS, LAG_KINDS[0])
    return Link(
        _name_fully(node.read_text("after"), initiative),
        int(least or 0),
        None if most is None else int(most),
        next(known for known in LAG_KINDS if known == kind),
    )


def _name_fully(text: str, initiative: str) -> str:
    """Return a phase with its initiative."""
    return text if "." in text else f"{initiative}.{text}"


def read_consents(node: Node, parties: tuple[str, ...], reader: Reader) -> tuple[Consent, ...]:
    """Read who consents; every party of the initiative must be asked.

    Parameters
    ----------
    node : Node
        The initiative.
    parties : tuple of str
        Its parties.
    reader : Reader
        Takes the problems.

    Returns
    -------
    tuple of Consent
    """
    found: dict[str, Consent] = {}
    given = node.get("consent")
    for item in list_maps(given):
        if not check_fields(item, CONSENT, reader.findings):
            continue
        party = reader.read_party(item.get("party"))
        if party in found:
            reader.findings.add(item, f"{party} consents twice", "one of the two would be lost", "keep one")
        elif party:
            found[party] = _read_consent(item, party, reader)
    missing = [party for party in parties if party not in found]
    if missing and given is not None:
        what = f"nothing is said of the consent of {', '.join(missing)}"
        reader.findings.add(given, what, "nothing is planned for a party without asking it", "add who consents; where "
                            "only some take part, name them under parties: of the initiative")  # fmt: skip
    others = [party for party in found if parties and party not in parties]
    if others:
        reader.findings.add(given or node, f"{', '.join(others)} is no party of the initiative", todo="take it out")
    return tuple(found[party] for party in parties if party in found)


def _read_consent(node: Node, party: str, reader: Reader) -> Consent:
    """Return one party's consent."""
    reader.check_title(node.get("who"))
    return Consent(
        party=party,
        who=node.read_text("who"),
        status=reader.choose(node, "status", STATUSES, "pending"),
        duration=reader.read_duration(node.get("duration")) or ONE,
        uses=reader.read_uses(node.get("use")),
        after=tuple(item.text.strip() for item in list_texts(node.get("after")) if item.text.strip() != START),
        calendar=reader.read_calendar(node),
        earliest=reader.read_day(node, "earliest"),
        latest=reader.read_day(node, "latest"),
        source=node.read_text("source"),
    )


def read_progress(node: Node, phases: tuple[Phase, ...], reader: Reader) -> tuple[Progress, ...]:
    """Read how far the phases of an initiative have come.

    Parameters
    ----------
    node : Node
        The initiative.
    phases : tuple of Phase
    reader : Reader
        Takes the problems.

    Returns
    -------
    tuple of Progress
    """
    names = {phase.id for phase in phases}
    found = []
    for name, item in list_unique(reader, list_maps(node.get("progress")), "phase"):
        if not check_fields(item, PROGRESS, reader.findings):
            continue
        reader.check_known(item.get("phase"), name, names, "phase")
        started, finished = reader.read_day(item, "started"), reader.read_day(item, "finished")
        left = read_number(item.get("left"), whole=True)
        if started and finished and finished < started:
            reader.findings.add(item, f"it finished on {finished}, before it started on {started}", todo="correct it")
        if finished and left:
            reader.findings.add(item, f"it finished, and {left:g} periods are left", todo="give one of the two")
        if started:
            found.append(Progress(name, started, finished, None if left is None else int(left)))
    return tuple(found)
