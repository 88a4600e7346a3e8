"""A plan opens with what stands and what is missing; each figure has its source, and no place is a suggestion."""

from __future__ import annotations

from typing import Any

import pytest

from comity.api import describe_partners


@pytest.fixture(scope="module")
def ground() -> dict[str, Any]:
    return describe_partners("Iceland", "Norway")


def test_every_figure_has_a_source_and_a_missing_one_is_missing(ground: dict[str, Any]):
    rows = [*ground["stands"], *ground["missing"], *ground["openings"]]
    assert len(ground["stands"]) > 10 and ground["openings"]
    assert all(row["source"] for row in rows)
    assert all(row["value"] is not None for row in ground["stands"])


def test_parties_have_their_names_in_what_is_said_of_them(ground: dict[str, Any]):
    said = [row["what"] for row in ground["stands"] if row["what"].startswith("Index of relations")]
    assert sorted(said) == [f"Index of relations, {way}" for way in ("Iceland toward Norway", "Norway toward Iceland")]


def test_common_organisations_stand_first(ground: dict[str, Any]):
    said = [row["what"] for row in ground["stands"]]
    assert said[0].startswith("Both are members of ")
    assert {"Both are members of EFTA", "Both are members of NATO"} <= set(said)


def test_nobody_is_told_to_have_a_border_or_to_vote_otherwise(ground: dict[str, Any]):
    said = " ".join(row["what"] for row in ground["openings"])
    assert "border" not in said and "General Assembly" not in said and "language" not in said


def test_turning_the_pair_turns_the_parties_only(ground: dict[str, Any]):
    turned = describe_partners("Norway", "Iceland")
    assert (turned["a"], turned["b"]) == (ground["b"], ground["a"])
    assert turned["openings"] == ground["openings"]
    assert {row["what"] for row in turned["stands"]} == {row["what"] for row in ground["stands"]}
