"""The table of actors: counts, validity, codes that mean one actor at a time, and what CAMEO lists."""

from __future__ import annotations

import copy
import itertools
import pickle
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from comity.lexicon import (
    Actor,
    LexiconTableError,
    UnknownActor,
    get_actor,
    list_cameo_igos,
    list_cameo_regions,
    list_cameo_states,
    read_actors,
)
from comity.lexicon.actors import CODE_SYSTEMS, _build_state, _read_rows, parse_day, read_areas

UN_MEMBERS = 193
LEAST_IGOS = 40
USER_ASSIGNED = re.compile(r"X[A-X][A-Z]|ZZ[A-Z]")  # two of the ranges that ISO 3166-1 leaves to its users
IGOS_OF_THE_ISSUE = "UN EU NATO ASEAN AU OSCE EAEU CIS ECOWAS MERCOSUR GCC OAS SCO BRICS".split()
UNDATED_REUSE = {("iso2", "CS")}  # ISO gave it to Serbia and Montenegro in 2003; codes bear no dates of their own
DATED = re.compile(r"\b(1[89]|20)\d\d\b")


def first_day(actor: Actor) -> date:
    return actor.valid_from or date.min


def last_day(actor: Actor) -> date:
    return actor.valid_to or date.max


def test_members_and_observers_are_those_of_the_united_nations() -> None:
    by_status = Counter(actor.status for actor in read_actors())
    assert by_status["member"] == UN_MEMBERS
    assert {actor.id for actor in read_actors() if actor.status == "observer"} == {"PSE", "VAT"}


def test_igos_of_the_issue_are_there() -> None:
    ids = {actor.id for actor in read_actors() if actor.kind == "igo"}
    assert len(ids) >= LEAST_IGOS
    assert {f"IGO:{name}" for name in IGOS_OF_THE_ISSUE} <= ids


def test_ids_are_unique() -> None:
    assert not [id for id, count in Counter(actor.id for actor in read_actors()).items() if count > 1]


def test_state_ids_are_iso_or_user_assigned() -> None:
    for actor in read_actors():
        if actor.kind == "state":
            assert USER_ASSIGNED.fullmatch(actor.id) or actor.codes["iso3"] == actor.id


def test_every_status_has_a_dated_source() -> None:
    undated = [actor.id for actor in read_actors() if not DATED.search(actor.status_source)]
    assert not undated


def test_contested_states_are_present_and_marked() -> None:
    contested = {actor.id for actor in read_actors() if actor.status == "contested"}
    assert {"TWN", "XKX", "ESH", "COK", "NIU", "XNC", "XAB", "XOS", "XSL", "XTN"} <= contested


def test_former_states_end_and_others_continue() -> None:
    for actor in read_actors():
        if actor.status == "former":
            assert actor.valid_to is not None
        if actor.status in ("member", "observer"):
            assert actor.valid_to is None


def test_validity_is_an_interval() -> None:
    assert all(first_day(actor) < last_day(actor) for actor in read_actors())


@pytest.mark.parametrize(
    ("ended", "begun"),
    [("SUN", "RUS"), ("CSK", "CZE"), ("CSK", "SVK"), ("YUG", "SCG"), ("SCG", "SRB"), ("XNY", "YEM")],
)
def test_a_successor_begins_the_day_after_its_predecessor_ends(ended: str, begun: str) -> None:
    end = get_actor(ended).valid_to
    assert end is not None
    assert get_actor(begun).valid_from == end + timedelta(days=1)


def test_the_division_of_sudan_keeps_sudan() -> None:
    sudan = get_actor("SDN")
    assert sudan.is_valid(date(2000, 1, 1)) and sudan.is_valid(date(2020, 1, 1))
    assert get_actor("SSD").valid_from == date(2011, 7, 9)


@pytest.mark.parametrize("system", CODE_SYSTEMS)
def test_a_code_means_one_actor_at_a_time(system: str) -> None:
    holders: dict[str, list[Actor]] = defaultdict(list)
    for actor in read_actors():
        if system in actor.codes:
            holders[actor.codes[system]].append(actor)
    for code, actors in holders.items():
        for one, other in itertools.combinations(actors, 2):
            apart = last_day(one) < first_day(other) or last_day(other) < first_day(one)
            known = (system, code) in UNDATED_REUSE
            assert apart or known, f"{system}:{code} means {one.id} and {other.id} at the same time"


def test_codes_have_the_form_of_their_system() -> None:
    forms = {
        "iso2": "[A-Z]{2}",
        "iso3": "[A-Z]{3}",
        "isonum": r"\d{3}",
        "m49": r"\d{3}",
        "cameo": "[A-Z]{3,6}",
        "fips": "[A-Z]{2}",
        "cow": r"[1-9]\d{0,2}",
        "gw": r"[1-9]\d{0,2}",
    }
    for actor in read_actors():
        others = (text.split(":") for text in actor.other_codes)
        for system, code in itertools.chain(actor.codes.items(), others):
            assert re.fullmatch(forms[system], code), (actor.id, system, code)


def test_cameo_codes_split_into_states_igos_and_regions() -> None:
    states, igos, regions = list_cameo_states(), list_cameo_igos(), list_cameo_regions()
    assert not set(states) & set(regions)
    assert (states["ROM"], states["TMP"], states["MTN"], states["FRA"]) == ("ROU", "TLS", "MNE", "FRA")
    assert (igos["EEC"], igos["OAU"], igos["SCE"], igos["UNO"]) == ("IGO:EU", "IGO:AU", "IGO:OSCE", "IGO:UN")
    assert (regions["EUR"], regions["HKG"]) == ("region", "territory")
    assert set(regions.values()) == {"region", "territory"}


def test_cameo_lists_name_continuing_actors_where_there_are_any() -> None:
    for mapping in (list_cameo_states(), list_cameo_igos()):
        for code, id in mapping.items():
            sharing = [a for a in read_actors() if code in (a.codes.get("cameo"), *a.other_codes)]
            assert get_actor(id).valid_to is None or all(actor.valid_to for actor in sharing)


@pytest.mark.parametrize("code", ["IPU", "AMN", "TAL", "WEF", "ALQ", "IRC", "HIP", "PLO"])
def test_groups_that_are_not_intergovernmental_are_no_actors(code: str) -> None:
    assert code not in list_cameo_igos()


def test_territories_are_no_states() -> None:
    ids = {actor.id for actor in read_actors()}
    assert not {area.iso3 for area in read_areas()} & ids


def test_get_actor_is_exact() -> None:
    assert get_actor("FRA").name == "France"
    with pytest.raises(UnknownActor, match="'fra'"):
        get_actor("fra")


def test_an_actor_is_immutable_and_travels_between_processes() -> None:
    france = get_actor("FRA")
    with pytest.raises(TypeError):
        france.codes["iso2"] = "XX"  # type: ignore[index]
    with pytest.raises(AttributeError):
        france.name = "Gallia"  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(france))  # noqa: S301 (made on the line itself)
    assert again == copy.deepcopy(france) == france
    assert hash(again) == hash(france)


def test_validity_includes_both_ends() -> None:
    east = get_actor("DDR")
    assert east.is_valid(date(1949, 10, 5)) and east.is_valid(date(1990, 10, 2))
    assert not east.is_valid(date(1949, 10, 4)) and not east.is_valid(date(1990, 10, 3))
    assert east.describe_validity() == "1949-10-05 to 1990-10-02"


def test_validity_is_described_where_an_end_is_open() -> None:
    assert get_actor("RUS").describe_validity() == "from 1991-12-26"
    assert get_actor("SUN").describe_validity() == "to 1991-12-25"
    assert get_actor("FRA").describe_validity() == "without dates"


def test_a_year_is_its_first_or_last_day() -> None:
    assert parse_day("1919", last=False) == date(1919, 1, 1)
    assert parse_day("1990", last=True) == date(1990, 12, 31)
    assert parse_day("", last=True) is None


def test_an_unknown_status_is_refused() -> None:
    row = {**next(_read_rows("states.csv")), "status": "realm"}
    with pytest.raises(LexiconTableError, match="'realm' of AFG"):
        _build_state(row)


def test_importing_and_reading_loads_nothing_heavy() -> None:
    program = (
        "import sys, comity.lexicon as lexicon; lexicon.read_actors(); lexicon.identify_actor('FRA');"
        "print(sorted({'pyarrow', 'duckdb', 'numpy', 'deltalake', 'jinja2', 'yaml'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
