# SPDX-License-Identifier: GPL-2.0-or-later
"""How far around a pixel a network looks, where its operators say so.

Overlapping tiles are there for what a network sees around a pixel. One that looks at each pixel alone, or at
a few around it, gives the same scores with a smaller overlap, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from onnx import ModelProto, NodeProto, TensorProto, helper

Span = tuple[int, int]
"""First and last place, on one axis, of what a place of a tensor is made from, counted from its own."""

_CLASS_AXIS, _RANK = 1, 4
_HERE: Span = (0, 0)
_DOMAINS = ("", "ai.onnx")
_PIXELWISE = {
    *("Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Gelu", "ThresholdedRelu", "Softplus", "Softsign"),
    *("Sigmoid", "HardSigmoid", "HardSwish", "Mish", "Tanh", "Erf", "Exp", "Log", "Sqrt", "Reciprocal"),
    *("Abs", "Neg", "Sign", "Floor", "Ceil", "Round", "Clip", "Identity", "Cast"),
    *("Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Mean", "Where"),
    *("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Not"),
}
_OVER_CLASSES = {"Softmax": 13, "LogSoftmax": 13, "Concat": 1, "ArgMax": 1, "ArgMin": 1}
"""Operators along one axis, and the operator set from which on their axis is one and not all that follow."""


def reach_px(model: ModelProto, image: str, output: str, lost_px: int | None) -> int | None:
    """How many pixels around a pixel its scores depend on.

    Args:
        model: checked.
        image: name of the input [N, C, H, W].
        output: name of the scores.
        lost_px: what the output lacks on each side of the input.

    Returns:
        px of the input; None where an operator looks further, depends on where a pixel lies in the tile, or
        is not known here.
    """
    opset = max((entry.version for entry in model.opset_import if entry.domain in _DOMAINS), default=1)
    graph = _Graph({tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}, opset)
    graph.views[image] = _View(_HERE, _HERE)
    for node in model.graph.node:  # in an order in which they can run
        if node.op_type == "Constant":
            graph.constants[node.output[0]] = _constant_shape(node)
            continue
        view = graph.view_of(node)
        if view is None:
            return None
        graph.views.update(dict.fromkeys(node.output, view))
    if output not in graph.views or lost_px is None:
        return None
    seen = graph.views[output]
    return max(max(lost_px - first, last - lost_px) for first, last in (seen.down, seen.across))


@dataclass(frozen=True)
class _View:
    """What a place of a tensor is made from; `has_classes` is False once [N, K, H, W] became [N, H, W]."""

    down: Span
    across: Span
    has_classes: bool = True


@dataclass(frozen=True)
class _Graph:
    """Shapes of the constants, and what is known of the tensors made so far."""

    constants: dict[str, tuple[int, ...]]
    opset: int
    views: dict[str, _View] = field(default_factory=dict)

    def view_of(self, node: NodeProto) -> _View | None:
        """The view of a node's outputs, None where it is not known."""
        sources = [self.views[name] for name in node.input if name in self.views]
        others = [name for name in node.input if name and name not in self.views]
        if node.domain not in _DOMAINS or not sources or any(name not in self.constants for name in others):
            return None
        if node.op_type in _PIXELWISE:
            is_even = all(_is_even(self.constants[name]) for name in others)
            is_plain = len(sources) == 1 or all(source.has_classes for source in sources)
            return _joined(sources) if is_even and is_plain else None
        if not all(source.has_classes for source in sources):
            return None
        if node.op_type == "Conv":
            weights = self.constants.get(node.input[1])
            return _beyond_kernel(node, sources[0], weights) if weights and len(sources) == 1 else None
        if node.op_type == "BatchNormalization":
            # In training it normalises by the tile itself, and gives more than one output.
            is_fixed = len(node.output) == 1 and not _attribute(node, "training_mode", 0)
            return sources[0] if len(sources) == 1 and is_fixed else None
        return self._across_classes(node, sources) if not others else None

    def _across_classes(self, node: NodeProto, sources: Sequence[_View]) -> _View | None:
        axis = _attribute(node, "axis", None)
        since = _OVER_CLASSES.get(node.op_type)
        if since is None or self.opset < since or axis not in (_CLASS_AXIS, _CLASS_AXIS - _RANK):
            return None
        joined = _joined(sources)
        is_one = node.op_type in ("ArgMax", "ArgMin") and not _attribute(node, "keepdims", 1)
        return replace(joined, has_classes=False) if is_one else joined


def _beyond_kernel(node: NodeProto, source: _View, weights: tuple[int, ...]) -> _View | None:
    """The view after a convolution of stride 1."""
    strides, dilations = (_attribute(node, name, [1, 1]) for name in ("strides", "dilations"))
    given = _attribute(node, "pads", [0, 0, 0, 0])
    if len(weights) != _RANK or strides != [1, 1] or (len(dilations), len(given)) != (2, _RANK):
        return None
    widths = [(size - 1) * step for size, step in zip(weights[2:], dilations, strict=True)]
    pads = {
        b"NOTSET": given[:2],
        b"SAME_UPPER": [width // 2 for width in widths],
        b"SAME_LOWER": [width - width // 2 for width in widths],
        b"VALID": [0, 0],
    }.get(_attribute(node, "auto_pad", b"NOTSET"))
    if pads is None:
        return None
    down, across = (
        (first - pad, last - pad + width)
        for (first, last), pad, width in zip((source.down, source.across), pads, widths, strict=True)
    )
    return _View(down, across)


def _joined(sources: Sequence[_View]) -> _View:
    down, across = (
        (min(first for first, _ in spans), max(last for _, last in spans))
        for spans in ([s.down for s in sources], [s.across for s in sources])
    )
    return _View(down, across, all(source.has_classes for source in sources))


def _is_even(shape: tuple[int, ...]) -> bool:
    """Whether a constant is the same at every pixel."""
    return all(size == 1 for size in shape[-2:])


def _constant_shape(node: NodeProto) -> tuple[int, ...]:
    value = _attribute(node, "value", None)
    if isinstance(value, TensorProto):
        return tuple(value.dims)
    numbers = _attribute(node, "value_floats", None) or _attribute(node, "value_ints", None)
    return (len(numbers),) if numbers else ()


def _attribute(node: NodeProto, name: str, default: Any) -> Any:
    found = next((attribute for attribute in node.attribute if attribute.name == name), None)
    return default if found is None else helper.get_attribute_value(found)
