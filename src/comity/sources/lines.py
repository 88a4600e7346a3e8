"""Tab-separated lines to columns, so that one bad line never costs its neighbours theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.sources.archive import slice_bytes

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    IntArray = NDArray[np.int64]

LINE = "line"
LONGEST = 2**31 - 1  # of a block, so that 32 bits hold a place in it [bytes]
_TAB, _END = 9, 10


@dataclass(frozen=True)
class Lines:
    """Lines of a text: columns of those that can be read, number and reason of those that cannot.

    Parameters
    ----------
    table : pyarrow.Table
        Binary columns as asked for, and `line` (int64, counted from 1).
    bad : tuple of (int, str)
        Line number and reason, each line once.
    """

    table: pa.Table
    bad: tuple[tuple[int, str], ...]

    @property
    def rows_read(self) -> int:
        """Return how many lines there were."""
        return int(self.table.num_rows) + len(self.bad)


def split_lines(data: bytes, layout: Sequence[str], wanted: Sequence[str], short: int | None = None) -> Lines:
    """Split tab-separated text without quoting into binary columns.

    Parameters
    ----------
    data : bytes
        The text. Lines end with LF or CR LF; a CR within a line counts as a space.
    layout : sequence of str
        Names of all columns, in order.
    wanted : sequence of str
        Columns to keep.
    short : int, optional
        A second permitted number of columns, the last ones absent (they are read as empty).

    Returns
    -------
    Lines
        Lines with another number of columns are `bad` with reason `wrong_columns`, lines with a NUL byte
        with `nul_byte`. The text is read as bytes: encoding is judged later, where a value is used.
    """
    places = {name: layout.index(name) for name in wanted}
    spans = {name: (place, place) for name, place in places.items()}
    return cut_lines(slice_bytes(data), spans, len(layout), short)


def cut_lines(
    pieces: Iterable[bytes],
    spans: Mapping[str, tuple[int, int]],
    columns: int,
    short: int | None = None,
) -> Lines:
    """Cut stretches of neighbouring columns out of tab-separated text, each with the tabs within it.

    Parameters
    ----------
    pieces : iterable of bytes
        The text, in pieces that need not end where a line does. About a megabyte at a time is fastest: it stays in a
        processor's cache.
    spans : mapping of str to (int, int)
        Name of a stretch to its first and last column, counted from 0; no column is in two.
    columns : int
        How many columns a line has [count].
    short
        As in `split_lines`.

    Returns
    -------
    Lines
        As `split_lines`.
    """
    import pyarrow as pa

    tables, bad, number = [], [], 1
    for text in _join_lines(pieces):
        block = _Block.measure(text)
        nul = block.find_nul()
        good = block.find_fitting(columns, short or columns)
        good[list(nul)] = False
        tables.append(block.cut(spans, good, number))
        bad += [(int(n) + number, "nul_byte" if n in nul else "wrong_columns") for n in (~good).nonzero()[0]]
        number += len(good)
    return Lines(pa.concat_tables(tables) if tables else _no_rows(spans), tuple(bad))


def _join_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a text in blocks of whole lines, each with an LF at its end and no CR."""
    rest: list[bytes] = []
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end:
            yield _plain(piece if end == len(piece) and not rest else b"".join([*rest, memoryview(piece)[:end]]))
            rest = []
        if end < len(piece):
            rest.append(piece[end:])
    if rest:
        yield _plain(b"".join(rest)) + b"\n"


def _plain(text: bytes) -> bytes:
    """Write line ends as LF, and any other CR as a space."""
    return text.replace(b"\r\n", b"\n").replace(b"\r", b" ") if b"\r" in text else text


@dataclass(frozen=True)
class _Block:
    """Some lines of a text: the places of all tabs and line ends, and which of these lie before and after each line.

    The first place is -1: the line end before the first line.
    """

    text: bytes
    marks: IntArray
    before: IntArray
    after: IntArray

    @classmethod
    def measure(cls, text: bytes) -> _Block:
        """Find them; tab and line end are neighbours among the 256 bytes, and below tab a difference wraps around."""
        import numpy as np

        letters = np.frombuffer(text, np.uint8)
        marks = np.concatenate([[-1], np.flatnonzero(letters - _TAB <= _END - _TAB)])
        ends = np.flatnonzero(letters[marks] == _END)
        return cls(text, marks, ends[:-1], ends[1:])

    def find_fitting(self, columns: int, short: int) -> NDArray[np.bool_]:
        """Say of each line whether it has one of two numbers of columns; a block of 2 GB is one line, and has not."""
        found = self.after - self.before
        fitting: NDArray[np.bool_] = (found == columns) | (found == short)
        return fitting & (len(self.text) <= LONGEST)

    def find_nul(self) -> set[int]:
        """Return the lines with a NUL byte, counted from 0."""
        import numpy as np

        if b"\0" not in self.text:
            return set()
        places = np.flatnonzero(np.frombuffer(self.text, np.uint8) == 0)
        return set(np.searchsorted(self.marks[self.after], places).tolist())

    def cut(self, spans: Mapping[str, tuple[int, int]], good: NDArray[np.bool_], number: int) -> pa.Table:
        """Cut columns out of the good lines; the first line has the number given.

        Arrow takes the text as it is for one long list of values, wanted ones and what lies between them by turns. Of
        these the wanted ones are taken.
        """
        import numpy as np
        import pyarrow as pa

        order = sorted(spans, key=lambda name: spans[name])
        edges = [edge for name in order for edge in (spans[name][0], spans[name][1] + 1)]
        before, after = self.before[good, None], self.after[good, None]
        places = self.marks[np.minimum(before + edges, after)].astype(np.int32)
        places[:, ::2] = np.minimum(places[:, ::2] + 1, places[:, 1::2])
        buffers = [None, pa.py_buffer(places), pa.py_buffer(self.text)]
        values = pa.Array.from_buffers(pa.binary(), max(places.size - 1, 0), buffers)
        rows = len(places)
        turns = np.arange(0, len(edges), 2)[:, None] + np.arange(0, places.size, len(edges))
        taken = values.take(pa.array(turns.ravel()))
        columns = {name: taken.slice(order.index(name) * rows, rows) for name in spans}
        return pa.table({**columns, LINE: good.nonzero()[0] + number})


def _no_rows(wanted: Iterable[str]) -> pa.Table:
    """Return a table without rows."""
    import pyarrow as pa

    return pa.schema([*((name, pa.binary()) for name in wanted), (LINE, pa.int64())]).empty_table()
