"""A table of flows is read as it is, and what would give a wrong number is refused by row."""

from __future__ import annotations

import pytest

from comity.integration.errors import PanelError
from comity.integration.gravity.panel import read_panel
from comity.integration.gravity.specification import Specification

PLAIN = Specification(regressors=("x",))


def test_a_negative_flow_is_refused_by_row():
    table = {"exporter": ["A", "B"], "importer": ["B", "A"], "year": [1, 1], "value": [1.0, -2.0], "x": [0, 1]}
    with pytest.raises(PanelError) as caught:
        read_panel(table, PLAIN)
    assert caught.value.rows == (1,)


def test_a_flow_given_twice_is_refused_by_row():
    table = {"exporter": ["A", "B", "A"], "importer": ["B", "A", "B"], "year": [1, 1, 1], "value": [1, 2, 3]}
    with pytest.raises(PanelError) as caught:
        read_panel(table, PLAIN)
    assert caught.value.rows == (0, 2)
