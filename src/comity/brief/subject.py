"""The document as the outline reads it: checked, cleaned, its names and links at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.brief.blocks import Cell
from comity.brief.links import find_doi, find_link, show_address
from comity.brief.tables import check_document
from comity.brief.wording import clean_text
from comity.lexicon import read_actors

ADDRESSES = frozenset({"link", "url", "doi", "status_source"})


@dataclass(frozen=True, slots=True)
class Subject:
    """A cleaned document.

    Parameters
    ----------
    document : mapping
        The brief document; every text is cleaned, except the addresses, which `link` alone reads.
    names : mapping of str to str
        Name of each actor id: as the document names it, else as the lexicon does.
    numbers : mapping of str to int
        Number of each linked address, in the order of the page.
    """

    document: Mapping[str, Any]
    names: Mapping[str, str]
    numbers: Mapping[str, int]

    def name(self, actor: str) -> str:
        """Return the name of an actor, its id where the document has no name."""
        return self.names.get(actor, actor)

    def link(self, address: object, *, name_host: bool = True) -> Cell:
        """Return a linked host, or the address as text; without `name_host` all text stays as it is."""
        link = find_link(address)
        if link is None:
            return Cell(show_address(address) if name_host else clean_text(address))
        return Cell(link.host, href=link.href, number=self.numbers.get(link.href, 0))

    def link_doi(self, doi: object) -> Cell:
        """Return a linked DOI, or its text."""
        link = find_doi(doi)
        return Cell(show_address(doi)) if link is None else Cell(f"doi:{doi}", href=link.href)


def read_subject(document: Mapping[str, Any]) -> Subject:
    """Return the document checked and cleaned.

    Parameters
    ----------
    document : mapping
        The brief document.

    Returns
    -------
    Subject
        With the names of parties and partners and the numbers of the linked addresses.

    Raises
    ------
    DocumentError
        When `check_document` refuses the document.
    """
    check_document(document)
    clean = clean_values(document, "")
    actors = [*clean["parties"], *clean.get("partners", ())]
    names = {actor.id: actor.name for actor in read_actors()} | {actor["id"]: actor["name"] for actor in actors}
    return Subject(clean, names, _number_links(document))


def clean_values(value: Any, key: str = "") -> Any:
    """Return the value with every text cleaned, at any depth; addresses stay as they are.

    Parameters
    ----------
    value : any
        Plain values.
    key : str
        Name under which the value stands.
    """
    if isinstance(value, str):
        return value if key in ADDRESSES else clean_text(value)
    if isinstance(value, Mapping):
        return {str(name): clean_values(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean_values(inner, key) for inner in value]
    return value


def _number_links(document: Mapping[str, Any]) -> dict[str, int]:
    """Number the linked addresses of all events in the order of the page."""
    events = [event for change in document["changes"] for event in change["evidence"]]
    events += [event for row in document["breaks"]["breaks"] for event in row["events"]]
    numbers: dict[str, int] = {}
    for event in [*events, *document["evidence"]]:
        link = find_link(event["link"])
        if link is not None:
            numbers.setdefault(link.href, len(numbers) + 1)
    return numbers
