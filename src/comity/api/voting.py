"""Where states stand in votes of the UN General Assembly: as published, or estimated from roll calls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.relations import identify_pair
from comity.lexicon import identify_actor

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("state", "year", "estimate", "low", "high", "votes")


def read_ideal_points(
    states: Sequence[str] | None = None, *, since: int | None = None, until: int | None = None
) -> pa.Table:
    """Read the published ideal points that ship with the package.

    Parameters
    ----------
    states : sequence of str, optional
        Any codes or unambiguous names; all where left out.
    since, until : int, optional
        First and last year, both counted.

    Returns
    -------
    pyarrow.Table
        `state`, `year`, `estimate`, `low`, `high` [points; ends of the 90 % interval], `votes` [count], from 1946.

    References
    ----------
    `bailey-strezhnev-voeten-2017` in docs/bibliography.md

    Examples
    --------
    >>> read_ideal_points(["Poland"], since=2024).num_rows
    1
    """
    from comity.foundations import read_foundation

    return _select(read_foundation("voting").rename_columns(COLUMNS), states, since, until)


def estimate_ideal_points(
    votes: Path | str | pa.Table,
    rollcalls: Path | str | pa.Table | None = None,
    *,
    states: Sequence[str] | None = None,
    since: int | None = None,
    until: int | None = None,
) -> tuple[pa.Table, dict[str, int]]:
    """Estimate ideal points from roll calls, all states and years together.

    Parameters
    ----------
    votes : path-like or pyarrow.Table
        CSV or Parquet in the layout of the package unvotes: `rcid`, `country_code` (ISO 3166 alpha-2), `vote` (yes,
        abstain, no). Without `rollcalls`, a table as `comity.relations.voting.estimate_ideal_points` takes it.
    rollcalls : path-like or pyarrow.Table, optional
        `rcid`, `date` (ISO), `short` (title).
    states, since, until
        As in `read_ideal_points`; they choose from the result, all votes are used.

    Returns
    -------
    points : pyarrow.Table
        Columns as in `read_ideal_points` [standard deviations over all states and years].
    ledger : dict of str to int
        Votes `kept`, `placed` and `dropped`, see `comity.relations.roll_calls.read_roll_calls`.

    Raises
    ------
    comity.relations.series.RelationsError
        A file, column, row or word cannot be used; the message names it.
    """
    from comity.relations import step
    from comity.relations.voting import estimate_ideal_points as estimate

    if rollcalls is None:
        table = step.read_vote_table(votes)
        ledger = {"kept": table.num_rows, "placed": 0, "dropped": 0}
    else:
        table, ledger = step.read_vote_files(votes, rollcalls)
    return _select(estimate(table), states, since, until), ledger


def score_distances(a: str, b: str, *, points: pa.Table | None = None) -> list[dict[str, Any]]:
    """Score how far apart two states stood in each year, with 90 % intervals.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    points : pyarrow.Table, optional
        From `estimate_ideal_points`; the published ones where left out.

    Returns
    -------
    list of dict
        `year`, `distance`, `low`, `high` [points], `first`, `second` (the two positions), by year; empty where no year
        has both.
    """
    from comity.relations.positions import score_distances as score

    first, second = (actor.id for actor in identify_pair(a, b))
    table = read_ideal_points() if points is None else points
    return score(_select(table, [first, second], None, None).to_pylist(), first, second)


def _select(table: pa.Table, states: Sequence[str] | None, since: int | None, until: int | None) -> pa.Table:
    """Return the rows of some states and years; a name that the table has is taken as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if states is not None:
        known = set(table["state"].to_pylist())
        ids = [name if name in known else identify_actor(name).id for name in states]
        table = table.filter(pc.is_in(table["state"], value_set=pa.array(ids, pa.string())))
    if since is not None:
        table = table.filter(pc.greater_equal(table["year"], since))
    if until is not None:
        table = table.filter(pc.less_equal(table["year"], until))
    return table
