"""The audit on the embedded sample, through the interface and the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from comity.api import audit_conduct, check_conduct, list_measures, read_events
from comity.cli.conduct import command
from comity.conduct.errors import ConductError, ProfileError
from comity.lexicon.errors import ComityError

Run = Callable[..., Any]
PARTIES = {"QMA": "Germany", "QMB": "Poland", "QMC": "France"}


@pytest.fixture(scope="module")
def found(examples: Path) -> dict[str, Any]:
    """Give the audit of an example on the sample, three real actors in its parties' places."""
    return audit_conduct(examples / "arcadia.yml", parties=PARTIES)


@pytest.fixture
def run() -> Run:
    """Give a runner of the command."""
    return lambda *words: CliRunner().invoke(command, list(map(str, words)))


def test_the_events_behind_a_case_are_those_of_the_store(found: dict[str, Any]) -> None:
    assert found["cases"]
    for case in found["cases"][:5]:
        day = case["date"]
        listed = read_events(sender=case["partner"], receiver="DEU", since=day, until=day).to_pylist()
        codes = {(event["code"], event["reports"]) for event in listed}
        assert {(e["code"], e["reports"]) for e in case["gesture"] if e["date"] == day} <= codes
        for act in case["acts"]:
            assert act["sender"] == "DEU" and act["receiver"] == case["partner"]
            assert day < act["date"] <= case["deadline"]


def test_a_window_that_ends_after_the_data_is_unknown(found: dict[str, Any]) -> None:
    until = found["period"]["until"]
    late = [case for case in found["cases"] if case["deadline"] > until]
    assert late and {case["outcome"] for case in late} == {"unknown"}


def test_sums_over_partners_are_the_sums_of_their_rows(found: dict[str, Any]) -> None:
    for total in (row for row in found["rules"] if row["partner"] is None):
        own = [row for row in found["rules"] if row["partner"] and row["rule"] == total["rule"]]
        for name in ("triggers", "known", "kept", "stronger", "unknown"):
            assert total[name] == sum(row[name] for row in own)
    assert found["summary"]["triggers"] == len(found["cases"])


def test_the_result_names_its_scale_snapshot_and_limits(found: dict[str, Any]) -> None:
    assert "goldstein" in found["about"]["scale"] and found["about"]["embedded"]
    assert len(found["limits"]) >= 4
    json.dumps(found)


def test_the_same_question_gives_the_same_bytes(found: dict[str, Any], examples: Path) -> None:
    again = audit_conduct(examples / "arcadia.yml", parties=PARTIES)
    assert json.dumps(again) == json.dumps(found)


def test_a_partner_is_named_as_in_the_profile_or_as_any_actor(examples: Path) -> None:
    for name in ("QMB", "Borduria", "Poland"):
        audit = audit_conduct(examples / "arcadia.yml", parties=PARTIES, partners=[name])
        assert {row["partner"] for row in audit["rules"]} == {None, "POL"}


def test_a_period_bounds_what_is_seen(examples: Path) -> None:
    audit = audit_conduct(examples / "arcadia.yml", parties=PARTIES, since="2025-05-10", until="2025-05-20")
    assert audit["period"]["since"] >= "2025-05-10" and audit["period"]["until"] <= "2025-05-20"
    assert all("2025-05-10" <= case["date"] <= "2025-05-20" for case in audit["cases"])


def test_an_example_without_assigned_parties_is_refused(examples: Path) -> None:
    with pytest.raises(ConductError, match="is invented"):
        audit_conduct(examples / "caledon.yml")


def test_an_unknown_party_or_actor_is_refused(examples: Path) -> None:
    with pytest.raises(ConductError, match="no party 'Ruritania'"):
        audit_conduct(examples / "arcadia.yml", parties={"Ruritania": "Poland"})
    with pytest.raises(ComityError, match="Ruritania"):
        audit_conduct(examples / "arcadia.yml", parties={"QMA": "Ruritania"})


def test_check_gives_the_problems_as_values(tmp_path: Path, examples: Path) -> None:
    assert check_conduct(examples / "borduria.yml")["valid"]
    bad = tmp_path / "bad.yml"
    bad.write_text((examples / "arcadia.yml").read_text("utf-8").replace("[thanks,", "[blockade,"), "utf-8")
    found = check_conduct(bad)
    assert not found["valid"] and found["profile"] is None
    assert "coerces" in found["problems"][0]["what"]
    with pytest.raises(ProfileError):
        audit_conduct(bad)


def test_the_command_checks_a_file_and_says_no_with_one(run: Run, tmp_path: Path, examples: Path) -> None:
    good = run("check", examples / "caledon.yml")
    assert good.exit_code == 0 and "in order" in good.stdout
    bad = tmp_path / "bad.yml"
    bad.write_text("comity_conduct: 1\ncolour: red\n", "utf-8")
    done = run("check", bad)
    assert done.exit_code == 1
    assert "bad.yml:2:" in done.stdout and "colour" in done.stdout
    said = json.loads(run("check", bad, "--json").stdout)
    assert not said["valid"] and all(problem["line"] >= 1 for problem in said["problems"])


def test_the_command_audits_as_table_and_as_json(run: Run, examples: Path) -> None:
    words = [f"--party={party}={actor}" for party, actor in PARTIES.items()]
    table = run("audit", examples / "arcadia.yml", *words)
    assert table.exit_code == 0 and "return-courtesy" in table.stdout and "- " in table.stderr
    said = json.loads(run("audit", examples / "arcadia.yml", "--partner=Poland", "--json", *words).stdout)
    assert said["profile"]["state"] == "DEU" and {"cases", "rules", "comparisons", "summary"} <= set(said)


def test_the_command_refuses_a_party_without_an_actor(run: Run, examples: Path) -> None:
    assert run("audit", examples / "arcadia.yml", "--party=QMA").exit_code == 2


def test_the_command_lists_the_catalogue(run: Run) -> None:
    said = json.loads(run("catalogue", "--json").stdout)
    assert said == list_measures() and len(said) >= 60
    assert "protest-note" in run("catalogue", "--kind", "representation").stdout


def test_the_command_prints_an_example_that_is_in_order(run: Run, tmp_path: Path) -> None:
    names = run("example").stdout.split()
    assert len(names) == 3
    file = tmp_path / "mine.yml"
    file.write_text(run("example", names[0]).stdout, "utf-8")
    assert run("check", file).exit_code == 0
