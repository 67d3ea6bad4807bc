# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests with one part replaced by anything at all: an answer or a refusal, never a fault."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference_backend.contracts.errors import OcsgeError
from inference_backend.runtime.kserve.errors import MalformedMessageError
from inference_backend.service.kserve.infer import answer_inference
from inference_backend.service.kserve.models import ModelPool
from inference_backend.service.web.answers import error_answer

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [(), ("id",), ("parameters",), ("parameters", "min_confidence"), ("parameters", "binary_data_output"),
     ("inputs",), ("inputs", 0), ("inputs", 0, "name"), ("inputs", 0, "shape"), ("inputs", 0, "shape", 2),
     ("inputs", 0, "datatype"), ("inputs", 0, "data"), ("inputs", 0, "data", 7), ("inputs", 0, "parameters"),
     ("outputs",), ("outputs", 0), ("outputs", 0, "name"), ("outputs", 0, "parameters"),
     ("outputs", 0, "parameters", "binary_data")]
)  # fmt: skip


@pytest.fixture(scope="module")
def pool(models):
    pool = ModelPool(models, "onnxruntime")
    yield pool
    pool.close()


def good():
    image = {
        "name": "image",
        "shape": [1, 3, 64, 64],
        "datatype": "UINT8",
        "data": [1] * 12288,
        "parameters": {},
    }
    output = {"name": "planes", "parameters": {"binary_data": False}}
    parameters = {"min_confidence": 0.5, "binary_data_output": False}
    return {"id": "1", "parameters": parameters, "inputs": [image], "outputs": [output]}


@given(PLACES, ANYTHING, st.none() | st.integers(-5, 10**6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_request_with_one_part_replaced_is_answered_or_refused(pool, place, value, length):
    message = good()
    if place:
        holder = message
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = value
    else:
        message = value
    body = bytearray(json.dumps(message).encode())
    try:
        answer = answer_inference(pool, "tiny", None, body, length)
    except MalformedMessageError:
        return
    except OcsgeError as error:
        status = error_answer(error, "en").status
    else:
        status = 200 if answer.body else 500
    assert status < 500
