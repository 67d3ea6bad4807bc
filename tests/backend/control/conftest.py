# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot that waits for its control."""

from __future__ import annotations

import shutil

import pytest

from inference_backend.contracts.profile import Profile
from tests.backend.lots.coverages import make_lot

from .control_sheets import COLUMNS, ROWS, deliver


@pytest.fixture(scope="session")
def delivered(tmp_path_factory):
    """A delivered lot of a hundred fields and a road; never written to."""
    folder = tmp_path_factory.mktemp("sample")
    return deliver(make_lot(folder / "lot.gpkg", Profile.load(), columns=COLUMNS, rows=ROWS))


@pytest.fixture
def delivered_lot(delivered, tmp_path):
    """The same, to be changed."""
    return shutil.copy(delivered, tmp_path)
