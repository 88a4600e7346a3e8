"""Laws of every plan: nobody worse off, names only rename, the same question gives the same bytes."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.specimens.choices import Case, make_case

from comity.plan.choice.check import check_proposal
from comity.plan.choice.propose import propose_plan
from comity.plan.choice.tables import OBJECTIVES, WEIGHABLE, Effort, Terms
from comity.plan.choice.transfers import divide_gain
from comity.plan.errors import NoPlan
from comity.plan.project import Option, Stake, Timetable

pytest.importorskip("ortools")

QUICK = Effort(seconds=30, workers=2, seed=3)
SEEDS = st.integers(10_000, 10**6)
FEW = settings(max_examples=5, deadline=None, derandomize=True, database=None)


def propose(case: Case, objective: str = "nash", scale: int = 1):
    weights = case.weights if objective in WEIGHABLE else None
    floors = {party: scale * floor for party, floor in case.floors.items()}
    stakes = [replace(s, low=scale * s.low, likely=scale * s.likely, high=scale * s.high) for s in case.stakes]
    try:
        return propose_plan(case.project, stakes, case.parties, Terms(objective, weights, floors), QUICK)
    except NoPlan:
        return None


def rename_case(case: Case) -> Case:
    """Give the same case with other names, in another alphabetical order."""

    def name(old: str) -> str:
        return f"{1000 - sum(map(ord, old))}{old[::-1]}"

    options = tuple(
        Option(
            name(o.id),
            tuple(map(name, o.parties)),
            o.required,
            o.forbidden,
            tuple(map(name, o.needs)),
            tuple(map(name, o.excludes)),
            tuple(map(name, o.withheld)),
        )
        for o in case.project.options
    )
    tasks = tuple(replace(t, id=name(t.id), initiative=name(t.initiative or "")) for t in case.project.tasks)
    lags = tuple(replace(lag, before=name(lag.before), after=name(lag.after)) for lag in case.project.lags)
    resources = tuple(replace(r, party=name(r.party) if r.party else None) for r in case.project.resources)
    return Case(
        replace(case.project, options=options, tasks=tasks, lags=lags, resources=resources),
        tuple(replace(s, option=name(s.option), party=name(s.party)) for s in case.stakes),
        tuple(map(name, case.parties)),
        {name(party): floor for party, floor in case.floors.items()},
        {name(party): weight for party, weight in case.weights.items()},
    )


def strip_names(timetable: Timetable, case: Case):
    """Give a timetable by the places of tasks and options instead of their names."""
    tasks, options = [t.id for t in case.project.tasks], [o.id for o in case.project.options]
    starts = {tasks.index(name): start for name, start in timetable.starts.items()}
    return starts, [options.index(name) for name in timetable.chosen], timetable.makespan


@FEW
@given(SEEDS, st.sampled_from(OBJECTIVES), st.booleans())
def test_nobody_is_worse_off_and_everybody_concerned_consents(seed, objective, dated):
    case = make_case(seed, dated=dated)
    proposal = propose(case, objective)
    if proposal is None:
        return
    spans = {
        name: case.project.horizon - max(f for t, f in proposal.timetable.finishes.items() if t.startswith(f"{name}."))
        for name in proposal.chosen
    }
    for party in case.parties:
        held = [s for s in case.stakes if s.party == party and s.option in spans]
        assert sum(s.low * (spans[s.option] if s.recurring else 1) for s in held) >= case.floors.get(party, 0)
    assert not any(option.withheld for option in case.project.options if option.id in proposal.chosen)
    terms = Terms(objective, case.weights if objective in WEIGHABLE else None, case.floors)
    assert check_proposal(proposal, case.project, case.stakes, terms) == ()


@FEW
@given(SEEDS, st.sampled_from(OBJECTIVES), st.booleans())
def test_other_names_only_rename_the_plan(seed, objective, dated):
    case = make_case(seed, dated=dated)
    other = rename_case(case)
    first, second = propose(case, objective), propose(other, objective)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert strip_names(first.timetable, case) == strip_names(second.timetable, other)
        assert first.stages == second.stages


@FEW
@given(SEEDS, st.booleans())
def test_the_same_question_gives_the_same_bytes(seed, dated):
    case = make_case(seed, dated=dated)
    assert repr(propose(case)) == repr(propose(case))


@FEW
@given(SEEDS, st.sampled_from(["nash", "kalai-smorodinsky"]), st.booleans())
def test_a_party_that_counts_in_another_unit_changes_nothing(seed, objective, dated):
    case = make_case(seed, dated=dated)
    first = case.parties[0]
    stakes = tuple(
        replace(s, low=7 * s.low, likely=7 * s.likely, high=7 * s.high) if s.party == first else s for s in case.stakes
    )
    floors = {party: floor * (7 if party == first else 1) for party, floor in case.floors.items()}
    one, other = propose(case, objective), propose(replace(case, stakes=stakes, floors=floors), objective)
    assert (one is None) == (other is None)
    if one is not None and other is not None and (objective != "nash" or one.gainers == other.gainers):
        counts = [7 if party == first else 1 for party in case.parties]
        gains = [payoff.likely * count for payoff, count in zip(one.payoffs, counts, strict=True)]
        rank = [measure(case, objective, one, counts), measure(case, objective, other, [1] * len(counts))]
        assert rank[0] == rank[1], gains


def measure(case: Case, objective: str, proposal, counts):
    """Give what the objective compares, with each party's gain counted so many times."""
    if objective == "kalai-smorodinsky":
        return [stage.value for stage in proposal.stages if stage.name.startswith("fraction")]
    product = 1
    for payoff, count in zip(proposal.payoffs, counts, strict=True):
        gain = (payoff.likely - payoff.disagreement) * count
        product *= gain ** case.weights[payoff.party] if gain else 1
    return product


@FEW
@given(SEEDS, st.sampled_from(OBJECTIVES), st.booleans())
def test_an_initiative_that_everybody_loses_by_changes_nothing(seed, objective, dated):
    case = make_case(seed, dated=dated)
    idle = Option("idle", case.parties[:1])
    losses = tuple(Stake("idle", party, -2, -1, -1) for party in case.parties)
    project = replace(case.project, options=(*case.project.options, idle))
    other = replace(case, project=project, stakes=(*case.stakes, *losses))
    first, second = propose(case, objective), propose(other, objective)
    assert (first and first.timetable) == (second and second.timetable)


@FEW
@given(SEEDS)
def test_two_coalitions_gain_together_what_they_gain_apart(seed):
    case = make_case(seed, dated=False)
    options = tuple(replace(o, excludes=(), required=False) for o in case.project.options)
    members = {o.id: o.parties for o in options}
    tasks = tuple(replace(t, modes=(replace(t.modes[0], uses={}),)) for t in case.project.tasks)
    stakes = tuple(s for s in case.stakes if s.party in members[s.option])  # nobody outside is concerned
    division = divide_gain(
        replace(case.project, options=options, tasks=tasks),
        stakes,
        case.parties,
        Terms(disagreement=case.floors),
        QUICK,
    )
    for first, gain in division.values.items():
        for second, more in division.values.items():
            if not set(first) & set(second):
                both = tuple(party for party in case.parties if party in {*first, *second})
                assert division.values[both] >= gain + more
    assert division.imputation
