"""Briefs as documents and as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comity.api.conduct import read_assigned
from comity.api.view import View, WrongUse, read_time
from comity.lexicon import identify_actor

FORMATS = ("html", "pdf", "json", "md")


@dataclass(frozen=True)
class Extras:
    """What a brief shows beside what the store and the register hold.

    Parameters
    ----------
    conduct, assign, plan
        As in `compose_brief`.
    """

    conduct: Path | str | None = None
    assign: Mapping[str, str] | None = None
    plan: Path | str | None = None


def compose_brief(
    a: str,
    b: str | None = None,
    *,
    view: View | None = None,
    conduct: Path | str | None = None,
    assign: Mapping[str, str] | None = None,
    plan: Path | str | None = None,
) -> dict[str, Any]:
    """Make the document of a brief on a pair, or on one state and its partners.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    view : View, optional
        Store, time, scale and level; with a register, the brief shows what was agreed and kept.
    conduct : path-like, optional
        Profile of one of the parties: its rules are held against what was done.
    assign : mapping of str to str, optional
        Party of an example profile to the real actor in whose place it stands.
    plan : path-like, optional
        Plan of the parties: it is made, and the brief shows it.

    Returns
    -------
    dict
        Plain values, see `docs/methods/brief.md`.
    """
    from comity.brief import compose

    view = view or View()
    parties = [identify_actor(name) for name in (a, b) if name is not None]
    profile = None if conduct is None else read_assigned(conduct, assign)
    made = None if plan is None else _make_plan(plan, [party.id for party in parties])
    with view.open() as (con, snapshot, scale):
        document = compose.compose_brief(con, snapshot, parties, scale, view.level, profile)
    return {**document, "plan": made, "commitments": _read_promises(view, [party.id for party in parties])}


def _read_promises(view: View, parties: Sequence[str]) -> dict[str, Any] | None:
    """Return what the parties of a brief agreed and kept, by the register that the view names; None without one."""
    if view.register is None:
        return None
    from comity.api.follow import describe_register
    from comity.api.register_view import RegisterView

    time = read_time(view.as_of)
    on = None if time is None else time.date()
    party, partner = (*parties, None)[:2]
    return describe_register(RegisterView(view.register, on, time, party, partner))


def _make_plan(file: Path | str, parties: Sequence[str]) -> dict[str, Any]:
    """Make the plan of a brief; its foundations are the brief's own."""
    from comity.api.plans import check_plan, make_plan
    from comity.brief.errors import BriefError

    asked = (check_plan(file)["plan"] or {}).get("parties", [])
    named = [party["id"] for party in asked]
    if named and not set(parties) <= set(named):
        raise BriefError(
            f"the plan is one of {', '.join(named)}, not of {' and '.join(parties)}",
            where=str(file),
            why="it says nothing of this brief's parties",
            todo="give a plan that both are parties of",
        )
    return make_plan(file)


def render_brief(document: dict[str, Any], form: str) -> bytes:
    """Return a document as a page.

    Parameters
    ----------
    document : dict
        From `compose_brief`.
    form : str
        `html`, `pdf`, `json` or `md`.

    Returns
    -------
    bytes
        UTF-8 text, or PDF.
    """
    if form == "html":
        from comity.brief.html import render_html

        return render_html(document).encode()
    if form == "pdf":
        from comity.brief.typeset import render_pdf

        return render_pdf(document)
    if form == "md":
        from comity.brief.markdown import render_md

        return render_md(document).encode()
    if form == "json":
        from comity.brief.data import render_json

        return render_json(document).encode()
    raise WrongUse(f"there is no format {form!r}", todo=f"choose one of {', '.join(FORMATS)}")


def write_brief(
    a: str,
    b: str | None = None,
    *,
    out: Path | str,
    form: str | None = None,
    view: View | None = None,
    extras: Extras | None = None,
) -> Path:
    """Write a brief to a file.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    out : path-like
        File to write; its ending names the format where `form` is left out.
    form : str, optional
        `html`, `pdf`, `json` or `md`.
    view : View, optional
        Store, time, scale and level.
    extras : Extras, optional
        Conduct profile and plan that the brief shows.

    Returns
    -------
    Path
        The file.
    """
    more = extras or Extras()
    document = compose_brief(a, b, view=view, conduct=more.conduct, assign=more.assign, plan=more.plan)
    return store_page(document, out, form)


def store_page(document: dict[str, Any], out: Path | str, form: str | None = None) -> Path:
    """Write a document as a page to a file, whole or not at all.

    Parameters
    ----------
    document : dict
        From `compose_brief`.
    out : path-like
        File to write; its ending names the format where `form` is left out.
    form : str, optional
        `html`, `pdf`, `json` or `md`.

    Returns
    -------
    Path
        The file.
    """
    from comity.store.disk import write_whole

    path = Path(out)
    write_whole(path, render_brief(document, form or path.suffix.removeprefix(".").lower() or "html"))
    return path
