# SPDX-License-Identifier: GPL-2.0-or-later
"""Links of documents, and the paths they point to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from inference_backend.contracts.service import PATH_JOB, PATH_RESULTS
from inference_backend.service.web.answers import JSON, Request

REL = "http://www.opengis.net/def/rel/ogc/1.0/"
PATH_RESULT = "/jobs/{job_id}/results/{output_id}"
PATH_FILES = "/files"
PATH_FILE = "/files/{name}"


def link(request: Request, path: str, relation: str, kind: str = JSON, title: str = "") -> dict[str, str]:
    """One link."""
    entry = {"href": request.base_url + path, "rel": relation, "type": kind, "hreflang": request.language}
    return {**entry, "title": title} if title else entry


def own_links(request: Request) -> list[dict[str, str]]:
    """A document's links to itself and to its page."""
    pairs = [(name, value) for name, values in request.query.items() for value in values]
    path = request.path + (f"?{urlencode(pairs)}" if pairs else "")
    return [link(request, path, "self"), link(request, path, "alternate", "text/html")]


def job_links(request: Request, job_id: str, *, has_results: bool) -> list[dict[str, Any]]:
    """Links of a job's status."""
    links = [link(request, PATH_JOB.format(job_id=job_id), "self")]
    links.append(link(request, PATH_JOB.format(job_id=job_id), "alternate", "text/html"))
    if has_results:
        links.append(link(request, PATH_RESULTS.format(job_id=job_id), REL + "results"))
    return links
