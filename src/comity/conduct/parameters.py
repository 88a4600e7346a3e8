"""What a rehearsal takes as given, read from its published table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from comity.conduct.errors import ConductError
from comity.lexicon.published import read_published

MOST_DRAWS = 100_000
MOST_MONTHS = 240


@dataclass(frozen=True)
class Noise:
    """How often a gesture is not seen, seen one level off, or seen as one of the other side [probability]."""

    missed: float
    wrong_level: float
    wrong_sign: float

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        for name, value in asdict(self).items():
            if not 0.0 <= value <= 1.0:
                raise ConductError(f"{name} is {value!r}", todo="give a probability from 0 to 1")
        if sum(asdict(self).values()) > 1.0:
            raise ConductError("the three kinds of misperception add up to more than 1", todo="give smaller ones")


@dataclass(frozen=True)
class Terms:
    """How a rehearsal is made; what is left out is the published value of `rehearsal.yml`.

    Parameters
    ----------
    seed : int
        The same seed gives the same bytes.
    draws : int, optional
        Simulated futures of each kind.
    months : sequence of int, optional
        When relations are reported, counted from the end of the record.
    shock : int, optional
        Level of the unfriendly gesture from which recovery is timed (1, 2 or 3).
    missed, wrong_level, wrong_sign : float, optional
        Misperception [probability].
    late : float, optional
        How often an answer is not made by its deadline, and so not made [probability].
    """

    seed: int = 0
    draws: int | None = None
    months: Sequence[int] | None = None
    shock: int | None = None
    missed: float | None = None
    wrong_level: float | None = None
    wrong_sign: float | None = None
    late: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        _check_whole("seed", self.seed, 0, 2**63)
        _check_whole("draws", self.pick("draws"), 20, MOST_DRAWS)
        _check_whole("shock", self.pick("shock_level"), 1, 3)
        months = self.list_months()
        if not months:
            raise ConductError("no month is asked for", todo="give at least one, such as 12")
        for month in months:
            _check_whole("months", month, 1, MOST_MONTHS)
        if not 0.0 <= self.pick("late") <= 1.0:
            raise ConductError(f"late is {self.late!r}", todo="give a probability from 0 to 1")
        self.read_noise()

    def pick(self, name: str) -> Any:
        """Return a value as asked for, or as published."""
        said = {"shock_level": self.shock}.get(name, getattr(self, name, None))
        return read_parameters()[name] if said is None else said

    def list_months(self) -> list[int]:
        """Return the months asked for, each once, in order."""
        return sorted(set(self.pick("months")))

    def read_noise(self) -> Noise:
        """Return the misperception."""
        return Noise(*(float(self.pick(field.name)) for field in fields(Noise)))

    def describe(self) -> dict[str, Any]:
        """Return the terms and everything else that is taken as given, as plain values."""
        said = {name: self.pick(name) for name in read_parameters()}
        return {"seed": self.seed, **said, "months": self.list_months()}


@cache
def read_parameters() -> dict[str, Any]:
    """Return the published values by name.

    Examples
    --------
    >>> read_parameters()["months"]
    [1, 3, 12, 60]
    """
    table = read_published(Path(__file__).parent / "rehearsal.yml")
    return {name: entry["value"] for name, entry in table.items()}


def _check_whole(name: str, value: Any, low: int, high: int) -> None:
    """Refuse what is no whole number within limits."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConductError(f"{name} is {value!r}", todo=f"give a whole number from {low} to {high:,}")
