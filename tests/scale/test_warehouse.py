"""A load from BigQuery, played on this machine: bytes said first, states only, every row accounted for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.specimens.engines import Ground, open_duckdb
from tests.specimens.stores import list_contents
from tests.specimens.warehouse import SIZE, Warehouse

from comity.cli.sources import command
from comity.events.warehouse import Limits, estimate_load, load_days, pack_rows, write_query
from comity.sources import SourceError, read_source
from comity.sources.errors import FetchError
from comity.sources.warehouse import TABLE, open_client
from comity.store import open_store
from comity.store.received import list_packs

DAY = "2025-05-15"


def run(*words: str) -> Result:
    return CliRunner().invoke(command, ["load", *words])


needs_client = pytest.mark.usefixtures("client")


@pytest.fixture(scope="module")
def client() -> None:
    """Skip where the client of BigQuery is not installed."""
    pytest.importorskip("google.cloud.bigquery", reason="needs google-cloud-bigquery (`make scale` installs it)")


@pytest.fixture
def warehouse(ground: Ground) -> Iterator[Warehouse]:
    """Play BigQuery over the rows of the ground."""
    played = Warehouse(open_duckdb(ground))
    yield played
    played.close()


def test_a_query_names_the_columns_that_it_reads_and_the_days():
    query = write_query(date(2025, 5, 15), date(2025, 5, 16))
    named = query.split(" FROM ", 1)[0].removeprefix("WITH gdelt_raw AS (SELECT ").split(", ")
    assert len(named) == 20 and set(named) <= set(read_source("gdelt2").layout)
    assert "_PARTITIONTIME >= TIMESTAMP('2025-05-15') AND _PARTITIONTIME < TIMESTAMP('2025-05-17')" in query


def test_a_value_with_a_tab_does_not_become_two():
    row = {"GLOBALEVENTID": "1", "SOURCEURL": "https://news.example/a\tb\nc", "rows": 2}
    assert pack_rows([row], "day.zip") == pack_rows([dict(reversed(row.items()))], "day.zip")
    from comity.sources.archive import open_content

    lines = open_content(pack_rows([row], "day.zip"), "day.zip").data.split(b"\n")
    assert [line.count(b"\t") for line in lines] == [60, 60, 0]


@needs_client
def test_a_dry_run_says_the_bytes_and_runs_nothing(warehouse: Warehouse, tmp_path: Path):
    from comity import load_warehouse

    found = load_warehouse(DAY, "2025-05-17", None, project="p", base=warehouse.url)
    assert (found["days"], found["bytes"]) == (3, 3 * SIZE)
    assert [job["dryRun"] for job in warehouse.asked] == [True]


@needs_client
def test_a_load_above_the_limit_is_refused_before_it_is_billed(warehouse: Warehouse, tmp_path: Path):
    from comity import load_warehouse

    with pytest.raises(SourceError, match="would read 1,000 bytes, more than the limit of 999"):
        load_warehouse(DAY, DAY, tmp_path / "store", project="p", most_bytes=999, base=warehouse.url)
    assert [job["dryRun"] for job in warehouse.asked] == [True]
    assert not (tmp_path / "store").exists()


@needs_client
def test_a_load_gives_the_rows_and_the_account_of_the_files(warehouse: Warehouse, ground: Ground, tmp_path: Path):
    from comity import load_warehouse

    found = load_warehouse(DAY, DAY, tmp_path / "store", project="p", base=warehouse.url)
    asked = warehouse.con.execute("select count(*) from gdelt_raw where DATEADDED between '20250515000000' and "
                                  "'20250515235959'").fetchone()  # fmt: skip
    assert asked is not None and found["rows_read"] == asked[0]
    assert found["rows_read"] == found["rows_kept"] + sum(found["dropped"].values()) + sum(found["set_aside"].values())
    assert (found["bytes_stated"], found["bytes_billed"]) == (SIZE, SIZE)
    con = open_store(tmp_path / "store").take_snapshot().connect()
    rows = con.execute("select * exclude (file) replace (timezone('UTC', added) as added) from rows order by all")
    wanted = [row for row in ground.rows if row[-1] is not None and str(row[-1])[:10] == DAY]
    assert rows.fetchall() == wanted and len(wanted) > 50
    name, source, detail = con.execute("select name, source, detail from ledger").fetchall()[0]
    assert (name, source) == ("bigquery-20250515.export.CSV.zip", "gdelt2")
    assert "1000 bytes billed" in detail and "query " in detail
    assert warehouse.asked[-1]["query"]["maximumBytesBilled"] == str(50_000_000_000)
    assert len(list_packs(tmp_path / "store")) == 1


@needs_client
def test_a_day_that_is_there_is_not_asked_again(warehouse: Warehouse, tmp_path: Path):
    from comity import load_warehouse

    store = tmp_path / "store"
    load_warehouse(DAY, DAY, store, project="p", base=warehouse.url)
    again = load_warehouse(DAY, "2025-05-16", store, project="p", base=warehouse.url)
    assert [bool(job.get("dryRun")) for job in warehouse.asked] == [True, False, True, False]
    assert (again["days_known"], again["files"], again["bytes_billed"]) == (1, 0, SIZE)


@needs_client
def test_a_day_without_any_row_is_not_entered_as_calm_and_is_asked_for_again(warehouse: Warehouse, tmp_path: Path):
    from comity import load_warehouse

    for _ in range(2):
        found = load_warehouse("2025-05-17", "2025-05-18", tmp_path / "store", project="p", base=warehouse.url)
        assert (found["days_without_rows"], found["files"]) == (["2025-05-17", "2025-05-18"], 0)
    assert not (tmp_path / "store").exists()


def change_cell(column: str, value: object) -> Any:
    """Put another value into the first row of each page."""

    def change(said: dict[str, Any], _: int) -> None:
        place = [field["name"] for field in said["schema"]["fields"]].index(column)
        for row in said["rows"][:1]:
            row["f"][place]["v"] = value

    return change


def lose_a_page(said: dict[str, Any], number: int) -> None:
    if number == 2:
        said.pop("pageToken", None)


def send_rows_twice(said: dict[str, Any], number: int) -> None:
    if number > 1 and said["rows"]:
        said["rows"][-1] = said["rows"][0]


def rename_a_column(said: dict[str, Any], _: int) -> None:
    said["schema"]["fields"][0]["name"] = "other"


def type_a_column(said: dict[str, Any], _: int) -> None:
    next(field for field in said["schema"]["fields"] if field["name"] == "EventCode")["type"] = "INTEGER"


@needs_client
@pytest.mark.parametrize(
    ("change", "said"),
    [(lose_a_page, "and .* came"), (send_rows_twice, "and .* came|a row came twice"), (rename_a_column, "are missing"),
     (type_a_column, "no text|does not answer"), (change_cell("rows", None), "a number of rows that is none"),
     (change_cell("rows", "-3"), "a number of rows that is none"), (change_cell("rows", "many"), "invalid literal"),
     (change_cell("rows", "99999999999"), "and .* came"), (change_cell("whole", "7"), "it counted 7 rows")],
)  # fmt: skip
def test_an_answer_that_is_not_whole_loads_nothing(change: Any, said: str, warehouse: Warehouse, tmp_path: Path):
    from comity import load_warehouse
    from comity.sources.errors import FetchError

    warehouse.change = change
    with pytest.raises(FetchError, match=said):
        load_warehouse(DAY, DAY, tmp_path / "store", project="p", base=warehouse.url)
    assert not (tmp_path / "store").exists()
    warehouse.change = None
    assert load_warehouse(DAY, DAY, tmp_path / "store", project="p", base=warehouse.url)["rows_kept"] > 50


@needs_client
@pytest.mark.parametrize(
    ("since", "until", "options", "said"),
    [("2015-02-17", DAY, {}, "begin on 2015-02-18"), (DAY, "2999-01-01", {}, "is not over"),
     (DAY, "2025-05-14", {}, "ends before it begins"), (DAY, DAY, {"project": "My Project"}, "no id of a project"),
     (DAY, DAY, {"base": "ftp://127.0.0.1"}, "is no address")],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_before_anything_is(
    since: str, until: str, options: dict[str, str], said: str, warehouse: Warehouse
):
    from comity import load_warehouse

    with pytest.raises(SourceError, match=said):
        load_warehouse(since, until, None, **{"project": "p", "base": warehouse.url} | options)
    assert warehouse.asked == []


@needs_client
def test_what_bigquery_refuses_is_said(warehouse: Warehouse, tmp_path: Path):
    from comity import load_warehouse
    from comity.sources.errors import FetchError

    warehouse.refuse = "the project has no right to run queries"
    with pytest.raises(FetchError, match="no right to run queries"):
        load_warehouse(DAY, DAY, tmp_path / "store", project="p", base=warehouse.url)


@needs_client
@pytest.mark.parametrize("down", ["dry run", "query", "rows"])
def test_a_service_that_never_comes_back_is_given_up_with_the_days_before_kept(
    down: str, warehouse: Warehouse, tmp_path: Path
):
    client, first, last = open_client("p", warehouse.url), date(2025, 5, 15), date(2025, 5, 16)
    limits = Limits(patience=3.0)
    load_days(tmp_path / "store", client, estimate_load(client, first, first), limits)
    both, before = estimate_load(client, first, last), list_contents(tmp_path / "store")
    warehouse.con.execute(
        "create or replace table gdelt_raw as from gdelt_raw union all "
        "(select * replace ('20250516120000' as DATEADDED) from gdelt_raw limit 1)"
    )
    warehouse.down = down
    with pytest.raises(FetchError) as caught:
        load_days(tmp_path / "store", client, both, limits)
        estimate_load(client, first, last, patience=limits.patience)
    assert warehouse.turned_away >= 1
    assert "unavailable" in caught.value.what
    assert caught.value.where == TABLE
    assert "goes on where it ended" in (caught.value.todo or "")
    assert (list_contents(tmp_path / "store") == before) is (down != "dry run")
    assert open_store(tmp_path / "store").verify() == []
    warehouse.down = ""
    again = load_days(tmp_path / "store", client, both, limits)
    assert again["days_known"] == (2 if down == "dry run" else 1)


@needs_client
def test_the_command_says_the_bytes_before_it_loads(warehouse: Warehouse, tmp_path: Path):
    words = ["gdelt", "--backend", "bigquery", "--since", DAY, "--until", DAY, "--project", "p"]
    dry = run(*words, "--base", warehouse.url, "--dry-run", "--json")
    assert json.loads(dry.stdout)["bytes"] == SIZE
    done = run(*words, "--base", warehouse.url, "--store", str(tmp_path / "store"))
    assert "1,000 bytes would be read" in done.stderr
    assert "bytes_billed" in done.stdout


@pytest.mark.parametrize(
    "words",
    [("--backend", "bigquery"), ("--since", DAY, "x.zip", "--store", "s"), ("--store", "s"),
     ("--backend", "bigquery", "x.zip"), ("--backend", "bigquery", "--since", DAY, "--until", DAY, "--project", "p")],
)  # fmt: skip
def test_options_that_do_not_belong_together_are_wrong_use(words: tuple[str, ...]):
    assert run("gdelt", *words).exit_code == 2
