# SPDX-License-Identifier: GPL-2.0-or-later
"""The interactive models of a folder, found by name and loaded when they are first asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from inference_backend.annotation.errors import InteractiveModelError, NoSuchModelError
from inference_backend.annotation.interactive import InteractiveModel, Pair

MOST_LOADED = 2
ENCODER, DECODER = "encoder", "decoder"


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
        self._loaded: OrderedDict[Pair, InteractiveModel] = OrderedDict()
        self._lock = threading.Lock()

    def describe(self) -> list[dict[str, object]]:
        """Name, kind and readiness of each; the kind is known once it was loaded."""
        found: list[dict[str, object]] = []
        for pair in pairs_in(self._folder).values():
            try:
                kind: str | None = self.model(pair.name).kind
            except InteractiveModelError:
                kind = None
            found.append({"name": pair.name, "kind": kind, "ready": kind is not None})
        return found

    def model(self, name: str) -> InteractiveModel:
        """A model, loaded.

        Raises:
            NoSuchModelError: there is none of that name.
            InteractiveModelError: its files cannot be used.
        """
        pairs = pairs_in(self._folder)
        if name not in pairs:
            raise NoSuchModelError(name=name, known=", ".join(pairs) or "–")
        pair = pairs[name]
        with self._lock:
            if pair not in self._loaded:
                self._loaded[pair] = InteractiveModel(pair)
                while len(self._loaded) > MOST_LOADED:
                    self._loaded.popitem(last=False)
            self._loaded.move_to_end(pair)
            return self._loaded[pair]
