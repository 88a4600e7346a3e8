"""The stages of an index, one function each: work in, work out, with an account of what was done.

A stage of one's own is any function of this form; `estimate_index` takes it in place of the stage that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from comity.integration.indices.aggregation import aggregate_values, average, check_positive
from comity.integration.indices.errors import IndicatorError
from comity.integration.indices.imputation import draw_unknowns, fill_centre
from comity.integration.indices.normalisation import check_spread, normalise_values
from comity.integration.indices.panel import Panel
from comity.integration.indices.specification import Specification
from comity.integration.indices.treatment import find_heavy, set_logarithm, take_logarithm, winsorise
from comity.integration.indices.weighting import set_weights, weigh_by_components

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Account = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Work:
    """What one stage hands to the next.

    Parameters
    ----------
    specification : Specification
    panel : Panel
        As the last stage left it.
    seed : int
        Of every draw.
    weights : mapping of str to float
        From the stage that weighs on: summing to one under each parent.
    scores : array of float, shape (units, aggregates), or None
        From the stage that aggregates on.
    account : tuple of mapping
        What the last stage did, row by row: `unit`, `indicator`, `what`.
    """

    specification: Specification
    panel: Panel
    seed: int = 0
    weights: Mapping[str, float] = field(default_factory=dict)
    scores: NDArray[np.float64] | None = None
    account: Account = ()

    def choose(self, stage: str) -> Mapping[str, Any]:
        """Return method and options of a stage."""
        return self.specification.choose(stage)

    def change(self, values: NDArray[np.float64], account: Account = ()) -> Work:
        """Return the work with other values and an account."""
        return replace(self, panel=replace(self.panel, values=values), account=account)


Stage = Callable[[Work], Work]


def _note(unit: str, indicator: str, what: str) -> dict[str, str]:
    """Return one row of an account."""
    return {"unit": unit, "indicator": indicator, "what": what}


def screen_units(work: Work) -> Work:
    """Leave out the units of which too few indicators are known; each is named in the account."""
    import numpy as np

    choice, panel = work.choose("screen"), work.panel
    known = 1.0 - panel.find_missing().mean(axis=1)
    least = choice["least"] if choice["method"] == "known_share" else 0.0
    kept = np.flatnonzero(known >= least)
    if len(kept) < 2:
        raise IndicatorError(
            f"{len(kept)} units have at least {least:.0%} of the indicators", todo="lower `least`, or add data"
        )
    out = [place for place in range(len(panel.units)) if known[place] < least]
    account = tuple(_note(panel.units[row], "", f"left out: {known[row]:.0%} known") for row in out)
    return replace(work, panel=keep_units(panel, kept), account=account)


def keep_units(panel: Panel, rows: NDArray[np.int_]) -> Panel:
    """Return the panel with some of its units."""
    return Panel(
        tuple(panel.units[row] for row in rows),
        panel.columns,
        panel.values[rows],
        {name: sizes[rows] for name, sizes in panel.sizes.items()},
        {name: tuple(groups[row] for row in rows) for name, groups in panel.groups.items()},
        None if panel.low is None else panel.low[rows],
        None if panel.high is None else panel.high[rows],
    )


def denominate(work: Work) -> Work:
    """Divide each indicator by its denominator; an unknown denominator makes the figure unknown."""
    import numpy as np

    panel = work.panel
    values, notes = panel.values.copy(), []
    low, high = (bound.copy() for bound in panel.find_bounds())
    for place, item in enumerate(work.specification.indicators):
        if not item.denominator or work.choose("denominate")["method"] == "none":
            continue
        sizes = panel.sizes[item.denominator]
        wrong = np.flatnonzero(sizes <= 0)
        if len(wrong):
            raise IndicatorError(
                f"the denominator {item.denominator!r} is {sizes[wrong[0]]:g}",
                where=f"unit {panel.units[wrong[0]]}, indicator {item.id!r}",
                why="a size is above zero",
                todo="correct it, or leave it blank where it is unknown",
            )
        lost = np.flatnonzero(np.isnan(sizes) & ~np.isnan(values[:, place]))
        notes += [_note(panel.units[row], item.id, f"unknown: {item.denominator} is") for row in lost]
        for table in (values, low, high):
            table[:, place] = table[:, place] / sizes
    return replace(work, panel=replace(panel, values=values, low=low, high=high), account=tuple(notes))


def impute(work: Work) -> Work:
    """Put something in place of each unknown, and say what in the account, cell by cell.

    With `draws` it is the median of draws from known values, whose spread goes on into the intervals.
    """
    import numpy as np

    choice, panel = work.choose("impute"), work.panel
    check_spread(panel.values, panel.columns)
    spots = np.argwhere(panel.find_missing())
    if choice["method"] == "none" or not len(spots):
        return work.change(panel.values)
    if choice["method"] == "draws":
        count = work.choose("vary")["imputations"]
        drawn = draw_unknowns(panel, choice["group"], count, np.random.default_rng([work.seed, 1]))
        filled = panel.values.copy()
        filled[panel.find_missing()] = np.median(drawn, axis=0)
        ranges = np.quantile(drawn, [0.05, 0.95], axis=0)
        words = [f"median of {count} draws, 90 % of them {low:.6g} to {high:.6g}" for low, high in ranges.T]
    else:
        filled = fill_centre(panel, choice["group"], choice["method"])
        within = f" of {choice['group']}" if choice["group"] else ""
        words = [f"{choice['method']}{within}: {filled[row, place]:.6g}" for row, place in spots]
    named = zip(spots, words, strict=True)
    notes = [_note(panel.units[row], panel.columns[place], text) for (row, place), text in named]
    return work.change(filled, tuple(notes))


def treat(work: Work) -> Work:
    """Take in heavy tails; every value that moved is in the account."""
    panel, columns = work.panel, work.panel.columns
    values, kinds = treat_values(work.specification, panel.values)
    notes = []
    for place, kind in enumerate(kinds):
        if kind in ("log", "ratio"):
            notes.append(_note("", columns[place], f"logarithm ({kind})"))
        elif kind == "winsorise":
            moved = [row for row in range(len(panel.units)) if values[row, place] < panel.values[row, place]]
            moved += [row for row in range(len(panel.units)) if values[row, place] > panel.values[row, place]]
            notes += [
                _note(panel.units[row], columns[place], f"{panel.values[row, place]:.6g} to {values[row, place]:.6g}")
                for row in sorted(moved)
            ]
    return work.change(values, tuple(notes))


def treat_values(
    specification: Specification, values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return treated values and what was done to each column: "", "winsorise", "log" or "ratio".

    Parameters
    ----------
    specification : Specification
    values : array of float, shape (units, columns or a multiple)
        Several tables may stand side by side, column by column.

    Returns
    -------
    treated : array of float, shape as given
    kinds : tuple of str
    """
    import numpy as np

    choice = specification.choose("treat")
    wanted = [item.treat or choice["method"] for item in specification.indicators]
    methods = np.array(wanted * (values.shape[1] // len(wanted)))
    treated, kinds = values.copy(), np.full(values.shape[1], "", dtype="<U9")
    tested = np.flatnonzero(methods == "winsorise")
    if len(tested):
        limits = {name: choice.get(name, default) for name, default in (("skewness", 2.0), ("kurtosis", 3.5))}
        heavy = find_heavy(values[:, tested], **limits)
        kinds[tested[heavy]] = "winsorise"
        treated[:, tested], failed = winsorise(values[:, tested], choice.get("most", 5), **limits)
        methods[tested[failed]] = "log"
    for method in ("log", "ratio"):
        logged = np.flatnonzero(methods == method)
        if len(logged):
            kinds[logged] = method
            treated[:, logged] = take_logarithm(values[:, logged], *set_logarithm(values[:, logged], method))
    return treated, tuple(kinds.tolist())


def normalise(work: Work) -> Work:
    """Put every indicator on one scale, higher meaning a higher index."""
    choice, panel = choose_scale(work.specification), work.panel
    return work.change(normalise_values(panel.values, list_directions(work.specification), choice))


def choose_scale(specification: Specification) -> Mapping[str, Any]:
    """Return method and options of the scale, with the ends that indicators fix, shape (2, indicators)."""
    import numpy as np

    ends = [(item.bottom, item.top) for item in specification.indicators]
    return {**specification.choose("normalise"), "fixed": np.array(ends, dtype=float).T}


def list_directions(specification: Specification) -> NDArray[np.float64]:
    """Return the direction of each indicator, shape (indicators,)."""
    import numpy as np

    return np.array([float(item.direction) for item in specification.indicators])


def weigh(work: Work) -> Work:
    """Set the weights; the account gives each."""
    specification = work.specification
    if work.choose("weight")["method"] == "pca":
        method = work.choose("aggregate")["method"]

        def mean(values: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
            return average(values, shares, method)

        weights = weigh_by_components(specification, work.panel.values, mean)
    else:
        weights = set_weights(specification)
    account = tuple(_note("", name, f"weight {weight:.6g}") for name, weight in weights.items())
    return replace(work, weights=weights, account=account)


def aggregate(work: Work) -> Work:
    """Average up the tree."""
    method, panel = work.choose("aggregate")["method"], work.panel
    check_positive(panel.values, panel.units, panel.columns, method)
    scores = aggregate_values(work.specification, panel.values, work.weights, method)
    return replace(work, scores=scores, account=())


STAGE_FUNCTIONS: Mapping[str, Stage] = {
    "screen": screen_units,
    "denominate": denominate,
    "impute": impute,
    "treat": treat,
    "normalise": normalise,
    "weight": weigh,
    "aggregate": aggregate,
}
