# SPDX-License-Identifier: GPL-2.0-or-later
"""Requirements class Core of OGC API - Processes 1.0 (OGC 18-062r2), requirement by requirement."""

from __future__ import annotations

import base64
import email
import json
from datetime import datetime
from pathlib import Path

import pytest
import requests

from tests.backend.service.ogc.calls import (
    CLASSES,
    EXCEPTIONS,
    HEADERS,
    REL,
    assert_exception,
    call,
    finish,
    get,
    rels,
    start,
)
from tests.backend.service.server_process import wait_until

CHECK = "/processes/check/execution"


def test_req_core_landingpage_op_and_success(server):
    answer = get(server, "/")
    assert answer.status_code == 200
    links = rels(answer.json())
    assert {"service-desc", REL + "conformance", REL + "processes"} <= set(links)
    assert all("href" in link for link in answer.json()["links"])


def test_req_core_api_definition_op_and_success(server):
    for relation in ("service-desc", "service-doc"):
        link = rels(get(server, "/").json())[relation]
        answer = requests.get(link["href"], headers={**HEADERS, "Accept": link["type"]}, timeout=30)
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == link["type"].split(";")[0]


def test_req_core_conformance_op_and_success(server):
    answer = get(server, "/conformance")
    assert answer.status_code == 200
    assert CLASSES + "core" in answer.json()["conformsTo"]
    assert all(isinstance(name, str) for name in answer.json()["conformsTo"])


@pytest.mark.parametrize("path", ["/", "/processes", "/jobs", "/conformance"])
def test_req_core_http_head_is_get_without_a_body(server, path):
    answer = call(server, "HEAD", path)
    assert answer.status_code == 200
    assert answer.content == b""


def test_req_core_http_a_method_that_is_not_taken_is_named_with_those_that_are(server):
    answer = call(server, "PUT", "/processes")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].replace(" ", "").split(",")) == {"GET", "HEAD"}


def test_req_core_process_list_and_success(server):
    answer = get(server, "/processes")
    assert answer.status_code == 200
    for summary in answer.json()["processes"]:
        assert summary["id"]
        assert summary["version"]
        assert set(summary["jobControlOptions"]) <= {"sync-execute", "async-execute", "dismiss"}
        assert set(summary["outputTransmission"]) <= {"value", "reference"}


@pytest.mark.parametrize(("limit", "count"), [("1", 1), ("2", 2), ("10000", 12)])
def test_req_core_pl_limit_definition_and_response(server, limit, count):
    assert len(get(server, f"/processes?limit={limit}").json()["processes"]) == count


@pytest.mark.parametrize("limit", ["0", "-1", "10001", "many", "1.5", ""])
def test_req_core_pl_limit_definition_refuses_what_it_excludes(server, limit):
    assert get(server, f"/processes?limit={limit}").status_code == 400


def test_req_core_pl_links(server):
    links = rels(get(server, "/processes?limit=2").json())
    assert links["self"]["href"] == server.url + "/processes?limit=2"
    page = requests.get(links["alternate"]["href"], headers={**HEADERS, "Accept": "text/html"}, timeout=30)
    assert page.headers["content-type"].startswith(links["alternate"]["type"])


def test_req_core_process_and_success(server):
    for summary in get(server, "/processes").json()["processes"]:
        answer = get(server, f"/processes/{summary['id']}")
        assert answer.status_code == 200
        assert answer.json()["id"] == summary["id"]
        assert answer.json()["inputs"]
        assert answer.json()["outputs"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/processes/no"), ("POST", "/processes/no/execution")])
def test_req_core_process_exception_no_such_process(server, method, path):
    body = {"inputs": {}} if method == "POST" else None
    assert_exception(call(server, method, path, body), 404, EXCEPTIONS + "no-such-process")


def test_req_core_process_execute_request_and_success_async(server, checked, layer):
    answer = start(server, "check", {"path": layer})
    status = answer.json()
    assert answer.headers["location"] == f"{server.url}/jobs/{status['jobID']}"
    assert answer.headers["preference-applied"] == "respond-async"
    assert status["type"] == "process"
    assert status["status"] in ("accepted", "running")
    finish(server, answer)


def test_req_core_process_execute_default_execution_mode_where_only_async_is_offered(server):
    assert "sync-execute" not in get(server, "/processes/predict").json()["jobControlOptions"]
    body = {"inputs": {"rasters": ["/nowhere.tif"]}}
    assert call(server, "POST", "/processes/predict/execution", body).status_code == 201


def test_req_core_process_execute_default_execution_mode_where_both_are_offered(server, layer):
    assert {"sync-execute", "async-execute"} <= set(
        get(server, "/processes/check").json()["jobControlOptions"]
    )
    answer = call(server, "POST", CHECK, {"inputs": {"path": layer}, "response": "document"})
    assert answer.status_code == 200
    assert answer.json()["conformity"]["polygons"] == 9


def test_req_core_process_execute_auto_execution_mode(server, layer):
    assert start(server, "check", {"path": layer}).status_code == 201
    body = {"inputs": {"path": layer}, "response": "document"}
    answer = call(server, "POST", CHECK, body, Prefer="respond-async, wait=60")
    assert answer.status_code == 200, "it ended within the wait, so its results are there"


def test_req_core_job_results_success_sync_links_to_the_job(server, layer):
    answer = call(server, "POST", CHECK, {"inputs": {"path": layer}, "response": "document"})
    link = requests.utils.parse_header_links(answer.headers["link"])[-1]
    assert link["rel"] == "monitor"
    assert requests.get(link["url"], headers=HEADERS, timeout=30).json()["status"] == "successful"


def test_req_core_process_execute_sync_document(server, layer):
    answer = call(server, "POST", CHECK, {"inputs": {"path": layer}, "response": "document"})
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"conforms", "conformity"}


def test_req_core_process_execute_sync_raw_value_one(server, layer):
    answer = call(server, "POST", CHECK, {"inputs": {"path": layer}, "outputs": {"conforms": {}}})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() in (True, False)


def test_req_core_process_execute_sync_raw_value_multi(server, layer):
    parts = parts_of(call(server, "POST", CHECK, {"inputs": {"path": layer}}))
    assert set(parts) == {"<conforms>", "<conformity>"}
    assert json.loads(parts["<conformity>"].get_payload())["polygons"] == 9


def test_req_core_process_execute_sync_raw_ref(server, layer):
    wish = {"transmissionMode": "reference"}
    body = {"inputs": {"path": layer}, "outputs": {"conforms": wish, "conformity": wish}}
    answer = call(server, "POST", CHECK, body)
    assert answer.status_code == 204
    links = requests.utils.parse_header_links(answer.headers["link"])
    found = [requests.get(link["url"], headers=HEADERS, timeout=30) for link in links[:2]]
    assert all(one.status_code == 200 for one in found)


def test_req_core_process_execute_sync_raw_mixed_multi(server, layer):
    outputs = {"conforms": {"transmissionMode": "reference"}, "conformity": {"transmissionMode": "value"}}
    parts = parts_of(call(server, "POST", CHECK, {"inputs": {"path": layer}, "outputs": outputs}))
    assert parts["<conforms>"].get_payload().strip() == ""
    where = parts["<conforms>"]["Content-Location"]
    assert requests.get(where, headers=HEADERS, timeout=30).json() in (True, False)
    assert json.loads(parts["<conformity>"].get_payload())["polygons"] == 9


def test_req_core_process_execute_default_outputs(server, checked):
    results = get(server, f"/jobs/{checked['jobID']}/results").json()
    assert set(results) == set(get(server, "/processes/check").json()["outputs"])


@pytest.mark.parametrize(
    "members",
    [
        {"response": "both"},
        {"outputs": {"nothing": {}}},
        {"outputs": {"conforms": {"transmissionMode": "pigeon"}}},
        {"outputs": {"conforms": {"format": {"mediaType": "image/png"}}}},
        {"outputs": []},
    ],
)
def test_req_core_process_execute_request_refuses_what_the_schema_excludes(server, members):
    answer = call(server, "POST", CHECK, {"inputs": {"path": "/a.gpkg"}, **members})
    assert_exception(answer, 400, "InvalidParameterValue")


def test_req_core_process_execute_inputs_by_value_and_by_reference(server, layer):
    with Path(layer).open("rb") as file:
        url = f"{server.url}/files/lot.gpkg"
        assert requests.put(url, data=file, headers=HEADERS, timeout=30).status_code == 201
    for value in (layer, {"href": url}, {"href": f"file://{layer}"}, "/files/lot.gpkg"):
        body = {"inputs": {"path": value}, "outputs": {"conforms": {}}}
        assert call(server, "POST", CHECK, body).status_code == 200


def test_req_core_process_execute_input_inline_binary(server, layer):
    with Path(layer).open("rb") as file:
        content = base64.b64encode(file.read()).decode()
    value = {"value": content, "encoding": "base64", "mediaType": "application/geopackage+sqlite3"}
    body = {"inputs": {"path": value}, "response": "document"}
    assert call(server, "POST", CHECK, body).json()["conformity"]["polygons"] == 9


def test_req_core_process_execute_input_inline_object(server):
    for fill in ({"height": 0.0}, {"value": {"height": 0.0}}):
        start(server, "predict", {"rasters": ["/nowhere.tif"], "fill": fill})


def test_req_core_process_execute_input_inline_bbox(server):
    box = {"bbox": [700000, 6599980, 700020, 6600000], "crs": "http://www.opengis.net/def/crs/EPSG/0/2154"}
    start(server, "predict", {"rasters": ["/nowhere.tif"], "aoi": box})
    bad = {"inputs": {"rasters": ["/nowhere.tif"], "aoi": {"bbox": [1, 2, 0, 1]}}}
    assert_exception(call(server, "POST", "/processes/predict/execution", bad), 400, "InvalidParameterValue")


def test_req_core_process_execute_input_array(server):
    assert get(server, "/processes/predict").json()["inputs"]["rasters"]["maxOccurs"] == "unbounded"
    for value in (["/nowhere.tif"], "/nowhere.tif", ["/nowhere.tif", {"href": "file:///nowhere2.tif"}]):
        start(server, "predict", {"rasters": value})


@pytest.mark.parametrize(
    "inputs", [{}, {"path": 3}, {"path": "/a.gpkg", "partial": "yes"}, {"pth": "/a.gpkg"}]
)
def test_req_core_process_execute_input_validation(server, inputs):
    assert_exception(call(server, "POST", CHECK, {"inputs": inputs}), 400, "InvalidParameterValue")


def test_req_core_process_execute_input_validation_of_a_referred_value(server):
    name = "value.json"
    requests.put(f"{server.url}/files/{name}", data=b'"no number"', headers=HEADERS, timeout=30)
    inputs = {"rasters": ["/nowhere.tif"], "overlap_px": {"href": f"{server.url}/files/{name}"}}
    answer = call(server, "POST", "/processes/predict/execution", {"inputs": inputs})
    assert_exception(answer, 400, "InvalidParameterValue")
    assert "overlap_px" in answer.json()["detail"]


def test_req_core_job_and_job_success(server, checked):
    answer = get(server, f"/jobs/{checked['jobID']}")
    assert answer.status_code == 200
    document = answer.json()
    assert (document["type"], document["status"], document["progress"]) == ("process", "successful", 100)
    times = [datetime.fromisoformat(document[name]) for name in ("created", "started", "finished")]
    assert times == sorted(times)


@pytest.mark.parametrize("path", ["/jobs/none", "/jobs/none/results", "/jobs/none/results/x"])
def test_req_core_job_exception_no_such_job(server, path):
    assert_exception(get(server, path), 404, EXCEPTIONS + "no-such-job")


def test_req_core_job_results_exception_results_not_ready(server, endless):
    answer = start(server, "predict", endless)
    where = f"/jobs/{answer.json()['jobID']}"
    wait_until(lambda: get(server, where).json()["status"] == "running", 120)
    assert_exception(get(server, where + "/results"), 404, EXCEPTIONS + "result-not-ready")
    call(server, "DELETE", where)


def test_req_core_job_results_failed(server, failed):
    answer = get(server, f"/jobs/{failed['jobID']}/results")
    assert_exception(answer, 400, "InvalidParameterValue")
    assert "/nowhere/lot.gpkg" in answer.json()["detail"]


def test_req_core_job_results_async_document(server, checked):
    answer = get(server, rels(checked)[REL + "results"]["href"].removeprefix(server.url))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


def test_req_core_job_results_async_raw_value_one(server, predicted):
    where = f"/jobs/{predicted['jobID']}/results"
    answer = get(server, where)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == server.url + where + "/prediction", "the service keeps it, so this is its address"
    file = requests.get(answer.text, headers={**HEADERS, "Range": "bytes=0-3"}, timeout=30)
    assert file.status_code == 206
    assert file.content[:2] in (b"II", b"MM")


def results_of(server, inputs, response, **wish):
    outputs = {"prediction": {"format": {"mediaType": "image/tiff"}, **wish}}
    status = finish(server, start(server, "predict", inputs, outputs=outputs, response=response))
    return status, get(server, f"/jobs/{status['jobID']}/results")


def test_req_core_job_results_async_raw_value_one_of_a_file(server, predict_inputs):
    _, answer = results_of(server, predict_inputs, "raw")
    assert answer.headers["content-type"].startswith("image/tiff")
    assert answer.content[:2] in (b"II", b"MM")


def test_req_core_job_results_async_raw_ref_of_a_file(server, predict_inputs):
    status, answer = results_of(server, predict_inputs, "raw", transmissionMode="reference")
    assert answer.status_code == 204
    assert f"/jobs/{status['jobID']}/results/prediction" in answer.headers["link"]


def test_req_core_job_results_async_document_of_a_file_by_value(server, predict_inputs):
    _, answer = results_of(server, predict_inputs, "document")
    assert base64.b64decode(answer.json()["prediction"]["value"])[:2] in (b"II", b"MM")


def test_rec_core_process_execute_sync_document_ref(server, predict_inputs):
    _, answer = results_of(server, predict_inputs, "document", transmissionMode="reference")
    link = answer.json()["prediction"]
    assert link["type"].startswith("image/tiff")
    assert requests.head(link["href"], headers=HEADERS, timeout=30).status_code == 200


def parts_of(answer):
    """The parts of a multipart/related answer by their Content-ID."""
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("multipart/related")
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + answer.content)
    return {part["Content-ID"]: part for part in message.get_payload()}
