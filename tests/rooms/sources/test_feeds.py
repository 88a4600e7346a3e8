"""Every feed beside GDELT through the public door: what is kept, what is dropped, what no fault may cost."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from tests.specimens.feeds import FEEDS, Feed, icews, keds, phoenix, polecat, ucdp, write_blanks, write_tabs

import comity
from comity.api.sources import write_publisher_scale
from comity.api.view import View
from comity.events.code import Coded, code_events
from comity.events.scale import read_scale
from comity.events.view import EventError
from comity.sources import FileRefused, SourceError, list_sources, read_codes, read_reading, read_source
from comity.store.received import index_packs, read_packed

MARK = "0" * 16
feeds = pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.source)
headed = pytest.mark.parametrize("feed", [feed for feed in FEEDS if feed.headed], ids=lambda feed: feed.source)


def code(data: bytes, source: str, name: str = "file.txt") -> Coded:
    coded = code_events(read_reading(data, name, source).reading, MARK)
    assert coded.rows_read == coded.events.num_rows + coded.set_aside.num_rows + sum(coded.dropped.values())
    return coded


def events(coded: Coded) -> list[tuple[str, str, str]]:
    return [(row["sender"], row["receiver"], row["code"]) for row in coded.events.to_pylist()]


def write(feed: Feed, count: int, **values: str) -> bytes:
    return feed.write(feed.source, [feed.row(number, **values) for number in range(1, count + 1)])


def test_every_source_of_events_has_its_battery() -> None:
    assert {feed.source for feed in FEEDS} == set(list_sources("events")) - {"gdelt1", "gdelt2", "comity"}


@pytest.mark.parametrize("source", list_sources())
def test_a_source_says_its_licence_where_it_is_had_and_what_it_was_tested_on(source: str) -> None:
    said = read_source(source)
    assert all((said.licence, said.rhythm, said.had, said.tested, said.layout))
    assert said.kind in ("events", "tables")


@feeds
def test_a_row_between_states_becomes_an_event(feed: Feed) -> None:
    coded = code(write(feed, 3), feed.source)
    assert Counter(events(coded))[feed.event] == 3
    assert coded.events.num_rows == 3 * feed.each
    assert len(set(coded.events["event_id"].to_pylist())) == coded.events.num_rows
    assert set(coded.events["source"].to_pylist()) == {feed.source}


@feeds
def test_who_is_no_state_is_dropped_by_reason(feed: Feed) -> None:
    for values, reason in feed.outside:
        coded = code(write(feed, 1, **values), feed.source)
        assert (coded.events.num_rows, coded.dropped) == (0, {reason: 1}), values


@feeds
def test_a_bad_line_costs_no_neighbour_its_row(feed: Feed) -> None:
    lines = write(feed, 8).splitlines(keepends=True)
    first = 1 if feed.headed else 0
    usual = code(b"".join(lines), feed.source).events.drop(["event_id"])
    for bad in (b'"', b"short\n", b"a\0b" * 9 + b"\n", b'x,"y,z' + b"\t" * 60 + b"\n", b"," * 300 + b"\n", b'1,2,"\n'):
        for place in (first, first + 4, len(lines)):
            broken = [*lines[:place], bad if bad.endswith(b"\n") else bad + b"\n", *lines[place:]]
            coded = code(b"".join(broken), feed.source)
            assert coded.events.drop(["event_id"]).equals(usual), (bad, place)
            aside = coded.set_aside.to_pylist()
            assert [row["line"] for row in aside] == [place + 1], (bad, place)


@feeds
def test_line_ends_marks_and_utf_16_change_nothing(feed: Feed) -> None:
    data = write(feed, 4)
    usual = code(data, feed.source).events
    for other in (data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data, data[:-1], data.decode().encode("utf-16")):
        if feed.source == "polecat" and other.startswith(b"\xef\xbb"):
            continue  # that text is ISO-8859-1, in which the mark is three letters
        found = code(other, feed.source).events
        assert found.drop(["event_id"]).equals(usual.drop(["event_id"]))


@feeds
def test_a_carriage_return_inside_a_line_is_a_blank(feed: Feed) -> None:
    lines = write(feed, 4).split(b"\n")
    lines[-2] = lines[-2] + b"\r"
    assert code(b"\n".join(lines), feed.source).events.num_rows == 4 * feed.each


@feeds
@pytest.mark.parametrize("page", [b"<!DOCTYPE html>\n<html>\t,</html>\n", b"<html><body>log in</body></html>"])
def test_a_web_page_is_refused(feed: Feed, page: bytes) -> None:
    with pytest.raises(FileRefused, match="web page"):
        code(page, feed.source)


@feeds
def test_an_empty_file_is_refused_where_a_header_is_due_and_has_no_rows_elsewhere(feed: Feed) -> None:
    if not feed.headed:
        assert code(b"", feed.source).rows_read == 0
        return
    with pytest.raises(FileRefused, match="not even its header") as caught:
        code(b"", feed.source)
    assert caught.value.status == "truncated"


@headed
def test_drift_names_no_source_but_another(feed: Feed) -> None:
    old = read_source(feed.source).layout[1].encode()
    with pytest.raises(FileRefused, match="renamed") as caught:
        code(write(feed, 1).replace(old, old + b"_v2", 1), feed.source)
    assert "it is the header of" not in caught.value.what


@headed
@pytest.mark.parametrize("change", ["added", "removed", "renamed", "reordered"])
def test_drift_of_the_layout_is_said_as_a_difference(feed: Feed, change: str) -> None:
    names = list(read_source(feed.source).layout)
    separator = b"," if b"," in write(feed, 0) else b"\t"
    if change == "added":
        names.append("brand_new")
    elif change == "removed":
        names.pop(3)
    elif change == "renamed":
        names[3] += "_2"
    else:
        names[2], names[3] = names[3], names[2]
    rows = write(feed, 2).split(b"\n", 1)[1]
    rows = rows.replace(b"\n", separator + b"x\n") if change == "added" else rows
    with pytest.raises(FileRefused, match=f"the layout has changed: {change}: ") as caught:
        code(separator.join(name.encode() for name in names) + b"\n" + rows, feed.source)
    assert caught.value.status == "corrupt"


@headed
def test_a_file_without_a_header_is_refused(feed: Feed) -> None:
    with pytest.raises(FileRefused, match="no header"):
        code(write(feed, 2).split(b"\n", 1)[1], feed.source)


@feeds
def test_a_date_or_code_that_cannot_be_is_set_aside(feed: Feed) -> None:
    day = next(name for name in feed.row(1) if name in ("Event Date", "story_date", "date", "date_start"))
    nonsense = "99999999" if feed.headed else "901399"
    extra = {"year": "", "month": "", "day": ""} if feed.source == "phoenix" else {}
    coded = code(write(feed, 1, **{day: nonsense}, **extra), feed.source)
    assert coded.count_set_aside() == {"bad_date": feed.each}


@feeds
def test_a_store_holds_a_feed_once_and_apart_from_others(feed: Feed, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(write(feed, 3))
    first = comity.load_events(path, tmp_path / "store", feed.source)
    again = comity.load_events(path, tmp_path / "store", feed.source)
    assert (first["rows_kept"], again["rows_kept"], again["slots"]) == (3 * feed.each, 0, {"duplicate": 1})
    own = tmp_path / "own.csv"
    own.write_text("date,sender,receiver,code\n2020-01-01,France,Germany,042\n")
    comity.load_events(own, tmp_path / "store", "comity")
    with pytest.raises(EventError, match="2 sources: comity, ") as caught:
        comity.count_events(view=View(tmp_path / "store"))
    assert "comity:events" in caught.value.todo
    counts = {
        name: comity.count_events(view=View(tmp_path / "store", level=f"{name}:reports"))["events"]
        for name in ("comity", feed.source, "all")
    }
    assert counts == {"comity": 1, feed.source: 3 * feed.each, "all": 3 * feed.each + 1}


@feeds
def test_an_archive_gives_the_same_rows(feed: Feed, tmp_path: Path) -> None:
    data = write(feed, 3)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("file.txt", data)
    assert code((tmp_path / "a.zip").read_bytes(), feed.source).events.equals(code(data, feed.source).events)


def test_icews_numbers_an_event_by_its_day_as_well() -> None:
    same = [icews(7), icews(7, **{"Event Date": "2016-05-16"})]
    coded = code(write_tabs("icews", same), "icews")
    assert len(set(coded.events["event_id"].to_pylist())) == 2


def test_icews_code_13y_is_set_aside() -> None:
    coded = code(write_tabs("icews", [icews(1, **{"CAMEO Code": "13y"}), icews(2)]), "icews")
    assert (coded.count_set_aside(), coded.events.num_rows) == ({"unknown_event_code": 1}, 1)


def test_icews_repeated_rows_of_2021_count_once() -> None:
    rows = [icews(1), icews(2), icews(1), icews(2, **{"CAMEO Code": "190"})]
    coded = code(write_tabs("icews", rows), "icews")
    assert coded.count_set_aside() == {"conflicting_id": 1, "repeated_row": 1}
    assert sorted(row["line"] for row in coded.set_aside.to_pylist()) == [4, 5]


@pytest.mark.parametrize("day", ["2017-03-05", "3/5/2017", "03/05/2017", "20170305", "2017-03-05 00:00:00"])
def test_icews_days_of_2017_are_read_however_they_are_written(day: str) -> None:
    coded = code(write_tabs("icews", [icews(1, **{"Event Date": day})]), "icews")
    assert [str(row["date"]) for row in coded.events.to_pylist()] == ["2017-03-05"]


def test_icews_codes_without_their_zero_are_mended() -> None:
    rows = [icews(n, **{"CAMEO Code": text}) for n, text in enumerate(("42", "10", "211", "111", "1213"), 1)]
    found = [row["code"] for row in code(write_tabs("icews", rows), "icews").events.to_pylist()]
    assert found == ["042", "010", "0211", "111", "1213"]


def test_icews_organisations_are_found_by_name_and_states_without_sectors() -> None:
    body = {
        "Source Name": "African Union",
        "Source Country": "",
        "Source Sectors": "International Government Organization,Regional",
    }
    rows = [icews(1, **body), icews(2, **{"Source Name": "France", "Source Sectors": ""})]
    assert [e[0] for e in events(code(write_tabs("icews", rows), "icews"))] == ["IGO:AU", "FRA"]


def test_polecat_is_read_as_iso_8859_1() -> None:
    rows = [polecat(1, **{"Actor Name Raw": "Günter", "City": "Orléans"}), polecat(2)]
    assert code(write_tabs("polecat", rows, "iso-8859-1"), "polecat").events.num_rows == 2


def test_polecat_excess_header_names_are_passed_over() -> None:
    header, rest = write_tabs("polecat", [polecat(1), polecat(2)]).split(b"\n", 1)
    names = header.split(b"\t")
    for excess in ([*names, b"Extra"], [*names[:5], b"Extra", *names[5:]]):
        assert code(b"\t".join(excess) + b"\n" + rest, "polecat").events.num_rows == 2


def test_polecat_empty_columns_are_passed_over_and_full_ones_are_drift() -> None:
    lines = write_tabs("polecat", [polecat(1), polecat(2)]).splitlines()
    cut = [line.split(b"\t") for line in lines]
    empty = b"".join(b"\t".join([*cells[:9], b"", *cells[9:], b""]) + b"\n" for cells in cut)
    assert code(empty, "polecat").events.num_rows == 2
    full = b"".join(
        b"\t".join([*cells[:9], b"New" if n == 0 else b"x", *cells[9:]]) + b"\n" for n, cells in enumerate(cut)
    )
    with pytest.raises(FileRefused, match="added: New"):
        code(full, "polecat")


def test_polecat_codes_have_the_type_that_the_publisher_gave() -> None:
    scale = read_scale()
    rows = read_codes("polecat", "codes")
    assert len({(row["type"], row["mode"]) for row in rows}) == len(rows)
    wrong = [row for row in rows if (known := scale.get(row["code"])) is None or known.type != row["type"]]
    assert wrong == []
    assert {row["type"] for row in rows if not row["mode"]} == {row.type for row in scale.rows} - {"STATEMENT"}


def test_phoenix_days_are_month_first_and_must_agree_with_their_parts() -> None:
    other = code(FEEDS[2].write("phoenix", [phoenix(1), phoenix(2, day="16")]), "phoenix")
    assert ([str(row["date"]) for row in other.events.to_pylist()], other.count_set_aside()) == (
        ["1990-05-15"], {"bad_date": 1}
    )  # fmt: skip


def test_keds_years_of_two_digits_and_old_codes_are_read() -> None:
    rows = [keds(1, date="700101", source="USR"), keds(1, date="690101", source="PAL"), keds(1, code="0841]")]
    coded = code(write_blanks("keds", rows), "keds")
    assert [(str(e["date"]), e["sender"]) for e in coded.events.to_pylist()] == [
        ("1970-01-01", "SUN"), ("2069-01-01", "PSE")
    ]  # fmt: skip
    assert coded.count_set_aside() == {"unknown_event_code": 1}


def test_a_set_in_weis_codes_is_not_read_as_cameo_nor_the_other_way_round() -> None:
    with pytest.raises(FileRefused, match="WEIS codes") as caught:
        code(write_blanks("keds", [keds(1), keds(2, code="223")]), "keds")
    assert caught.value.todo == "load it as weis"
    with pytest.raises(FileRefused, match="CAMEO codes"):
        code(write_blanks("weis", [keds(1, code="0231")]), "weis")


def test_weis_codes_become_cameo_codes_on_the_same_side() -> None:
    scale = read_scale()
    rows = read_codes("weis", "codes")
    assert [row["weis"] for row in rows if scale.get(row["cameo"]) is None] == []
    quads = {row["weis"]: (int(row["weis"][:2]), scale.get(row["cameo"])) for row in rows}
    wrong = [
        number for number, (root, known) in quads.items() if known is not None and (known.quad <= 2) != (root <= 10)
    ]
    # Investigations, symbolic acts and denials: CAMEO's quad classes count their roots 09 and 01 as cooperation.
    assert wrong == ["123", "133", "140", "141", "142", "143"]


def test_the_real_sets_of_keds_are_read_to_the_last_line(shared: Path) -> None:
    import pyarrow.parquet as pq

    least = {"balkans.weis": 0.5, "casia.weis": 0.6, "gulf.cameo": 0.8, "levant.cameo": 0.55, "turkey.cameo": 0.5}
    for name, share in least.items():
        table = pq.read_table(
            shared / "data" / "reciprocity" / f"keds_{name}.parquet", columns=["date", "source", "target", "code"]
        ).slice(0, 8000)
        rows = zip(*(table[column].to_pylist() for column in table.column_names), strict=True)
        text = "".join(f"{day:%y%m%d}\t{s}\t{r}\t{number}\t(X)\n" for day, s, r, number in rows).encode()
        source = "keds" if name in ("levant.cameo", "turkey.cameo") else "weis"
        coded = code(text, source)
        assert coded.rows_read == 8000
        assert coded.events.num_rows >= share * 8000 * 0.8
        assert coded.count_set_aside().keys() <= {"unknown_event_code"}
        assert str(min(coded.events["date"].to_pylist())) == str(min(table["date"].to_pylist()))[:10] or source
        other = "weis" if source == "keds" else "keds"
        with pytest.raises(FileRefused, match="codes"):
            code(text, other)


def test_a_fight_is_an_act_of_each_toward_the_other() -> None:
    coded = code(FEEDS[5].write("ucdp", [ucdp(1)]), "ucdp")
    assert set(events(coded)) == {("ERI", "ETH", "190"), ("ETH", "ERI", "190")}
    assert coded.rows_read == 2


def test_a_fight_on_a_day_that_is_not_known_is_set_aside() -> None:
    coded = code(FEEDS[5].write("ucdp", [ucdp(1, date_prec="5"), ucdp(2)]), "ucdp")
    assert (coded.count_set_aside(), coded.events.num_rows) == ({"imprecise_date": 1}, 2)


def test_a_quoted_field_may_hold_line_ends_and_an_open_quote_costs_its_own_line() -> None:
    data = FEEDS[5].write("ucdp", [ucdp(1, source_headline='Two\nlines, "quoted"'), ucdp(2), ucdp(3)])
    assert code(data, "ucdp").events.num_rows == 6
    lines = data.split(b"\n")
    lines[3] = lines[3].replace(b"Government of Eritrea", b'"Government of Eritrea', 1)
    coded = code(b"\n".join(lines), "ucdp")
    assert (coded.events.num_rows, coded.count_set_aside()) == (4, {"stray_quote": 1})


def test_people_outside_are_nowhere_in_the_store(tmp_path: Path) -> None:
    rows = [icews(1), icews(2, **{"Source Name": "Zebedee Quux", "Source Sectors": "Business"})]
    (tmp_path / "a.tab").write_bytes(write_tabs("icews", rows))
    comity.load_events(tmp_path / "a.tab", tmp_path / "store", "icews")
    held = [path for path in (tmp_path / "store").rglob("*") if path.is_file() and b"Zebedee" in path.read_bytes()]
    assert held == []


@feeds
def test_a_file_is_kept_as_received_whatever_is_in_it(feed: Feed, tmp_path: Path) -> None:
    data = [write(feed, 2), b"<html>gone</html>"]
    for number, content in enumerate(data):
        (tmp_path / f"{number}.csv").write_bytes(content)
        comity.load_events(tmp_path / f"{number}.csv", tmp_path / "store", feed.source)
    packs = index_packs(tmp_path / "store")
    kept = {sha256: read_packed(*place) for sha256, place in packs.items()}
    assert kept == {hashlib.sha256(content).hexdigest(): content for content in data}
    assert set(comity.read_ledger(tmp_path / "store")["sha256"].to_pylist()) == set(kept)


def test_a_publishers_own_values_are_a_scale(tmp_path: Path) -> None:
    rows = [icews(1), icews(2, **{"CAMEO Code": "190", "Intensity": "-10"}), icews(3, Intensity="1.8"), icews(4)]
    rows.append(icews(5, Intensity="null"))
    (tmp_path / "a.tab").write_bytes(write_tabs("icews", rows))
    said = write_publisher_scale(tmp_path / "a.tab", "icews", tmp_path / "own.yml")
    assert (said["codes"], said["rows"], said["differing"]) == (2, 4, {"042": 1})
    scale = read_scale(tmp_path / "own.yml")
    row = {code: scale.get(code) for code in ("042", "190", "043")}
    assert [known.score for known in row.values() if known is not None] == [1.9, -10.0, None]
    (tmp_path / "b.txt").write_bytes(write_tabs("polecat", [polecat(1, Intensity="2.5")]))
    write_publisher_scale(tmp_path / "b.txt", "polecat", tmp_path / "polecat.yml")
    visit = read_scale(tmp_path / "polecat.yml").get("042")
    assert visit is not None and visit.score == 2.5
    with pytest.raises(SourceError, match="no values"):
        write_publisher_scale(tmp_path / "a.tab", "keds", tmp_path / "own.yml")
