# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot whose making was stopped, killed or changed, with the real command where a process must die."""

import os
import pkgutil
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio

from inference_backend.contracts.lot import EDIT_JOURNAL
from inference_backend.errors import Cancelled, InputError, VectorError
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions
from inference_backend.postprocess.lot.reviewed_lot import ReviewedLotError, count_gestures, set_aside
from inference_backend.postprocess.pipeline import postprocess
from inference_backend.postprocess.prediction.prediction_errors import UnknownIndices, UnreadablePrediction
from inference_backend.postprocess.prediction.prediction_reader import Prediction
from inference_backend.postprocess.stages.block_store import finished_parts
from inference_backend.postprocess.stages.work_errors import LotPausedError
from inference_backend.work.errors import OutputInUseError
from inference_backend.work.work_folder import discard_unfinished, work_folder

from .communes import make_commune

COMMAND = Path(sys.executable).with_name("ocsge")
BLOCK_PX = 200
KILLS = (1, 8, 13, 22)
"""Finished blocks of stages after which a run ends early: in the survey, the regions and the borders."""


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    return make_commune(tmp_path_factory.mktemp("commune"), seed=8, size_m=120.0)


@pytest.fixture(scope="module")
def undisturbed(commune, profile, tmp_path_factory):
    output = tmp_path_factory.mktemp("whole") / "lot.gpkg"
    make(commune, output, profile)
    return polygons(output)


def make(commune, output, profile, progress=None, **options):
    asked = {"millesime": "2022", "block_px": BLOCK_PX, "workers": 1, **options}
    kept = {} if progress is None else {"progress": progress}
    return postprocess(commune.prediction, [commune.references], output, profile=profile, **asked, **kept)


def polygons(path):
    geometry, values = pyogrio.raw.read(path, layer="occupation_sol")[2:]
    return geometry.tolist(), [[repr(value) for value in column] for column in values]


class Watcher:
    """Remembers what it is told, and cancels once so many blocks of stages are finished."""

    def __init__(self, output, parts=None):
        self.output, self.parts, self.steps, self.shares = output, parts, [], []

    def update(self, share, message=""):
        self.shares.append(share)
        self.steps.append(message)
        if self.parts is not None and finished_parts(self.output) >= self.parts:
            raise Cancelled


def stopped(commune, output, profile, parts=12, **options):
    with pytest.raises(LotPausedError) as caught:
        make(commune, output, profile, Watcher(output, parts), **options)
    assert not output.exists()
    return caught.value


@pytest.mark.parametrize("parts", KILLS)
def test_a_stopped_run_says_what_it_keeps_and_goes_on_from_there(
    commune, undisturbed, profile, tmp_path, parts
):
    output = tmp_path / "out" / "lot.gpkg"
    error = stopped(commune, output, profile, parts)
    assert str(work_folder(output)) in error.text("fr")
    assert finished_parts(output) >= parts
    again = Watcher(output)
    make(commune, output, profile, again)
    assert polygons(output) == undisturbed
    assert "going on from finished blocks" in again.steps
    assert again.shares == sorted(again.shares)
    assert [path.name for path in output.parent.iterdir()] == ["lot.gpkg"]


@pytest.mark.parametrize("parts", KILLS[1::2])
def test_a_killed_command_goes_on_to_the_same_lot(commune, undisturbed, tmp_path, parts):
    output = tmp_path / "lot.gpkg"
    files = ["-o", str(output), "-r", str(commune.references)]
    options = ["--millesime", "2022", "--block", str(BLOCK_PX), "--workers", "2"]
    command = [str(COMMAND), "postprocess", str(commune.prediction), *files, *options]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while process.poll() is None and finished_parts(output) < parts:
        time.sleep(0.002)
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not output.exists()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert polygons(output) == undisturbed
    assert [path.name for path in tmp_path.iterdir()] == ["lot.gpkg"]


@pytest.mark.parametrize("change", ["prediction", "references", "blocks", "manifest", "restart"])
def test_other_work_starts_over(commune, profile, tmp_path, change):
    ours = type(commune)(tmp_path / "p.tif", tmp_path / "references")
    shutil.copy(commune.prediction, ours.prediction)
    shutil.copytree(commune.references, ours.references)
    output = tmp_path / "out" / "lot.gpkg"
    stopped(ours, output, profile)
    options = {}
    if change == "prediction":
        with rasterio.open(ours.prediction, "r+") as raster:
            raster.write(np.zeros((100, 100), np.uint8), 1, window=((300, 400), (300, 400)))
    elif change == "references":
        next(path for path in ours.references.iterdir() if path.suffix == ".gpkg").unlink()
    elif change == "manifest":
        (work_folder(output) / "manifest.json").write_text("{")
    else:
        options = {"block_px": 300} if change == "blocks" else {"restart": True}
    progress = Watcher(output)
    make(ours, output, profile, progress, **options)
    told = "starting over, inputs or options have changed" in progress.steps
    assert told == (change != "restart")
    assert "going on from finished blocks" not in progress.steps
    make(ours, tmp_path / "fresh.gpkg", profile)
    assert polygons(output) == polygons(tmp_path / "fresh.gpkg")


def test_damaged_blocks_are_made_again(commune, undisturbed, profile, tmp_path):
    output = tmp_path / "lot.gpkg"
    stopped(commune, output, profile, parts=15)
    for part in sorted(work_folder(output).glob("*_*.*"))[::2]:
        data = bytearray(part.read_bytes())
        data[len(data) // 2] ^= 1
        part.write_bytes(data)
    make(commune, output, profile)
    assert polygons(output) == undisturbed


def test_two_runs_on_one_lot_at_the_same_time(commune, profile, tmp_path):
    output = tmp_path / "lot.gpkg"

    class Again:
        refused = None

        def update(self, share, message=""):
            if 0.2 < share < 0.6 and self.refused is None:
                with pytest.raises(OutputInUseError) as caught:
                    make(commune, output, profile)
                self.refused = caught.value
                assert not discard_unfinished(output)

    progress = Again()
    make(commune, output, profile, progress)
    assert str(os.getpid()) in str(progress.refused)


def test_a_drive_that_goes_away_costs_no_finished_block(commune, undisturbed, profile, tmp_path, monkeypatch):
    output, read, reads = tmp_path / "lot.gpkg", Prediction.read, []

    def read_twice(prediction, window):
        if len(reads) == 2:
            raise UnreadablePrediction(path=prediction.path, reason="Input/output error")
        reads.append(window)
        return read(prediction, window)

    with monkeypatch.context() as drive:
        drive.setattr(Prediction, "read", read_twice)
        with pytest.raises(UnreadablePrediction):
            make(commune, output, profile)
    assert finished_parts(output) > 9
    again = Watcher(output)
    make(commune, output, profile, again)
    assert "going on from finished blocks" in again.steps
    assert polygons(output) == undisturbed


def test_unknown_values_are_told_before_any_block_is_worked_on(commune, profile, tmp_path):
    ours = type(commune)(tmp_path / "p.tif", commune.references)
    shutil.copy(commune.prediction, ours.prediction)
    with rasterio.open(ours.prediction, "r+") as raster:
        raster.write(np.full((1, 1), 77, np.uint8), 1, window=((599, 600), (599, 600)))
    output, steps = tmp_path / "lot.gpkg", Watcher(tmp_path / "lot.gpkg")
    with pytest.raises(UnknownIndices, match="77") as caught:
        make(ours, output, profile, steps)
    assert isinstance(caught.value, InputError)
    assert "regions" not in steps.steps
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.tif"]


def test_a_lot_whose_review_begins_meanwhile_is_not_replaced(commune, undisturbed, profile, tmp_path):
    output = tmp_path / "lot.gpkg"
    make(commune, output, profile)

    class Reviewer:
        has_begun = False

        def update(self, share, message=""):
            if share > 0.5 and not self.has_begun:
                self.has_begun = True
                with closing(sqlite3.connect(output)) as lot, lot:
                    add_spatial_functions(lot)
                    lot.execute(f"INSERT INTO {EDIT_JOURNAL.name} DEFAULT VALUES")

    with pytest.raises(ReviewedLotError):
        make(commune, output, profile, Reviewer())
    assert count_gestures(output) == 1
    set_aside(output)
    again = Watcher(output)
    make(commune, output, profile, again)
    assert "going on from finished blocks" in again.steps
    assert polygons(output) == undisturbed


def test_a_lot_among_its_references_goes_on(commune, undisturbed, profile, tmp_path):
    ours = type(commune)(commune.prediction, tmp_path / "references")
    shutil.copytree(commune.references, ours.references)
    output = ours.references / "lot.gpkg"
    stopped(ours, output, profile)
    again = Watcher(output)
    make(ours, output, profile, again)
    assert "going on from finished blocks" in again.steps
    assert polygons(output) == undisturbed


def test_references_in_a_folder_that_is_not_there_are_named(commune, profile, tmp_path):
    ours = type(commune)(commune.prediction, tmp_path / "nowhere" / "BDTOPO.gpkg")
    with pytest.raises(VectorError, match=r"BDTOPO.gpkg: no such file"):
        make(ours, tmp_path / "lot.gpkg", profile)
    assert list(tmp_path.iterdir()) == []


def test_a_step_of_the_whole_lot_ends_with_the_job(commune, profile, tmp_path, monkeypatch):
    output, ended = tmp_path / "lot.gpkg", threading.Event()

    def endless(*_arguments):
        progress = _arguments[-1]
        try:
            while True:
                progress.update(0.5, "geometry")
        except Cancelled:
            ended.set()

    class Impatient:
        def update(self, share, message=""):
            if message == "geometry":
                raise Cancelled

    monkeypatch.setattr("inference_backend.postprocess.pipeline.make_cover", endless)
    with pytest.raises(LotPausedError):
        make(commune, output, profile, Impatient())
    assert ended.wait(30)


@pytest.mark.parametrize("step", ["ReferenceSet.read", "finish_survey"])
def test_a_stopped_run_writes_nothing_into_the_folder_of_the_next(
    commune, profile, tmp_path, monkeypatch, step
):
    output = tmp_path / "lot.gpkg"
    target = f"inference_backend.postprocess.pipeline.{step}"
    plain, free, threads = (
        pkgutil.resolve_name(target.replace("pipeline.", "pipeline:", 1)),
        threading.Event(),
        [],
    )

    def slow(*arguments):
        threads.append(threading.current_thread())
        found = plain(*arguments)
        assert free.wait(30)
        return found

    class Impatient:
        def update(self, share, message=""):
            if threads:
                raise Cancelled

    monkeypatch.setattr(target, slow)
    with pytest.raises(Cancelled):
        make(commune, output, profile, Impatient())
    work_folder(output).mkdir(exist_ok=True)  # the next run's
    before = {path.name: path.stat().st_mtime_ns for path in work_folder(output).iterdir()}
    free.set()
    threads[0].join(30)
    assert {path.name: path.stat().st_mtime_ns for path in work_folder(output).iterdir()} == before


@pytest.mark.parametrize("looks", [1, 4])
def test_cancelling_while_the_lot_is_written_leaves_none_of_it(
    commune, undisturbed, profile, tmp_path, monkeypatch, looks
):
    """With another one there that stays, and blocks to go on from."""
    monkeypatch.setattr("inference_backend.postprocess.lot.gpkg_tables.ROWS_AT_ONCE", 2)
    output = tmp_path / "lot.gpkg"
    output.write_bytes(b"another")
    seen = []

    class Half:
        def update(self, share, message=""):
            seen.extend([message] if list(tmp_path.glob(".lot.*.part.gpkg")) else [])
            if len(seen) > looks:
                raise Cancelled

    with pytest.raises(LotPausedError):
        make(commune, output, profile, Half())
    assert set(seen) == {"writing"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [work_folder(output).name, "lot.gpkg"]
    assert output.read_bytes() == b"another"
    make(commune, output, profile)
    assert polygons(output) == undisturbed


def test_cancelling_once_the_lot_is_there_comes_too_late(commune, undisturbed, profile, tmp_path):
    output = tmp_path / "lot.gpkg"

    class Late:
        def update(self, share, message=""):
            if output.exists():
                raise Cancelled

    make(commune, output, profile, Late())
    assert polygons(output) == undisturbed
