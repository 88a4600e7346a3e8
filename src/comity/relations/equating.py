"""Put the years of voting on one line: origin and unit of each year, from what continues between years.

Votes of one year say how states lie to each other, not where the whole Assembly lies. Two things tie years together,
as in the equating of tests (Kolen and Brennan 2014, mean and sigma method): states that vote in two following years,
and resolutions that are put again (Bailey, Strezhnev and Voeten 2017). Units solve a weighted least-squares problem in
logs, origins one in the units found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.relations.ordinal import Ballots, Fit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

LEAST_SLOPE = 0.5
"""A resolution with a smaller slope in either year says nothing of units."""
LEAST_STATES = 3


@dataclass(frozen=True)
class Repeats:
    """When two votes are taken to be on one resolution; meanings and units stand in `voting.yml`."""

    agreement: float
    reach: int
    common: int


def _fold_title(title: str | None) -> str:
    """Return the words of a title in order of the alphabet."""
    return " ".join(sorted(re.sub(r"[^a-z0-9]+", " ", (title or "").lower()).split()))


def _compare_answers(rows: Places, others: Places, table: NDArray[np.int8], common: int) -> Numbers:
    """Return shares of like answers among the states with both, 0 where these are fewer than `common`."""
    import numpy as np

    mine, theirs = table[rows], table[others].T
    like = sum((mine == k).astype(float) @ (theirs == k) for k in range(3))
    both = (mine >= 0).astype(float) @ (theirs >= 0)
    return np.where(both >= common, like / np.maximum(both, 1), 0.0)


def _group_titles(ballots: Ballots, titles: Sequence[str | None]) -> Iterator[dict[int, Places]]:
    """Yield for each title its items by year."""
    import numpy as np

    groups: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for item, title in enumerate(titles):
        groups[_fold_title(title)][int(ballots.year[item])].append(item)
    for key in sorted(groups):
        if key:
            yield {year: np.array(items) for year, items in sorted(groups[key].items())}


def _match_items(share: Numbers, least: float) -> Iterator[tuple[int, int]]:
    """Yield row and column where each is the other's nearest, and near enough."""
    for row, column in enumerate(share.argmax(1)):
        if share[:, column].argmax() == row and share[row, column] >= least:
            yield row, int(column)


def _list_repeats(
    ballots: Ballots, titles: Sequence[str | None], table: NDArray[np.int8], rule: Repeats
) -> Iterator[tuple[int, float, int, int]]:
    """Yield distance in years, disagreement, earlier and later item of each mutual best match under one title."""
    for years in _group_titles(ballots, titles):
        near = [(a, b) for a in years for b in years if 0 < b - a <= rule.reach]
        for early, late in near:
            share = _compare_answers(years[early], years[late], table, rule.common)
            for row, column in _match_items(share, rule.agreement):
                yield late - early, -float(share[row, column]), int(years[early][row]), int(years[late][column])


def link_resolutions(ballots: Ballots, titles: Sequence[str | None], rule: Repeats) -> Places:
    """Pair votes of near years on what is taken to be one resolution.

    Two votes are paired where their titles have the same words, each is the other's nearest under that title, and
    at least the share `agreement` of the states that answered both gave the same answer. Nearer years come first, and
    a vote has one predecessor and one successor at most.

    Parameters
    ----------
    ballots : Ballots
    titles : sequence of str or None
        Of each item; one without a title is paired with none.
    rule : Repeats

    Returns
    -------
    array (links, 2)
        Earlier and later item.
    """
    import numpy as np

    table = np.full((len(ballots.year), ballots.states), -1, np.int8)
    table[ballots.item, ballots.state] = ballots.answer
    before: set[int] = set()
    after: set[int] = set()
    links = []
    for _, _, early, late in sorted(_list_repeats(ballots, titles, table, rule)):
        if early not in before and late not in after:
            before.add(early)
            after.add(late)
            links.append((early, late))
    return np.array(links, dtype=np.int64).reshape(-1, 2)


Tie = tuple[int, int, float, float]
"""Later year, earlier year, value of the later minus that of the earlier one, weight."""


def _solve_ties(ties: Sequence[Tie], years: int) -> Numbers:
    """Return a value for each year, mean 0, whose differences cancel those of the ties as well as they can."""
    import numpy as np

    matrix, right = np.zeros((years, years)), np.zeros(years)
    for late, early, value, weight in ties:
        for a, b in ((late, early), (early, late)):
            matrix[a, a] += weight
            matrix[a, b] -= weight
        right[late] -= weight * value
        right[early] += weight * value
    return np.asarray(np.linalg.lstsq(matrix + 1e-9, right, rcond=None)[0], dtype=float)


def _pair_years(seen: NDArray[np.bool_]) -> list[tuple[int, int, NDArray[np.bool_]]]:
    """Return each year with the nearest earlier one that shares at least three states, and those states."""
    pairs = []
    for late in range(1, seen.shape[1]):
        for early in range(late - 1, -1, -1):
            both = seen[:, late] & seen[:, early]
            if both.sum() >= LEAST_STATES:
                pairs.append((late, early, both))
                break
    return pairs


def _group_links(ballots: Ballots, fit: Fit, links: Places) -> dict[tuple[int, int], Places]:
    """Group the links that can tell of a unit by their two years."""
    import numpy as np

    slopes = fit.terms[links, 0]
    telling = (slopes.prod(1) > 0) & (np.abs(slopes).min(1) > LEAST_SLOPE)
    groups: dict[tuple[int, int], list[Places]] = defaultdict(list)
    for early, late in links[telling]:
        groups[int(ballots.year[late]), int(ballots.year[early])].append(np.array([early, late]))
    return {years: np.array(pairs) for years, pairs in groups.items()}


def equate_years(ballots: Ballots, fit: Fit, links: Places, units: float, origins: float) -> tuple[Numbers, Numbers]:
    """Return unit and origin of each year.

    Parameters
    ----------
    ballots, fit
        Votes and what they say year by year.
    links : array (links, 2)
        From `link_resolutions`.
    units, origins : float
        Weight of one repeated resolution, where all states of two following years together weigh 1.

    Returns
    -------
    unit, origin : array (years,)
        A position on the common line is ``unit * position + origin``.

    References
    ----------
    `kolen-brennan-2014`, `bailey-strezhnev-voeten-2017` in docs/bibliography.md
    """
    import numpy as np

    seen, x, terms = ballots.count_votes() > 0, fit.position, fit.terms
    states, groups = _pair_years(seen), _group_links(ballots, fit, links)
    floor = 1e-9
    ties: list[Tie] = [
        (a, b, float(np.log((x[both, a].std() + floor) / (x[both, b].std() + floor))), 1.0) for a, b, both in states
    ]
    for (a, b), pair in groups.items():
        # slopes are per unit: where they fall, the unit has grown
        ratio = np.median(np.log(terms[pair[:, 1], 0] / terms[pair[:, 0], 0]))
        ties.append((a, b, -float(ratio), units * len(pair)))
    unit = np.exp(_solve_ties(ties, ballots.years))
    ties = [(a, b, float((unit[a] * x[both, a] - unit[b] * x[both, b]).mean()), 1.0) for a, b, both in states]
    middle = terms[:, 1:].mean(1) / np.where(terms[:, 0] == 0, 1.0, terms[:, 0])
    for (a, b), pair in groups.items():
        shift = np.median(unit[a] * middle[pair[:, 1]] - unit[b] * middle[pair[:, 0]])
        ties.append((a, b, float(shift), origins * len(pair)))
    return unit, _solve_ties(ties, ballots.years)
