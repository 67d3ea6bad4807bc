# SPDX-License-Identifier: GPL-2.0-or-later
"""Loading, unloading, settings, keys."""

import dataclasses
import gc
import re

import numpy as np
import pytest
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QApplication, QFileDialog

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.settings import AnnotatorSettings, annotator_settings
from ocsge_annotator.errors import ImageError
from ocsge_annotator.gui.options import make_sections
from ocsge_annotator.plugin import AnnotatorPlugin
from tests.qgis.annotator.conftest import LEFT, write_raster


def leftovers(canvas):
    registry = QgsApplication.processingRegistry()
    return (
        len(canvas.scene().items()),
        [p.id() for p in registry.providers() if p.id() == "ocsge_annotator"],
        canvas.mapTool() is not None and canvas.mapTool().__module__.startswith("ocsge"),
    )


def test_it_loads_and_unloads_twice_without_leaving_anything(
    qgis_iface, qgis_canvas, qgis_new_project, campaign_file
):
    before = leftovers(qgis_canvas)
    for _ in range(2):
        plugin = AnnotatorPlugin(qgis_iface)
        plugin.initGui()
        assert QgsApplication.processingRegistry().providerById("ocsge_annotator") is not None
        plugin.controller.open_campaign(campaign_file)
        plugin.unload()
        plugin.unload()  # QGIS may call it again
        del plugin
        gc.collect()
        QApplication.sendPostedEvents(None, 52)  # DeferredDelete
        assert leftovers(qgis_canvas) == before
    QgsProject.instance().clear()


def test_the_campaigns_layers_are_shown_once(work, campaign_file):
    names = sorted(layer.name() for layer in QgsProject.instance().mapLayers().values())
    work.controller.open_campaign(campaign_file)
    assert sorted(layer.name() for layer in QgsProject.instance().mapLayers().values()) == names
    assert len(names) == 2


def test_every_gesture_has_a_button_that_names_its_key(plugin):
    for name, gesture in plugin.table.load({}).items():
        if re.fullmatch(r"view\d", name):
            continue  # one box per view that a campaign has, with its key in the text
        button = plugin.dock.button(name)
        assert button is not None, name
        assert gesture.key in button.toolTip()
        assert not button.icon().isNull(), name


def test_no_key_serves_twice(work):
    bindings = work.controller.bindings(AnnotatorSettings())
    assert len(bindings) == len(work.table.load({})) + len(work.session.campaign.classes)


def test_without_campaign_the_keys_are_those_of_qgis(plugin):
    assert not plugin._takes_keys()


def test_a_changed_key_works_and_shows(work):
    sections = make_sections(work.store, work.table, work._on_settings)
    sections[2].editors["fill"].setKeySequence(QKeySequence("Shift+F"))
    sections[0].form.editors["annotator"].setText("Annie")
    for section in sections:
        section.save()
    work.mouse.key(Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    assert work.bench.tool_name == "fill"
    assert "Shift+F" in work.dock.button("fill").toolTip()
    assert work.session.settings.annotator_name == "Annie"
    assert annotator_settings().load().keys == ("fill=Shift+F",)


def test_settings_of_an_earlier_day_are_used(qgis_iface, qgis_canvas):
    annotator_settings().save(dataclasses.replace(AnnotatorSettings(), brush_px=31, opacity_percent=20))
    plugin = AnnotatorPlugin(qgis_iface)
    plugin.initGui()
    assert plugin.session.brush_px == 31
    assert plugin.bench.overlay.label_opacity == pytest.approx(0.2)
    plugin.unload()


def test_closing_qgis_saves(work, campaign_file):
    work.mouse.drag((5, 5), (40, 40))
    path = campaign_file.parent / work.session.patch.label_path
    work._on_quit()
    assert path.exists()
    assert not path.with_suffix(".journal").exists()


def test_gestures_recovered_after_a_crash_are_announced(work, campaign_file, qgis_iface):
    work.mouse.drag((5, 5), (40, 40))
    editor, work.session.opened = (
        work.session.opened.editor,
        None,
    )  # what a crash leaves: a journal, no raster
    editor.close()
    work.session.index = -1
    work.controller.open_campaign(campaign_file)
    assert work.session.opened.editor.recovered == 1
    assert (work.session.opened.editor.labels == editor.labels).all()


def test_an_image_that_moved_can_be_located(plugin, campaign_file, image_file, tmp_path, monkeypatch):
    elsewhere = tmp_path / "archive" / "ortho.tif"
    elsewhere.parent.mkdir()
    image_file.rename(elsewhere)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(elsewhere), ""))
    plugin.controller.open_campaign(campaign_file)
    assert plugin.session.opened is not None
    assert read_campaign(campaign_file).image == elsewhere


def test_an_image_that_nobody_finds_leaves_the_plugin_usable(plugin, campaign_file, image_file, monkeypatch):
    image_file.unlink()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    plugin.controller.open_campaign(campaign_file)
    assert plugin.session.campaign is None


def test_a_wrong_image_is_not_taken_for_the_campaigns(
    plugin, campaign_file, image_file, tmp_path, monkeypatch
):
    image_file.unlink()
    wrong = tmp_path / "autre.tif"
    write_raster(wrong, np.zeros((1, 150, 200), dtype=np.uint8), left=LEFT + 0.07)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(wrong), ""))
    with pytest.raises(ImageError, match=r"autre\.tif"):
        plugin.controller.open_campaign(campaign_file)
    assert read_campaign(campaign_file).image == image_file


def test_submitting_a_patch_of_the_controllers_says_why_nothing_happens(work, monkeypatch):
    said = []
    monkeypatch.setattr(work.messages, "info", said.append)
    monkeypatch.setattr(work.messages, "success", said.append)
    work.session.patches[0] = dataclasses.replace(work.session.patches[0], state=PatchState.ACCEPTED)
    work.controller.do("submit")
    assert len(said) == 1
    assert "controller" in said[0] or "contrôleur" in said[0]
    assert work.session.index == 0


def test_the_question_about_holes_is_asked_again_on_coming_back(work, monkeypatch):
    work.controller.do("submit")
    work.controller.do("next")
    work.controller.do("previous")
    work.controller.do("submit")
    assert work.session.index == 0
    work.controller.do("submit")
    assert work.session.patches[0].state is PatchState.SUBMITTED
