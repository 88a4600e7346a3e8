"""Events as series by period, and the index over a store."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.api import load_events, read_events, score_relations
from comity.api.view import View
from comity.events.coverage import DayCoverage
from comity.events.scale import read_scale
from comity.relations.published import read_gesture_model
from comity.relations.series import RelationsError, follow_period, lay_calendar, start_period
from comity.relations.step import score_relations as score_pairs


@given(st.dates(date(1979, 1, 1), date(2100, 1, 1)), st.sampled_from(["day", "week", "month"]))
def test_every_day_lies_in_the_period_that_starts_before_it(day: date, by: str):
    start = start_period(day, by)
    assert start <= day < follow_period(start, by)
    assert start_period(follow_period(start, by), by) == follow_period(start, by)
    assert (start.weekday() == 0) if by == "week" else (by == "day" or start.day == 1)


def test_calendar_says_which_periods_are_covered():
    days = [DayCoverage(date(2025, 5, 1) + timedelta(days=n), 0 if 4 <= n < 11 else 5, 96, n) for n in range(20)]
    calendar = lay_calendar(days, "week")
    assert calendar.starts == (date(2025, 4, 28), date(2025, 5, 5), date(2025, 5, 12), date(2025, 5, 19))
    assert calendar.covered == (True, False, True, True)
    with pytest.raises(RelationsError, match="'decade'"):
        lay_calendar(days, "decade")


@pytest.fixture
def table(tmp_path: Path) -> View:
    """Give a store with a small table of one's own: two covered days with one missing between them."""
    rows = [
        "date,sender,receiver,code,url",
        "2025-05-01,DEU,POL,057,https://a.example/1",
        "2025-05-01,DEU,POL,112,https://a.example/2",
        "2025-05-03,POL,DEU,042,https://a.example/3",
        "2025-05-03,DEU,POL,1213,https://a.example/4",
        "2025-05-03,FRA,ITA,010,",
    ]
    (tmp_path / "own.csv").write_text("\n".join(rows), "utf-8")
    load_events(tmp_path / "own.csv", tmp_path / "store", "comity")
    return View(store=tmp_path / "store")


def test_a_period_that_is_not_covered_is_missing_and_not_calm(table: View):
    rows = score_relations("DEU", "POL", by="day", view=table).to_pylist()
    assert [row["period"] for row in rows[:3]] == ["2025-05-01", "2025-05-02", "2025-05-03"]
    gap = rows[1]
    assert all(gap[name] is None for name in ("events", "net_goldstein", "share", "score", "low", "high", "by_type"))


def test_sums_shares_and_types_are_those_of_the_events(table: View):
    first, _, last = score_relations("DEU", "POL", by="day", view=table).to_pylist()[:3]
    assert (first["events"], first["net_goldstein"], first["mean_goldstein"]) == (2, 6.0, 3.0)
    assert dict(first["by_type"]) == {"ACCUSE": 1, "SUPPORT": 1}
    assert first["share"] == 1.0
    # 1213 has no value in GDELT's table: it counts as an event and says nothing of the level
    assert (last["events"], last["net_goldstein"], last["mean_goldstein"]) == (1, 0.0, None)
    assert last["share"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_events_behind_a_value_are_found_by_its_period(by: str):
    rows = score_relations("RUS", "UKR", by=by).to_pylist()
    assert sum(row["events"] for row in rows) > 500
    for row in rows[:3] + rows[-3:]:
        events = read_events(
            sender=row["sender"], receiver=row["receiver"], since=row["period"], until=row["until"]
        ).to_pylist()
        assert len(events) == row["events"]
        assert sum(event["score"] or 0.0 for event in events) == pytest.approx(row["net_goldstein"])


def test_index_of_the_sample_lies_in_its_interval_on_the_scale():
    rows = score_relations("USA", "CHN", by="day").to_pylist()
    assert len(rows) == 46
    assert all(-10 <= row["low"] <= row["score"] <= row["high"] <= 10 for row in rows)
    assert {row["scale"] for row in rows} == {"goldstein"}


def test_swapping_the_pair_swaps_the_rows():
    one, other = (score_relations(*pair, by="week").to_pylist() for pair in (("FRA", "DEU"), ("DEU", "FRA")))
    half = len(one) // 2
    assert one[:half] == other[half:] and one[half:] == other[:half]


def test_smoothed_and_filtered_agree_at_the_end_and_differ_before():
    filtered, smoothed = (score_relations("USA", "CHN", by="day", smoothed=s).to_pylist() for s in (False, True))
    end = len(filtered) // 2 - 1
    assert smoothed[end]["score"] == pytest.approx(filtered[end]["score"], abs=1e-4)
    assert smoothed[0]["score"] != filtered[0]["score"]
    assert smoothed[0]["high"] - smoothed[0]["low"] < filtered[0]["high"] - filtered[0]["low"]


def test_scale_without_published_parameters_takes_its_own_from_the_events(tmp_path: Path):
    published = read_scale()
    (tmp_path / "tenth.yml").write_text(
        "id: tenth\ntitle: A tenth of Goldstein\nversion: '1'\nrange: [-1, 1]\nneutral: [-0.05, 0.05]\n"
        "unit: points\nreferences:\n  - {key: own, text: a test, doi: null}\n",
        "utf-8",
    )
    lines = ["code,type,quad,score,label,reference"]
    for row in published.rows:
        score = "" if row.score is None else str(round(row.score / 10, 4))
        lines.append(f'{row.code},{row.type},{row.quad},{score},"{row.label}",test')
    (tmp_path / "tenth.csv").write_text("\n".join(lines), "utf-8")
    tenth = score_relations("USA", "CHN", by="week", view=View(scale=tmp_path / "tenth.yml")).to_pylist()
    whole = score_relations("USA", "CHN", by="week").to_pylist()
    assert tenth[0]["net_goldstein"] == pytest.approx(whole[0]["net_goldstein"] / 10)
    assert all(-1 <= row["low"] <= row["score"] <= row["high"] <= 1 for row in tenth)
    assert {row["scale"] for row in tenth} == {"tenth"}


def test_scale_without_published_parameters_and_without_events_is_an_error(tmp_path: Path):
    scale = read_scale()
    other = type(scale)(**{f: getattr(scale, f) for f in scale.__dataclass_fields__ if f[0] != "_"} | {"id": "other"})
    with pytest.raises(RelationsError, match="'other'"):
        read_gesture_model(other)


def test_pair_without_events_gets_the_prior_and_says_zero_events():
    with View().open() as (con, _, scale):
        rows = score_pairs(con, [("TUV", "SMR")], "week", scale)
    assert {row["events"] for row in rows} == {0}
    assert {row["mean_goldstein"] for row in rows} == {None}
    assert len({row["score"] for row in rows}) == 1


def test_a_store_without_events_says_so(tmp_path: Path):
    (tmp_path / "own.csv").write_text("date,sender,receiver,code,url\n", "utf-8")
    load_events(tmp_path / "own.csv", tmp_path / "store", "comity")
    with pytest.raises(RelationsError, match="no periods"):
        score_relations("DEU", "POL", view=View(store=tmp_path / "store"))


def test_one_event_gives_a_wide_interval_no_trend_and_the_other_side_nothing(tmp_path: Path):
    row = "2025-05-01,DEU,POL,190,https://a.example/1"
    (tmp_path / "own.csv").write_text(f"date,sender,receiver,code,url\n{row}\n{row}\n", "utf-8")
    load_events(tmp_path / "own.csv", tmp_path / "store", "comity")
    acts, answer = score_relations("DEU", "POL", view=View(store=tmp_path / "store")).to_pylist()
    assert (acts["events"], answer["events"]) == (1, 0)  # the row that stands twice counts once
    assert acts["score"] < answer["score"] and acts["high"] - acts["low"] > 3.0
    assert acts["low"] < acts["low50"] < acts["score"] < acts["high50"] < acts["high"]
    assert {row[name] for row in (acts, answer) for name in ("trend", "trend_low", "trend_high50")} == {None}
