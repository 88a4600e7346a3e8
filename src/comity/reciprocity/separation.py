"""How far a record tells strategies apart, and what set of them holds a given probability."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.evidence import UNSEEN
from comity.reciprocity.machines import UNFRIENDLY
from comity.reciprocity.var import Numbers

BARE = float(np.log(3.0))
MASS = 0.9
TINY = 1e-12


def share_set(probabilities: Numbers, mass: float = MASS) -> Numbers:
    """Return the chance of each item to belong to a set of the most probable with exactly this mass.

    Parameters
    ----------
    probabilities : array (items,)
    mass : float
        Of the set [probability].

    Returns
    -------
    array (items,)
        1 inside, 0 outside; at the edge the share that fills the mass, the same for equals. An item belongs to the
        smallest set with at least this mass where it is above 0.

    Examples
    --------
    >>> import numpy as np
    >>> share_set(np.array([0.85, 0.1, 0.05])).tolist()
    [1.0, 0.5, 0.0]
    """
    gaps = probabilities[None, :] - probabilities[:, None]
    before = np.where(gaps > TINY, probabilities[None, :], 0.0).sum(1)
    equals = np.where(np.abs(gaps) <= TINY, probabilities[None, :], 0.0).sum(1)
    room = np.clip((mass - before) / np.where(equals > 0, equals, 1.0), 0.0, 1.0)
    return np.asarray(np.round(np.where(probabilities > 0, room, 0.0), 9), dtype=np.float64)


def measure_distance(foreseen: Numbers) -> Numbers:
    """Return the expected weight of evidence by which a record tells strategies apart.

    Parameters
    ----------
    foreseen : array (periods, strategies)
        Chance of an unfriendly report in each period [probability].

    Returns
    -------
    array (strategies, strategies)
        Sum over the periods of the expected log ratio of chances if the strategy of the row is the right one, or that
        of the column, whichever is larger [nats].
    """
    chance = np.clip(foreseen, TINY, 1 - TINY)
    yes, no = np.log(chance), np.log1p(-chance)
    own = (chance * yes + (1 - chance) * no).sum(0)
    expected = own[:, None] - chance.T @ yes - (1 - chance).T @ no
    return np.asarray(np.maximum(expected, expected.T))


def group_alike(order: NDArray[np.int64], distance: Numbers) -> NDArray[np.int64]:
    """Return the group of each strategy: the most probable and all that cannot be told from it, and so on.

    Parameters
    ----------
    order : array (strategies,)
        Places of the strategies, the most probable first.
    distance : array (strategies, strategies)
        Of `measure_distance` [nats].

    Returns
    -------
    array (strategies,)
        Number of the group, 0 for the leading one. Two are alike where the expected Bayes factor is below 3.

    References
    ----------
    `kass-raftery-1995` in docs/bibliography.md
    """
    groups = np.full(len(order), -1)
    for number in order:
        if groups[number] < 0:
            near = (groups < 0) & (distance[number] < BARE)
            near[number] = True
            groups[near] = groups.max() + 1
    return groups


def score_foresight(foreseen: Numbers, own: NDArray[np.int64]) -> float:
    """Return the log probability of a side's reports, each foreseen from those before.

    Parameters
    ----------
    foreseen : array (periods,)
        Chance of an unfriendly report [probability].
    own : array (periods,)
        0 friendly, 1 unfriendly, -1 not seen.

    Returns
    -------
    float
        Of the periods in which the side was seen [nats].
    """
    chance = np.clip(foreseen[own != UNSEEN], TINY, 1 - TINY)
    return float(np.log(np.where(own[own != UNSEEN] == UNFRIENDLY, chance, 1 - chance)).sum())


def learn_freely(reports: NDArray[np.int64]) -> float:
    """Return the log probability of a side's reports under free descriptions that learn its chances from the record.

    Four descriptions, each with the same weight: one chance for all periods, one after each own act, one after each act
    of the other, one after each pair of acts (an act that was not seen counting as a third kind). The chances begin at
    one half.

    Parameters
    ----------
    reports : array (periods, 2)
        The side's own and the other's: 0 friendly, 1 unfriendly, -1 not seen.

    Returns
    -------
    float
        Of the periods in which the side was seen [nats].

    References
    ----------
    `krichevsky-trofimov-1981` in docs/bibliography.md
    """
    before = np.vstack([[2, 2], reports[:-1] % 3])
    settings = (np.zeros(len(reports), dtype=np.int64), before[:, 0], before[:, 1], before @ [3, 1])
    logs = np.array([_learn_chances(reports[:, 0], setting) for setting in settings])
    return float(logs.max() + np.log(np.exp(logs - logs.max()).mean()))


def _learn_chances(own: NDArray[np.int64], setting: NDArray[np.int64]) -> float:
    """Return the log probability of acts whose chance is learned for each setting (Krichevsky and Trofimov)."""
    total = 0.0
    counts: dict[int, list[float]] = {}
    for act, place in zip(own.tolist(), setting.tolist(), strict=True):
        if act != UNSEEN:
            seen = counts.setdefault(place, [0.5, 0.5])
            total += float(np.log(seen[act] / (seen[0] + seen[1])))
            seen[act] += 1
    return total
