"""The kinds of sinks: which fields each has, and how a sink is made of them.

>>> sorted(KINDS)
['atom', 'email', 'folder', 'jsonl', 'service', 'webhook']
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from comity.delivery.errors import DeliveryError, Undelivered
from comity.delivery.message import Message
from comity.delivery.secret import Secret, read_secret
from comity.delivery.sinks.feed import MOST_ENTRIES, FeedSink
from comity.delivery.sinks.files import FolderSink, LinesSink
from comity.delivery.sinks.mail import MailSink
from comity.delivery.sinks.service import ServiceSink
from comity.delivery.sinks.webhook import WebhookSink
from comity.forms.fields import Form, Forms

KIND = Form("text", required=True)
PRIVATE = Form("flag")
PATH = Form("text", required=True)
KINDS: Mapping[str, Forms] = {
    "folder": {"kind": KIND, "path": PATH},
    "jsonl": {"kind": KIND, "path": PATH},
    "atom": {
        "kind": KIND,
        "path": PATH,
        "title": Form("text"),
        "url": Form("text"),
        "most": Form("whole", low=1, high=10_000),
    },
    "webhook": {
        "kind": KIND,
        "url": Form("text", required=True),
        "key": Form("text", required=True),
        "allow_private": PRIVATE,
    },
    "email": {
        "kind": KIND,
        "host": Form("text", required=True),
        "port": Form("whole", low=1, high=65_535),
        "sender": Form("text", required=True),
        "recipients": Form("list", required=True),
        "user": Form("text"),
        "password": Form("text"),
        "security": Form("text"),
        "allow_private": PRIVATE,
    },
    "service": {"kind": KIND, "url": Form("text", required=True), "allow_private": PRIVATE},
}
SUBMISSION = 587


class Sink(Protocol):
    """Whatever takes messages: raises `Undelivered` where another attempt may help, `DeliveryError` else."""

    def send(self, message: Message) -> str:
        """Deliver a message; returns a note for the record."""
        ...  # pragma: no cover


@dataclass(frozen=True)
class SinkSpec:
    """A sink as it is described in a file.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    values : mapping
        Its fields beside `kind`; secrets as `env:NAME` or `file:PATH`.
    folder : Path
        Relative paths begin here.
    """

    kind: str
    values: Mapping[str, Any]
    folder: Path = field(default_factory=Path)


def build_sink(spec: SinkSpec, environment: Mapping[str, str] | None = None) -> Sink:
    """Make a sink of its description.

    Parameters
    ----------
    spec : SinkSpec
        The description.
    environment : mapping of str to str, optional
        Where secrets of the form `env:NAME` are; the process's own where left out.

    Returns
    -------
    Sink

    Raises
    ------
    DeliveryError
        The kind is unknown, a field is unknown or missing, an address or mailbox cannot be used, a secret is not there.
    """
    values = spec.values
    environment = os.environ if environment is None else environment
    _check_names(spec)
    path = spec.folder / Path(str(values.get("path", ""))).expanduser()
    private = bool(values.get("allow_private", False))
    if spec.kind == "folder":
        return FolderSink(path)
    if spec.kind == "jsonl":
        return LinesSink(path)
    if spec.kind == "atom":
        most = int(values.get("most", MOST_ENTRIES))
        return FeedSink(path, str(values.get("title", "Comity")), str(values.get("url", "")), most)
    if spec.kind == "webhook":
        url = _read_url(str(values["url"]), environment)
        return WebhookSink(url, read_secret(str(values["key"]), environment), private)
    if spec.kind == "service":
        return ServiceSink(read_secret(str(values["url"]), environment), private)
    return _build_mail(values, environment, private)


def _check_names(spec: SinkSpec) -> None:
    """Refuse an unknown kind, and fields that it does not have or lacks."""
    forms = KINDS.get(spec.kind)
    if forms is None:
        raise DeliveryError(f"there is no kind of sink {spec.kind!r}", todo=f"choose one of {', '.join(KINDS)}")
    strange = [name for name in spec.values if name not in forms]
    absent = [name for name, form in forms.items() if form.required and name != "kind" and name not in spec.values]
    if strange or absent:
        said = f"has no field {strange[0]!r}" if strange else f"lacks {', '.join(absent)}"
        raise DeliveryError(f"a sink of the kind {spec.kind} {said}", todo=f"its fields are {', '.join(forms)}")


def _read_url(text: str, environment: Mapping[str, str]) -> Secret:
    """Return a webhook's address, which may be kept where secrets are; its form is checked when it is used."""
    return read_secret(text, environment) if text.startswith(("env:", "file:")) else Secret(text)


def _build_mail(values: Mapping[str, Any], environment: Mapping[str, str], private: bool) -> MailSink:
    """Make a sink of mailboxes."""
    return MailSink(
        str(values["host"]),
        int(values.get("port", SUBMISSION)),
        str(values["sender"]),
        tuple(str(mailbox) for mailbox in values["recipients"]),
        str(values.get("user", "")),
        read_secret(str(values["password"]), environment) if "password" in values else None,
        str(values.get("security", "starttls")),
        private,
    )


def find_fault(spec: SinkSpec) -> str:
    """Say what is wrong with a description, without a look-up and without its secrets; empty where nothing is.

    Parameters
    ----------
    spec : SinkSpec
        The description; what stands in it as a secret must be a place, not the secret.

    Returns
    -------
    str
        One sentence, or nothing.
    """
    places = [spec.values[name] for name in ("key", "password") if name in spec.values]
    places += [spec.values["url"]] if spec.kind == "service" and "url" in spec.values else []
    if not all(str(place).startswith(("env:", "file:")) for place in places):
        return "a secret is written out; write env:NAME or file:PATH, where it is kept"
    secrets = ("key", "password", "url") if spec.kind == "service" else ("key", "password")
    stand_in = {name: "env:X" if name in secrets else value for name, value in spec.values.items()}
    public = "https://9.9.9.9/"
    values = {**stand_in, "url": public} if str(stand_in.get("url", "")).startswith(("env:", "file:")) else stand_in
    try:
        sink = build_sink(SinkSpec(spec.kind, values if spec.kind == "webhook" else stand_in), {"X": "x"})
        if isinstance(sink, WebhookSink | MailSink):
            replace(sink, resolve=lambda host, port: ["9.9.9.9"]).check()
    except DeliveryError as error:
        return error.what
    return ""


def check_reach(sink: Sink) -> None:
    """Check where a sink would send, by the rule of each sending, before there is anything to send.

    A name that cannot be looked up just now is left to the sending, which tries again.

    Parameters
    ----------
    sink : Sink
        Of `build_sink`; one that writes files has nothing to check.

    Raises
    ------
    AddressRefused
        The address is not allowed.
    DeliveryError
        The library of a service is not installed, or knows no such address.
    """
    try:
        if isinstance(sink, WebhookSink | MailSink | ServiceSink):
            sink.check()
    except Undelivered:
        return
