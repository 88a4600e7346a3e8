"""Compile the embedded sample: de-duplicated state and organisation events of GDELT 2.0 files, one link a row.

Run: python scripts/build_embedded.py [FOLDER OF GDELT 2.0 FILES] [--into DIR]

The files are loaded into a store by the ordinary door; its events (one a day, sender, receiver and code) go into the
package with how many reports and links stand behind each, GDELT's number of the first report, and one link as a
citation. The ledger of the files comes along, so that coverage, checksums and counts by reason stay on record.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from comity.events.step import load_files
from comity.store import create_store, open_store
from comity.store.store import EMBEDDED
from comity.store.tables import schema_of

_COMPILE = """
with linked as (
    select date, sender, receiver, code, url, sum(reports) as reports, min(event_id) as event_id,
           arg_min(added, event_id) as added, arg_min(file, event_id) as file, any_value(source) as source
    from rows group by date, sender, receiver, code, url
)
select
    any_value(source) as source, min(event_id) as event_id, date, sender, receiver, code,
    sum(reports)::integer as reports, count(*)::integer as articles,
    null::integer as num_mentions, null::integer as num_sources, null::integer as num_articles,
    first(url order by url is null, reports desc, url) as url,
    arg_min(added, event_id) as added, arg_min(file, event_id) as file
from linked group by date, sender, receiver, code order by sender, receiver, date, code
"""


def forget_location(log: Path) -> None:
    """Take the folder of the machine that built it out of a commit's note."""
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    for line in lines:
        line.get("commitInfo", {}).get("operationParameters", {}).pop("location", None)
    log.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), "utf-8")


def main() -> None:
    """Compile and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="../shared/data/gdelt2", type=Path)
    parser.add_argument("--into", default=EMBEDDED, type=Path)
    said = parser.parse_args()
    now = datetime.now(UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory() as aside:
        load_files(Path(aside) / "store", [said.folder], "gdelt2", now=now)
        con = open_store(Path(aside) / "store").take_snapshot().connect()
        events = con.sql(_COMPILE).to_arrow_table().cast(schema_of("events"))
        entries = (
            con.sql("select * exclude (batch, events_version) from ledger order by slot").to_arrow_table().to_pylist()
        )
    shutil.rmtree(said.into, ignore_errors=True)
    store = create_store(said.into)
    plain = [{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in entry.items()} for entry in entries]
    empty = schema_of("set_aside").empty_table().drop_columns(["batch"])
    with store.write() as writer:
        writer.commit(events, empty, plain)
    (said.into / ".lock").unlink()
    for log in said.into.glob("*/_delta_log/*.json"):
        forget_location(log)
    size = sum(path.stat().st_size for path in said.into.rglob("*") if path.is_file())
    print(f"{events.num_rows:,} events, {len(entries)} files in the ledger, {size / 1e6:.2f} MB in {said.into}")


if __name__ == "__main__":
    main()
