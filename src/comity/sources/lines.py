"""Tab-separated lines to columns, so that one bad line never costs its neighbours theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    IntArray = NDArray[np.int64]
    BoolArray = NDArray[np.bool_]

LINE = "line"


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
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    if not data:
        return Lines(_no_rows(wanted), ())
    if (table := _parse_faultless(data, layout, wanted)) is not None:
        return Lines(table, ())
    starts, ends, tabs, nul = _measure(data)
    full, narrow = tabs == len(layout) - 1, tabs == (short or 0) - 1
    bad = [(int(n) + 1, "nul_byte" if nul[n] else "wrong_columns") for n in (nul | ~(full | narrow)).nonzero()[0]]
    good = (full | narrow) & ~nul
    if not good.any():
        return Lines(_no_rows(wanted), tuple(bad))
    if not good.all() or narrow.any():
        padding = b"\t" * (len(layout) - (short or 0))
        data = b"\n".join(data[starts[n] : ends[n]] + (padding if narrow[n] else b"") for n in good.nonzero()[0])
    return Lines(_parse(data, layout, wanted, good.nonzero()[0] + 1), tuple(bad))


def _parse_faultless(data: bytes, layout: Sequence[str], wanted: Sequence[str]) -> pa.Table | None:
    """Parse a text in which every line has the full number of columns; None where one has not, or holds a NUL byte."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if b"\0" in data:
        return None
    count = data.count(b"\n") + (not data.endswith(b"\n"))
    try:
        table = _parse(data, layout, wanted, np.arange(1, count + 1))
    except pa.ArrowInvalid:
        return None
    # The parser takes an empty line for a full one without values.
    return table if pc.min(pc.binary_length(table[wanted[0]])).as_py() else None


def _measure(data: bytes) -> tuple[IntArray, IntArray, IntArray, BoolArray]:
    """Return for each line where it starts and ends, its number of tabs, and whether it holds a NUL byte."""
    import numpy as np

    text = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(text == ord("\n"))
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1] + 1])
    tabs = np.diff(np.searchsorted(np.flatnonzero(text == ord("\t")), ends), prepend=0)
    nul = np.zeros(len(ends), bool)
    if b"\0" in data:
        nul[np.searchsorted(ends, np.flatnonzero(text == 0))] = True
    return starts, ends, tabs, nul


def _parse(data: bytes, layout: Sequence[str], wanted: Sequence[str], numbers: IntArray) -> pa.Table:
    """Parse lines that all have the full number of columns, and append their line numbers."""
    import pyarrow as pa
    from pyarrow import csv

    table = csv.read_csv(
        pa.py_buffer(data),
        read_options=csv.ReadOptions(column_names=list(layout), use_threads=False, block_size=max(len(data) + 1, 1024)),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False, double_quote=False, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            include_columns=list(wanted), column_types=dict.fromkeys(wanted, pa.binary()), check_utf8=False
        ),
    )
    return table.append_column(LINE, pa.array(numbers, pa.int64()))


def _no_rows(wanted: Sequence[str]) -> pa.Table:
    """Return a table without rows."""
    import pyarrow as pa

    return pa.schema([*((name, pa.binary()) for name in wanted), (LINE, pa.int64())]).empty_table()
