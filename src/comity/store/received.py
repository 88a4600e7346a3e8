"""The bytes as received: what everything else in a store can be made from again.

They stand beside the store and not in it, since they may name persons, whom the store drops at the door: for a store
`S`, `S-received/pack-<sha256>.zip` holds the files of one batch, each member named `<sha256>/<source>/<name>`. A pack
is written before the batch is committed; where the batch never was, the next load of the same files writes the same
pack again. The folder may be deleted: no figure needs it, only repair does.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from comity.store.disk import find_damage, hash_file, move_into_place, say_why_disk_refused, write_aside

_MADE = (1980, 1, 1, 0, 0, 0)


def find_received(store: Path) -> Path:
    """Return the folder beside a store in which files are kept as received."""
    whole = store.resolve()
    return whole.with_name(f"{whole.name}-received")


def list_packs(store: Path) -> list[Path]:
    """Return the packs of a store, by name."""
    return sorted(find_received(store).glob("pack-*.zip"))


def write_pack(store: Path, files: Mapping[str, bytes]) -> None:
    """Keep the bytes of files.

    Parameters
    ----------
    store : Path
        Folder of the store.
    files : mapping of str to bytes
        `<sha256>/<source>/<name>` of a file to its bytes.

    Raises
    ------
    DiskRefused
        The disk is full, read-only or not permitted; nothing is half written.
    """
    if not files:
        return
    folder = find_received(store)
    with say_why_disk_refused(folder):
        folder.mkdir(exist_ok=True)
        with write_aside(folder) as aside:
            with zipfile.ZipFile(aside, "w", zipfile.ZIP_STORED) as pack:
                for member in sorted(files):
                    pack.writestr(zipfile.ZipInfo(member, _MADE), files[member])
            path = folder / f"pack-{hash_file(aside)}.zip"
            if not path.exists():
                move_into_place(aside, path)


def index_packs(store: Path) -> dict[str, tuple[Path, str]]:
    """Return for each kept file, by its SHA-256, its pack and its name in it; damaged packs are passed over."""
    found: dict[str, tuple[Path, str]] = {}
    for path in list_packs(store):
        if find_damage(path, "pack-"):
            continue
        with zipfile.ZipFile(path) as pack:
            found |= {member.partition("/")[0]: (path, member) for member in pack.namelist()}
    return found


def read_packed(pack: Path, member: str) -> bytes:
    """Return the bytes of a kept file, from a pack that `index_packs` has checked."""
    with zipfile.ZipFile(pack) as opened:
        return opened.read(member)
