"""Checking a profile: every problem with its line and field, or the profile as checked values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.conduct.answer import read_answer
from comity.conduct.catalogue import Measure
from comity.conduct.errors import ConductError, ProfileError
from comity.conduct.fields import TOP, VERSION, check_section
from comity.conduct.gesture import read_gesture
from comity.conduct.inheritance import DEFAULT, NOBODY, merge_rules, trace_parents
from comity.conduct.own import read_own_measures
from comity.conduct.parties import read_parties
from comity.conduct.profile import COVERS, Profile, Rule, Rules
from comity.events.scale import Scale, ScaleError, read_scale
from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.fields import SLUG, check_fields, read_flag, read_number
from comity.forms.findings import SPEECH_AND_STEALTH, Findings
from comity.forms.reading import read_bytes, read_top

DEFAULT_SCALE = "goldstein"


@dataclass(frozen=True)
class _Reader:
    """What reading a rule needs: scale, measures, and where problems go."""

    scale: Scale
    catalogue: Mapping[str, Measure]
    findings: Findings


def read_profile(path: Path | str) -> Profile:
    """Read and check a profile.

    Parameters
    ----------
    path : path-like
        A YAML file, see `schema.json`.

    Returns
    -------
    Profile

    Raises
    ------
    ProfileError
        Anything is wrong; every problem is listed with its line and field.
    ConductError
        The file cannot be read.
    """
    return parse_profile(*read_bytes(path, ConductError))


def parse_profile(data: bytes | str, file: str = "profile") -> Profile:
    """Check a profile that is given as bytes or text.

    Parameters
    ----------
    data : bytes or str
        YAML.
    file : str
        Name for messages.

    Returns
    -------
    Profile

    Raises
    ------
    ProfileError
        Anything is wrong; every problem is listed with its line and field.
    """
    top = read_top(data, file, ProfileError)
    findings = Findings()
    profile = _read_top(top, findings)
    if findings.problems or profile is None:
        raise ProfileError(sorted(findings.problems), file)
    return profile


def _read_top(top: Node, findings: Findings) -> Profile | None:
    """Read the profile; None where its form leaves nothing to read."""
    if not check_fields(top, TOP, findings):
        return None
    _check_version(top, findings)
    for name in ("title", "note"):
        findings.check_bounds(top.get(name), SPEECH_AND_STEALTH)
    sections = _list_sections(top, findings)
    for section in sections.values():
        check_section(section, findings)
    state, ids, names = read_parties(top, findings)
    scale = _find_scale(top, findings)
    covers = _read_covers(top, findings)
    if scale is None:
        return None
    reader = _Reader(scale, read_own_measures(top, scale, findings), findings)
    for name in sections:
        trace_parents(name, sections, findings)
    rules = {name: _read_section(name, sections, reader) for name in (DEFAULT, *ids) if name in sections}
    if not any(rules.values()) and not findings.problems:
        todo = "add a rule under default or a partner"
        findings.add(top, "the profile holds no rule", "there is nothing to keep", todo)
    return Profile(
        id=top.read_text("id"),
        title=top.read_text("title"),
        state=state,
        example=read_flag(top.get("example")),
        names=names,
        scale=scale.id,
        scale_from=top.read_text("scale", DEFAULT_SCALE),
        covers=covers,
        default=rules.get(DEFAULT, {}),
        partners={actor: rules.get(text, {}) for text, actor in ids.items()},
        measures=reader.catalogue,
    )


def _check_version(top: Node, findings: Findings) -> None:
    """Note it where the form has another version."""
    node = top.get("comity_conduct")
    if node is not None and read_number(node, whole=True) is not None and node.text.strip() != VERSION:
        findings.add(node, f"the form has version {node.text.strip()}, and this is version {VERSION}",
                     "fields could mean something else", f"write comity_conduct: {VERSION}")  # fmt: skip


def _list_sections(top: Node, findings: Findings) -> dict[str, Node]:
    """Return the default, the templates and the partners by name."""
    sections: dict[str, Node] = {}
    default = top.get("default")
    if default is not None and default.form == "map":
        sections[DEFAULT] = default
    for group in ("templates", "partners"):
        node = top.get(group)
        for name, section in node.fields.items() if node is not None else ():
            if group == "templates" and (not SLUG.fullmatch(name) or name in (DEFAULT, NOBODY)):
                findings.add(section, f"a template cannot be named {name!r}", todo="use small letters and hyphens")
            elif name in sections:
                findings.add(section, f"the name {name!r} stands for two things", todo="rename the template")
            elif section.form == "map":
                sections[name] = section
            else:
                findings.add(section, f"{name!r} holds no fields", todo="give rules, or {} to inherit all")
    return sections


def _find_scale(top: Node, findings: Findings) -> Scale | None:
    """Return the scale that the profile names."""
    try:
        return read_scale(top.read_text("scale", DEFAULT_SCALE))
    except ScaleError as error:
        findings.add(top.get("scale") or top, error.what, error.why, error.todo)
        return None


def _read_covers(top: Node, findings: Findings) -> str:
    """Return for whom the default holds."""
    node = top.get("covers")
    text = top.read_text("covers", COVERS[0])
    if node is not None and text not in COVERS:
        near = find_nearest(text, COVERS) or COVERS
        findings.add(node, f"{text!r} says not whom the default covers", todo=f"write {' or '.join(near)}")
    return text


def _read_section(name: str, sections: Mapping[str, Node], reader: _Reader) -> Rules:
    """Return the rules of the default or of a partner, with what they inherit."""
    if sections[name].form != "map":
        return {}
    chain = trace_parents(name, sections, reader.findings)
    rules: dict[str, Rule] = {}
    for rule, node in merge_rules(chain, sections).items() if chain else ():
        found = _read_rule(rule, node, reader) if node.form == "map" else None
        if found is not None:
            rules[rule] = found
    return rules


def _read_rule(name: str, node: Node, reader: _Reader) -> Rule | None:
    """Return one rule, whole."""
    parts = []
    for part in ("gesture", "answer"):
        found = node.get(part)
        if found is None:
            reader.findings.add(node, f"the rule {name!r} has no {part}", "half a rule is none", f"add {part}: ...")
        parts.append(found if found is not None and found.form == "map" else None)
    gesture = read_gesture(parts[0], reader.scale, reader.findings) if parts[0] else None
    if parts[1] is None:
        return None
    answer = read_answer(parts[1], gesture, reader.catalogue, reader.scale, reader.findings)
    if gesture is None or answer is None:
        return None
    return Rule(name, node.read_text("title", name), gesture, answer, node.line)
