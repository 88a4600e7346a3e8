"""The catalogue holds what states do together openly, each with phases, indicators and a precedent."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from tests.specimens.plans import SMALL, spoil

from comity.forms.bounds import find_breach
from comity.plan.catalogue import Template, list_templates, read_catalogue, read_fields
from comity.plan.errors import PlanError
from comity.plan.example import list_examples, read_example, read_schema

ASKED = {
    "customs", "transport", "energy", "water", "education", "science", "health", "mobility", "culture", "disaster",
    "finance", "environment", "digital", "agriculture", "statistics", "legal",
}  # fmt: skip


def test_there_are_enough_templates_in_every_field():
    assert len(read_catalogue()) >= 45
    assert set(read_fields()) >= ASKED
    assert {template.field for template in read_catalogue().values()} == set(read_fields())


@pytest.mark.parametrize("template", list_templates(), ids=lambda one: one.id)
def test_a_template_is_open_measurable_and_has_been_done_before(template: Template):
    texts = [template.id, template.title, template.description, *(stage.title for stage in template.phases),
             *template.inputs, *template.indicators]  # fmt: skip
    assert [(text, find_breach(text)) for text in texts if find_breach(text)] == []
    assert template.phases and template.inputs
    assert all(re.search(r"\(.+\)", text) for text in template.indicators)
    assert all(best <= likely <= worst for best, likely, worst in (stage.months for stage in template.phases))
    known = {stage.id for stage in template.phases}
    assert {name for stage in template.phases for name in stage.after or ()} | set(template.consent_after) <= known
    assert template.consent_after, "nothing is begun in earnest before the parties are asked"
    assert 1800 < template.precedent.year <= 2026
    assert len(template.precedent.reference) > 15 and template.precedent.parties


def test_precedents_come_from_all_regions_of_the_world():
    said = " ".join(f"{one.precedent.parties} {one.precedent.title}" for one in read_catalogue().values())
    regions = ("Africa", "ASEAN", "Brazil", "Caribbean", "European", "Gulf", "Kazakhstan", "Nauru", "India", "Canada")
    assert [region for region in regions if region not in said] == []


def test_no_precedent_is_used_twice():
    titles = [one.precedent.title for one in read_catalogue().values()]
    assert len(set(titles)) == len(titles)


def test_a_field_that_there_is_not_is_refused():
    with pytest.raises(PlanError, match="no field 'military'"):
        list_templates("military")


class Plain(yaml.SafeLoader):
    """Days stay texts, as JSON has them."""


Plain.yaml_implicit_resolvers = {
    mark: [entry for entry in entries if entry[0] != "tag:yaml.org,2002:timestamp"]
    for mark, entries in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def check_schema(text: str) -> list[str]:
    """Return what the published schema says of a plan."""
    data = json.loads(json.dumps(yaml.load(text, Loader=Plain)))  # noqa: S506 - a safe loader
    return [error.message for error in jsonschema.Draft202012Validator(json.loads(read_schema())).iter_errors(data)]


@pytest.mark.parametrize("name", list_examples())
def test_the_schema_takes_the_examples(name: str):
    assert check_schema(read_example(name)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("field: culture", "field: warfare"), ("best: 2", "best: -2"), ("status: given", "status: maybe"),
     ("currency: USD", "currency: dollars"), ("id: fair\n", "id: fair\n    wish: x\n"), ("kind: teams", "kind: crews")],
)  # fmt: skip
def test_the_schema_refuses_what_the_check_refuses(old: str, new: str):
    assert check_schema(SMALL) == []
    assert check_schema(spoil(old, new))


@pytest.mark.parametrize(("part", "unit"), [("gain", "currency"), ("cost", "currency"), ("duration", "periods")])
def test_the_schema_gives_each_figure_its_own_unit(part: str, unit: str):
    said = json.loads(read_schema())["$defs"][part]["properties"]
    told = [said[name]["description"] for name in ("low", "best", "likely", "high", "worst") if name in said]
    assert len(told) == 3 and all(unit in text for text in told)


def test_the_published_schema_is_the_one_that_the_forms_give(repository: Path):
    spec = importlib.util.spec_from_file_location("script", repository / "scripts/build_plan_schema.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    built = json.dumps(script.build_schema(), indent=1, ensure_ascii=False) + "\n"
    assert built == read_schema() == (repository / "docs/guide/plan.schema.json").read_text("utf-8")
