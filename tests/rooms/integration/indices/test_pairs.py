"""Every pair has what the lists say of it; where they are silent, bounds; and a group is the mean of its pairs."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.integration.indices.specimens import IDS, make_sources

from comity.integration.indices.errors import IndicatorError, TooLittleKnown
from comity.integration.indices.pairindex import PairIndex, estimate_pairs, weigh_pairs
from comity.integration.indices.pairs import find_like, list_pairs, measure_pairs
from comity.integration.indices.profile import describe_group, describe_pair
from comity.integration.indices.step import SPECIFICATION


@pytest.fixture(scope="module")
def pairs() -> PairIndex:
    return estimate_pairs(IDS, make_sources(), SPECIFICATION)


def test_a_flow_known_both_ways_is_known_and_a_silent_list_gives_bounds():
    sources = make_sources()
    panel, _ = measure_pairs(list_pairs(IDS), sources)
    trade = sources.tables["trade"]
    flows = dict(zip(zip(trade["exporter"], trade["importer"], strict=True), trade["value"], strict=True))
    most = np.quantile(list(flows.values()), 0.1)
    total = dict(
        zip(
            sources.tables["trade_totals"]["state"],
            np.add(sources.tables["trade_totals"]["exports"], sources.tables["trade_totals"]["imports"]),
            strict=True,
        )
    )
    place = panel.columns.index("trade_share")
    seen = set()
    for row, unit in enumerate(panel.units):
        a, b = unit.split("-")
        ways = [flows.get((a, b)), flows.get((b, a))]
        scale = 2 / (total[a] + total[b])
        assert panel.low[row, place] == pytest.approx(sum(way or 0 for way in ways) * scale)
        assert panel.high[row, place] == pytest.approx(sum(most if way is None else way for way in ways) * scale)
        assert np.isnan(panel.values[row, place]) == (None in ways)
        seen.add(ways.count(None))
    assert seen >= {0, 1}


def test_a_mission_that_no_list_names_may_be_there():
    panel, _ = measure_pairs(list_pairs(IDS), make_sources())
    place = panel.columns.index("missions")
    unknown = np.isnan(panel.values[:, place])
    assert unknown.any() and (panel.high[unknown, place] - panel.low[unknown, place] >= 0.5).all()


def test_a_state_that_a_list_does_not_cover_has_no_bounds():
    sources = make_sources()
    coverage = sources.tables["coverage"]
    kept = [
        row
        for row in range(len(coverage["source"]))
        if (coverage["source"][row], coverage["actor"][row]) != ("wikidata", "FJI")
    ]
    for name in coverage:
        coverage[name] = [coverage[name][row] for row in kept]
    panel, _ = measure_pairs(list_pairs(IDS), sources)
    place = panel.columns.index("missions")
    of_it = np.array(["FJI" in unit for unit in panel.units]) & np.isnan(panel.values[:, place])
    assert of_it.any() and np.isnan(panel.high[of_it, place]).any()


def test_a_pair_is_the_same_whichever_comes_first(pairs: PairIndex):
    assert describe_pair(pairs, "AUT", "CHL") == describe_pair(pairs, "CHL", "AUT")


def test_every_reading_lies_within_its_interval_and_its_bounds(pairs: PairIndex):
    found = describe_pair(pairs, "AUT", "CHL")
    for reading in (found["index"], *found["dimensions"]):
        assert reading["low"] <= reading["score"] <= reading["high"]
        assert reading["low_bound"] <= reading["score"] + 0.01 and reading["score"] <= reading["high_bound"] + 0.01
    assert [reading["id"] for reading in found["dimensions"]] == [
        "trade",
        "people",
        "institutions",
        "links",
        "diplomacy",
    ]
    assert sum(reading["known"] for reading in found["dimensions"]) == found["index"]["known"]
    assert all((item["value"] is None) == (item["score"] is None) for item in found["indicators"])


def test_an_unknown_figure_widens_the_interval_of_its_dimension(pairs: PairIndex):
    readings = [describe_pair(pairs, *unit.split("-")) for unit in pairs.index.units]
    diplomacy = [next(one for one in reading["dimensions"] if one["id"] == "diplomacy") for reading in readings]
    width = {known: [one["high"] - one["low"] for one in diplomacy if one["known"] == known] for known in (0, 1)}
    assert np.mean(width[0]) > np.mean(width[1] or [0.0])


def test_the_table_of_all_pairs_has_the_numbers_of_each(pairs: PairIndex):
    rows = pairs.as_arrow().to_pylist()
    assert len(rows) == len(pairs.index.units)
    for row in rows:
        wanted = describe_pair(pairs, row["a"], row["b"])["index"]
        assert {name: round(row[name], 2) for name in ("score", "low", "high", "low_bound")} == {
            name: pytest.approx(wanted[name], abs=0.011) for name in ("score", "low", "high", "low_bound")
        }


def test_like_pairs_are_the_nearest_in_size_and_distance():
    conditions = {"size": np.array([1.0, 1.1, 100.0, np.nan]), "distance": np.array([10.0, 12.0, 9.0, 10.0])}
    assert find_like(conditions, 0, 5).tolist() == [1, 2]
    assert find_like(conditions, 3, 5).tolist() == []


def test_a_group_of_two_is_the_pair(pairs: PairIndex):
    pair, group = describe_pair(pairs, "BEL", "GHA"), describe_group(pairs, ["GHA", "BEL"])
    assert [one["score"] for one in group["inside"]] == [
        pair["index"]["score"],
        *(d["score"] for d in pair["dimensions"]),
    ]
    assert [group["inside"][0][end] for end in ("low", "high")] == [pair["index"][end] for end in ("low", "high")]


def test_a_group_is_the_mean_of_its_pairs_inside_and_with_the_rest(pairs: PairIndex):
    group = describe_group(pairs, IDS[:3])
    scores = {unit: pairs.index.scores[row, -1] for unit, row in pairs.rows.items()}
    inside = [value for unit, value in scores.items() if set(unit.split("-")) <= set(IDS[:3])]
    across = [value for unit, value in scores.items() if len(set(unit.split("-")) & set(IDS[:3])) == 1]
    assert group["inside"][0]["score"] == pytest.approx(np.mean(inside), abs=0.01)
    assert group["outside"][0]["score"] == pytest.approx(np.mean(across), abs=0.01)
    assert group["pairs"] == 3 and group["left_out"] == []


def test_pairs_of_a_group_may_count_by_size():
    listed, shares = weigh_pairs(["B", "A", "C"], {"A": 1.0, "B": 2.0, "C": 3.0})
    assert listed == [("A", "B"), ("A", "C"), ("B", "C")] and shares.tolist() == pytest.approx([2 / 11, 3 / 11, 6 / 11])


@pytest.mark.parametrize(
    ("members", "words"),
    [(["AUT"], "has 1 members"), (["AUT", "AUT"], "stands twice"), (["AUT", "XYZ"], "no state 'XYZ'")],
)
def test_a_group_that_is_none_is_refused(members: list[str], words: str, pairs: PairIndex):
    with pytest.raises(IndicatorError, match=words):
        describe_group(pairs, members)


def test_too_little_known_is_said_with_what_is_known():
    sources = make_sources()
    for table, column in (("visa", "requirement"), ("geography", "distance"), ("voting", "ideal_point")):
        rows = sources.tables[table]
        kept = [place for place in range(len(rows[column])) if "FJI" not in [rows[name][place] for name in rows]]
        for name in rows:
            rows[name] = [rows[name][place] for place in kept]
    pairs = estimate_pairs(IDS, sources, SPECIFICATION)
    with pytest.raises(TooLittleKnown) as caught:
        describe_pair(pairs, "FJI", "AUT")
    assert "of 11 indicators are known for FJI and AUT" in caught.value.what and "known:" in caught.value.where
    group = describe_group(pairs, ["AUT", "BEL", "FJI"])
    assert ["AUT", "FJI"] in group["left_out"]
    assert group["inside"][0]["high"] - group["inside"][0]["low"] > 60


def test_figures_of_ones_own_enter_by_the_specification():
    import yaml

    content = yaml.safe_load(SPECIFICATION.read_text("utf-8"))
    content["indicators"].append({"id": "claims", "parent": "finance", "treat": "ratio"})
    content["aggregates"].append({"id": "finance", "parent": "integration"})
    with pytest.raises(IndicatorError, match="no indicator 'claims'"):
        estimate_pairs(IDS, make_sources(), content)
    table = {"a": ["GHA", "AUT", "BEL"], "b": ["AUT", "BEL", "CHL"], "claims": [3.0, 5.0, None]}
    pairs = estimate_pairs(IDS, make_sources(), content, table)
    finance = {row["unit"]: row["finance"] for row in pairs.index.as_arrow().to_pylist()}
    assert finance["AUT-BEL"] == 100.0 and finance["AUT-GHA"] == 0.0
    with pytest.raises(IndicatorError, match="'XYZ' is no state"):
        estimate_pairs(IDS, make_sources(), content, {**table, "b": ["AUT", "XYZ", "CHL"]})
    with pytest.raises(IndicatorError, match="stands twice"):
        estimate_pairs(IDS, make_sources(), content, {**table, "a": ["BEL", "AUT", "BEL"], "b": ["AUT", "BEL", "CHL"]})


@pytest.mark.parametrize("stage", [{"normalise": {"method": "rank"}}, {"weight": {"method": "pca"}}])
def test_pairs_take_other_scales_and_weights(stage: dict[str, object]):
    import yaml

    content = yaml.safe_load(SPECIFICATION.read_text("utf-8"))
    content["stages"] |= stage
    found = describe_pair(estimate_pairs(IDS, make_sources(), content), "AUT", "CHL")
    assert found["index"]["low"] <= found["index"]["score"] <= found["index"]["high"]
    assert (found["indicators"][0]["slope"] is None) == ("normalise" in stage)
