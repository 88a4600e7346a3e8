"""Levels as breaks see them: the index's model with jumps that are rare, and with episodes.

The index follows the news, and jumps with it. For a break the question is whether the level moved for good: its jumps
are as rare as `breaks.yml` says for every kind of pair, and a share of the periods may be episodes, which say nothing
of the level.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from comity.relations.breaks import BreakRule
from comity.relations.chain import Chain, Motion, lay_chain
from comity.relations.gestures import GestureModel, Kind, Timing, weigh_kinds
from comity.relations.jumps import Blend, follow_course, soften_evidence
from comity.relations.rate import expose_periods, weigh_counts
from comity.relations.series import Tally
from comity.relations.tone import weigh_tone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


def list_lasting_kinds(model: GestureModel, rule: BreakRule) -> tuple[Kind, ...]:
    """Return the kinds of pairs with the rule's jumps; those that differed in their jumps alone become one."""
    shares: dict[tuple[float, float], float] = {}
    for kind in model.list_kinds():
        like = (kind.within, kind.breadth)
        shares[like] = shares.get(like, 0.0) + kind.share
    return tuple(Kind(share, rule.jumps, *like) for like, share in shares.items())


def _lay(points: Numbers, motion: Motion) -> Chain:
    """Lay a motion on a grid."""
    return lay_chain(float(points[0]), float(points[-1]), len(points), motion)


def follow_tone(tally: Tally, timing: Timing, model: GestureModel, rule: BreakRule) -> Blend:
    """Follow the tone of pairs.

    Parameters
    ----------
    tally : comity.relations.series.Tally
        Of (pairs, periods).
    timing : comity.relations.gestures.Timing
    model : comity.relations.gestures.GestureModel
    rule : comity.relations.breaks.BreakRule

    Returns
    -------
    comity.relations.jumps.Blend
        Of levels [points].

    References
    ----------
    `kitagawa-1987`, `laird-1978`, `fearnhead-rigaill-2019` in docs/bibliography.md
    """
    import numpy as np

    courses, kinds = [], list_lasting_kinds(model, rule)
    motion = replace(model.tone, jumps=rule.jumps)
    chain = _lay(model.lay_tone().points, motion)
    for kind in kinds:
        one = model.pick_kind(kind)
        evidence = weigh_tone(tally.count, tally.total, one.tilt(), one.blur()) + kind.breadth * tally.square[..., None]
        softened = soften_evidence(evidence, chain.start, rule.share_episodes(timing.length))
        courses.append(follow_course(softened, timing.days, chain, motion))
    scores = np.stack([course.passage.log_score for course in courses])
    return Blend(tuple(courses), weigh_kinds(scores, np.log([kind.share for kind in kinds])))


def follow_rate(events: Numbers, loaded: Numbers, timing: Timing, model: GestureModel, rule: BreakRule) -> Blend:
    """Follow the rate of events of pairs; the coverage of the first period is the unit.

    Parameters
    ----------
    events : array (pairs, periods)
        Whole numbers [count].
    loaded : array (periods,)
        All events loaded, of whatever pair [count].
    timing, model, rule
        As in `follow_tone`.

    Returns
    -------
    comity.relations.jumps.Blend
        Of the log of events a week.
    """
    import numpy as np

    motion = replace(model.rate, jumps=rule.jumps)
    chain = _lay(model.lay_rate().points, motion)
    seen = loaded[loaded > 0]
    usual = float(seen[0]) if len(seen) else 1.0
    exposure = expose_periods(loaded, np.full(len(timing.days), timing.length), usual)
    evidence = weigh_counts(np.round(events), exposure, model.shape, chain.points)
    softened = soften_evidence(evidence, chain.start, rule.share_episodes(timing.length))
    course = follow_course(softened, timing.days, chain, motion)
    return Blend((course,), np.ones((1, *events.shape)))
