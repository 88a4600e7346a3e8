"""The published parameters of the model of gestures: one set for all pairs on a scale."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.events.scale import Scale
from comity.lexicon.published import read_published
from comity.relations.chain import Motion
from comity.relations.gestures import GestureModel, Kind, Pace
from comity.relations.series import RelationsError

if TYPE_CHECKING:
    import duckdb

_PARTS = ("mean", "spread", "pull", "jumps", "reach")
_KIND = ("share", "jumps", "within", "breadth")


@cache
def _read_all() -> dict[str, GestureModel]:
    """Return the published models by scale."""
    said = read_published(Path(__file__).parent / "gestures.yml")
    return {scale: _build(values) for scale, values in said["scales"].items()}


def _build(values: dict[str, Any]) -> GestureModel:
    """Return a model from its table."""

    def read_motion(name: str) -> Motion:
        return Motion(*(float(values[f"{name}_{part}"]["value"]) for part in _PARTS))

    rest = {name: float(values[name]["value"]) for name in ("within", "shape")}
    scores = tuple(float(x) for x in values["scores"])
    carrier = tuple(float(x) for x in values["carrier"])
    kinds = tuple(Kind(*(float(row[part]) for part in _KIND)) for row in values["kinds"])
    paces = tuple(Pace(float(row["share"]), float(row["jumps"])) for row in values["paces"])
    tone, rate = read_motion("tone"), read_motion("rate")
    return GestureModel(tone, rate, scores=scores, carrier=carrier, kinds=kinds, paces=paces, **rest)


def read_gesture_model(scale: Scale | str, con: duckdb.DuckDBPyConnection | None = None) -> GestureModel:
    """Return the model for a scale.

    Parameters
    ----------
    scale : Scale or str
        A published scale (or its id) has published parameters. Those of another scale are the Goldstein ones with the
        tone in proportion to the scale's own scores; see `con`.
    con : duckdb.DuckDBPyConnection, optional
        With the view `events` on that scale, from which the shares of its scores are taken where the scale has no
        published parameters.

    Returns
    -------
    comity.relations.gestures.GestureModel
        One set for all pairs.

    Raises
    ------
    RelationsError
        The scale has no published parameters, and there are no two different scores to take them from.
    """
    name = scale if isinstance(scale, str) else scale.id
    if name in _read_all():
        return _read_all()[name]
    query = "select score, sum(weight) from events where score is not null group by 1 order by 1"
    rows = con.execute(query).fetchall() if con else []
    if len(rows) < 2:
        raise RelationsError(
            f"the scale {name!r} has no published parameters, and there are too few events to take them from",
            todo="load events first, or use the scale goldstein",
        )
    whole = float(sum(row[1] for row in rows))
    return _carry_over(tuple(float(row[0]) for row in rows), tuple(float(row[1]) / whole for row in rows))


def _carry_over(scores: tuple[float, ...], carrier: tuple[float, ...]) -> GestureModel:
    """Return the Goldstein model with the tone in proportion to another scale's scores."""

    def moments(scores: tuple[float, ...], carrier: tuple[float, ...]) -> tuple[float, float]:
        mean = sum(s * c for s, c in zip(scores, carrier, strict=True))
        return mean, sum((s - mean) ** 2 * c for s, c in zip(scores, carrier, strict=True)) ** 0.5

    model = _read_all()["goldstein"]
    mean, spread = moments(scores, carrier)
    own_mean, own_spread = moments(model.scores, model.carrier)
    ratio = spread / own_spread
    tone = Motion(
        mean + (model.tone.mean - own_mean) * ratio,
        model.tone.spread * ratio,
        model.tone.pull,
        model.tone.jumps,
        model.tone.reach * ratio,
    )
    kinds = tuple(replace(kind, within=kind.within * ratio, breadth=kind.breadth / ratio**2) for kind in model.kinds)
    return replace(model, tone=tone, within=model.within * ratio, scores=scores, carrier=carrier, kinds=kinds)
