"""BACI: product by product, summed to the trade of two economies in one year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from comity.sources.catalogue import read_codes, read_source
from comity.sources.errors import FileRefused
from comity.sources.figures import LINES, Figures, convert_lines
from comity.sources.headed import cut_header, cut_line, decode_text
from comity.sources.layout import check_layout
from comity.sources.lines import LINE, Lines, split_lines

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Keys = NDArray[np.int64]

PIECE = 32_000_000  # bytes that are read at a time
DIGITS = 3
PRODUCTS = ECONOMIES = 10**6
"""More than there are: a line's key is a number made of exporter, importer and product."""
_KINDS = {"t": int, "i": int, "j": int, "k": int, "v": float}

Flow = tuple[int, int, int]


@dataclass
class _Sums:
    """What the lines of a file add up to, and the keys of these lines.

    Parameters
    ----------
    values : dict of (int, int, int) to float
        Year, exporter and importer to value [thousand USD].
    counts : dict of (int, int, int) to int
        Of how many lines that is the sum [count].
    aside : list of (int, str)
        Line number and reason of those that cannot be read.
    read : int
        Lines met [count].
    keys : list of array
        The key of each line that was read, piece by piece.
    """

    values: dict[Flow, float] = field(default_factory=dict)
    counts: dict[Flow, int] = field(default_factory=dict)
    aside: list[tuple[int, str]] = field(default_factory=list)
    read: int = 0
    keys: list[Keys] = field(default_factory=list)

    def add(self, table: pa.Table) -> None:
        """Add the lines of a piece, by flow."""
        found = table.group_by(["t", "i", "j"], use_threads=False).aggregate([("v", "sum"), ("v", "count")])
        flows = zip(*(found[column].to_pylist() for column in "tij"), strict=True)
        for flow, value, count in zip(flows, found["v_sum"].to_pylist(), found["v_count"].to_pylist(), strict=True):
            self.values[flow] = self.values.get(flow, 0.0) + value
            self.counts[flow] = self.counts.get(flow, 0) + count


def read_figures(data: bytes, name: str) -> Figures:
    """Read the file of one year.

    Parameters
    ----------
    data : bytes
        Unpacked comma-separated text with a header: year, exporter, importer, product, value, quantity.
    name : str
        File name, for messages.

    Returns
    -------
    Figures
        Rows of `exporter`, `importer` (three digits), `year`, `value_kusd` [thousand USD], and of how many lines. The
        first line of a product of two economies counts; those that repeat it are set aside.

    Raises
    ------
    FileRefused
        The header is not the layout, or the file holds several years.
    """
    source = read_source("baci")
    text = decode_text(data, name)
    found, rest = cut_header(text, ",")
    check_layout(source.layout, found, name, cut_line(text))
    sums = _sum_lines(rest, source.layout)
    repeated = _find_repeated(sums.keys)
    if repeated.size:
        sums = _sum_lines(rest, source.layout, repeated)
    years = {flow[0] for flow in sums.values}
    if len(years) > 1:
        raise FileRefused(
            "corrupt", f"the file holds {len(years)} years, from {min(years)}", where=name, todo="load one year's file"
        )
    rows = [
        {"exporter": one, "importer": other, "year": year, "value_kusd": value, LINES: sums.counts[year, i, j]}
        for (year, i, j), value in sorted(sums.values.items())
        for one, other in [(_name_economy(i), _name_economy(j))]
    ]
    return Figures(rows, sums.read, tuple(sums.aside))


def _cut_pieces(text: bytes) -> Iterator[bytes]:
    """Yield a text in pieces of whole lines."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", start + PIECE) + 1 or len(text)
        yield text[start:end]
        start = end


def _sum_lines(text: bytes, layout: Sequence[str], repeated: Keys | None = None) -> _Sums:
    """Add up lines; of those with a key that comes more than once, the first counts."""
    import pyarrow as pa

    sums, met = _Sums(), set[int]()
    for piece in _cut_pieces(text):
        lines = split_lines(piece.replace(b"\t", b" ").replace(b",", b"\t"), layout, tuple(_KINDS))
        table, bad = _read_numbers(lines)
        keys = _make_keys(table)
        if repeated is not None:
            again = _list_again(keys, repeated, met)
            bad = tuple(sorted((*bad, *((int(table[LINE][place].as_py()), "repeated") for place in again))))
            table = table.filter(pa.array([place not in again for place in range(table.num_rows)], pa.bool_()))
        sums.keys.append(keys)
        sums.add(table)
        sums.aside += [(line + sums.read + 1, reason) for line, reason in bad]
        sums.read += lines.rows_read
    return sums


def _read_numbers(lines: Lines) -> tuple[pa.Table, tuple[tuple[int, str], ...]]:
    """Return the numbers of a piece with those of their lines, and the lines that cannot be read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds = {column: pa.float64() if kind is float else pa.int64() for column, kind in _KINDS.items()}
    try:
        texts = {column: pc.utf8_trim_whitespace(pc.cast(lines.table[column], pa.string())) for column in kinds}
        table = pa.table({column: pc.cast(texts[column], kind) for column, kind in kinds.items()})
        if pc.all(pc.is_finite(table["v"])).as_py() is False:
            raise pa.ArrowInvalid("not finite")
    except pa.ArrowInvalid:
        rows, bad = convert_lines(lines, _KINDS)
        return pa.Table.from_pylist(rows, pa.schema({**kinds, LINE: pa.int64()})), bad
    return table.append_column(LINE, pc.cast(lines.table[LINE], pa.int64())), lines.bad


def _make_keys(table: pa.Table) -> Keys:
    """Return a number for each line that says which product of which two economies it is of."""
    exporter, importer, product = (table[column].to_numpy() for column in "ijk")
    keys: Keys = (exporter * ECONOMIES + importer) * PRODUCTS + product
    return keys


def _find_repeated(keys: list[Keys]) -> Keys:
    """Return the keys that come more than once; mostly none."""
    import numpy as np

    if not keys:
        return np.empty(0, np.int64)
    whole = np.sort(np.concatenate(keys))
    return np.unique(whole[1:][whole[1:] == whole[:-1]])


def _list_again(keys: Keys, repeated: Keys, met: set[int]) -> set[int]:
    """Return the places of lines whose key has been met, here or in an earlier piece."""
    import numpy as np

    again = set()
    for place in np.flatnonzero(np.isin(keys, repeated)).tolist():
        key = int(keys[place])
        if key in met:
            again.add(place)
        met.add(key)
    return again


def _name_economy(code: int) -> str:
    """Return the ISO 3166 number behind a code of the publisher, or the code itself."""
    return _list_codes().get(code, str(code)).zfill(DIGITS)


@cache
def _list_codes() -> dict[int, str]:
    """Map the publisher's own codes to ISO numbers; a group of economies stays under a name that is none."""
    return {int(row["code"]): row["isonum"] or f"group {row['code']}" for row in read_codes("baci", "codes")}
