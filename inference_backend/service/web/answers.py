# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests and answers without a web framework, and the form that errors take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference_backend.contracts.errors import OcsgeError
from inference_backend.errors import InputError
from inference_backend.service.accounts import Account
from inference_backend.service.web.api_errors import ApiError

JSON, HTML, PROBLEM = "application/json", "text/html; charset=utf-8", "application/problem+json"
LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Request:
    """What a handler needs of a request.

    Attributes:
        account: who asks.
        language: `en` or `fr`, from Accept-Language.
        base_url: address of the service, for links.
        path: of this request, for its link to itself.
        accept: the Accept header.
        wants_html: the client prefers a page.
        prefers_async: `Prefer: respond-async` was sent.
        wait_s: `Prefer: wait=`, s; None where it was not sent.
        query: parameters by name.
        body: the parsed JSON body.
    """

    account: Account
    language: str = "en"
    base_url: str = ""
    path: str = "/"
    accept: str = ""
    wants_html: bool = False
    prefers_async: bool = False
    wait_s: float | None = None
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Answer:
    """What a handler gives back.

    Attributes:
        body: a JSON value, a text, bytes, the path of a file, or pieces of bytes.
        status: HTTP status.
        headers: beside the content type.
        media_type: of the body.
    """

    body: dict[str, Any] | str | bytes | Path | Iterator[bytes] | None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = JSON


@dataclass(frozen=True)
class Waiting:
    """An answer that will be there once a job has ended.

    Attributes:
        job_id: the job.
        wait_s: answer with its status after so long; None to wait for its end.
    """

    job_id: str
    wait_s: float | None = None


def error_answer(error: OcsgeError, language: str) -> Answer:
    """The standard's exception document; a value that a client sent counts as its fault (400)."""
    if isinstance(error, ApiError):
        status, kind = error.status, error.kind
    else:
        status, kind = (
            (400, "InvalidParameterValue") if isinstance(error, InputError) else (500, "about:blank")
        )
    headers = {"Content-Language": language}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "wait_s" in error.values:
        headers["Retry-After"] = str(error.values["wait_s"])
    body = {
        "type": kind,
        "title": type(error).__name__.removesuffix("Error"),
        "status": status,
        "detail": error.text(language),
    }
    return Answer(body, status, headers, PROBLEM)


def language_of(accept_language: str) -> str:
    """The first of our languages in an Accept-Language header, by its weights."""
    weighted = []
    for position, part in enumerate(accept_language.split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            quality = 0.0
        weighted.append((-quality, position, name[:2].lower()))
    return next((name for _, _, name in sorted(weighted) if name in LANGUAGES), "en")
