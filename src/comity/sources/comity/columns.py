"""The columns of a Parquet file, read in a process apart: one that was made to harm takes that down, and no other.

The process has limits of memory and of time, gets the bytes and gives back plain columns; what it refuses it says in
words, and where it dies the file is refused.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from comity.sources.catalogue import read_source
from comity.sources.errors import FileRefused

if TYPE_CHECKING:
    import pyarrow as pa

OPTIONAL = ("event_id", "reports", "articles", "url")
MOST_ROWS = 5_000_000
MOST_MEMORY = 4 << 30  # of the process apart [bytes of address space]
MOST_SECONDS = 300  # of processor time
REFUSED = 3  # exit code: the reason stands in what it wrote
SAID = ("status", "what", "where", "why", "todo")


def check_header(found: list[str], name: str) -> None:
    """Refuse a table without the needed columns, or with one of them twice."""
    needed = read_source("comity").layout
    absent = [column for column in needed if column not in found]
    twice = [column for column in (*needed, *OPTIONAL) if found.count(column) > 1]
    if absent or twice:
        said = f"lacks {', '.join(absent)}" if absent else f"has twice: {', '.join(twice)}"
        # A first row that names none of the columns is no header: it may name somebody who must not be repeated.
        header = len(absent) < len(needed)
        shown = f"are {', '.join(found[:12])}" if header else f"have other names ({len(found):,} columns)"
        raise FileRefused(
            "corrupt",
            f"the table {said}; its columns {shown}"[:300],
            where=name,
            todo=f"name the columns {', '.join(needed)} and, if you have them, {', '.join(OPTIONAL)}",
        )


def check_length(rows: int, name: str) -> None:
    """Refuse a table that may not fit into memory; a small Parquet file can promise any number of rows."""
    if rows > MOST_ROWS:
        raise FileRefused(
            "corrupt",
            f"the table has more than {MOST_ROWS:,} rows",
            where=name,
            why="a table is held in memory while it is read",
            todo="split it into several files",
        )


def take_columns(data: bytes, name: str) -> pa.Table:
    """Return the columns of a Parquet file that are used, as bytes of text; in this process.

    Parameters
    ----------
    data : bytes
    name : str
        File name, for messages.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    FileRefused
        It cannot be read, lacks a column, or has too many rows.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
        check_header(file.schema_arrow.names, name)
        check_length(file.metadata.num_rows, name)
        used = [column for column in (*read_source("comity").layout, *OPTIONAL) if column in file.schema_arrow.names]
        # A worker that lets go of Python's bytes last, while the interpreter ends, aborts it (apache/arrow #34314).
        table = file.read(used, use_threads=False)
        return pa.table({column: pc.cast(pc.cast(table[column], pa.string()), pa.binary()) for column in used})
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        raise FileRefused(
            "corrupt", f"the Parquet file cannot be read: {error}", where=name, todo="write it again"
        ) from error


def read_columns(data: bytes, name: str) -> pa.Table:
    """Return what `take_columns` does, from a process apart.

    Parameters
    ----------
    data : bytes
    name : str
        File name, for messages.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    FileRefused
        As `take_columns`; also where the process died of the file.
    """
    import pyarrow as pa

    asked = [sys.executable, "-m", __name__, name]
    settings = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(asked, input=data, capture_output=True, env=settings, check=False)
    if done.returncode == REFUSED:
        said = json.loads(done.stdout)
        raise FileRefused(said["status"], said["what"], where=said["where"], why=said["why"], todo=said["todo"])
    if done.returncode:
        raise FileRefused(
            "corrupt",
            f"the Parquet file cannot be read: its reader died of it (exit code {done.returncode})",
            where=name,
            why="it is damaged, was made to harm, or needs more than 4 GB of memory or five minutes",
            todo="write it again, or split it into several files",
        )
    with pa.ipc.open_stream(done.stdout) as stream:
        return stream.read_all()


def _limit_process() -> None:
    """Bound memory and time of this process, where the system can."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read a file from standard input; give its columns as an Arrow stream, or the reason against it."""
    import pyarrow as pa

    _limit_process()
    try:
        table = take_columns(sys.stdin.buffer.read(), sys.argv[1])
    except FileRefused as error:
        sys.stdout.write(json.dumps({name: getattr(error, name) for name in SAID}))
        sys.exit(REFUSED)
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)


if __name__ == "__main__":
    main()
