# SPDX-License-Identifier: GPL-2.0-or-later
"""The answers of the live service: bytes in, bytes out; no web framework, no event loop."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.annotation.interactive_models import InteractiveModels
from inference_backend.annotation.libraries import load_for_learner
from inference_backend.annotation.types import make_patch
from inference_backend.contracts.live import LiveArray
from inference_backend.service.live.kept import Kept
from inference_backend.service.live.npz import Arrays, pack, unpack
from inference_backend.service.live.patch_work import PatchWork
from inference_backend.service.live.turns import Turn
from inference_backend.service.web.api_errors import BadArraysError, NotKeptError, WrongDigestError

if TYPE_CHECKING:
    from inference_backend.annotation.learner import Memory

MEBIBYTE = 2**20
MOST_KEPT_BYTES = int(os.environ.get("OCSGE_LIVE_BYTES", str(1024 * MEBIBYTE)))
MOST_BODY_BYTES = int(os.environ.get("OCSGE_LIVE_MAX_BODY_BYTES", str(128 * MEBIBYTE)))
PATCH, MEMORY, EMBEDDING = "patch", "memory", "embedding"


@dataclass(frozen=True)
class KeptArrays:
    """Arrays as they were sent or computed."""

    arrays: Mapping[str, NDArray[Any]]

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return sum(array.nbytes for array in self.arrays.values())


class LiveService:
    """Keeps patches and answers about them.

    Args:
        models: interactive ones.
        most_bytes: of everything kept.
    """

    def __init__(self, models: InteractiveModels, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self.models = models
        self._kept: Kept[PatchWork | KeptArrays] = Kept(most_bytes)

    def has(self, owner: str, kind: str, key: str) -> bool:
        """Whether a patch or a memory is kept."""
        return self._kept.get((owner, kind, key)) is not None

    def keep_patch(self, owner: str, key: str, body: bytes) -> None:
        """Keep a patch under the digest of its body.

        Raises:
            WrongDigestError, BadArraysError, BadPatchError: see each.
        """
        _check_digest(key, body)
        arrays = unpack(body, MOST_BODY_BYTES)
        image, valid, bands = (arrays.get(n) for n in (LiveArray.IMAGE, LiveArray.VALID, LiveArray.BANDS))
        names = None if bands is None else tuple(str(name) for name in bands.reshape(-1))
        patch = make_patch(_needed(arrays, LiveArray.IMAGE) if image is None else image, valid, names)
        self._kept.put((owner, PATCH, key), PatchWork(patch))

    def keep_memory(self, owner: str, key: str, body: bytes) -> None:
        """Keep what other patches teach.

        Raises:
            WrongDigestError, BadArraysError: see each.
        """
        _check_digest(key, body)
        arrays = unpack(body, MOST_BODY_BYTES)
        rows, values = _needed(arrays, LiveArray.ROWS), _needed(arrays, LiveArray.ROW_VALUES)
        if rows.dtype != np.float32 or rows.ndim != 2 or values.dtype != np.uint8 or values.ndim != 1:
            raise BadArraysError(reason=f"rows {rows.dtype} {rows.shape}, row_values {values.dtype}")
        kept = {LiveArray.ROWS.value: rows, LiveArray.ROW_VALUES.value: values}
        self._kept.put((owner, MEMORY, key), KeptArrays(kept))

    def segments(self, owner: str, key: str, counts: tuple[int, ...], turn: Turn) -> bytes:
        """Nested segments of a patch."""
        turn.check()
        segments = self._patch(owner, key).segments(counts)
        self._kept.tidy()
        return pack({LiveArray.SEGMENTS.value: segments}, is_compressed=True)

    def proposal(self, owner: str, key: str, memory: str, body: bytes, turn: Turn) -> bytes:
        """What the learner proposes from the strokes in the body."""
        turn.check()
        work, known = self._patch(owner, key), self._memory(owner, memory)
        labels, scores = _strokes(body)
        learner = work.learner()
        self._kept.tidy()
        proposal = learner.propose(labels, scores, known, turn.check)
        return pack({LiveArray.VALUE.value: proposal.value, LiveArray.CONFIDENCE.value: proposal.confidence})

    def rows(self, owner: str, key: str, body: bytes, turn: Turn) -> bytes:
        """What a finished patch teaches."""
        turn.check()
        labels, scores = _strokes(body)
        taught = self._patch(owner, key).learner().teach(labels, scores)
        self._kept.tidy()
        return pack({LiveArray.ROWS.value: taught.rows, LiveArray.ROW_VALUES.value: taught.values})

    def embedding(self, owner: str, key: str, model: str, turn: Turn) -> bytes:
        """The embedding of a patch, computed where it is not kept."""
        turn.check()
        return pack(self._embedding(owner, key, model))

    def keep_embedding(self, owner: str, key: str, model: str, body: bytes) -> None:
        """Keep an embedding that was computed before."""
        self.models.model(model)
        place = (owner, EMBEDDING, key, self.models.mark(model))
        self._kept.put(place, KeptArrays(unpack(body, MOST_BODY_BYTES)))

    def mask(self, owner: str, key: str, model: str, body: bytes, turn: Turn) -> bytes:
        """What points and boxes mean to an interactive model."""
        turn.check()
        arrays = unpack(body, MOST_BODY_BYTES)
        points, labels = _needed(arrays, LiveArray.POINTS), _needed(arrays, LiveArray.POINT_LABELS)
        if points.dtype.kind not in "iuf" or labels.dtype.kind not in "iu":
            raise BadArraysError(reason=f"points {points.dtype}, point_labels {labels.dtype}")
        embedding = self._embedding(owner, key, model)
        turn.check()
        found = self.models.model(model).masks(embedding, points.astype(np.float32), labels.astype(np.int8))
        return pack(
            {LiveArray.MASKS.value: found[0], LiveArray.MASK_SCORES.value: found[1]}, is_compressed=True
        )

    def _embedding(self, owner: str, key: str, model: str) -> Mapping[str, NDArray[Any]]:
        place = (owner, EMBEDDING, key, self.models.mark(model))
        kept = self._kept.get(place)
        if not isinstance(kept, KeptArrays):
            found = KeptArrays(self.models.model(model).encode(self._patch(owner, key).patch))
            kept = self._kept.put(place, found)
        return kept.arrays if isinstance(kept, KeptArrays) else {}

    def _patch(self, owner: str, key: str) -> PatchWork:
        work = self._kept.get((owner, PATCH, key))
        if not isinstance(work, PatchWork):
            raise NotKeptError(key=key)
        return work

    def _memory(self, owner: str, key: str) -> Memory | None:
        load_for_learner()
        from inference_backend.annotation.learner import Memory

        if not key:
            return None
        kept = self._kept.get((owner, MEMORY, key))
        if not isinstance(kept, KeptArrays):
            raise NotKeptError(key=key)
        return Memory(kept.arrays[LiveArray.ROWS.value], kept.arrays[LiveArray.ROW_VALUES.value])


def _strokes(body: bytes) -> tuple[NDArray[Any], NDArray[Any] | None]:
    arrays = unpack(body, MOST_BODY_BYTES)
    return _needed(arrays, LiveArray.LABELS), arrays.get(LiveArray.SCORES.value)


def _needed(arrays: Arrays, name: LiveArray) -> NDArray[Any]:
    if name.value not in arrays:
        raise BadArraysError(reason=f"“{name.value}”")
    return arrays[name.value]


def _check_digest(key: str, body: bytes) -> None:
    if hashlib.sha256(body).hexdigest() != key:
        raise WrongDigestError(key=key)
