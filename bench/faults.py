"""Damage files at random, thousands of times, and count what goes unnoticed; load them in fifty orders.

    python bench/faults.py [--flips 2000] [--archives 1000] [--orders 50] [--seed 1]

Flips: one bit of any file of a store (data files, logs, checksums of logs, note) or of its files as received is turned
around, and the store is verified. Archives: one bit of a zip of a quarter of an hour is turned around, or its end cut
off; the reader refuses it, or gives the same rows. Parquet: the same with a table of one's own, in a process apart.
Orders: the same files, one of them issued twice, one cut off, one twice under other names, in batches drawn at random.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import shutil
import sys
import tempfile
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.gdelt_rows import join, make_rows, pack, write_days, write_row, write_slot
from tests.specimens.stores import list_contents

from comity.api import load_events, verify_store
from comity.lexicon.errors import ComityError
from comity.sources import FileRefused, read_reading
from comity.sources.comity.columns import take_columns
from comity.store.received import find_received

NAME = "20250515120000.export.CSV.zip"


def make_store(folder: Path) -> tuple[Path, list[Path]]:
    """Load files with every fate, in two loads; return the store and the files."""
    paths = write_days(folder / "in", ["20250513", "20250514"], rows=20, slots=("0000", "0600", "1200"))
    paths.append(write_slot(folder / "again", "20250514060000", make_rows(30, 99), (2025, 5, 20, 0, 0, 0)))
    paths.append(write_slot(folder / "in", "20250515060500", [write_row(date="20240515"), b"short"]))
    paths.append(Path(shutil.copy(paths[0], folder / "in" / "20250601000000.export.CSV.zip")))
    paths[3].write_bytes(paths[3].read_bytes()[:200])
    load_events(paths[:4], folder / "store")
    load_events(paths, folder / "store")
    return folder / "store", paths


def flip_stored(store: Path, count: int, draw: random.Random) -> Counter[str]:
    """Turn one bit around in any stored file; count by kind of file what `verify` says."""
    found: Counter[str] = Counter()
    files = [p for folder in (store, find_received(store)) for p in sorted(folder.rglob("*")) if p.is_file()]
    files = [path for path in files if path.stat().st_size and path.name != ".lock"]
    kinds = {"received": find_received(store), "logs": store, "data": store}
    for number in range(count):
        kind = list(kinds)[number % len(kinds)]
        path = draw.choice([path for path in files if choose_kind(path) == kind])
        whole = path.read_bytes()
        place, bit = draw.randrange(len(whole)), draw.randrange(8)
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
        try:
            noticed = bool(verify_store(store))
        except ComityError:
            noticed = True
        found[f"{kind}: {'noticed' if noticed else 'not noticed'}"] += 1
        path.write_bytes(whole)
    assert verify_store(store) == []
    return found


def choose_kind(path: Path) -> str:
    """Return which kind of stored file this is."""
    if path.name.startswith("pack-"):
        return "received"
    return "data" if path.name.startswith("part-") else "logs"


def damage(whole: bytes, number: int, draw: random.Random) -> bytes:
    """Turn a bit around, or cut the end off, in turn."""
    place = draw.randrange(1, len(whole))
    if number % 2:
        return whole[:place]
    return whole[:place] + bytes([whole[place] ^ 1 << draw.randrange(8)]) + whole[place + 1 :]


def damage_archives(count: int, draw: random.Random) -> Counter[str]:
    """Damage an archive; count whether it is refused, gives the same rows, or others."""
    whole = pack(join(make_rows(200, 1)))
    right = read_reading(whole, NAME, "gdelt2").reading.lines.table
    found: Counter[str] = Counter()
    for number in range(2 * count):
        kind = "cut" if number % 2 else "flipped"
        try:
            table = read_reading(damage(whole, number, draw), NAME, "gdelt2").reading.lines.table
            found[f"{kind}: {'the same rows' if table.equals(right) else 'other rows'}"] += 1
        except FileRefused as error:
            found[f"{kind}: refused as {error.status}"] += 1
    return found


def damage_parquet(line: object, count: int, seed: int) -> None:
    """Damage a table of one's own; tell the counts of what was refused and read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink, draw, found = io.BytesIO(), random.Random(seed), Counter[str]()
    columns = {"date": ["2025-05-15"], "sender": ["DEU"], "receiver": ["POL"], "code": ["042"]}
    pq.write_table(pa.table({name: values * 50 for name, values in columns.items()}), sink)
    for number in range(2 * count):
        kind = "cut" if number % 2 else "flipped"
        try:
            take_columns(damage(sink.getvalue(), number, draw), "own.parquet")
            found[f"{kind}: read"] += 1
        except FileRefused:
            found[f"{kind}: refused"] += 1
    line.send(found)  # type: ignore[attr-defined]


def fuzz_parquet(count: int, seed: int) -> Counter[str]:
    """Damage tables in a process apart, and say whether it died."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=damage_parquet, args=(theirs, count, seed))
    child.start()
    theirs.close()
    try:
        found: Counter[str] = ours.recv()
    except EOFError:
        found = Counter({"the process died": 1})
    child.join()
    return found


def list_nameless(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what a store holds, files by their SHA-256: of two with the same bytes, the first that comes counts."""
    contents = list_contents(store, checked=True)
    files = sorted((row[1:3] + row[4:] for row in contents["files"]), key=str)
    return {**contents, "files": files}


def load_in_orders(folder: Path, files: list[Path], orders: int, draw: random.Random) -> Counter[str]:
    """Load files in orders and batches drawn at random; count how often the contents are those of the first."""
    load_events(files, folder / "clean")
    clean, found = list_nameless(folder / "clean"), Counter[str]()
    for number in range(orders):
        store, mixed = folder / f"order-{number}", draw.sample(files, len(files))
        while mixed:
            size = draw.randint(1, len(files))
            load_events(mixed[:size], store)
            mixed = mixed[size:]
        found["the same contents" if list_nameless(store) == clean else "other contents"] += 1
        shutil.rmtree(store)
    return found


def main() -> None:
    """Damage and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=2000)
    parser.add_argument("--archives", type=int, default=1000, help="flips and as many cuts")
    parser.add_argument("--orders", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    draw = random.Random(said.seed)
    print("| damage | found | count |\n|---|---|---:|")
    with tempfile.TemporaryDirectory() as place:
        store, files = make_store(Path(place))
        for name, found in (
            ("one bit of a stored file", flip_stored(store, said.flips, draw)),
            ("a zip of a quarter of an hour", damage_archives(said.archives, draw)),
            ("a Parquet file of one's own", fuzz_parquet(said.archives, said.seed)),
            (f"{len(files)} files in another order", load_in_orders(Path(place), files, said.orders, draw)),
        ):
            for what, count in sorted(found.items()):
                print(f"| {name} | {what} | {count:,} |", flush=True)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"\n{used.ru_utime + used.ru_stime:.0f} s of CPU time")


if __name__ == "__main__":
    main()
