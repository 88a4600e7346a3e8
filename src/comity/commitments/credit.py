"""A partial credit model: how far parties reach the levels of commitments that differ in difficulty.

A commitment's difficulty is random and integrated out by quadrature; what is estimated is the parties' reach, what a
field adds to it, the steps of each scale, and how much difficulties scatter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.lexicon.errors import ComityError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDEST = 2.5
"""Scatter of difficulties up to which the nodes of quadrature stand close enough where it is estimated [logit]."""
REACH = 5.0
"""Standard deviations to both sides that the nodes of quadrature span."""
MOST_NODES = 201
STEP = 2.5
"""Standard deviation of the prior of steps [logit]."""
MOST_STEPS = 60
MOST_CHANCES = 1_000_000
"""Chances of answers that are worked out at once."""
TOLERANCE = 1e-8


class FitError(ComityError):
    """A model has no answer to what it was given."""


@dataclass(frozen=True, slots=True)
class Response:
    """One judged commitment: by party, field and scale, the rank of the level reached and the number of levels.

    `item` names what shares a difficulty.
    """

    party: str
    field: str
    item: str
    scale: str
    level: int
    levels: int


@dataclass(frozen=True, slots=True)
class Prior:
    """Standard deviations of the normal priors [logit]: of parties, of fields within parties, of steps; the scatter.

    The scatter of difficulties is held at its value, or estimated without a prior where it is None.
    """

    party: float
    field: float
    step: float = STEP
    scatter: float | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """Responses as arrays: one row for each step of each response, columns of the parameters that it moves."""

    parties: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    scales: tuple[tuple[str, int], ...]
    weight: NDArray[np.float64]
    first: NDArray[np.intp]
    reached: NDArray[np.intp]
    ceiling: NDArray[np.intp]
    columns: NDArray[np.intp]
    response: NDArray[np.intp]
    step: NDArray[np.intp]
    item: NDArray[np.intp]
    pairs: NDArray[np.intp]

    @property
    def size(self) -> int:
        """Number of parameters: parties, fields within parties, steps, and the scatter of difficulties."""
        return len(self.parties) + len(self.cells) + sum(levels - 1 for _, levels in self.scales) + 1

    def find_step(self, scale: str) -> int:
        """Return the column of the first step of a scale."""
        place = len(self.parties) + len(self.cells)
        for name, levels in self.scales:
            if name == scale:
                return place
            place += levels - 1
        raise KeyError(scale)


@dataclass(frozen=True, slots=True)
class Fit:
    """A mode, the covariance about it, the log likelihood there, and the logarithm of the evidence (Laplace)."""

    mode: NDArray[np.float64]
    covariance: NDArray[np.float64]
    likelihood: float
    evidence: float


def lay_design(responses: Sequence[Response]) -> Design:
    """Lay responses out as arrays; commitments with the same answers are one row that counts several times."""
    import numpy as np

    items: dict[str, list[tuple[str, str, str, int, int]]] = {}
    for one in responses:
        items.setdefault(one.item, []).append((one.party, one.field, one.scale, one.level, one.levels))
    patterns: dict[tuple[tuple[str, str, str, int, int], ...], int] = {}
    for found in items.values():
        key = tuple(sorted(found))
        patterns[key] = patterns.get(key, 0) + 1
    parties = tuple(sorted({one.party for one in responses}))
    cells = tuple(sorted({(one.party, one.field) for one in responses}))
    scales = tuple(sorted({(one.scale, one.levels) for one in responses}))
    flat = [(n, answer) for n, key in enumerate(patterns) for answer in key]
    starts = dict(zip((name for name, _ in scales), _list_starts(scales, len(parties) + len(cells)), strict=True))
    at_party = {name: n for n, name in enumerate(parties)}
    at_cell = {cell: n + len(parties) for n, cell in enumerate(cells)}
    rows = [
        (n, item, step, at_party[party], at_cell[party, field], starts[scale] + step - 1)
        for n, (item, (party, field, scale, _, levels)) in enumerate(flat)
        for step in range(1, levels)
    ]
    table = np.array(rows, dtype=np.intp)
    owner = np.array([item for item, _ in flat])
    return Design(
        parties=parties,
        cells=cells,
        scales=scales,
        weight=np.array(list(patterns.values()), dtype=float),
        first=np.searchsorted(owner, np.arange(len(patterns))),
        reached=np.array([answer[3] for _, answer in flat], dtype=np.intp),
        ceiling=np.array([answer[4] for _, answer in flat], dtype=np.intp),
        columns=table[:, 3:6],
        response=table[:, 0],
        step=table[:, 2],
        item=table[:, 1],
        pairs=_pair_steps(table[:, 0]),
    )


def _list_starts(scales: Sequence[tuple[str, int]], start: int) -> list[int]:
    """Return the first column of each scale's steps."""
    starts = []
    for _, levels in scales:
        starts.append(start)
        start += levels - 1
    return starts


def _pair_steps(response: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return all ordered pairs of rows that belong to the same response, shape (pairs, 2)."""
    import numpy as np

    places: dict[int, list[int]] = {}
    for row, owner in enumerate(response.tolist()):
        places.setdefault(owner, []).append(row)
    return np.array([(a, b) for rows in places.values() for a in rows for b in rows], dtype=np.intp)


def fit_mode(design: Design, prior: Prior, start: NDArray[np.float64] | None = None) -> Fit:
    """Find the mode of the parameters under a prior by damped Newton steps.

    Parameters
    ----------
    design : Design
    prior : Prior
    start : ndarray, optional
        Where to begin; zero, with a scatter of one half, where left out.

    Returns
    -------
    Fit
        Parameters in the order of `Design` [logit].

    Raises
    ------
    FitError
        No mode was reached.

    References
    ----------
    `masters-1982`, `bock-aitkin-1981` in docs/bibliography.md.
    """
    import numpy as np

    precision = weigh_prior(design, prior)
    free = np.ones(design.size)
    free[-1] = prior.scatter is None
    point = np.zeros(design.size) if start is None else start.copy()
    if start is None or prior.scatter is not None:
        point[-1] = prior.scatter or 0.5
    nodes = lay_nodes(design, WIDEST if prior.scatter is None else prior.scatter)
    value, slope, bend = measure_likelihood(design, point, nodes)
    for _ in range(MOST_STEPS):
        gradient = (slope - precision * point) * free
        bend *= np.outer(free, free)
        move = np.linalg.solve(_make_definite(np.diag(precision) - bend), gradient)
        if float(gradient @ move) < TOLERANCE:
            return _describe_fit(point, value, precision, bend)
        goal = value - 0.5 * float(precision @ point**2)
        for length in 0.5 ** np.arange(30):
            tried = point + length * move
            found = measure_likelihood(design, tried, nodes)
            if found[0] - 0.5 * float(precision @ tried**2) >= goal - 1e-10:
                break
        point, (value, slope, bend) = tried, found
    raise FitError("the follow-through model found no mode", todo="leave out scales with very few values")


def weigh_prior(design: Design, prior: Prior) -> NDArray[np.float64]:
    """Return the prior precision of each parameter."""
    import numpy as np

    steps = design.size - 1 - len(design.parties) - len(design.cells)
    spread = [prior.party] * len(design.parties) + [prior.field] * len(design.cells) + [prior.step] * steps
    return np.append(1.0 / np.array(spread) ** 2, 0.0 if prior.scatter is None else 1.0)


def _make_definite(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a symmetric matrix with its negative directions turned upward, so that a step climbs."""
    import numpy as np

    values, vectors = np.linalg.eigh(matrix)
    if values[0] > 1e-9:
        return matrix
    raised = np.maximum(np.abs(values), 1e-6)
    definite: NDArray[np.float64] = (vectors * raised) @ vectors.T
    return definite


def _describe_fit(
    point: NDArray[np.float64], value: float, precision: NDArray[np.float64], bend: NDArray[np.float64]
) -> Fit:
    """Return the mode with its covariance and Laplace evidence."""
    import numpy as np

    curvature = _make_definite(np.diag(precision) - bend)
    size = np.linalg.slogdet(curvature)[1]
    held, weight = point[:-1], precision[:-1]  # the scatter has no prior here: it is held, or free
    evidence = value - 0.5 * float(weight @ held**2 - np.log(weight).sum() + size)
    covariance = np.asarray(np.linalg.inv(curvature), dtype=np.float64)
    return Fit(point, covariance, value, evidence)


def measure_likelihood(
    design: Design, point: NDArray[np.float64], nodes: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return the marginal log likelihood of the parameters with its gradient and second derivatives."""
    import numpy as np

    chance, at_least = _answer(design, _reach_steps(design, point)[:, None] - point[-1] * nodes)
    weights = np.exp(-0.5 * nodes**2)
    joint = np.add.reduceat(chance, design.first, axis=0) + np.log(weights / weights.sum())
    top = joint.max(axis=1, keepdims=True)
    posterior = np.exp(joint - top)
    total = posterior.sum(axis=1, keepdims=True)
    posterior /= total
    value = float(design.weight @ (top + np.log(total))[:, 0])
    rest = (design.step[:, None] <= design.reached[design.response][:, None]) - at_least
    slopes = np.zeros((len(design.weight), design.size, len(nodes)))
    for place, sign in enumerate((1.0, 1.0, -1.0)):
        np.add.at(slopes, (design.item, design.columns[:, place]), sign * rest)
    np.add.at(slopes, (design.item, np.full(len(rest), design.size - 1)), -nodes * rest)
    mean = np.einsum("iq,idq->id", posterior, slopes)
    scaled = slopes * np.sqrt(posterior * design.weight[:, None])[:, None, :]
    wide = scaled.transpose(1, 0, 2).reshape(design.size, -1)
    bend = wide @ wide.T - (mean.T * design.weight) @ mean
    bend -= _spread_answers(design, at_least, (posterior * design.weight[:, None])[design.item], nodes)
    return value, design.weight @ mean, bend


def lay_nodes(design: Design, scatter: float) -> NDArray[np.float64]:
    """Return evenly spaced nodes, close enough for the item of which most is known, up to a scatter of difficulties.

    What many parties' answers leave open of an item's difficulty is far narrower than the scatter of all difficulties;
    nodes that stand further apart than this, as a fixed number of Gauss's do, miss it, and intervals become too narrow.
    With steps of 1.2 of its standard deviations the trapezoid rule errs by less than one in a million.
    """
    import numpy as np

    known = np.add.reduceat((design.ceiling.astype(float) ** 2 - 1) / 12, design.first).max()
    step = 1.2 / np.sqrt(1 + scatter**2 * known)
    half = min(MOST_NODES // 2, int(np.ceil(REACH / step)))
    return np.linspace(-REACH, REACH, 2 * half + 1)


def measure_values(design: Design, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the marginal log likelihood of many points of one scatter, shape (points, parameters)."""
    import numpy as np

    nodes = lay_nodes(design, abs(float(points[0, -1])))
    log_weights = -0.5 * nodes**2 - np.log(np.exp(-0.5 * nodes**2).sum())
    at_once = max(1, MOST_CHANCES // (len(design.reached) * len(nodes) * int(design.ceiling.max())))
    found = []
    for start in range(0, len(points), at_once):
        part = points[start : start + at_once]
        moved = _reach_steps(design, part.T)[:, :, None] - part[None, :, -1:] * nodes
        chance, _ = _answer(design, moved.reshape(len(moved), -1))
        joint = np.add.reduceat(chance, design.first, axis=0).reshape(-1, len(part), len(nodes)) + log_weights
        top = joint.max(axis=2)
        found.append(design.weight @ (top + np.log(np.exp(joint - top[:, :, None]).sum(axis=2))))
    return np.concatenate(found)


def _reach_steps(design: Design, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each row's party, with its field, reaches beyond the row's step, at average difficulty."""
    reach: NDArray[np.float64] = point[design.columns[:, 0]] + point[design.columns[:, 1]] - point[design.columns[:, 2]]
    return reach


def _answer(design: Design, moved: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each answer's log chance, and each step's chance that it is reached at least, for columns of reaches."""
    import numpy as np

    highest = int(design.ceiling.max())
    pull = np.full((len(design.reached), moved.shape[1], highest), -np.inf)
    pull[:, :, 0] = 0.0
    for step in range(1, highest):
        rows = np.flatnonzero(design.step == step)
        pull[design.response[rows], :, step] = pull[design.response[rows], :, step - 1] + moved[rows]
    top = pull.max(axis=2, keepdims=True)
    share = np.exp(pull - top)
    total = share.sum(axis=2, keepdims=True)
    share /= total
    chosen = np.take_along_axis(pull, design.reached[:, None, None], axis=2)[:, :, 0]
    upward = share[:, :, ::-1].cumsum(axis=2)[:, :, ::-1]
    return chosen - (top + np.log(total))[:, :, 0], upward[design.response, :, design.step]


def _spread_answers(
    design: Design, at_least: NDArray[np.float64], weight: NDArray[np.float64], nodes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the covariance of the answers at the nodes, carried to the parameters and weighed."""
    import numpy as np

    left, right = design.pairs[:, 0], design.pairs[:, 1]
    further = np.where((design.step[left] >= design.step[right])[:, None], at_least[left], at_least[right])
    covariance = (further - at_least[left] * at_least[right]) * weight[left]
    plain, once, twice = covariance.sum(axis=1), covariance @ nodes, covariance @ nodes**2
    spread = np.zeros((design.size, design.size))
    signs = (1.0, 1.0, -1.0)
    for a, sign_a in enumerate(signs):
        for b, sign_b in enumerate(signs):
            np.add.at(spread, (design.columns[left, a], design.columns[right, b]), sign_a * sign_b * plain)
        edge = np.zeros(design.size)
        np.add.at(edge, design.columns[left, a], -sign_a * once)
        spread[:, -1] += edge
        spread[-1, :] += edge
    spread[-1, -1] += twice.sum()
    return spread
