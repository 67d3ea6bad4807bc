# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters in memory for post-processing."""

from __future__ import annotations

import numpy as np
import pytest
from rasterio.crs import CRS
from rasterio.transform import from_origin

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.references.reference_layers import ReferenceLayer, References
from inference_backend.postprocess.references.reference_set import ReferenceSet
from inference_backend.postprocess.types import Codes, PredictionPlanes, ReferencePlanes, UseDecision


@pytest.fixture(scope="session")
def profile() -> Profile:
    return Profile.load()


@pytest.fixture(scope="session")
def codes(profile) -> Codes:
    return Codes(profile.nomenclature)


@pytest.fixture(scope="session")
def make_planes():
    """Planes of a class raster alone, or with scores where `confidence` is given."""

    def make(cs, pixel_m=1.0, inside=None, runner_up=None, confidence=None, margin=None) -> PredictionPlanes:
        cs = np.asarray(cs, np.uint8)
        grid = Grid(*cs.shape, from_origin(600_000, 6_700_000, pixel_m, pixel_m), CRS.from_epsg(2154))
        inside = np.ones(cs.shape, bool) if inside is None else np.asarray(inside, bool)
        runner_up = np.zeros_like(cs) if runner_up is None else np.asarray(runner_up, np.uint8)
        scores = [None if s is None else np.asarray(s, np.uint8) for s in (confidence, margin)]
        return PredictionPlanes(grid, np.where(inside, cs, 0).astype(np.uint8), runner_up, *scores, inside)

    return make


@pytest.fixture(scope="session")
def make_reference():
    """Reference planes; silent but for what is given."""

    def make(planes, cs=None, us=None, ossature=None, zone=None, cs_object=None, objects=(), us_rule=None):
        zero, no = np.zeros(planes.cs.shape, np.uint8), np.zeros(planes.cs.shape, bool)
        return ReferencePlanes(
            cs=zero if cs is None else cs,
            us=zero if us is None else us,
            ossature=no if ossature is None else ossature & planes.inside,
            cs_object=np.full(planes.cs.shape, -1, np.int32) if cs_object is None else cs_object,
            us_rule=zero if us_rule is None else us_rule,
            zone_construite=no if zone is None else zone,
            objects=objects,
            us_rules=("", "by reference"),
            us_rule_confidence=(0.0, 0.9),
        )

    return make


@pytest.fixture(scope="session")
def default_use():
    """A use rule that gives US6.3 to every region without use."""

    def assign(graph, codes, profile) -> UseDecision:
        unknown = graph.us == 0
        us = np.where(unknown, codes.us_index["US6.3"], graph.us).astype(np.uint8)
        certainty = np.where(unknown, 0.2, np.nan).astype(np.float32)
        return UseDecision(us, unknown.astype(np.uint8), certainty, ("", "by default"))

    return assign


@pytest.fixture(scope="session")
def make_references(profile):
    """A set of references from layers in memory: role to (geometries, attributes)."""

    def make(grid, millesime="", **layers) -> ReferenceSet:
        sources = profile.section("references", "layers")
        found = {
            role: ReferenceLayer(
                role,
                sources[role]["source"],
                np.array(geometry, dtype=object),
                {name: np.array(values, dtype=object) for name, values in attributes.items()},
            )
            for role, (geometry, attributes) in layers.items()
        }
        return ReferenceSet.of(References(found), grid, profile, millesime)

    return make
