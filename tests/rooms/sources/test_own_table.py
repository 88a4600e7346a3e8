"""A table of one's own, as CSV or Parquet: read by its header, or refused with the line that is wrong."""

from __future__ import annotations

import contextlib
import io
import random
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.events.code import Coded, code_events
from comity.sources import FileRefused, read_reading
from comity.sources.comity.columns import take_columns
from comity.sources.lines import Lines

HEADER = "date,sender,receiver,code\n"
ROW = "2025-05-15,DEU,POL,042\n"


def read(data: bytes | str) -> Lines:
    received = data.encode() if isinstance(data, str) else data
    return read_reading(received, "own.csv", "comity").reading.lines


def code(data: bytes | str) -> Coded:
    received = data.encode() if isinstance(data, str) else data
    return code_events(read_reading(received, "own.csv", "comity").reading, "0" * 16)


def refuse(data: bytes | str) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(data)
    assert caught.value.status == "corrupt"
    assert caught.value.where.startswith("own.csv") and caught.value.todo
    return caught.value


def write_parquet(**columns: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_is_read_whatever_its_separator_mark_and_line_ends(separator: str, mark: str, end: str) -> None:
    text = mark + (HEADER + ROW + ROW).replace(",", separator).replace("\n", end)
    lines = read(text)
    assert lines.bad == ()
    assert [(row["line"], row["sender_key"], row["code"]) for row in lines.table.to_pylist()] == [
        (2, b"DEU", b"042"),
        (3, b"DEU", b"042"),
    ]


def test_columns_may_stand_in_any_order_among_others() -> None:
    lines = read("note,receiver,url,code,date,sender\nx,POL,https://a.example,042,20250515,Germany\n")
    row = lines.table.to_pylist()[0]
    assert (row["sender_key"], row["receiver_key"], row["date"], row["url"]) == (
        b"Germany", b"POL", b"20250515", b"https://a.example"
    )  # fmt: skip


def test_names_and_codes_of_any_system_name_an_actor() -> None:
    coded = code(HEADER + "2025-05-15,Germany,fips:PL,042\n20250515,DE,European Union,043\n")
    assert coded.events.select(["date", "sender", "receiver", "code"]).to_pylist() == [
        {"date": date(2025, 5, 15), "sender": "DEU", "receiver": "POL", "code": "042"},
        {"date": date(2025, 5, 15), "sender": "DEU", "receiver": "IGO:EU", "code": "043"},
    ]


def test_an_unknown_actor_is_dropped_and_counted_and_its_name_is_nowhere() -> None:
    coded = code(HEADER + ROW + "2025-05-15,Jane Roe of Anytown,POL,042\n2025-05-15,POL,,042\n2025-05-15,,POL,042\n")
    assert coded.dropped == {"unknown_code": 1, "no_second_actor": 1, "no_first_actor": 1}
    assert (coded.events.num_rows, coded.set_aside.num_rows) == (1, 0)
    assert "Jane" not in str(coded.events.to_pylist())


def test_a_line_break_within_quotes_is_part_of_a_field_that_is_not_used() -> None:
    lines = read('note,date,sender,receiver,code\n"two\nlines",2025-05-15,DEU,POL,042\n,2025-05-16,DEU,POL,042\n')
    assert [(row["line"], row["date"]) for row in lines.table.to_pylist()] == [(2, b"2025-05-15"), (4, b"2025-05-16")]


def test_a_separator_within_quotes_is_part_of_the_field() -> None:
    assert code(HEADER + '2025-05-15,"Korea, Republic of",POL,042\n').rows_read == 1
    assert read(HEADER + '"2025-05-15","DEU","POL","042"\n').table["sender_key"].to_pylist() == [b"DEU"]


def test_a_quote_that_is_not_closed_is_told_and_swallows_no_row() -> None:
    refusal = refuse(HEADER + ROW + '2025-05-15,"DEU,POL,042\n' + ROW * 3)
    assert "quote" in refusal.what
    assert "lines 3 to 6" in refusal.where


def test_a_stray_quote_that_happens_to_fit_swallows_no_row() -> None:
    assert "quote" in refuse(HEADER + '2025-05-15,"DEU,POL,042\n2025-05-15,DEU",POL,042\n').what


def test_a_quote_within_a_field_is_a_character() -> None:
    lines = read(HEADER + '2025-05-15,D"EU,POL,042\n' + ROW)
    assert lines.table["sender_key"].to_pylist() == [b'D"EU', b"DEU"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("2025-05-15,DEU,POL\n", "wrong_columns"),
        ("2025-05-15,DEU,POL,042,1\n", "wrong_columns"),
        ("\n", "wrong_columns"),
        ("2025-05-15,D\0EU,POL,042\n", "nul_byte"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line(bad: str, reason: str) -> None:
    coded = code(HEADER + ROW + bad + ROW)
    assert (coded.rows_read, coded.events.num_rows) == (3, 2)
    assert [(row["line"], row["reason"]) for row in coded.set_aside.to_pylist()] == [(3, reason)]


@pytest.mark.parametrize("absent", ["date", "sender", "receiver", "code"])
def test_a_table_without_a_needed_column_is_refused_by_its_name(absent: str) -> None:
    names = [name for name in ("date", "sender", "receiver", "code") if name != absent]
    assert refuse(",".join(names) + "\n").what.startswith(f"the table lacks {absent};")


def test_a_column_that_stands_twice_is_refused() -> None:
    assert "has twice: sender" in refuse("date,sender,receiver,code,sender\n").what
    assert "has twice: url" in refuse("date,sender,receiver,code,url,url\n").what


def test_a_column_of_no_use_may_stand_twice() -> None:
    assert read("date,sender,receiver,code,note,note\n2025-05-15,DEU,POL,042,a,b\n").rows_read == 1


def test_a_table_without_a_header_is_refused_and_its_first_row_is_not_repeated() -> None:
    refusal = refuse("2025-05-15,Jane Roe of Anytown,POL,042\n" + ROW)
    assert "4 columns" in refusal.what
    assert "Jane" not in str(refusal)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n\n", b"x", b"<html>\n<b>502</b>\n</html>", b"{}"])
def test_what_has_no_header_is_refused(data: bytes) -> None:
    assert refuse(data).what.startswith("the table lacks date, sender, receiver, code")


def test_text_that_is_not_utf8_is_refused_with_the_line() -> None:
    latin = (HEADER + ROW + "2025-05-15,C\u00f4te d'Ivoire,POL,042\n").encode("latin-1")
    assert refuse(latin).what.startswith("line 3 is not UTF-8 text")
    assert "line 1 is not UTF-8" in refuse((HEADER + ROW).encode("utf-16")).what


def test_a_workbook_with_another_ending_is_refused() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as book:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            book.writestr(name, "<xml/>")
    assert "Excel workbook" in refuse(sink.getvalue()).what


def test_a_zipped_table_is_read() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("own.csv", HEADER + ROW)
    assert read(sink.getvalue()).rows_read == 1


@pytest.mark.parametrize(
    "cell", ["=1+1", "+DEU", "-DEU", "@DEU", '=HYPERLINK("https://x.example")', "\uff1d1", "<b>DEU</b>"]
)
def test_a_cell_with_a_formula_is_no_actor_and_is_not_computed(cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    assert code(HEADER + f"2025-05-15,{quoted},POL,042\n").dropped == {"unknown_code": 1}


def test_a_link_with_a_formula_stays_text() -> None:
    coded = code("date,sender,receiver,code,url\n2025-05-15,DEU,POL,042,=cmd|' /C calc'!A0\n")
    assert coded.events["url"].to_pylist() == ["=cmd|' /C calc'!A0"]


def test_a_million_columns_are_refused_in_words() -> None:
    header = ",".join(f"c{n}" for n in range(1_000_000))
    assert "1,000,000 columns" in refuse(header).what


@pytest.mark.parametrize("place", ["header", "row"])
def test_a_field_without_end_is_refused_in_words(place: str) -> None:
    long = '"' + "x" * 3_000_000 + '"'
    data = long + "," + HEADER if place == "header" else HEADER + ROW + f"2025-05-15,{long},POL,042\n"
    assert f"near line {1 if place == 'header' else 3} is not CSV" in refuse(data).what


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("reports", "0", "bad_reports"),
        ("reports", "-1", "bad_reports"),
        ("reports", "1.5", "bad_reports"),
        ("reports", "1e3", "bad_reports"),
        ("reports", '"1,5"', "bad_reports"),
        ("reports", "nan", "bad_reports"),
        ("reports", "inf", "bad_reports"),
        ("reports", "2147483648", "bad_reports"),
        ("reports", "0x10", "bad_reports"),
        ("articles", "0", "bad_articles"),
        ("articles", "\u0661", "bad_articles"),
        ("event_id", "-0", "bad_event_id"),
        ("event_id", "9223372036854775808", "bad_event_id"),
        ("event_id", "A7", "bad_event_id"),
    ],
)
def test_a_number_that_is_none_is_set_aside_and_never_zero(column: str, value: str, reason: str) -> None:
    coded = code(f"date,sender,receiver,code,{column}\n2025-05-15,DEU,POL,042,{value}\n2025-05-15,DEU,POL,042,3\n")
    assert [row["reason"] for row in coded.set_aside.to_pylist()] == [reason]
    assert coded.events[column].to_pylist() == [3]


def test_a_bad_number_alone_in_its_column_is_set_aside_as_well() -> None:
    for value in ("0", "0x10", "-0", "+1"):
        coded = code(f"date,sender,receiver,code,reports\n2025-05-15,DEU,POL,042,{value}\n")
        assert coded.count_set_aside() == {"bad_reports": 1}, value


def test_counts_that_are_left_out_are_one_and_an_absent_number_is_none() -> None:
    coded = code("date,sender,receiver,code,reports,event_id\n2025-05-15,DEU,POL,042,,\n2025-05-15,DEU,POL,043,12,7\n")
    rows = coded.events.select(["reports", "articles", "event_id", "num_mentions", "added", "url"]).to_pylist()
    nothing = {"num_mentions": None, "added": None, "url": None}
    assert rows == [
        {"reports": 1, "articles": 1, "event_id": None, **nothing},
        {"reports": 12, "articles": 1, "event_id": 7, **nothing},
    ]


NUMBER = st.text("0123456789-+.x eE", max_size=22) | st.integers(-3, 2**64).map(str)


@given(NUMBER, NUMBER)
def test_a_number_is_judged_alike_whatever_stands_beside_it(one: str, other: str) -> None:
    def judge(*values: str) -> list[int | None]:
        coded = code("date,sender,receiver,code,reports\n" + "".join(f"2025-05-15,DEU,POL,042,{v}\n" for v in values))
        bad = {row["line"]: None for row in coded.set_aside.to_pylist()}
        good = iter(coded.events["reports"].to_pylist())
        return [bad[n] if n in bad else next(good) for n in range(2, 2 + len(values))]

    assert judge(one, other) == [*judge(one), *judge(other)]


# Parquet


GOOD: dict[str, Any] = {
    "date": [date(2025, 5, 15), date(2025, 5, 16)],
    "sender": ["DEU", "Germany"],
    "receiver": ["POL", "PL"],
    "code": ["042", "057"],
}


def test_a_parquet_file_gives_the_same_as_text() -> None:
    text = "date,sender,receiver,code\n2025-05-15,DEU,POL,042\n2025-05-16,Germany,PL,057\n"
    assert code(write_parquet(**GOOD)).events.equals(code(text).events)


@pytest.mark.parametrize(
    "days",
    [
        ["2025-05-15", "20250516"],
        pa.array([20250515, 20250516]),
        pa.array([date(2025, 5, 15), date(2025, 5, 16)], pa.date64()),
        pa.array(["2025-05-15", "2025-05-16"]).dictionary_encode(),
        pa.array(["2025-05-15", "2025-05-16"], pa.large_string()),
    ],
)
def test_days_are_read_from_any_sensible_type(days: Any) -> None:
    assert code(write_parquet(**GOOD | {"date": days})).events["date"].to_pylist() == GOOD["date"]


def test_missing_values_are_missing() -> None:
    coded = code(write_parquet(**GOOD | {"sender": ["DEU", None], "url": pa.nulls(2), "reports": [None, 2]}))
    assert coded.dropped == {"no_first_actor": 1}
    assert coded.events.select(["url", "reports"]).to_pylist() == [{"url": None, "reports": 1}]


@pytest.mark.parametrize(
    ("column", "values", "reason"),
    [
        ("code", [42, 57], "unknown_event_code"),
        ("date", [datetime(2025, 5, 15, 12), datetime(2025, 5, 16)], "bad_date"),
        ("date", [2025.5, 2025.6], "bad_date"),
        ("reports", [1.5, 2.5], "bad_reports"),
        ("event_id", ["a", "b"], "bad_event_id"),
    ],
)
def test_a_column_of_another_type_sets_its_rows_aside(column: str, values: Any, reason: str) -> None:
    coded = code(write_parquet(**GOOD | {column: values}))
    assert (coded.events.num_rows, coded.count_set_aside()) == (0, {reason: 2})


@pytest.mark.parametrize("values", [[{"a": 1}, {"a": 2}], [[1], [2]], [b"\xff\xfe", b"\x80"]])
def test_a_column_that_cannot_be_text_is_refused(values: Any) -> None:
    assert "Parquet" in refuse(write_parquet(**GOOD | {"sender": values})).what


def test_a_parquet_file_without_a_column_is_refused() -> None:
    assert "lacks code" in refuse(write_parquet(**{k: v for k, v in GOOD.items() if k != "code"})).what


def test_a_parquet_file_may_have_any_other_columns_even_twice() -> None:
    sink = io.BytesIO()
    extra = pa.array([[1], [2]])
    pq.write_table(pa.table([*(pa.array(GOOD[name]) for name in GOOD), extra, extra], names=[*GOOD, "x", "x"]), sink)
    assert code(sink.getvalue()).events.num_rows == 2


def test_a_parquet_file_of_several_row_groups_is_read_whole() -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({name: values * 50 for name, values in GOOD.items()}), sink, row_group_size=7)
    coded = code(sink.getvalue())
    assert coded.events.num_rows == coded.rows_read == 100


def test_a_small_file_that_promises_very_many_rows_is_refused_before_they_are_made() -> None:
    sink = io.BytesIO()
    one = pa.table({name: pa.repeat(values[0], 6_000_000) for name, values in (GOOD | {"date": ["20250515"]}).items()})
    pq.write_table(one, sink)
    assert len(sink.getvalue()) < 100_000
    tracemalloc.start()
    try:
        assert "more than 5,000,000 rows" in refuse(sink.getvalue()).what
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_text_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.sources.comity.columns.MOST_ROWS", 3)
    assert read(HEADER + ROW * 3).rows_read == 3
    assert "more than 3 rows" in refuse(HEADER + ROW * 4).what


def test_a_parquet_file_without_rows_has_none() -> None:
    empty = {name: pa.array([], pa.string()) for name in GOOD}
    assert read(write_parquet(**empty)).rows_read == 0


def test_a_parquet_file_that_is_cut_off_is_refused() -> None:
    whole = write_parquet(**GOOD)
    assert "Parquet" in refuse(whole[:200]).what
    for cut in range(4, len(whole), 23):
        with pytest.raises(FileRefused, match="the Parquet file cannot be read"):
            take_columns(whole[:cut], "own.parquet")


def test_a_parquet_file_with_any_bit_flipped_is_read_or_refused() -> None:
    whole = write_parquet(**GOOD)
    draw = random.Random(1)
    for _ in range(600):
        place = draw.randrange(4, len(whole))
        with contextlib.suppress(FileRefused):
            flipped = whole[:place] + bytes([whole[place] ^ 1 << draw.randrange(8)]) + whole[place + 1 :]
            assert take_columns(flipped, "own.parquet").num_rows >= 0


def test_garbage_with_the_mark_of_parquet_is_refused() -> None:
    draw = random.Random(3)
    assert "Parquet" in refuse(b"PAR1" + draw.randbytes(100) + b"PAR1").what
    for size in (0, 1, 8, 100, 5000):
        for end in (b"", b"PAR1"):
            with pytest.raises(FileRefused, match="the Parquet file cannot be read"):
                take_columns(b"PAR1" + draw.randbytes(size) + end, "own.parquet")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc, which is not here")
def test_no_thread_that_could_let_go_of_the_file_last_is_begun() -> None:
    """One that does so while the interpreter ends aborts the process, after all that was asked of it is done."""
    steps = """
import os, sys
import pyarrow.parquet
from comity.sources.comity.columns import take_columns
data, count = sys.stdin.buffer.read(), lambda: len(os.listdir("/proc/self/task"))
before = count()
take_columns(data, "own")
print(count() - before)
"""
    whole = write_parquet(**{name: values * 500 for name, values in GOOD.items()})
    done = subprocess.run([sys.executable, "-c", steps], input=whole, capture_output=True, check=True)
    assert done.stdout == b"0\n"


@pytest.mark.parametrize("dies", ["os.kill(os.getpid(), 11)", "os._exit(1)", "bytearray(8 << 30)"])
def test_a_file_of_which_its_reader_dies_is_refused_and_takes_nothing_with_it(
    dies: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = "import comity.sources.comity.columns as c, os\nc.take_columns = lambda *said: " + dies
    (tmp_path / "deadly.py").write_text(f"{deadly}\nc.main()\n")
    monkeypatch.setattr("comity.sources.comity.columns.__name__", "deadly")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "its reader died of it" in refuse(write_parquet(**GOOD)).what
