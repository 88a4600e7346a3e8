"""A Chromium of this machine, and pages of briefs as files."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from comity.brief import render_html

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, PHONE = {"width": 1100, "height": 900}, {"width": 360, "height": 740}


def load_from_room(name: str) -> ModuleType:
    """Load a module of the room's tests."""
    path = Path(__file__).parents[1] / "rooms" / "brief" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"browser_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def documents() -> ModuleType:
    """Give the module that makes documents."""
    return load_from_room("documents")


@pytest.fixture(scope="session")
def hostility() -> ModuleType:
    """Give the module that fills documents with hostile text."""
    return load_from_room("hostility")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """Give a running Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield running
        running.close()


@dataclass
class Visit:
    """A page in the browser, and all that it did beside showing itself."""

    page: Any
    address: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def show(self, address: str) -> None:
        """Load a page and forget what the last one did."""
        for noted in (self.messages, self.requests, self.dialogs):
            noted.clear()
        self.address = address
        self.page.goto(address, wait_until="load")

    def note_request(self, request: Any) -> None:
        """Keep every request but that for the page and for inline data."""
        if request.url != self.address and not request.url.startswith("data:"):
            self.requests.append(request.url)

    def note_dialog(self, dialog: Any) -> None:
        """Keep and close a dialog."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Visit]]:
    """Give a function that opens an address under a colour scheme and a size."""
    contexts = []

    def open_page(address: str, scheme: str = "light", size: dict[str, int] | None = None) -> Visit:
        context = browser.new_context(viewport=size or WIDE, color_scheme=scheme)
        contexts.append(context)
        visited = Visit(context.new_page(), address)
        visited.page.on("console", lambda message: visited.messages.append(message.text))
        visited.page.on("pageerror", lambda error: visited.messages.append(str(error)))
        visited.page.on("request", visited.note_request)
        visited.page.on("dialog", visited.note_dialog)
        visited.show(address)
        return visited

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(params=["pair", "state"])
def brief(request: pytest.FixtureRequest, documents: ModuleType, tmp_path: Path) -> str:
    """Give the address of a brief as a file, of a pair and of a state."""
    document = getattr(documents, f"make_{request.param}")()
    file = tmp_path / f"{request.param}.html"
    file.write_text(render_html(document), encoding="utf-8")
    return file.as_uri()
