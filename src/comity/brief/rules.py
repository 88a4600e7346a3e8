"""What a state's own written rules say of a pair, and what was done: the audit of a profile in a brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comity.brief.errors import BriefError
from comity.store import Snapshot

if TYPE_CHECKING:
    import duckdb

    from comity.conduct.profile import Profile
    from comity.events.scale import Scale

LEVEL = "events"
FUTURES = 200
SEED = 0
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
        `profile`, `period`, `summary`, `rules` (one row for each rule and partner), `limits`, and `rehearsal`
        (of a pair, else None).

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
        rehearsal = _rehearse(con, scale, profile, partners) if partners else None
    finally:
        con.close()
    rows = [{name: row.get(name) for name in COLUMNS} for row in audit["rules"] if row["partner"] is not None]
    parts = {name: audit[name] for name in ("profile", "period", "summary", "limits")}
    return {**parts, "rules": rows, "rehearsal": rehearsal}


def _rehearse(
    con: duckdb.DuckDBPyConnection, scale: Scale, profile: Profile, partners: Sequence[str]
) -> dict[str, Any]:
    """Simulate the rules beside today's behaviour, and return what a page shows of it."""
    from comity.conduct.parameters import Terms
    from comity.conduct.step import rehearse_conduct

    found = rehearse_conduct(con, scale, (profile, None), Terms(seed=SEED, draws=FUTURES), partners)
    entry = found["partners"][0]
    strategies = entry["strategies"] or []
    return {
        "partner": entry["partner"],
        "verdict": entry["verdict"],
        "text": list(found["summary"]),
        "escalates": entry["escalates"],
        "recommended": entry["recommended"],
        "futures": FUTURES,
        "seed": SEED,
        "months": [_describe_months(one, entry["spirals"]) for one in entry["relations"]],
        "strategies": len(strategies),
        "worse": [one["strategy"] for one in strategies if one["escalates"]],
        "limits": [limit["text"] for limit in entry["limits"] or found["limits"]],
    }


def _describe_months(relations: Mapping[str, Any], spirals: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return relations and the risk of a spiral after some months, as now and by the rules; None where unknown."""
    months, score = relations["months"], relations["score"]
    risks = next((row for row in (spirals or {}).get("unfriendly", ()) if row["months"] == months), None)
    row: dict[str, Any] = {"months": months, "verdict": relations["verdict"]}
    for arm in ("now", "rules"):
        seen = score[arm] if score else dict.fromkeys(("median", "low90", "high90"))
        risk = risks[arm] if risks and risks[arm] else dict.fromkeys(("risk", "low", "high"))
        row[arm] = {
            name: _round(seen[key]) for name, key in (("median", "median"), ("low", "low90"), ("high", "high90"))
        }
        row[f"spiral_{arm}"] = {name: _round(risk[name]) for name in ("risk", "low", "high")}
    return row


def _round(value: float | None) -> float | None:
    """Return a number as the document has it."""
    return None if value is None else round(value, 4)
