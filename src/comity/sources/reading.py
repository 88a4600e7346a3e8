"""From bytes to a reading: find out which layout a file has, and read it by that."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from comity.sources.archive import open_content, open_member, open_stream
from comity.sources.catalogue import list_sources, read_source
from comity.sources.errors import SourceError

if TYPE_CHECKING:
    from comity.sources.figures import Figures
    from comity.sources.vendor import Reading

FAMILIES = {
    "gdelt": ("gdelt2", "gdelt1"),
    "gdelt1": ("gdelt1",),
    "gdelt2": ("gdelt2",),
    "comity": ("comity",),
    "icews": ("icews",),
    "keds": ("keds",),
    "phoenix": ("phoenix",),
    "polecat": ("polecat",),
    "ucdp": ("ucdp",),
    "weis": ("weis",),
}
LOOKED_AT = 50
_STREAMED = ("gdelt1", "gdelt2")


@dataclass(frozen=True)
class Opened:
    """A reading and the time stamp of the archive it was in."""

    reading: Reading
    member_time: str


def find_family(source: str) -> str:
    """Return the widest family that a source belongs to: its two versions are one, everything else is its own."""
    return max((name for name, sources in FAMILIES.items() if source in sources), key=lambda name: len(FAMILIES[name]))


def check_family(family: str) -> None:
    """Raise `SourceError` unless there is such a family of sources."""
    if family not in FAMILIES:
        choices = ", ".join(sorted({*FAMILIES, *list_sources()}))
        raise SourceError(f"there is no source {family!r}", todo=f"choose one of {choices}")


def find_layout(head: bytes, family: str) -> str:
    """Return the source of a family whose number of columns most of the first lines have.

    Parameters
    ----------
    head : bytes
        Unpacked text, or its beginning.
    family : str
        One of `FAMILIES`.

    Returns
    -------
    str
        Id of the source; the family's first where no number fits, so that its reader says what is wrong.
    """
    check_family(family)
    found = Counter(line.count(b"\t") + 1 for line in islice(io.BytesIO(head), LOOKED_AT))
    return max(FAMILIES[family], key=lambda source: sum(n for columns, n in found.items() if _fits(source, columns)))


def _fits(source: str, columns: int) -> bool:
    """Return whether a line of a source may have so many columns."""
    return len(read_source(source).layout) - columns in (0, source == "gdelt1")


def read_reading(received: bytes, name: str, family: str) -> Opened:
    """Read a file as received, plain or zipped.

    Parameters
    ----------
    received : bytes
        The file.
    name : str
        Its name, which may hold its slot.
    family : str
        One of `FAMILIES`; `gdelt` is 1.0 or 2.0, by the number of columns.

    Returns
    -------
    Opened

    Raises
    ------
    FileRefused
        The file is cut off, damaged, a trap, or of another layout.
    """
    stream = open_stream(received, name)
    source = find_layout(stream.look_at(LOOKED_AT), family)
    text = stream if source in _STREAMED else stream.read()
    return Opened(_find_reader(source, "read_file")(text, name), stream.member_time)


def _find_reader(source: str, name: str) -> Callable[..., Any]:
    """Return a function of the reader of a source, which is imported when a file of it comes."""
    reader: Callable[..., Any] = getattr(import_module(f"comity.sources.{source}.read"), name)
    return reader


_MEMBERS = {"wdi": r"(?:.*/)?API_[^/]*\.csv", "gravity": r"(?:.*/)?Gravity_V[^/]*\.csv"}
_FIGURES = ("baci", "gravity", "undesa", "unga", "visa", "wdi")


def read_figures(received: bytes, name: str, source: str) -> Figures:
    """Read a file of figures as received, plain or zipped.

    Parameters
    ----------
    received : bytes
        The file.
    name : str
        Its name, for messages.
    source : str
        One of `list_sources("tables")`.

    Returns
    -------
    Figures

    Raises
    ------
    SourceError
        There is no such publisher of figures.
    FileRefused
        The file is damaged, a trap, or of another layout; the difference is said.
    """
    if source not in _FIGURES:
        raise SourceError(f"{source!r} publishes no figures", todo=f"choose one of {', '.join(_FIGURES)}")
    workbook = source == "undesa" and received[:2] == b"PK"
    if workbook:
        data = received
    elif received[:2] == b"PK" and source in _MEMBERS:
        data = open_member(received, name, _MEMBERS[source]).data
    else:
        data = open_content(received, name).data
    figures: Figures = _find_reader(source, "read_figures")(data, name)
    return figures


_INTENSITIES = ("icews", "polecat")


def read_intensities(received: bytes, name: str, source: str) -> list[tuple[str, float]]:
    """Read the values that a publisher gives its own rows, each with the row's CAMEO code.

    Parameters
    ----------
    received : bytes
        The file, plain or zipped.
    name : str
        Its name, for messages.
    source : str
        `icews` or `polecat`.

    Returns
    -------
    list of (str, float)
        Code and value [points]; rows without a value are left out.

    Raises
    ------
    SourceError
        The source gives its rows no value of its own.
    FileRefused
        As `read_reading`.
    """
    if source not in _INTENSITIES:
        raise SourceError(
            f"{source!r} gives its rows no values of its own", todo=f"choose one of {', '.join(_INTENSITIES)}"
        )
    intensities: list[tuple[str, float]] = _find_reader(source, "read_intensities")(
        open_content(received, name).data, name
    )
    return intensities
