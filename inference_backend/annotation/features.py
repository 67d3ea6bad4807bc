# SPDX-License-Identifier: GPL-2.0-or-later
"""What the learner sees of each segment: bands, ratios, texture, height, scores, and what lies around it.

The features of a patch are computed once; scores of a model may come later and are added then. Their order
depends on the bands alone, so that rows of one patch serve another of the same campaign.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, minimum_filter, uniform_filter

from inference_backend.annotation.graph import Graph, graph_of, means_of
from inference_backend.annotation.planes import scaled_planes
from inference_backend.annotation.segments import counts_for, nested_segments
from inference_backend.annotation.types import F32, F64, U8, U16, Patch
from inference_backend.contracts.live import BandRole

TEXTURE_SIDES_PX = (3, 9, 27)
GROUND_SIDE_PX = 61
"""The lowest height so far around is the ground: 12 m at 0.2 m, wider than most houses are deep."""
GROUND_STEP = 4
LEAST_SUM = 1.0
COLOURS = (BandRole.RED, BandRole.GREEN, BandRole.BLUE, BandRole.INFRARED)


@dataclass(frozen=True)
class PatchFeatures:
    """What is known of a patch before anything is labelled.

    Attributes:
        segments: (S, H, W) uint16, the scales that the features use, the finest first.
        graph: of the finest segments.
        colours: (N, C) float64, means of the scaled bands over them.
        rows: (N, F) float32.
    """

    segments: U16
    graph: Graph
    colours: F64
    rows: F32

    @property
    def finest(self) -> U16:
        """(H, W), the segments that are classified."""
        finest: U16 = self.segments[0]
        return finest

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return int(
            self.segments.nbytes + self.rows.nbytes + self.colours.nbytes + 16 * self.graph.first.nbytes
        )


def features_of(patch: Patch, segments: U16 | None = None) -> PatchFeatures:
    """Describe the segments of a patch.

    Args:
        patch: to describe.
        segments: (S, H, W) with S of 3 at least, made already; of the usual counts where None.
    """
    planes = scaled_planes(patch)
    if segments is None:
        segments = nested_segments(planes, patch, counts_for(patch.shape))
    finest, count = segments[0], int(segments[0].max()) + 1
    graph = graph_of(finest, count)
    measures: F32 = np.concatenate(
        [planes, _ratios(patch), _textures(planes, patch), _heights(patch)], dtype=np.float32
    )
    own = means_of(measures, finest, count)
    colours = own[:, : len(planes)]
    squares = means_of(np.square(planes).astype(np.float32), finest, count)
    spread = np.sqrt(np.maximum(squares - colours**2, 0))
    parts = [own, spread, neighbours_of(own[:, : len(planes)], graph)]
    parts += [_of_parent(colours, graph.size_px, finest, coarse) for coarse in segments[1:3]]
    return PatchFeatures(segments, graph, colours, np.concatenate(parts, axis=1).astype(np.float32))


def score_rows(scores: U8, features: PatchFeatures) -> F32:
    """Means of a model's scores over the segments, and over their neighbours.

    Args:
        scores: (K, H, W) uint8.
        features: of the patch.

    Returns:
        (N, 2 K) float32 in [0, 1].
    """
    own = means_of(scores.astype(np.float32) / np.float32(255), features.finest, features.graph.count)
    return np.concatenate([own, neighbours_of(own, features.graph)], axis=1).astype(np.float32)


def neighbours_of(values: F64, graph: Graph) -> F64:
    """Mean over the neighbours of each segment, weighted by common border; its own where it has none."""
    total, weight = np.zeros_like(values), np.zeros(graph.count)
    for here, there in ((graph.first, graph.second), (graph.second, graph.first)):
        weight += np.bincount(here, weights=graph.border_px, minlength=graph.count)
        for column in range(values.shape[1]):
            total[:, column] += np.bincount(
                here, weights=graph.border_px * values[there, column], minlength=graph.count
            )
    return np.where(weight[:, None] > 0, total / np.maximum(weight, 1e-9)[:, None], values)


def _of_parent(values: F64, size_px: F64, finest: U16, coarse: U16) -> F64:
    """Mean over the coarser segment that each finest one belongs to, and its size."""
    parent = np.zeros(len(values), np.int64)
    parent[finest.ravel()] = coarse.ravel()
    count = int(coarse.max()) + 1
    size = np.bincount(parent, weights=size_px, minlength=count)
    sums = [np.bincount(parent, weights=column * size_px, minlength=count) for column in values.T]
    means = np.stack([*sums, size * np.log1p(size)], axis=1) / np.maximum(size, 1)[:, None]
    return np.asarray(means[parent])


def _ratios(patch: Patch) -> F32:
    """Normalised differences of the colours that are there, of the bands as they are."""
    found = [patch.number_of(role) for role in COLOURS]
    red, green, blue, infrared = (
        None if number is None else np.maximum(np.nan_to_num(patch.image[number].astype(np.float32)), 0)
        for number in found
    )
    pairs = [(infrared, red), (infrared, green), (green, red), (blue, red), (green, blue)]
    ratios = [(a - b) / (a + b + LEAST_SUM) for a, b in pairs if a is not None and b is not None]
    return np.asarray(ratios, np.float32).reshape(-1, *patch.shape)


def _textures(planes: F32, patch: Patch) -> F32:
    """Local deviation of brightness at several scales, and how steep it is."""
    colours = [number for number, role in enumerate(patch.bands) if role is not BandRole.HEIGHT]
    bright = planes[colours or [0]].mean(axis=0)
    found = []
    for side in TEXTURE_SIDES_PX:
        mean = uniform_filter(bright, side)
        found.append(np.sqrt(np.maximum(uniform_filter(bright * bright, side) - mean * mean, 0)))
    return np.stack([*found, _steepness(bright), bright - mean])


def _heights(patch: Patch) -> F32:
    """Height above the lowest around, its deviation and its steepness; nothing where there is no height."""
    number = patch.number_of(BandRole.HEIGHT)
    if number is None:
        return np.empty((0, *patch.shape), np.float32)
    height = patch.image[number].astype(np.float32)
    if not patch.valid.all():
        height = np.where(patch.valid, height, np.median(height[patch.valid]) if patch.valid.any() else 0)
    coarse = height[::GROUND_STEP, ::GROUND_STEP]
    ground = minimum_filter(coarse, GROUND_SIDE_PX // GROUND_STEP)
    ground = np.kron(ground, np.ones((GROUND_STEP, GROUND_STEP), np.float32))
    above = height - ground[: height.shape[0], : height.shape[1]].astype(np.float32)
    mean = uniform_filter(height, 9)
    rough = np.sqrt(np.maximum(uniform_filter(height * height, 9) - mean * mean, 0))
    return np.stack([above, rough, _steepness(height)])


def _steepness(plane: F32) -> F32:
    """Length of the gradient, slightly smoothed."""
    down, right = np.gradient(gaussian_filter(plane, 1.0))
    return np.asarray(np.hypot(down, right), np.float32)
