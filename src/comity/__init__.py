"""Comity: follow the relations of any two states from open event data.

>>> import comity
>>> comity.identify_actor("Poland").id
'POL'

Every function of `comity.api` is here and is imported when it is first used; `comity.api` lists them by room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.api import (
        audit_conduct,
        check_conduct,
        check_plan,
        check_scenario,
        compare_alternatives,
        compare_relations,
        compose_brief,
        count_events,
        describe_foundations,
        describe_index_schema,
        describe_partners,
        describe_store,
        estimate_gravity,
        estimate_group,
        estimate_ideal_points,
        estimate_index,
        estimate_movement,
        estimate_pair,
        estimate_pairs,
        estimate_spread,
        explain_plan,
        fetch_events,
        find_breaks,
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
        list_initiatives,
        list_measures,
        list_strategies,
        load_events,
        load_fetched,
        make_plan,
        play_strategies,
        rank_relations,
        read_events,
        read_ideal_points,
        read_ledger,
        read_rows,
        rehearse_conduct,
        render_plan,
        revise_plan,
        score_alternatives,
        score_breaks,
        score_distances,
        score_relations,
        simulate_agreement,
        simulate_estimate,
        simulate_scenario,
        solve_package,
        solve_sectors,
        tabulate_scenario,
        verify_store,
        write_brief,
    )

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "audit_conduct",
    "check_conduct",
    "check_plan",
    "check_scenario",
    "compare_alternatives",
    "compare_relations",
    "compose_brief",
    "count_events",
    "describe_foundations",
    "describe_index_schema",
    "describe_partners",
    "describe_store",
    "estimate_gravity",
    "estimate_group",
    "estimate_ideal_points",
    "estimate_index",
    "estimate_movement",
    "estimate_pair",
    "estimate_pairs",
    "estimate_spread",
    "explain_plan",
    "fetch_events",
    "find_breaks",
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
    "list_initiatives",
    "list_measures",
    "list_strategies",
    "load_events",
    "load_fetched",
    "make_plan",
    "play_strategies",
    "rank_relations",
    "read_events",
    "read_ideal_points",
    "read_ledger",
    "read_rows",
    "rehearse_conduct",
    "render_plan",
    "revise_plan",
    "score_alternatives",
    "score_breaks",
    "score_distances",
    "score_relations",
    "simulate_agreement",
    "simulate_estimate",
    "simulate_scenario",
    "solve_package",
    "solve_sectors",
    "tabulate_scenario",
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
