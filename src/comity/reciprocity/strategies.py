"""Named strategies of the literature, read from `strategies.yml` and compiled into tables of states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from comity.lexicon.published import read_published
from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.machines import ACTS, FRIENDLY, UNFRIENDLY, Machine, lay_machine

FILE = Path(__file__).parent / "strategies.yml"
SIGNS = {"C": 1.0, "D": 0.0}
PAIRS = ("CC", "CD", "DC", "DD")


@dataclass(frozen=True)
class Strategy:
    """A strategy as it is published.

    Parameters
    ----------
    name : str
    aliases : tuple of str
        Other names of the literature.
    definition : str
    reference : str
        Key in docs/bibliography.md.
    form : str
        `memory-one`, `machine`, `cycle`, `counter`, `majority` or `growing`.
    peer : str
        Class of the Axelrod library with the same definition; empty where there is none.
    rule : mapping
        What the form asks for.
    """

    name: str
    aliases: tuple[str, ...]
    definition: str
    reference: str
    form: str
    peer: str
    rule: Mapping[str, Any]

    @property
    def deterministic(self) -> bool:
        """Whether it draws no lots."""
        return self.compile(1).deterministic

    @property
    def counts(self) -> bool:
        """Whether it counts without an end, so that its table grows with the number of rounds."""
        return self.form in ("counter", "growing")

    def compile(self, rounds: int) -> Machine:
        """Return the strategy as a table of states.

        Parameters
        ----------
        rounds : int
            For how many rounds the table must hold; it matters only to strategies that count without an end.

        Returns
        -------
        Machine

        Raises
        ------
        ReciprocityError
            The definition is not complete, or there is no round.
        """
        if rounds < 1:
            raise ReciprocityError(f"{rounds} rounds", todo="ask for at least one")
        return _compile(self.name, rounds if self.counts else 1)


@lru_cache(maxsize=512)
def _compile(name: str, rounds: int) -> Machine:
    """Lay out a strategy once for each number of rounds that matters."""
    strategy = find_strategy(name)
    machine = FORMS[strategy.form](strategy.name, strategy.rule, rounds)
    machine.cooperate.flags.writeable = machine.follow.flags.writeable = False
    return machine


def _read_chance(value: Any) -> float:
    """Return the chance of C: an act, or a chance."""
    return SIGNS[value] if isinstance(value, str) else float(value)


def _lay_memory_one(name: str, rule: Mapping[str, Any], _: int) -> Machine:
    """Lay out an opening and the chances of C after CC, CD, DC and DD."""
    chances = [float(chance) for chance in rule["after"]]
    opening = _read_chance(rule["opening"])
    return lay_machine(name, -1, lambda s: opening if s == -1 else chances[s], lambda _s, own, other: 2 * own + other)


def _lay_states(name: str, rule: Mapping[str, Any], _: int) -> Machine:
    """Lay out named states, the first one first; while the lead lasts, it plays the lead."""
    states: Mapping[str, Mapping[str, Any]] = rule["states"]
    lead: str = rule.get("lead", "")

    def mean(state: Any) -> float:
        turn, place = state
        return _read_chance(lead[turn] if turn < len(lead) else states[place]["plays"])

    def follow(state: Any, own: int, other: int) -> tuple[int, str]:
        turn, place = state
        after = states[place].get(ACTS[other], states[place].get(ACTS[own] + ACTS[other]))
        return min(turn + 1, len(lead)), str(after)

    return lay_machine(name, (0, next(iter(states))), mean, follow)


def _lay_cycle(name: str, rule: Mapping[str, Any], _: int) -> Machine:
    """Lay out acts in turn."""
    acts: str = rule["acts"]
    return lay_machine(name, 0, lambda s: SIGNS[acts[s]], lambda s, _own, _other: (s + 1) % len(acts))


def _lay_counter(name: str, rule: Mapping[str, Any], rounds: int) -> Machine:
    """Lay out a count of the other's acts."""
    steps = {FRIENDLY: int(rule["c"]), UNFRIENDLY: int(rule["d"])}
    least, start = int(rule["least"]), int(rule["start"])

    def follow(count: Any, _own: int, other: int) -> int:
        return int(count + steps[other])

    return lay_machine(name, start, lambda count: float(count >= least), follow, rounds)


def _lay_majority(name: str, rule: Mapping[str, Any], _: int) -> Machine:
    """Lay out the other's last acts."""
    window = int(rule["window"])
    return lay_machine(
        name, (), lambda seen: float(2 * sum(seen) <= len(seen)), lambda seen, _own, other: (*seen, other)[-window:]
    )


def _lay_growing(name: str, rule: Mapping[str, Any], rounds: int) -> Machine:
    """Lay out punishments that grow: count, defections and rounds of calm still to come, act now."""
    by_defections, calm, fair = rule["grows"] == "defections", int(rule["calm"]), bool(rule.get("fair"))

    def follow(state: Any, own: int, other: int) -> tuple[int, int, int, int]:
        count, left, quiet, _ = state
        if by_defections:
            count += other
        if left:
            return count, left - 1, quiet, UNFRIENDLY
        if quiet:
            return count, 0, quiet - 1, FRIENDLY
        if other == UNFRIENDLY and not (fair and own == UNFRIENDLY):
            count += not by_defections
            return count, count - 1, calm, UNFRIENDLY
        return count, 0, 0, FRIENDLY

    return lay_machine(name, (0, 0, 0, FRIENDLY), lambda state: 1.0 - state[3], follow, rounds)


FORMS = {
    "memory-one": _lay_memory_one,
    "machine": _lay_states,
    "cycle": _lay_cycle,
    "counter": _lay_counter,
    "majority": _lay_majority,
    "growing": _lay_growing,
}


@lru_cache(maxsize=1)
def list_strategies() -> tuple[Strategy, ...]:
    """Return all strategies in their published order.

    Returns
    -------
    tuple of Strategy

    Raises
    ------
    ReciprocityError
        Two share a name, or there is no such form.

    References
    ----------
    `axelrod-1984`, `knight-2016` in docs/bibliography.md
    """
    return tuple(_read_strategy(dict(row)) for row in _read_file()["strategies"])


def read_standard() -> dict[str, Any]:
    """Return what a side is asked about when its strategy is looked for: set, prior, strategies, noise.

    Returns
    -------
    dict
        As published in `strategies.yml`.
    """
    found: dict[str, Any] = _read_file()["standard"]
    return found


@lru_cache(maxsize=1)
def _read_file() -> dict[str, Any]:
    """Return the published file."""
    said: dict[str, Any] = read_published(FILE)
    return said


def _read_strategy(row: dict[str, Any]) -> Strategy:
    """Return a row of the file as a strategy."""
    known = {key: row.pop(key, default) for key, default in (("aliases", []), ("peer", ""))}
    name, definition, reference, form = (row.pop(key) for key in ("name", "definition", "reference", "form"))
    if form not in FORMS:
        raise ReciprocityError(f"{name}: there is no form {form!r}", where=FILE.name, todo=f"one of {', '.join(FORMS)}")
    return Strategy(name, tuple(known["aliases"]), definition.strip(), reference, form, known["peer"], row)


@lru_cache(maxsize=1)
def _index_names() -> dict[str, Strategy]:
    """Return every strategy by name, alias and class of the peer, in lower case; names go before aliases."""
    found: dict[str, Strategy] = {}
    every = list_strategies()
    words = [(s.name, s) for s in every] + [(alias, s) for s in every for alias in s.aliases]
    for word, strategy in [*words, *((s.peer, s) for s in every if s.peer)]:
        found.setdefault(word.lower(), strategy)
    return found


def find_strategy(name: str) -> Strategy:
    """Return the strategy with a name, an alias, or a class of the Axelrod library.

    Parameters
    ----------
    name : str
        Capital letters do not matter.

    Returns
    -------
    Strategy

    Raises
    ------
    ReciprocityError
        There is none; the nearest names are listed.

    Examples
    --------
    >>> find_strategy("Pavlov").name
    'win-stay lose-shift'
    """
    known = _index_names()
    found = known.get(name.strip().lower())
    if found is None:
        near = [known[key].name for key in get_close_matches(name.lower(), known, 5, 0.5)]
        hint = ", ".join(dict.fromkeys(near)) or "see list_strategies()"
        raise ReciprocityError(f"there is no strategy {name!r}", todo=f"perhaps: {hint}")
    return found
