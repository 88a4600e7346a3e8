"""`comity integration index`: pairs, groups, tables of one's own, and what is wrong with them."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import comity
from comity.cli.integration import command
from comity.integration.indices import step
from comity.lexicon import ComityError

SPEC = """
comity_index: 1
id: own
data: own.csv
indicators: [{id: x, parent: all}, {id: y, parent: all, direction: -1}]
aggregates: [{id: all}]
"""


def run(*words: object) -> Any:
    return CliRunner().invoke(command, ["index", *map(str, words)], catch_exceptions=False)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own.yml").write_text(SPEC, "utf-8")
    (tmp_path / "own.csv").write_text("unit,x,y\na,1,3\nb,,4\nc,5,9\nd,4,1\n", "utf-8")
    return tmp_path / "own.yml"


def test_a_pair_is_that_of_the_interface():
    assert json.loads(run("pairs", "--pair", "Poland", "DEU", "--json").stdout) == comity.estimate_pair("DEU", "POL")
    shown = run("pairs", "--pair", "Poland", "DEU").stdout
    assert "Institutions and votes" in shown and "Integration" in shown


def test_a_group_is_that_of_the_interface():
    names = ["Ghana", "Togo", "Benin"]
    printed = json.loads(run("pairs", "--group", ", ".join(names), "--weigh-by", "population", "--json").stdout)
    assert printed == comity.estimate_group(names, weigh_by="population")
    assert printed["members"] == ["BEN", "GHA", "TGO"]
    assert [part["low"] <= part["score"] <= part["high"] for part in printed["inside"] + printed["outside"]] == [
        True
    ] * 12


def test_an_organisation_stands_for_its_members_on_the_day_that_is_said():
    printed = json.loads(run("pairs", "--group", "ecowas", "--on", "2024-06-30", "--json").stdout)
    (told,) = printed["organisations"]
    assert (told["id"], told["on"], len(told["members"])) == ("IGO:ECOWAS", "2024-06-30", 15)
    listed = comity.estimate_group(told["members"])
    assert printed == listed | {"organisations": [told]} and listed["organisations"] == []
    assert printed["pairs"] == 105 and told["members"] == printed["members"]


def test_without_a_day_members_are_those_of_the_last_year_of_the_data():
    last = f"{step.read_data_year()}-12-31"
    assert comity.estimate_group("ASEAN")["organisations"][0]["on"] == last
    shown = run("pairs", "--group", "ASEAN").stdout
    assert f"Association of Southeast Asian Nations (IGO:ASEAN), 10 members on {last}:\n  BRN, IDN" in shown


def test_pairs_of_members_without_an_index_are_named_and_counted():
    group = comity.estimate_group("IGO:AU")
    assert ["BEN", "ESH"] in group["left_out"] and group["pairs"] == 55 * 54 // 2
    shown = run("pairs", "--group", "AU").stdout
    assert f"{len(group['left_out'])} pairs of 1,485 inside have no index and widen the interval: AGO-ESH, " in shown
    assert f"and {len(group['left_out']) - 30} more (--json lists all)" in shown


def test_an_organisation_in_a_list_stands_beside_states():
    group = comity.estimate_group(["IGO:ASEAN", "China", "Japan", "South Korea"])
    assert len(group["members"]) == 13 and [told["id"] for told in group["organisations"]] == ["IGO:ASEAN"]
    with pytest.raises(ComityError, match="stands twice"):
        comity.estimate_group(["ASEAN", "Viet Nam"])


def test_a_day_may_be_a_date_a_time_or_text():
    days = (date(2020, 1, 31), datetime(2020, 1, 31, 12), "2020-01-31")
    one, two, three = (comity.estimate_group("EFTA", on=day) for day in days)
    assert one == two == three


def test_days_after_the_table_of_memberships_are_said():
    assert "2030-01-01 (the table of memberships is of " in run("pairs", "--group", "EFTA", "--on", "2030-01-01").stdout


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("pairs", "--group", "Ruritania"), "'Ruritania'"),
        (("pairs", "--group", "WTO"), "does not have the members of World Trade Organization"),
        (("pairs", "--group", "EU", "--on", "1990-01-01"), "from 1993-11-01, not on 1990-01-01"),
        (("pairs", "--group", "EU", "--on", "soon"), "'soon' is no day"),
        (("pairs", "--group", "Ghana,Togo", "--on", "2020-01-01"), "no organisation is named"),
    ],
)
def test_an_organisation_or_day_that_is_none_is_an_error_that_names_it(words: tuple[str, ...], what: str):
    with pytest.raises(ComityError, match=re.escape(what)):
        run(*words)


def test_a_day_without_a_group_is_refused():
    result = run("pairs", "--on", "2020-01-01")
    assert result.exit_code == 2 and "--group" in result.output


def test_a_table_beside_its_specification_is_ranked_with_the_account_of_each_stage(own: Path):
    printed = json.loads(run(own, "--draws", 600, "--seed", 2, "--json").stdout)
    assert [unit["unit"] for unit in printed["units"]] == ["d", "b", "c", "a"]
    assert printed["units"][1]["low_bound"] < printed["units"][1]["score"] < printed["units"][1]["high_bound"]
    imputed = next(stage for stage in printed["stages"] if stage["stage"] == "impute")
    assert [(row["unit"], row["indicator"]) for row in imputed["account"]] == [("b", "x")]
    assert printed["spread"]["draws"] == 600
    assert printed == json.loads(run(own, "--draws", 600, "--seed", 2, "--json").stdout)
    assert "impute" in run(own, "--draws", 600).stdout


def test_what_would_move_a_unit(own: Path):
    moves = json.loads(run(own, "--move", "b", "--json").stdout)
    assert {move["indicator"]: move["known"] for move in moves} == {"x": False, "y": True}
    assert "gain" in run(own, "--move", "b").stdout


def test_parquet_and_csv_give_the_same(own: Path, tmp_path: Path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"unit": ["a", "b", "c", "d"], "x": [1, None, 5, 4], "y": [3, 4, 9, 1]})
    pq.write_table(table, tmp_path / "own.parquet")
    assert run(own, "--data", tmp_path / "own.parquet", "--json").stdout == run(own, "--json").stdout


def test_pairs_take_a_table_and_a_specification_of_ones_own(tmp_path: Path):
    from comity.integration.indices.step import SPECIFICATION

    text = SPECIFICATION.read_text("utf-8")
    text = text.replace(
        "aggregates:\n", "  - {id: claims, parent: finance}\naggregates:\n  - {id: finance, parent: integration}\n"
    )
    (tmp_path / "own.yml").write_text(text, "utf-8")
    (tmp_path / "own.csv").write_text("a,b,claims\nGermany,POL,3\nFRA,DEU,9\nFRA,POL,1\n", "utf-8")
    found = json.loads(
        run(tmp_path / "own.yml", "--data", tmp_path / "own.csv", "--pair", "FRA", "DEU", "--json").stdout
    )
    finance = next(part for part in found["dimensions"] if part["id"] == "finance")
    assert finance["score"] == 100.0 and finance["known"] == 1


def test_questions_that_do_not_fit_end_with_a_reason(own: Path, tmp_path: Path):
    assert "take an index of pairs" in run(own, "--pair", "DEU", "POL").stderr
    bare = tmp_path / "bare.yml"
    bare.write_text(SPEC.replace("data: own.csv\n", ""), "utf-8")
    assert "--data FILE" in run(bare).stderr
    with pytest.raises(ComityError, match="cannot read none.csv"):
        run(own, "--data", tmp_path / "none.csv")
