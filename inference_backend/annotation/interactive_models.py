# SPDX-License-Identifier: GPL-2.0-or-later
"""The interactive models of a folder, found by name and loaded when they are first asked for."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.annotation.errors import InteractiveModelError, NoSuchModelError
from inference_backend.annotation.types import Pair

if TYPE_CHECKING:
    from inference_backend.annotation.interactive import InteractiveModel

MOST_LOADED = 2
ENCODER, DECODER = "encoder", "decoder"
State = tuple[Pair, tuple[tuple[int, int], ...]]
"""A model and the size (bytes) and time (ns) of its files: one put in another's place is another model."""


def pairs_in(folder: Path | None) -> dict[str, Pair]:
    """Encoders with the decoder beside them, by name.

    `NAME.encoder.onnx` with `NAME.decoder.onnx`, whatever stands between (`_`, `-` or a dot), or a folder
    that holds one of each and no other.
    """
    pairs: dict[str, Pair] = {}
    if folder is None or not folder.is_dir():
        return pairs
    for encoder in sorted(folder.rglob(f"*{ENCODER}*.onnx")):
        name = encoder.stem.replace(ENCODER, "").strip("._- ") or encoder.parent.name
        decoder = encoder.with_name(encoder.name.replace(ENCODER, DECODER))
        if not decoder.is_file():
            others = [list(encoder.parent.glob(f"*{part}*.onnx")) for part in (ENCODER, DECODER)]
            if [len(found) for found in others] != [1, 1]:
                continue
            decoder = others[1][0]
        pairs.setdefault(name, Pair(name, encoder, decoder))
    return pairs


class InteractiveModels:
    """Loads models of one folder; looks into it anew at each question, so that files may be added.

    Args:
        folder: None for no models.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._loaded: OrderedDict[State, InteractiveModel] = OrderedDict()
        self._digests: dict[State, str] = {}
        self._lock = threading.Lock()

    def describe(self) -> list[dict[str, object]]:
        """Name, kind, readiness and encoder's SHA-256 of each; the kind is known once it was loaded."""
        found: list[dict[str, object]] = []
        for pair in pairs_in(self._folder).values():
            try:
                kind: str | None = self.model(pair.name).kind
            except InteractiveModelError:
                kind = None
            ready = kind is not None
            found.append({"name": pair.name, "kind": kind, "ready": ready, "digest": self._digest(pair)})
        return found

    def mark(self, name: str) -> str:
        """What tells a model from another that has its name later.

        Raises:
            NoSuchModelError: there is none of that name.
        """
        return repr(self._find(name))

    def _find(self, name: str) -> State:
        pairs = pairs_in(self._folder)
        if name not in pairs:
            raise NoSuchModelError(name=name, known=", ".join(pairs) or "–")
        return _state(pairs[name])

    def _digest(self, pair: Pair) -> str:
        """SHA-256 of an encoder: embeddings that are kept elsewhere are of this file or of none."""
        state = _state(pair)
        if state not in self._digests:
            with pair.encoder.open("rb") as file:
                self._digests[state] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._digests[state]

    def model(self, name: str) -> InteractiveModel:
        """A model, loaded.

        Raises:
            NoSuchModelError: there is none of that name.
            InteractiveModelError: its files cannot be used.
        """
        from inference_backend.annotation.interactive import InteractiveModel

        state = self._find(name)
        with self._lock:
            if state not in self._loaded:
                self._loaded[state] = InteractiveModel(state[0])
                while len(self._loaded) > MOST_LOADED:
                    self._loaded.popitem(last=False)
            self._loaded.move_to_end(state)
            return self._loaded[state]


def _state(pair: Pair) -> State:
    stats = [path.stat() for path in (pair.encoder, pair.decoder)]
    return pair, tuple((stat.st_size, stat.st_mtime_ns) for stat in stats)
