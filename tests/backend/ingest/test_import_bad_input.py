# SPDX-License-Identifier: GPL-2.0-or-later
"""What cannot be imported: one sentence that names file, fault and remedy, and nothing written."""

from __future__ import annotations

import shutil

import numpy as np
import pyogrio
import pytest
import shapely

from inference_backend.cli.main import main
from tests.backend.ingest.test_import_files import change_layer, write
from tests.backend.quality.layers import board, square, write_ocsge


def good(folder):
    return write_ocsge(folder / "good.gpkg", board(), millesime=["2022"] * 9)


def without_cover(folder):
    return write(folder / "communes.gpkg", [square(0, 0)], nom=["Arès"])


def two_layers(folder):
    path = write(folder / "two.gpkg", [square(0, 0)], layer="a", code_cs=["CS2.2.1"])
    return write_more(path, "b")


def write_more(path, layer):
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([square(0, 0)])),
        [np.array(["CS2.2.1"], dtype=object)],
        ["code_cs"],
        layer=layer,
        geometry_type="Polygon",
        crs="EPSG:2154",
        append=True,
    )
    return path


def text_file(folder):
    path = folder / "notes.gpkg"
    path.write_text("no vectors here")
    return path


def empty(folder):
    return write(folder / "empty.gpkg", [], code_cs=[])


def points_alone(folder):
    return write(folder / "points.gpkg", [shapely.Point(0, 0)], code_cs=["CS2.2.1"], millesime=["2022"])


def no_crs(folder):
    return write(folder / "nowhere.gpkg", [square(0, 0)], crs=None, code_cs=["CS2.2.1"])


def degrees_far_away(folder):
    return write(
        folder / "tokyo.gpkg", [shapely.box(139, 35, 139.1, 35.1)], crs="EPSG:4326", code_cs=["CS2.2.1"]
    )


def no_year(folder):
    return write_ocsge(folder / "undated.gpkg", board())


CASES = [
    (lambda folder: folder / "absent.gpkg", (), "fichier introuvable"),
    (text_file, (), "fichier vecteur illisible"),
    (without_cover, (), "--default-cs"),
    (two_layers, (), "Nommez-la avec --layer"),
    (two_layers, ("--layer", "c"), "dans le fichier : a, b"),
    (empty, (), "aucun polygone à importer"),
    (points_alone, (), "aucun polygone à importer"),
    pytest.param(
        no_crs, (), "Définir la projection", marks=pytest.mark.filterwarnings("ignore:'crs' was not")
    ),
    (degrees_far_away, ("--millesime", "2022"), "--crs"),
    (no_year, (), "--millesime"),
    (good, ("--cs-column", "couleur"), "« couleur »"),
    (good, ("--crs", "EPSG:4326"), "EPSG:2154"),
    (good, ("--crs", "Lambert"), "EPSG:2154"),
    (good, ("--default-cs", "CS2.1.1"), "CS2.1.1.1, CS2.1.1.2"),
    (good, ("--default-us", "CS2.2.1"), "US235"),
    (good, ("--zone", "absent.gpkg"), "fichier introuvable"),
    (change_layer, ("--date", "2012"), "2015, 2018"),
    (good, ("--date", "2018"), "rien à la date « 2018 »"),
]


@pytest.mark.parametrize(("make", "options", "words"), CASES)
def test_what_cannot_be_imported_is_told_in_one_sentence(tmp_path, capsys, make, options, words):
    path = make(tmp_path)
    lot = tmp_path / "out" / "lot.gpkg"
    assert main(["--lang", "fr", "import", str(path), "-o", str(lot), *options]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert words in said
    assert "Traceback" not in said
    assert not lot.parent.exists() or not list(lot.parent.iterdir())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "correspondance"),
        ("[]", "il faut un objet"),
        ('{"values": {}}', "« cs »"),
        ('{"cs": "landuse", "colour": 1}', "« colour »"),
        ('{"cs": "landuse", "values": {"wood": "CS7"}}', "CS7"),
        ('{"cs": "landuse", "values": {"wood": "US1.1"}}', "US1.1"),
        ('{"cs": "landuse", "values": {"wood": 7}}', "wood"),
        ('{"cs": "landuse", "values": []}', "« values »"),
        ('{"cs": 3}', "« cs »"),
        ('{"cs": "landuse"}', "« landuse »"),
    ],
)
def test_a_faulty_mapping_file_is_told_with_its_place(tmp_path, capsys, content, words):
    mapping = tmp_path / "mapping.json"
    mapping.write_text(content)
    arguments = ["import", str(good(tmp_path)), "-o", str(tmp_path / "lot.gpkg"), "--mapping", str(mapping)]
    assert main(["--lang", "fr", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_the_input_is_never_replaced(tmp_path, capsys):
    path = good(tmp_path)
    before = path.read_bytes()
    assert main(["import", str(path), "-o", str(path)]) == 2
    assert "both input and output" in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("option", "output"), [("--zone", "--output"), ("--mapping", "--report"), ("--zone", "--report")]
)
def test_no_file_that_is_read_besides_is_replaced(tmp_path, capsys, option, output):
    path, other = good(tmp_path), tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    outputs = {"--output": str(tmp_path / "lot.gpkg"), output: str(other)}
    words = [word for pair in outputs.items() for word in pair]
    assert main(["import", str(path), option, str(other), *words]) == 2
    assert "both input and output" in capsys.readouterr().err
    assert other.read_text(encoding="utf-8") == "{}"


def test_a_report_never_takes_the_place_of_the_lot(tmp_path, capsys):
    lot = tmp_path / "lot.gpkg"
    report = tmp_path / "x" / ".." / "lot.gpkg"
    assert main(["import", str(good(tmp_path)), "-o", str(lot), "--report", str(report)]) == 2
    assert "must be different files" in capsys.readouterr().err
    assert not lot.exists()


def test_a_shapefile_without_its_index_or_its_table_is_told(tmp_path, capsys):
    path = write_ocsge(tmp_path / "sans_dbf.shp", board(), names=("ID", "CODE_CS", "CODE_US"))
    path.with_suffix(".dbf").unlink()
    assert (
        main(["--lang", "fr", "import", str(path), "-o", str(tmp_path / "lot.gpkg"), "--millesime", "2022"])
        == 2
    )
    assert "sans_dbf" in capsys.readouterr().err


def test_a_truncated_geopackage_is_told(tmp_path, capsys):
    path = good(tmp_path)
    cut = tmp_path / "cut.gpkg"
    shutil.copy(path, cut)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    assert main(["--lang", "fr", "import", str(cut), "-o", str(tmp_path / "lot.gpkg")]) == 2
    assert "cut.gpkg" in capsys.readouterr().err
