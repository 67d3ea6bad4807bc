# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that are wrong, huge, slow or false; the server refuses them and goes on."""

from __future__ import annotations

import contextlib
import socket

import pytest
import requests

from inference_backend.service.web.api_errors import BadBodyError
from inference_backend.service.web.json_body import parse_json
from scripts.fuzz_service import fuzz
from tests.backend.service.server_process import TOKEN, ServerProcess

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
CHECK = "/processes/check/execution"


@pytest.mark.parametrize(
    "content",
    [
        b'{"inputs": {"path": NaN}}',
        b'{"inputs": {"x": Infinity}}',
        b'{"inputs": {"x": 1e999}}',
        b'{"inputs": {"path": "\\ud800"}}',
        b'{"inputs": {"path": "\\u0000"}}',
        b'{"inputs": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"1" * 5_000,
        b'{"inputs": ',
        b"\xff",
        b"",
    ],
)
def test_json_that_our_files_and_tables_cannot_hold_is_refused(content):
    with pytest.raises(BadBodyError):
        parse_json(content)


def test_other_letters_are_let_through():
    assert parse_json('{"path": "/données/été 🌍.tif"}'.encode()) == {"path": "/données/été 🌍.tif"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_of_another_kind_is_a_415(server, kind):
    headers = {**HEADERS, "Content-Type": kind}
    assert requests.post(server.url + CHECK, data=b"{}", headers=headers, timeout=30).status_code == 415


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_name_that_somebody_made_point_here_is_not_answered(server, host):
    answer = requests.get(server.url + "/", headers={**HEADERS, "Host": host}, timeout=30)
    assert answer.status_code in (400, 421)


def connect(server, content):
    host, port = server.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), 60)
    connection.sendall(content)
    return connection


def answer_of(connection):
    """What comes back until the server closes; an error where it does not."""
    received = b""
    with connection, contextlib.suppress(ConnectionError):
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.fixture
def impatient(tmp_path, monkeypatch):
    """A server that waits a second for the head of a request."""
    monkeypatch.setenv("OCSGE_HEAD_TIMEOUT_S", "1")
    server = ServerProcess(tmp_path / "impatient")
    yield server
    server.stop()


def test_who_never_ends_the_head_of_a_request_is_cut_off(impatient):
    begun = (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    connections = [connect(impatient, content) for content in begun]
    form = connect(impatient, b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n")
    assert [answer_of(connection) for connection in connections] == [b""] * 3
    with form:
        assert form.recv(12) == b"HTTP/1.1 408", "the form of a stranger is not waited for either"


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_a_head_that_is_none_is_a_400(server, head):
    assert answer_of(connect(server, head)).startswith(b"HTTP/1.1 400")


def test_a_head_that_is_too_large_is_refused(server):
    for size in (40_000, 1_000_000):
        answer = answer_of(
            connect(server, b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\nX: " + b"x" * size + b"\r\n\r\n")
        )
        assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))


def test_the_server_has_survived_all_of_it(server):
    assert requests.get(server.url + "/", headers=HEADERS, timeout=30).status_code == 200
    assert '"event": "fault"' not in server.log.read_text()


def test_made_up_requests_find_no_fault():
    """A few; `make fuzz` sends a thousand."""
    status, statuses = fuzz(60)
    assert status == 0
    assert sum(statuses.values()) >= 30
