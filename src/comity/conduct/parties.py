"""Who a profile is about: actors of the lexicon, or the invented parties of an example."""

from __future__ import annotations

import re
from collections.abc import Callable

from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.fields import LONGEST_TEXT, read_flag
from comity.forms.findings import Findings
from comity.lexicon import AmbiguousActor, UnknownActor, identify_actor, read_actors

INVENTED = re.compile(r"Q[M-Z][A-Z]")
"""ISO 3166-1 leaves QMA to QZZ to its users: no state has such a code."""

Find = Callable[[str], tuple[str, str]]


def read_parties(top: Node, findings: Findings) -> tuple[str, dict[str, str], dict[str, str]]:
    """Identify the state and its partners.

    Parameters
    ----------
    top : Node
        The profile.
    findings : Findings
        Takes unknown, ambiguous and repeated names.

    Returns
    -------
    state : str
        Actor id, or an empty text where it is not known.
    ids : dict of str to str
        Partner as written to actor id.
    names : dict of str to str
        Actor id to name.
    """
    invented = _read_invented(top, findings)
    names = dict(invented or {})
    state = top.get("state")
    owner = _identify(state.text, state, invented, names, findings) if state is not None else ""
    ids: dict[str, str] = {}
    partners = top.get("partners")
    for text, node in partners.fields.items() if partners is not None else ():
        found = _identify(text, node, invented, names, findings)
        if found and found == owner:
            findings.add(node, f"{text!r} is the state itself", "a state has no rules toward itself", "take it out")
        elif found and found in ids.values():
            first = next(name for name, known in ids.items() if known == found)
            findings.add(node, f"{text!r} and {first!r} are the same actor", "one of the two would be lost", "keep one")
        elif found:
            ids[text] = found
    return owner, ids, names


def _read_invented(top: Node, findings: Findings) -> dict[str, str] | None:
    """Return the parties of an example, or None where the profile is about real actors."""
    parties = top.get("parties")
    if not read_flag(top.get("example")):
        if parties is not None:
            findings.add(parties, "parties are declared, and the profile is no example", "actors come from the lexicon",
                         "add example: true, or take the parties out")  # fmt: skip
        return None
    if parties is None or parties.form != "map" or not parties.fields:
        findings.add(parties or top, "an example declares no parties", todo="add parties: {QMA: ..., QMB: ...}")
        return {}
    taken = {actor.id for actor in read_actors()}
    for code, node in parties.fields.items():
        if not INVENTED.fullmatch(code) or code in taken:
            findings.add(node, f"the code {code!r} may belong to a state", "an example must not look like one",
                         "use codes from QMA to QZZ, which ISO 3166 leaves free")  # fmt: skip
        elif node.form != "text" or not node.text.strip() or len(node.text) > LONGEST_TEXT:
            findings.add(node, f"the party {code!r} has no name", todo="give it a name")
    return {code: node.text.strip() for code, node in parties.fields.items()}


def _identify(text: str, node: Node, invented: dict[str, str] | None, names: dict[str, str], findings: Findings) -> str:
    """Return the id behind a name and note its name, or note the problem and return an empty text."""
    plain = text.strip()
    if invented is not None:
        found = next((code for code, name in invented.items() if plain in (code, name)), "")
        if not found:
            near = find_nearest(plain, [*invented, *invented.values()]) or list(invented)
            findings.add(node, f"{plain!r} is no party of this example", todo=f"the parties: {', '.join(near)}")
        return found
    try:
        actor = identify_actor(plain)
    except (UnknownActor, AmbiguousActor) as error:
        findings.add(node, error.what, error.why, error.todo)
        return ""
    names[actor.id] = actor.name
    return actor.id
