# SPDX-License-Identifier: GPL-2.0-or-later
"""The collaborative service's resources on this computer, for tests and stories; it misbehaves on demand.

`users/me`, `reports` (pages, box, communities, opening_date), `reports/{id}` (GET, PATCH),
`reports/{id}/replies` (POST) and an OAuth2 token address, as IGN's own clients call them.

    python -m tests.qgis.pi_review.signalements.espace_server PORT REPORTS.json
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

API = "/gcms/api"
STATUSES = {
    "undefined", "test", "submit", "pending", "pending0", "pending1", "pending2", "valid", "valid0", "reject",
    "reject0",
}  # fmt: skip
BASIC_TOKEN = "jeton-de-test"
NAMES = ("OCS GE", "BD TOPO")


@dataclass
class Fault:
    """What goes wrong with the next requests of a kind.

    Attributes:
        verb, path: which requests; the path is a regular expression.
        kind: see `Handler._fail`.
        times: how many requests.
        delay_s: of the slow kinds, s.
    """

    verb: str
    path: str
    kind: str
    times: int = 1
    delay_s: float = 0.0


@dataclass
class Service:
    """What the server holds and has seen.

    Attributes:
        reports: by number.
        tokens: accepted as `Authorization: Bearer`.
        faults: to come.
        requests: (verb, path with query, credentials) of every request.
    """

    reports: dict[int, dict[str, Any]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {BASIC_TOKEN})
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    applies_status_of_replies: bool = True
    granted: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    on_request: Callable[[str, str], None] = lambda verb, path: None

    def add(self, *reports: dict[str, Any]) -> None:
        """Hold these reports."""
        with self.lock:
            self.reports.update({report["id"]: report for report in reports})

    def replies_of(self, number: int) -> list[dict[str, Any]]:
        """Replies of a report."""
        with self.lock:
            return list(self.reports[number]["replies"])

    def fail(self, verb: str, path: str, kind: str, times: int = 1, delay_s: float = 0.0) -> None:
        """Misbehave on the next requests of a kind."""
        with self.lock:
            self.faults.append(Fault(verb, path, kind, times, delay_s))

    def fault_of(self, verb: str, path: str) -> Fault | None:
        """The fault that meets a request, used up by it."""
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and fault.verb == verb and re.search(fault.path, path):
                    fault.times -= 1
                    return fault
        return None

    def reply(self, number: int, author: str, content: str, status: str) -> dict[str, Any]:
        """Add a reply, as the service does."""
        with self.lock:
            report = self.reports[number]
            reply = {
                "report_id": number,
                "id": 100000 + len(report["replies"]),
                "author": {"id": 1, "username": author, "email": f"{author}@example.org"},
                "title": None,
                "content": content,
                "status": status,
                "date": now(),
            }
            report["replies"].append(reply)
            if self.applies_status_of_replies:
                self._set_status(report, status)
            return reply

    def patch(self, number: int, status: str) -> dict[str, Any]:
        """Give a report a status."""
        with self.lock:
            self._set_status(self.reports[number], status)
            return self.reports[number]

    def _set_status(self, report: dict[str, Any], status: str) -> None:
        report["status"], report["updating_date"] = status, now()
        if status.startswith(("valid", "reject")):
            report["closing_date"] = now()


def now() -> str:
    """As the service writes dates, with an offset."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def report(number: int, lon: float, lat: float, comment: str, **values: Any) -> dict[str, Any]:
    """A report as the service gives it."""
    return {
        "id": number,
        "community": {"id": 80, "name": NAMES[0]},
        "author": {"id": 676, "username": "mairie", "email": "mairie@example.org"},
        "commune": {"name": "33009", "title": "Arcachon"},
        "departement": {"name": "33", "title": "Gironde"},
        "opening_date": "2026-03-01T10:00:00+01:00",
        "updating_date": "2026-03-01T10:00:00+01:00",
        "closing_date": None,
        "attributes": [{"community": 80, "theme": "OCS GE", "attributes": {"nature": "couverture"}}],
        "status": "submit",
        "comment": comment,
        "replies": [],
        "attachments": [],
        "input_device": "SIG-QGIS",
        "geometry": f"POINT({lon} {lat})",
        "sketch": None,
        **values,
    }


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    service: Service

    def do_GET(self) -> None:
        """Reports and who one is."""
        self._serve(self._get)

    def do_POST(self) -> None:
        """Replies and tokens."""
        self._serve(self._post)

    def do_PATCH(self) -> None:
        """Statuses."""
        self._serve(self._patch)

    def log_message(self, *arguments: Any) -> None:
        """Nothing."""

    def _serve(self, act: Callable[[dict[str, Any]], tuple[int, Any]]) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        credentials = self.headers.get("Authorization") or ""
        with self.service.lock:
            self.service.requests.append((self.command, self.path, credentials))
        self.service.on_request(self.command, self.path)
        if self.path.startswith("/oauth/token"):
            self._send(*self._grant(body))
            return
        fault = self.service.fault_of(self.command, self.path)
        if fault is not None and self._fail(fault, body, act):
            return
        if credentials.removeprefix("Bearer ") not in self.service.tokens:
            self._send(401, {"code": 401, "message": "Expired token"})
            return
        self._send(*act(_decoded(body)))

    def _fail(self, fault: Fault, body: bytes, act: Callable[[dict[str, Any]], tuple[int, Any]]) -> bool:
        """Misbehave; False where the request is then answered as it should be."""
        kind, _, when = fault.kind.partition(" ")
        done = act(_decoded(body)) if when == "after" else None
        if fault.delay_s:
            time.sleep(fault.delay_s)
        if when == "late":
            done = act(_decoded(body))
        if kind == "drop":
            self.close_connection = True
            self.connection.close()
        elif kind == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "5000")
            self.end_headers()
            self.wfile.write(b'{"id": ')
            self.wfile.flush()
            self.close_connection = True
            self.connection.close()
        elif kind == "html":
            self._send_bytes(200, b"<html><body>Maintenance</body></html>", "text/html")
        elif kind == "object":
            self._send(200, {"message": "Maintenance"})
        elif kind == "redirect":
            self.send_response(302)
            self.send_header("Location", when)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif kind == "busy":
            self._send(429, {"message": "Too many requests"}, {"Retry-After": "7"})
        elif kind == "slow" and done is None:
            return False
        elif kind == "slow":
            self._send(*done)
        else:
            self._send(int(kind), {"code": int(kind), "message": "Erreur <b>interne</b>"})
        return True

    def _grant(self, body: bytes) -> tuple[int, Any]:
        asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if asked.get("grant_type") not in ("password", "refresh_token"):
            return 400, {"error": "unsupported_grant_type"}
        if asked["grant_type"] == "password" and asked.get("password") != "secret":
            return 401, {"error": "invalid_grant"}
        with self.service.lock:
            self.service.granted += 1
            token = f"oauth-{self.service.granted}"
            self.service.tokens.add(token)
        granted = {"access_token": token, "token_type": "Bearer", "expires_in": 300}
        return 200, {**granted, "refresh_token": f"r{token}"}

    def _get(self, _body: dict[str, Any]) -> tuple[int, Any]:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == f"{API}/users/me":
            members = [{"community_id": 80 + n, "community_name": name} for n, name in enumerate(NAMES)]
            return 200, {"id": 676, "username": "anne", "communities_member": members}
        if parts.path == f"{API}/reports":
            return self._page(query)
        number = re.fullmatch(rf"{API}/reports/(\d+)", parts.path)
        with self.service.lock:
            if number is None or int(number[1]) not in self.service.reports:
                return 404, {"code": 404, "message": "Report not found"}
            return 200, json.loads(json.dumps(self.service.reports[int(number[1])]))

    def _page(self, query: dict[str, str]) -> tuple[int, Any]:
        page, limit = int(query.get("page", 1)), min(int(query.get("limit", 10)), 100)
        with self.service.lock:
            found = [one for _, one in sorted(self.service.reports.items(), reverse=True)]
        if "box" in query:
            xmin, ymin, xmax, ymax = map(float, query["box"].split(","))
            places = {one["id"]: re.findall(r"[-0-9.]+", one["geometry"] or "") for one in found}
            found = [
                one
                for one in found
                if len(places[one["id"]]) == 2
                and xmin <= float(places[one["id"]][0]) <= xmax
                and ymin <= float(places[one["id"]][1]) <= ymax
            ]
        if "communities" in query:
            wanted = set(map(int, query["communities"].split(",")))
            found = [one for one in found if one["community"]["id"] in wanted]
        if "opening_date" in query:
            found = [one for one in found if one["opening_date"] >= query["opening_date"]]
        part = found[(page - 1) * limit : page * limit]
        return (206 if page * limit < len(found) else 200), part

    def _post(self, body: dict[str, Any]) -> tuple[int, Any]:
        number = re.fullmatch(rf"{API}/reports/(\d+)/replies", self.path)
        if number is None or int(number[1]) not in self.service.reports:
            return 404, {"code": 404, "message": "Report not found"}
        if body.get("status") not in STATUSES or not body.get("content"):
            return 400, {"code": 400, "message": "Bad reply"}
        return 201, self.service.reply(int(number[1]), "anne", body["content"], body["status"])

    def _patch(self, body: dict[str, Any]) -> tuple[int, Any]:
        number = re.fullmatch(rf"{API}/reports/(\d+)", self.path)
        if number is None or int(number[1]) not in self.service.reports:
            return 404, {"code": 404, "message": "Report not found"}
        if body.get("status") not in STATUSES:
            return 400, {"code": 400, "message": "Bad status"}
        return 200, self.service.patch(int(number[1]), body["status"])

    def _send(self, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
        self._send_bytes(status, json.dumps(document).encode(), "application/json", headers)

    def _send_bytes(
        self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        try:
            self.send_response(status)
            for name, value in {"Content-Type": kind, **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            # The client did not wait.
            self.close_connection = True


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class EspaceServer:
    """A running server.

    Args:
        reports: what it holds.
        port: 0 for any.
    """

    def __init__(self, reports: Iterable[dict[str, Any]] = (), port: int = 0) -> None:
        self.service = Service()
        self.service.add(*reports)
        handler = type("Bound", (Handler,), {"service": self.service})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()


def main() -> None:
    """Serve reports of a file until told to stop."""
    server = EspaceServer(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")), int(sys.argv[1]))
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
