"""Checksums of the log of a table: the file in which they stand, and how it is read on from where it was read last.

Delta Lake's log has no checksum of its own. Beside each table stands `sums/<table>.txt`: one line for each file of the
log, `name SHA-256`, in the order in which they came. The line is written right after the commit; a writer that dies in
between leaves its last entry without a line, which the next writer adds.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from comity.store.disk import Mark, mark_file, say_why_disk_refused, write_whole
from comity.store.errors import StoreDamaged
from comity.store.recent import Recent

if TYPE_CHECKING:
    from hashlib import _Hash

_LINE = re.compile(r"^(\S+) ([0-9a-f]{64})$", re.MULTILINE)


@dataclass(frozen=True)
class _Read:
    """A file of checksums as it was read last: by what it is known, its whole lines, and the SHA-256 of these."""

    mark: Mark
    known: dict[str, str]
    size: int
    digest: _Hash


_READ = Recent[Path, _Read](12)
"""Checksums as they were read last: a file of them has a line for each commit there ever was."""


def find_sums(table: Path) -> Path:
    """Return the file that holds the checksums of a table's log."""
    return table.parent / "sums" / f"{table.name}.txt"


def read_sums(table: Path, *, again: bool = False) -> Mapping[str, str] | None:
    """Read the checksums of a table's log; None where the store has none, being of before there were any.

    A file that has grown, and whose earlier lines have the SHA-256 that they had, is read from there on. The same
    mapping is given as long as nothing came; it is never changed.

    Raises
    ------
    StoreDamaged
        A line is none. The last one may be cut off: its writer died.
    """
    path = find_sums(table)
    if not path.is_file():
        return None
    mark, kept = mark_file(path), None if again else _READ.get(path)
    if kept is None or kept.mark != mark:
        kept = _READ.keep(path, _read_on(path, mark, kept))
    return kept.known


def _read_on(path: Path, mark: Mark, before: _Read | None) -> _Read:
    """Read the lines that came since a file was read; all of them where the earlier ones are not what they were."""
    data = memoryview(path.read_bytes())
    if before is None or hashlib.sha256(data[: before.size]).digest() != before.digest.digest():
        before = _Read(mark, {}, 0, hashlib.sha256())
    text = bytes(data[before.size :])
    whole = text[: text.rfind(b"\n") + 1]
    fresh, digest = _parse_lines(path, whole, before), before.digest.copy()
    digest.update(whole)
    known = {**before.known, **fresh} if fresh else before.known
    return _Read(mark, known, before.size + len(whole), digest)


def _parse_lines(path: Path, whole: bytes, before: _Read) -> dict[str, str]:
    """Read lines of checksums that follow others."""
    text = whole.decode("utf-8", "replace")
    lines, found = text.split("\n")[:-1], dict(_LINE.findall(text))
    for number, line in enumerate(lines if len(found) < len(lines) else (), len(before.known) + 1):
        if _LINE.fullmatch(line) is None:
            raise StoreDamaged(
                f"line {number} of the log's checksums is {line!r}",
                where=str(path),
                why="it says which entries of a log are what was written, and those say which files count",
                todo="restore the file from a copy, or load the source files again into a new store",
            )
    return found


def add_sums(table: Path, known: Mapping[str, str], fresh: Mapping[str, str]) -> Mapping[str, str]:
    """Add checksums to those that are known; only for the one who may write. Returns all of them."""
    path, lines = find_sums(table), "".join(f"{name} {value}\n" for name, value in fresh.items()).encode()
    kept = _READ.pop(path)
    with say_why_disk_refused(path):
        if not path.is_file() or not _ends_with_line(path):
            write_sums(table, {**known, **fresh})
            return read_sums(table) or {}
        with path.open("ab") as stream:
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())
    if kept is not None and kept.known is known and (mark := mark_file(path)).size == kept.size + len(lines):
        digest = kept.digest.copy()
        digest.update(lines)
        _READ.keep(path, _Read(mark, {**known, **fresh}, mark.size, digest))
    return read_sums(table) or {}


def _ends_with_line(path: Path) -> bool:
    """Return whether a file ends with a line's end; one whose writer died may not."""
    with path.open("rb") as stream:
        if not stream.seek(0, os.SEEK_END):
            return False
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


def write_sums(table: Path, sums: Mapping[str, str]) -> None:
    """Write the whole file of a log's checksums."""
    find_sums(table).parent.mkdir(exist_ok=True)
    write_whole(find_sums(table), "".join(f"{name} {value}\n" for name, value in sums.items()).encode())
