# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from tests.backend.quality.layers import board, write_ocsge
from tests.backend.service.ogc.calls import finish, start
from tests.backend.service.server_process import ServerProcess
from tests.backend.service.toy_inputs import write_model, write_raster


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = ServerProcess(tmp_path_factory.mktemp("ogc"), "--workers", "2")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def layer(tmp_path_factory):
    """Nine squares that conform but for their size."""
    return str(write_ocsge(tmp_path_factory.mktemp("layer") / "lot.gpkg", board()))


@pytest.fixture(scope="session")
def checked(server, layer):
    """Status document of a `check` that succeeded, its results as a document."""
    status = finish(server, start(server, "check", {"path": layer}, response="document"))
    assert status["status"] == "successful", status
    return status


@pytest.fixture(scope="session")
def predict_inputs(tmp_path_factory):
    """Inputs of a small `predict` that leaves the place of its output to the service."""
    folder = tmp_path_factory.mktemp("rasters")
    return {
        "rasters": [str(write_raster(folder / "ortho.tif", 128))],
        "model": str(write_model(folder / "model.onnx")),
    }


@pytest.fixture(scope="session")
def predicted(server, predict_inputs):
    """Status document of a `predict` that asked for nothing special: its result is raw."""
    status = finish(server, start(server, "predict", predict_inputs))
    assert status["status"] == "successful", status
    return status


@pytest.fixture(scope="session")
def failed(server):
    """Status document of a job whose input is not there."""
    status = finish(server, start(server, "check", {"path": "/nowhere/lot.gpkg"}))
    assert status["status"] == "failed"
    return status
