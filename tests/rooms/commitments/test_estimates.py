"""Agreement of coders, follow-through and outlook: what they say of little, of much, and of nothing."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.specimens.promises import TODAY, make_assessment, make_commitment, make_register, make_standing

from comity.commitments.agreement import compare_coders, measure_alpha
from comity.commitments.credit import STEP, FitError, Prior, Response, fit_mode, lay_design, measure_values
from comity.commitments.followthrough import estimate_followthrough, list_responses
from comity.commitments.hazard import fit_hazard
from comity.commitments.histories import History, tally_months, trace_histories
from comity.commitments.outlook import estimate_outlook, score_trials, share_jeffreys, try_origins
from comity.commitments.sampling import Approximation, draw_points, find_quantiles
from comity.commitments.scales import ScaleError


def make_responses(seed: int, items: int = 25, first: str = "NOR", second: str = "SWE") -> list[Response]:
    random = np.random.default_rng(seed)
    reach = {first: 1.5, second: -0.5}
    hard = random.normal(size=items)
    return [
        Response(party, field, f"i{n}", "kept", int(random.random() < 1 / (1 + np.exp(hard[n] - reach[party]))), 2)
        for n in range(items)
        for party in (first, second)
        for field in (("trade", "water")[n % 2],)
    ]


def test_coders_who_agree_have_an_alpha_of_one():
    grid = np.array([[1.0, 2, 3, 1, 2], [1, 2, 3, 1, 2]])
    assert measure_alpha(grid)["alpha"] == 1.0


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        (np.full((2, 3), np.nan), "no unit"),
        (np.array([[1.0, np.nan], [np.nan, 2.0]]), "no unit"),
        (np.ones((2, 4)), "same"),
        (np.zeros((0, 0)), "no unit"),
    ],
)
def test_where_alpha_says_nothing_it_says_why(grid: np.ndarray, words: str):
    found = measure_alpha(grid)
    assert found["alpha"] is None and words in found["verdict"]


def test_few_units_have_no_interval():
    found = measure_alpha(np.array([[1.0, 2], [1, 1]]))
    assert found["low"] is None and "2 units" in found["verdict"]


def test_an_unknown_level_of_measurement_is_refused():
    with pytest.raises(ScaleError, match="cardinal"):
        measure_alpha(np.ones((2, 2)), "cardinal")


def test_only_a_coders_last_word_counts_and_words_without_a_level_are_left_out():
    said = [make_assessment("a", "broken"), make_assessment("a", "done", day=date(2023, 3, 1))]
    said += [make_assessment("a", "done", coder="two"), make_assessment("b", "withdrawn", scale="ogp")]
    found = compare_coders(said, "kept")
    assert (found["units"], found["values"], found["coders"]) == (1, 2, ["one", "two"])
    assert compare_coders(said, "ogp")["left_out"] == 1


def test_swapping_the_parties_swaps_their_follow_through_and_nothing_else():
    one, other = (estimate_followthrough(make_responses(1, 8, *names)) for names in (("NOR", "SWE"), ("SWE", "NOR")))
    swap = {"NOR": "SWE", "SWE": "NOR"}
    told = {(swap[row["party"]], row["field"]): {**row, "party": ""} for row in one["rows"]}
    assert told == {(row["party"], row["field"]): {**row, "party": ""} for row in other["rows"]}


def test_more_commitments_give_narrower_intervals_and_the_interval_holds_the_median():
    def measure(items: int) -> float:
        rows = estimate_followthrough(make_responses(2, items))["rows"]
        assert all(0 <= row["low"] < row["share"] < row["high"] <= 1 for row in rows)
        return max(row["high"] - row["low"] for row in rows if row["field"] is None)

    assert measure(40) < measure(4)


def test_follow_through_is_held_against_difficulty():
    hard = [Response("SWE", "trade", f"h{n}", "kept", n % 2, 2) for n in range(20)]
    hard += [Response(party, "trade", f"h{n}", "kept", 0, 2) for party in ("DNK", "FIN") for n in range(20)]
    easy = [Response(party, "trade", f"e{n}", "kept", 1, 2) for party in ("DNK", "FIN") for n in range(20)]
    easy += [Response("NOR", "trade", f"e{n}", "kept", n % 2, 2) for n in range(20)]
    share = {row["party"]: row for row in estimate_followthrough([*hard, *easy])["rows"] if row["field"] is None}
    assert share["SWE"]["plain"] == share["NOR"]["plain"] == 0.5
    assert share["SWE"]["share"] > share["NOR"]["share"] + 0.2


def test_one_judged_commitment_says_that_it_is_little():
    rows = estimate_followthrough([Response("NOR", "trade", "a", "pam", 3, 4)])["rows"]
    assert "only 1" in rows[0]["verdict"] and rows[0]["high"] - rows[0]["low"] > 0.4


def test_draws_agree_with_an_integral_where_all_was_kept():
    design = lay_design([Response("NOR", "trade", f"i{n}", "kept", 1, 2) for n in range(8)])
    prior = Prior(3.0, 1e-3, scatter=0.7)
    fit = fit_mode(design, prior)
    drawn = draw_points(design, [Approximation(prior, 0.0, fit)])
    reach, step = (axis.ravel() for axis in np.meshgrid(np.linspace(-6, 16, 150), np.linspace(-16, 6, 150)))
    points = np.column_stack([reach, 0 * reach, step, np.full(len(reach), 0.7)])
    height = measure_values(design, points) - 0.5 * (reach / 3.0) ** 2 - 0.5 * (step / STEP) ** 2
    weight = np.exp(height - height.max())
    share = 1 / (1 + np.exp(step - reach))
    exact = find_quantiles(share, weight / weight.sum(), (0.05, 0.5, 0.95))
    found = find_quantiles(1 / (1 + np.exp(drawn.points[:, 2] - drawn.points[:, 0])), drawn.weight, (0.05, 0.5, 0.95))
    assert found == pytest.approx(exact, abs=0.01)
    normal = fit.mode[0] - fit.mode[2] - 1.645 * np.sqrt(np.array([1, 0, -1, 0]) @ fit.covariance @ [1, 0, -1, 0])
    assert 1 / (1 + np.exp(-normal)) < exact[0] - 0.02, "a normal approximation alone is off by more"


def test_parties_who_were_judged_alike_are_told_the_same():
    alike = [Response(party, "trade", f"i{n}", "kept", n % 2, 2) for n in range(6) for party in ("NOR", "SWE", "DNK")]
    rows = estimate_followthrough([*alike, Response("FIN", "trade", "i0", "kept", 1, 2)])["rows"]
    told = {tuple(row[name] for name in ("share", "low", "high")) for row in rows if row["party"] != "FIN"}
    assert len(told) == 2, "one for a party alone, one for its field"


def test_nothing_judged_is_an_error_that_says_what_to_do():
    with pytest.raises(FitError, match="no commitment was judged"):
        estimate_followthrough(list_responses(make_standing([make_commitment("a", "NOR")]), TODAY))


def make_histories(random: np.random.Generator, told: bool) -> list[History]:
    rows = []
    for n in range(90):
        start = date(2012, 1, 1) + timedelta(days=int(random.integers(0, 2000)))
        due = start + timedelta(days=int(random.integers(300, 1200)))
        late = random.integers(-40, 20) if told else random.integers(-1500, 1500)
        done = due + timedelta(days=int(late))
        rows.append(History(f"c{n}", "trade", start, due, max(done, start), None))
    return rows


@pytest.mark.parametrize(("told", "shown"), [(True, "model"), (False, "base rate")])
def test_a_model_is_shown_only_where_it_did_better_than_the_base_rate(told: bool, shown: str):
    rows = make_histories(np.random.default_rng(3), told)
    scores = score_trials(try_origins(rows, date(2019, 1, 1)))
    assert scores["shown"] == shown and scores["trials"] >= 50


def test_an_origin_does_not_see_what_came_later():
    rows = make_histories(np.random.default_rng(4), True)
    later = [History(row.commitment, row.field, row.start, row.due, row.fulfilled if row.fulfilled
             and row.fulfilled <= date(2017, 1, 1) else None, None) for row in rows]  # fmt: skip
    cut = date(2017, 1, 1)
    assert tally_months(rows, cut) == tally_months(later, cut)


def test_an_empty_register_has_an_outlook_that_says_so():
    found = estimate_outlook(make_standing(), TODAY)
    assert found["rows"] == [] and found["shown"] == "base rate"
    assert found["base"]["high"] - found["base"]["low"] > 0.9


def test_an_outlook_tells_of_open_commitments_only_and_is_the_same_twice():
    found = estimate_outlook(make_register(), TODAY)
    names = {row["commitment"] for row in found["rows"]}
    assert names == {"e-late", "f-waits", "g-soon", "h-begun", "i-silent"}
    assert found == estimate_outlook(make_register(), TODAY)
    assert all(row["low"] <= row["chance"] <= row["high"] for row in found["rows"])


def test_a_later_day_is_never_less_likely():
    near, far = (estimate_outlook(make_register(), TODAY, by=TODAY + timedelta(days=n)) for n in (30, 900))
    assert near["base"]["share"] < far["base"]["share"]


def test_jeffreys_interval_of_little_is_wide():
    assert share_jeffreys(0, 1)[2] > 0.6


def test_an_unknown_field_has_a_chance_with_all_its_spread():
    fitted = fit_hazard({("trade", "first half"): (2, 100)})
    known, unknown = (fitted.predict_chance(name, [("first half", 12)]) for name in ("trade", "new"))
    assert unknown.std() > known.std()


def test_a_course_begins_with_the_agreement_and_ends_where_it_was_broken():
    courses = {row.commitment: row for row in trace_histories(make_register())}
    assert courses["a-done"].fulfilled == date(2023, 1, 1) and courses["c-broken"].ended == date(2023, 1, 1)
    assert not courses["c-broken"].is_open(TODAY) and courses["e-late"].is_open(TODAY)
