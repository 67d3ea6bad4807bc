# SPDX-License-Identifier: GPL-2.0-or-later
"""A made patch whose truth is known: a meadow, a field, a road, a roof as grey as the road but higher."""

from __future__ import annotations

import numpy as np

from inference_backend.annotation.types import make_patch
from inference_backend.contracts.campaign import UNLABELLED

SIDE_PX = 160
MEADOW, FIELD, ROAD, ROOF = 1, 4, 6, 9
COLOURS = {
    MEADOW: (60, 110, 60, 200),
    FIELD: (170, 150, 100, 120),
    ROAD: (130, 130, 130, 90),
    ROOF: (130, 130, 130, 90),
}


def made_truth():
    truth = np.full((SIDE_PX, SIDE_PX), MEADOW, np.uint8)
    truth[:, 90:] = FIELD
    truth[60:80] = ROAD
    truth[100:130, 20:60] = ROOF
    return truth


def made_image(truth, seed=1):
    """(5, H, W) float32: red, green, blue, infrared with noise, height in m."""
    random = np.random.default_rng(seed)
    image = np.empty((5, *truth.shape), np.float32)
    for value, colour in COLOURS.items():
        image[:4, truth == value] = np.array(colour, np.float32)[:, None]
    image[:4] += random.normal(0, 8, (4, *truth.shape))
    image[4] = 100 + 6 * (truth == ROOF) + random.normal(0, 0.1, truth.shape)
    return image


def made_patch(seed=1):
    return make_patch(made_image(made_truth(), seed))


def strokes(truth):
    """Two short strokes of every class but the roof, which has one."""
    labels = np.full(truth.shape, UNLABELLED, np.uint8)
    for rows, columns in (
        ((10, 14), (10, 40)),
        ((145, 149), (10, 40)),
        ((20, 24), (110, 150)),
        ((140, 144), (100, 130)),
        ((68, 72), (5, 30)),
        ((68, 72), (120, 150)),
        ((112, 116), (30, 50)),
    ):
        part = (slice(*rows), slice(*columns))
        labels[part] = truth[part]
    return labels
