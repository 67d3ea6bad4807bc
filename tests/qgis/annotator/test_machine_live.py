# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments, learner and memory with the real backend as a child process, by mouse and keys."""

from __future__ import annotations

import subprocess
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
from tests.qgis.annotator.mouse import RIGHT, Mouse

COMMAND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"
pytestmark = pytest.mark.skipif(not COMMAND.exists(), reason="needs the backend's environment")
SIDE_PX = 128
CONTROL = Qt.KeyboardModifier.ControlModifier
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
    models = [
        COMMAND.with_name("python"),
        "-m",
        "scripts.interactive_models",
        tmp_path / "data" / "interactive",
    ]
    subprocess.run(models, cwd=COMMAND.parents[2], check=True)
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
    live.mouse.key(Qt.Key.Key_Return, CONTROL)
    assert session.index == 1
    qtbot.waitUntil(lambda: machine.proposals.proposal is not None, timeout=20_000)
    live.mouse.key(Qt.Key.Key_G)
    assert agreement(live, second) > 0.9


def test_points_and_boxes_are_answered_shown_and_committed(live, qtbot):
    session, desk = live.session, live.machine_bench.machine.interactive
    building = truth()[:, :SIDE_PX] == BUILDING
    tool = live.bench.tools["interactive"]
    session.choose_class(BUILDING)
    live.mouse.key(Qt.Key.Key_M)
    qtbot.waitUntil(lambda: desk.is_ready, timeout=60_000)

    # The mouse alone shows what a click would mean; nothing is painted.
    live.mouse.move(55, 40)
    qtbot.waitUntil(lambda: tool.highlight.region is not None, timeout=20_000)
    assert (session.opened.editor.labels == UNLABELLED).all()

    # Inside and outside, one point taken back, committed as one gesture.
    live.mouse.click(55, 40)
    live.mouse.click(100, 70, button=RIGHT)
    live.mouse.click(5, 5, button=RIGHT)
    assert [inside for _, inside in tool.prompts.points] == [True, False, False]
    live.mouse.key(Qt.Key.Key_Backspace)
    answered = tool.prompts
    qtbot.waitUntil(lambda: tool.answered == answered, timeout=20_000)
    live.mouse.key(Qt.Key.Key_Return)
    labels = session.opened.editor.labels
    assert np.mean((labels == BUILDING) == building) > 0.9
    assert session.opened.editor.gestures == 1
    assert tool.prompts.is_empty
    live.mouse.key(Qt.Key.Key_Z, CONTROL)

    # A box; Escape forgets it.
    live.mouse.drag((26, 16), (50, 40), (84, 64))
    assert tool.prompts.box is not None
    qtbot.waitUntil(lambda: tool.answered == tool.prompts, timeout=20_000)
    assert tool.highlight.region is not None
    live.mouse.key(Qt.Key.Key_Escape)
    assert tool.prompts.is_empty
    assert (session.opened.editor.labels == UNLABELLED).all()

    # Embeddings of both patches are kept with the campaign.
    kept = live.campaign_folder / "cache" / "embeddings"
    qtbot.waitUntil(lambda: len(list(kept.rglob("*.npz"))) == 2, timeout=60_000)
