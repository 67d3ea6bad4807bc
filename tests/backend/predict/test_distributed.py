# SPDX-License-Identifier: GPL-2.0-or-later
"""Predictions on real Dask processes: the same pixels, whatever dies."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio

from inference_backend.cluster import client as distributed_client
from inference_backend.cluster.address import LocalWorkers, RemoteScheduler, parse_scheduler
from inference_backend.cluster.errors import (
    BadSchedulerError,
    ClusterNotInstalledError,
    OtherSoftwareError,
    SchedulerLostError,
    SchedulerUnreachableError,
    WorkerInputError,
)
from inference_backend.cluster.software import check_software
from inference_backend.errors import Cancelled
from inference_backend.models.reader import read_model
from inference_backend.predict.cluster import executor as distributed
from inference_backend.predict.cluster import worker
from inference_backend.predict.cluster.software import software
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import finished_blocks, predict
from inference_backend.progress import Silent
from tests.backend.models.onnx_files import card, write_conv_model

from .dask_cluster import DaskCluster
from .rasters import random_image, write_raster

ENGINE = "onnxruntime"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("distributed")


@pytest.fixture(scope="module")
def cluster(folder):
    started = DaskCluster(folder, workers=2)
    yield started
    started.close()


@pytest.fixture(scope="module")
def wide_model(folder):
    weights = np.random.default_rng(1).normal(size=(3, 3, 9, 9)) / 1000
    return write_conv_model(folder / "wide.onnx", weights, card(tile_px=256), tile=256)


@pytest.fixture(scope="module")
def ortho(folder):
    """Six blocks, one under the other."""
    return write_raster(
        folder / "ortho.tif", random_image(9900, 400), ("red", "green", "blue"), tiled=True, bigtiff="no"
    )


@pytest.fixture(scope="module")
def expected(folder, ortho, wide_model):
    """What threads of one process make."""
    return pixels(predict([ortho], wide_model, folder / "threads.tif", PredictOptions(engine=ENGINE)))


class Watching(Silent):
    """Does something once, when a share of the work is done."""

    def __init__(self, share, act):
        self.share, self.act = share, act

    def update(self, share, message=""):
        if self.act is not None and share >= self.share:
            act, self.act = self.act, None
            act()


def run(ortho, model, output, scheduler, progress=None):
    return predict(
        [ortho], model, output, PredictOptions(engine=ENGINE, scheduler=scheduler), progress=progress
    )


def pixels(path):
    with rasterio.open(path) as raster:
        return raster.read()


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("tcp://host:8786", RemoteScheduler("tcp://host:8786")),
        ("tls://[::1]:8786", RemoteScheduler("tls://[::1]:8786")),
        ("local:2x3", LocalWorkers(2, 3)),
    ],
)
def test_a_scheduler_is_an_address_or_processes_of_this_machine(value, meaning):
    assert parse_scheduler(value) == meaning


@pytest.mark.parametrize(
    "value", ["host:8786", "tcp://host", "local:0", "local:", "file:///etc", "tcp://a b:1"]
)
def test_anything_else_is_refused_with_an_example(value):
    with pytest.raises(BadSchedulerError, match="tcp://host:8786") as caught:
        parse_scheduler(value)
    assert "Écrivez" in caught.value.text("fr")


def test_without_dask_the_extra_is_named(monkeypatch, ortho, wide_model, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterNotInstalledError, match=r"pip install 'ocsge-backend\[cluster\]'"):
        run(ortho, wide_model, tmp_path / "p.tif", "tcp://127.0.0.1:1")


def test_nobody_at_the_address(monkeypatch, ortho, wide_model, tmp_path):
    monkeypatch.setattr(distributed_client, "CONNECT_TIMEOUT_S", 0.5)
    with pytest.raises(SchedulerUnreachableError, match=r"tcp://127\.0\.0\.1:1"):
        run(ortho, wide_model, tmp_path / "p.tif", "tcp://127.0.0.1:1")
    assert not list(tmp_path.iterdir())


def test_tls_without_certificates_says_where_they_belong(ortho, wide_model, tmp_path):
    with pytest.raises(SchedulerUnreachableError, match=r"distributed\.comm\.tls"):
        run(ortho, wide_model, tmp_path / "p.tif", "tls://127.0.0.1:1")


def test_versions_that_differ_are_named():
    check_software("here", software(), software())
    with pytest.raises(OtherSoftwareError, match=r"tcp://w:1: has numpy 1\.0, here it is"):
        check_software("tcp://w:1", {**software(), "numpy": "1.0"}, software())


def test_two_workers_give_the_pixels_of_threads(cluster, ortho, wide_model, tmp_path, expected, monkeypatch):
    monkeypatch.chdir(ortho.parent)
    made = run(Path(ortho.name), wide_model, tmp_path / "p.tif", cluster.address)
    np.testing.assert_array_equal(pixels(made), expected)
    assert [path.name for path in tmp_path.iterdir()] == ["p.tif"]


def test_a_worker_with_other_software_is_refused(cluster, ortho, wide_model, tmp_path, monkeypatch):
    monkeypatch.setattr(distributed, "software", lambda: {**software(), "numba": "0.0"})
    with pytest.raises(OtherSoftwareError, match=r"has numba .*, here it is 0\.0"):
        run(ortho, wide_model, tmp_path / "p.tif", cluster.address)


def test_a_worker_that_does_not_see_the_raster_is_named(cluster, wide_model, tmp_path):
    raster = write_raster(tmp_path / "mine.tif", random_image(1100, 1100), ("red", "green", "blue"))
    hidden = Watching(0.0, lambda: None)
    moved = []

    def submit(self, job, block, plain=distributed.Cluster._submit):
        if not moved:  # the plan is made, the workers have not opened it yet
            moved.append(raster.rename(tmp_path / "elsewhere.tif"))
        return plain(self, job, block)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distributed.Cluster, "_submit", submit)
        with pytest.raises(WorkerInputError, match=r"Worker tcp://.*mine\.tif") as caught:
            run(raster, wide_model, tmp_path / "p.tif", cluster.address, hidden)
    assert "Chaque exécutant" in caught.value.text("fr")


def test_a_cancelled_run_keeps_its_blocks_and_goes_on_without_a_cluster(
    cluster, ortho, wide_model, tmp_path, expected
):
    def stop():
        raise Cancelled

    output = tmp_path / "p.tif"
    with pytest.raises(Cancelled, match="blocks are kept"):
        run(ortho, wide_model, output, cluster.address, Watching(0.15, stop))
    kept = finished_blocks(output)
    assert kept > 0
    shares = []
    progress = Watching(2.0, None)
    progress.update = lambda share, message="": shares.append(share)
    predict([ortho], wide_model, output, PredictOptions(engine=ENGINE), progress=progress)
    np.testing.assert_array_equal(pixels(output), expected)
    assert min(share for share in shares if share > 0) > 0.1


def test_a_worker_killed_half_way_changes_nothing(cluster, ortho, wide_model, tmp_path, expected):
    made = run(
        ortho, wide_model, tmp_path / "p.tif", cluster.address, Watching(0.15, cluster.workers[0].kill)
    )
    assert cluster.workers[0].wait() < 0
    np.testing.assert_array_equal(pixels(made), expected)


def test_a_scheduler_that_goes_away_leaves_what_is_finished(cluster, ortho, wide_model, tmp_path, expected):
    """The last test with this cluster."""
    output = tmp_path / "p.tif"
    with pytest.raises(SchedulerLostError, match="the same command again"):
        run(ortho, wide_model, output, cluster.address, Watching(0.15, cluster.scheduler.kill))
    assert finished_blocks(output) > 0
    assert not output.exists()
    predict([ortho], wide_model, output, PredictOptions(engine=ENGINE))
    np.testing.assert_array_equal(pixels(output), expected)


def test_processes_of_this_machine_give_the_same(ortho, wide_model, tmp_path, expected):
    made = run(ortho, wide_model, tmp_path / "p.tif", "local:1x1")
    np.testing.assert_array_equal(pixels(made), expected)


def test_every_worker_opens_the_engine_before_its_first_block(wide_model):
    with distributed.open_cluster("local:2x1", read_model(wide_model)) as cluster:
        assert cluster.settle_engine(ENGINE) == (ENGINE, "f32")
        end = time.monotonic() + 20
        while not (ready := all(cluster.client.run(_has_engine).values())) and time.monotonic() < end:
            time.sleep(0.05)
        assert ready


def test_workers_of_this_machine_keep_no_statistics():
    import dask

    with distributed_client.cluster_client("local:1x1") as client:
        assert client.run(_profiles) == dict.fromkeys(client.scheduler_info()["workers"], False)
    assert dask.config.get("distributed.worker.profile.enabled") is True


def _has_engine():
    return worker._process._engine is not None


def _profiles(dask_worker):
    return "profile" in dask_worker.periodic_callbacks
