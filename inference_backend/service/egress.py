# SPDX-License-Identifier: GPL-2.0-or-later
"""A proxy beside a worker that lets GDAL reach allowed hosts alone, wherever a server may redirect it.

An address is checked before a job starts; where an allowed server sends GDAL on to another one, only what
stands between GDAL and the network can tell. The proxy listens on loopback and ends with its worker.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import socketserver
import subprocess
import sys
import threading
from urllib.parse import urlsplit

from inference_backend.predict.inputs.source_policy import SourcePolicy

VARIABLES = ("GDAL_HTTP_PROXY", "GDAL_HTTPS_PROXY", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
TIMEOUT_S = 60.0
NOBODY = 9
"""A port where nobody listens: the proxy of those who may reach no host."""
_kept: list[subprocess.Popen[str]] = []
MOST_LINE_BYTES = 16 * 1024
MOST_LINES = 100


def guard_egress(policy: SourcePolicy) -> None:
    """Send this process's HTTP through a proxy of its own; nothing where every host is allowed."""
    if policy.hosts is None:
        return
    address = f"http://127.0.0.1:{_start(policy.hosts) if policy.hosts else NOBODY}"
    os.environ.update(dict.fromkeys(VARIABLES, address))
    for name in ("no_proxy", "NO_PROXY"):
        os.environ.pop(name, None)


def _start(hosts: tuple[str, ...]) -> int:
    """A process that ends with us; no thread, since GDAL may hold the interpreter while it waits."""
    process = subprocess.Popen(  # nosec B603 - our own module, no shell
        [sys.executable, "-m", "inference_backend.service.egress"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdin is None or process.stdout is None:
        raise ValueError("the proxy has no pipes")
    process.stdin.write(json.dumps(hosts) + "\n")
    process.stdin.flush()
    _kept.append(process)
    return int(process.stdout.readline())


def main() -> None:
    """Serve the hosts of the first line of standard input until it closes."""
    hosts = json.loads(sys.stdin.readline())
    server = _Proxy(("127.0.0.1", 0), _Handler)
    server.policy = SourcePolicy(None, tuple(hosts))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    policy: SourcePolicy


class _Handler(socketserver.StreamRequestHandler):
    timeout = TIMEOUT_S
    server: _Proxy

    def handle(self) -> None:
        """Pass one request on, or refuse it."""
        with contextlib.suppress(OSError, ValueError):
            method, target, _ = self.rfile.readline(MOST_LINE_BYTES).decode("latin-1").split()
            headers = self._headers()
            is_tunnel = method == "CONNECT"
            address = f"https://{target}" if is_tunnel else target
            if not self.server.policy.allows_url(address):
                self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            parts = urlsplit(address)
            port = parts.port or (443 if is_tunnel else 80)
            with socket.create_connection((parts.hostname or "", port), TIMEOUT_S) as upstream:
                if is_tunnel:
                    self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    upstream.sendall(_request(method, target, headers))
                _relay(self.connection, upstream, both_ways=is_tunnel)

    def _headers(self) -> list[bytes]:
        lines: list[bytes] = []
        while (line := self.rfile.readline(MOST_LINE_BYTES)) not in (b"\r\n", b"\n", b""):
            lines.append(line)
            if len(lines) > MOST_LINES:
                raise ValueError("too many headers")
        return lines


def _request(method: str, target: str, headers: list[bytes]) -> bytes:
    """The request as its server expects it; one a connection, so that the next one is checked as well."""
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [line for line in headers if not line.lower().startswith((b"proxy-", b"connection:"))]
    return f"{method} {path} HTTP/1.1\r\n".encode() + b"".join(kept) + b"Connection: close\r\n\r\n"


def _relay(client: socket.socket, upstream: socket.socket, *, both_ways: bool) -> None:
    pairs = {upstream: client, **({client: upstream} if both_ways else {})}
    while True:
        ready, _, _ = select.select(list(pairs), [], [], TIMEOUT_S)
        if not ready:
            return
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            pairs[source].sendall(data)


if __name__ == "__main__":
    main()
