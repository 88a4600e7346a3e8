"""Registers to play with, and a PostgreSQL server of the test's own."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Record

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
                Assessment(f"{id}/a", "registrar", DAY, commitment=id, scale="g20", value="0", coder="first",
                           day=date(2021, 2, 1), reason="Begun.", evidence=(f"{id}/e0",) if evidence else ())
            )  # fmt: skip
    return records


def find_postgresql() -> Path | None:
    """Give the folder of the newest PostgreSQL server programs of this machine, or None."""
    found = []
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        found.append(Path(told.stdout.strip()))
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name.split(".")[0]))
    return next((folder for folder in found if (folder / "initdb").is_file()), None)


@contextmanager
def start_postgresql(folder: Path) -> Iterator[str]:
    """Start a server of the test's own in a folder, on a free port of loopback, and give the address of a database."""
    programs = find_postgresql()
    if programs is None:
        pytest.skip("needs a PostgreSQL server on this machine (Debian: apt-get install postgresql)")
    account = choose_account()
    data, password = folder / "data", secrets.token_hex(16)
    (folder / "secret").write_text(password, "ascii")
    own_folder(folder, account)
    make = [programs / "initdb", "-D", data, "-U", "comity", "-A", "scram-sha-256", "--pwfile", folder / "secret"]
    run_as(account, [*make, "-E", "UTF8", "--locale", "C", "--no-sync"])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -p {port}"
    control = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w"]
    run_as(account, [*control, "-o", options, "start"])
    try:
        yield f"postgresql://comity:{password}@127.0.0.1:{port}/postgres"
    finally:
        run_as(account, [*control, "-m", "immediate", "stop"])


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
    """Give a folder to the account, and let it pass through the folders above."""
    if account is None:
        return
    for path in (folder, *folder.iterdir()):
        os.chown(path, account.pw_uid, account.pw_gid)
    for above in folder.parents:
        if above != Path("/") and not above.stat().st_mode & 0o001:
            above.chmod(above.stat().st_mode | 0o011)


def run_as(account: pwd.struct_passwd | None, words: list[object]) -> None:
    """Run a program as an account, without waiting for what it leaves behind."""
    who = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(word) for word in words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        check=False,
        **who,  # type: ignore[call-overload]
    )
    assert done.returncode == 0, f"{words[0]} ended with {done.returncode}"
