# SPDX-License-Identifier: GPL-2.0-or-later
"""Accuracy of a lot against a complete truth, by area, and what its review queue is worth.

This is a census, not a sample: where the truth covers the lot there is no sampling error to state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.lot import REVIEW_ITEM
from inference_backend.errors import VectorError
from inference_backend.quality.lot_errors import codes_of, lot_errors
from inference_backend.quality.ocsge_layer import OcsgeLayer, read_layer
from inference_backend.quality.overlay import Overlay
from inference_backend.quality.queue_value import QueueValue, queue_value
from inference_backend.vector_reading import layers_with_fields, read_vector


@dataclass(frozen=True)
class Confusion:
    """One dimension: areas by true and given code.

    Attributes:
        codes: rows and columns of the matrix, sorted.
        area_m2: truth in rows, lot in columns.
    """

    codes: tuple[str, ...]
    area_m2: tuple[tuple[float, ...], ...]

    @property
    def accuracy(self) -> float:
        """Share of the area whose code is right, 0..1; NaN without area."""
        matrix = np.array(self.area_m2)
        return float(np.trace(matrix) / matrix.sum()) if matrix.sum() > 0 else float("nan")

    def producer_accuracy(self) -> dict[str, float]:
        """For each true code, the share of its area that the lot found (recall)."""
        matrix = np.array(self.area_m2)
        total = matrix.sum(axis=1)
        return {c: float(matrix[i, i] / total[i]) for i, c in enumerate(self.codes) if total[i] > 0}

    def user_accuracy(self) -> dict[str, float]:
        """For each code of the lot, the share of its area that is right (precision)."""
        matrix = np.array(self.area_m2)
        total = matrix.sum(axis=0)
        return {c: float(matrix[i, i] / total[i]) for i, c in enumerate(self.codes) if total[i] > 0}


@dataclass(frozen=True)
class AccuracyReport:
    """Accuracy of cover and of use, never mixed.

    Attributes:
        area_m2: area that lot and truth share.
        cs: confusion of cover.
        us: confusion of use.
        both: share of the area where cover and use are right.
        queue: what the review queue is worth; None without a queue.
    """

    area_m2: float
    cs: Confusion
    us: Confusion
    both: float
    queue: QueueValue | None

    def to_dict(self) -> dict[str, Any]:
        """JSON form, with the accuracies."""
        return {
            "area_m2": self.area_m2,
            "cs_accuracy": self.cs.accuracy,
            "us_accuracy": self.us.accuracy,
            "both_accuracy": self.both,
            "cs": asdict(self.cs),
            "us": asdict(self.us),
            "queue": asdict(self.queue) if self.queue else None,
        }


def compare(lot: Path, truth: Path, truth_layer: str) -> AccuracyReport:
    """Compare a lot with a truth that covers it.

    Args:
        lot: a lot, or any layer with cover and use.
        truth: file of the truth.
        truth_layer: its layer, with columns of the same names, in the lot's CRS.

    Raises:
        VectorError: a file, layer or column cannot be used, or the CRS differ.
    """
    ours, theirs = read_layer(lot), read_layer(truth, truth_layer)
    if ours.crs != theirs.crs:
        raise _other_crs(truth, theirs.crs, ours.crs)
    errors = lot_errors(ours, theirs)
    pairs = errors.pairs
    cs = _confusion(codes_of(theirs, theirs.cs), codes_of(ours, ours.cs), pairs)
    us = _confusion(codes_of(theirs, theirs.us), codes_of(ours, ours.us), pairs)
    area = float(pairs.area_m2.sum())
    order = _queue_order(lot, ours)
    value = queue_value(order, errors.wrong_m2, errors.area_m2) if order is not None else None
    right = errors.cs_right & errors.us_right
    both = float(pairs.area_m2[right].sum() / area) if area > 0 else float("nan")
    return AccuracyReport(area, cs, us, both, value)


def _confusion(truth: NDArray[np.str_], given: NDArray[np.str_], pairs: Overlay) -> Confusion:
    """The matrix of one dimension."""
    rows, cols = truth[pairs.second], given[pairs.first]
    codes, inverse = np.unique(np.concatenate([rows, cols]), return_inverse=True)
    row, col = np.split(inverse.ravel(), 2)
    size = len(codes)
    matrix = np.bincount(row * size + col, pairs.area_m2, minlength=size * size).reshape(size, size)
    return Confusion(tuple(codes.tolist()), tuple(tuple(float(v) for v in line) for line in matrix))


def _queue_order(path: Path, layer: OcsgeLayer) -> Sequence[int] | None:
    """Positions of the queue's polygons in the order of their ranks; None without a queue."""
    if REVIEW_ITEM.name not in dict(layers_with_fields(path)) or layer.ids is None:
        return None
    _, columns = read_vector(path, REVIEW_ITEM.name)
    position = {identifier: i for i, identifier in enumerate(layer.ids.tolist())}
    rows = sorted(zip(columns["rank"].tolist(), columns["polygon_id"].tolist(), strict=True), key=_rank)
    return [position[identifier] for _, identifier in rows if identifier in position]


def _rank(row: tuple[Any, Any]) -> float:
    return float(row[0]) if row[0] is not None else float("inf")


def _other_crs(path: Path, found: str, wanted: str) -> VectorError:
    return VectorError(
        path=path,
        problem_en=f"the truth is in {found}, the lot in {wanted}",
        problem_fr=f"la vérité est en {found}, le lot en {wanted}",
        remedy_en="Reproject the truth first.",
        remedy_fr="Reprojetez d'abord la vérité.",
    )
