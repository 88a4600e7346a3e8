"""A sink that is an Atom feed: a file that any feed reader follows, served by whatever serves files."""

from __future__ import annotations

import fcntl
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from comity.delivery.errors import DeliveryError
from comity.delivery.message import Message
from comity.store.disk import say_why_disk_refused, write_whole

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 200
MOST_BYTES = 1_000_000
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: its id, its time (RFC 3339), title and text."""

    id: str
    updated: str
    title: str
    text: str

    def write(self) -> str:
        """Return the entry as XML, everything escaped."""
        return (
            f"  <entry>\n    <id>{write_text(self.id)}</id>\n    <updated>{write_text(self.updated)}</updated>\n"
            f"    <title>{write_text(self.title)}</title>\n"
            f'    <content type="text">{write_text(self.text)}</content>\n  </entry>\n'
        )


@dataclass(frozen=True)
class FeedSink:
    """An Atom feed in a file, newest entry first, written aside and moved into place.

    Parameters
    ----------
    path : Path
        File, made where there is none.
    title : str
        Title of the feed.
    url : str
        Address under which the file is served, where it is; it becomes the feed's id.
    most : int
        Entries that are kept; the oldest go first, also where the file would have more than 1 MB [count].
    """

    path: Path
    title: str = "Comity"
    url: str = ""
    most: int = MOST_ENTRIES

    def send(self, message: Message) -> str:
        """Put the message into the feed unless its id is there; returns a note.

        Raises
        ------
        DeliveryError
            What stands in the file is no Atom feed.
        DiskRefused
            The disk would not take it.
        """
        with say_why_disk_refused(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = self.path.with_name(f".{self.path.name}.lock").open("a")
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            entries = self.read_entries()
            if any(entry.id == message.uuid.urn for entry in entries):
                return "was there"
            made = message.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            entries.append(Entry(message.uuid.urn, made, message.subject, message.body))
            write_whole(self.path, self._compose(entries))
        return ""

    def read_entries(self) -> list[Entry]:
        """Return the entries of the file, as they stand; none where there is no file.

        Raises
        ------
        DeliveryError
            What stands in the file is no Atom feed.
        """
        from xml.etree.ElementTree import ParseError

        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        with say_why_disk_refused(self.path):
            if not self.path.exists():
                return []
            data = self.path.read_bytes()
        try:
            top: Element = fromstring(data)
        except (ParseError, DefusedXmlException, ValueError) as error:
            raise self._refuse(str(error)) from error
        if top.tag != f"{{{ATOM}}}feed":
            raise self._refuse(f"its top is {top.tag!r}")
        return [_read_entry(element) for element in top.findall(f"{{{ATOM}}}entry")]

    def _refuse(self, said: str) -> DeliveryError:
        """Return the error for a file that is something else."""
        return DeliveryError(
            f"the file of the feed is no Atom feed: {said}", where=str(self.path), todo="move it away, or name another"
        )

    def _compose(self, entries: list[Entry]) -> bytes:
        """Return the feed, newest first, within its limits."""
        newest = sorted(entries, key=lambda entry: (entry.updated, entry.id), reverse=True)[: self.most]
        written: list[str] = []
        size = 0
        for entry in newest:
            text = entry.write()
            size += len(text.encode())
            if written and size > MOST_BYTES:
                break
            written.append(text)
        link = f'  <link rel="self" href="{write_text(self.url)}"/>\n' if self.url else ""
        own = self.url or uuid5(NAMESPACE_URL, f"urn:comity:feed:{self.title}:{self.path.name}").urn
        head = (
            f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="{ATOM}">\n  <id>{write_text(own)}</id>\n'
            f"  <title>{write_text(self.title)}</title>\n  <updated>{newest[0].updated}</updated>\n"
            f"  <author><name>Comity</name></author>\n{link}"
        )
        return (head + "".join(written) + "</feed>\n").encode()


def write_text(text: str) -> str:
    """Return a text as XML holds it: escaped, what XML cannot hold as a mark of replacement."""
    return escape(_NOT_XML.sub("\ufffd", text), {'"': "&quot;", "\r": "&#13;"})


def _read_entry(element: Element) -> Entry:
    """Return an entry as it stands in a feed."""
    said = {name: element.findtext(f"{{{ATOM}}}{name}") or "" for name in ("id", "updated", "title", "content")}
    try:
        datetime.fromisoformat(said["updated"])
    except ValueError:
        said["updated"] = "1970-01-01T00:00:00Z"
    return Entry(said["id"], said["updated"], said["title"], said["content"])
