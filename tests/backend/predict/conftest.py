# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest

from tests.backend.models.onnx_files import brightest_band, card, write_conv_model

from .rasters import random_image, write_raster

RGB = ("red", "green", "blue")


@pytest.fixture
def model(tmp_path):
    """Class k wins where band k is the brightest."""
    return write_conv_model(tmp_path / "model.onnx", brightest_band(), card())


@pytest.fixture
def wide_model(tmp_path):
    """A 9 x 9 convolution, so that each pixel looks 4 px around itself; its card's margin is 8 px."""
    weights = np.random.default_rng(1).normal(size=(3, 3, 9, 9)) / 1000
    return write_conv_model(tmp_path / "wide.onnx", weights, card())


@pytest.fixture
def image():
    return random_image(150, 170)


@pytest.fixture
def ortho(tmp_path, image):
    return write_raster(tmp_path / "ortho.tif", image, RGB)
