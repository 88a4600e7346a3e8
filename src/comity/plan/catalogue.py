"""The catalogue of initiatives: what states do together, with typical phases, inputs, indicators and a precedent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from comity.forms.choices import find_nearest
from comity.lexicon.published import read_published
from comity.plan.errors import PlanError

FILE = Path(__file__).with_name("catalogue.yml")


@dataclass(frozen=True, slots=True)
class Stage:
    """A phase of a template: typical duration at best, most likely, at worst [months]; what it follows."""

    id: str
    title: str
    months: tuple[int, int, int]
    after: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Precedent:
    """Where it was done: title, parties in words, year, and where it is published."""

    title: str
    parties: str
    year: int
    reference: str


@dataclass(frozen=True, slots=True)
class Template:
    """An initiative of the catalogue.

    Parameters
    ----------
    id, title, field, description : str
    phases : tuple of Stage
    consent_after : tuple of str
        Phases after which the parties consent; before any phase where empty.
    inputs, indicators : tuple of str
        What it takes, and what can be measured of it (with its unit).
    precedent : Precedent
    """

    id: str
    title: str
    field: str
    description: str
    phases: tuple[Stage, ...]
    consent_after: tuple[str, ...]
    inputs: tuple[str, ...]
    indicators: tuple[str, ...]
    precedent: Precedent


@cache
def _read_file() -> Mapping[str, Any]:
    """Return the table."""
    said: dict[str, Any] = read_published(FILE)
    return MappingProxyType(said)


def read_fields() -> Mapping[str, str]:
    """Return the fields of cooperation, each with its title; the list is closed.

    Examples
    --------
    >>> read_fields()["customs"]
    'Customs and standards'
    """
    return MappingProxyType(_read_file()["fields"])


@cache
def read_catalogue() -> Mapping[str, Template]:
    """Return the templates by id.

    Examples
    --------
    >>> len(read_catalogue()) >= 45
    True
    """
    found = [_build_template(row) for row in _read_file()["templates"]]
    return MappingProxyType({template.id: template for template in found})


def _build_template(row: Mapping[str, Any]) -> Template:
    """Make a template of a row of the table."""
    stages = tuple(
        Stage(id, title, (best, likely, worst), tuple(after[0]) if after else None)
        for id, title, best, likely, worst, *after in row["phases"]
    )
    return Template(
        id=row["id"],
        title=row["title"],
        field=row["field"],
        description=row["description"],
        phases=stages,
        consent_after=tuple(row["consent_after"]),
        inputs=tuple(row["inputs"]),
        indicators=tuple(row["indicators"]),
        precedent=Precedent(**row["precedent"]),
    )


def list_templates(field: str | None = None) -> list[Template]:
    """Return the templates in the order of the catalogue.

    Parameters
    ----------
    field : str, optional
        Only those of this field.

    Returns
    -------
    list of Template

    Raises
    ------
    PlanError
        There is no such field.
    """
    if field is not None and field not in read_fields():
        near = find_nearest(field, read_fields()) or list(read_fields())
        raise PlanError(f"there is no field {field!r}", todo=f"choose one of {', '.join(near)}")
    return [template for template in read_catalogue().values() if field in (None, template.field)]


def describe_template(template: Template) -> dict[str, Any]:
    """Return a template as plain values.

    Parameters
    ----------
    template : Template

    Returns
    -------
    dict
        `id`, `field`, `title`, `description`, `phases`, `months` (least and most of all phases one after another),
        `consent_after`, `inputs`, `indicators`, `precedent`.
    """
    return {
        "id": template.id,
        "field": template.field,
        "title": template.title,
        "description": template.description,
        "months": [sum(stage.months[end] for stage in template.phases) for end in (0, 2)],
        "phases": [
            {
                "id": stage.id,
                "title": stage.title,
                **dict(zip(("best", "likely", "worst"), stage.months, strict=True)),
                "after": None if stage.after is None else list(stage.after),
            }
            for stage in template.phases
        ],
        "consent_after": list(template.consent_after),
        "inputs": list(template.inputs),
        "indicators": list(template.indicators),
        "precedent": {
            "title": template.precedent.title,
            "parties": template.precedent.parties,
            "year": template.precedent.year,
            "reference": template.precedent.reference,
        },
    }
