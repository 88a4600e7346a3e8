"""The project's constraint model with what each party gains in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.plan.choice.question import Question
from comity.plan.schedule.composed import Composed
from comity.plan.schedule.model import compose_model

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Expression = Any
"""A linear expression of the solver, or a whole number."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A model with payoffs.

    Parameters
    ----------
    asked : Question
    composed : Composed
        All rules of the project.
    low, likely : mapping of str to expression
        Payoff of each party [units].
    gains : mapping of str to cp_model.IntVar
        Gain of each party over its disagreement value on the end that the objective counts [units].
    """

    asked: Question
    composed: Composed
    low: Mapping[str, Expression]
    likely: Mapping[str, Expression]
    gains: Mapping[str, cp_model.IntVar]

    @property
    def model(self) -> cp_model.CpModel:
        """The solver's model."""
        return self.composed.model


def weigh_project(asked: Question, *, bearing: tuple[str, ...] | None = None) -> Weighed:
    """Return the project's model with payoffs; by the low end no party is below its disagreement value.

    Parameters
    ----------
    asked : Question
    bearing : tuple of str, optional
        The parties that must not be below their disagreement value; all where it is not given.

    Returns
    -------
    Weighed
    """
    composed = compose_model(asked.project)
    spans = add_spans(asked, composed)
    low = {party: add_payoff(asked, composed, spans, (party, "low")) for party in asked.parties}
    likely = {party: add_payoff(asked, composed, spans, (party, "likely")) for party in asked.parties}
    counted = low if asked.terms.on == "low" else likely
    gains = {}
    for party in asked.parties:
        floor = asked.find_floor(party)
        least, most = bound_gain(asked, party)
        held = bearing is None or party in bearing
        if held:
            least, most = 0, max(0, most)
        gains[party] = composed.model.new_int_var(least, most, f"gain {party}")
        composed.model.add(gains[party] == counted[party] - floor)
        if held:
            composed.model.add(low[party] >= floor)
    return Weighed(asked, composed, low, likely, gains)


def add_spans(asked: Question, composed: Composed) -> dict[str, cp_model.IntVar]:
    """Return, for each option with recurring stakes, the periods for which they count; 0 where it is not chosen."""
    found = {}
    for name in dict.fromkeys(stake.option for stake in asked.stakes if stake.recurring):
        model, chosen = composed.model, composed.chosen[name]
        ends = [composed.ends[task.id] for task in asked.project.tasks if task.initiative == name]
        span = found[name] = model.new_int_var(0, asked.span, f"counts {name}")
        model.add(span == 0).only_enforce_if(~chosen)
        finish = model.new_int_var(0, asked.project.horizon, f"finish {name}")
        model.add_max_equality(finish, ends or [model.new_constant(0)])
        if asked.project.horizon <= asked.span:
            model.add(span == asked.span - finish).only_enforce_if(chosen)
        else:
            counted = model.new_int_var(0, asked.span, f"counted {name}")
            model.add_max_equality(counted, [asked.span - finish, 0])
            model.add(span == counted).only_enforce_if(chosen)
    return found


def add_payoff(
    asked: Question, composed: Composed, spans: Mapping[str, cp_model.IntVar], what: tuple[str, str]
) -> Expression:
    """Return the payoff of a party at one end of its stakes."""
    party, end = what
    return sum(
        getattr(stake, end) * (spans[stake.option] if stake.recurring else composed.chosen[stake.option])
        for stake in asked.list_stakes(party)
    )


def bound_gain(asked: Question, party: str) -> tuple[int, int]:
    """Return the least and the most that a party could gain if only its losses or only its gains were done."""
    on = asked.terms.on
    amounts = [getattr(s, on) * (asked.span if s.recurring else 1) for s in asked.list_stakes(party)]
    floor = asked.find_floor(party)
    return sum(min(0, x) for x in amounts) - floor, sum(max(0, x) for x in amounts) - floor
