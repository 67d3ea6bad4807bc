# SPDX-License-Identifier: GPL-2.0-or-later
"""The engines of this machine: what there is, what is missing and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.errors import EngineUnavailableError
from inference_backend.runtime.openvino_library import openvino
from inference_backend.runtime.unavailable import cuda_not_built, cuda_unavailable, library_missing

REMOTE_PREFIX = "v2:"
"""Before the address of a KServe V2 server, in the place of an engine's name."""


@dataclass(frozen=True)
class EngineFacts:
    """One engine on this machine.

    Attributes:
        name: by which it is asked for.
        version: of its library, empty where there is none.
        precision: arithmetic of a network that was not quantised.
        devices: what it would run on.
        problem: why it cannot be used; None where it can.
    """

    name: str
    version: str
    precision: str
    devices: tuple[str, ...]
    problem: EngineUnavailableError | None = None


@dataclass(frozen=True)
class Entry:
    """How an engine is looked at and opened; its library is imported only then."""

    facts: Callable[[], EngineFacts]
    open: Callable[[ModelFile], Engine]


def open_named(name: str, model: ModelFile) -> Engine:
    """Load `model` into a local engine, or into none where `name` is `v2:` and the address of a server.

    Raises:
        EngineUnavailableError: this machine lacks the engine.
        EngineError: the engine cannot load the model, or the server does not have it.
    """
    if name.startswith(REMOTE_PREFIX):
        from inference_backend.runtime.kserve.engine import KserveEngine

        return KserveEngine(model, name.removeprefix(REMOTE_PREFIX))
    entry = LOCAL_ENGINES[name]
    problem = entry.facts().problem
    if problem is not None:
        raise problem
    return entry.open(model)


def usable_engines() -> list[EngineFacts]:
    """Engines that run here, the one first that is fastest on most machines of its kind.

    The second OpenVINO entry is left out where it would compute as the first one does.
    """
    facts = [entry.facts() for entry in LOCAL_ENGINES.values()]
    usable = [one for one in facts if one.problem is None]
    same = {one.precision for one in usable if one.name == "openvino"}
    return [one for one in usable if one.name != "openvino-f32" or one.precision not in same]


def _cuda_facts() -> EngineFacts:
    try:
        import onnxruntime as ort

        from inference_backend.runtime.onnxruntime_library import cuda_starts, has_cuda
    except ImportError as error:
        return _missing("onnxruntime-cuda", "onnxruntime-gpu[cuda,cudnn]", error)
    problem = None
    if not has_cuda():
        problem = cuda_not_built(ort.__version__)
    elif not cuda_starts():
        problem = cuda_unavailable()
    return EngineFacts("onnxruntime-cuda", str(ort.__version__), "f32", ("CUDA",), problem)


def _onnxruntime_facts() -> EngineFacts:
    try:
        import onnxruntime as ort
    except ImportError as error:
        return _missing("onnxruntime", "onnxruntime", error)
    return EngineFacts("onnxruntime", str(ort.__version__), "f32", ("CPU",))


def _openvino_facts(name: str, precision: str | None) -> EngineFacts:
    try:
        version = str(openvino().__version__).split("-")[0]
    except ImportError as error:
        return _missing(name, "openvino", error)
    from inference_backend.runtime.openvino_engine import DEVICE, fastest_precision

    return EngineFacts(name, version, precision or fastest_precision(), (DEVICE,))


def _missing(name: str, package: str, error: ImportError) -> EngineFacts:
    return EngineFacts(name, "", "f32", (), library_missing(name, package, error))


def _open_onnxruntime(model: ModelFile, cuda: bool) -> Engine:
    from inference_backend.runtime.onnxruntime_engine import OnnxruntimeEngine

    return OnnxruntimeEngine(model, cuda=cuda)


def _open_openvino(model: ModelFile, precision: str | None) -> Engine:
    from inference_backend.runtime.openvino_engine import OpenvinoEngine

    return OpenvinoEngine(model, precision=precision)


LOCAL_ENGINES: dict[str, Entry] = {
    "onnxruntime-cuda": Entry(_cuda_facts, lambda model: _open_onnxruntime(model, True)),
    "openvino": Entry(lambda: _openvino_facts("openvino", None), lambda model: _open_openvino(model, None)),
    "openvino-f32": Entry(
        lambda: _openvino_facts("openvino-f32", "f32"), lambda model: _open_openvino(model, "f32")
    ),
    "onnxruntime": Entry(_onnxruntime_facts, lambda model: _open_onnxruntime(model, False)),
}
"""In the order in which they are likely to be fast."""
