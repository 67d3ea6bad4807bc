# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests to one inference server: kept connections, bounded answers, bounded patience."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import requests
from urllib3.exceptions import HTTPError

from inference_backend.runtime.kserve.address import ServerAddress
from inference_backend.runtime.kserve.errors import (
    AccessRefusedError,
    BadServerAnswerError,
    CertificateError,
    MalformedMessageError,
    ServerGoneError,
    ServerRefusedError,
)
from inference_backend.runtime.kserve.wire import parse_json

TIMEOUT_S = float(os.environ.get("OCSGE_V2_TIMEOUT_S", "120"))
"""For one answer from first to last byte; the first one may wait until the server has loaded its model."""
PATIENCE_S = float(os.environ.get("OCSGE_V2_PATIENCE_S", "30"))
"""How long a request is repeated while the server is away or busy."""
MAX_DOCUMENT_BYTES = 4 * 2**20
_CONNECT_S = 10.0
_MIN_ATTEMPTS = 3
_FIRST_DELAY_S, _MAX_DELAY_S = 0.2, 5.0
_PASSING = (429, 502, 503, 504)
_MAX_DETAIL = 300
_PIECE = 1 << 18


@dataclass(frozen=True)
class Reply:
    """A good answer."""

    headers: Mapping[str, str]
    body: bytearray


class Connection:
    """One server, safe to use from several threads, each of which keeps its own connection.

    Args:
        address: of the server.
        token: bearer token, empty for none; it is sent in a header and shown nowhere.
        timeout_s: for one answer.
        patience_s: how long a request is repeated.
    """

    def __init__(
        self, address: ServerAddress, token: str, timeout_s: float = TIMEOUT_S, patience_s: float = PATIENCE_S
    ) -> None:
        self.url = address.root
        self._local = threading.local()
        self._sessions: list[requests.Session] = []
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._trust_environment = not address.is_this_computer
        self._auth = _Bearer(token)
        self._timeout_s, self._patience_s = timeout_s, patience_s

    def document(self, path: str) -> dict[str, Any]:
        """The JSON object at `path`.

        Raises:
            RemoteEngineError: see `send`; also an answer that is no JSON object.
        """
        reply = self.send("GET", path, max_bytes=MAX_DOCUMENT_BYTES)
        try:
            return parse_json(reply.body)
        except MalformedMessageError as error:
            raise BadServerAnswerError(url=self.url + path, **error.values) from error

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        max_bytes: int,
    ) -> Reply:
        """Send a request, again where the server is away or busy.

        Args:
            method: of HTTP.
            path: from `/v2` on.
            body: to send.
            headers: beside those of every request.
            max_bytes: that the answer may have.

        Raises:
            ServerGoneError: no answer after every attempt.
            ServerRefusedError: an error answer.
            AccessRefusedError: the token is missing or wrong.
            CertificateError: the certificate is not trusted.
            BadServerAnswerError: an answer larger than it may be, or compressed without being asked to.
        """
        started, attempt = time.monotonic(), 0
        while True:
            attempt += 1
            try:
                return self._once(method, path, body, headers or {}, max_bytes)
            except _PassingFault as fault:
                delay = fault.delay_s(attempt)
                passed = time.monotonic() - started
                in_vain = attempt >= _MIN_ATTEMPTS and passed + delay > self._patience_s
                if in_vain or self._closed.wait(delay):
                    raise ServerGoneError(
                        url=self.url,
                        reason_en=fault.english,
                        reason_fr=fault.french,
                        attempts=attempt,
                        seconds=round(passed),
                    ) from fault

    def close(self) -> None:
        """End connections, and the waiting of other threads."""
        self._closed.set()
        with self._lock:
            for session in self._sessions:
                session.close()
            self._sessions.clear()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            # A proxy of the environment must not see calls to this computer.
            session.trust_env = self._trust_environment
            session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
            session.auth = self._auth  # not a header, which requests would replace by one from .netrc
            # A body that grows when unpacked could not be bounded before it is read.
            session.headers.update({"Accept-Encoding": "identity", "User-Agent": "ocsge"})
            with self._lock:
                self._sessions.append(session)
        return session

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], max_bytes: int
    ) -> Reply:
        url, deadline = self.url + path, time.monotonic() + self._timeout_s
        try:
            with self._session().request(
                method,
                url,
                data=body,
                headers=dict(headers),
                timeout=(min(_CONNECT_S, self._timeout_s), self._timeout_s),
                allow_redirects=False,  # a token belongs to the server it was given for
                stream=True,
            ) as response:
                if response.status_code == 200:
                    return Reply(response.headers, self._read(response, url, max_bytes, deadline))
                self._refuse(response, url, deadline)
        except requests.exceptions.SSLError as error:
            raise CertificateError(url=self.url) from error
        except requests.Timeout as error:
            raise _PassingFault("it took too long", "trop lent") from error
        except (requests.RequestException, HTTPError, OSError) as error:
            name = type(error).__name__
            raise _PassingFault(
                f"connection lost or refused, {name}", f"connexion perdue ou refusée, {name}"
            ) from error

    def _refuse(self, response: requests.Response, url: str, deadline: float) -> NoReturn:
        """Raise what an answer other than 200 means."""
        status = response.status_code
        if status in _PASSING:
            wait = response.headers.get("Retry-After", "")
            raise _PassingFault(f"HTTP {status}", f"HTTP {status}", float(wait) if wait.isdigit() else None)
        if status in (401, 403):
            raise AccessRefusedError(url=self.url, status=status)
        detail = ""
        try:
            document = parse_json(self._read(response, url, MAX_DOCUMENT_BYTES, deadline))
            detail = str(document.get("error") or document.get("detail") or "")
        except (MalformedMessageError, BadServerAnswerError):
            pass
        shown = "".join(c if c.isprintable() else " " for c in detail[:_MAX_DETAIL]) or response.reason or "-"
        raise ServerRefusedError(url=url, status=status, detail=shown.rstrip(" ."))

    def _read(self, response: requests.Response, url: str, max_bytes: int, deadline: float) -> bytearray:
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding.lower() != "identity":
            raise BadServerAnswerError(
                url=url,
                problem_en=f"it is compressed ({encoding[:20]}) although that was not asked for",
                problem_fr=f"elle est compressée ({encoding[:20]}) alors que ce n'était pas demandé",
            )
        body, announced = bytearray(), response.headers.get("Content-Length", "")
        size = int(announced) if announced.isdigit() and len(announced) < 19 else 0
        while size <= max_bytes:
            piece = response.raw.read1(_PIECE, decode_content=False)
            if not piece:
                return body
            body += piece
            size = max(size, len(body))
            if time.monotonic() > deadline:
                raise _PassingFault("it took too long", "trop lent")
        raise BadServerAnswerError(
            url=url,
            problem_en=f"it has {size} bytes or more, at most {max_bytes} were expected",
            problem_fr=f"elle compte {size} octets ou plus, {max_bytes} au plus étaient attendus",
        )


class _Bearer(requests.auth.AuthBase):
    """Puts the token into a request."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _PassingFault(Exception):  # noqa: N818 - never leaves this module
    """What may go away by itself: a reason in both languages, and how long the server asked to wait, s."""

    def __init__(self, english: str, french: str, wait_s: float | None = None) -> None:
        super().__init__(english)
        self.english, self.french, self._wait_s = english, french, wait_s

    def delay_s(self, attempt: int) -> float:
        """Before the next attempt; the first one follows at once after a lost connection."""
        if self._wait_s is not None:
            return min(self._wait_s, _MAX_DELAY_S) * random.uniform(0.5, 1.0)  # nosec B311 - spreads clients
        if attempt == 1:
            return 0.0
        return min(_MAX_DELAY_S, _FIRST_DELAY_S * 2.0 ** (attempt - 2)) * random.uniform(0.5, 1.0)  # nosec B311
