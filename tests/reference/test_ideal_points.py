"""Ideal points beside the published ones (Bailey, Strezhnev and Voeten 2017, release of July 2025).

bench/voting.py prints the whole comparison; here the pooled correlation of all years, and of one short span.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from comity.lexicon import UnknownActor, identify_actor
from comity.relations.roll_calls import read_roll_calls
from comity.relations.voting import estimate_ideal_points


def name_member(number: int, year: int) -> str:
    try:
        return identify_actor(f"cow:{number}", on=date(year, 12, 1), kind="state").id
    except UnknownActor:
        return identify_actor(f"cow:{number}", kind="state").id


def compare(folder: Path, first: int, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return our points, the published ones (all votes), and whether these lie in our intervals."""
    rollcalls = pq.read_table(folder / "unvotes_rollcalls.parquet")
    year = pc.cast(pc.utf8_slice_codeunits(rollcalls["date"], 0, 4), pa.int32())
    rollcalls = rollcalls.filter(pc.and_(pc.greater_equal(year, first), pc.less_equal(year, last)))
    votes = pq.read_table(folder / "unvotes_votes.parquet")
    votes = votes.filter(pc.is_in(votes["rcid"], rollcalls["rcid"].combine_chunks()))
    ours = estimate_ideal_points(read_roll_calls(votes, rollcalls)[0]).to_pylist()
    published = {
        (name_member(row["ccode"], int(row["year"])), int(row["year"])): row["idealpointall"]
        for row in pq.read_table(folder / "unga_idealpoints_1946_2024.parquet").to_pylist()
        if first <= row["year"] <= last and row["idealpointall"] is not None
    }
    rows = [row for row in ours if (row["state"], row["year"]) in published]
    assert len(rows) > 0.98 * len(ours)
    x, y = (np.array(v) for v in zip(*[(r["estimate"], published[r["state"], r["year"]]) for r in rows], strict=True))
    y = y * np.sign(np.corrcoef(x, y)[0, 1])
    y = (y - y.mean()) / y.std() * x.std() + x.mean()
    return x, y, np.array([row["low"] <= v <= row["high"] for row, v in zip(rows, y, strict=True)])


def test_points_of_a_few_years_agree_with_the_published_ones(shared: Path):
    ours, published, inside = compare(shared / "data" / "structural", 1961, 1967)
    assert np.corrcoef(ours, published)[0, 1] > 0.98
    assert inside.mean() > 0.8


@pytest.mark.slow
def test_points_of_all_years_agree_with_the_published_ones(shared: Path):
    ours, published, inside = compare(shared / "data" / "structural", 1946, 2020)
    assert np.corrcoef(ours, published)[0, 1] >= 0.98
    assert inside.mean() > 0.85
