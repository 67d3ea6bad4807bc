# SPDX-License-Identifier: GPL-2.0-or-later
"""Several engines loaded with one model, those that cannot run it left aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from inference_backend.errors import BackendError
from inference_backend.models.reader import ModelFile
from inference_backend.runtime.catalogue import open_named
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.errors import EngineError, EngineUnavailableError
from inference_backend.runtime.measurement import example_tile, run_as_predict


@dataclass
class LoadedEngines:
    """Engines that ran one tile of the model, and why the others did not."""

    working: dict[str, Engine] = field(default_factory=dict)
    problems: dict[str, BackendError] = field(default_factory=dict)


@contextmanager
def loaded_engines(model: ModelFile, names: Iterable[str]) -> Iterator[LoadedEngines]:
    """Load `model` into each engine and try it; they are closed at the end of the block."""
    found = LoadedEngines()
    with ExitStack() as closing:
        for name in names:
            try:
                engine = open_named(name, model)
                closing.callback(engine.close)
                run_as_predict(engine, example_tile(model.card))
                found.working[name] = engine
            except (EngineError, EngineUnavailableError) as error:
                found.problems[name] = error
        yield found
