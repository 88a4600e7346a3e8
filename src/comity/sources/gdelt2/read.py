"""GDELT 2.0: 15-minute export files of 61 columns."""

from __future__ import annotations

from comity.sources.archive import Stream
from comity.sources.catalogue import read_source
from comity.sources.gdelt import read_events
from comity.sources.vendor import Reading


def read_file(stream: Stream, name: str) -> Reading:
    """Read the text of one 15-minute export file.

    Parameters
    ----------
    stream : Stream
        Unpacked tab-separated text.
    name : str
        File name, such as `20250516020000.export.CSV.zip`.

    Returns
    -------
    Reading

    Raises
    ------
    FileRefused
        No line has 61 columns.
    """
    return read_events(stream, name, read_source("gdelt2"))
