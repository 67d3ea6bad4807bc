# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS desktop: a campaign from its form to data sets, one patch with every tool.

Environment: OCSGE_STORY_SCENE (folder of a made commune), OCSGE_STORY_PREDICTION, OCSGE_DRIVE_OUT (folder of
the campaign, the data sets and `report.json`), OCSGE_DRIVE_HERE (folder of this file), OCSGE_STORY_PATCH_PX,
and optionally OCSGE_STORY_PICTURES (anything: take the pictures).
"""

import json
import os
import shutil
import sys
import traceback
from dataclasses import replace
from pathlib import Path

import numpy as np
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QPushButton
from qgis.utils import iface, plugins

sys.path.insert(0, os.environ["OCSGE_DRIVE_HERE"])
SCENE = Path(os.environ["OCSGE_STORY_SCENE"])
OUT = Path(os.environ["OCSGE_DRIVE_OUT"])
PATCH_PX = int(os.environ["OCSGE_STORY_PATCH_PX"])
PICTURES = bool(os.environ.get("OCSGE_STORY_PICTURES"))
FORMATS = ("flair", "flair-hub", "odeon", "stac", "coco", "yolo", "png")
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
UNLABELLED = 255
LIMIT_S = 60
COPIED = ("deciduous", "water", "coniferous", "pervious surface")
"""Values of the layer that are taken over."""
HERBACEOUS, BUILDING, PAVED, PERVIOUS = 7, 0, 3, 4
report = {"tools": {}, "waits_s": {}}


class Story:
    """One person at work; each chapter leaves what the next one needs."""

    def __init__(self, hands, window):
        self.plugin, self.hands, self.window = hands.plugin, hands, window
        self.session = self.plugin.session
        self.machine = self.plugin.machine_bench.machine

    # Helpers

    @property
    def labels(self):
        return self.session.opened.editor.labels

    def picture(self, name, widget=None):
        if PICTURES:
            if name != "regles":
                iface.messageBar().clearWidgets()
            self.settle()
            (widget or self.window).grab().save(str(OUT / f"annotator-{name}.png"))

    def settle(self, milliseconds=250):
        QTest.qWait(milliseconds)
        iface.mapCanvas().waitWhileRendering()
        QTest.qWait(100)

    def wait(self, condition, what):
        for tick in range(20 * LIMIT_S):
            if condition():
                report["waits_s"][what] = tick / 20
                return
            QTest.qWait(50)
        raise TimeoutError(f"{what}: {self.plugin.machine_bench.panel.state_label.text()}")

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        self.hands.key(key, modifiers)

    def choose(self, value):
        """By its key, as it is written in the list of classes."""
        entry = next(c for c in self.session.campaign.classes if c.value == value)
        QTest.keyClick(self.hands.canvas, entry.key.lower())
        assert self.session.value == value, (entry.key, self.session.value)

    def brush(self, size):
        """By the wheel's own steps where they fit, else by the box of the dock."""
        self.session.choose_brush(size)

    def spot(self, value, side):
        """Centre of a square of one class of the truth, px; the first from the top."""
        same = np.pad(np.cumsum(np.cumsum(self.truth == value, 0), 1), ((1, 0), (1, 0)))
        counts = same[side:, side:] - same[:-side, side:] - same[side:, :-side] + same[:-side, :-side]
        found = np.argwhere(counts == side * side)
        if not len(found):
            return None
        row, col = found[len(found) // 2]
        return col + side / 2, row + side / 2

    def done(self, tool, before):
        """The gesture is one, and changed labels."""
        changed = int((before != self.labels).sum())
        assert changed, f"{tool} changed nothing"
        report["tools"][tool] = changed

    def read_truth(self):
        from osgeo import gdal

        window = self.session.opened.window
        raster = gdal.Open(str(SCENE / "labels_2022.tif"))
        self.truth = raster.ReadAsArray(window.col, window.row, window.width, window.height)

    # Chapters

    def make_campaign(self):
        import processing

        project = QgsProject.instance()
        ortho = QgsRasterLayer(str(SCENE / "ortho_2022.tif"), "ortho_2022")
        height = QgsRasterLayer(str(SCENE / "height_2022.tif"), "height_2022")
        topo = str(SCENE / "references" / "bdtopo.gpkg")
        hints = [
            QgsVectorLayer(f"{topo}|layername={name}", name)
            for name in ("batiment", "troncon_de_route", "surface_hydrographique")
        ]
        project.addMapLayers([ortho, height, *(hint for hint in hints if hint.isValid())])
        campaign = OUT / "campagne" / "campagne.gpkg"
        campaign.parent.mkdir(parents=True)
        values = {
            "IMAGE": ortho, "NAME": "Campagne de la commune", "PATCH_SIZE": PATCH_PX, "SAMPLE": 4,
            "METHOD": 1, "HEIGHT": height, "HINTS": [hint for hint in hints if hint.isValid()],
            "OTHER_DATE": str(SCENE / "ortho_2019.tif"), "OUTPUT": str(campaign),
        }  # fmt: skip
        self.run_form(lambda: self.plugin.controller.do("create"), "createcampaign", values, "creer")
        assert campaign.exists()
        prediction = os.environ["OCSGE_STORY_PREDICTION"]
        shutil.copy(prediction, campaign.with_name("campagne_prediction.tif"))
        assert processing is not None
        for layer in (height, *hints):
            project.layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(False)
        self.plugin.controller.open_campaign(campaign)
        self.settle(600)
        report["locale"] = QgsApplication.locale()
        report["layers"] = sorted(layer.name() for layer in project.mapLayers().values())
        self.read_truth()

    def run_form(self, open_form, name, values, picture):
        """Fill an algorithm's form in, press its button, wait for its end."""
        open_form()
        forms = [w for w in QApplication.topLevelWidgets() if hasattr(w, "runButton") and w.isVisible()]
        dialog = next(form for form in forms if form.algorithm().name() == name)
        filled = dialog.createProcessingParameters()
        dialog.setParameters({**filled, **values})
        self.settle(300)
        self.picture_of_form(picture, dialog)
        finished = []
        dialog.algorithmFinished.connect(lambda ok, results: finished.append(ok))
        button = dialog.runButton()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.wait(lambda: finished, name)
        assert finished[0], dialog.textEdit().toPlainText() if hasattr(dialog, "textEdit") else name
        dialog.close()
        return filled

    def picture_of_form(self, name, dialog):
        """Places of files are those of a reader's computer."""
        kept = [(edit, edit.text()) for edit in dialog.findChildren(QLineEdit) if str(OUT) in edit.text()]
        for edit, text in kept:
            edit.setText(text.replace(str(OUT), "/donnees"))
        self.picture(name, dialog)
        for edit, text in kept:
            edit.setText(text)

    def paint_by_hand(self):
        side, hands = PATCH_PX, self.hands
        self.choose(PAVED)
        self.key(Qt.Key.Key_B)
        self.brush(max(9, side // 16))
        before = self.labels.copy()
        x, y = 0.2 * side, 0.55 * side
        hands.drag((x, y), (2 * x, y), (2 * x, y + side / 10), (x, y + side / 10))
        self.done("brush", before)
        hands.hover(x, y)
        self.picture("pinceau")
        before = self.labels.copy()
        self.key(Qt.Key.Key_E)
        self.brush(max(5, side // 40))
        hands.drag((x, y), (x + side / 24, y + side / 24))
        self.done("eraser", before)
        self.picture("gomme")

        before = self.labels.copy()
        self.choose(PERVIOUS)
        self.key(Qt.Key.Key_P)
        self.click_along((0.06, 0.7), (0.45, 0.72), (0.6, 0.93), (0.06, 0.93), picture="polygone")
        self.key(Qt.Key.Key_Return)
        self.done("polygon", before)

        before = self.labels.copy()
        self.choose(BUILDING)
        self.key(Qt.Key.Key_P, SHIFT)
        self.click_along((0.122, 0.134), (0.41, 0.134), (0.41, 0.458), picture="batiment")
        self.key(Qt.Key.Key_Return)
        self.done("building", before)

        before = self.labels.copy()
        self.choose(PAVED)
        self.key(Qt.Key.Key_L, SHIFT)
        self.click_along((0.815, 0.01), (0.775, 0.45), (0.74, 0.7), (0.72, 0.99), picture="route")
        self.key(Qt.Key.Key_Return)
        self.done("line", before)

        before = self.labels.copy()
        self.choose(PAVED)
        self.key(Qt.Key.Key_F)
        hands.click(0.3 * side, 0.85 * side)
        self.done("fill", before)
        assert not (self.labels == PERVIOUS).any()
        self.picture("remplissage")

        before = self.labels.copy()
        self.choose(HERBACEOUS)
        self.key(Qt.Key.Key_W)
        free = np.argwhere((self.labels == UNLABELLED) & (self.truth == HERBACEOUS))
        row, col = free[len(free) // 3] if len(free) else (side // 2, side // 2)
        hands.drag((col, row), (col + side / 20, row), (col + side / 10, row))
        self.done("wand", before)
        self.picture("baguette")

    def click_along(self, *shares, picture):
        for x, y in shares:
            self.hands.hover(x * PATCH_PX, y * PATCH_PX)
            self.hands.click(x * PATCH_PX, y * PATCH_PX)
        self.picture(picture)

    def tidy(self):
        self.key(Qt.Key.Key_Home)
        self.key(Qt.Key.Key_B)
        self.choose(PERVIOUS)
        self.brush(21)
        band = 0.86 * PATCH_PX
        self.hands.drag((0.2 * PATCH_PX, band), (0.4 * PATCH_PX, band))
        self.brush(3)
        for x in (0.22, 0.27, 0.32, 0.37):
            self.hands.click(x * PATCH_PX, band + 11)
        self.choose(1)
        for x in (0.14, 0.18, 0.22):
            self.hands.click(x * PATCH_PX, 0.78 * PATCH_PX)
        self.key(Qt.Key.Key_E)
        self.hands.click(0.3 * PATCH_PX, 0.78 * PATCH_PX)
        self.picture("avant-nettoyage")
        for name, key in (("gaps", Qt.Key.Key_H), ("specks", Qt.Key.Key_D), ("smooth", Qt.Key.Key_S)):
            before = self.labels.copy()
            self.key(key, SHIFT)
            self.done(name, before)
        assert not (self.labels == 1).any()
        self.picture("apres-nettoyage")

    def copy(self):
        before = self.labels.copy()
        layer = QgsRasterLayer(str(SCENE / "labels_2019.tif"), "etiquettes_2019")
        QgsProject.instance().addMapLayer(layer)
        QgsProject.instance().layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(False)

        def answer():
            dialog = QApplication.activeModalWidget()
            dialog.layers.setLayer(layer)
            for row in range(dialog.table.rowCount()):
                box = dialog.table.cellWidget(row, 1)
                name = dialog.values.names[row]
                if name not in COPIED:  # the others keep the class that is proposed by their name
                    box.setCurrentIndex(0)
            self.settle()
            if PICTURES:
                dialog.grab().save(str(OUT / "annotator-copie.png"))
            QTest.mouseClick(
                dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton
            )

        QTimer.singleShot(400, answer)
        self.key(Qt.Key.Key_V, SHIFT)
        self.done("copy", before)

    def undo_and_redo(self):
        kept = self.labels.copy()
        for _ in range(6):
            self.key(Qt.Key.Key_Z, CONTROL)
        assert not np.array_equal(kept, self.labels)
        for _ in range(6):
            self.key(Qt.Key.Key_Z, CONTROL | SHIFT)
        assert np.array_equal(kept, self.labels)

    def use_hints(self):
        self.show_panels("tools", "classes", "machine")
        before = self.labels.copy()
        box = self.plugin.machine_bench.panel.source_box
        self.propose_by(3, box)
        self.picture("indices")
        self.key(Qt.Key.Key_H)  # hide, show
        self.key(Qt.Key.Key_H)
        assert self.machine.proposals.proposal is not None
        self.key(Qt.Key.Key_G)
        self.done("hints", before)

    def propose_by(self, row, box):
        """What choosing in the box does."""
        box.setCurrentIndex(row)
        box.activated.emit(row)
        self.wait(lambda: self.machine.proposals.proposal is not None, f"proposal {row}")

    def use_segments(self):
        self.wait(lambda: self.session.segments is not None, "segments")
        before = self.labels.copy()
        self.key(Qt.Key.Key_S)  # a letter that QGIS binds to snapping
        assert self.plugin.bench.tool_name == "segment"
        self.key(Qt.Key.Key_Plus)
        for value in (HERBACEOUS, PAVED, 11, BUILDING):
            free = np.argwhere((self.labels == UNLABELLED) & (self.truth == value))
            if len(free):
                row, col = free[len(free) // 2]
                self.choose(value)
                self.hands.hover(col + 0.5, row + 0.5)
                self.hands.click(col + 0.5, row + 0.5)
        self.done("segment", before)
        self.picture("segments")

    def use_interactive_model(self):
        before = self.labels.copy()
        desk, tool = self.machine.interactive, self.plugin.bench.tools["interactive"]
        place = self.spot(BUILDING, PATCH_PX // 32) or self.spot(PAVED, 8)
        self.choose(BUILDING)
        self.key(Qt.Key.Key_M)
        self.wait(lambda: desk.is_ready, "embedding")
        self.hands.hover(*place)
        self.hands.click(*place)
        self.hands.click(2, 2, Qt.MouseButton.RightButton)
        answered = tool.prompts
        self.wait(lambda: tool.answered == answered, "mask")
        self.picture("modele-interactif")
        self.key(Qt.Key.Key_Return)
        self.done("interactive", before)

    def use_learner(self):
        before = self.labels.copy()
        self.key(Qt.Key.Key_B)
        self.key(Qt.Key.Key_Home)
        self.propose_by(2, self.plugin.machine_bench.panel.source_box)
        self.picture("apprentissage")
        self.key(Qt.Key.Key_G, CONTROL)
        self.done("learner", before)

    def use_prediction(self):
        self.propose_by(1, self.plugin.machine_bench.panel.source_box)
        self.picture("prediction")
        self.key(Qt.Key.Key_S)
        before = self.labels.copy()
        mask = self.machine.proposals.open_mask
        row, col = np.argwhere(mask)[mask.sum() // 2]
        QTest.mouseClick(
            self.hands.canvas.viewport(),
            Qt.MouseButton.LeftButton,
            SHIFT,
            self.hands.at(col + 0.5, row + 0.5),
        )
        self.done("prediction by segment", before)
        before = self.labels.copy()
        self.key(Qt.Key.Key_G)
        self.done("prediction", before)

    def hand_in(self, picture=""):
        """Submit, once asked twice where a rule is broken; the labels are kept for the comparison."""
        name, index = self.session.patch.patch_id, self.session.index
        np.save(OUT / f"{name}.npy", self.labels)
        self.key(Qt.Key.Key_Return, CONTROL)
        if self.session.index == index:  # it is asked first
            report.setdefault("asked", self.plugin.quality_bench.checks.state_label.text())
            if picture:
                self.show_panels("checks", "classes")
                self.picture(picture)
                self.show_panels("tools", "classes", "machine")
                self.key(Qt.Key.Key_D, SHIFT)
                np.save(OUT / f"{name}.npy", self.labels)
                self.key(Qt.Key.Key_Return, CONTROL)
        if self.session.index == index:
            self.key(Qt.Key.Key_Return, CONTROL)
        assert self.session.index != index
        return name

    def show_panels(self, *names):
        for name, panel in self.plugin.dock.panels.items():
            panel.fold(name not in names)

    def look_around(self):
        self.key(Qt.Key.Key_B)
        for _ in range(3):  # the largest one is all around
            self.key(Qt.Key.Key_N)
        self.picture("trou")
        self.key(Qt.Key.Key_Home)
        self.plugin.controller.do("views")
        self.window.resizeDocks([self.plugin.views_bench.dock], [PATCH_PX], Qt.Orientation.Horizontal)
        self.settle(600)
        self.key(Qt.Key.Key_Home)
        self.picture("vues")
        self.plugin.controller.do("views")
        self.key(Qt.Key.Key_O, SHIFT)
        self.picture("contours")
        self.key(Qt.Key.Key_O, SHIFT)

    def fill_the_rest(self):
        """What no proposal covers gets the class in hand."""
        self.choose(HERBACEOUS)
        self.key(Qt.Key.Key_F)
        for _ in range(500):
            hole = np.argwhere(self.labels == UNLABELLED)
            if not len(hole):
                return
            row, col = hole[0]
            self.hands.click(col + 0.5, row + 0.5)
        raise AssertionError("holes stay")

    def accept_predicted_patch(self):
        self.settle(300)
        self.propose_by(1, self.plugin.machine_bench.panel.source_box)
        self.key(Qt.Key.Key_G)
        return self.hand_in()

    def control(self, first, second):
        session, panel = self.session, self.plugin.quality_bench.control
        session.use_settings(replace(session.settings, annotator="Camille"))
        self.show_panels("control", "classes", "queue")
        self.settle()
        QTest.mouseClick(panel.mode_box, Qt.MouseButton.LeftButton, pos=panel.mode_box.rect().center() * 0.2)
        if not session.is_controlling:
            panel.mode_box.click()
        self.go_to(first)
        self.picture("controle")
        self.key(Qt.Key.Key_Return, CONTROL | SHIFT)
        self.go_to(second)
        QTest.keyClicks(panel.comment_edit, "Le toit au nord manque.")
        self.picture("renvoi")
        QTest.mouseClick(panel.findChild(QPushButton, "reject_patch_button"), Qt.MouseButton.LeftButton)
        report["states"] = {patch.patch_id: patch.state.value for patch in session.patches}
        report["comments"] = {patch.patch_id: patch.comment for patch in session.patches if patch.comment}

    def go_to(self, name):
        """By the keys of the queue."""
        names = [patch.patch_id for patch in self.session.patches]
        while names[self.session.index] != name:
            key = Qt.Key.Key_D if names.index(name) > self.session.index else Qt.Key.Key_A
            self.key(key)

    def export(self):
        import processing

        campaign = str(self.session.campaign.path)
        for index, name in enumerate(FORMATS if PICTURES else ("flair", "coco")):
            values = {"FORMAT": FORMATS.index(name), "OUTPUT": str(OUT / "sets" / name)}
            values |= {"MAPPING": "campaign", "ACCEPTED": True}
            if index:
                processing.run("ocsge_annotator:exportdataset", {"CAMPAIGN": campaign, **values})
            else:
                button = self.plugin.campaign_panel.step_buttons["exportdataset"]
                filled = self.run_form(button.click, "exportdataset", values, "exporter")
                assert filled["CAMPAIGN"] == campaign
        self.session.close_campaign()


def work():
    from hands import Hands, tidy_window

    window = tidy_window(iface, (1400, 1030) if PICTURES else None)
    story = Story(Hands(plugins["ocsge_annotator"], iface.mapCanvas()), window)
    story.session.use_settings(replace(story.session.settings, annotator="Anne"))
    story.make_campaign()
    story.paint_by_hand()
    story.tidy()
    story.copy()
    story.undo_and_redo()
    story.use_hints()
    story.use_segments()
    story.use_interactive_model()
    story.look_around()
    story.use_learner()
    story.use_prediction()
    story.fill_the_rest()
    report["gestures"] = story.session.opened.editor.gestures
    first = story.hand_in("regles")
    second = story.accept_predicted_patch()
    report["accepted"] = first
    story.control(first, second)
    story.export()


def main():
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        report["error"] = traceback.format_exc()
        iface.mainWindow().grab().save(str(OUT / "failure.png"))
    (OUT / "report.json").write_text(json.dumps(report, indent=1))
    sys.stdout.flush()
    plugins["ocsge_annotator"].unload()  # its backend ends with it
    QgsApplication.processEvents()
    os._exit(code)


QTimer.singleShot(1500, main)
