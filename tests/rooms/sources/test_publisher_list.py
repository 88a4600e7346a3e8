"""The publisher's list, read in pieces of any size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.sources.publisher_list import LONGEST_LINE, Promise, PublisherList

MD5 = "0123456789abcdef0123456789abcdef"
NAMES = [f"202505160{n}0000.export.CSV.zip" for n in range(10)]
LINES = [f"{n + 5} {MD5} http://data.publisher.example/v2/{name}" for n, name in enumerate(NAMES)]
TEXT = ("\n".join(LINES) + "\n").encode()


def read(*pieces: bytes, whole: bool = True) -> PublisherList:
    listed = PublisherList(NAMES[:4], whole)
    for piece in pieces:
        listed.add(piece)
    listed.finish()
    return listed


def test_only_the_wanted_files_are_kept():
    listed = read(TEXT)
    assert listed.promises == {name: Promise(n + 5, MD5) for n, name in enumerate(NAMES[:4])}
    assert (listed.lines, listed.malformed, listed.first_stamp) == (10, 0, "20250516000000")


@given(st.lists(st.integers(0, len(TEXT)), max_size=6))
def test_where_the_pieces_are_cut_does_not_matter(places: list[int]):
    ends = [0, *sorted(places), len(TEXT)]
    pieces = [TEXT[start:end] for start, end in zip(ends, ends[1:], strict=False)]
    assert read(*pieces) == read(TEXT)


@given(st.integers(1, len(TEXT) - 1))
def test_a_list_that_begins_anywhere_gives_whole_lines_only(start: int):
    listed = read(TEXT[start:], whole=False)
    assert listed.malformed == 0
    assert listed.promises.items() <= read(TEXT).promises.items()
    assert listed.lines == TEXT[start:].count(b"\n") - 1


@given(st.binary(max_size=300))
def test_any_bytes_are_lines_or_malformed_lines(noise: bytes):
    listed = read(noise + b"\n", TEXT)
    assert listed.promises == read(TEXT).promises
    assert listed.lines + listed.malformed == 10 + sum(bool(line.strip()) for line in noise.split(b"\n"))


def test_the_last_line_needs_no_end():
    assert read(TEXT.rstrip()) == read(TEXT)


def test_the_last_word_on_a_file_counts():
    again = f"77 {MD5.upper()} http://data.publisher.example/v2/{NAMES[0]}\r\n".encode()
    assert read(TEXT, again).promises[NAMES[0]] == Promise(77, MD5)


@pytest.mark.parametrize("size", [LONGEST_LINE + 1, 10 * LONGEST_LINE])
def test_a_line_of_any_length_takes_no_memory_and_costs_no_other(size: int):
    pieces = [b"x" * 100] * (size // 100)
    listed = PublisherList(NAMES[:4])
    for piece in pieces:
        listed.add(piece)
        assert len(listed._rest) <= LONGEST_LINE
    listed.add(b"\n" + TEXT)
    assert (listed.lines, listed.malformed) == (10, 1)


@pytest.mark.parametrize(
    "line",
    [
        f"-5 {MD5} http://h/{NAMES[0]}",
        f"5 {MD5[:-1]} http://h/{NAMES[0]}",
        f"5 {MD5}0 http://h/{NAMES[0]}",
        f"5 {MD5} {NAMES[0]}",
        f"5 {MD5} http://h/",
        f"5 {MD5} http://h/{NAMES[0]} more",
        f"{MD5} 5 http://h/{NAMES[0]}",
    ],
)
def test_a_line_of_another_form_is_malformed(line: str):
    listed = read(line.encode())
    assert (listed.lines, listed.malformed, listed.promises) == (0, 1, {})
