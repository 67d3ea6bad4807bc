# SPDX-License-Identifier: GPL-2.0-or-later
"""The handlers of OGC API Processes: a request in, an answer out, no web framework."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inference_backend import __version__
from inference_backend.contracts.service import (
    API_VERSION,
    PATH_EXECUTION,
    PATH_JOB,
    PATH_JOBS,
    PATH_LANDING,
    PATH_PROCESSES,
    PATH_RESULTS,
    JobStatus,
)
from inference_backend.service import input_schemas, schema
from inference_backend.service.answers import (
    Answer,
    BadBodyError,
    JobFailedError,
    NoSuchJobError,
    NoSuchProcessError,
    Request,
    ResultNotReadyError,
)
from inference_backend.service.input_errors import BadValueError
from inference_backend.service.job_query import JobQuery
from inference_backend.service.job_row import ANYONE, Job
from inference_backend.service.job_runner import JobRunner
from inference_backend.service.pages import landing_page
from inference_backend.service.processes import PROCESSES, Process

CONFORMS_TO = [
    f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{name}"
    for name in ("core", "ogc-process-description", "json", "job-list", "dismiss")
]
JOB_LIST_LIMIT = 100


class Api:
    """Handlers over one runner."""

    def __init__(self, runner: JobRunner) -> None:
        self._runner = runner

    def landing(self, request: Request) -> Answer:
        """Title, version, links; a page for a browser."""
        french = request.language == "fr"
        document = {
            "title": "Moteur OCS GE" if french else "OCS GE backend",
            "description": "Prédiction, post-traitement et contrôle."
            if french
            else "Prediction, post-processing and control.",
            "version": __version__,
            "api": API_VERSION,
            "links": [
                _link(request, PATH_LANDING, "self"),
                _link(request, "/conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance"),
                _link(request, PATH_PROCESSES, "http://www.opengis.net/def/rel/ogc/1.0/processes"),
                _link(request, PATH_JOBS, "http://www.opengis.net/def/rel/ogc/1.0/job-list"),
                _link(request, "/api", "service-desc"),
            ],
        }
        if request.wants_html:
            jobs = [
                job.document(request.language)
                for job in self._runner.store.find(JobQuery(ANYONE, limit=JOB_LIST_LIMIT))
            ]
            processes = [_summary(process, request) for process in PROCESSES.values()]
            page = landing_page(document, processes, jobs, request.language)
            return Answer(page, media_type="text/html; charset=utf-8")
        return Answer(document)

    def conformance(self, request: Request) -> Answer:
        """The parts of the standard that are met."""
        return Answer({"conformsTo": CONFORMS_TO})

    def processes(self, request: Request) -> Answer:
        """Summaries of all processes."""
        summaries = [_summary(process, request) for process in PROCESSES.values()]
        return Answer({"processes": summaries, "links": [_link(request, PATH_PROCESSES, "self")]})

    def process(self, request: Request, process_id: str) -> Answer:
        """A process with its inputs and outputs."""
        process = _process(process_id)
        properties = process.inputs["properties"]
        required = process.inputs["required"]
        inputs = {
            name: {
                "title": name,
                "description": _text(entry.get("x-meaning", {}), request),
                "minOccurs": 1 if name in required else 0,
                "schema": _without_own_keywords(entry),
            }
            for name, entry in properties.items()
        }
        outputs = {
            name: {"title": name, "description": _text(texts, request), "schema": {}}
            for name, texts in process.outputs.items()
        }
        return Answer({**_summary(process, request), "inputs": inputs, "outputs": outputs})

    def execute(self, request: Request, process_id: str) -> Answer:
        """Queue a job; always asynchronous, as the process descriptions say."""
        process = _process(process_id)
        body = request.body
        if not isinstance(body, dict) or not isinstance(body.get("inputs"), dict):
            raise BadBodyError()
        job = self._runner.submit(process_id, checked_inputs(process, body["inputs"]))
        headers = {"Location": request.base_url + PATH_JOB.format(job_id=job.job_id)}
        if request.prefers_async:
            headers["Preference-Applied"] = "respond-async"
        return Answer(self._document(job, request), 201, headers)

    def jobs(self, request: Request) -> Answer:
        """The latest jobs."""
        jobs = [
            self._document(job, request)
            for job in self._runner.store.find(JobQuery(ANYONE, limit=JOB_LIST_LIMIT))
        ]
        return Answer({"jobs": jobs, "links": [_link(request, PATH_JOBS, "self")]})

    def job(self, request: Request, job_id: str) -> Answer:
        """Where a job stands."""
        return Answer(self._document(self._job(job_id), request))

    def dismiss(self, request: Request, job_id: str) -> Answer:
        """End a job; one that has ended stays as it is."""
        self._job(job_id)
        self._runner.dismiss(job_id)
        return Answer(self._document(self._job(job_id), request))

    def results(self, request: Request, job_id: str) -> Answer:
        """Outputs of a successful job."""
        job = self._job(job_id)
        if job.status is JobStatus.FAILED:
            english = job.error.get("en", "")
            raise JobFailedError(message_en=english, message_fr=job.error.get("fr", english))
        if job.status is not JobStatus.SUCCESSFUL:
            raise ResultNotReadyError(job_id=job_id, status_text=job.status.value)
        return Answer(job.results)

    def _job(self, job_id: str) -> Job:
        job = self._runner.store.get(job_id)
        if job is None:
            raise NoSuchJobError(job_id=job_id)
        return job

    def _document(self, job: Job, request: Request) -> dict[str, Any]:
        document = job.document(request.language)
        document["links"] = [_link(request, PATH_JOB.format(job_id=job.job_id), "self")]
        if job.status is JobStatus.SUCCESSFUL:
            relation = "http://www.opengis.net/def/rel/ogc/1.0/results"
            document["links"].append(_link(request, PATH_RESULTS.format(job_id=job.job_id), relation))
        return document


def checked_inputs(process: Process, inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs of a request, valid and with absolute paths.

    Raises:
        ConfigError: an unknown or missing input, a bad value, or a relative path.
    """
    schema.check(inputs, process.inputs, "inputs")

    def absolute(text: str, key: str) -> str:
        if not Path(text).is_absolute():
            raise BadValueError(
                path="inputs",
                key=key,
                value=repr(text),
                expected_en="an absolute path",
                expected_fr="un chemin absolu",
            )
        return text

    mapped: dict[str, Any] = input_schemas.map_paths(inputs, process.inputs, absolute)
    return mapped


def _process(process_id: str) -> Process:
    if process_id not in PROCESSES:
        raise NoSuchProcessError(process_id=process_id, known=", ".join(PROCESSES))
    return PROCESSES[process_id]


def _summary(process: Process, request: Request) -> dict[str, Any]:
    path = f"{PATH_PROCESSES}/{process.process_id}"
    execution = PATH_EXECUTION.format(process_id=process.process_id)
    return {
        "id": process.process_id,
        "title": _text(process.title, request),
        "description": _text(process.description, request),
        "version": __version__,
        "jobControlOptions": ["async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": [
            _link(request, path, "self"),
            _link(request, execution, "http://www.opengis.net/def/rel/ogc/1.0/execute"),
        ],
    }


def _text(texts: dict[str, str], request: Request) -> str:
    return texts.get(request.language, texts.get("en", ""))


def _link(request: Request, path: str, relation: str) -> dict[str, str]:
    return {"href": request.base_url + path, "rel": relation, "type": "application/json"}


def _without_own_keywords(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_own_keywords(v) for name, v in value.items() if not name.startswith("x-")}
    return value
