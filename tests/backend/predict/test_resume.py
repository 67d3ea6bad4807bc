# SPDX-License-Identifier: GPL-2.0-or-later
"""A prediction that was stopped, killed or changed, with the real command where a process must die."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import rasterio

from inference_backend.cli.main import main
from inference_backend.errors import Cancelled
from inference_backend.predict.blocks import block_work
from inference_backend.predict.blocks.block_store import finished_blocks
from inference_backend.predict.blocks.work_errors import PredictionPausedError
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from inference_backend.runtime.errors import EngineError
from inference_backend.work.errors import OutputInUseError
from inference_backend.work.work_folder import discard_unfinished, work_folder
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model

from .rasters import pixels, random_image, write_raster

RGB = ("red", "green", "blue")
STEPS_A_SECOND = 500
OPTIONS = PredictOptions(engine="onnxruntime")
BLOCKS, BLOCK_PX = 8, 2000
"""More than are computed side by side, so that one is finished while others have not begun."""


@pytest.fixture(autouse=True)
def _watched_closely(monkeypatch):
    """A quick machine finishes the whole raster between two looks at the clock."""
    monkeypatch.setattr("inference_backend.predict.blocks.tile_stream._WATCH_S", 1 / STEPS_A_SECOND)


@pytest.fixture
def model(tmp_path):
    return write_conv_model(tmp_path / "m.onnx", brightest_band(), card(tile_px=256, overlap_px=16), tile=256)


@pytest.fixture
def wide(tmp_path):
    """A row of blocks."""
    return write_raster(tmp_path / "wide.tif", random_image(300, BLOCKS * BLOCK_PX), RGB)


class StopAfterBlocks:
    """Cancels once so many blocks are finished, and remembers the steps it was told."""

    def __init__(self, output, blocks):
        self.output, self.blocks, self.steps, self.shares = output, blocks, [], []

    def update(self, share, message=""):
        self.shares.append(share)
        self.steps.append(message)
        if self.blocks is not None and finished_blocks(self.output) >= self.blocks:
            raise Cancelled


def stopped(rasters, model, output, options=OPTIONS, blocks=1):
    with pytest.raises(PredictionPausedError) as caught:
        predict(rasters, model, output, options, progress=StopAfterBlocks(output, blocks))
    return caught.value


def test_a_stopped_run_says_what_it_keeps_and_goes_on_from_there(tmp_path, wide, model):
    whole = pixels(predict([wide], model, tmp_path / "whole.tif", OPTIONS))
    output = tmp_path / "out" / "p.tif"
    error = stopped([wide], model, output)
    assert str(work_folder(output)) in error.text("fr")
    kept = finished_blocks(output)
    assert 1 <= kept < BLOCKS
    again = StopAfterBlocks(output, None)
    assert pixels(predict([wide], model, output, OPTIONS, progress=again)) == whole
    assert "going on from finished blocks" in again.steps
    assert again.shares == sorted(again.shares)
    assert again.shares[1] >= 0.9 * kept / BLOCKS
    assert [path.name for path in output.parent.iterdir()] == ["p.tif"]


@pytest.mark.parametrize("change", ["raster", "model", "option", "manifest"])
def test_other_work_starts_over_and_says_so(tmp_path, wide, model, change):
    output = tmp_path / "p.tif"
    stopped([wide], model, output)
    options = OPTIONS
    if change == "raster":
        wide = write_raster(wide, random_image(300, BLOCKS * BLOCK_PX, seed=5), RGB)
    elif change == "model":
        model = write_conv_model(model, brightest_band()[::-1], card(tile_px=256, overlap_px=16), tile=256)
    elif change == "option":
        options = PredictOptions(engine="onnxruntime", overlap_px=20)
    else:
        (work_folder(output) / "manifest.json").write_text("{")
    progress = StopAfterBlocks(output, None)
    result = predict([wide], model, output, options, progress=progress).read_bytes()
    assert "starting over, inputs or options have changed" in progress.steps
    assert result == predict([wide], model, tmp_path / "fresh.tif", options).read_bytes()


def test_restart_computes_every_block_again(tmp_path, wide, model):
    output = tmp_path / "p.tif"
    stopped([wide], model, output)
    progress = StopAfterBlocks(output, None)
    predict([wide], model, output, PredictOptions(engine="onnxruntime", restart=True), progress=progress)
    assert "going on from finished blocks" not in progress.steps


def test_a_damaged_block_is_computed_again(tmp_path, wide, model):
    whole = pixels(predict([wide], model, tmp_path / "whole.tif", OPTIONS))
    output = tmp_path / "p.tif"
    stopped([wide], model, output)
    for block in work_folder(output).glob("*.planes"):
        data = bytearray(block.read_bytes())
        data[len(data) // 2] ^= 1
        block.write_bytes(data)
    assert pixels(predict([wide], model, output, OPTIONS)) == whole


def test_two_runs_on_one_output_at_the_same_time(tmp_path, wide, model):
    output = tmp_path / "p.tif"

    class PredictAgain:
        refused = None

        def update(self, share, message=""):
            if 0.1 < share < 0.9 and self.refused is None:
                with pytest.raises(OutputInUseError) as caught:
                    predict([wide], model, output, OPTIONS)
                self.refused = caught.value
                assert not discard_unfinished(output)

    progress = PredictAgain()
    predict([wide], model, output, OPTIONS, progress=progress)
    assert str(os.getpid()) in str(progress.refused)


def test_discarding_what_a_stopped_run_left(tmp_path, wide, model):
    output = tmp_path / "out" / "p.tif"
    assert discard_unfinished(output)
    stopped([wide], model, output)
    assert discard_unfinished(output)
    assert list(output.parent.iterdir()) == []


def test_a_tile_that_waits_while_a_run_is_stopped_leaves_no_hole(tmp_path, model, monkeypatch):
    small = write_raster(tmp_path / "small.tif", random_image(400, 300), RGB)  # a block of four tiles
    whole = pixels(predict([small], model, tmp_path / "whole.tif", OPTIONS))
    output = tmp_path / "p.tif"
    open_engine = block_work.open_engine

    class OneAtATime:
        """A real engine that is stopped in its third tile, while the fourth one waits for its turn."""

        workers = 1

        def __init__(self, engine):
            self.engine, self.calls = engine, 0
            self.name, self.precision = engine.name, engine.precision
            opened.append(self)

        def infer(self, values):
            self.calls += 1
            if self.calls == 3:
                time.sleep(0.3)
            return self.engine.infer(values)

        def close(self):
            self.engine.close()

    class StopInThirdTile:
        def update(self, share, message=""):
            if opened and opened[0].calls == 3:
                raise Cancelled

    opened = []
    with monkeypatch.context() as patch:
        patch.setattr(block_work, "open_engine", lambda *a: OneAtATime(open_engine(*a)))
        with pytest.raises(Cancelled):
            predict([small], model, output, OPTIONS, progress=StopInThirdTile())
    assert opened[0].calls == 3
    assert pixels(predict([small], model, output, OPTIONS)) == whole


def test_blocks_of_which_nobody_knows_the_work_are_not_used(tmp_path, wide, model):
    """A run that starts over may be killed between the manifest and the blocks that it removes."""
    output = tmp_path / "p.tif"
    stopped([wide], model, output)
    (work_folder(output) / "manifest.json").unlink()
    wide = write_raster(wide, random_image(300, BLOCKS * BLOCK_PX, seed=5), RGB)
    result = pixels(predict([wide], model, output, OPTIONS))
    assert result == pixels(predict([wide], model, tmp_path / "fresh.tif", OPTIONS))


def test_an_engine_that_fails_half_way_leaves_what_is_finished(tmp_path, wide, model, monkeypatch):
    whole = pixels(predict([wide], model, tmp_path / "whole.tif", OPTIONS))
    output = tmp_path / "p.tif"
    open_engine = block_work.open_engine

    class Tiring:
        """A real engine that gives up in the second block of 20 tiles or so.

        Not at its first tiles: another thread may still be at the last one of the first block.
        """

        def __init__(self, engine):
            self.engine, self.left = engine, 30
            self.name, self.precision, self.workers = engine.name, engine.precision, engine.workers

        def infer(self, values):
            self.left -= 1
            if self.left < 0:
                raise EngineError(engine=self.name, path=model, reason="out of memory")
            return self.engine.infer(values)

        def close(self):
            self.engine.close()

    with monkeypatch.context() as patch:
        patch.setattr(block_work, "open_engine", lambda *a: Tiring(open_engine(*a)))
        with pytest.raises(EngineError):
            predict([wide], model, output, OPTIONS)
    assert not output.exists()
    assert finished_blocks(output) >= 1
    assert pixels(predict([wide], model, output, OPTIONS)) == whole


def test_ctrl_c_keeps_what_is_finished_and_says_so(tmp_path, model):
    long = write_raster(tmp_path / "long.tif", random_image(200, 40_000), RGB)
    output = tmp_path / "out" / "p.tif"
    # A shell's background jobs, and their children, start with SIGINT ignored.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from inference_backend.cli.main import main; sys.exit(main())"
    )
    words = ["--lang", "fr", "predict", str(long), "-m", str(model), "-o", str(output)]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words, "--engine", "onnxruntime"], stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and finished_blocks(output) < 2:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    assert f"blocs finis sont conservés dans {work_folder(output)}" in said
    assert not output.exists()
    assert finished_blocks(output) >= 2


@pytest.mark.parametrize("moment", [1, 2])
def test_killed_in_the_middle_and_started_again(tmp_path, wide, model, moment):
    whole = pixels(predict([wide], model, tmp_path / "whole.tif", OPTIONS))
    output = tmp_path / "out" / "p.tif"
    words = [sys.executable, "-m", "inference_backend", "predict", str(wide), "-m", str(model)]
    words += ["-o", str(output), "--engine", "onnxruntime"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and finished_blocks(output) < moment:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not output.exists() or pixels(output) == whole
    assert pixels(predict([wide], model, output, OPTIONS)) == whole
    assert [path.name for path in output.parent.iterdir()] == ["p.tif"]


def test_every_class_goes_into_a_file_of_its_own(tmp_path, model):
    image = random_image(300, 2500)
    ortho = write_raster(tmp_path / "o.tif", image, RGB)
    output = predict([ortho], model, tmp_path / "p.tif", PredictOptions("onnxruntime", probabilities=True))
    with rasterio.open(tmp_path / "p_probabilities.tif") as raster, rasterio.open(output) as planes:
        assert raster.descriptions == ("water", "building", "other")
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        found, (classes, confidence) = raster.read(), planes.read([1, 2])
    logits = image.astype(np.float64)
    exact = np.exp(logits - logits.max(0))
    exact = 255 * exact / exact.sum(0)
    assert np.abs(found - np.minimum(exact, 254)).max() <= 0.51
    np.testing.assert_array_equal(found.max(0), confidence)
    np.testing.assert_array_equal(np.take_along_axis(found, classes[None].astype(int), 0)[0], confidence)


@pytest.mark.parametrize("value", ["-1", "128"])
def test_an_overlap_that_leaves_no_core(tmp_path, wide, model, capsys, value):
    words = ["predict", str(wide), "-m", str(model), "-o", str(tmp_path / "p.tif"), f"--overlap={value}"]
    assert main(words) == 2
    assert "0..127" in capsys.readouterr().err
