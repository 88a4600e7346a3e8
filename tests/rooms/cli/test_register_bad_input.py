"""What people get wrong with a register, by hand: each is told what, where and what to do, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.specimens.registers import make_template

from comity.api import read_register_example
from comity.cli.main import EXIT_CODES, EXIT_WRONG_USE, comity
from comity.commitments.register import open_register, read_head, verify_register
from comity.lexicon.errors import ComityError

LINK = "oresund-1991/link/DNK"
AGREEMENT = ("add", "agreement", "x", "--by", "o", "--title", "T", "--party", "DNK")
KNOWN = ("add", "agreement", "oresund-1991", "--by", "o")
COMMITMENT = ("add", "commitment", "c", "--by", "o", "--article", "oresund-1991/link", "--obligation", "Build.")
OWED = (*COMMITMENT, "--party", "DNK")
EVIDENCE = ("add", "evidence", "e", "--by", "o", "--commitment", LINK, "--day", "2020-01-01", "--link")
ASSESS = ("assess", LINK, "--coder", "c", "--scale")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a register that holds the worked example."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "register.db").write_bytes(make_template())
    (folder / "example.json").write_text(read_register_example(), "utf-8")
    CliRunner().invoke(comity, ["commitments", "import", str(folder / "example.json"), "--register",
                                str(folder / "register.db")], catch_exceptions=False)  # fmt: skip
    return folder


def tell(place: Path, *words: str | Path) -> tuple[int, str]:
    """Run a command; give its exit code, as the command line would, and what it says."""
    done = CliRunner().invoke(comity, ["commitments", *map(str, words)], env={"COMITY_REGISTER": str(place)})
    if isinstance(done.exception, ComityError):
        return EXIT_CODES.get(type(done.exception).__name__, EXIT_WRONG_USE), str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    return done.exit_code, done.output


def see(place: Path) -> str:
    """Give the head of a register whose chain holds."""
    with open_register(place) as opened:
        assert verify_register(opened).holds
        return str(read_head(opened))


WORDS: list[tuple[tuple[str, ...], int, str]] = [
    (("add", "agreement", "x", "--title", "T"), 2, "--by"),
    ((*AGREEMENT, "--signed", "2025-02-30"), 2, "'2025-02-30' is no day"),
    ((*AGREEMENT, "--signed", "1.2.2025"), 2, "2026-01-31"),
    ((*AGREEMENT, "--from", "0020-01-01"), 2, "the year 20"),
    ((*AGREEMENT, "--party", "Atlantis"), 2, "nearest"),
    ((*AGREEMENT, "--party", "Korea"), 2, "KOR, PRK"),
    ((*AGREEMENT, "--party", "DNK"), 2, "named twice"),
    ((*AGREEMENT, "--signed", "2020-01-02", "--in-force", "2020-01-01"), 2, "before it was signed"),
    (("add", "agreement", "=1+1", "--by", "o", "--title", "T", "--party", "DNK"), 2, "is no id"),
    ((*KNOWN, "--title", "T", "--party", "DNK", "--party", "SWE"), 1, "--seen"),
    ((*KNOWN, "--seen", "999", "--title", "T"), 1, "the last one of this"),
    ((*KNOWN, "--withdraw"), 2, "nothing of it was seen"),
    ((*KNOWN, "--withdraw", "--seen", "13"), 2, "still rest on it"),
    (("add", "agreement", "none", "--by", "o", "--withdraw", "--seen", "13"), 2, "there is no agreement 'none'"),
    (("add", "article", "a", "--by", "o", "--agreement", "none", "--place", "1"), 2, "there is no agreement 'none'"),
    ((*OWED, "--due", "1980-01-01"), 2, "before the signature"),
    ((*OWED, "--indicator", "i", "--target", "NaN"), 2, "is no number"),
    ((*OWED, "--indicator", "i", "--target", "1e999"), 2, "too many digits"),
    ((*OWED, "--indicator", "i", "--target", "1,5"), 2, "with a point"),
    ((*OWED, "--target", "1"), 2, "no indicator"),
    ((*COMMITMENT, "--party", "NOR"), 2, "its parties are DNK, SWE"),
    ((*OWED, "--field", "spying"), 2, "choose one of"),
    ((*OWED, "--depends-on", "c"), 2, "depends on itself"),
    ((*OWED, "--depends-on", "zz"), 2, "there is no commitment 'zz'"),
    ((*EVIDENCE, "javascript:alert(1)"), 2, "no http or https address"),
    ((*EVIDENCE, "https://example.org", "--strength", "7"), 2, "1<=x<=3"),
    ((*EVIDENCE, "https://example.org", "--quotation", "a\u202eb"), 2, "U+202E"),
    ((*EVIDENCE, "https://example.org", "--quotation", "x" * 20_001), 2, "at most 20,000"),
    ((*EVIDENCE, "https://example.org", "--day", "2222-01-01"), 2, "has not come yet"),
    (("assess", "none", "--coder", "c", "--scale", "pam", "--value", "1"), 2, "no commitment 'none'"),
    ((*ASSESS, "g21", "--value", "1"), 2, "there is no scale 'g21'"),
    ((*ASSESS, "pam", "--value", "9"), 2, "'9' is no value of pam"),
    ((*ASSESS, "iati-result", "--value", "nan"), 2, "is no number"),
    ((*ASSESS, "pam", "--value", "1", "--day", "2025-02-30"), 2, "is no day"),
    ((*ASSESS, "pam", "--value", "1", "--evidence", "oresund-1991/link/SWE/opening"), 2, "of the same commitment"),
    (("status", "--party", "Atlantis"), 2, "nearest"),
    (("status", "--partner", "SWE"), 2, "name both"),
    (("status", "--party", "SWE", "--partner", "Sweden"), 2, "both parties are SWE"),
    (("status", "--on", "2025-02-30"), 2, "is no day"),
    (("status", "--known", "yesterday"), 2, "no date or time"),
    (("status", "--agreement", "none"), 2, "there is no agreement 'none'"),
    (("export", "--agreement", "none"), 2, "comity commitments agreements"),
    (("export", "--format", "pdf"), 2, "'pdf' is not one of"),
    (("due", "--limit", "0"), 2, "x>=1"),
    (("coders", "--scale", "nope"), 2, "there is no scale"),
    (("through",), 2, "no commitment was judged"),
    (("outlook", "--on", "2024-01-01", "--by", "2020-01-01"), 2, "--by"),
    (("verify", "--head", "zz"), 2, "64 hexadecimal digits"),
    (("verify", "--head", f"5:{'0' * 64}"), 1, "written anew"),
    (("history", "agreement", "none"), 1, "nothing was ever entered"),
    (("remind",), 2, "--calendar FILE"),
    (("remind", "--dead", "--outbox", "none.db"), 2, "there is no outbox"),
    (("import", "none.csv"), 2, "cannot be read"),
    (("status", "--register", "mysql://a:secret@h/db"), 2, "postgresql://user@host/database"),
    (("status", "--register", "postgresql://who:secret@127.0.0.1:1/x"), 2, "check that the server runs"),
    (("status", "--register", "absent.db"), 2, "there is no register here"),
]


@pytest.mark.parametrize(("words", "code", "said"), WORDS, ids=[f"{n}-{case[0][0]}" for n, case in enumerate(WORDS)])
def test_a_wrong_command_is_told_and_changes_nothing(first: Path, words: tuple[str, ...], code: int, said: str):
    place = first / "register.db"
    before = see(place)
    found, told = tell(place, *words)
    assert (found, said in told) == (code, True), told
    assert "secret" not in told
    assert see(place) == before


def write_json(**lists: object) -> str:
    """Give a document of a register."""
    return json.dumps({"comity_register": 1, **lists})


TWICE = [{"id": "q", "entered_by": "o", "valid_from": "2020-01-01", "title": t, "parties": ["DNK"]} for t in "ab"]
ROUND = [{"id": f"c{n}", "entered_by": "o", "valid_from": "2020-01-01", "article": "oresund-1991/link", "party": "DNK",
          "obligation": "x", "depends_on": [f"c{(n + 1) % 3}"]} for n in range(3)]  # fmt: skip
HEADER = "id,entered_by,valid_from,title,parties\n"
FILES: list[tuple[str, str | bytes, str]] = [
    ("empty.csv", "", "the file is empty"),
    ("table.csv", b"\x00\x01\x02" * 99, "no table in UTF-8"),
    ("agreements.csv", f"{HEADER}x,o,2020-01-01,\xe9,DNK\n".encode("latin-1"), "is not UTF-8"),
    ("table.csv", "foo,bar\n1,2\n", "the header is 'foo, bar'"),
    ("agreements.csv", "id,id,title\n", "each once"),
    ("agreements.csv", f"{HEADER}x,o\n", "2 cells and the header 5"),
    ("agreements.csv", f'{HEADER}"x,o,2020-01-01,T,DNK\n', "close every quotation mark"),
    ("agreements.csv", f"{HEADER}x,o,2020-01-01,T,DNK\nx,o,2020-01-01,U,DNK\n", "'x' is given twice"),
    ("agreements.csv", f"{HEADER}=HYPERLINK(1),o,2020-01-01,T,DNK\n", "is no id"),
    ("agreements.csv", f"{HEADER}x,o,2020-01-01,{'T' * 200_000},DNK\n", "field limit"),
    ("nan.json", '{"comity_register":1,"agreements":[{"id":NaN}]}', "NaN is no value of JSON"),
    ("twice.json", '{"comity_register":1,"agreements":[{"id":"a","id":"b"}]}', "'id' is given twice"),
    ("same.json", write_json(agreements=TWICE), "'q' is given twice"),
    ("deep.json", '{"comity_register":1,"agreements":' + "[" * 99_999 + "]" * 99_999 + "}", "nested too deep"),
    ("list.json", "[1,2]", "no document of a register"),
    ("none.json", write_json(agreements=[None]), "this is no record"),
    ("text.json", write_json(agreements="x"), "is no list"),
    ("types.json", write_json(agreements=[{"id": 5, "parties": 7}]), "'7' is no list of names"),
    ("later.json", '{"comity_register":2}', "no document of a register"),
    ("half.json", write_json(agreements=[{**TWICE[0], "title": "a\ud800b"}]), "U+D800"),
    ("round.json", write_json(commitments=ROUND), "c0 -> c1 -> c2 -> c0"),
    ("bomb.xml", '<!DOCTYPE a [<!ENTITY x "y">]><iati-activities version="2.03">&x;</iati-activities>', "entities"),
    (
        "open.xml",
        '<iati-activities version="2.03"><a></iati-activities>',
        "tag (line 1, column 38, at 'iati-activities>')",
    ),
    ("feed.xml", "<rss/>", "no file of activities"),
    ("page.xml", "<html/>", "a page of HTML"),
    ("page.csv", "\n<!DOCTYPE HTML><title>404</title>", "a page of HTML"),
    ("table.json", HEADER, "this is not JSON: expecting value (line 1, column 1, at 'id,entered_by,valid_from,"),
    ("table.xml", HEADER, "this is not XML: syntax error (line 1, column 1, at 'id,entered_by,valid_from,"),
    ("rest.JSON", '{"é": 1,\r\n "b": 2,}', "}')"),
    ("comma.json", '{"comity_register":\n  1 "agreements":[]}', "comma.json:2: file: this is not JSON: expecting ','"),
    ("colon.json", '{"comity_register" 1}', "expecting ':' delimiter (line 1, column 20, at '1}')"),
    ("cut.json", '{"comity_register":1,\n', "(line 2, column 1)"),
    ("latin.json", b'{"a":\n"\xe9"}', "not JSON in UTF-8: the byte 0xe9 at line 2, column 2"),
    ("wide.xml", "<a>ééé<b></a>", "mismatched tag (line 1, column 12, at 'a>')"),
    ("bare.xml", '<iati-activities version="2.03"><iati-activity/></iati-activities>', "title: it is missing"),
    ("broken.zip", b"PK\x03\x04 and no more", "the zip archive is damaged"),
]


@pytest.mark.parametrize(("name", "data", "said"), FILES, ids=[f"{n}-{file[0]}" for n, file in enumerate(FILES)])
def test_a_wrong_file_is_refused_whole(first: Path, tmp_path: Path, name: str, data: str | bytes, said: str):
    place = first / "register.db"
    before = see(place)
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    code, told = tell(place, "import", tmp_path / name)
    assert (code, said in told) == (2, True), told
    assert name in told and "nothing was written" in told
    assert see(place) == before
    new = tmp_path / "new.db"
    assert tell(new, "import", tmp_path / name)[0] == 2
    assert not new.exists() or see(new).startswith("0:"), "a new register holds nothing of it"


def test_an_import_of_what_is_there_already_says_so(first: Path):
    example = first / "example.json"
    before = see(first / "register.db")
    code, said = tell(first / "register.db", "import", example)
    assert (code, said) == (0, f"nothing new: all 13 records were there already, unchanged\nhead: {before}\n")
    receipt = json.loads(tell(first / "register.db", "import", example, "--json")[1])
    assert (receipt["recorded_at"], receipt["unchanged"], receipt["head"]) == (None, 13, before)


def test_a_file_without_a_record_is_told(first: Path, tmp_path: Path):
    (tmp_path / "agreements.csv").write_text(HEADER, "utf-8")
    code, told = tell(first / "register.db", "import", tmp_path / "agreements.csv")
    assert (code, "the file holds no record" in told) == (0, True)


def spoil(place: Path, statement: str) -> None:
    """Change a register's file past its program."""
    with sqlite3.connect(place) as con:
        con.execute("PRAGMA foreign_keys = OFF")
        con.execute(statement)
    con.close()


def overwrite(place: Path) -> None:
    """Overwrite all but the first pages."""
    data = place.read_bytes()
    place.write_bytes(data[:8192] + bytes((byte * 7 + 13) % 256 for byte in data[8192:]))


DAMAGE: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "overwritten": (overwrite, 1, "restore the file from a copy"),
    "cut short": (lambda place: place.write_bytes(place.read_bytes()[:12_288]), 1, "malformed"),
    "no database": (lambda place: place.write_text("no database at all\n" * 99), 1, "not a database"),
    "of a newer version": (lambda p: spoil(p, "UPDATE alembic_version SET version_num = '9999'"), 2, "newer version"),
    "without its revision": (lambda place: spoil(place, "DELETE FROM alembic_version"), 1, "no revision"),
    "without a table": (lambda place: spoil(place, "DROP TABLE entries"), 1, "no such table"),
}


@pytest.mark.parametrize("verb", ["verify", "import", "export"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_register_is_told_and_left_alone(first: Path, tmp_path: Path, damage: str, verb: str):
    place = tmp_path / "register.db"
    shutil.copy(first / "register.db", place)
    act, code, said = DAMAGE[damage]
    act(place)
    before = place.read_bytes()
    found, told = tell(place, verb, *([first / "example.json"] if verb == "import" else []))
    assert (found, said in told) == (code, True), told
    assert place.read_bytes() == before


@pytest.mark.parametrize("made", [b"", None], ids=["empty file", "another's database"])
def test_upgrade_makes_no_register_where_there_is_none(tmp_path: Path, made: bytes | None):
    place = tmp_path / "other.db"
    if made is None:
        spoil(place, "CREATE TABLE theirs (x)")
    else:
        place.write_bytes(made)
    before = place.read_bytes()
    code, told = tell(place, "upgrade")
    assert code == 2 and "register" in told
    assert place.read_bytes() == before


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, first: Path):
    def lack(name: str) -> None:
        raise ModuleNotFoundError("No module named 'sqlalchemy'", name="sqlalchemy")

    monkeypatch.setattr("comity.api.register_place.import_module", lack)
    for verb in ("status", "verify", "upgrade", "due", "through"):
        code, told = tell(first / "register.db", verb)
        assert (code, "comity[commitments]" in told) == (2, True)


def test_an_empty_value_clears_what_may_be_empty_and_nothing_else(first: Path, tmp_path: Path):
    place = tmp_path / "register.db"
    shutil.copy(first / "register.db", place)
    edit = ("add", "commitment", "c", "--by", "o", "--json", "--seen")
    tell(place, *OWED, "--due", "2030-01-01", "--owner", "x", "--depends-on", LINK, "--depends-on", f"{LINK[:-3]}SWE")
    assert tell(place, *edit, "14", "--depends-on", "")[0] == 0
    assert tell(place, *edit, "15", "--due", "", "--owner", "")[0] == 0
    _, said = tell(place, "history", "commitment", "c", "--json")
    first_entry, second, third = json.loads(said)
    assert len(first_entry["depends_on"]) == 2 and "depends_on" not in second and second["due"] == "2030-01-01"
    assert not {"depends_on", "due", "owner"} & set(third)
    assert tell(place, *edit, "16", "--obligation", "")[0] == 2
    assert tell(place, "add", "agreement", "oresund-1991", "--by", "o", "--seen", "16", "--party", "")[0] == 2


def test_what_holds_before_its_article_is_noted_and_counted(first: Path, tmp_path: Path):
    place = tmp_path / "register.db"
    shutil.copy(first / "register.db", place)
    old = ("--from", "2020-01-01")
    assert "note" not in tell(place, "add", "article", "late", "--by", "o", "--agreement", "oresund-1991",
                              "--place", "9", "--from", "2021-01-01")[1]  # fmt: skip
    early = ("add", "commitment", "c", "--by", "o", "--article", "late", "--obligation", "x", "--party", "DNK")
    code, said = tell(place, *early, *old)
    assert code == 0 and "holds from 2020-01-01, its article 'late' from 2021-01-01" in said
    assert "1 commitment is left out" in tell(place, "status", "--on", "2020-06-01")[1]
    assert "1 commitment is left out" in tell(place, "status", "--on", "2020-06-01", "--party", "DNK")[1]
    assert "1 commitment is left out" in tell(place, "status", "--on", "2020-06-01", "--format", "md")[1]
    assert "left out" not in tell(place, "status", "--on", "2021-06-01")[1]
    found = json.loads(tell(place, "status", "--on", "2020-06-01", "--json")[1])
    assert found["left_out"] == 1 and "c" not in {row["id"] for row in found["rows"]}
