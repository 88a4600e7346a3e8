"""The figures of a pair and of one state: right at face value, the same from either side, honest."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.foundations import (
    FoundationError,
    describe_foundations,
    describe_voting_path,
    list_sources,
    read_foundation,
)
from comity.lexicon import UnknownActor, get_actor, read_actors

THEMES = [
    "Trade",
    "Economy and population",
    "Geography and language",
    "United Nations voting",
    "Mobility",
    "Air links",
    "People",
    "Diplomatic missions",
]
IDS = sorted(actor.id for actor in read_actors())


def list_figures(a: str, b: str | None = None) -> list[dict[str, Any]]:
    """Give all figures without their themes."""
    return [figure for theme in describe_foundations(a, b) for figure in theme["figures"]]


def get_figure(measure: str, a: str, b: str | None = None) -> dict[str, Any]:
    """Give the one figure with this measure."""
    (figure,) = [figure for figure in list_figures(a, b) if figure["measure"] == measure]
    return figure


def sort_figures(figures: list[dict[str, Any]]) -> list[str]:
    """Give figures in an order that does not depend on the order of the parties."""
    return sorted(repr(sorted(figure.items())) for figure in figures)


def check_shape(themes: list[dict[str, Any]]) -> None:
    """Check the structure that every reader of the brief document relies on."""
    sources = {source["id"] for source in list_sources()}
    assert [theme["theme"] for theme in themes] == THEMES
    for theme in themes:
        assert theme["figures"]
        for figure in theme["figures"]:
            assert set(figure) == {"measure", "value", "unit", "year", "source", "note"}
            assert figure["source"] in sources
            assert isinstance(figure["unit"], str) and isinstance(figure["note"], str)
            if figure["value"] is None:
                assert figure["note"] and figure["year"] is None
            else:
                assert figure["year"]


@given(st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True))
def test_a_pair_seen_from_the_other_side_has_the_same_figures(pair: list[str]) -> None:
    one, other = pair
    forth, back = describe_foundations(one, other), describe_foundations(other, one)
    check_shape(forth)
    for there, here in zip(forth, back, strict=True):
        assert sort_figures(there["figures"]) == sort_figures(here["figures"])


@given(st.sampled_from(IDS))
def test_every_actor_can_be_described_alone(id: str) -> None:
    check_shape(describe_foundations(id))


def test_the_first_direction_is_that_of_the_first_party() -> None:
    measures = [figure["measure"] for figure in describe_foundations("DEU", "POL")[0]["figures"]]
    assert measures[0] == "Exports of goods from Germany to Poland"
    assert measures[3] == "Exports of goods from Poland to Germany"


def test_trade_of_a_pair_is_the_row_of_the_table_with_both_shares() -> None:
    data = read_foundation("trade")
    (row,) = data.filter(pc.and_(pc.equal(data["exporter"], "DEU"), pc.equal(data["importer"], "POL"))).to_pylist()
    goods, sold, bought = describe_foundations("DEU", "POL")[0]["figures"][:3]
    assert goods["value"] == row["value"] == 90_814_632_736
    assert (goods["unit"], goods["year"], goods["source"]) == ("USD", 2023, "baci")
    assert sold["value"] == pytest.approx(100 * row["export_share"], rel=1e-3)
    assert bought["value"] == pytest.approx(100 * row["import_share"], rel=1e-3)
    assert sold["unit"] == bought["unit"] == "%"


def test_neighbours_share_a_border_and_far_states_do_not() -> None:
    assert get_figure("Common land border", "DEU", "POL")["value"] == "yes"
    assert get_figure("Common land border", "NZL", "POL")["value"] == "no"


def test_states_with_one_language_are_told_from_others() -> None:
    measure = "Common official or primary language"
    assert get_figure(measure, "DEU", "AUT")["value"] == "yes"
    assert get_figure(measure, "DEU", "POL")["value"] == "no"


def test_distances_are_symmetric_and_in_kilometres() -> None:
    measure = "Distance between the capitals"
    there, back = get_figure(measure, "DEU", "POL"), get_figure(measure, "POL", "DEU")
    assert there == back
    assert there["value"] == pytest.approx(516, abs=5)
    assert there["unit"] == "km"


def test_published_figures_are_met() -> None:
    assert get_figure("GDP of Germany", "DEU")["value"] == 4_525_703_903_628
    assert get_figure("Persons from Poland living in Germany", "DEU", "POL")["value"] == 1_784_839
    assert "1990: 248,610" in get_figure("Persons from Poland living in Germany", "DEU", "POL")["note"]
    assert get_figure("Embassies of Germany in Poland", "DEU", "POL")["value"] == 1


def test_gdp_per_head_uses_gdp_and_population_of_one_year() -> None:
    rows = [row for row in read_foundation("economy").to_pylist() if row["state"] == "POL" and row["year"] == 2023]
    figure = get_figure("GDP per head of Poland", "POL")
    assert figure["value"] == round(rows[0]["gdp"] / rows[0]["population"])
    assert figure["year"] == 2023


def test_a_number_of_days_is_a_visa_free_stay() -> None:
    rows = [row for row in read_foundation("visa").to_pylist() if row["days"] == 90]
    row = rows[0]
    one, other = get_actor(row["passport"]), get_actor(row["destination"])
    figure = get_figure(f"Entry to {other.name} with a passport of {one.name}", one.id, other.id)
    assert (figure["value"], figure["year"]) == ("visa free, 90 days", "2025-01-12")


def test_the_distance_of_votes_is_that_of_the_ideal_points_with_their_intervals() -> None:
    one, other = (
        get_figure("Ideal point of Germany", "DEU", "POL"),
        get_figure("Ideal point of Poland", "DEU", "POL"),
    )
    gap = get_figure("Distance of the ideal points", "DEU", "POL")
    assert gap["value"] == pytest.approx(abs(one["value"] - other["value"]), abs=0.002)
    assert one["year"] == other["year"] == gap["year"] == 2024
    assert "90 % interval" in one["note"] and "intervals overlap" in gap["note"]
    assert get_figure("Distance of the ideal points, 10 years earlier", "DEU", "POL")["year"] == 2014


def test_the_path_of_votes_ends_with_the_figure_and_is_symmetric() -> None:
    path = describe_voting_path("DEU", "POL")
    assert path == describe_voting_path("POL", "DEU")
    assert [step["year"] for step in path] == sorted(step["year"] for step in path)
    assert path[0]["year"] == 1973 and path[-1]["year"] == 2024
    gap = get_figure("Distance of the ideal points", "DEU", "POL")
    assert path[-1]["distance"] == pytest.approx(gap["value"], abs=0.001)


def test_states_that_never_voted_in_one_year_have_no_path_and_no_distance() -> None:
    assert describe_voting_path("SRB", "YUG") == []
    figure = get_figure("Distance of the ideal points", "SRB", "YUG")
    assert (figure["value"], figure["note"]) == (None, "no year in which both have one")


def test_a_pair_without_a_figure_has_none_and_not_zero() -> None:
    data = read_foundation("trade")
    pairs = set(zip(data["exporter"].to_pylist(), data["importer"].to_pylist(), strict=True))
    states = sorted({id for pair in pairs for id in pair})
    one, other = next((a, b) for a in states for b in states if a != b and (a, b) not in pairs)
    goods = describe_foundations(one, other)[0]["figures"][0]
    assert goods["value"] is None
    assert goods["note"] == "no figure for this pair in the source"


def test_a_mission_that_is_not_listed_is_unknown_and_not_none() -> None:
    data = read_foundation("missions")
    listed = {(row["sender"], row["receiver"]) for row in data.to_pylist()}
    ids = sorted({id for pair in listed for id in pair})
    one, other = next((a, b) for a in ids for b in ids if a != b and (a, b) not in listed)
    figure = get_figure(f"Embassies of {get_actor(one).name} in {get_actor(other).name}", one, other)
    assert figure["value"] is None
    assert figure["note"].endswith("unknown, not none")


def test_a_state_that_a_source_does_not_list_is_named_as_such() -> None:
    listed = {row["actor"] for row in read_foundation("coverage").to_pylist() if row["source"] == "geodist"}
    absent = next(actor for actor in read_actors() if actor.status == "member" and actor.id not in listed)
    figure = get_figure("Distance between the capitals", absent.id, "POL")
    assert (figure["value"], figure["note"]) == (None, f"{absent.name} is not in the source's list")


def test_an_organisation_has_no_figures_and_says_so() -> None:
    figures = list_figures("IGO:EU")
    assert {figure["value"] for figure in figures} == {None}
    assert all("is an organisation, and the source has states only" in figure["note"] for figure in figures)


def test_a_former_state_has_the_figures_of_its_own_time_only() -> None:
    point = get_figure("Ideal point of Soviet Union", "SUN")
    assert point["year"] == 1991
    trade = describe_foundations("SUN")[0]["figures"][0]
    assert trade["value"] is None
    assert "ended on 1991-12-25" in trade["note"]


def test_the_five_largest_partners_of_a_state_are_ranked() -> None:
    figures = describe_foundations("DEU")[0]["figures"]
    assert len(figures) == 2 * (1 + 5)
    values = [figure["value"] for figure in figures[1:6]]
    assert values == sorted(values, reverse=True)
    assert figures[1]["note"].startswith("rank 1; ")


def test_the_neighbours_of_a_state_are_named() -> None:
    figure = get_figure("States with a common land border", "POL")
    assert figure["value"] == len(figure["note"].split(";")[0].split(", "))
    assert "Germany" in figure["note"]


def test_an_island_has_no_neighbour_which_is_known() -> None:
    assert get_figure("States with a common land border", "NZL")["value"] == 0


def test_the_destinations_of_a_passport_add_up() -> None:
    figures = describe_foundations("POL")[4]["figures"][:4]
    assert {figure["note"] for figure in figures} == {"of 196 states"}
    assert sum(figure["value"] for figure in figures) == 196


def test_a_small_share_is_not_rounded_to_zero() -> None:
    data = read_foundation("trade")
    row = data.take([pc.index(data["export_share"], pc.min(data["export_share"])).as_py()]).to_pylist()[0]
    share = describe_foundations(row["exporter"], row["importer"])[0]["figures"][1]["value"]
    assert share > 0


def test_names_and_codes_are_understood_as_well_as_ids() -> None:
    assert describe_foundations("germany", "PL") == describe_foundations("DEU", "POL")


def test_an_unknown_actor_is_refused() -> None:
    with pytest.raises(UnknownActor):
        describe_foundations("DEU", "Ruritania")


def test_a_state_is_not_tied_to_itself() -> None:
    with pytest.raises(FoundationError, match="same actor"):
        describe_foundations("DEU", "Germany")
