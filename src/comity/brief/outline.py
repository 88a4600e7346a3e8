"""The order of a brief: one outline in blocks, from which every format is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from comity.brief.agreement import outline_agreement
from comity.brief.beside import outline_comparison
from comity.brief.blocks import Block, Cell, Facts, Fold, Items, Page, Section
from comity.brief.breaks import outline_breaks
from comity.brief.grounds import (
    outline_citation,
    outline_foundations,
    outline_method,
    outline_missing,
    outline_references,
    outline_sources,
)
from comity.brief.keeping import outline_conduct
from comity.brief.measuring import outline_measures
from comity.brief.planning import outline_plan
from comity.brief.promises import outline_promises
from comity.brief.ranking import outline_partners, outline_shifts
from comity.brief.replying import outline_reciprocity
from comity.brief.standing import outline_gestures, outline_standing
from comity.brief.subject import Subject, read_subject
from comity.brief.ties import outline_ties
from comity.brief.trail import list_addresses, outline_changes, outline_evidence
from comity.brief.voting import outline_votes
from comity.brief.wording import clean_text, render_date, render_moment

STATUSES = {
    "member": "member of the United Nations",
    "observer": "observer at the United Nations",
    "contested": "status contested",
    "former": "former state",
    "igo": "intergovernmental organisation",
}
UNREMARKED = frozenset({"member", "igo"})
KINDS = {"pair": "Brief on a pair", "state": "Brief on one party"}
STEPS = {"day": "by day", "week": "by week", "month": "by month"}


def render_outline(document: Mapping[str, Any]) -> Page:
    """Return the brief as sections of blocks, in reading order.

    Parameters
    ----------
    document : mapping
        The brief document (fields in `comity.brief.tables`).

    Returns
    -------
    Page
        Plain text only, cleaned of hidden characters; nothing is escaped yet.

    Raises
    ------
    DocumentError
        When a field is missing or holds a value that cannot be shown rightly.
    """
    subject = read_subject(document)
    about = subject.document["about"]
    return Page(
        title=subject.document["title"],
        kind=KINDS[subject.document["kind"]],
        summary=_summarise(subject),
        made=_read_moment(document["about"]["as_of"]),
        facts=_outline_facts(subject),
        notes=_outline_notes(subject),
        sections=_order_sections(subject),
        version=about["version"],
    )


def _summarise(subject: Subject) -> str:
    """Return the sentence that stands for the page in a list of pages."""
    period = subject.document["period"]
    span = f"{render_date(period['since'])} to {render_date(period['until'])}"
    kind = "Relations between" if subject.document["kind"] == "pair" else "Relations of"
    names = " and ".join(party["name"] for party in subject.document["parties"])
    return f"{kind} {names}, {span}: index with intervals, dated evidence, foundations and method."


def _outline_facts(subject: Subject) -> Facts:
    """State period, data, scale and time under the title."""
    about, period = subject.document["about"], subject.document["period"]
    span = f"{render_date(period['since'])} to {render_date(period['until'])}"
    return Facts(
        (
            ("Period", (Cell(f"{span}, {STEPS.get(period['by'], period['by'])}"),)),
            ("Data", (Cell(f"{about['store']}, snapshot {about['snapshot']}, to {render_date(about['data_until'])}"),)),
            ("Scale, level", (Cell(f"{about['scale']}, {about['level']}"),)),
            ("As of", (Cell(render_moment(about["as_of"])),)),
        )
    )


def _outline_notes(subject: Subject) -> list[list[Cell]]:
    """Remark on each party whose status is contested, past or that of an observer, with the source."""
    notes = []
    for party in subject.document["parties"]:
        if party["status"] in UNREMARKED:
            continue
        status = STATUSES.get(party["status"], party["status"])
        source = subject.link(party["status_source"], name_host=False)
        text = f"{party['name']} ({party['id']}): {status}. "
        notes.append([Cell(text + "Source: "), source] if source.text else [Cell(text + "No source is given.")])
    return notes


def _order_sections(subject: Subject) -> list[Section]:
    """Put the sections in reading order; a section without blocks is left out."""
    body: list[tuple[str, str, Sequence[Block]]]
    if subject.document["kind"] == "pair":
        body = [
            ("standing", "Where relations stand", outline_standing(subject)),
            ("comparison", "Beside its own history and like pairs", outline_comparison(subject)),
            ("changes", "What changed and the evidence", outline_changes(subject)),
            ("breaks", "Breaks", outline_breaks(subject)),
            ("gestures", "Friendly and unfriendly gestures by type", outline_gestures(subject)),
            ("reciprocity", "Who answers whom", outline_reciprocity(subject)),
            ("measures", "Other measures of these relations", outline_measures(subject)),
            ("votes", "Votes in the General Assembly", outline_votes(subject)),
        ]
    else:
        body = [
            ("partners", "Partners, ranked", outline_partners(subject)),
            ("shifts", "Largest rises and falls", outline_shifts(subject)),
            ("changes", "What changed and the evidence", outline_changes(subject)),
            ("breaks", "Breaks", outline_breaks(subject)),
        ]
    pair = subject.document["kind"] == "pair"
    ties = [("ties", "How closely the two are tied", outline_ties(subject))] if pair else []
    agreement = [("agreement", "An agreement between them, or its end", outline_agreement(subject))] if pair else []
    body += [
        ("conduct", "Written rules and what was done", outline_conduct(subject)),
        ("plan", "A plan of what to do together", outline_plan(subject)),
        ("commitments", "What was agreed, what was kept, by both", outline_promises(subject)),
        ("evidence", "Most reported events", [*outline_evidence(subject), *_outline_addresses(subject)]),
        ("foundations", "Foundations", outline_foundations(subject)),
        *ties,
        *agreement,
        ("missing", "What is missing", outline_missing(subject)),
        ("method", "How this was computed", outline_method(subject)),
        ("sources", "Sources and terms", outline_sources(subject)),
        ("references", "References", outline_references(subject)),
        ("citation", "How to cite this brief", outline_citation(subject)),
    ]
    return [Section(uid, title, blocks) for uid, title, blocks in body if blocks]


def _outline_addresses(subject: Subject) -> list[Block]:
    """List the linked addresses in full, for paper and for copying."""
    addresses = list_addresses(subject)
    if not addresses:
        return []
    entries = [[Cell(link.host, href=link.href), Cell(f" {clean_text(link.href)}")] for link in addresses]
    return [
        Fold(
            f"Addresses of the {len(addresses)} linked reports, numbered as in the tables",
            (Items(entries, ordered=True, small=True),),
        )
    ]


def _read_moment(text: object) -> str:
    """Return the time as ISO text, empty when it is none."""
    try:
        return datetime.fromisoformat(str(text)).isoformat()
    except ValueError:
        return ""
