"""The rehearsal on the embedded sample, through the interface and the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import comity.api
from comity.api import rehearse_conduct
from comity.cli.conduct import command
from comity.conduct.errors import ConductError
from comity.conduct.example import read_schema
from comity.conduct.parameters import Terms

PARTIES = {"QMA": "Germany", "QMB": "Poland", "QMC": "France"}
TERMS = Terms(seed=5, draws=40, months=(1, 12))
WORDS = [f"--party={party}={actor}" for party, actor in PARTIES.items()]
NUMBER, FLAG, TEXT = {"type": ["number", "null"]}, {"type": ["boolean", "null"]}, {"type": "string"}
Run = Callable[..., Any]


def shape(**fields: Any) -> dict[str, Any]:
    """Give the schema of an object with exactly these fields."""
    return {"type": "object", "required": list(fields), "properties": fields, "additionalProperties": False}


def maybe(schema: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of something that may be missing."""
    return {"anyOf": [schema, {"type": "null"}]}


BANDS = shape(mean=NUMBER, low90=NUMBER, low50=NUMBER, median=NUMBER, high50=NUMBER, high90=NUMBER, missing=NUMBER)
CHANGE = shape(mean=NUMBER, low=NUMBER, high=NUMBER, probability=NUMBER)
COURSES = maybe(shape(now=BANDS, rules=BANDS, difference=CHANGE))
RISK = maybe(shape(risk=NUMBER, low=NUMBER, high=NUMBER, a_year=NUMBER))
SPIRALS = {"type": "array", "items": shape(months={"type": "integer"}, verdict=TEXT, now=RISK, rules=RISK,
                                           difference=maybe(CHANGE), more=maybe(CHANGE))}  # fmt: skip
CHECK = shape(gain=NUMBER, low=NUMBER, high=NUMBER, probability=NUMBER, days=NUMBER, expected=NUMBER, seen=NUMBER,
              answers=FLAG)  # fmt: skip
RADIUS = shape(median=NUMBER, low=NUMBER, high=NUMBER, above_one=NUMBER)
BACK = shape(left=NUMBER, low=NUMBER, median=NUMBER, high=NUMBER, not_recovered=NUMBER, set_off={"type": "object"})
LIMITS = {"type": "array", "minItems": 5, "items": shape(id=TEXT, text=TEXT)}
PARTNER = shape(
    partner=TEXT, verdict={"enum": ["", "too little to say"]}, reason=TEXT, record={"type": "object"},
    responses=maybe(shape(state=CHECK, partner=CHECK)), branching=maybe(shape(now=RADIUS, rules=RADIUS)),
    pool_pairs={"type": "integer"}, futures={"type": "integer"},
    relations={"type": "array", "items": shape(months={"type": "integer"}, verdict=TEXT, score=COURSES, net=COURSES)},
    path=maybe({"type": "array", "items": shape(week={"type": "integer"}, now=BANDS, rules=BANDS)}),
    recovery=maybe(shape(score=NUMBER, weeks={"type": "integer"}, now=BACK, rules=BACK)),
    spirals=maybe(shape(unfriendly=SPIRALS, friendly=SPIRALS)), hot=maybe(shape(unfriendly=NUMBER, friendly=NUMBER)),
    strategies=maybe({"type": "array", "minItems": 16, "items": {"type": "object", "required": [
        "strategy", "definition", "relations", "spirals", "recovery", "escalates"]}}),
    escalates=FLAG, recommended=FLAG, probability=NUMBER, change=NUMBER, limits=LIMITS,
)  # fmt: skip
PRINTED = shape(
    profile={"type": "object"}, other=maybe({"type": "object"}), partners={"type": "array", "items": PARTNER},
    escalates=FLAG, recommended=FLAG, summary={"type": "array", "items": TEXT}, terms={"type": "object"},
    definitions={"type": "object"}, limits=LIMITS, about={"type": "object"},
)  # fmt: skip


@pytest.fixture(scope="module")
def found(examples: Path) -> dict[str, Any]:
    """Give a rehearsal of an example, real actors in the places of its parties."""
    return rehearse_conduct(examples / "arcadia.yml", parties=PARTIES, partners=["QMB", "QMC"], terms=TERMS)


@pytest.fixture
def run() -> Run:
    """Give a runner of the command."""
    return lambda *words: CliRunner().invoke(command, list(map(str, words)))


def test_the_result_has_its_published_shape(found: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(PRINTED).validate(json.loads(json.dumps(found)))
    assert [row["partner"] for row in found["partners"]] == ["FRA", "POL"]
    assert found["terms"]["seed"] == 5 and "goldstein" in found["about"]["scale"]


def test_the_sample_is_too_short_for_a_year(found: dict[str, Any]) -> None:
    for row in found["partners"]:
        assert [month["verdict"] for month in row["relations"]] == ["", "too little to say"]


def test_another_process_prints_the_same_bytes(found: dict[str, Any], examples: Path) -> None:
    words = ["conduct", "rehearse", str(examples / "arcadia.yml"), "--seed=5", "--draws=40", "--months=1,12", "--json"]
    words += [*WORDS, "--partner=QMC", "--partner=QMB"]
    start = [sys.executable, "-c", "from comity.cli.main import main; main()"]
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    done = subprocess.run([*start, *words], check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == (1 if found["escalates"] else 0), done.stderr
    assert json.loads(done.stdout) == json.loads(json.dumps(found))


def test_one_partner_alone_gives_what_it_gives_among_others(found: dict[str, Any], examples: Path) -> None:
    alone = rehearse_conduct(examples / "arcadia.yml", parties=PARTIES, partners=["Poland"], terms=TERMS)
    assert alone["partners"] == [row for row in found["partners"] if row["partner"] == "POL"]


def test_both_sides_may_follow_rules(examples: Path) -> None:
    file = examples / "arcadia.yml"
    both = rehearse_conduct(file, parties=PARTIES, partners=["POL"], other=file, terms=TERMS)
    assert both["other"]["state"] == "DEU" and both["partners"][0]["verdict"] == ""
    theirs = rehearse_conduct(file, parties=PARTIES, partners=["POL"], other=examples / "borduria.yml", terms=TERMS)
    assert theirs["other"]["state"] == "POL"
    with pytest.raises(ConductError, match="not of 'FRA'"):
        rehearse_conduct(file, parties=PARTIES, partners=["FRA"], other=examples / "borduria.yml", terms=TERMS)


def test_an_example_without_real_parties_has_nobody_to_rehearse_with(examples: Path) -> None:
    with pytest.raises(ConductError, match="no partner in the store"):
        rehearse_conduct(examples / "arcadia.yml", terms=TERMS)
    listed = rehearse_conduct(examples / "caledon.yml", terms=TERMS)
    assert {row["verdict"] for row in listed["partners"]} == {"too little to say"} and listed["recommended"] is None


def test_the_command_says_no_with_one_where_the_rules_escalate(
    run: Run, found: dict[str, Any], examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for escalates, code in ((True, 1), (False, 0), (None, 0)):
        said = {**found, "escalates": escalates}
        monkeypatch.setattr(comity.api, "rehearse_conduct", lambda *_, said=said, **__: said)
        done = run("rehearse", examples / "arcadia.yml")
        assert done.exit_code == code
        assert "as now" in done.stdout and "by the rules" in done.stdout and "- " in done.stderr


def test_the_command_refuses_what_it_cannot_read(run: Run, examples: Path) -> None:
    file = examples / "arcadia.yml"
    for words in (["--months", "one"], ["--seed", "-1"], ["--both", "--other", str(file)], ["--party", "QMA"]):
        assert run("rehearse", file, *words).exit_code == 2
    assert isinstance(run("rehearse", file, "--draws", "1").exception, ConductError)


def test_the_command_prints_the_schema_of_a_profile(run: Run, tmp_path: Path) -> None:
    assert json.loads(run("schema").stdout) == json.loads(read_schema())
    run("schema", "--out", tmp_path / "form.json")
    assert (tmp_path / "form.json").read_text("utf-8") == read_schema()
