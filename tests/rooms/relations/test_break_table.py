"""Breaks, ranks and comparisons over a store: rows with dated evidence, laws kept, too little said so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comity.api import compare_relations, find_breaks, load_events, rank_relations, score_breaks
from comity.api.view import View, WrongUse
from comity.lexicon import UnknownMembers, UnknownRegion
from comity.relations.series import RelationsError

FRIENDLY, UNFRIENDLY = ("057", "042", "051"), ("112", "163", "190")
FIRST, WEEKS, AT = date(2023, 1, 2), 60, 30


def write_events(path: Path, names: tuple[str, str, str], weeks: int = WEEKS) -> None:
    """Write a year of events: the first two states break after 30 weeks, the others do not."""
    rng = np.random.default_rng(4)
    rows = ["date,sender,receiver,code,url"]
    a, b, c = names
    for week in range(weeks):
        for sender, receiver in ((a, b), (b, a), (a, c), (c, a)):
            codes = UNFRIENDLY if week >= AT and {sender, receiver} == {a, b} else FRIENDLY
            for day in range(int(rng.integers(2, 5))):
                when = FIRST + timedelta(days=7 * week + day)
                link = f"https://news.example.org/{week}/{day}"
                rows.append(f"{when},{sender},{receiver},{codes[int(rng.integers(3))]},{link}")
    path.write_text("\n".join(rows) + "\n", "utf-8")


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    """Give a store in which one pair of three breaks."""
    folder = tmp_path_factory.mktemp("breaks")
    write_events(folder / "own.csv", ("DEU", "POL", "FRA"))
    load_events(folder / "own.csv", folder / "store", "comity")
    return View(folder / "store")


def test_a_break_comes_with_its_date_direction_and_events(view: View):
    found = find_breaks("Germany", "Poland", view=view)
    assert [(row["sender"], row["direction"]) for row in found["breaks"]] == [("DEU", "rupture"), ("POL", "rupture")]
    broke = FIRST + timedelta(weeks=AT)
    for row in found["breaks"]:
        assert row["period"] <= broke.isoformat() <= row["until"]
        assert row["probability"] > 0.9 and row["known"] > broke.isoformat()
        assert row["low"] < row["size"] < row["high"] < 0
        sides = {side: [event for event in row["events"] if event["side"] == side] for side in ("before", "after")}
        assert all(event["date"] < row["period"] and event["score"] > 0 for event in sides["before"])
        assert all(event["date"] >= row["period"] and event["score"] < 0 for event in sides["after"])
        assert all(len(events) == 4 for events in sides.values())
        assert all(event["told"] > 0 and event["link"].startswith("https://") for event in row["events"])
    assert [pair["enough"] for pair in found["pairs"]] == [True, True]


def test_all_partners_of_a_state_are_looked_at(view: View):
    found = find_breaks("DEU", view=view)
    assert [(pair["sender"], pair["receiver"]) for pair in found["pairs"]] == [
        ("DEU", "FRA"), ("DEU", "POL"), ("FRA", "DEU"), ("POL", "DEU"),
    ]  # fmt: skip
    assert {row["sender"] for row in found["breaks"]} == {"DEU", "POL"}
    assert not any({"FRA"} & {row["sender"], row["receiver"]} for row in found["breaks"])


def test_a_pair_named_the_other_way_about_has_the_same_breaks_and_places(view: View):
    here, there = find_breaks("DEU", "POL", view=view), find_breaks("POL", "DEU", view=view)
    assert sorted(here["breaks"], key=str) == sorted(there["breaks"], key=str)
    one, other = compare_relations("DEU", "POL", view=view), compare_relations("POL", "DEU", view=view)
    assert one["history"][0] == other["history"][0]
    assert sorted(one["history"][1:], key=str) == sorted(other["history"][1:], key=str)


def rename(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: rename(item, names) for key, item in value.items() if not key.endswith("_name")}
    if isinstance(value, list):
        return [rename(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def test_renamed_states_only_rename_breaks_ranks_and_the_past(view: View, tmp_path: Path):
    names = {"DEU": "TUV", "POL": "AUS", "FRA": "BRA"}
    write_events(tmp_path / "own.csv", ("TUV", "AUS", "BRA"))
    load_events(tmp_path / "own.csv", tmp_path / "store", "comity")
    other = View(tmp_path / "store")
    assert rename(find_breaks("DEU", "POL", view=view), names) == find_breaks("TUV", "AUS", view=other)
    here = rename(rank_relations("DEU", view=view)["ranks"], names)
    assert here == rename(rank_relations("TUV", view=other)["ranks"], {})
    past = rename(compare_relations("DEU", "POL", view=view)["history"], names)
    assert past == compare_relations("TUV", "AUS", view=other)["history"]


def test_what_was_known_then_is_the_same_when_nothing_later_is_loaded(view: View, tmp_path: Path):
    write_events(tmp_path / "own.csv", ("DEU", "POL", "FRA"), weeks=AT + 6)
    load_events(tmp_path / "own.csv", tmp_path / "store", "comity")
    for of, names in (("tone", ("online_thaw", "online_rupture")), ("rate", ("online_more", "online_fewer"))):
        early = score_breaks("DEU", "POL", of=of, view=View(tmp_path / "store"))
        late = {(row["sender"], row["period"]): row for row in score_breaks("DEU", "POL", of=of, view=view)}
        assert len(early) == 2 * (AT + 6)
        for row in early:
            assert [row[name] for name in names] == [late[row["sender"], row["period"]][name] for name in names]


def test_few_events_are_too_little_to_say(view: View):
    found = find_breaks("DEU", "ESP", view=view)
    assert found["breaks"] == [] and [pair["enough"] for pair in found["pairs"]] == [False, False]
    assert all(pair["thaw"] is None for pair in found["pairs"])
    assert all(row["online_thaw"] is None and row["thaw"] is None for row in score_breaks("DEU", "ESP", view=view))
    compared = compare_relations("DEU", "ESP", view=view)
    assert not any(row["enough"] or row["score"] is not None for row in compared["history"])
    assert not compared["like"]["enough"] and compared["like"]["pairs"] == []
    assert rank_relations("ESP", view=view)["ranks"] == []


def test_the_rate_of_events_breaks_by_its_own_names(tmp_path: Path):
    rows = ["date,sender,receiver,code"]
    for week in range(60):
        rows += [f"{FIRST + timedelta(days=7 * week + day)},FRA,ESP,042" for day in range(6 if week >= AT else 1)]
        rows += [f"{FIRST + timedelta(days=7 * week + day)},{a},USA,042" for day in range(7) for a in ("CHN", "GBR")]
    (tmp_path / "own.csv").write_text("\n".join(rows) + "\n", "utf-8")
    load_events(tmp_path / "own.csv", tmp_path / "store", "comity")
    (row,) = find_breaks("FRA", "ESP", of="rate", view=View(tmp_path / "store"))["breaks"]
    assert row["direction"] == "more" and row["period"] <= (FIRST + timedelta(weeks=AT)).isoformat() <= row["until"]
    assert row["low"] > 2 and row["size"] == pytest.approx(5, rel=0.5)
    assert find_breaks("FRA", "ESP", view=View(tmp_path / "store"))["breaks"] == []


def test_ranks_of_a_state_and_of_a_region_agree(view: View):
    partners = rank_relations("DEU", view=view)
    assert [(row["a"], row["b"], row["rank"]) for row in partners["ranks"]] == [("DEU", "FRA", 1), ("DEU", "POL", 2)]
    for row in partners["ranks"]:
        assert row["sure_low"] <= row["rank_low"] <= row["rank"] <= row["rank_high"] <= row["sure_high"]
    west = rank_relations(region="western europe", view=view)
    assert [(row["a"], row["b"]) for row in west["ranks"]] == [("DEU", "FRA")]
    assert west["ranks"][0]["score"] == partners["ranks"][0]["score"]
    assert rank_relations("DEU", seed=3, view=view) == rank_relations("DEU", seed=3, view=view)


def test_members_of_an_organisation_are_ranked_as_a_region_is_and_missing_pairs_are_named(view: View):
    found = rank_relations(region="EU", view=view)
    held = found["organisation"]
    europe = rank_relations(region="Europe", view=view)
    assert found["ranks"] == europe["ranks"] and europe["organisation"] is None
    assert (held["id"], held["on"]) == ("IGO:EU", view_last_day(view)) and len(held["members"]) == 27
    assert len(found["ranks"]) + len(held["few"]) + len(held["none"]) == 27 * 26 // 2
    assert ["FRA", "POL"] in held["none"] and held["few"] == []
    assert rank_relations("DEU", view=view)["organisation"] is None


def view_last_day(view: View) -> str:
    with view.open() as (con, _, _):
        return str(con.execute("select max(date) from events").fetchone()[0])


def test_members_are_those_of_the_day_that_the_store_ends_and_later_ones_are_not_known(tmp_path: Path):
    for year, members in ((2003, 15), (2012, 27), (2013, 28)):
        lines = [f"{year}-12-{day:02},DEU,{other},042" for day in range(1, 13) for other in ("FRA", "POL", "HRV")]
        (tmp_path / f"{year}.csv").write_text("date,sender,receiver,code\n" + "\n".join(lines) + "\n", "utf-8")
        load_events(tmp_path / f"{year}.csv", tmp_path / str(year), "comity")
        found = rank_relations(region="european union", by="day", view=View(tmp_path / str(year)))
        assert (found["organisation"]["on"], len(found["organisation"]["members"])) == (f"{year}-12-12", members)
        ranked = {row["b"] for row in found["ranks"]}
        assert ranked == {state for state in ("FRA", "POL", "HRV") if state in found["organisation"]["members"]}


def test_pairs_of_members_with_few_events_are_named(tmp_path: Path):
    rows = ["date,sender,receiver,code", *(f"2023-01-{day:02},BRA,URY,042" for day in range(1, 4))]
    (tmp_path / "own.csv").write_text("\n".join(rows) + "\n", "utf-8")
    load_events(tmp_path / "own.csv", tmp_path / "store", "comity")
    found = rank_relations(region="Mercosur", by="day", view=View(tmp_path / "store"))
    assert found["ranks"] == [] and found["few_events"] == 1
    assert found["organisation"]["few"] == [["BRA", "URY"]] and len(found["organisation"]["none"]) == 9


def test_a_broken_pair_stands_low_in_its_own_past(view: View):
    both, *ways = compare_relations("DEU", "POL", view=view)["history"]
    for row in (both, *ways):
        assert row["percentile_high"] < 50 and row["score"] < row["usual"] and row["periods"] == WEEKS - 1


def test_wrong_use_is_an_error_that_names_the_value(view: View):
    with pytest.raises(RelationsError, match="'mood'"):
        find_breaks("DEU", "POL", of="mood", view=view)
    with pytest.raises(RelationsError, match="'year'"):
        find_breaks("DEU", "POL", by="year", view=view)
    with pytest.raises(WrongUse, match="both"):
        compare_relations("DEU", "Germany", view=view)
    with pytest.raises(UnknownRegion, match="'Narnia'") as raised:
        rank_relations(region="Narnia", view=view)
    assert "Western Asia" in raised.value.todo and "ASEAN" in raised.value.todo
    with pytest.raises(UnknownMembers, match="1993-10-31"):
        rank_relations(region="EC", view=view)
    for words in ({}, {"state": "DEU", "region": "Africa"}):
        with pytest.raises(WrongUse, match="one of state and region"):
            rank_relations(**words, view=view)
