"""The shapes that other programs build on: what `--json` prints, with nothing else on the standard output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.specimens.command import read_json, run_comity
from tests.specimens.gdelt_rows import pack, write_days, write_row, write_slot

pytestmark = pytest.mark.slow

COUNT = {"type": "integer", "minimum": 0}
COUNTS = {"type": "object", "additionalProperties": COUNT}
NUMBER, TEXT = {"type": ["number", "null"]}, {"type": "string"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def describe(**fields: Any) -> dict[str, Any]:
    """Give the schema of an object that has at least these fields."""
    return {"type": "object", "required": list(fields), "properties": fields}


LOAD = describe(files=COUNT, rows_read=COUNT, rows_kept=COUNT, dropped=COUNTS, set_aside=COUNTS, slots=COUNTS)
EVENTS = describe(
    events=COUNT, by_type=COUNTS, by_quad=COUNTS, net_goldstein={"type": "number"}, scale=TEXT, level=TEXT
)
SCORE = {
    "type": "array",
    "minItems": 2,
    "items": describe(
        period=DAY, sender=TEXT, receiver=TEXT, events={"type": ["integer", "null"]}, net_goldstein=NUMBER,
        score=NUMBER, low=NUMBER, high=NUMBER, scale=TEXT,
    ),
}  # fmt: skip
STATUS = describe(
    store=TEXT,
    snapshot=TEXT,
    files=COUNTS,
    slots={
        "type": "object",
        "additionalProperties": describe(first=TEXT, last=TEXT, expected=COUNT, loaded=COUNT, missing=COUNT),
    },
    rows=describe(read=COUNT, kept=COUNT, set_aside=COUNTS, dropped=COUNTS),
    tables={"type": "object", "required": ["events", "set_aside", "ledger"]},
)
LISTED = {
    "type": "array",
    "items": describe(
        date=DAY, sender=TEXT, receiver=TEXT, code=TEXT, type=TEXT, quad={"enum": [1, 2, 3, 4]}, score=NUMBER
    ),
}
ENTRIES = {
    "type": "array",
    "minItems": 1,
    "items": describe(
        name=TEXT, source=TEXT, status=TEXT, sha256={"type": ["string", "null"]}, bytes={"type": ["integer", "null"]}
    ),
}
WHOLE = describe(whole={"type": "boolean"}, faults={"type": "array", "items": TEXT})
ACTOR = describe(
    id=TEXT, kind={"enum": ["state", "igo"]}, name=TEXT, status=TEXT, status_source=TEXT, codes={"type": "object"}
)

ANSWERS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "count": (("events", "count"), EVENTS),
    "count of nothing": (("events", "count", "--since", "1999-01-01", "--until", "1999-01-02"), EVENTS),
    "list": (("events", "list", "--limit", "3"), LISTED),
    "score by day": (("relations", "score", "DEU", "POL", "--by", "day"), SCORE),
    "score by week": (("relations", "score", "DEU", "POL", "--by", "week"), SCORE),
    "score by month": (("relations", "score", "DEU", "POL", "--by", "month", "--smoothed"), SCORE),
    "status": (("store", "status"), STATUS),
    "ledger": (("store", "ledger"), ENTRIES),
    "verify": (("store", "verify"), WHOLE),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store filled by the command: four slots, one cut off, one row misdated."""
    folder = tmp_path_factory.mktemp("answers")
    write_days(folder / "in", ["20250512", "20250519"])
    write_slot(folder / "in", "20250519180000", [write_row(event_id=9**9, date="20240519", added="20250519180000")])
    (folder / "in" / "20250519181500.export.CSV.zip").write_bytes(pack(b"x" * 99)[:60])
    account = read_json("sources", "load", "gdelt", folder / "in", "--store", folder / "store")
    jsonschema.validate(account, LOAD)
    assert account["slots"] == {"loaded": 5, "truncated": 1}
    assert account["set_aside"] == {"misdated_year": 1}
    assert account["rows_kept"] + sum(account["dropped"].values()) + 1 == account["rows_read"] == 161
    return folder / "store"


def list_errors(answer: Any, shape: Any) -> list[str]:
    """List how an answer departs from its shape."""
    return [error.message for error in jsonschema.Draft202012Validator(shape).iter_errors(answer)]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_has_the_promised_shape(answer: str, store: Path) -> None:
    words, shape = ANSWERS[answer]
    assert list_errors(read_json(*words, "--store", store), shape) == []


@pytest.mark.parametrize("answer", ["score by week", "status"])
def test_the_sample_answers_in_the_same_shape(answer: str) -> None:
    words, shape = ANSWERS[answer]
    assert list_errors(read_json(*words), shape) == []


@pytest.mark.parametrize("answer", ["count", "score by week", "ledger"])
def test_an_answer_in_words_is_no_json_and_goes_to_the_same_place(answer: str, store: Path) -> None:
    done = run_comity(*ANSWERS[answer][0], "--store", store)
    assert done.stdout.strip()
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.stdout)
    assert "Traceback" not in done.stderr


def test_the_same_question_has_the_same_answer_to_the_byte(store: Path) -> None:
    for words in (ANSWERS[name][0] for name in ("count", "score by day", "status")):
        assert len({run_comity(*words, "--store", store, "--json").stdout for _ in range(2)}) == 1


def test_an_actor_is_found_in_a_promised_shape() -> None:
    assert list_errors(read_json("actors", "find", "Germany"), ACTOR) == []
    actors = read_json("actors", "list")
    assert len(actors) > 190
    shape = describe(id=TEXT, name=TEXT, kind=TEXT, status=TEXT)
    assert [fault for actor in actors for fault in list_errors(actor, shape)] == []


def test_both_directions_stand_in_the_order_they_were_asked_for(store: Path) -> None:
    for a, b in (("DEU", "POL"), ("POL", "DEU")):
        rows = read_json("relations", "score", a, b, "--store", store, "--by", "day")
        senders = [row["sender"] for row in rows]
        assert senders == [a] * 8 + [b] * 8
        assert [row["period"] for row in rows[:8]] == [f"2025-05-{day}" for day in range(12, 20)]


def test_a_period_of_which_nothing_was_loaded_is_null_and_not_zero(store: Path) -> None:
    rows = read_json("relations", "score", "DEU", "POL", "--store", store, "--by", "day")
    gap = [row for row in rows if "2025-05-13" <= row["period"] <= "2025-05-18"]
    assert len(gap) == 12
    for row in gap:
        assert [row[name] for name in ("events", "net_goldstein", "score", "low", "high")] == [None] * 5
    for row in (row for row in rows if row not in gap):
        assert row["low"] < row["score"] < row["high"]
        assert row["events"] >= 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("events", "list", "--limit", "-5"), 2),
        (("events", "count", "--sender", "DEU' or '1'='1"), 2),
        (("events", "count", "--since", "2025-02-30"), 2),
        (("events", "count", "--as-of", "2025-05-31T25:00"), 2),
        (("relations", "score", "DEU"), 2),
        (("relations", "score", "x" * 50_000, "POL"), 2),
        (("relations", "score", "\u202eDEU", "POL"), 2),
        (("actors", "find", ""), 2),
        (("sources", "show", "../../etc"), 2),
        (("store", "verify", "--store", "/dev/null"), 2),
        (("sources", "load", "gdelt", "{store}/store.json", "--store", "/dev/null/x"), 2),
        (("sources", "load", "gdelt", "{store}/store.json", "--store", "{store}/../100%"), 2),
        (("sources", "load", "gdelt", "{store}/store.json"), 2),
        (("brief", "DEU", "POL", "--out", "{store}/absent/brief.html"), 2),
    ],
)
def test_what_cannot_be_answered_is_told_in_words_with_its_code(words: tuple[str, ...], code: int, store: Path) -> None:
    done = run_comity(*(word.replace("{store}", str(store)) for word in words), code=code)
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr and "unexpected" not in done.stderr
    assert len(done.stderr) < 3000
