"""A table of flows is read as it is, and what would give a wrong number is refused by row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from comity.integration.errors import PanelError, SpecificationError
from comity.integration.gravity.panel import read_panel, read_table
from comity.integration.gravity.specification import Specification
from comity.integration.gravity.step import read_data

PLAIN = Specification(regressors=("x",))


def test_a_negative_flow_is_refused_by_row():
    table = {"exporter": ["A", "B"], "importer": ["B", "A"], "year": [1, 1], "value": [1.0, -2.0], "x": [0, 1]}
    with pytest.raises(PanelError) as caught:
        read_panel(table, PLAIN)
    assert caught.value.rows == (1,)


def test_a_flow_given_twice_is_refused_by_row():
    table = {"exporter": ["A", "B", "A"], "importer": ["B", "A", "B"], "year": [1, 1, 1], "value": [1, 2, 3]}
    with pytest.raises(PanelError) as caught:
        read_panel(table, PLAIN)
    assert caught.value.rows == (0, 2)


def make_table(**columns: list[object]) -> dict[str, list[object]]:
    """Give three flows, some columns other than usual."""
    plain = {"exporter": ["A", "B", "A"], "importer": ["B", "A", "C"], "year": [1, 1, 1], "value": [1.0, 2.0, 3.0]}
    return {**plain, "x": [0, 1, 1], **columns}


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_side_without_a_name_is_refused_by_row(name: str | None):
    with pytest.raises(PanelError, match="'exporter' is empty") as caught:
        read_panel(make_table(exporter=["A", name, "B"]), PLAIN)
    assert caught.value.rows == (1,)


@pytest.mark.parametrize(("value", "words"), [(1e300, "too large"), (1e-300, "too small"), (np.inf, "infinite")])
def test_a_flow_that_cannot_be_added_up_is_refused_by_row(value: float, words: str):
    with pytest.raises(PanelError, match=words) as caught:
        read_panel(make_table(value=[1.0, 2.0, value]), PLAIN)
    assert caught.value.rows == (2,)


def test_yes_and_no_are_numbers_and_marks_of_missing_are_missing():
    panel = read_panel(make_table(x=["yes", "No", None], value=["1", " ..", "2.5"]), PLAIN)
    assert np.array_equal(panel.read_column("x"), [1.0, 0.0, np.nan], equal_nan=True)
    assert np.array_equal(panel.values, [1.0, np.nan, 2.5], equal_nan=True)


@pytest.mark.parametrize(
    ("texts", "row"), [(["1", "1,234.5", "2"], 1), (["none", "FTA", "none"], 0), (["yes", "1", "no"], 1)]
)
def test_a_text_that_is_no_number_is_refused_by_row(texts: list[str], row: int):
    with pytest.raises(PanelError, match="holds no numbers") as caught:
        read_panel(make_table(x=texts), PLAIN).read_column("x")
    assert caught.value.rows[0] == row


def test_a_date_stands_for_its_year_and_a_number_that_is_no_year_is_refused():
    dates = [date(2001, 1, 1), date(2003, 6, 30), date(2001, 12, 31)]
    assert read_panel(pa.table(make_table(year=dates)), PLAIN).years.tolist() == [2001, 2003]
    with pytest.raises(PanelError, match="holds no years") as caught:
        read_panel(make_table(year=[2001, 20_010_101, 2002]), PLAIN)
    assert caught.value.rows == (1,)


def test_numbers_and_groups_of_countries_may_be_names():
    panel = read_panel(make_table(exporter=[10, 20, 30], importer=[20, 10, 99]), PLAIN)
    assert panel.actors == ("10", "20", "30", "99")
    assert "ROW" in read_panel(make_table(importer=["B", "A", "ROW"]), PLAIN).actors


def test_a_table_with_a_column_twice_or_without_rows_is_refused():
    with pytest.raises(SpecificationError, match="two columns 'value'"):
        read_table(pa.table([[1], [2]], names=["value", "value"]))
    with pytest.raises(SpecificationError, match="no rows"):
        read_table({"exporter": [], "importer": [], "value": []})


@pytest.mark.parametrize("kind", ["csv", "tsv", "txt", "parquet", "feather"])
def test_every_kind_of_file_gives_the_same_table(kind: str, tmp_path: Path):
    table, file = pa.table(make_table()), tmp_path / f"flows.{kind}"
    mark = {"csv": ";", "tsv": "\t", "txt": ","}.get(kind, "")
    if mark:
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        lines = [mark.join(table.column_names), *(mark.join(map(str, row)) for row in rows)]
        file.write_text("\n".join(lines), "utf-8")
    else:
        {"parquet": parquet.write_table, "feather": feather.write_feather}[kind](table, str(file))
    assert read_data(file).to_pylist() == table.to_pylist()


def test_a_stata_file_is_read_where_pandas_is_installed(tmp_path: Path):
    pandas = pytest.importorskip("pandas", reason="Stata files are read with pandas")
    pandas.DataFrame(make_table()).to_stata(tmp_path / "flows.dta", write_index=False)
    assert read_data(tmp_path / "flows.dta").to_pylist() == pa.table(make_table()).to_pylist()


def test_a_stata_file_without_pandas_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    (tmp_path / "flows.dta").write_bytes(b"")
    with pytest.raises(SpecificationError, match="pandas") as caught:
        read_data(tmp_path / "flows.dta")
    assert "CSV or Parquet" in caught.value.todo


def test_another_kind_of_file_names_those_that_are_read(tmp_path: Path):
    with pytest.raises(SpecificationError) as caught:
        read_data(tmp_path / "flows.xlsx")
    assert ".parquet" in caught.value.todo and ".dta" in caught.value.todo


def test_texts_in_another_encoding_say_so(tmp_path: Path):
    (tmp_path / "flows.csv").write_bytes("exporter,importer,value\nCôte,B,1\nB,Côte,2\n".encode("latin-1"))
    with pytest.raises(PanelError, match="not UTF-8"):
        read_panel(read_data(tmp_path / "flows.csv"), PLAIN)
