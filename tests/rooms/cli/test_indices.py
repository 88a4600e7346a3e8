"""`comity integration index`: pairs, groups, tables of one's own, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import comity
from comity.cli.integration import command
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
