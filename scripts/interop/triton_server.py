# SPDX-License-Identifier: GPL-2.0-or-later
"""A real Triton server that runs an ONNX model on the processor; needs the environment `.venv-interop`.

    python triton_server.py MODEL.onnx PORT

It offers the model twice: `floats` takes what the network takes, `bytes` takes raster bytes and standardises
them from the card in the file. Prints `ready`, and stops at SIGTERM.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import sysconfig
import threading

import numpy as np
import onnxruntime
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

CARD_KEY = "ocsge_card"


class Network:
    """The session and what its card says of the input."""

    def __init__(self, path: str) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        card = json.loads(self._session.get_modelmeta().custom_metadata_map[CARD_KEY])
        self._bands = card["bands"]
        self.image, self.scores = self._session.get_inputs()[0], self._session.get_outputs()[0]
        self.classes = len(card["classes"])

    @property
    def channels(self) -> int:
        """Channels of the input."""
        return len(self._bands)

    def run(self, images: np.ndarray) -> np.ndarray:
        """Scores of standardised images (N, C, H, W)."""
        return self._session.run([self.scores.name], {self.image.name: images})[0]

    def standardised(self, values: np.ndarray) -> np.ndarray:
        """Raster values as the network takes them."""
        scale, mean, std = (
            np.array([band[key] for band in self._bands], np.float32)[:, None, None]
            for key in ("scale", "mean", "std")
        )
        return ((values * scale - mean) / std).astype(np.float32)


def main() -> None:
    """Serve until SIGTERM."""
    # Triton's helper process must load the library of this Python, not another 3.x of the system.
    library, known = sysconfig.get_config_var("LIBDIR"), os.environ.get("LD_LIBRARY_PATH", "")
    os.environ["LD_LIBRARY_PATH"] = f"{library}:{known}" if known else library
    network = Network(sys.argv[1])
    port = int(sys.argv[2])

    @batch
    def floats(image: np.ndarray) -> dict[str, np.ndarray]:
        return {network.scores.name: network.run(image)}

    @batch
    def raw_bytes(image: np.ndarray) -> dict[str, np.ndarray]:
        return {network.scores.name: network.run(network.standardised(image))}

    triton = Triton(
        config=TritonConfig(http_port=port, grpc_port=port + 1, metrics_port=port + 2, log_verbose=0)
    )
    for name, function, dtype in (("floats", floats, np.float32), ("bytes", raw_bytes, np.uint8)):
        triton.bind(
            model_name=name,
            infer_func=function,
            inputs=[Tensor(name="image", dtype=dtype, shape=(network.channels, -1, -1))],
            outputs=[Tensor(name=network.scores.name, dtype=np.float32, shape=(network.classes, -1, -1))],
            config=ModelConfig(max_batch_size=1, batcher=DynamicBatcher()),
        )
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    triton.run()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    stopped.wait()
    triton.stop()


if __name__ == "__main__":
    main()
