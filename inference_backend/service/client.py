# SPDX-License-Identifier: GPL-2.0-or-later
"""The client for scripts and the command line, on requests; QGIS has its own."""

from __future__ import annotations

import os
import time
from typing import Any
from urllib.parse import urlsplit

import requests

from inference_backend.contracts.service import (
    PATH_EXECUTION,
    PATH_JOB,
    PATH_LANDING,
    PATH_PROCESSES,
    PATH_RESULTS,
    TOKEN_ENVIRONMENT,
    JobDocument,
    JobStatus,
)
from inference_backend.errors import BackendError, Cancelled
from inference_backend.progress import Progress, Silent

TIMEOUT_S = float(os.environ.get("OCSGE_CLIENT_TIMEOUT_S", "30"))
POLL_S = 0.3


class UnreachableError(BackendError):
    """Nobody answers: `url`, `reason`."""

    templates = {
        "en": "{url}: no answer ({reason}). Check the address, and that the service runs.",
        "fr": "{url} : pas de réponse ({reason}). Vérifiez l'adresse, et que le service tourne.",
    }


class RefusedError(BackendError):
    """The service answered with an error: `url`, `status`, `detail` (its text, in our language)."""

    templates = {"en": "{url}: {detail} (HTTP {status})", "fr": "{url} : {detail} (HTTP {status})"}


class RemoteJobError(BackendError):
    """A job failed: `process_id`, `detail` (the service's text, in our language)."""

    templates = {"en": "{process_id}: {detail}", "fr": "{process_id} : {detail}"}


class Client:
    """One service.

    Args:
        url: address, for instance `http://127.0.0.1:4711`.
        token: bearer token; `OCSGE_TOKEN` by default.
        language: of the texts, `en` or `fr`.

    Every call raises `UnreachableError` when nobody answers, `RefusedError` on an error answer.
    """

    def __init__(self, url: str, token: str | None = None, language: str = "en") -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        # A proxy of the environment must not see calls to this computer.
        self._session.trust_env = urlsplit(self.url).hostname not in ("127.0.0.1", "localhost", "::1")
        self._session.headers.update(
            {
                "Authorization": f"Bearer {token or os.environ.get(TOKEN_ENVIRONMENT, '')}",
                "Accept": "application/json",
                "Accept-Language": language,
            }
        )

    def landing(self) -> dict[str, Any]:
        """Title, version and links."""
        return self._call("GET", PATH_LANDING)

    def processes(self) -> list[dict[str, Any]]:
        """Summaries of the processes."""
        return list(self._call("GET", PATH_PROCESSES)["processes"])

    def submit(self, process_id: str, inputs: dict[str, Any]) -> JobDocument:
        """Start a process as a job."""
        path = PATH_EXECUTION.format(process_id=process_id)
        return JobDocument.from_dict(self._call("POST", path, {"inputs": inputs}))

    def status(self, job_id: str) -> JobDocument:
        """State of a job."""
        return JobDocument.from_dict(self._call("GET", PATH_JOB.format(job_id=job_id)))

    def dismiss(self, job_id: str) -> JobDocument:
        """Stop a job; its processor is free when this returns."""
        return JobDocument.from_dict(self._call("DELETE", PATH_JOB.format(job_id=job_id)))

    def results(self, job_id: str) -> dict[str, Any]:
        """Outputs of a successful job."""
        return self._call("GET", PATH_RESULTS.format(job_id=job_id))

    def run(
        self, process_id: str, inputs: dict[str, Any], progress: Progress | None = None
    ) -> dict[str, Any]:
        """Start a process, follow it and return its outputs.

        Raises:
            RemoteJobError: it failed.
            Cancelled: `progress` asked to stop, or somebody dismissed it; the job is dismissed.
        """
        progress = progress or Silent()
        job = self.submit(process_id, inputs)
        try:
            while not job.status.is_final:
                progress.update(job.progress / 100, job.message)
                time.sleep(POLL_S)
                job = self.status(job.job_id)
        except (Cancelled, KeyboardInterrupt):
            self.dismiss(job.job_id)
            raise
        if job.status is JobStatus.DISMISSED:
            raise Cancelled()
        if job.status is JobStatus.FAILED:
            raise RemoteJobError(process_id=process_id, detail=job.message)
        return self.results(job.job_id)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Prefer": "respond-async"} if body is not None else {}
        try:
            response = self._session.request(
                method, self.url + path, json=body, headers=headers, timeout=TIMEOUT_S
            )
        except requests.RequestException as error:
            raise UnreachableError(url=self.url, reason=type(error).__name__) from error
        document = _json_object(response)
        if response.status_code >= 400:
            detail = document.get("detail") or response.reason
            raise RefusedError(url=self.url, status=response.status_code, detail=detail)
        return document


def _json_object(response: requests.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
