"""A file that is not what it should be, given to every reader: the error names what it is, or the difference."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from tests.specimens import figures
from tests.specimens.feeds import FEEDS
from tests.specimens.gdelt_rows import join, write_row

from comity.events.code import code_events
from comity.sources import FileRefused, list_sources, read_figures, read_reading
from comity.sources.shape import check_shape

GDELT = [write_row(event_id=number) for number in range(8)]
GOOD: dict[str, bytes] = {
    **{feed.source: feed.write(feed.source, [feed.row(number) for number in range(1, 9)]) for feed in FEEDS},
    **figures.FILES,
    "gdelt2": join(GDELT),
    "gdelt1": join([b"\t".join(row.split(b"\t")[:58]) for row in GDELT]),
}
every = pytest.mark.parametrize("source", sorted(GOOD))

WRONG = {
    "a page behind a line": (b"502 Bad Gateway\n  <HTML><body>\n", "this is a web page"),
    "an answer of a programme": (b'\n{"error": "too many requests"}', "this is JSON, not a table"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF, not a table"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "this is an Excel workbook of the old form"),
    "bzip2": (b"BZh91AY&SY" + bytes(range(200)), "this is a bzip2 archive"),
    "text without its mark": ("a,b,c\n1,2,3\n".encode("utf-16-be") * 9, "this is text in UTF-16"),
}


def read(source: str, data: bytes) -> tuple[int, int]:
    """Give lines read and rows that can be used."""
    if source in list_sources("tables"):
        found = read_figures(data, "file.csv", source)
        return found.lines_read, len(found.rows)
    coded = code_events(read_reading(data, "file.csv", source).reading, "0" * 16)
    assert coded.rows_read == coded.events.num_rows + coded.set_aside.num_rows + sum(coded.dropped.values())
    return coded.rows_read, coded.events.num_rows


def pack(name: str, data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return sink.getvalue()


def test_every_source_but_ones_own_tables_is_here() -> None:
    assert set(GOOD) == set(list_sources()) - {"comity"}


@every
@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_what_is_no_table_is_refused_by_its_name(source: str, wrong: str) -> None:
    data, said = WRONG[wrong]
    with pytest.raises(FileRefused, match=said) as caught:
        read(source, data)
    assert caught.value.status == "corrupt" and caught.value.todo


@every
def test_a_workbook_under_another_name_is_said_to_be_one(source: str) -> None:
    other = pack("xl/workbook.xml", b"<workbook/>")
    with pytest.raises(FileRefused, match="workbook"):
        read(source, other)


@every
def test_a_file_of_another_publisher_is_refused_and_its_own_reader_named(source: str) -> None:
    for other in ("icews", "visa", "ucdp"):
        if other != source:
            with pytest.raises(FileRefused) as caught:
                read(source, GOOD[other])
            said = str(caught.value)
            assert f"the header of {other}" in said or source == "undesa", said


@every
def test_rows_without_a_header_are_refused_and_no_word_of_them_is_shown(source: str) -> None:
    row = GOOD["icews"].split(b"\n")[1] + b"\n"
    with pytest.raises(FileRefused) as caught:
        read(source, row * 3)
    assert "Foreign Affairs" not in str(caught.value)


@every
def test_gzip_gives_what_the_text_gives(source: str) -> None:
    assert read(source, gzip.compress(GOOD[source])) == read(source, GOOD[source])


@every
def test_an_archive_that_is_cut_off_or_changed_is_said_to_be(source: str) -> None:
    small = gzip.compress(GOOD[source] * 9)
    for cut in (small[:-1], small[:-12], small[: len(small) // 2]):
        with pytest.raises(FileRefused, match="the gzip archive is cut off") as caught:
            read(source, cut)
        assert caught.value.status == "truncated"
    with pytest.raises(FileRefused, match="the gzip archive is damaged"):
        read(source, small[:-6] + bytes([small[-6] ^ 1]) + small[-5:])
    with pytest.raises(FileRefused, match="cut off|cannot be read"):
        read(source, pack("a.csv", GOOD[source] * 9)[:-40])


@every
def test_a_line_of_megabytes_costs_itself_alone(source: str) -> None:
    usual, rows = read(source, GOOD[source])
    for long in (b"x" * 3_000_000, b'"' + b"x,\t" * 1_000_000):
        assert read(source, GOOD[source] + long + b"\n") == (usual + 1, rows)


@every
def test_a_first_line_of_megabytes_is_no_header(source: str) -> None:
    with pytest.raises(FileRefused):
        read(source, b'"' + b"x,\t" * 1_000_000)


def test_an_archive_of_gzip_that_grows_without_end_is_a_trap() -> None:
    with pytest.raises(FileRefused, match="unpacks to more than"):
        read("gdelt2", gzip.compress(bytes(30_000_000)))


def test_parts_of_gzip_behind_each_other_are_one_text() -> None:
    lines = GOOD["gdelt2"].splitlines(keepends=True)
    assert read("gdelt2", gzip.compress(b"".join(lines[:3])) + gzip.compress(b"".join(lines[3:]))) == (8, 8)


@every
def test_a_good_file_has_the_shape_of_a_table(source: str) -> None:
    for data in (GOOD[source], GOOD[source].decode("latin-1").encode()):
        assert check_shape(data, "file.csv") is None
