"""The catalogue of measures: open, lawful, directed at states; published with the package and closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from comity.conduct.errors import ConductError
from comity.events.scale import Scale
from comity.lexicon.published import read_published

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis: key of an instrument in `instruments.yml`, and its article."""

    instrument: str
    article: str


@dataclass(frozen=True, slots=True)
class Precedent:
    """A case or a practice, the year of a case, and the reference in full."""

    text: str
    is_case: bool
    year: int | None
    reference: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that a state may take toward another.

    Parameters
    ----------
    id, title, description : str
        Short name, name, and what is done.
    kind : str
        One of the closed vocabulary in `kinds.yml`.
    basis : tuple of Basis
        Where the law or custom allows it.
    precedent : Precedent
        Where it was done.
    codes : tuple of str
        CAMEO codes under which news of it is usually coded.
    reversibility : str
        `full`, `notice` or `lasting`.
    ends : str
        What ends it.
    returns : tuple of str
        Measures that end it or make up for it.
    owner : str
        Who usually owns it.
    needs_consent : bool
        Whether it takes the other party's consent.
    own : bool
        Whether a profile declares it for itself.
    """

    id: str
    title: str
    description: str
    kind: str
    basis: tuple[Basis, ...]
    precedent: Precedent
    codes: tuple[str, ...]
    reversibility: str
    ends: str
    returns: tuple[str, ...]
    owner: str
    needs_consent: bool
    own: bool = False

    def find_level(self, scale: Scale) -> float | None:
        """Return the score of largest magnitude among the codes [points], or None where the scale has none."""
        scores = [row.score for row in map(scale.get, self.codes) if row is not None and row.score is not None]
        return max(scores, key=abs) if scores else None


@cache
def _read_file(name: str) -> Mapping[str, Any]:
    """Return one of the room's tables."""
    said: dict[str, Any] = read_published(HERE / name)
    return MappingProxyType(said)


def read_kinds() -> Mapping[str, str]:
    """Return the closed vocabulary of kinds, each with its meaning."""
    return MappingProxyType(_read_file("kinds.yml")["kinds"])


def read_reversibilities() -> Mapping[str, str]:
    """Return the three degrees of reversibility, each with its meaning."""
    return MappingProxyType(_read_file("kinds.yml")["reversibility"])


def read_instruments() -> Mapping[str, str]:
    """Return the treaties, resolutions and works that the measures rest on, by key."""
    return MappingProxyType(_read_file("instruments.yml")["instruments"])


@cache
def read_catalogue() -> Mapping[str, Measure]:
    """Return the measures by id, in the order of the file.

    Returns
    -------
    mapping of str to Measure
        At least sixty; see `docs/methods/conduct.md`.

    Examples
    --------
    >>> read_catalogue()["protest-note"].codes
    ('111', '114')
    """
    measures = (build_measure(entry) for entry in _read_file("catalogue.yml")["measures"])
    return MappingProxyType({measure.id: measure for measure in measures})


def build_measure(entry: Mapping[str, Any], own: bool = False) -> Measure:
    """Make a measure of plain values that have been checked."""
    said = entry["precedent"]
    reference = str(said["reference"])
    precedent = Precedent(
        text=str(said.get("case") or said.get("practice")),
        is_case="case" in said,
        year=said.get("year"),
        reference=read_instruments().get(reference, reference),
    )
    return Measure(
        id=entry["id"],
        title=entry["title"],
        description=entry["description"],
        kind=entry["kind"],
        basis=tuple(Basis(item["instrument"], str(item["article"])) for item in entry["basis"]),
        precedent=precedent,
        codes=tuple(entry["codes"]),
        reversibility=entry["reversibility"],
        ends=entry["ends"],
        returns=tuple(entry.get("returns", ())),
        owner=entry["owner"],
        needs_consent=entry["needs_consent"],
        own=own,
    )


def list_measures(kind: str | None = None) -> list[Measure]:
    """Return the measures of one kind, or all.

    Parameters
    ----------
    kind : str, optional
        One of `read_kinds`.

    Raises
    ------
    ConductError
        There is no such kind.
    """
    if kind is not None and kind not in read_kinds():
        raise ConductError(f"there is no kind {kind!r}", todo=f"choose one of {', '.join(read_kinds())}")
    return [measure for measure in read_catalogue().values() if kind in (None, measure.kind)]


def describe_measure(measure: Measure, scale: Scale) -> dict[str, Any]:
    """Return a measure as plain values, with its level on a scale.

    Parameters
    ----------
    measure : Measure
    scale : Scale
        On which the level is given.

    Returns
    -------
    dict
        The fields of `Measure`; `basis` as texts with article; `level` [points] and `scale`.
    """
    instruments = read_instruments()
    return {
        "id": measure.id,
        "kind": measure.kind,
        "title": measure.title,
        "description": measure.description,
        "level": measure.find_level(scale),
        "scale": scale.id,
        "codes": list(measure.codes),
        "basis": [
            {"article": item.article, "instrument": instruments.get(item.instrument, item.instrument)}
            for item in measure.basis
        ],
        "precedent": {
            "sort": "case" if measure.precedent.is_case else "practice",
            "text": measure.precedent.text,
            "year": measure.precedent.year,
            "reference": measure.precedent.reference,
        },
        "reversibility": measure.reversibility,
        "ends": measure.ends,
        "returns": list(measure.returns),
        "owner": measure.owner,
        "needs_consent": measure.needs_consent,
        "target": ["state", "igo"],
    }
