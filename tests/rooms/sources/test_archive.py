"""Archives: cut off, changed, or made to trap a reader. What cannot be trusted is refused in words, whole."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import random
import stat
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from tests.specimens.gdelt_rows import join, make_rows, pack

from comity.sources import FileRefused, archive, read_reading
from comity.sources.archive import PACKED, open_content

NAME = "20250515120000.export.CSV.zip"
TEXT = join(make_rows(40, 1))
WHOLE = pack(TEXT)
DIRECTORY = WHOLE.rindex(b"PK\x01\x02")


def read_lines(received: bytes) -> list[dict[str, object]] | None:
    """Give what a reader makes of received bytes; None where it refuses them."""
    try:
        return read_reading(received, NAME, "gdelt2").reading.lines.table.to_pylist()
    except FileRefused as refused:
        assert refused.status in ("corrupt", "truncated")
        assert refused.what and refused.where == NAME and refused.todo
        return None


def change(data: bytes, place: int, value: bytes) -> bytes:
    """Put other bytes at a place."""
    return data[:place] + value + data[place + len(value) :]


def pack_members(**members: bytes) -> bytes:
    """Give an archive with several members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def compress_zstd(data: bytes) -> bytes:
    """Give bytes compressed by Zstandard."""
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


def refuse(received: bytes) -> FileRefused:
    """Assert that bytes are refused, and give the refusal."""
    with pytest.raises(FileRefused) as caught:
        open_content(received, NAME)
    return caught.value


def test_a_whole_archive_gives_its_text_and_the_time_inside() -> None:
    content = open_content(WHOLE, NAME)
    assert content.data == TEXT
    assert content.member_time == "2025-05-15T12:00:00"


def test_what_is_no_archive_is_taken_as_it_is() -> None:
    assert open_content(TEXT, NAME).data == TEXT
    assert open_content(b"", NAME).data == b""


def test_an_archive_of_an_empty_text_is_empty() -> None:
    assert open_content(pack(b""), NAME).data == b""


@pytest.mark.parametrize("cut", range(2, len(WHOLE), 37))
def test_an_archive_that_is_cut_off_is_truncated(cut: int) -> None:
    assert refuse(WHOLE[:cut]).status == "truncated"


@pytest.mark.parametrize("lost", range(1, 25))
def test_an_archive_without_its_last_bytes_is_truncated(lost: int) -> None:
    assert refuse(WHOLE[:-lost]).status == "truncated"


def test_one_byte_of_an_archive_is_refused() -> None:
    assert read_lines(WHOLE[:1]) is None


@pytest.mark.parametrize("mask", [0x01, 0x10, 0x80, 0xFF])
def test_any_changed_byte_is_refused_or_harmless(mask: int) -> None:
    small = pack(join(make_rows(2, 2)))
    expected = read_lines(small)
    harmless = 0
    for place in range(len(small)):
        found = read_lines(change(small, place, bytes([small[place] ^ mask])))
        assert found in (None, expected), f"byte {place} changed the text"
        harmless += found is not None
    assert harmless < len(small) / 3  # the bytes that hold times, versions and names only


@pytest.mark.parametrize("place", range(DIRECTORY, DIRECTORY + 46, 2))
def test_a_zeroed_field_of_the_directory_is_refused_or_harmless(place: int) -> None:
    assert read_lines(change(WHOLE, place, b"\0\0")) in (None, read_lines(WHOLE))


def test_three_hundred_flips_in_a_real_file_never_change_its_text(shared: Path) -> None:
    path = sorted((shared / "data" / "gdelt2").glob("*.zip"))[100]
    received = path.read_bytes()
    expected, draw, refused = open_content(received, path.name).data, random.Random(25), 0
    for _ in range(300):
        place = draw.randrange(2, len(received))
        try:
            assert (
                open_content(change(received, place, bytes([received[place] ^ 1 << draw.randrange(8)])), NAME).data
                == expected
            )
        except FileRefused:
            refused += 1
    assert refused > 250


def test_damage_in_the_last_piece_of_a_large_archive_costs_the_whole_file() -> None:
    draw = random.Random(3)
    text = b"".join(b"%d\t%s\n" % (n, draw.randbytes(60).hex().encode()) for n in range(20_000))
    large = pack(text)
    assert len(large) > 5 * PACKED
    assert open_content(large, NAME).data == text
    end = large.rindex(b"PK\x01\x02")
    assert refuse(change(large, end - 100, bytes(50))).status == "corrupt"
    with pytest.raises(FileRefused):
        read_reading(change(large, end - 100, bytes(50)), NAME, "gdelt2")


def test_both_ways_of_inflating_give_the_same_text_and_refuse_the_same_archives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("isal")
    draw, found = random.Random(9), {}
    places = [(draw.randrange(2, len(WHOLE)), 1 << draw.randrange(8)) for _ in range(300)]
    damaged = [change(WHOLE, place, bytes([WHOLE[place] ^ mask])) for place, mask in places]
    for way in ("isal.isal_zlib", "zlib"):
        monkeypatch.setattr(archive, "find_inflater", lambda way=way: importlib.import_module(way))
        found[way] = [read_lines(received) for received in (WHOLE, *damaged)]
    assert found["isal.isal_zlib"] == found["zlib"]
    assert found["zlib"][0] is not None


def test_every_compression_method_but_the_two_usual_ones_is_refused() -> None:
    local = 8
    for method in set(range(256)) - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        changed = change(change(WHOLE, local, bytes([method, 0])), DIRECTORY + 10, bytes([method, 0]))
        assert refuse(changed).status == "corrupt"


def test_a_bomb_is_stopped_at_the_limit() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.csv", "w") as stream:
        for _ in range(100):
            stream.write(bytes(1 << 20))
    tracemalloc.start()
    try:
        assert "unpacks to more than" in refuse(buffer.getvalue()).what
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def forge_size(received: bytes, size: int) -> bytes:
    """Let both headers promise another size."""
    promise = size.to_bytes(4, "little")
    return change(change(received, 22, promise), received.rindex(b"PK\x01\x02") + 24, promise)


def test_a_header_that_promises_less_than_there_is_does_not_get_past_the_limit() -> None:
    bomb = pack(bytes(50 << 20), "bomb.csv")
    tracemalloc.start()
    try:
        refuse(forge_size(bomb, 1000))
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [0, 1, len(TEXT) - 1])
def test_a_header_that_promises_less_is_refused(size: int) -> None:
    assert read_lines(forge_size(WHOLE, size)) is None


@pytest.mark.parametrize("size", [len(TEXT) + 1, 50_000, 0xFFFFFFFF])
def test_a_header_that_promises_more_adds_no_row(size: int) -> None:
    assert read_lines(forge_size(WHOLE, size)) in (None, read_lines(WHOLE))


def test_a_small_text_that_shrinks_a_lot_is_no_bomb() -> None:
    repeated = join(make_rows(1, 1) * 100)
    assert len(repeated) > 10 * len(pack(repeated))
    assert open_content(pack(repeated), NAME).data == repeated


def test_an_archive_with_two_members_is_refused() -> None:
    assert "has 2 members" in refuse(pack_members(**{"a.csv": TEXT, "b.csv": TEXT})).what


def test_an_archive_without_a_member_is_refused() -> None:
    assert "has 0 members" in refuse(pack_members()).what


def test_a_folder_is_refused() -> None:
    assert refuse(pack_members(**{"folder/": b""})).status == "corrupt"


def test_an_encrypted_member_is_refused() -> None:
    flagged = change(change(WHOLE, 6, b"\x01"), DIRECTORY + 8, b"\x01")
    assert "encrypted" in refuse(flagged).what


def test_an_archive_in_an_archive_is_not_opened() -> None:
    assert read_lines(pack(WHOLE, "inner.zip")) is None


def pack_member(member: zipfile.ZipInfo | str) -> bytes:
    """Give an archive with one member of the text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, TEXT)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["../../escape.csv", "/escape.csv", "a/../../escape.csv", "C:\\escape.csv", "..\\escape.csv", "\u202ecsv"]
)
def test_a_member_named_to_lead_elsewhere_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "lead elsewhere" in refuse(pack_member(name)).what
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent / "escape.csv").exists()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_member_that_is_a_link_or_a_device_is_refused(kind: int) -> None:
    member = zipfile.ZipInfo("20250515.export.CSV")
    member.external_attr = (kind | 0o777) << 16
    assert "a link" in refuse(pack_member(member)).what


@pytest.mark.parametrize("name", ["a" * 60_000, "folder/20250515.export.CSV", "..csv"])
def test_a_usual_name_however_long_is_never_a_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_content(pack_member(name), NAME).data == TEXT
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("names", [("a.csv", "a.csv"), ("a.csv", "b.csv"), tuple(f"{n}.csv" for n in range(65_535))])
def test_an_archive_with_one_name_twice_or_with_very_many_is_refused_without_unpacking_any(
    names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", strict_timestamps=False) as archive:
        warnings.simplefilter("ignore")
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"")
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert f"{len(names)} members" in refuse(buffer.getvalue()).what


@pytest.mark.parametrize("name", ["a\0b", "a.csv\0.zip"])
def test_a_member_with_a_nul_byte_in_its_name_is_refused(name: str) -> None:
    assert refuse(pack_member("x" * len(name)).replace(b"x" * len(name), name.encode())).status == "corrupt"


def test_bytes_after_the_archive_do_not_become_rows() -> None:
    assert read_lines(WHOLE + b"trailing garbage") in (None, read_lines(WHOLE))
    assert read_lines(WHOLE + WHOLE) in (None, read_lines(WHOLE))


def test_any_changed_byte_of_gzip_is_refused_or_harmless() -> None:
    packed = gzip.compress(TEXT, mtime=0)
    assert read_lines(packed) == read_lines(TEXT)
    for place in range(2, len(packed), 3):
        changed = packed[:place] + bytes([packed[place] ^ 16]) + packed[place + 1 :]
        assert read_lines(changed) in (None, read_lines(TEXT)), place


def test_a_trap_of_gzip_is_refused_before_it_is_unpacked() -> None:
    whole = gzip.compress(bytes(8 << 20), mtime=0)
    tracemalloc.start()
    try:
        for received in (whole, whole + whole, gzip.compress(TEXT, mtime=0) + whole):
            assert refuse(received).status == "corrupt"
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("data", [TEXT, bytes(8 << 20)], ids=["text", "bomb"])
@pytest.mark.parametrize("pack_other", [bz2.compress, lzma.compress, compress_zstd])
def test_another_kind_of_archive_is_no_event_file_and_is_not_unpacked(
    pack_other: Callable[[bytes], bytes], data: bytes
) -> None:
    whole = pack_other(data)
    tracemalloc.start()
    try:
        for received in (whole, whole + whole, whole + b"trailing garbage"):
            assert read_lines(received) is None
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_random_bytes_with_the_mark_of_an_archive_are_refused() -> None:
    draw = random.Random(1)
    for _ in range(200):
        assert refuse(b"PK\x03\x04" + draw.randbytes(draw.randrange(200))).status in ("corrupt", "truncated")
