"""Write src/comity/events/sql/<dialect>/<query>.sql from comity.events.expressions; needs the extra spark."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from comity.events.expressions import list_queries

LISTED = re.compile(r"IN \(\s+('[^()]*?')\s+\)")
FOLDER = Path(__file__).resolve().parents[1] / "src" / "comity" / "events" / "sql"
DIALECTS = {
    "duckdb": "duckdb",
    "spark": "pyspark",
    "bigquery": "bigquery",
    "clickhouse": "clickhouse",
    "trino": "trino",
}
# Ibis's name of a type to the one that is meant. ClickHouse's Date and DateTime begin in 1970, and make of an earlier
# day the first of that year; its DateTime is of the server's zone.
MEANT = {"clickhouse": {"Nullable(DATE)": "Nullable(Date32)", "Nullable(DateTime)": "Nullable(DateTime64(0, 'UTC'))"}}


def compile_queries() -> dict[str, str]:
    """Return path below the folder to SQL."""
    import ibis
    from ibis import pyspark  # noqa: F401 - its options are needed to compile for Spark

    found = {}
    for query, build in list_queries().items():
        for ours, theirs in DIALECTS.items():
            text = str(ibis.to_sql(build(), dialect=theirs))
            for named, meant in MEANT.get(ours, {}).items():
                text = text.replace(named, meant)
            found[f"{ours}/{query}.sql"] = LISTED.sub(_write_list, text) + "\n"
    return found


def _write_list(match: re.Match[str]) -> str:
    """Write a list of values in one line."""
    return "IN (" + " ".join(match[1].split()) + ")"


def main() -> None:
    """Write them, or with --check say which differ."""
    queries = compile_queries()
    differing = [name for name, text in queries.items() if not _holds(FOLDER / name, text)]
    if "--check" not in sys.argv[1:]:
        for name in differing:
            path = FOLDER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(queries[name], "utf-8")
    print(f"{len(queries)} queries, {len(differing)} written or differing: {', '.join(differing) or 'none'}")
    sys.exit(bool(differing) and "--check" in sys.argv[1:])


def _holds(path: Path, text: str) -> bool:
    """Say whether a file holds a text."""
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    main()
