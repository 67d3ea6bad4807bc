# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests and answers without a web framework, and the form that errors take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inference_backend.contracts.errors import OcsgeError
from inference_backend.errors import InputError

EXCEPTION = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Request:
    """What a handler needs of a request.

    Attributes:
        language: `en` or `fr`, from Accept-Language.
        base_url: address of the service, for links.
        wants_html: the client prefers a page.
        prefers_async: `Prefer: respond-async` was sent.
        body: the parsed JSON body.
    """

    language: str = "en"
    base_url: str = ""
    wants_html: bool = False
    prefers_async: bool = False
    body: Any = None


@dataclass(frozen=True)
class Answer:
    """What a handler gives back; `body` is a JSON value, or a text for a page."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


class ApiError(OcsgeError):
    """Root of the errors of the interface itself: `status` and `kind` of its exception document."""

    status = 500
    kind = "about:blank"


class NoSuchPathError(ApiError):
    """No such address."""

    status, kind = 404, "about:blank"
    templates = {"en": "There is nothing at this address.", "fr": "Il n'y a rien à cette adresse."}


class NoSuchProcessError(ApiError):
    """`process_id`, `known`."""

    status, kind = 404, EXCEPTION + "no-such-process"
    templates = {
        "en": "No process “{process_id}”. Known: {known}.",
        "fr": "Aucun traitement « {process_id} ». Connus : {known}.",
    }


class NoSuchJobError(ApiError):
    """`job_id`."""

    status, kind = 404, EXCEPTION + "no-such-job"
    templates = {
        "en": "No job {job_id}. It may belong to another computer or account.",
        "fr": "Aucun travail {job_id}. Il appartient peut-être à un autre ordinateur ou compte.",
    }


class ResultNotReadyError(ApiError):
    """`job_id`, `status_text`."""

    status, kind = 404, EXCEPTION + "result-not-ready"
    templates = {
        "en": "The job {job_id} has no results (status: {status_text}). Wait until it is successful.",
        "fr": "Le travail {job_id} n'a pas de résultats (état : {status_text}). Attendez qu'il ait réussi.",
    }


class JobFailedError(ApiError):
    """`message_en`, `message_fr` of a failed job whose results were asked for."""

    status, kind = 400, "about:blank"
    templates = {"en": "{message_en}", "fr": "{message_fr}"}


class BadBodyError(ApiError):
    """A body that is no JSON object with `inputs`."""

    status, kind = 400, "about:blank"
    templates = {
        "en": 'The body must be a JSON object such as {{"inputs": {{…}}}}.',
        "fr": 'Le corps doit être un objet JSON tel que {{"inputs": {{…}}}}.',
    }


class BodyTooLargeError(ApiError):
    """`limit_bytes`."""

    status, kind = 413, "about:blank"
    templates = {
        "en": "The body exceeds {limit_bytes} bytes. Give files by their paths.",
        "fr": "Le corps dépasse {limit_bytes} octets. Donnez les fichiers par leurs chemins.",
    }


class WrongTokenError(ApiError):
    """No bearer token, or another one."""

    status, kind = 401, "about:blank"
    templates = {
        "en": "The access token is missing or wrong. Send the header Authorization: Bearer <token>.",
        "fr": "Le jeton d'accès manque ou n'est pas le bon. Envoyez l'en-tête Authorization: Bearer <jeton>.",
    }


class NotAllowedError(ApiError):
    """A method that the address does not take."""

    status, kind = 405, "about:blank"
    templates = {
        "en": "This address does not take that method.",
        "fr": "Cette adresse n'accepte pas cette méthode.",
    }


class FaultError(ApiError):
    """Our fault; the details are in the log under `log_id`."""

    status, kind = 500, "about:blank"
    templates = {
        "en": "Unexpected error in the backend; the details are in its log under {log_id}.",
        "fr": "Erreur inattendue du moteur ; les détails sont dans son journal sous {log_id}.",
    }


def error_answer(error: OcsgeError, language: str) -> Answer:
    """The standard's exception document; a value that a client sent counts as its fault (400)."""
    if isinstance(error, ApiError):
        status, kind = error.status, error.kind
    else:
        status, kind = (400, "about:blank") if isinstance(error, InputError) else (500, "about:blank")
    headers = {"Content-Language": language}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = {
        "type": kind,
        "title": type(error).__name__.removesuffix("Error"),
        "status": status,
        "detail": error.text(language),
    }
    return Answer(body, status, headers, "application/problem+json")


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
