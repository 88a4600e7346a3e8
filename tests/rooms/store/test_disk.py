"""The disk refuses: full, read-only, not permitted, or with an error. The store stays as it was, in words that help."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.specimens.gdelt_rows import write_days
from tests.specimens.stores import list_contents, list_versions

from comity.api import load_events
from comity.store import DiskRefused, PathRefused, StoreDamaged, StoreError, open_store
from comity.store.disk import check_named_file, hash_file, say_why_disk_refused, write_parquet, write_whole
from comity.store.doubt import MARK


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Give files that the small store does not hold."""
    write_days(tmp_path / "more", ["20250520"], rows=50)
    return tmp_path / "more"


def fail(plain: Any, number: int, after: int = 0) -> Any:
    """Give a function of the system that works some times and then refuses."""
    calls = iter(range(after))

    def refuse(*given: Any, **named: Any) -> Any:
        if next(calls, None) is None:
            raise OSError(number, os.strerror(number), "/somewhere")
        return plain(*given, **named)

    return refuse


# Files whole or absent


def test_a_file_is_written_whole_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data in (b"one", b"another", b""):
        write_whole(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    for target in (tmp_path / "real" / "page", tmp_path / "real" / "not yet"):
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        write_whole(link, b"old")
        write_whole(link, b"new")
        assert (link.is_symlink(), target.read_bytes()) == (True, b"new")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["link", "not yet", "page", "real"]


def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_bytes(b"old")
    for mode in (0o664, 0o640):
        path.chmod(mode)
        write_whole(path, b"new")
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, b"through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_the_longest_name_of_a_file_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_whole(path, b"data")
    assert path.read_bytes() == b"data"


def lead_in_a_circle(folder: Path) -> Path:
    (folder / "a").symlink_to(folder / "b")
    (folder / "b").symlink_to(folder / "a")
    return folder / "a" / "page"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (lambda folder: folder / "none" / "page", "make that folder first"),
        (lambda folder: folder, "a folder of that name"),
        (lambda folder: folder / ("n" * 256), "a shorter name"),
        (lead_in_a_circle, "in a circle"),
    ],
)
def test_a_path_that_no_file_can_stand_under_is_wrong_use(
    name: Callable[[Path], Path], words: str, tmp_path: Path
) -> None:
    with pytest.raises(PathRefused, match=words) as caught:
        write_whole(name(tmp_path), b"data")
    assert "store" not in str(caught.value)
    assert not [path for path in tmp_path.rglob("*.part")]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_file_that_cannot_be_written_leaves_the_old_one(
    step: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    monkeypatch.setattr(os, step, fail(getattr(os, step), number))
    with pytest.raises(DiskRefused) as caught:
        write_whole(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])
    assert caught.value.where == str(path)
    assert os.strerror(number) in caught.value.what and caught.value.todo


def test_a_table_is_named_by_its_bytes(tmp_path: Path) -> None:
    table = pa.table({"a": [1, 2, 3]})
    one, again = write_parquet(tmp_path, table), write_parquet(tmp_path, table)
    assert one == again
    assert one.name == f"part-{hash_file(tmp_path / one.name)}.parquet"
    assert (one.rows, one.size) == (3, (tmp_path / one.name).stat().st_size)
    assert write_parquet(tmp_path, pa.table({"a": [1, 2, 4]})).name != one.name
    check_named_file(tmp_path / one.name)


def test_a_name_without_a_checksum_is_damage(tmp_path: Path) -> None:
    (tmp_path / "part-.parquet").write_bytes(b"")
    with pytest.raises(StoreDamaged):
        check_named_file(tmp_path / "part-.parquet")


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permissions"),
        (errno.EPERM, "permissions"),
        (errno.EIO, "check the disk"),
    ],
)
def test_each_refusal_has_its_remedy(number: int, word: str) -> None:
    for error in (
        OSError(number, os.strerror(number)),
        OSError(f"Generic error: \x1b[31mx\x1b[0m (os error {number})"),
    ):
        with pytest.raises(DiskRefused) as caught, say_why_disk_refused(Path("/there")):
            raise error
        assert word in caught.value.todo
        assert caught.value.what == f"the disk refused: {os.strerror(number)}"
        assert caught.value.where == "/there"


# Loads

FAILING = (("fsync", 0), ("fsync", 3), ("fsync", 6), ("replace", 0), ("replace", 1))


@pytest.mark.parametrize(
    ("number", "call", "after"),
    [*((errno.ENOSPC, "fsync", n) for n in range(6)), *((errno.EIO, call, n) for call, n in FAILING)],
)
def test_a_load_that_the_disk_refuses_leaves_the_store_as_before_or_as_after(
    number: int, call: str, after: int, small: Path, more: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small, small.parent / "other")
    before, rows = list_versions(small), list_contents(small)
    load_events(more, small.parent / "other")
    expected = list_contents(small.parent / "other")
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail(getattr(os, call), number, after))
        with pytest.raises(DiskRefused) as caught:
            load_events(more, small)
    assert caught.value.where.startswith(str(small)) and caught.value.todo
    assert (small / MARK).exists() == (number == errno.EIO)
    assert list_contents(small) in (rows, expected)
    if number == errno.EIO:
        with pytest.raises(StoreError, match="disk reported an error"):
            load_events(more, small)
    assert open_store(small).verify() == []
    assert after or list_versions(small) == before
    load_events(more, small)
    assert list_contents(small) == expected


def test_the_store_cannot_be_where_a_file_is(tmp_path: Path, more: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    for folder in (tmp_path / "taken", tmp_path / "taken" / "store"):
        with pytest.raises(DiskRefused) as caught:
            load_events(more, folder)
        assert str(tmp_path / "taken") in caught.value.where


PROGRAM = """
import json, os, sys
from comity.api import count_events, load_events
from comity.api.view import View
from comity.lexicon.errors import ComityError
store, folder, spare = sys.argv[1:]
load_events(folder, spare)  # whatever is imported late is imported now, while all of Python may be read
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
count = count_events(view=View(store))["events"]
try:
    load_events(folder, store)
    said = {}
except ComityError as error:
    said = error.as_dict()
print(json.dumps({"before": count, "after": count_events(view=View(store))["events"], "said": said}))
"""


def test_a_store_that_one_may_not_write_can_be_read_and_says_so(small: Path, more: Path) -> None:
    for path in (small, *small.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in (*small.parents[:3], *more.parents[:1], more):
        path.chmod(path.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, small, more, small.parent / "spare"],
        capture_output=True,
        text=True,
        check=False,
    )
    for path in (small, *small.rglob("*")):
        path.chmod(0o755)
    if done.returncode:
        pytest.skip(f"another user cannot run Python here: {done.stderr.strip().splitlines()[-1]}")
    found = json.loads(done.stdout)
    assert found["before"] == found["after"] > 0
    assert found["said"]["error"] == "DiskRefused"
    assert found["said"]["where"].startswith(str(small))
    assert "permissions" in found["said"]["todo"]


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 600 kB, or skip where none may be mounted."""
    folder = tmp_path / "narrow"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip() or 'not permitted'}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_stops_a_load_in_words_and_the_load_goes_on_when_there_is_space(
    narrow: Path, small: Path, more: Path
) -> None:
    store, filler = narrow / "store", narrow / "filler"
    shutil.copytree(small, store)
    before = list_contents(store)
    load_events(more, small)
    expected = list_contents(small)
    free = shutil.disk_usage(narrow).free
    refused = 0
    for left in range(0, 80_000, 8192):
        filler.write_bytes(bytes(max(free - left, 0)))
        try:
            load_events(more, store)
        except DiskRefused as error:
            refused += 1
            assert error.what == "the disk refused: No space left on device"
            assert error.where.startswith(str(narrow)) and "free some space" in error.todo
        assert list_contents(store) in (before, expected)
        assert open_store(store).verify() == []
        filler.unlink()
    assert refused > 2
    assert list_contents(store) == expected
    load_events(more, store)
    assert list_contents(store) == expected


def test_a_brief_that_the_disk_refuses_leaves_the_old_one(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.api import write_brief
    from comity.api.view import View

    out = tmp_path / "brief.md"
    out.write_text("the old one")
    monkeypatch.setattr(os, "replace", fail(os.replace, errno.ENOSPC))
    with pytest.raises(DiskRefused, match="No space"):
        write_brief("FRA", "ITA", out=out, view=View(kept))
    assert (out.read_text(), list(tmp_path.iterdir())) == ("the old one", [out])


def test_a_brief_for_a_folder_that_is_not_there_says_so(kept: Path, tmp_path: Path) -> None:
    from comity.api import write_brief
    from comity.api.view import View

    with pytest.raises(DiskRefused) as caught:
        write_brief("DEU", "POL", out=tmp_path / "absent" / "brief.md", view=View(kept))
    assert caught.value.where == str(tmp_path / "absent" / "brief.md")
