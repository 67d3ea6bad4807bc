# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks of known cost with random weights, made without PyTorch: `python -m benchmarks.networks FOLDER`.

The large one has the layers of a U-Net on a ResNet-34, batch normalisation folded into the convolutions as
every exporter does; what it says of an image is noise, what it costs is what a trained one costs. The null
one costs nothing, so that only the work around it is left to measure.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.model_card import METADATA_KEY, InputBand, ModelCard
from inference_backend.models.deepness import deepness_metadata

TILE_PX = 512
UNET_NAME, NULL_NAME = "unet24m", "null"
_STAGES = ((64, 3), (128, 4), (256, 6), (512, 3))  # ResNet-34: channels and residual blocks
_DECODER = (256, 128, 64, 32, 16)
_BANDS = ("red", "green", "blue", "nir", "height")


class _Builder:
    """Appends layers to a graph; a tensor is known by its name."""

    def __init__(self, seed: int) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []
        self._random = np.random.default_rng(seed)

    def add(self, operator: str, inputs: list[str], **attributes: object) -> str:
        name = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def constant(self, values: NDArray[np.float32]) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def conv(
        self, x: str, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, gain: float = 2
    ) -> str:
        """Weights of variance `gain / fan_in`, 2 of which keeps the variance through a ReLU."""
        shape = (outputs, inputs, kernel, kernel)
        spread = np.sqrt(gain / (inputs * kernel * kernel))
        weights = self._random.normal(0, spread, shape).astype(np.float32)
        tensors = [x, self.constant(weights), self.constant(np.zeros(outputs, np.float32))]
        pads = [kernel // 2] * 4
        return self.add("Conv", tensors, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads)

    def relu(self, x: str) -> str:
        return self.add("Relu", [x])

    def residual(self, x: str, inputs: int, outputs: int, stride: int) -> str:
        kept = x if inputs == outputs else self.conv(x, inputs, outputs, 1, stride, gain=1)
        inside = self.relu(self.conv(x, inputs, outputs, 3, stride))
        # A small second convolution keeps sixteen sums in a row from growing.
        return self.relu(self.add("Add", [self.conv(inside, outputs, outputs, gain=0.2), kept]))

    def twice_as_large(self, x: str) -> str:
        scales = self.constant(np.array([1, 1, 2, 2], np.float32))
        how = {"mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}
        return self.add("Resize", [x, "", scales], **how)


def write_unet24m(path: Path, bands: int = 5, classes: int = 19) -> Path:
    """Write a U-Net on a ResNet-34 of 24.4 million parameters, (N, bands, 512, 512) to logits."""
    net = _Builder(seed=24)
    x = net.relu(net.conv("image", bands, 64, kernel=7, stride=2))
    kept = [(x, 64)]
    x = net.add("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    channels = 64
    for stage, (width, blocks) in enumerate(_STAGES):
        for block in range(blocks):
            x = net.residual(x, channels, width, stride=2 if stage and not block else 1)
            channels = width
        kept.append((x, width))
    kept.pop()
    for width in _DECODER:
        x = net.twice_as_large(x)
        if kept:
            skip, more = kept.pop()
            x, channels = net.add("Concat", [x, skip], axis=1), channels + more
        x = net.relu(net.conv(net.relu(net.conv(x, channels, width)), width, width))
        channels = width
    net.conv(x, channels, classes, gain=8)
    scaled = tuple(
        InputBand(_BANDS[i] if i < 5 else f"band_{i + 1}", 1 / 255, 0.4, 0.2) for i in range(bands)
    )
    return _write(path, net, _card(UNET_NAME, scaled, classes, "logits", overlap_px=32))


def write_null(path: Path) -> Path:
    """Write one 1 x 1 convolution of 3 bands to 8 classes, and its softmax."""
    net = _Builder(seed=8)
    net.add("Softmax", [net.conv("image", 3, 8, kernel=1, gain=30)], axis=1)
    scaled = tuple(InputBand(name, 1 / 255) for name in _BANDS[:3])
    return _write(path, net, _card(NULL_NAME, scaled, 8, "softmax", overlap_px=38))


def parameters(path: Path) -> int:
    """Number of weights in an ONNX file."""
    return sum(int(np.prod(tensor.dims)) for tensor in onnx.load(str(path)).graph.initializer)


def _card(name: str, bands: tuple[InputBand, ...], classes: int, output: str, overlap_px: int) -> ModelCard:
    names = tuple(f"class_{i}" for i in range(classes))
    about = "Random weights: for measuring speed alone."
    return ModelCard(name, "1", bands, 0.2, TILE_PX, overlap_px, names, output, description=about)


def _write(path: Path, net: _Builder, card: ModelCard) -> Path:
    net.nodes[-1].output[0] = card.output
    shapes = {"image": len(card.bands), card.output: len(card.classes)}
    image, scores = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", channels, TILE_PX, TILE_PX])
        for name, channels in shapes.items()
    )
    graph = helper.make_graph(net.nodes, card.name, [image], [scores], net.weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    props = {METADATA_KEY: json.dumps(card.to_dict()), **deepness_metadata(card)}
    helper.set_model_props(model, props)
    with replace_when_done(path) as temporary:
        onnx.save(model, str(temporary))
    return path


def main() -> int:
    folder = Path(sys.argv[1])
    for name, write in ((UNET_NAME, write_unet24m), (NULL_NAME, write_null)):
        path = write(folder / f"{name}.onnx")
        print(f"{path}: {parameters(path):,} parameters")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
