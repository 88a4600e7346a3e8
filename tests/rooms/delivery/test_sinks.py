"""Sinks: what stands in a file or feed is whole and there once; what is sent can be checked and told from a repeat."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.specimens.receiver import Handler, Receiver, answer, be_silent, drip, pour

from comity.delivery import (
    AddressRefused,
    DeliveryError,
    Message,
    Secret,
    SinkSpec,
    Undelivered,
    build_sink,
    verify_signature,
)
from comity.delivery.sinks.feed import ATOM, MOST_BYTES, FeedSink
from comity.delivery.sinks.files import FolderSink, LinesSink
from comity.delivery.sinks.mail import MailSink
from comity.delivery.sinks.service import ServiceSink
from comity.delivery.sinks.webhook import WebhookSink
from comity.delivery.transport import Limits

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
KEY = Secret("opensesame")
HOSTILE = "</title><script>alert(1)</script>&amp;&#x0;]]><!--\"'\u202e"


def make(number: int = 1, subject: str = "A thaw", body: str = "Two lines\nof text", made: datetime = NOW) -> Message:
    return Message(f"alert:{number}", made, subject, body, {"number": number})


def test_a_folder_holds_one_file_a_message_and_a_repeat_changes_nothing(tmp_path: Path):
    sink = FolderSink(tmp_path / "a" / "b")
    assert [sink.send(make(1)), sink.send(make(2)), sink.send(make(1))] == ["", "", "was there"]
    found = [json.loads(path.read_text()) for path in (tmp_path / "a" / "b").iterdir()]
    assert sorted(said["key"] for said in found) == ["alert:1", "alert:2"]
    assert {"key", "made", "subject", "body", "data"} == set(found[0])


def test_lines_are_appended_once_also_by_another_sink_on_the_same_file(tmp_path: Path):
    one, other = LinesSink(tmp_path / "a.jsonl"), LinesSink(tmp_path / "a.jsonl")
    notes = [one.send(make(1)), other.send(make(1)), other.send(make(2)), one.send(make(2)), one.send(make(3))]
    assert notes == ["", "was there", "", "was there", ""]
    keys = [json.loads(line)["key"] for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert keys == ["alert:1", "alert:2", "alert:3"]


def test_a_line_that_a_dead_writer_left_half_is_cut_off(tmp_path: Path):
    file = tmp_path / "a.jsonl"
    LinesSink(file).send(make(1))
    whole = file.read_bytes()
    for size in range(len(whole)):
        file.write_bytes(whole + whole.replace(b"alert:1", b"alert:2")[:size])
        LinesSink(file).send(make(2))
        assert [json.loads(line)["key"] for line in file.read_text().splitlines()] == ["alert:1", "alert:2"]


def test_a_file_that_was_moved_away_begins_anew(tmp_path: Path):
    sink = LinesSink(tmp_path / "a.jsonl")
    sink.send(make(1))
    (tmp_path / "a.jsonl").rename(tmp_path / "old.jsonl")
    sink.send(make(2))
    (tmp_path / "a.jsonl").write_text("no json\n[1]\n{}\n")
    assert sink.send(make(3)) == ""
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == 4


def test_a_feed_is_atom_newest_first_and_holds_each_message_once(tmp_path: Path):
    sink = FeedSink(tmp_path / "feed.atom", "Comity & friends", "https://a.example/feed.atom?x=1&y=2")
    for number in (2, 1, 3, 2):
        sink.send(make(number, made=NOW + timedelta(hours=number)))
    top = ElementTree.fromstring((tmp_path / "feed.atom").read_bytes())
    name = f"{{{ATOM}}}"
    assert top.tag == f"{name}feed"
    assert top.findtext(f"{name}title") == "Comity & friends"
    assert top.findtext(f"{name}id") == "https://a.example/feed.atom?x=1&y=2"
    assert top.findtext(f"{name}author/{name}name") == "Comity"
    assert top.findtext(f"{name}updated") == "2026-01-01T15:30:00Z"
    entries = top.findall(f"{name}entry")
    assert [entry.findtext(f"{name}updated") for entry in entries] == [f"2026-01-01T{h}:30:00Z" for h in (15, 14, 13)]
    assert len({entry.findtext(f"{name}id") for entry in entries}) == 3
    for entry in entries:
        for child in ("id", "title", "updated", "content"):
            assert len(entry.findall(f"{name}{child}")) == 1


def test_hostile_text_stays_text_in_a_feed_and_survives_the_next_entries(tmp_path: Path):
    sink = FeedSink(tmp_path / "feed.atom", HOSTILE)
    body = HOSTILE + "\x00\x0b\ufffe\ud800\r\n\ttab"
    sink.send(make(1, "x</title><script>&amp;", body))
    sink.send(make(2))
    top = ElementTree.fromstring((tmp_path / "feed.atom").read_bytes())
    (found,) = [e for e in top.iter(f"{{{ATOM}}}entry") if e.findtext(f"{{{ATOM}}}title") == "x</title><script>&amp;"]
    assert found.findtext(f"{{{ATOM}}}content") == HOSTILE + "\ufffd\ufffd\ufffd\ufffd\r\n\ttab"
    assert {element.tag for element in top.iter()} <= {
        f"{{{ATOM}}}{name}" for name in "feed id title updated author name entry content".split()
    }


def test_a_feed_keeps_its_newest_entries_within_its_limits(tmp_path: Path):
    few = FeedSink(tmp_path / "few.atom", most=3)
    for number in range(5):
        few.send(make(number, made=NOW + timedelta(hours=number)))
    assert [entry.updated[11:13] for entry in few.read_entries()] == ["16", "15", "14"]
    large = FeedSink(tmp_path / "large.atom")
    for number in range(30):
        large.send(make(number, body="&" * 20_000, made=NOW + timedelta(hours=number)))
    assert (tmp_path / "large.atom").stat().st_size <= MOST_BYTES + 1000
    assert len(large.read_entries()) < 15


@pytest.mark.parametrize("text", ["<html/>", "no xml", "", '<!DOCTYPE x [<!ENTITY a "b">]><feed>&a;</feed>'])
def test_a_file_that_is_no_feed_is_left_as_it_is(text: str, tmp_path: Path):
    (tmp_path / "feed.atom").write_text(text)
    with pytest.raises(DeliveryError, match="no Atom feed"):
        FeedSink(tmp_path / "feed.atom").send(make())
    assert (tmp_path / "feed.atom").read_text() == text


# --- webhook ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


def hook(receiver: Receiver, **named: Any) -> WebhookSink:
    limits = Limits(idle=named.pop("idle", 2.0), total=named.pop("total", 4.0))
    return WebhookSink(Secret(receiver.url), KEY, True, limits, lambda: 1767270600.5, **named)


def test_a_webhook_is_signed_and_names_its_message(receiver: Receiver):
    assert hook(receiver).send(make()) == "answered 204"
    (got,) = receiver.received
    assert json.loads(got.body) == make().as_dict()
    assert got.headers["Idempotency-Key"] == "alert:1"
    stamp, signature = got.headers["Comity-Timestamp"], got.headers["Comity-Signature"]
    assert verify_signature(KEY, stamp, got.body, signature, 1767270600)
    assert not verify_signature(KEY, stamp, got.body + b" ", signature, 1767270600)
    assert not verify_signature(KEY, str(int(stamp) + 1), got.body, signature, 1767270600)
    assert not verify_signature(Secret("other"), stamp, got.body, signature, 1767270600)
    assert not verify_signature(KEY, stamp, got.body, signature, 1767270600 + 301)
    for odd in ("", "x", "-5", "١٢٣", "9" * 400):
        assert not verify_signature(KEY, odd, got.body, signature, 1767270600)
    assert not verify_signature(KEY, stamp, got.body, "sha256=é", 1767270600)


def test_a_webhook_on_this_machine_is_refused_unless_allowed(receiver: Receiver):
    with pytest.raises(AddressRefused, match="loopback"):
        WebhookSink(Secret(receiver.url), KEY).send(make())
    assert receiver.received == []


@pytest.mark.parametrize(
    ("reply", "again", "said"),
    [
        (answer(500), True, "answers 500"),
        (answer(502, b"<html>"), True, "answers 502"),
        (answer(429, Retry_After="77"), True, "answers 429"),
        (answer(404), False, "answers 404"),
        (answer(410), False, "answers 410"),
        (answer(302, Location="http://169.254.169.254/"), False, "redirects"),
        (be_silent, True, "silent"),
        (drip, True, "longer than"),
        (lambda handler: setattr(handler, "close_connection", True), True, "connection"),
    ],
)
def test_a_receiver_that_does_not_take_it_is_an_error_in_words(
    reply: Callable[[Handler], None], again: bool, said: str, receiver: Receiver
):
    receiver.answers.append(reply)
    # Each limit is short where it is to be met only: a machine that stands still for a moment must not meet the other.
    idle, total = (0.3 if said == "silent" else 20.0), (0.8 if said == "longer than" else 20.0)
    with pytest.raises(Undelivered, match=said) as error:
        hook(receiver, idle=idle, total=total).send(make())
    assert error.value.again is again
    assert error.value.wait == (77 if said == "answers 429" else 0)
    assert "opensesame" not in str(error.value)
    assert "/hook" not in str(error.value)


def test_of_an_answer_no_more_than_the_limit_is_read(receiver: Receiver):
    receiver.answers.append(pour)
    assert hook(receiver).send(make()) == "answered 200"


# --- mail -------------------------------------------------------------------------------------------------------------


class MailServer:
    """A mail server on this machine that answers what a test tells it to."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.lines: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve)

    def serve(self) -> None:
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rwb") as stream:
            self.say(stream, "220 here")
            for raw in stream:
                line = raw.decode().rstrip("\r\n")
                self.lines.append(line)
                word = line.split(" ", 1)[0].split(":")[0].upper()
                if word == "DATA":
                    self.say(stream, "354 go on")
                    while (part := stream.readline()) != b".\r\n":
                        self.lines.append(part.decode().rstrip("\r\n"))
                if word == "QUIT" and "quit" not in self.answers:
                    return
                self.say(stream, self.answers.get(word.lower(), "250 fine"))

    def say(self, stream: Any, text: str) -> None:
        stream.write(text.encode() + b"\r\n")
        stream.flush()

    def __enter__(self) -> MailServer:
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.thread.join(10)
        self.socket.close()

    def sink(self, **values: Any) -> MailSink:
        port = self.socket.getsockname()[1]
        given = {"security": "none", "allow_private": True, "idle": 5.0, **values}
        return MailSink("127.0.0.1", port, "watch@a.example", ("b@c.example", "d@e.example"), **given)


def test_a_mail_carries_the_key_as_its_id_and_the_same_id_again():
    with MailServer() as server:
        sink = server.sink()
        sink.send(make(subject="Détente", body=".\nFrom here"))
    text = "\n".join(server.lines)
    assert f"Message-ID: <{make().name}.comity@a.example>" in text
    assert "Subject: =?utf-8?" in text
    assert "to:<d@e.example>" in text.lower()
    assert sink.compose(make())["Message-ID"] == sink.compose(make(subject="another"))["Message-ID"]


@pytest.mark.parametrize(
    ("answers", "again", "said"),
    [
        ({"rcpt": "550 nobody"}, False, "every recipient"),
        ({"rcpt": "450 later"}, True, "every recipient"),
        ({"mail": "451 later"}, True, "answers 451"),
        ({"data": "554 no"}, False, "answers 554"),
    ],
)
def test_a_mail_server_that_refuses_is_an_error_in_words(answers: dict[str, str], again: bool, said: str):
    with MailServer(**answers) as server, pytest.raises(Undelivered, match=said) as error:
        server.sink().send(make())
    assert error.value.again is again


@pytest.mark.parametrize("goodbye", [{}, {"quit": "500 what"}])
def test_a_mail_that_was_taken_is_taken_however_the_server_says_goodbye(goodbye: dict[str, str]):
    with MailServer(**goodbye) as server:
        assert server.sink().send(make()) == ""


def test_a_mail_server_without_encryption_is_not_used():
    with MailServer() as server, pytest.raises(Undelivered, match="does not offer") as error:
        server.sink(security="starttls").send(make())
    assert not error.value.again
    assert not any(line.startswith(("MAIL", "RCPT", "DATA")) for line in server.lines)


def test_a_mail_server_on_this_machine_is_refused_unless_allowed():
    with pytest.raises(AddressRefused, match="loopback"):
        MailSink("127.0.0.1", 2525, "a@b.example", ("c@d.example",)).send(make())
    with pytest.raises(Undelivered, match="connection"):
        MailSink("127.0.0.1", 1099, "a@b.example", ("c@d.example",), allow_private=True).send(make())


@pytest.mark.parametrize(
    "mailbox",
    ["a@b.example\r\nBcc: x@y.example", "a@b.example\n", "a b@c.example", "a@b.example, c@d.example", "<a@b.example>",
     "a", "", "a@", "@b", "a@b.example>", "é@b.example"],
)  # fmt: skip
@pytest.mark.parametrize("part", ["sender", "recipient"])
def test_a_mailbox_that_could_add_a_header_is_refused(mailbox: str, part: str):
    good = "a@b.example"
    with pytest.raises(DeliveryError, match="no mailbox"):
        MailSink("mx.example", 587, mailbox if part == "sender" else good, (good if part == "sender" else mailbox,))


# --- services ---------------------------------------------------------------------------------------------------------


def test_a_service_is_handed_the_message_where_its_host_is_allowed(receiver: Receiver):
    pytest.importorskip("apprise")
    url = Secret(f"json://127.0.0.1:{receiver.port}/hook")
    with pytest.raises(AddressRefused, match="loopback"):
        ServiceSink(url).send(make())
    assert receiver.received == []
    assert ServiceSink(url, allow_private=True).send(make()) == "handed to JSON"
    assert json.loads(receiver.received[0].body)["title"] == "A thaw"
    receiver.answers.append(answer(500))
    with pytest.raises(Undelivered, match="did not take"):
        ServiceSink(url, allow_private=True).send(make())


@pytest.mark.parametrize(
    "url", ["syslog://", "mailto://127.0.0.1", "MAILTO://x:y@a.example", "dbus://", "nosuch://tok3n"]
)
def test_a_service_on_this_machine_or_none_is_refused_without_its_tokens(url: str):
    pytest.importorskip("apprise")
    with pytest.raises(DeliveryError, match="none that can be used") as error:
        ServiceSink(Secret(url)).send(make())
    assert "tok3n" not in str(error.value)


def test_every_kind_of_sink_is_made_of_its_description(tmp_path: Path):
    told = {"K": "x"}
    mail = {"host": "mx.example", "sender": "a@b.example", "recipients": ["c@d.example"], "password": "env:K"}
    for kind, values, made in [
        ("folder", {"path": "out"}, FolderSink),
        ("jsonl", {"path": "out.jsonl"}, LinesSink),
        ("atom", {"path": "out.atom", "most": 5}, FeedSink),
        ("webhook", {"url": "https://a.example/", "key": "env:K"}, WebhookSink),
        ("email", mail, MailSink),
        ("service", {"url": "env:K"}, ServiceSink),
    ]:
        sink = build_sink(SinkSpec(kind, values, tmp_path), told)
        assert isinstance(sink, made)
        if kind in ("folder", "jsonl", "atom"):
            sink.send(make())
            assert (tmp_path / str(values["path"])).exists()
