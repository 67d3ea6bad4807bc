# SPDX-License-Identifier: GPL-2.0-or-later
"""The last steps of a network that whoever reads its scores does better on the way.

A multiplication by one number, `DepthToSpace` and a softmax over the classes each take another pass over
the largest tensor of the network, and the order NCHW of its result yet another one: a fifth of the time of a
small network. What is left ends in the layout that OpenVINO's convolutions write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.model_card import ModelCard
from inference_backend.runtime.score_map import ScoreMap

_KINDS = ("logits", "softmax")
_CLASS_AXIS, _RANK = 1, 4


@dataclass(frozen=True)
class Tail:
    """What was taken off a network's end.

    Attributes:
        gain: product of the factors.
        block: of `DepthToSpace`; 1 where there was none.
        is_depth_first: in which of its two orders.
        is_logits: whether a softmax over the classes is due.
    """

    gain: float
    block: int
    is_depth_first: bool
    is_logits: bool

    def map_of(self, values: NDArray[np.float32]) -> ScoreMap:
        """The scores in what is left of the network: (h, w, channels) float32."""
        return ScoreMap(values, self.gain, self.is_logits, self.block, self.is_depth_first)


def cut_tail(source: Any, card: ModelCard) -> tuple[Any, Tail] | None:
    """What a network's result is made from, and the steps between.

    Args:
        source: `openvino.Output` of the whole network.
        card: says what the scores are.

    Returns:
        An earlier output, or `source` itself, with the steps; None where the scores are no (N, K, H, W) of
        logits or softmax of the card's classes.
    """
    shape, classes = source.get_partial_shape(), len(card.classes)
    is_known = shape.rank.is_static and len(shape) == _RANK and shape[_CLASS_AXIS] == classes
    if card.output not in _KINDS or not is_known or not source.get_element_type().is_real():
        return None
    is_logits = card.output == "logits"
    if not is_logits and _is_class_softmax(source.get_node()):
        source, is_logits = source.get_node().input_value(0), True
    gain, block, is_depth_first = 1.0, 1, False
    while is_logits:
        node = source.get_node()
        factor = _factor(node)
        if factor is not None:
            gain *= factor
        elif node.get_type_name() == "DepthToSpace" and block == 1:
            facts = node.get_attributes()
            block, is_depth_first = int(facts["block_size"]), facts["mode"] == "depth_first"
        else:
            break
        source = node.input_value(0)
    return source, Tail(gain, block, is_depth_first, is_logits)


def _is_class_softmax(node: Any) -> bool:
    is_softmax = node.get_type_name() in ("Softmax", "SoftMax")
    return is_softmax and node.get_attributes()["axis"] in (_CLASS_AXIS, _CLASS_AXIS - _RANK)


def _factor(node: Any) -> float | None:
    """By which one number a node multiplies its first input; None where it does something else."""
    if node.get_type_name() not in ("Multiply", "Divide"):
        return None
    other = node.input_value(1).get_node()
    if other.get_type_name() != "Constant" or other.data.size != 1 or other.data.ndim > _RANK:
        return None
    number = float(other.data.reshape(()))
    if node.get_type_name() == "Multiply":
        return number
    return 1 / number if number else None
