"""What every test finds: the network closed, the shared material or a visible skip, a browser or a visible skip."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parents[1]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

# The same examples in every run, and no time limit: a slow machine is not a wrong result.
settings.register_profile(
    "house", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


class NetworkClosed(RuntimeError):
    """A test tried to leave this machine."""


def is_loopback(host: object) -> bool:
    """Tell whether `host` (name, address, or nothing) is this machine itself."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_elsewhere(host: object) -> None:
    """Raise `NetworkClosed` unless `host` is this machine itself."""
    if not is_loopback(host):
        raise NetworkClosed(
            f"a test asked for {host!r}: tests reach the loopback addresses only. "
            "Play the publisher with a server on 127.0.0.1."
        )


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Close the network for the whole session, apart from loopback and Unix sockets.

    Child processes get a proxy that answers nothing, so that they cannot leave either.
    """
    real = {"connect": socket.socket.connect, "connect_ex": socket.socket.connect_ex}
    real_getaddrinfo = socket.getaddrinfo

    def guard(method: Any) -> Any:
        def guarded(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                refuse_elsewhere(address[0])
            return method(self, address)

        return guarded

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse_elsewhere(host)
        return real_getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for name, method in real.items():
            patch.setattr(socket.socket, name, guard(method))
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.setenv(name, "http://127.0.0.1:9")
            patch.setenv(name.upper(), "http://127.0.0.1:9")
        for name in ("no_proxy", "NO_PROXY"):
            patch.setenv(name, "127.0.0.1,localhost,::1")
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """Give the folder of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of real specimens beside the repository, or skip and say why."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("needs the real specimens in ../shared/data, which are not here")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of this machine's Chromium, or skip and say what is missing."""
    for package in ("playwright", "axe_playwright_python"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"needs {package} (`make browser` installs it)")
    named = os.environ.get("CHROMIUM", "")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), "")
    if not found:
        pytest.skip("needs a Chromium on this machine (Debian: apt-get install chromium)")
    return found
