# SPDX-License-Identifier: GPL-2.0-or-later
"""Interactive models as two ONNX files: an encoder of the image, a decoder of points and boxes.

Two families are known by the names of their inputs, as samexporter and X-AnyLabeling write them: SAM (one
embedding) and SAM 2 (an embedding and two finer ones).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference_backend.annotation.errors import BadLabelsError, InteractiveModelError
from inference_backend.annotation.types import F32, Mask, Pair, Patch
from inference_backend.contracts.live import BandRole
from inference_backend.runtime.onnxruntime_library import CPU, FAILURES
from inference_backend.runtime.threads import usable_threads

Embedding = dict[str, NDArray[Any]]
SIZE = "size_px"
"""Among an embedding's arrays: height and width of its patch, px."""
MEAN = np.array([123.675, 116.28, 103.53], np.float32)
DEVIATION = np.array([58.395, 57.12, 57.375], np.float32)
"""Of ImageNet, in 0..255: what both families were trained with."""
USUAL_SIDE_PX = 1024
INSIDE, OUTSIDE, BOX_CORNERS, PADDING = 1, 0, (2, 3), -1
MOST_POINTS = 256
SAM_EMBEDDING = "image_embeddings"
SAM2_EMBEDDINGS = ("image_embed", "high_res_feats_0", "high_res_feats_1")


class InteractiveModel:
    """One loaded pair.

    Raises:
        InteractiveModelError: files of another kind, or that onnxruntime cannot load.
    """

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._encoder, self._decoder = _session(pair.encoder), _session(pair.decoder)
        self._wanted = {entry.name: entry for entry in self._decoder.get_inputs()}
        if SAM_EMBEDDING in self._wanted:
            self.kind = "sam"
        elif SAM2_EMBEDDINGS[0] in self._wanted:
            self.kind = "sam2"
        else:
            raise InteractiveModelError(
                path=pair.decoder,
                problem_en=f"its inputs are {', '.join(self._wanted)}",
                problem_fr=f"ses entrées sont {', '.join(self._wanted)}",
            )
        image = self._encoder.get_inputs()[0]
        self._image, self._rank = image.name, len(image.shape)
        self._side_px = _fixed(image.shape[-1 if self._rank == 4 else 0], USUAL_SIDE_PX)

    def encode(self, patch: Patch) -> Embedding:
        """The embedding of a patch, with its size."""
        photograph = _photograph(patch)
        if self.kind == "sam2":
            scaled = _resized(photograph, (self._side_px, self._side_px))
            given = _normal(scaled)
        else:
            scaled = _resized(photograph, self._inner(patch.shape))
            given = scaled if self._rank == 3 else _padded(_normal(scaled), self._side_px)
        names = [entry.name for entry in self._encoder.get_outputs()]
        found = _run(self._encoder, self._pair.encoder, {self._image: given})
        if self.kind == "sam":
            names = [SAM_EMBEDDING, *names[1:]]  # there is one, whatever it is called
        arrays = dict(zip(names, found, strict=True))
        return {**arrays, SIZE: np.asarray(patch.shape, np.int32)}

    def masks(
        self, embedding: Mapping[str, NDArray[Any]], points: F32, labels: NDArray[np.int8]
    ) -> tuple[Mask, F32]:
        """What points and boxes mean.

        Args:
            embedding: of `encode`.
            points: (N, 2) x and y, px of the patch.
            labels: (N,) 1 inside, 0 outside, 2 and 3 the corners of a box.

        Returns:
            (M, H, W) bool, the best first, and (M,) float32.

        Raises:
            BadLabelsError: points, labels or an embedding that cannot be used.
        """
        _check_points(points, labels)
        shape = self._size(embedding)
        feeds = {name: embedding[name] for name in self._wanted if name in embedding}
        feeds.update(self._prompt(points, labels, shape))
        names = [entry.name for entry in self._decoder.get_outputs()]
        found = dict(zip(names, _run(self._decoder, self._pair.decoder, feeds), strict=True))
        # SAM's own enlargement is frozen to the shape it was exported with: the small masks are safe.
        name = "low_res_masks" if self.kind == "sam" and "low_res_masks" in found else "masks"
        small = np.asarray(found[name], np.float32)
        scores = np.asarray(found["iou_predictions"], np.float32).reshape(-1)
        order = np.argsort(-scores, kind="stable")
        logits = small.reshape(-1, *small.shape[-2:])[order]
        return np.stack([self._enlarged(plane, shape) > 0 for plane in logits]), scores[order]

    def _size(self, embedding: Mapping[str, NDArray[Any]]) -> tuple[int, int]:
        needed = (SAM_EMBEDDING,) if self.kind == "sam" else SAM2_EMBEDDINGS
        size = embedding.get(SIZE)
        if (
            size is None
            or size.shape != (2,)
            or size.dtype.kind not in "iu"
            or any(name not in embedding for name in needed)
        ):
            raise BadLabelsError(
                name="embedding", found=", ".join(embedding), expected=", ".join([*needed, SIZE])
            )
        height, width = (int(side) for side in size)
        if not (1 <= height <= 4096 and 1 <= width <= 4096):
            raise BadLabelsError(name=SIZE, found=f"{height} x {width}", expected="1..4096")
        return height, width

    def _inner(self, shape: tuple[int, int]) -> tuple[int, int]:
        """Height and width in the square that SAM pads to, px."""
        scale = self._side_px / max(shape)
        return int(shape[0] * scale + 0.5), int(shape[1] * scale + 0.5)

    def _prompt(self, points: F32, labels: NDArray[np.int8], shape: tuple[int, int]) -> Embedding:
        inner = self._inner(shape) if self.kind == "sam" else (self._side_px, self._side_px)
        scaled = points * np.array([inner[1] / shape[1], inner[0] / shape[0]], np.float32)
        kinds = labels.astype(np.float32)
        if self.kind == "sam" and not np.isin(labels, BOX_CORNERS).any():
            scaled = np.concatenate([scaled, np.zeros((1, 2), np.float32)])
            kinds = np.append(kinds, np.float32(PADDING))
        mask_side = self._side_px // 4
        entry = self._wanted.get("mask_input")
        height, width = (_fixed(n, mask_side) for n in (entry.shape[-2:] if entry is not None else (0, 0)))
        prompt: Embedding = {
            "point_coords": scaled[None].astype(np.float32),
            "point_labels": kinds[None].astype(np.float32),
            "mask_input": np.zeros((1, 1, height, width), np.float32),
            "has_mask_input": np.zeros(1, np.float32),
            "orig_im_size": np.asarray(shape, np.float32),
        }
        return {name: value for name, value in prompt.items() if name in self._wanted}

    def _enlarged(self, plane: F32, shape: tuple[int, int]) -> F32:
        if plane.shape == shape:
            return plane
        if self.kind == "sam":
            inner = self._inner(shape)
            rows, columns = (
                max(1, round(n * side / self._side_px)) for n, side in zip(plane.shape, inner, strict=True)
            )
            plane = plane[:rows, :columns]
        return _resized(plane, shape)


def _photograph(patch: Patch) -> F32:
    """Red, green and blue of a patch in 0..255; its first bands where it has no such colours."""
    wanted = [patch.number_of(role) for role in (BandRole.RED, BandRole.GREEN, BandRole.BLUE)]
    numbers = [n if n is not None else min(place, len(patch.bands) - 1) for place, n in enumerate(wanted)]
    planes = patch.image[numbers].astype(np.float32)
    if patch.image.dtype != np.uint8:
        sample = planes[:, patch.valid]
        low, high = np.percentile(sample, (1, 99)) if sample.size else (0.0, 1.0)
        # Floats that are a photograph's own values stay as they are.
        if patch.image.dtype == np.uint16 or high > 255 or high <= 1.5:
            planes = (planes - np.float32(low)) / np.float32(max(high - low, 1e-6)) * np.float32(255)
    shown = np.where(patch.valid, np.clip(np.nan_to_num(planes), 0, 255), 0)
    return np.asarray(shown.transpose(1, 2, 0), np.float32)


def _resized(image: F32, shape: tuple[int, int]) -> F32:
    """(H, W) or (H, W, C) brought to another height and width, bilinear, smoothed where it gets smaller."""
    rows, columns = _weights(image.shape[0], shape[0]), _weights(image.shape[1], shape[1])
    planes = image[None] if image.ndim == 2 else image.transpose(2, 0, 1)
    found = rows @ np.ascontiguousarray(planes) @ columns.T
    return np.asarray(found[0] if image.ndim == 2 else found.transpose(1, 2, 0))


@lru_cache(maxsize=8)
def _weights(count: int, wanted: int) -> F32:
    """(wanted, count): what each old sample gives to each new one, a triangle around its place."""
    places = (np.arange(wanted) + 0.5) * count / wanted - 0.5
    reach = max(1.0, count / wanted)
    weights = np.maximum(
        0, 1 - np.abs(np.arange(count)[None] - np.clip(places, 0, count - 1)[:, None]) / reach
    )
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def _normal(image: NDArray[Any]) -> F32:
    return np.asarray(((image - MEAN) / DEVIATION).transpose(2, 0, 1)[None], np.float32)


def _padded(image: F32, side_px: int) -> F32:
    height, width = image.shape[-2:]
    return np.pad(image, ((0, 0), (0, 0), (0, side_px - height), (0, side_px - width)))


def _check_points(points: F32, labels: NDArray[np.int8]) -> None:
    fits = points.ndim == 2 and points.shape[1] == 2 and labels.shape == (len(points),)
    if not fits or not 1 <= len(points) <= MOST_POINTS or not np.isfinite(points).all():
        raise BadLabelsError(name="points", found=f"{points.shape} {labels.shape}", expected="(N, 2) (N,)")
    if not np.isin(labels, (OUTSIDE, INSIDE, *BOX_CORNERS)).all():
        raise BadLabelsError(name="point_labels", found=str(np.unique(labels)), expected="0, 1, 2, 3")


def _fixed(size: Any, usual: int) -> int:
    return size if isinstance(size, int) and size > 0 else usual


def _session(path: Path) -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = usable_threads()
    options.log_severity_level = 3
    # Between two clicks nobody computes: threads that spin would take the processor from QGIS.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(str(path), options, providers=[CPU])
    except FAILURES as error:
        reason = str(error).splitlines()[0][:200]
        raise InteractiveModelError(path=path, problem_en=reason, problem_fr=reason) from error


def _run(session: Any, path: Path, feeds: Embedding) -> list[Any]:
    try:
        return list(session.run(None, feeds))
    except FAILURES as error:
        reason = str(error).splitlines()[0][:200]
        raise InteractiveModelError(path=path, problem_en=reason, problem_fr=reason) from error
