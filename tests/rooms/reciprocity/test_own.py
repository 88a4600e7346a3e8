"""Series of one's own: read cell by cell, refused by line and column."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

import comity
from comity.api.reciprocity import Terms
from comity.api.view import View, WrongUse
from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.own import read_csv, read_table
from comity.reciprocity.step import read_own_series

WEEKS = [date(2001, 1, 1) + timedelta(days=7 * n) for n in range(60)]
NOISE = np.random.default_rng(3).standard_normal((60, 2)).round(3)


def write_csv(values=NOISE, starts=WEEKS, header="week,a2b,b2a") -> str:
    """Give the text of a file."""
    rows = [f"{start},{','.join(map(str, row))}" for start, row in zip(starts, np.asarray(values), strict=True)]
    return "\n".join([header, *rows]) + "\n"


def change_line(number: int, line: str) -> str:
    """Give the file with another line in one place; the first line is 1."""
    lines = write_csv().splitlines()
    lines[number - 1] = line
    return "\n".join(lines)


def test_a_file_is_read_with_its_names_periods_and_step():
    own = read_csv(write_csv(), "own.csv")
    assert (own.names, own.by, own.starts) == (("a2b", "b2a"), "week", tuple(WEEKS))
    np.testing.assert_array_equal(own.values, NOISE)


@pytest.mark.parametrize(
    ("starts", "by"),
    [
        ([date(2001, 1, 1) + timedelta(days=n) for n in range(60)], "day"),
        ([date(2001 + n // 12, n % 12 + 1, 1) for n in range(60)], "month"),
        ([date(1950 + n, 1, 1) for n in range(60)], "year"),
        ([date(2001, 1, 1) + timedelta(days=10 * n) for n in range(60)], "step of 10 days"),
    ],
)
def test_the_step_is_found_from_the_days(starts, by):
    assert read_csv(write_csv(starts=starts), "f").by == by
    assert read_csv(write_csv(starts=[f"{s:%Y-%m}" for s in starts]), "f").by == by if by in ("month", "year") else True


@pytest.mark.parametrize(
    ("line", "said", "where"),
    [
        ("2001-01-22,1.5,", "missing", "line 5, column 'b2a'"),
        ("2001-01-22,nan,1", "missing", "line 5, column 'a2b'"),
        ("2001-01-22,inf,1", "inf", "line 5, column 'a2b'"),
        ('2001-01-22,"1,5",1', "'1,5' is no number", "line 5, column 'a2b'"),
        ("22.1.2001,1,1", "is no day", "line 5, column 'week'"),
        ("2001-01-15,1,1", "twice, first in own.csv, line 4", "line 5, column 'week'"),
        ("2000-12-25,1,1", "stands after 2001-01-15", "line 5, column 'week'"),
        ("2001-01-23,1,1", "after 8 days", "line 5, column 'week'"),
        ("2001-01-22,1", "2 cells", "line 5"),
    ],
)
def test_a_bad_line_is_named_with_its_column(line, said, where):
    with pytest.raises(ReciprocityError) as told:
        read_csv(change_line(5, line), "own.csv")
    assert said in told.value.what
    assert where in told.value.where


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("when,a2b,b2a", "no column of periods"),
        ("week,a2b,a2b", "'a2b' stands over two columns"),
        ("week,,b2a", "column 2 has no name"),
        ("week,day,b2a", "two columns of periods"),
    ],
)
def test_a_bad_first_line_is_told(header, said):
    with pytest.raises(ReciprocityError, match=said):
        read_csv(write_csv(header=header), "own.csv")


@pytest.mark.parametrize("text", ["", "week,a,b\n"])
def test_a_file_without_values_says_too_little(text):
    with pytest.raises(TooLittle):
        read_csv(text, "own.csv")


def test_a_week_left_out_is_not_a_week_without_acts():
    short = write_csv(np.delete(NOISE, 10, 0), WEEKS[:10] + WEEKS[11:])
    with pytest.raises(ReciprocityError, match="after 14 days"):
        read_csv(short, "own.csv")


def test_what_never_varies_is_named():
    constant = read_csv(write_csv(NOISE * [1, 0]), "own.csv")
    with pytest.raises(TooLittle, match="'b2a' is 0 in all 60 periods"):
        constant.choose(())


def test_series_are_chosen_by_name_in_the_order_given():
    own = read_csv(write_csv(), "own.csv")
    np.testing.assert_array_equal(own.choose(("b2a", "a2b")).values, NOISE[:, ::-1])
    for names, said in ((("a2b", "c"), "'c'"), (("a2b", "a2b"), "twice")):
        with pytest.raises(ReciprocityError, match=said):
            own.choose(names)
    three = read_table(np.column_stack([NOISE, NOISE[:, 0]]))
    with pytest.raises(ReciprocityError, match="3 series"):
        three.choose(())


@pytest.fixture
def kinds(tmp_path):
    """Give the same series as a file, a table, a mapping and an array."""
    file = tmp_path / "own.csv"
    file.write_text(write_csv(), "utf-8")
    columns = {"week": WEEKS, "a2b": NOISE[:, 0], "b2a": NOISE[:, 1].tolist()}
    return [file, str(file), pa.table({**columns, "a2b": NOISE[:, 0].tolist()}), columns, NOISE, NOISE.tolist()]


FUNCTIONS = [
    comity.fit_var,
    comity.identify_granger,
    comity.identify_responses,
    comity.fit_bayes,
    comity.identify_projection,
    comity.identify_steadiness,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_every_kind_of_table_gives_the_same_answer(function, kinds):
    terms = Terms(lags=2, horizon=2)
    told = {"pairs", "series", "by", "first_period", "last_period", "sides"}
    answers = [{k: v for k, v in function(series=one, terms=terms).items() if k not in told} for one in kinds]
    assert all(one == answers[0] for one in answers)


def test_naming_the_series_in_the_other_order_swaps(kinds):
    here, there = (
        comity.identify_granger(*names, series=kinds[0], terms=Terms(lags=2))["tests"]
        for names in (("a2b", "b2a"), ("b2a", "a2b"))
    )
    assert here[0]["statistic"] == pytest.approx(there[1]["statistic"])


def test_a_third_series_and_many_pairs_are_taken_from_a_table():
    more = np.random.default_rng(4).standard_normal((60, 2))
    wide = {"a2b": NOISE[:, 0], "b2a": NOISE[:, 1], "c2a": more[:, 0], "c2b": more[:, 1]}
    found = comity.identify_influence("a2b", "b2a", ["c2a", "c2b"], series=wide, terms=Terms(lags=1))
    assert found["series"] == ["a2b", "b2a", "c2a", "c2b"] and 0 <= found["p_value"] <= 1
    pairs = {"x>y": NOISE[:, 0], "y>x": NOISE[:, 1], "z>y": more[:, 0], "y>z": more[:, 1]}
    finds = comity.identify_pairs(series=pairs, terms=Terms(lags=1))["finds"]
    assert {(one["cause"], one["effect"]) for one in finds} == {("x", "y"), ("y", "x"), ("y", "z"), ("z", "y")}
    assert (
        finds
        == comity.identify_pairs(series={("x", "y"): NOISE, ("y", "z"): more[:, ::-1]}, terms=Terms(lags=1))["finds"]
    )
    with pytest.raises(ReciprocityError, match="'x>y' has no counterpart"):
        comity.identify_pairs(series={"x>y": NOISE[:, 0], "y>z": NOISE[:, 1]})


@pytest.mark.parametrize("source", ["none.csv", 7, {"a": [1, 2], "b": [1]}, [[1, 2], [1]]])
def test_what_is_no_table_is_refused(source):
    with pytest.raises(ReciprocityError):
        read_own_series(source)


def test_a_question_to_nobody_or_to_two_sources_is_refused(tmp_path):
    with pytest.raises(WrongUse, match="not named"):
        comity.identify_granger()
    with pytest.raises(WrongUse, match="both a store and series"):
        comity.identify_granger(series=NOISE, view=View(store=tmp_path))


ONE_ACT = np.zeros((60, 2))
ONE_ACT[30] = [3.0, -2.0]
HOLED = NOISE.copy()
HOLED[7, 1] = np.nan
BAD = {
    "constant": ({"week": WEEKS, "a": NOISE[:, 0], "b": np.full(60, 2.5)}, TooLittle, "'b' is 2.5 in all 60 periods"),
    "one event": ({"week": WEEKS, "a": ONE_ACT[:, 0], "b": ONE_ACT[:, 1]}, TooLittle, "'a' departs from 0 in 1 of 60"),
    "all missing": ({"week": WEEKS, "a": [None] * 60, "b": [None] * 60}, ReciprocityError, "row 1, column 'a'"),
    "a day twice": (
        {"week": WEEKS[:59] + WEEKS[58:59], "a": NOISE[:, 0], "b": NOISE[:, 1]},
        ReciprocityError,
        "row 60",
    ),
    "not a number": ({"week": WEEKS, "a": HOLED[:, 0], "b": HOLED[:, 1]}, ReciprocityError, "row 8, column 'b'"),
    "infinite": ({"a": np.append(NOISE[:59, 0], np.inf), "b": NOISE[:, 1]}, ReciprocityError, "row 60, column 'a'"),
    "no period": ({"a": [], "b": []}, TooLittle, "no period"),
    "three periods": ({"a": [1.0, 2.0, 4.0], "b": [3.0, 1.0, 7.0]}, TooLittle, "periods"),
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("table", BAD)
def test_a_bad_table_is_told_by_every_method_in_the_same_words(function, table):
    series, kind, said = BAD[table]
    with pytest.raises(kind) as told:
        function("a", "b", series=series, terms=Terms(lags=2, horizon=2))
    assert said in str(told.value)
    with pytest.raises(kind):
        comity.identify_influence("a", "b", "c", series={**series, "c": list(series["a"])[::-1]})
