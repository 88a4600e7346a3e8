"""Each line of a publisher's file of figures counts once, whatever is wrong with it; CEPII Gravity and UN votes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.specimens import figures

import comity
from comity.cli.main import comity as main
from comity.foundations import load_figures, read_foundation
from comity.foundations.own import Own, read_entries

Lines = list[list[str]]
CODES = ("FRA", "NOR", "POL", "DEU")
GRAVITY = figures.write_gravity(
    {"year": 2021, "iso3_o": a, "iso3_d": b, "dist": 500 + len(a + b), "distcap": 400.5, "contig": 0}
    | {"comlang_off": 0, "distw_arithmetic": 450}
    for a in CODES
    for b in CODES
)
UNGA = figures.write_unga(
    {"ccode": code, "iso3c": "", "year": year, "idealpointfp": 0.5, "q5fp": 0.25, "q95fp": 0.75, "nvotesfp": 9}
    for code in (385, 290)
    for year in (2023, 2024)
)
FILES = {"gravity": GRAVITY, "unga": UNGA}
MIRRORED = 6
AGO = {"earlier_year": 3, "no_pair_that_year": 4}


def load(folder: Path, source: str, data: bytes, name: str = "file.csv") -> dict[str, Any]:
    (folder / name).write_bytes(data)
    account = load_figures(folder / "store", [folder / name], source)
    return (account["loaded"] + account["refused"])[0]


def change(source: str, column: str, value: str) -> bytes:
    """Give a file with another value in the line before the last."""
    lines: Lines = list(csv.reader(io.StringIO(FILES[source].decode())))
    lines[-2][lines[0].index(column)] = value
    return write(lines)


def write(lines: Lines) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue().encode()


def reshape(source: str, column: str, reshaped: Callable[[list[str], int], list[str]]) -> bytes:
    """Give a file of which every line is reshaped about a column."""
    lines: Lines = list(csv.reader(io.StringIO(FILES[source].decode())))
    place = lines[0].index(column)
    return write([reshaped(line, place) for line in lines])


def double(source: str, column: str = "", value: str = "") -> bytes:
    """Give a file whose line before the last comes again, or comes again with another value."""
    data = change(source, column, value) if column else FILES[source]
    return FILES[source] + data.split(b"\n")[-3] + b"\n"


VALUES = [
    ("gravity", "dist", "1,25", "bad_dist"),
    ("gravity", "dist", "-5", "bad_dist"),
    ("gravity", "distcap", "40000", "bad_distcap"),
    ("gravity", "distw_arithmetic", "1,234", "bad_distw_arithmetic"),
    ("gravity", "contig", "5", "bad_contig"),
    ("gravity", "country_exists_o", "yes", "bad_country_exists_o"),
    ("gravity", "iso3_o", "", "bad_iso3_o"),
    ("gravity", "iso3_d", "Poland", "bad_iso3_d"),
    ("gravity", "year", "n/a", "bad_year"),
    ("gravity", "year", "20211", "bad_year"),
    ("gravity", "year", "2031", "bad_year"),
    ("unga", "idealpointfp", "1,25", "bad_estimate"),
    ("unga", "idealpointfp", "-5", "bad_estimate"),
    ("unga", "q5fp", "", "bad_estimate"),
    ("unga", "nvotesfp", "-3", "bad_estimate"),
    ("unga", "ccode", "", "bad_ccode"),
    ("unga", "year", "20241", "bad_year"),
]


@pytest.mark.parametrize(("source", "column", "value", "reason"), VALUES)
def test_a_value_that_is_none_sets_its_line_aside(source: str, column: str, value: str, reason: str, tmp_path: Path):
    lines = load(tmp_path, source, change(source, column, value))["lines"]
    last = FILES[source].count(b"\n")
    assert (lines["set_aside"], lines["first_line"]) == ({reason: 1}, {reason: last - 1})
    assert lines["kept"] == (6 if source == "gravity" else 3)
    assert lines["read"] == last - 1 == lines["kept"] + 1 + sum(lines["dropped"].values())


LINES = {
    "gravity": {
        "as it is": (GRAVITY, {**AGO, "the same pair the other way round": MIRRORED}),
        "a year as 2021.0": (
            change("gravity", "year", "2021.0"),
            {**AGO, "the same pair the other way round": MIRRORED},
        ),
        "a code in small letters": (
            change("gravity", "iso3_o", "deu"),
            {**AGO, "the same pair the other way round": MIRRORED},
        ),
        "a state that nobody knows": (
            change("gravity", "iso3_o", "XQZ"),
            {**AGO, "the same pair the other way round": MIRRORED - 1, "unmapped": 1},
        ),
        "no distance": (
            change("gravity", "dist", "NA"),
            {**AGO, "the same pair the other way round": MIRRORED - 1, "without_a_distance": 1},
        ),
        "no weighted distance": (
            change("gravity", "distw_arithmetic", "NA"),
            {**AGO, "the same pair the other way round": MIRRORED},
        ),
        "a line twice": (double("gravity"), {**AGO, "listed twice": 1, "the same pair the other way round": MIRRORED}),
    },
    "unga": {
        "as it is": (UNGA, {}),
        "a state that nobody knows": (change("unga", "ccode", "9999"), {"unmapped": 1}),
        "a line twice": (double("unga"), {"listed twice": 1}),
    },
}


@pytest.mark.parametrize(("source", "what"), [(source, what) for source, cases in LINES.items() for what in cases])
def test_a_line_that_gives_no_figure_is_dropped_by_reason(source: str, what: str, tmp_path: Path):
    data, dropped = LINES[source][what]
    lines = load(tmp_path, source, data)["lines"]
    assert (lines["dropped"], lines["set_aside"]) == (dropped, {})
    assert lines["kept"] == lines["read"] - sum(dropped.values()) == data.count(b"\n") - 1 - sum(dropped.values())


def test_a_distance_that_only_one_direction_gives_is_taken_from_it(tmp_path: Path):
    load(tmp_path, "gravity", change("gravity", "distw_arithmetic", ""))
    table = read_foundation("geography", Own(tmp_path / "store"))
    assert set(table["weighted_distance"].to_pylist()) == {450.0}


def test_a_web_page_an_empty_and_a_broken_archive_and_drift_are_refused_by_name(tmp_path: Path):
    for source, column in (("gravity", "dist"), ("unga", "idealpointfp")):
        data = FILES[source]
        packed = figures.pack({"a.csv": data})
        refused = {
            b"<!DOCTYPE html><html>404</html>": "a web page",
            b"Not Found\n": "no header of this layout: 1 name, none of the",
            b"": "the file is empty",
            data.split(b"\n")[0] + b"\n": "0 lines below its header",
            gzip.compress(data)[:-20]: "cut off",
            packed[: len(packed) // 2]: "cut off",
            data.replace(b",", b";"): "separated by semicolons",
            reshape(source, column, lambda line, at: [line[at], *line[:at], *line[at + 1 :]]): f"reordered: {column}",
            reshape(source, column, lambda line, at: [*line[:at], *line[at + 1 :]]): f"removed: {column}",
            data.replace(f",{column},".encode(), b",quite_new,", 1): f"renamed: {column} to quite_new",
            double(source, column, "0.7" if source == "unga" else "900"): "two answers for",
        }
        for given, said in refused.items():
            entry = load(tmp_path, source, given)
            assert entry["status"] in ("corrupt", "truncated") and said in entry["detail"], entry
    assert not any(entry["status"] == "loaded" for entry in read_entries(tmp_path / "store"))


def test_the_archive_as_the_publisher_packs_it_is_read(tmp_path: Path):
    parts = {"Countries_V202211.csv": b"country_id,iso3\nNOR,NOR\n", "Gravity_V202211.csv": GRAVITY}
    assert load(tmp_path, "gravity", figures.pack(parts), "a.zip")["lines"]["kept"] == 6
    assert load(tmp_path, "gravity", gzip.compress(GRAVITY), "a.csv.gz")["lines"]["kept"] == 6


def test_lines_of_trade_count_as_lines_and_not_as_the_pairs_that_they_add_up_to(tmp_path: Path):
    nowhere = [{"t": 2024, "i": 12345, "j": 276, "v": 2.0}]
    data = figures.write_baci([*figures.BACI, *nowhere]) + b"2024,251,276,1,NaN,1\n"
    entry = load(tmp_path, "baci", data)
    dropped = {"aggregate": 2, "territory": 2, "unmapped": 2}
    assert entry["lines"] == {
        "read": 11, "kept": 4, "set_aside": {"bad_v": 1}, "first_line": {"bad_v": 12}, "dropped": dropped
    }  # fmt: skip
    assert (entry["not_placed"], entry["rows"]["trade"]) == ({"12345": 2}, 2)
    (status,) = comity.count_publishers(tmp_path / "store")
    assert (status["rows_read"], status["rows_kept"], status["set_aside"]) == (11, 4, {"bad_v": 1})
    assert status["dropped"] == dropped
    printed = CliRunner().invoke(main, ["sources", "status", "--store", str(tmp_path / "store")]).stdout
    assert "  rows_read: 11\n  rows_kept: 4\n  set_aside:\n    bad_v: 1\n  dropped:\n    aggregate: 2\n" in printed


def test_a_wide_line_is_kept_where_any_of_its_figures_is_and_an_empty_one_is_dropped(tmp_path: Path):
    values = {
        "FRA": {1980: 1.0, 2024: 2.0},
        "DEU": {1980: 1.0},
        "XQZ": {1980: 1.0, 2024: 1.0},
        "ITA": {},
        "WLD": {2024: 1},
    }
    entry = load(tmp_path, "wdi", figures.write_wdi("NY.GDP.MKTP.CD", values))
    dropped = {"aggregate": 1, "before 1990": 1, "unmapped": 1, "without a value": 1}
    assert (entry["lines"]["read"], entry["lines"]["kept"], entry["lines"]["dropped"]) == (5, 1, dropped)
    assert entry["not_placed"] == {"XQZ": 1}


def test_what_was_loaded_before_lines_were_accounted_for_still_adds_up(tmp_path: Path):
    load(tmp_path, "gravity", GRAVITY)
    path = tmp_path / "store" / "foundations" / "loads.jsonl"
    (entry,) = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    del entry["lines"]
    path.write_text(json.dumps(entry) + "\n", "utf-8")
    (status,) = comity.count_publishers(tmp_path / "store")
    assert (status["rows_read"], status["rows_kept"], sum(status["dropped"].values())) == (19, 12, 7)


@pytest.mark.parametrize("source", sorted(FILES))
def test_a_source_that_is_not_fetched_says_where_it_is_had_and_how_to_load_it(source: str, tmp_path: Path):
    runner = CliRunner()
    fetched = runner.invoke(main, ["sources", "fetch", source])
    assert fetched.exit_code == 1 and f"comity sources load {source} FILE --store DIR" in fetched.stdout
    shown = runner.invoke(main, ["sources", "show", source]).stdout
    assert "at hand" in shown and "fetch:" not in shown
    assert f"\nlayout: {'year, country_id_o' if source == 'gravity' else 'ccode, iso3c'}, " in shown
    (tmp_path / "a.csv").write_bytes(FILES[source])
    told = runner.invoke(main, ["sources", "load", source, str(tmp_path / "a.csv"), "--store", str(tmp_path / "s")])
    assert told.exit_code == 0 and "\n  lines:\n    read: " in told.stdout and "lines_used" not in told.stdout


@pytest.mark.parametrize("size", [32_000_000, 60])
def test_a_product_that_comes_twice_counts_once_whatever_the_second_line_says(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.sources.baci import read

    monkeypatch.setattr(read, "PIECE", size)
    whole = figures.write_baci(figures.BACI)
    again = b"".join(whole.splitlines(keepends=True)[n] for n in (1, 4)) + b"2024,251,276,010121,99,1\n"
    once, twice = (read.read_figures(data, "x.csv") for data in (whole, whole + again))
    number = len(whole.splitlines())
    assert twice.rows == once.rows
    assert twice.aside == tuple((number + n, "repeated") for n in (1, 2, 3))
    assert (twice.lines_used, twice.lines_read) == (once.lines_used, once.lines_read + 3)
