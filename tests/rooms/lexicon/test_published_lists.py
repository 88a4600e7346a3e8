"""The tables against published lists: ISO and M49, COW in the UN voting data, GDELT's CAMEO codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from comity.lexicon import (
    get_actor,
    identify_actor,
    list_cameo_igos,
    list_cameo_regions,
    list_cameo_states,
    read_actors,
)
from comity.lexicon.actors import read_areas

# Iso3c of the UN voting data that is not the state's code of the time, each with the number it stands beside.
ODD_VOTING_CODES = {"345 YUG", "678 YAR", "680 YAR", "260 DEU"}
# CAMEO groups of type IGO that are no organisation of governments; docs/methods/lexicon.md gives the reasons.
NO_ORGANISATIONS = {"CFA", "HIP", "IPU", "UNOWCT"}


@pytest.fixture(scope="module")
def country_codes(shared: Path) -> dict[str, dict[str, str]]:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = parquet.read_table(shared / "data/structural/countries_codes.parquet").to_pylist()
    return {row["ISO3166-1-Alpha-3"]: row for row in rows}


@pytest.fixture(scope="module")
def cameo_codes(shared: Path) -> dict[str, dict[str, str]]:
    text = (shared / "data/lookups/gdeltforge_cameo_codes.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


def test_iso_and_m49_codes_are_those_of_the_published_list(country_codes: dict[str, dict[str, str]]) -> None:
    compared = 0
    for actor in read_actors():
        row = country_codes.get(actor.id)
        if row is None:
            continue
        compared += 1
        assert actor.codes["iso2"] == row["ISO3166-1-Alpha-2"]
        assert actor.codes["isonum"] == row["ISO3166-1-numeric"].zfill(3)
        assert actor.codes["m49"] == row["M49"].zfill(3)
        assert actor.region == row["Sub-region Name"] or actor.id == "TWN"
    assert compared == sum(1 for a in read_actors() if a.kind == "state" and a.status in ("member", "observer")) + 4


def test_fips_codes_are_those_of_the_published_list(country_codes: dict[str, dict[str, str]]) -> None:
    for actor in read_actors():
        published = country_codes.get(actor.id, {}).get("FIPS", "")
        if published:
            assert actor.codes["fips"] in (published, published[:2], published[-2:]), actor.id


def test_every_iso_entry_is_an_actor_or_a_territory(country_codes: dict[str, dict[str, str]]) -> None:
    ours = {actor.id for actor in read_actors()} | {area.iso3 for area in read_areas()}
    assert set(country_codes) <= ours


def test_cow_numbers_are_those_of_the_un_voting_data(shared: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(shared / "data/structural/unga_idealpoints_1946_2024.parquet")
    pairs = {(row["ccode"], row["iso3c"]) for row in table.select(["ccode", "iso3c"]).to_pylist()}
    known = {(number, code) for number, code in pairs if code and f"{number} {code}" not in ODD_VOTING_CODES}
    assert len(known) > len([actor for actor in read_actors() if actor.status == "member"]) - 5
    for number, code in known:
        assert identify_actor(f"cow:{number}").id == code


def test_every_cow_number_of_the_un_voting_data_is_known(shared: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(shared / "data/structural/unga_idealpoints_1946_2024.parquet")
    for number in set(table["ccode"].to_pylist()):
        assert identify_actor(f"cow:{number}", kind="state").codes


def test_every_cameo_country_code_is_a_state_a_region_or_a_territory(
    cameo_codes: dict[str, dict[str, str]],
) -> None:
    states, regions = list_cameo_states(), list_cameo_regions()
    published = set(cameo_codes["ACTOR_COUNTRY_CODES"])
    assert published <= set(states) | set(regions)
    assert set(states) | set(regions) <= published | {"ROU", "MNE"}


def test_cameo_state_names_agree(cameo_codes: dict[str, dict[str, str]]) -> None:
    spellings = {"COL": "Columbia", "KNA": "Saint Kitts-Nevis"}
    for code, id in list_cameo_states().items():
        name = cameo_codes["ACTOR_COUNTRY_CODES"].get(code)
        first = (name or get_actor(id).name).split(" (")[0].split(",")[0]
        if code not in spellings and first not in ("Korea", "Congo"):
            assert identify_actor(first, kind="state").id == id


def test_every_igo_group_code_is_an_actor_or_set_aside_with_a_reason(
    cameo_codes: dict[str, dict[str, str]],
) -> None:
    groups = {code[3:] for code in cameo_codes["ACTOR_KNOWN_GROUP_CODES"] if code.startswith("IGO")}
    ours = set(list_cameo_igos())
    assert groups - ours == NO_ORGANISATIONS
    assert ours - groups == {"AFU", "IOM"}
