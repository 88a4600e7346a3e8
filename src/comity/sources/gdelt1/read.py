"""GDELT 1.0: daily export files of 58 columns, and of 57 before April 2013, also mixed."""

from __future__ import annotations

from comity.sources.archive import Stream
from comity.sources.catalogue import read_source
from comity.sources.gdelt import read_events
from comity.sources.vendor import Reading

SHORT = 57


def read_file(stream: Stream, name: str) -> Reading:
    """Read the text of one daily, monthly or yearly file.

    Parameters
    ----------
    stream : Stream
        Unpacked tab-separated text.
    name : str
        File name, such as `20130401.export.CSV.zip` or `201303.zip`.

    Returns
    -------
    Reading

    Raises
    ------
    FileRefused
        No line has 58 or 57 columns.
    """
    return read_events(stream, name, read_source("gdelt1"), SHORT)
