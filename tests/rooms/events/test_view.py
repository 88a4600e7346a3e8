"""Levels of de-duplication and counts: on hand-made rows by hand, on the real rows by plain Python."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.specimens.gdelt_rows import write_row, write_slot
from tests.specimens.naive import Outcome, Row
from tests.specimens.real import Real

from comity.api import count_events, load_events, read_events, read_rows
from comity.api.view import View
from comity.events.scale import read_scale
from comity.events.view import LEVELS, EventError, connect_events
from comity.events.view import count_events as count_view

SCALE = {row.code: row for row in read_scale().rows}
A, B = "https://a.example", "https://b.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store with one act reported four times under two links, and some others."""
    place = tmp_path_factory.mktemp("levels")
    said: list[dict[str, Any]] = [
        {"url": A}, {"url": A}, {"url": A}, {"url": B},
        {"url": ""}, {"url": ""},
        {"code": "112", "url": A},
        {"date": "20250514"},
        {"country1": "POL", "country2": "DEU", "code": "1213"},
        {"country1": "POL", "country2": "DEU", "code": "190"},
    ]  # fmt: skip
    slot = write_slot(place, "20250515120000", [write_row(event_id=n, **row) for n, row in enumerate(said)])
    load_events(slot, place / "store")
    return place / "store"


@pytest.mark.parametrize(("level", "count"), [("reports", 10), ("articles", 7), ("events", 5)])
def test_a_level_says_what_counts_as_one(folder: Path, level: str, count: int) -> None:
    found = count_events(view=View(folder, level=level))
    assert (found["events"], found["level"], found["scale"]) == (count, level, "goldstein")
    assert sum(found["by_type"].values()) == sum(found["by_quad"].values()) == count


def test_the_sum_of_scores_follows_the_level(folder: Path) -> None:
    between = {"sender": "DEU", "receiver": "POL", "since": "2025-05-15"}
    visit, accuse = SCALE["042"].score, SCALE["112"].score
    assert visit is not None and accuse is not None
    for level, visits in (("reports", 6), ("articles", 3), ("events", 1)):
        found = count_events(**between, view=View(folder, level=level))
        assert found["net_goldstein"] == pytest.approx(visits * visit + accuse)
        assert found["by_type"] == {SCALE["042"].type: visits, SCALE["112"].type: 1}
        assert found["by_quad"] == {"1": visits, "3": 1}


def test_an_event_without_a_score_counts_and_adds_nothing(folder: Path) -> None:
    found = count_events(sender="POL", view=View(folder))
    assert found["events"] == 2
    assert found["unscored"] == 1
    assert found["net_goldstein"] == SCALE["190"].score


def test_an_event_carries_its_reports_links_and_the_link_that_was_reported_most(folder: Path) -> None:
    row = read_events(sender="DEU", since="2025-05-15", view=View(folder)).to_pylist()[0]
    assert (row["reports"], row["articles"], row["weight"], row["url"]) == (6, 3, 1, A)
    assert (row["type"], row["quad"], row["score"], row["label"]) == ("CONSULT", 1, 1.9, SCALE["042"].label)


def test_the_rows_behind_an_event_are_those_of_the_publisher(folder: Path) -> None:
    rows = read_rows(sender="DEU", receiver="POL", since="2025-05-15", view=View(folder)).to_pylist()
    assert sorted(row["event_id"] for row in rows) == list(range(7))
    assert {row["name"] for row in rows} == {"20250515120000.export.CSV.zip"}


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 5),
        ({"sender": "Germany"}, 3),
        ({"receiver": "de"}, 2),
        ({"sender": "DEU", "receiver": "DEU"}, 0),
        ({"sender": "FRA"}, 0),
        ({"since": "2025-05-15"}, 4),
        ({"until": "2025-05-14"}, 1),
        ({"since": "2025-05-14", "until": "2025-05-14"}, 1),
        ({"since": date(2025, 5, 15), "until": date(2025, 5, 15)}, 4),
        ({"since": "2025-05-16"}, 0),
        ({"sender": "DEU", "receiver": "POL", "since": "2025-05-15", "until": "2025-05-15"}, 2),
    ],
)
def test_a_choice_counts_what_it_says(folder: Path, asked: dict[str, Any], count: int) -> None:
    found = count_events(**asked, view=View(folder))
    assert found["events"] == count
    assert read_events(**asked, view=View(folder)).num_rows == count


def test_nothing_found_is_zero_events_and_no_types(folder: Path) -> None:
    found = count_events(sender="FRA", view=View(folder))
    assert (found["events"], found["by_type"], found["by_quad"], found["net_goldstein"]) == (0, {}, {}, 0.0)


def test_a_period_that_ends_before_it_begins_is_an_error(folder: Path) -> None:
    with pytest.raises(EventError, match="2025-05-16 to 2025-05-15"):
        count_events(since="2025-05-16", until="2025-05-15", view=View(folder))


@pytest.mark.parametrize("level", ["", "EVENTS", "event", "1); drop table rows; --"])
def test_an_unknown_level_is_an_error_that_lists_those_there_are(folder: Path, level: str) -> None:
    with pytest.raises(EventError) as caught:
        count_events(view=View(folder, level=level))
    assert repr(level) in caught.value.what
    assert all(name in caught.value.todo for name in LEVELS)


@pytest.mark.parametrize("value", ["x' or '1'='1", 'POL"; drop table rows; --', "%", "IGO:'", "a) union select 1 --"])
def test_a_value_is_never_part_of_a_query(folder: Path, value: str) -> None:
    with View(folder).open() as (con, _, _):
        assert count_view(con, sender=value)["events"] == 0
        assert count_view(con, receiver=value)["events"] == 0
        assert count_view(con)["events"] == 5


# Levels on rows of any kind

DRAWN = st.tuples(
    st.dates(date(2025, 5, 14), date(2025, 5, 16)),
    st.sampled_from(["DEU", "POL"]),
    st.sampled_from(["042", "112", "1213"]),
    st.sampled_from([A, B, None]),
    st.integers(1, 3),
)


@pytest.fixture(scope="module")
def blank() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    yield con
    con.close()


@settings(max_examples=25)
@given(rows=st.lists(DRAWN, max_size=20), order=st.randoms())
def test_reports_are_at_least_articles_and_articles_at_least_events(
    blank: duckdb.DuckDBPyConnection, rows: list[Any], order: Any
) -> None:
    def count(given_rows: list[Any], level: str) -> dict[str, Any]:
        blank.execute(
            "create or replace table rows (date date, sender varchar, receiver varchar, code varchar, url varchar, "
            "reports integer, articles integer, source varchar default 'gdelt2')"
        )
        for day, sender, code, url, reports in given_rows:
            receiver = "POL" if sender == "DEU" else "DEU"
            values = [day, sender, receiver, code, url, reports]
            blank.execute("insert into rows values (?, ?, ?, ?, ?, ?, 1, default)", values)
        blank.execute(
            "create or replace table ledger as "
            "select 'loaded' as status, 'gdelt2' as source, count(*) as rows_kept from rows"
        )
        connect_events(blank, read_scale(), level)
        return count_view(blank)

    counts = {level: count(rows, level) for level in LEVELS}
    assert counts["reports"]["events"] == sum(row[4] for row in rows)
    assert counts["articles"]["events"] == len({row[:4] for row in rows})
    assert counts["events"]["events"] == len({row[:3] for row in rows})
    mixed = list(rows)
    order.shuffle(mixed)
    assert count(mixed, "articles") == counts["articles"]


# The real rows


def read_day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def count_plainly(rows: list[Row], level: str) -> dict[str, Any]:
    """Count with the definitions of the levels, and nothing else."""
    keys = {"reports": rows, "articles": {row[1:] for row in rows}, "events": {row[1:5] for row in rows}}[level]
    codes = Counter(row[-2 if level != "events" else -1] for row in keys)
    types, quads, net = Counter[str](), Counter[str](), 0.0
    for code, count in codes.items():
        types[SCALE[code].type] += count
        quads[str(SCALE[code].quad)] += count
        net += count * (SCALE[code].score or 0.0)
    return {
        "events": len(keys),
        "by_type": dict(types),
        "by_quad": dict(quads),
        "net_goldstein": pytest.approx(net, abs=1e-4),
    }


@pytest.mark.parametrize("level", list(LEVELS))
def test_the_counts_of_the_real_rows_are_those_of_plain_python(real: Real, outcome: Outcome, level: str) -> None:
    found = count_events(view=View(real.folder, level=level))
    assert {name: found[name] for name in ("events", "by_type", "by_quad", "net_goldstein")} == count_plainly(
        outcome.kept, level
    )


def test_the_levels_of_the_real_rows_fall_from_reports_to_events(real: Real) -> None:
    counts = {level: count_events(view=View(real.folder, level=level))["events"] for level in LEVELS}
    assert counts["reports"] > counts["articles"] > counts["events"] > 0


@pytest.mark.parametrize(
    ("sender", "receiver", "since", "until"),
    [
        ("USA", "CHN", None, None),
        ("RUS", None, "20250520", "20250525"),
        (None, "IGO:EU", "20250601", None),
        ("IND", "PAK", None, "20250516"),
        (None, None, "20250530", "20250530"),
    ],
)
@pytest.mark.parametrize("level", list(LEVELS))
def test_a_choice_of_the_real_rows_is_that_of_plain_python(
    real: Real,
    outcome: Outcome,
    sender: str | None,
    receiver: str | None,
    since: str | None,
    until: str | None,
    level: str,
) -> None:
    rows = [
        row
        for row in outcome.kept
        if sender in (None, row[2]) and receiver in (None, row[3]) and (since or "0") <= row[1] <= (until or "9")
    ]
    found = count_events(
        sender=sender,
        receiver=receiver,
        since=since and read_day(since),
        until=until and read_day(until),
        view=View(real.folder, level=level),
    )
    assert rows
    assert {name: found[name] for name in ("events", "by_type", "by_quad", "net_goldstein")} == count_plainly(
        rows, level
    )


def test_every_real_event_carries_the_reports_and_links_of_its_rows(real: Real, outcome: Outcome) -> None:
    found = read_events(view=View(real.folder)).select(
        ["date", "sender", "receiver", "code", "reports", "articles", "url"]
    )
    rows = sorted(outcome.kept, key=lambda row: row[1:5])
    for event, (key, group) in zip(found.to_pylist(), groupby(rows, key=lambda row: row[1:5]), strict=True):
        links = Counter(row[5] for row in group)
        assert (f"{event['date']:%Y%m%d}", event["sender"], event["receiver"], event["code"]) == key
        assert (event["reports"], event["articles"]) == (links.total(), len(links))
        assert links[event["url"] or ""] == max(links.values())


def test_the_embedded_sample_answers_every_level_like_the_real_files(real: Real) -> None:
    for level in LEVELS:
        assert count_events(view=View(level=level)) == count_events(view=View(real.folder, level=level))


# Another scale


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Give a scale of one's own: two codes, one of them without a score."""
    path = tmp_path / "mine.yml"
    path.write_text(
        'id: mine\ntitle: My scale\nversion: "1"\nrange: [-1, 1]\nneutral: [-0.1, 0.1]\n'
        "references:\n  - {key: me, text: My own values., doi: null}\n",
        encoding="utf-8",
    )
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as table:
        rows = [("code", "type", "quad", "score", "label", "reference"), ("042", "AID", 2, 0.5, "Visit", "me")]
        csv.writer(table).writerows([*rows, ("112", "ACCUSE", 3, "", "Accuse", "me")])
    return path


def test_a_scale_of_ones_own_gives_types_and_scores_and_is_named(folder: Path, mine: Path) -> None:
    found = count_events(sender="DEU", view=View(folder, scale=mine))
    assert found["scale"] == "mine"
    assert found["by_type"] == {"ACCUSE": 1, "AID": 2}
    assert (found["net_goldstein"], found["unscored"]) == (1.0, 1)


def test_a_code_that_a_scale_lacks_keeps_its_type_and_has_no_score(folder: Path, mine: Path) -> None:
    found = count_events(sender="POL", view=View(folder, scale=mine))
    assert found["by_type"] == {SCALE["1213"].type: 1, SCALE["190"].type: 1}
    assert found["by_quad"] == {"3": 1, "4": 1}
    assert (found["net_goldstein"], found["unscored"]) == (0.0, 2)
    scores = read_events(sender="POL", view=View(folder, scale=mine))["score"].to_pylist()
    assert scores == [None, None]


def test_the_plover_scale_changes_scores_and_not_counts(real: Real) -> None:
    one, other = (count_events(view=View(real.folder, scale=scale)) for scale in ("goldstein", "plover"))
    assert other["scale"] == "plover"
    assert {**one, "net_goldstein": 0, "scale": "", "unscored": 0} == {
        **other,
        "net_goldstein": 0,
        "scale": "",
        "unscored": 0,
    }
    assert one["net_goldstein"] != other["net_goldstein"]
