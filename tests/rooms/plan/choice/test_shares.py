"""Shares are those of the published examples and of the definitions; transfers balance and say who must consent."""

from fractions import Fraction

import numpy as np
import pytest
from tests.specimens.choices import find_joint, find_worths, is_nucleolus, make_case, share_by_orders

from comity.plan.choice.coalitions import narrow_question, value_question
from comity.plan.choice.parts import Parts
from comity.plan.choice.question import ask_question
from comity.plan.choice.shares import share_nucleolus, share_shapley
from comity.plan.choice.tables import Effort, Terms
from comity.plan.choice.transfers import divide_gain, propose_transfers
from comity.plan.errors import BadTerms, NoPlan
from comity.plan.project import Mode, Option, Project, Resource, Stake, Task

pytest.importorskip("ortools")

QUICK = Effort(seconds=30, workers=1)


def list_coalitions(players):
    return [[player for player in range(players) if c >> player & 1] for c in range(2**players)]


def make_bankruptcy(estate, claims):
    others = [sum(claims) - sum(claims[p] for p in members) for members in list_coalitions(len(claims))]
    return [max(0, estate - rest) for rest in others]


def make_airport(costs):
    return [-max((costs[p] for p in members), default=0) for members in list_coalitions(len(costs))]


@pytest.mark.parametrize(
    ("estate", "shares"), [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))]
)
def test_the_nucleolus_divides_an_estate_as_the_talmud_does(estate, shares):
    found, imputation = share_nucleolus(make_bankruptcy(estate, (100, 200, 300)))
    assert [float(share) for share in found] == pytest.approx(shares)
    assert imputation


def test_the_shares_of_an_airport_are_those_of_the_closed_forms():
    costs = (1, 2, 3, 4, 6)
    steps = np.diff((0, *costs))
    users = [len(costs) - place for place in range(len(costs))]
    shapley = [
        -sum(Fraction(int(step), count) for step, count in list(zip(steps, users, strict=True))[: p + 1])
        for p in range(5)
    ]
    assert share_shapley(make_airport(costs)) == shapley
    paid, nucleolus = Fraction(0), []
    while len(nucleolus) < len(costs) - 1:  # Littlechild (1974): the least of what is left, shared by one more
        first = len(nucleolus)
        rest = [(costs[last] - paid) / (last - first + 2) for last in range(first, len(costs) - 1)]
        rest.append(Fraction(costs[-1] - paid, len(costs) - first))
        level, last = min(rest), rest.index(min(rest)) + first
        for _ in range(first, min(last, len(costs) - 2) + 1):
            nucleolus.append(-level)
            paid += level
    nucleolus.append(-(costs[-1] - paid))
    assert share_nucleolus(make_airport(costs))[0] == nucleolus


def test_a_majority_of_three_shares_alike_and_a_dictator_takes_all():
    majority = [int(len(members) >= 2) for members in list_coalitions(3)]
    assert share_shapley(majority) == share_nucleolus(majority)[0] == [Fraction(1, 3)] * 3
    dictator = [int(0 in members) for members in list_coalitions(3)]
    assert share_shapley(dictator) == share_nucleolus(dictator)[0] == [1, 0, 0]
    gloves = [min(len({0, 1} & set(members)), len({2} & set(members))) for members in list_coalitions(3)]
    assert share_shapley(gloves) == [Fraction(1, 6), Fraction(1, 6), Fraction(2, 3)]
    assert share_nucleolus(gloves)[0] == [0, 0, 1]


def test_any_game_has_the_shares_of_the_definitions():
    draw = np.random.default_rng(7)
    for _ in range(8):
        players = int(draw.integers(2, 6))
        values = [0, *(int(value) for value in draw.integers(-20, 60, 2**players - 1))]
        values[-1] += int(draw.integers(0, 150))
        assert share_shapley(values) == share_by_orders(values)
        shares, imputation = share_nucleolus(values)
        assert imputation == (sum(values[1 << p] for p in range(players)) <= values[-1])
        assert is_nucleolus(values, shares, imputation)


def test_the_check_of_a_nucleolus_sees_another_sharing():
    values = make_bankruptcy(200, (100, 200, 300))
    assert is_nucleolus(values, [Fraction(50), Fraction(75), Fraction(75)], True)
    assert not is_nucleolus(values, [Fraction(50), Fraction(70), Fraction(80)], True)


def test_the_values_of_coalitions_equal_brute_force_over_all_subsets():
    for seed in range(5000, 5006):
        case = make_case(seed, dated=False)
        joint = find_joint(case)
        terms = Terms(disagreement=case.floors)
        if joint is None:
            with pytest.raises(NoPlan):
                divide_gain(case.project, case.stakes, case.parties, terms, QUICK)
            continue
        division = divide_gain(case.project, case.stakes, case.parties, terms, QUICK)
        assert list(division.values.values()) == [*find_worths(case)[:-1], joint]
        assert division.exact


def make_pipeline():
    options = (Option("line", ("A", "B", "C")), Option("road", ("A", "B")))
    tasks = (Task("line.build", (Mode(3, uses={"fund": 5}),), "line"), Task("road.build", (Mode(2),), "road"))
    stakes = (
        Stake("line", "A", 30, 40, 50),
        Stake("line", "B", -12, -10, -8),
        Stake("line", "C", 5, 6, 7),
        Stake("road", "A", 2, 3, 4),
        Stake("road", "B", 2, 3, 4),
    )
    fund = Resource("fund", ((0, 5),), renewable=False, party="C")
    return Project(10, tasks, resources=(fund,), options=options), stakes, ("A", "B", "C")


def test_arrangements_balance_and_bring_each_party_to_its_share():
    division = divide_gain(*make_pipeline(), effort=QUICK)
    assert division.values["A", "B"] == 6
    assert division.values["A", "B", "C"] == 42
    assert sum(division.shapley.values()) == sum(division.nucleolus.values()) == 42
    assert division.stable
    for arrangement in division.arrangements:
        shares = getattr(division, arrangement.name)
        assert dict(arrangement.after) == shares
        assert sum(arrangement.after.values()) == sum(payoff.likely for payoff in division.payoffs)
        assert all(transfer.amount > 0 for transfer in arrangement.transfers)
        assert set(arrangement.consents) == {t.giver for t in arrangement.transfers} | {
            t.taker for t in arrangement.transfers
        }


def test_the_least_transfers_make_up_exactly_what_is_missing():
    lifting = propose_transfers(*make_pipeline(), effort=QUICK)
    assert lifting.timetable.chosen == ("line", "road")
    assert [(t.giver, t.taker, t.amount) for t in lifting.arrangement.transfers] == [
        ("A", "B", Fraction(10 * 32, 37)),
        ("C", "B", Fraction(10 * 5, 37)),
    ]
    assert lifting.arrangement.below == ()
    assert lifting.arrangement.low_after["B"] == 0


def test_too_many_parties_are_refused():
    parties = tuple(f"P{number}" for number in range(13))
    with pytest.raises(BadTerms, match="13 parties"):
        divide_gain(Project(1, (), options=()), (), parties, None, QUICK)


def make_ring(parties: int):
    """Each party builds something with the next; what A and B gain together, A could not have with anybody else."""
    names = tuple(f"P{number}" for number in range(parties))
    pairs = {f"road{n}": (names[n], names[(n + 1) % parties]) for n in range(parties)}
    options = tuple(Option(name, pair) for name, pair in pairs.items())
    tasks = tuple(Task(f"{name}.build", (Mode(2, {"team": 1}),), name) for name in pairs)
    stakes = [Stake(name, party, 1, n + 2, n + 9) for n, (name, pair) in enumerate(pairs.items()) for party in pair]
    return Project(9, tasks, resources=(Resource("team", ((0, parties),)),), options=options), tuple(stakes), names


def test_the_shares_of_pairs_that_do_not_touch_each_other_add_up_from_the_pairs():
    project, stakes, names = make_ring(7)
    division = divide_gain(project, stakes, names, effort=QUICK)
    gains = {name: sum(stake.likely for stake in stakes if stake.party == name) for name in names}
    assert division.exact and division.shapley == gains
    assert sum(division.nucleolus.values()) == sum(gains.values())


def test_parts_are_worth_together_what_the_whole_is():
    told = 0
    for seed in range(5000, 5008):
        case = make_case(seed, dated=False)
        asked = ask_question(case.project, case.stakes, case.parties, Terms(disagreement=case.floors))
        for coalition in range(1, 2 ** len(case.parties) - 1):
            own = narrow_question(asked, coalition)
            found = Parts().value(own, QUICK)
            told += found is not None
            assert found in (None, value_question(own, QUICK))
    assert told > 10
