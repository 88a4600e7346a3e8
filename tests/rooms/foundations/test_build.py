"""The build script: gives what is shipped, loses no row in silence, writes the same bytes twice."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pyarrow.parquet as pq
import pytest

from comity.foundations import TABLES, read_foundation
from comity.lexicon import get_actor


@pytest.fixture(scope="module")
def script(repository: Path) -> ModuleType:
    """Give the build script as a module."""
    spec = importlib.util.spec_from_file_location("build_foundations", repository / "scripts" / "build_foundations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def built(script: ModuleType, shared: Path):
    """Give the tables and ledgers compiled from the publishers' files."""
    return script.compile_tables(shared / "data" / "structural")


@pytest.mark.parametrize("name", list(TABLES))
def test_the_shipped_table_is_what_the_script_compiles(built, name: str) -> None:
    assert built[0][name].equals(read_foundation(name))


def test_every_row_that_was_read_is_kept_or_counted(built) -> None:
    for ledger in built[1]:
        assert ledger.read > 0
        assert ledger.kept + ledger.left_out.total() == ledger.read, ledger.name


def test_every_name_of_every_publisher_is_placed(built) -> None:
    assert {ledger.name: dict(ledger.unmapped) for ledger in built[1] if ledger.unmapped} == {}


def test_the_same_input_gives_the_same_bytes(script: ModuleType, built, repository: Path, tmp_path: Path) -> None:
    script.write_tables(built[0], tmp_path / "one")
    script.write_tables(built[0], tmp_path / "two")
    shipped = repository / "src" / "comity" / "foundations"
    for name, table in TABLES.items():
        file = f"{table.folder}/{name}.parquet"
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
        writer = pq.ParquetFile(tmp_path / "one" / file).metadata.created_by
        if pq.ParquetFile(shipped / file).metadata.created_by == writer:
            assert (tmp_path / "one" / file).read_bytes() == (shipped / file).read_bytes()


def test_a_name_that_no_rule_places_is_counted_and_shown(script: ModuleType) -> None:
    ledger = script.Ledger("test")
    source = ("undesa", "", script.date(2019, 7, 1))
    rows = [{"orig": "Ruritania", "Dest": "Germany"}, {"orig": "Poland", "Dest": "Germany"}]
    assert [pair[:2] for pair in script.place_pairs(rows, ("orig", "Dest"), source, ledger)] == [("POL", "DEU")]
    assert (ledger.read, ledger.kept, ledger.left_out["unmapped"]) == (2, 1, 1)
    assert "NOT PLACED: 'Ruritania' (1 rows)" in ledger.describe()


def test_regions_and_territories_are_left_out_under_their_own_reason(script: ModuleType) -> None:
    day = script.date(2019, 7, 1)
    assert script.place_text("worldbank", "WLD", "iso3", day) == ("", "aggregate")
    assert script.place_text("baci", "HKG", "iso3", day) == ("", "territory")
    assert script.place_text("undesa", "Micronesia", "", day) == ("", "aggregate")
    assert script.place_text("undesa", "Micronesia (Fed. States of)", "", day) == ("FSM", "state")
    assert script.place_text("wikidata", "Quebec", "", day) == ("", "other")


def test_old_codes_mean_the_state_that_they_meant(script: ModuleType) -> None:
    day = script.date(2011, 1, 1)
    placed = {code: script.place_text("geodist", code, "iso3", day)[0] for code in ("ROM", "ZAR", "TMP", "PAL", "YUG")}
    assert placed == {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "PAL": "PSE", "YUG": "SCG"}


def test_a_number_means_the_state_that_carried_it_in_december(script: ModuleType) -> None:
    assert [script.place_member(365, year) for year in (1946, 1991, 1992)] == ["SUN", "SUN", "RUS"]
    assert [script.place_member(345, year) for year in (1991, 1992, 2006)] == ["YUG", "SCG", "SRB"]
    assert script.place_member(369, 1950) == "UKR"


def test_every_row_of_the_crosswalk_leads_to_an_actor_or_gives_a_reason(repository: Path) -> None:
    path = repository / "src" / "comity" / "foundations" / "crosswalk.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len({(row["source"], row["text"]) for row in rows}) == len(rows)
    for row in rows:
        assert row["kind"] in ("state", "territory", "aggregate", "other", "rank")
        if row["kind"] == "state":
            assert get_actor(row["becomes"]).kind == "state"
        else:
            assert bool(row["becomes"]) == (row["kind"] == "rank")


def test_a_folder_that_is_not_there_is_refused(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        script.main(["no-such-folder"])
    assert caught.value.code == 2
    assert "no-such-folder" in capsys.readouterr().err
