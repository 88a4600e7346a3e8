"""The commands as a user types them: what they print, how they end, what they say when something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.specimens.command import read_json, run_comity

pytestmark = pytest.mark.slow

OWN = "date,sender,receiver,code,url\n2025-05-01,Germany,POL,042,https://a.example/1\n2025-05-02,PL,DE,112,\n"
HEAVY = ("pyarrow", "duckdb", "numpy", "deltalake", "jinja2", "typst", "rich", "httpx", "yaml")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Give a store filled from a table of one's own."""
    (tmp_path / "own.csv").write_text(OWN, "utf-8")
    run_comity("sources", "load", "comity", tmp_path / "own.csv", "--store", tmp_path / "store")
    return tmp_path / "store"


def test_help_lists_the_rooms_and_imports_nothing_heavy():
    code = (
        "import sys\nfrom comity.cli.main import main\nsys.argv = ['comity', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    rooms = ("actors", "sources", "store", "events", "foundations", "relations", "brief")
    assert all(f"  {room}" in done.stdout for room in rooms)


@pytest.mark.parametrize(
    "words",
    [(), *((room,) for room in ("actors", "sources", "store", "events", "foundations", "relations", "brief"))],
    ids=lambda words: " ".join(words) or "comity",
)
def test_every_room_has_help(words: tuple[str, ...]):
    assert run_comity(*words, "--help").stdout.startswith("Usage: ")


def test_version_is_the_packages():
    import comity

    assert run_comity("--version").stdout.strip() == f"comity, version {comity.__version__}"


def test_load_prints_one_json_account(tmp_path: Path):
    (tmp_path / "own.csv").write_text(OWN + "2025-05-03,Nobody,POL,042,\nshort\n", "utf-8")
    account = read_json("sources", "load", "comity", tmp_path / "own.csv", "--store", tmp_path / "store")
    assert account["files"] == 1
    assert (account["rows_read"], account["rows_kept"]) == (4, 2)
    assert account["dropped"] == {"unknown_code": 1}
    assert account["set_aside"] == {"wrong_columns": 1}
    assert account["slots"] == {"loaded": 1}


def test_a_name_that_was_dropped_is_said_nowhere(tmp_path: Path):
    (tmp_path / "own.csv").write_text(OWN + "2025-05-03,Zaphod Beeblebrox,POL,042,\n", "utf-8")
    done = run_comity("sources", "load", "comity", tmp_path / "own.csv", "--store", tmp_path / "store")
    assert "Zaphod" not in done.stdout + done.stderr
    stored = b"".join(path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file())
    assert b"Zaphod" not in stored


def test_load_ends_with_1_when_every_file_is_refused(tmp_path: Path):
    (tmp_path / "20250515120000.export.CSV.zip").write_bytes(b"PK\x03\x04 cut off")
    done = run_comity("sources", "load", "gdelt", tmp_path, "--store", tmp_path / "s", code=1)
    assert "refused: 20250515120000.export.CSV.zip (truncated)" in done.stderr
    assert read_json("store", "status", "--store", tmp_path / "s")["files"] == {"truncated": 1}


def test_counts_have_the_promised_fields(own: Path):
    counts = read_json("events", "count", "--store", own)
    assert (counts["events"], counts["net_goldstein"]) == (2, -0.1)
    assert counts["by_type"] == {"ACCUSE": 1, "CONSULT": 1}
    assert counts["by_quad"] == {"1": 1, "3": 1}
    assert read_json("events", "count", "--store", own, "--sender", "germany")["events"] == 1
    assert read_json("events", "count", "--store", own, "--since", "2025-05-02")["events"] == 1
    assert read_json("events", "count", "--store", own, "--until", "2025-04-30")["events"] == 0


def test_score_has_the_promised_fields(own: Path):
    rows = read_json("relations", "score", "DEU", "Poland", "--store", own, "--by", "day")
    promised = {"period", "sender", "receiver", "events", "net_goldstein", "score", "low", "high"}
    assert all(promised <= set(row) for row in rows)
    assert [(r["sender"], r["period"], r["events"]) for r in rows] == [
        ("DEU", "2025-05-01", 1),
        ("DEU", "2025-05-02", 0),
        ("POL", "2025-05-01", 0),
        ("POL", "2025-05-02", 1),
    ]


def test_status_and_verify_of_the_sample():
    status = read_json("store", "status")
    assert status["store"] == "embedded sample"
    assert status["slots"]["gdelt2"]["loaded"] == status["files"]["loaded"] == 883
    rows = status["rows"]
    assert rows["kept"] + sum(rows["set_aside"].values()) + sum(rows["dropped"].values()) == rows["read"]
    assert read_json("store", "verify") == {"whole": True, "faults": []}


def test_verify_ends_with_1_and_names_the_damaged_file(own: Path):
    (part,) = (own / "events").glob("part-*.parquet")
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    found = read_json("store", "verify", "--store", own, code=1)
    assert part.name in found["faults"][0]
    done = run_comity("events", "count", "--store", own, code=1)
    assert part.name in done.stderr and done.stdout == ""


@pytest.mark.parametrize("form", ["html", "pdf", "json", "md"])
@pytest.mark.parametrize("parties", [("DEU", "POL"), ("India",), ("EU", "RUS")], ids="-".join)
def test_brief_is_written_in_every_form(form: str, parties: tuple[str, ...], tmp_path: Path):
    out = tmp_path / f"brief.{form}"
    done = run_comity("brief", *parties, "--format", form, "--out", out)
    assert done.stdout.strip() == str(out)
    start = {"html": b"<!doctype html>", "pdf": b"%PDF-", "json": b"{", "md": b"# "}[form]
    assert out.read_bytes().lower().startswith(start.lower())


def test_form_follows_the_ending_of_the_file(tmp_path: Path):
    run_comity("brief", "DEU", "POL", "--out", tmp_path / "b.json")
    assert json.loads((tmp_path / "b.json").read_text("utf-8"))["kind"] == "pair"


def test_brief_from_a_store_of_ones_own_says_so(own: Path):
    document = json.loads(run_comity("brief", "DEU", "POL", "--store", own, "--format", "json").stdout)
    assert document["about"]["store"] == "store"
    assert [d["events"] for d in document["directions"]] == [1, 1]
    assert document["sources"][0]["id"] == "comity"


WRONG = {
    "unknown actor": (("brief", "Germny", "POL"), 2, "Germany (DEU)"),
    "ambiguous actor": (("relations", "score", "Korea", "JPN"), 2, "KOR"),
    "same actor twice": (("brief", "DEU", "Germany"), 2, "Germany (DEU)"),
    "no such store": (("store", "status", "--store", "{tmp}/none"), 2, "there is no store here"),
    "no such file": (("sources", "load", "gdelt", "{tmp}/none", "--store", "{tmp}/s"), 2, "there is no such file"),
    "no such source": (("sources", "load", "reuters", "{tmp}", "--store", "{tmp}/s"), 2, "'reuters'"),
    "folder without files": (("sources", "load", "gdelt", "{tmp}", "--store", "{tmp}/s"), 2, "no file to load"),
    "bad day": (("events", "count", "--since", "yesterday"), 2, "'yesterday'"),
    "period backwards": (("events", "count", "--since", "2025-06-02", "--until", "2025-06-01"), 2, "ends before"),
    "bad time": (("events", "count", "--as-of", "noon"), 2, "'noon'"),
    "before anything was loaded": (("brief", "DEU", "POL", "--as-of", "2001-01-01"), 2, "holds no events"),
    "no such level": (("events", "count", "--level", "rumours"), 2, "'rumours'"),
    "no such scale": (("events", "count", "--scale", "kindness"), 2, "kindness"),
    "no such format": (("brief", "DEU", "POL", "--format", "docx"), 2, "docx"),
    "pdf without a file": (("brief", "DEU", "POL", "--format", "pdf"), 2, "--out"),
    "no such command": (("weather",), 2, "weather"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_says_what_and_what_to_do(case: str, tmp_path: Path):
    words, code, said = WRONG[case]
    done = run_comity(*(word.replace("{tmp}", str(tmp_path)) for word in words), code=code)
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_debug_shows_where_an_error_came_from():
    done = run_comity("--debug", "brief", "Germny", code=1)
    assert "Traceback" in done.stderr and "UnknownActor" in done.stderr


def test_actors_are_found_by_any_code_or_name():
    found = {read_json("actors", "find", text)["id"] for text in ("DEU", "de", "276", "Germany", "cow:255", "fips:GM")}
    assert found == {"DEU"}
    states = read_json("actors", "list", "--kind", "state")
    assert sum(row["status"] == "member" for row in states) == 193


def test_rows_behind_an_event_carry_number_and_file():
    words = ("--sender", "DEU", "--receiver", "POL", "--since", "2025-06-03", "--until", "2025-06-03")
    events = read_json("events", "list", *words, "--limit", "0")
    rows = read_json("events", "rows", *words)
    assert {(e["code"], e["reports"]) for e in events} == {(r["code"], r["reports"]) for r in rows}
    assert all(r["event_id"] and r["name"].endswith(".export.CSV.zip") for r in rows)


def test_foundations_are_shown_with_year_and_source():
    themes = read_json("foundations", "show", "DEU", "POL")
    figures = [figure for theme in themes for figure in theme["figures"]]
    assert {"measure", "value", "unit", "year", "source", "note"} <= set(figures[0])
    assert "Trade" in [theme["theme"] for theme in themes]
    assert "not known" not in run_comity("foundations", "show", "DEU", "POL").stdout.split("Trade")[0]


def test_sources_say_publisher_and_terms():
    listed = read_json("sources", "list")
    assert {"comity", "gdelt1", "gdelt2", "icews", "ucdp", "baci", "wdi"} <= set(listed)
    assert all(source["licence"] and source["tested"] for source in listed.values())
    shown = read_json("sources", "show", "gdelt2")
    assert shown["publisher"] == "The GDELT Project" and len(shown["layout"]) == 61


def test_a_source_that_is_none_is_answered_with_all_that_can_be_loaded(tmp_path: Path):
    done = run_comity("sources", "load", "nonsense", "x.csv", "--store", tmp_path / "s", code=2)
    assert "no source 'nonsense'" in done.stderr
    assert {"baci", "gdelt", "icews", "wdi"} <= set(done.stderr.replace(",", "").split())


def test_the_status_of_a_store_that_is_not_there_is_no_empty_answer(tmp_path: Path):
    done = run_comity("sources", "status", "--store", tmp_path / "typing-error", code=2)
    assert "there is no store here" in done.stderr
