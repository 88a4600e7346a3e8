"""Composite indices of any table, of pairs of states, and of groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.groups import describe_members
from comity.api.view import WrongUse, read_date
from comity.lexicon import identify_actor, identify_organisation

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.integration.indices.composite import Index
    from comity.integration.indices.pairindex import PairIndex
    from comity.integration.indices.stages import Stage
    from comity.integration.indices.uncertainty import Spread

Specified = Path | str | Mapping[str, Any]


def estimate_index(
    data: Any, specification: Specified, *, stages: Mapping[str, Stage] | None = None, seed: int = 0
) -> Index:
    """Estimate a composite index stage by stage.

    Parameters
    ----------
    data : Arrow table, data frame with the Arrow interface, mapping of columns, or list of rows
        One row for each unit; blanks are unknown.
    specification : path or mapping
        YAML or plain values; `describe_index_schema` gives the form.
    stages : mapping of str to callable, optional
        Stages of one's own by name; each takes and returns a `comity.integration.indices.stages.Work`.
    seed : int
        Of the draws for unknowns.

    Returns
    -------
    comity.integration.indices.composite.Index
        `as_arrow()` gives scores, bounds and ranks; `inspect(stage)` what a stage left.

    Examples
    --------
    >>> spec = {"comity_index": 1, "id": "two", "aggregates": [{"id": "all"}],
    ...         "indicators": [{"id": "x", "parent": "all"}, {"id": "y", "parent": "all", "direction": -1}]}
    >>> index = estimate_index({"unit": ["a", "b", "c"], "x": [0, 1, 2], "y": [4, 8, 6]}, spec)
    >>> index.as_arrow().column("all").to_pylist()
    [50.0, 25.0, 75.0]
    """
    from comity.integration.indices.composite import estimate_index

    return estimate_index(data, specification, stages=stages, seed=seed)


def estimate_spread(index: Index, draws: int = 100_000, seed: int | None = None) -> Spread:
    """Estimate intervals of scores and ranks, and the Sobol indices of every choice.

    Parameters
    ----------
    index : Index
    draws : int
        Evaluations of the whole index.
    seed : int, optional
        That of the index where left out.

    Returns
    -------
    comity.integration.indices.uncertainty.Spread
        `as_arrow()` gives one row a unit.
    """
    from comity.integration.indices.uncertainty import estimate_spread

    return estimate_spread(index, draws, seed)


def estimate_movement(index: Index, unit: str) -> pa.Table:
    """Estimate what would move the index of a unit: slope and gain by indicator.

    Parameters
    ----------
    index : Index
    unit : str

    Returns
    -------
    pyarrow.Table
        `indicator`, `value`, `known`, `slope`, `slope_deviation`, `gain`, the greatest gain first.
    """
    from comity.integration.indices.movement import estimate_movement

    return estimate_movement(index, unit)


def estimate_pairs(specification: Specified | None = None, further: Any = None, *, seed: int = 0) -> PairIndex:
    """Estimate the integration index of every pair of states.

    Parameters
    ----------
    specification : path or mapping, optional
        The shipped one where left out.
    further : table, optional
        Columns `a`, `b` (any code or unambiguous name) and indicators of one's own.
    seed : int

    Returns
    -------
    comity.integration.indices.pairindex.PairIndex
        `as_arrow()` gives one row a pair, with intervals; `index` is the composite index of all pairs.
    """
    from comity.integration.indices import step
    from comity.integration.indices.pairindex import estimate_pairs
    from comity.integration.indices.panel import read_columns

    if specification is None and further is None:
        return step.read_pair_index(seed)
    if further is not None:
        further = read_columns(further)
        further |= {
            end: [identify_actor(str(text)).id for text in further[end]] for end in ("a", "b") if end in further
        }
    return estimate_pairs(
        step.list_states(), step.read_sources(), specification or step.SPECIFICATION, further, seed=seed
    )


def estimate_pair(a: str, b: str, pairs: PairIndex | None = None) -> dict[str, Any]:
    """Estimate the integration index of two states, by dimension and indicator, beside pairs like them.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name of a state.
    pairs : PairIndex, optional
        From `estimate_pairs`; the shipped one where left out.

    Returns
    -------
    dict
        As `comity.integration.indices.profile.describe_pair`.

    Examples
    --------
    >>> pair = estimate_pair("Germany", "Poland")
    >>> pair["pair"], pair["index"]["low"] <= pair["index"]["score"] <= pair["index"]["high"]
    (['DEU', 'POL'], True)
    """
    from comity.integration.indices.profile import describe_pair

    return describe_pair(pairs or estimate_pairs(), identify_actor(a).id, identify_actor(b).id)


def estimate_group(
    members: str | Sequence[str],
    *,
    weigh_by: str | None = None,
    on: date | str | None = None,
    pairs: PairIndex | None = None,
) -> dict[str, Any]:
    """Estimate the integration of a group of states: the mean of its pairs, inside and with the rest.

    Parameters
    ----------
    members : str or sequence of str
        Name, id or code of an organisation, such as "ASEAN"; or any code or unambiguous name of each state. An
        organisation in a list stands for its members.
    weigh_by : {"population", "gdp"}, optional
        Pairs count by the product of both sizes; equally where left out.
    on : datetime.date or str, optional
        Members of organisations are those of this day; the last day of the last year of the data where left out.
    pairs : PairIndex, optional
        From `estimate_pairs`; the shipped one where left out.

    Returns
    -------
    dict
        As `comity.integration.indices.profile.describe_group`, and `organisations`: each with `id`, `name`, `on`,
        `members` (ids) and `known_to`, the day of the table of memberships.

    Raises
    ------
    UnknownMembers
        An organisation that is unknown, or whose members are.
    WrongUse
        A day without an organisation.

    Examples
    --------
    >>> group = estimate_group("ASEAN", on="2020-12-31")
    >>> len(group["members"]), group["pairs"], group["organisations"][0]["id"]
    (10, 45, 'IGO:ASEAN')
    """
    from comity.integration.indices import step
    from comity.integration.indices.profile import describe_group

    day = read_date(on) or date(step.read_data_year(), 12, 31)
    actors = [identify_organisation(members)] if isinstance(members, str) else [identify_actor(x) for x in members]
    held = {actor.id: describe_members(actor, day) for actor in actors if actor.kind == "igo"}
    if on is not None and not held:
        raise WrongUse(f"members on {day} were asked for, and no organisation is named", todo="leave the day out")
    states = [id for actor in actors for id in (held[actor.id]["members"] if actor.id in held else [actor.id])]
    sizes = None if weigh_by is None else step.read_sizes(weigh_by)
    return describe_group(pairs or estimate_pairs(), states, sizes) | {"organisations": list(held.values())}


def describe_index_schema() -> dict[str, Any]:
    """Return the form of a specification as JSON schema.

    Returns
    -------
    dict
    """
    from comity.integration.indices.options import describe_schema

    return describe_schema()
