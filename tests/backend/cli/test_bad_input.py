# SPDX-License-Identifier: GPL-2.0-or-later
"""The command as a person or a script sees it: exit code, one sentence, nothing half-written.

Most commands run in the process of the test, where they start at once; one of each kind is the installed one.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from inference_backend.cli.language import language, use_language
from inference_backend.cli.main import main
from tests.backend.models.onnx_files import card, write_conv_model
from tests.backend.postprocess.vector_files import write_layer
from tests.backend.service.toy_inputs import CLASSES, write_model, write_prediction, write_raster

COMMAND = Path(sys.executable).with_name("ocsge")


def ocsge(*arguments, locale="C", max_file_bytes=None, **environment):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, max_file_bytes))

    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("OCSGE", "LC_", "LANG"))
    }
    return subprocess.run(
        [str(COMMAND), *map(str, arguments)],
        env={**kept, "LANG": locale, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=limit if max_file_bytes else None,
    )


@pytest.fixture
def ocsge_here(capfd, monkeypatch):
    """The same as `ocsge` in this process; what GDAL says past Python is heard as well."""
    spoken = language()

    def run(*arguments, locale="C"):
        for name in [name for name in os.environ if name.startswith(("OCSGE", "LC_", "LANG"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("LANG", locale)
        capfd.readouterr()
        status = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, status, out, err)

    yield run
    use_language(spoken)


@pytest.fixture
def folder(tmp_path):
    write_raster(tmp_path / "ortho.tif", size_px=800)
    write_model(tmp_path / "model.onnx")
    return tmp_path


def class_raster_without_table(folder):
    path = folder / "classes.tif"
    with rasterio.open(folder / "ortho.tif") as source:
        profile = {**source.profile, "count": 1}
        with rasterio.open(path, "w", **profile) as raster:
            raster.write(np.ones(source.shape, np.uint8), 1)
    return path


def model_of_four_bands(folder):
    bands = ("red", "green", "blue", "nir")
    return write_conv_model(folder / "four.onnx", np.ones((3, 4, 1, 1)), card(bands=bands, classes=CLASSES))


def coarse(folder):
    path = write_raster(folder / "coarse.tif")
    with rasterio.open(path, "r+") as raster:
        raster.transform = from_origin(700_000, 6_600_000, 0.5, 0.5)
    return path


def truncated(folder, source):
    path = folder / "cut.tif"
    content = source.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def model_of_other_inputs(folder):
    return write_conv_model(folder / "other.onnx", np.ones((3, 4, 1, 1)), card(classes=CLASSES))


def cut_prediction(folder):
    return truncated(folder, write_prediction(folder / "prediction.tif"))


def commands(folder):
    """Name to (arguments, file named in the message, words in English, words in French)."""
    ortho, model, out = folder / "ortho.tif", folder / "model.onnx", folder / "out" / "result"
    without_table = class_raster_without_table(folder)
    bare = write_raster(folder / "bare.tif", crs=None)
    predict = ["predict", "-o", f"{out}.tif", "-m"]
    postprocess = ["postprocess", "-o", f"{out}.gpkg", "--millesime", "2022"]
    return {
        "no raster": ([*predict, model, folder / "no.tif"], "no.tif", "cannot be read", "lecture impossible"),
        "no CRS": ([*predict, model, bare], "bare.tif", "--crs EPSG:2154", "--crs EPSG:2154"),
        "missing band": ([*predict, model_of_four_bands(folder), ortho], "ortho.tif", "nir", "nir"),
        "no model": ([*predict, folder / "no.onnx", ortho], "no.onnx", "ONNX", "ONNX"),
        "no class table": ([*postprocess, without_table], "classes.tif", "--class-table", "--class-table"),
        "other resolution": ([*predict, model, coarse(folder)], "coarse.tif", "0.5 m", "0.5 m"),
        "truncated raster": ([*predict, model, truncated(folder, ortho)], "cut.tif", "truncated", "tronqué"),
        "other model inputs": ([*predict, model_of_other_inputs(folder), ortho], "other.onnx", "4", "4"),
        "truncated prediction": ([*postprocess, cut_prediction(folder)], "cut.tif", "truncated", "tronqué"),
        "unknown CRS": (
            [*postprocess, folder / "prediction.tif", "--crs", "EPSG:999999"],
            "prediction.tif",
            "'EPSG:999999' given for it is unknown",
            "'EPSG:999999' donné pour lui est inconnu",
        ),
        "no layer": (["check", ortho], "ortho.tif", "", ""),
        "no config": (["run", folder / "no.toml"], "no.toml", "configuration", "configuration"),
        "no profile": (["check", ortho, "--profile", "ocsge-9"], "ocsge-9", "profile", "profil"),
    }


CASES = (
    "no raster",
    "no CRS",
    "other resolution",
    "truncated raster",
    "other model inputs",
    "truncated prediction",
    "unknown CRS",
    "missing band",
    "no model",
    "no class table",
    "no layer",
    "no config",
    "no profile",
)


@pytest.mark.parametrize("case", CASES)
def test_a_bad_input_is_one_sentence_with_the_file_and_exit_2(folder, ocsge_here, case):
    arguments, named, english, french = commands(folder)[case]
    run = ocsge if case == CASES[0] else ocsge_here
    texts = set()
    for locale, expected in (("en_GB.UTF-8", english), ("fr_FR.UTF-8", french)):
        ended = run(*arguments, locale=locale)
        assert ended.returncode == 2, ended.stderr
        assert ended.stdout == ""
        message = ended.stderr.splitlines()[-1]
        assert named in message
        assert expected in message
        assert "Traceback" not in ended.stderr
        assert list(folder.glob("out/*")) + list(folder.glob("out/.*")) == []
        texts.add(message)
    assert len(texts) == 2, "the same text in both languages"


SQUARE = shapely.box(700_010, 6_599_960, 700_030, 6_599_980)


def without_crs(folder):
    return write_layer(folder / "batiment.gpkg", "batiment", [SQUARE], crs=None)


def with_local_crs(folder):
    return write_layer(folder / "batiment.gpkg", "batiment", [SQUARE], crs='LOCAL_CS["site",UNIT["metre",1]]')


def no_geopackage(folder):
    (folder / "batiment.gpkg").write_text("<html>404</html>")
    return folder / "batiment.gpkg"


def half_a_geopackage(folder):
    path = write_layer(folder / "batiment.gpkg", "batiment", [SQUARE] * 2000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 8192 * 4096])
    return path


@pytest.mark.parametrize(
    ("make", "english", "french"),
    [
        (without_crs, "no usable coordinate system", "pas de système de coordonnées utilisable"),
        (with_local_crs, "no usable coordinate system", "pas de système de coordonnées utilisable"),
        (no_geopackage, "not a readable vector file", "fichier vecteur illisible"),
        (half_a_geopackage, "not a readable vector file", "fichier vecteur illisible"),
    ],
)
def test_references_that_cannot_be_used(folder, ocsge_here, make, english, french):
    prediction, reference = write_prediction(folder / "p.tif"), make(folder)
    for locale, expected in (("en_GB.UTF-8", english), ("fr_FR.UTF-8", french)):
        arguments = ["postprocess", prediction, "-r", reference, "-o", folder / "out" / "lot.gpkg"]
        ended = ocsge_here(*arguments, "--millesime", "2022", locale=locale)
        assert ended.returncode == 2, ended.stderr
        assert ended.stderr.splitlines()[-1].startswith(str(reference))
        assert expected in ended.stderr
        assert "Warning" not in ended.stderr
        assert not (folder / "out").exists()


@pytest.mark.parametrize("name", ["p.tif", "batiment.gpkg"])
def test_a_lot_never_replaces_what_it_is_made_from(folder, ocsge_here, name):
    prediction = write_prediction(folder / "p.tif")
    reference = write_layer(folder / "batiment.gpkg", "batiment", [SQUARE])
    before = (folder / name).read_bytes()
    words = ["postprocess", prediction, "-r", reference, "-o", folder / name, "--millesime", "2022"]
    ended = ocsge_here(*words)
    assert ended.returncode == 2
    assert f"{folder / name}: is both input and output" in ended.stderr
    assert (folder / name).read_bytes() == before


def test_a_millesime_is_a_year(folder):
    ended = ocsge("postprocess", folder / "ortho.tif", "-o", folder / "lot.gpkg", "--millesime", "22")
    assert ended.returncode == 2
    assert "22: expected a year of four digits" in ended.stderr


@pytest.mark.parametrize("max_file_bytes", [500, 5_000, 60_000])
def test_a_disk_that_fills_up_leaves_nothing_that_looks_whole(folder, ocsge_here, max_file_bytes):
    """The limit on file sizes stands for the full disk: the same refused write, without a mount."""
    (folder / "run.toml").write_text(
        'output = "out"\nmillesime = "2022"\nrasters = ["ortho.tif"]\nmodel = "model.onnx"\n'
    )
    ended = ocsge("run", folder / "run.toml", locale="fr_FR.UTF-8", max_file_bytes=max_file_bytes)
    assert ended.returncode == 2, ended.stderr
    assert "écriture impossible" in ended.stderr
    assert not (folder / "out" / "lot.gpkg").exists()
    assert {path.name for path in folder.glob("out/.*")} <= {".lot.gpkg.work"}  # finished blocks are kept
    if max_file_bytes == 60_000:  # the most is left behind
        again = ocsge_here("run", folder / "run.toml")
        assert again.returncode == 0, again.stderr
        assert list(folder.glob("out/.*")) == []


def test_a_reader_that_goes_away_is_no_error():
    ended = subprocess.run(
        f"'{COMMAND}' run --example | head -c 1; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
    )
    assert ended.stderr == ""


@pytest.mark.parametrize("arguments", [[], ["--frobnicate"], ["predict"], ["run"]])
def test_wrong_use_is_exit_2_with_the_usage(arguments):
    ended = ocsge(*arguments)
    assert ended.returncode == 2
    assert "usage" in ended.stderr
