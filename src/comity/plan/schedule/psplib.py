"""Instances of the library PSPLIB, read from their text."""

from __future__ import annotations

from comity.plan.errors import BadProject
from comity.plan.project import Lag, Mode, Project, Resource, Task


def read_psplib(text: str, *, where: str = "text") -> Project:
    """Return the project of a single-mode instance in Patterson's form (`.rcp`).

    Parameters
    ----------
    text : str
        Numbers: tasks and resources; capacities; for each task its duration, needs and successors.
    where : str
        What the text was read from, for messages.

    Returns
    -------
    Project
        Tasks `1` to `n`, resources `R1` to `Rk`, with the sum of all durations as horizon.

    Raises
    ------
    BadProject
        Where the text is not made of numbers, or is shorter or longer than its own counts say.

    References
    ----------
    `kolisch-sprecher-1997`
    """
    try:
        numbers = [int(word) for word in text.split()]
        count, kinds = numbers[0], numbers[1]
        capacity, place = numbers[2 : 2 + kinds], 2 + kinds
        tasks, lags = [], []
        for name in range(1, count + 1):
            duration, follows = numbers[place], numbers[place + 1 + kinds]
            needs = numbers[place + 1 : place + 1 + kinds]
            place += 2 + kinds
            demands = {f"R{kind + 1}": units for kind, units in enumerate(needs) if units}
            tasks.append(Task(str(name), (Mode(duration, demands),)))
            lags += [Lag(str(name), str(other)) for other in numbers[place : place + follows]]
            place += follows
    except (ValueError, IndexError) as error:
        raise BadProject(f"no instance in Patterson's form: {error}", where=where, todo="give a `.rcp` file") from error
    if place != len(numbers):
        raise BadProject(f"{len(numbers) - place} numbers are left over", where=where, todo="give a whole `.rcp` file")
    resources = tuple(Resource(f"R{kind + 1}", ((0, units),)) for kind, units in enumerate(capacity))
    return Project(sum(task.modes[0].duration for task in tasks), tuple(tasks), tuple(lags), resources)
