# SPDX-License-Identifier: GPL-2.0-or-later
"""From an execute request to a job: values made plain, checked, kept within reach, and queued."""

from __future__ import annotations

import re
import shutil
import threading
import uuid
from pathlib import Path
from typing import Any

from inference_backend.predict.inputs.sources import parse_source, shown
from inference_backend.service import input_schemas, schema
from inference_backend.service.accounts import Account
from inference_backend.service.input_errors import BadValueError
from inference_backend.service.input_values import Resolver
from inference_backend.service.jobs.job_row import Job
from inference_backend.service.jobs.job_runner import JobRunner
from inference_backend.service.process_types import Process
from inference_backend.service.reach import Reach
from inference_backend.service.uploads import Uploads, is_file_name
from inference_backend.service.web.answers import Request
from inference_backend.service.web.api_errors import OutOfReachError, TooManyJobsError
from inference_backend.service.web.execute_request import read_request

ENGINE_ADDRESS = "v2:"
_ADDRESS = re.compile(r"https?://[^\s,]+", re.IGNORECASE)


class Submission:
    """Takes execute requests.

    Args:
        runner: of the jobs.
        uploads: files that clients sent.
        reach: which files and hosts inputs may name.
    """

    def __init__(self, runner: JobRunner, uploads: Uploads, reach: Reach) -> None:
        self._runner, self._uploads, self._reach = runner, uploads, reach
        self._counting = threading.Lock()

    def take(self, request: Request, process: Process) -> Job:
        """Queue a job.

        Raises:
            ApiError: a body, a value or a quota that does not allow it.
            ConfigError: an unknown or missing input, or a bad value.
        """
        account = request.account
        self._require_turn(account)
        inputs, asked = read_request(process, request.body)
        job_id = str(uuid.uuid4())
        folder = self._runner.job_folder(job_id)
        try:
            resolver = Resolver(process, lambda path: self._own_file(account, path), request.base_url, folder)
            checked = self.checked(process, resolver.plain(inputs), account, folder)
            with self._counting:  # many requests at once must not all count before any is a job
                self._require_turn(account)
                return self._runner.submit(
                    process.process_id, checked, owner=account.name, asked=asked, job_id=job_id
                )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _require_turn(self, account: Account) -> None:
        if len(self._runner.store.unfinished(account.name)) >= account.max_unfinished:
            raise TooManyJobsError(limit=account.max_unfinished)

    def checked(
        self, process: Process, inputs: dict[str, Any], account: Account, folder: Path
    ) -> dict[str, Any]:
        """Plain inputs, valid and within reach; an output that was left out gets a place here."""
        schema.check(inputs, process.inputs, "inputs")
        roots = job_roots(self._runner, self._uploads, account, inputs, folder)

        def within(text: str, key: str, kind: str) -> str:
            self._require(text, key, kind, roots)
            return text

        mapped: dict[str, Any] = input_schemas.map_paths(inputs, process.inputs, within)
        if process.default_output and "output" not in mapped:
            mapped["output"] = str(folder / process.default_output)
        return mapped

    def _require(self, text: str, key: str, kind: str, roots: tuple[Path, ...]) -> None:
        if kind == "address":
            self._require_address(text, key)
        elif kind == "crs":
            if not self._reach.allows_crs(text):
                raise OutOfReachError(name=key, value=text)
        elif kind == "raster" and parse_source(text).kind != "file":
            if not all(map(self._reach.allows_address, addresses_in(text) or [""])):
                raise OutOfReachError(name=key, value=shown(text))
        elif kind != "name" or not is_file_name(text):
            self._require_file(text, key, roots)

    def _require_address(self, text: str, key: str) -> None:
        if "://" not in text:  # the name of an engine of this machine, or nothing
            return
        if not self._reach.allows_address(text.removeprefix(ENGINE_ADDRESS)):
            raise OutOfReachError(name=key, value=text)

    def _require_file(self, text: str, key: str, roots: tuple[Path, ...]) -> None:
        if not Path(text).is_absolute():
            raise BadValueError(
                path="inputs",
                key=key,
                value=repr(text),
                expected_en="an absolute path",
                expected_fr="un chemin absolu",
            )
        if not self._reach.allows_file(text, roots):
            raise OutOfReachError(name=key, value=text)

    def _own_file(self, account: Account, path: str) -> Path | None:
        """What an address of this service stands for: a file sent here, or a result of the client's own."""
        match path.strip("/").split("/"):
            case ["files", name]:
                stored = self._uploads.find(account, name)
                return stored.path if stored else None
            case ["jobs", job_id, "results", output_id]:
                job = self._runner.store.get(job_id)
                found = job.results.get(output_id) if job and job.owner == account.name else None
                return Path(found) if isinstance(found, str) else None
        return None


def job_roots(
    runner: JobRunner, uploads: Uploads, account: Account, inputs: dict[str, Any], folder: Path
) -> tuple[Path, ...]:
    """The client's own folders here: files sent, the job's, and those of own jobs that the inputs lie in."""
    jobs = runner.folder / "jobs"
    below = [Path(text).relative_to(jobs) for text in _paths(inputs) if Path(text).is_relative_to(jobs)]
    ids = {path.parts[0] for path in below if path.parts}
    own = [job for job in map(runner.store.get, ids) if job and job.owner == account.name]
    return uploads.folder_of(account), folder, *(runner.job_folder(job.job_id) for job in own)


def addresses_of(inputs: dict[str, Any]) -> list[str]:
    """Every http(s) address in the inputs."""
    return [address for text in texts_in(inputs) for address in addresses_in(text)]


def addresses_in(text: str) -> list[str]:
    """The http(s) addresses in the argument of a raster."""
    return _ADDRESS.findall(text)


def _paths(inputs: dict[str, Any]) -> list[str]:
    # Of a band, `file:3`, the file counts.
    texts = [re.sub(r":[0-9]+$", "", text) for text in texts_in(inputs)]
    return [text for text in texts if Path(text).is_absolute()]


def texts_in(value: Any) -> list[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        return [value]
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for entry in entries for text in texts_in(entry)]
