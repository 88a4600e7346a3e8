"""Reminders of what is due, from the register to where they arrive: mailbox, webhook, feed reader, calendar program."""

from __future__ import annotations

import json
import re
import runpy
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from click.testing import CliRunner, Result
from tests.specimens.mailbox import Mailbox
from tests.specimens.promises import HOSTILE, TODAY, make_commitment, make_register
from tests.specimens.receiver import Receiver, answer
from tests.specimens.registers import make_template

from comity.api import list_dead_reminders, retry_dead_reminders
from comity.cli.main import comity
from comity.commitments.register import open_register, record_entries
from comity.delivery import Outbox, Outlet, SinkSpec, build_sink, deliver_messages
from comity.lexicon.errors import ComityError

BREAKING = f"Pay.\nBcc: eve@evil.example\n\n.\nRCPT TO:<eve@evil.example>\nSubject: other\n{HOSTILE} Grüße, 平和"
KEY = "open sesame"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Give a register in which four commitments are due, one of them with words that try to be something else."""
    standing = make_register()
    hostile = make_commitment("hostile", "SWE", obligation=BREAKING, due=TODAY + timedelta(days=3))
    place = tmp_path / "register.db"
    place.write_bytes(make_template())
    with open_register(place) as opened:
        first = [*standing.agreements, *standing.articles, *standing.commitments, hostile]
        record_entries(opened, [*first, *standing.evidence, *standing.assessments])
    return place


def remind(register: Path, *words: str | Path, **variables: str) -> Result:
    folder = register.parent
    given = ["--register", register, "--on", TODAY, "--within", 40, "--outbox", folder / "outbox.db", *words, "--json"]
    return CliRunner().invoke(comity, ["commitments", "remind", *map(str, given)], env=variables)


def deliver(register: Path, sink: dict[str, Any], *words: str, **variables: str) -> dict[str, int]:
    """Remind through a sink; give its account."""
    file = register.parent / "sink.yml"
    file.write_text(yaml.safe_dump(sink), "utf-8")
    done = remind(register, "--sink", file, *words, **variables)
    assert done.exit_code == 0, done.output
    account: dict[str, int] = json.loads(done.stdout)["sink"]
    return account


# --- e-mail -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        yield server


def post(mailbox: Mailbox) -> dict[str, Any]:
    to = ["registrar@b.example"]
    return {"kind": "email", "host": "127.0.0.1", "port": mailbox.port, "sender": "comity@a.example", "recipients": to,
            "security": "none", "allow_private": True}  # fmt: skip


def open_outlet(mailbox: Mailbox, outbox: Outbox) -> Outlet:
    """Give the outlet for which a reminder waits in the outbox."""
    values = {name: value for name, value in post(mailbox).items() if name != "kind"}
    (name,) = {delivery.sink for delivery in outbox.list_deliveries("pending")}
    return Outlet(name, build_sink(SinkSpec("email", values)))


def deliver_at(outbox: Outbox, outlet: Outlet, at: datetime) -> dict[str, int]:
    """Deliver what is due at a time."""
    return deliver_messages(outbox, {outlet.name: outlet}, lambda: at)


def test_mails_arrive_once_and_hostile_words_stay_in_their_body(register: Path, mailbox: Mailbox):
    assert deliver(register, post(mailbox)) == {"new": 4, "sent": 4, "postponed": 0, "dead": 0, "held": 0}
    visits = mailbox.visits
    assert deliver(register, post(mailbox)) == {"new": 0, "sent": 0, "postponed": 0, "dead": 0, "held": 0}
    assert (mailbox.visits, len(mailbox.handed)) == (visits, 4)
    assert {tuple(handed.recipients) for handed in mailbox.handed} == {("registrar@b.example",)}
    mails = [handed.parse() for handed in mailbox.handed]
    assert len({mail["Message-ID"] for mail in mails}) == 4
    wanted = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"}
    for mail in mails:
        assert set(mail.keys()) - {"Content-Type", "Content-Transfer-Encoding"} == wanted
        assert len(mail.get_all("Subject")) == len(mail.get_all("To")) == 1
        assert mail.get_content_type() == "text/plain" and not mail.is_multipart() and not mail.defects
    (hostile,) = [mail for mail in mails if "Commitment: hostile" in mail.get_content()]
    assert hostile["Subject"].startswith("Due 2024-06-04: Sweden: Pay. Bcc: eve@evil.example")
    assert hostile.get_content().replace("\r\n", "\n").startswith(BREAKING)


def test_another_mailbox_or_file_is_told_too_though_the_outbox_is_the_same(register: Path, mailbox: Mailbox):
    other = {**post(mailbox), "recipients": ["chair@c.example"]}
    assert [deliver(register, sink, "--within", "0")["sent"] for sink in (post(mailbox), other, other)] == [1, 1, 0]
    assert [handed.recipients for handed in mailbox.handed] == [["registrar@b.example"], ["chair@c.example"]]
    feeds = [register.parent / name for name in ("one.atom", "two.atom", "two.atom")]
    told = [json.loads(remind(register, "--atom", feed).stdout)["atom"]["sent"] for feed in feeds]
    assert told == [4, 4, 0]


def test_a_server_that_refuses_is_tried_again_later_and_the_mail_arrives(register: Path, mailbox: Mailbox):
    mailbox.refusals.append("450 later")
    assert deliver(register, post(mailbox)) == {"new": 4, "sent": 0, "postponed": 1, "dead": 0, "held": 0}
    assert mailbox.visits == 1, "a server that refuses is left alone until the next round"
    assert deliver(register, post(mailbox))["sent"] == 3
    with Outbox.open(register.parent / "outbox.db") as outbox:
        outlet = open_outlet(mailbox, outbox)
        (waiting,) = outbox.list_deliveries("pending")
        assert waiting.attempts == 1 and "refuses every recipient" in waiting.note
        assert deliver_at(outbox, outlet, datetime.now(UTC) + timedelta(seconds=31))["sent"] == 1
    assert len(mailbox.handed) == 4


def test_what_a_server_refuses_for_good_is_a_dead_letter_that_says_why(register: Path, mailbox: Mailbox):
    mailbox.refusals.append("550 nobody")
    assert deliver(register, post(mailbox)) == {"new": 4, "sent": 3, "postponed": 0, "dead": 1, "held": 0}
    with Outbox.open(register.parent / "outbox.db") as outbox:
        (dead,) = outbox.list_deliveries("dead")
        assert dead.note == "after 1 attempts: 127.0.0.1 refuses every recipient"
        assert outbox.retry_dead() == 1
    assert deliver(register, post(mailbox))["sent"] == 1
    assert len({handed.parse()["Message-ID"] for handed in mailbox.handed}) == 4


def test_a_server_that_never_takes_it_is_given_up_after_its_attempts(register: Path, mailbox: Mailbox):
    mailbox.refusals.extend(["450 later"] * 100)
    assert deliver(register, post(mailbox), "--within", "0")["postponed"] == 1
    now = datetime.now(UTC)
    with Outbox.open(register.parent / "outbox.db") as outbox:
        outlet = open_outlet(mailbox, outbox)
        told = [deliver_at(outbox, outlet, now + timedelta(hours=hour)) for hour in range(1, outlet.pace.attempts)]
        assert [account["postponed"] for account in told] == [1] * (len(told) - 1) + [0]
        (dead,) = outbox.list_deliveries("dead")
    assert dead.attempts == outlet.pace.attempts and dead.note.startswith("after 12 attempts")
    assert mailbox.handed == []


def test_reminders_that_were_given_up_are_listed_and_put_back(register: Path, mailbox: Mailbox):
    mailbox.refusals.append("550 nobody")
    deliver(register, post(mailbox))
    (dead,) = json.loads(remind(register, "--dead").stdout)
    assert (dead["state"], dead["attempts"]) == ("dead", 1) and "refuses every recipient" in dead["note"]
    assert dead["subject"].startswith(("Due", "Overdue"))
    assert json.loads(remind(register, "--retry").stdout) == {"put_back": 1}
    assert json.loads(remind(register, "--dead").stdout) == []
    mailbox.refusals.append("550 nobody")
    assert deliver(register, post(mailbox))["dead"] == 1
    assert deliver(register, post(mailbox), "--retry")["sent"] == 1
    assert len({handed.parse()["Message-ID"] for handed in mailbox.handed}) == 4
    outbox = register.parent / "outbox.db"
    assert (retry_dead_reminders(outbox), list_dead_reminders(outbox)) == (0, [])


NEVER_DUE = ("--on", "2001-01-01")


@pytest.mark.parametrize(
    ("sink", "said"),
    [
        ({"kind": "email", "host": "10.0.0.5"}, "10.0.0.0/8"),
        ({"kind": "email", "host": "localhost"}, "private name"),
        ({"kind": "email", "host": "169.254.169.254"}, "169.254"),
        ({"kind": "webhook", "url": "http://[::1]/hook"}, "loopback"),
        ({"kind": "webhook", "url": "env:HOOK"}, "192.168.0.0/16"),
    ],
)
def test_a_private_address_is_refused_when_the_reminder_is_set(register: Path, sink: dict[str, Any], said: str):
    more = {"sender": "a@a.example", "recipients": ["b@b.example"]} if sink["kind"] == "email" else {"key": "env:KEY"}
    file = register.parent / "sink.yml"
    variables = {"HOOK": "https://192.168.7.7/hook", "KEY": KEY}
    file.write_text(yaml.safe_dump({**sink, **more}), "utf-8")
    refused = remind(register, "--sink", file, *NEVER_DUE, **variables)
    assert isinstance(refused.exception, ComityError) and said in str(refused.exception)
    file.write_text(yaml.safe_dump({**sink, **more, "allow_private": True}), "utf-8")
    allowed = remind(register, "--sink", file, *NEVER_DUE, **variables)
    assert (allowed.exit_code == 0) == ("169.254" not in said), allowed.output


# --- webhook ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


def hook(receiver: Receiver, **given: Any) -> dict[str, Any]:
    return {"kind": "webhook", "url": receiver.url, "key": "env:HOOK_KEY", **given}


def read_advice(repository: Path, folder: Path) -> Callable[[bytes, dict[str, str], bytes], bool]:
    """Give the check that the page on delivery tells a receiver to make."""
    text = (repository / "docs/methods/delivery.md").read_text("utf-8")
    (code,) = [each for each in re.findall(r"```python\n(.*?)```", text, re.S) if "def is_ours" in each]
    (folder / "advice.py").write_text(code, "utf-8")
    check: Callable[[bytes, dict[str, str], bytes], bool] = runpy.run_path(str(folder / "advice.py"))["is_ours"]
    return check


def test_a_webhook_is_signed_as_the_page_tells_the_receiver_to_check(
    register: Path, receiver: Receiver, repository: Path
):
    assert deliver(register, hook(receiver, allow_private=True), HOOK_KEY=KEY)["sent"] == 4
    assert deliver(register, hook(receiver, allow_private=True), HOOK_KEY=KEY)["sent"] == 0
    assert len(receiver.received) == len(set(receiver.keys)) == 4
    is_ours = read_advice(repository, register.parent)
    for got in receiver.received:
        assert is_ours(KEY.encode(), got.headers, got.body)
        assert not is_ours(b"another", got.headers, got.body)
        assert not is_ours(KEY.encode(), got.headers, got.body.replace(b"SWE", b"NOR") + b" ")
        stamp = int(got.headers["Comity-Timestamp"])
        assert not is_ours(KEY.encode(), {**got.headers, "Comity-Timestamp": str(stamp + 1)}, got.body)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(time, "time", lambda late=stamp + 301: late)
            assert not is_ours(KEY.encode(), got.headers, got.body)
        assert json.loads(got.body)["key"] == got.headers["Idempotency-Key"]
    said = {body["data"]["id"]: body for body in (json.loads(got.body) for got in receiver.received)}
    assert said["hostile"]["data"]["obligation"] == BREAKING
    assert said["e-late"]["subject"].startswith("Overdue 2024-05-01: Norway:")


@pytest.mark.parametrize("given", [{}, {"allow_private": False}])
def test_a_webhook_on_this_machine_is_refused_without_the_flag(
    register: Path, receiver: Receiver, given: dict[str, Any]
):
    file = register.parent / "sink.yml"
    file.write_text(yaml.safe_dump(hook(receiver, **given)), "utf-8")
    done = remind(register, "--sink", file, HOOK_KEY=KEY)
    assert isinstance(done.exception, ComityError) and "loopback" in str(done.exception)
    assert receiver.received == []


def test_a_webhook_that_leads_elsewhere_is_not_followed(register: Path, receiver: Receiver):
    receiver.answers.extend([answer(302, Location=receiver.url)] * 4)
    assert deliver(register, hook(receiver, allow_private=True), HOOK_KEY=KEY)["dead"] == 4
    assert len(receiver.received) == 4


# --- files ------------------------------------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_has_what_rfc_4287_requires_and_holds_each_reminder_once(register: Path):
    file = register.parent / "due.atom"
    assert json.loads(remind(register, "--atom", file).stdout)["atom"]["sent"] == 4
    before = file.read_bytes()
    assert json.loads(remind(register, "--atom", file).stdout)["atom"]["sent"] == 0
    assert file.read_bytes() == before
    top = ElementTree.fromstring(before)
    assert top.tag == f"{ATOM}feed"
    assert [len(top.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
    assert top.findtext(f"{ATOM}author/{ATOM}name")
    entries = top.findall(f"{ATOM}entry")
    for element in (top, *entries):
        assert re.match(r"[a-z][a-z0-9+.-]*:\S+$", element.findtext(f"{ATOM}id") or "")
        assert element.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo is not None
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 4
    known = {f"{ATOM}{name}" for name in "feed id title updated author name entry content link".split()}
    assert {element.tag for element in top.iter()} <= known
    assert any(BREAKING in (entry.findtext(f"{ATOM}content") or "") for entry in entries)


def read_calendar(data: bytes) -> list[dict[str, list[str]]]:
    """Read an iCalendar file by RFC 5545, 3.1: fold, names, parameters, escapes; give the events."""
    assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    lines = data.split(b"\r\n")[:-1]
    assert max(map(len, lines)) <= 75, "a line has at most 75 octets"
    for line in lines:
        line.decode("utf-8")
    events: list[dict[str, list[str]]] = []
    opened: list[str] = []
    for line in b"\r\n".join(lines).replace(b"\r\n ", b"").decode().split("\r\n"):
        found = re.fullmatch(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line)
        assert found, line
        name, value = found[1], found[3]
        if name == "BEGIN":
            opened.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert opened.pop() == value
        elif opened[-1] == "VEVENT":
            text = re.sub(r"\\(.)", lambda mark: "\n" if mark[1] in "nN" else mark[1], value)
            events[-1].setdefault(name, []).append(text)
    assert opened == []
    return events


def test_a_calendar_program_reads_the_due_days(register: Path):
    file = register.parent / "due.ics"
    assert remind(register, "--calendar", file).exit_code == 0
    data = file.read_bytes()
    assert data.startswith(b"BEGIN:VCALENDAR\r\n") and b"\r\nVERSION:2.0\r\n" in data and b"\r\nPRODID:" in data
    events = read_calendar(data)
    assert len(events) == 6
    assert len({event["UID"][0] for event in events}) == 6
    for event in events:
        assert all(len(values) == 1 for values in event.values()), "no property comes twice"
        assert event["DTSTAMP"] == ["20240601T000000Z"]
        start, end = (datetime.strptime(event[name][0], "%Y%m%d").date() for name in ("DTSTART", "DTEND"))
        assert end - start == timedelta(days=1)
    (hostile,) = [event for event in events if "Commitment: hostile" in event["DESCRIPTION"][0]]
    assert hostile["DTSTART"] == ["20240604"] and hostile["DESCRIPTION"][0].startswith(BREAKING)
    remind(register, "--calendar", file)
    assert file.read_bytes() == data


def test_a_due_day_that_moves_keeps_its_place_in_the_calendar_and_is_told_anew(register: Path):
    file, feed = register.parent / "due.ics", register.parent / "due.atom"
    remind(register, "--calendar", file, "--atom", feed)
    before = {event["UID"][0]: event["DTSTART"][0] for event in read_calendar(file.read_bytes())}
    with open_register(register) as opened:
        moved = replace(make_commitment("g-soon", "NOR"), due=date(2024, 7, 5))
        record_entries(opened, [moved], seen=record_entries(opened, [make_commitment("later", "SWE")]).head)
    account = json.loads(remind(register, "--calendar", file, "--atom", feed).stdout)["atom"]
    after = {event["UID"][0]: event["DTSTART"][0] for event in read_calendar(file.read_bytes())}
    assert account["sent"] == 1
    assert {uid for uid in before if after[uid] != before[uid]} == {u for u, day in after.items() if day == "20240705"}
    assert before.keys() == after.keys()
