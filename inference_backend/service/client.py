# SPDX-License-Identifier: GPL-2.0-or-later
"""The client for scripts and the command line, on requests; QGIS has its own."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.service import (
    API_VERSION,
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
RETRIES = 4
RETRY_DELAY_S = 0.5
BUSY = (429, 502, 503, 504)
CHUNK_BYTES = 2**20


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


class OtherVersionError(BackendError):
    """The service speaks another version of the interface: `url`, `theirs`, `ours`, `version`."""

    templates = {
        "en": "{url}: speaks version {theirs} of the interface (software {version}), this program version "
        "{ours}. Update the older of the two.",
        "fr": "{url} : parle la version {theirs} de l'interface (logiciel {version}), ce programme la "
        "version {ours}. Mettez à jour le plus ancien des deux.",
    }


class DamagedTransferError(BackendError):
    """A file that did not arrive as it left: `name`."""

    templates = {
        "en": "{name}: was damaged on the way; nothing was kept. Try again.",
        "fr": "{name} : abîmé en chemin ; rien n'a été gardé. Réessayez.",
    }


class Client:
    """One service.

    Args:
        url: address, for instance `http://127.0.0.1:4711`.
        token: bearer token; `OCSGE_TOKEN` by default.
        language: of the texts, `en` or `fr`.

    Every call raises `UnreachableError` when nobody answers, `RefusedError` on an error answer. What may be
    repeated without harm is, when nobody answers or the service is busy; starting a job is not.
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

    def require_same_version(self) -> None:
        """Check that the service understands us.

        Raises:
            OtherVersionError: it does not.
        """
        landing = self.landing()
        theirs = str(landing.get("api", "?"))
        if theirs != API_VERSION:
            raise OtherVersionError(
                url=self.url, theirs=theirs, ours=API_VERSION, version=landing.get("version", "?")
            )

    def processes(self) -> list[dict[str, Any]]:
        """Summaries of the processes."""
        return list(self._call("GET", PATH_PROCESSES)["processes"])

    def submit(self, process_id: str, inputs: dict[str, Any]) -> JobDocument:
        """Start a process as a job."""
        path = PATH_EXECUTION.format(process_id=process_id)
        return JobDocument.from_dict(self._call("POST", path, {"inputs": inputs, "response": "document"}))

    def status(self, job_id: str) -> JobDocument:
        """State of a job."""
        return JobDocument.from_dict(self._call("GET", PATH_JOB.format(job_id=job_id)))

    def dismiss(self, job_id: str) -> JobDocument:
        """Stop a job; its processor is free when this returns."""
        return JobDocument.from_dict(self._call("DELETE", PATH_JOB.format(job_id=job_id)))

    def results(self, job_id: str) -> dict[str, Any]:
        """Outputs of a successful job: values, and of files their path or address."""
        return self._call("GET", PATH_RESULTS.format(job_id=job_id))

    def upload(self, path: Path, name: str = "") -> str:
        """Send a file to a service without a shared disk; its address, to be used as an input.

        Raises:
            DamagedTransferError: what arrived is not what left.
        """
        address = f"/files/{name or path.name}"
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
        document = _json_object(self._send("PUT", address, content=path))
        if document.get("sha256") != digest.hexdigest():
            raise DamagedTransferError(name=path.name)
        return self.url + address

    def download(self, address: str, target: Path) -> Path:
        """Fetch a file of the service: an address that results gave.

        What breaks off is gone on with; `target` appears whole or not at all.

        Raises:
            DamagedTransferError: it came shorter than announced.
        """
        path = address.removeprefix(self.url)
        with replace_when_done(target) as temporary, temporary.open("wb") as file:
            total = self._fetch(path, file)
            if total is not None and file.tell() != total:
                raise DamagedTransferError(name=target.name)
        return target

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
        return _json_object(self._send(method, path, body))

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None, content: Path | None = None
    ) -> requests.Response:
        attempts = 1 if method == "POST" else RETRIES
        for attempt in range(1, attempts + 1):
            try:
                response = self._once(method, path, body, content)
            except requests.RequestException as error:
                if attempt == attempts or isinstance(error, requests.exceptions.InvalidURL):
                    raise UnreachableError(url=self.url, reason=type(error).__name__) from error
            else:
                if response.status_code not in BUSY or attempt == attempts:
                    return self._checked(response)
            time.sleep(RETRY_DELAY_S * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns or raises")

    def _once(
        self, method: str, path: str, body: dict[str, Any] | None, content: Path | None
    ) -> requests.Response:
        headers = {"Prefer": "respond-async"} if body is not None else {}
        if content is None:
            return self._session.request(
                method, self.url + path, json=body, headers=headers, timeout=TIMEOUT_S
            )
        with content.open("rb") as file:
            return self._session.request(method, self.url + path, data=file, timeout=TIMEOUT_S)

    def _fetch(self, path: str, file: Any) -> int | None:
        """Write a file's bytes, going on where the connection broke; the announced size, bytes."""
        total = None
        for attempt in range(1, RETRIES + 1):
            headers = {"Range": f"bytes={file.tell()}-"} if file.tell() else {}
            try:
                with self._session.get(
                    self.url + path, headers={**headers, "Accept": "*/*"}, stream=True, timeout=TIMEOUT_S
                ) as response:
                    self._checked(response)
                    if response.status_code != 206:  # the whole file comes again
                        file.seek(0)
                        file.truncate()
                        total = int(response.headers.get("Content-Length", "-1"))
                    for chunk in response.iter_content(CHUNK_BYTES):
                        file.write(chunk)
                    return None if total == -1 else total
            except requests.RequestException as error:
                if attempt == RETRIES:
                    raise UnreachableError(url=self.url, reason=type(error).__name__) from error
            time.sleep(RETRY_DELAY_S * 2 ** (attempt - 1))
        return total

    def _checked(self, response: requests.Response) -> requests.Response:
        if response.status_code >= 400:
            detail = _json_object(response).get("detail") or response.reason
            raise RefusedError(url=self.url, status=response.status_code, detail=detail)
        return response


def _json_object(response: requests.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
