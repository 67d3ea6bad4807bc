# SPDX-License-Identifier: GPL-2.0-or-later
"""The standard's documents as schemas of OpenAPI 3.0, and those of the files sent here."""

from __future__ import annotations

from typing import Any

from inference_backend.contracts.service import JobStatus

_TEXT = {"type": "string"}
_MOMENT = {"type": "string", "format": "date-time"}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


_SUMMARY = {
    "id": _TEXT,
    "version": _TEXT,
    "title": _TEXT,
    "description": _TEXT,
    "jobControlOptions": {
        "type": "array",
        "items": {"type": "string", "enum": ["sync-execute", "async-execute", "dismiss"]},
    },
    "outputTransmission": {"type": "array", "items": {"type": "string", "enum": ["value", "reference"]}},
    "links": _list("link"),
}
_DESCRIBED = _object(
    ["schema"],
    {
        "title": _TEXT,
        "description": _TEXT,
        "minOccurs": {"type": "integer", "minimum": 0},
        "maxOccurs": {"oneOf": [{"type": "integer"}, {"type": "string", "enum": ["unbounded"]}]},
        "schema": {"type": "object"},
    },
)

SCHEMAS: dict[str, Any] = {
    "link": _object(
        ["href"], {"href": _TEXT, "rel": _TEXT, "type": _TEXT, "hreflang": _TEXT, "title": _TEXT}
    ),
    "landingPage": _object(
        ["links"],
        {"title": _TEXT, "description": _TEXT, "version": _TEXT, "api": _TEXT, "links": _list("link")},
    ),
    "confClasses": _object(
        ["conformsTo"], {"conformsTo": {"type": "array", "items": _TEXT}, "links": _list("link")}
    ),
    "processSummary": _object(["id", "version"], _SUMMARY),
    "processList": _object(
        ["processes", "links"], {"processes": _list("processSummary"), "links": _list("link")}
    ),
    "process": _object(
        ["id", "version", "inputs", "outputs"],
        {
            **_SUMMARY,
            "inputs": {"type": "object", "additionalProperties": _DESCRIBED},
            "outputs": {"type": "object", "additionalProperties": _DESCRIBED},
        },
    ),
    "statusInfo": _object(
        ["jobID", "status", "type", "processID"],
        {
            "processID": _TEXT,
            "type": {"type": "string", "enum": ["process"]},
            "jobID": _TEXT,
            "status": {"type": "string", "enum": [status.value for status in JobStatus]},
            "message": _TEXT,
            "created": _MOMENT,
            "started": _MOMENT,
            "finished": _MOMENT,
            "updated": _MOMENT,
            "progress": {"type": "integer", "minimum": 0, "maximum": 100},
            "links": _list("link"),
        },
    ),
    "jobList": _object(["jobs", "links"], {"jobs": _list("statusInfo"), "links": _list("link")}),
    "results": {"type": "object"},
    "exception": _object(
        ["type"], {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT}
    ),
    "file": _object(
        ["name", "sizeBytes", "updated", "links"],
        {
            "name": _TEXT,
            "sizeBytes": {"type": "integer", "minimum": 0},
            "updated": _MOMENT,
            "sha256": _TEXT,
            "links": _list("link"),
        },
    ),
    "fileList": _object(
        ["files", "roomBytes", "links"],
        {
            "files": _list("file"),
            "roomBytes": {"type": "integer", "minimum": 0},
            "links": _list("link"),
        },
    ),
}
