"""Apache Spark in local mode, over the same tables, gives what the embedded engine gives."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from tests.specimens.engines import LEVELS, Ground, name_account, read_layout

from comity.events.warehouse import read_query
from comity.store import open_store

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # of pandas, in pyspark


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Open Spark on this machine, or skip and say what is missing."""
    missing = [name for name in ("pyspark", "ibis") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)} (`make scale` installs them)")
    java = shutil.which("java") or shutil.which("java", path=os.path.join(os.environ.get("JAVA_HOME", ""), "bin"))
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr if java else ""
    if not java or '"1.' in said:
        pytest.skip("needs Java 17 or newer (Debian: apt-get install openjdk-17-jre-headless)")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("comity")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.debug.maxToStringFields": "5",
        "spark.sql.codegen.wholeStage": "false",  # compiling the rule to Java costs more than running it on few rows
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module", params=["ground", "real_ground"])
def laid(request: pytest.FixtureRequest, spark: Any) -> tuple[Ground, Any]:
    """Give Spark the publisher's table as text, and judge its rows by the SQL that ships."""
    ground: Ground = request.getfixturevalue(request.param)
    schema = ", ".join(f"{name} string" for name in read_layout())
    raw = spark.read.csv(str(ground.text), sep="\t", quote="", escape="", schema=schema)
    raw.createOrReplaceTempView("gdelt_raw")
    rows = spark.sql(read_query("rows", "spark")).cache()
    rows.createOrReplaceTempView("rows")
    return ground, spark


def take(frame: Any) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in frame.collect()), key=repr)


def test_spark_accounts_for_every_row_alike(laid: tuple[Ground, Any]):
    ground, spark = laid
    assert take(spark.sql(read_query("reasons", "spark"))) == sorted(name_account(ground.account), key=repr)


def test_spark_keeps_the_same_rows(laid: tuple[Ground, Any]):
    ground, spark = laid
    frame = spark.table("rows")
    assert frame.schema["added"].dataType.typeName() == "timestamp"
    texts = frame.selectExpr(*(name for name in frame.columns if name not in ("added", "file")),
                             "date_format(added, 'yyyy-MM-dd HH:mm:ss') as added")  # fmt: skip
    wanted = [(*row[:-1], None if row[-1] is None else str(row[-1])) for row in ground.rows]
    assert take(texts) == sorted(wanted, key=repr)


def test_spark_gives_the_same_events(laid: tuple[Ground, Any]):
    ground, spark = laid
    assert take(spark.sql(read_query("events", "spark"))) == sorted(ground.events, key=repr)


@pytest.mark.parametrize("level", LEVELS)
def test_spark_sums_days_to_the_same_last_digit(level: str, laid: tuple[Ground, Any]):
    ground, spark = laid
    assert take(spark.sql(read_query(f"days_{level}", "spark"))) == sorted(ground.days[level], key=repr)


def test_ibis_runs_the_same_expression_on_spark(laid: tuple[Ground, Any]):
    import ibis

    from comity.events.expressions import sum_days

    ground, spark = laid
    con = ibis.pyspark.connect(spark)
    days = con.to_pyarrow(sum_days(con.table("rows")).order_by(["date", "sender", "receiver"])).to_pylist()
    assert [tuple(row.values()) for row in days] == ground.days["events"]


def test_spark_reads_the_stores_own_tables(ground: Ground, spark: Any):
    snapshot = open_store(ground.folder).take_snapshot()
    for table in ("events", "ledger"):
        files = [str(path) for path in snapshot.list_data_files(table)]
        spark.read.parquet(*files).createOrReplaceTempView(table)
    spark.sql(read_query("store_rows", "spark")).createOrReplaceTempView("rows")
    assert take(spark.sql(read_query("days_events", "spark"))) == sorted(ground.days["events"], key=repr)
