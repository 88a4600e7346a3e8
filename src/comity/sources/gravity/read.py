"""CEPII Gravity: distance, border and language of each pair in the last year of the file."""

from __future__ import annotations

from comity.sources.catalogue import read_source
from comity.sources.figures import Figures, Row, read_columns, read_value
from comity.sources.lines import LINE

_KEPT = (
    "year", "iso3_o", "iso3_d", "country_exists_o", "country_exists_d", "distw_arithmetic", "dist", "distcap", "contig",
    "comlang_off",
)  # fmt: skip


def read_figures(data: bytes, name: str) -> Figures:
    """Read the table of pairs.

    Parameters
    ----------
    data : bytes
        Unpacked comma-separated text with a header.
    name : str
        File name, for messages.

    Returns
    -------
    Figures
        Rows as GeoDist has them: `iso_o`, `iso_d`, `contig`, `comlang_off`, `dist`, `distcap`, `distw` [km]; `year`.

    Raises
    ------
    FileRefused
        The header is not the layout; the difference is said.
    """
    import pyarrow.compute as pc

    lines = read_columns(data, read_source("gravity"), _KEPT, name)
    years = [int(year) for year in pc.unique(lines.table["year"]).to_pylist() if year.strip().isdigit()]
    last = max(years, default=0)
    table = lines.table.filter(pc.equal(lines.table["year"], str(last).encode()))
    passed = {"earlier_year": lines.table.num_rows - table.num_rows}
    rows: list[Row] = []
    aside = list(lines.bad)
    for line in table.to_pylist():
        if b"0" in (line["country_exists_o"], line["country_exists_d"]) or line["iso3_o"] == line["iso3_d"]:
            passed["no_pair_that_year"] = passed.get("no_pair_that_year", 0) + 1
            continue
        row = _rename(line, last)
        if row is None:
            aside.append((line[LINE], "bad_distance"))
        else:
            rows.append(row)
    return Figures(rows, lines.rows_read, tuple(sorted(aside)), {reason: n for reason, n in passed.items() if n})


def _rename(line: dict[str, bytes], year: int) -> Row | None:
    """Give a line the words of GeoDist, or nothing where it has no distance."""
    numbers = {column: read_value(line[column], float) for column in ("dist", "distcap", "contig", "comlang_off")}
    if any(value is None for value in numbers.values()):
        return None
    weighted = read_value(line["distw_arithmetic"], float)
    return {
        "iso_o": line["iso3_o"].decode(),
        "iso_d": line["iso3_d"].decode(),
        "year": year,
        **numbers,
        "distw": "." if weighted is None else str(weighted),
    }
