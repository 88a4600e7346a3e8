"""A copy of a store as it stands at one moment, also while another process loads into it.

Nothing in a store is ever changed or deleted: a copy takes the versions that stood when it began, in the order in which
no entry of the ledger can name rows that are not copied, and of each log the entries up to there. It is put together
aside, checked against every checksum, and only then put in its place.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from comity.store import delta
from comity.store.disk import flush_folder, say_why_disk_refused
from comity.store.errors import StoreDamaged, StoreError
from comity.store.log import copy_log, find_newest
from comity.store.received import find_received, list_packs
from comity.store.store import NOTE, Store

ORDER = ("ledger", "events", "set_aside")


def copy_store(store: Store, into: Path) -> dict[str, int]:
    """Copy a store with its files as received, and check the copy.

    Parameters
    ----------
    store : Store
        What is copied; others may load into it meanwhile.
    into : Path
        Folder of the copy, which must not be there yet; its files as received stand in `INTO-received` beside it.

    Returns
    -------
    dict of str to int
        `files` and `bytes` of the copy, `packs` of files as received [count].

    Raises
    ------
    StoreError
        There is something at `into` already.
    StoreDamaged
        A file is not what it was when it was written; no copy is left.
    DiskRefused
        The disk would not take the copy; none is left.
    """
    packs = find_received(into)
    for place in (into, packs):
        if place.exists():
            raise StoreError("there is something already", where=str(place), todo="name a folder that is not there yet")
    aside = into.with_name(f".{into.name}.{secrets.token_hex(4)}.part")
    try:
        with say_why_disk_refused(into):
            _copy_into(store, aside)
        faults = Store(aside).verify()
        if faults:
            raise StoreDamaged(
                f"the store is not whole: {faults[0]}",
                where=str(store.folder),
                why="a copy of it would not be whole either",
                todo="mend it first: `comity store verify`, then `comity store repair`",
            )
        with say_why_disk_refused(into):
            if find_received(aside).exists():
                os.replace(find_received(aside), packs)
            os.replace(aside, into)
            flush_folder(into.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(find_received(aside), ignore_errors=True)
    files = [path for path in into.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    return {"files": len(files), "bytes": size, "packs": len(list_packs(into))}


def _copy_into(store: Store, aside: Path) -> None:
    """Copy what stands now."""
    newest = {table: find_newest(store.folder / table) or 0 for table in ORDER}
    aside.mkdir(parents=True)
    for table, version in newest.items():
        copy_log(store.folder / table, aside / table, version)
        for commit in delta.read_commits(aside / table):
            for name in commit.added:
                _copy_file(store.folder / table / name, aside / table / name)
    if (store.folder / "foundations").is_dir():
        shutil.copytree(store.folder / "foundations", aside / "foundations")
    for pack in list_packs(store.folder):
        _copy_file(pack, find_received(aside) / pack.name)
    _copy_file(store.folder / NOTE, aside / NOTE)


def _copy_file(path: Path, target: Path) -> None:
    """Copy a file and flush it; one that is not there is left for the check to name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file():
        shutil.copyfile(path, target)
        with target.open("rb") as stream:
            os.fsync(stream.fileno())
