"""Files of the publishers of figures in their own layouts, made of few rows or of the real tables."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from comity.sources import read_source

Rows = Iterable[Mapping[str, Any]]
YEARS = ("1990", "2015", "2020")
TITLE = "United Nations\nPopulation Division\n\nTable 1\n"


def _write(lines: Iterable[Sequence[Any]]) -> bytes:
    """Give comma-separated text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue().encode()


def _fill(source: str, rows: Rows) -> bytes:
    """Give a table in a source's layout; what a row does not have is empty."""
    layout = read_source(source).layout
    return _write([layout, *([row.get(name, "") for name in layout] for row in rows)])


def write_baci(rows: Rows) -> bytes:
    """Give a year of BACI, each flow in two products."""
    halves = (
        {"t": row["t"], "i": row["i"], "j": row["j"], "k": product, "v": row["v"] / 2, "q": "      NA"}
        for row in rows
        for product in ("010121", "870323")
    )
    return _fill("baci", halves)


def write_gravity(rows: Rows) -> bytes:
    """Give Gravity, a year before the last one in it."""
    usual = {"country_exists_o": 1, "country_exists_d": 1, "main_city_source_o": "A, B"}
    listed = [usual | dict(row) for row in rows]
    return _fill("gravity", [*(row | {"year": 2020, "dist": 1} for row in listed[:3]), *listed])


def write_wdi(indicator: str, values: Mapping[str, Mapping[int, float]]) -> bytes:
    """Give an indicator in the wide layout."""
    years = sorted({year for found in values.values() for year in found})
    head = [["Data Source", "World Development Indicators", ""], [], ["Last Updated Date", "2026-07-01", ""], []]
    names = [*read_source("wdi").layout, *years, ""]
    rows = [
        [f"Country, {c}", c, "An indicator", indicator, *(v.get(y, "") for y in years), ""] for c, v in values.items()
    ]
    return _write([*head, names, *rows])


def write_unga(rows: Rows) -> bytes:
    """Give the table of ideal points."""
    return _fill("unga", rows)


def write_visa(rows: Rows) -> bytes:
    """Give the tidy table of visa requirements."""
    return _fill("visa", rows)


def lay_undesa(rows: Sequence[tuple[int, int, Mapping[str, Any]]]) -> list[list[Any]]:
    """Give the lines of UN DESA's table: destination, origin, stocks by year."""
    names = [*read_source("undesa").layout, *YEARS, *YEARS, *YEARS]
    lines = [
        [n, f"Place {to}", "", to, "B", f"Place {of}", of, *(stocks.get(year, "..") for year in YEARS), *[1] * 6]
        for n, (to, of, stocks) in enumerate(rows, 1)
    ]
    return [names, *lines]


def write_undesa(rows: Sequence[tuple[int, int, Mapping[str, Any]]]) -> bytes:
    """Give the table as text."""
    return TITLE.encode() + _write(lay_undesa(rows))


def write_book(rows: Sequence[tuple[int, int, Mapping[str, Any]]], entity: str = "") -> bytes:
    """Give the table as a workbook."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    texts: list[str] = []

    def write_cell(value: Any) -> str:
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        texts.append(str(value).replace("&", "&amp;"))
        return f'<c t="s"><v>{len(texts) - 1}</v></c>'

    lines = [[line] for line in TITLE.split("\n")] + lay_undesa(rows)
    body = "".join(
        f'<row r="{n}">{"".join(write_cell(cell) for cell in line)}</row>' for n, line in enumerate(lines, 1)
    )
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{link}"><sheets><sheet name="Contents" r:id="r1"/>'
        '<sheet name="Table 1" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/worksheets/sheet2.xml": f'{entity}<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
    }
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">' + "".join(f"<si><t>{t}</t></si>" for t in texts) + "</sst>"
    return pack({name: text.encode() for name, text in parts.items()})


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Give a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


BACI = [{"t": 2024, "i": 251, "j": 276, "v": 10.5}, {"t": 2024, "i": 276, "j": 251, "v": 20.0}]
BACI += [{"t": 2024, "i": 490, "j": 276, "v": 5.0}, {"t": 2024, "i": 344, "j": 276, "v": 7.0}]
GRAVITY = [
    {"year": 2021, "iso3_o": a, "iso3_d": b, "dist": 450.25, "distcap": 430, "contig": 1, "comlang_off": 0}
    | {"distw_arithmetic": ""}
    for a, b in (("FRA", "DEU"), ("DEU", "FRA"), ("FRA", "FRA"))
]
WDI = {"FRA": {2023: 1e12, 2024: 3.2e12}, "DEU": {2024: 4.6e12}, "WLD": {2024: 1e14}}
UNGA = [
    {
        "ccode": number,
        "iso3c": "",
        "year": 2025,
        "idealpointfp": point,
        "q5fp": point - 1,
        "q95fp": point + 1,
        "nvotesfp": 70,
    }
    for number, point in ((220, 1.25), (255, 1.5))
]
UNGA.append({"ccode": 260, "year": 1950})
VISA = [
    {"Passport": "FRA", "Destination": "DEU", "Requirement": "visa required"},
    {"Passport": "DEU", "Destination": "FRA", "Requirement": "90"},
    {"Passport": "FRA", "Destination": "FRA", "Requirement": "-1"},
]
UNDESA = [
    (276, 250, {"2015": 10, "2020": 120_000}),
    (250, 276, {"2020": 220_000}),
    (900, 250, {"2020": 9}),
    (344, 250, {"2020": 5}),
]
FILES = {
    "baci": write_baci(BACI),
    "gravity": write_gravity(GRAVITY),
    "wdi": write_wdi("NY.GDP.MKTP.CD", WDI),
    "unga": write_unga(UNGA),
    "visa": write_visa(VISA),
    "undesa": write_undesa(UNDESA),
}
