"""Fetch GDELT 2.0 files of a span from the publisher into a folder: checked, resumable, and nothing twice.

>>> from datetime import UTC, datetime, date
>>> from comity.sources.catalogue import read_source
>>> day = date(2025, 6, 1)
>>> list(list_slots(read_source("gdelt2"), day, day, datetime(2025, 6, 1, 0, 40, tzinfo=UTC)))
['20250601000000.export.CSV.zip', '20250601001500.export.CSV.zip']
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from comity.sources.catalogue import Source, read_source
from comity.sources.courier import CONNECTIONS, Courier, Visit, check_address
from comity.sources.download import Download
from comity.sources.errors import FetchError, Setback, SourceError
from comity.sources.loop import run_whole
from comity.sources.publisher_list import PublisherList, read_publisher_list
from comity.sources.receipts import Receipt, Receipts
from comity.store import StoreBusy
from comity.store.disk import say_why_disk_refused
from comity.store.lock import hold_lock

SOURCE = "gdelt2"
ENDING = ".export.CSV.zip"

MOST_ANEW = 16
"""Files that are fetched anew in one go: more are rather a list that is wrong, and wait for the next."""

Progress = Callable[[int, int, int], None]


class Kept(NamedTuple):
    """A file that a store has loaded: its slot [UTC], its size [bytes], and the SHA-256 of each issue that came."""

    slot: datetime
    size: int
    hashes: frozenset[str]


def list_slots(source: Source, since: date, until: date, now: datetime) -> dict[str, datetime]:
    """List the files of a span that are due.

    Parameters
    ----------
    source : Source
        Its `cadence` and `first` say which slots there are.
    since, until : date
        First and last day [UTC], both counted.
    now : datetime
        A slot is due when its quarter of an hour is over by then [UTC].

    Returns
    -------
    dict of str to datetime
        File name to slot [UTC], in order of time.

    Raises
    ------
    SourceError
        The span ends before it begins, or before the source does, or nothing of it is due.
    """
    if since > until:
        raise SourceError(f"the period ends before it begins: {since} to {until}", todo="swap the two days")
    step = timedelta(seconds=source.cadence or 0)
    begin = max(datetime.combine(since, time(), UTC), datetime.fromisoformat(source.first))
    end = min(datetime.combine(until, time(), UTC) + timedelta(days=1), now)
    slots = [begin + n * step for n in range(max(0, (end - begin) // step))]
    if not slots:
        raise SourceError(
            f"{source.id} has no files from {since} to {until}: they begin on {source.first[:10]}, "
            f"and nothing later than {now:%Y-%m-%d %H:%M} UTC is there",
            todo="choose other days",
        )
    return {f"{slot:%Y%m%d%H%M%S}{ENDING}": slot for slot in slots}


def fetch_slots(
    since: date,
    until: date,
    into: Path,
    *,
    base: str | None = None,
    progress: Progress | None = None,
    visit: Visit | None = None,
) -> dict[str, Any]:
    """Fetch the GDELT 2.0 files of a span into a folder.

    Files that are there already and whole are not fetched again. Each file is received aside, checked against size
    and MD5 of the publisher's list, flushed, and then put in its place; `fetched.jsonl` in the folder keeps a line
    for each. A run that is broken off, even killed, loses nothing that stood in its place, and the next run goes on.

    Parameters
    ----------
    since, until : date
        First and last day [UTC], both counted; slots that are not due yet are left out.
    into : Path
        Folder for the files as received; made where there is none.
    base : str, optional
        http or https address under which the files lie; that of `source.yml` where left out.
    progress : callable, optional
        Told after each file: files done, files in all, bytes received.
    visit : Visit, optional
        Patience, limits and time of the visit.

    Returns
    -------
    dict
        `source`; `slots` with `expected`, `fetched`, `present`, `missing`, `failed` [count]; `bytes` received for
        files; `missing` (names with 404 at the publisher); `failed` (list of `name`, `status`, `detail`);
        `unchecked` [count of files that the list does not name] and `unlisted` (their names); `malformed_lines` of the
        list [count]; `list` (why it could not be had, or empty); `files` (names in the folder).

    Raises
    ------
    FetchError
        The publisher did not answer at all, or another process fetches into the folder.
    SourceError
        The days or the address cannot be used.
    DiskRefused
        The disk would not take a file.
    """
    visit = visit or Visit()
    slots = list_slots(read_source(SOURCE), since, until, visit.read_clock())
    return fetch_files(slots, into, base=base, progress=progress, visit=visit)


def fetch_files(
    slots: Mapping[str, datetime],
    into: Path,
    *,
    base: str | None = None,
    progress: Progress | None = None,
    visit: Visit | None = None,
    known: Mapping[str, Kept] | None = None,
) -> dict[str, Any]:
    """Fetch named GDELT 2.0 files into a folder; as `fetch_slots`, of which it is the part that fetches.

    Parameters
    ----------
    slots : mapping of str to datetime
        File name to slot [UTC].
    into, base, progress, visit
        As in `fetch_slots`.
    known : mapping of str to Kept, optional
        Files that are loaded already. One of which the publisher's list shows another MD5 (or, where none was noted
        when it came, another size) was issued anew and is fetched again, as is one that was fetched and not loaded.

    Returns
    -------
    dict
        As `fetch_slots`, and `reissued` (names of `known` that came anew; they are among `files`). Where one cannot
        be had, it is `failed` and what is there stays.

    Raises
    ------
    FetchError, SourceError, DiskRefused
        As in `fetch_slots`.
    """
    visit = visit or Visit()
    address = check_address(base or read_source(SOURCE).fetch)
    with _hold_folder(into):
        receipts = Receipts.open(into, {*slots, *(known or {})})
        errand = _Errand(into, dict(slots), receipts, visit, progress, dict(known or {}))
        run_whole(errand.carry_out(address))
    return errand.report()


@contextmanager
def _hold_folder(folder: Path) -> Iterator[None]:
    """Make a folder and keep other processes from fetching into it."""
    with say_why_disk_refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with hold_lock(folder / ".fetch.lock", 0.0):
            yield
    except StoreBusy as error:
        raise FetchError(
            "another process is fetching into the folder", where=str(folder), todo="wait for it to end, or stop it"
        ) from error


@dataclass
class _Errand:
    """What is to be fetched, and what became of it."""

    folder: Path
    slots: dict[str, datetime]
    receipts: Receipts
    visit: Visit
    progress: Progress | None
    known: dict[str, Kept] = field(default_factory=dict)
    outcomes: dict[str, Receipt] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)
    listed: PublisherList = field(default_factory=lambda: PublisherList(()))
    received: int = 0

    async def carry_out(self, address: str) -> None:
        """Fetch what is not there."""
        for name, slot in self.slots.items():
            found = self.receipts.find_present(name, slot.isoformat(), None)
            if found is not None and found.checked:
                self._note(replace(found, status="present"))
        rest = {name: slot for name, slot in self.slots.items() if name not in self.outcomes}
        if not rest and not self.known:
            return
        async with Courier.start(address, self.visit) as courier:
            self.listed = await read_publisher_list(courier, rest | {name: k.slot for name, k in self.known.items()})
            again = [name for name in self.known if self._is_anew(name)][-MOST_ANEW:]
            self.slots |= {name: self.known[name].slot for name in again}
            names = iter([*again, *rest])
            workers = [asyncio.create_task(self._work(courier, names)) for _ in range(CONNECTIONS)]
            try:
                await asyncio.gather(*workers)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    def _is_anew(self, name: str) -> bool:
        """Say whether a file that is loaded was issued anew, or was fetched anew and never loaded."""
        kept, before, promise = self.known[name], self.receipts.known.get(name), self.listed.promises.get(name)
        if before is not None and before.checked and before.sha256 not in kept.hashes:
            return True
        if promise is None:
            return False
        return promise.md5 != before.md5 if before is not None and before.md5 else promise.size != kept.size

    async def _work(self, courier: Courier, names: Iterator[str]) -> None:
        """Fetch one file after the other, as long as there are any."""
        for name in names:
            slot, promise = self.slots[name].isoformat(), self.listed.promises.get(name)
            found = self.receipts.find_present(name, slot, promise)
            if found is not None:
                self._note(replace(found, status="present"))
                (self.folder / f".{name}.part").unlink(missing_ok=True)
            else:
                self._note(await self._fetch(Download(courier, name, promise, self.folder), slot))

    async def _fetch(self, download: Download, slot: str) -> Receipt:
        """Fetch one file, and say what became of it."""
        receipt = Receipt(download.name, slot, "fetched", checked=download.promise is not None)
        try:
            found = await download.fetch()
            receipt = replace(receipt, size=found.size, md5=found.md5, sha256=found.sha256)
        except Setback as setback:
            self.causes[download.name] = setback.status
            status = "missing" if setback.status == "missing" and download.name not in self.known else "failed"
            receipt = replace(receipt, status=status, checked=False, detail=setback.what)
        self.received += download.received
        return replace(receipt, etag=download.etag, url=download.url)

    def _note(self, receipt: Receipt) -> None:
        """Keep what became of a file, and tell it."""
        self.outcomes[receipt.name] = receipt
        known = self.receipts.known.get(receipt.name)
        stays = receipt.status == "failed" and receipt.name in self.known
        if not stays and (known is None or receipt.status != "present" or _say(known) != _say(receipt)):
            self.receipts.add(replace(receipt, time=self.visit.read_clock().isoformat(timespec="seconds")))
        if self.progress:
            self.progress(len(self.outcomes), len(self.slots), self.received)

    def report(self) -> dict[str, Any]:
        """Return the account of the errand as plain values."""
        outcomes = [self.outcomes[name] for name in self.slots]
        counts = Counter(receipt.status for receipt in outcomes)
        there = [receipt for receipt in outcomes if receipt.status in ("fetched", "present")]
        return {
            "source": SOURCE,
            "slots": {
                "expected": len(self.slots),
                **{status: counts[status] for status in ("fetched", "present", "missing", "failed")},
            },
            "bytes": self.received,
            "missing": [receipt.name for receipt in outcomes if receipt.status == "missing"],
            "failed": [
                {"name": receipt.name, "status": self.causes[receipt.name], "detail": receipt.detail}
                for receipt in outcomes
                if receipt.status == "failed"
            ],
            "unchecked": sum(not receipt.checked for receipt in there),
            "unlisted": [receipt.name for receipt in there if not receipt.checked],
            "malformed_lines": self.listed.malformed,
            "list": self.listed.detail,
            "files": [receipt.name for receipt in there],
            "reissued": [receipt.name for receipt in there if receipt.name in self.known],
        }


def _say(receipt: Receipt) -> tuple[str, bool]:
    """Return what a receipt says of a file that is there."""
    return receipt.sha256, receipt.checked
