"""How well each pair of strategies explains reported acts: the forward algorithm over states and true acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.machines import Machine
from comity.reciprocity.matches import Noise
from comity.reciprocity.var import Numbers

UNSEEN = -1
ALLOWED = {UNSEEN, 0, 1}
STARTS = ("opening", "anywhere")


@dataclass(frozen=True)
class Evidence:
    """What the reports say of each pair of strategies.

    Parameters
    ----------
    likelihood : array (noises, machines, machines)
        Log probability of all reports, the first side's strategy by rows.
    foreseen : array (periods, 2, machines)
        Chance of an unfriendly report of each side in each period if it has that strategy, given the reports before it;
        the noises and the other side's strategies weigh as those reports tell [probability].
    """

    likelihood: Numbers
    foreseen: Numbers


def check_reports(reports: Any) -> NDArray[np.int64]:
    """Return reports as an array, after a check.

    Parameters
    ----------
    reports : array-like (periods, 2)
        0 friendly, 1 unfriendly, -1 not seen.

    Returns
    -------
    array (periods, 2)

    Raises
    ------
    ReciprocityError
        Another shape or another value.
    """
    array = np.asarray(reports, dtype=float)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ReciprocityError(f"reports of shape {array.shape}", todo="give a row for each period, a column a side")
    wrong = ~np.isin(array, list(ALLOWED))
    if wrong.any():
        row, side = np.argwhere(wrong)[0]
        raise ReciprocityError(
            f"report {array[row, side]} of side {side} in period {row}",
            todo="code friendly 0, unfriendly 1, not seen -1",
        )
    return array.astype(np.int64)


@dataclass(frozen=True)
class _Steps:
    """All machines in one table: for each own and other act, the weighted moves (noises, states, states)."""

    moves: dict[tuple[int, int], Numbers]
    done: Numbers
    owner: Numbers
    start: Numbers


def _lay_steps(machines: Sequence[Machine], noises: Sequence[Noise], start: str) -> _Steps:
    """Join the machines, and lay out the chance of each act and move."""
    sizes = [machine.states for machine in machines]
    offsets = np.cumsum([0, *sizes[:-1]])
    total = sum(sizes)
    owner = np.repeat(np.eye(len(machines)), sizes, axis=0)
    follow = np.concatenate([one.follow + offset for one, offset in zip(machines, offsets, strict=True)])
    meant = 1 - np.concatenate([one.cooperate for one in machines])
    action = np.array([noise.action for noise in noises])[:, None]
    sight = np.array([noise.sight for noise in noises])[:, None, None]
    unfriendly = meant * (1 - action) + (1 - meant) * action
    done = np.stack([1 - unfriendly, unfriendly])
    place = np.eye(total)
    moves = {}
    for own in (0, 1):
        for other in (0, 1):
            move = (1 - sight) * place[follow[:, own, other]] + sight * place[follow[:, own, 1 - other]]
            moves[own, other] = done[own][:, :, None] * move
    first = np.zeros(total)
    first[[one.opening + offset for one, offset in zip(machines, offsets, strict=True)]] = 1.0
    return _Steps(moves, done, owner, first if start == "opening" else (owner / sizes).sum(1))


def weigh_pairs(
    machines: Sequence[Machine], reports: Any, noises: Sequence[Noise], *, start: str = "opening"
) -> Evidence:
    """Weigh every pair of strategies against reported acts.

    What was truly done is hidden: a side acts by its strategy, now and then otherwise than it meant (`action`), takes
    the other's act for another one (`sight`), and the report of an act is wrong with a chance of its own (`report`).
    The forward algorithm sums over both sides' states and true acts.

    Parameters
    ----------
    machines : sequence of Machine
        Strategies that each side may have.
    reports : array-like (periods, 2)
        0 friendly, 1 unfriendly, -1 not seen.
    noises : sequence of Noise
        Under each of which to weigh.
    start : str
        `opening`: both begin in their first state; `anywhere`: the record begins in the middle, every state of a
        strategy has the same chance.

    Returns
    -------
    Evidence

    Raises
    ------
    ReciprocityError
        No machine, no noise, no such start, or reports of another shape or value.

    References
    ----------
    `rabiner-1989` in docs/bibliography.md
    """
    told = check_reports(reports)
    if not machines or not noises or start not in STARTS:
        raise ReciprocityError(
            f"{len(machines)} machines, {len(noises)} noises, start {start!r}",
            todo=f"give at least one of each, and one of {', '.join(STARTS)}",
        )
    steps = _lay_steps(machines, noises, start)
    wrong = np.array([noise.report for noise in noises])
    likelihood = np.zeros((len(noises), len(machines), len(machines)))
    foreseen = np.empty((len(told), 2, len(machines)))
    owner = steps.owner
    belief = np.repeat(np.outer(steps.start, steps.start)[None], len(noises), axis=0)
    for t, pair in enumerate(told):
        foreseen[t] = _foresee(steps, belief, likelihood, wrong)
        belief = _move(steps, belief, pair, wrong)
        shares = owner.T @ belief @ owner
        with np.errstate(divide="ignore"):
            likelihood += np.log(shares)
        belief /= owner @ np.where(shares > 0, shares, 1.0) @ owner.T
    return Evidence(likelihood, foreseen)


def _foresee(steps: _Steps, belief: Numbers, likelihood: Numbers, wrong: Numbers) -> Numbers:
    """Return the chance of an unfriendly report of each side, for each strategy of its own (2, machines)."""
    owner, hostile = steps.owner, steps.done[1]
    first = owner.T @ (belief * hostile[:, :, None]) @ owner
    second = owner.T @ (belief * hostile[:, None]) @ owner
    both = np.stack([first, second.transpose(0, 2, 1)])
    told = both * (1 - 2 * wrong[:, None, None]) + wrong[:, None, None]
    logs = np.stack([likelihood, likelihood.transpose(0, 2, 1)])
    best = logs.max(axis=(1, 3), keepdims=True)
    weights = np.exp(logs - np.where(np.isfinite(best), best, 0.0))
    sums = weights.sum(axis=(1, 3))
    return np.asarray((weights * told).sum(axis=(1, 3)) / np.where(sums > 0, sums, 1.0))


def _move(steps: _Steps, belief: Numbers, reports: NDArray[np.int64], wrong: Numbers) -> Numbers:
    """Return the belief after a period, weighed by what was reported of it."""
    after = np.zeros_like(belief)
    for own in (0, 1):
        for other in (0, 1):
            weight = np.ones(len(wrong))
            for act, report in ((own, reports[0]), (other, reports[1])):
                if report != UNSEEN:
                    weight = weight * (1 - wrong if act == report else wrong)
            part = steps.moves[own, other].transpose(0, 2, 1) @ belief @ steps.moves[other, own]
            after += weight[:, None, None] * part
    return after
