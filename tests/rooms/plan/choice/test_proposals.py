"""A proposal is the best plan there is, and says so by numbers that can be checked."""

from dataclasses import replace

import numpy as np
import pytest
from tests.specimens.choices import find_best, find_floors, list_plans, make_case, rank_gains

from comity.plan.choice.check import check_proposal
from comity.plan.choice.misses import find_misses
from comity.plan.choice.propose import propose_plan
from comity.plan.choice.tables import OBJECTIVES, WEIGHABLE, Effort, Terms
from comity.plan.errors import BadTerms, NoPlan, NoTimetable
from comity.plan.project import Mode, Option, Project, Resource, Stake, Task

pytest.importorskip("ortools")

QUICK = Effort(seconds=30, workers=1)
BOTH = ("A", "B")


def make_project(count=3, **changes):
    options = tuple(Option(f"i{number}", BOTH) for number in range(count))
    tasks = tuple(Task(f"t{number}", (Mode(2),), f"i{number}") for number in range(count))
    return replace(Project(horizon=10, tasks=tasks, options=options), **changes)


def make_stakes(*rows, recurring=False):
    return tuple(
        Stake(f"i{number}", party, low, low, low, recurring)
        for number, row in enumerate(rows)
        for party, low in zip(BOTH, row, strict=True)
    )


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("dated", [False, True])
def test_an_objective_equals_brute_force_over_all_plans(objective, dated):
    for seed in range(5000, 5005):
        case = make_case(seed, dated=dated)
        field = list_plans(case)
        best = find_best(case, field, objective)
        terms = Terms(objective, case.weights if objective in WEIGHABLE else None, case.floors)
        if best is None:
            with pytest.raises(NoPlan):
                propose_plan(case.project, case.stakes, case.parties, terms, QUICK)
            continue
        proposal = propose_plan(case.project, case.stakes, case.parties, terms, QUICK)
        floors = find_floors(case)
        ideals = (field.likely - floors)[(field.low >= floors).all(1)].max(0)
        gains = np.array([payoff.likely - payoff.disagreement for payoff in proposal.payoffs])
        assert (rank_gains(case, objective, gains, ideals), proposal.timetable.makespan) == best
        assert proposal.status == "optimal"


def test_the_objectives_differ_where_the_literature_says_so():
    project = make_project(
        3, options=tuple(Option(f"i{n}", BOTH, excludes=tuple({"i0", "i1", "i2"} - {f"i{n}"})) for n in range(3))
    )
    stakes = make_stakes((10, 3), (6, 6), (20, 1))
    chosen = {name: propose_plan(project, stakes, BOTH, Terms(name), QUICK).chosen for name in OBJECTIVES}
    assert chosen == {
        "nash": ("i1",),  # products 30, 36, 20
        "kalai-smorodinsky": ("i0",),  # ideals 20 and 6: least fractions 1/2, 3/10, 1/6
        "leximin": ("i1",),
        "weighted": ("i2",),
    }


def test_weights_turn_the_choice():
    project = make_project(2, options=(Option("i0", BOTH, excludes=("i1",)), Option("i1", BOTH)))
    stakes = make_stakes((9, 2), (2, 8))
    for objective in WEIGHABLE:
        first = propose_plan(project, stakes, BOTH, Terms(objective, {"A": 3, "B": 1}), QUICK)
        second = propose_plan(project, stakes, BOTH, Terms(objective, {"A": 0.5, "B": 1.5}), QUICK)
        assert (first.chosen, second.chosen) == (("i0",), ("i1",))


def test_a_party_that_cannot_gain_is_left_out_of_the_product_and_not_made_worse_off():
    stakes = make_stakes((5, 0), (4, 0), (9, -1))
    proposal = propose_plan(make_project(), stakes, BOTH, None, QUICK)
    assert proposal.chosen == ("i0", "i1")
    assert proposal.gainers == ("A",)
    assert proposal.stages[0].value == 1


def test_equal_plans_are_told_apart_by_the_earliest_then_the_fewest():
    slow = (Task("t0", (Mode(5),), "i0"), Task("t1", (Mode(2),), "i1"), Task("t2", (Mode(2),), "i2"))
    options = (Option("i0", BOTH, excludes=("i1",)), Option("i1", BOTH), Option("i2", BOTH))
    stakes = make_stakes((5, 5), (5, 5), (0, 0))
    proposal = propose_plan(make_project(3, tasks=slow, options=options), stakes, BOTH, None, QUICK)
    assert proposal.chosen == ("i1",)
    assert proposal.timetable.makespan == 2
    assert proposal.timetable.optimal


def test_a_recurring_gain_is_counted_from_the_last_finish():
    project = make_project(1, tasks=(Task("t0", (Mode(2),), "i0", earliest=1), Task("t1", (Mode(4),), "i0")))
    proposal = propose_plan(project, make_stakes((2, 3), recurring=True), BOTH, None, QUICK)
    assert [payoff.likely for payoff in proposal.payoffs] == [2 * 6, 3 * 6]


def test_what_is_certain_counts_for_nobody_being_worse_off_and_what_is_likely_for_the_objective():
    stakes = (Stake("i0", "A", -1, 9, 12), Stake("i0", "B", 2, 2, 2))
    proposal = propose_plan(make_project(1), stakes, BOTH, None, QUICK)
    assert proposal.empty
    assert [(miss.option, dict(miss.shortfalls)) for miss in proposal.misses] == [("i0", {"A": 1})]


def test_a_miss_says_with_what_and_whether_it_can_be_done_at_all():
    options = (Option("i0", BOTH, needs=("i1",)), Option("i1", BOTH), Option("i2", BOTH, withheld=("B",)))
    misses = find_misses(make_project(3, options=options), make_stakes((-2, 1), (1, -3), (5, 5)), BOTH, None, QUICK)
    assert [(miss.option, miss.beside, dict(miss.shortfalls), miss.doable) for miss in misses] == [
        ("i0", ("i1",), {"A": 1, "B": 2}, True),
        ("i1", (), {"B": 3}, True),
        ("i2", (), {}, False),
    ]


def test_a_proposal_that_was_tampered_with_is_found_out():
    project, stakes = make_project(), make_stakes((5, 1), (4, 2), (3, 3))
    proposal = propose_plan(project, stakes, BOTH, None, QUICK)
    assert check_proposal(proposal, project, stakes) == ()
    payoff = replace(proposal.payoffs[0], likely=99)
    assert check_proposal(replace(proposal, payoffs=(payoff, proposal.payoffs[1])), project, stakes)
    assert check_proposal(replace(proposal, stages=(replace(proposal.stages[0], value=7),)), project, stakes)
    starts = {**proposal.timetable.starts, "t0": 9}
    assert check_proposal(replace(proposal, timetable=replace(proposal.timetable, starts=starts)), project, stakes)
    losing = make_stakes((5, -1), (4, -2), (3, -3))
    assert any("worse off" in fault for fault in check_proposal(proposal, project, losing))


def test_a_plan_without_options_is_the_work_that_is_always_done():
    project = Project(10, (Task("t", (Mode(3),)),))
    proposal = propose_plan(project, (), BOTH, None, QUICK)
    assert proposal.timetable.starts == {"t": 0}
    assert proposal.empty


def test_large_gains_are_bounded_where_they_are_not_compared_exactly():
    stakes = make_stakes((10**9, 1), (1, 10**9), (7 * 10**8, 7 * 10**8))
    options = tuple(Option(f"i{n}", BOTH, excludes=tuple({"i0", "i1", "i2"} - {f"i{n}"})) for n in range(3))
    proposal = propose_plan(make_project(3, options=options), stakes, BOTH, None, QUICK)
    assert proposal.chosen == ("i2",)
    assert proposal.status == "optimal"


@pytest.mark.parametrize(
    ("stakes", "parties", "terms", "said"),
    [
        ((), BOTH, Terms("fair"), "'fair'"),
        ((), BOTH, Terms(on="high"), "'high'"),
        ((), BOTH, Terms("leximin", {"A": 1}), "no weights"),
        ((), BOTH, Terms(weights={"C": 1}), "'C'"),
        ((), BOTH, Terms(weights={"A": -1}), "-1"),
        ((), BOTH, Terms(weights={"A": float("nan")}), "nan"),
        ((), BOTH, Terms(weights={"A": 0, "B": 0}), "every weight"),
        ((), BOTH, Terms(disagreement={"C": 1}), "'C'"),
        ((), BOTH, Terms(disagreement={"A": 0.5}), "0.5"),
        ((), (), Terms(), "parties"),
        ((), ("A", "A"), Terms(), "parties"),
        ((Stake("i9", "A", 0, 0, 0),), BOTH, Terms(), "'i9'"),
        ((Stake("i0", "C", 0, 0, 0),), BOTH, Terms(), "'C'"),
        ((Stake("i0", "A", 2, 1, 3),), BOTH, Terms(), "low 2"),
        ((Stake("i0", "A", 0, 0, 0.5),), BOTH, Terms(), "0.5"),
        ((Stake("i0", "A", 0, 0, 0), Stake("i0", "A", 1, 1, 1)), BOTH, Terms(), "2 stakes"),
        ((Stake("i0", "A", 0, 2**60, 2**60),), BOTH, Terms(), "larger unit"),
    ],
)
def test_a_question_that_does_not_fit_together_is_refused_with_its_place(stakes, parties, terms, said):
    with pytest.raises(BadTerms) as caught:
        propose_plan(make_project(), stakes, parties, terms, QUICK)
    assert said in str(caught.value)


def test_no_plan_is_told_from_no_time():
    project = make_project(1, options=(Option("i0", BOTH, required=True),))
    with pytest.raises(NoPlan):
        propose_plan(project, make_stakes((-1, 5)), BOTH, None, QUICK)
    names = [f"i{number}" for number in range(60)]
    options = tuple(Option(name, BOTH, required=True) for name in names)
    tasks = tuple(
        Task(name, (Mode(7 + len(name) * 3 % 5, {"r": 3 + place % 4}),), name) for place, name in enumerate(names)
    )
    crowded = Project(280, tasks, resources=(Resource("r", ((0, 10),)),), options=options)
    with pytest.raises((NoTimetable, NoPlan)):
        propose_plan(crowded, (), BOTH, None, Effort(0.001, 1))
