# SPDX-License-Identifier: GPL-2.0-or-later
import pickle

import numpy as np
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_backend.predict.blocks.block_work import plan_work, predict_block, release_worker
from inference_backend.predict.blocks.lattice import MAX_SIDE_PX, SIDE_MULTIPLE_PX, make_lattice
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict

from .rasters import random_image, write_raster


@st.composite
def lattices(draw):
    tile = draw(st.integers(16, 700))
    margin = draw(st.integers(0, (tile - 1) // 2))
    shape = (draw(st.integers(1, 900)), draw(st.integers(1, 900)))
    limit = draw(st.sampled_from([SIDE_MULTIPLE_PX, 256, 1000, MAX_SIDE_PX]))
    return make_lattice(shape, tile, margin, limit, to_the_edge=draw(st.booleans()))


@settings(deadline=None, max_examples=60)
@given(lattices())
def test_cores_cover_each_pixel_once_and_lie_inside_their_tiles(lattice):
    seen = np.zeros(lattice.shape, int)
    for block in lattice:
        rows, cols = lattice.place(block)
        part = seen[rows, cols]
        for place in lattice.tiles_of(block):
            part[place.rows, place.cols] += 1
            tile = place.tile
            starts, cores = (tile.row, tile.col), lattice.core(block, place)
            for start, offset, core, size in zip(starts, place.offset, cores, lattice.shape, strict=True):
                window = slice(start - tile.margin_px, start - tile.margin_px + lattice.tile_px)
                assert core.start == window.start + offset
                assert core.stop > core.start
                before, after = core.start - window.start, window.stop - core.stop
                assert before >= lattice.margin_px or (window.start <= 0 and lattice.edge_px)
                assert after >= lattice.margin_px or (window.stop >= size and lattice.edge_px)
                assert min(before, after) >= 0
                if lattice.edge_px and size >= lattice.tile_px:
                    assert 0 <= window.start <= window.stop <= size
        assert lattice.tile_count(block) == len(list(lattice.tiles_of(block)))
    assert lattice.total_tiles() == sum(map(lattice.tile_count, lattice))
    assert (seen == 1).all()


@settings(deadline=None)
@given(st.integers(64, 1024), st.integers(0, 100))
def test_a_lattice_costs_hardly_more_tiles_than_the_cores_need(tile, margin):
    margin = min(margin, tile // 4)
    lattice = make_lattice((50_000, 50_000), tile, margin)
    core = tile - 2 * margin
    assert lattice.side_px % SIDE_MULTIPLE_PX == 0
    assert (lattice.tiles * core / lattice.side_px) ** 2 < 1.13


def test_tiles_that_end_at_the_edge_spare_a_row_and_a_column():
    assert make_lattice((4096, 4096), 512, 32).total_tiles() == 100
    assert make_lattice((4096, 4096), 512, 32, to_the_edge=True).total_tiles() == 81
    assert make_lattice((5000, 5000), 512, 32, to_the_edge=True) == make_lattice((5000, 5000), 512, 32)


def test_the_lattice_does_not_depend_on_who_works():
    assert make_lattice((5000, 7000), 512, 32) == make_lattice((5000, 7000), 512, 32)
    assert len(make_lattice((5000, 7000), 512, 32)) > 4


def test_a_worker_computes_any_block_from_a_pickle_alone(tmp_path, image, model):
    ortho = write_raster(tmp_path / "o.tif", random_image(150, 4500), ("red", "green", "blue"))
    options = PredictOptions(engine="onnxruntime")
    work = pickle.loads(pickle.dumps(plan_work([ortho], model, options)))
    try:
        blocks = [predict_block(work, block) for block in reversed(list(work.lattice))]
    finally:
        release_worker()
    with rasterio.open(predict([ortho], model, tmp_path / "p.tif", options)) as raster:
        whole = raster.read()
    assert len(blocks) > 1
    for result in blocks:
        rows, cols = work.lattice.place(result.block)
        np.testing.assert_array_equal(result.planes, whole[:, rows, cols])
