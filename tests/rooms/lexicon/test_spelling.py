"""Comparing names: what does not matter, and what is near."""

from __future__ import annotations

import pytest

from comity.lexicon import get_actor, read_actors
from comity.lexicon.spelling import (
    MOST_NEAREST,
    find_nearest,
    fold_name,
    list_names,
    show_actors,
    split_words,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Viet Nam", "Vietnam"),
        ("Côte d'Ivoire", "COTE D’IVOIRE"),
        ("São Tomé & Príncipe", "Sao Tome and Principe"),
        ("St. Lucia", "Saint Lucia"),
        ("The Gambia", "gambia"),
        ("U.S.", "US"),
        ("Türkiye", "turkiye"),
        ("Guinea-Bissau", "Guinea Bissau"),
    ],
)
def test_case_marks_and_articles_do_not_matter(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_an_article_alone_stays_a_word() -> None:
    assert split_words("The") == ["the"]
    assert split_words("") == []


def test_an_igo_has_its_short_name_second() -> None:
    assert list_names(get_actor("IGO:EU"))[:2] == ("European Union", "EU")
    assert list_names(get_actor("FRA"))[0] == "France"


def test_the_nearest_come_first_and_are_few() -> None:
    near = find_nearest("Irak", read_actors())
    assert {actor.id for actor in near[:2]} == {"IRN", "IRQ"}
    assert len(find_nearest("organization", read_actors())) == MOST_NEAREST


def test_nothing_is_near_to_nothing() -> None:
    assert find_nearest("", read_actors()) == []
    assert find_nearest("qqqqqqqq", read_actors()) == []


def test_actors_are_shown_by_name_and_id() -> None:
    assert list(show_actors([get_actor("DEU"), get_actor("IGO:EU")])) == [
        "Germany (DEU)",
        "European Union (IGO:EU)",
    ]
