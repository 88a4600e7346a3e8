"""Borders, lags, leads and events are built from the table, and what is not known stays unknown."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.specimens.flows import make_flows

from comity.integration.errors import PanelError, SpecificationError
from comity.integration.gravity.panel import read_panel
from comity.integration.gravity.regressors import build_regressors
from comity.integration.gravity.specification import Event, Specification, read_specification

TABLE = make_flows(4, 6)


def build(table: object = TABLE, **settings: object) -> dict[str, np.ndarray]:
    specification = Specification(**settings)
    panel = read_panel(table, specification)
    names, columns = build_regressors(panel, panel, specification, {})
    return dict(zip(names, columns, strict=True))


def test_a_lag_is_the_pairs_value_years_before_and_unknown_before_the_table():
    built = build(lags={"x": (0, 2, -1)})
    assert list(built) == ["x", "x_lag2", "x_lead1"]
    x = built["x"].reshape(6, -1)
    assert np.isnan(built["x_lag2"].reshape(6, -1)[:2]).all()
    assert np.array_equal(built["x_lag2"].reshape(6, -1)[2:], x[:-2])
    assert np.array_equal(built["x_lead1"].reshape(6, -1)[:-1], x[1:])
    assert np.isnan(built["x_lead1"].reshape(6, -1)[-1]).all()


def test_globalisation_is_a_border_for_each_year_but_the_first():
    built = build(border="year")
    assert list(built) == [f"international_{year}" for year in range(2001, 2006)]
    foreign = ~np.eye(4, dtype=bool).ravel()
    assert np.array_equal(built["international_2003"].reshape(6, -1)[3], foreign.astype(float))
    assert built["international_2003"].sum() == 12


def test_a_border_needs_domestic_sales():
    table = TABLE.filter(pa.array(np.array(TABLE["exporter"]) != np.array(TABLE["importer"])))
    with pytest.raises(SpecificationError, match="no domestic sales"):
        build(table, border="constant")


def test_an_event_is_seen_around_its_first_year():
    built = build(event=Event("rta", before=2, after=2))
    assert set(built) <= {"rta[-2]", "rta[+0]", "rta[+1]", "rta[+2]"}
    rta = TABLE["rta"].to_numpy().reshape(6, -1)
    first = np.where(rta.any(axis=0), rta.argmax(axis=0), 99)
    years = np.arange(6)[:, None]
    assert np.array_equal(built["rta[+0]"].reshape(6, -1), (years == first) * 1.0)
    assert np.array_equal(built["rta[+2]"].reshape(6, -1), (years >= first + 2) * 1.0)
    assert np.array_equal(built["rta[-2]"].reshape(6, -1), ((years <= first - 2) & (first < 99)) * 1.0)


def test_an_event_that_is_no_dummy_is_refused_by_row():
    with pytest.raises(PanelError, match="x is no dummy"):
        build(event=Event("x"))


def test_years_after_an_event_ended_are_unknown():
    values = TABLE["rta"].to_numpy().reshape(6, -1).copy()
    values[:, 0] = [0, 0, 1, 1, 0, 0]
    table = TABLE.set_column(TABLE.column_names.index("rta"), "rta", pa.array(values.ravel()))
    built = build(table, event=Event("rta", before=2, after=2))
    assert np.isnan(built["rta[+2]"].reshape(6, -1)[4:, 0]).all()
    assert np.isfinite(built["rta[+2]"].reshape(6, -1)[:4, 0]).all()


def test_a_logarithm_of_what_is_not_positive_is_refused_by_row():
    with pytest.raises(PanelError, match=r"log\(x\)") as caught:
        build(regressors=("log(x)",))
    assert caught.value.rows == tuple(np.flatnonzero(TABLE["x"].to_numpy() <= 0).tolist())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"regressors": ["x"], "estimator": "gmm"}, "estimator is 'gmm'"),
        ({"regressors": ["x"], "efects": ["pair"]}, "no such setting: efects"),
        ({"regressors": ["x"], "effects": ["pair", "pair_symmetric"]}, "both pair"),
        ({"regressors": ["x"], "errors": ["robust", "pair"]}, "stand alone"),
        ({"effects": ["pair"]}, "no regressor"),
        ({"lags": ["rta"]}, "lags is"),
        ({"lags": {"rta": ["a"]}}, "lags of rta holds 'a'"),
        ({"event": {"column": "rta", "befor": 3}}, "event is"),
        ({"regressors": ["x"], "years": ["2000"]}, "years holds '2000'"),
        ({"regressors": ["x"], "errors": []}, "no errors"),
        ({"regressors": ["x"], "columns": {"flow": "value"}}, "columns names"),
    ],
)
def test_a_specification_that_cannot_be_is_refused(given: dict[str, object], said: str):
    with pytest.raises(SpecificationError, match=said):
        read_specification(given)
