"""Results as plain values."""

import json
from dataclasses import dataclass

import numpy as np

from comity.reciprocity.plain import describe_plainly


@dataclass
class Inner:
    value: float


def test_every_kind_of_value_becomes_one_that_json_holds():
    given = {
        "array": np.array([[1.0, np.nan], [np.inf, 2.0]]),
        "number": np.float64(1.5),
        "truth": np.bool_(True),
        "whole": np.int64(3),
        "many": (Inner(1.0), Inner(float("nan"))),
        "nothing": None,
        "text": "a",
    }
    plain = describe_plainly(given)
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["array"] == [[1.0, None], [None, 2.0]]
    assert plain["many"] == [{"value": 1.0}, {"value": None}]
    assert plain["truth"] is True
