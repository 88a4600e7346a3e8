"""The scope battery: whoever is no state and no intergovernmental organisation is counted, and found nowhere.

All actors of the real files are judged a second time here, from the text of the files. A name or code is *outside*
when no kept actor bears it. Then no outside name or code may be

- the value of any column of any stored table but `url`, the citation, whose address is the publisher's own;
- a word of the JSON keys and texts of the ledger, or of what a load prints;
- in a page (HTML, Markdown, JSON) outside links and the hosts in `<cite>`: codes of more than a bare country code as
  whole words, names of two words or more as phrases, whatever their case. Names of one word ("PRESIDENT", "COMPANY")
  are ordinary words of English, and are looked for in capitals, as the source writes them.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.command import run_comity
from tests.specimens.gdelt_rows import PLACES

from comity.events.scale import read_scale
from comity.lexicon import list_cameo_igos, list_cameo_regions, list_cameo_states
from comity.store import open_store
from comity.store.tables import TABLES

pytestmark = pytest.mark.slow

# Words of Comity's own pages that the source also uses for somebody: the kind of an id, the UN's votes, and the labels
# of the codes ("Demobilise armed forces").
OWN_CODES = frozenset({"IGO"})
OWN_TEXTS = ("general assembly", *(row.label.casefold() for row in read_scale().rows))
PAIRS = (("USA", "RUS"), ("ISR", "PSE"), ("USA",), ("EU", "RUS"), ("IND", "PAK"))


@dataclass(frozen=True)
class Outside:
    """Names and codes that no kept actor bears, as the files write them."""

    names: frozenset[str]
    codes: frozenset[str]


def is_actor(fields: list[str], side: int, states: frozenset[str], organisations: frozenset[str]) -> bool:
    """Judge an actor by the rule as the documentation states it, in other words than the code's."""
    column = {name: fields[PLACES[f"{name}{side}"]] for name in ("country", "group", "ethnic", "type")}
    religions = fields[PLACES[f"religion{side}"]] + fields[PLACES[f"religion{side}2"]]
    if column["type"] == "IGO":
        return column["group"] in organisations
    plain = not (column["group"] or column["ethnic"] or religions)
    return plain and column["type"] in ("", "GOV", "MIL") and column["country"] in states


@pytest.fixture(scope="module")
def outside(shared: Path) -> Outside:
    """Judge every actor of the real files."""
    states, organisations = frozenset(list_cameo_states()), frozenset(list_cameo_igos())
    actors: set[tuple[int, tuple[str, ...]]] = set()
    for path in sorted((shared / "data" / "gdelt2").glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            text = archive.read(archive.namelist()[0]).decode("utf-8", "replace")
        rows = (line.split("\t", 25) for line in text.split("\n"))
        actors.update(
            (side, tuple(row[:25])[5 * 2 * side - 5 : 5 * 2 * side + 5])
            for row in rows
            if len(row) == 26
            for side in (1, 2)
        )
    kept: dict[str, set[str]] = {"names": set(), "codes": set()}
    met: dict[str, set[str]] = {"names": set(), "codes": set()}
    for side, columns in actors:
        fields = [""] * (10 * side - 5) + list(columns)
        target = kept if is_actor(fields, side, states, organisations) else met
        target["codes"].add(fields[PLACES[f"code{side}"]])
        target["names"].add(fields[PLACES[f"name{side}"]])
    bare = {*states, *list_cameo_regions(), ""}
    names, codes = met["names"] - kept["names"] - {""}, met["codes"] - kept["codes"] - bare
    return Outside(frozenset(names), frozenset(codes))


def test_there_is_something_to_look_for(outside: Outside):
    assert len(outside.names) > 2000
    assert len(outside.codes) > 3000
    assert {"POLICE", "REPORTER"} & outside.names


@pytest.mark.parametrize("table", TABLES)
def test_no_stored_value_names_anybody_outside(table: str, real: Any, outside: Outside):
    snapshot = open_store(real.folder).take_snapshot()
    rows = snapshot.read_rows(table)
    assert rows.num_rows > 0
    for column in rows.column_names:
        if str(rows.schema.field(column).type) == "string" and column != "url":
            values = {value for value in rows[column].unique().to_pylist() if value}
            words = {word for value in values for word in re.findall(r"[A-Z]{4,}", value)}
            assert sorted((values | words) & (outside.names | outside.codes)) == [], column


@pytest.mark.parametrize("table", TABLES)
def test_no_value_of_the_sample_names_anybody_outside(table: str, outside: Outside):
    rows = open_store().take_snapshot().read_rows(table)
    for column in rows.column_names:
        if str(rows.schema.field(column).type) == "string" and column != "url":
            values = set(rows[column].unique().to_pylist())
            assert sorted(values & (outside.names | outside.codes)) == [], column


def test_load_says_numbers_and_no_names(shared: Path, tmp_path: Path, outside: Outside):
    files = sorted((shared / "data" / "gdelt2").glob("*.zip"))[:40]
    for words in (("--json",), ()):
        done = run_comity("sources", "load", "gdelt", *files, "--store", tmp_path / f"s{len(words)}", *words)
        said = done.stdout + done.stderr
        assert said
        assert_names_nobody(said, outside)


class Text(HTMLParser):
    """The text of a page without link targets and without the hosts in `<cite>`."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("cite", "style", "a")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("cite", "style", "a")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def assert_names_nobody(text: str, outside: Outside) -> None:
    """Assert that a text holds no outside name and no outside code."""
    words = set(re.findall(r"[A-Z][A-Z]+", text))
    plain = text.casefold()
    codes = sorted((words & outside.codes) - OWN_CODES)
    names = sorted(word for word in words & outside.names if len(word) > 5)
    found = [name.casefold() for name in outside.names if " " in name and name.casefold() in plain]
    others = [phrase for phrase in found if not any(phrase in own for own in OWN_TEXTS)]
    phrases = sorted(phrase for phrase in others if re.search(rf"\b{re.escape(phrase)}\b", plain))
    assert (codes, names, phrases) == ([], [], [])


@pytest.mark.parametrize("parties", PAIRS, ids="-".join)
@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_no_page_names_anybody_outside(form: str, parties: tuple[str, ...], outside: Outside):
    page = run_comity("brief", *parties, "--format", form).stdout
    if form == "html":
        reader = Text()
        reader.feed(page)
        page = " ".join(reader.parts)
    else:
        page = re.sub(r'"(?:host|link)": "[^"]*"', "", page)
        page = re.sub(r"\[[^\]]*\]\([^)]*\)|https?://\S+", "", page)
    assert len(page) > 2000
    assert_names_nobody(page, outside)
