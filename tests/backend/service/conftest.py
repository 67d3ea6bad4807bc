# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from tests.backend.service.server_process import ServerProcess
from tests.backend.service.toy_inputs import write_model, write_raster, write_slow_model, write_wide_raster


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = ServerProcess(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def inputs(tmp_path):
    """Inputs of a small `predict` job."""
    return {
        "rasters": [str(write_raster(tmp_path / "ortho.tif"))],
        "model": str(write_model(tmp_path / "model.onnx")),
        "output": str(tmp_path / "prediction.tif"),
    }


@pytest.fixture
def endless(tmp_path):
    """Inputs of a `predict` job that no test waits for."""
    return {
        "rasters": [str(write_wide_raster(tmp_path / "wide.tif", 4000))],
        "model": str(write_slow_model(tmp_path / "slow.onnx")),
        "output": str(tmp_path / "out" / "prediction.tif"),
    }
