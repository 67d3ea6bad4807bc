# SPDX-License-Identifier: GPL-2.0-or-later
"""Options, help, French, and the conformity check through a real local backend."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QLocale
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QLabel

from ocsge_common.messages import MessageLog
from ocsge_common.settings import BackendSettings, backend_settings
from ocsge_common.translation import install_translator, remove_translator, user_language
from ocsge_pi_review.adapters.conformity_report import report_rows
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from ocsge_pi_review.adapters.settings import ReviewSettings, review_settings
from ocsge_pi_review.domain.keymap import DEFAULT_KEYS
from ocsge_pi_review.gui.conformity import ConformityCheck
from ocsge_pi_review.gui.gestures import gesture_words, spoken_key
from ocsge_pi_review.gui.help_dialog import help_html
from ocsge_pi_review.gui.options import options_factory
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.report_dialog import ReportDialog
from scripts.build_i18n import PLUGINS, ROOT, untranslated

PLUGIN = ROOT / "ocsge_pi_review"
COMMAND = ROOT / ".venv" / "bin" / "ocsge"


@pytest.fixture
def french(qgis_app):
    translate = [sys.executable, str(ROOT / "scripts" / "build_i18n.py")]
    subprocess.run(translate, check=True, capture_output=True)
    before = QgsApplication.locale()
    QgsApplication.setLocale(QLocale("fr_FR"))
    user_language.cache_clear()
    translator = install_translator(PLUGIN)
    yield translator
    remove_translator(translator)
    QgsApplication.setLocale(QLocale(before))
    user_language.cache_clear()


def test_the_options_page_stores_what_is_entered_and_tells_the_plugin(qgis_app):
    told = []
    factory = options_factory(Path("icon.svg"), review_settings(), lambda: told.append(True))
    page = factory.createWidget()
    page.findChild(object, "operator").setText("Mme Durand")
    page.findChild(object, "minimum_scale").setValue(700)
    page.findChild(object, "key_merge").setKeySequence(QKeySequence("F"))
    warning = next(label for label in page.findChildren(QLabel) if "only one" in label.text())
    assert "Search a code" in warning.text()
    page.apply()
    stored = review_settings().load()
    assert (stored.operator, stored.minimum_scale, stored.keys["merge"]) == ("Mme Durand", 700, "F")
    assert stored.key_changes == ("merge=F",)
    assert told == [True]


def test_the_operator_is_the_session_user_until_named(qgis_app):
    assert ReviewSettings().operator_name
    assert ReviewSettings(operator=" A ").operator_name == "A"


def test_every_text_of_the_plugin_is_in_french():
    assert "ocsge_pi_review" in PLUGINS
    assert untranslated(PLUGIN) == []


def test_the_panel_speaks_french(french):
    assert french is not None
    panel = ReviewPanel()
    assert panel.accept_button.toolTip() == "Accepter la proposition et passer à l'élément suivant"
    panel.show_keys(DEFAULT_KEYS)
    assert panel.gesture_bar.buttons["merge"].toolTip().endswith("sur lequel vous cliquez  [M]")
    assert "[Espace]" in panel.accept_button.text()


def test_the_help_names_every_key(french):
    page = help_html(DEFAULT_KEYS)
    words = gesture_words()
    assert set(words) == set(DEFAULT_KEYS)
    assert all(f"<b>{spoken_key(key)}</b>" in page for key in DEFAULT_KEYS.values())
    assert all(words[name].tip in page for name in DEFAULT_KEYS)
    assert "voisin" in page


def test_a_report_lists_what_a_delivery_is_judged_by(qgis_app):
    figures = {"polygons": 12, "area_m2": 250_000.0, "gaps": 1, "overlaps": 0, "unknown_codes": {"X": 2}}
    assert ("Unknown codes", "X × 2") in report_rows(figures)
    dialog = ReportDialog({"conforms": False, "conformity": figures})
    assert "#c00" in dialog.verdict.text()


@pytest.mark.skipif(not COMMAND.exists(), reason="needs the backend's environment")
def test_the_conformity_of_an_open_lot_by_a_local_backend(lot_path, qgis_new_project, qtbot):
    backend_settings().save(BackendSettings(command=str(COMMAND)))
    lot = open_lot(lot_path, "essai", QgsProject.instance())
    lot.review.show_item(1)
    gestures = ReviewGestures(lot.review)
    gestures.make(gestures.set_codes((lot.review.row().id,), {"cs": "CS1.2.3"}))
    reports, said = [], []
    messages = MessageLog("essai")
    messages.report = lambda error: said.append(str(error))
    check = ConformityCheck(messages, reports.append)
    try:
        check.check(lot.path)
        qtbot.waitUntil(lambda: bool(reports or said), timeout=120_000)
    finally:
        check.stop()
        lot.close(QgsProject.instance())
    assert said == []
    figures = reports[0]["conformity"]
    assert (figures["polygons"], figures["gaps"], figures["overlaps"], figures["invalid"]) == (50, 0, 0, 0)
    assert figures["edge_matched"] is True


@pytest.mark.skipif(not COMMAND.exists(), reason="needs the backend's environment")
def test_a_check_can_be_cancelled_while_the_backend_starts(lot_path, qgis_app):
    backend_settings().save(BackendSettings(command=str(COMMAND)))
    check = ConformityCheck(MessageLog("essai"), lambda results: None)
    check.check(lot_path)
    check.stop()
    check.stop()
    QCoreApplication.processEvents()
    assert check.task is None


def test_a_missing_backend_is_named_and_leaves_the_check_usable(lot_path, qgis_app):
    backend_settings().save(BackendSettings(command="/nulle/part/ocsge"))
    check = ConformityCheck(MessageLog("essai"), lambda results: None)
    for _ in range(2):
        with pytest.raises(Exception, match="/nulle/part/ocsge"):
            check.check(lot_path)
    QgsSettings().remove("ocsge")
