"""Alternatives and votes through the interface and the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from tests.specimens.command import read_json

import comity
from comity.cli.relations import command
from comity.relations.series import RelationsError

CODES = ("US", "GB", "FR", "CN", "SU", "PL", "IN", "BR", "MX", "EG")


def lay_votes() -> tuple[pa.Table, pa.Table]:
    """Give 24 roll calls of 1960 and 1961 on which the states divide at another place each time."""
    votes: dict[str, list[Any]] = {"rcid": [], "country_code": [], "vote": []}
    for call in range(24):
        for place, code in enumerate(CODES):
            side = place - call % 9
            votes["rcid"].append(call)
            votes["country_code"].append(code)
            votes["vote"].append("yes" if side < 0 else "abstain" if side == 0 else "no")
    calls = {
        "rcid": list(range(24)),
        "date": [f"{1960 + call // 12}-11-{call % 12 + 1:02}" for call in range(24)],
        "short": [f"QUESTION {call % 12}" for call in range(24)],
    }
    return pa.table(votes), pa.table(calls)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Give them as a CSV file and a Parquet file."""
    votes, calls = lay_votes()
    pa_csv.write_csv(votes, tmp_path / "votes.csv")
    pq.write_table(calls, tmp_path / "rolls.parquet")
    return tmp_path / "votes.csv", tmp_path / "rolls.parquet"


def test_alternatives_are_those_of_the_room_and_the_command():
    table = comity.score_alternatives("Germany", "POL", by="month", measures=["share", "net"])
    assert table["measure"].unique().to_pylist() == ["share", "net"]
    assert {row["scale"] for row in table.to_pylist() if row["measure"] == "net"} == {"goldstein"}
    words = ("--by", "month", "--measure", "share", "--measure", "net")
    assert table.to_pylist() == read_json("relations", "alternatives", "DEU", "POL", *words)
    with pytest.raises(RelationsError, match="'warmth'"):
        comity.score_alternatives("DEU", "POL", measures=["warmth"])


def test_agreement_is_the_same_twice_and_needs_ten_pairs():
    one, two = (comity.compare_alternatives(least=120, seed=3) for _ in range(2))
    assert one == two and one["pairs"] >= 10
    with pytest.raises(RelationsError, match="too few"):
        comity.compare_alternatives(least=10**6)


def test_published_points_are_chosen_by_state_and_year():
    points = comity.read_ideal_points(["Poland", "DEU"], since=2000, until=2001)
    assert sorted(set(points["state"].to_pylist())) == ["DEU", "POL"] and points.num_rows == 4
    assert all(row["low"] <= row["estimate"] <= row["high"] for row in points.to_pylist())
    distances = comity.score_distances("DEU", "POL")
    assert distances[-1]["year"] >= 2024 and distances[-1]["low"] <= distances[-1]["distance"]


def test_files_tables_and_the_command_give_the_same_points(files: tuple[Path, Path]):
    points, ledger = comity.estimate_ideal_points(*files)
    again, _ = comity.estimate_ideal_points(*lay_votes())
    assert points.equals(again) and ledger == {"kept": 240, "placed": 0, "dropped": 0}
    order = [row["state"] for row in sorted(points.to_pylist(), key=lambda row: row["estimate"]) if row["year"] == 1960]
    assert order[0] in ("USA", "EGY") and len(order) == 10
    printed = read_json(
        "relations", "voting", "--votes", files[0], "--rolls", files[1], "--states", "POL", "--states", "FRA"
    )
    assert {row["state"] for row in printed["points"]} == {"POL", "FRA"}
    assert printed["distances"] == comity.score_distances("POL", "FRA", points=points)


@pytest.mark.parametrize(
    ("place", "column", "row", "value", "said"),
    [
        (0, "vote", 3, "perhaps", r"'perhaps' is no vote\n  where: votes, row 4, column 'vote'"),
        (0, "vote", 3, None, r"empty\n  where: votes, row 4, column 'vote'"),
        (0, "rcid", 3, 99, r"99 is not among the roll calls\n  where: votes, row 4"),
        (1, "date", 2, "November", r"'November' is no day\n  where: rollcalls, row 3, column 'date'"),
        (1, "rcid", 2, 1, r"1 stands twice, first in row 2\n  where: rollcalls, row 3"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(place: int, column: str, row: int, value: Any, said: str):
    tables = list(lay_votes())
    cells = tables[place][column].to_pylist()
    cells[row] = value
    at = tables[place].column_names.index(column)
    tables[place] = tables[place].set_column(at, column, pa.array(cells))
    with pytest.raises(RelationsError, match=said):
        comity.estimate_ideal_points(*tables)


def test_a_missing_column_and_a_missing_file_are_named(tmp_path: Path):
    votes, calls = lay_votes()
    with pytest.raises(RelationsError, match="'vote' is missing"):
        comity.estimate_ideal_points(votes.drop_columns(["vote"]), calls)
    with pytest.raises(RelationsError, match="no such file"):
        comity.estimate_ideal_points(tmp_path / "votes.csv", calls)
    (tmp_path / "votes.parquet").write_text("no parquet", "utf-8")
    with pytest.raises(RelationsError, match="cannot be read"):
        comity.estimate_ideal_points(tmp_path / "votes.parquet", calls)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("alternatives", "DEU", "POL"), "tsinghua"),
        (("agreement", "--least", "120", "--by", "day"), "correlation"),
        (("voting",), "estimate"),
        (("voting", "--states", "Germany", "--states", "Poland", "--since", "2020"), "distance"),
    ],
)
def test_verbs_print_tables(words: tuple[str, ...], said: str):
    done = CliRunner().invoke(command, list(words), catch_exceptions=False)
    assert done.exit_code == 0 and said in done.stdout


def test_votes_without_their_roll_calls_are_wrong_use(files: tuple[Path, Path]):
    done = CliRunner().invoke(command, ["voting", "--votes", str(files[0])])
    assert done.exit_code == 2 and "--rolls" in done.output
