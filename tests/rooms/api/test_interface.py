"""The Python interface: the same answers as the command line, as Arrow tables and plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from tests.specimens.command import read_json

import comity
from comity.api.view import View, WrongUse, read_date, read_time
from comity.events.view import EventError


def test_every_name_of_the_interface_is_there():
    assert all(callable(getattr(comity, name)) for name in comity.__all__ if name != "__version__")
    assert set(comity.__all__) <= set(dir(comity))
    with pytest.raises(AttributeError, match="coerce"):
        comity.coerce  # noqa: B018  the access is the test


def test_tables_are_arrow_and_typed():
    events = comity.read_events(sender="DEU", receiver="POL")
    assert isinstance(events, pa.Table)
    assert events.schema.field("date").type == pa.date32()
    assert events.schema.field("score").type == pa.float64()
    scores = comity.score_relations("DEU", "POL", by="day")
    assert scores.schema.field("by_type").type == pa.map_(pa.string(), pa.int64())
    ledger = comity.read_ledger()
    assert ledger.num_rows == 883
    assert ledger.schema.field("slot").type == pa.timestamp("us", tz="UTC")


def test_interface_and_command_line_agree():
    assert comity.count_events(sender="USA", receiver="CHN") == read_json(
        "events", "count", "--sender", "USA", "--receiver", "CHN"
    )
    rows = comity.score_relations("USA", "CHN", by="month").to_pylist()
    typed = [{**row, "by_type": None if row["by_type"] is None else dict(row["by_type"])} for row in rows]
    assert typed == read_json("relations", "score", "USA", "CHN", "--by", "month")


def test_level_says_for_how_many_an_event_counts():
    counts = [comity.count_events(view=View(level=level))["events"] for level in ("events", "articles", "reports")]
    assert counts == sorted(counts) and len(set(counts)) == 3
    with pytest.raises(EventError, match="'rumours'"):
        comity.count_events(view=View(level="rumours"))


def test_scale_by_name_changes_scores_and_is_named():
    goldstein, plover = (comity.count_events(view=View(scale=name)) for name in ("goldstein", "plover"))
    assert goldstein["by_type"] == plover["by_type"]
    assert goldstein["net_goldstein"] != plover["net_goldstein"]
    assert (goldstein["scale"], plover["scale"]) == ("goldstein", "plover")


def test_brief_document_and_file_agree(tmp_path: Path):
    import json

    document = comity.compose_brief("DEU", "POL")
    path = comity.write_brief("Germany", "Poland", out=tmp_path / "b.json")
    assert json.loads(path.read_text("utf-8")) == document
    with pytest.raises(WrongUse, match="'docx'"):
        comity.write_brief("DEU", "POL", out=tmp_path / "b.docx")
    assert not (tmp_path / "b.docx").exists()


def test_as_of_before_the_first_load_is_empty():
    assert comity.count_events(view=View(as_of=date(2001, 1, 1)))["events"] == 0
    assert comity.describe_store(as_of="2001-01-01")["files"] == {}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2025-05-31", datetime(2025, 5, 31, 23, 59, 59, 999999, UTC)),
        (date(2025, 5, 31), datetime(2025, 5, 31, 23, 59, 59, 999999, UTC)),
        ("2025-05-31T12:00:00", datetime(2025, 5, 31, 12, tzinfo=UTC)),
        ("2025-05-31T12:00:00+02:00", datetime(2025, 5, 31, 10, tzinfo=UTC)),
        (None, None),
    ],
)
def test_times_are_read_as_utc_and_days_as_their_end(said: object, meant: datetime | None):
    assert read_time(said) == meant  # type: ignore[arg-type]


def test_bad_days_are_named():
    assert read_date("2025-05-31") == date(2025, 5, 31)
    with pytest.raises(WrongUse, match="'31.5.2025'"):
        read_date("31.5.2025")


def test_foundations_of_one_and_of_two():
    one, two = comity.describe_foundations("DEU"), comity.describe_foundations("DEU", "POL")
    assert one and two and one != two
    with pytest.raises(WrongUse, match="are both Germany"):
        comity.describe_foundations("DEU", "Germany")
