# SPDX-License-Identifier: GPL-2.0-or-later
"""What references say of a pixel is the same whatever the window and however the raster is tiled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_backend.postprocess.blockwise import Tiling, Window
from inference_backend.postprocess.burning.burn_window import burn, read_and_burn
from inference_backend.postprocess.references.reference_survey import (
    finish_survey,
    survey_block,
    whole_window,
)
from inference_backend.postprocess.types import PredictionPlanes

PLANES = ("cs", "us", "ossature", "cs_object", "us_rule", "zone_construite", "disagrees")
COVERS = ("CS1.1.1.1", "CS1.1.1.2", "CS2.2.1", "CS2.1.1.1", "CS1.2.2")


def part(planes: PredictionPlanes, window: Window) -> PredictionPlanes:
    """The prediction in `window`."""
    cut = window.slices
    hint = None if planes.us_hint is None else planes.us_hint[cut]
    return PredictionPlanes(
        window.grid(planes.grid), planes.cs[cut], planes.runner_up[cut], None, None, planes.inside[cut], hint
    )


def survey_in_tiles(references, planes, profile, side_px: int):
    tiling = Tiling(planes.grid.shape, side_px)
    cores = [tiling.core(block) for block in tiling]
    parts = [survey_block(references, part(planes, core), core) for core in cores]
    return finish_survey(reversed(parts), references, planes.grid.bounds, profile)


def assert_same(one, other, other_at):
    for name in PLANES:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name)[other_at], name)


@st.composite
def scenes(draw):
    """A seed, and how the raster is tiled for the survey and for burning."""
    return draw(st.integers(0, 10_000)), draw(st.integers(20, 130)), draw(st.integers(25, 130))


@pytest.fixture(scope="module")
def random_scene(make_planes, codes, make_references):
    """Noise in patches, and objects of every role that need not know of each other."""

    def make(seed: int):
        rng = np.random.default_rng(seed)
        patches = rng.choice([codes.cs_index[c] for c in COVERS], size=(15, 15))
        cs = np.kron(patches, np.ones((8, 8), int)).astype(np.uint8)
        cs[rng.random(cs.shape) < 0.05] = 0
        hint = np.kron(rng.choice([0, codes.us_index["US1.1"]], (10, 10)), np.ones((12, 12), int)).astype(
            np.uint8
        )
        planes = replace(make_planes(cs, inside=rng.random(cs.shape) < 0.99), us_hint=hint)

        def shapes(count, size):
            place = np.array([600_000, 6_700_000 - 120]) + rng.uniform(-10, 130, (count, 2))
            half = rng.uniform(2, size, (count, 2))
            boxes = shapely.box(*(place - half).T, *(place + half).T)
            return [shapely.affinity.rotate(b, rng.uniform(0, 90)) for b in boxes]

        line = rng.uniform([600_000, 6_699_880], [600_120, 6_700_000], (3, 2))
        references = make_references(
            planes.grid,
            batiment=(shapes(14, 9), {"usage_1": rng.choice(["Résidentiel", "Indifférencié"], 14).tolist()}),
            surface_hydrographique=(shapes(3, 25), {}),
            formation_vegetale=(shapes(3, 30), {"code_tfv": ["FF31", "FF1-00", "FO1"]}),
            parcelles_graphiques=(shapes(4, 30), {"code_group": ["1", "21", "20", "18"]}),
            zone_d_activite_ou_d_interet=(shapes(3, 25), {"nature": ["Usine", "Carrière", "x"]}),
            troncon_de_route=([shapely.LineString(line)], {"largeur": ["4"]}),
        )
        return planes, references

    return make


@settings(max_examples=25, deadline=None)
@given(scenes())
def test_every_tiling_says_the_same(random_scene, profile, tmp_path_factory, scene):
    """With what the lot knows in memory, and with that in files."""
    seed, survey_side, burn_side = scene
    planes, references = random_scene(seed)
    whole = whole_window(planes.grid)
    survey = survey_in_tiles(references, planes, profile, whole.height)
    tiled = survey_in_tiles(references, planes, profile, survey_side)
    assert (survey.decisions.accepted == tiled.decisions.accepted).all()
    assert shapely.equals_exact(survey.zones, tiled.zones, 0).all()
    expected = burn(references, survey, planes, whole)
    tiling = Tiling(planes.grid.shape, burn_side)
    folder = tmp_path_factory.mktemp("spool")
    spooled, tiled = references.spooled(folder), tiled.spooled(folder)
    for block in tiling:
        core = tiling.core(block)
        near = spooled.window(core.grid(planes.grid).bounds)
        read, found = read_and_burn(near, tiled.window(core), lambda window: part(planes, window), core)
        assert_same(found, expected, core.slices)
        assert read.grid == core.grid(planes.grid)
        np.testing.assert_array_equal(read.cs, planes.cs[core.slices])


def test_numbers_survive_a_window_and_name_their_objects(random_scene):
    _, references = random_scene(3)
    part_of = references.window((600_000, 6_699_950, 600_040, 6_700_000))
    assert 0 < len(part_of.cover) < len(references.cover)
    number = int(part_of.cover.number[-1])
    assert part_of.source_objects([number]) == references.source_objects([number])
    with pytest.raises(KeyError):
        part_of.source_objects([references.count])


def test_references_in_files_are_the_same(random_scene, tmp_path):
    _, references = random_scene(5)
    spooled = references.spooled(tmp_path)
    assert shapely.equals_exact(spooled.cover.geometry, references.cover.geometry, 0).all()
    assert shapely.equals_exact(spooled.use.geometry, references.use.geometry, 0).all()
    numbers = references.cover.number
    assert spooled.source_objects(numbers) == references.source_objects(numbers)
    assert {o.source for o in references.source_objects(numbers)} == {"BD TOPO", "BD FORET", "RPG"}
    everywhere = spooled.window(references.grid.bounds)
    assert isinstance(everywhere.cover.outlines.points, np.ndarray)
