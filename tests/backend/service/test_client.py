# SPDX-License-Identifier: GPL-2.0-or-later
"""The Python client against a real server, and against one that stumbles."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from inference_backend.service import client as module
from inference_backend.service.client import Client, OtherVersionError, RefusedError
from tests.backend.service.server_process import TOKEN


@pytest.fixture
def stumbling(monkeypatch):
    """A server that answers with what `plan` says, one entry a request: (status, body, bytes really sent)."""
    monkeypatch.setattr(module, "RETRY_DELAY_S", 0.01)
    plan, seen = [], []

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            seen.append((self.command, self.headers.get("Range", "")))
            status, body, sent = plan.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:sent])
            self.close_connection = True

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - names of the standard library

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Client(f"http://127.0.0.1:{server.server_port}", "x"), plan, seen
    server.shutdown()
    server.server_close()


def test_a_busy_server_is_asked_again(stumbling):
    client, plan, seen = stumbling
    plan += [(503, b"{}", None), (429, b"{}", None), (200, b'{"api": "1"}', None)]
    assert client.landing() == {"api": "1"}
    assert len(seen) == 3


def test_a_job_is_never_started_twice(stumbling):
    client, plan, seen = stumbling
    plan += [(503, b"{}", None)]
    with pytest.raises(RefusedError):
        client.submit("check", {})
    assert seen == [("POST", "")]


def test_another_version_of_the_interface_is_said(stumbling):
    client, plan, _ = stumbling
    plan += [(200, b'{"api": "7", "version": "3.1"}', None)]
    with pytest.raises(OtherVersionError, match="version 7 of the interface") as raised:
        client.require_same_version()
    assert "Mettez à jour" in raised.value.text("fr")


def test_a_download_that_breaks_off_is_gone_on_with(stumbling, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CHUNK_BYTES", 100)
    client, plan, seen = stumbling
    content = bytes(range(256)) * 8
    plan += [(200, content, 1000), (206, content[1000:], None)]
    assert client.download("/files/a", tmp_path / "a").read_bytes() == content
    assert seen[1] == ("GET", "bytes=1000-")


def test_a_download_that_fails_leaves_nothing(stumbling, tmp_path):
    client, plan, _ = stumbling
    plan += [(404, b'{"detail": "gone"}', None)]
    with pytest.raises(RefusedError, match="gone"):
        client.download("/files/a", tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_a_file_goes_there_and_comes_back(server, tmp_path):
    (tmp_path / "ortho.bin").write_bytes(b"0123456789" * 300_000)
    client = Client(server.url, TOKEN)
    client.require_same_version()
    address = client.upload(tmp_path / "ortho.bin")
    assert address == server.url + "/files/ortho.bin"
    back = client.download(address, tmp_path / "back.bin")
    assert back.read_bytes() == (tmp_path / "ortho.bin").read_bytes()
