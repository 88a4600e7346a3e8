"""What a state's own written rules say of a pair, and what was done: the audit of a profile in a brief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comity.brief.errors import BriefError
from comity.store import Snapshot

if TYPE_CHECKING:
    from comity.conduct.profile import Profile

LEVEL = "events"
COLUMNS = (
    "rule", "partner", "side", "triggers", "known", "kept", "share", "low", "high", "routine", "median_days", "verdict",
)  # fmt: skip


def describe_rules(profile: Profile, snapshot: Snapshot, parties: Sequence[str]) -> dict[str, Any]:
    """Audit a profile for the parties of a brief.

    Parameters
    ----------
    profile : Profile
        Whose state is one of the parties.
    snapshot : Snapshot
        The state of the store.
    parties : sequence of str
        Actor ids, one or two.

    Returns
    -------
    dict
        `profile`, `period`, `summary`, `rules` (one row for each rule and partner), `limits`, `rehearsal`.

    Raises
    ------
    BriefError
        The profile is that of another state.
    comity.conduct.errors.ConductError
        The profile has no rule toward the other party.
    """
    from comity.conduct.step import audit_conduct, read_history
    from comity.events.scale import read_scale
    from comity.events.view import connect_events

    if profile.state not in parties:
        raise BriefError(
            f"the profile {profile.id!r} is that of {profile.state}, not of {' or '.join(parties)}",
            why="its rules say nothing of this brief's parties",
            todo="give a profile of one of the parties, or assign its parties",
        )
    scale = read_scale(profile.scale_from)
    partners = [party for party in parties if party != profile.state] or None
    con = snapshot.connect()
    try:
        connect_events(con, scale, LEVEL)
        audit = audit_conduct(profile, read_history(con, profile.state, None, None), scale, partners)
    finally:
        con.close()
    rows = [{name: row.get(name) for name in COLUMNS} for row in audit["rules"] if row["partner"] is not None]
    parts = {name: audit[name] for name in ("profile", "period", "summary", "limits")}
    return {**parts, "rules": rows, "rehearsal": None}
