"""Ideal points: where states stand on the main line of division in votes of the UN General Assembly.

A dynamic ordinal item-response model in the tradition of Bailey, Strezhnev and Voeten (2017), estimated by its mode;
`comity.relations.ordinal` has the model, `comity.relations.equating` ties the years together.

No state is named anywhere. The line has mean 0 and standard deviation 1 over all states and years of the input, and its
positive end is where states vote no more often than the others do on the same items. Neither end is the better one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.lexicon.published import read_published
from comity.relations.equating import Repeats, equate_years, link_resolutions
from comity.relations.interval import Z90
from comity.relations.ordinal import ABSTAIN, NO, YES, Ballots, Fit, Prior, fit_votes
from comity.relations.series import RelationsError

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ANSWERS = {"no": NO, "abstain": ABSTAIN, "yes": YES}
COLUMNS = ("rollcall", "year", "state", "vote")
MOST_SHOWN = 3


@dataclass(frozen=True)
class VotingParameters:
    """All of `voting.yml`: the model, the rule for repeated resolutions, and how the years are tied."""

    prior: Prior
    repeats: Repeats
    rounds: int
    units: float
    origins: float
    widen: float


@cache
def read_voting_parameters() -> VotingParameters:
    """Return the published parameters of the model of votes."""
    said = read_published(Path(__file__).parent / "voting.yml")["parameters"]
    value = {name: entry["value"] for name, entry in said.items()}
    return VotingParameters(
        Prior(*(float(value[name]) for name in ("walk", "slope", "cut", "gap", "first"))),
        Repeats(float(value["agreement"]), int(value["reach"]), int(value["common"])),
        int(value["rounds"]),
        float(value["share_links"]),
        float(value["share_mid"]),
        float(value["widen"]),
    )


def estimate_ideal_points(votes: pa.Table, parameters: VotingParameters | None = None) -> pa.Table:
    """Estimate where each state stood in each year, with 90 % intervals.

    Parameters
    ----------
    votes : pyarrow.Table
        One row for each answer: `rollcall` (any type that sorts), `year` [calendar year], `state` (any name), `vote`
        (yes, abstain or no; an absent state has no row). Optional: `seat`, the member whose line is continued where a
        state is followed by another (the state itself where left out), and `title`, by which repeated resolutions are
        found.
    parameters : VotingParameters, optional
        Those of `voting.yml` where left out.

    Returns
    -------
    pyarrow.Table
        `state`, `year`, `estimate`, `low`, `high` [standard deviations over all states and years], `votes` [count];
        one row for each state and year with votes, in their order.

    Raises
    ------
    RelationsError
        A column is missing or has an empty cell, a vote is another word, a state has two votes on a roll call, a roll
        call lies in two years, a seat belongs to two states in a year, or everybody always gave the same answer.

    Notes
    -----
    The interval is the curvature of the model given the items, widened by the factor `widen` for what the items and
    the years' units are not known; the factor comes from votes drawn from the model. Few votes give a wide one.

    References
    ----------
    `bailey-strezhnev-voeten-2017`, `samejima-1969`, `martin-quinn-2002`, `kolen-brennan-2014` in docs/bibliography.md
    """
    chosen = parameters or read_voting_parameters()
    rows = _check_votes(votes)
    ballots, seats, years = _place_votes(rows)
    fit = fit_votes(ballots, chosen.prior, chosen.rounds)
    links = link_resolutions(ballots, _list_titles(rows), chosen.repeats)
    unit, origin = equate_years(ballots, fit, links, chosen.units, chosen.origins)
    position, spread = _orient(ballots, fit, unit, origin, chosen.widen)
    return _tabulate(rows, seats, years, ballots.count_votes(), position, spread)


def _refuse(what: str, todo: str) -> RelationsError:
    """Build the error for votes that cannot be used."""
    return RelationsError(what, where="votes", why="positions would rest on answers that nobody gave", todo=todo)


def _check_votes(votes: pa.Table) -> dict[str, NDArray[Any]]:
    """Return the columns as arrays, or say what is wrong with the first offending rows."""
    import numpy as np

    missing = [name for name in COLUMNS if name not in votes.column_names]
    if missing:
        raise _refuse(f"the column {missing[0]!r} is missing", f"give the columns {', '.join(COLUMNS)}")
    if votes.num_rows == 0:
        raise _refuse("there is no vote", "give at least one roll call on which states differ")
    for name in COLUMNS:
        if votes[name].null_count:
            raise _refuse(f"{votes[name].null_count} cells of {name!r} are empty", "name them, or leave these rows out")
    names = [name for name in (*COLUMNS, "seat", "title") if name in votes.column_names]
    rows = {
        name: np.array(votes[name].to_pylist(), dtype=None if name in ("rollcall", "year") else object)
        for name in names
    }
    rows.setdefault("seat", rows["state"])
    unknown = sorted(set(map(str, rows["vote"])) - set(ANSWERS))
    if unknown:
        raise _refuse(f"{unknown[0]!r} is no vote", f"write {', '.join(ANSWERS)}; leave out a state that was absent")
    _check_unique(rows)
    return rows


def _check_unique(rows: dict[str, NDArray[Any]]) -> None:
    """Stop where a state answered twice, a roll call has two years, or a seat two states in a year."""
    from collections import Counter

    answers = Counter(zip(rows["rollcall"].tolist(), rows["seat"], strict=True))
    twice = sorted(f"{state} on {call}" for (call, state), number in answers.items() if number > 1)
    if twice:
        raise _refuse(f"{len(twice)} votes are given twice: {', '.join(twice[:MOST_SHOWN])}", "keep one row for each")
    years = Counter(call for call, _ in set(zip(rows["rollcall"].tolist(), rows["year"].tolist(), strict=True)))
    split = [str(call) for call, number in years.items() if number > 1]
    if split:
        raise _refuse(f"the roll call {split[0]} lies in two years", "give each roll call the year of its vote")
    holders = {
        (seat, year, state)
        for seat, year, state in zip(rows["seat"], rows["year"].tolist(), rows["state"], strict=True)
    }
    shared = [f"{seat} in {year}" for (seat, year), n in Counter((s, y) for s, y, _ in holders).items() if n > 1]
    if shared:
        raise _refuse(f"the seat {min(shared)} belongs to two states", "let a state's line begin in the year after")


def _place_votes(rows: dict[str, NDArray[Any]]) -> tuple[Ballots, list[str], NDArray[Any]]:
    """Return the votes by place, the seats in the order of what they voted (not of their names), and the years."""
    import numpy as np

    calls, item = np.unique(rows["rollcall"], return_inverse=True)
    years, year = np.unique(rows["year"], return_inverse=True)
    answer = np.array([ANSWERS[vote] for vote in rows["vote"]], dtype=np.int64)
    if all(len(np.unique(answer[item == k])) < 2 for k in range(len(calls))):
        raise _refuse("on every roll call all states gave the same answer", "add roll calls on which states differ")
    names, seat = np.unique(rows["seat"].astype(str), return_inverse=True)
    order = np.lexsort((item, seat))
    bounds = np.flatnonzero(np.diff(seat[order], prepend=-1, append=len(names)))
    records = [
        (item[part] * 3 + answer[part]).astype(">i8").tobytes()
        for part in (order[a:b] for a, b in zip(bounds[:-1], bounds[1:], strict=True))
    ]
    ranked = sorted(range(len(names)), key=records.__getitem__)
    place = np.empty(len(names), dtype=np.int64)
    place[ranked] = np.arange(len(names))
    when = np.zeros(len(calls), dtype=np.int64)
    when[item] = year
    order = np.lexsort((place[seat], item))
    ballots = Ballots(item[order], place[seat][order], answer[order], when, len(names), len(years))
    return ballots, [str(names[k]) for k in ranked], years


def _list_titles(rows: dict[str, NDArray[Any]]) -> list[str | None]:
    """Return the title of each roll call in the order of the roll calls."""
    import numpy as np

    _, first = np.unique(rows["rollcall"], return_index=True)
    return [rows["title"][k] if "title" in rows else None for k in first]


def _orient(ballots: Ballots, fit: Fit, unit: Numbers, origin: Numbers, widen: float) -> tuple[Numbers, Numbers]:
    """Return positions and their spreads with mean 0 and standard deviation 1 over all cells with votes, turned."""
    import numpy as np

    seen = ballots.count_votes() > 0
    position, spread = fit.position * unit + origin, np.sqrt(fit.variance) * unit * widen
    mean, size = position[seen].mean(), position[seen].std() or 1.0
    position, spread = (position - mean) / size, spread / size
    no = (ballots.answer == NO).astype(float)
    items = len(ballots.year)
    usual = np.bincount(ballots.item, weights=no, minlength=items) / np.bincount(ballots.item, minlength=items)
    turn = float(((no - usual[ballots.item]) * position.ravel()[ballots.cell]).sum())
    return position * (-1.0 if turn < 0 else 1.0), spread


def _tabulate(
    rows: dict[str, NDArray[Any]],
    seats: list[str],
    years: NDArray[Any],
    votes: Numbers,
    position: Numbers,
    spread: Numbers,
) -> pa.Table:
    """Return one row for each state and year with votes."""
    import pyarrow as pa

    holder = {
        (str(seat), int(year)): str(state)
        for seat, year, state in zip(rows["seat"], rows["year"], rows["state"], strict=True)
    }
    found = sorted(
        (holder[seat, int(year)], int(year), row, column)
        for row, seat in enumerate(seats)
        for column, year in enumerate(years)
        if votes[row, column] > 0
    )
    table: dict[str, list[Any]] = {"state": [f[0] for f in found], "year": [f[1] for f in found]}
    for name, side in (("estimate", 0.0), ("low", -Z90), ("high", Z90)):
        table[name] = [round(float(position[r, c] + side * spread[r, c]), 6) for *_, r, c in found]
    table["votes"] = [int(votes[r, c]) for *_, r, c in found]
    numbers = [(name, pa.float64()) for name in ("estimate", "low", "high")]
    return pa.table(
        table, schema=pa.schema([("state", pa.string()), ("year", pa.int32()), *numbers, ("votes", pa.int32())])
    )
