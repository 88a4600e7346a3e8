"""What is written to a file comes back without loss; a bad file is told row by row, and nothing of it is written."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from tests.rooms.commitments.strategies import HOSTILE, registers
from tests.specimens.registers import build_records, open_empty

from comity.commitments.errors import RecordsRefused, RegisterError
from comity.commitments.exchange import FORMATS, read_path, read_records, write_standing
from comity.commitments.exchange.cells import defuse_text, restore_text
from comity.commitments.records import Record, Standing
from comity.commitments.register import read_head, read_standing, record_entries

EXAMPLES = 15


def keep(records: list[Record]) -> Standing:
    """Record, and read what stands."""
    with open_empty() as register:
        record_entries(register, records)
        return read_standing(register)


def strip(standing: Standing) -> set[Record]:
    """Give the records as they were entered."""
    kinds = (standing.agreements, standing.articles, standing.commitments, standing.evidence, standing.assessments)
    return {replace(record, recorded_at=None) for kind in kinds for record in kind}


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=EXAMPLES)
@given(records=registers())
def test_what_is_written_comes_back(form: str, records: list[Record]):
    standing = keep(records)
    assert strip(standing) == set(records)
    data = write_standing(standing, form)
    again = read_records(data, "file").records
    assert set(again) == set(records)
    assert len(again) == len(records)
    assert write_standing(replace(keep(again), valid=standing.valid, known=standing.known), form) == data


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_corrected_comes_back_too(form: str):
    with open_empty() as register:
        record_entries(register, build_records())
        standing = read_standing(register)
        later = date(2022, 2, 2)
        edits = [
            replace(standing.agreements[0], title="New", valid_from=later),
            replace(standing.commitments[0], owner="x", valid_from=later),
        ]
        record_entries(register, edits, seen=read_head(register))
        standing = read_standing(register)
    assert strip(keep(read_records(write_standing(standing, form), "file").records)) == strip(standing)


@pytest.mark.parametrize("text", [*HOSTILE, "", "\t=x", "\rx", "\nx", "'=", "'''"])
def test_a_cell_is_no_formula_and_comes_back(text: str):
    cell = defuse_text(text)
    assert restore_text(cell) == text
    assert cell.strip()[:1] not in set("=+-@\uff1d\uff0b\uff0d\uff20")


def test_numbers_stay_numbers_in_a_table():
    standing = keep(build_records(1, 1))
    with zipfile.ZipFile(io.BytesIO(write_standing(standing, "csv"))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("commitments.csv").decode(), newline="")))
    assert [(row["baseline"], row["target"]) for row in rows] == [("0", "1.50")] * 2


def test_a_document_keeps_the_schema():
    import jsonschema

    from comity.commitments.exchange.document import read_schema

    schema = json.loads(read_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(write_standing(keep(build_records()), "json"))
    jsonschema.validate(document, schema)
    document["commitments"][0]["due"] = "soon"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_a_document_knows_what_its_author_had_seen():
    with open_empty() as register:
        record_entries(register, build_records())
        head = read_head(register)
        assert read_records(write_standing(read_standing(register), "json", head), "x.json").seen == head


def test_rows_in_which_nothing_stands_are_no_records():
    rows = "id;entered_by;valid_from;title;parties\r\n;;;;\r\na;o;2020-01-01;A pact;NOR\r\n;;;;\r\n ; \r\n"
    assert [record.id for record in read_records(b"\xef\xbb\xbf" + rows.encode(), "agreements.csv").records] == ["a"]


def test_every_problem_of_a_table_is_told_with_line_and_field():
    table = (
        "id,entered_by,valid_from,article,party,obligation,due,target,indicator\n"
        'c1,o,2020-01-01,a/1,NOR,"Two\nlines",2020-13-01,,\n'
        "c2,o,,a/1,NOR,Do,,1,x\n"
        "c3,o,2020-01-01,a/1,NOR,Do,,\"1,5\",x\n"
        "c4,o,2020-01-01,a/1,NOR\n"
    )  # fmt: skip
    with pytest.raises(RecordsRefused) as refused:
        read_records(table.encode(), "commitments.csv")
    assert [(p.row, p.field) for p in refused.value.problems] == [
        (2, "commitment.due"),
        (4, "commitment.valid_from"),
        (5, "commitment.target"),
        (6, "commitment"),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xff\xfei\x00d\x00", "UTF-8"),
        (b"id,title\n\xe9,x\n", "UTF-8"),
        (b"who,what\n1,2\n", "no table of the register"),
        (b'id,entered_by,valid_from,title,parties\na,"b,2020-01-01,c,NOR\n', "cannot be read on"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"comity_register":1,"agreements":[{"id":"a","id":"b"}]}', "given twice"),
        (b'{"comity_register":1,"agreements":[{"id":NaN}]}', "no value of JSON"),
        (b'{"comity_register":1,"agreements":[{"id":"a","sanction":"x"}]}', "no such field"),
        (b'{"comity_register":1,"agreements":[' + b"9" * 5000 + b"]}", "JSON"),
        (b'{"comity_register":1,"agreements":{}}', "no list"),
        (b'{"agreements":[]}', "no document of a register"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>', "document type"),
        (b'<!DOCTYPE x SYSTEM "file:///none"><iati-activities version="2.03"/>', "document type"),
        (b"<iati-activities version='2.03'><iati-activity>", "not XML"),
        (b"<rss version='2.0'/>", "no file of activities"),
        (b"<iati-activities version='1.05'/>", "1.05"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, words: str):
    with pytest.raises(RecordsRefused, match=words):
        read_records(data, "given")


def pack(**members: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (pack(**{"agreements.csv": b"0" * 30_000_000}), "unpacks to more"),
        (pack(**{"../agreements.exe": b"x"}), "no table"),
        (pack(**{f"{n}.csv": b"x" for n in range(60)}), "60 tables"),
        (pack(**{"agreements.csv": b"id,title\r\n" * 50})[:-30], "damaged"),
    ],
)
def test_an_archive_that_is_a_trap_is_refused(archive: bytes, words: str):
    with pytest.raises(RecordsRefused, match=words):
        read_records(archive, "given.zip")


def test_a_folder_of_tables_is_read_as_the_archive_is(tmp_path: Path):
    data = write_standing(keep(build_records()), "csv")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            (tmp_path / name).write_bytes(archive.read(name))
    assert read_path(tmp_path).records == read_records(data, "x.zip").records
    with pytest.raises(RegisterError):
        read_path(tmp_path / "none")


FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03"><iati-activity>
 <iati-identifier> XM-DAC-1-77 </iati-identifier>
 <reporting-org ref="XM-DAC-1" type="10"><narrative>An office</narrative></reporting-org>
 <title><narrative>A road</narrative></title>
 <participating-org role="4" type="10"><narrative>Norway</narrative></participating-org>
 <participating-org role="4" type="70"><narrative>Some firm</narrative></participating-org>
 <activity-date type="1" iso-date="2019-05-01"/>
 <result type="1"><title><narrative>Road built</narrative></title>
  <indicator measure="1"><title><narrative>Length</narrative></title><baseline year="2019" value="0"/>
   <period><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/><target value="5"/>
    <actual value="4"><document-link url="https://example.org/r"><title><narrative>R</narrative></title>
     <document-date iso-date="2021-01-05"/></document-link></actual></period>
   <period><period-start iso-date="2021-01-01"/><period-end iso-date="2021-12-31"/><target value="9"/>
    <actual value="9"/></period>
  </indicator></result>
</iati-activity></iati-activities>"""


def test_a_file_of_somebody_else_gives_what_a_register_can_hold():
    received = read_records(FOREIGN.encode(), "foreign.xml")
    standing = keep(received.records)
    assert standing.agreements[0].parties == ("NOR",)
    assert [(c.party, c.due and c.due.year, str(c.target)) for c in standing.commitments] == [
        ("NOR", 2020, "5"),
        ("NOR", 2021, "9"),
    ]
    assert [(e.link, str(e.value)) for e in standing.evidence] == [("https://example.org/r", "4")]
    assert len(received.notes) == 1
