# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from inference_backend.models.reader import read_model
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model
from tests.backend.service.server_process import TOKEN, ServerProcess


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder of small models, one damaged, one whose name cannot be an address."""
    folder = tmp_path_factory.mktemp("models")
    write_conv_model(folder / "tiny.onnx", brightest_band(), card())
    write_conv_model(folder / "indices.onnx", brightest_band(), card(output="argmax"), last="ArgMax")
    wide = np.random.default_rng(1).normal(size=(3, 3, 9, 9)) / 1000
    write_conv_model(folder / "window.onnx", wide, card(overlap_px=8), valid=True)
    (folder / "damaged.onnx").write_bytes(b"\x08\x07no network")
    (folder / "no address.onnx").write_bytes((folder / "tiny.onnx").read_bytes())
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory, models):
    server = ServerProcess(tmp_path_factory.mktemp("server"), "--models", str(models))
    yield server
    server.stop()


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setenv("OCSGE_V2_TOKEN", TOKEN)
    return TOKEN


@pytest.fixture
def tiny(models):
    return read_model(models / "tiny.onnx")


@pytest.fixture
def image():
    """One tile (1, 3, 64, 64) of bytes."""
    return np.random.default_rng(0).integers(0, 256, (1, 3, 64, 64)).astype(np.uint8)
