"""Comity: follow the relations of any two states from open event data.

>>> import comity
>>> comity.identify_actor("Poland").id
'POL'

Every function of `comity.api` is here: `load_events`, `count_events`, `read_events`, `read_rows`, `score_relations`,
`score_alternatives`, `compare_alternatives`, `read_ideal_points`, `estimate_ideal_points`, `score_distances`,
`fit_var`, `fit_bayes`, `identify_granger`, `identify_responses`, `identify_projection`, `identify_answers`,
`identify_steadiness`, `identify_influence`, `identify_pairs`, `identify_strategies`, `list_strategies`,
`play_strategies`,
`describe_foundations`, `check_conduct`, `audit_conduct`, `list_measures`, `compose_brief`, `write_brief`,
`describe_store`, `verify_store`, `identify_actor`. They are imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.api import (
        audit_conduct,
        check_conduct,
        compare_alternatives,
        compose_brief,
        count_events,
        describe_foundations,
        describe_store,
        estimate_ideal_points,
        fetch_events,
        fit_bayes,
        fit_var,
        identify_actor,
        identify_answers,
        identify_granger,
        identify_influence,
        identify_pairs,
        identify_projection,
        identify_responses,
        identify_steadiness,
        identify_strategies,
        list_measures,
        list_strategies,
        load_events,
        load_fetched,
        play_strategies,
        read_events,
        read_ideal_points,
        read_ledger,
        read_rows,
        rehearse_conduct,
        score_alternatives,
        score_distances,
        score_relations,
        verify_store,
        write_brief,
    )

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "audit_conduct",
    "check_conduct",
    "compare_alternatives",
    "compose_brief",
    "count_events",
    "describe_foundations",
    "describe_store",
    "estimate_ideal_points",
    "fetch_events",
    "fit_bayes",
    "fit_var",
    "identify_actor",
    "identify_answers",
    "identify_granger",
    "identify_influence",
    "identify_pairs",
    "identify_projection",
    "identify_responses",
    "identify_steadiness",
    "identify_strategies",
    "list_measures",
    "list_strategies",
    "load_events",
    "load_fetched",
    "play_strategies",
    "read_events",
    "read_ideal_points",
    "read_ledger",
    "read_rows",
    "rehearse_conduct",
    "score_alternatives",
    "score_distances",
    "score_relations",
    "verify_store",
    "write_brief",
]


def __getattr__(name: str) -> object:
    """Import a function of the interface when it is first used."""
    if name in __all__:
        from comity import api

        return getattr(api, name)
    raise AttributeError(f"module 'comity' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the interface."""
    return sorted(__all__)
