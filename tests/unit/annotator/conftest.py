# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels and editors for the domain tests."""

import numpy as np
import pytest

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.active_clock import ActiveClock
from ocsge_annotator.domain.journal import Journal
from ocsge_annotator.domain.patch_editor import PatchEditor
from ocsge_annotator.domain.pixels import Shape

SIZE_PX = 64


@pytest.fixture
def make_editor(tmp_path):
    """Editor of a blank patch whose journal is in `tmp_path`."""

    def make(size_px: int = SIZE_PX) -> PatchEditor:
        labels = np.full((size_px, size_px), UNLABELLED, dtype=np.uint8)
        journal = Journal(tmp_path / "p.journal", "p", Shape(size_px, size_px))
        return PatchEditor(labels, journal, ActiveClock())

    return make
