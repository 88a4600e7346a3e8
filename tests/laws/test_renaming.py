"""Rename the states and the results only rename: no state has a code path of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.specimens.gdelt_rows import PLACES

from comity.api import count_events, load_events, read_events
from comity.api.view import View
from comity.brief.partners import describe_partners
from comity.events.coverage import list_days
from comity.lexicon import list_cameo_states
from comity.relations.series import lay_calendar, read_series
from comity.relations.step import score_relations

FILES = 24
COUNTRY_COLUMNS = (PLACES["country1"], PLACES["country2"])


@cache
def _list_codes() -> dict[str, str]:
    """Return one CAMEO code for each state: code to actor id."""
    codes: dict[str, str] = {}
    for code, actor in sorted(list_cameo_states().items()):
        if actor not in codes.values():
            codes[code] = actor
    return codes


def write_renamed(source: Path, target: Path, names: Mapping[str, str]) -> None:
    """Write a real file anew with the country codes of its actors exchanged."""
    with zipfile.ZipFile(source) as archive:
        (member,) = archive.infolist()
        text = archive.read(member)
    table = {code.encode(): other.encode() for code, other in names.items()}
    lines = []
    for line in text.split(b"\n"):
        fields = line.split(b"\t")
        for place in COUNTRY_COLUMNS if len(fields) == 61 else ():
            fields[place] = table.get(fields[place], fields[place])
        lines.append(b"\t".join(fields))
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(member.filename, member.date_time), b"\n".join(lines))
    target.write_bytes(sink.getvalue())


def work_out(folder: Path, focus: str) -> dict[str, Any]:
    """Give all events, all series, the index of the busiest pairs, and one state's ranked partners."""
    with View(store=folder).open() as (con, _, scale):
        calendar = lay_calendar(list_days(con), "day")
        series = read_series(con, calendar)
        busy = [pair for pair, events in zip(series.pairs, series.events.sum(1), strict=True) if events >= 10]
        pairs = sorted({pair for a, b in busy for pair in ((a, b), (b, a))})
        return {
            "events": read_events(view=View(store=folder)).drop_columns(["url"]).to_pylist(),
            "series": {p: (series.count[n].tolist(), series.total[n].tolist()) for n, p in enumerate(series.pairs)},
            "index": score_relations(con, pairs, "day", scale),
            "partners": describe_partners(con, focus, calendar, scale),
            "counts": count_events(view=View(store=folder)),
        }


def rename(value: Any, names: Mapping[str, str]) -> Any:
    """Rename actor ids wherever they stand in a result."""
    if isinstance(value, dict):
        return {rename(key, names): rename(item, names) for key, item in value.items() if key not in ("name", "status")}
    if isinstance(value, list | tuple):
        return type(value)(rename(item, names) for item in value)
    return names.get(value, value) if isinstance(value, str) else value


def _sort(result: dict[str, Any]) -> dict[str, Any]:
    """Put lists that are ordered by name into an order of their own; ranks of equals may change places."""
    key = ("date", "period", "sender", "receiver", "code")
    rows = {n: sorted(result[n], key=lambda r: [str(r.get(k)) for k in key]) for n in ("events", "index")}
    partners = {row["id"]: {k: v for k, v in row.items() if "rank" not in k} for row in result["partners"]["partners"]}
    ranks = [row["score"] for row in result["partners"]["partners"]]
    return {**rows, "partners": partners, "ranks": ranks, "series": result["series"], "counts": result["counts"]}


@settings(max_examples=3, phases=[Phase.generate])  # a permutation cannot be made simpler
@given(data=st.data())
def test_renaming_states_only_renames_results(data: st.DataObject, shared: Path, tmp_path_factory: Any):
    codes = _list_codes()
    order = data.draw(st.permutations(sorted(codes)), label="permutation of the state codes")
    names = dict(zip(sorted(codes), order, strict=True))
    ids = {codes[code]: codes[other] for code, other in names.items()}
    sources = sorted((shared / "data" / "gdelt2").glob("*.export.CSV.zip"))[100 : 100 + FILES]
    folder = tmp_path_factory.mktemp("renamed")
    (folder / "files").mkdir()
    for source in sources:
        write_renamed(source, folder / "files" / source.name, names)
    load_events(sources, folder / "before", "gdelt2")
    account = load_events(folder / "files", folder / "after", "gdelt2")
    assert account["rows_kept"] > 1000
    before = _sort(rename(work_out(folder / "before", "USA"), ids))
    after = _sort(rename(work_out(folder / "after", ids["USA"]), {}))
    differing = [part for part in before if before[part] != after[part]]
    assert differing == []
