# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole prediction through a server: the same file as from the engine here."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from inference_backend.cli.main import main
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from inference_backend.runtime.kserve.engine import KserveEngine
from tests.backend.predict.rasters import random_image, write_raster


@pytest.fixture
def ortho(tmp_path):
    """An image with a hole of nodata."""
    image = random_image(300, 270)
    image[:, 40:90, 100:200] = 0
    return write_raster(tmp_path / "ortho.tif", image, ("red", "green", "blue"), nodata=0)


def planes(path):
    with rasterio.open(path) as raster:
        return raster.read()


@pytest.mark.parametrize(
    ("name", "probabilities"), [("tiny", False), ("indices", False), ("window", False), ("tiny", True)]
)
def test_the_prediction_is_that_of_the_engine_here(
    server, token, models, ortho, tmp_path, monkeypatch, name, probabilities
):
    asked = []
    for method in ("infer", "planes"):
        original = getattr(KserveEngine, method)
        monkeypatch.setattr(
            KserveEngine, method, lambda *a, m=method, o=original: (asked.append(m), o(*a))[1]
        )
    model = models / f"{name}.onnx"
    for output, engine in (("here", "auto"), ("there", f"v2:{server.url}/v2/models/{name}")):
        options = PredictOptions(engine=engine, probabilities=probabilities)
        predict([ortho], model, tmp_path / f"{output}.tif", options)
    np.testing.assert_array_equal(planes(tmp_path / "there.tif"), planes(tmp_path / "here.tif"))
    assert set(asked) == {"infer" if probabilities else "planes"}, "planes are a fraction of the bytes"


@pytest.mark.parametrize("name", ["tiny", "indices", "window"])
def test_a_model_is_used_without_its_file(server, token, models, ortho, tmp_path, name, capsys):
    url, described = f"{server.url}/v2/models/{name}", tmp_path / "remote.json"
    assert main(["model", "fetch", url, str(described)]) == 0
    assert "water, building, other" in capsys.readouterr().out
    options = ["--output", str(tmp_path / "there.tif"), "--engine", f"v2:{url}"]
    assert main(["predict", str(ortho), "--model", str(described), *options]) == 0
    predict([ortho], models / f"{name}.onnx", tmp_path / "here.tif", PredictOptions())
    np.testing.assert_array_equal(planes(tmp_path / "there.tif"), planes(tmp_path / "here.tif"))


def test_a_server_without_a_card_of_ours_is_said(server, token, tmp_path, capsys):
    assert main(["model", "fetch", server.url, str(tmp_path / "x.json")]) == 2
    assert "it offers: damaged, indices" in capsys.readouterr().err
    assert not (tmp_path / "x.json").exists()
