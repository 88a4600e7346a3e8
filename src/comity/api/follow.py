"""Following commitments: assessed, due, reminded of, suggested, and how likely they are to be fulfilled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.commitments import list_history, record_commitments
from comity.api.register_view import RegisterView
from comity.api.view import View, WrongUse, read_date

if TYPE_CHECKING:
    from comity.commitments.following import Followed
    from comity.delivery import Sink, SinkSpec

DUE_DAYS = 30
PAGES = ("html", "md")


def list_scales() -> list[dict[str, Any]]:
    """List the scales of the field: `id`, `title`, `reference`, `measure`, `mapping`, `formula`, `levels`.

    Examples
    --------
    >>> [scale["id"] for scale in list_scales()]
    ['g7-g20', 'pam', 'ogp', 'iati-result', 'kept']
    """
    from comity.commitments.scales import describe_scale, read_scales

    return [describe_scale(scale) for scale in read_scales()]


def sum_up_scale(scale: str, values: Sequence[str], digits: int = 0) -> dict[str, Any]:
    """Return the aggregate that the publisher of a scale prints, see `comity.commitments.aggregates.sum_up`."""
    from comity.commitments.aggregates import sum_up

    return sum_up(scale, values, digits)


def assess_commitment(
    commitment: str, scale: str, value: str, coder: str, *, said: Mapping[str, Any] | None = None,
    register: str | Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Record what a coder judged of a commitment.

    Parameters
    ----------
    commitment : str
        Its id in the register.
    scale, value : str
        A scale by name, and a value as it writes it; a value of another scale is refused.
    coder : str
        Who judged.
    said : mapping, optional
        `day` (today where left out), `period`, `reason`, `evidence` (ids), `entered_by` (the coder where left out).
    register : path-like or str, optional
        See `comity.api.register_place.choose_register`.

    Returns
    -------
    dict
        `id`, `scale`, `value`, `fulfilment`, `low`, `high`, `mapping`, and the receipt of the register.
    """
    from comity.commitments.records import Assessment
    from comity.commitments.scales import convert_value

    given = dict(said or {})
    day = read_date(given.get("day")) or datetime.now(UTC).date()
    standing = RegisterView(register, day).read(ids=(commitment,), kinds=("commitment", "assessment"))
    owed = next(iter(standing.commitments), None)
    if owed is None:
        todo = f"`comity commitments status --on {day}` lists them; a commitment holds from its --from on"
        raise WrongUse(f"the register has no commitment {commitment!r} on {day}", todo=todo)
    reading = convert_value(scale, value, owed.baseline, owed.target)
    record = Assessment(
        given.get("id") or _name_assessment(commitment, day, len(standing.assessments) + 1, register),
        given.get("entered_by") or coder,
        day,
        commitment=commitment,
        scale=reading.scale,
        value=reading.value,
        coder=coder,
        day=day,
        period=given.get("period") or "",
        reason=given.get("reason") or "",
        evidence=tuple(given.get("evidence") or ()),
    )
    receipt = record_commitments([record], register)
    shown = {name: getattr(reading, name) for name in ("scale", "value", "fulfilment", "low", "high", "mapping")}
    return {"id": record.id, **shown, **receipt}


def _name_assessment(commitment: str, day: date, number: int, register: str | Path | None) -> str:
    """Return a name under which nothing was ever entered, also nothing that was withdrawn since."""
    while list_history("assessment", name := f"{commitment}/assessed-{day}-{number}", register):
        number += 1
    return name


def follow_register(asked: RegisterView | None = None, *, soon: int | None = None) -> dict[str, Any]:
    """Follow the commitments of a register to a day.

    Returns
    -------
    dict
        `on`, `total` (commitments asked for), `parties` (counts by state, for each alike) and `rows`: each commitment
        with `state`, `basis`, `days` to its due day, `share` on [0, 1], `blocked_by`, `blocks` (of those asked for),
        `next` (what, by whom) and `notes`. Where more than `asked.most` are asked for, `rows` holds those due first,
        and `parties` counts all by due day: `past`, `ahead`, `undated`. `left_out` counts commitments that were
        entered as holding on the day, under an article or agreement that was not, among those that were read.
    """
    from comity.commitments.following import count_parties, describe_followed

    asked = asked or RegisterView()
    part = asked.read_part()
    found = asked.follow(soon, part)
    return {
        "on": asked.day.isoformat(),
        "total": part.total,
        "parties": count_parties(found, part.counts),
        "rows": [describe_followed(row) for row in found],
        "left_out": part.asked.left_out,
    }


def list_due_commitments(
    asked: RegisterView | None = None, *, within: int = DUE_DAYS, limit: int | None = None
) -> list[dict[str, Any]]:
    """List the open commitments that are overdue, or due within some days, the earliest first, or so many of them.

    What they block is not looked up here (`blocks` is empty); `follow_register` names it. `follow_due` says beside them
    how many others the day leaves out.
    """
    rows: list[dict[str, Any]] = follow_due(asked, within=within, limit=limit)["rows"]
    return rows


def follow_due(
    asked: RegisterView | None = None, *, within: int = DUE_DAYS, limit: int | None = None
) -> dict[str, Any]:
    """List the open commitments that are due within some days, and say how many others the day leaves out.

    Parameters
    ----------
    asked : RegisterView, optional
    within : int
        Days ahead.
    limit : int, optional
        Only so many, the earliest first.

    Returns
    -------
    dict
        `on`, `rows` as in `list_due_commitments`, `more` (whether there are more), `left_out`: as in `follow_register`,
        of those due by then.
    """
    from comity.commitments.following import describe_followed

    if within < 0 or (limit is not None and limit < 1):
        raise WrongUse(f"due within {within} days, at most {limit}", todo="give 0 or more days, and 1 or more at most")
    asked = asked or RegisterView()
    found: list[Followed] = []
    left_out = 0
    for rows, left in asked.iterate_due_pages(within, *(() if limit is None else (limit + 1,))):
        found += rows
        left_out += left
        if limit is not None and len(found) > limit:
            break
    return {
        "on": asked.day.isoformat(),
        "rows": [describe_followed(row) for row in found[:limit]],
        "more": limit is not None and len(found) > limit,
        "left_out": left_out,
    }


def write_due_calendar(asked: RegisterView | None = None) -> bytes:
    """Return the due days of open commitments as an iCalendar file."""
    from comity.commitments.reminders import write_due_calendar

    asked = asked or RegisterView()
    return write_due_calendar(list(asked.iterate_due(None)), asked.day)


def deliver_reminders(
    sink: Mapping[str, Any], outbox: Path, asked: RegisterView | None = None, *, within: int = DUE_DAYS
) -> dict[str, int]:
    """Deliver a reminder of each commitment that is overdue or nearly due, once to each file, address or list.

    Parameters
    ----------
    sink : mapping
        `kind` and the fields of `comity.delivery.KINDS`; secrets as `env:NAME` or `file:PATH`. Where it may go is
        checked by `comity.delivery`.
    outbox : Path
        What was told; made where there is none.
    asked : RegisterView, optional
    within : int
        Days ahead.

    Returns
    -------
    dict
        `new` [count] and the account of delivery: `sent`, `postponed`, `dead`, `held`.
    """
    from comity.commitments.reminders import write_reminders
    from comity.delivery import Outbox, Outlet, deliver_messages

    asked = asked or RegisterView()
    name, ready = _prepare_sink(sink)
    now = datetime.now(UTC)
    with Outbox.open(Path(outbox)) as box:
        due = list(asked.iterate_due(within))
        fresh = sum(box.add(message, [name], now) for message in write_reminders(due, asked.day, within))
        return {"new": fresh, **deliver_messages(box, {name: Outlet(name, ready)})}


def list_dead_reminders(outbox: Path | str) -> list[dict[str, Any]]:
    """List the reminders that were given up: `key`, `made`, `subject`, `sink`, `attempts`, `note` and more."""
    from comity.delivery import Outbox

    with Outbox.open(_find_outbox(outbox)) as box:
        return [delivery.as_dict() for delivery in box.list_deliveries("dead")]


def retry_dead_reminders(outbox: Path | str, sink: Mapping[str, Any] | None = None) -> int:
    """Put reminders that were given up back among those to be delivered; the next `deliver_reminders` sends them.

    Parameters
    ----------
    outbox : path-like
        What was told.
    sink : mapping, optional
        Only those of this sink.

    Returns
    -------
    int
        How many.

    Raises
    ------
    WrongUse
        There is no outbox, or the sink cannot be used.
    """
    from comity.delivery import Outbox

    name = None if sink is None else _prepare_sink(sink)[0]
    with Outbox.open(_find_outbox(outbox)) as box:
        return box.retry_dead(sink=name)


def _find_outbox(outbox: Path | str) -> Path:
    """Return the path of an outbox that is there."""
    path = Path(outbox)
    if not path.is_file():
        raise WrongUse(f"there is no outbox {str(path)!r}: nothing was told from here", todo="name it with --outbox")
    return path


def _prepare_sink(sink: Mapping[str, Any]) -> tuple[str, Sink]:
    """Return name and sink of a description; where it may not send it is refused, though nothing be due."""
    from comity.delivery import SinkSpec, build_sink, check_reach, find_fault

    spec = SinkSpec(str(sink.get("kind", "")), {name: value for name, value in sink.items() if name != "kind"})
    fault = find_fault(spec)
    if fault:
        raise WrongUse(f"the sink cannot be used: {fault}", todo="see the kinds of sinks in the guide")
    ready = build_sink(spec)
    check_reach(ready)
    return _name_outlet(spec), ready


def _name_outlet(spec: SinkSpec) -> str:
    """Return a name for where reminders go: the same for the same file, address or recipients, and for no others."""
    import hashlib

    values = spec.values
    where = values.get("url") or sorted(map(str, values.get("recipients", ())))
    if "path" in values:
        where = Path(str(values["path"])).expanduser().resolve()
    return f"reminders-{spec.kind}-{hashlib.sha256(str(where).encode()).hexdigest()[:16]}"


def suggest_evidence(
    asked: RegisterView | None = None, *, since: date | str | None = None, view: View | None = None
) -> list[dict[str, Any]]:
    """Suggest events of the store that may bear on open commitments; nothing is recorded.

    Returns
    -------
    list of dict
        `kind` (`suggestion`), `commitment`, `day`, `sender`, `receiver`, `code`, `label`, `direction`, `reports`,
        `link`, `reason`.
    """
    from comity.commitments.suggestions import suggest_evidence

    asked = asked or RegisterView()
    part = asked.read_part()
    standing = part.asked
    parties = {row.id: row.parties for row in standing.agreements}
    starts = {row.id: row.signed or row.in_force or row.valid_from for row in standing.agreements}
    with (view or View()).open() as (con, _, _):
        events = [event for one in _list_pairs(parties) for event in _read_pair(con, one, (since, asked.day))]
    return suggest_evidence(asked.follow(part=part), parties, starts, events)


def _list_pairs(parties: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return each directed pair of parties to the same agreement, once."""
    return sorted({(a, b) for named in parties.values() for a in named for b in named if a != b})


def _read_pair(con: Any, pair: tuple[str, str], span: tuple[date | str | None, date]) -> list[dict[str, Any]]:
    """Return the events of a directed pair within a span."""
    from comity.events.view import read_events

    found = read_events(con, sender=pair[0], receiver=pair[1], since=read_date(span[0]), until=span[1])
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def estimate_fulfilment(
    asked: RegisterView | None = None, *, by: date | str | None = None, seed: int = 0
) -> dict[str, Any]:
    """Estimate how likely open commitments are fulfilled by a day: `comity.commitments.outlook`."""
    from comity.commitments.outlook import estimate_outlook

    asked = asked or RegisterView()
    wanted = {row.id for row in asked.read_part().asked.commitments}
    until = read_date(by)
    if until is not None and until < asked.day:
        raise WrongUse(f"{until} lies before {asked.day}", todo="give a later --by")
    learned, of = asked.read_learned(wanted)
    found = estimate_outlook(learned, asked.day, by=until, seed=seed)
    if of > len(learned.commitments):
        said = f"learned from {len(learned.commitments):,} commitments, spread evenly over the {of:,} of the register"
        found["limits"] = [said, *found["limits"]]
    return {**found, "rows": [row for row in found["rows"] if row["commitment"] in wanted]}


def compare_coders(
    asked: RegisterView | None = None, scale: str | None = None, *, measure: str | None = None, seed: int = 0
) -> list[dict[str, Any]]:
    """Measure how far coders agree on each scale: Krippendorff's alpha with a 90 % interval."""
    from comity.commitments.agreement import compare_coders

    asked = asked or RegisterView()
    rows = [row for row in asked.read(kinds=("assessment",)).assessments if row.day <= asked.day]
    names = [scale] if scale else sorted({row.scale for row in rows})
    return [compare_coders(rows, name, measure, seed=seed) for name in names]


def estimate_followthrough(asked: RegisterView | None = None) -> dict[str, Any]:
    """Estimate the follow-through of each party, alone and by field, at average difficulty, with 90 % intervals.

    What others did tells how hard commitments are: all parties of the agreements that are asked about are estimated at
    once; without a selection, all of the register.

    Raises
    ------
    comity.commitments.credit.FitError
        Nothing was judged, or more than can be estimated at once.
    """
    from comity.commitments.followthrough import estimate_followthrough, list_responses

    asked = asked or RegisterView()
    standing = asked.read_peers()
    wanted = set(asked.actors) or {row.party for row in standing.commitments}
    found = estimate_followthrough(list_responses(standing, asked.day))
    return {**found, "rows": [row for row in found["rows"] if row["party"] in wanted]}


def write_register_status(asked: RegisterView | None = None, form: str = "html") -> str:
    """Return the status of a register as a page: `html` or `md`."""
    from comity.brief.status_page import render_status_page

    if form not in PAGES:
        raise WrongUse(f"there is no page {form!r}", todo=f"choose one of {', '.join(PAGES)}")
    return render_status_page(describe_register(asked or RegisterView()), form)


def describe_register(asked: RegisterView) -> dict[str, Any]:
    """Return what was agreed between two parties and what was kept, by both: the section of a brief."""
    from comity.brief.promises import QUOTED, describe_promises

    part = asked.read_part(quoted=QUOTED)
    found = asked.follow(part=part)
    return describe_promises(replace(part.asked, evidence=part.latest), found, asked.day, part.counts)
