# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import sqlite3

import numpy as np
import pytest
import shapely
from rasterio.crs import CRS
from rasterio.transform import from_origin

from inference_backend.errors import VectorError
from inference_backend.grid import Grid
from inference_backend.postprocess.references.origins import Origins
from inference_backend.postprocess.references.references import read_references
from inference_backend.postprocess.types import SourceObject
from tests.backend.postprocess.vector_files import put_circle, write_layer

GRID = Grid(100, 100, from_origin(600_000, 6_700_000, 1.0, 1.0), CRS.from_epsg(2154))
SQUARE = shapely.box(600_010, 6_699_950, 600_030, 6_699_970)


def test_upper_case_shapefile_without_cpg_keeps_its_accents(tmp_path, profile):
    path = write_layer(tmp_path / "BATIMENT.shp", "BATIMENT", [SQUARE], {"USAGE1": ["Résidentiel"]})
    path.with_suffix(".cpg").unlink()

    layer = read_references([tmp_path], GRID, profile).get("batiment")

    assert layer.text("usage_1").tolist() == ["Résidentiel"]


def test_geopackage_and_shapefile_spellings_give_the_same_attributes(tmp_path, profile):
    values = ["-1"]
    write_layer(
        tmp_path / "a.gpkg", "surface_hydrographique", [SQUARE], {"position_par_rapport_au_sol": values}
    )
    write_layer(tmp_path / "SURFACE_HYDROGRAPHIQUE.shp", "x", [SQUARE], {"POS_SOL": values})

    layer = read_references([tmp_path], GRID, profile).get("surface_hydrographique")

    assert layer.text("position").tolist() == ["-1", "-1"]


def test_layer_is_recognised_by_its_attributes_where_its_name_is_free(tmp_path, profile):
    write_layer(
        tmp_path / "extract.gpkg", "my_parcels", [SQUARE], {"ID_PARCEL": ["7"], "CODE_CULTU": ["BTH"]}
    )

    layer = read_references([tmp_path / "extract.gpkg"], GRID, profile).get("parcelles_graphiques")

    assert layer.text("code_cultu").tolist() == ["BTH"]


def test_geometries_come_out_single_flat_valid_and_clipped(tmp_path, profile):
    bow_tie = shapely.Polygon([(600_040, 6_699_940), (600_050, 6_699_950), (600_050, 6_699_940),
        (600_040, 6_699_950)])  # fmt: skip
    beyond = shapely.box(600_090, 6_699_990, 600_200, 6_700_100)
    pair = shapely.MultiPolygon([SQUARE, shapely.box(600_060, 6_699_910, 600_070, 6_699_920)])
    write_layer(tmp_path / "b.gpkg", "batiment", [bow_tie, beyond, pair, None], {"cleabs": list("abcd")})

    references = read_references([tmp_path / "b.gpkg"], GRID, profile)
    layer = references.get("batiment")

    assert set(shapely.get_type_id(layer.geometry)) == {int(shapely.GeometryType.POLYGON)}
    assert not shapely.has_z(layer.geometry).any()
    assert shapely.is_valid(layer.geometry).all()
    by_object = dict.fromkeys("abc", 0.0)
    for name, area in zip(layer.text("id"), shapely.area(layer.geometry), strict=True):
        by_object[name] += area
    assert by_object == pytest.approx({"a": 50.0, "b": 100.0, "c": 500.0})
    assert any("1 géométries invalides réparées" in notice.text("fr") for notice in references.notices)


def test_another_crs_is_reprojected(tmp_path, profile):
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(2154, 4326, always_xy=True)
    degrees = shapely.transform(SQUARE, lambda xy: np.column_stack(to_degrees.transform(*xy.T)))
    write_layer(tmp_path / "b.gpkg", "batiment", [degrees], crs="EPSG:4326")

    layer = read_references([tmp_path / "b.gpkg"], GRID, profile).get("batiment")

    assert shapely.hausdorff_distance(layer.geometry[0], SQUARE) < 0.01


def test_roads_without_attribute_table_are_read_with_a_warning(tmp_path, profile):
    road = shapely.LineString([(600_000, 6_699_950), (600_100, 6_699_950)])
    path = write_layer(tmp_path / "TRONCON_DE_ROUTE.shp", "TRONCON_DE_ROUTE", [road], {"NATURE": ["Chemin"]})
    path.with_suffix(".dbf").unlink()

    references = read_references([tmp_path], GRID, profile)

    assert len(references.get("troncon_de_route")) == 1
    assert "no attribute table" in references.notices[0].text("en")


def test_what_is_missing_or_unknown_is_no_fault(tmp_path, profile):
    write_layer(tmp_path / "other.gpkg", "arbres", [SQUARE], {"essence": ["chêne"]})

    references = read_references([tmp_path], GRID, profile)
    assert references.layers == {}
    assert "arbres: none that the profile knows" in references.notices[0].text("en")
    assert "couche arbres : aucune connue du profil" in references.notices[0].text("fr")
    assert read_references([], GRID, profile).layers == {}


def test_objects_that_are_all_elsewhere_are_told(tmp_path, profile):
    """As of a layer whose coordinate system was declared wrongly, or of another department."""
    path = write_layer(tmp_path / "batiment.gpkg", "batiment", [SQUARE], crs="EPSG:3857")
    notice = read_references([path], GRID, profile).notices[-1]
    assert str(path) in notice.text("fr")
    assert "600000" in notice.text("fr")
    assert "SCR" in notice.text("fr")
    assert "CRS" in notice.text("en")


def test_nothing_is_told_where_a_folder_has_objects_on_the_image(tmp_path, profile):
    write_layer(
        tmp_path / "batiment.gpkg",
        "batiment",
        [SQUARE],
        {"nature": ["Serre"], "usage_1": [None], "etat": [None]},
    )
    write_layer(tmp_path / "other.gpkg", "arbres", [SQUARE], {"essence": ["chêne"]})
    assert read_references([tmp_path], GRID, profile).notices == ()


def test_names_cut_to_ten_characters_by_a_shapefile_are_known(tmp_path, profile):
    columns = {
        "position_p": ["-1"],
        "etat_de_l_": ["En service"],
        "persistanc": ["Permanent"],
        "nature": ["Mare"],
    }
    write_layer(tmp_path / "SURFACE_HYDROGRAPHIQUE.shp", "x", [SQUARE], columns)

    layer = read_references([tmp_path], GRID, profile).get("surface_hydrographique")

    assert layer.text("position").tolist() == ["-1"]
    assert layer.text("etat").tolist() == ["En service"]
    assert layer.text("persistance").tolist() == ["Permanent"]


def test_curves_come_out_as_short_segments(tmp_path, profile):
    """A circle of 10 m, as some producers write silos and roundabouts."""
    path = write_layer(tmp_path / "batiment.gpkg", "batiment", [SQUARE], {"usage_1": ["Agricole"]})
    put_circle(path, "batiment", 600_050, 6_699_950, 10)

    layer = read_references([path], GRID, profile).get("batiment")

    assert shapely.area(layer.geometry[0]) == pytest.approx(np.pi * 100, rel=0.01)


def test_shapes_with_coordinates_that_are_no_numbers_are_left_out_and_told(tmp_path, profile):
    broken = shapely.Polygon([(600_010, 6_699_950), (np.nan, 6_699_960), (600_020, 6_699_970)])
    path = write_layer(tmp_path / "batiment.gpkg", "batiment", [SQUARE, broken], {"usage_1": ["x"] * 2})

    references = read_references([path], GRID, profile)

    assert len(references.get("batiment")) == 1
    assert any("1 shapes left out" in notice.text() for notice in references.notices)


def test_an_object_of_two_files_is_used_once(tmp_path, profile):
    for name in ("D012/BATIMENT.shp", "D046/BATIMENT.shp"):
        path = tmp_path / name
        path.parent.mkdir()
        write_layer(path, "BATIMENT", [SQUARE, SQUARE], {"ID": ["BATIMENT1", None], "USAGE1": ["x", "y"]})

    layer = read_references([tmp_path], GRID, profile).get("batiment")

    assert sorted(layer.text("usage_1").tolist()) == ["x", "y", "y"], "what has no name may be two objects"


def test_an_empty_layer_is_told_and_used_for_nothing(tmp_path, profile):
    path = write_layer(tmp_path / "batiment.gpkg", "batiment", [SQUARE], {"usage_1": ["x"]})
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM batiment")

    references = read_references([path], GRID, profile)

    assert references.get("batiment") is None
    assert "no object on the image" in references.notices[-1].text()


def test_missing_attributes_that_rules_need_are_named(tmp_path, profile):
    path = write_layer(tmp_path / "batiment.gpkg", "batiment", [SQUARE], {"nature": ["Serre"]})
    (notice,) = read_references([path], GRID, profile).notices
    assert "no attribute" in notice.text()
    assert "usage_1" in notice.text()
    assert "nature" not in notice.text()


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("RPG_2-0__GPKG_LAMB93_R32_2021-01-01/parcelles_graphiques.gpkg", "2021"),
        ("bdtopo_20230315/d012/parcelles_graphiques.gpkg", "2023"),
        ("lamb93_2154_D012/parcelles_graphiques.gpkg", ""),
    ],
)
def test_year_of_a_source_is_read_from_names(tmp_path, profile, name, year):
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    write_layer(path, "parcelles_graphiques", [SQUARE], {"CODE_CULTU": ["BTH"], "CODE_GROUP": ["1"]})

    references = read_references([tmp_path], GRID, profile, "2026")

    assert references.get("parcelles_graphiques").text("source_year").tolist() == [year]
    assert [year in notice.text() for notice in references.notices] == ([True] if year else [])


def test_errors_name_file_problem_and_remedy_in_both_languages(tmp_path, profile):
    rubbish = tmp_path / "batiment.gpkg"
    rubbish.write_bytes(b"SQLite format 3\0 not really")
    with pytest.raises(VectorError) as unreadable:
        read_references([rubbish], GRID, profile)
    bare = write_layer(tmp_path / "batiment.shp", "batiment", [SQUARE])
    bare.with_suffix(".prj").unlink()
    with pytest.raises(VectorError) as no_crs:
        read_references([bare], GRID, profile)
    with pytest.raises(VectorError) as missing:
        read_references([tmp_path / "nowhere"], GRID, profile)

    assert str(rubbish) in unreadable.value.text("fr")
    assert "téléchargez" in unreadable.value.text("fr")
    assert "no usable coordinate system" in no_crs.value.text("en")
    assert ".prj" in no_crs.value.text("en")
    assert "introuvable" in missing.value.text("fr")


def test_a_prediction_without_crs_cannot_take_references(tmp_path, profile):
    path = write_layer(tmp_path / "batiment.gpkg", "batiment", [SQUARE])
    grid = Grid(10, 10, from_origin(0, 10, 1, 1), None)

    with pytest.raises(VectorError, match="--crs"):
        read_references([path], grid, profile)


def test_hidden_files_of_a_folder_are_no_references(tmp_path, profile):
    write_layer(tmp_path / "BATIMENT.shp", "BATIMENT", [SQUARE])
    for name in ("._BATIMENT.shp", ".lot.0a1b2c3d.part.gpkg", ".lot.gpkg.work/0_0.gpkg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"no vector file")
    assert len(read_references([tmp_path], GRID, profile).get("batiment")) == 1


def test_an_identifier_may_hold_any_character():
    names = np.array(["a\x1fb", "é\n\0"], dtype=object)
    origins = Origins.of("BDTOPO", names, np.array(["", "7"], dtype=object))
    wanted = [SourceObject("BDTOPO", "a b", ""), SourceObject("BDTOPO", "é\n\0", "7")]
    assert origins.source_objects() == wanted
