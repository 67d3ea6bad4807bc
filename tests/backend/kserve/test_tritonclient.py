# SPDX-License-Identifier: GPL-2.0-or-later
"""Our server under a client that we did not write."""

from __future__ import annotations

import json

import numpy as np
import pytest
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from inference_backend.contracts.model_card import ModelCard
from inference_backend.predict.blocks.scores import planes_of_scores
from inference_backend.runtime.choose import open_engine
from tests.backend.service.server_process import TOKEN

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def client(server):
    with triton.InferenceServerClient(server.url.removeprefix("http://")) as client:
        yield client


def ask(client, values, datatype, *, binary=True, outputs=("scores",), model="tiny", **options):
    image = triton.InferInput("image", list(values.shape), datatype)
    image.set_data_from_numpy(values, binary_data=binary)
    wanted = [triton.InferRequestedOutput(name, binary_data=binary) for name in outputs]
    # A copy, because the client adds to it.
    return client.infer(model, [image], outputs=wanted or None, headers=dict(HEADERS), **options)


def scores_here(model, values):
    """By the engine that `auto` takes, which is the server's: the choice is remembered."""
    engine = open_engine("auto", model)
    try:
        return engine.infer(values)
    finally:
        engine.close()


def test_server_and_model_are_live_and_ready(client):
    assert client.is_server_live(headers=HEADERS)
    assert client.is_server_ready(headers=HEADERS)
    assert client.is_model_ready("tiny", headers=HEADERS)
    assert client.is_model_ready("tiny", "1", headers=HEADERS)
    assert not client.is_model_ready("tiny", "2", headers=HEADERS)
    assert not client.is_model_ready("nothing", headers=HEADERS)
    assert not client.is_model_ready("damaged", headers=HEADERS)


def test_the_server_says_what_it_is(client):
    metadata = client.get_server_metadata(headers=HEADERS)
    assert metadata["name"] == "ocsge"
    assert "binary_tensor_data" in metadata["extensions"]


def test_the_index_lists_what_can_be_asked(client):
    names = [entry["name"] for entry in client.get_model_repository_index(headers=HEADERS)]
    assert names == ["damaged", "indices", "ocsge-baseline", "tiny", "window"]


def test_the_metadata_describes_tensors_and_carries_the_card(client, tiny):
    metadata = client.get_model_metadata("tiny", "1", headers=HEADERS)
    assert metadata["inputs"] == [{"name": "image", "datatype": "UINT8", "shape": [-1, 3, 64, 64]}]
    assert metadata["outputs"] == [
        {"name": "scores", "datatype": "FP32", "shape": [-1, 3, -1, -1]},
        {"name": "planes", "datatype": "UINT8", "shape": [-1, 4, -1, -1]},
    ]
    assert metadata["versions"] == ["1"]
    assert ModelCard.from_dict(json.loads(metadata["parameters"]["ocsge_card"])) == tiny.card


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize(
    ("datatype", "dtype"), [("UINT8", "u1"), ("UINT16", "u2"), ("INT16", "i2"), ("FP32", "f4")]
)
def test_scores_are_those_of_the_model_here(client, tiny, image, binary, datatype, dtype):
    values = image.astype(dtype)
    answer = ask(client, values, datatype, binary=binary, request_id="tile-7")
    assert answer.get_response()["id"] == "tile-7"
    assert answer.get_response()["model_version"] == "1"
    np.testing.assert_allclose(answer.as_numpy("scores"), scores_here(tiny, image), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("binary", [True, False])
def test_planes_are_those_of_a_prediction(client, tiny, image, binary):
    answer = ask(
        client, image, "UINT8", binary=binary, outputs=["planes"], parameters={"min_confidence": 0.9}
    )
    planes = answer.as_numpy("planes")
    inside = np.ones(image.shape[2:], np.bool_)
    expected = planes_of_scores(scores_here(tiny, image)[0], inside, "logits", 0.9)
    assert planes.dtype == np.uint8
    np.testing.assert_array_equal(planes[0], expected)
    assert answer.get_output("scores") is None


def test_everything_comes_back_where_nothing_is_asked_for(client, image):
    answer = ask(client, image, "UINT8", outputs=[])
    assert [output["name"] for output in answer.get_response()["outputs"]] == ["scores", "planes"]


def test_a_batch_is_answered_as_one(client, tiny):
    batch = np.random.default_rng(3).integers(0, 256, (3, 3, 64, 64)).astype(np.uint8)
    scores = ask(client, batch, "UINT8").as_numpy("scores")
    np.testing.assert_allclose(scores, scores_here(tiny, batch), rtol=1e-4, atol=1e-4)


def test_several_requests_are_under_way_at_once(server, tiny):
    batch = np.random.default_rng(4).integers(0, 256, (8, 1, 3, 64, 64)).astype(np.uint8)
    with triton.InferenceServerClient(server.url.removeprefix("http://"), concurrency=8) as client:
        under_way = []
        for values in batch:
            image = triton.InferInput("image", list(values.shape), "UINT8")
            image.set_data_from_numpy(values)
            under_way.append(client.async_infer("tiny", [image], headers=dict(HEADERS)))
        for values, request in zip(batch, under_way, strict=True):
            scores = request.get_result().as_numpy("scores")
            np.testing.assert_allclose(scores, scores_here(tiny, values), rtol=1e-4, atol=1e-4)


def test_class_indices_come_as_bytes(client, image):
    answer = ask(client, image, "UINT8", outputs=["scores", "planes"], model="indices")
    indices = answer.as_numpy("scores")
    assert indices.dtype == np.uint8
    np.testing.assert_array_equal(indices[0, 0], image[0].argmax(0))
    np.testing.assert_array_equal(answer.as_numpy("planes")[0, 0], image[0].argmax(0))


def test_a_network_may_answer_with_a_smaller_window(client, image):
    answer = ask(client, image, "UINT8", outputs=["scores", "planes"], model="window")
    assert answer.as_numpy("scores").shape == (1, 3, 56, 56)
    assert answer.as_numpy("planes").shape == (1, 4, 56, 56)


def test_errors_reach_the_client_in_words(client, image):
    with pytest.raises(InferenceServerException, match="no model “nothing”") as missing:
        ask(client, image, "UINT8", model="nothing")
    assert missing.value.status() == "404"
    with pytest.raises(InferenceServerException, match="may name each of these once: scores, planes"):
        ask(client, image, "UINT8", outputs=["boxes"])
    with pytest.raises(InferenceServerException, match=r"damaged\.onnx"):
        ask(client, image, "UINT8", model="damaged")


def test_a_compressed_request_is_refused(client, image):
    with pytest.raises(InferenceServerException, match="Compressed requests") as refused:
        ask(client, image, "UINT8", request_compression_algorithm="gzip")
    assert refused.value.status() == "415"
