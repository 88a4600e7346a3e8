"""Many pairs: false discoveries held down, true ones found."""

from pathlib import Path

import numpy as np
import pytest

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.granger import identify_granger
from comity.reciprocity.many import (
    _measure_shift,
    adjust_false_discoveries,
    identify_pairs,
    shift_granger,
)
from comity.reciprocity.var import lay_lags

TIED = [[[0.3, 0.5], [0.0, 0.3]]]
APART = [[[0.5, 0.0], [0.0, 0.5]]]


def make_heavy(rng, periods):
    """Give shocks as event sums have them: mostly none, now and then very large."""
    return rng.poisson(0.7, (periods, 2)) * rng.standard_t(2.5, (periods, 2))


def test_adjusted_values_are_those_of_the_procedure():
    # Benjamini and Hochberg (1995), table of 15 p-values: four finds at 5 %.
    given = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    given += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    adjusted = adjust_false_discoveries(given)
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)
    assert (np.diff(adjusted) >= 0).all() and adjusted[-1] == 1.0


def test_the_order_of_the_tests_does_not_matter():
    given = np.random.default_rng(0).random(30)
    order = np.random.default_rng(1).permutation(30)
    np.testing.assert_allclose(adjust_false_discoveries(given)[order], adjust_false_discoveries(given[order]))


def test_under_any_dependence_fewer_are_found():
    given = np.random.default_rng(0).random(30) ** 3
    assert (adjust_false_discoveries(given, dependent=True) >= adjust_false_discoveries(given)).all()


@pytest.mark.parametrize("given", [[0.1, np.nan], [1.2], [-0.1], [[0.1]]])
def test_what_is_no_probability_is_refused(given):
    with pytest.raises(ReciprocityError, match="p-values"):
        adjust_false_discoveries(given)


def test_no_test_at_all_gives_no_value():
    assert adjust_false_discoveries([]).size == 0


def test_unshifted_the_statistic_is_grangers(courses):
    values = courses.make_var(TIED, 150, seed=1)
    basis, _ = np.linalg.qr(lay_lags(values[:, [1]], 2))
    own = values[2:, 1] - basis @ (basis.T @ values[2:, 1])
    found = _measure_shift(values[:, 1], values[:, 0], own, basis, 2)
    assert found == pytest.approx(identify_granger(values, 2)[0].statistic)


def test_a_tie_stands_out_among_shifted_series_and_none_does_not(courses):
    forward, backward = shift_granger(courses.make_var(TIED, 300, seed=2), 1)
    assert forward == pytest.approx(1 / 200)
    assert backward > 0.05


def test_shifts_keep_their_size_with_heavy_tails(courses):
    found = [
        value
        for seed in range(100)
        for value in shift_granger(courses.make_var(APART, 150, seed=seed, noise=make_heavy), 2, shifts=59)
    ]
    assert 0.01 <= np.mean(np.array(found) <= 0.05) <= 0.09


def test_on_permuted_series_under_five_percent_of_the_pairs_are_flagged(courses):
    rng = np.random.default_rng(7)
    series = {}
    for n in range(150):
        values = courses.make_var(TIED, 200, seed=n, noise=make_heavy)
        series[f"A{n}", f"B{n}"] = np.column_stack([rng.permutation(column) for column in values.T])
    finds, _ = identify_pairs(series, 2)
    flagged = {find.cause.lstrip("AB") for find in finds if find.flagged}
    assert len(flagged) / len(series) < 0.05


def test_on_permuted_weeks_of_real_pairs_under_five_percent_are_flagged(shared: Path):
    import pyarrow.parquet as pq

    rows = pq.read_table(shared / "data/reciprocity/keds_levant.cameo.parquet").to_pylist()
    weeks: dict[tuple[str, str], dict[int, float]] = {}
    for row in rows:
        if row["s"] and row["t"] and row["s"] != row["t"]:
            week = row["date"].toordinal() // 7
            # The quad class of the code stands for its score: this test is about rhythm and tails, not about scale.
            sign = 1.0 if row["code"][:2] < "09" else -1.0
            line = weeks.setdefault((row["s"], row["t"]), {})
            line[week] = line.get(week, 0.0) + sign
    first = min(min(line) for line in weeks.values())
    last = max(max(line) for line in weeks.values())
    rng = np.random.default_rng(3)
    series = {}
    for (a, b), line in sorted(weeks.items()):
        back = weeks.get((b, a), {})
        if a < b and min(len(line), len(back)) >= 40:
            both = np.zeros((last - first + 1, 2))
            for column, counts in enumerate((line, back)):
                for week, value in counts.items():
                    both[week - first, column] = value
            series[a, b] = np.column_stack([rng.permutation(column) for column in both.T])
    assert len(series) >= 20
    finds, _ = identify_pairs(series, 2)
    flagged = {frozenset((find.cause, find.effect)) for find in finds if find.flagged}
    assert len(flagged) / len(series) < 0.05


def test_ties_among_many_pairs_are_found_in_their_direction(courses):
    series = {(f"A{n}", f"B{n}"): courses.make_var(TIED if n < 5 else APART, 300, seed=n) for n in range(25)}
    finds, left_out = identify_pairs(series, 1)
    flagged = {(find.cause, find.effect) for find in finds if find.flagged}
    assert {(f"A{n}", f"B{n}") for n in range(5)} <= flagged
    assert len(flagged) <= 7 and left_out == []
    assert len(finds) == 50


def test_a_pair_that_says_too_little_is_left_out_with_its_reason(courses):
    series = {("A", "B"): courses.make_var(TIED, 200, seed=1), ("C", "D"): np.ones((200, 2))}
    finds, left_out = identify_pairs(series, 1)
    assert {find.cause for find in finds} == {"A", "B"}
    assert left_out[0][0] == ("C", "D") and "never varies" in left_out[0][1]


def test_renaming_the_pairs_only_renames_the_finds(courses):
    values = courses.make_var(TIED, 200, seed=1)
    one, _ = identify_pairs({("A", "B"): values}, 1)
    other, _ = identify_pairs({("Y", "X"): values}, 1)
    assert [(f.statistic, f.chance) for f in one] == [(f.statistic, f.chance) for f in other]


def test_short_series_leave_no_shift(courses):
    with pytest.raises(TooLittle, match="shifts"):
        shift_granger(courses.make_var(TIED, 26, seed=1), 2)


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1])
def test_a_rate_that_is_no_share_is_refused(rate):
    with pytest.raises(ReciprocityError, match="rate"):
        identify_pairs({}, 1, rate=rate)
