"""`comity reciprocity`: every verb, on the sample and on a file of one's own, in words and as JSON."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from tests.specimens.command import run_comity

from comity.cli.reciprocity import command

SERIES = ("var", "granger", "responses", "bayes", "projection", "steadiness")


def call(*words: str | Path) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a weekly file of two series of which the second answers the first."""
    values = np.random.default_rng(5).standard_normal((150, 2))
    values[1:, 1] += 0.8 * values[:-1, 0]
    days = np.arange("2001-01-01", "2010-01-01", 7, dtype="datetime64[D]")
    rows = [f"{day},{a:.6f},{b:.6f}" for day, (a, b) in zip(days, values, strict=False)]
    file = tmp_path_factory.mktemp("own") / "own.csv"
    file.write_text("\n".join(["week,first,second", *rows]), "utf-8")
    return file


@pytest.mark.parametrize("verb", SERIES)
def test_a_file_of_ones_own_is_answered_in_words_and_as_json(verb: str, own: Path):
    import json

    words = call(verb, "--series", own, "--lags", "2")
    assert words.exit_code == 0 and "first" in words.stdout and "150 periods (week)" in words.stderr
    found = json.loads(call(verb, "--series", own, "--lags", "2", "--json").stdout)
    assert (found["series"], found["by"], found["periods"]) == (["first", "second"], "week", 150)


def test_the_one_who_answers_is_found(own: Path):
    rows = call("granger", "--series", own, "--lags", "1").stdout.splitlines()[1:]
    assert "<0.0001" in rows[0] and rows[0].startswith("first")
    assert "<0.0001" not in rows[1]


def test_the_published_statistics_come_from_the_command(shared: Path):
    file = shared / "data/reciprocity/israel_palestine_weekly.csv"
    printed = call("granger", "--series", file, "--lags", "1").stdout
    assert "129.3702" in printed and "72.5230" in printed


@pytest.mark.parametrize(
    "words",
    [
        ("granger", "DEU", "POL", "--by", "day"),
        ("answers", "DEU", "POL", "--window", "3"),
        ("influence", "USA", "CHN", "RUS", "--by", "day", "--lags", "1"),
        ("strategies", "RUS", "UKR", "--by", "day"),
        ("pairs", "USA", "CHN", "RUS", "UKR", "--by", "day", "--least", "20", "--lags", "1"),
    ],
    ids=lambda words: words[0],
)
def test_the_sample_is_answered(words: tuple[str, ...]):
    done = call(*words)
    assert done.exit_code == 0 and len(done.stdout.splitlines()) > 2


def test_too_little_is_said_and_ends_with_1():
    done = call("steadiness", "DEU", "POL", "--by", "day")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        1,
        "too little to say: 9 periods to predict; 20 are the least",
    )
    as_json = call("steadiness", "DEU", "POL", "--by", "day", "--json")
    assert as_json.exit_code == 1 and '"too_little_to_say"' in as_json.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [("2001-01-15,1,x", "line 4, column 'second'"), ("2001-01-08,1,1", "stands twice"), ("2001-01-15,,1", "missing")],
)
def test_a_bad_file_is_told_by_line_and_column(own: Path, tmp_path: Path, line: str, said: str):
    lines = own.read_text("utf-8").splitlines()
    lines[3] = line
    (tmp_path / "bad.csv").write_text("\n".join(lines), "utf-8")
    done = run_comity("reciprocity", "granger", "--series", tmp_path / "bad.csv", code=2)
    assert said in done.stderr and done.stdout == ""


def test_a_series_that_never_varies_says_too_little(own: Path, tmp_path: Path):
    lines = [line.rpartition(",")[0] + ",0" for line in own.read_text("utf-8").splitlines()]
    lines[0] = "week,first,second"
    (tmp_path / "flat.csv").write_text("\n".join(lines), "utf-8")
    done = call("granger", "--series", tmp_path / "flat.csv")
    assert done.exit_code == 1 and "'second' is 0 in all 150 periods" in done.stdout


@pytest.mark.parametrize("prior", ["lambda1", "lambda9=1", "lambda1=x"])
def test_a_prior_that_does_not_exist_is_refused(own: Path, prior: str):
    assert call("bayes", "--series", own, "--prior", prior).exit_code == 2
