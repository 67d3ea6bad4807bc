# SPDX-License-Identifier: GPL-2.0-or-later
"""Which engine runs a model; an engine's library is imported only once it is chosen."""

from __future__ import annotations

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.catalogue import LOCAL_ENGINES, REMOTE_PREFIX, open_named
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.errors import NetworkElsewhereError, UnknownEngineError
from inference_backend.runtime.fastest import fastest_engine

AUTO = "auto"


def engine_names() -> tuple[str, ...]:
    """Names that `open_engine` accepts, a server's shown by its form."""
    return (AUTO, *LOCAL_ENGINES, f"{REMOTE_PREFIX}URL")


def resolve_engine(name: str, model: ModelFile) -> str:
    """The engine that `name` stands for: for `auto`, the fastest one here, measured once for each model.

    Work that is cut into pieces resolves the name once, so that all of them come from the same engine.

    Raises:
        UnknownEngineError: no engine has this name.
        NetworkElsewhereError: the model is a description alone, and the engine is not a server.
        EngineError: no engine can load the model.
    """
    if name.startswith(REMOTE_PREFIX):
        return name
    if name != AUTO and name not in LOCAL_ENGINES:
        raise UnknownEngineError(name=name, known=", ".join(engine_names()))
    if model.path.suffix.lower() == ".json":
        raise NetworkElsewhereError(path=model.path, engine=name)
    return fastest_engine(model) if name == AUTO else name


def open_engine(name: str, model: ModelFile) -> Engine:
    """Load `model` into the engine called `name`.

    Raises:
        UnknownEngineError: no engine has this name.
        EngineUnavailableError: this machine lacks the engine.
        EngineError: the engine cannot load the model.
    """
    return open_named(resolve_engine(name, model), model)
