# SPDX-License-Identifier: GPL-2.0-or-later
"""How MLServer runs an ONNX model, and the server itself; needs the environment `.venv-mlserver`.

    python mlserver_runtime.py MODEL.onnx PORT

MLServer 1.7 speaks JSON alone, and tells nothing of the tensors of a model of one's own. Prints `ready`.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import onnxruntime
from mlserver import MLModel, MLServer
from mlserver.codecs import NumpyCodec
from mlserver.settings import ModelParameters, ModelSettings, Settings
from mlserver.types import InferenceRequest, InferenceResponse

NAME = "floats"


class OnnxModel(MLModel):
    """One ONNX file under onnxruntime."""

    async def load(self) -> bool:
        """Open the session."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        path = self.settings.parameters.uri
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Run the network on the only input."""
        (image,) = payload.inputs
        values = NumpyCodec.decode_input(image)
        output = self._session.get_outputs()[0].name
        scores = self._session.run([output], {self._session.get_inputs()[0].name: values})[0]
        encoded = NumpyCodec.encode_output(output, scores)
        return InferenceResponse(model_name=self.name, id=payload.id, outputs=[encoded])


async def serve(path: str, port: int) -> None:
    """Serve until a signal."""
    settings = Settings(
        host="127.0.0.1", http_port=port, grpc_port=port + 1, metrics_port=port + 2, parallel_workers=0
    )
    server = MLServer(settings)
    model = ModelSettings(
        name=NAME,
        implementation=OnnxModel,
        parameters=ModelParameters(uri=str(Path(path).resolve()), version="1"),
    )
    started = asyncio.create_task(server.start([model]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await started


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
