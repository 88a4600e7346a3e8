"""`comity integration estimate`: a specification in, a table or JSON out, and errors that name the place."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.csv
import pytest
from tests.specimens.command import read_json, run_comity
from tests.specimens.flows import make_flows


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """Give a specification beside its table of flows."""
    pyarrow.csv.write_csv(make_flows(8, 3), tmp_path / "flows.csv")
    (tmp_path / "spec.yml").write_text("data: flows.csv\nregressors: [rta, x]\nactors: as_given\n", "utf-8")
    return tmp_path / "spec.yml"


def test_estimate_prints_the_table_and_what_was_left_out(spec: Path):
    done = run_comity("integration", "estimate", spec)
    assert done.stdout.splitlines()[0].split() == ["PPML"]
    assert "convention stata" in done.stdout


def test_estimate_as_json_holds_coefficients_intervals_and_ledger(spec: Path):
    found = read_json("integration", "estimate", spec)
    assert [row["regressor"] for row in found["coefficients"]] == ["rta", "x"]
    assert found["errors"]["convention"] == "stata"
    assert found["sample"]["rows"] == 192
    assert json.dumps(found["dropped"]) is not None


def test_a_specification_that_names_no_data_is_wrong_use(tmp_path: Path):
    (tmp_path / "spec.yml").write_text("regressors: [x]\n", "utf-8")
    done = run_comity("integration", "estimate", tmp_path / "spec.yml", code=2)
    assert "names no data" in done.stderr
