# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of a scene, and the command that writes them."""

import json
import resource

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from inference_backend.cli import cmd_scene
from inference_backend.contracts.prediction import TAG_CLASSES, decode_classes
from inference_backend.contracts.profile import Profile
from inference_backend.errors import Cancelled, OutputError
from inference_backend.scene.build import build_plan
from inference_backend.scene.errors import ForeignFolderError, SceneSizeError
from inference_backend.scene.generate import generate_scene
from inference_backend.scene.parcels import write_parcels

SIZE_M, PIXEL_M = 260.0, 0.5


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return generate_scene(tmp_path_factory.mktemp("scene") / "out", 21, SIZE_M, PIXEL_M)


def test_rasters_of_both_dates_share_one_grid_and_name_their_bands(scene):
    profiles = []
    for year in (2019, 2022):
        for name, bands in (
            ("ortho", ("red", "green", "blue", "nir")),
            ("height", ("height",)),
            ("labels", None),
        ):
            with rasterio.open(scene / f"{name}_{year}.tif") as raster:
                profiles.append((raster.transform, raster.shape, raster.crs.to_epsg()))
                if bands:
                    assert raster.descriptions == bands
    assert len(set(profiles)) == 1
    assert profiles[0][1:] == ((520, 520), 2154)


def test_infrared_is_not_declared_as_transparency(scene):
    with rasterio.open(scene / "ortho_2022.tif") as raster:
        assert rasterio.enums.ColorInterp.alpha not in raster.colorinterp
        assert rasterio.enums.MaskFlags.per_dataset not in raster.mask_flag_enums[0]


def test_labels_carry_their_class_table_and_the_profile_knows_every_class(scene):
    profile = Profile.load()
    with rasterio.open(scene / "labels_2022.tif") as raster:
        table = decode_classes(raster.tags()[TAG_CLASSES])
        assert raster.nodata == 255
        assert set(np.unique(raster.read(1))) <= {row.index for row in table}
    assert all(profile.cover_of_class(row.name) for row in table)


def test_truth_lies_exactly_on_the_image(scene):
    with rasterio.open(scene / "ortho_2022.tif") as raster:
        bounds = raster.bounds
    _, _, wkb, _ = pyogrio.raw.read(scene / "truth.gpkg", layer="truth_2022")
    polygons = shapely.from_wkb(wkb)
    assert shapely.total_bounds(polygons) == pytest.approx(bounds)
    assert shapely.coverage_is_valid(polygons)
    assert shapely.area(polygons).sum() == pytest.approx(SIZE_M**2, abs=1e-2)


def test_references_have_the_names_and_types_of_the_real_databases(scene):
    info = pyogrio.read_info(scene / "references" / "bdtopo.gpkg", layer="troncon_de_route")
    types = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert types["cleabs"] == "object"
    assert types["largeur_de_chaussee"] == "float64"
    assert types["nombre_de_voies"] in ("int32", "float64")
    assert info["crs"] == "EPSG:2154"
    _, _, _, columns = pyogrio.raw.read(scene / "references" / "bdtopo.gpkg", layer="troncon_de_route")
    assert all(str(value).startswith("TRONROUT") for value in columns[0])


def test_parcels_of_the_tax_files_lie_apart_and_mostly_say_the_true_use(tmp_path):
    plan = build_plan(21, 500.0)
    write_parcels(tmp_path, plan, (0.0, 0.0))
    _, _, wkb, columns = pyogrio.raw.read(tmp_path / "fichiers_fonciers.gpkg", layer="parcelle_fonciere")
    parcels = shapely.from_wkb(wkb)
    use = columns[-1]
    homes = shapely.union_all([b.geometry for b in plan.buildings if b.us == "US5" and b.years & 2])
    on_homes = shapely.area(shapely.intersection(parcels, homes))

    assert on_homes[use == "US5"].sum() > 0.85 * on_homes.sum() > 0


def test_description_tells_how_to_make_the_scene_again(scene):
    content = json.loads((scene / "scene.json").read_text(encoding="utf-8"))
    assert (content["seed"], content["size_m"], content["pixel_m"], content["years"]) == (
        21,
        SIZE_M,
        PIXEL_M,
        [2019, 2022],
    )
    assert len(content["classes"]) == 15


@pytest.mark.parametrize(("size_m", "pixel_m"), [(10.0, 0.2), (1e6, 0.2), (300.0, 0.0)])
def test_impossible_size_is_refused_with_the_value_and_leaves_nothing(tmp_path, size_m, pixel_m):
    with pytest.raises(SceneSizeError, match=str(size_m if size_m != 300.0 else pixel_m)) as caught:
        generate_scene(tmp_path / "out", 1, size_m, pixel_m)
    assert "Choisissez" in caught.value.text("fr")
    assert not list(tmp_path.iterdir())


def test_cancelling_leaves_nothing(tmp_path):
    class Stop:
        def update(self, share, message=""):
            if share > 0.2:
                raise Cancelled

    with pytest.raises(Cancelled):
        generate_scene(tmp_path / "out", 1, 200.0, 0.5, Stop())
    assert not list(tmp_path.iterdir())


def test_folder_that_cannot_be_made_is_an_output_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        generate_scene(tmp_path / "file" / "out", 1, 200.0, 1.0)


def test_command_writes_a_scene(tmp_path, capsys):
    import argparse

    parser = argparse.ArgumentParser()
    cmd_scene.register(parser.add_subparsers())
    args = parser.parse_args(
        ["scene", str(tmp_path / "s"), "--seed", "2", "--size-m", "200", "--pixel-m", "1"]
    )
    assert args.func(args) == 0
    assert str(tmp_path / "s") in capsys.readouterr().out
    assert (tmp_path / "s" / "truth.gpkg").is_file()


def test_a_folder_that_is_no_scene_is_not_replaced(tmp_path):
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(ForeignFolderError, match=r"scene\.json"):
        generate_scene(tmp_path, 1, 200.0, 1.0)
    assert (tmp_path / "thesis.odt").read_text() == "years of work"


def test_a_scene_is_replaced_by_the_next(tmp_path):
    generate_scene(tmp_path / "s", 1, 200.0, 2.0)
    generate_scene(tmp_path / "s", 2, 200.0, 2.0)
    assert json.loads((tmp_path / "s" / "scene.json").read_text())["seed"] == 2


def test_an_image_that_may_not_grow_further_is_not_taken_for_whole(tmp_path):
    """GDAL says nothing where the last blocks of a raster are refused; the small files still fit."""
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, kept[1]))
    try:
        with pytest.raises(OutputError, match="out"):
            generate_scene(tmp_path / "out", 1, 200.0, 0.25)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
    assert not list(tmp_path.iterdir())
