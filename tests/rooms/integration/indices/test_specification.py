"""The specification is data: what it may hold is checked, and the place of what is wrong is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.rooms.integration.indices.specimens import make_specification

from comity.integration.errors import SpecificationError
from comity.integration.indices.options import describe_schema
from comity.integration.indices.specification import read_specification
from comity.integration.indices.step import SPECIFICATION


def change(**parts: Any) -> dict[str, Any]:
    return {**make_specification(), **parts}


WRONG = [
    (change(colour="red"), "no field 'colour'"),
    ({key: value for key, value in make_specification().items() if key != "indicators"}, "'indicators' is missing"),
    (change(comity_index=2), "2 does not go here"),
    (make_specification(treat={"method": "paint"}), "no method 'paint'"),
    (make_specification(polish={}), "no stage 'polish'"),
    (make_specification(normalise={"method": "minmax", "tail": 0.9}), "0.9 does not go here"),
    (make_specification(normalise={"method": "minmax", "low": True}), "True does not go here"),
    (make_specification(vary={"aggregate": ["median"]}), "does not go here"),
    (change(indicators=[{"id": "a", "parent": "all", "direction": 0}]), "0 does not go here"),
]
CROOKED = [
    (change(aggregates=[{"id": "all"}, {"id": "left"}, {"id": "right", "parent": "all"}]), "2 tops"),
    (change(indicators=[{"id": "a", "parent": "left"}, {"id": "b", "parent": "here"}]), "unknown parent 'here'"),
    (change(indicators=[{"id": "a", "parent": "left"}]), "nothing under it"),
    (change(indicators=[*make_specification()["indicators"], {"id": "a", "parent": "left"}]), "used twice"),
    (
        change(
            indicators=[*make_specification()["indicators"], {"id": "f", "parent": "all"}],
            aggregates=[{"id": "all"}, {"id": "left", "parent": "right"}, {"id": "right", "parent": "left"}],
        ),
        "own ancestor",
    ),
    (change(indicators=[{"id": "a", "parent": "left", "bottom": 1.0}]), "one end of its scale"),
    (change(indicators=[{"id": "a", "parent": "left", "bottom": 1.0, "top": 1.0}]), "not below its top"),
    (make_specification(weight={"method": "expert", "allocations": [{"points": {"a": 1}}]}), "for every node"),
]


@pytest.mark.parametrize(("content", "words"), [*WRONG, *CROOKED])
def test_what_is_wrong_is_named(content: dict[str, Any], words: str):
    with pytest.raises(SpecificationError) as caught:
        read_specification(content)
    assert words in caught.value.what


@pytest.mark.parametrize(("content", "words"), WRONG)
def test_the_schema_refuses_what_the_reader_refuses(content: dict[str, Any], words: str):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, describe_schema())


def test_the_schema_takes_what_the_reader_takes():
    import yaml

    for content in (yaml.safe_load(SPECIFICATION.read_text("utf-8")), make_specification(treat={"method": "log"})):
        jsonschema.validate(content, describe_schema())
        assert read_specification(content).aggregates[-1].parent == ""


def test_every_option_is_there_after_reading():
    specification = read_specification(make_specification(treat={"method": "winsorise", "most": 3}))
    assert specification.choose("treat") == {"method": "winsorise", "most": 3, "skewness": 2.0, "kurtosis": 3.5}
    assert specification.choose("vary")["weights"] == 0.25


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path):
    file = tmp_path / "odd.yml"
    file.write_text("a: [1,\n")
    with pytest.raises(SpecificationError, match="not YAML"):
        read_specification(file)
    with pytest.raises(SpecificationError, match="cannot read"):
        read_specification(tmp_path / "none.yml")
