"""Sinks on the disk: one file a message, and one line a message; each looks for the key before it writes."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from comity.delivery.message import Message, name_key
from comity.store.disk import flush_folder, say_why_disk_refused, write_whole


@dataclass(frozen=True)
class FolderSink:
    """One JSON file a message in a folder; the file's name is made from the key, so that a repeat finds it there.

    Parameters
    ----------
    path : Path
        Folder, made where there is none.
    """

    path: Path

    def send(self, message: Message) -> str:
        """Write the message whole, or leave it as it is there; returns a note.

        Raises
        ------
        DiskRefused
            The disk would not take it.
        """
        with say_why_disk_refused(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        file = self.path / f"{message.made:%Y%m%dT%H%M%SZ}-{message.name}.json"
        if file.exists():
            return "was there"
        write_whole(file, (message.write_json() + "\n").encode())
        return ""


@dataclass
class LinesSink:
    """One line of JSON a message at the end of a file; a line that a writer left half is cut off first.

    Parameters
    ----------
    path : Path
        File, made where there is none.
    """

    path: Path
    _known: set[str] = field(default_factory=set, repr=False)
    _read: tuple[int, int] = (0, 0)

    def send(self, message: Message) -> str:
        """Append the message unless its key is there; returns a note.

        Raises
        ------
        DiskRefused
            The disk would not take it.
        """
        with say_why_disk_refused(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX)
                self._catch_up(stream)
                if message.name in self._known:
                    return "was there"
                stream.write((message.write_json() + "\n").encode())
                stream.flush()
                os.fsync(stream.fileno())
                self._known.add(message.name)
                self._read = (os.fstat(stream.fileno()).st_ino, stream.seek(0, os.SEEK_END))
            flush_folder(self.path.parent)
        return ""

    def _catch_up(self, stream: BinaryIO) -> None:
        """Read the keys that are new in the file, and cut off a last line without an end."""
        number, begin = self._read
        size = stream.seek(0, os.SEEK_END)
        if number != os.fstat(stream.fileno()).st_ino or size < begin:
            begin = 0
            self._known.clear()
        stream.seek(begin)
        for line in stream:
            if not line.endswith(b"\n"):
                stream.truncate(begin)
                break
            begin += len(line)
            self._known.update(_read_name(line))
        stream.seek(0, os.SEEK_END)
        self._read = (os.fstat(stream.fileno()).st_ino, begin)


def _read_name(line: bytes) -> list[str]:
    """Return the name of the message that a line holds; nothing where it holds none."""
    try:
        said = json.loads(line)
    except ValueError:
        return []
    key = said.get("key") if isinstance(said, dict) else None
    return [name_key(key)] if isinstance(key, str) else []
