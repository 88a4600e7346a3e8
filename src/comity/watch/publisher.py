"""Where the files come from, and by which clock: the publisher and the time, or a folder that plays both."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from comity.sources.courier import Visit
from comity.sources.fetch import ENDING, SOURCE, Kept, fetch_files
from comity.sources.gdelt import read_slot
from comity.sources.last_update import Newest, read_newest
from comity.watch.errors import WatchError
from comity.watch.slots import QUARTER, find_last_due

PATIENCE = Visit(attempts=3, wait=1.0, longest=30.0, idle=10.0, total=120.0)


class Clock(Protocol):
    """What time it is, and how to let it pass."""

    def read(self) -> datetime:
        """Return the time [UTC]."""
        ...  # pragma: no cover

    def sleep(self, seconds: float) -> None:
        """Let time pass [seconds]."""
        ...  # pragma: no cover


class Publisher(Protocol):
    """What a watch asks of whoever has the files."""

    @property
    def folder(self) -> Path:
        """Return where the files are as received."""
        ...  # pragma: no cover

    def read_newest(self) -> Newest:
        """Return the newest slot that is announced; raises FetchError where nobody answers."""
        ...  # pragma: no cover

    def fetch(self, slots: Mapping[str, datetime], known: Mapping[str, Kept]) -> dict[str, Any]:
        """Put files into the folder, known ones where they were issued anew; as `comity.sources.fetch.fetch_files`."""
        ...  # pragma: no cover


class WallClock:
    """The system's time."""

    def read(self) -> datetime:
        """Return the time [UTC]."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(max(0.0, seconds))


@dataclass(frozen=True)
class WebPublisher:
    """The publisher behind an http or https address.

    Parameters
    ----------
    folder : Path
        Where files are kept as received.
    base : str or None
        Its address; that of `source.yml` where None.
    visit : Visit
        Patience.
    """

    folder: Path
    base: str | None = None
    visit: Visit = PATIENCE

    def read_newest(self) -> Newest:
        """Return the newest slot that is announced."""
        return read_newest(self.base, self.visit)

    def fetch(self, slots: Mapping[str, datetime], known: Mapping[str, Kept]) -> dict[str, Any]:
        """Fetch files into the folder."""
        return fetch_files(slots, self.folder, base=self.base, visit=self.visit, known=known)


@dataclass
class Replay:
    """A folder of files that plays the publisher, by a clock of its own.

    A file appears when the quarter of an hour that it is named for is over. The clock begins with the first file and
    goes `speed` times as fast as time; with 0 it jumps from one wait to the next.

    Parameters
    ----------
    folder : Path
        With 15-minute files as received.
    speed : float
        How much faster than time; 0 for as fast as possible.

    Raises
    ------
    WatchError
        There is no such file in the folder.
    """

    folder: Path
    speed: float = 0.0
    slots: dict[datetime, str] = field(init=False)
    _begun: float = field(default_factory=time.monotonic, init=False)
    _slept: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """List the files."""
        names = [path.name for path in self.folder.glob(f"*{ENDING}")] if self.folder.is_dir() else []
        stamped = {slot: name for name in sorted(names) if (slot := read_slot(name)) and ".translation." not in name}
        self.slots = dict(sorted(stamped.items()))
        if not self.slots:
            raise WatchError(
                "the folder holds no 15-minute file to replay",
                where=str(self.folder),
                todo=f"name a folder with files such as 20250516000000{ENDING}",
            )

    @property
    def begin(self) -> datetime:
        """Return the first slot [UTC]."""
        return next(iter(self.slots))

    @property
    def end(self) -> datetime:
        """Return when the last file is there [UTC]."""
        return max(self.slots) + QUARTER

    def read(self) -> datetime:
        """Return the time that is played [UTC]."""
        passed = self._slept if not self.speed else (time.monotonic() - self._begun) * self.speed
        return self.begin + QUARTER + timedelta(seconds=passed)

    def sleep(self, seconds: float) -> None:
        """Let played time pass."""
        if self.speed:
            time.sleep(max(0.0, seconds / self.speed))
        else:
            self._slept += max(0.0, seconds)

    def read_newest(self) -> Newest:
        """Return the newest slot whose file has appeared."""
        last = find_last_due(self.read())
        return Newest(max((slot for slot in self.slots if slot <= last), default=None))

    def fetch(self, slots: Mapping[str, datetime], known: Mapping[str, Kept]) -> dict[str, Any]:
        """Say which files there are; they stay where they are, and none is issued anew."""
        names = {name: self.slots.get(slot) for name, slot in slots.items()}
        there = [name for name in names.values() if name]
        return {
            "source": SOURCE,
            "slots": {"expected": len(slots), "fetched": 0, "present": len(there)},
            "missing": [name for name, found in names.items() if not found],
            "failed": [],
            "unlisted": [],
            "list": "",
            "files": there,
            "reissued": [],
        }
