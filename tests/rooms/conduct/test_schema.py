"""The published JSON Schema and the validator say the same."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from comity.conduct.example import list_examples, read_example

HERE = Path(__file__).parent
SCHEMA_SEES = [
    "deadline of none", "deadline too long", "deadline in words", "window of none", "window broken", "unknown kind",
    "unknown type", "what people say", "unknown field", "unknown field of a rule", "wrong version", "no version",
    "bad id", "bad flag", "bad covers", "measures no list", "empty list", "code in words", "partner is a text",
]  # fmt: skip


@pytest.fixture(scope="module")
def schema(repository: Path) -> dict[str, Any]:
    """Give the published schema."""
    found: dict[str, Any] = json.loads((repository / "src/comity/conduct/schema.json").read_text("utf-8"))
    return found


def list_faults(schema: dict[str, Any], text: str) -> list[str]:
    """Give what the schema finds wrong with a profile."""
    validator = jsonschema.Draft202012Validator(schema)
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def test_the_schema_is_itself_in_order(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"].startswith("A profile of conduct")


@pytest.mark.parametrize("name", list_examples())
def test_every_example_fits_the_schema(name: str, schema: dict[str, Any]) -> None:
    assert list_faults(schema, read_example(name)) == []


def test_the_good_profile_of_the_tests_fits_the_schema(schema: dict[str, Any]) -> None:
    text = (HERE / "good.yml").read_text("utf-8") + (HERE / "own_measure.yml").read_text("utf-8")
    assert list_faults(schema, text) == []


@pytest.mark.parametrize("name", SCHEMA_SEES)
def test_the_schema_sees_wrong_forms(name: str, schema: dict[str, Any]) -> None:
    case = yaml.safe_load((HERE / "bad_profiles.yml").read_text("utf-8"))[name]
    text = (HERE / "good.yml").read_text("utf-8").replace(case["old"], case["new"], 1)
    assert list_faults(schema, text)


def test_both_copies_are_what_the_script_writes(repository: Path, schema: dict[str, Any]) -> None:
    spec = importlib.util.spec_from_file_location("script", repository / "scripts/build_conduct_schema.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.build_schema() == schema
    assert len({file.read_text("utf-8") for file in script.FILES}) == 1
