"""Publishers' files over the shipped tables: every publisher through the public door, each line accounted for."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.specimens import figures

import comity
from comity.foundations import FoundationError, Own, list_sources, load_figures, read_entries, read_foundation
from comity.lexicon import find_actor
from comity.sources import FileRefused, read_figures
from comity.sources import list_sources as list_publishers

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
every = pytest.mark.parametrize("source", sorted(figures.FILES))


def load(folder: Path, source: str, data: bytes, name: str = "file.csv", **more: Any) -> dict[str, Any]:
    (folder / name).write_bytes(data)
    return load_figures(folder / "store", [folder / name], source, **more)


def find(folder: Path, measure: str, **more: Any) -> dict[str, Any]:
    themes = comity.describe_foundations("FRA", "DEU", store=folder / "store", **more)
    return next(figure for theme in themes for figure in theme["figures"] if figure["measure"] == measure)


def drop_lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give rows without the number of their line."""
    return [{name: value for name, value in row.items() if name != "line"} for row in rows]


def test_every_publisher_of_figures_has_a_file_here() -> None:
    assert sorted(figures.FILES) == list_publishers("tables")


@every
def test_each_line_is_used_passed_over_or_set_aside_and_each_row_kept_or_dropped(source: str, tmp_path: Path) -> None:
    (entry,) = load(tmp_path, source, figures.FILES[source])["loaded"]
    whole = entry["lines_used"] + sum(entry["passed_over"].values()) + sum(entry["set_aside"].values())
    assert entry["lines_read"] == whole > 0
    assert entry["rows_read"] == entry["rows_kept"] + sum(entry["dropped"].values())
    assert (entry["rows_kept"] > 0, entry["not_placed"]) == (True, {})
    lines = entry["lines"]
    assert lines["read"] == lines["kept"] + sum(lines["set_aside"].values()) + sum(lines["dropped"].values())
    assert lines["read"] == entry["lines_read"] and lines["kept"] > 0
    assert all(count > 0 for counts in (lines["set_aside"], lines["dropped"]) for count in counts.values())


@every
def test_the_bytes_are_kept_as_received_and_count_once(source: str, tmp_path: Path) -> None:
    data = figures.FILES[source]
    (entry,) = load(tmp_path, source, data)["loaded"]
    assert (tmp_path / "store" / "foundations" / "received" / entry["sha256"]).read_bytes() == data
    assert load(tmp_path, source, data)["duplicates"] == 1
    assert len(read_entries(tmp_path / "store")) == 1


@every
def test_a_web_page_is_refused_and_the_refusal_is_on_record(source: str, tmp_path: Path) -> None:
    account = load(tmp_path, source, b"<!doctype html><html>,,,,,</html>")
    assert [entry["status"] for entry in account["refused"]] == ["corrupt"]
    assert [entry["status"] for entry in read_entries(tmp_path / "store")] == ["corrupt"]


@every
@pytest.mark.parametrize("change", ["added", "removed", "renamed", "reordered"])
def test_drift_of_the_layout_is_said_as_a_difference(source: str, change: str) -> None:
    first, *rest = figures.FILES[source].split(b"\n")
    before: list[bytes] = []
    while first.count(b",") < 2 or first.startswith(b"Data Source"):
        before.append(first)
        first, *rest = rest
    if source == "wdi":
        before = figures.FILES[source].split(b"\n")[:4]
        first, *rest = figures.FILES[source].split(b"\n")[4:]
    import csv

    names = next(csv.reader([first.decode()]))
    place = 2 if source != "visa" else 1
    if change == "added":
        names.insert(place, "brand_new")
    elif change == "removed":
        names.pop(place)
    elif change == "renamed":
        names[place] += " 2"
    else:
        names[0], names[1] = names[1], names[0]
    header = ",".join(f'"{name}"' for name in names).encode()
    if (source, change) == ("wdi", "reordered"):
        before = []
    with pytest.raises(FileRefused, match=f"{change}: "):
        read_figures(b"\n".join([*before, header, *rest]), "file.csv", source)


@every
def test_a_bad_line_costs_no_neighbour_its_row(source: str) -> None:
    lines = figures.FILES[source].split(b"\n")
    usual = read_figures(figures.FILES[source], "file.csv", source)
    for bad in (b'"', b"x\0y,1,2", b"1,2", b"," * 300, b'"1,2'):
        found = read_figures(b"\n".join([*lines[:-2], bad, *lines[-2:]]), "file.csv", source)
        assert (drop_lines(found.rows), len(found.aside)) == (drop_lines(usual.rows), len(usual.aside) + 1), bad


def test_trade_of_a_newer_year_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    load(tmp_path, "baci", figures.FILES["baci"], "BACI_HS22_Y2024_V202601.csv")
    figure = find(tmp_path, "Exports of goods from France to Germany")
    assert (figure["value"], figure["year"], figure["source"]) == (10_500, 2024, "baci")
    share = find(tmp_path, "Their share of all imports of Germany")
    assert share["value"] == pytest.approx(100 * 10.5 / 22.5, rel=1e-3)
    source = list_sources(Own(tmp_path / "store"))[0]
    assert "BACI_HS22_Y2024_V202601.csv" in source["title"] and source["year"] == 2024


def test_trade_of_an_older_year_does_not_replace_what_is_newer(tmp_path: Path) -> None:
    old = [{**row, "t": 2019} for row in figures.BACI]
    load(tmp_path, "baci", figures.write_baci(old))
    assert read_foundation("trade", Own(tmp_path / "store")).equals(read_foundation("trade"))


def test_figures_by_year_stand_over_the_same_year_and_beside_others(tmp_path: Path) -> None:
    load(tmp_path, "wdi", figures.FILES["wdi"])
    figure = find(tmp_path, "GDP of France")
    assert (figure["value"], figure["year"]) == (3_200_000_000_000, 2024)
    table = read_foundation("economy", Own(tmp_path / "store"))
    rows = {row["year"]: row for row in table.filter(pc.equal(table["state"], "FRA")).to_pylist()}
    shipped = read_foundation("economy")
    before = {row["year"]: row for row in shipped.filter(pc.equal(shipped["state"], "FRA")).to_pylist()}
    assert rows[2023]["gdp"] == 1_000_000_000_000 != before[2023]["gdp"]
    assert rows[2023]["population"] == before[2023]["population"]
    assert rows[2000] == before[2000]


def test_the_other_publishers_figures_are_shown_with_their_own_year(tmp_path: Path) -> None:
    for source in ("gravity", "unga", "undesa"):
        load(tmp_path, source, figures.FILES[source], f"{source}.csv")
    load(tmp_path, "visa", figures.FILES["visa"], "visa.csv", day="2026-03-01")
    expected = {
        "Distance between the capitals": (430.0, "2021"),
        "Ideal point of Germany": (1.5, 2025),
        "Persons from France living in Germany": (120_000, 2020),
        "Entry to Germany with a passport of France": ("visa required", "2026-03-01"),
        "Entry to France with a passport of Germany": ("visa free, 90 days", "2026-03-01"),
    }
    found = {measure: find(tmp_path, measure) for measure in expected}
    assert {measure: (figure["value"], figure["year"]) for measure, figure in found.items()} == expected


def test_as_of_does_not_see_what_was_loaded_later(tmp_path: Path) -> None:
    load(tmp_path, "baci", figures.FILES["baci"], now=LATE)
    seen = [
        find(tmp_path, "Exports of goods from France to Germany", as_of=day)["year"]
        for day in ("2026-01-15", "2026-02-02")
    ]
    assert seen == [2023, 2024]
    assert read_foundation("trade", Own(tmp_path / "store", EARLY)).equals(read_foundation("trade"))


def test_a_table_that_is_not_what_was_written_is_not_used(tmp_path: Path) -> None:
    (entry,) = load(tmp_path, "visa", figures.FILES["visa"])["loaded"]
    path = tmp_path / "store" / "foundations" / entry["tables"][0][1]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(FoundationError, match="not what was written"):
        read_foundation("visa", Own(tmp_path / "store"))


def test_a_workbook_gives_what_its_text_gives() -> None:
    text = read_figures(figures.FILES["undesa"], "a.csv", "undesa")
    book = read_figures(figures.write_book(figures.UNDESA), "a.xlsx", "undesa")
    assert drop_lines(book.rows) == drop_lines(text.rows)
    assert (book.lines_read, book.passed_over) == (4, {"aggregate": 1})


def test_a_workbook_with_entities_or_without_the_sheet_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    for data in (figures.write_book(figures.UNDESA, bomb), figures.pack({"xl/workbook.xml": b"<workbook/>"})):
        with pytest.raises(FileRefused, match="workbook cannot be read"):
            read_figures(data, "a.xlsx", "undesa")


def test_the_world_banks_archive_of_three_tables_is_read() -> None:
    parts = {"Metadata_Country_API.csv": b"x", "API_NY.GDP.MKTP.CD_DS2_en_csv_v2.csv": figures.FILES["wdi"]}
    found = read_figures(figures.pack(parts), "a.zip", "wdi")
    assert found.rows == read_figures(figures.FILES["wdi"], "a.csv", "wdi").rows
    with pytest.raises(FileRefused, match="0 tables"):
        read_figures(figures.pack({"other.csv": b"x", "b.csv": b"y"}), "a.zip", "wdi")


def test_an_indicator_without_a_column_is_refused() -> None:
    with pytest.raises(FileRefused, match="'SE.XPD'"):
        read_figures(figures.write_wdi("SE.XPD", figures.WDI), "a.csv", "wdi")


def test_values_that_are_no_numbers_are_set_aside_by_reason() -> None:
    data = figures.FILES["baci"] + b"2024,251,276,1,NaN,1\n2024,251,276,1,1e999,1\n2024,x,276,1,1.0,1\n"
    found = read_figures(data, "a.csv", "baci")
    assert [reason for _, reason in found.aside] == ["bad_v", "bad_v", "bad_i"]
    assert found.rows == read_figures(figures.FILES["baci"], "a.csv", "baci").rows
    visa = figures.write_visa([*figures.VISA, {"Passport": "FRA", "Destination": "ITA", "Requirement": "perhaps"}])
    assert [reason for _, reason in read_figures(visa, "a.csv", "visa").aside] == ["unknown_requirement"]


def test_a_file_of_several_years_of_trade_is_refused() -> None:
    with pytest.raises(FileRefused, match="holds 2 years"):
        read_figures(figures.write_baci([*figures.BACI, {"t": 2023, "i": 1, "j": 2, "v": 1.0}]), "a.csv", "baci")


def test_the_status_of_a_store_counts_figures_too(tmp_path: Path) -> None:
    load(tmp_path, "visa", figures.FILES["visa"], day="2026-03-01")
    (entry,) = comity.count_publishers(tmp_path / "store")
    assert (entry["source"], entry["files"], entry["newest"]) == ("visa", {"loaded": 1}, "2026-03-01")
    assert entry["rows_read"] == 3


def read_real(shared: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(shared / "data" / "structural" / f"{name}.parquet").to_pylist()
    return rows


def number(text: str) -> int | None:
    """Give the number of a state by its alpha-3 code, as the publisher of trade has it."""
    actor = find_actor(f"iso3:{text}")
    own = {"840": 842, "250": 251, "356": 699, "756": 757, "578": 579}
    return (
        None
        if actor is None or "isonum" not in actor.codes
        else own.get(actor.codes["isonum"], int(actor.codes["isonum"]))
    )


def test_real_figures_in_the_publishers_layouts_give_the_shipped_tables(shared: Path, tmp_path: Path) -> None:
    visa = figures.write_visa(read_real(shared, "visa_2025_01"))
    load(tmp_path, "visa", visa, "visa.csv", day="2025-01-12")
    load(
        tmp_path,
        "unga",
        figures.write_unga(
            [
                {name: "" if value is None else value for name, value in row.items()}
                for row in read_real(shared, "unga_idealpoints_1946_2024")
            ]
        ),
        "unga.csv",
    )
    gdp: dict[str, dict[int, float]] = defaultdict(dict)
    for row in read_real(shared, "wdi_gdp"):
        if row["year"] >= 2010:
            gdp[row["Country Code"]][row["year"]] = row["gdp"]
    load(tmp_path, "wdi", figures.write_wdi("NY.GDP.MKTP.CD", gdp), "wdi.csv")
    load(
        tmp_path,
        "gravity",
        figures.write_gravity(
            {
                "year": 2021,
                "iso3_o": row["iso_o"],
                "iso3_d": row["iso_d"],
                "dist": row["dist"],
                "distcap": row["distcap"],
                "contig": row["contig"],
                "comlang_off": row["comlang_off"],
                "distw_arithmetic": row["distw"],
            }
            for row in read_real(shared, "geodist_dyads")
        ),
        "gravity.csv",
    )
    own = Own(tmp_path / "store")
    for table in ("visa", "voting", "economy", "geography"):
        assert read_foundation(table, own).equals(read_foundation(table)), table
    flows = [
        (number(r["exporter"]), number(r["importer"]), r["value_kusd"]) for r in read_real(shared, "trade_baci_2023")
    ]
    rows = [{"t": 2023, "i": i, "j": j, "v": v} for i, j, v in flows if i and j]
    load(tmp_path, "baci", figures.write_baci(rows), "baci.csv")
    trade = read_foundation("trade", own)
    assert trade.select(["exporter", "importer", "year", "value"]).equals(
        read_foundation("trade").select(["exporter", "importer", "year", "value"])
    )


def test_what_is_said_of_a_load_is_json(tmp_path: Path) -> None:
    account = load(tmp_path, "baci", figures.FILES["baci"])
    assert json.loads(json.dumps(account))["loaded"][0]["dropped"] == {"aggregate": 1, "territory": 1}
