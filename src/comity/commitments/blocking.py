"""What waits for what: the graph of commitments that are not fulfilled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def find_roots(name: str, waits: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what a commitment waits for in the end: those that wait for nothing themselves.

    Parameters
    ----------
    name : str
        Where to begin.
    waits : mapping of str to sequence of str
        For each commitment, those that it depends on and are not fulfilled; names without an entry wait for nothing.

    Returns
    -------
    list of str
        Each once; empty where it waits for nothing, or only for itself in a circle.

    Examples
    --------
    >>> find_roots("c", {"c": ["b"], "b": ["a"], "a": []})
    ['a']
    """
    found: dict[str, None] = {}
    seen, open_names = {name}, list(waits.get(name, ()))
    while open_names:
        one = open_names.pop()
        if one in seen:
            continue
        seen.add(one)
        further = waits.get(one, ())
        if further:
            open_names.extend(further)
        else:
            found[one] = None
    return sorted(found)


def find_cycles(waits: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the circles in which commitments wait for one another, each as its sorted names.

    Examples
    --------
    >>> find_cycles({"a": ["b"], "b": ["a"], "c": ["a"]})
    [('a', 'b')]
    """
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []
    held: set[str] = set()
    for root in sorted(waits):
        work = [(root, iter(waits[root]))] if root not in order else []
        while work:
            name, further = work[-1]
            if name not in order:
                order[name] = low[name] = len(order)
                stack.append(name)
                held.add(name)
            step = next((other for other in further if other in waits), None)
            if step is not None and step not in order:
                work.append((step, iter(waits[step])))
                continue
            if step is not None:
                low[name] = min(low[name], order[step]) if step in held else low[name]
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[name])
            if low[name] == order[name]:
                _close(name, stack, held, waits, found)
    return sorted(found)


def _close(
    name: str,
    stack: list[str],
    held: set[str],
    waits: Mapping[str, Sequence[str]],
    found: list[tuple[str, ...]],
) -> None:
    """Take a strongly connected part off the stack, and keep it where it is a circle."""
    part: list[str] = []
    while not part or part[-1] != name:
        part.append(stack.pop())
        held.discard(part[-1])
    if len(part) > 1 or name in waits[name]:
        found.append(tuple(sorted(part)))
