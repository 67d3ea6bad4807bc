# SPDX-License-Identifier: GPL-2.0-or-later
"""What OpenVINO lends, put in the network's order by us, is what the whole network gives."""

from contextlib import ExitStack

import numpy as np
import pytest
from onnx import TensorProto, helper

from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.engine import map_engine
from tests.backend.models.onnx_files import card

from .networks import write_network

SHUFFLED = [
    helper.make_node("AveragePool", ["image"], ["half"], kernel_shape=[2, 2], strides=[2, 2]),
    helper.make_node("Concat", ["half", "half", "half", "half"], ["four"], axis=1),
]
TENTH = helper.make_node("Constant", [], ["ten"], value=helper.make_tensor("t", TensorProto.FLOAT, [], [10]))


def tiles(count=1):
    return np.random.default_rng(0).integers(0, 256, (count, 3, 64, 64)).astype(np.uint8)


def planar(lent):
    """(K, H, W) scores as the network would have given them."""
    placed = lent.values[:, :, lent.channels]  # h, w, i, K, j
    values = placed.transpose(3, 0, 2, 1, 4).reshape(lent.shape) * np.float32(lent.gain)
    if not lent.is_logits:
        return values
    powers = np.exp(values - values.max(0))
    return powers / powers.sum(0)


def of_network(scores, kind):
    if kind == "softmax":
        return scores
    powers = np.exp(scores - scores.max(0))
    return powers / powers.sum(0)


@pytest.mark.parametrize("mode", ["CRD", "DCR"])
@pytest.mark.parametrize("kind", ["logits", "softmax"])
def test_lent_scores_are_those_of_the_whole_network(mode, kind, tmp_path):
    nodes = [
        *SHUFFLED,
        helper.make_node("DepthToSpace", ["four"], ["large"], blocksize=2, mode=mode),
        TENTH,
        helper.make_node("Div", ["large", "ten"], ["scores" if kind == "logits" else "cool"]),
    ]
    if kind == "softmax":
        nodes.append(helper.make_node("Softmax", ["cool"], ["scores"], axis=1))
    model = write_network(tmp_path / "m.onnx", card(output=kind), nodes, {"scores": ["N", 3, 64, 64]})
    engine = map_engine(open_engine("openvino-f32", model))
    assert engine is not None
    with engine.lend(tiles()) as lent:
        assert lent.values.shape == (32, 32, 12)
        assert lent.is_logits
        assert lent.gain == pytest.approx(0.1)
        np.testing.assert_allclose(planar(lent), of_network(engine.infer(tiles())[0], kind), atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "node", "reason"),
    [
        ("sigmoid", helper.make_node("Sigmoid", ["image"], ["scores"]), "classes of their own"),
        ("softmax", helper.make_node("Softmax", ["image"], ["scores"], axis=3), "another axis"),
    ],
)
def test_other_last_steps_stay_in_the_network(kind, node, reason, tmp_path):
    model = write_network(tmp_path / "m.onnx", card(output=kind), [node], {"scores": ["N", 3, 64, 64]})
    engine = map_engine(open_engine("openvino-f32", model))
    if engine is None:
        assert kind == "sigmoid", reason
        return
    with engine.lend(tiles()) as lent:
        assert not lent.is_logits, reason
        np.testing.assert_allclose(planar(lent), engine.infer(tiles())[0], atol=1e-6)


def test_memory_that_is_lent_is_not_written_to_by_the_next_tile(tmp_path):
    nodes = [helper.make_node("Identity", ["image"], ["scores"])]
    model = write_network(tmp_path / "m.onnx", card(), nodes, {"scores": ["N", 3, 64, 64]})
    engine = map_engine(open_engine("openvino-f32", model))
    two = tiles(2)
    with ExitStack() as both:
        first = both.enter_context(engine.lend(two[:1]))
        kept = first.values.copy()
        second = both.enter_context(engine.lend(two[1:]))
        np.testing.assert_array_equal(first.values, kept)
        assert not np.array_equal(second.values, kept)
