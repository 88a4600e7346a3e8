"""Plans: the catalogue of initiatives; checking, making, explaining and changing a plan; its page and its files."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.view import View, WrongUse

if TYPE_CHECKING:
    from comity.plan.amendment import Basis
    from comity.plan.changes import Changes

FORMATS = ("html", "csv", "ics", "xml", "json", "md")
MOST_PAIRS = 6
"""Pairs of parties whose foundations a plan opens with."""


def list_initiatives(field: str | None = None) -> list[dict[str, Any]]:
    """List the initiatives of the catalogue: typical phases, inputs, indicators and a precedent.

    Parameters
    ----------
    field : str, optional
        Only those of this field, such as `customs`.

    Returns
    -------
    list of dict
        `id`, `field`, `title`, `description`, `months`, `phases`, `consent_after`, `inputs`, `indicators`,
        `precedent`.

    Raises
    ------
    comity.plan.errors.PlanError
        There is no such field.

    Examples
    --------
    >>> len(list_initiatives()) >= 45
    True
    """
    from comity.plan.catalogue import describe_template, list_templates

    return [describe_template(template) for template in list_templates(field)]


def check_plan(file: Path | str) -> dict[str, Any]:
    """Check a plan.

    Parameters
    ----------
    file : path-like
        A YAML file, see `docs/guide/plan.schema.json`.

    Returns
    -------
    dict
        `file`, `valid`, `problems` (each with `line`, `column`, `field`, `what`, `why`, `todo`) and `plan` (what it
        holds, or None).
    """
    from comity.plan.problems import PlanFileError
    from comity.plan.reading import read_plan
    from comity.plan.result import describe_heading

    try:
        plan = read_plan(file)
    except PlanFileError as error:
        problems = [problem.as_dict() for problem in error.problems]
        return {"file": str(file), "valid": False, "problems": problems, "plan": None}
    described = {
        **describe_heading(plan, {}),
        "initiatives": [{"id": one.id, "title": one.title, "parties": list(one.parties)} for one in plan.initiatives],
        "resources": [supply.id for supply in plan.supplies],
    }
    return {"file": str(file), "valid": True, "problems": [], "plan": described}


def make_plan(
    file: Path | str,
    *,
    objective: str | None = None,
    seed: int = 0,
    seconds: float = 10.0,
    shares: bool = True,
    view: View | None = None,
) -> dict[str, Any]:
    """Make a plan: which initiatives, in what order, with whose resources; nobody is worse off.

    Parameters
    ----------
    file : path-like
        A YAML file.
    objective : str, optional
        `nash`, `kalai-smorodinsky`, `leximin` or `weighted`; the file's where left out.
    seed : int
        The same seed gives the same plan.
    seconds : float
        For the choice; a plan that is not proven best by then says so.
    shares : bool
        Whether the joint gain is divided.
    view : View, optional
        Store whose index of relations the foundations open with; without one the plan has no foundations.

    Returns
    -------
    dict
        `plan`, `exists`, `status`, `parties`, `initiatives`, `tasks`, `resources`, `shares`, `conflict` (where no plan
        exists), `foundations`, `sources`, `limits`; columns in docs/methods/plan.md.

    Raises
    ------
    comity.plan.problems.PlanFileError
        The plan breaks the rules of its form; every problem is listed.
    comity.plan.errors.MissingSolver
        The extra `plan` is not installed.
    """
    from comity.plan import step
    from comity.plan.answer import Settings

    made = step.make_plan(file, Settings(objective, seed, seconds, shares))
    return {**made, "foundations": [] if view is None else open_foundations(made, view)}


def explain_plan(
    file: Path | str, task: str | None = None, *, objective: str | None = None, seed: int = 0, seconds: float = 10.0
) -> dict[str, Any]:
    """Explain a plan: what binds its end, why a task does not start earlier, or why there is no plan.

    Parameters
    ----------
    file : path-like
        A YAML file.
    task : str, optional
        `initiative.phase`; the last task of the critical chain where left out.
    objective, seed, seconds
        As in `make_plan`.

    Returns
    -------
    dict
        `exists`, `status`, `answer` (how sure it is, in words; where nothing is chosen, why), `conflict` (requirements
        that clash and small changes that help, where no plan exists), `chain` (tasks that bind the end), `task`,
        `reasons`, `slack`, `left_out` (who would fall short by how much).

    Raises
    ------
    comity.plan.problems.PlanFileError, comity.plan.errors.PlanError
        As in `make_plan`; nothing of that name is done.
    """
    from comity.plan import step
    from comity.plan.answer import Settings

    return step.explain_plan(file, task, Settings(objective, seed, seconds, shares=False))


def revise_plan(
    file: Path | str,
    *,
    changes: Changes | None = None,
    objective: str | None = None,
    seed: int = 0,
    seconds: float = 10.0,
    basis: Basis | None = None,
) -> dict[str, Any]:
    """Make a plan again with something changed: what if an initiative, a start, a resource or progress were another.

    Parameters
    ----------
    file : path-like
        A YAML file; it stays as it is.
    changes : comity.plan.changes.Changes, optional
        Initiatives required or forbidden, starts fixed or delayed, resources cut, progress told.
    objective, seed, seconds
        As in `make_plan`.
    basis : comity.plan.amendment.Basis, optional
        The plan as it was made before, which is made again where left out; and what is kept of it: `fewest` (as few
        changes as possible), `first` (the first valid answer, at once) or `none` (chosen afresh).

    Returns
    -------
    dict
        As `make_plan` for the changed plan, with `changes` and `differences` (initiatives added and dropped, tasks
        moved, each with the reason, gains and finish before and after, and whether the choice was made anew).

    Raises
    ------
    comity.plan.problems.PlanFileError, comity.plan.errors.PlanError
        As in `make_plan`; a change names nothing of the plan, or the plan as it was is not of this file.
    """
    from comity.plan import step
    from comity.plan.answer import Settings
    from comity.plan.changes import Changes

    settings = Settings(objective, seed, seconds, shares=False)
    return {**step.revise_plan(file, changes or Changes(), settings, basis), "foundations": []}


def open_foundations(made: Mapping[str, Any], view: View) -> list[dict[str, Any]]:
    """Return what stands between the parties of a plan, pair by pair.

    Parameters
    ----------
    made : mapping
        From `make_plan`.
    view : View

    Returns
    -------
    list of dict
        One for each pair (the first six): `a`, `b`, `stands`, `missing`, `openings`, each figure with its source.
    """
    ids = [party["id"] for party in made["plan"]["parties"]]
    return [describe_partners(a, b, view=view) for a, b in list(combinations(ids, 2))[:MOST_PAIRS]]


def describe_partners(a: str, b: str, *, view: View | None = None) -> dict[str, Any]:
    """Describe what stands between two partners, what is missing, and what could complete each other.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    view : View, optional
        Store, time, scale and level of the index of relations.

    Returns
    -------
    dict
        `a`, `b`, `stands`, `missing`, `openings`; each figure with `what`, `value`, `unit`, `year`, `source`, `note`.
    """
    from comity.api.relations import identify_pair
    from comity.plan.step import open_ground
    from comity.relations.step import score_relations

    first, second = identify_pair(a, b)
    pairs = [(first.id, second.id), (second.id, first.id)]
    with (view or View()).open() as (con, snapshot, scale):
        scored = score_relations(con, pairs, "week", scale)
        rows = [{**row, "scale": scale.id, "snapshot": snapshot.id} for row in scored]
    return open_ground(first.id, second.id, rows)


def render_plan(made: Mapping[str, Any], form: str) -> bytes:
    """Return a made plan as a page or a file.

    Parameters
    ----------
    made : mapping
        From `make_plan`.
    form : str
        `html` (a page that stands alone), `md`, `json`, `csv` (tasks), `ics` (iCalendar) or `xml` (Microsoft Project).

    Returns
    -------
    bytes
        The same plan gives the same bytes.

    Raises
    ------
    WrongUse
        There is no such format, or there is no plan that it could hold.
    """
    if form not in FORMATS:
        raise WrongUse(f"there is no format {form!r}", todo=f"choose one of {', '.join(FORMATS)}")
    if form == "json":
        from comity.brief.data import render_json

        return render_json(made).encode()
    if form in ("html", "md"):
        from comity.brief.plan_page import render_plan_page

        return render_plan_page(made, form).encode()
    if not made["exists"]:
        what = f"no plan exists, so nothing can be written as {form}"
        raise WrongUse(what, todo="write html, md or json, which say what stands in its way")
    from comity.plan import mspdi, papers

    writers = {"csv": papers.render_sheet, "ics": papers.render_calendar, "xml": mspdi.render_mspdi}
    return writers[form](made)


def store_plan(made: Mapping[str, Any], out: Path | str, form: str | None = None) -> Path:
    """Write a made plan to a file, whole or not at all.

    Parameters
    ----------
    made : mapping
        From `make_plan`.
    out : path-like
        Its ending names the format where `form` is left out.
    form : str, optional
        As in `render_plan`.

    Returns
    -------
    Path
        The file.
    """
    from comity.store.disk import write_whole

    path = Path(out)
    write_whole(path, render_plan(made, form or path.suffix.removeprefix(".").lower() or "html"))
    return path
