"""Make damaged data files again: the same rows give the same bytes, and so the same name.

The log of a table says of each data file in which batch it came, or which files it replaced. The rows of a batch are
made from the files as received, by whoever can read them; those of a compaction from the files that it replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.store import delta
from comity.store.compaction import merge_files
from comity.store.disk import StoredFile, find_damage, restore_parquet
from comity.store.errors import StoreDamaged
from comity.store.rows import make_ledger, mark_batch
from comity.store.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

Entries = Sequence[Mapping[str, Any]]
Maker = Callable[[Entries], tuple["pa.Table", "pa.Table"]]

LOADED = ("loaded", "empty", "superseded")


@dataclass(frozen=True)
class Repair:
    """What a repair did: names of the files made again, and of those that could not be, each with the reason."""

    repaired: tuple[str, ...]
    lost: tuple[str, ...]


def repair_tables(store: Path, make: Maker) -> Repair:
    """Make each damaged or missing data file of a store again; only for the one who may write.

    Parameters
    ----------
    store : Path
        Folder of the store.
    make : callable
        Given the ledger entries of the files that came in a batch, returns their rows for `events` and `set_aside`.

    Returns
    -------
    Repair

    Raises
    ------
    StoreDamaged
        The log of a table is damaged: it says what the files held, so that none can be made from it.
    """
    commits = {table: delta.read_commits(store / table) for table in TABLES}
    recipe = _Recipe(store, commits, make)
    repaired, lost = [], []
    for table, commit, damaged in _list_damaged(store, commits):
        try:
            made = {restore_parquet(store / table, rows, damaged) for rows in recipe.make_rows(table, commit)}
        except StoreDamaged as error:
            lost += [f"{table}/{name}: {error.what}" for name in damaged]
            continue
        repaired += [f"{table}/{name}" for name in damaged if name in made]
        lost += [f"{table}/{name}: made again it has other bytes" for name in damaged if name not in made]
    return Repair(tuple(repaired), tuple(lost))


def _list_damaged(
    store: Path, commits: Mapping[str, list[delta.Commit]]
) -> Iterator[tuple[str, delta.Commit, list[str]]]:
    """Yield each commit with damaged files, originals before the compactions that are made from them."""
    for table, entries in commits.items():
        for commit in entries:
            damaged = [name for name in commit.added if find_damage(store / table / name)]
            if damaged:
                yield table, commit, damaged


class _Recipe:
    """How the rows of each commit are made."""

    def __init__(self, store: Path, commits: Mapping[str, list[delta.Commit]], make: Maker) -> None:
        self._store = store
        self._make = make
        self._entries: dict[str, list[dict[str, Any]]] = {}
        self._of_version: dict[int, list[dict[str, Any]]] = {}
        self._came: dict[str, str] = {}
        for commit in commits["events"]:
            if "batch" in commit.note:
                self._entries[commit.note["batch"]] = commit.note["ledger"]
                self._of_version[commit.version] = commit.note["ledger"]
                for entry in commit.note["ledger"]:
                    if entry["status"] in LOADED and entry.get("sha256"):
                        self._came.setdefault(entry["sha256"], commit.note["batch"])

    def make_rows(self, table: str, commit: delta.Commit) -> list[pa.Table]:
        """Return the rows of each data file that a commit added."""
        if delta.COMPACTED in commit.note:
            return [merge_files(self._store / table, [StoredFile(name, 0, 0) for name in commit.replaced])]
        if table == "ledger":
            version = commit.note["events_version"]
            return [make_ledger(self._of_version[version], version)]
        batch = commit.note["batch"]
        events, set_aside = self._make(self._list_new(batch))
        return [events if table == "events" else mark_batch(set_aside, batch)]

    def _list_new(self, batch: str) -> list[dict[str, Any]]:
        """Return the entries of the files whose rows came in a batch, and not in an earlier one."""
        entries = self._entries.get(batch, [])
        return [e for e in entries if e["status"] in LOADED and self._came.get(e.get("sha256") or "") == batch]
