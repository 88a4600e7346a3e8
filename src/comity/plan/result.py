"""A plan that was made, as plain values: what is done when, by whom, for whose gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from comity.plan.catalogue import describe_template, read_catalogue, read_fields
from comity.plan.clock import Clock
from comity.plan.document import Consent, Initiative, PlanDocument
from comity.plan.forms import OBJECTIVES
from comity.plan.layout import Layout
from comity.plan.profile import list_profiles
from comity.plan.project import Project, Timetable
from comity.plan.remarks import list_remarks
from comity.plan.work import GATE
from comity.plan.worthing import describe_worth

if TYPE_CHECKING:
    from comity.plan.choice.tables import Arrangement, Division, Miss, Payoff, Proposal

LIMITS = (
    "Gains and costs are those that the file gives, each with its source; the plan is as good as they are.",
    "Nobody is worse off by the low end of its interval, over the plan's horizon and by these figures.",
    "Durations are likely ones; the dates at 50, 80 and 90 % say how firm they are where they are given.",
    "A consent stands for a decision that is free: a date beside it is when it is asked for, not a forecast.",
)


@dataclass(frozen=True)
class Made:
    """Everything that making a plan gave.

    Parameters
    ----------
    plan : PlanDocument
    layout : Layout
    proposal : Proposal
    notes : mapping of str to mapping
        By task, what is known of it beside its dates: slack, whether it is critical, dates by chance.
    settings : mapping
        Seed, seconds.
    chain : sequence of str
        The tasks that bind the plan's end.
    status : str, optional
        In the place of the proposal's.
    barriers : mapping of str to mapping
        By initiative that cannot be done, where nothing is chosen: the conflict, as `describe_conflict` gives it.
    """

    plan: PlanDocument
    layout: Layout
    proposal: Proposal
    notes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    chain: Sequence[str] = ()
    status: str | None = None
    barriers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def describe_made(made: Made) -> dict[str, Any]:
    """Return a plan that was made as plain values.

    Parameters
    ----------
    made : Made

    Returns
    -------
    dict
        `plan`, `exists`, `status`, `stages`, `parties`, `initiatives`, `tasks`, `resources`, `calendars`, `shares`,
        `remarks`, `sources`, `limits`; docs/methods/plan.md says what each holds.
    """
    plan, proposal = made.plan, made.proposal
    timetable = proposal.timetable
    return {
        "plan": describe_heading(plan, made.settings),
        "exists": not proposal.empty,
        "status": made.status or proposal.status,
        "stages": [
            {"name": stage.name, "value": stage.value, "bound": stage.bound, "proven": stage.proven}
            for stage in proposal.stages
        ],
        "parties": [_describe_payoff(payoff, plan, made.layout.factor) for payoff in proposal.payoffs],
        "initiatives": [_describe_initiative(one, made) for one in plan.initiatives],
        "tasks": [row for one in plan.initiatives for row in _list_tasks(one, made)],
        "chain": list(made.chain),
        "makespan": timetable.makespan,
        "finish": plan.clock.name_last_day(timetable.makespan).isoformat() if timetable.chosen else None,
        "bound": timetable.bound,
        "resources": _describe_resources(made),
        "calendars": [
            {
                "id": calendar.id,
                "closed": [_name_span(plan.clock, first, last) for first, last in calendar.closed],
                "source": rest.source,
            }
            for calendar, rest in zip(made.layout.project.calendars, plan.calendars, strict=True)
        ],
        "shares": None,
        "shares_note": "",
        "conflict": None,
        "remarks": list_remarks(plan, timetable.chosen),
        "sources": list_sources(plan),
        "limits": list(LIMITS),
    }


def describe_heading(plan: PlanDocument, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a plan is called and on what terms it was made."""
    clock = plan.clock
    return {
        "id": plan.id,
        "title": plan.title,
        "note": plan.note,
        "parties": [{"id": party, "name": name} for party, name in plan.parties.items()],
        "first_day": clock.first_day.isoformat(),
        "last_day": clock.name_last_day(clock.horizon).isoformat(),
        "period": clock.period,
        "horizon": clock.horizon,
        "as_of": plan.as_of.isoformat() if plan.as_of else None,
        "currency": plan.currency,
        "unit": plan.unit,
        "objective": plan.objective,
        "objective_text": OBJECTIVES[plan.objective],
        "weights": dict(plan.weights),
        **settings,
    }


def list_sources(plan: PlanDocument) -> list[str]:
    """Return each source that the plan names, once, in the order of the file."""
    named = [supply.source for supply in plan.supplies]
    named += [worth.source for one in plan.initiatives for worth in (*one.gains, *one.costs)]
    named += [consent.source for one in plan.initiatives for consent in one.consents]
    named += [rest.source for rest in plan.calendars]
    return [text for text in dict.fromkeys(named) if text]


def _name_span(clock: Clock, first: int, last: int) -> list[str]:
    """Return first and last day of a span of periods."""
    return [clock.name_day(first).isoformat(), clock.name_last_day(last).isoformat()]


def _round(value: float | Fraction, factor: int) -> float:
    """Return an amount of stakes in the plan's unit."""
    return round(float(Fraction(value) / factor), 4)


def _describe_payoff(payoff: Payoff, plan: PlanDocument, factor: int) -> dict[str, Any]:
    """Return what the plan gives a party [units of the plan]."""
    return {
        "id": payoff.party,
        "name": plan.parties[payoff.party],
        **{name: _round(getattr(payoff, name), factor) for name in ("low", "likely", "high", "disagreement")},
        "ideal": None if payoff.ideal is None else _round(payoff.ideal, factor),
    }


def _describe_initiative(one: Initiative, made: Made) -> dict[str, Any]:
    """Return an initiative, whether it is done and from when to when, or what stands in its way."""
    timetable, clock = made.proposal.timetable, made.plan.clock
    chosen = one.id in timetable.chosen
    template = read_catalogue().get(one.template)
    spans = [
        (timetable.starts[name], timetable.finishes[name]) for name in _name_tasks(one) if name in timetable.starts
    ]
    first = min((start for start, _ in spans), default=None)
    last = max((finish for _, finish in spans), default=None)
    return {
        "id": one.id,
        "title": one.title,
        "field": one.field,
        "field_title": read_fields().get(one.field, one.field),
        "parties": list(one.parties),
        "chosen": chosen,
        "start": None if first is None else clock.name_day(first).isoformat(),
        "finish": None if last is None else clock.name_last_day(last).isoformat(),
        "required": one.required,
        "forbidden": one.forbidden,
        "needs": list(one.needs),
        "excludes": list(one.excludes),
        "consents": [_describe_consent(consent, one, made) for consent in one.consents],
        "gains": [describe_worth(worth) for worth in one.gains],
        "costs": [describe_worth(worth) for worth in one.costs],
        "missing": None if chosen else _describe_miss(one.id, made.proposal.misses, made),
        "template": one.template or None,
        "indicators": list(template.indicators) if template else [],
        "precedent": describe_template(template)["precedent"] if template else None,
        "note": one.note,
    }


def _name_tasks(one: Initiative) -> list[str]:
    """Return the names of the tasks of an initiative."""
    gates = [f"{GATE}{consent.party}" for consent in one.consents]
    return [f"{one.id}.{name}" for name in (*(phase.id for phase in one.phases), *gates)]


def _describe_consent(consent: Consent, one: Initiative, made: Made) -> dict[str, Any]:
    """Return a party's consent: who gives it, whether it is given, and by when it is asked for."""
    finish = made.proposal.timetable.finishes.get(f"{one.id}.{GATE}{consent.party}")
    return {
        "party": consent.party,
        "who": consent.who,
        "status": consent.status,
        "by": None if finish is None else made.plan.clock.name_last_day(finish).isoformat(),
        "source": consent.source,
    }


def _describe_miss(name: str, misses: Sequence[Miss], made: Made) -> dict[str, Any] | None:
    """Return what stands in the way of an initiative that is not chosen, where it was looked for."""
    found = next((miss for miss in misses if miss.option == name), None)
    if found is None:
        return None
    return {
        "doable": found.doable,
        "beside": list(found.beside),
        "shortfalls": {party: _round(amount, made.layout.factor) for party, amount in found.shortfalls.items()},
        "conflict": made.barriers.get(name),
    }


def _list_tasks(one: Initiative, made: Made) -> list[dict[str, Any]]:
    """Return the phases and consents of an initiative that are done, with their dates, in the order of the file."""
    timetable = made.proposal.timetable
    consents = {f"{GATE}{consent.party}": consent for consent in one.consents}
    titles = {phase.id: phase.title for phase in one.phases}
    rows = []
    for task in (task for task in made.layout.project.tasks if task.initiative == one.id):
        if task.id not in timetable.starts:
            continue
        name = task.id.partition(".")[2]
        consent = consents.get(name)
        mode = next(mode for mode in task.modes if mode.name == timetable.modes[task.id])
        rows.append({
            "id": task.id,
            "initiative": one.id,
            "kind": "consent" if consent else "phase",
            "title": consent.who if consent else titles[name],
            "party": task.gate,
            "mode": mode.name if len(task.modes) > 1 else None,
            **describe_dates(timetable, task.id, made.plan.clock),
            "uses": {key: amount / made.layout.factors[key] for key, amount in {**mode.demands, **mode.uses}.items()},
            "after": _list_before(made.layout.project, task.id),
            "links": _list_links(made, task.id),
            "calendar": task.calendar,
            **made.notes.get(task.id, {}),
        })  # fmt: skip
    return sorted(rows, key=lambda row: row["periods"])


def _list_before(project: Project, name: str) -> list[str]:
    """Return the tasks that must be finished before a task starts."""
    return [lag.before for lag in project.lags if lag.after == name and lag.kind == "finish-start" and lag.least >= 0]


def _list_links(made: Made, name: str) -> list[dict[str, Any]]:
    """Return every dependency of a task on another that is done: its kind, least and most periods, least in days."""
    timetable, clock = made.proposal.timetable, made.plan.clock
    rows = []
    for lag in made.layout.project.lags:
        if lag.after == name and lag.before in timetable.starts:
            ends = timetable.finishes if lag.kind.startswith("finish") else timetable.starts
            at = ends[lag.before]
            days = (clock.name_day(at + lag.least) - clock.name_day(at)).days
            rows.append({"task": lag.before, "kind": lag.kind, "least": lag.least, "most": lag.most, "days": days})
    return rows


def describe_dates(timetable: Timetable, name: str, clock: Clock) -> dict[str, Any]:
    """Return when a task starts and finishes: first and last day, and the periods."""
    start, finish = timetable.starts[name], timetable.finishes[name]
    last = clock.name_day(start) if finish == start else clock.name_last_day(finish)
    return {"start": clock.name_day(start).isoformat(), "finish": last.isoformat(), "periods": [start, finish]}


def _describe_resources(made: Made) -> list[dict[str, Any]]:
    """Return each resource with its use and supply over time."""
    clock = made.plan.clock
    supplies = {supply.id: supply for supply in made.plan.supplies}
    rows = []
    for profile in list_profiles(made.layout.project, made.proposal.timetable, made.layout.factors):
        supply = supplies[profile["id"]]
        rows.append({
            "id": supply.id,
            "kind": supply.kind,
            "party": supply.party,
            "renewable": supply.renewable,
            "carries": supply.carries,
            "unit": f"{made.plan.currency} x {made.plan.unit:,}" if supply.kind == "money" else supply.kind,
            "source": supply.source,
            "profile": [_describe_run(run, clock) for run in profile["periods"]],
        })  # fmt: skip
    return rows


def _describe_run(run: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    """Return a run of periods with equal use and supply."""
    first, last = _name_span(clock, run["from"], run["until"])
    return {
        "from": first,
        "until": last,
        "periods": [run["from"], run["until"]],
        "available": run["available"],
        "used": run["used"],
    }


def describe_division(division: Division, plan: PlanDocument, factor: int) -> dict[str, Any]:
    """Return how the joint gain could be shared, and the transfers that would do it [units of the plan]."""
    return {
        "joint": _round(division.values.get(division.parties, 0), factor),
        "exact": division.exact,
        "stable": division.stable,
        "chosen": list(division.timetable.chosen),
        "coalitions": [
            {"parties": list(parties), "value": _round(value, factor)}
            for parties, value in sorted(division.values.items(), key=lambda item: _place(item[0], division.parties))
        ],
        "parties": [
            {
                "id": party,
                "name": plan.parties[party],
                "shapley": _round(division.shapley[party], factor),
                "nucleolus": _round(division.nucleolus[party], factor),
            }
            for party in division.parties
        ],
        "arrangements": [_describe_arrangement(one, factor) for one in division.arrangements],
    }


def _place(coalition: tuple[str, ...], parties: Sequence[str]) -> tuple[int, list[int]]:
    """Return where a coalition stands among others: by size, then in the order of the document, never by name."""
    return len(coalition), [parties.index(party) for party in coalition]


def _describe_arrangement(one: Arrangement, factor: int) -> dict[str, Any]:
    """Return a side arrangement: who gives what to whom, and what each has with it."""
    return {
        "name": one.name,
        "transfers": [
            {"giver": transfer.giver, "taker": transfer.taker, "amount": _round(transfer.amount, factor)}
            for transfer in one.transfers
        ],
        "after": {party: _round(amount, factor) for party, amount in one.after.items()},
        "low_after": {party: _round(amount, factor) for party, amount in one.low_after.items()},
        "below": list(one.below),
        "consents": list(one.consents),
    }
