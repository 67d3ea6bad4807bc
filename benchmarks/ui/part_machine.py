# SPDX-License-Identifier: GPL-2.0-or-later
"""The segment under the mouse, and the learner's proposal after a stroke, on a patch of 512 px."""

import os
import time

import numpy as np
from osgeo import gdal
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from stage import figures

PATCH_PX = 512
HOVERS = 400
STROKES = 20
LIMIT_S = 60.0


def measure(stage):
    os.environ["OCSGE_BACKEND"] = os.environ["OCSGE_UI_BACKEND"]
    stage.open(PATCH_PX)
    machine = stage.plugin.machine_bench.machine
    wait_for(lambda: stage.session.segments is not None)
    stage.key(Qt.Key.Key_S)
    found = {}
    for scale, name in ((0, "finest"), (machine.segments.segments.scale_count - 1, "coarsest")):
        machine.segments.step(scale - machine.segments.segments.scale)
        found |= hover(stage, f"segment_hover_{name}")
    machine.segments.step(2 - machine.segments.segments.scale)
    found |= hover(stage, "segment_hover") | learn(stage, machine)
    return found


def hover(stage, name):
    """A mouse move to the segment that lights up, anywhere; and, on a way, to its picture on the screen."""
    rng = np.random.default_rng(0)
    looked_up, painted = [], []
    for x, y in rng.uniform(2, PATCH_PX - 2, (HOVERS, 2)):
        start = time.perf_counter()
        stage.move(x, y)
        looked_up.append(1000 * (time.perf_counter() - start))
    highlight, work = stage.plugin.bench.tools["segment"].highlight, []
    for x in np.linspace(2, PATCH_PX - 2, HOVERS):
        before, painted_before, start, spent = (
            highlight.region,
            stage.paints.count,
            time.perf_counter(),
            time.thread_time(),
        )
        stage.move(x, PATCH_PX * (0.5 + 0.4 * np.sin(x / 60)))
        if highlight.region is before:
            continue
        wait_for(lambda count=painted_before: stage.paints.count > count)
        painted.append(1000 * (time.perf_counter() - start))
        work.append(1000 * (time.thread_time() - spent))
    stage.settle()
    stage.picture(name)
    return (
        figures(f"{name}_ms", looked_up)
        | figures(f"{name}_paint_ms", painted)
        | figures(f"{name}_paint_cpu_ms", work)
    )


def learn(stage, machine):
    """Clicks on segments where the proposal is wrong; from each release to the new proposal."""
    truth = true_labels(stage)
    durations, agreements = [], []
    machine.grow()  # the learner begins
    for click in range(STROKES):
        x, y = next_click(machine, truth, click)
        stage.session.choose_class(int(truth[y, x]))
        before = machine.proposals.proposal
        start = time.perf_counter()
        stage.press(x + 0.5, y + 0.5)
        stage.release(x + 0.5, y + 0.5)
        if np.unique(machine.proposals.labels_by_people).size < 3:  # unlabelled and two classes
            continue
        wait_for(lambda before=before: machine.proposals.proposal not in (None, before))
        durations.append(time.perf_counter() - start)
        agreements.append(float(np.mean(machine.proposals.proposal.value == truth)))
        if click in (6, STROKES - 1):
            stage.settle()
            stage.picture(f"learner_{click + 1}")
    stage.key(Qt.Key.Key_G)
    labels = stage.session.opened.editor.labels
    return figures("learner_s", durations) | {
        "learner_clicks": STROKES,
        "learner_agreement": round(float(np.mean(labels == truth)), 3),
        "learner_agreement_by_click": [round(value, 3) for value in agreements],
    }


def next_click(machine, truth, click):
    """A pixel in the middle of the largest class that is wrong, or not proposed yet."""
    rng = np.random.default_rng(click)
    proposal = machine.proposals.proposal
    value = machine.proposals.labels_by_people if proposal is None else proposal.value
    wrong = np.argwhere((value != truth) & (machine.proposals.labels_by_people == 255))
    y, x = wrong[rng.integers(len(wrong))]
    return int(x), int(y)


def true_labels(stage):
    """(H, W) class values of the patch in hand, from the scene's truth."""
    from ocsge_annotator._vendor.inference_backend.contracts.profile import Profile

    from ocsge_annotator.adapters.prediction_raster import open_prediction
    from ocsge_annotator.domain.class_mapping import mapping_table

    gdal.UseExceptions()
    campaign, image = stage.session.campaign, stage.session.image
    truth = open_prediction(stage.scene / "labels_2022.tif", campaign.crs_wkt)
    table = mapping_table(truth.classes, campaign.classes, Profile.load())
    return table[truth.read(image.grid, stage.session.opened.window)[0]]


def wait_for(is_there):
    """Let QGIS work until something is there."""
    end = time.perf_counter() + LIMIT_S
    while not is_there():
        QgsApplication.processEvents()
        if time.perf_counter() > end:
            raise TimeoutError("it did not come")
