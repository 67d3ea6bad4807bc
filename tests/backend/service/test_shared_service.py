# SPDX-License-Identifier: GPL-2.0-or-later
"""A service for several people: who sees what, what may be named, sent and fetched, and who waits."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.backend.service.server_process import ServerProcess, wait_until
from tests.backend.service.toy_inputs import write_model, write_raster

TOKENS = {"anna": "a" * 32, "bob": "b" * 32, "idle": "i" * 32}
FILE = f"""
[anna]
token = "{TOKENS["anna"]}"
[bob]
token = "{TOKENS["bob"]}"
upload_bytes = 1000
max_unfinished = 1
[idle]
token = "{TOKENS["idle"]}"
requests_per_minute = 6
"""
PREDICT = "/processes/predict/execution"


@pytest.fixture(scope="module")
def allowed(tmp_path_factory):
    return tmp_path_factory.mktemp("allowed")


@pytest.fixture(scope="module")
def server(tmp_path_factory, allowed):
    folder = tmp_path_factory.mktemp("shared")
    tokens = folder / "tokens.toml"
    tokens.write_text(FILE)
    tokens.chmod(0o600)
    options = ("--tokens", str(tokens), "--allow", str(allowed), "--allow-host", "ortho.example")
    server = ServerProcess(folder, *options)
    yield server
    server.stop()


def call(server, method, path, name="anna", **more):
    headers = {"Authorization": f"Bearer {TOKENS[name]}", **more.pop("headers", {})}
    return requests.request(method, server.url + path, headers=headers, timeout=60, **more)


def job(server, inputs, name="anna", process_id="predict"):
    return call(server, "POST", f"/processes/{process_id}/execution", name, json={"inputs": inputs})


def test_a_client_without_a_shared_disk_sends_predicts_and_fetches(server, tmp_path):
    write_raster(tmp_path / "ortho.tif", 128)
    write_model(tmp_path / "model.onnx")
    for file in ("ortho.tif", "model.onnx"):
        content = (tmp_path / file).read_bytes()
        sent = call(server, "PUT", f"/files/{file}", data=content)
        assert sent.status_code == 201
        assert sent.json()["sha256"] == hashlib.sha256(content).hexdigest()
        assert call(server, "GET", f"/files/{file}").content == content
    links = {file: {"href": f"{server.url}/files/{file}"} for file in ("ortho.tif", "model.onnx")}
    red = {"red": f"{server.url}/files/ortho.tif:1"}
    started = job(server, {"rasters": [links["ortho.tif"]], "model": links["model.onnx"], "bands": red})
    assert started.status_code == 201
    where = started.headers["location"].removeprefix(server.url)
    wait_until(lambda: call(server, "GET", where).json()["status"] not in ("accepted", "running"), 120)
    whole = call(server, "GET", where + "/results/prediction")
    assert whole.status_code == 200, whole.text
    part = call(server, "GET", where + "/results/prediction", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    for path in (where, where + "/results", where + "/results/prediction", "/files/ortho.tif"):
        assert call(server, "GET", path, "bob").status_code == 404, "it is anna's"
    assert call(server, "DELETE", where, "bob").status_code == 404
    stolen = {"rasters": [f"{server.url}/files/ortho.tif"]}
    assert job(server, stolen, "bob").status_code in (400, 403)
    assert call(server, "DELETE", "/files/ortho.tif").status_code == 204
    assert call(server, "GET", "/files/ortho.tif").status_code == 404


@pytest.mark.parametrize(
    "inputs",
    [
        {"rasters": ["/etc/passwd"]},
        {"rasters": ["{allowed}/../../../etc/passwd"]},
        {"rasters": ["{allowed}/a.tif"], "output": "/etc/ocsge.tif"},
        {"rasters": ["{allowed}/a.tif"], "model": "/etc/passwd"},
        {"rasters": ["{allowed}/a.tif"], "aoi": "/etc/passwd"},
        {"rasters": ["{allowed}/a.tif"], "bands": {"red": "/etc/passwd:1"}},
        {"rasters": ["{allowed}/a.tif"], "crs": "/etc/passwd"},
        {"rasters": ["http://127.0.0.1:1/a.tif"]},
        {"rasters": ["http://169.254.169.254/latest/meta-data"]},
        {"rasters": ["WMS:http://evil.example/wms"]},
        {"rasters": ["{allowed}/a.tif"], "engine": "v2:http://127.0.0.1:1"},
        {"rasters": ["{allowed}/a.tif"], "scheduler": "tcp://10.0.0.1:8786"},
        {"rasters": [{"href": "file:///etc/passwd"}]},
        {"rasters": ["{data}/jobs"]},
        {"rasters": ["{data}/uploads/bob/a.tif"]},
    ],
)
def test_what_is_out_of_reach_is_refused_before_there_is_a_job(server, allowed, inputs):
    text = json.dumps(inputs).replace("{allowed}", str(allowed)).replace("{data}", str(server.log.parent))
    before = call(server, "GET", "/jobs?limit=1000").json()["jobs"]
    answer = job(server, json.loads(text))
    assert answer.status_code == 403, answer.text
    assert len(call(server, "GET", "/jobs?limit=1000").json()["jobs"]) == len(before)


def test_a_reference_reads_no_file_of_somebody_else(server, allowed):
    assert call(server, "PUT", "/files/own.json", "bob", data=b'"hidden-word"').status_code == 201
    data = server.log.parent
    (data.parent / "outside.json").write_text('"hidden-word"')
    for path in (data / "uploads" / "bob" / "own.json", data / ".." / "outside.json"):
        answer = job(server, {"rasters": [str(allowed / "a.tif")], "engine": {"href": f"file://{path}"}})
        assert answer.status_code == 400
        assert "hidden-word" not in answer.text
    assert call(server, "DELETE", "/files/own.json", "bob").status_code == 204


@pytest.mark.parametrize(
    "raster", ["/vsicurl/http://x/a.tif", "/vsizip/{a.zip}/b", "GTIFF_DIR:1:/etc/passwd"]
)
def test_the_virtual_files_of_gdal_are_no_rasters(server, raster):
    assert job(server, {"rasters": [raster]}).status_code in (400, 403)


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.vrt"])
def test_a_vector_file_cannot_lead_to_another(server, name):
    hidden = server.log.parent.parent / "hidden.gpkg"
    leading = f"""<OGRVRTDataSource><OGRVRTLayer name="hidden"><SrcDataSource>{hidden}</SrcDataSource>
        </OGRVRTLayer></OGRVRTDataSource>"""
    call(server, "PUT", f"/files/{name}", data=leading.encode())
    link = {"href": f"{server.url}/files/{name}"}
    answer = job(server, {"path": link}, process_id="check")
    assert (answer.status_code, "GeoPackage" in answer.text) == (400, True)
    assert "hidden" not in answer.text


def test_a_profile_cannot_lead_out_of_the_profiles(server, allowed):
    inputs = {"prediction": f"{allowed}/a.tif", "millesime": "2022"}
    for profile in ("../../secret", "/etc", "..", "a/b"):
        answer = job(server, {**inputs, "profile": profile}, process_id="postprocess")
        assert answer.status_code in (400, 403), profile


@pytest.mark.parametrize(
    "name", ["..%2Fa", ".hidden", "a%00b", "CON", "nul.tif", "a" * 129, "a%5Cb", "a.", "é"]
)
def test_a_file_cannot_have_every_name(server, name):
    assert call(server, "PUT", f"/files/{name}", data=b"x").status_code in (400, 404)


def test_nobody_keeps_more_than_their_quota(server):
    assert call(server, "PUT", "/files/a", "bob", data=b"x" * 800).status_code == 201
    assert call(server, "PUT", "/files/b", "bob", data=b"x" * 300).status_code == 413
    assert call(server, "PUT", "/files/b", "bob", data=iter([b"x" * 200] * 3)).status_code == 413
    assert [f["name"] for f in call(server, "GET", "/files", "bob").json()["files"]] == ["a"]
    assert call(server, "PUT", "/files/a", "bob", data=b"y" * 900).status_code == 200, "it replaces the other"


def test_files_sent_at_the_same_time_share_the_quota(server):
    call(server, "DELETE", "/files/a", "bob")
    all_begun = threading.Barrier(3)

    def content():
        yield b"x" * 300
        all_begun.wait(20)
        time.sleep(0.5)
        yield b"x" * 300

    with ThreadPoolExecutor(3) as pool:
        sent = [pool.submit(call, server, "PUT", f"/files/{n}", "bob", data=content()) for n in "abc"]
        statuses = sorted(answer.result().status_code for answer in sent)
    assert statuses == [201, 413, 413]
    assert sum(f["sizeBytes"] for f in call(server, "GET", "/files", "bob").json()["files"]) == 600


def test_an_upload_that_breaks_off_leaves_nothing(server):
    host, port = server.url.removeprefix("http://").split(":")
    head = f"PUT /files/half HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKENS['anna']}\r\n"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode() + b"Content-Length: 1000\r\n\r\nonly this")
    time.sleep(0.5)
    assert call(server, "GET", "/files/half").status_code == 404
    assert not [path for path in server.log.parent.rglob("*half*") if path.is_file()]


def test_nobody_has_more_unfinished_jobs_than_allowed(server, allowed):
    inputs = {"rasters": [str(allowed / "none.tif")]}
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: job(server, inputs, "bob").status_code, range(8)))
    assert 201 in statuses
    assert statuses.count(429) >= 6, "a second one only where the first has failed already"


def test_who_asks_too_often_waits(server):
    answers = [call(server, "GET", "/", "idle") for _ in range(4)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_browser_logs_in_looks_and_changes_nothing(server):
    browser = requests.Session()
    browser.headers["Accept"] = "text/html,*/*"
    first = browser.get(server.url + "/", timeout=30)
    assert first.status_code == 401
    assert 'action="/login"' in first.text
    wrong = browser.post(server.url + "/login", data={"token": "wrong"}, timeout=30)
    assert wrong.status_code == 401
    page = browser.post(server.url + "/login", data={"token": TOKENS["anna"]}, timeout=30)
    assert page.status_code == 200
    assert "<h2>Processes</h2>" in page.text
    assert page.url == server.url + "/"
    assert browser.put(server.url + "/files/x", data=b"x", timeout=30).status_code == 403
    assert browser.delete(server.url + "/jobs/x", timeout=30).status_code == 403
    assert browser.post(server.url + PREDICT, json={"inputs": {}}, timeout=30).status_code == 403
    browser.post(server.url + "/logout", timeout=30)
    assert browser.get(server.url + "/", timeout=30).status_code == 401


def test_the_log_holds_no_token_no_file_name_and_no_query(server):
    call(server, "GET", "/files/private-name.tif?key=hidden")
    log = server.log.read_text()
    assert '"account": "anna"' in log
    for secret in (*TOKENS.values(), "private-name", "hidden"):
        assert secret not in log


def test_pages_take_nothing_from_elsewhere(server):
    answer = call(server, "GET", "/", headers={"Accept": "text/html"})
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
