"""Hand-made histories and profiles for the tests of conduct."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from comity.conduct.check import parse_profile
from comity.conduct.history import Act
from comity.conduct.profile import Profile
from comity.events.scale import read_scale

START = date(2025, 1, 1)
RULES = """\
comity_conduct: 1
id: hand-made
title: For hand-made histories
state: QMA
example: true
parties: {QMA: Arcadia, QMB: Borduria, QMC: Caledon, QMD: Dalmora}
default:
  rules:
    courtesy:
      gesture: {codes: ["051"], min_reports: 2}
      answer:
        measures: [thanks, receive-visit]
        owner: ministry of foreign affairs
        deadline_days: 10
        way_back: {when: done}
    complaint:
      gesture: {types: [ACCUSE]}
      answer:
        measures: [protest-note, consultations]
        owner: ministry of foreign affairs
        deadline_days: 10
        way_back: {when: answered, measures: [consultations]}
    work:
      gesture: {types: [COOPERATE], min_events: 2, window_days: 7}
      answer:
        measures: [thanks]
        owner: cabinet office
        deadline_days: 5
        way_back: {when: done}
"""


@pytest.fixture(scope="session")
def rules() -> str:
    """Give the text of the profile."""
    return RULES


@pytest.fixture(scope="session")
def profile() -> Profile:
    """Give the profile, checked."""
    return parse_profile(RULES)


@pytest.fixture(scope="session")
def make_act() -> Callable[..., Act]:
    """Give a maker of acts: day (from 0), sender, receiver, code, number of reports."""
    scale = read_scale()

    def make(day: int, sender: str, receiver: str, code: str, reports: int = 3) -> Act:
        row = scale.get(code)
        assert row is not None
        return Act(START + timedelta(days=day), sender, receiver, code, row.type, row.score, row.label, reports)

    return make


@pytest.fixture(scope="session")
def list_days() -> Callable[[int, int], list[date]]:
    """Give a maker of days, from one (counted from 0) to another, both counted."""
    return lambda first, last: [START + timedelta(days=n) for n in range(first, last + 1)]


@pytest.fixture(scope="session")
def examples() -> Path:
    """Give the folder of the example profiles."""
    from comity.conduct.example import FOLDER

    return FOLDER
