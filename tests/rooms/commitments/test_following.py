"""A commitment's state on a day, what it waits for, and who owes the next step."""

from dataclasses import replace
from datetime import date, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.specimens.promises import (
    TODAY,
    make_assessment,
    make_commitment,
    make_evidence,
    make_register,
    make_standing,
)

from comity.commitments.blocking import find_cycles, find_roots
from comity.commitments.following import STATES, count_states, follow_commitments
from comity.commitments.reminders import list_due, write_due_calendar, write_reminders

EXPECTED = {
    "a-done": "fulfilled",
    "b-read": "fulfilled",
    "c-broken": "broken",
    "d-gone": "withdrawn",
    "e-late": "overdue",
    "f-waits": "blocked",
    "g-soon": "due soon",
    "h-begun": "in progress",
    "i-silent": "no evidence",
}


def follow(standing, on=TODAY):
    return {row.commitment.id: row for row in follow_commitments(standing, on)}


def test_every_state_is_told_from_what_the_register_holds():
    found = follow(make_register())
    assert {name: row.state for name, row in found.items()} == EXPECTED
    assert set(EXPECTED.values()) == set(STATES)


def test_what_waits_names_what_it_waits_for_and_whose_step_is_next():
    row = follow(make_register())["f-waits"]
    assert row.blocked_by == ("e-late",)
    assert (row.next.commitment, row.next.party, row.next.owner) == ("e-late", "NOR", "office of NOR")
    assert follow(make_register())["e-late"].blocks == ("f-waits",)


def test_a_chain_leads_to_its_beginning_and_a_circle_is_named():
    chain = [make_commitment("a", "NOR"), make_commitment("b", "SWE", depends_on=("a",))]
    chain.append(make_commitment("c", "NOR", depends_on=("b",)))
    assert follow(make_standing(chain))["c"].next.commitment == "a"
    circle = [make_commitment("a", "NOR", depends_on=("b",)), make_commitment("b", "SWE", depends_on=("a",))]
    assert "circle" in follow(make_standing(circle))["a"].next.what


def test_a_day_that_passed_makes_nothing_broken():
    standing = make_standing([make_commitment("a", "NOR", due=date(2021, 1, 1))])
    assert follow(standing)["a"].state == "overdue"


def test_coders_who_differ_close_nothing():
    said = [make_assessment("a", "done"), make_assessment("a", "broken", coder="two")]
    row = follow(make_standing([make_commitment("a", "NOR")], (), said))["a"]
    assert row.state == "in progress" and "coders differ" in row.notes


def test_a_coders_later_word_replaces_the_earlier_one():
    said = [make_assessment("a", "broken"), make_assessment("a", "done", day=date(2023, 2, 1))]
    assert follow(make_standing([make_commitment("a", "NOR")], (), said))["a"].state == "fulfilled"


def test_nothing_later_than_the_day_is_seen():
    standing = make_register()
    early = follow(standing, date(2022, 6, 1))
    assert early["a-done"].state == "no evidence" and early["b-read"].state == "no evidence"


def test_a_reading_after_an_assessment_reopens_nothing_by_itself():
    commitment = make_commitment("a", "NOR", baseline=0, target=10)
    reading = make_evidence("a", "4", day=date(2023, 6, 1))
    row = follow(make_standing([commitment], [reading], [make_assessment("a", "done")]))["a"]
    assert row.state == "fulfilled" and row.basis == "assessment"


@pytest.mark.parametrize("days", [-1, 0, 90, 91])
def test_soon_begins_and_ends_where_it_says(days: int):
    commitment = make_commitment("a", "NOR", due=TODAY + timedelta(days=days))
    wanted = "overdue" if days < 0 else "due soon" if days <= 90 else "no evidence"
    assert follow(make_standing([commitment]))["a"].state == wanted


def test_swapping_the_parties_swaps_the_counts_and_nothing_else():
    one = {row["party"]: row for row in count_states(follow_commitments(make_register(), TODAY))}
    other = {row["party"]: row for row in count_states(follow_commitments(make_register("SWE", "NOR"), TODAY))}
    assert {**one["NOR"], "party": ""} == {**other["SWE"], "party": ""}
    assert {**one["SWE"], "party": ""} == {**other["NOR"], "party": ""}


def test_circles_are_found_among_many():
    waits = {str(n): [str(n + 1)] for n in range(3000)} | {"3000": ["2999"], "x": ["x"]}
    assert find_cycles(waits) == [("2999", "3000"), ("x",)]
    assert find_roots("0", {**waits, "3000": []}) == ["3000"]


def test_due_days_become_a_calendar_that_is_the_same_twice():
    followed = follow_commitments(make_register(), TODAY)
    assert [row.commitment.id for row in list_due(followed, 40)] == ["e-late", "f-waits", "g-soon"]
    text = write_due_calendar(followed, TODAY)
    assert text == write_due_calendar(followed, TODAY)
    assert text.count(b"BEGIN:VEVENT") == 5 and b"20240501" in text


def test_a_reader_of_the_calendar_sees_names_and_a_program_finds_the_code():
    followed = follow_commitments(make_register(), TODAY)
    events = {}
    for event in icalendar.Calendar.from_ical(write_due_calendar(followed, TODAY)).walk("VEVENT"):
        events[str(event["summary"])] = str(event["description"]).splitlines()
    assert "Due 2024-07-01: Sweden: do f-waits" in events and "Overdue 2024-05-01: Norway: do e-late" in events
    assert events["Due 2024-07-01: Sweden: do f-waits"][1] == "Owed by: Sweden (SWE)"
    assert events["Due 2024-07-01: Sweden: do f-waits"][-1].endswith(" e-late, Norway (office of NOR)")
    (told,) = (m for m in write_reminders(followed, TODAY, 40) if m.data["id"] == "f-waits")
    assert told.subject == "Due 2024-07-01: Sweden: do f-waits" and told.data["party"] == "SWE"


def test_a_long_name_takes_nothing_from_what_is_owed():
    lines = []
    for party in ("GBR", "FJI"):
        owed = make_commitment("a", party, obligation="x" * 200, due=date(2024, 6, 2))
        standing = make_standing([owed], parties=("GBR", "FJI"))
        (told,) = write_reminders(follow_commitments(standing, TODAY), TODAY, 40)
        lines.append(told.subject.partition(": x")[2])
    assert lines[0] == lines[1] == "x" * 88 + "…"


def test_a_reminder_has_the_same_key_every_day_until_the_day_has_passed():
    keys = [
        [message.key for message in write_reminders(follow_commitments(make_register(), day), day, 40)]
        for day in (TODAY, TODAY + timedelta(days=1), date(2024, 7, 2))
    ]
    assert keys[0] == keys[1] and keys[0] != keys[2]


def test_a_line_break_in_an_obligation_stays_out_of_the_subject():
    standing = make_standing([make_commitment("a", "NOR", due=TODAY, obligation="pay\r\nBcc: x\x1b[0m")])
    (message,) = write_reminders(follow_commitments(standing, TODAY), TODAY)
    assert message.subject.isprintable()


def judge(*said, **given):
    return follow(make_standing([make_commitment("a", "NOR", **given)], (), said))["a"]


def test_a_new_scale_overrules_nobody_else():
    first = make_assessment("a", "3", scale="pam", coder="first")
    second = make_assessment("a", "0", scale="pam", coder="second")
    third = make_assessment("a", "done", coder="third", day=date(2023, 2, 1))
    row = judge(first, second, third)
    assert (row.state, row.scale, row.value) == ("in progress", "kept, pam", "kept done, pam 0, pam 3")
    assert row.share == pytest.approx(2 / 3) and "coders differ" in row.notes
    assert judge(first, third).state == "fulfilled" and not set(judge(first, third).notes) & {"coders differ"}


def test_who_uses_another_scale_later_replaces_her_own_word():
    said = [make_assessment("a", "0", scale="pam"), make_assessment("a", "done", day=date(2023, 2, 1))]
    assert (judge(*said).state, judge(*said).value) == ("fulfilled", "done")
    other = make_assessment("a", "1", scale="pam", coder="two", day=date(2022, 1, 1))
    assert judge(*said, other).state == "in progress"


def test_a_later_period_stands_over_an_earlier_one_and_says_so():
    said = [make_assessment("a", "1", scale="pam", coder="two", period="2021", day=date(2022, 1, 1)),
            make_assessment("a", "3", scale="pam", period="2022", day=date(2023, 1, 1))]  # fmt: skip
    assert judge(*said).state == "fulfilled"
    assert "another coder said otherwise of another period" in judge(*said).notes
    whole = make_assessment("a", "broken", coder="three", day=date(2020, 5, 1))
    assert judge(*said, whole).state == "in progress"


@pytest.mark.parametrize("levels", [("2", "0", False), ("1", "0", False), ("0", "0", True), ("2", "+1", True)])
def test_levels_of_two_scales_differ_where_they_have_nothing_in_common(levels):
    pam, g7, differs = levels
    said = [make_assessment("a", pam, scale="pam"), make_assessment("a", g7, scale="g7-g20", coder="two")]
    assert ("coders differ" in judge(*said).notes) is differs


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_neither_the_order_of_entry_nor_the_coders_names_change_what_is_settled(data):
    words = st.sampled_from(
        [("pam", "0"), ("pam", "1"), ("pam", "3"), ("kept", "done"), ("ogp", "limited"), ("g7-g20", "-1")]
    )
    days, periods = st.sampled_from([date(2022, 1, 1), date(2023, 1, 1)]), st.sampled_from(["", "2021", "2022"])
    drawn = data.draw(st.lists(st.tuples(words, st.sampled_from("abc"), days, periods), min_size=1, max_size=7))
    rows = [replace(make_assessment("a", value, scale=scale, coder=coder, day=day, period=period), id=f"a/{n}")
            for n, ((scale, value), coder, day, period) in enumerate(drawn)]  # fmt: skip
    swapped = [replace(row, coder=row.coder.translate(str.maketrans("abc", "cab"))) for row in rows]
    found = judge(*rows)
    assert judge(*data.draw(st.permutations(rows))) == found == judge(*swapped)
    last = {row.coder: row for row in sorted(rows, key=lambda row: row.day)}
    if not any(row.period for row in rows) and found.state == "fulfilled":
        assert {last[coder].value for coder in last} <= {"3", "done"}
