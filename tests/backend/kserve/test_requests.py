# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that are wrong, huge or hostile: the right status, a sentence, and a server that goes on."""

from __future__ import annotations

import json
import socket
import threading

import numpy as np
import pytest
import requests

from inference_backend.service.kserve.errors import BusyError, ModelTooLargeError
from inference_backend.service.kserve.models import ModelPool
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model
from tests.backend.service.server_process import TOKEN, ServerProcess, wait_until

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
INFER = "/v2/models/tiny/infer"


def get(server, path, **headers):
    return requests.get(server.url + path, headers={**HEADERS, **headers}, timeout=20)


def post(server, body, path=INFER, **headers):
    return requests.post(server.url + path, data=body, headers={**HEADERS, **headers}, timeout=20)


def tensor(**changes):
    return {
        "name": "image", "shape": [1, 3, 64, 64], "datatype": "UINT8", "data": [0] * (3 * 64 * 64), **changes
    }  # fmt: skip


def request(*inputs, **changes):
    return json.dumps({"inputs": list(inputs) or [tensor()], "outputs": [{"name": "planes"}], **changes})


@pytest.fixture(autouse=True)
def still_alive(server):
    yield
    assert post(server, request()).status_code == 200, "the server does not answer any more"


def refused(answer, status, words=""):
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    assert words in answer.json()["error"]
    return True


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "not JSON"),
        ("{broken", "not JSON"),
        ("[1]", "not a JSON object"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 50_000, "not JSON"),
        ("{}", "no list of tensors"),
        (request(inputs=[]), "no list of tensors"),
        (request(tensor(data=[0])), "does not hold 12288 numbers"),
        (request(tensor(shape=[-1, 3, 64, 64])), "positive integers"),
        (request(tensor(shape=[2**40, 2**40, 64, 64])), "needs > 10^18 bytes"),
        (request(tensor(shape=[1, 4, 64, 64], data=[0] * (4 * 64 * 64))), "[-1, 3, 64, 64] is needed"),
        (request(tensor(shape=[3, 64, 64])), "[-1, 3, 64, 64] is needed"),
        (request(tensor(shape=[1, 3, 32, 128])), "[-1, 3, 64, 64] is needed"),
        (request(tensor(datatype="FP64")), "Datatype FP64 is not taken"),
        (request(tensor(datatype="BYTES")), "datatype 'BYTES'"),
        (request(tensor(name="picture")), "One input called “image”"),
        (request(tensor(name="\ud800")), "One input called “image”"),
        (request(tensor(), tensor()), "One input called “image”"),
        (request().replace("[0, 0", "[NaN, 0"), "not JSON"),
        (request(tensor(datatype="FP32")).replace("[0, 0", "[1e999, 0"), "does not fit FP32"),
        (request(id=7), "“id” must be a text"),
        (request(id="x" * 1000), "“id” must be a text"),
        (request(parameters=[]), "“parameters” must be an object"),
        (request(parameters={"min_confidence": 2}), "“min_confidence”"),
        (request(parameters={"min_confidence": True}), "“min_confidence”"),
        (request(outputs={"name": "planes"}), "may name each of these once"),
        (request(outputs=[{"name": ["planes"]}]), "may name each of these once"),
        (request(outputs=[{"name": "planes"}, {"name": "planes"}]), "may name each of these once"),
    ],
)
def test_what_is_wrong_is_said(server, body, words):
    assert refused(post(server, body), 400, words)


def test_it_is_said_in_french_too(server):
    answer = post(server, request(outputs=[{"name": "x"}]), **{"Accept-Language": "fr"})
    assert refused(answer, 400, "peut nommer une fois chacune")


def binary(values, size=None, **changes):
    head = tensor(
        shape=list(values.shape),
        parameters={"binary_data_size": values.nbytes if size is None else size},
        **changes,
    )
    del head["data"]
    text = request(head).encode()
    return text, text + values.tobytes()


@pytest.mark.parametrize("change", [-12288, -1, 1, 10**12])
def test_binary_sizes_that_lie_are_refused(server, image, change):
    text, body = binary(image, image.nbytes + change)
    answer = post(server, body, **{"Inference-Header-Content-Length": str(len(text))})
    assert refused(answer, 400, "its shape needs 12288 bytes and 12288 follow")


@pytest.mark.parametrize("length", ["0", "7", "99999", "-5", "1e3", "٣", "9" * 30])
def test_header_lengths_that_lie_are_refused(server, image, length):
    _, body = binary(image)
    answer = post(server, body, **{"Inference-Header-Content-Length": length.encode()})
    assert refused(answer, 400)


def test_a_json_part_beyond_the_limit_is_refused(server, image):
    _, body = binary(image)
    answer = post(server, body, **{"Inference-Header-Content-Length": str(2**40)})
    assert refused(answer, 413)


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(server, image, hole):
    values = image.astype(np.float32)
    values[0, 1, 2, 3] = hole
    text, body = binary(values, datatype="FP32")
    answer = post(server, body, **{"Inference-Header-Content-Length": str(len(text))})
    assert refused(answer, 400, "NaN or infinity")


@pytest.mark.parametrize(
    "path",
    [
        "/v2/models/nothing",
        "/v2/models/nothing/ready",
        "/v2/models/tiny/versions/9",
        "/v2/models/no%20address",
        "/v2/models/..%2Ftiny",
        "/v2/models/%2e%2e",
        "/v2/models/tiny%00",
        "/v2/models/" + "x" * 5000,
    ],
)
def test_models_that_are_not_offered_are_a_404(server, path):
    assert get(server, path).status_code == 404


def test_a_damaged_model_harms_nobody_else(server):
    for path in ("", "/ready"):
        assert refused(get(server, "/v2/models/damaged" + path), 400, "damaged.onnx")
    assert refused(post(server, request(), "/v2/models/damaged/infer"), 400, "damaged.onnx")


@pytest.mark.parametrize("path", ["/v2", "/v2/health/live", "/v2/models/tiny", INFER])
def test_nothing_answers_without_the_token(server, path):
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert requests.get(server.url + path, headers=headers, timeout=20).status_code == 401
        assert (
            requests.post(server.url + path, data=request(), headers=headers, timeout=20).status_code == 401
        )


def announce(server, length, send=b""):
    """Status of a request whose body is announced, and `send` alone sent."""
    host, port = server.url.removeprefix("http://").split(":")
    head = (
        f"POST {INFER} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Inference-Header-Content-Length: 5\r\nContent-Length: {length}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), 20) as connection:
        connection.sendall(head.encode() + send)
        return int(connection.recv(1000).split()[1])


def test_a_body_that_would_be_too_large_is_refused_before_it_is_sent(server):
    assert announce(server, 97 * 2**20) == 413
    assert announce(server, 10**17) == 413


def test_a_body_without_length_is_cut_off_at_the_limit(server):
    assert refused(post(server, (b" " * 2**20 for _ in range(33))), 413, "exceeds 33554432 bytes")


def test_a_client_that_hangs_up_frees_its_place(server):
    host, port = server.url.removeprefix("http://").split(":")
    for _ in range(40):
        with socket.create_connection((host, int(port)), 20) as connection:
            head = f"POST {INFER} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 99"
            connection.sendall(head.encode() + b"\r\n\r\n{")
    wait_until(lambda: post(server, request()).status_code == 200, 10)


@pytest.fixture(scope="module")
def slow_models(tmp_path_factory):
    return tmp_path_factory.mktemp("slow")


@pytest.fixture(scope="module")
def slow_server(slow_models):
    """A server with room for two requests and for two models, one of which takes a while."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("OCSGE_V2_MAX_WAITING", "2")
    monkeypatch.setenv("OCSGE_V2_MODELS_MB", "140")
    monkeypatch.setenv("OCSGE_V2_MAX_ANSWER_BYTES", str(2**20))
    weights = np.zeros((3, 3, 31, 31))
    weights[:, :, 15, 15] = np.eye(3)
    slow = card(tile_px=512)
    write_conv_model(slow_models / "slow.onnx", weights, slow, tile=512)
    write_conv_model(slow_models / "tiny.onnx", brightest_band(), card())
    write_conv_model(slow_models / "other.onnx", brightest_band(), card())
    server = ServerProcess(slow_models / "server", "--models", str(slow_models))
    monkeypatch.undo()
    yield server
    server.stop()


def test_what_cannot_wait_is_told_to_come_back_and_health_goes_on(slow_server):
    values = np.zeros((1, 3, 512, 512), np.uint8)
    text, body = binary(values)
    answers = []

    def ask():
        headers = {"Inference-Header-Content-Length": str(len(text))}
        answers.append(post(slow_server, body, "/v2/models/slow/infer", **headers))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    health = []
    while any(thread.is_alive() for thread in threads):
        health.append(get(slow_server, "/v2/health/live").elapsed.total_seconds())
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) == {200, 503}
    assert all(answer.headers["Retry-After"] == "1" for answer in answers if answer.status_code == 503)
    assert len(health) > 3, "health was not answered while models were computing"


def test_models_make_room_for_each_other(slow_server):
    def states():
        index = requests.post(slow_server.url + "/v2/repository/index", headers=HEADERS, timeout=20).json()
        return {entry["name"] for entry in index if entry["state"] == "READY"}

    assert post(slow_server, request()).status_code == 200
    assert post(slow_server, request(), "/v2/models/other/infer").status_code == 200
    assert states() == {"tiny", "other"}
    assert get(slow_server, "/v2/models/ocsge-baseline/ready").status_code == 200
    assert states() == {"other", "ocsge-baseline"}


def test_a_model_beyond_the_memory_is_refused_with_the_remedy(tmp_path):
    write_conv_model(tmp_path / "tiny.onnx", brightest_band(), card())
    pool = ModelPool(tmp_path, memory_bytes=10**6)
    with pytest.raises(ModelTooLargeError, match="OCSGE_V2_MODELS_MB"), pool.use("tiny"):
        pass
    assert pool.loaded_engine("tiny") is None


def test_a_model_at_work_is_not_unloaded(tmp_path):
    write_conv_model(tmp_path / "tiny.onnx", brightest_band(), card())
    write_conv_model(tmp_path / "other.onnx", brightest_band(), card())
    pool = ModelPool(tmp_path, memory_bytes=10**8)
    with pool.use("tiny") as (_, engine), pytest.raises(BusyError), pool.use("other"):
        pass
    with pool.use("other"):
        assert pool.loaded_engine("tiny") is None
    assert engine is not pool.loaded_engine("other")
    pool.close()


def test_an_answer_that_would_be_too_large_is_refused_before_it_is_computed(slow_server):
    values = np.zeros((1, 3, 512, 512), np.uint8)
    text, body = binary(values)
    body = body.replace(b'"planes"', b'"scores"')
    answer = post(
        slow_server, body, "/v2/models/slow/infer", **{"Inference-Header-Content-Length": str(len(text))}
    )
    assert refused(answer, 413, "exceeds 1048576 bytes")


def test_a_model_that_was_replaced_is_loaded_anew(slow_server, slow_models):
    before = post(slow_server, request()).json()["outputs"][0]["data"]
    weights = brightest_band()[::-1].copy()
    write_conv_model(slow_models / "new", weights, card(version="2"))
    (slow_models / "new").replace(slow_models / "tiny.onnx")
    answer = post(slow_server, request(tensor(data=[9] * 4096 + [1] * 8192))).json()
    assert answer["model_version"] == "2"
    assert answer["outputs"][0]["data"][:4096] == [2] * 4096
    assert before[:4096] != [2] * 4096
