"""Where there is no plan, the clash is irreducible, and the smallest change that helps is the smallest."""

from dataclasses import replace

import pytest
from tests.specimens.choices import make_case

from comity.plan.choice.conflict import Probe, explain_conflict, keep_rules
from comity.plan.choice.propose import propose_plan
from comity.plan.choice.question import ask_question
from comity.plan.choice.requirements import list_rules
from comity.plan.choice.search import Clock
from comity.plan.choice.tables import Effort, Terms
from comity.plan.errors import NoPlan
from comity.plan.project import Calendar, Lag, Mode, Option, Project, Resource, Stake, Task

pytest.importorskip("ortools")

QUICK = Effort(seconds=30, workers=1)
PARTIES = ("A", "B")


def make_rail(**changes):
    tasks = (
        Task("plan", (Mode(4),), "rail"),
        Task("build", (Mode(6, demands={"crew": 2}, uses={"fund": 30}),), "rail", latest=14),
    )
    resources = (Resource("fund", ((0, 10), (6, 20)), renewable=False, party="A"), Resource("crew", ((0, 2),)))
    option = Option("rail", PARTIES, required=True)
    return replace(Project(16, tasks, (Lag("plan", "build", 1),), resources, (option,)), **changes)


def make_stakes(a=5, b=3):
    return (Stake("rail", "A", a, a, a), Stake("rail", "B", b, b, b))


def explain(project, stakes=None, terms=None):
    return explain_conflict(project, make_stakes() if stakes is None else stakes, PARTIES, terms, QUICK)


def list_ids(conflict):
    return [requirement.id for requirement in conflict.requirements]


def list_easings(conflict):
    return {tuple((change.requirement.id, change.by) for change in changes) for changes in conflict.remedies}


def test_where_a_plan_exists_nothing_clashes():
    assert explain(make_rail()).requirements == ()


def test_a_party_that_would_lose_is_named_with_the_payment_that_makes_it_whole():
    conflict = explain(make_rail(), make_stakes(b=-3))
    assert list_ids(conflict) == ["required:rail", "no-loss:B"]
    assert (("no-loss:B", 3),) in list_easings(conflict)
    assert conflict.remedies[-1][0].text == "a side payment of 3 to B"


def test_a_budget_that_is_too_small_is_named_with_the_amount_that_is_missing():
    resources = (Resource("fund", ((0, 10), (6, 8)), renewable=False, party="A"), Resource("crew", ((0, 2),)))
    conflict = explain(make_rail(resources=resources))
    assert list_ids(conflict) == ["required:rail", "arrival:fund:0", "arrival:fund:6"]
    assert list_easings(conflict) == {(("required:rail", None),), (("arrival:fund:0", 12),), (("arrival:fund:6", 12),)}
    assert conflict.requirements[2].text == "fund of A receives 8 units in period 6"


def test_a_team_that_is_too_small_is_named_with_the_units_that_are_missing():
    resources = (Resource("fund", ((0, 30),), renewable=False), Resource("crew", ((0, 1),)))
    conflict = explain(make_rail(resources=resources))
    assert list_ids(conflict) == ["required:rail", "capacity:crew:0"]
    assert (("capacity:crew:0", 1),) in list_easings(conflict)


def test_a_date_that_is_too_early_is_named_with_the_periods_that_are_missing():
    tasks = tuple(replace(task, latest=9 if task.latest else None) for task in make_rail().tasks)
    conflict = explain(make_rail(tasks=tasks))
    assert "latest:build" in list_ids(conflict)
    assert (("latest:build", 3),) in list_easings(conflict)


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (Option("rail", PARTIES, required=True, forbidden=True), "forbidden:rail"),
        (Option("rail", PARTIES, required=True, withheld=("B",)), "consent:rail:B"),
        (Option("rail", PARTIES, required=True, excludes=("port",)), "excludes:rail:port"),
    ],
)
def test_a_mark_that_stands_against_another_is_named(option, expected):
    port = Option("port", PARTIES, required=True)
    conflict = explain(make_rail(options=(option, port)))
    assert expected in list_ids(conflict)
    assert ((expected, None),) in list_easings(conflict)


def test_a_calendar_and_the_horizon_are_named():
    tasks = (Task("build", (Mode(6),), "rail", calendar="winter"),)
    project = make_rail(tasks=tasks, lags=(), calendars=(Calendar("winter", ((2, 14),)),))
    conflict = explain(project)
    assert list_ids(conflict) == ["required:rail", "calendar:winter", "horizon"]
    assert (("horizon", 2),) in list_easings(conflict)


def test_two_changes_are_named_where_no_single_one_eases_the_clash():
    resources = (Resource("fund", ((0, 20),), renewable=False), Resource("crew", ((0, 1),)))
    easings = list_easings(explain(make_rail(resources=resources)))
    assert {frozenset(changes) for changes in easings if len(changes) == 2} == {
        frozenset({("arrival:fund:0", 10), ("capacity:crew:0", 1)})
    }


def test_every_easing_is_the_least_and_every_clash_is_irreducible_in_any_case():
    seen = 0
    for seed in range(6000, 6040):
        case = make_case(seed, dated=True)
        options = tuple(replace(option, required=True) for option in case.project.options)
        project, terms = replace(case.project, options=options), Terms(disagreement=case.floors)
        conflict = explain_conflict(project, case.stakes, case.parties, terms, QUICK)
        asked = ask_question(project, case.stakes, case.parties, terms)
        rules = list_rules(asked)
        clash = [rule for rule in rules if rule.requirement in conflict.requirements]
        if seen == 2:
            break
        if not clash:
            continue
        seen += 1
        assert conflict.irreducible and conflict.proven
        assert not is_possible(keep_rules(asked, rules, clash))
        for rule in clash:
            assert is_possible(keep_rules(asked, rules, [other for other in clash if other is not rule]))
        for change, *more in conflict.remedies:
            rule = next(rule for rule in rules if rule.requirement == change.requirement)
            if not more:
                assert is_possible(rule.ease(asked, change.by or 1))
                assert change.by is None or not is_possible(rule.ease(asked, change.by - 1))
    assert seen == 2


def is_possible(asked):
    terms = Terms("weighted", disagreement=asked.terms.disagreement)
    if asked.project.horizon != asked.span:  # a proposal would count recurring stakes longer
        return Probe(Clock(QUICK)).is_possible(asked)
    try:
        propose_plan(asked.project, asked.stakes, asked.parties, terms, QUICK)
    except NoPlan:
        return False
    return True
