"""Tab-separated lines: a bad one is set aside by its number, and never costs its neighbours theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.sources import lines as module
from comity.sources.lines import Lines, cut_lines, split_lines

LAYOUT = ("a", "b", "c", "d")
GOOD = b"1\t2\t3\t4"


def split(data: bytes, short: int | None = None) -> Lines:
    return split_lines(data, LAYOUT, ("a", "d"), short)


def read_good(lines: Lines) -> list[tuple[int, bytes, bytes]]:
    return [(row["line"], row["a"], row["d"]) for row in lines.table.to_pylist()]


def test_each_line_gives_the_columns_asked_for_and_its_number() -> None:
    lines = split(b"1\t2\t3\t4\n5\t6\t7\t8\n")
    assert read_good(lines) == [(1, b"1", b"4"), (2, b"5", b"8")]
    assert lines.table.schema.names == ["a", "d", "line"]
    assert (lines.bad, lines.rows_read) == ((), 2)


def test_no_bytes_are_no_lines() -> None:
    assert split(b"").rows_read == 0


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"1\t2\t3", "wrong_columns"),
        (b"1\t2\t3\t4\t5", "wrong_columns"),
        (b"", "wrong_columns"),
        (b"<html><body>502 Bad Gateway</body></html>", "wrong_columns"),
        (b"\0", "nul_byte"),
        (b"1\t2\0\t3\t4", "nul_byte"),
        (b"\0\t2\t3\t4", "nul_byte"),
        (b"1\t2\t3\t4\0", "nul_byte"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_bad_line_is_set_aside_wherever_it_stands(bad: bytes, reason: str, place: int) -> None:
    rows = [b"5\t6\t7\t8", b"9\t10\t11\t12"]
    rows.insert(place, bad)
    lines = split(b"\n".join(rows) + b"\n")
    assert lines.bad == ((place + 1, reason),)
    assert [row[1:] for row in read_good(lines)] == [(b"5", b"8"), (b"9", b"12")]
    assert [row[0] for row in read_good(lines)] == [n for n in (1, 2, 3) if n != place + 1]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_lines_end_with_lf_or_crlf_and_the_last_may_have_no_end(end: bytes, last: bool) -> None:
    data = end.join([GOOD, GOOD, GOOD]) + (end if last else b"")
    assert read_good(split(data)) == [(n, b"1", b"4") for n in (1, 2, 3)]


def test_a_cr_within_a_line_is_a_space_and_ends_nothing() -> None:
    assert read_good(split(b"1\r1\t2\t3\t4\r4\n" + GOOD)) == [(1, b"1 1", b"4 4"), (2, b"1", b"4")]


@pytest.mark.parametrize("quoted", [b'"1\t2\t3\t4', b"1\t2\t3\t'4\"", b'"1"\t"2"\t"3"\t"4"', b'""""\t\t\t'])
def test_quotes_mean_nothing(quoted: bytes) -> None:
    lines = split(b"\n".join([GOOD, quoted, GOOD]))
    fields = quoted.split(b"\t")
    assert read_good(lines) == [(1, b"1", b"4"), (2, fields[0], fields[3]), (3, b"1", b"4")]


def test_a_field_of_three_megabytes_costs_no_neighbour() -> None:
    large = b"x" * 3_000_000
    lines = split(b"\n".join([GOOD, b"1\t" + large + b"\t3\t4", large, large + b"\t2\t3\t4", GOOD]))
    assert lines.bad == ((3, "wrong_columns"),)
    assert [row[0] for row in read_good(lines)] == [1, 2, 4, 5]
    assert read_good(lines)[2][1] == large


@pytest.mark.parametrize("invalid", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"caf\xe9"])
def test_invalid_utf8_is_kept_as_bytes_on_a_good_line_and_harmless_on_a_bad_one(invalid: bytes) -> None:
    lines = split(b"\n".join([GOOD, invalid + b"\t2\t3\t4", invalid, GOOD]))
    assert read_good(lines) == [(1, b"1", b"4"), (2, invalid, b"4"), (4, b"1", b"4")]
    assert lines.bad == ((3, "wrong_columns"),)


def test_words_for_nothing_stay_words() -> None:
    words = (b"", b"NULL", b"NA", b"nan", b"N/A", b"#N/A", b"None", b"true", b"1e5", b" ")
    lines = split(b"\n".join(word + b"\t2\t3\t4" for word in words))
    assert [row[1] for row in read_good(lines)] == list(words)


def test_a_second_number_of_columns_is_read_with_the_last_ones_empty() -> None:
    lines = split(b"1\t2\t3\t4\n5\t6\t7\n8\t9\n", short=3)
    assert read_good(lines) == [(1, b"1", b"4"), (2, b"5", b"")]
    assert lines.bad == ((3, "wrong_columns"),)


def test_a_text_of_bad_lines_only_has_no_row() -> None:
    lines = split(b"1\n2\n\n3")
    assert lines.table.num_rows == 0
    assert lines.bad == tuple((n, "wrong_columns") for n in (1, 2, 3, 4))


FIELD = st.text(alphabet="ab\"'\r\0 \u00e9", max_size=4).map(str.encode) | st.binary(max_size=3)


@given(st.lists(st.lists(FIELD, min_size=1, max_size=6).map(b"\t".join), max_size=12), st.booleans(), st.booleans())
def test_every_line_is_read_once_or_set_aside_once(rows: list[bytes], last: bool, mixed: bool) -> None:
    data = b"\n".join(rows) + (b"\n" if last else b"")
    whole = data.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    expected = whole.removesuffix(b"\n").split(b"\n") if whole else []
    lines = split(data, 3 if mixed else None)
    assert lines.rows_read == len(expected)
    numbers = [n for n, _ in lines.bad] + [row["line"] for row in lines.table.to_pylist()]
    assert sorted(numbers) == list(range(1, len(expected) + 1))
    for row in lines.table.to_pylist():
        fields = expected[row["line"] - 1].split(b"\t")
        assert row["a"] == fields[0]
        assert row["d"] == (fields[3] if len(fields) == 4 else b"")
    for number, reason in lines.bad:
        line = expected[number - 1]
        assert (reason == "nul_byte") == (b"\0" in line)
        assert b"\0" in line or line.count(b"\t") not in ((3, 2) if mixed else (3,))


@given(
    st.lists(st.lists(FIELD, min_size=1, max_size=6).map(b"\t".join), max_size=8),
    st.booleans(),
    st.lists(st.integers(0, 60), max_size=6),
)
def test_where_a_text_is_cut_into_pieces_makes_no_difference(rows: list[bytes], last: bool, cuts: list[int]) -> None:
    data = b"\n".join(rows) + (b"\n" if last else b"")
    ends = sorted({min(cut, len(data)) for cut in cuts})
    pieces = [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]
    whole, parts = (cut_lines(given, {"a": (0, 0), "d": (3, 3)}, 4, 3) for given in ([data], pieces))
    assert parts.table.equals(whole.table)
    assert parts.bad == whole.bad


def test_neighbouring_columns_come_together_with_the_tabs_between_them() -> None:
    lines = cut_lines([b"1\t2\t\t4\n5\t6\t7\n"], {"d": (3, 3), "b": (1, 2)}, 4, 3)
    assert lines.table.to_pylist() == [{"d": b"4", "b": b"2\t", "line": 1}, {"d": b"", "b": b"6\t7", "line": 2}]


def test_a_line_that_is_longer_than_32_bits_can_say_costs_no_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 20)
    lines = cut_lines([GOOD + b"\n", b"1\t2\t3\t" + b"x" * 20 + b"\n", GOOD], {"a": (0, 0)}, 4)
    assert lines.bad == ((2, "wrong_columns"),)
    assert lines.table["line"].to_pylist() == [1, 3]


def read_needed(data: bytes, pieces: int = 1) -> Lines:
    size = max(1, len(data) // pieces)
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    return cut_lines(parts, {"d": (3, 3), "ab": (0, 1), "c": (2, 2)}, 4, 3, ("ab", "c"))


def test_a_line_that_lacks_what_is_needed_is_counted_once_for_the_first_that_it_lacks() -> None:
    lines = read_needed(b"1\t2\t3\t4\n\t\t3\t4\n\t\t\t4\n1\t\t\t4\n\t2\t3\t\n1\n")
    assert [(row["line"], row["ab"], row["c"], row["d"]) for row in lines.table.to_pylist()] == [
        (1, b"1\t2", b"3", b"4"),
        (5, b"\t2", b"3", b""),
    ]
    assert (dict(lines.without), lines.bad, lines.rows_read) == ({"ab": 2, "c": 1}, ((6, "wrong_columns"),), 6)


@given(st.lists(st.lists(FIELD, min_size=1, max_size=6).map(b"\t".join), max_size=12), st.integers(1, 5))
def test_what_is_needed_takes_lines_away_and_changes_no_other(rows: list[bytes], pieces: int) -> None:
    data = b"\n".join(rows)
    lines = read_needed(data, pieces)
    whole = cut_lines([data], {"d": (3, 3), "ab": (0, 1), "c": (2, 2)}, 4, 3)
    filled = [row for row in whole.table.to_pylist() if row["ab"] != b"\t" and row["c"]]
    assert lines.table.to_pylist() == filled
    assert (lines.bad, lines.rows_read) == (whole.bad, whole.rows_read)
    assert lines.without.get("ab", 0) == sum(row["ab"] == b"\t" for row in whole.table.to_pylist())


def test_a_text_of_short_lines_only_is_read_as_one_of_long_ones() -> None:
    lines = split(b"1\t2\t3\n5\t6\t7\n", short=3)
    assert read_good(lines) == [(1, b"1", b""), (2, b"5", b"")]
    assert cut_lines([b"1\t2\t3\n"], {"c": (2, 2), "d": (3, 3)}, 4, 3).table.to_pylist() == [
        {"c": b"3", "d": b"", "line": 1}
    ]


def test_a_layout_of_one_column_is_read_line_by_line() -> None:
    lines = cut_lines([b"one\ntwo\tthree\n\nfour"], {"a": (0, 0)}, 1)
    assert lines.table.to_pylist() == [{"a": b"one", "line": 1}, {"a": b"", "line": 3}, {"a": b"four", "line": 4}]
    assert lines.bad == ((2, "wrong_columns"),)
