"""The laws of the house, put to every question about answers, measures and rules, over small made-up stores."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import comity
import comity.api
from comity.api.reciprocity import Terms
from comity.api.view import View
from comity.conduct.example import FOLDER
from comity.lexicon.errors import ComityError
from comity.reciprocity.bayes import Prior
from comity.reciprocity.eventtime import Gesture

pytestmark = pytest.mark.slow

PARTIES = ("DEU", "POL", "BRA", "JPN")
RENAMED = dict(zip(PARTIES, ("KEN", "PER", "FIJ", "NOR"), strict=True)) | {"BRA": "FJI"}
CODES = ("051", "042", "057", "112", "111", "040", "173", "010")
FIRST = date(2024, 1, 1)
EARLY, LATE = datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC)
DAILY = Terms(by="day", lags=2, horizon=3)
SERIES = Prior(scale="series")
Question = Callable[[View, str, str, str], Any]

QUESTIONS: dict[str, Question] = {
    "var": lambda v, a, b, c: comity.fit_var(a, b, terms=DAILY, most=3, view=v),
    "granger": lambda v, a, b, c: comity.identify_granger(a, b, terms=DAILY, extra=1, view=v),
    "responses": lambda v, a, b, c: comity.identify_responses(a, b, terms=DAILY, view=v),
    "bayes": lambda v, a, b, c: comity.fit_bayes(a, b, terms=DAILY, prior=SERIES, view=v),
    "projection": lambda v, a, b, c: comity.identify_projection(a, b, terms=DAILY, view=v),
    "answers": lambda v, a, b, c: comity.identify_answers(a, b, gesture=Gesture("friendly", window=5), view=v),
    "steadiness": lambda v, a, b, c: comity.identify_steadiness(a, b, terms=Terms(by="day"), view=v),
    "strategies": lambda v, a, b, c: comity.api.identify_strategies(a, b, by="day", view=v),
    "influence": lambda v, a, b, c: comity.identify_influence(a, b, c, terms=Terms(by="day", lags=1), view=v),
    "pairs": lambda v, a, b, c: comity.identify_pairs(terms=Terms(by="day", lags=1), least=5, view=v),
    "alternatives": lambda v, a, b, c: comity.score_alternatives(a, b, by="week", view=v).to_pylist(),
    "agreement": lambda v, a, b, c: comity.compare_alternatives(by="week", least=5, view=v),
    "audit": lambda v, a, b, c: comity.audit_conduct(FOLDER / "arcadia.yml", parties={"QMA": a}, partners=[b], view=v),
    "sections": lambda v, a, b, c: keep_sections(comity.compose_brief(a, b, view=v)),
}


def keep_sections(document: dict[str, Any]) -> dict[str, Any]:
    """Give the sections that rest on the store."""
    return {name: document[name] for name in ("reciprocity", "alternatives")}


def write_events(folder: Path, names: Mapping[str, str], first: int, last: int) -> Path:
    """Write a table of events in which a party often answers the day after."""
    rng = np.random.default_rng(7)
    lines = ["date,sender,receiver,code"]
    for day in range(130):
        drawn = [(a, b, rng.random(), rng.choice(CODES)) for a in PARTIES for b in PARTIES if a != b]
        for a, b, chance, code in drawn:
            often = 1.0 if (a, b) == ("JPN", "BRA") else 0.5 if {a, b} == {"DEU", "POL"} else 0.2  # no day is empty
            if first <= day < last and chance < often:
                lines.append(f"{FIRST + timedelta(days=day)},{names[a]},{names[b]},{code}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"days-{first}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder / f"days-{first}.csv"


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give a store, the same with other names, and the same of which later days came later."""
    folder = tmp_path_factory.mktemp("laws")
    same = {name: name for name in PARTIES}
    for kind, names in (("plain", same), ("renamed", RENAMED)):
        comity.load_events(write_events(folder / kind, names, 0, 90), folder / kind / "store", "comity", now=EARLY)
    comity.load_events(write_events(folder / "grown", same, 0, 90), folder / "grown" / "store", "comity", now=EARLY)
    comity.load_events(write_events(folder / "grown", same, 90, 130), folder / "grown" / "store", "comity", now=LATE)
    return {kind: folder / kind / "store" for kind in ("plain", "renamed", "grown")}


@pytest.fixture(scope="module")
def asked(stores: dict[str, Path]) -> dict[str, Any]:
    """Give the answer to every question, asked of the plain store."""
    return {name: ask(View(stores["plain"]), "DEU", "POL", "BRA") for name, ask in QUESTIONS.items()}


def tidy(value: Any, names: Mapping[str, str] | None = None) -> Any:
    """Give an answer without what names a store, its texts renamed, its numbers to nine digits, its lists of pairs
    in an order of their own."""
    names = names or {}
    if isinstance(value, dict):
        left = {key: inner for key, inner in value.items() if key not in ("about", "title", "little", "text", "limits")}
        plain = {names.get(key, key): tidy(inner, names) for key, inner in left.items()}
        for key in ("finds", "left_out", "cases", "rules"):
            if isinstance(plain.get(key), list):
                plain[key] = sorted(plain[key], key=repr)
        return plain
    if isinstance(value, list | tuple):
        return [tidy(inner, names) for inner in value]
    if isinstance(value, str):
        for old, new in names.items():
            value = value.replace(old, new)
        return value
    return float(f"{value:.9g}") if isinstance(value, float) else value


@pytest.mark.parametrize("name", QUESTIONS)
def test_renaming_the_parties_only_renames_the_answer(name: str, stores: dict[str, Path], asked: dict[str, Any]):
    other = QUESTIONS[name](View(stores["renamed"]), *(RENAMED[party] for party in ("DEU", "POL", "BRA")))
    assert tidy(asked[name], RENAMED) == tidy(other)


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_as_of_a_day_knows_nothing_that_came_later(name: str, stores: dict[str, Path], asked: dict[str, Any]):
    ask = QUESTIONS[name]
    then = ask(View(stores["grown"], as_of=EARLY + timedelta(days=1)), "DEU", "POL", "BRA")
    assert tidy(then) == tidy(asked[name])
    assert tidy(ask(View(stores["grown"]), "DEU", "POL", "BRA")) != tidy(then)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_question_with_the_same_seed_has_the_same_bytes(
    name: str, stores: dict[str, Path], asked: dict[str, Any]
):
    again = QUESTIONS[name](View(stores["plain"]), "Germany", "Poland", "Brazil")
    assert json.dumps(again, allow_nan=False) == json.dumps(asked[name], allow_nan=False)


def turn(values: Any, *axes: int) -> Any:
    """Give an array with the two sides exchanged along some axes."""
    return np.flip(np.array(values, dtype=float), axes)


def mirror_var(found: dict[str, Any]) -> list[Any]:
    """Give coefficients, errors and covariance with the two sides exchanged."""
    rows = [1, 0, 3, 2, 4]
    return [*(turn(found[n], 1)[rows] for n in ("coefficients", "errors")), turn(found["covariance"], 0, 1)]


def mirror_orders(found: dict[str, Any]) -> list[Any]:
    """Give the responses and shares under each ordering with the two sides exchanged."""
    orders = {tuple(one["order"] or ()): one for one in found["orders"]}
    turned = [orders[key] for key in ((1, 0), (0, 1), ())]
    return [
        turn(one[p][e], 1, 2) for one in turned for p in ("responses", "shares") for e in ("estimate", "low", "high")
    ]


def lay_orders(found: dict[str, Any]) -> list[Any]:
    """Give the responses and shares as they are."""
    orders = {tuple(one["order"] or ()): one for one in found["orders"]}
    given = [orders[key] for key in ((0, 1), (1, 0), ())]
    return [np.array(one[p][e]) for one in given for p in ("responses", "shares") for e in ("estimate", "low", "high")]


def lay_var(found: dict[str, Any]) -> list[Any]:
    """Give coefficients, errors and covariance as they are."""
    return [np.array(found[name]) for name in ("coefficients", "errors", "covariance")]


def lay_rows(name: str, *figures: str) -> Callable[[dict[str, Any]], list[Any]]:
    """Give what lists the figures of the rows of an answer."""
    return lambda found: [np.array(row[figure], dtype=float) for row in found[name] for figure in figures]


def mirror_rows(name: str, *figures: str) -> Callable[[dict[str, Any]], list[Any]]:
    """Give the same with the rows in the other order."""
    return lambda found: lay_rows(name, *figures)({name: found[name][::-1]})


def lay_sides(found: dict[str, Any]) -> list[Any]:
    """Give the probabilities and the gain of each side."""
    wholes = [side["whole"] for side in found["sides"]]
    return [
        np.array([*whole["probabilities"].values(), whole["gain"]["gain"], whole["gain"]["low"]]) for whole in wholes
    ]


MIRRORS: dict[str, tuple[Callable[[Any], list[Any]], Callable[[Any], list[Any]]]] = {
    "var": (lay_var, mirror_var),
    "bayes": (lay_var, mirror_var),
    "granger": (lay_rows("tests", "statistic", "total"), mirror_rows("tests", "statistic", "total")),
    "responses": (lay_orders, mirror_orders),
    "projection": (lay_rows("projections", "estimate", "low"), mirror_rows("projections", "estimate", "low")),
    "steadiness": (lay_sides, lambda found: lay_sides({"sides": found["sides"][::-1]})),
}


@pytest.mark.parametrize("name", MIRRORS)
def test_naming_the_sides_in_the_other_order_mirrors_the_answer(
    name: str, stores: dict[str, Path], asked: dict[str, Any]
):
    lay, mirror = MIRRORS[name]
    other = QUESTIONS[name](View(stores["plain"]), "POL", "DEU", "BRA")
    for one, two in zip(lay(asked[name]), mirror(other), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-8)


def test_measures_and_answers_of_a_direction_do_not_depend_on_who_is_named_first(
    stores: dict[str, Path], asked: dict[str, Any]
):
    view = View(stores["plain"])
    rows = QUESTIONS["alternatives"](view, "POL", "DEU", "BRA")
    assert sorted(map(repr, rows)) == sorted(map(repr, asked["alternatives"]))
    swapped = QUESTIONS["sections"](view, "POL", "DEU", "BRA")["reciprocity"]["answers"]
    assert sorted(map(repr, swapped)) == sorted(map(repr, asked["sections"]["reciprocity"]["answers"]))
    assert swapped


PAIR = (("DEU", "POL"), ("POL", "DEU"))
ODD = {
    "one event": ["2024-01-01,DEU,POL,051"],
    "one day": [f"2024-01-01,{a},{b},051" for a in PARTIES for b in PARTIES if a != b],
    "always the same": [f"{FIRST + timedelta(days=n)},{a},{b},051" for n in range(60) for a, b in PAIR],
    "one side only": [f"{FIRST + timedelta(days=n)},DEU,POL,{CODES[n % 8]}" for n in range(60)],
    "every event twice": [f"{FIRST + timedelta(days=n // 2)},DEU,POL,{CODES[n // 2 % 8]}" for n in range(120)],
    "codes without a score": [f"{FIRST + timedelta(days=n)},DEU,POL,{'1721' if n % 2 else '010'}" for n in range(40)],
    "two days a year apart": ["2024-01-01,DEU,POL,051", "2025-01-01,POL,DEU,112"],
    "others only": [f"{FIRST + timedelta(days=n)},BRA,JPN,{CODES[n % 8]}" for n in range(60)],
}  # fmt: skip


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give stores of which there is little to say."""
    folder, found = tmp_path_factory.mktemp("odd"), {}
    for number, (name, lines) in enumerate(ODD.items()):
        file = folder / f"{number}.csv"
        file.write_text("\n".join(["date,sender,receiver,code", *lines]) + "\n", "utf-8")
        found[name] = folder / f"store-{number}"
        comity.load_events(file, found[name], "comity", now=EARLY)
    return found


@pytest.mark.parametrize("store", ODD)
def test_every_question_is_answered_or_told_why_not(store: str, odd: dict[str, Path]):
    for name, ask in QUESTIONS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                found = ask(View(odd[store]), "DEU", "POL", "BRA")
            except ComityError as error:
                assert len(error.what) > 5 and name not in ("alternatives", "sections"), name
                continue
        assert json.dumps(found, allow_nan=False), name
        if name == "strategies":
            assert {side["result"] for side in found["sides"]} <= {"not identifiable", "identifiable"}
            continue
        assert name in ("pairs", "alternatives", "audit", "sections") or store in ("one side only", "every event twice")
