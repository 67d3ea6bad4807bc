# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge run` from its file to its lot, with a network of three weights."""

from __future__ import annotations

import os
import sqlite3
import tomllib

import numpy as np
import pytest
import rasterio

from inference_backend.cli.language import use_language
from inference_backend.cli.main import main
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions
from inference_backend.service import input_schemas, schema
from inference_backend.service.run_config import EXAMPLE
from tests.backend.service.toy_inputs import write_model, write_raster

CONFIG = """\
output = "result"
millesime = "2022"
name = "Toy"
rasters = ["ortho.tif"]
model = "model.onnx"
"""


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("OCSGE_LANG", "en")
    yield
    use_language("en")


@pytest.fixture
def folder(tmp_path):
    """A folder with everything that CONFIG names."""
    write_raster(tmp_path / "ortho.tif", size_px=800)
    write_model(tmp_path / "model.onnx")
    (tmp_path / "run.toml").write_text(CONFIG)
    return tmp_path


def run(folder, *options, text=None):
    if text is not None:
        (folder / "run.toml").write_text(text)
    return main(["run", str(folder / "run.toml"), *options])


def skipped(output):
    return {line.split()[1] for line in output.splitlines() if line.endswith("up to date, skipped")}


def gesture(lot):
    """What a reviewer's first gesture leaves in the lot."""
    connection = sqlite3.connect(lot)
    add_spatial_functions(connection)
    with connection:
        connection.execute("INSERT INTO edit_journal (seq, gesture_id) VALUES (1, 'x')")
    connection.close()


def test_one_file_gives_a_conforming_lot(folder, capsys, monkeypatch):
    monkeypatch.chdir("/")  # paths are relative to the file, not to the caller
    assert run(folder) == 0
    out = capsys.readouterr().out
    assert str(folder / "result" / "lot.gpkg") in out
    assert "conforms" in out
    with rasterio.open(folder / "result" / "prediction.tif") as prediction:
        assert set(np.unique(prediction.read(1))) == {0, 1, 2}
    connection = sqlite3.connect(folder / "result" / "lot.gpkg")
    codes = {code for (code,) in connection.execute("SELECT code_cs FROM occupation_sol")}
    connection.close()
    assert codes == {"CS1.1.1.1", "CS2.2.1", "CS1.2.2"}


def test_what_still_stands_is_not_done_again(folder, capsys):
    assert run(folder) == 0
    lot = folder / "result" / "lot.gpkg"
    before = lot.read_bytes()
    capsys.readouterr()
    assert run(folder) == 0
    assert skipped(capsys.readouterr().out) == {"predict", "postprocess"}
    assert lot.read_bytes() == before


def test_each_change_repeats_what_depends_on_it(folder, capsys):
    run(folder)
    capsys.readouterr()
    run(folder, text=CONFIG.replace("2022", "2019"))
    assert skipped(capsys.readouterr().out) == {"predict"}
    os.utime(folder / "ortho.tif")
    run(folder)
    assert skipped(capsys.readouterr().out) == set()
    (folder / "result" / "lot.gpkg").unlink()
    run(folder)
    assert skipped(capsys.readouterr().out) == {"predict"}
    run(folder, "--force")
    assert skipped(capsys.readouterr().out) == set()


def test_reviewed_work_is_never_overwritten(folder, capsys):
    run(folder)
    lot = folder / "result" / "lot.gpkg"
    gesture(lot)
    reviewed = lot.read_bytes()
    assert run(folder) == 0, "nothing is due"
    os.utime(folder / "ortho.tif")
    assert run(folder) == 2
    assert "1 review gestures" in capsys.readouterr().err
    assert lot.read_bytes() == reviewed
    assert run(folder, "--force") == 0
    (kept,) = (folder / "result").glob("lot-reviewed-*.gpkg")
    assert kept.read_bytes() == reviewed


def test_a_lot_that_falls_short_is_exit_1(folder, capsys):
    run(folder)
    connection = sqlite3.connect(folder / "result" / "lot.gpkg")
    # No driver here, hence no spatial functions for the triggers of the index.
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    with connection:
        connection.execute("UPDATE occupation_sol SET code_cs = 'CS9.9' WHERE fid = 1")
    connection.close()
    assert run(folder) == 1
    assert "falls short, unknown_codes" in capsys.readouterr().out


def test_the_check_can_be_left_out(folder, capsys):
    assert run(folder, text=CONFIG + "check = false\n") == 0
    assert "conformity" not in capsys.readouterr().out


def test_bands_of_two_files_and_a_constant(folder):
    with rasterio.open(folder / "ortho.tif", "r+") as raster:
        raster.descriptions = (None, None, None)
    bands = '[bands]\nred = "ortho.tif:1"\ngreen = "ortho.tif:2"\n[fill]\nblue = 0\n'
    assert run(folder, text=CONFIG + bands) == 0
    with rasterio.open(folder / "result" / "prediction.tif") as prediction:
        assert set(np.unique(prediction.read(1))) == {0, 1}, "no blue, no water"


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        (CONFIG + 'referances = ["a"]', "Did you mean “references”?", "Vouliez-vous dire « references » ?"),
        (CONFIG + "colour = 1", "Known keys: aoi, bands,", "Clés connues : aoi, bands,"),
        (CONFIG.replace('millesime = "2022"', ""), "“millesime” is missing", "« millesime » manque"),
        (CONFIG.replace('"2022"', '"22"'), "year of the ortho-image", "année de l'ortho-image"),
        (CONFIG.replace('["ortho.tif"]', "[]"), "at least one entry", "au moins une entrée"),
        (CONFIG.replace('["ortho.tif"]', '"ortho.tif"'), "expected a list", "il faut une liste"),
        (CONFIG + '[bands]\nred = "ortho.tif"', "“bands.red” is 'ortho.tif'", "fichier:bande"),
        (CONFIG + "[fill]\nheight = true", "“fill.height” is True, expected a number", "il faut un nombre"),
        (CONFIG + "output = 3", "cannot be read as a configuration", "impossible comme configuration"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_key_value_and_remedy(folder, capsys, text, english, french):
    for language, expected in (("en", english), ("fr", french)):
        (folder / "run.toml").write_text(text)
        assert main(["--lang", language, "run", str(folder / "run.toml")]) == 2
        message = capsys.readouterr().err
        assert expected in message
        assert message.startswith(str(folder / "run.toml"))
        assert not (folder / "result").exists()


def test_a_missing_file_is_said(tmp_path, capsys):
    assert main(["run", str(tmp_path / "none.toml")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_the_example_is_valid_with_every_option_switched_on(capsys):
    assert main(["run", "--example"]) == 0
    printed = capsys.readouterr().out
    assert printed == EXAMPLE
    switched_on = [
        line.removeprefix("# ") if " = " in line or "[" in line else line for line in printed.splitlines()
    ]
    values = tomllib.loads("\n".join(switched_on))
    schema.check(values, input_schemas.RUN, "example")
    assert set(values) == set(input_schemas.RUN["properties"])


@pytest.mark.parametrize(
    ("change", "english", "french"),
    [
        (
            lambda folder: write_raster(folder / "ortho.tif", crs=None),
            "no coordinate system",
            "système de coordonnées",
        ),
        (lambda folder: (folder / "ortho.tif").unlink(), "cannot be read", "lecture impossible"),
        (
            lambda folder: (folder / "ortho.tif").write_bytes((folder / "ortho.tif").read_bytes()[:3000]),
            "cannot be read",
            "lecture impossible",
        ),
        (lambda folder: (folder / "model.onnx").write_bytes(b"no model"), "ONNX", "ONNX"),
    ],
)
def test_inputs_that_cannot_be_used_leave_nothing_that_looks_whole(folder, capsys, change, english, french):
    change(folder)
    for language, expected in (("en", english), ("fr", french)):
        assert main(["--lang", language, "run", str(folder / "run.toml")]) == 2
        error = capsys.readouterr().err
        assert expected in error
        assert "Traceback" not in error
        assert list((folder / "result").glob("*")) == []


@pytest.mark.parametrize("references", ["none.gpkg", "run.toml"])
def test_references_that_cannot_be_read_stop_the_chain_after_the_prediction(folder, capsys, references):
    assert run(folder, text=CONFIG + f'references = ["{references}"]\n') == 2
    assert references in capsys.readouterr().err
    assert not (folder / "result" / "lot.gpkg").exists()
    assert run(folder, text=CONFIG) == 0
    assert skipped(capsys.readouterr().out) == {"predict"}
