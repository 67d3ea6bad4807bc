# SPDX-License-Identifier: GPL-2.0-or-later
"""Each unusable input names file, value and remedy in both languages, exits 2 and leaves nothing."""

import os
import resource
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from inference_backend.cli.main import main
from inference_backend.errors import OutputError
from inference_backend.predict.blocks.block_store import finished_blocks
from inference_backend.predict.blocks.work_errors import PredictionHaltedError
from inference_backend.predict.predict import predict
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model

from .rasters import ORIGIN, pixels, random_image, write_raster

RGB = ("red", "green", "blue")


def _no_crs(folder, image):
    return [write_raster(folder / "bad.tif", image, RGB, crs=None)]


def _coarse(folder, image):
    return [write_raster(folder / "bad.tif", image, RGB, pixel_m=0.5)]


def _in_degrees(folder, image):
    return [write_raster(folder / "bad.tif", image, RGB, crs="EPSG:4326", origin=(2, 48), pixel_m=2e-6)]


def _rotated(folder, image):
    from rasterio.transform import Affine

    turned = Affine.translation(*ORIGIN) @ Affine.rotation(5) @ Affine.scale(0.2, -0.2)
    return [write_raster(folder / "bad.tif", image, RGB, transform=turned)]


def _missing_band(folder, image):
    return [write_raster(folder / "bad.tif", image[:2], ("red", "green"))]


def _unnamed_bands(folder, image):
    return [write_raster(folder / "bad.tif", image)]


def _shifted(folder, image):
    first = write_raster(folder / "first.tif", image[:2], ("red", "green"))
    moved = (ORIGIN[0] + 1, ORIGIN[1])
    return [first, write_raster(folder / "bad.tif", image[2:], ("blue",), origin=moved)]


def _smaller(folder, image):
    first = write_raster(folder / "first.tif", image[:2], ("red", "green"))
    return [first, write_raster(folder / "bad.tif", image[2:, :-3], ("blue",))]


def _other_crs(folder, image):
    first = write_raster(folder / "first.tif", image[:2], ("red", "green"))
    return [first, write_raster(folder / "bad.tif", image[2:], ("blue",), crs="EPSG:3857")]


def _sixteen_bits(folder, image):
    return [write_raster(folder / "bad.tif", image.astype(np.uint16) * 200, RGB)]


def _truncated_at_the_start(folder, image):
    path = write_raster(folder / "bad.tif", image, RGB)
    path.write_bytes(path.read_bytes()[:300])
    return [path]


def _truncated_in_the_middle(folder, image):
    path = write_raster(folder / "bad.tif", random_image(600, 600), RGB, tiled=True)
    path.write_bytes(path.read_bytes()[:600_000])
    return [path]


def _not_a_raster(folder, image):
    (folder / "bad.tif").write_text("hello")
    return [folder / "bad.tif"]


def _absent(folder, image):
    return [folder / "bad.tif"]


BAD_RASTERS = [
    (_no_crs, "--crs EPSG:2154"),
    (_coarse, "0.5 m"),
    (_coarse, "--resample"),
    (_in_degrees, "°"),
    (_rotated, "gdalwarp"),
    (_missing_band, "blue"),
    (_missing_band, "--fill"),
    (_unnamed_bands, "--bands"),
    (_shifted, "700001.0"),
    (_smaller, "(147, 170)"),
    (_other_crs, "EPSG:3857"),
    (_truncated_at_the_start, ""),
    (_truncated_in_the_middle, ""),
    (_not_a_raster, ""),
    (_absent, ""),
]


@pytest.mark.parametrize(("make", "named"), BAD_RASTERS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_unusable_raster(tmp_path, image, model, capsys, make, named, language):
    rasters = [str(path) for path in make(tmp_path, image)]
    output = tmp_path / "out" / "p.tif"
    code = main(["--lang", language, "predict", *rasters, "--model", str(model), "--output", str(output)])
    said = capsys.readouterr().err
    assert code == 2
    assert str(tmp_path / "bad.tif") in said
    assert named in said
    assert not output.exists()
    assert not output.parent.exists() or not list(output.parent.iterdir())


def test_bytes_are_not_taken_for_16_bits(tmp_path, image, capsys):
    bands = tuple(replace(band, scale=1 / 255) for band in card().bands)
    model = write_conv_model(tmp_path / "m.onnx", brightest_band(), replace(card(), bands=bands))
    path = _sixteen_bits(tmp_path, image)[0]
    assert main(["predict", str(path), "--model", str(model), "-o", str(tmp_path / "p.tif")]) == 2
    said = capsys.readouterr().err
    assert "uint16" in said
    assert "gdal_translate" in said


def test_a_result_never_replaces_its_own_input(tmp_path, ortho, model, capsys):
    before = ortho.read_bytes()
    assert main(["predict", str(ortho), "--model", str(model), "-o", str(ortho)]) == 2
    assert str(ortho) in capsys.readouterr().err
    assert ortho.read_bytes() == before


def test_an_earlier_result_survives_a_failure(tmp_path, image, model):
    output = tmp_path / "p.tif"
    good = write_raster(tmp_path / "good.tif", image, RGB)
    before = predict([good], model, output).read_bytes()
    assert (
        main(
            [
                "predict",
                str(_truncated_in_the_middle(tmp_path, image)[0]),
                "--model",
                str(model),
                "-o",
                str(output),
            ]
        )
        == 2
    )
    assert output.read_bytes() == before


def test_a_model_of_other_inputs(tmp_path, ortho, capsys):
    model = write_conv_model(tmp_path / "m.onnx", np.ones((3, 4, 1, 1)), card())
    output = tmp_path / "p.tif"
    assert main(["predict", str(ortho), "--model", str(model), "-o", str(output)]) == 2
    said = capsys.readouterr().err
    assert str(model) in said
    assert "4" in said
    assert "3" in said
    assert not output.exists()


@pytest.mark.parametrize(
    "option",
    [
        ("--bands", "red"),
        ("--bands", "red=o.tif"),
        ("--fill", "height=tall"),
        ("--crs", "Lambert"),
        ("--engine", "warp"),
    ],
)
def test_an_option_that_makes_no_sense(tmp_path, ortho, model, capsys, option):
    code = main(["predict", str(ortho), "--model", str(model), "-o", str(tmp_path / "p.tif"), *option])
    assert code == 2
    assert option[1] in capsys.readouterr().err


def test_a_band_number_that_the_file_does_not_have(tmp_path, ortho, model, capsys):
    choice = f"red={ortho}:9"
    code = main(
        ["predict", str(ortho), "--model", str(model), "-o", str(tmp_path / "p.tif"), "--bands", choice]
    )
    assert code == 2
    assert "1..3" in capsys.readouterr().err


@pytest.fixture
def large_model(tmp_path):
    return write_conv_model(tmp_path / "m.onnx", brightest_band(), card(tile_px=512, overlap_px=32), tile=512)


@pytest.fixture
def large(tmp_path):
    return write_raster(tmp_path / "large.tif", random_image(1500, 1500), RGB)


@pytest.mark.parametrize("limit", [300_000, 1_000_000, 1_900_000])
def test_a_file_that_may_not_grow_further(tmp_path, large, large_model, limit):
    """The system's limit on file size stands for a full disk, at several moments of the work."""
    folder = tmp_path / "out"
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, kept[1]))
    try:
        with pytest.raises(OutputError) as caught:
            predict([large], large_model, folder / "p.tif")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
    assert str(folder / "p.tif") in str(caught.value)
    assert kept_blocks(folder) == finished_blocks(folder / "p.tif")


def kept_blocks(folder):
    """Finished blocks, where nothing but them and what goes with them is in `folder`."""
    if not folder.is_dir() or not list(folder.iterdir()):
        return 0
    (work,) = folder.iterdir()
    assert work.name == ".p.tif.work"
    names = {path.name for path in work.iterdir()} - {"lock", "manifest.json"}
    assert not {name for name in names if not name.endswith(".planes")}
    return len(names)


@pytest.mark.parametrize(("share", "blocks"), [(0.1, 0), (0.88, 1)])
def test_a_full_disk(tmp_path, large_model, share, blocks):
    """What is finished stays, and with more room the same command goes on from it."""
    wide = write_raster(tmp_path / "wide.tif", random_image(400, 3000), RGB)
    whole = predict([wide], large_model, tmp_path / "whole.tif")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("mounting a small disk needs root")
    options = [
        "-t",
        "tmpfs",
        "-o",
        f"size={int(share * whole.stat().st_size) // 1024}k",
        "tmpfs",
        str(folder),
    ]
    if subprocess.run([mount, *options], check=False, capture_output=True).returncode:
        pytest.skip("this system does not let root mount a tmpfs")
    try:
        with pytest.raises(OutputError) as caught:
            predict([wide], large_model, folder / "p.tif")
        assert str(folder / "p.tif") in str(caught.value)
        assert kept_blocks(folder) == blocks
        if blocks:
            assert isinstance(caught.value, PredictionHaltedError)
            assert "1 of 2 blocks" in str(caught.value)
            subprocess.run([mount, "-o", "remount,size=30m", str(folder)], check=True)
            assert pixels(predict([wide], large_model, folder / "p.tif")) == pixels(whole)
            assert [path.name for path in folder.iterdir()] == ["p.tif"]
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_folder_where_nobody_may_write(tmp_path, ortho, model):
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(OutputError):
        predict([ortho], model, blocker / "p.tif")
