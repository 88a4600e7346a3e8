"""Regions of M49: every state lies in one, and an unknown name is an error that lists them."""

from __future__ import annotations

import pytest

from comity.lexicon import UnknownRegion, identify_region, list_regions, read_actors


def test_every_sub_region_of_the_table_of_states_is_in_one_region():
    used = {actor.region for actor in read_actors() if actor.kind == "state"}
    subs = list_regions()["World"]
    assert len(subs) == len(set(subs)) and used == set(subs)
    for sub in subs:
        assert sum(sub in parts for name, parts in list_regions().items() if name not in ("World", sub)) == 1


def test_a_region_is_the_sum_of_its_parts():
    whole = identify_region("oceania")
    parts = [identify_region(name)[1] for name in list_regions()["Oceania"]]
    assert whole[0] == "Oceania"
    assert whole[1] == frozenset().union(*parts) and len(whole[1]) == sum(map(len, parts))


@pytest.mark.parametrize("text", ["Nowhere", "", "EU"])
def test_an_unknown_region_is_an_error_that_lists_those_that_there_are(text: str):
    with pytest.raises(UnknownRegion, match="Western Asia") as raised:
        identify_region(text)
    assert repr(text) in str(raised.value)
