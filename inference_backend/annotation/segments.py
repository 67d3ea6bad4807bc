# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments of a patch at several scales, each scale a union of segments of the one before.

Superpixels follow every band, infrared and height as well as colours. Coarser scales are made by merging, not
by segmenting again: a border that shows at a coarse scale is there at every finer one, so that a person who
changes the scale never loses what was already given a class.
"""

from __future__ import annotations

import numpy as np

from inference_backend.annotation.graph import graph_of, means_of
from inference_backend.annotation.merging import merged
from inference_backend.annotation.planes import scaled_planes
from inference_backend.annotation.types import F32, I64, U16, Patch
from inference_backend.contracts.live import DEFAULT_COUNTS

COMPACTNESS = 0.2
"""How much a superpixel's shape weighs against bands that span [0, 1]; below 0.1 noise melts into one."""
ITERATIONS = 5
SMOOTHING_PX = 0.6
MOST_SEGMENTS = 60_000
REFERENCE_PX = 512 * 512


def segment_patch(patch: Patch, counts: tuple[int, ...] = DEFAULT_COUNTS) -> U16:
    """Nested segments, numbered from 0 at each scale.

    Args:
        patch: to segment; where it has no data, segments of their own.
        counts: about how many segments of each scale, the finest first.

    Returns:
        (S, H, W) uint16.
    """
    return nested_segments(scaled_planes(patch), patch, counts)


def counts_for(shape: tuple[int, int], counts: tuple[int, ...] = DEFAULT_COUNTS) -> tuple[int, ...]:
    """`counts` of a patch of 512 x 512 px as they are for one of another size."""
    share = shape[0] * shape[1] / REFERENCE_PX
    return tuple(min(MOST_SEGMENTS, max(2, round(count * share))) for count in counts)


def nested_segments(planes: F32, patch: Patch, counts: tuple[int, ...]) -> U16:
    """The same of planes that are scaled already, (C, H, W) float32."""
    finest = _within_data(planes, patch, min(counts[0], MOST_SEGMENTS))
    count = int(finest.max()) + 1
    if len(counts) == 1:
        return finest.astype(np.uint16)[None]
    fine = finest.astype(np.uint16)
    means = means_of(planes, fine, count)
    if not patch.valid.all():
        is_valid = means_of(patch.valid[None].astype(np.float32), fine, count)
        means = np.concatenate([means, 100 * is_valid], axis=1)
    rows = merged(graph_of(fine, count), means, counts[1:])
    return np.concatenate([fine[None], rows.astype(np.uint16)[:, fine]])


def _within_data(planes: F32, patch: Patch, count: int) -> I64:
    """Superpixels, none of which is partly without data; never more than a uint16 can number."""
    finest = _superpixels(planes, count)
    if not patch.valid.all():
        finest = _numbered(finest * 2 + patch.valid)
    return finest if finest.max() <= np.iinfo(np.uint16).max else _within_data(planes, patch, count // 2)


def _superpixels(planes: F32, count: int) -> I64:
    # Half a second to import: a service that nobody annotates with starts without it.
    from skimage.segmentation import slic

    found = slic(
        np.ascontiguousarray(planes.transpose(1, 2, 0)),
        n_segments=count,
        compactness=COMPACTNESS,
        max_num_iter=ITERATIONS,
        sigma=SMOOTHING_PX,
        start_label=0,
        convert2lab=False,
        channel_axis=-1,
        enforce_connectivity=True,
    )
    return _numbered(found)


def _numbered(segments: I64) -> I64:
    """The same numbered from 0 without a gap."""
    return np.unique(segments, return_inverse=True)[1].reshape(segments.shape).astype(np.int64)
