"""Conduct: the catalogue of measures; checking, auditing and rehearsing a profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.view import View, read_date
from comity.lexicon import identify_actor

if TYPE_CHECKING:
    from comity.conduct.parameters import Terms
    from comity.conduct.profile import Profile


def list_measures(kind: str | None = None, *, scale: str | Path = "goldstein") -> list[dict[str, Any]]:
    """List the measures of the catalogue: open, lawful, directed at states.

    Parameters
    ----------
    kind : str, optional
        Only measures of this kind.
    scale : str or path
        On which the level of each is given [points].

    Returns
    -------
    list of dict
        `id`, `kind`, `title`, `description`, `level`, `scale`, `codes`, `basis`, `precedent`, `reversibility`, `ends`,
        `returns`, `owner`, `needs_consent`, `target`.

    Examples
    --------
    >>> len(list_measures()) >= 60
    True
    """
    from comity.conduct import catalogue
    from comity.events.scale import read_scale

    found = read_scale(scale)
    return [catalogue.describe_measure(measure, found) for measure in catalogue.list_measures(kind)]


def check_conduct(file: Path | str) -> dict[str, Any]:
    """Check a profile of conduct.

    Parameters
    ----------
    file : path-like
        A YAML file.

    Returns
    -------
    dict
        `file`, `valid`, `problems` (each with `line`, `column`, `field`, `what`, `why`, `todo`) and `profile` (the
        rules as they will be applied, or None).
    """
    from comity.conduct.check import read_profile
    from comity.conduct.errors import ProfileError

    try:
        profile = read_profile(file)
    except ProfileError as error:
        problems = [problem.as_dict() for problem in error.problems]
        return {"file": str(file), "valid": False, "problems": problems, "profile": None}
    return {"file": str(file), "valid": True, "problems": [], "profile": profile.describe()}


def audit_conduct(
    file: Path | str,
    *,
    partners: Sequence[str] = (),
    parties: Mapping[str, str] | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    view: View | None = None,
) -> dict[str, Any]:
    """Audit a profile of conduct: when each rule would have applied, what was done, how steadily.

    Parameters
    ----------
    file : path-like
        A YAML file.
    partners : sequence of str
        Only these, by any code or unambiguous name; all where left out.
    parties : mapping of str to str, optional
        Party of an example to the real actor in whose place it stands.
    since, until : date or str, optional
        First and last day, both counted.
    view : View, optional
        Store, time and level; the scale is the profile's.

    Returns
    -------
    dict
        `profile`, `period`, `summary`, `rules`, `cases`, `comparisons`, `written_differences`, `outcomes`, `limits`,
        `about`; the tables are lists of dict, see `comity.conduct.tables`.

    Raises
    ------
    comity.conduct.errors.ProfileError
        The profile breaks the rules of its form.
    """
    from comity.conduct import step
    from comity.conduct.check import read_profile

    written = read_profile(file)
    taken = _take_parties(written, parties)
    profile = written.assign(taken)
    with replace(view or View(), scale=profile.scale_from).open() as (con, snapshot, scale):
        history = step.read_history(con, profile.state, read_date(since), read_date(until))
        chosen = [_name_partner(written, name, taken) for name in partners] or None
        audit = step.audit_conduct(profile, history, scale, chosen)
        about = {"snapshot": snapshot.id, "embedded": snapshot.embedded, "level": "events", "scale": scale.describe()}
        return {**audit, "about": about}


def rehearse_conduct(
    file: Path | str,
    *,
    partners: Sequence[str] = (),
    parties: Mapping[str, str] | None = None,
    other: Path | str | None = None,
    terms: Terms | None = None,
    view: View | None = None,
) -> dict[str, Any]:
    """Rehearse a profile of conduct: simulate its rules against each partner's fitted answers and named strategies.

    Nothing of it is a forecast of what will happen: it compares the rules with today's behaviour on the same chances,
    and its limits stand beside it.

    Parameters
    ----------
    file : path-like
        A YAML file.
    partners : sequence of str
        Only these, by any code or unambiguous name; where left out, those that the profile lists, or else the most
        active ones that its default covers.
    parties : mapping of str to str, optional
        Party of an example to the real actor in whose place it stands.
    other : path-like, optional
        Profile of the partner, where both sides follow written rules; `file` again means that the partner follows the
        same rules.
    terms : comity.conduct.parameters.Terms, optional
        Seed, number of futures, months, shock and misperception.
    view : View, optional
        Store, time and level; the scale is the profile's.

    Returns
    -------
    dict
        `profile`, `other`, `partners` (one entry each: relations after each month beside as now, recovery, spirals,
        strategies, whether the rules escalate, limits), `escalates`, `recommended`, `summary`, `terms`, `definitions`,
        `limits`, `about`. Columns in docs/methods/conduct.md.

    Raises
    ------
    comity.conduct.errors.ProfileError
        A profile breaks the rules of its form.
    comity.conduct.errors.ConductError
        The profile has no rule toward a partner, or the other profile is not the partner's.
    """
    from comity.conduct import step
    from comity.conduct.check import read_profile
    from comity.conduct.parameters import Terms

    written = read_profile(file)
    taken = _take_parties(written, parties)
    profile = written.assign(taken)
    second = None if other is None else _read_other(other, parties)
    with replace(view or View(), scale=profile.scale_from).open() as (con, snapshot, scale):
        chosen = [_name_partner(written, name, taken) for name in partners] or None
        found = step.rehearse_conduct(con, scale, (profile, second), terms or Terms(), chosen)
        about = {"snapshot": snapshot.id, "embedded": snapshot.embedded, "level": "events", "scale": scale.describe()}
        return {**found, "about": about}


def read_assigned(file: Path | str, parties: Mapping[str, str] | None = None) -> Profile:
    """Read a profile, with real actors in the place of its parties.

    Parameters
    ----------
    file : path-like
        A YAML file.
    parties : mapping of str to str, optional
        Party, by id or name, to an actor by any code or unambiguous name.

    Returns
    -------
    Profile

    Raises
    ------
    comity.conduct.errors.ProfileError, comity.conduct.errors.ConductError
        The profile breaks the rules of its form, or has no such party.
    """
    from comity.conduct.check import read_profile

    written = read_profile(file)
    return written.assign(_take_parties(written, parties))


def _read_other(other: Path | str, parties: Mapping[str, str] | None) -> Profile:
    """Return the profile of the other side, with real actors in the places of those of its parties that are named."""
    from comity.conduct.check import read_profile

    written = read_profile(other)
    named = {old: new for old, new in (parties or {}).items() if _name_party(written, old)}
    return written.assign(_take_parties(written, named))


def _take_parties(profile: Profile, parties: Mapping[str, str] | None) -> dict[str, str]:
    """Return party of a profile to actor id."""
    return {_name_party(profile, old) or old: identify_actor(new).id for old, new in (parties or {}).items()}


def _name_party(profile: Profile, text: str) -> str:
    """Return the id of a party of the profile as written, by id or name, or an empty text."""
    return next((key for key, name in profile.names.items() if text in (key, name)), "")


def _name_partner(profile: Profile, text: str, taken: Mapping[str, str]) -> str:
    """Return the actor id of a partner, who may be named as in the profile or as any actor."""
    party = _name_party(profile, text)
    return taken.get(party, party) if party else identify_actor(text).id
