"""BACI: product by product, summed to the trade of two economies in one year."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from comity.sources.catalogue import read_codes, read_source
from comity.sources.errors import FileRefused
from comity.sources.figures import LINES, Figures, convert_lines
from comity.sources.headed import cut_header, cut_line, decode_text
from comity.sources.layout import check_layout
from comity.sources.lines import Lines, split_lines

if TYPE_CHECKING:
    import pyarrow as pa

PIECE = 32_000_000  # bytes that are read at a time
DIGITS = 3
_WANTED = ("t", "i", "j", "v")

Flow = tuple[int, int, int]
Sums = tuple[list[Flow], list[float], list[int]]


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
        Rows of `exporter`, `importer` (three digits), `year`, `value_kusd` [thousand USD], and of how many lines.

    Raises
    ------
    FileRefused
        The header is not the layout, or the file holds several years.
    """
    source = read_source("baci")
    text = decode_text(data, name)
    found, rest = cut_header(text, ",")
    check_layout(source.layout, found, name, cut_line(text))
    sums: dict[Flow, float] = {}
    counts: dict[Flow, int] = {}
    aside: list[tuple[int, str]] = []
    number = 2
    for piece in _cut_pieces(rest):
        lines = split_lines(piece.replace(b"\t", b" ").replace(b",", b"\t"), source.layout, _WANTED)
        good, bad = _read_numbers(lines)
        aside += [(line + number - 1, reason) for line, reason in bad]
        for flow, value, count in zip(*good, strict=True):
            sums[flow] = sums.get(flow, 0.0) + value
            counts[flow] = counts.get(flow, 0) + count
        number += lines.rows_read
    years = {flow[0] for flow in sums}
    if len(years) > 1:
        raise FileRefused(
            "corrupt", f"the file holds {len(years)} years, from {min(years)}", where=name, todo="load one year's file"
        )
    rows = [
        {"exporter": one, "importer": other, "year": year, "value_kusd": value, LINES: counts[year, i, j]}
        for (year, i, j), value in sorted(sums.items())
        for one, other in [(_name_economy(i), _name_economy(j))]
    ]
    return Figures(rows, number - 2, tuple(aside))


def _cut_pieces(text: bytes) -> Iterator[bytes]:
    """Yield a text in pieces of whole lines."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", start + PIECE) + 1 or len(text)
        yield text[start:end]
        start = end


def _read_numbers(lines: Lines) -> tuple[Sums, tuple[tuple[int, str], ...]]:
    """Return the flows of a piece with their sums and lines, and the lines that cannot be read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds = {"t": pa.int64(), "i": pa.int64(), "j": pa.int64(), "v": pa.float64()}
    try:
        texts = {column: pc.utf8_trim_whitespace(pc.cast(lines.table[column], pa.string())) for column in kinds}
        table = pa.table({column: pc.cast(texts[column], kind) for column, kind in kinds.items()})
        bad = lines.bad
        if pc.all(pc.is_finite(table["v"])).as_py() is False:
            raise pa.ArrowInvalid("not finite")
    except pa.ArrowInvalid:
        rows, bad = convert_lines(lines, {"t": int, "i": int, "j": int, "v": float})
        table = pa.Table.from_pylist([{column: row[column] for column in kinds} for row in rows], pa.schema(kinds))
    return _sum_flows(table), bad


def _sum_flows(table: pa.Table) -> Sums:
    """Return each flow once, with its sum over products and how many lines that were."""
    found = table.group_by(["t", "i", "j"], use_threads=False).aggregate([("v", "sum"), ("v", "count")])
    flows = zip(*(found[column].to_pylist() for column in "tij"), strict=True)
    return list(flows), found["v_sum"].to_pylist(), found["v_count"].to_pylist()


def _name_economy(code: int) -> str:
    """Return the ISO 3166 number behind a code of the publisher, or the code itself."""
    return _list_codes().get(code, str(code)).zfill(DIGITS)


@cache
def _list_codes() -> dict[int, str]:
    """Map the publisher's own codes to ISO numbers; a group of economies stays under a name that is none."""
    return {int(row["code"]): row["isonum"] or f"group {row['code']}" for row in read_codes("baci", "codes")}
