"""Every row is kept, set aside or dropped, and counted; what is dropped is nowhere stored."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.specimens.gdelt_rows import CODES, STATES, join, make_rows, write_row
from tests.specimens.naive import Outcome
from tests.specimens.real import Real

from comity.api import read_ledger
from comity.events.actor_rule import REASONS
from comity.events.code import Coded, code_events
from comity.sources import FileRefused, read_reading
from comity.store import open_store
from comity.store.tables import schema_of

NAME = "20250515120000.export.CSV"


def code(*rows: bytes, name: str = NAME) -> Coded:
    return code_events(read_reading(join(rows), name, "gdelt").reading, "f" * 16)


def judge(**values: object) -> str:
    """Give what becomes of one row: kept, or the reason why not."""
    coded = code(write_row(**values))
    fates = [*(["kept"] * coded.events.num_rows), *coded.dropped, *coded.count_set_aside()]
    assert len(fates) == coded.rows_read == 1
    return fates[0]


def check_sum(coded: Coded) -> None:
    aside = sum(coded.count_set_aside().values())
    assert aside == coded.set_aside.num_rows
    assert coded.events.num_rows + aside + sum(coded.dropped.values()) == coded.rows_read
    assert set(coded.dropped) <= set(REASONS)
    assert all(count > 0 for count in coded.dropped.values())


def test_a_kept_row_has_all_its_columns() -> None:
    events = code(write_row(event_id=7, sources=2, articles=9)).events
    assert events.schema.equals(schema_of("events"))
    assert events.to_pylist() == [
        {
            "source": "gdelt2", "event_id": 7, "date": date(2025, 5, 15), "sender": "DEU", "receiver": "POL",
            "code": "042", "reports": 1, "articles": 1, "num_mentions": 5, "num_sources": 2, "num_articles": 9,
            "url": "https://news.example/1", "added": datetime(2025, 5, 15, 12, tzinfo=UTC), "file": "f" * 16,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "fate"),
    [
        ({}, "kept"),
        ({"type1": "GOV", "type2": "MIL"}, "kept"),
        ({"country1": "", "group1": "EEC", "type1": "IGO"}, "kept"),
        ({"country2": ""}, "no_second_actor"),
        ({"country1": ""}, "no_first_actor"),
        ({"country1": "", "country2": ""}, "no_first_actor"),
        ({"country1": "DEU", "type1": "MED", "country2": ""}, "no_second_actor"),
        ({"country1": "DEU", "type1": "MED"}, "media"),
        ({"country2": "POL", "type2": "BUS"}, "business"),
        ({"type1": "PTY", "type2": "BUS"}, "party"),
        ({"country1": "EUR"}, "region"),
        ({"country2": "HKG"}, "territory"),
        ({"country2": "XXZ"}, "unknown_code"),
        ({"country1": "DEU", "country2": "DEU", "type2": "GOV"}, "same_state"),
        ({"country1": "ROM", "country2": "ROM"}, "same_state"),
        ({"group1": "EEC", "type1": "IGO", "group2": "EEC", "type2": "IGO"}, "same_organisation"),
        ({"code": "999"}, "unknown_event_code"),
        ({"code": "42"}, "unknown_event_code"),
        ({"code": ""}, "unknown_event_code"),
        ({"code": "0421"}, "unknown_event_code"),
        ({"code": b"\xff"}, "unknown_event_code"),
        ({"date": "20260101"}, "future_date"),
        ({"date": "20240515"}, "misdated_year"),
        ({"date": "00000000"}, "bad_date"),
        ({"date": b"2025\x1f0515"}, "bad_date"),
        ({"date": ""}, "bad_date"),
        ({"added": "x"}, "bad_date_added"),
        ({"added": b"\x1f"}, "bad_date_added"),
        ({"event_id": "1.5"}, "bad_event_id"),
        ({"event_id": 2**63}, "bad_event_id"),
        ({"event_id": "-1"}, "bad_event_id"),
        ({"mentions": "many"}, "bad_num_mentions"),
        ({"mentions": 2**31}, "bad_num_mentions"),
        ({"sources": "NaN"}, "bad_num_sources"),
        ({"articles": "1e400"}, "bad_num_articles"),
        ({"mentions": 0}, "kept"),
        ({"url": b"https://\xff.example"}, "bad_utf8"),
        ({"url": ""}, "kept"),
        ({"url": "BBC Monitoring"}, "kept"),
        ({"name1": b"\xff\xfe invalid in a column that is not read"}, "kept"),
        ({"country1": b"\xff"}, "unknown_code"),
        ({"country1": b"D\x1fU"}, "unknown_code"),
    ],
)  # fmt: skip
def test_a_row_ends_in_one_place(values: dict[str, Any], fate: str) -> None:
    assert judge(**values) == fate


def test_an_actor_is_judged_before_a_date_so_that_a_dropped_row_leaves_no_trace() -> None:
    coded = code(write_row(type1="MED", date="x"), write_row(country2="", url=b"\xff"))
    assert coded.dropped == {"media": 1, "no_second_actor": 1}
    assert coded.set_aside.num_rows == 0


def test_a_row_set_aside_keeps_its_line_actors_and_reason() -> None:
    row = code(write_row(), write_row(event_id=9, date="20240515", type1="GOV")).set_aside.to_pylist()[0]
    assert row == {
        "file": "f" * 16, "line": 2, "reason": "misdated_year", "event_id": 9, "date": date(2024, 5, 15),
        "sender": "DEU", "receiver": "POL", "code": "042", "added": datetime(2025, 5, 15, 12, tzinfo=UTC),
    }  # fmt: skip


def test_a_line_that_cannot_be_read_leaves_its_number_and_nothing_else() -> None:
    rows = code(write_row(), b"Jane Roe\tof Anytown", write_row()[:-1] + b"\0").set_aside.to_pylist()
    assert [(row.pop("line"), row.pop("reason"), row.pop("file")) for row in rows] == [
        (2, "wrong_columns", "f" * 16),
        (3, "nul_byte", "f" * 16),
    ]
    assert all(value is None for row in rows for value in row.values())


def test_a_bad_row_changes_nothing_for_its_neighbours() -> None:
    good = make_rows(20, 4)
    expected = code(*good)
    bad = [
        write_row(event_id="x"), write_row(mentions=-1), write_row(url=b"\xff"), write_row(date=""), b"\0", b"",
        write_row(added="x"), write_row(articles=2**40), write_row(code="x"), write_row(country1=b"\x1f"),
    ]  # fmt: skip
    for place, row in enumerate(bad):
        coded = code(*good[:place], row, *good[place:])
        assert coded.events.equals(expected.events)
        check_sum(coded)


def test_numbers_and_links_that_are_left_out_are_missing_and_not_zero() -> None:
    row = code(write_row(event_id="", mentions="", url="", added="")).events.to_pylist()[0]
    assert [row[name] for name in ("event_id", "num_mentions", "url", "added")] == [None] * 4


VALUES: dict[str, Any] = {
    "event_id": st.integers(0, 50) | st.sampled_from(["", "x", "-1", 2**63]),
    "date": st.sampled_from(["20250515", "20250514", "20240515", "20250415", "20150515", "", "20251332", "20260101"]),
    "country1": st.sampled_from([*STATES, "", "EUR", "HKG", "ZZZ"]),
    "country2": st.sampled_from([*STATES, "", "EUR", "HKG", "ZZZ"]),
    "group1": st.sampled_from(["", "", "EEC", "ALQ"]),
    "ethnic2": st.sampled_from(["", "", "", "KUR"]),
    "religion1": st.sampled_from(["", "", "", "CHR"]),
    "type1": st.sampled_from(["", "", "GOV", "MIL", "IGO", "MED", "REB", "NGO", "LEG"]),
    "type2": st.sampled_from(["", "", "GOV", "BUS", "PTY"]),
    "code": st.sampled_from([*CODES, "", "xx"]),
    "mentions": st.sampled_from(["", "1", "-1", "1,5"]),
    "url": st.sampled_from([b"", b"https://a.example", b"\xff"]),
}
LINE = st.one_of(
    st.fixed_dictionaries(VALUES).map(lambda values: write_row(**values)),
    st.binary(max_size=30).filter(lambda line: b"\n" not in line and b"\r" not in line),
)


@given(st.lists(LINE, min_size=1, max_size=25))
def test_kept_and_set_aside_and_dropped_are_the_rows_read(lines: list[bytes]) -> None:
    try:
        coded = code(*lines)
    except FileRefused:
        assert all(line.count(b"\t") not in (56, 57, 60) or b"\0" in line for line in lines)
        return
    check_sum(coded)
    assert coded.rows_read == len(lines)
    for row in coded.events.to_pylist():
        assert row["sender"] != row["receiver"]
    for row in coded.set_aside.to_pylist():
        assert row["reason"]
        assert row["line"] is not None


@given(st.lists(LINE, min_size=2, max_size=12))
def test_a_row_has_the_same_fate_alone_and_in_company(lines: list[bytes]) -> None:
    company = [write_row(event_id=10**9 + n) for n in range(len(lines) + 1)]  # so that no file is refused as a whole
    together = code(*company, *lines)
    fates = dict(together.dropped)
    for reason, count in together.count_set_aside().items():
        fates[reason] = fates.get(reason, 0) + count
    alone: dict[str, int] = {}
    for line in lines:
        coded = code(*company, line)
        for reason, count in (coded.dropped | coded.count_set_aside()).items():
            alone[reason] = alone.get(reason, 0) + count
    assert alone == fates


# The real files


def test_the_account_adds_up_on_every_real_file(real: Real, outcome: Outcome) -> None:
    ledger = {row["name"]: row for row in read_ledger(real.folder).to_pylist()}
    assert len(ledger) == len(outcome.by_file) == 883
    for name, (read, kept, aside, dropped) in outcome.by_file.items():
        row = ledger[name]
        assert (row["rows_read"], row["rows_kept"]) == (read, kept), name
        assert sum(json_counts(row["set_aside"])) == aside, name
        assert sum(json_counts(row["dropped"])) == dropped, name
        assert read == kept + aside + dropped


def json_counts(text: str) -> list[int]:
    return list(json.loads(text).values())


def test_the_account_of_the_load_is_what_plain_python_finds(real: Real, outcome: Outcome) -> None:
    account = real.account
    assert (account["files"], account["slots"], account["refused"]) == (883, {"loaded": 883}, [])
    assert account["rows_read"] == outcome.read
    assert account["rows_kept"] == len(outcome.kept)
    assert account["set_aside"] == dict(outcome.aside)
    assert sum(account["dropped"].values()) == outcome.dropped
    assert account["passed_over"] == ["lastupdate.sample.txt"]


def test_the_kept_rows_are_those_that_plain_python_keeps(real: Real, outcome: Outcome) -> None:
    con = open_store(real.folder).take_snapshot().connect()
    columns = "event_id, strftime(date, '%Y%m%d'), sender, receiver, code, coalesce(url, '')"
    rows = con.execute(f"select {columns} from rows").fetchall()
    con.close()
    assert sorted(rows) == sorted(outcome.kept)


def test_the_real_file_of_the_first_version_adds_up(shared: Path) -> None:
    path = shared / "data" / "gdelt1" / "events_57_58_columns.tsv"
    coded = code_events(read_reading(path.read_bytes(), path.name, "gdelt").reading, "f" * 16)
    check_sum(coded)
    assert coded.rows_read == 710
    assert coded.events.num_rows > 50
    assert set(coded.events["source"].to_pylist()) == {"gdelt1"}
    assert coded.events["url"].null_count > 0
