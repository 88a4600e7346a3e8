"""The model's published parameters: one set for all pairs on a scale."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from comity.events.scale import Scale
from comity.relations.index import Parameters
from comity.relations.series import RelationsError

if TYPE_CHECKING:
    import duckdb

_FIELDS = ("mean", "between", "within", "fade", "event")


@cache
def _read_published() -> dict[str, dict[str, float]]:
    """Return the published values by scale."""
    import yaml

    said = yaml.safe_load((Path(__file__).parent / "parameters.yml").read_text("utf-8"))
    return {scale: {name: float(values[name]["value"]) for name in _FIELDS} for scale, values in said["scales"].items()}


def read_parameters(scale: Scale, con: duckdb.DuckDBPyConnection | None = None) -> Parameters:
    """Return the parameters for a scale.

    Parameters
    ----------
    scale : Scale
        A published scale has published parameters. Those of another scale are the Goldstein ones with
        variances in the proportion of the scales' own, see `con`.
    con : duckdb.DuckDBPyConnection, optional
        With the view `events` on that scale, from which the mean and the variance of scores are taken
        where the scale has no published parameters.

    Returns
    -------
    comity.relations.index.Parameters
        One set for all pairs.

    Raises
    ------
    RelationsError
        The scale has no published parameters, and there are no events to take them from.
    """
    published = _read_published()
    if scale.id in published:
        return Parameters(**published[scale.id], low=scale.low, high=scale.high)
    row = (
        con.execute("select avg(score), var_samp(score) from events where score is not null").fetchone()
        if con
        else None
    )
    if row is None or not row[1]:
        raise RelationsError(
            f"the scale {scale.id!r} has no published parameters, and too few events differ in score to take them from",
            todo="load events first, or use the scale goldstein",
        )
    model = published["goldstein"]
    ratio = row[1] / (model["between"] + model["within"] + model["event"])
    variances = {name: model[name] * ratio for name in ("between", "within", "event")}
    return Parameters(row[0], fade=model["fade"], low=scale.low, high=scale.high, **variances)
