"""Evidence that the events of a pair may hold: suggested with a reason, never recorded by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from comity.commitments.following import Followed
from comity.lexicon.published import read_published

HERE = Path(__file__).parent
MOST = 5
WORD = "suggestion"


@dataclass(frozen=True, slots=True)
class Match:
    """Types and beginnings of codes that may speak for a commitment's fulfilment, or against it."""

    types: Mapping[str, frozenset[str]]
    codes: Mapping[str, tuple[str, ...]]


@cache
def read_matches() -> Mapping[str, Match]:
    """Return for each field of the register what may bear on it; the field `other` has types alone."""
    found = read_published(HERE / "suggestions.yml")
    types = {side: frozenset(names) for side, names in found["any"].items()}
    fields = {
        name: Match(types, {side: tuple(codes) for side, codes in row.items()}) for name, row in found["fields"].items()
    }
    return fields | {"other": Match(types, {})}


def suggest_evidence(
    followed: Sequence[Followed],
    parties: Mapping[str, Sequence[str]],
    starts: Mapping[str, date],
    events: Sequence[Mapping[str, Any]],
    most: int = MOST,
) -> list[dict[str, Any]]:
    """Suggest events that may bear on open commitments.

    An event is suggested for a commitment where its party is the sender, another party of the agreement the receiver,
    the day lies between the agreement's beginning and the day asked for, and type or code belong to the field. Events
    whose code is near the field come first, then those with more reports, then the later ones.

    Parameters
    ----------
    followed : sequence of Followed
    parties : mapping of str to sequence of str
        Of each agreement.
    starts : mapping of str to date
        First day of each agreement.
    events : sequence of mapping
        `date`, `sender`, `receiver`, `code`, `type`, `label`, `reports`, `url`; of the days asked for.
    most : int
        For each commitment.

    Returns
    -------
    list of dict
        `kind` (always `suggestion`), `commitment`, `party`, `day`, `sender`, `receiver`, `code`, `label`, `direction`,
        `reports`, `link` and `reason`. Nothing is recorded.
    """
    by_sender: dict[str, list[Mapping[str, Any]]] = {}
    for event in events:
        by_sender.setdefault(event["sender"], []).append(event)
    found: list[dict[str, Any]] = []
    for row in followed:
        if not row.is_open:
            continue
        others = set(parties.get(row.agreement, ())) - {row.commitment.party}
        start = starts.get(row.agreement, date.min)
        fitting = [
            _describe(row, event, side, near)
            for event in by_sender.get(row.commitment.party, ())
            if event["receiver"] in others and event["date"] >= start
            for side, near in _match(row.commitment.field, event)
        ]
        found += [one for _, one in sorted(fitting, key=lambda pair: pair[0])[:most]]
    return found


def _match(field: str, event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield on which side an event may bear, with the beginning of a code that is near the field, if any."""
    matches = read_matches()
    match = matches.get(field, matches["other"])
    for side in ("for", "against"):
        near = max((code for code in match.codes.get(side, ()) if event["code"].startswith(code)), key=len, default="")
        if near or event["type"] in match.types[side]:
            yield side, near
            return


def _describe(
    row: Followed, event: Mapping[str, Any], side: str, near: str
) -> tuple[tuple[bool, int, int, str], dict[str, Any]]:
    """Return a suggestion with its place in the order."""
    field = row.commitment.field
    why = f"code {event['code']} is near the field {field}" if near else f"type {event['type']} may bear on any field"
    rank = (not near, -int(event["reports"]), -event["date"].toordinal(), str(event["code"]))
    return rank, {
        "kind": WORD,
        "commitment": row.commitment.id,
        "party": row.commitment.party,
        "day": event["date"].isoformat(),
        "sender": event["sender"],
        "receiver": event["receiver"],
        "code": event["code"],
        "label": event["label"],
        "direction": side,
        "reports": int(event["reports"]),
        "link": event["url"],
        "reason": f"{event['sender']} to {event['receiver']}: {why}; from news, not verified",
    }
