# SPDX-License-Identifier: GPL-2.0-or-later
"""Regions of blocks from planes, made the plain way: what stands before the decision, for tests of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage

from inference_backend.postprocess.blockwise import BlockRegions, Tiling, Window

COVERS = 15


@dataclass(frozen=True)
class Planes:
    """Planes of a whole raster, all (h, w); `objects` and `uses` are numbers, 0 for none."""

    cs: np.ndarray
    us: np.ndarray | None = None
    ossature: np.ndarray | None = None
    inside: np.ndarray | None = None
    zone: np.ndarray | None = None
    confidence: np.ndarray | None = None
    objects: np.ndarray | None = None
    covers: np.ndarray | None = None

    def get(self, name):
        plane = getattr(self, name)
        if plane is not None:
            return plane
        if name == "inside":
            return np.ones(self.cs.shape, bool)
        if name == "covers":
            return self.cs
        return np.zeros(self.cs.shape, np.int64)


@dataclass(frozen=True)
class Survey:
    us_rules: tuple[str, ...] = ("", "by reference")
    us_rule_confidence: tuple[float, ...] = (0.0, 0.9)


@dataclass
class _Tables:
    objects: list = field(default_factory=list)
    uses: list = field(default_factory=list)


def parts_of(planes: Planes, tiling: Tiling) -> dict[tuple[int, int], BlockRegions]:
    return {block: regions_of(planes, tiling.core(block)) for block in tiling}


def regions_of(planes: Planes, core: Window) -> BlockRegions:
    cut = {
        name: np.asarray(planes.get(name))[core.slices].astype(np.int64)
        for name in Planes.__dataclass_fields__
    }
    key = np.where(cut["inside"] > 0, cut["cs"] | cut["us"] << 8 | cut["ossature"] << 16, -1)
    labels, first = _label(key)
    count = len(first)
    rows, cols = np.divmod(first, core.width)

    def total(plane):
        return ndimage.sum_labels(plane, labels + 1, np.arange(1, count + 1)).astype(np.int64)

    def pick(name, dtype):
        return cut[name].ravel()[first].astype(dtype)

    scores = [total((cut["covers"] == c) * cut["confidence"]) if c else 0 * first for c in range(COVERS)]
    tables = _tables(labels, cut)
    edges, border = _edges(labels)
    return BlockRegions(
        labels=labels,
        first_px=(rows + core.row) * planes.cs.shape[1] + cols + core.col,
        cs=pick("cs", np.uint8),
        us=pick("us", np.uint8),
        ossature=pick("ossature", bool),
        cell=np.zeros(count, np.uint8),
        area_px=total(np.ones(labels.shape)),
        zone_px=total(cut["zone"] > 0),
        at_edge=total(_at_edge(planes, core)) > 0,
        scores=np.stack(scores, axis=1) if count else np.zeros((0, COVERS), np.int64),
        covers=np.stack([total(cut["covers"] == c) for c in range(COVERS)], axis=1),
        confidence_sum=total(cut["confidence"]),
        margin_sum=total(cut["confidence"] // 2),
        undecided_px=total(cut["covers"] == 0),
        disagree_px=total(cut["objects"] % 2 == 1),
        imposed_px=total(cut["objects"] > 0),
        objects=tables.objects,
        uses=tables.uses,
        edges=edges,
        border_px=border,
        north=labels[0],
        south=labels[-1],
        west=labels[:, 0],
        east=labels[:, -1],
    )


def _label(key):
    """Labels in the order of first pixels, -1 outside, and those pixels."""
    labels = np.full(key.shape, -1, np.int32)
    count = 0
    for value in np.unique(key[key >= 0]):
        found, more = ndimage.label(key == value)
        labels[found > 0] = found[found > 0] - 1 + count
        count += more
    _, first = np.unique(labels, return_index=True)
    first = first[1:] if (labels < 0).any() else first
    order = np.argsort(first)
    rank = np.empty(count + 1, np.int32)
    rank[order], rank[-1] = np.arange(count), -1
    return rank[labels], first[order]


def _at_edge(planes, core):
    """Beside the raster's edge or what is outside the image, as far as the core alone tells."""
    inside = np.pad(planes.get("inside"), 1)
    known = np.ones_like(inside)
    known[0] = known[-1] = known[:, 0] = known[:, -1] = False
    rows, cols = (slice(s.start + 1, s.stop + 1) for s in core.slices)
    known[rows, cols] = inside[rows, cols]
    return ~ndimage.binary_erosion(known)[rows, cols]


def _edges(labels):
    pairs = np.concatenate(
        [
            np.stack([labels[:-1].ravel(), labels[1:].ravel()], axis=1),
            np.stack([labels[:, :-1].ravel(), labels[:, 1:].ravel()], axis=1),
        ]
    )
    pairs = np.sort(pairs[(pairs >= 0).all(axis=1) & (pairs[:, 0] != pairs[:, 1])], axis=1)
    if not len(pairs):
        return np.zeros((0, 2), np.int32), np.zeros(0, np.int64)
    edges, border = np.unique(pairs, axis=0, return_counts=True)
    return edges.astype(np.int32), border.astype(np.int64)


def _tables(labels, cut):
    return _Tables(
        _histogram(labels, cut["objects"], cut["objects"] > 0),
        _histogram(labels, np.ones_like(cut["us"]), cut["us"] > 0),
    )


def _histogram(labels, plane, where):
    where = where & (labels >= 0)
    pairs = np.stack([labels[where], plane[where]], axis=1)
    if not len(pairs):
        return np.zeros((0, 3), np.int64)
    rows, counts = np.unique(pairs, axis=0, return_counts=True)
    return np.column_stack([rows, counts]).astype(np.int64)
