"""Roll calls of the UN General Assembly as the package unvotes publishes them, with the states named.

The files name members by ISO 3166 alpha-2 code. The members that have none there (the code is empty) stand in the order
of the Correlates of War numbers like all others; where only one known state with a vote to give fits between the two
neighbours, it is that one.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from comity.lexicon import Actor, identify_actor, read_actors

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def _list_holders(code: str) -> tuple[Actor, ...]:
    """Return the states that have or had an alpha-2 code, and those that share a Correlates of War number with them."""
    key = f"iso2:{code}"
    own = [
        actor
        for actor in read_actors()
        if actor.kind == "state" and (actor.codes.get("iso2") == code or key in actor.other_codes)
    ]
    numbers = {actor.codes["cow"] for actor in own if "cow" in actor.codes}
    kin = [actor for actor in read_actors() if actor.codes.get("cow") in numbers and actor not in own]
    return (*own, *kin)


def name_voter(code: str, year: int) -> str:
    """Return the state that voted under an alpha-2 code in a year.

    Parameters
    ----------
    code : str
        ISO 3166 alpha-2, of today or of the past.
    year : int
        Calendar year; 1 December counts.

    Returns
    -------
    str
        Actor id. Some members sat before the day from which the lexicon has them; they keep the code's first state.

    Raises
    ------
    UnknownActor
        No state has or had the code.
    """
    holders = _list_holders(code)
    if not holders:
        return identify_actor(code, kind="state").id
    day = date(year, 12, 1)
    return next((actor.id for actor in holders if actor.is_valid(day)), holders[0].id)


@cache
def _list_between(low: int, high: int, year: int) -> tuple[str, ...]:
    """Return the states of a year with a Correlates of War number between two others."""
    day = date(year, 12, 1)
    found = []
    for actor in read_actors():
        numbers = {int(actor.codes["cow"])} if "cow" in actor.codes else set()
        numbers |= {int(text[4:]) for text in actor.other_codes if text.startswith("cow:")}
        if actor.kind == "state" and actor.is_valid(day) and any(low < number < high for number in numbers):
            found.append(actor.id)
    return tuple(found)


@cache
def _number(code: str | None) -> int | None:
    """Return the Correlates of War number of the first state with an alpha-2 code."""
    holders = _list_holders(code) if code else ()
    return next((int(actor.codes["cow"]) for actor in holders if "cow" in actor.codes), None)


def _place_unnamed(codes: list[str | None], place: int, year: int) -> str | None:
    """Return the one state that fits between the neighbours of an unnamed member, or None."""
    named = {name_voter(code, year) for code in codes if code}
    before = next((n for code in reversed(codes[:place]) if (n := _number(code)) is not None), 0)
    after = next((n for code in codes[place + 1 :] if (n := _number(code)) is not None), 1000)
    fitting = [state for state in _list_between(before, after, year) if state not in named]
    return fitting[0] if len(fitting) == 1 else None


def read_roll_calls(votes: pa.Table, rollcalls: pa.Table) -> tuple[pa.Table, dict[str, int]]:
    """Join votes with their roll calls and name the states.

    Parameters
    ----------
    votes : pyarrow.Table
        Columns rcid, country_code (alpha-2 or null), vote, in the order of the file.
    rollcalls : pyarrow.Table
        Columns rcid, date (ISO day), short (title).

    Returns
    -------
    votes : pyarrow.Table
        Columns rollcall, year, state, seat, vote, title, as `comity.relations.voting.estimate_ideal_points` takes them.
        The seat is the code of the file, so that a state's line goes on where another continues its membership.
    ledger : dict of str to int
        Votes `kept`, `placed` (unnamed in the file, placed by its order) and `dropped` (unnamed, and not placed).
    """
    import pyarrow as pa

    about = {row["rcid"]: row for row in rollcalls.select(["rcid", "date", "short"]).to_pylist()}
    calls: dict[int, list[tuple[str | None, str]]] = {}
    for row in votes.select(["rcid", "country_code", "vote"]).to_pylist():
        calls.setdefault(row["rcid"], []).append((row["country_code"], row["vote"]))
    rows: dict[str, list[Any]] = {name: [] for name in ("rollcall", "year", "state", "seat", "vote", "title")}
    ledger = {"kept": 0, "placed": 0, "dropped": 0}
    for call, given in calls.items():
        year = int(about[call]["date"][:4])
        codes = [code for code, _ in given]
        for place, (code, vote) in enumerate(given):
            state = name_voter(code, year) if code else _place_unnamed(codes, place, year)
            ledger["dropped" if state is None else "kept"] += 1
            if state is None:
                continue
            ledger["placed"] += code is None
            seat = code or _find_seat(state)
            for name, value in zip(rows, (call, year, state, seat, vote, about[call]["short"]), strict=True):
                rows[name].append(value)
    return pa.table(rows), ledger


@cache
def _find_seat(state: str) -> str:
    """Return the alpha-2 code of a state, of today or of the past, else its id."""
    actor = identify_actor(state, kind="state")
    past = [text[5:] for text in actor.other_codes if text.startswith("iso2:")]
    return actor.codes.get("iso2") or (past[0] if past else actor.id)
