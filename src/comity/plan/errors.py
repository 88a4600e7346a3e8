"""What can be wrong with a plan's question, or with an answer to it."""

from __future__ import annotations

from comity.lexicon.errors import ComityError


class PlanError(ComityError):
    """A question about a plan cannot be answered as it was put."""


class BadProject(PlanError):
    """A project contradicts its own form: an unknown id, a negative duration, a task without a mode."""


class NoTimetable(PlanError):
    """No timetable respects everything that the project asks, or none was found in the time given."""


class OutOfTime(NoTimetable):
    """Time ran out before anything was found, and before it was shown that there is nothing to find."""


class WrongTimetable(PlanError):
    """A timetable breaks the project that it is said to answer; every broken rule is named."""


class MissingSolver(PlanError):
    """The solver beneath choice and timeline is not installed."""


class BadTerms(PlanError):
    """Stakes, parties or terms of a choice do not fit: an unknown party, a weight below 0, a low end above a high."""


class NoPlan(PlanError):
    """No choice of initiatives meets every requirement: shown, not only not found."""
