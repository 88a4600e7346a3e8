"""Naming an actor: any code, an unambiguous name, or an error that says what to write."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.lexicon import AmbiguousActor, ComityError, UnknownActor, get_actor, identify_actor, read_actors
from comity.lexicon.actors import Actor, read_areas
from comity.lexicon.names import MOST_SHOWN
from comity.lexicon.spelling import MOST_NEAREST, fold_name, list_names

ACTORS = read_actors()
SHADOWED = {"IGO:AU", "IGO:EC", "IGO:CAN", "IGO:NAM"}  # short names that are ISO codes of states


def day_of(actor: Actor) -> date:
    """Give the day in the middle of an actor's time."""
    first, last = actor.valid_from or date(1946, 1, 2), actor.valid_to or date(2025, 1, 1)
    return first + (last - first) / 2


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("DEU", "DEU"),
        ("deu", "DEU"),
        ("DE", "DEU"),
        (" Germany ", "DEU"),
        ("276", "DEU"),
        ("isonum:276", "DEU"),
        ("m49:276", "DEU"),
        ("m49:4", "AFG"),
        ("isonum:004", "AFG"),
        ("cow:255", "DEU"),
        ("COW:255", "DEU"),
        ("cow:002", "USA"),
        ("2", "USA"),
        ("gw:260", "DEU"),
        ("cow:260", "DEU"),
        ("fips:GM", "DEU"),
        ("GM", "GMB"),
        ("fips:AU", "AUT"),
        ("AU", "AUS"),
        ("IGO:AU", "IGO:AU"),
        ("African Union", "IGO:AU"),
        ("cameo:ROM", "ROU"),
        ("ROM", "ROU"),
        ("TMP", "TLS"),
        ("iso3:ZAR", "COD"),
        ("UP", "UKR"),
        ("igo:eu", "IGO:EU"),
        ("EU", "IGO:EU"),
        ("cameo:EEC", "IGO:EU"),
        ("cameo:IGOUNO", "IGO:UN"),
        ("cameo:IGOUNOWHO", "IGO:WHO"),
        ("cameo:SAD", "IGO:SADC"),
        ("uno", "IGO:UN"),
        ("NATO", "IGO:NATO"),
        ("Arab League", "IGO:LAS"),
        ("Warsaw Pact", "IGO:WTORG"),
        ("United States", "USA"),
        ("the United States of America", "USA"),
        ("U.S.A.", "USA"),
        ("UK", "GBR"),
        ("Russia", "RUS"),
        ("South Korea", "KOR"),
        ("Korea, Rep.", "KOR"),
        ("Burma", "MMR"),
        ("Ivory Coast", "CIV"),
        ("cote d’ivoire", "CIV"),
        ("Holland", "NLD"),
        ("Turkey", "TUR"),
        ("TURKIYE", "TUR"),
        ("Viet Nam", "VNM"),
        ("St. Lucia", "LCA"),
        ("Trinidad & Tobago", "TTO"),
        ("The Gambia", "GMB"),
        ("Guinea", "GIN"),
        ("Dominica", "DMA"),
        ("Sudan", "SDN"),
        ("Ireland", "IRL"),
        ("Georgia", "GEO"),
        ("Macedonia", "MKD"),
        ("DR Congo", "COD"),
        ("Congo-Brazzaville", "COG"),
        ("Kosovo", "XKX"),
        ("Taiwan", "TWN"),
        ("Vatican", "VAT"),
        ("Soviet Union", "SUN"),
        ("USSR", "SUN"),
        ("Czechoslovakia", "CSK"),
        ("Yugoslavia", "YUG"),
        ("East Germany", "DDR"),
        ("West Germany", "DEU"),
    ],
)
def test_a_code_or_a_name_means_an_actor(text: str, id: str) -> None:
    assert identify_actor(text).id == id


@pytest.mark.parametrize(
    ("text", "day", "id"),
    [
        ("Yugoslavia", date(1985, 1, 1), "YUG"),
        ("Yugoslavia", date(1995, 1, 1), "SCG"),
        ("YUG", date(1995, 1, 1), "SCG"),
        ("cow:345", date(1985, 1, 1), "YUG"),
        ("cow:345", date(2004, 1, 1), "SCG"),
        ("cow:345", date(2020, 1, 1), "SRB"),
        ("Russia", date(1985, 1, 1), "SUN"),
        ("cow:365", date(1985, 1, 1), "SUN"),
        ("Yemen", date(1985, 1, 1), "XNY"),
        ("YEM", date(1985, 1, 1), "XNY"),
        ("CS", date(1985, 1, 1), "CSK"),
        ("CS", date(2005, 1, 1), "SCG"),
        ("cameo:EEC", date(1985, 1, 1), "IGO:EC"),
        ("cameo:OAU", date(1985, 1, 1), "IGO:OAU"),
        ("Germany", date(1985, 1, 1), "DEU"),
    ],
)
def test_a_day_decides_between_actors_of_one_name(text: str, day: date, id: str) -> None:
    assert identify_actor(text, on=day).id == id


def test_without_a_day_a_continuing_actor_comes_before_an_ended_one() -> None:
    assert identify_actor("cow:345").id == "SRB"
    assert identify_actor("cow:365").id == "RUS"
    assert identify_actor("cameo:OAU").id == "IGO:AU"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Korea", {"KOR", "PRK"}),
        ("Congo", {"COD", "COG"}),
        ("CS", {"CSK", "SCG"}),
        ("iso2:CS", {"CSK", "SCG"}),
        ("IDB", {"IGO:IADB", "IGO:ISDB"}),
        ("20", {"AND", "CAN"}),
        ("345", {"SRB", "SCG", "YUG"}),
        ("970", {"NRU", "KIR"}),
    ],
)
def test_an_ambiguous_text_lists_its_candidates_each_with_an_exact_key(text: str, ids: set[str]) -> None:
    with pytest.raises(AmbiguousActor) as caught:
        identify_actor(text)
    keys = [line.rpartition(": ")[0] for line in caught.value.candidates]
    assert {identify_actor(key).id for key in keys} == ids
    assert all(key in caught.value.todo for key in keys)
    assert repr(text) in str(caught.value)


def test_a_kind_narrows_the_search() -> None:
    assert identify_actor("AU", kind="igo").id == "IGO:AU"
    assert identify_actor("NAM", kind="igo").id == "IGO:NAM"
    assert identify_actor("NAM").id == "NAM"
    with pytest.raises(UnknownActor, match="kind 'igo', not 'state'"):
        identify_actor("EU", kind="state")
    with pytest.raises(ComityError, match="'empire'"):
        identify_actor("EU", kind="empire")


@pytest.mark.parametrize(
    ("text", "id"),
    [("Grmany", "DEU"), ("Frnace", "FRA"), ("Dominican", "DOM"), ("United", "GBR"), ("Gemany", "DEU")],
)
def test_an_unknown_name_lists_the_nearest(text: str, id: str) -> None:
    with pytest.raises(UnknownActor) as caught:
        identify_actor(text)
    assert f"{get_actor(id).name} ({id})" in caught.value.nearest
    assert len(caught.value.nearest) <= MOST_NEAREST
    assert repr(text) in str(caught.value) and caught.value.nearest[0] in str(caught.value)


def test_the_nearest_of_a_continuing_and_an_ended_state_is_the_continuing_one() -> None:
    with pytest.raises(UnknownActor) as caught:
        identify_actor("GER")
    assert caught.value.nearest[0] == "Germany (DEU)"


@pytest.mark.parametrize("text", ["", "   ", "foo:bar", "cow:", "iso2:", "北京", "\x00", "cow:99999", "²"])
def test_nonsense_is_unknown(text: str) -> None:
    with pytest.raises(UnknownActor, match="no state or IGO answers to"):
        identify_actor(text)


def test_a_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(UnknownActor) as caught:
        identify_actor("x" * 1_000_000)
    assert len(caught.value.what) < 2 * MOST_SHOWN


@pytest.mark.parametrize(
    ("text", "place"),
    [("Hong Kong", "territory"), ("HKG", "territory"), ("EUR", "region"), ("Europe", "region")],
)
def test_a_region_or_territory_is_named_as_such(text: str, place: str) -> None:
    with pytest.raises(UnknownActor, match=f"a {place}, not a state or an IGO"):
        identify_actor(text)


@pytest.mark.parametrize(("text", "id"), [("BM", "MMR"), ("260", "DEU")])
def test_the_iso_code_of_a_territory_never_means_a_state_by_another_system(text: str, id: str) -> None:
    with pytest.raises(UnknownActor) as caught:
        identify_actor(text)
    assert any(f"({id})" in line for line in caught.value.nearest)


@pytest.mark.parametrize(
    ("text", "day", "near"),
    [
        ("RUS", date(1985, 1, 1), "(SUN)"),
        ("Serbia", date(2000, 1, 1), "(SCG)"),
        ("EU", date(1985, 1, 1), "(IGO:EC)"),
    ],
)
def test_an_actor_of_another_time_is_named_with_its_days_and_its_kin(text: str, day: date, near: str) -> None:
    with pytest.raises(UnknownActor, match=f"not on {day}") as caught:
        identify_actor(text, on=day)
    assert near in caught.value.nearest[0]


@given(st.sampled_from(ACTORS))
def test_any_actor_is_found_by_each_of_its_prefixed_codes(actor: Actor) -> None:
    for system, code in actor.codes.items():
        assert identify_actor(f"{system}:{code}", on=day_of(actor)) == actor
        if actor.valid_to is None:
            assert identify_actor(f"{system}:{code}") == actor
    for text in actor.other_codes:
        assert identify_actor(text, on=day_of(actor)) == actor


@given(st.sampled_from(ACTORS), st.sampled_from([str.upper, str.lower, str.title]))
def test_any_actor_is_found_by_its_id_and_name_in_any_case(actor: Actor, change: object) -> None:
    assert callable(change)
    assert identify_actor(change(actor.id)) == actor
    assert identify_actor(change(actor.name), on=day_of(actor)) == actor


@given(st.sampled_from(ACTORS))
def test_every_further_name_means_its_actor_or_is_ambiguous(actor: Actor) -> None:
    for name in list_names(actor):
        short = actor.kind == "igo" and f"IGO:{name}" == actor.id
        if short and actor.id in SHADOWED:
            continue
        try:
            assert identify_actor(name, on=day_of(actor)) == actor
        except AmbiguousActor as error:
            assert any(f"({actor.id})" in line for line in error.candidates)


@given(st.text(max_size=30), st.none() | st.dates())
def test_any_text_means_an_actor_or_raises_our_error(text: str, day: date | None) -> None:
    try:
        actor = identify_actor(text, on=day)
    except ComityError as error:
        assert isinstance(error, UnknownActor | AmbiguousActor)
    else:
        assert day is None or actor.is_valid(day)


@given(st.sampled_from(ACTORS))
def test_an_actor_is_not_found_outside_its_days(actor: Actor) -> None:
    outside = []
    if actor.valid_from:
        outside.append(actor.valid_from - timedelta(days=1))
    if actor.valid_to:
        outside.append(actor.valid_to + timedelta(days=1))
    for day in outside:
        try:
            found = identify_actor(actor.id, on=day)
        except UnknownActor:
            continue
        assert found != actor and found.is_valid(day)


def test_iso_codes_of_states_hide_only_the_listed_short_names() -> None:
    codes = {code.casefold() for a in ACTORS for s, code in a.codes.items() if s in ("iso2", "iso3")}
    short = {a.id for a in ACTORS if a.kind == "igo" and a.id.removeprefix("IGO:").casefold() in codes}
    assert short == SHADOWED


def test_no_name_of_an_actor_is_the_name_or_code_of_a_territory() -> None:
    areas = {fold_name(text) for a in read_areas() for text in (a.name, a.iso2, a.iso3) if text}
    names = {fold_name(name) for actor in ACTORS for name in list_names(actor)}
    assert not areas & names


def test_first_names_are_unique() -> None:
    for one, other in itertools.combinations(ACTORS, 2):
        assert fold_name(one.name) != fold_name(other.name)
