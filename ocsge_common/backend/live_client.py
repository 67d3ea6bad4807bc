# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments, proposals and interactive masks from the backend, while the mouse moves.

Nothing here waits: each call gives a `LiveReply` at once, whose signals come on the main thread. A backend
that is not there fails them with the error that says why; nobody needs to ask first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import numpy as np
from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.live import (
    DEFAULT_COUNTS,
    PATH_LIVE_EMBEDDING,
    PATH_LIVE_MASK,
    PATH_LIVE_MEMORY,
    PATH_LIVE_MODELS,
    PATH_LIVE_PATCH,
    PATH_LIVE_PROPOSAL,
    PATH_LIVE_ROWS,
    PATH_LIVE_SEGMENTS,
    LiveArray,
)

from ..settings import BackendSettings
from .live_arrays import LiveObject, pack, unpack
from .live_link import LiveLink
from .live_reply import LiveReply, Question


class LiveClient(QObject):
    """Asks the live service.

    Of proposals and of masks only the newest question about a patch is kept: an older one still on its
    way is cancelled and emits nothing but `over`.

    Signals:
        changed(bool): the backend answers, or does no more.

    Args:
        settings: which backend; those of the user where None.
        parent: owner.
    """

    changed = pyqtSignal(bool)

    def __init__(self, settings: BackendSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = LiveLink(settings, self)
        self._link.changed.connect(self.changed)
        self._newest: dict[tuple[str, str], LiveReply] = {}

    @property
    def is_ready(self) -> bool:
        """Whether the backend was up when last heard of."""
        return self._link.is_ready

    def segments(self, patch: LiveObject, counts: Sequence[int] = DEFAULT_COUNTS) -> LiveReply:
        """`done` carries (S, H, W) uint16, the finest scale first; each is a union of the one before.

        Args:
            patch: of `live_patch`.
            counts: about how many segments each scale has, falling.
        """
        path = _path(PATH_LIVE_SEGMENTS, patch, counts=",".join(str(count) for count in counts))
        return self._ask(Question("POST", path, _only(LiveArray.SEGMENTS), b"", _needs(patch)))

    def proposal(
        self,
        patch: LiveObject,
        labels: np.ndarray,
        scores: np.ndarray | None = None,
        memory: LiveObject | None = None,
    ) -> LiveReply:
        """`done` carries (value, confidence), both (H, W) uint8.

        Args:
            patch: of `live_patch`.
            labels: (H, W) uint8, UNLABELLED where nobody has decided.
            scores: (K, H, W) uint8 of a model that predicted.
            memory: of `live_memory`, what other patches of the campaign teach.
        """
        path = _path(PATH_LIVE_PROPOSAL, patch, memory=memory.key if memory else "")
        needs = _needs(patch) + (((PATH_LIVE_MEMORY, memory),) if memory else ())
        decode = _both(LiveArray.VALUE, LiveArray.CONFIDENCE)
        return self._ask_newest(patch, Question("POST", path, decode, _strokes(labels, scores), needs))

    def rows(self, patch: LiveObject, labels: np.ndarray, scores: np.ndarray | None = None) -> LiveReply:
        """`done` carries (rows, values) of a finished patch, to be kept and given to `live_memory`."""
        path = _path(PATH_LIVE_ROWS, patch)
        decode = _both(LiveArray.ROWS, LiveArray.ROW_VALUES)
        return self._ask(Question("POST", path, decode, _strokes(labels, scores), _needs(patch)))

    def models(self) -> LiveReply:
        """`done` carries the interactive models: a list of dicts with `name`, `kind`, `ready`."""
        return self._ask(Question("GET", PATH_LIVE_MODELS, _models))

    def embedding(self, patch: LiveObject, model: str) -> LiveReply:
        """`done` carries the embedding's arrays by name, to be kept and given to `give_embedding`."""
        path = _path(PATH_LIVE_EMBEDDING, patch, model=model)
        return self._ask(Question("POST", path, unpack, b"", _needs(patch)))

    def give_embedding(self, patch_key: str, model: str, arrays: dict[str, np.ndarray]) -> LiveReply:
        """Give back an embedding that was kept, so that it is not computed again; `done` carries None."""
        path = PATH_LIVE_EMBEDDING.format(key=patch_key) + "?" + urlencode({"model": model})
        return self._ask(Question("PUT", path, lambda content: None, pack(arrays)))

    def mask(self, patch: LiveObject, model: str, points: np.ndarray, point_labels: np.ndarray) -> LiveReply:
        """`done` carries (masks, scores): (M, H, W) bool, the best first, and (M,) float32.

        Args:
            patch: of `live_patch`.
            model: name of an interactive model.
            points: (N, 2) float, x then y, px of the patch from its top left corner.
            point_labels: (N,) int: 1 inside, 0 outside, 2 and 3 the corners of a box.
        """
        path = _path(PATH_LIVE_MASK, patch, model=model)
        body = pack(
            {
                LiveArray.POINTS.value: np.asarray(points, np.float32).reshape(-1, 2),
                LiveArray.POINT_LABELS.value: np.asarray(point_labels, np.int8).reshape(-1),
            }
        )
        decode = _both(LiveArray.MASKS, LiveArray.MASK_SCORES)
        return self._ask_newest(patch, Question("POST", path, decode, body, _needs(patch)))

    def stop(self, *, wait: bool = False) -> None:
        """Cancel everything and let the backend that was started here end, by itself unless `wait`."""
        for reply in self.findChildren(LiveReply):
            reply.cancel()
        self._link.stop(wait=wait)

    def _ask(self, question: Question) -> LiveReply:
        reply = LiveReply(self._link, question, self)
        reply.start()
        return reply

    def _ask_newest(self, patch: LiveObject, question: Question) -> LiveReply:
        kind = (patch.key, question.path.partition("?")[0])
        older = self._newest.pop(kind, None)
        if older is not None and not older.is_over:
            older.cancel()
        reply = self._ask(question)
        self._newest[kind] = reply
        reply.over.connect(lambda: self._forget(kind, reply))
        return reply

    def _forget(self, kind: tuple[str, str], reply: LiveReply) -> None:
        if self._newest.get(kind) is reply:
            del self._newest[kind]


def _path(template: str, patch: LiveObject, **query: str) -> str:
    given = {name: value for name, value in query.items() if value}
    return template.format(key=patch.key) + (f"?{urlencode(given)}" if given else "")


def _needs(patch: LiveObject) -> tuple[tuple[str, LiveObject], ...]:
    return ((PATH_LIVE_PATCH, patch),)


def _strokes(labels: np.ndarray, scores: np.ndarray | None) -> bytes:
    arrays = {LiveArray.LABELS.value: np.ascontiguousarray(labels, np.uint8)}
    if scores is not None:
        arrays[LiveArray.SCORES.value] = np.ascontiguousarray(scores, np.uint8)
    return pack(arrays)


def _only(name: LiveArray) -> Callable[[bytes], Any]:
    return lambda content: _named(unpack(content), name)


def _both(first: LiveArray, second: LiveArray) -> Callable[[bytes], Any]:
    def decode(content: bytes) -> Any:
        arrays = unpack(content)
        return _named(arrays, first), _named(arrays, second)

    return decode


def _named(arrays: dict[str, np.ndarray], name: LiveArray) -> np.ndarray:
    if name.value not in arrays:
        raise ValueError(f"the answer has no array “{name.value}”")
    return arrays[name.value]


def _models(content: bytes) -> list[dict[str, Any]]:
    document = json.loads(content)
    return list(document.get("models", [])) if isinstance(document, dict) else []
