# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls of the tests of the standard: bare HTTP, as any client would send it."""

from __future__ import annotations

import requests

from tests.backend.service.server_process import TOKEN, wait_until

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
CLASSES = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/"
EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"


def call(server, method, path, body=None, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, server.url + path, json=body, headers={**HEADERS, **names}, timeout=120)


def get(server, path, **headers):
    return call(server, "GET", path, **headers)


def start(server, process_id, inputs, prefer="respond-async", **members):
    answer = call(
        server, "POST", f"/processes/{process_id}/execution", {"inputs": inputs, **members}, Prefer=prefer
    )
    assert answer.status_code == 201, answer.text
    return answer


def finish(server, answer):
    """Wait for the job of a 201; its last status document."""
    where = answer.headers["location"].removeprefix(server.url)
    wait_until(lambda: get(server, where).json()["status"] in ("successful", "failed", "dismissed"), 120)
    return get(server, where).json()


def rels(document):
    return {link["rel"]: link for link in document["links"]}


def assert_exception(answer, status, kind):
    """The schema exception.yaml, and the type that the requirement names."""
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["type"] == kind
    assert answer.json()["status"] == status
