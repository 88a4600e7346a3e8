"""Keys and passwords: from their place, and never shown."""

from __future__ import annotations

import copy
import pickle
import traceback
from pathlib import Path

import pytest

from comity.delivery import Secret, SecretRefused, SinkSpec, build_sink, find_fault, read_secret

VALUE = "correct-horse-battery"


def test_a_secret_comes_from_the_environment_or_a_file_of_ones_own(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text(VALUE + "\n")
    file.chmod(0o600)
    assert read_secret("env:KEY", {"KEY": VALUE}).reveal() == VALUE
    assert read_secret(f"file:{file}").reveal() == VALUE


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644, 0o777])
def test_a_file_that_everybody_can_read_is_refused(mode: int, tmp_path: Path):
    file = tmp_path / "key"
    file.write_text(VALUE)
    file.chmod(mode)
    with pytest.raises(SecretRefused, match="everybody can read") as error:
        read_secret(f"file:{file}")
    assert VALUE not in str(error.value)


@pytest.mark.parametrize("where", [VALUE, f"env:{VALUE} x", "env:", "file:", "vault:x", ""])
def test_a_secret_that_is_written_out_is_refused_and_not_repeated(where: str):
    with pytest.raises(SecretRefused) as error:
        read_secret(where, {})
    assert VALUE not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize("text", ["", "\n", "a\nb", "x" * 5000, "a\x00"])
def test_what_is_no_usable_secret_is_refused(text: str):
    with pytest.raises(SecretRefused, match="no usable secret"):
        read_secret("env:KEY", {"KEY": text})


def test_a_secret_does_not_show_itself():
    secret = Secret(VALUE)
    assert VALUE not in f"{secret} {secret!r} {[secret]} {vars(Secret)}"
    assert secret.redact(f"at {VALUE}!") == "at ***!"
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not written down"):
            write(secret)


def test_a_sink_does_not_show_its_secrets():
    told = {"K": VALUE}
    hook = build_sink(SinkSpec("webhook", {"url": f"https://a.example/{VALUE}", "key": "env:K"}), told)
    mail = {"host": "mx.example", "sender": "a@b.example", "recipients": ["c@d.example"], "user": "u"}
    sinks = [hook, build_sink(SinkSpec("email", {**mail, "password": "env:K"}), told),
             build_sink(SinkSpec("service", {"url": "env:K"}), told)]  # fmt: skip
    assert VALUE not in repr(sinks)


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("webhook", {"url": "https://a.example/", "key": VALUE}, "secret is written out"),
        ("service", {"url": f"slack://{VALUE}"}, "secret is written out"),
        ("webhook", {"url": "http://127.0.0.1/", "key": "env:K"}, "not public"),
        ("webhook", {"url": "https://a.example/"}, "lacks key"),
        ("jsonl", {"path": "x", "url": "y"}, "no field 'url'"),
        ("pigeon", {}, "no kind of sink 'pigeon'"),
        ("email", {"host": "mx.example", "sender": "a@b.example\nBcc: x@y.example", "recipients": ["c@d.example"]},
         "no mailbox"),
        ("email", {"host": "mx.example", "sender": "a@b.example", "recipients": ["c@d.example"], "security": "none",
                   "user": "u"}, "unencrypted"),
    ],
)  # fmt: skip
def test_a_description_that_cannot_be_used_is_named_without_its_secret(kind: str, values: dict[str, object], said: str):
    fault = find_fault(SinkSpec(kind, values))
    assert said in fault
    assert VALUE not in fault


def test_a_description_in_order_has_no_fault():
    assert find_fault(SinkSpec("webhook", {"url": "https://a.example/x", "key": "file:~/none"})) == ""
    assert find_fault(SinkSpec("webhook", {"url": "http://127.0.0.1/", "key": "env:K", "allow_private": True})) == ""
