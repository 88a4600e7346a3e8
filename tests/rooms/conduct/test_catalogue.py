"""The catalogue: every measure is whole, within the scale, and of a permitted kind; nothing coercive is in it."""

from __future__ import annotations

import pytest
import yaml

from comity.conduct import catalogue
from comity.conduct.bounds import is_answer_code
from comity.conduct.catalogue import (
    Measure,
    describe_measure,
    list_measures,
    read_catalogue,
    read_instruments,
    read_kinds,
    read_reversibilities,
)
from comity.conduct.errors import ConductError
from comity.events.scale import read_scale
from comity.forms.bounds import find_breach, list_classes
from comity.forms.choices import find_nearest

MEASURES = list(read_catalogue().values())
ASKED_FOR = {
    "thanks", "acknowledge-step", "working-visit", "joint-commission", "scholarships", "academic-exchange",
    "visa-facilitation", "recognise-conformity", "customs-cooperation", "single-window", "joint-research",
    "offer-good-offices", "mediate", "arbitration", "special-agreement-icj", "consultations", "oral-representation",
    "protest-note", "recall-for-consultations", "suspend-own-talks", "conciliation", "commission-of-inquiry",
}  # fmt: skip
REFUSED_TYPES = {"COERCE", "ASSAULT", "MOBILIZE", "THREATEN", "PROTEST"}


@pytest.fixture(params=MEASURES, ids=[measure.id for measure in MEASURES])
def measure(request: pytest.FixtureRequest) -> Measure:
    """Give each measure of the catalogue."""
    found: Measure = request.param
    return found


@pytest.fixture(scope="module")
def written() -> dict[str, dict[str, object]]:
    """Give the entries of the file by id."""
    entries = yaml.safe_load((catalogue.HERE / "catalogue.yml").read_text("utf-8"))["measures"]
    return {entry["id"]: entry for entry in entries}


def test_there_are_at_least_sixty_measures_and_those_asked_for() -> None:
    assert len(MEASURES) >= 60
    assert set(read_catalogue()) >= ASKED_FOR


def test_every_kind_has_a_measure_and_a_meaning() -> None:
    assert {measure.kind for measure in MEASURES} == set(read_kinds())
    assert all(len(meaning) > 10 for meaning in read_kinds().values())


def test_every_field_of_a_measure_is_filled(measure: Measure) -> None:
    assert all((measure.id, measure.title, measure.description, measure.ends, measure.owner, measure.codes))
    assert len(measure.description) > 20
    assert measure.kind in read_kinds()
    assert measure.reversibility in read_reversibilities()
    assert isinstance(measure.needs_consent, bool)
    assert not measure.own


def test_every_basis_names_an_instrument_and_an_article(measure: Measure) -> None:
    assert measure.basis
    for basis in measure.basis:
        assert basis.instrument in read_instruments()
        assert basis.article.strip()


def test_every_precedent_has_a_reference_and_a_case_has_its_year(measure: Measure) -> None:
    precedent = measure.precedent
    assert precedent.text and len(precedent.reference) > 5
    assert precedent.is_case == (precedent.year is not None)
    assert precedent.year is None or 1899 <= precedent.year <= 2026


def test_every_code_exists_has_a_score_and_may_be_carried(measure: Measure) -> None:
    scale = read_scale()
    for code in measure.codes:
        row = scale.get(code)
        assert row is not None and row.score is not None
        assert scale.low <= row.score <= scale.high
        assert is_answer_code(code)
        assert row.type not in REFUSED_TYPES


def test_the_level_written_down_is_that_of_the_scale_and_on_one_side(
    measure: Measure, written: dict[str, dict[str, object]]
) -> None:
    scale = read_scale()
    assert written[measure.id]["level"] == measure.find_level(scale)
    rows = [scale.get(code) for code in measure.codes]
    assert len({scale.name_side(row.score) for row in rows if row is not None}) == 1


def test_no_id_is_given_twice(written: dict[str, dict[str, object]]) -> None:
    assert len(written) == len(MEASURES)


def test_an_unfriendly_measure_has_a_friendly_way_back(measure: Measure) -> None:
    scale = read_scale()
    if scale.name_side(measure.find_level(scale)) == "unfriendly":
        assert measure.returns
    for name in measure.returns:
        assert scale.name_side(read_catalogue()[name].find_level(scale)) == "friendly"


def test_only_complaint_recourse_to_law_and_ones_own_restraint_are_unfriendly() -> None:
    scale = read_scale()
    harsh = {measure.kind for measure in MEASURES if scale.name_side(measure.find_level(scale)) == "unfriendly"}
    assert harsh == {"settlement", "representation", "restraint"}


def test_no_measure_meets_a_refused_word(measure: Measure) -> None:
    texts = (measure.id, measure.title, measure.description, measure.ends, measure.owner)
    assert [breach for text in texts if (breach := find_breach(text))] == []


def test_every_measure_has_a_level_on_every_scale_of_the_package(measure: Measure) -> None:
    assert measure.find_level(read_scale("plover")) is not None


def test_a_described_measure_is_plain_and_says_at_whom_it_is_directed(measure: Measure) -> None:
    said = describe_measure(measure, read_scale())
    assert said["target"] == ["state", "igo"]
    assert all(basis["instrument"] in read_instruments().values() for basis in said["basis"])


def test_measures_are_listed_by_kind_and_an_unknown_kind_is_refused() -> None:
    assert {measure.kind for measure in list_measures("settlement")} == {"settlement"}
    assert len(list_measures()) == len(MEASURES)
    with pytest.raises(ConductError, match="no kind 'punishment'"):
        list_measures("punishment")


def test_every_instrument_is_used() -> None:
    used = {basis.instrument for measure in MEASURES for basis in measure.basis}
    references = {measure.precedent.reference for measure in MEASURES}
    assert {key for key, text in read_instruments().items() if key not in used and text not in references} == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("trade embargo", "coercive"), ("economic-sanctions", "coercive"), ("naval blockade", "coercive"),
        ("show of force", "coercive"), ("ultimatum", "coercive"), ("countermeasures", "coercive"),
        ("suspend_aid", "coercive"), ("retaliatory duties", "coercive"), ("cyber operation", "covert"),
        ("covert action", "covert"), ("intelligence service", "covert"), ("bribes to officials", "covert"),
        ("expel diplomats", "punitive"), ("travel bans", "punitive"), ("persona non grata", "punitive"),
        ("arrest of citizens", "punitive"), ("measures on third parties", "punitive"),
        ("media campaign", "opinion"), ("social-media posts", "opinion"), ("influence public opinion", "opinion"),
        ("answer a journalist", "opinion"), ("counter the narrative", "opinion"), ("censor broadcasts", "opinion"),
    ],
)  # fmt: skip
def test_what_the_mission_excludes_is_met_by_its_class(text: str, kind: str) -> None:
    breach = find_breach(text)
    assert breach is not None and breach.kind == kind
    assert breach.says and breach.instead


@pytest.mark.parametrize(
    "text",
    ["protest note", "ministry of foreign affairs", "customs enforcement", "agreement in force", "impressive visit",
     "expressed regret", "reinforced bridge", "proximity talks", "occupational safety", "annexed protocol"],
)  # fmt: skip
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert find_breach(text) is None


def test_a_breach_can_be_looked_for_in_some_classes_only() -> None:
    assert find_breach("until the embargo ends", ("covert", "opinion")) is None
    assert set(list_classes()) == {"coercive", "covert", "punitive", "opinion"}


def test_the_nearest_names_come_first() -> None:
    assert find_nearest("protest-notes", read_catalogue())[0] == "protest-note"
    assert find_nearest("visa", read_catalogue())
    assert find_nearest("zzzzqqq", read_catalogue()) == []
