"""A server on this machine that plays the publisher of GDELT, with the faults that a test asks for."""

from __future__ import annotations

import hashlib
import io
import threading
import time
import zipfile
from collections import Counter, deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

LIST = "masterfilelist.txt"
COLUMNS = 61
PLACES = {"event_id": 0, "date": 1, "actor1": 7, "actor2": 17, "code": 26, "added": 59, "url": 60}


class Request(NamedTuple):
    """What was asked for: file name, `Range` header, all headers, and when."""

    name: str
    range: str
    headers: dict[str, str]
    at: float


def write_row(**values: object) -> str:
    """Give a line of the 2.0 layout with the named values, everything else empty."""
    fields = [""] * COLUMNS
    for name, value in values.items():
        fields[PLACES[name]] = str(value)
    return "\t".join(fields)


def pack(name: str, rows: list[str]) -> bytes:
    """Give a zip archive with one member, the same bytes every time."""
    text = "".join(row + "\n" for row in rows)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo(name.removesuffix(".zip"), (2025, 5, 16, 0, 0, 0))
        archive.writestr(member, text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def list_line(name: str, data: bytes, host: str = "http://data.publisher.example/gdeltv2") -> str:
    """Give the line of the publisher's list for a file."""
    return f"{len(data)} {hashlib.md5(data, usedforsecurity=False).hexdigest()} {host}/{name}"


class Publisher:
    """Files under an address, a list of them, and faults that are used up one request at a time.

    `files` maps names to bytes; `faults` maps names to functions that answer instead, first come first; `requests`
    holds what was asked; `sent` counts the bytes of bodies sent for each name.
    """

    def __init__(self, *, ranges: bool = True) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, deque[Callable[[Handler, bytes], None]]] = {}
        self.requests: list[Request] = []
        self.sent: Counter[str] = Counter()
        self.ranges = ranges
        self.busiest = 0
        self.busy = 0
        self.lock = threading.Lock()
        self.released = threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.publisher = self
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/gdeltv2"

    def publish(self, files: dict[str, bytes], *extra: str, listed: bool = True) -> None:
        """Put files up, and a list that names them between lines of other kinds."""
        self.files.update(files)
        names = [line for name, data in files.items() if listed for line in self._lines(name, data)]
        self.files[LIST] = "".join(line + "\n" for line in [*names, *extra]).encode()

    def _lines(self, name: str, data: bytes) -> list[str]:
        stem = name.split(".", 1)[0]
        others = [list_line(f"{stem}.{kind}", b"") for kind in ("mentions.CSV.zip", "gkg.csv.zip")]
        return [list_line(name, data), *others]

    def fail(self, name: str, *faults: Callable[[Handler, bytes], None]) -> None:
        self.faults.setdefault(name, deque()).extend(faults)

    def asked(self, name: str) -> list[Request]:
        return [request for request in self.requests if request.name == name]

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, *error: object) -> None:
        self.released.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Server(ThreadingHTTPServer):
    """Its threads end with it; a client that goes away is no error."""

    daemon_threads = False
    publisher: Publisher

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    server: Server

    def do_GET(self) -> None:
        publisher, name = self.server.publisher, self.path.rsplit("/", 1)[-1]
        with publisher.lock:
            headers = dict(self.headers)
            publisher.requests.append(Request(name, headers.get("Range", ""), headers, time.monotonic()))
            publisher.busy += 1
            publisher.busiest = max(publisher.busiest, publisher.busy)
            fault = publisher.faults[name].popleft() if publisher.faults.get(name) else None
        try:
            data = publisher.files.get(name)
            if fault is not None:
                fault(self, data or b"")
            elif data is None:
                self.reply(404, b"<html><body>NoSuchKey</body></html>", {"Content-Type": "text/html"})
            else:
                self.reply(*self.select(data))
        finally:
            with publisher.lock:
                publisher.busy -= 1

    def select(self, data: bytes) -> tuple[int, bytes, dict[str, str]]:
        """Give status, body and headers for what was asked of a file."""
        tag = f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'
        headers = {"ETag": tag, "Content-Type": "application/zip"}
        asked = self.headers.get("Range", "")
        if not asked or not self.server.publisher.ranges:
            return 200, data, headers
        if self.headers.get("If-Range", tag) != tag:
            return 200, data, headers
        first, last = asked.removeprefix("bytes=").split("-")
        start = int(first) if first else max(0, len(data) - int(last))
        if start >= len(data):
            return 416, b"", {"Content-Range": f"bytes */{len(data)}"}
        return 206, data[start:], headers | {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}

    def begin(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, body: bytes) -> None:
        self.wfile.write(body)
        self.wfile.flush()
        self.server.publisher.sent[self.path.rsplit("/", 1)[-1]] += len(body)

    def reply(self, code: int, body: bytes, headers: dict[str, str]) -> None:
        self.begin(code, {"Content-Length": str(len(body)), **headers})
        self.send(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


Fault = Callable[[Handler, bytes], None]


def answer(code: int, body: bytes = b"<html><body>error</body></html>", **headers: str) -> Fault:
    """Answer with a status of one's own; header names with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, data: handler.reply(code, body, {"Content-Type": "text/html", **named})


def send_other(body: bytes) -> Fault:
    """Send other bytes than the file's, as if all were well."""
    return lambda handler, data: handler.reply(200, body, {"Content-Type": "application/zip"})


def cut(after: int) -> Fault:
    """Promise the whole and close the connection after some bytes of the body."""

    def fault(handler: Handler, data: bytes) -> None:
        code, body, headers = handler.select(data)
        handler.begin(code, {"Content-Length": str(len(body)), **headers})
        handler.send(body[:after])
        handler.close_connection = True

    return fault


def hang_up() -> Fault:
    """Close the connection without a word."""
    return lambda handler, data: setattr(handler, "close_connection", True)


def lie(length: int) -> Fault:
    """State another length than the body has, and close the connection after the body."""

    def fault(handler: Handler, data: bytes) -> None:
        handler.begin(200, {"Content-Length": str(length)})
        handler.send(data)
        handler.close_connection = True

    return fault


def stall(after: int = 0, *, headers: bool = True) -> Fault:
    """Send some bytes and then nothing, until the test is over."""

    def fault(handler: Handler, data: bytes) -> None:
        if headers:
            code, body, said = handler.select(data)
            handler.begin(code, {"Content-Length": str(len(body)), **said})
            handler.send(body[:after])
        handler.server.publisher.released.wait(20)
        handler.close_connection = True

    return fault


def drip(pause: float, *, headers: bool = False) -> Fault:
    """Send a byte at a time, of the body or of the headers, for ever."""

    def fault(handler: Handler, data: bytes) -> None:
        handler.close_connection = True
        if not headers:
            handler.begin(200, {"Transfer-Encoding": "chunked"})
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: " if headers else b"")
        while not handler.server.publisher.released.wait(pause):
            handler.wfile.write(b"x" if headers else b"1\r\nx\r\n")

    return fault


def pour() -> Fault:
    """Send a body in chunks that never ends, as fast as it is taken."""

    def fault(handler: Handler, data: bytes) -> None:
        handler.close_connection = True
        handler.begin(200, {"Transfer-Encoding": "chunked"})
        while not handler.server.publisher.released.is_set():
            handler.send(b"10000\r\n" + b"\0" * 0x10000 + b"\r\n")

    return fault
