"""What the peers of `bench/ingest.py` do with a folder of GDELT files: a part of Comity's load, or as much as it does.

As much as it does is what a user needs of either: a typed table without duplicates on disk, and sums of each directed
pair of actors and day. Where a peer has a step of its own for that it is taken; where it has none, Arrow or Polars
does it, over no more columns than Comity keeps.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

KEPT = {
    "GlobalEventID": "global_event_id",
    "Day": "date",
    "Actor1Code": "sender",
    "Actor2Code": "receiver",
    "EventCode": "code",
    "GoldsteinScale": "goldstein",
    "NumMentions": "mentions",
    "NumSources": "sources",
    "NumArticles": "articles",
    "IsRootEvent": "is_root",
    "DATEADDED": "added",
    "SOURCEURL": "url",
}


def is_day(path: Path) -> bool:
    """Return whether a file's name states a day, as those of GDELT 1.0 do."""
    return len(path.name.split(".")[0]) == len("20250516")


def is_quarter_hour(path: Path) -> bool:
    """Return whether a file's name states a quarter of an hour, as those of GDELT 2.0 do."""
    return not is_day(path)


def iterate_texts(folder: Path) -> Iterator[bytes]:
    """Yield the unpacked text of each file that gdelt-py reads: it refuses daily files, which have 58 columns."""
    for path in filter(is_quarter_hour, sorted(folder.glob("*.zip"))):
        with zipfile.ZipFile(path) as archive:
            yield archive.read(archive.namelist()[0])


def parse_with_gdelt_py(folder: Path, work: Path) -> int:
    """Parse the files into gdelt-py's raw records, as its `EventsParser` documents."""
    from py_gdelt.parsers.events import EventsParser

    parser = EventsParser()
    return sum(1 for text in iterate_texts(folder) for _ in parser.parse(text, is_translated=False))


def model_with_gdelt_py(folder: Path, work: Path) -> int:
    """Parse the files and turn each record into gdelt-py's public model, as its events endpoint does."""
    from py_gdelt.models.events import Event
    from py_gdelt.parsers.events import EventsParser

    parser = EventsParser()
    records = (record for text in iterate_texts(folder) for record in parser.parse(text, is_translated=False))
    return sum(1 for record in records if Event.from_raw(record) is not None)


def load_with_gdelt_py(folder: Path, work: Path) -> int:
    """Have gdelt-py's endpoint fetch the files and drop duplicates; make a table of its models, keep it, sum it."""
    import asyncio

    import pyarrow as pa
    import pyarrow.parquet as pq

    rows, columns = asyncio.run(_fetch_columns(folder, work / "cache"))
    table = pa.table(columns)
    pq.write_table(table, work / "events.parquet")
    table.group_by(["date", "sender", "receiver"]).aggregate([("goldstein", "sum"), ("articles", "sum")])
    return rows


async def _fetch_columns(folder: Path, cache: Path) -> tuple[int, dict[str, list[Any]]]:
    """Return how many rows the files have, and what the endpoint's models say, by column.

    What would come over the network comes from the folder: a file that it does not hold is answered with 404.
    """
    import httpx
    from py_gdelt.cache import Cache
    from py_gdelt.endpoints.events import EventsEndpoint
    from py_gdelt.filters import DateRange, EventFilter
    from py_gdelt.sources.files import FileSource

    paths = {path.name: path for path in filter(is_quarter_hour, folder.glob("*.zip"))}
    unpacked: dict[str, int] = {}

    class Counting(FileSource):
        """The client's files, with their rows counted."""

        async def download_and_extract(self, url: str) -> bytes:
            text = await super().download_and_extract(url)
            unpacked[url] = text.count(b"\n")
            return text

    def answer(request: httpx.Request) -> httpx.Response:
        path = paths.get(Path(request.url.path).name)
        return httpx.Response(200, content=path.read_bytes()) if path else httpx.Response(404)

    columns: dict[str, list[Any]] = {name: [] for name in KEPT.values()}
    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client,
        Counting(client=client, cache=Cache(cache)) as files,
    ):
        for first, last in _list_ranges(paths):
            asked = EventFilter(date_range=DateRange(start=first, end=last), include_translated=False)
            async for event in EventsEndpoint(files).stream(asked, deduplicate=True):
                for column, value in zip(columns.values(), _take_values(event), strict=True):
                    column.append(value)
    return sum(unpacked.values()), columns


def _list_ranges(names: dict[str, Path]) -> list[tuple[date, date]]:
    """Return the ranges of days to ask for: the endpoint ends with the first quarter of an hour of the last day."""
    days = sorted({datetime.strptime(name[:8], "%Y%m%d").date() for name in names})
    last = days[-1] + timedelta(days=1)
    ranges, longest = [], timedelta(days=360)  # it takes a year at most
    while days[0] + longest < last:
        ranges.append((days[0], days[0] + longest))
        days = [day for day in days if day >= ranges[-1][1]]
    return [*ranges, (days[0], last)]


def _take_values(event: Any) -> tuple[Any, ...]:
    """Return what a model says of the kept columns, in their order."""
    sender, receiver = event.actor1, event.actor2
    return (
        event.global_event_id,
        event.date,
        sender.code if sender else None,
        receiver.code if receiver else None,
        event.event_code,
        event.goldstein_scale,
        event.num_mentions,
        event.num_sources,
        event.num_articles,
        event.is_root_event,
        event.date_added,
        event.source_url,
    )


def convert_with_gdeltforge(folder: Path, work: Path) -> int:
    """Convert the files to Parquet with gdeltforge's `convert` and its default settings; count rows afterwards."""
    import polars

    places = _convert(folder, work)
    return sum(int(polars.scan_parquet(place).select(polars.len()).collect().item()) for place in places)


def load_with_gdeltforge(folder: Path, work: Path) -> int:
    """Convert, then have Polars drop what came twice, keep the table and sum it: gdeltforge has no step for that."""
    import polars

    places = _convert(folder, work)
    rows = sum(int(polars.scan_parquet(place).select(polars.len()).collect().item()) for place in places)
    table = polars.concat([polars.scan_parquet(place).select(list(KEPT)).rename(KEPT) for place in places]).unique(
        "global_event_id"
    )
    table.sink_parquet(work / "events.parquet")
    sums = (polars.col("goldstein").sum(), polars.col("articles").sum())
    polars.scan_parquet(work / "events.parquet").group_by("date", "sender", "receiver").agg(*sums).collect()
    return rows


def _convert(folder: Path, work: Path) -> list[str]:
    """Convert the files of each of the two layouts; return the patterns of the Parquet files."""
    import yaml
    from gdeltforge.conversion.converter import run_converter
    from gdeltforge.utils import config

    defaults = Path(config.__file__).parents[1] / "config" / "default_settings.yaml"
    settings = yaml.safe_load(defaults.read_text("utf-8"))
    written = []
    for dataset, prefix, fitting in (("event_15min", "event_15min_", is_quarter_hour), ("event", "", is_day)):
        paths = [path for path in folder.glob("*.zip") if fitting(path)]
        if not paths:
            continue
        raw = work / dataset / "raw"
        raw.mkdir(parents=True)
        for path in paths:
            (raw / path.name).symlink_to(path.resolve())
        for name in ("downloaded", "unzipped", "parquet", "cleaned"):
            place = raw if name == "downloaded" else work / dataset / name
            settings["paths"][f"{prefix}{name}_data_directory"] = str(place)
        _, failed = run_converter(settings, dataset=f"gdelt_{dataset}", quiet=True)
        if failed:
            print(f"gdeltforge could not convert {len(failed)} files", file=sys.stderr)
        written.append(str(work / dataset / "parquet" / "**" / "*.parquet"))
    return written
