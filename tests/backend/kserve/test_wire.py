# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages to bytes and back, and bytes that lie."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference_backend.runtime.kserve.errors import MalformedMessageError
from inference_backend.runtime.kserve.wire import DATATYPES, Tensor, decode, encode

LIMIT = 10**6
FINITE = {"allow_nan": False, "allow_infinity": False}


def tensors():
    shapes = arrays.array_shapes(max_dims=4, max_side=5)
    return st.sampled_from(list(DATATYPES.values())).flatmap(
        lambda dtype: arrays.arrays(dtype, shapes, elements=FINITE if dtype.kind == "f" else None)
    )


@given(st.lists(st.tuples(tensors(), st.booleans()), min_size=1, max_size=3))
def test_what_is_packed_comes_out_the_same(parts):
    sent = [Tensor(f"t{number}", values) for number, (values, _) in enumerate(parts)]
    body, length = encode({"id": "42"}, "outputs", sent, [is_binary for _, is_binary in parts])
    envelope, read = decode(body, length, "outputs", LIMIT)
    assert envelope == {"id": "42"}
    for tensor, (values, _) in zip(read, parts, strict=True):
        assert tensor.values.dtype == values.dtype
        np.testing.assert_array_equal(tensor.values, values)


def test_tensors_stand_where_a_processor_reads_them_directly():
    body, length = encode({"id": "1"}, "outputs", [Tensor("x", np.arange(3.0))], [True])
    assert length % 64 == 0
    _, (read,) = decode(bytearray(body), length, "outputs", LIMIT)
    assert read.values.flags.aligned
    assert read.values.flags.writeable


def test_a_tensor_at_an_odd_place_is_read_all_the_same():
    head = json.dumps(
        {"outputs": [{"name": "x", "shape": [2], "datatype": "FP32", "parameters": {"binary_data_size": 8}}]}
    ).encode()
    head += b" " * (1 - len(head) % 4 + 4)
    _, (read,) = decode(head + np.float32([1, 2]).tobytes(), len(head), "outputs", LIMIT)
    np.testing.assert_array_equal(read.values, [1, 2])
    assert read.values.flags.aligned


def message(**changes):
    return {"name": "x", "shape": [2, 2], "datatype": "UINT8", "data": [1, 2, 3, 4], **changes}


@pytest.mark.parametrize(
    "entry",
    [
        message(shape=[-2, -2]),
        message(shape=[0, 4]),
        message(shape=[2**62, 4]),
        message(shape=[2**32, 2**32, 2**32]),
        message(shape=[2, 2, 1, 1, 1, 1, 1, 1, 1]),
        message(shape=[]),
        message(shape="22"),
        message(shape=[2.0, 2]),
        message(shape=[True, 4]),
        message(shape=[2, 3]),
        message(shape=[4000, 4000]),
        message(datatype="UINT9"),
        message(datatype="BYTES"),
        message(datatype=["UINT8"]),
        message(datatype=None),
        message(data=[1, 2, 3]),
        message(data=[1, 2, 3, 256]),
        message(data=[1, 2, 3, -1]),
        message(data=[1, 2, 3, 4.5]),
        message(data=[1, 2, 3, "4"]),
        message(data=[1, 2, 3, None]),
        message(data=[1, 2, 3, 10**40]),
        message(data=[[1, 2], [3]]),
        message(data=[[1, 2, 3, 4]]),
        message(data={"0": 1}),
        message(datatype="FP32", data=[1, 2, 3, 1e300]),
        message(datatype="BOOL", data=[1, 0, 1, 0]),
        message(name=None),
        message(parameters=[]),
        message(parameters={"binary_data_size": 4}),
        message(parameters={"binary_data_size": -4}),
        message(parameters={"binary_data_size": "4"}),
        "x",
    ],
)
def test_tensors_that_contradict_themselves_are_refused(entry):
    with pytest.raises(MalformedMessageError):
        decode(json.dumps({"inputs": [entry]}).encode(), None, "inputs", LIMIT)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"inputs": []}',
        b'{"inputs": {}}',
        b"{broken",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [NaN]}]}',
        b'{"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [1e999]}]}',
        b'{"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [-Infinity]}]}',
    ],
)
def test_bodies_that_are_no_message_are_refused(body):
    with pytest.raises(MalformedMessageError):
        decode(body, None, "inputs", LIMIT)


@pytest.mark.parametrize("change", [-1, 1, 1000, 10**15])
def test_a_json_length_that_lies_is_refused(change):
    body, length = encode({}, "inputs", [Tensor("x", np.zeros(3, np.uint8))], [True])
    with pytest.raises(MalformedMessageError):
        decode(body, length + change, "inputs", LIMIT)
    with pytest.raises(MalformedMessageError):
        decode(body, -1, "inputs", LIMIT)


def test_missing_and_surplus_bytes_are_refused():
    body, length = encode({}, "inputs", [Tensor("x", np.zeros(3, np.uint8))], [True])
    for wrong in (body[:-1], body + b"x"):
        with pytest.raises(MalformedMessageError):
            decode(wrong, length, "inputs", LIMIT)


@given(st.binary(max_size=200), st.integers(-2, 220))
def test_no_bytes_at_all_break_the_reader(body, length):
    for cut in (None, length):
        with pytest.raises(MalformedMessageError):
            decode(body, cut, "inputs", LIMIT)


def test_nan_is_not_written_as_json():
    with pytest.raises(MalformedMessageError, match="binary"):
        encode({}, "outputs", [Tensor("x", np.float32([np.nan]))], [False])
