"""Errors: what, where, why and what to do next, in words and as a dictionary."""

from __future__ import annotations

import pickle

import pytest

from comity.lexicon import AmbiguousActor, ComityError, UnknownActor


def test_a_message_has_a_line_for_each_part_that_is_given() -> None:
    error = ComityError("value 'x' is bad", where="a.csv, row 3", why="a sum would be wrong", todo="mend it")
    assert str(error).splitlines() == [
        "value 'x' is bad",
        "  where: a.csv, row 3",
        "  why:   a sum would be wrong",
        "  next:  mend it",
    ]
    assert str(ComityError("short")) == "short"


def test_an_error_is_a_dictionary_for_json() -> None:
    error = UnknownActor("no actor 'x'", todo="write another", text="x", nearest=["Xanadu (XAN)"])
    assert error.as_dict() == {
        "error": "UnknownActor",
        "what": "no actor 'x'",
        "where": "",
        "why": "",
        "todo": "write another",
    }


@pytest.mark.parametrize(
    "error",
    [
        ComityError("a", where="b", why="c", todo="d"),
        UnknownActor("a", text="t", nearest=("n",)),
        AmbiguousActor("a", text="t", candidates=("n",)),
    ],
)
def test_an_error_travels_between_processes(error: ComityError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (made on the line itself)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_errors_of_the_lexicon_are_comity_errors() -> None:
    assert issubclass(UnknownActor, ComityError)
    assert issubclass(AmbiguousActor, ComityError)
