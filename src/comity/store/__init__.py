"""The only door to the tables on disk.

| function | gives |
|---|---|
| `open_store(folder)` | a `Store`; without a folder, the sample that comes with the package |
| `create_store(folder)` | a new `Store` |
| `Store.take_snapshot(as_of)` | a `Snapshot`: a state that stands still while others write |
| `Store.write()` | a `Writer`, one process at a time |
| `Store.verify()` | what is wrong with the stored files |

>>> from comity.store import open_store
>>> open_store().take_snapshot().embedded
True
"""

from comity.store.errors import DiskRefused, PathRefused, StoreBusy, StoreDamaged, StoreError, StoreMissing
from comity.store.snapshot import Snapshot
from comity.store.store import Store, Writer, create_store, open_store

__all__ = [
    "DiskRefused",
    "PathRefused",
    "Snapshot",
    "Store",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreMissing",
    "Writer",
    "create_store",
    "open_store",
]
