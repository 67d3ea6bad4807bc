# SPDX-License-Identifier: GPL-2.0-or-later
"""What every request passes before a handler sees it: name, token, rate; and the last border of errors.

Plain ASGI: a tile of a megabyte must not be copied through a middleware that reads bodies.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from fastapi.responses import JSONResponse, RedirectResponse, Response

from inference_backend.service.accounts import Account, Accounts
from inference_backend.service.web.answers import HTML, error_answer, language_of
from inference_backend.service.web.api_errors import (
    ApiError,
    FaultError,
    HeadTooLargeError,
    NotWithCookieError,
    TooManyRequestsError,
    TooSlowError,
    WrongHostError,
    WrongTokenError,
)
from inference_backend.service.web.pages import login_page
from inference_backend.service.web.rate import Buckets
from inference_backend.service.web.sessions import Sessions, set_cookie

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REFUSALS_PER_MINUTE = 60.0
MOST_FORM_BYTES = 4096
FORM_TIMEOUT_S = 10.0
MOST_HEAD_BYTES = 32 * 1024
LOOKING = ("GET", "HEAD")
SAFETY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}
_log = logging.getLogger("ocsge.service")


class Guard:
    """ASGI middleware.

    Args:
        app: what answers those who may ask.
        accounts: tokens.
        hosts: names that a Host header may have; None for every one.
        is_secure: whether the browser reaches us over https, for the cookie.
    """

    def __init__(
        self, app: App, accounts: Accounts, *, hosts: frozenset[str] | None = None, is_secure: bool = False
    ) -> None:
        self._app, self._accounts, self._hosts, self._is_secure = app, accounts, hosts, is_secure
        self._sessions = Sessions()
        self._rates = Buckets()
        self._refusals = Buckets(burst_s=60)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        started, sent = time.monotonic(), _Sent(send)
        try:
            await self._answer(scope, receive, sent)
        except Exception:  # border: no internals go out
            log_id = uuid.uuid4().hex[:12]
            _log.exception("fault", extra={"log_id": log_id})
            if sent.status == 0:
                await _refusal(scope, FaultError(log_id=log_id))(scope, receive, sent)
        finally:
            self._write_log(scope, sent.status, started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEAD_BYTES:
                raise HeadTooLargeError(limit_bytes=MOST_HEAD_BYTES)
            if self._hosts is not None and _host(scope) not in self._hosts:
                raise WrongHostError()
            if scope["path"] in ("/login", "/logout"):
                await (await self._session(scope, receive))(scope, receive, send)
                return
            account = self._account(scope)
            wait_s = self._rates.take(account.name, account.requests_per_minute)
            if wait_s:
                raise TooManyRequestsError(wait_s=1 + int(wait_s))
            scope.setdefault("state", {})["account"] = account
        except ApiError as error:
            await _refusal(scope, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _account(self, scope: Scope) -> Account:
        scheme, _, token = _header(scope, b"authorization").partition(" ")
        if scheme.lower() == "bearer" and (account := self._accounts.of_token(token.strip())):
            return account
        if account := self._sessions.of_cookie(_header(scope, b"cookie")):
            if scope["method"] not in LOOKING:
                raise NotWithCookieError()
            return account
        self._count_refusal(scope)
        raise WrongTokenError()

    def _count_refusal(self, scope: Scope) -> None:
        client = scope.get("client")
        wait_s = self._refusals.take(client[0] if client else "", REFUSALS_PER_MINUTE)
        if wait_s:
            raise TooManyRequestsError(wait_s=1 + int(wait_s))

    async def _session(self, scope: Scope, receive: Receive) -> Response:
        language = _language(scope)
        if scope["method"] != "POST":
            return Response(login_page(language), media_type=HTML)
        if scope["path"] == "/logout":
            self._sessions.close(_header(scope, b"cookie"))
            return _redirected("/login", set_cookie("", secure=self._is_secure))
        account = self._accounts.of_token(await _token_of_form(receive))
        if account is None:
            self._count_refusal(scope)
            return Response(login_page(language, was_wrong=True), 401, media_type=HTML)
        value = self._sessions.open(account)
        return _redirected("/", set_cookie(value, secure=self._is_secure))

    @staticmethod
    def _write_log(scope: Scope, status: int, started: float) -> None:
        account = scope.get("state", {}).get("account")
        extra = {
            "method": scope["method"],
            # A file's name is its owner's business.
            "path": "/files/…" if scope["path"].startswith("/files/") else scope["path"][:200],
            "status": status,
            "ms": round(1000 * (time.monotonic() - started)),
        }
        _log.info("request", extra={**extra, **({"account": account.name} if account else {})})


class _Sent:
    """Sends on, with our headers, and remembers the status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            known = {name.lower() for name, _ in message["headers"]}
            added = [(k.encode(), v.encode()) for k, v in SAFETY.items() if k.encode() not in known]
            message = {**message, "headers": [*message["headers"], *added]}
        await self._send(message)


def _refusal(scope: Scope, error: ApiError) -> Response:
    language = _language(scope)
    if error.status == 401 and "text/html" in _header(scope, b"accept") and scope["method"] in LOOKING:
        return Response(login_page(language), 401, {"WWW-Authenticate": "Bearer"}, HTML)
    answer = error_answer(error, language)
    body = answer.body
    if scope["path"].startswith("/v2") and isinstance(body, dict):
        body = {**body, "error": body["detail"]}  # what clients of KServe V2 look for
    return JSONResponse(body, answer.status, answer.headers, answer.media_type)


def _redirected(path: str, cookie: str) -> Response:
    return RedirectResponse(path, 303, {"Set-Cookie": cookie})


async def _token_of_form(receive: Receive) -> str:
    """The token; nobody is known yet, so that neither size nor time is the client's to choose."""
    content = b""
    try:
        async with asyncio.timeout(FORM_TIMEOUT_S):
            while len(content) <= MOST_FORM_BYTES:
                message = await receive()
                content += message.get("body", b"")
                if not message.get("more_body"):
                    break
    except TimeoutError as error:
        raise TooSlowError() from error
    return parse_qs(content[:MOST_FORM_BYTES].decode("utf-8", "replace")).get("token", [""])[0].strip()


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return ""


def _host(scope: Scope) -> str:
    host = _header(scope, b"host").lower()
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host


def _language(scope: Scope) -> str:
    return language_of(_header(scope, b"accept-language"))
