"""Repair a store from the files as received, those that it has kept or those of a folder."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.events.code import code_readings
from comity.events.step import join_parts, load_files
from comity.sources import read_reading
from comity.sources.archive import read_received
from comity.store import StoreDamaged
from comity.store.disk import hash_bytes
from comity.store.mending import Repair, repair_tables
from comity.store.received import index_packs, list_packs, read_packed
from comity.store.store import Store, hold_for_repair

if TYPE_CHECKING:
    import pyarrow as pa


def repair_store(store: Store, folders: Sequence[Path] = (), wait: float = 60.0) -> Repair:
    """Make each damaged or missing data file of a store again.

    Parameters
    ----------
    store : Store
        The store.
    folders : sequence of Path
        Folders with files as received, for those that the store itself has not kept.
    wait : float
        How long to wait for another writer [seconds].

    Returns
    -------
    Repair

    Raises
    ------
    StoreDamaged
        The log of a table is damaged: it says what the files held, so that none can be made from it.
    """
    with hold_for_repair(store, wait):
        return repair_tables(store.folder, _Received(store.folder, folders).make_rows)


class _Received:
    """Files as received, found by their SHA-256."""

    def __init__(self, store: Path, folders: Sequence[Path]) -> None:
        self._packed = index_packs(store)
        paths = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
        self._paths = {hash_bytes(read_received(path)): path for path in paths}

    def make_rows(self, entries: Sequence[Mapping[str, Any]]) -> tuple[pa.Table, pa.Table]:
        """Read and judge the files of a batch again."""
        readings = [
            (read_reading(self._find(entry), entry["name"], entry["source"]).reading, entry["sha256"][:16])
            for entry in entries
        ]
        return join_parts(code_readings(readings))

    def _find(self, entry: Mapping[str, Any]) -> bytes:
        """Return the bytes of a file."""
        if entry["sha256"] in self._paths:
            return read_received(self._paths[entry["sha256"]])
        if entry["sha256"] in self._packed:
            return read_packed(*self._packed[entry["sha256"]])
        if not entry["bytes"]:
            return b""
        raise StoreDamaged(f"the file as received, {entry['name']}, is neither kept nor in a folder that was named")


def rebuild_store(store: Path, into: Path) -> dict[str, Any]:
    """Load all files that a store has kept into a new one; for a store whose log is damaged.

    Parameters
    ----------
    store : Path
        Folder of the damaged store; only the files kept beside it are read.
    into : Path
        Folder of the new store.

    Returns
    -------
    dict
        By source, as `comity.events.step.load_files`. Entries are made anew: what was known when is lost.
    """
    done = {}
    with tempfile.TemporaryDirectory() as place:
        for pack in list_packs(store):
            with zipfile.ZipFile(pack) as opened:
                for member in opened.namelist():
                    sha256, source, name = member.split("/", 2)
                    path = Path(place) / source / sha256[:16] / Path(name).name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(opened.read(member))
        for folder in sorted(Path(place).iterdir()):
            done[folder.name] = load_files(into, sorted(folder.glob("*/*")), folder.name)
    return done
