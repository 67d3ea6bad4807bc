# SPDX-License-Identifier: GPL-2.0-or-later
"""Areas that pairs share are the same on one thread and on several."""

from __future__ import annotations

import numpy as np
import shapely

from inference_backend import shared_areas
from inference_backend.shared_areas import shared_areas_m2


def test_parts_on_threads_give_what_one_cut_gives(monkeypatch):
    random = np.random.default_rng(3)
    west, south = random.uniform(0, 50, (2, 300))
    first = shapely.box(west, south, west + 20, south + 10)
    second = shapely.buffer(shapely.points(random.uniform(0, 60, (300, 2))), 9)
    at_once = shared_areas_m2(first, second)
    assert 0 < (at_once == 0).sum() < 300
    monkeypatch.setattr(shared_areas, "PART", 7)
    assert (shared_areas_m2(first, second, threads=3) == at_once).all()
    assert shared_areas_m2(first[:0], second[:0], threads=3).shape == (0,)
