"""Ideal points: found again where they are known, refused where votes are wrong, and blind to names."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from comity.lexicon import UnknownActor
from comity.relations.equating import equate_years, link_resolutions
from comity.relations.ordinal import (
    Ballots,
    Fit,
    fit_votes,
    measure_likelihood,
    start_positions,
    start_terms,
    step_items,
    step_positions,
)
from comity.relations.roll_calls import name_voter, read_roll_calls
from comity.relations.series import RelationsError
from comity.relations.voting import estimate_ideal_points, read_voting_parameters

STATES, YEARS, CALLS = 40, 6, 30
WORDS = np.array(["no", "abstain", "yes"])


def draw_votes(seed: int = 1) -> tuple[pa.Table, np.ndarray]:
    """Draw votes of states that walk a little, on items of which every third is put again next year."""
    draw = np.random.default_rng(seed)
    position = draw.normal(size=(STATES, 1)) + np.cumsum(draw.normal(0, 0.1, (STATES, YEARS)), 1)
    position = (position - position.mean()) / position.std()
    repeated = np.stack([draw.normal(-2, 0.5, 10), draw.normal(-2, 1, 10)], 1)
    rows: dict[str, list] = {name: [] for name in ("rollcall", "year", "state", "vote", "title")}
    for year in range(YEARS):
        for call in range(CALLS):
            slope, cut = repeated[call] if call < 10 else (draw.normal(-2, 0.5), draw.normal(-2, 1))
            score = slope * position[:, year] + draw.logistic(size=STATES)
            votes = WORDS[(score > cut).astype(int) + (score > cut + 1)]
            for state in range(STATES):
                title = f"Question {call}" if call < 10 else None
                values = (year * 100 + call, 2000 + year, f"S{state:02}", votes[state], title)
                for name, value in zip(rows, values, strict=True):
                    rows[name].append(value)
    return pa.table(rows), position


@pytest.fixture(scope="module")
def votes() -> pa.Table:
    return draw_votes()[0]


@pytest.fixture(scope="module")
def points(votes: pa.Table) -> pa.Table:
    return estimate_ideal_points(votes)


def change(votes: pa.Table, **columns: list) -> pa.Table:
    """Return the table with columns replaced."""
    for name, values in columns.items():
        votes = votes.set_column(votes.column_names.index(name), name, pa.array(values))
    return votes


def test_positions_that_votes_were_drawn_from_are_found_again(points: pa.Table):
    truth = draw_votes()[1].ravel()
    found = np.array(points["estimate"].to_pylist())
    assert np.corrcoef(found, truth)[0, 1] > 0.95
    inside = (np.array(points["low"].to_pylist()) <= truth) & (truth <= np.array(points["high"].to_pylist()))
    assert inside.mean() > 0.85


def test_the_line_has_mean_0_and_spread_1_over_all_states_and_years(points: pa.Table):
    found = np.array(points["estimate"].to_pylist())
    assert abs(found.mean()) < 1e-6
    assert abs(found.std() - 1) < 1e-6


def test_the_positive_end_is_where_states_vote_no_more_often(votes: pa.Table, points: pa.Table):
    table = votes.to_pylist()
    no = {state: 0 for state in {row["state"] for row in table}}
    for row in table:
        no[row["state"]] += row["vote"] == "no"
    mean = {state: [] for state in no}
    for row in points.to_pylist():
        mean[row["state"]].append(row["estimate"])
    assert np.corrcoef([no[s] for s in sorted(no)], [np.mean(mean[s]) for s in sorted(no)])[0, 1] > 0.5


def test_the_same_votes_give_the_same_table(votes: pa.Table, points: pa.Table):
    assert estimate_ideal_points(votes).equals(points)


def test_the_order_of_the_rows_does_not_matter(votes: pa.Table, points: pa.Table):
    mixed = votes.take(pa.array(np.random.default_rng(3).permutation(votes.num_rows)))
    assert estimate_ideal_points(mixed).equals(points)


def test_renaming_the_states_only_renames(votes: pa.Table, points: pa.Table):
    names = [f"S{k:02}" for k in range(STATES)]
    new = dict(zip(names, np.random.default_rng(5).permutation([f"Z{k:02}" for k in range(STATES)]), strict=True))
    renamed = estimate_ideal_points(change(votes, state=[str(new[s]) for s in votes["state"].to_pylist()]))
    expected = {(str(new[r["state"]]), r["year"]): r["estimate"] for r in points.to_pylist()}
    assert {(r["state"], r["year"]): r["estimate"] for r in renamed.to_pylist()} == expected


def test_turning_every_vote_round_turns_the_line_round_within_each_year(votes: pa.Table, points: pa.Table):
    other = {"yes": "no", "no": "yes", "abstain": "abstain"}
    turned = estimate_ideal_points(change(votes, vote=[other[v] for v in votes["vote"].to_pylist()]))
    together = np.corrcoef(turned["estimate"].to_pylist(), points["estimate"].to_pylist())[0, 1]
    assert together < -0.999


def test_a_state_with_one_vote_gets_a_wide_interval(votes: pa.Table):
    rows = votes.to_pylist()
    kept = [r for r in rows if r["state"] != "S07" or r["rollcall"] == 205]
    table = estimate_ideal_points(pa.Table.from_pylist(kept, schema=votes.schema)).to_pylist()
    (alone,) = [r for r in table if r["state"] == "S07"]
    usual = np.median([r["high"] - r["low"] for r in table if r["state"] != "S07"])
    assert alone["votes"] == 1
    assert alone["high"] - alone["low"] > 3 * usual


def test_a_year_with_one_roll_call_is_carried_by_the_years_around_it(votes: pa.Table, points: pa.Table):
    rows = [r for r in votes.to_pylist() if r["year"] != 2003 or r["rollcall"] == 315]
    table = estimate_ideal_points(pa.Table.from_pylist(rows, schema=votes.schema)).to_pylist()
    thin = {r["state"]: r for r in table if r["year"] == 2003}
    full = {r["state"]: r for r in points.to_pylist() if r["year"] == 2003}
    assert all(r["votes"] == 1 for r in thin.values())
    width = [np.median([r["high"] - r["low"] for r in side.values()]) for side in (thin, full)]
    assert width[0] > 1.2 * width[1]
    assert np.isfinite([r["estimate"] for r in thin.values()]).all()


def test_a_seat_continues_the_line_of_a_state_under_another_name(votes: pa.Table):
    rows = [r | {"seat": r["state"]} for r in votes.to_pylist()]
    for row in rows:
        row["state"] = "NEW" if row["state"] == "S03" and row["year"] >= 2003 else row["state"]
    points = estimate_ideal_points(pa.Table.from_pylist(rows))
    plain = estimate_ideal_points(votes)
    assert [r["estimate"] for r in points.to_pylist() if r["state"] == "NEW"] == [
        r["estimate"] for r in plain.to_pylist() if r["state"] == "S03" and r["year"] >= 2003
    ]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"vote": ["ja", "no", "yes"]}, "'ja' is no vote"),
        ({"state": ["A", "A", "B"]}, "given twice: A on 1"),
        ({"state": ["A", None, "B"]}, "1 cells of 'state' are empty"),
        ({"year": [2000, 2001, 2000]}, "lies in two years"),
        ({"vote": ["yes", "yes", "yes"]}, "same answer"),
    ],
)
def test_votes_that_cannot_be_used_are_refused_with_the_offending_value(columns: dict, said: str):
    table = pa.table(
        {"rollcall": [1, 1, 1], "year": [2000] * 3, "state": ["A", "B", "C"], "vote": ["yes", "no", "yes"]}
    )
    with pytest.raises(RelationsError, match=said):
        estimate_ideal_points(change(table, **columns))


def test_a_missing_column_and_an_empty_table_are_refused():
    table = pa.table({"rollcall": [1], "year": [2000], "state": ["A"], "vote": ["yes"]})
    with pytest.raises(RelationsError, match="'vote' is missing"):
        estimate_ideal_points(table.drop_columns(["vote"]))
    with pytest.raises(RelationsError, match="there is no vote"):
        estimate_ideal_points(table.slice(0, 0))


def test_a_seat_of_two_states_in_a_year_is_refused():
    rows = {"rollcall": [1, 2], "year": [2000] * 2, "state": ["A", "B"], "seat": ["A"] * 2, "vote": ["yes", "no"]}
    with pytest.raises(RelationsError, match="A in 2000 belongs to two states"):
        estimate_ideal_points(pa.table(rows))


def small_ballots() -> Ballots:
    """Two years, four items, three states."""
    item, state = (grid.ravel() for grid in np.meshgrid(np.arange(4), np.arange(3), indexing="ij"))
    answer = np.array([0, 1, 2, 0, 2, 2, 2, 1, 0, 0, 0, 2])
    return Ballots(item, state, answer, np.array([0, 0, 1, 1]), 3, 2)


@pytest.mark.parametrize("half", ["items", "positions"])
def test_a_newton_step_from_the_mode_stays_there(half: str):
    ballots, prior = small_ballots(), read_voting_parameters().prior
    terms, position = np.tile([-1.0, -1.0, 1.0], (4, 1)), np.array([[1.0, 1.0], [0.0, 0.0], [-1.0, -1.0]])
    for _ in range(80):
        if half == "items":
            terms = step_items(ballots, terms, position, prior)
        else:
            position, _ = step_positions(ballots, terms, position, prior)
    if half == "items":
        assert np.allclose(step_items(ballots, terms, position, prior), terms, atol=1e-6)
    else:
        again, variance = step_positions(ballots, terms, position, prior)
        assert np.allclose(again, position, atol=1e-8)
        assert (variance > 0).all()


def test_the_variances_are_those_of_the_inverse_of_the_curvature():
    ballots, prior = small_ballots(), read_voting_parameters().prior
    terms, position = np.tile([-1.0, -1.0, 1.0], (4, 1)), np.zeros((3, 2))
    _, variance = step_positions(ballots, terms, position, prior)
    low, high = 1 / (1 + np.exp(1)), 1 / (1 + np.exp(-1))
    weight = {0: low * (1 - low), 1: low * (1 - low) + high * (1 - high), 2: high * (1 - high)}
    for state in range(3):
        curve = np.zeros((2, 2))
        for k in np.flatnonzero(ballots.state == state):
            curve[ballots.year[ballots.item[k]]] += np.eye(2)[ballots.year[ballots.item[k]]] * weight[ballots.answer[k]]
        curve += np.array([[1, -1], [-1, 1]]) / prior.walk
        curve[0, 0] += 1 / prior.first
        assert np.allclose(variance[state], np.diag(np.linalg.inv(curve)))


def test_the_fit_explains_the_votes_better_than_where_it_starts(votes: pa.Table):
    from comity.relations.voting import _check_votes, _place_votes

    ballots, *_ = _place_votes(_check_votes(votes))
    prior = read_voting_parameters().prior
    start = Fit(start_terms(ballots), start_positions(ballots), np.empty(0))
    fit = fit_votes(ballots, prior, 16)
    assert measure_likelihood(ballots, fit) > measure_likelihood(ballots, start) + 100


def test_repeated_resolutions_are_paired_by_title_and_by_like_answers(votes: pa.Table):
    from comity.relations.voting import _check_votes, _list_titles, _place_votes

    rows = _check_votes(votes)
    ballots, *_ = _place_votes(rows)
    rule = read_voting_parameters().repeats
    titles = _list_titles(rows)
    links = link_resolutions(ballots, titles, rule)
    assert {titles[a] == titles[b] for a, b in links} <= {True}
    assert link_resolutions(ballots, [None] * len(titles), rule).shape == (0, 2)
    assert len(np.unique(links[:, 0])) == len(links) == len(np.unique(links[:, 1]))


def test_years_on_one_line_already_stay_there():
    position = np.repeat(np.linspace(-1, 1, 10)[:, None], 3, 1)
    item, state = (grid.ravel() for grid in np.meshgrid(np.arange(3), np.arange(10), indexing="ij"))
    ballots = Ballots(item, state, np.ones(30, int), np.arange(3), 10, 3)
    terms = np.tile([-1.0, -1.0, 1.0], (3, 1))
    fit = Fit(terms, position * [1.0, 2.0, 0.5] + [0.0, 1.0, -1.0], np.ones_like(position))
    unit, origin = equate_years(ballots, fit, np.empty((0, 2), int), 0.3, 0.01)
    line = fit.position * unit + origin
    assert np.allclose(line, line[:, :1], atol=1e-6)


def test_members_are_named_by_the_state_that_held_the_code_then():
    before, after = name_voter("CS", 1970), name_voter("YU", 2010)
    assert before != after
    assert name_voter("RU", 1970) != name_voter("RU", 2000)
    with pytest.raises(UnknownActor):
        name_voter("QQ", 2000)


def test_an_unnamed_member_is_placed_only_where_one_state_fits():
    rollcalls = pa.table({"rcid": [1], "date": ["1980-11-01"], "short": ["A"]})
    codes = ["PT", None, "DD", "SA", None, "YD", "US", None]
    votes = pa.table({"rcid": [1] * 8, "country_code": codes, "vote": ["yes"] * 8})
    table, ledger = read_roll_calls(votes, rollcalls)
    assert ledger == {"kept": 7, "placed": 2, "dropped": 1}
    assert table.num_rows == 7
    assert set(table["year"].to_pylist()) == {1980}
