# SPDX-License-Identifier: GPL-2.0-or-later
"""Which engine runs a model; an engine's library is imported only once it is chosen."""

from __future__ import annotations

from collections.abc import Callable

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.errors import UnknownEngineError

AUTO = "auto"


def _open_onnxruntime(model: ModelFile) -> Engine:
    from inference_backend.runtime.onnxruntime_engine import OnnxruntimeEngine

    return OnnxruntimeEngine(model)


def _open_openvino(model: ModelFile) -> Engine:
    from inference_backend.runtime.openvino_engine import OpenvinoEngine

    return OpenvinoEngine(model)


# Best first; `auto` takes the first one. A further engine is one more line.
_ENGINES: dict[str, Callable[[ModelFile], Engine]] = {
    "openvino": _open_openvino,
    "onnxruntime": _open_onnxruntime,
}


def engine_names() -> tuple[str, ...]:
    """Names that `open_engine` accepts."""
    return (AUTO, *_ENGINES)


def open_engine(name: str, model: ModelFile) -> Engine:
    """Load `model` into the engine called `name`.

    Raises:
        UnknownEngineError: no engine has this name.
        EngineError: the engine cannot load the model.
    """
    wanted = next(iter(_ENGINES)) if name == AUTO else name
    if wanted not in _ENGINES:
        raise UnknownEngineError(name=name, known=", ".join(engine_names()))
    return _ENGINES[wanted](model)
