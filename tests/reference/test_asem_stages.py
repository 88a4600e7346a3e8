"""The ASEM index of sustainable connectivity, 51 units and 49 indicators: COINr's output after each stage.

Source: COINr 1.1.14 (Becker, Caperna, Del Sorbo, Norlen, Papadimitriou and Saisana 2022), example coin, unrounded.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comity.integration.indices.composite import Index, estimate_index
from comity.integration.indices.uncertainty import estimate_spread

STAGES = {
    "denominate": "Denominated",
    "impute": "Imputed",
    "treat": "Treated",
    "normalise": "Normalised",
    "aggregate": "Aggregated",
}


def read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def make_specification(folder: Path) -> dict[str, Any]:
    """Give the specification that COINr's metadata stand for."""
    rows = [
        {key: "" if text == "NA" else text for key, text in row.items()} for row in read_rows(folder / "ASEM_iMeta.csv")
    ]
    return {
        "comity_index": 1,
        "id": "asem",
        "unit": "uCode",
        "indicators": [
            {
                "id": row["iCode"],
                "parent": row["Parent"],
                "direction": int(row["Direction"]),
                "weight": float(row["Weight"]),
                "denominator": row["Denominator"],
            }
            for row in rows
            if row["Type"] == "Indicator"
        ],
        "aggregates": [
            {"id": row["iCode"], "parent": row["Parent"], "weight": float(row["Weight"])}
            for row in rows
            if row["Type"] == "Aggregate"
        ],
        "stages": {"impute": {"method": "mean", "group": "EurAsia_group"}, "treat": {"method": "winsorise"}},
    }


@pytest.fixture(scope="module")
def asem(shared: Path) -> Index:
    folder = shared / "data" / "asem"
    rows = sorted(read_rows(folder / "ASEM_iData.csv"), key=lambda row: row["uCode"])
    return estimate_index(rows, make_specification(folder))


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_equals_that_of_coinr(stage: str, asem: Index, shared: Path):
    wanted = read_rows(shared / "data" / "asem" / f"coin_{STAGES[stage]}.csv")
    found = asem.inspect(stage).to_pydict()
    assert found["unit"] == [row["uCode"] for row in wanted]
    columns = [name for name in wanted[0] if name != "uCode"]
    assert len(columns) == len(found) - 1
    for name in columns:
        theirs = np.array([np.nan if row[name] in ("", "NA") else float(row[name]) for row in wanted])
        ours = np.array([np.nan if value is None else value for value in found[name]])
        assert np.allclose(ours, theirs, rtol=1e-10, atol=1e-10, equal_nan=True), name


def test_every_filled_and_every_moved_cell_is_named(asem: Index):
    assert len(asem.works["impute"].account) == 65
    moved = {row["indicator"] for row in asem.works["treat"].account}
    assert {"Bord", "Tariff", "FemLab", "PubDebt"} <= moved and len(moved) == 15


def test_the_choices_of_scale_and_weights_carry_most_of_the_shift_in_ranks(asem: Index):
    spread = estimate_spread(asem, 12_000, seed=4)
    assert spread.factors == ("weights", "normalise", "aggregate", "impute")
    total = dict(zip(spread.factors, spread.shift.total[:, 0], strict=True))
    assert total["normalise"] > total["impute"] and total["weights"] > total["impute"]
    inside = (spread.ranks[:, 0] <= asem.rank()) & (asem.rank() <= spread.ranks[:, 2])
    assert inside.mean() > 0.8
