"""The rows that are estimated: chosen, checked, with their regressors and groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.integration.gravity import checks
from comity.integration.gravity.groups import close_gaps, find_alone, number_groups
from comity.integration.gravity.panel import Panel, read_panel
from comity.integration.gravity.regressors import build_regressors
from comity.integration.gravity.separation import find_zero_groups
from comity.integration.gravity.specification import Specification

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
Rows = NDArray[np.bool_]

MISSING = "a regressor has no value: empty, a lag beyond the first or last year, or years after an event ended"


@dataclass(frozen=True)
class Sample:
    """Rows that are estimated.

    Parameters
    ----------
    panel : Panel
    names : tuple of str
    regressors : array (regressors, rows)
    groups : mapping of str to array (rows,) of int
        Fixed effects by name.
    ledger : Ledger
    about : dict
        The table as it was given, see `checks.describe_panel`.
    omitted : tuple of str
        Regressors that only separated rows carried.
    """

    panel: Panel
    names: tuple[str, ...]
    regressors: Numbers
    groups: dict[str, Codes]
    ledger: checks.Ledger
    about: dict[str, Any]
    omitted: tuple[str, ...] = ()

    def drop(self, bad: Rows, reason: str, why: str) -> Sample:
        """Return the sample without some rows, which are entered in the ledger."""
        if not bad.any():
            return self
        panel = self.ledger.drop(self.panel, bad, reason, why)
        groups = {name: close_gaps(group[~bad]) for name, group in self.groups.items()}
        return replace(self, panel=panel, regressors=self.regressors[:, ~bad], groups=groups)


def prepare_sample(table: Any, specification: Specification) -> Sample:
    """Choose and check the rows that are estimated.

    Parameters
    ----------
    table : anything that `panel.read_table` takes
    specification : Specification

    Returns
    -------
    Sample

    Raises
    ------
    PanelError
        Rows that would give a wrong number; they are named.
    SpecificationError
        A column that is not there, or too few rows.
    """
    whole = read_panel(table, specification)
    about, ledger = checks.describe_panel(whole), checks.Ledger()
    if specification.actors == "check":
        checks.check_actors(whole)
    panel = _choose(whole, specification, ledger)
    if specification.effects:
        checks.check_exporters(panel)
    checks.check_left(panel, 0, ledger)
    known = whole.keep(~np.isnan(whole.values)) if about["missing"] else whole
    names, regressors = build_regressors(whole, panel, specification, _sum_flows(known))
    groups = {name: number_groups(panel, name) for name in specification.effects}
    sample = Sample(panel, names, regressors, groups, ledger, about)
    missing = np.isnan(regressors.sum(axis=0))
    sample = sample.drop(missing, "missing regressor", MISSING)
    sample = _thin_out(sample, specification)
    checks.check_left(sample.panel, len(names), ledger)
    if specification.effects:
        checks.check_connection(sample.panel)
    return sample


def _sum_flows(panel: Panel) -> dict[str, Numbers]:
    """Return each actor's and year's output and expenditure, domestic sales included."""
    years = len(panel.years)
    size = years * len(panel.actors)
    return {
        name: np.bincount(actors * years + panel.year, weights=panel.values, minlength=size).astype(float)
        for name, actors in (("output", panel.exporter), ("expenditure", panel.importer))
    }


def _choose(whole: Panel, specification: Specification, ledger: checks.Ledger) -> Panel:
    """Leave out rows that were not asked for, and rows without a value."""
    panel = whole
    if specification.years:
        chosen = np.isin(whole.years, specification.years)
        panel = ledger.drop(panel, ~chosen[panel.year], "other year", "the specification names its years")
    if specification.domestic == "drop":
        panel = ledger.drop(panel, panel.domestic, "domestic sales", "the specification drops them")
    return ledger.drop(panel, np.isnan(panel.values), "missing value", "a missing flow is not a flow of zero")


def _thin_out(sample: Sample, specification: Specification) -> Sample:
    """Leave out rows that say nothing: zeros of a logarithm, groups of zeros, rows alone in a group."""
    if specification.estimator == "ols":
        why = "zero has no logarithm; PPML keeps these rows"
        sample = sample.drop(sample.panel.values == 0, "zero flow", why)
    elif specification.separation == "check":
        zeros = find_zero_groups(sample.panel.values, list(sample.groups.values()))
        sample = sample.drop(zeros, "group of zeros", "its effect would be minus infinity: separated")
    if not len(sample.panel.values):
        return sample
    alone = find_alone(list(sample.groups.values()))
    return sample.drop(alone, "alone in a group", "its effect explains it fully") if len(alone) else sample
