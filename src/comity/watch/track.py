"""Where the level of each direction of a pair stood after each day, from what was known then.

The level is that of the search for breaks (`comity.relations.lasting`): it wanders slowly, jumps rarely, and a share of
the days are episodes that say nothing of it. The pass goes day by day and can be taken up where it stood, so that a new
file costs one day. A day without events, or one of which nothing was loaded, moves nothing and makes the level less
sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.relations.breaks import BreakRule
from comity.relations.chain import Chain, lay_chain
from comity.relations.gestures import GestureModel, Kind
from comity.relations.jumps import soften_evidence
from comity.relations.lasting import list_lasting_kinds
from comity.relations.series import Tally
from comity.relations.tone import blur_levels, weigh_tone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FIELDS = ("count", "mean", "variance", "low", "high")
ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Stand:
    """Where the pass stands after a day.

    Parameters
    ----------
    mass : array (kinds, pairs, points)
        The level in each kind [probability].
    logs : array (kinds, pairs)
        How well each kind has predicted so far [nats].
    """

    mass: Numbers
    logs: Numbers


@dataclass(frozen=True)
class Track:
    """Where levels stood after each day; arrays of shape (pairs, days).

    Parameters
    ----------
    count : array
        Events with a score [count].
    mean, variance : array
        Of the level [points, points squared].
    low, high : array
        Interval that holds 90 % of it [points].
    """

    count: Numbers
    mean: Numbers
    variance: Numbers
    low: Numbers
    high: Numbers

    def join(self, later: Track) -> Track:
        """Return this with what came later behind it."""
        import numpy as np

        return Track(*(np.concatenate([getattr(self, name), getattr(later, name)], axis=1) for name in FIELDS))


@dataclass(frozen=True)
class _Ground:
    """What does not change from day to day."""

    kinds: tuple[Kind, ...]
    models: tuple[GestureModel, ...]
    blurs: tuple[Numbers, ...]
    chain: Chain
    move: Numbers
    episodes: float


def _lay(model: GestureModel, rule: BreakRule) -> _Ground:
    """Lay the grid, its moves of a day, and the shares of each kind."""
    from dataclasses import replace

    points = model.lay_tone().points
    motion = replace(model.tone, jumps=rule.jumps)
    chain = lay_chain(float(points[0]), float(points[-1]), len(points), motion)
    kinds = list_lasting_kinds(model, rule)
    models = tuple(model.pick_kind(kind) for kind in kinds)
    blurs = tuple(blur_levels(points, kind.within) for kind in kinds)
    return _Ground(kinds, models, blurs, chain, chain.move(1.0), rule.share_episodes(1.0))


def follow_days(tally: Tally, model: GestureModel, rule: BreakRule, stand: Stand | None = None) -> tuple[Track, Stand]:
    """Pass through days, knowing at each only what came until then.

    Parameters
    ----------
    tally : comity.relations.series.Tally
        Of (pairs, days), one column for each day of the calendar; 0, 0, 0 where there is no event or nothing is loaded.
    model : comity.relations.gestures.GestureModel
    rule : comity.relations.breaks.BreakRule
    stand : Stand, optional
        Where an earlier pass stood after the day before; what pairs are like at large where left out.

    Returns
    -------
    Track, Stand
        The same, to the last digit, whether the days are passed at once or one by one.

    References
    ----------
    `kitagawa-1987`, `fearnhead-rigaill-2019` in docs/bibliography.md
    """
    import numpy as np

    ground = _lay(model, rule)
    pairs, days = tally.count.shape
    mass, logs = _begin(ground, pairs) if stand is None else (stand.mass, stand.logs)
    points, out = ground.chain.points, np.zeros((len(FIELDS), pairs, days))
    out[0] = tally.count
    for day in range(days):
        mass = _carry(mass, ground.move) if day or stand is not None else mass
        seen = np.flatnonzero(tally.count[:, day])
        if len(seen):
            evidence = _weigh(ground, *(a[seen, day] for a in (tally.count, tally.total, tally.square)))
            mass, logs = mass.copy(), logs.copy()
            mass[:, seen], logs[:, seen] = _learn(mass[:, seen], logs[:, seen], evidence)
        level = (_share(logs)[..., None] * mass).sum(0)
        out[1, :, day] = (level * points).sum(-1)
        out[2, :, day] = np.maximum((level * points**2).sum(-1) - out[1, :, day] ** 2, 0.0)
        out[3:5, :, day] = _bound(level, points)
    return Track(*out), Stand(mass, logs)


def _begin(ground: _Ground, pairs: int) -> tuple[Numbers, Numbers]:
    """Return what pairs are like at large."""
    import numpy as np

    logs = np.log([kind.share for kind in ground.kinds])
    return np.tile(ground.chain.start, (len(logs), pairs, 1)), np.tile(logs[:, None], (1, pairs))


def _carry(mass: Numbers, move: Numbers) -> Numbers:
    """Return the levels a day later."""
    moved: Numbers = (mass.reshape(-1, mass.shape[-1]) @ move).reshape(mass.shape)
    return moved


def _share(logs: Numbers) -> Numbers:
    """Return how likely each kind is."""
    import numpy as np

    weight = np.exp(logs - logs.max(0))
    share: Numbers = weight / weight.sum(0)
    return share


def _weigh(ground: _Ground, count: Numbers, total: Numbers, square: Numbers) -> Numbers:
    """Return the log probability of a day's events at each level in each kind, (kinds, pairs, points)."""
    import numpy as np

    rows = []
    for kind, model, blur in zip(ground.kinds, ground.models, ground.blurs, strict=True):
        evidence = weigh_tone(count, total, model.tilt(), blur) + kind.breadth * square[..., None]
        rows.append(soften_evidence(evidence, ground.chain.start, ground.episodes))
    return np.stack(rows)


def _learn(mass: Numbers, logs: Numbers, evidence: Numbers) -> tuple[Numbers, Numbers]:
    """Return levels and kinds after a day's events."""
    import numpy as np

    most = evidence.max((0, 2))
    told = mass * np.exp(evidence - most[:, None])
    whole = np.maximum(told.sum(-1), 1e-300)
    return told / whole[..., None], logs + np.log(whole) + most


def _bound(mass: Numbers, points: Numbers) -> Numbers:
    """Return the ends of the interval that holds 90 % of a level, its mass spread evenly around each point."""
    import numpy as np

    below, step = np.cumsum(mass, -1), points[1] - points[0]
    ends = []
    for share in ENDS:
        place = np.minimum((below < share).sum(-1), len(points) - 1)
        row = np.arange(len(place))
        here = np.maximum(mass[row, place], 1e-300)
        inside = np.clip((share - below[row, place] + here) / here, 0.0, 1.0)
        ends.append(points[place] + step * (inside - 0.5))
    return np.stack(ends)
