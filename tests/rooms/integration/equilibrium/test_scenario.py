"""A scenario is data: what is wrong with it is said with line and field, what is right concerns the pairs it should."""

import importlib.util
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from comity.api import check_scenario, simulate_scenario, solve_package, tabulate_scenario
from comity.cli.equilibrium import check, simulate
from comity.integration.equilibrium.errors import EconomyError, EquilibriumError, ScenarioError
from comity.integration.equilibrium.forms import KINDS
from comity.integration.equilibrium.reading import parse_scenario
from comity.integration.equilibrium.scenario import Scenario

KNOWN = ("BRA", "DEU", "FRA", "JPN", "KEN", "POL")
HEAD = "comity_scenario: 1\nid: test\ntitle: A test\nchanges:\n"
TAIL = "    when: 2030\n    source: an assumption\n"


def read(changes: str, head: str = HEAD) -> Scenario:
    return parse_scenario((head + changes).encode(), "s.yml", KNOWN)


def find_problem(changes: str, head: str = HEAD) -> list[tuple[int, str, str]]:
    with pytest.raises(ScenarioError) as caught:
        read(changes, head)
    return [(problem.line, problem.field, problem.what) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("kind", "groups", "pairs"),
    [
        ("agreement", "parties: [Germany, BRA]", {("DEU", "BRA"), ("BRA", "DEU")}),
        ("dissolution", "parties: [DEU, BRA]", {("DEU", "BRA"), ("BRA", "DEU")}),
        (
            "accession",
            "members: [DEU]\n    joining: [POL, KEN]",
            {("DEU", "POL"), ("POL", "DEU"), ("DEU", "KEN"), ("KEN", "DEU"), ("POL", "KEN"), ("KEN", "POL")},
        ),
        ("withdrawal", "members: [DEU, POL]\n    leaving: [POL]", {("DEU", "POL"), ("POL", "DEU")}),
        ("facilitation", "exporters: [DEU, POL]\n    importers: [POL]\n    cost: {percent: -2}", {("DEU", "POL")}),
        ("facilitation", "exporters: [all]\n    importers: [POL]\n    cost: {percent: -2}",
         {(code, "POL") for code in KNOWN if code != "POL"}),
        ("mfn", "importers: [POL]\n    except: [DEU, FRA]\n    tariff: {from: 5, to: 2}",
         {(code, "POL") for code in ("BRA", "JPN", "KEN")}),
        ("tariff", "exporters: [DEU]\n    importers: [POL]\n    tariff: {from: 5, to: 2}", {("DEU", "POL")}),
    ],
)  # fmt: skip
def test_a_kind_of_change_concerns_its_pairs(kind: str, groups: str, pairs: set):
    step = read(f"  - kind: {kind}\n    {groups}\n{TAIL}").steps[0]
    assert set(step.list_pairs()) == pairs
    assert (step.effect is not None) == (KINDS[kind].size == "effect")


@pytest.mark.parametrize(
    ("change", "line", "field", "words"),
    [
        ("  - kind: agrement\n    parties: [DEU, POL]\n", 5, "changes[0].kind", "no kind 'agrement'"),
        ("  - kind: agreement\n    parties: [DEU, Atlantis]\n", 6, "changes[0].parties[1]", "'Atlantis'"),
        ("  - kind: agreement\n    parties: [DEU, European Union]\n", 6, "changes[0].parties[1]", "European Union"),
        ("  - kind: agreement\n    parties: [DEU, ITA]\n", 6, "changes[0].parties[1]", "not among the 6"),
        ("  - kind: agreement\n    parties: [DEU, Germany]\n", 6, "changes[0].parties[1]", "are the same"),
        ("  - kind: agreement\n    parties: [DEU]\n", 6, "changes[0].parties", "fewer than two"),
        ("  - kind: accession\n    members: [DEU]\n", 5, "changes[0]", "'joining' is missing"),
        ("  - kind: mfn\n    importers: [DEU]\n", 5, "changes[0]", "'tariff' is missing"),
        ("  - kind: mfn\n    importers: [DEU]\n    tariff: {from: 5, to: -2}\n", 7, "changes[0].tariff.to", "-2"),
        ("  - kind: agreement\n    parties: [DEU, POL]\n    cost: {percent: 2}\n", 7, "changes[0].cost", "effect"),
        ("  - kind: agreement\n    parties: [DEU, POL]\n    exporters: [BRA]\n", 7, "changes[0].exporters", "has no"),
        ("  - kind: agreement\n    partys: [DEU, POL]\n", 6, "changes[0].partys", "no field"),
    ],
)
def test_a_problem_is_said_with_its_line_and_field(change: str, line: int, field: str, words: str):
    found = [problem for problem in find_problem(change + TAIL) if words in problem[2]]
    assert (line, field) in [problem[:2] for problem in found]


def test_the_outline_is_checked_and_all_problems_are_listed_at_once():
    head = "comity_scenario: 2\nid: Not Good\ntitle: x\nclosure: none\ntheta: {low: 5, mode: 4, high: 6, source: x}\n"
    found = find_problem("  - {kind: agreement, parties: [DEU, POL]}\n", head + "changes:\n")
    assert {line for line, _, _ in found} == {1, 2, 4, 5, 7}
    assert find_problem("", "comity_scenario: 1\nid: a\ntitle: b\n")[0][2] == "nothing changes"
    assert "not readable YAML" in find_problem("  - {kind: [\n")[0][2]


def test_two_changes_of_one_pair_by_the_same_sort_are_refused_and_of_another_sort_are_not():
    one = f"  - kind: agreement\n    parties: [DEU, POL]\n{TAIL}"
    found = find_problem(one + one)
    assert found[0][0] == 9
    assert "from line 5" in found[0][2]
    other = f"  - kind: facilitation\n    exporters: [DEU]\n    importers: [POL]\n    cost: {{percent: -1}}\n{TAIL}"
    assert len(read(one + other).steps) == 2


def test_the_schema_says_what_the_validator_says(repository: Path):
    schema = json.loads((repository / "docs/guide/scenario.schema.json").read_text("utf-8"))
    shipped = repository / "src/comity/integration/equilibrium/schema.json"
    assert json.loads(shipped.read_text("utf-8")) == schema
    validator = jsonschema.Draft202012Validator(schema)
    good = f"{HEAD}  - kind: agreement\n    parties: [DEU, POL]\n{TAIL}"
    assert list(validator.iter_errors(yaml.safe_load(good))) == []
    for wrong in ("kind: agrement", "kind: accession", "kind: mfn"):
        assert list(validator.iter_errors(yaml.safe_load(good.replace("kind: agreement", wrong))))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenario") / "s.yml"
    path.write_text(f"{HEAD}  - kind: agreement\n    parties: [Kenya, Japan]\n{TAIL}", "utf-8")
    return path


def test_a_scenario_gives_every_economy_of_the_world_with_intervals(written: Path):
    table = tabulate_scenario(written, draws=60).to_pylist()
    assert len(table) == 194
    assert sum(row["party"] for row in table) == 2
    assert all(row["m49"] and len(row["iso3"]) == 3 for row in table)
    for row in table:
        for name in ("welfare", "exports", "imports", "terms_of_trade"):
            assert row[f"{name}_low"] <= row[f"{name}_high"]
        if row["party"]:
            assert row["welfare_low"] > 0


def test_the_same_seed_gives_the_same_figures_and_another_seed_others(written: Path):
    first, again, other = (simulate_scenario(written, draws=40, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first["economies"] != other["economies"]


def test_one_s_own_economies_may_be_given(tmp_path: Path):
    flows = {
        "exporter": ["X", "X", "Y", "Y", "DEU", "DEU", "X", "DEU"],
        "importer": ["X", "Y", "X", "Y", "DEU", "X", "DEU", "Y"],
        "value": [90.0, 10, 9, 80, 70, 5, 5, 3],
    }
    path = tmp_path / "own.yml"
    path.write_text(f"{HEAD}  - kind: agreement\n    parties: [X, Germany]\n{TAIL}", "utf-8")
    found = simulate_scenario(path, flows=flows, draws=20)["economies"]
    assert [(row["iso3"], row["m49"], row["home"]) for row in found] == [
        ("DEU", "276", "given"), ("X", "", "given"), ("Y", "", "given")
    ]  # fmt: skip


def test_a_check_lists_problems_as_plain_values(tmp_path: Path, written: Path):
    assert check_scenario(written)["valid"]
    path = tmp_path / "bad.yml"
    path.write_text(f"{HEAD}  - kind: agreement\n    parties: [Kenya, Atlantis]\n{TAIL}", "utf-8")
    found = check_scenario(path)
    assert not found["valid"]
    assert found["problems"][0]["line"] == 6
    with pytest.raises(EquilibriumError, match="cannot be read"):
        check_scenario(tmp_path / "none.yml")


def test_a_scenario_of_candidates_alone_has_nothing_to_simulate_and_one_without_has_no_package(
    tmp_path: Path, written: Path
):
    path = tmp_path / "c.yml"
    head = "comity_scenario: 1\nid: a\ntitle: b\ncandidates:\n"
    text = f"{head}  - id: x\n    kind: agreement\n    parties: [KEN, JPN]\n{TAIL}"
    path.write_text(text, "utf-8")
    with pytest.raises(EquilibriumError, match="changes nothing"):
        simulate_scenario(path)
    assert solve_package(path, draws=10)["package"] == ["x"]
    with pytest.raises(EquilibriumError, match="0 candidates"):
        solve_package(written)


def test_the_schema_is_what_its_script_writes(repository: Path):
    spec = importlib.util.spec_from_file_location("script", repository / "scripts/build_scenario_schema.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert json.loads((repository / "docs/guide/scenario.schema.json").read_text("utf-8")) == script.build_schema()


def test_economies_of_ones_own_come_from_a_file_on_the_command_line(tmp_path: Path):
    codes = ("FRA", "DEU", "ROW")
    lines = [f"{one},{other},{100 if one == other else 5}" for one in codes for other in codes]
    (tmp_path / "flows.csv").write_text("\n".join(["exporter,importer,value", *lines]), "utf-8")
    (tmp_path / "own.yml").write_text(HEAD + "  - kind: agreement\n    parties: [FRA, DEU]\n" + TAIL, "utf-8")
    words = [str(tmp_path / "own.yml"), "--flows", str(tmp_path / "flows.csv"), "--json"]
    done = CliRunner().invoke(simulate, [*words, "--draws", "10"])
    found = json.loads(done.output)
    assert [(row["iso3"], row["party"]) for row in found["economies"]] == [("DEU", True), ("FRA", True), ("ROW", False)]
    assert CliRunner().invoke(check, words).exit_code == 0
    assert [row["welfare"] > 0 for row in found["economies"]] == [True, True, False]
    with pytest.raises(EconomyError, match="no column exporter"):
        simulate_scenario(tmp_path / "own.yml", flows={"from": ["FRA"], "importer": ["DEU"], "value": [1.0]})
