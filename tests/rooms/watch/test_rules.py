"""Rules as data: what is wrong with a file, line by line; who is told of what."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from comity.watch import Alert, WatchError, WatchFileError, parse_rules, read_example, read_rules, read_schema

ON = date(2025, 6, 1)
SINKS = "sinks:\n  log: {kind: jsonl, path: a.jsonl}\n"


def parse(text: str) -> Any:
    return parse_rules(f"comity_watch: 1\n{SINKS}{text}".encode(), "watch.yml", ON, Path("/nowhere"))


def rule(text: str) -> Any:
    return parse(f"rules:\n  a: {{{text}}}\n").rules["a"]


def test_the_example_is_in_order_and_fits_the_schema():
    found = parse_rules(read_example("neighbours").encode(), "neighbours.yml", ON, Path())
    assert found.grace == timedelta(minutes=45)
    assert found.rules["neighbours"].pairs == {("DEU", "POL"), ("DEU", "FRA")}
    assert ("BRN", "IDN") in found.rules["members"].pairs
    assert ("IDN", "IGO:UN") in found.rules["members"].pairs
    assert found.sinks["desk"][1].most == 30
    assert found.sinks["desk"][1].digest_above == 10
    jsonschema.validate(yaml.safe_load(read_example("neighbours")), json.loads(read_schema()))


def test_the_published_schema_is_what_the_forms_say(repository: Path):
    import importlib.util

    path = repository / "scripts" / "build_watch_schema.py"
    spec = importlib.util.spec_from_file_location("build_watch_schema", path)
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert json.loads(read_schema()) == script.build_schema()
    assert (repository / "docs" / "guide" / "watch.schema.json").read_text("utf-8") == read_schema()


@pytest.mark.parametrize(
    "bad",
    [{"sinks": {"log": {"kind": "jsonl"}}}, {"rules": {"a": {"levels": [4]}}}, {"sinks": {"x": {"kind": "pigeon"}}},
     {"rules": {"a": {"pairs": ["DEU"]}}}, {"rules": {"a": {"false_alarms": 2}}}, {"other": 1},
     {"sinks": {"h": {"kind": "webhook", "url": "https://a.example/", "key": "plain"}}}],
)  # fmt: skip
def test_the_schema_refuses_what_the_check_refuses(bad: dict[str, Any]):
    whole = {"comity_watch": 1, **bad}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole, json.loads(read_schema()))
    with pytest.raises(WatchFileError):
        parse_rules(yaml.safe_dump(whole).encode(), "bad.yml", ON, Path())


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("rules: {a: {pairs: [Google/DEU]}}", 4, "only states and intergovernmental organisations"),
        ("rules: {a: {pairs: [DEU/Angela Merkel]}}", 4, "only states and intergovernmental organisations"),
        ("rules:\n  a:\n    pairs:\n    - DEU/POL\n    - DEU", 8, "is no pair"),
        ("rules: {a: {pairs: [DEU/Germany]}}", 4, "one actor twice"),
        ("rules: {a: {regions: [Middle Earth]}}", 4, "no region"),
        ("rules: {a: {members: [Greenpeace]}}", 4, "Greenpeace"),
        ("rules: {a: {title: nobody}}", 4, "watches nobody"),
        ("rules: {a: {pairs: [DEU/POL], types: [WAR]}}", 4, "no PLOVER type 'WAR'"),
        ("rules: {a: {pairs: [DEU/POL], levels: [4]}}", 4, "no level of a gesture '4'"),
        ("rules: {a: {pairs: [DEU/POL], false_alarms: 2}}", 4, "no rate of false alarms"),
        ("rules: {a: {pairs: [DEU/POL], directions: [peace]}}", 4, "no direction 'peace'"),
        ("rules: {a: {pairs: [DEU/POL], sinks: [lgo]}}", 4, "no sink 'lgo'"),
        ("rules: {a: {pair: [DEU/POL]}}", 4, "no field 'pair'"),
        ("rules: {A B: {pairs: [DEU/POL]}}", 4, "cannot be named"),
        ("rules: {a: 3}", 4, "not fields"),
        ("staleness: {grace_minutes: 0}", 4, "not from 1 to"),
        ("staleness: {sinks: [x]}", 4, "no sink 'x'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, said: str):
    with pytest.raises(WatchFileError) as error:
        parse(text)
    assert any(said in problem.what + problem.why and problem.line == line for problem in error.value.problems), str(
        error.value
    )


@pytest.mark.parametrize(
    ("sink", "said"),
    [
        ("{kind: pigeon}", "no kind of sink"),
        ("{kind: jsonl}", "'path' is missing"),
        ("{kind: webhook, url: 'http://10.0.0.1/', key: env:K}", "not public"),
        ("{kind: webhook, url: 'http://2130706433/', key: env:K}", "read in two ways"),
        ("{kind: webhook, url: 'https://a.example/', key: s3cret}", "written out"),
        ("{kind: email, host: mx.example, sender: a@b.example, recipients: ['c@d.example, e@f.ex']}", "no mailbox"),
        ("{kind: jsonl, path: x, rate: {most: 3}}", "'minutes' is missing"),
        ("{kind: jsonl, path: x, digest: {more_than: 0, minutes: 1}}", "not from 1 to"),
        ("3", "has no fields"),
    ],
)
def test_a_sink_that_cannot_be_used_is_named(sink: str, said: str):
    with pytest.raises(WatchFileError, match=said) as error:
        parse_rules(f"comity_watch: 1\nsinks:\n  x: {sink}\n".encode(), "watch.yml", ON, Path())
    assert all(problem.line == 3 for problem in error.value.problems)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("data", [b"", b"\xff", b"a: [", b"comity_watch: 2", b"- 1", b"comity_watch: &a 1", b"a: b"])
def test_a_file_that_is_something_else_is_refused(data: bytes):
    with pytest.raises(WatchFileError):
        parse_rules(data, "watch.yml", ON, Path())


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(WatchError, match="cannot be read"):
        read_rules(tmp_path / "none.yml", ON)


def test_a_region_and_an_organisation_stand_for_all_pairs_of_their_states():
    assert len(rule("members: [ASEAN]").pairs) == 45
    assert ("DEU", "FRA") in rule("regions: [western europe]").pairs
    assert all(first < second for first, second in rule("regions: [Africa]").pairs)


def test_the_order_in_which_a_pair_is_written_does_not_matter():
    assert rule("pairs: [Poland/Germany]").pairs == rule("pairs: [DEU/POL]").pairs


def test_those_are_told_who_asked_for_the_pair_the_direction_and_the_rate():
    found = parse(
        "  two: {kind: folder, path: b}\n"
        "rules:\n  a: {pairs: [DEU/POL], directions: [thaw], sinks: [log]}\n  b: {pairs: [DEU/POL], false_alarms: 4}\n"
    )

    def ask(direction: Any, rate: float | None, pair: tuple[str, str] | None = ("DEU", "POL")) -> list[str]:
        return list(found.find_sinks(Alert(direction, ON, None, "gdelt2", pair, rate=rate)))

    assert ask("thaw", 1.0) == ["log"]
    assert ask("rupture", 1.0) == []
    assert ask("rupture", 4.0) == ["log", "two"]
    assert ask("thaw", None) == ["log", "two"]
    assert ask("thaw", 1.0, ("DEU", "FRA")) == []
    assert ask("stale", None, None) == ["log", "two"]


def test_a_rule_is_told_of_alerts_on_its_own_grounds_and_not_on_those_of_another():
    found = parse(
        "  two: {kind: folder, path: b}\n  three: {kind: folder, path: c}\n"
        "rules:\n  a: {pairs: [DEU/POL], sinks: [log]}\n  b: {pairs: [DEU/POL], types: [AID], sinks: [two]}\n"
        "  c: {pairs: [DEU/POL], levels: [3], sinks: [three]}\n"
    )

    def ask(types: tuple[str, ...], levels: tuple[int, ...]) -> list[str]:
        alert = Alert("thaw", ON, None, "gdelt2", ("DEU", "POL"), rate=1.0, types=types, levels=levels)
        return list(found.find_sinks(alert))

    assert ask(("CONSULT",), (1, 2)) == ["log"]
    assert ask(("AID", "CONSULT"), (1,)) == ["log", "two"]
    assert ask(("CONSULT",), (1, 3)) == ["log", "three"]


def test_who_is_no_more_is_not_watched():
    with pytest.raises(WatchFileError, match="Soviet Union \\(SUN\\) ended on 1991-12-25"):
        rule("pairs: [Soviet Union/Poland]")
