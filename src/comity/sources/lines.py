"""Tab-separated lines to columns, so that one bad line never costs its neighbours theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.sources.archive import slice_bytes

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    IntArray = NDArray[np.int64]
    Edges = NDArray[np.int32]

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
    without : mapping of str to int
        How many lines are in neither, since a column that they need is empty: by its name, each line once [count].
    """

    table: pa.Table
    bad: tuple[tuple[int, str], ...]
    without: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows_read(self) -> int:
        """Return how many lines there were."""
        return int(self.table.num_rows) + len(self.bad) + sum(self.without.values())


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
    needed: Sequence[str] = (),
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
    needed : sequence of str
        Stretches of which each has something in a line of use. A line that has nothing in one is only counted, for
        the first such.

    Returns
    -------
    Lines
        As `split_lines`.
    """
    import numpy as np
    import pyarrow as pa

    order = sorted(spans, key=lambda name: spans[name])
    tables, bad, number = [], [], 1
    without: Counter[str] = Counter()
    for text in _join_lines(pieces):
        grid, wrong = _lay_grid(text, columns, short or columns)
        numbers = np.arange(number, number + grid.rows + len(wrong))
        number += len(numbers)
        bad += [(int(numbers[place]), reason) for place, reason in wrong.items()]
        lines, edges = np.delete(numbers, list(wrong)), grid.measure([spans[name] for name in order])
        kept = np.ones(len(lines), np.bool_)
        for name in needed:
            first, last = spans[name]
            begin, end = edges[:, order.index(name)].T
            there = kept & (end - begin > last - first)
            without[name] += int(np.count_nonzero(kept) - np.count_nonzero(there))
            kept = there
        if needed:
            lines, edges = lines[kept], edges[kept]
        found = dict(zip(order, grid.cut(edges), strict=True))
        tables.append(pa.table({**{name: found[name] for name in spans}, LINE: lines}))
    return Lines(pa.concat_tables(tables) if tables else _no_rows(spans), tuple(bad), +without)


def _join_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a text in blocks of whole lines, each with no CR, an LF at its end, and the LF that is before it."""
    rest = [b"\n"]
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end:
            yield _plain(b"".join([*rest, memoryview(piece)[:end]]))
            rest = [b"\n"]
        if end < len(piece):
            rest.append(piece[end:])
    if len(rest) > 1:
        yield _plain(b"".join(rest)) + b"\n"


def _plain(text: bytes) -> bytes:
    """Write line ends as LF, and any other CR as a space."""
    return text.replace(b"\r\n", b"\n").replace(b"\r", b" ") if b"\r" in text else text


def _lay_grid(text: bytes, columns: int, short: int) -> tuple[_Grid, dict[int, str]]:
    """Find the columns of a block; say why lines of it are left out, by their place in it.

    Nearly every block is even. Of another one, the lines that do not fit are taken out first, and short ones filled up.
    """
    marks = _find_marks(text)
    for width in dict.fromkeys((columns, short)):
        if _is_even(text, marks, width):
            return _Grid(text, marks, width), {}
    good, wrong = [b""], {}
    for place, line in enumerate(text.split(b"\n")[1:-1]):
        found = line.count(b"\t") + 1
        if b"\0" in line:
            wrong[place] = "nul_byte"
        elif found not in (columns, short) or len(text) > LONGEST:
            wrong[place] = "wrong_columns"
        else:
            good.append(line + b"\t" * (columns - found))
    text = b"\n".join([*good, b""])
    return _Grid(text, _find_marks(text), columns), wrong


def _find_marks(text: bytes) -> IntArray:
    """Find all tabs and line ends: they are neighbours among the 256 bytes, and below tab a difference wraps around."""
    import numpy as np

    return np.flatnonzero(np.frombuffer(text, np.uint8) - _TAB <= _END - _TAB)


def _is_even(text: bytes, marks: IntArray, columns: int) -> bool:
    """Say whether all lines have so many columns and no NUL byte, in a text whose places 32 bits can hold."""
    import numpy as np

    letters = np.frombuffer(text, np.uint8)
    rows, over = divmod(len(marks) - 1, columns)
    if over or b"\0" in text or len(text) > LONGEST:
        return False
    at_ends = letters[marks[::columns]] == _END
    return bool(at_ends.all()) and np.count_nonzero(letters == _END) == rows + 1


@dataclass(frozen=True)
class _Grid:
    """Lines of a text, all with the same number of columns, and the places of all tabs and line ends.

    The first place is that of the line end before the first line.
    """

    text: bytes
    marks: IntArray
    columns: int

    @property
    def rows(self) -> int:
        """Return how many lines there are."""
        return (len(self.marks) - 1) // self.columns

    def measure(self, spans: Sequence[tuple[int, int]]) -> Edges:
        """Return where each stretch of columns begins and ends in each line; one that is absent is empty."""
        import numpy as np

        firsts, lasts = (np.minimum(side, self.columns - 1) for side in np.array(spans).T)
        edges = np.empty((self.rows, len(spans), 2), np.int32)
        edges[:, :, 1] = self.marks[1:].reshape(self.rows, self.columns).take(lasts, axis=1)
        edges[:, :, 0] = self.marks[:-1].reshape(self.rows, self.columns).take(firsts, axis=1) + 1
        absent = [place for place, (first, _) in enumerate(spans) if first >= self.columns]
        edges[:, absent, 0] = edges[:, absent, 1]
        return edges

    def cut(self, edges: Edges) -> list[pa.Array]:
        """Cut stretches out of lines, by where they begin and end.

        Arrow takes the text as it is for one long list of values, wanted ones and what lies between them by turns. Of
        these the wanted ones are taken.
        """
        import numpy as np
        import pyarrow as pa

        rows, stretches, _ = edges.shape
        buffers = [None, pa.py_buffer(edges), pa.py_buffer(self.text)]
        values = pa.Array.from_buffers(pa.binary(), max(edges.size - 1, 0), buffers)
        turns = 2 * (np.arange(stretches)[:, None] + stretches * np.arange(rows))
        taken = values.take(pa.array(turns.ravel()))
        return [taken.slice(place * rows, rows) for place in range(stretches)]


def _no_rows(wanted: Iterable[str]) -> pa.Table:
    """Return a table without rows."""
    import pyarrow as pa

    return pa.schema([*((name, pa.binary()) for name in wanted), (LINE, pa.int64())]).empty_table()
