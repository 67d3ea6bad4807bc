# SPDX-License-Identifier: GPL-2.0-or-later
"""Requirements classes JSON, HTML and OpenAPI 3.0."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.backend.service.ogc.calls import get, rels, start

PATHS = ["/", "/conformance", "/processes", "/processes/predict", "/jobs", "/files", "/api"]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Page(HTMLParser):
    """Text and links of a page."""

    def __init__(self, text):
        super().__init__()
        self.words, self.links, self.tags = "", set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.add(dict(attrs)["href"])

    def handle_data(self, data):
        self.words += data + " "


def leaves(value):
    if isinstance(value, dict):
        return [leaf for entry in value.values() for leaf in leaves(entry)]
    if isinstance(value, list):
        return [leaf for entry in value for leaf in leaves(entry)]
    return [value]


@pytest.mark.parametrize("path", PATHS[:-1])
def test_req_json_definition(server, path):
    for accept in ("application/json", "*/*", ""):
        answer = get(server, path, Accept=accept)
        assert answer.headers["content-type"] == "application/json"
        assert isinstance(answer.json(), dict)


def test_req_json_definition_for_jobs_and_asynchronous_execution(server, checked, layer):
    assert get(server, f"/jobs/{checked['jobID']}").headers["content-type"] == "application/json"
    assert start(server, "check", {"path": layer}).headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", [*PATHS, "job", "results"])
def test_req_html_definition_and_content(server, checked, path):
    """Every value and every link of the JSON document is on the page."""
    job = f"/jobs/{checked['jobID']}"
    path = {"job": job, "results": job + "/results"}.get(path, path)
    answer = get(server, path, Accept=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!doctype html>")
    page = Page(answer.text)
    assert "script" not in page.tags
    document = get(server, path, Accept="application/json").json()
    for link in document.get("links", []):
        assert link["href"] in page.links
    words = re.sub(r"\s+", " ", page.words)
    for leaf in leaves(document):
        shown = str(leaf).lower() if isinstance(leaf, bool) else "–" if leaf is None else str(leaf)
        assert re.sub(r"\s+", " ", shown).strip() in words


def test_req_oas30_oas_definition_1_and_2(server):
    link = rels(get(server, "/").json())["service-desc"]
    assert link["type"] == "application/vnd.oai.openapi+json;version=3.0"
    definition = get(server, "/api").json()
    assert definition["openapi"].startswith("3.0")
    assert {"info", "paths", "components"} <= set(definition)


def test_req_oas30_completeness_and_oas_impl(server):
    """Every address that documents link to is in the definition, with its method."""
    paths = get(server, "/api").json()["paths"]
    for path in PATHS:
        assert "get" in paths[re.sub(r"^/processes/predict$", "/processes/{processID}", path)]
    for process in ("predict", "postprocess", "import", "check", "run"):
        assert "post" in paths[f"/processes/{process}/execution"]
    assert {"get", "delete"} <= set(paths["/jobs/{jobID}"])
    assert "get" in paths["/jobs/{jobID}/results"]


def test_req_oas30_exceptions_codes(server):
    for path, operations in get(server, "/api").json()["paths"].items():
        for method, operation in operations.items():
            assert {"401", "429", "500"} <= set(operation["responses"]), (path, method)


def test_req_oas30_security(server):
    definition = get(server, "/api").json()
    assert definition["security"] == [{"token": []}]
    assert definition["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
