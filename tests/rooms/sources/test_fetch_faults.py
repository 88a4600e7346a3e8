"""A publisher with faults: each is waited out, worked around or reported; none is taken for data."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.publisher import (
    LIST,
    Fault,
    Publisher,
    answer,
    cut,
    drip,
    lie,
    list_line,
    pack,
    pour,
    send_other,
    stall,
    write_row,
)

from comity.sources.courier import Visit
from comity.sources.fetch import fetch_slots

DAY = date(2025, 5, 16)
NAMES = ["20250516000000.export.CSV.zip", "20250516001500.export.CSV.zip"]
NAME = NAMES[0]
VISIT = Visit(now=datetime(2025, 5, 16, 0, 40, tzinfo=UTC), attempts=3, wait=0.01, longest=2.0, idle=5.0, total=20.0)
PAGE = b"<html><head><title>502 Bad Gateway</title></head></html>"


@pytest.fixture
def files() -> dict[str, bytes]:
    """Give two archives of some ten thousand bytes."""
    numbers = random.Random(1)
    rows = [write_row(event_id=numbers.getrandbits(40), date=20250516, url=f"https://x/{k}") for k in range(2000)]
    return {name: pack(name, rows) for name in NAMES}


def fetch(publisher: Publisher, into: Path, visit: Visit = VISIT) -> dict[str, Any]:
    return fetch_slots(DAY, DAY, into, base=publisher.base, visit=visit)


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.zip")}


def read_status(account: dict[str, Any]) -> str:
    """Give the status of the one file that failed."""
    assert account["slots"]["failed"] == 1
    return str(account["failed"][0]["status"])


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504])
def test_an_answer_that_may_pass_is_followed_by_another_attempt(
    code: int, publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.publish(files)
    publisher.fail(NAME, answer(code, PAGE), answer(code, PAGE))
    assert fetch(publisher, tmp_path)["slots"]["fetched"] == 2
    assert read_folder(tmp_path) == files


@pytest.mark.parametrize("code", [400, 401, 403, 451])
def test_an_answer_that_will_not_pass_is_reported_at_once(
    code: int, publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.publish(files)
    publisher.fail(NAME, answer(code, PAGE))
    assert read_status(fetch(publisher, tmp_path)) == f"http_{code}"
    assert len(publisher.asked(NAME)) == 1
    assert set(read_folder(tmp_path)) == {NAMES[1]}


def test_a_pause_that_the_publisher_asks_for_is_kept(publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.publish(files)
    publisher.fail(NAME, answer(429, PAGE, Retry_After="1"))
    assert fetch(publisher, tmp_path)["slots"]["fetched"] == 2
    first, second = (request.at for request in publisher.asked(NAME))
    assert second - first >= 1.0


def test_a_publisher_that_asks_for_a_long_pause_is_left_alone(
    publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.publish(files)
    publisher.fail(LIST, answer(429, PAGE, Retry_After="3600"))
    account = fetch(publisher, tmp_path)
    assert {entry["status"] for entry in account["failed"]} == {"busy"}
    assert "come back in 3," in account["failed"][0]["detail"]
    assert [request.name for request in publisher.requests] == [LIST]


def test_pauses_grow_between_attempts(publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.publish(files)
    publisher.fail(NAME, *[answer(500)] * 4)
    fetch(publisher, tmp_path, replace(VISIT, attempts=4, wait=0.08))
    times = [request.at for request in publisher.asked(NAME)]
    pauses = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
    assert all(pause >= 0.5 * 0.08 * 2**n for n, pause in enumerate(pauses))
    assert len(pauses) == 3


@pytest.mark.parametrize("page", [PAGE, b"", b"PK", b"{}"])
def test_a_page_with_status_200_is_never_taken_for_data(
    page: bytes, publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.publish(files)
    publisher.fail(NAME, *[send_other(page)] * 3)
    assert read_status(fetch(publisher, tmp_path)) == "size"
    assert set(read_folder(tmp_path)) == {NAMES[1]}


@pytest.mark.parametrize("tenth", range(10))
def test_a_connection_that_is_cut_is_continued_where_it_broke_off(
    tenth: int, publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.publish(files)
    size = len(files[NAME])
    publisher.fail(NAME, cut(size * tenth // 10))
    account = fetch(publisher, tmp_path)
    assert account["slots"]["fetched"] == 2
    assert read_folder(tmp_path) == files
    assert publisher.asked(NAME)[-1].range == (f"bytes={size * tenth // 10}-" if tenth else "")
    assert account["bytes"] == sum(map(len, files.values()))


@pytest.mark.parametrize("listed", [True, False])
def test_a_server_without_parts_is_asked_from_the_beginning(
    listed: bool, publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.ranges = False
    publisher.publish(files, listed=listed)
    publisher.fail(NAME, cut(1000), cut(5000))
    assert fetch(publisher, tmp_path)["slots"]["fetched"] == 2
    assert read_folder(tmp_path) == files


def test_a_file_that_changes_between_two_parts_is_taken_whole(
    publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.publish(files, listed=False)
    other = pack(NAME, [write_row(event_id=n, url="https://new") for n in range(3000)])

    def change(handler: Any, data: bytes) -> None:
        cut(1000)(handler, data)
        publisher.files[NAME] = other

    publisher.fail(NAME, change)
    assert fetch(publisher, tmp_path)["slots"]["fetched"] == 2
    assert publisher.asked(NAME)[-1].headers["If-Range"]
    assert read_folder(tmp_path)[NAME] == other


@pytest.mark.parametrize("wrong", [-500, 500])
def test_a_length_that_is_not_true_is_found_out(
    wrong: int, publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.publish(files)
    publisher.fail(NAME, lie(len(files[NAME]) + wrong))
    assert fetch(publisher, tmp_path)["slots"]["fetched"] == 2
    assert read_folder(tmp_path) == files


@pytest.mark.parametrize("listed", [True, False])
def test_a_body_without_end_is_broken_off(listed: bool, publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.publish(files, listed=listed)
    publisher.fail(NAME, *[pour()] * 3)
    account = fetch(publisher, tmp_path, replace(VISIT, most_bytes=1_000_000))
    assert read_status(account) == "size"
    assert account["bytes"] < 10_000_000
    assert set(read_folder(tmp_path)) == {NAMES[1]}


@pytest.mark.parametrize("fault", [stall(1000), stall(headers=False)], ids=["body", "headers"])
def test_a_silent_connection_is_given_up(fault: Fault, publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.publish(files)
    publisher.fail(NAME, fault)
    assert fetch(publisher, tmp_path, replace(VISIT, idle=0.5))["slots"]["fetched"] == 2
    assert read_folder(tmp_path) == files


@pytest.mark.parametrize("headers", [True, False])
def test_a_connection_that_drips_is_given_up(
    headers: bool, publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.publish(files)
    publisher.fail(NAME, drip(0.02, headers=headers))
    account = fetch(publisher, tmp_path, replace(VISIT, attempts=1, idle=5.0, total=1.0))
    assert read_status(account) == "timeout"
    assert "longer than 1 s" in account["failed"][0]["detail"]


def test_a_redirect_within_the_host_is_followed(publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.publish(files)
    publisher.fail(NAME, answer(302, Location=f"/elsewhere/{NAME}"))
    assert fetch(publisher, tmp_path)["slots"]["fetched"] == 2


@pytest.mark.parametrize(
    "target", ["http://publisher.example/x", "ftp://127.0.0.1/x", "file:///etc/hostname", "http://127.0.0.1:9/x"]
)
def test_a_redirect_elsewhere_is_refused(target: str, publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.publish(files)
    publisher.fail(NAME, answer(302, Location=target))
    account = fetch(publisher, tmp_path)
    assert read_status(account) == "redirect"
    assert len(publisher.asked(NAME)) == 1


def test_redirects_in_a_circle_end(publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.publish(files)
    publisher.fail(NAME, *[answer(302, Location=f"/gdeltv2/{NAME}")] * 20)
    assert read_status(fetch(publisher, tmp_path)) == "redirect"
    assert len(publisher.asked(NAME)) == 6


def test_a_file_in_another_coding_is_refused(publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.publish(files)
    publisher.fail(NAME, answer(200, b"x", Content_Encoding="gzip"))
    assert read_status(fetch(publisher, tmp_path)) == "not_data"


@pytest.mark.parametrize("line", ["", "not a line", "x" * 9000, "12 00 http://h/x.zip", "\udcff\udcfe 1 2", "<html>"])
def test_a_malformed_line_costs_no_other(line: str, publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.publish(files)
    names = publisher.files[LIST].splitlines(keepends=True)
    publisher.files[LIST] = names[0] + line.encode("utf-8", "surrogateescape") + b"\n" + b"".join(names[1:])
    account = fetch(publisher, tmp_path)
    assert (account["slots"]["fetched"], account["unchecked"]) == (2, 0)
    assert account["malformed_lines"] == bool(line)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (answer(404), "404 at the publisher"),
        (answer(500), "answers 500"),
        (send_other(PAGE), "no line that names a file"),
        (send_other(b""), "no line that names a file"),
        (cut(0), "connection failed"),
    ],
    ids=["missing", "broken", "page", "empty", "cut"],
)
def test_without_a_list_the_slots_are_tried_by_their_names(
    fault: Fault, said: str, publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.publish(files)
    publisher.fail(LIST, *[fault] * VISIT.attempts)
    account = fetch(publisher, tmp_path)
    assert (account["slots"]["fetched"], account["unchecked"]) == (2, 2)
    assert said in account["list"]
    assert read_folder(tmp_path) == files


def write_years(files: dict[str, bytes], later: int = 0) -> bytes:
    """Give a list that begins long before the files, with some lines of the day after them."""
    days = [date.fromordinal(DAY.toordinal() - n) for n in range(20, 0, -1)]
    before = [f"{day:%Y%m%d}{hour:02d}0000.export.CSV.zip" for day in days for hour in range(24) for _ in range(12)]
    after = [f"20250517{n % 24:02d}0000.export.CSV.zip" for n in range(later)]
    lines = [
        *(list_line(name, b"") for name in before),
        *(list_line(name, data) for name, data in files.items()),
        *(list_line(name, b"") for name in after),
    ]
    return "".join(line + "\n" for line in lines).encode()


@pytest.mark.parametrize(("later", "times"), [(0, 1), (2000, 2)])
def test_of_a_long_list_only_the_end_is_asked_for(
    later: int, times: int, publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.files = {**files, LIST: write_years(files, later)}
    account = fetch(publisher, tmp_path)
    assert (account["slots"]["fetched"], account["unchecked"], account["malformed_lines"]) == (2, 0, 0)
    assert publisher.sent[LIST] < len(publisher.files[LIST])
    assert len(publisher.asked(LIST)) == times


def test_a_long_list_streams_through_where_the_server_gives_no_parts(
    publisher: Publisher, files: dict[str, bytes], tmp_path: Path
):
    publisher.ranges = False
    publisher.files = {**files, LIST: write_years(files)}
    account = fetch(publisher, tmp_path)
    assert (account["slots"]["fetched"], account["unchecked"]) == (2, 0)
    assert publisher.sent[LIST] == len(publisher.files[LIST])


def test_a_list_that_is_cut_is_continued(publisher: Publisher, files: dict[str, bytes], tmp_path: Path):
    publisher.files = {**files, LIST: write_years(files)}
    publisher.fail(LIST, cut(50_000), cut(50_001))
    account = fetch(publisher, tmp_path)
    assert (account["unchecked"], account["malformed_lines"], account["list"]) == (0, 0, "")
    first, second, third = (request.range for request in publisher.asked(LIST))
    start = len(publisher.files[LIST]) - int(first.removeprefix("bytes=-"))
    assert second == f"bytes={start + 50_000}-"
    assert third == f"bytes={start + 100_001}-"
