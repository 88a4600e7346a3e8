"""A server on this machine that speaks as much of BigQuery's protocol as its client asks for, over a table of text."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb

from comity.events.warehouse import read_query

PAGE = 7
SIZE = 1000


class Warehouse:
    """Answers dry runs with `SIZE` bytes a day, and queries with what the shipped SQL finds in the table.

    `asked` holds the configuration of each job that was sent; `change` may spoil a page, given with its number. What is
    in `down` (`dry run`, `query`, `rows`) is answered with 503 for ever, and counted in `turned_away`.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.asked: list[dict[str, Any]] = []
        self.answers: dict[str, list[tuple[Any, ...]]] = {}
        self.names: list[str] = []
        self.refuse = ""
        self.down = ""
        self.turned_away = 0
        self.change: Callable[[dict[str, Any], int], None] | None = None
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"warehouse": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()

    def run(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Answer a job."""
        with self.lock:
            config, place = sent["configuration"], sent["jobReference"]
            self.asked.append(config)
            query = config["query"]["query"]
            first, last = re.findall(r"BETWEEN (\d{8})\d{6} AND (\d{8})\d{6}", query)[0]
            size = SIZE * (int(last) - int(first) + 1)
            said = {"totalBytesProcessed": str(size), "totalBytesBilled": str(size), "statementType": "SELECT"}
            if not config.get("dryRun"):
                limits = f"select * from gdelt_raw where DATEADDED between '{first}000000' and '{last}235959'"
                actors = read_query("actors", "duckdb").replace('"gdelt_raw"', f"({limits})")
                found = self.con.execute(f"select *, sum(rows) over () ::bigint as whole from ({actors})")
                self.names = [column[0] for column in found.description or ()]
                self.answers[place["jobId"]] = found.fetchall()
            return {
                "jobReference": place,
                "configuration": config,
                "status": {"state": "DONE"},
                "statistics": {"query": said},
            }

    def page(self, job: str, asked: dict[str, list[str]]) -> dict[str, Any]:
        """Answer for a page of a job's rows."""
        rows = self.answers[job]
        start = int(asked.get("pageToken", ["0"])[0])
        most = int(asked.get("maxResults", [PAGE])[0])
        kinds = ["INTEGER" if name in ("rows", "whole") else "STRING" for name in self.names]
        fields = [
            {"name": name, "type": kind, "mode": "NULLABLE"} for name, kind in zip(self.names, kinds, strict=True)
        ]
        cells = [{"f": [{"v": None if v is None else str(v)} for v in row]} for row in rows[start : start + most]]
        more = {"pageToken": str(start + most)} if start + most < len(rows) else {}
        place = {"projectId": "p", "jobId": job, "location": "US"}
        said = {"jobReference": place, "jobComplete": True, "schema": {"fields": fields}, "totalRows": str(len(rows)),
                "rows": cells, **more}  # fmt: skip
        if self.change is not None:
            self.change(said, start // PAGE + 1)
        return said


class _Handler(BaseHTTPRequestHandler):
    warehouse: Warehouse

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = "dry run" if sent["configuration"].get("dryRun") else "query"
        if self.warehouse.down == kind:
            self.turn_away()
        elif self.warehouse.refuse:
            self.answer({"error": {"code": 403, "message": self.warehouse.refuse, "errors": []}}, 403)
        else:
            self.answer(self.warehouse.run(sent))

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        kind, job = address.path.rsplit("/", 2)[-2:]
        if self.warehouse.down == "rows":
            self.turn_away()
        elif kind == "queries":
            self.answer(self.warehouse.page(job, parse_qs(address.query)))
        else:
            self.answer({"error": {"code": 404, "message": self.path, "errors": []}}, 404)

    def turn_away(self) -> None:
        """Answer that the service is not there for the moment."""
        self.warehouse.turned_away += 1
        said = "The service is currently unavailable."
        self.answer({"error": {"code": 503, "message": said, "errors": [{"reason": "backendError"}]}}, 503)

    def answer(self, said: dict[str, Any], status: int = 200) -> None:
        """Send JSON."""
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
