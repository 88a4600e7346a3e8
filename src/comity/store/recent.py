"""What a process keeps of what it asked last, so that the next question need not be answered from the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """No more than so many values by key; who is kept last pushes out who was kept first.

    Parameters
    ----------
    most : int
        How many are kept [count].

    Examples
    --------
    >>> recent = Recent[str, int](2)
    >>> for number, name in enumerate("abac"):
    ...     _ = recent.keep(name, number)
    >>> recent.get("a"), recent.get("b"), recent.pop("c"), list(recent)
    (2, None, 3, ['a'])
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[Key, Value] = {}

    def __iter__(self) -> Iterator[Key]:
        return iter(tuple(self._held))

    def get(self, key: Key) -> Value | None:
        """Return what is kept under a key, or None."""
        return self._held.get(key)

    def pop(self, key: Key) -> Value | None:
        """Return what is kept under a key, or None, and keep it no longer: who is stopped at it then leaves none."""
        return self._held.pop(key, None)

    def keep(self, key: Key, value: Value) -> Value:
        """Keep a value under a key, as the newest of all, and return it."""
        self._held.pop(key, None)
        while len(self._held) >= self._most:
            self._held.pop(next(iter(self._held)), None)
        self._held[key] = value
        return value

    def clear(self) -> None:
        """Keep nothing any more."""
        self._held.clear()
