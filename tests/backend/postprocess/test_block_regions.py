# SPDX-License-Identifier: GPL-2.0-or-later
"""The regions of a raster are the same whatever windows they are made in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from rasterio.transform import from_origin
from scipy import ndimage

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import HaloTooSmall, Tiling, Window
from inference_backend.postprocess.regions.block_regions import regions_of_block
from inference_backend.postprocess.types import Codes, PredictionPlanes, ReferencePlanes

PROFILE = Profile.load()
CODES = Codes(PROFILE.nomenclature)
SUMS = (
    "area_px",
    "zone_px",
    "confidence_sum",
    "margin_sum",
    "undecided_px",
    "disagree_px",
    "imposed_px",
    "scores",
    "covers",
)


class Raster:
    """Fields, woods, houses, stray pixels, roads and a hole, from a seed."""

    def __init__(self, shape, seed, pixel_m=1.0, stray=0.03, scored=True):
        rng = np.random.default_rng(seed)
        self.grid = Grid(*shape, from_origin(600_000, 6_700_000, pixel_m, pixel_m), CRS.from_epsg(2154))
        field = ndimage.gaussian_filter(rng.standard_normal((7, *shape)), (0, 6, 6))
        cover = field.argmax(0)
        wanted = ("CS2.2.1", "CS2.1.1.1", "CS1.1.1.1", "CS1.1.1.2", "CS1.1.2.1", "CS1.2.2")
        index = np.array([0, *(CODES.cs_index[c] for c in wanted)], np.uint8)
        cs = index[cover]
        cs[self._houses(rng, shape)] = CODES.cs_index["CS1.1.1.1"]
        noise = rng.random(shape) < stray
        cs[noise] = index[rng.integers(0, len(index), int(noise.sum()))]
        inside = np.ones(shape, bool)
        inside[: shape[0] // 6, : shape[1] // 5] = rng.random() < 0.5
        cs[~inside] = 0
        second = np.where(rng.random(shape) < 0.5, index[rng.integers(0, 7, shape)], 0).astype(np.uint8)
        second[second == cs] = 0
        top, margin = (rng.integers(0, 256, shape, dtype=np.uint8) for _ in range(2))
        margin = np.minimum(margin, top)
        top, margin = (top, margin) if scored else (None, None)
        self.planes = PredictionPlanes(self.grid, cs, second, top, margin, inside)
        self.reference = self._reference(rng, shape, inside)

    @staticmethod
    def _houses(rng, shape):
        houses = np.zeros(shape, bool)
        for _ in range(shape[0] * shape[1] // 1500):
            row, col, side = rng.integers(0, shape[0]), rng.integers(0, shape[1]), rng.integers(5, 16)
            houses[row : row + side, col : col + rng.integers(5, 16)] = True
        return houses

    @staticmethod
    def _reference(rng, shape, inside):
        us, rule, imposed = (np.zeros(shape, np.uint8) for _ in range(3))
        objects, roads = np.full(shape, -1, np.int32), np.zeros(shape, bool)
        for name in ("US1.1", "US5", "US1.2"):
            row, col = (int(rng.integers(0, n)) for n in shape)
            us[row : row + 50, col : col + 60] = CODES.us_index[name]
            rule[row : row + 50, col : col + 60] = len(name)
        for number in range(6):
            row, col = (int(rng.integers(0, n)) for n in shape)
            imposed[row : row + 25, col : col + 30] = CODES.cs_index["CS1.2.2" if number % 2 else "CS2.2.1"]
            objects[row : row + 25, col : col + 30] = 40 + number
        for _ in range(3):
            row, col = (int(rng.integers(0, n)) for n in shape)
            roads[row : row + 5] = True
            roads[:, col : col + 4] = True
        roads &= inside
        imposed[roads], us[roads] = CODES.cs_index["CS1.1.1.2"], CODES.us_index["US4.1.1"]
        zone = ndimage.gaussian_filter(rng.standard_normal(shape), 9) > 0
        wrong = rng.random(shape) < 0.1
        return ReferencePlanes(imposed, us, roads, objects, rule, zone, (), ("",), (0.0,), wrong)

    def cut(self, window):
        """Planes and references of a window."""
        rows, cols = window.slices
        planes = {k: v[rows, cols] for k, v in vars(self.planes).items() if isinstance(v, np.ndarray)}
        planes |= {k: None for k in ("confidence", "margin") if getattr(self.planes, k) is None}
        reference = {k: v[rows, cols] for k, v in vars(self.reference).items() if isinstance(v, np.ndarray)}
        rest = {k: getattr(self.reference, k) for k in ("objects", "us_rules", "us_rule_confidence")}
        return PredictionPlanes(window.grid(self.grid), **planes), ReferencePlanes(**reference, **rest)

    def regions(self, core, halo_px):
        """Regions of a core and the halo that was enough."""
        while True:
            window = core.grown(halo_px, self.grid.shape)
            try:
                return regions_of_block(*self.cut(window), window, core, self.grid, PROFILE), halo_px
            except HaloTooSmall:
                assert (window.height, window.width) != self.grid.shape, "the whole raster is always enough"
                halo_px *= 2


class Joined:
    """The regions of all blocks as those of one raster, in the plainest way."""

    def __init__(self, raster, side_px, halo_px):
        shape = raster.grid.shape
        self.labels = np.full(shape, -1)
        self.halos, self.parts, begins, count = [], [], [], 0
        for block in Tiling(shape, side_px):
            core = Tiling(shape, side_px).core(block)
            part, halo = raster.regions(core, halo_px)
            self.labels[core.slices] = np.where(part.labels < 0, -1, part.labels + count)
            self.halos.append(halo)
            self.parts.append(part)
            begins.append(count)
            count += len(part.area_px)
        key = np.stack([self._all(n) for n in ("cs", "us", "ossature", "cell")], axis=1)
        parent = self._union(key, count)
        first = np.full(count, np.iinfo(np.int64).max)
        np.minimum.at(first, parent, self._all("first_px"))
        roots = np.unique(parent)
        roots = roots[np.argsort(first[roots])]
        self.number = np.full(count, -1)
        self.number[roots] = np.arange(len(roots))
        self.number = self.number[parent]
        self.first, self.key = first[roots], key[roots]
        self.sums = {name: self._summed(self._all(name), len(roots)) for name in SUMS}
        self.at_edge = self._summed(self._all("at_edge"), len(roots)) > 0
        self.at_edge[self.number[self._at_seams()]] = True
        self.pairs = {name: self._pairs(name, begins) for name in ("objects", "uses")}
        inner = np.concatenate([p.edges + b for p, b in zip(self.parts, begins, strict=True)])
        self.edges = self._edges(inner, self._all("border_px"))

    def _all(self, name):
        return np.concatenate([getattr(p, name) for p in self.parts])

    def _seams(self):
        for a, b in ((self.labels[:-1], self.labels[1:]), (self.labels[:, :-1], self.labels[:, 1:])):
            both = (a >= 0) & (b >= 0) & (a != b)
            yield from zip(a[both].tolist(), b[both].tolist(), strict=True)

    def _at_seams(self):
        """Regions beside the outside, which a block does not see across a seam."""
        sides = ((self.labels[:-1], self.labels[1:]), (self.labels[:, :-1], self.labels[:, 1:]))
        return np.concatenate([x[(x >= 0) & (y < 0)] for a, b in sides for x, y in ((a, b), (b, a))])

    def _union(self, key, count):
        parent = list(range(count))

        def find(i):
            while parent[i] != i:
                i = parent[i]
            return i

        for a, b in set(self._seams()):
            if (key[a] == key[b]).all():
                parent[find(a)] = find(b)
        return np.array([find(i) for i in range(count)])

    def _summed(self, values, size):
        total = np.zeros((size, *values.shape[1:]), np.int64)
        np.add.at(total, self.number, values)
        return total

    def _pairs(self, name, begins):
        found = {}
        for part, begin in zip(self.parts, begins, strict=True):
            for region, number, pixels in getattr(part, name).tolist():
                place = (int(self.number[region + begin]), number)
                found[place] = found.get(place, 0) + pixels
        return found

    def _edges(self, inner, border):
        """Edges told by the blocks and those across seams; the blocks' own are checked against the pixels."""
        told, seen = {}, {}
        for (a, b), length in zip(inner.tolist(), border.tolist(), strict=True):
            told[a, b] = told.get((a, b), 0) + length
        for a, b in self._seams():
            pair = (min(a, b), max(a, b))
            seen[pair] = seen.get(pair, 0) + 1
        assert told.items() <= seen.items()
        joined = {}
        for (a, b), length in seen.items():
            pair = tuple(sorted((int(self.number[a]), int(self.number[b]))))
            if pair[0] != pair[1]:
                joined[pair] = joined.get(pair, 0) + length
        return joined

    def painted(self):
        return np.where(self.labels < 0, -1, self.number[self.labels])


def assert_equal(one, other):
    assert (one.painted() == other.painted()).all()
    assert (one.first == other.first).all()
    assert (one.key == other.key).all()
    for name in SUMS:
        assert (one.sums[name] == other.sums[name]).all(), name
    assert (one.at_edge == other.at_edge).all()
    assert one.pairs == other.pairs
    assert one.edges == other.edges


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    shape=st.tuples(st.integers(40, 150), st.integers(40, 150)),
    side_px=st.sampled_from([24, 37, 64]),
    halo_px=st.sampled_from([1, 7, 20, 33]),
    stray=st.sampled_from([0.0, 0.03, 0.3]),
    scored=st.booleans(),
)
def test_tilings_give_the_regions_of_the_whole_raster(seed, shape, side_px, halo_px, stray, scored):
    raster = Raster(shape, seed, stray=stray, scored=scored)
    assert_equal(Joined(raster, 1000, 1), Joined(raster, side_px, halo_px))


@pytest.mark.parametrize(("pixel_m", "side_px", "stray"), [(1.0, 90, 0.02), (0.5, 150, 0.02), (2.0, 70, 0.1)])
def test_a_halo_far_smaller_than_the_raster_is_enough(pixel_m, side_px, stray):
    raster = Raster((400, 420), 3, pixel_m, stray)
    tiled = Joined(raster, side_px, round(32 / pixel_m))
    assert max(tiled.halos) <= round(64 / pixel_m)
    assert_equal(Joined(raster, 1000, 1), tiled)


def test_every_pixel_of_the_image_has_a_region_and_no_other():
    raster = Raster((80, 90), 11)
    whole = Window(0, 0, 80, 90)
    part, _ = raster.regions(whole, 1)
    assert ((part.labels >= 0) == raster.planes.inside).all()
    assert (np.bincount(part.labels[part.labels >= 0]) == part.area_px).all()
    assert part.covers.sum() == raster.planes.inside.sum()
    assert (np.diff(part.first_px) > 0).all()
    assert (part.north == part.labels[0]).all()
    assert (part.east == part.labels[:, -1]).all()
