"""The form of a specification: which fields there are, what each takes, and the same as a JSON schema."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TYPES = {str: "string", int: "integer", float: "number", list: "array", dict: "object", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Option:
    """What a field takes.

    Parameters
    ----------
    kind : type
        str, int, float, list or dict.
    default : object
        Value where it is left out; ``...``: it must be given.
    least, most : float
        Range of a number, both ends included.
    among : tuple
        The only values, where there are few.
    meaning : str
        One line for a reader.
    """

    kind: type
    default: Any = ...
    least: float = -math.inf
    most: float = math.inf
    among: tuple[Any, ...] = ()
    meaning: str = ""

    def describe(self) -> str:
        """Say what the field takes."""
        words = {str: "a text", int: "a whole number", float: "a number", list: "a list", dict: "a mapping"}[self.kind]
        if self.among:
            return f"{words} among {', '.join(str(value) for value in self.among)}"
        if math.isfinite(self.least) or math.isfinite(self.most):
            return f"{words} from {self.least:g} to {self.most:g}"
        return words

    def as_schema(self) -> dict[str, Any]:
        """Return the field as JSON schema."""
        schema: dict[str, Any] = {"type": _TYPES[self.kind]}
        if self.among and self.kind is list:
            schema["items"] = {"enum": list(self.among)}
        elif self.among:
            schema["enum"] = list(self.among)
        schema |= {} if math.isinf(self.least) else {"minimum": self.least}
        schema |= {} if math.isinf(self.most) else {"maximum": self.most}
        return schema | ({"description": self.meaning} if self.meaning else {})


Options = Mapping[str, Option]

NORMALISERS = ("minmax", "zscore", "rank")
AGGREGATORS = ("arithmetic", "geometric", "harmonic")
TREATMENTS = ("none", "winsorise", "log", "ratio")

FORM: Options = {
    "comity_index": Option(int, among=(1,), meaning="version of the form"),
    "id": Option(str, meaning="short name of the index"),
    "title": Option(str, ""),
    "data": Option(str, "", meaning="CSV or Parquet file with the table, beside the specification"),
    "unit": Option(str, "unit", meaning="column with the names of the units"),
    "indicators": Option(list, meaning="columns of the table, each with its place in the tree"),
    "aggregates": Option(list, meaning="dimensions and the index itself; the top has no parent"),
    "stages": Option(dict, {}, meaning="method and options of each stage"),
}
NODE: Mapping[str, Options] = {
    "indicators": {
        "id": Option(str, meaning="name of the column"),
        "parent": Option(str, meaning="id of an aggregate"),
        "direction": Option(int, 1, among=(1, -1), meaning="-1 where less means a higher index"),
        "weight": Option(float, 1.0, least=0.0, meaning="beside its siblings"),
        "denominator": Option(str, "", meaning="column of sizes"),
        "title": Option(str, ""),
        "unit": Option(str, ""),
        "treat": Option(str, "", among=("", *TREATMENTS), meaning="in place of the stage's own"),
        "bottom": Option(float, None, meaning="treated value at the low end of a minmax scale; with `top`"),
        "top": Option(float, None, meaning="treated value at its high end; the data's own where left out"),
    },
    "aggregates": {
        "id": Option(str),
        "parent": Option(str, "", meaning="id of the aggregate above; blank for the index"),
        "weight": Option(float, 1.0, least=0.0),
        "title": Option(str, ""),
    },
}
_GROUP = {"group": Option(str, "", meaning="column whose values group the units")}
_TEST = {
    "most": Option(int, 5, least=0, meaning="points moved at most [units]"),
    "skewness": Option(float, 2.0, least=0.0, meaning="a column passes within this absolute skewness, or"),
    "kurtosis": Option(float, 3.5, meaning="within this excess kurtosis"),
}
STAGES: Mapping[str, Mapping[str, Options]] = {
    "screen": {
        "known_share": {"least": Option(float, 0.0, least=0.0, most=1.0, meaning="share of indicators known")},
        "none": {},
    },
    "denominate": {"divide": {}, "none": {}},
    "impute": {
        "draws": _GROUP,
        "mean": _GROUP,
        "median": _GROUP,
        "none": {},
    },
    "treat": {"none": {}, "winsorise": _TEST, "log": {}, "ratio": {}},
    "normalise": {
        "minmax": {
            "low": Option(float, 0.0),
            "high": Option(float, 100.0),
            "tail": Option(float, 0.0, least=0.0, most=0.4, meaning="share of units beyond each end of the scale"),
        },
        "zscore": {"mean": Option(float, 0.0), "deviation": Option(float, 1.0, least=1e-9)},
        "rank": {"low": Option(float, 0.0), "high": Option(float, 100.0)},
    },
    "weight": {
        "given": {},
        "equal": {},
        "expert": {"allocations": Option(list, meaning="each expert's points for every node")},
        "pca": {"stages": Option(int, 2, least=1, most=2, meaning="indicators only, or dimensions as well")},
    },
    "aggregate": {name: {} for name in AGGREGATORS},
    "vary": {
        "draws": {
            "weights": Option(float, 0.25, least=0.0, most=1.0, meaning="each weight times 1 - w to 1 + w"),
            "normalise": Option(list, ["minmax", "zscore", "rank"], among=NORMALISERS),
            "aggregate": Option(list, ["arithmetic", "geometric"], among=AGGREGATORS),
            "imputations": Option(int, 20, least=1, most=1000),
        }
    },
}


def describe_schema() -> dict[str, Any]:
    """Return the form of a specification as JSON schema (draft 2020-12).

    Returns
    -------
    dict
        What `read_specification` takes; it checks the tree as well, which a schema cannot.
    """
    stages = {
        name: {
            "type": "object",
            "oneOf": [
                _make_object({"method": Option(str, ..., among=(method,)), **options}, first=place == 0)
                for place, (method, options) in enumerate(methods.items())
            ],
        }
        for name, methods in STAGES.items()
    }
    schema = _make_object(FORM)
    for name, options in NODE.items():
        schema["properties"][name] |= {"items": _make_object(options)}
    schema["properties"]["stages"] |= {"properties": stages, "additionalProperties": False}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A composite index", **schema}


def _make_object(options: Options, first: bool = False) -> dict[str, Any]:
    """Return a mapping of fields as schema; the first method of a stage need not be named."""
    needed = [name for name, option in options.items() if option.default is ... and not (first and name == "method")]
    return {
        "type": "object",
        "properties": {name: option.as_schema() for name, option in options.items()},
        "required": needed,
        "additionalProperties": False,
    }
