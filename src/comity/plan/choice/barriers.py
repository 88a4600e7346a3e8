"""Why an initiative that would bring somebody a gain cannot be done: requirements that clash with doing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from comity.plan.choice.conflict import explain_conflict
from comity.plan.choice.search import Clock
from comity.plan.choice.tables import Conflict, Effort, Terms
from comity.plan.errors import OutOfTime
from comity.plan.project import Project, Stake


def find_barriers(
    project: Project,
    stakes: Iterable[Stake],
    parties: Iterable[str],
    options: Iterable[str],
    terms: Terms | None = None,
    effort: Effort | None = None,
) -> dict[str, Conflict]:
    """Return for each of some options that bring a gain what clashes with doing it, and the smallest changes that help.

    Each is required in turn; that it is required is no part of what is said. Options are left out that bring nobody a
    likely gain, that could be done, or for which time was too short.

    Parameters
    ----------
    project : Project
    stakes : iterable of Stake
    parties : iterable of str
    options : iterable of str
        Ids of the options asked about.
    terms : Terms, optional
        Its disagreement values count.
    effort : Effort, optional
        For all of them together.

    Returns
    -------
    dict of str to Conflict
        By option, in the order given.
    """
    given, actors = tuple(stakes), tuple(parties)
    effort = effort or Effort()
    clock = Clock(effort)
    gainful = {stake.option for stake in given if stake.likely > 0}
    found = {}
    for name in options:
        if name not in gainful or clock.over:
            continue
        asked = tuple(replace(one, required=True) if one.id == name else one for one in project.options)
        try:
            clash = explain_conflict(
                replace(project, options=asked), given, actors, terms, replace(effort, seconds=clock.left)
            )
        except OutOfTime:
            continue
        if clash.requirements:
            found[name] = suppose_done(clash, name)
    return found


def suppose_done(clash: Conflict, name: str) -> Conflict:
    """Return a conflict without the requirement that an option is done, and without changes that leave it out."""
    own = f"required:{name}"
    return replace(
        clash,
        requirements=tuple(one for one in clash.requirements if one.id != own),
        remedies=tuple(
            changes for changes in clash.remedies if all(change.requirement.id != own for change in changes)
        ),
    )
