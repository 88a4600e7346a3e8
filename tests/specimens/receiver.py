"""A server on this machine that plays the receiver of a webhook, and answers as a test asks it to."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Received(NamedTuple):
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """`received` holds what came; `answers` what is answered, first come first, else 204."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: deque[Callable[[Handler], None]] = deque()
        self.released = threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.receiver = self
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def keys(self) -> list[str]:
        return [request.headers["Idempotency-Key"] for request in self.received]

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *error: object) -> None:
        self.released.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Server(ThreadingHTTPServer):
    """Its threads end with it; a sender that goes away is no error."""

    daemon_threads = False
    receiver: Receiver

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Handler(BaseHTTPRequestHandler):
    """Takes one request."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        receiver = self.server.receiver
        receiver.received.append(Received(self.path, dict(self.headers), body))
        if receiver.answers:
            receiver.answers.popleft()(self)
        else:
            self.reply(204)

    def reply(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def answer(code: int, body: bytes = b"", **headers: str) -> Callable[[Handler], None]:
    """Answer with a status; header names with `_` for `-`."""
    return lambda handler: handler.reply(code, body, **headers)


def pour(handler: Handler) -> None:
    """Answer with a body that never ends."""
    handler.close_connection = True
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.receiver.released.is_set():
        handler.wfile.write(b"x" * 65_536)


def drip(handler: Handler) -> None:
    """Send a byte of the headers at a time."""
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not handler.server.receiver.released.wait(0.05):
        handler.wfile.write(b"x")


def be_silent(handler: Handler) -> None:
    """Take the request and say nothing."""
    handler.close_connection = True
    handler.server.receiver.released.wait(20)
