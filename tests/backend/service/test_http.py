# SPDX-License-Identifier: GPL-2.0-or-later
"""The interface over real HTTP: what OGC API Processes asks for, and what a clumsy or hostile client gets."""

from __future__ import annotations

import pytest
import requests

from inference_backend import __version__
from inference_backend.service.web.answers import language_of
from tests.backend.service.server_process import TOKEN

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


def get(server, path, **headers):
    return requests.get(server.url + path, headers={**HEADERS, **headers}, timeout=10)


def post(server, path, body, **headers):
    return requests.post(server.url + path, json=body, headers={**HEADERS, **headers}, timeout=10)


def test_the_landing_page_links_to_everything(server):
    landing = get(server, "/").json()
    assert landing["version"] == __version__
    for link in landing["links"]:
        answer = requests.get(link["href"], headers=HEADERS, timeout=10)
        assert answer.status_code == 200, link
        assert "json" in answer.headers["content-type"]


def test_a_browser_gets_a_page(server):
    answer = get(server, "/", Accept="text/html", **{"Accept-Language": "fr"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>Moteur OCS GE</h1>" in answer.text
    assert "<script" not in answer.text


def test_conformance_names_what_is_met(server):
    classes = get(server, "/conformance").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core" in classes
    assert "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/dismiss" in classes


def test_the_processes_describe_their_inputs(server):
    listed = get(server, "/processes").json()["processes"]
    assert [process["id"] for process in listed] == [
        "predict",
        "postprocess",
        "import",
        "check",
        "run",
        "cut",
        "merge",
        "control_sample",
        "control_collect",
        "control_decide",
        "control_report",
        "report",
    ]
    for process in listed:
        described = get(server, f"/processes/{process['id']}").json()
        assert "async-execute" in described["jobControlOptions"]
        assert described["inputs"]
        for entry in described["inputs"].values():
            assert entry["description"]
            assert {"type", "oneOf"} & set(entry["schema"])


@pytest.mark.parametrize("path", ["/", "/processes", "/jobs", "/api", "/nowhere"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer "},
    ],
)
def test_nothing_answers_without_the_token(server, path, headers):
    answer = requests.get(server.url + path, headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert set(answer.json()) == {"type", "title", "status", "detail"}


def test_a_job_cannot_be_started_without_the_token(server):
    answer = requests.post(server.url + "/processes/check/execution", json={"inputs": {}}, timeout=10)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/processes/melt", "no-such-process"),
        ("/jobs/none", "no-such-job"),
        ("/jobs/none/results", "no-such-job"),
    ],
)
def test_what_does_not_exist_is_a_404_of_the_standard(server, path, kind):
    answer = get(server, path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith(kind)


def test_unknown_addresses_and_methods_have_error_documents_too(server):
    assert get(server, "/nowhere").json()["status"] == 404
    assert requests.put(server.url + "/jobs", headers=HEADERS, timeout=10).json()["status"] == 405


@pytest.mark.parametrize(
    ("inputs", "english", "french"),
    [
        ({}, "“path” is missing", "« path » manque"),
        ({"pth": "/a.gpkg"}, "Did you mean “path”?", "Vouliez-vous dire « path » ?"),
        ({"path": 3}, "expected a text", "il faut un texte"),
        ({"path": "a.gpkg"}, "an absolute path", "un chemin absolu"),
    ],
)
def test_bad_inputs_are_explained_in_the_language_asked_for(server, inputs, english, french):
    path = "/processes/check/execution"
    for language, expected in (("en", english), ("fr-FR,fr;q=0.9,en;q=0.8", french)):
        answer = post(server, path, {"inputs": inputs}, **{"Accept-Language": language})
        assert answer.status_code == 400
        assert expected in answer.json()["detail"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"inputs": 3}', b"{broken", b"\xff\xfe"])
def test_a_body_that_is_no_request_is_a_400(server, content):
    url = server.url + "/processes/check/execution"
    assert requests.post(url, data=content, headers=HEADERS, timeout=10).status_code == 400


def test_a_huge_body_is_refused_before_it_fills_the_memory(server):
    url = server.url + "/processes/check/execution"
    answer = requests.post(url, data=b"x" * (2**20 + 1), headers=HEADERS, timeout=10)
    assert answer.status_code == 413


def test_the_log_holds_neither_token_nor_paths(server):
    post(server, "/processes/check/execution", {"inputs": {"path": "/secret/place.gpkg", "token": "x"}})
    get(server, "/jobs?token=abc")
    log = server.log.read_text()
    assert '"event": "request"' in log
    for secret in (TOKEN, "secret/place", "token=abc"):
        assert secret not in log


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("fr", "fr"),
        ("en;q=0.3, fr;q=0.7", "fr"),
        ("de, en", "en"),
        ("", "en"),
        ("fr;q=zero", "fr"),
        ("*", "en"),
    ],
)
def test_the_language_follows_the_weights(header, expected):
    assert language_of(header) == expected
