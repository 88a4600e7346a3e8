"""One file of a publisher: received aside, continued where it broke off, checked, and only then put in its place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from comity.sources.courier import Courier, read_range_start
from comity.sources.errors import Setback
from comity.sources.publisher_list import Promise
from comity.sources.receipts import Measured, find_fault, measure_file
from comity.store.disk import flush_folder, say_why_disk_refused


@dataclass
class Download:
    """A file on its way.

    Parameters
    ----------
    courier : Courier
        Puts the requests.
    name : str
        File name at the publisher and in the folder.
    promise : Promise or None
        Size and MD5 by the publisher's list, where it names the file.
    folder : Path
        Where the file shall stand; until it is whole and checked it is there as `.NAME.part`.
    """

    courier: Courier
    name: str
    promise: Promise | None
    folder: Path
    etag: str = ""
    url: str = ""
    received: int = 0

    @property
    def part(self) -> Path:
        """Return where the file is while it is not whole."""
        return self.folder / f".{self.name}.part"

    async def fetch(self) -> Measured:
        """Fetch the file into the folder.

        Returns
        -------
        Measured
            Size and checksums of the file, which stands in its place.

        Raises
        ------
        Setback
            The file could not be had.
        DiskRefused
            The disk would not take it.
        """
        return await self.courier.persist(self._attempt)

    async def _attempt(self) -> Measured:
        """Ask once for what is not there yet."""
        begun = self._measure_begun()
        if self.promise is None or begun < self.promise.size or not begun:
            try:
                await self._receive(begun)
            except Setback as setback:
                if setback.status in ("http_416", "http_206"):
                    self.part.unlink(missing_ok=True)
                raise
        return self._settle()

    def _measure_begun(self) -> int:
        """Return how much of the file can be used [bytes]: a rest is only joined to what it surely belongs to."""
        known = self.promise is not None or self.etag
        begun = self.part.stat().st_size if known and self.part.exists() else 0
        return begun if self.promise is None or begun <= self.promise.size else 0

    async def _receive(self, begun: int) -> None:
        """Write the body of one answer."""
        headers = {"Range": f"bytes={begun}-"} if begun else {}
        if begun and self.etag:
            headers["If-Range"] = self.etag
        async with self.courier.ask(self.name, headers) as answer:
            start = read_range_start(answer)
            if start not in (0, begun):
                raise Setback("http_206", "the server sends another part of the file than was asked for")
            tag = answer.headers.get("etag", "")
            self.etag, self.url = "" if tag.startswith("W/") else tag, str(answer.url)
            with self._open_part(start) as stream:
                async for piece in answer.aiter_raw():
                    start += len(piece)
                    self._check_size(start)
                    self.received += len(piece)
                    with say_why_disk_refused(self.part):
                        stream.write(piece)
                with say_why_disk_refused(self.part):
                    stream.flush()
                    os.fsync(stream.fileno())

    def _open_part(self, start: int) -> BinaryIO:
        """Open what was received so far, cut to a length, to write on."""
        with say_why_disk_refused(self.part):
            stream = self.part.open("r+b" if start else "w+b")
            stream.seek(start)
            stream.truncate()
        return stream

    def _check_size(self, size: int) -> None:
        """Stop at more bytes than were promised, or than may be."""
        allowed = self.courier.visit.most_bytes
        most = allowed if self.promise is None else min(allowed, self.promise.size)
        if size > most:
            self.part.unlink(missing_ok=True)
            raise Setback("size", f"the server sends more than {most:,} bytes", again=most < allowed)

    def _settle(self) -> Measured:
        """Put the file in its place when it is what it should be."""
        found = measure_file(self.part)
        fault = find_fault(self.part, found, self.promise)
        if fault:
            short = self.promise is not None and found.size < self.promise.size
            if not short:
                self.part.unlink(missing_ok=True)
            raise Setback("size" if short else "not_data" if self.promise is None else "checksum", fault)
        with say_why_disk_refused(self.folder / self.name):
            os.replace(self.part, self.folder / self.name)
            flush_folder(self.folder)
        return found
