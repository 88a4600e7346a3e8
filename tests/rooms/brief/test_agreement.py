"""The brief says what an agreement, or its end, would mean, or why it cannot."""

import pytest

from comity.brief.agreement import describe_agreement, list_agreement_references, render_percent
from comity.lexicon import identify_actor


def test_both_cases_are_described_for_both_parties_with_intervals():
    found = describe_agreement([identify_actor("Kenya"), identify_actor("Japan")])
    assert [(row["case"], row["id"]) for row in found["rows"]] == [
        ("agreement", "KEN"), ("agreement", "JPN"), ("end", "KEN"), ("end", "JPN")
    ]  # fmt: skip
    for row in found["rows"]:
        assert row["welfare_low"] <= row["welfare"] <= row["welfare_high"]
        assert (row["welfare"] > 0) == (row["case"] == "agreement")
    for entry in found["others"]:
        assert entry["gain"] + entry["lose"] + entry["open"] == 192
    assert len(list_agreement_references({"agreement": found})) == 2


@pytest.mark.parametrize("name", ["Soviet Union", "European Union", "Cuba"])
def test_a_party_without_trade_on_record_is_named(name: str):
    actor = identify_actor(name)
    found = describe_agreement([identify_actor("Japan"), actor])
    assert found["rows"] == []
    assert actor.name in found["reason"]
    assert list_agreement_references({"agreement": found}) == []


def test_swapping_the_parties_swaps_the_rows():
    one, other = identify_actor("Brazil"), identify_actor("India")
    there, back = describe_agreement([one, other]), describe_agreement([other, one])
    assert sorted(map(str, there["rows"])) == sorted(map(str, back["rows"]))


def test_a_small_change_keeps_its_digits():
    assert render_percent(-0.0003) == "\N{MINUS SIGN}0.0003 %"
