# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a network was quantised, told from its operators."""

from __future__ import annotations

from pathlib import Path

import onnx

_QUANTISED = {"QuantizeLinear", "DequantizeLinear", "QLinearConv", "ConvInteger", "QLinearMatMul"}


def is_quantised(path: Path) -> bool:
    """Whether an ONNX file computes on integers of 8 bits, at least in part."""
    graph = onnx.load(str(path), load_external_data=False).graph
    return any(node.op_type in _QUANTISED for node in graph.node)
