"""The two GDELT readers: 61, 58 and 57 columns, slots from names, and what is no event file at all."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.specimens.gdelt_rows import join, make_rows, pack, write_row

from comity.sources import FAMILIES, FileRefused, SourceError, list_sources, read_reading, read_source
from comity.sources.gdelt import read_slot
from comity.sources.vendor import ACTOR_FIELDS, TAB, VENDOR_COLUMNS, Reading

NAME = "20250515120000.export.CSV"


def read(data: bytes, family: str = "gdelt", name: str = NAME) -> Reading:
    return read_reading(data, name, family).reading


def test_a_line_of_the_second_version_gives_the_common_columns() -> None:
    reading = read(write_row(event_id=7, group1="NGO", type1="GOV", religion12="CHR", mentions=3))
    assert reading.source.id == "gdelt2"
    assert reading.lines.table.schema.names == list(VENDOR_COLUMNS)
    row = reading.lines.table.to_pylist()[0]
    sender = dict(zip(ACTOR_FIELDS, row.pop("sender_key").split(TAB), strict=True))
    assert sender == {
        "country": b"DEU", "group": b"NGO", "ethnic": b"", "religion1": b"", "religion2": b"CHR", "type1": b"GOV"
    }  # fmt: skip
    assert row.pop("receiver_key").split(TAB) == [b"POL", b"", b"", b"", b"", b""]
    assert row == {
        "event_id": b"7", "date": b"20250515", "added": b"20250515120000", "code": b"042", "reports": None,
        "articles": None, "num_mentions": b"3", "num_sources": b"1", "num_articles": b"5",
        "url": b"https://news.example/1", "line": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("columns", "source"), [(61, "gdelt2"), (58, "gdelt1"), (57, "gdelt1")])
def test_the_number_of_columns_says_which_version_it_is(columns: int, source: str) -> None:
    reading = read(join(make_rows(5, 1, columns=columns)))
    assert (reading.source.id, reading.lines.rows_read, reading.lines.bad) == (source, 5, ())


def test_lines_of_57_and_58_columns_are_read_from_one_file() -> None:
    rows = [write_row(58, url="https://a.example"), write_row(57), write_row(58), write_row(57)]
    reading = read(join(rows), name="20130401.export.CSV")
    assert [row["url"] for row in reading.lines.table.to_pylist()] == [
        b"https://a.example", b"", b"https://news.example/1", b""
    ]  # fmt: skip
    assert reading.lines.bad == ()


def test_a_line_of_the_other_version_is_set_aside() -> None:
    reading = read(join([*make_rows(3, 1), write_row(58), *make_rows(2, 2)]))
    assert reading.source.id == "gdelt2"
    assert reading.lines.bad == ((4, "wrong_columns"),)
    assert reading.lines.rows_read == 6


@pytest.mark.parametrize("first", [write_row(58), write_row(57), b"", b"\t" * 57, b"cut off\t1", b"x" * 100_000])
def test_a_bad_first_line_costs_the_others_nothing(first: bytes) -> None:
    reading = read(first + b"\n" + join(make_rows(20, 1)))
    assert (reading.source.id, reading.lines.rows_read) == ("gdelt2", 21)
    assert reading.lines.bad == ((1, "wrong_columns"),)


def test_of_a_line_without_both_actors_nothing_is_read_but_that_it_is_there() -> None:
    rows = [write_row(), write_row(country1=""), write_row(country2=""), write_row(country1="", country2=""),
            write_row(country2="", religion22="CHR"), write_row(country1="", type1="GOV")]  # fmt: skip
    reading = read(join(rows))
    assert reading.lines.table["line"].to_pylist() == [1, 5, 6]
    assert (dict(reading.lines.without), reading.lines.rows_read) == ({"sender_key": 2, "receiver_key": 1}, 6)


@pytest.mark.parametrize(("columns", "source"), [(61, "gdelt2"), (58, "gdelt1"), (57, "gdelt1")])
def test_a_file_without_actors_is_no_file_of_another_layout(columns: int, source: str) -> None:
    reading = read(join([write_row(columns, country1="", country2="")] * 3))
    assert (reading.source.id, reading.lines.table.num_rows, reading.lines.rows_read) == (source, 0, 3)


@pytest.mark.parametrize("family", ["gdelt", "gdelt1", "gdelt2"])
@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head>\n<body>gone</body></html>\n",
        b"<html>\t</html>",
        b'{"error": "rate limited"}',
        b"\n",
        b"x",
        b"PAR1" + bytes(50),
        join(make_rows(3, 1)).replace(b"\t", b","),
        join(make_rows(3, 1)).replace(b"\t", b"\t\t"),
    ],
)
def test_an_error_page_is_refused_and_never_read_as_data(page: bytes, family: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read(page, family)
    assert caught.value.status == "corrupt"
    assert any(said in caught.value.what for said in ("tab-separated columns", "web page", "is JSON", "a Parquet file"))
    assert caught.value.todo


def test_a_reader_of_one_version_refuses_a_file_of_the_other() -> None:
    with pytest.raises(FileRefused, match="61 tab-separated columns"):
        read(join(make_rows(3, 1, columns=58)), "gdelt2")
    with pytest.raises(FileRefused, match="58 tab-separated columns"):
        read(join(make_rows(3, 1)), "gdelt1")


def test_an_empty_file_has_no_rows_and_is_no_error() -> None:
    assert read(b"").lines.rows_read == 0
    assert read(pack(b"")).lines.rows_read == 0


def test_a_header_is_a_row_like_any_other() -> None:
    header = b"\t".join(name.encode() for name in read_source("gdelt2").layout)
    reading = read(header + b"\n" + join(make_rows(2, 1)))
    assert (reading.lines.rows_read, reading.lines.bad) == (3, ())


def test_an_archive_and_its_text_give_the_same_rows() -> None:
    text = join(make_rows(10, 1))
    assert read(pack(text), name=NAME + ".zip").lines.table.equals(read(text).lines.table)


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("20250515204500.export.CSV.zip", datetime(2025, 5, 15, 20, 45, tzinfo=UTC)),
        ("20250515204500.export.CSV", datetime(2025, 5, 15, 20, 45, tzinfo=UTC)),
        ("20250515204500.translation.export.CSV.zip", datetime(2025, 5, 15, 20, 45, tzinfo=UTC)),
        ("20130401.export.CSV.zip", datetime(2013, 4, 1, tzinfo=UTC)),
        ("201303.zip", datetime(2013, 3, 1, tzinfo=UTC)),
        ("1979.zip", datetime(1979, 1, 1, tzinfo=UTC)),
        ("20240229.export.CSV.zip", datetime(2024, 2, 29, tzinfo=UTC)),
        ("20230229.export.CSV.zip", None),
        ("20251332000000.export.CSV.zip", None),
        ("20250515246000.export.CSV.zip", None),
        ("00000000.export.CSV", None),
        ("2025051.csv", None),
        ("events_57_58_columns.tsv", None),
        ("my 20250515.csv", None),
        ("", None),
    ],
)
def test_a_slot_is_read_from_the_name_or_not_at_all(name: str, slot: datetime | None) -> None:
    assert read_slot(name) == slot


def test_an_unknown_source_is_told_with_those_that_there_are() -> None:
    with pytest.raises(SourceError, match="'gdelt9'") as caught:
        read(b"", "gdelt9")
    assert all(family in caught.value.todo for family in FAMILIES)


@pytest.mark.parametrize("source", list_sources())
def test_each_source_says_who_publishes_it_under_which_terms(source: str) -> None:
    said = read_source(source)
    assert said.id == source
    assert said.title and said.publisher and said.terms and said.citation
    assert len(set(said.layout)) == len(said.layout)


@pytest.mark.parametrize("source", ["gdelt", "../gdelt2", "", "GDELT2"])
def test_a_source_that_is_none_is_an_error(source: str) -> None:
    with pytest.raises(SourceError):
        read_source(source)


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("gdelt2", "GDELT_2.0_Events_Column_Labels_Header_Row_Sep2016.csv"),
        ("gdelt1", "GDELT_1.0_event_Column_Labels_Header_Row_Sep2016.tsv"),
    ],
)
def test_the_layout_is_the_publishers_own_header(source: str, file: str, shared: Path) -> None:
    with (shared / "data" / "lookups" / file).open(encoding="utf-8", newline="") as lines:
        first, *names = [row[0] for row in csv.reader(lines, delimiter="," if file.endswith("csv") else "\t") if row]
    assert first == "tableId"
    assert [name.lower() for name in read_source(source).layout] == [name.lower() for name in names]


def test_every_line_of_the_real_first_version_is_read(shared: Path) -> None:
    path = shared / "data" / "gdelt1" / "events_57_58_columns.tsv"
    data = path.read_bytes()
    reading = read(data, name=path.name)
    assert (reading.source.id, reading.slot, reading.lines.bad) == ("gdelt1", None, ())
    assert reading.lines.rows_read == len(data.splitlines())
    counts = {line.count(b"\t") + 1 for line in data.splitlines()}
    assert counts == {57, 58}
    lines = [line.split(b"\t") for line in data.splitlines()]
    whole = [number for number, line in enumerate(lines, 1) if any(line[7:13]) and any(line[17:23])]
    assert reading.lines.table["line"].to_pylist() == whole
    short = {number for number in whole if len(lines[number - 1]) == 57}
    empty = {row["line"] for row in reading.lines.table.to_pylist() if row["url"] == b""}
    assert empty >= short and short


def test_the_columns_of_a_real_file_stand_where_the_publisher_says(shared: Path) -> None:
    path = sorted((shared / "data" / "gdelt2").glob("*.zip"))[0]
    for row in read(path.read_bytes(), name=path.name).lines.table.to_pylist():
        assert row["event_id"].isdigit() and len(row["date"]) == 8
        assert row["added"].decode() == path.name[:14]
        assert row["url"].startswith(b"http")
        assert row["code"].isdigit() and 2 <= len(row["code"]) <= 4
