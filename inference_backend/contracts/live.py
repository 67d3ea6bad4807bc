# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses of the live service: what an annotator asks for while the mouse is still moving.

A patch's pixels are sent once and kept by the service for a while under the SHA-256 of the body that brought
them, so that the same call works on this machine and on a distant one, and so that a service that forgot a
patch (404) is simply sent it again. Arrays travel as NumPy's `.npz`, without pickles; the names of the arrays
are below.
"""

from __future__ import annotations

from enum import Enum

PATH_LIVE_PATCH = "/live/patches/{key}"
"""PUT `IMAGE`, `VALID` and `BANDS`: keep a patch. HEAD: 200 where it is kept, 404 where not."""
PATH_LIVE_SEGMENTS = "/live/patches/{key}/segments"
"""POST, query `counts=4000,1200,400,120`: `SEGMENTS`."""
PATH_LIVE_PROPOSAL = "/live/patches/{key}/proposal"
"""POST `LABELS`, and `SCORES` where a model predicted: `VALUE` and `CONFIDENCE`.

Query `memory=KEY`: learn from what was kept of other patches as well. 409 where a newer request for the same
patch of the same client has taken this one's place.
"""
PATH_LIVE_ROWS = "/live/patches/{key}/rows"
"""POST `LABELS`, and `SCORES`: `ROWS` and `ROW_VALUES`, what a finished patch teaches the next ones."""
PATH_LIVE_MEMORY = "/live/memories/{key}"
"""PUT `ROWS` and `ROW_VALUES` of several patches, one after the other: keep them. HEAD as for a patch."""
PATH_LIVE_EMBEDDING = "/live/patches/{key}/embedding"
"""Query `model=NAME`. POST: compute and answer the embedding's arrays. PUT: give back one that was kept."""
PATH_LIVE_MASK = "/live/patches/{key}/mask"
"""Query `model=NAME`. POST `POINTS` and `POINT_LABELS`: `MASKS` and `MASK_SCORES`.

404 where neither the patch nor its embedding is kept.
"""
PATH_LIVE_MODELS = "/live/models"
"""GET: interactive models, JSON `{"models": [{"name", "kind", "ready"}]}`."""

NPZ_TYPE = "application/x-npz"
MOST_SIDE_PX = 2048
DEFAULT_COUNTS = (4000, 1200, 400, 120)
"""Segments of each scale for a patch of 512 x 512 px, the finest first."""


class BandRole(str, Enum):
    """What a band of a patch shows; `OTHER` for anything else, a second date for instance."""

    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    INFRARED = "infrared"
    HEIGHT = "height"
    OTHER = "other"


class LiveArray(str, Enum):
    """Names of the arrays in a body."""

    IMAGE = "image"
    """(C, H, W) uint8, uint16 or float32; H and W up to 2,048."""
    VALID = "valid"
    """(H, W) bool, False where the image has no data; may be absent."""
    BANDS = "bands"
    """(C,) text, the `BandRole` of each band; red, green, blue, infrared, height where absent."""
    SEGMENTS = "segments"
    """(S, H, W) uint16, finest first; each scale is a union of segments of the one before."""
    LABELS = "labels"
    """(H, W) uint8, class values; UNLABELLED where nobody has decided."""
    SCORES = "scores"
    """(K, H, W) uint8, scores of a model's classes, any K; may be absent."""
    VALUE = "value"
    """(H, W) uint8, proposed class values; UNLABELLED where nothing can be proposed."""
    CONFIDENCE = "confidence"
    """(H, W) uint8, 0..255 for 0..1."""
    ROWS = "rows"
    """(N, F) float32, what the learner knows of N segments; F depends on the bands."""
    ROW_VALUES = "row_values"
    """(N,) uint8, their class values."""
    POINTS = "points"
    """(N, 2) float32, x then y, px of the patch, origin at its top left corner."""
    POINT_LABELS = "point_labels"
    """(N,) int8: 1 inside, 0 outside, 2 and 3 the top left and bottom right corners of a box."""
    MASKS = "masks"
    """(M, H, W) bool, best first."""
    MASK_SCORES = "mask_scores"
    """(M,) float32, what the model thinks of each."""
