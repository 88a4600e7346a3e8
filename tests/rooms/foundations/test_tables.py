"""The shipped tables: documented, complete, sorted, with unknowns left blank."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from comity.foundations import TABLES, FoundationError, list_sources, read_foundation
from comity.lexicon import get_actor

MOST_BYTES = 1_500_000
ACTOR_COLUMNS = (
    "exporter", "importer", "state", "a", "b", "passport", "destination", "origin", "residence", "sender",
    "receiver", "actor",
)  # fmt: skip


@pytest.fixture(scope="module", params=list(TABLES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def list_keys(name: str) -> list[tuple[object, ...]]:
    """Give the key of each row, in the order of the table."""
    data = read_foundation(name)
    return list(zip(*(data[key].to_pylist() for key in TABLES[name].key), strict=True))


def test_columns_and_types_are_the_documented_ones(name: str) -> None:
    found = [(field.name, pa.type_for_alias(str(field.type))) for field in read_foundation(name).schema]
    assert found == [(column.name, pa.type_for_alias(column.type)) for column in TABLES[name].columns]


def test_every_column_says_what_it_means(name: str) -> None:
    assert all(column.meaning for column in TABLES[name].columns)


def test_rows_are_sorted_by_a_key_that_occurs_once(name: str) -> None:
    keys = list_keys(name)
    assert keys == sorted(set(keys))


def test_every_actor_of_a_table_is_a_state_of_the_lexicon(name: str) -> None:
    data = read_foundation(name)
    ids = {id for column in data.column_names if column in ACTOR_COLUMNS for id in pc.unique(data[column]).to_pylist()}
    assert ids
    assert {get_actor(id).kind for id in ids} == {"state"}


def test_no_state_is_paired_with_itself(name: str) -> None:
    pair = [key for key in TABLES[name].key if key in ACTOR_COLUMNS]
    if len(pair) < 2:
        assert len(pair) == 1
    else:
        data = read_foundation(name)
        assert not pc.any(pc.equal(data[pair[0]], data[pair[1]])).as_py()


def test_every_source_of_a_table_is_listed_with_terms_and_citation(name: str) -> None:
    sources = {source["id"]: source for source in list_sources()}
    for id in TABLES[name].sources:
        source = sources[id]
        assert name == "coverage" or name in source["table"]
        assert all(source[part] for part in ("title", "publisher", "terms", "url", "year", "citation", "date", "key"))


def test_every_source_key_stands_in_the_bibliography(repository: Path) -> None:
    page = (repository / "docs" / "bibliography.md").read_text(encoding="utf-8")
    assert [source["key"] for source in list_sources() if f"`{source['key']}`" not in page] == []


def test_the_tables_together_stay_small(repository: Path) -> None:
    folder = repository / "src" / "comity" / "foundations"
    files = list(folder.glob("*/*.parquet"))
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
    assert {(path.parent.name, path.stem) for path in files} == {(table.folder, name) for name, table in TABLES.items()}


def test_what_stays_under_its_own_licence_is_a_table_apart_with_the_licence_beside_it(repository: Path) -> None:
    terms = {source["id"]: source["terms"] for source in list_sources()}
    for table in TABLES.values():
        bound = {terms[source].startswith("ODbL") for source in table.sources}
        assert bound == {table.folder != "tables"}
    notice = (repository / "src" / "comity" / "foundations" / "openflights" / "LICENSE.txt").read_text("utf-8")
    assert "https://opendatacommons.org/licenses/odbl/1-0/" in notice and "OpenFlights" in notice


def test_a_direction_without_routes_has_no_row() -> None:
    assert pc.min(read_foundation("air_routes")["routes"]).as_py() > 0


def test_export_shares_of_a_state_and_the_territories_part_make_one() -> None:
    trade, totals = read_foundation("trade"), read_foundation("trade_totals")
    for side, way, rest in (
        ("exporter", "exports", "exports_to_territories"),
        ("importer", "imports", "imports_from_territories"),
    ):
        share = "export_share" if side == "exporter" else "import_share"
        sums = {row[side]: row[f"{share}_sum"] for row in trade.group_by(side).aggregate([(share, "sum")]).to_pylist()}
        for row in totals.to_pylist():
            assert sums.get(row["state"], 0.0) + row[rest] / row[way] == pytest.approx(1.0, abs=1e-9)


def test_the_values_of_a_state_and_the_territories_part_make_its_total() -> None:
    trade, totals = read_foundation("trade"), read_foundation("trade_totals")
    sums = dict(zip(*trade.group_by("exporter").aggregate([("value", "sum")]).to_pydict().values(), strict=True))
    for row in totals.to_pylist():
        assert sums[row["state"]] + row["exports_to_territories"] == row["exports"]


def test_trade_has_no_row_of_zero() -> None:
    assert pc.min(read_foundation("trade")["value"]).as_py() > 0


def test_a_distance_is_kept_once_for_a_pair_and_is_positive() -> None:
    data = read_foundation("geography")
    assert pc.all(pc.less(data["a"], data["b"])).as_py()
    assert pc.min(data["distance"]).as_py() > 0


def test_a_weighted_distance_is_never_zero() -> None:
    assert pc.min(read_foundation("geography")["weighted_distance"]).as_py() > 0


def test_an_ideal_point_lies_in_its_interval() -> None:
    data = read_foundation("voting")
    assert pc.all(pc.less_equal(data["low"], data["ideal_point"])).as_py()
    assert pc.all(pc.less_equal(data["ideal_point"], data["high"])).as_py()


def test_votes_of_a_former_state_are_its_own_and_not_its_successors() -> None:
    data = read_foundation("voting")
    years: dict[str, list[int]] = {}
    for row in data.to_pylist():
        years.setdefault(row["state"], []).append(row["year"])
    assert (min(years["SUN"]), max(years["SUN"]), min(years["RUS"])) == (1946, 1991, 1992)
    assert (max(years["YUG"]), min(years["SRB"])) == (1991, 2006)
    assert max(years["DDR"]) == 1989
    assert years["DEU"][-1] == 2024


def test_days_are_given_for_visa_free_stays_only() -> None:
    data = read_foundation("visa")
    kinds = pc.unique(data.filter(pc.is_valid(data["days"]))["requirement"]).to_pylist()
    assert kinds == ["visa free"]
    assert set(pc.unique(data["requirement"]).to_pylist()) == {
        "visa free", "visa on arrival", "eta", "e-visa", "visa required", "no admission",
    }  # fmt: skip


def test_no_pair_of_migrants_is_zero() -> None:
    data = read_foundation("migrants")
    assert pc.min(data["persons"]).as_py() > 0
    assert pc.unique(data["year"]).sort().to_pylist() == [1990, 1995, 2000, 2005, 2010, 2015, 2019]


def test_coverage_lists_exactly_the_actors_that_a_source_has() -> None:
    listed: dict[str, set[str]] = {}
    for row in read_foundation("coverage").to_pylist():
        listed.setdefault(row["source"], set()).add(row["actor"])
    visa = read_foundation("visa")
    assert listed["visa"] == set(visa["passport"].to_pylist()) | set(visa["destination"].to_pylist())
    economy = read_foundation("economy")
    assert listed["wdi-gdp"] == set(economy.filter(pc.is_valid(economy["gdp"]))["state"].to_pylist())
    assert set(listed) == {source["id"] for source in list_sources()} - {"openflights"}


def test_an_unknown_table_is_refused_with_the_names_of_those_that_are_there() -> None:
    with pytest.raises(FoundationError) as caught:
        read_foundation("ferries")
    assert "'ferries'" in caught.value.what
    assert "trade" in caught.value.todo and "missions" in caught.value.todo
