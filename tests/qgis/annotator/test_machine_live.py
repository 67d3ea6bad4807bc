# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments, learner and memory with the real backend as a child process, by mouse and keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qgis.PyQt.QtCore import Qt

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.profile import Profile
from ocsge_annotator.adapters.campaign_file import CampaignPlan, create_campaign
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.domain.label_classes import physical_classes
from ocsge_annotator.domain.patch_grid import lay_cells, rank_cells
from tests.qgis.annotator.conftest import write_raster
from tests.qgis.annotator.mouse import Mouse

COMMAND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"
pytestmark = pytest.mark.skipif(not COMMAND.exists(), reason="needs the backend's environment")
SIDE_PX = 128
BUILDING, GRASS, WATER = 0, 7, 6
COLOURS = {BUILDING: (190, 110, 90, 100), GRASS: (80, 110, 60, 170), WATER: (40, 70, 80, 20)}


def truth() -> np.ndarray:
    """Two patches side by side: grass, in each a building and a pond, at other places."""
    classes = np.full((SIDE_PX, 2 * SIDE_PX), GRASS, dtype=np.uint8)
    classes[20:60, 30:80], classes[80:110, 10:120] = BUILDING, WATER
    classes[70:100, 150:190], classes[10:50, 200:250] = BUILDING, WATER
    return classes


@pytest.fixture
def live(plugin, tmp_path, qgis_canvas, qgis_parent, qtbot, monkeypatch):
    """A campaign of two patches, open at the first, with the backend behind it."""
    monkeypatch.setenv("OCSGE_BACKEND", str(COMMAND))
    monkeypatch.setenv("OCSGE_DATA_DIR", str(tmp_path / "data"))
    rng = np.random.default_rng(0)
    table = np.zeros((256, 4))
    for value, colour in COLOURS.items():
        table[value] = colour
    bands = table[truth()].transpose(2, 0, 1) + rng.normal(0, 8, (4, SIDE_PX, 2 * SIDE_PX))
    write_raster(tmp_path / "ortho.tif", np.clip(bands, 0, 255).astype(np.uint8))
    image = read_image(tmp_path / "ortho.tif")
    path = tmp_path / "campaign" / "campaign.gpkg"
    cells = tuple(rank_cells(lay_cells(image.grid, SIDE_PX, SIDE_PX)))
    classes = physical_classes(Profile.load())
    create_campaign(CampaignPlan(path, "Essai", image, "ocsge-2.0", SIDE_PX, classes, cells))
    qgis_parent.show()
    qgis_canvas.show()
    plugin.dock.setUserVisible(True)
    plugin.controller.open_campaign(path)
    plugin.mouse = Mouse(plugin, qgis_canvas)
    plugin.campaign_folder = path.parent
    return plugin


def agreement(plugin, expected: np.ndarray) -> float:
    return float(np.mean(plugin.session.opened.editor.labels == expected))


def test_from_the_first_segment_to_a_patch_that_others_taught(live, qtbot):
    session, machine = live.session, live.machine_bench.machine
    first, second = truth()[:, :SIDE_PX], truth()[:, SIDE_PX:]

    # Segments of the patch in hand, then of the next one, kept with the campaign.
    qtbot.waitUntil(lambda: session.segments is not None, timeout=30_000)
    kept = live.campaign_folder / "cache" / "segments"
    qtbot.waitUntil(lambda: len(list(kept.glob("*.tif"))) == 2, timeout=10_000)

    # Few strokes: by segment, by brush, and the learner fills in the rest.
    live.mouse.key(Qt.Key.Key_S)
    for value, (x, y) in {BUILDING: (50, 40), WATER: (60, 95), GRASS: (100, 30)}.items():
        session.choose_class(value)
        live.mouse.click(x, y)
    assert (session.opened.editor.labels[first == BUILDING] != GRASS).all()
    live.mouse.key(Qt.Key.Key_G)
    qtbot.waitUntil(lambda: machine.proposals.proposal is not None, timeout=20_000)
    before = machine.proposals.proposal
    unlabelled = np.argwhere((session.opened.editor.labels == UNLABELLED) & (first == GRASS))
    live.mouse.click(*(unlabelled[len(unlabelled) // 2][::-1] + 0.5))
    qtbot.waitUntil(lambda: machine.proposals.proposal not in (None, before), timeout=10_000)
    live.mouse.key(Qt.Key.Key_G)
    assert agreement(live, first) > 0.95
    assert (session.opened.editor.labels == UNLABELLED).sum() == 0

    # A finished patch teaches the next one, on which nobody has painted.
    live.mouse.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert session.index == 1
    qtbot.waitUntil(lambda: machine.proposals.proposal is not None, timeout=20_000)
    live.mouse.key(Qt.Key.Key_G)
    assert agreement(live, second) > 0.9
