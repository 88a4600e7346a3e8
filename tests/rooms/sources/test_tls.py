"""A publisher by https: the right certificate is taken; one of another host, out of date or self-made is refused."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.specimens.publisher import Publisher, pack, write_row

from comity.sources import courier
from comity.sources.courier import Visit
from comity.sources.errors import FetchError
from comity.sources.fetch import fetch_slots

DAY = date(2025, 5, 16)
NAME = "20250516000000.export.CSV.zip"
VISIT = Visit(now=datetime(2025, 5, 16, 0, 20, tzinfo=UTC), attempts=2, wait=0.01, longest=0.05, idle=5.0, total=20.0)
RIGHT, OTHER = "IP:127.0.0.1", "IP:127.0.0.2,DNS:elsewhere.example"


class Authority(NamedTuple):
    """Who signs certificates, and the program that does."""

    folder: Path
    program: str

    def run(self, *words: str | Path) -> None:
        subprocess.run([self.program, *words], check=True, capture_output=True, cwd=self.folder)

    def sign(self, names: str, begin: str, end: str) -> Path:
        """Give key and certificate for names, valid from one time to another (YYMMDDHHMMSSZ)."""
        (self.folder / "names").write_text(
            f"subjectAltName={names}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
        )
        self.run("req", "-new", "-key", "key", "-subj", "/CN=publisher", "-out", "asked")
        (self.folder / "index").write_text("")
        (self.folder / "serial").write_text("01\n")
        words = ("-config", "settings", "-batch", "-notext", "-startdate", begin, "-enddate", end)
        self.run("ca", *words, "-extfile", "names", "-in", "asked", "-out", "signed")
        path = self.folder / "whole.pem"
        path.write_bytes((self.folder / "key").read_bytes() + (self.folder / "signed").read_bytes())
        return path


SETTINGS = """
[ca]
default_ca = here
[here]
database = index
new_certs_dir = .
serial = serial
certificate = authority
private_key = key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("needs the program openssl, which is not here")
    folder = tmp_path_factory.mktemp("authority")
    (folder / "settings").write_text(SETTINGS)
    made = Authority(folder, program)
    made.run("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", "key")
    words = ("-days", "3650", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", "authority")
    made.run("req", "-x509", "-new", "-key", "key", "-subj", "/CN=authority", *words)
    return made


@pytest.fixture
def publisher(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """Give a publisher whose visitors trust the authority, and nobody else."""
    trusted = ssl.create_default_context(cafile=authority.folder / "authority")
    monkeypatch.setattr(courier, "_trust", lambda: trusted)
    with Publisher() as publisher:
        publisher.publish({NAME: pack(NAME, [write_row(event_id=1, date=20250516)])})
        yield publisher


def fetch_by_https(publisher: Publisher, certificate: Path, into: Path) -> int:
    """Fetch from the publisher, who shows a certificate; give the number of files that came."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    publisher.server.socket = context.wrap_socket(publisher.server.socket, server_side=True)
    base = publisher.base.replace("http:", "https:")
    return int(fetch_slots(DAY, DAY, into, base=base, visit=VISIT)["slots"]["fetched"])


def test_a_certificate_of_the_host_that_the_authority_signed_is_taken(
    authority: Authority, publisher: Publisher, tmp_path: Path
):
    assert fetch_by_https(publisher, authority.sign(RIGHT, "200101000000Z", "491231000000Z"), tmp_path) == 1


@pytest.mark.parametrize(
    ("names", "begin", "end", "said"),
    [
        (OTHER, "200101000000Z", "491231000000Z", "not valid for"),
        (RIGHT, "200101000000Z", "210101000000Z", "expired"),
        (RIGHT, "480101000000Z", "491231000000Z", "not yet valid"),
    ],
)
def test_a_certificate_of_another_host_or_time_is_refused(
    names: str, begin: str, end: str, said: str, authority: Authority, publisher: Publisher, tmp_path: Path
):
    with pytest.raises(FetchError, match="certificate is refused") as caught:
        fetch_by_https(publisher, authority.sign(names, begin, end), tmp_path)
    assert said in caught.value.what
    assert (publisher.requests, list(tmp_path.glob("*.zip"))) == ([], [])


def test_a_certificate_that_nobody_but_its_maker_signed_is_refused(
    authority: Authority, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.undo()
    with pytest.raises(FetchError, match="certificate is refused"):
        fetch_by_https(publisher, authority.sign(RIGHT, "200101000000Z", "491231000000Z"), tmp_path)
    assert publisher.requests == []


def test_no_option_and_no_source_goes_on_without_a_certificate(repository: Path):
    words = ("insecure", "no-verify", "CERT_NONE", "check_hostname = False", "verify=False")
    for path in (repository / "src" / "comity").rglob("*"):
        if path.suffix in (".py", ".yml"):
            assert [word for word in words if word in path.read_text("utf-8")] == [], path.name
