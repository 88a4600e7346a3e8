"""The examples in the guide and the README run, and give what they say.

A `python` block is run (as a doctest where it has prompts), a `console` block gives commands after `$` and what they
print, with `...` for any text and `[exit N]` where a command does not end with 0. A block with a title is written as a
file of that name. Blocks in `sh` need a network or build an environment, and are not run.
"""

import doctest
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.slow

FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
COLUMNS = 61
ACTORS = {  # sender and receiver as country code, type code
    "state to state": ("FRA", "", "DEU", "GOV"),
    "state to state, back": ("DEU", "GOV", "FRA", ""),
    "firm to state": ("USA", "BUS", "FRA", ""),
    "state alone": ("FRA", "", "", ""),
}


class Block(NamedTuple):
    """A fenced block: language, title, text, and line in its page."""

    language: str
    title: str
    text: str
    line: int


def read_blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    text = page.read_text("utf-8")
    for found in FENCE.finditer(text):
        yield Block(found[1], found[2] or "", found[3], text.count("\n", 0, found.start()) + 1)


def read_commands(block: Block) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with what it should print."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


def run_command(command: str, folder: Path) -> str:
    """Run a command of the guide and give what it prints, with its exit code where that is not 0."""
    program, *words = shlex.split(command)
    assert program == "comity", f"only comity is run, not {program}"
    run = [sys.executable, "-c", "from comity.cli.main import main; main()", *words]
    done = subprocess.run(run, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout + (f"[exit {done.returncode}]\n" if done.returncode else "")


def run_console(block: Block, folder: Path) -> None:
    """Run the commands of a block and compare what they print."""
    for command, expected in read_commands(block):
        printed = run_command(command, folder)
        agrees = doctest.OutputChecker().check_output(expected, printed, FLAGS)
        assert agrees, f"line {block.line}: {command}\nexpected:\n{expected}\nprinted:\n{printed}"


def run_python(block: Block, names: dict[str, Any]) -> None:
    """Run a block, as a doctest where it has prompts."""
    if ">>>" not in block.text:
        exec(compile("\n" * block.line + block.text, "guide", "exec"), names)  # noqa: S102 - our own pages
        return
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(block.text, names, "guide", "guide", block.line)
    result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=said.append, clear_globs=False)
    assert result.failed == 0, "".join(said)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working folder with one 15-minute file of four made-up rows in `received`."""
    rows = []
    for number, (sender, sender_type, receiver, receiver_type) in enumerate(ACTORS.values()):
        row = [""] * COLUMNS
        row[0:5] = [str(1_240_000_000 + number), "20250515", "202505", "2025", "2025.3671"]
        row[5:8] = [sender + sender_type, "FIRST", sender]
        row[12] = sender_type
        row[15:18] = [receiver + receiver_type, "SECOND" if receiver else "", receiver]
        row[22] = receiver_type
        row[25:35] = ["1", "042", "042", "04", "1", "1.9", "3", "1", "3", "0.5"]
        row[59:61] = ["20250515020000", f"https://example.org/report/{number}"]
        rows.append("\t".join(row) + "\n")
    (tmp_path / "received").mkdir()
    with zipfile.ZipFile(tmp_path / "received" / "20250515020000.export.CSV.zip", "w") as archive:
        archive.writestr("20250515020000.export.CSV", "".join(rows))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_of_a_page_give_what_they_say(guide: Path, folder: Path):
    names: dict[str, Any] = {}
    for block in read_blocks(guide):
        if block.title:
            (folder / block.title).write_text(block.text, "utf-8")
        elif block.language == "console":
            run_console(block, folder)
        elif block.language == "python":
            run_python(block, names)
    assert list(read_blocks(guide))


def test_every_page_of_the_guide_has_examples_that_run(guide: Path):
    assert {"console", "python"} & {block.language for block in read_blocks(guide)}
