# SPDX-License-Identifier: GPL-2.0-or-later
"""Real servers of the standard library: a package index, a proxy that wants a password, TLS."""

from __future__ import annotations

import base64
import http.client
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


@contextmanager
def running(handler: type[BaseHTTPRequestHandler], tls: tuple[Path, Path] | None = None) -> Iterator[int]:
    """Serve on a free loopback port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # a client that hangs up is part of the tests
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", content_type="text/html", **headers):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def index_handler(wheels: Path, stall: threading.Event | None = None, seen: list[str] | None = None):
    """A simple package index; with `stall` a wheel comes half and the rest once the event is set."""

    class Index(Quiet):
        def do_GET(self):
            if seen is not None:
                seen.append(self.path)
            name = urlsplit(self.path).path.rstrip("/").split("/")[-1]
            if name.endswith(".whl"):
                self.send_wheel((wheels / name).read_bytes())
            elif self.path.startswith("/simple/"):
                found = sorted(wheels.glob(f"{name.replace('-', '_')}-*.whl"))
                links = "".join(f'<a href="/files/{path.name}">{path.name}</a>' for path in found)
                self.answer(200 if found else 404, f"<html><body>{links}</body></html>".encode())
            else:
                self.answer(404)

        def send_wheel(self, content):
            if stall is None:
                return self.answer(200, content, "application/octet-stream")
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            stall.wait(60)
            self.wfile.write(content[len(content) // 2 :])
            return None

    return Index


def proxy_handler(account: str, port: int, seen: list[str]):
    """An HTTP proxy that wants `account` and sends every host to `port` of this machine."""
    expected = "Basic " + base64.b64encode(account.encode("latin-1")).decode()

    class Proxy(Quiet):
        def do_GET(self):
            if self.headers.get("Proxy-Authorization") != expected:
                self.answer(407, b"", Proxy_Authenticate='Basic realm="test"')
                return
            seen.append(self.path)
            upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            upstream.request("GET", urlsplit(self.path).path)
            reply = upstream.getresponse()
            self.answer(reply.status, reply.read(), reply.getheader("Content-Type", "text/html"))

    return Proxy


def make_certificates(folder: Path, host: str = "127.0.0.1") -> tuple[Path, tuple[Path, Path]]:
    """An authority of our own and a server's certificate: (authority, (certificate, key))."""
    folder.mkdir(parents=True, exist_ok=True)
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    cert, key, request = folder / "server.pem", folder / "server.key", folder / "server.csr"
    names = folder / "names.cnf"
    kind = "IP" if host[0].isdigit() else "DNS"
    names.write_text(f"subjectAltName={kind}:{host}\n")

    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    constraints = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl(
        "req", "-x509", *curve, "-keyout", ca_key, "-out", ca, "-days", 30, "-subj", "/CN=Test", *constraints
    )
    openssl("req", *curve, "-keyout", key, "-out", request, "-subj", f"/CN={host}")
    openssl(
        *("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial"),
        *("-out", cert, "-days", 30, "-extfile", names),
    )
    return ca, (cert, key)
