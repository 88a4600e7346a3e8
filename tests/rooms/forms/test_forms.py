"""Files that people write: nothing in them is obeyed, and everything that is wrong is told at its place."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from comity.forms.bounds import find_breach, list_classes
from comity.forms.choices import find_nearest
from comity.forms.document import DEEPEST, MOST_BYTES, read_document
from comity.forms.examples import list_files, read_text
from comity.forms.fields import Form, check_fields, list_texts, read_flag, read_number
from comity.forms.findings import Findings
from comity.forms.problems import FormError, Problem
from comity.forms.reading import read_bytes, read_top
from comity.forms.schema import write_object
from comity.lexicon.errors import ComityError

FORMS = {
    "id": Form("slug", required=True),
    "years": Form("whole", low=1, high=50),
    "share": Form("number", low=0, high=1),
    "open": Form("flag"),
    "names": Form("list"),
    "parts": Form("items"),
    "more": Form("map"),
    "title": Form("text"),
}


class Refused(FormError):
    matters = "it would be misread"
    remedy = "look again"


def check(text: str) -> list[tuple[int, str, str]]:
    findings = Findings()
    check_fields(read_document(text.encode(), "f.yml"), FORMS, findings)
    return [(problem.line, problem.field, problem.what) for problem in findings.problems]


def test_a_file_in_order_has_no_problem_and_its_values_are_read() -> None:
    text = "id: a-1\nyears: 12\nshare: 0.5\nopen: yes\nnames: [051, NO]\nparts: [{x: 1}]\nmore: {y: 2}\ntitle: A\n"
    assert check(text) == []
    top = read_document(text.encode(), "f.yml")
    assert (read_number(top.get("years"), whole=True), read_number(top.get("share"))) == (12, 0.5)
    assert read_flag(top.get("open")) and not read_flag(top.get("absent"))
    assert [node.text for node in list_texts(top.get("names"))] == ["051", "NO"]


@pytest.mark.parametrize(
    ("text", "line", "field", "what"),
    [
        ("id: A B\n", 1, "id", "'A B' is no short name"),
        ("id: a\nyears: 1.5\n", 2, "years", "'1.5' is no whole number"),
        ("id: a\nyears: 51\n", 2, "years", "51 is not from 1 to 50"),
        ("id: a\nshare: nan\n", 2, "share", "'nan' is no number"),
        ("id: a\nopen: perhaps\n", 2, "open", "'perhaps' is neither true nor false"),
        ("id: a\nnames: one\n", 2, "names", "here stands the text 'one', not a list"),
        ("id: a\nnames: []\n", 2, "names", "the list is empty"),
        ("id: a\nparts: [x]\n", 2, "parts[0]", "the list holds the text 'x'"),
        ("id: a\nmore: [x]\n", 2, "more", "here stands a list, not fields"),
        ("id: a\ntitel: x\n", 2, "titel", "there is no field 'titel' here"),
        ("title: x\n", 1, "", "the field 'id' is missing"),
        ("id: a\ntitle: ''\n", 2, "title", "here stands an empty text, not a text"),
        ("- a\n", 1, "", "here stands a list, not fields"),
    ],
)
def test_a_problem_stands_at_its_line_and_field(text: str, line: int, field: str, what: str) -> None:
    assert check(text) == [(line, field, what)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a: &x 1\nb: *x\n",
        b"a: !!python/object:os.system x\n",
        b"a: 1\na: 2\n",
        b"a: [1\n",
        b"\xff\xfea",
        b"a: 1\n---\nb: 2\n",
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b"a" * (MOST_BYTES + 1),
        b"? [a]\n: 1\n",
    ],
)
def test_what_is_no_document_is_refused_in_the_words_of_its_room(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_top(data, "f.yml", Refused)
    assert caught.value.why == "it would be misread"
    assert caught.value.todo == "look again"
    assert "f.yml:" in caught.value.what


def test_a_message_lists_the_first_problems_and_counts_the_others() -> None:
    said = Refused([Problem(n, 1, "x", "is wrong") for n in range(1, 31)], "f.yml").what
    assert said.count("is wrong") == 20
    assert said.endswith("and 10 more")


def test_a_file_that_cannot_be_read_is_refused_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "f.yml").write_bytes(b"id: a")
    assert read_bytes(tmp_path / "f.yml", ComityError) == (b"id: a", "f.yml")
    for path in (tmp_path, tmp_path / "none.yml"):
        with pytest.raises(ComityError, match=r"cannot be read"):
            read_bytes(path, ComityError)


def test_the_schema_asks_for_what_the_check_asks_for() -> None:
    schema = write_object(FORMS, {"id": "a name"})
    assert schema["properties"]["id"]["description"] == "a name"
    good = {"id": "a", "years": 3, "share": 0.2, "open": True, "names": ["x"], "parts": [{}], "more": {}, "title": "t"}
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors(good)) == []
    spoilt = [{}, {"id": "A"}, {"id": "a", "years": 51}, {"id": "a", "names": []}, {"id": "a", "titel": "x"}]
    assert [bool(list(validator.iter_errors(value))) for value in spoilt] == [True] * len(spoilt)


def test_words_beyond_the_bounds_are_met_whatever_joins_them() -> None:
    assert {"coercive", "covert", "opinion"} <= set(list_classes())
    for name in ("trade-embargo", "trade_embargo", "Trade Embargo"):
        breach = find_breach(name)
        assert breach is not None and breach.kind == "coercive"
    assert find_breach("joint customs secretariat") is None


def test_the_nearest_names_come_first() -> None:
    assert find_nearest("tittle", ["title", "id", "years"])[0] == "title"
    assert find_nearest("zzz", ["title"]) == []


def test_examples_are_found_by_name(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text("id: one", encoding="utf-8")
    assert list_files(tmp_path) == ["one"]
    assert read_text(tmp_path, "one", ComityError) == "id: one"
    with pytest.raises(ComityError, match="no example 'two'"):
        read_text(tmp_path, "two", ComityError)
