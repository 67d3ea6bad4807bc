# SPDX-License-Identifier: GPL-2.0-or-later
"""One campaign for the tests that only read it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.backend.datasets.campaigns import make_campaign, patchy


@pytest.fixture(scope="package")
def painted() -> list[np.ndarray]:
    """Labels of the campaign's patches; the last one is wholly labelled."""
    return [patchy(seed) for seed in range(5)] + [patchy(9, blank=0.0)]


@pytest.fixture(scope="package")
def campaign(tmp_path_factory, painted):
    height = np.random.default_rng(1).random((1, 96, 144), dtype=np.float32) * 30
    return make_campaign(tmp_path_factory.mktemp("campaign"), painted, 3, height=height)
