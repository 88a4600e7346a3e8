"""Registers to play with, and a PostgreSQL server of the test's own."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Record
from comity.commitments.register import Register, open_register

DAY = date(2020, 1, 1)
UNPRIVILEGED = ("postgres", "nobody")


def build_records(commitments: int = 2, evidence: int = 2) -> list[Record]:
    """Give an agreement of two parties, with so many commitments of each and pieces of evidence for each."""
    records: list[Record] = [
        Agreement("pact", "registrar", DAY, title="A pact", parties=("NOR", "SWE"), signed=DAY),
        Article("pact/1", "registrar", DAY, agreement="pact", place="Article 1", heading="Works"),
    ]
    for party in ("NOR", "SWE"):
        for number in range(commitments):
            id = f"pact/1/{party}/{number}"
            due = date(2021 + number % 9, 6, 30)
            records.append(
                Commitment(id, "registrar", DAY, article="pact/1", party=party, obligation=f"Build part {number}.",
                           field="transport", indicator="length built", unit="km", baseline=Decimal("0"),
                           target=Decimal("1.50"), due=due, owner="ministry of transport")
            )  # fmt: skip
            for piece in range(evidence):
                link = f"https://example.org/{party}/{number}/{piece}"
                records.append(
                    Evidence(f"{id}/e{piece}", "registrar", DAY, commitment=id, link=link, day=date(2021, 1, 1 + piece),
                             quotation="Works have begun.", direction="for", value=Decimal("0.25"))
                )  # fmt: skip
            records.append(
                Assessment(f"{id}/a", "registrar", DAY, commitment=id, scale="g7-g20", value="0", coder="first",
                           day=date(2021, 2, 1), reason="Begun.", evidence=(f"{id}/e0",) if evidence else ())
            )  # fmt: skip
    return records


@cache
def make_template() -> bytes:
    """Give the bytes of an empty register: copying it is much faster than to make one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        open_register(path, create=True).close()
        return path.read_bytes()


@contextmanager
def open_empty() -> Iterator[Register]:
    """Open an empty register that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.db"
        path.write_bytes(make_template())
        with open_register(path) as register:
            yield register


def find_postgresql() -> Path | None:
    """Give the folder of the newest PostgreSQL server programs of this machine, or None."""
    found = []
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        found.append(Path(told.stdout.strip()))
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name.split(".")[0]))
    return next((folder for folder in found if (folder / "initdb").is_file()), None)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of the test's own: its address, and how it is ended and started again."""

    address: str
    control: tuple[object, ...]
    options: str
    account: pwd.struct_passwd | None
    folder: Path

    def start(self) -> None:
        """Start it, and wait until it answers."""
        run_as(self.account, [*self.control, "-o", self.options, "start"], self.folder / "log")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends what goes on in order, `immediate` does not."""
        run_as(self.account, [*self.control, "-m", mode, "stop"], self.folder / "log")

    def read_process(self) -> int:
        """Give the number of its first process."""
        return int((self.folder / "data" / "postmaster.pid").read_text("utf-8").split("\n")[0])


@contextmanager
def start_postgresql() -> Iterator[str]:
    """Start a server of the test's own in a folder of its own, on a free port of loopback, and give its address."""
    with run_postgresql() as server:
        yield server.address


@contextmanager
def run_postgresql(*settings: str) -> Iterator[Server]:
    """Start a server of the test's own, with settings such as `fsync=on`, and give what ends and starts it."""
    programs = find_postgresql()
    if programs is None:
        pytest.skip("needs a PostgreSQL server on this machine (Debian: apt-get install postgresql)")
    account = choose_account()
    password = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, data = Path(name), Path(name) / "data"
        (folder / "secret").write_text(password, "ascii")
        own_folder(folder, account)
        make = [programs / "initdb", "-D", data, "-U", "comity", "-A", "scram-sha-256", "--pwfile", folder / "secret"]
        run_as(account, [*make, "-E", "UTF8", "--locale", "C", "--no-sync"])
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        said = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *(settings or ("fsync=off",)))
        options = " ".join(f"-c {each}" for each in said) + f" -p {port}"
        control = (programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w")
        address = f"postgresql://comity:{password}@127.0.0.1:{port}/postgres"
        server = Server(address, control, options, account, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def make_database(address: str, name: str) -> str:
    """Make another database on a server, and give its address."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{address.rpartition('/')[0]}/{name}"


def choose_account() -> pwd.struct_passwd | None:
    """Give the account that the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("needs an account other than root for the PostgreSQL server")


def own_folder(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Give a folder and what is in it to the account."""
    for path in (folder, *folder.iterdir()) if account is not None else ():
        os.chown(path, account.pw_uid, account.pw_gid)


def run_as(account: pwd.struct_passwd | None, words: list[object], log: Path | None = None) -> None:
    """Run a program as an account, without waiting for what it leaves behind; a failure shows the end of its log."""
    who = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(word) for word in words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        check=False,
        **who,  # type: ignore[call-overload]
    )
    said = log.read_text("utf-8", errors="replace")[-2000:] if log is not None and log.is_file() else ""
    assert done.returncode == 0, f"{words[0]} ended with {done.returncode}\n{said}"
