"""The register on the command line: import, correct, export, verify."""

from __future__ import annotations

import json
from pathlib import Path

from tests.specimens.command import read_json, run_comity


def test_from_the_example_to_a_corrected_and_verified_register(tmp_path: Path):
    register = {"COMITY_REGISTER": str(tmp_path / "register.db")}
    run_comity("commitments", "example", "oresund", "--out", tmp_path / "example.json")
    loaded = read_json("commitments", "import", tmp_path / "example.json", **register)
    assert loaded["added"] == 13
    edit = ("commitments", "add", "commitment", "oresund-1991/link/SWE", "--by", "registry", "--owner", "a new office")
    refused = run_comity(*edit, code=None, **register)
    assert refused.returncode != 0
    changed = read_json(*edit, "--seen", "13", **register)
    assert changed["changed"] == 1
    stale = run_comity(*edit, "--owner", "another", "--seen", "13", code=1, **register)
    assert "a new office" in stale.stderr
    assert "Traceback" not in stale.stderr
    entries = read_json("commitments", "history", "commitment", "oresund-1991/link/SWE", **register)
    assert [entry["owner"] for entry in entries] == ["ministry of transport", "a new office"]
    exported = json.loads(run_comity("commitments", "export", **register).stdout)
    assert len(exported["commitments"]) == 4
    verdict = read_json("commitments", "verify", "--head", loaded["head"], **register)
    assert verdict["holds"]


def test_a_broken_chain_ends_with_1(tmp_path: Path):
    import sqlite3

    register = {"COMITY_REGISTER": str(tmp_path / "register.db")}
    run_comity("commitments", "example", "oresund", "--out", tmp_path / "example.json")
    run_comity("commitments", "import", tmp_path / "example.json", **register)
    with sqlite3.connect(tmp_path / "register.db") as con:
        con.execute("DROP TRIGGER entries_refuse_update")
        con.execute("UPDATE entries SET content = replace(content, 'Build', 'Skip') WHERE seq = 4")
    con.close()
    assert "broken_at: 4" in run_comity("commitments", "verify", code=1, **register).stdout


def test_wrong_use_is_told_with_2(tmp_path: Path):
    missing = run_comity("commitments", "verify", "--register", tmp_path / "none.db", code=2)
    assert "no register here" in missing.stderr
    (tmp_path / "bad.csv").write_text("who\nwhat\n", "utf-8")
    bad = run_comity("commitments", "import", tmp_path / "bad.csv", "--register", tmp_path / "r.db", code=2)
    assert "bad.csv:1" in bad.stderr
