"""Published tables of scores: the figure printed beside them comes out to the printed digit."""

import struct
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from comity.commitments.aggregates import sum_up, sum_up_years

QUOTED = yaml.safe_load(Path(__file__).with_name("commitment_aggregates.yml").read_text("utf-8"))
ROWS = [
    pytest.param(table, row, id=f"{table['reference']} {row['commitment']}")
    for table in QUOTED["means"]
    for row in table["rows"]
]


def test_every_quoted_row_has_a_cell_for_each_member():
    assert all(len(row["scores"]) == len(table["members"]) for table in QUOTED["means"] for row in table["rows"])


@pytest.mark.parametrize(("table", "row"), ROWS)
def test_a_mean_score_is_the_printed_one(table: dict[str, Any], row: dict[str, Any]):
    filling = [0] if table["empty"] == "counted as zero" else []
    scores = [str(score) for cell in row["scores"] for score in (filling if cell is None else [cell])]
    assert Decimal(sum_up("g7-g20", scores)["mean"]) == Decimal(row["mean"])


def test_an_empty_cell_is_left_out_and_not_a_zero():
    """The report of 1998 counted it as one; the data sets since then, and this package, do not."""
    earliest = next(table for table in QUOTED["means"] if table["empty"] == "counted as zero")
    row = next(row for row in earliest["rows"] if row["commitment"] == "terrorism")
    judged = [str(score) for score in row["scores"] if score is not None]
    assert sum_up("g7-g20", judged)["mean"] == "0.83" != row["mean"]


@pytest.mark.parametrize("row", QUOTED["pam"]["rows"], ids=lambda row: f"{row['accord']} {row['year']}")
def test_a_years_score_of_an_accord_is_the_one_of_the_data_set(row: dict[str, Any]):
    """One score shows the single precision in which it is held: 5 of 72 points are 6.944444 %, and it says 6.944445."""
    codes, printed = [str(code) for code in row["codes"]], Decimal(row["score"])
    assert sum(row["codes"]) == row["points"]
    digits = max(0, -int(printed.as_tuple().exponent))
    found = sum_up("pam", codes, digits)["percent"]
    held = struct.unpack("f", struct.pack("f", 100 * row["points"] / (3 * len(codes))))[0]
    assert f"{held:.7g}" == row["score"]
    assert Decimal(found) == printed or (row["score"], found) == ("6.944445", "6.944444")


def test_an_accord_is_scored_year_by_year():
    years = {row["year"]: row for row in QUOTED["pam"]["rows"] if row["accord"] == "National Pact"}
    found = sum_up_years({year: [str(code) for code in row["codes"]] for year, row in years.items()}, 5)
    assert found == {"1992": "20.83333", "1993": "25.00000"}
    assert {year: Decimal(score) for year, score in found.items()} == {y: Decimal(r["score"]) for y, r in years.items()}


@pytest.mark.parametrize("row", QUOTED["signed"]["rows"], ids=lambda row: row["member"])
def test_a_percentage_of_2010_is_the_printed_one(row: dict[str, Any]):
    assert sum_up("g7-g20", [str(score) for score in row["scores"]])["percent_signed"] == row["percent"]


def test_todays_percentages_are_reached_by_todays_convention_alone():
    count = QUOTED["percentages"]["commitments"]
    found = [sum_up("g7-g20", ["+1"] * full + ["0"] * (count - full)) for full in range(count + 1)]
    printed = set(QUOTED["percentages"]["printed"])
    assert printed <= {row["percent"] for row in found}
    assert not printed <= {row["percent_signed"] for row in found}


def test_only_the_g7_and_g20_ever_printed_a_signed_percentage():
    assert sum_up("pam", ["3", "0"])["percent_signed"] is None
    assert sum_up("g7-g20", [])["percent_signed"] is None


def test_a_figure_that_rounds_to_zero_has_no_sign():
    found = sum_up("g7-g20", ["-1"] + ["0"] * 299)
    assert (found["mean"], found["percent_signed"]) == ("0.00", "0")
