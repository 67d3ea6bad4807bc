# SPDX-License-Identifier: GPL-2.0-or-later
"""The models that the service offers: loaded when first asked, unloaded when others need their memory."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from inference_backend.models.reader import ModelFile, default_model_path, read_model
from inference_backend.runtime.choose import AUTO, open_engine
from inference_backend.runtime.engine import Engine
from inference_backend.service.kserve.errors import (
    BusyError,
    ModelTooLargeError,
    NoSuchModelError,
    NoSuchVersionError,
)

MEMORY_BYTES = int(os.environ.get("OCSGE_V2_MODELS_MB", "2048")) * 10**6
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_COPIES = 2
"""Weights in memory against the file's size: an engine keeps the file's tensors and its own packed ones."""
_OVERHEAD_BYTES = 64 * 10**6
_RETRY_S = 1
UNVERSIONED = "1"


@dataclass
class _Entry:
    """One model file at one moment; `loading` guards the fields that take long to fill."""

    name: str
    path: Path
    stamp: tuple[int, int]
    loading: threading.Lock = field(default_factory=threading.Lock)
    model: ModelFile | None = None
    engine: Engine | None = None
    is_counted: bool = False
    users: int = 0
    used_at: float = 0.0

    @property
    def cost_bytes(self) -> int:
        return _COPIES * self.stamp[1] + _OVERHEAD_BYTES


class ModelPool:
    """The embedded model, and the ONNX files of a folder by their names without suffix.

    Args:
        folder: of the administrator's models; read again at each request, so that a file copied there is
            offered at once and a changed one is loaded anew.
        engine: name for `open_engine`.
        memory_bytes: that loaded models may take, by estimate.
    """

    def __init__(self, folder: Path | None, engine: str = AUTO, memory_bytes: int = MEMORY_BYTES) -> None:
        self._folder, self._engine, self._memory_bytes = folder, engine, memory_bytes
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] = {}

    def names(self) -> list[str]:
        """Names of the models, loaded or not."""
        return sorted(self._files())

    def model(self, name: str, version: str | None = None) -> ModelFile:
        """Card and graph of a model.

        Raises:
            NoSuchModelError, NoSuchVersionError: there is none.
            ModelError: its file cannot be used.
        """
        with self._held(name) as entry:
            return _read(entry, version)

    def loaded_engine(self, name: str) -> Engine | None:
        """The engine of a model, None while it is not loaded."""
        with self._lock:
            entry = self._entries.get(name)
            return entry.engine if entry else None

    @contextmanager
    def use(self, name: str, version: str | None = None) -> Iterator[tuple[ModelFile, Engine]]:
        """A model and its engine, which stays loaded meanwhile.

        Raises:
            NoSuchModelError, NoSuchVersionError: there is none.
            ModelError: its file cannot be used.
            EngineError: the engine cannot load it.
            BusyError: the memory is taken by models that are at work.
            ModelTooLargeError: it would not fit even alone.
        """
        with self._held(name) as entry:
            model = _read(entry, version)
            with entry.loading:
                if entry.engine is None:
                    self._make_room(entry)
                    try:
                        entry.engine = open_engine(self._engine, model)
                    finally:
                        entry.is_counted = entry.engine is not None
            yield model, entry.engine

    def close(self) -> None:
        """Unload everything."""
        with self._lock:
            for entry in self._entries.values():
                _unload(entry)
            self._entries.clear()

    def _files(self) -> dict[str, Path]:
        embedded = default_model_path()
        found = {embedded.stem: embedded} if embedded.is_file() else {}
        if self._folder is not None:
            for path in sorted(self._folder.glob("*.onnx")):
                if _NAME.fullmatch(path.stem) and path.is_file():
                    found[path.stem] = path
        return found

    @contextmanager
    def _held(self, name: str) -> Iterator[_Entry]:
        """The entry of a model as its file is now; one that is held is not unloaded."""
        try:
            path = self._files()[name]
            state = path.stat()
        except (KeyError, FileNotFoundError) as error:
            raise NoSuchModelError(name=name[:100], known=", ".join(self.names())) from error
        stamp = (state.st_mtime_ns, state.st_size)
        with self._lock:
            entry = self._entries.get(name)
            if entry is None or (entry.path, entry.stamp) != (path, stamp):
                if entry is not None and entry.users == 0:
                    _unload(entry)
                entry = self._entries[name] = _Entry(name, path, stamp)
            entry.users += 1
            entry.used_at = time.monotonic()
        try:
            yield entry
        finally:
            with self._lock:
                entry.users -= 1
                if entry.users == 0 and self._entries.get(name) is not entry:
                    _unload(entry)  # its file changed meanwhile

    def _make_room(self, entry: _Entry) -> None:
        with self._lock:
            if entry.cost_bytes > self._memory_bytes:
                raise ModelTooLargeError(
                    name=entry.name,
                    needed_mb=entry.cost_bytes // 10**6,
                    limit_mb=self._memory_bytes // 10**6,
                )
            others = [other for other in self._entries.values() if other.is_counted and other is not entry]
            idle = sorted((other for other in others if other.users == 0), key=lambda other: other.used_at)
            free = self._memory_bytes - sum(other.cost_bytes for other in others)
            while free < entry.cost_bytes:
                if not idle:
                    raise BusyError(retry_s=_RETRY_S)
                oldest = idle.pop(0)
                free += oldest.cost_bytes
                _unload(oldest)
            entry.is_counted = True


def version_of(model: ModelFile) -> str:
    """The version that the interface shows."""
    return model.card.version or UNVERSIONED


def _read(entry: _Entry, version: str | None) -> ModelFile:
    with entry.loading:
        if entry.model is None:
            entry.model = read_model(entry.path)
        model = entry.model
    if version is not None and version != version_of(model):
        raise NoSuchVersionError(name=entry.name, version=version[:100], known=version_of(model))
    return model


def _unload(entry: _Entry) -> None:
    if entry.engine is not None:
        entry.engine.close()
    entry.engine, entry.is_counted = None, False
