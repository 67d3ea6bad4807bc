# SPDX-License-Identifier: GPL-2.0-or-later
"""The handlers of what a service says of itself: landing page, conformance, processes."""

from __future__ import annotations

from typing import Any

from inference_backend import __version__
from inference_backend.contracts.service import (
    API_VERSION,
    PATH_EXECUTION,
    PATH_JOBS,
    PATH_LANDING,
    PATH_PROCESSES,
)
from inference_backend.service.jobs.job_query import JobQuery
from inference_backend.service.process_types import Process
from inference_backend.service.processes import PROCESSES
from inference_backend.service.web.answers import HTML, Answer, Request
from inference_backend.service.web.jobs_api import JobsApi, process_of
from inference_backend.service.web.links import PATH_FILES, REL, link, own_links
from inference_backend.service.web.pages import landing_page
from inference_backend.service.web.query_values import limit_of

CONFORMS_TO = [
    f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{name}"
    for name in ("core", "ogc-process-description", "json", "html", "oas30", "job-list", "dismiss")
]
PATH_API, PATH_CONFORMANCE = "/api", "/conformance"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
JOBS_ON_THE_PAGE = 50


class Api:
    """Handlers beside those of the jobs."""

    def __init__(self, jobs: JobsApi) -> None:
        self._jobs = jobs

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
                *own_links(request),
                link(request, PATH_API, "service-desc", OPENAPI),
                link(request, PATH_API, "service-doc", "text/html"),
                link(request, PATH_CONFORMANCE, REL + "conformance"),
                link(request, PATH_PROCESSES, REL + "processes"),
                link(request, PATH_JOBS, REL + "job-list"),
                link(request, PATH_FILES, "related", title="files"),
            ],
        }
        if not request.wants_html:
            return Answer(document)
        query = JobQuery(request.account.name, limit=JOBS_ON_THE_PAGE)
        jobs = [self._jobs.status(request, job) for job in self._jobs.runner.store.find(query)]
        processes = [_summary(process, request) for process in PROCESSES.values()]
        return Answer(landing_page(document, processes, jobs, request.language), media_type=HTML)

    def conformance(self, request: Request) -> Answer:
        """The parts of the standard that are met."""
        return Answer({"conformsTo": CONFORMS_TO, "links": own_links(request)})

    def processes(self, request: Request) -> Answer:
        """Summaries of the processes."""
        limit = limit_of(request.query)
        summaries = [_summary(process, request) for process in list(PROCESSES.values())[:limit]]
        return Answer({"processes": summaries, "links": own_links(request)})

    def process(self, request: Request, process_id: str) -> Answer:
        """A process with its inputs and outputs."""
        process = process_of(process_id)
        required = process.inputs["required"]
        inputs = {
            name: _described_input(name, entry, request, is_required=name in required)
            for name, entry in process.inputs["properties"].items()
        }
        outputs = {
            name: {"title": name, "description": _text(output.meaning, request), "schema": output.described}
            for name, output in process.outputs.items()
        }
        return Answer({**_summary(process, request), "inputs": inputs, "outputs": outputs})


def _described_input(
    name: str, entry: dict[str, Any], request: Request, *, is_required: bool
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "title": name,
        "description": _text(entry.get("x-meaning", {}), request),
        "minOccurs": max(1, entry.get("minItems", 1)) if is_required else 0,
    }
    if entry["type"] == "array":  # the standard's way: so many values, each by the schema
        described["maxOccurs"] = "unbounded"
        entry = entry["items"]
    return {**described, "schema": input_schema(entry)}


def input_schema(entry: dict[str, Any]) -> dict[str, Any]:
    """The published schema of an input: without our own keywords, and in the types of OpenAPI 3.0."""
    plain: dict[str, Any] = without_own_keywords(entry)
    plain.pop("description", None)
    return plain


def without_own_keywords(value: Any) -> Any:
    """A schema without `x-…`, in the words of OpenAPI 3.0: one type, limits that are open by a flag."""
    if isinstance(value, dict):
        kept = {name: without_own_keywords(v) for name, v in value.items() if not name.startswith("x-")}
        types = kept.get("type")
        if isinstance(types, list):
            rest = {name: v for name, v in kept.items() if name not in ("type", "pattern", "minimum")}
            by_type = {"string": ("pattern",), "integer": ("minimum",)}
            choices = [{"type": t, **{k: kept[k] for k in by_type.get(t, ()) if k in kept}} for t in types]
            return {**rest, "oneOf": choices}
        if "exclusiveMinimum" in kept:
            kept.update(minimum=kept["exclusiveMinimum"], exclusiveMinimum=True)
        return kept
    return value


def _summary(process: Process, request: Request) -> dict[str, Any]:
    path = f"{PATH_PROCESSES}/{process.process_id}"
    execution = PATH_EXECUTION.format(process_id=process.process_id)
    return {
        "id": process.process_id,
        "title": _text(process.title, request),
        "description": _text(process.description, request),
        "version": __version__,
        "jobControlOptions": process.job_control,
        "outputTransmission": ["value", "reference"],
        "links": [
            link(request, path, "self"),
            link(request, path, "alternate", "text/html"),
            link(request, execution, REL + "execute"),
        ],
    }


def _text(texts: dict[str, str], request: Request) -> str:
    return texts.get(request.language, texts.get("en", ""))


__all__ = ["CONFORMS_TO", "OPENAPI", "PATH_API", "PATH_CONFORMANCE", "PATH_LANDING", "Api"]
