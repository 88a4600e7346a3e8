"""Alerts of pairs: thaw and rupture alike, nothing seen before its time, missing days not taken for calm."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.specimens.publisher import pack, write_row
from tests.specimens.stream import BEGIN, PAIRS, make_files, write_files

from comity.api import find_alerts, load_events, write_alerts
from comity.api.view import WrongUse
from comity.events.scale import read_scale
from comity.events.view import connect_events
from comity.relations.published import read_gesture_model
from comity.store import open_store
from comity.watch import Rule, WatchList
from comity.watch.calibration import (
    blend_calm,
    choose_thresholds,
    learn_rates,
    list_spans,
    pick_quiet,
    resample_rate,
)
from comity.watch.constants import YEAR, read_alert_rule, read_calm
from comity.watch.decision import UNKNOWN, Bench, control_discoveries, decide_alerts, judge_decision
from comity.watch.detector import detect_alerts, find_start, follow_pairs, grade_gesture, list_alerts, write_alert
from comity.watch.ledger import list_touched
from comity.watch.memory import keep_days, recall_days
from comity.watch.quiet import find_quiet, measure_lasting
from comity.watch.record import bound_share, count_fates
from comity.watch.signal import DAILY, Signal, Start, begin, follow_days
from comity.watch.wording import write_message

RULE, LEAST = read_alert_rule(), 1.0
BENCH = Bench(RULE, read_calm(), LEAST, date(2020, 1, 1))
DAYS, BREAK = 1000, 700
CALM = Start(2.0, 16.0)


@cache
def draw_days(seed: int = 0, pairs: int = 3, moved: float = -6.0) -> tuple[np.ndarray, np.ndarray]:
    """Draw pairs whose first breaks on a day; the others stay."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(1.2, (pairs, DAYS)).astype(float)
    level = np.full((pairs, DAYS), 2.0)
    level[0, BREAK:] += moved
    total = np.where(count > 0, level * count + rng.normal(0, 3, (pairs, DAYS)) * np.sqrt(count), 0.0)
    return count, np.round(total, 6)


def follow(count: np.ndarray, total: np.ndarray, start: Start = CALM, covered: np.ndarray | None = None) -> Signal:
    loaded = np.ones(count.shape[1], bool) if covered is None else covered
    return follow_days(count, total, loaded, RULE, begin(len(count), start, RULE))[0]


@cache
def drawn(seed: int = 0) -> Signal:
    return follow(*draw_days(seed))


def say(found: list, *, turn: bool = False, places: tuple[int, ...] = (0, 1, 2)) -> list:
    sign = -1 if turn else 1
    return sorted(
        (places[one.pair], one.day, one.upward != turn, one.threshold, one.move, round(sign * one.run.level, 9),
         round(sign * (one.run.high if one.upward else one.run.low), 9))
        for one in found
    )  # fmt: skip


def test_a_break_is_told_within_weeks_and_on_the_right_side():
    found = [one for one in decide_alerts(drawn(), BENCH, 1.0) if one.pair == 0 and BREAK <= one.day < BREAK + 60]
    first = found[0]
    assert first.day < BREAK + 21
    assert not first.upward
    assert first.discovery
    assert first.run
    assert first.run.level < first.run.low < first.run.normal < first.run.high
    assert BREAK <= first.run.first <= first.day
    assert judge_decision(first, measure_lasting(drawn(), RULE), LEAST)


def test_days_in_turn_give_what_all_days_at_once_give():
    count, total = draw_days()
    covered = np.arange(DAYS) % 50 != 7
    count, total = count * covered, total * covered
    whole = follow(count, total, covered=covered)
    stand, parts = begin(3, CALM, RULE), []
    for first, last in ((0, 300), (300, 301), (301, DAYS)):
        span = slice(first, last)
        part, stand = follow_days(count[:, span], total[:, span], covered[span], RULE, stand)
        parts.append(part)
    joined = parts[0].join(parts[1]).join(parts[2])
    assert all(np.array_equal(getattr(joined, name), getattr(whole, name)) for name in (*DAILY, "covered", "alarms"))


@pytest.mark.parametrize("until", [100, BREAK + 10, BREAK + 150])
def test_alerts_of_a_day_do_not_change_when_later_days_come(until: int):
    count, total = draw_days()
    early = decide_alerts(follow(count[:, :until], total[:, :until]), BENCH, 4.0)
    whole = [one for one in decide_alerts(drawn(), BENCH, 4.0) if one.day < until]
    assert [repr(one) for one in early] == [repr(one) for one in whole]


def test_mirrored_scores_give_mirrored_alerts():
    count, total = draw_days()
    mirrored = follow(count, -total, Start(-CALM.mean, CALM.variance))
    there, back = decide_alerts(drawn(), BENCH, 1.0), decide_alerts(mirrored, BENCH, 1.0)
    assert there
    assert say(there) == say(back, turn=True)


def test_pairs_in_another_order_give_the_same_alerts():
    count, total = draw_days()
    order = (2, 0, 1)
    there = decide_alerts(follow(count[list(order)], total[list(order)]), BENCH, 1.0)
    assert say(there, places=order) == say(decide_alerts(drawn(), BENCH, 1.0))


def test_days_that_were_not_loaded_change_no_sum_and_are_never_quiet():
    count, total = draw_days()
    covered = (np.arange(DAYS) < BREAK + 5) | (np.arange(DAYS) >= BREAK + 25)
    gap = slice(BREAK + 5, BREAK + 25)
    count, total = count * covered, total * covered
    begun = begin(3, CALM, RULE)
    before = follow_days(count[:, : gap.start], total[:, : gap.start], covered[: gap.start], RULE, begun)[1]
    after = follow_days(count[:, gap], total[:, gap], covered[gap], RULE, before)[1]
    assert np.array_equal(before.sums, after.sums)
    loaded = follow_days(count[:, gap], total[:, gap], np.ones(20, bool), RULE, before)[1]
    assert loaded.sums.sum() < before.sums.sum(), "a loaded day without events does let sums fade"
    assert not find_quiet(follow(count, total, covered=covered), RULE, LEAST)[:, gap].any()


def test_too_few_events_say_nothing():
    count = np.zeros((1, 300))
    count[0, ::40] = 1.0
    signal = follow(count, -9.0 * count)
    assert signal.alarms.shape == (4, 0)
    assert decide_alerts(signal, BENCH, 4.0) == []
    assert not find_quiet(signal, RULE, LEAST).any()


def test_a_quarter_away_from_normal_is_not_quiet_on_either_side_of_its_begin():
    quiet = find_quiet(drawn(), RULE, LEAST)
    assert quiet[1, 200:600].mean() > 0.9
    assert not quiet[0, BREAK - 60 : BREAK + 90].any()
    assert not quiet[:, DAYS - RULE.lag :].any(), "the quarter after is not known yet"


def test_thresholds_are_taken_anew_each_day_at_first_and_then_each_quarter():
    spans = list_spans(400, date(2020, 1, 1))
    assert spans[:2] == [(0, 1), (1, 2)]
    assert [first for first, _ in spans[120:]] == [182, 274, 366]
    assert spans[-1][1] == 400


def test_without_a_past_the_simulation_decides():
    count, total = (array[:, :60] for array in draw_days())
    signal = follow(count, total)
    quiet = pick_quiet(signal, RULE, LEAST)
    last = learn_rates(signal, quiet, RULE, BENCH.calm, BENCH.start)[-1]
    lately = (np.array((count[:, :59] > 0).sum(1)) + 1) / (59 + YEAR / 12) * YEAR
    assert last.years.tolist() == [0.0, 0.0, 0.0]
    assert last.rates == pytest.approx(np.maximum(blend_calm(lately, BENCH.calm), 1e-9) * lately[:, None], rel=1e-6)


def test_the_stated_rate_comes_true_on_quiet_pairs():
    rng = np.random.default_rng(3)
    count = rng.poisson(0.6, (30, 3000)).astype(float)
    total = np.where(count > 0, 1.7 * count + rng.normal(0, 4, count.shape) * np.sqrt(count), 0.0)
    signal = follow(count, total, Start(1.7, 16.0))
    quiet = pick_quiet(signal, RULE, LEAST)
    pasts = learn_rates(signal, quiet, RULE, BENCH.calm, BENCH.start)
    for rate in (1.0, 4.0):
        chosen = choose_thresholds(pasts, quiet, rate, RULE)
        came = years = 0.0
        for past, place in zip(pasts, chosen, strict=True):
            if past.first > 365:
                came += quiet.count(past.first, past.end, len(RULE.grid))[np.arange(30), place].sum()
                years += quiet.days[:, past.first : past.end].sum() / YEAR
        assert 0.8 * rate < came / years < 1.2 * rate


def test_thresholds_follow_the_false_alarms_that_came():
    signal = drawn()
    quiet = pick_quiet(signal, RULE, LEAST)
    pasts = learn_rates(signal, quiet, RULE, BENCH.calm, BENCH.start)
    many = replace(quiet, alarms=np.repeat(quiet.alarms, 40, axis=1))
    usual, raised = (choose_thresholds(pasts, each, 4.0, RULE)[-1] for each in (quiet, many))
    assert (raised < usual).all(), (
        "more false alarms than stated ask for higher thresholds, earlier in the falling grid"
    )


def test_resampled_blocks_hold_the_rate_that_was():
    rng = np.random.default_rng(1)
    raised = (rng.random(20 * 365) < 2 / YEAR).astype(float)
    low, high = resample_rate(raised, RULE)
    assert low < raised.sum() / 20 < high
    assert low > 1.0
    assert high < 3.5
    assert np.isnan(resample_rate(np.zeros(0), RULE)).all()


def test_of_many_pairs_those_alerts_stand_whose_day_is_rare_enough():
    one = decide_alerts(drawn(), BENCH, 4.0)[0]
    same = [replace(one, pair=n, day=5, chance=chance) for n, chance in enumerate((0.001, 0.004, 0.03, 0.2))]
    assert [each.discovery for each in control_discoveries(same, 20, 0.2)] == [True, True, True, False]
    assert [each.discovery for each in control_discoveries(same, 1000, 0.2)] == [False] * 4


def test_probabilities_follow_how_alerts_fared_and_count_only_what_was_known():
    found = decide_alerts(drawn(1), BENCH, 4.0)
    lasting = measure_lasting(drawn(1), RULE)
    late = found[-1]
    like = [one for one in found if one.move == late.move and one.day + RULE.lag < late.day]
    held = sum(bool(judge_decision(one, lasting, LEAST)) for one in like)
    assert (late.alerts, late.borne_out) == (len(like), held)
    odds = float(BENCH.calm.odds[late.move])
    assert late.probability == pytest.approx((RULE.belief * odds + held) / (RULE.belief + len(like)))
    assert found[0].alerts == 0
    assert found[0].first is None


def test_the_record_counts_each_alert_whose_quarter_has_passed():
    found = decide_alerts(drawn(1), BENCH, 4.0)
    bands = count_fates(found, drawn(1), BENCH)
    assert sum(band["alerts"] for band in bands) == sum(one.day < DAYS - RULE.lag for one in found)
    assert all(band["low"] <= band["stated"] <= band["high"] for band in bands)
    assert all(band["share_low"] <= band["borne_out"] <= band["share_high"] for band in bands)
    assert bound_share(0, 4)[0] == 0.0
    assert bound_share(4, 4)[1] == pytest.approx(1.0)


def test_levels_of_gestures_are_those_of_the_nomenclature():
    assert [grade_gesture(score) for score in (0.0, 2.0, -2.1, 5.0, -5.1, -10.0)] == [1, 1, 2, 2, 3, 3]


def test_the_start_is_that_of_the_published_model():
    start = find_start(read_gesture_model("goldstein"))
    assert start.mean == pytest.approx(1.70035)
    assert 10 < start.variance < 30


@cache
def find_sample() -> dict:
    return find_alerts(rate=4.0, every=True)


def test_the_sample_has_about_as_many_alerts_as_stated_and_each_rests_on_its_events():
    found = find_sample()
    heard = found["loaded"] - RULE.enough
    assert 0.5 < len(found["alerts"]) / (found["pairs"] * heard / YEAR * 4.0) < 1.5
    for row in found["alerts"]:
        sign = 1 if row["direction"] == "thaw" else -1
        assert row["events"]
        for event in row["events"]:
            assert {event["sender"], event["receiver"]} == set(row["pair"])
            assert sign * (event["score"] - row["normal"]["level"]) > -0.5, "normal of the run, not of the last day"
            assert event["date"] <= row["day"]


def test_rows_and_page_show_alerts_outside_their_normal_range():
    found = find_sample()
    for row in found["alerts"]:
        floor, ceiling = row["normal"]["floor"], row["normal"]["ceiling"]
        assert row["run"]["level"] >= ceiling if row["direction"] == "thaw" else row["run"]["level"] <= floor
        assert row["run"]["since"] <= row["day"]
        assert row["run"]["sum"] >= row["threshold"]
    assert "Ruptures here: 130; thaws: 41." in write_alerts(found, "md")


def test_a_pair_asked_for_either_way_round_gives_the_same():
    first, second = find_sample()["alerts"][0]["pair"]
    there, back = (find_alerts(pair, rate=4.0, every=True) for pair in ((first, second), (second, first)))
    assert json.dumps(there) == json.dumps(back)
    assert there["pairs"] == 1
    standing = find_alerts((first, second), rate=4.0)["alerts"]
    assert standing == [row for row in there["alerts"] if row["discovery"]]


def test_a_rate_that_nobody_states_is_refused():
    with pytest.raises(WrongUse, match=r"there is no rate of 2"):
        find_alerts(rate=2.0)
    with pytest.raises(WrongUse, match=r"there is no page 'pdf'"):
        write_alerts(find_sample(), "pdf")


def test_an_alert_becomes_a_message_with_its_numbers():
    row = find_sample()["alerts"][0]
    alert = write_alert(row)
    text = write_message(alert, datetime.combine(date(2025, 6, 7), time(), UTC)).body
    assert alert.key.endswith(f"{row['day']}@4")
    assert alert.pair == tuple(row["pair"])
    assert f"{row['probability']:.0%}" in text
    assert f"{row['run']['level']:+.2f} from {row['run']['since']}" in text
    assert f"between {row['normal']['floor']:+.2f} and {row['normal']['ceiling']:+.2f} there would be no alert" in text
    data = write_message(alert, datetime.combine(date(2025, 6, 7), time(), UTC)).data
    assert (data["since"], data["level"]) == (row["run"]["since"], row["run"]["level"])
    assert not data["normal"]["floor"] < data["level"] < data["normal"]["ceiling"]
    assert len(data["evidence"]) == len(row["events"]) > 0
    for event, told in zip(row["events"], data["evidence"], strict=True):
        assert told == event
        assert f"{event['label']} ({event['code']}), score {event['score']:+.1f}" in text
        assert event["link"] in text
        assert str(event["ids"][0]) in text
    assert "4 false alarms per pair and year are expected" in text
    rare = write_message(replace(alert, reached=1.3), datetime.combine(date(2025, 6, 7), time(), UTC)).body
    assert "1.3 false alarms per pair and year are expected" in rare


@pytest.mark.parametrize("form", ["html", "md"])
def test_the_page_shows_every_alert_with_its_events(form: str):
    found = find_sample()
    page = write_alerts(found, form)
    assert page == write_alerts(found, form)
    for row in found["alerts"]:
        assert all(found["names"][actor] in page for actor in row["pair"])
    assert "Rarity" in page
    assert "simulation alone" in page, "23 days are too short for a record"


def test_a_record_is_drawn_with_its_numbers():
    band = {"low": 0.2, "high": 0.3, "alerts": 41, "stated": 0.25, "borne_out": 0.22, "share_low": 0.13,
            "share_high": 0.34}  # fmt: skip
    page = write_alerts(find_sample() | {"record": [band]})
    assert "Reliability of alerts" in page
    assert "41" in page


def test_a_round_with_a_memory_decides_as_one_that_reads_everything(tmp_path: Path):
    every = make_files(20 * 96, rows=6)
    files = {name: every[name] for name in list(every)[::96]}
    names = list(files)
    watched = WatchList("", {"all": Rule("all", "all", frozenset(PAIRS), rate=4.0)})
    memory, told = tmp_path / "alerts.sqlite", []
    for part in (names[:15], names[16:17], names[15:16], names[17:]):
        load_events(write_files(tmp_path / "files", {name: files[name] for name in part}), tmp_path / "store")
        touched = frozenset({date(int(name[:4]), int(name[4:6]), int(name[6:8])) for name in part})
        now = detect_alerts(tmp_path / "store", watched, touched, memory=memory)
        assert now == detect_alerts(tmp_path / "store", watched, touched)
        told += now
    whole = follow_store(tmp_path / "store", memory, frozenset(PAIRS))
    assert whole[0].alarms.shape[1] > 0
    assert all(np.array_equal(getattr(whole[0], name), getattr(whole[1], name)) for name in (*DAILY, "alarms"))
    memory.write_bytes(b"damaged")
    assert now == detect_alerts(tmp_path / "store", watched, touched, memory=memory)


def test_what_does_not_stand_is_decided_alike_whether_or_not_it_is_looked_into():
    bench = replace(BENCH, rule=replace(BENCH.rule, discovery=0.015))
    whole, brief = decide_alerts(drawn(), bench, 4.0), decide_alerts(drawn(), bench, 4.0, every=False)
    stands = [one.discovery for one in whole]
    assert True in stands
    assert False in stands
    plain = [one if one.discovery else replace(one, run=None, realised=UNKNOWN) for one in whole]
    assert repr(brief) == repr(plain)
    assert repr(brief) != repr(whole)


CHANGES = {
    "a blob is damaged": "update days set daily = substr(daily, 1, 20) || zeroblob(length(daily) - 20)",
    "it is of another form": "update note set of_what = substr(of_what, 3)",
    "it is of something else": "update note set of_what = 'other'",
    "no stand is kept": "update days set stand = null",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_memory_that_cannot_be_used_is_begun_anew(change: str, tmp_path: Path):
    every = make_files(8 * 96, rows=6)
    load_events(write_files(tmp_path / "files", {name: every[name] for name in [*every][::96]}), tmp_path / "store")
    watched = WatchList("", {"all": Rule("all", "all", frozenset(PAIRS), rate=4.0)})
    memory, last = tmp_path / "alerts.sqlite", frozenset({(BEGIN + timedelta(days=7)).date()})
    whole = detect_alerts(tmp_path / "store", watched, last, memory=memory)
    with closing(sqlite3.connect(memory)) as base, base:
        kept = base.execute("select * from days order by day").fetchall()
        base.execute(change)
    assert detect_alerts(tmp_path / "store", watched, last, memory=memory) == whole
    with closing(sqlite3.connect(memory)) as base:
        assert base.execute("select * from days order by day").fetchall() == kept
        assert base.execute("pragma integrity_check").fetchone() == ("ok",)


def test_the_memory_of_very_many_pairs_holds_those_that_act(tmp_path: Path):
    pairs, days, rule = 5_000, 50, read_alert_rule()
    count = np.zeros((pairs, days))
    count[:40] = np.random.default_rng(3).poisson(2.0, (40, days))
    stand, stands, parts = begin(pairs, Start(0.5, 16.0), rule), [], []
    for day in range(days):
        part, stand = follow_days(count[:, [day]], -3 * count[:, [day]], np.ones(1, bool), rule, stand)
        parts, stands = [*parts, part], [*stands, stand]
    signal = parts[0]
    for part in parts[1:]:
        signal = signal.join(part)
    keep_days(tmp_path / "memory", "these", 1, signal, stands)
    assert (tmp_path / "memory").stat().st_size < 0.02 * days * sum(a.nbytes for a in (stand.sums, stand.normal))
    known = recall_days(tmp_path / "memory", "these", days, pairs)
    assert known is not None
    assert known.last == days - 1
    assert all(np.array_equal(getattr(known.stand, n), getattr(stands[-2], n)) for n in ("normal", "events", "sums"))
    assert all(np.array_equal(getattr(known.signal, name), getattr(signal, name)[:, :-1]) for name in DAILY)


def test_a_round_reads_no_more_than_is_new_and_decides_as_one_that_groups_every_event(tmp_path: Path):
    every = make_files(45 * 96, rows=6)
    names = list(every)[::96]
    for part in (names[:20], names[20:40], names[40:44], names[44:]):
        load_events(write_files(tmp_path / "files", {name: every[name] for name in part}), tmp_path / "store")
    pairs = sorted({(min(pair), max(pair)) for pair in PAIRS})
    watched = WatchList("", {"all": Rule("all", "all", frozenset(pairs), rate=4.0)})
    last = date(int(names[-1][:4]), int(names[-1][4:6]), int(names[-1][6:8]))
    scale, con = read_scale("goldstein"), open_store(tmp_path / "store").take_snapshot(None).connect()
    connect_events(con, scale, "gdelt2:events")
    followed = follow_pairs(con, pairs, scale)
    for touched in (last - timedelta(days=40), last - timedelta(days=3), last):
        whole = [write_alert(row) for row in list_alerts(con, followed, 4.0, touched).alerts]
        for _ in range(2):
            kept = {"memory": tmp_path / "alerts.sqlite"}
            assert detect_alerts(tmp_path / "store", watched, frozenset({touched}), **kept) == whole
            news = [alert for alert in whole if alert.day >= last]
            assert detect_alerts(tmp_path / "store", watched, frozenset({touched}), last, **kept) == news
        assert detect_alerts(tmp_path / "store", watched, frozenset({touched})) == whole != []
    con.close()


def follow_store(folder: Path, memory: Path, pairs: frozenset) -> list[Signal]:
    """Follow pairs of a store, from what is remembered and from the beginning."""
    scale, con = read_scale("goldstein"), open_store(folder).take_snapshot(None).connect()
    connect_events(con, scale, "gdelt2:events")
    asked = sorted({(min(pair), max(pair)) for pair in pairs})
    found = [follow_pairs(con, asked, scale, memory, date(2025, 6, 3)).signal, follow_pairs(con, asked, scale).signal]
    con.close()
    return found


def test_rules_without_pairs_cost_nothing(tmp_path: Path):
    assert detect_alerts(tmp_path / "none", WatchList(), frozenset({date(2025, 1, 1)})) == []


def test_acts_that_are_reported_a_week_late_are_known_to_the_rounds_that_follow(tmp_path: Path):
    def make(number: int, *told: tuple[int, str, str]) -> dict[str, bytes]:
        slot = BEGIN + timedelta(days=number)
        name, added = f"{slot:%Y%m%d%H%M%S}.export.CSV.zip", f"{slot:%Y%m%d%H%M%S}"
        days = [f"{slot - timedelta(days=late):%Y%m%d}" for late, _, _ in told]
        rows = [write_row(event_id=100 * number + n, date=day, code="112", added=added, actor1=first, actor2=second)
                for n, (day, (_, first, second)) in enumerate(zip(days, told, strict=True))]  # fmt: skip
        return {name: pack(name, rows)}

    def load(number: int, *told: tuple[int, str, str]) -> tuple[list[int], int]:
        load_events(write_files(tmp_path / str(number), make(number, *told)), tmp_path / "store")
        days, version = list_touched(tmp_path / "store", mark, pairs)
        detect_alerts(tmp_path / "store", watched, days, memory=tmp_path / "alerts.sqlite")
        return sorted((day - BEGIN.date()).days for day in days), version

    pairs, mark = [("DEU", "POL")], -1
    watched = WatchList("", {"all": Rule("all", "all", frozenset(pairs), rate=4.0)})
    for number in range(12):
        touched, mark = load(number, (0, "DEU", "POL"))
        assert touched == [number]
    touched, mark = load(12, (0, "DEU", "POL"), (7, "POL", "DEU"), (9, "BRA", "IND"))
    assert touched == [5, 12]
    touched, mark = load(13, (0, "DEU", "POL"), (7, "BRA", "IND"))
    assert touched == [13]
    touched, mark = load(14, (1, "DEU", "POL"), (1, "BRA", "IND"))
    assert touched == [13]
    con = open_store(tmp_path / "store").take_snapshot().connect()
    connect_events(con, read_scale("goldstein"), "gdelt2:events")
    later = BEGIN.date() + timedelta(days=99)
    whole = follow_pairs(con, pairs, read_scale("goldstein")).signal
    known = follow_pairs(con, pairs, read_scale("goldstein"), tmp_path / "alerts.sqlite", later).signal
    con.close()
    assert whole.count.sum() == 15
    assert np.array_equal(whole.count, known.count)
