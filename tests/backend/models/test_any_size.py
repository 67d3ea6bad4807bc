# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import onnxruntime as ort

from inference_backend.models.reader import default_model_path, read_model


def test_the_embedded_model_takes_a_larger_tile_and_says_the_same_away_from_its_border():
    model = read_model(default_model_path())
    assert model.card.any_size
    session = ort.InferenceSession(str(model.path), providers=["CPUExecutionProvider"])
    tile = model.card.tile_px
    image = np.random.default_rng(0).normal(size=(1, 5, 2 * tile, tile)).astype(np.float32)
    large = session.run(None, {"image": image})[0]
    small = session.run(None, {"image": image[:, :, :tile]})[0]
    assert large.shape == (1, len(model.card.classes), 2 * tile, tile)
    np.testing.assert_array_equal(large[:, :, : tile // 2], small[:, :, : tile // 2])
