# SPDX-License-Identifier: GPL-2.0-or-later
"""The OpenAPI 3.0 document: every address, its parameters, bodies, answers and errors."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from inference_backend import __version__
from inference_backend.contracts.service import (
    PATH_EXECUTION,
    PATH_JOBS,
    PATH_LANDING,
    PATH_PROCESSES,
    JobStatus,
)
from inference_backend.service.process_types import Process
from inference_backend.service.processes import PROCESSES
from inference_backend.service.uploads import NAME_PATTERN
from inference_backend.service.web import openapi_schemas as schemas
from inference_backend.service.web.answers import JSON, PROBLEM
from inference_backend.service.web.api import OPENAPI, PATH_API, PATH_CONFORMANCE, input_schema
from inference_backend.service.web.execute_request import media_types
from inference_backend.service.web.links import PATH_FILES
from inference_backend.service.web.live_openapi import STATUSES, live_paths
from inference_backend.service.web.query_values import DEFAULT_LIMIT, MOST_LIMIT, MOST_NUMBER

Spec = dict[str, Any]
EVERYWHERE = (401, 405, 408, 421, 429, 431, 500, 503)
ERRORS = {
    400: "A value that cannot be used",
    401: "The token is missing or wrong",
    403: "Out of reach, or asked for with a browser's session",
    404: "No such process, job, output or file, or no result yet",
    405: "A method that the address does not take",
    408: "The body did not come in time",
    409: "A newer request has taken this one's place",
    410: "Dismissed, or moved away since",
    413: "Too large, or beyond the quota",
    415: "A body of another kind",
    416: "A range that the file does not have",
    421: "Not under this name",
    429: "Too many requests or jobs",
    431: "Headers that are too large",
    500: "A fault of the service, or of a job",
    503: "Too many connections",
}


def openapi_document(app: FastAPI) -> Spec:
    """The document, without `servers`; routes that describe themselves (KServe V2) are taken from `app`."""
    described = get_openapi(title=app.title, version=__version__, openapi_version="3.0.3", routes=app.routes)
    components = described.get("components", {})
    components["schemas"] = {**components.get("schemas", {}), **schemas.SCHEMAS}
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "OCS GE backend",
            "version": __version__,
            "description": "OGC API - Processes 1.0 for prediction, post-processing and control; KServe V2 "
            "for the models.",
            "license": {"name": "GPL-2.0-or-later"},
        },
        "security": [{"token": []}],
        "paths": {**_paths(), **_live(), **_with_errors(described.get("paths", {}))},
        "components": components,
    }


def _live() -> Spec:
    paths = live_paths()
    for operations in paths.values():
        for operation in operations.values():
            errors = _errors(*EVERYWHERE, *operation.pop(STATUSES))
            operation["responses"] = {**operation["responses"], **errors}
    return paths


def _paths() -> Spec:
    job = [_path_parameter("jobID", {"type": "string"})]
    process = [_path_parameter("processID", {"type": "string", "enum": list(PROCESSES)})]
    name = [_path_parameter("name", {"type": "string", "pattern": NAME_PATTERN})]
    output = [_path_parameter("outputID", {"type": "string"})]
    paths: Spec = {
        PATH_LANDING: {"get": _read("landingPage", "The landing page")},
        PATH_CONFORMANCE: {"get": _read("confClasses", "What is met of the standard")},
        PATH_API: {"get": _api()},
        PATH_PROCESSES: {"get": _read("processList", "The processes", 400, parameters=[_limit()])},
        PATH_PROCESSES + "/{processID}": {"get": _read("process", "One process", 404, parameters=process)},
        PATH_JOBS: {"get": _read("jobList", "The jobs", 400, parameters=_job_filters())},
        "/jobs/{jobID}": {
            "get": _read("statusInfo", "Where a job stands", 404, parameters=job),
            "delete": _read("statusInfo", "Dismiss a job", 403, 404, parameters=job),
        },
        "/jobs/{jobID}/results": {"get": _results(job)},
        "/jobs/{jobID}/results/{outputID}": {
            "get": _file("One output", 400, 403, 410, parameters=[*job, *output])
        },
        PATH_FILES: {"get": _read("fileList", "The files sent here")},
        PATH_FILES + "/{name}": {
            "get": _file("A file sent here", 400, parameters=name),
            "put": _upload(name),
            "delete": _operation(
                "Remove a file", {"204": {"description": "Removed"}}, 400, 403, 404, parameters=name
            ),
        },
    }
    for one in PROCESSES.values():
        paths[PATH_EXECUTION.format(process_id=one.process_id)] = {"post": _execution(one)}
    return paths


def _operation(title: str, answers: Spec, *errors: int, parameters: list[Spec] | None = None) -> Spec:
    return {
        "summary": title,
        **({"parameters": parameters} if parameters else {}),
        "responses": {**answers, **_errors(*errors, *EVERYWHERE)},
    }


def _read(schema: str, title: str, *errors: int, parameters: list[Spec] | None = None) -> Spec:
    content = {JSON: {"schema": _ref(schema)}, "text/html": {"schema": {"type": "string"}}}
    return _operation(
        title, {"200": {"description": title, "content": content}}, *errors, parameters=parameters
    )


def _api() -> Spec:
    content = {OPENAPI: {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}}
    return _operation("This document", {"200": {"description": "This document", "content": content}})


def _file(title: str, *errors: int, parameters: list[Spec]) -> Spec:
    content = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    answers = {
        "200": {"description": title, "content": content},
        "206": {"description": "A part of it", "content": content},
    }
    return _operation(title, answers, *errors, 404, 416, parameters=parameters)


def _upload(parameters: list[Spec]) -> Spec:
    answers = {
        status: {"description": meaning, "content": {JSON: {"schema": _ref("file")}}}
        for status, meaning in (("200", "Replaced"), ("201", "New"))
    }
    operation = _operation("Send a file", answers, 400, 403, 413, 415, parameters=parameters)
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {**operation, "requestBody": {"required": False, "content": content}}  # a file may be empty


def _results(parameters: list[Spec]) -> Spec:
    return _operation("The results", _result_answers(), 400, 403, 404, 410, parameters=parameters)


def _result_answers() -> Spec:
    forms = {
        JSON: {"schema": _ref("results")},
        "multipart/related": {"schema": {"type": "string"}},
        "*/*": {"schema": {"type": "string", "format": "binary"}},
    }
    return {
        "200": {"description": "The results in the form asked for", "content": forms},
        "204": {"description": "The results are behind the links of the header Link"},
    }


def _execution(process: Process) -> Spec:
    accepted = {"description": "A job", "content": {JSON: {"schema": _ref("statusInfo")}}}
    answers = {"201": accepted, **(_result_answers() if process.is_short else {})}
    prefer = {
        "name": "Prefer",
        "in": "header",
        "schema": {"type": "string", "enum": ["respond-async", "respond-async, wait=1"]},
    }
    operation = _operation(process.title["en"], answers, 400, 403, 404, 410, 413, 415, parameters=[prefer])
    body = {"required": True, "content": {JSON: {"schema": _execute_schema(process)}}}
    return {**operation, "description": process.description["en"], "requestBody": body}


def _execute_schema(process: Process) -> Spec:
    properties = {name: _input(entry) for name, entry in process.inputs["properties"].items()}
    outputs = {
        name: {
            "type": "object",
            "properties": {
                "transmissionMode": {"type": "string", "enum": ["value", "reference"]},
                "format": {
                    "type": "object",
                    "properties": {"mediaType": {"type": "string", "enum": media_types(output)}},
                },
            },
        }
        for name, output in process.outputs.items()
    }
    return {
        "type": "object",
        "required": ["inputs"],
        "properties": {
            "inputs": {
                "type": "object",
                "properties": properties,
                "required": process.inputs["required"],
                "additionalProperties": False,
            },
            "outputs": {"type": "object", "properties": outputs, "additionalProperties": False},
            "response": {"type": "string", "enum": ["raw", "document"]},
        },
    }


def _input(entry: Spec) -> Spec:
    if entry["type"] == "array":
        return {"type": "array", "minItems": entry["minItems"], "items": _input(entry["items"])}
    plain = input_schema(entry)
    if entry.get("x-path") in ("read", "raster"):
        return {"anyOf": [plain, _ref("link")]}
    return plain


def _job_filters() -> list[Spec]:
    whole = {"type": "integer", "minimum": 0, "maximum": MOST_NUMBER}
    return [
        _limit(),
        _list("type", ["process"]),
        _list("processID", None),
        _list("status", [status.value for status in JobStatus]),
        {
            "name": "datetime",
            "in": "query",
            "schema": {"type": "string"},
            "description": "A moment, or an interval such as 2026-11-20T08:00:00Z/..",
        },
        *(
            {"name": name, "in": "query", "schema": whole}
            for name in ("minDuration", "maxDuration", "before")
        ),
    ]


def _limit() -> Spec:
    schema = {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT}
    return {"name": "limit", "in": "query", "schema": schema}


def _list(name: str, choices: list[str] | None) -> Spec:
    entry = {"type": "string", **({"enum": choices} if choices else {})}
    return {
        "name": name,
        "in": "query",
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "items": entry},
    }


def _path_parameter(name: str, schema: Spec) -> Spec:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _with_errors(paths: Spec) -> Spec:
    for path, operations in paths.items():
        names = re.findall(r"{(\w+)}", path)
        for operation in operations.values():
            operation["parameters"] = [_path_parameter(name, {"type": "string"}) for name in names]
            described = operation["responses"]
            guard = dict(_errors(*EVERYWHERE).items())
            for status in described.keys() & guard.keys():  # said by the models, or by the guard before them
                described[status]["content"] = {**guard[status]["content"], **described[status]["content"]}
            operation["responses"] = {**guard, **described}
    return paths


def _errors(*statuses: int) -> Spec:
    content = {PROBLEM: {"schema": _ref("exception")}, JSON: {"schema": {"type": "object"}}}
    content["text/html"] = {"schema": {"type": "string"}}
    content["text/plain"] = {"schema": {"type": "string"}}
    return {str(s): {"description": ERRORS[s], "content": content} for s in sorted(set(statuses))}


def _ref(name: str) -> Spec:
    return {"$ref": f"#/components/schemas/{name}"}
