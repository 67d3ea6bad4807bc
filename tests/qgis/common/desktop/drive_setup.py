# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS desktop (`qgis --code`): the options page and a running job, with real clicks.

Environment: OCSGE_DRIVE_OUT (folder of the pictures and of `report.json`), OCSGE_DRIVE_STEPS (online,
offline, remote, job), OCSGE_DRIVE_BUNDLE, OCSGE_DRIVE_URL, OCSGE_DRIVE_TOKEN and OCSGE_DRIVE_AUTHORITY (of a
remote backend), OCSGE_DRIVE_SCENE (folder of a made commune). QGIS runs in French with both plugins.
"""

import json
import os
import time
import traceback
from pathlib import Path

from qgis.core import QgsApplication, QgsRasterLayer
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtNetwork import QSslCertificate
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QApplication,
    QDialog,
    QDockWidget,
    QFileDialog,
    QGroupBox,
    QLineEdit,
    QScrollArea,
)
from qgis.utils import iface, plugins

OUT = Path(os.environ["OCSGE_DRIVE_OUT"])
SCENE = Path(os.environ.get("OCSGE_DRIVE_SCENE", ""))
STEPS = os.environ["OCSGE_DRIVE_STEPS"].split(",")
LEFT = Qt.MouseButton.LeftButton
report = {}


def wait_until(condition, seconds, what):
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError(what)
        QTest.qWait(100)


def open_dialog():
    widgets = QgsApplication.topLevelWidgets()
    return next(widget for widget in widgets if isinstance(widget, QDialog) and widget.isVisible())


def has_progressed(section, words, thousandths):
    return words in section.light.detail.text() and section.local.progress.value() > thousandths


def in_options(work):
    """Open the options at the plugin's page and do `work` with its backend section."""
    outcome = []

    def act():
        try:
            dialog = open_dialog()
            dialog.resize(1180, 800)
            QTest.qWait(800)
            section = next(w for w in dialog.findChildren(QGroupBox) if hasattr(w, "light") and w.isVisible())
            for area in dialog.findChildren(QScrollArea):
                if area.isAncestorOf(section):
                    area.ensureWidgetVisible(section)
            work(dialog, section)
        except BaseException:
            outcome.append(traceback.format_exc())
        finally:
            dialog.reject()

    QTimer.singleShot(1500, act)
    iface.showOptionsDialog(iface.mainWindow(), plugins["ocsge_pi_review"]._options.title())
    if outcome:
        raise RuntimeError(outcome[0])


def picture(widget, name):
    QTest.qWait(300)
    widget.grab().save(str(OUT / f"{name}.png"))


def level(section):
    return section.light.status.level.name


def said(section):
    status = section.light.status
    return f"{status.text} {status.detail}".strip()


def choose_file(path):
    """Write a path into the file dialog that comes up, and confirm it."""

    def fill():
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(300, fill)
            return
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        QTest.keyClicks(name, path)
        QTest.keyClick(name, Qt.Key.Key_Return)

    QTimer.singleShot(300, fill)


def online(dialog, section):
    QTest.mouseClick(section.local.set_up, LEFT)
    wait_until(lambda: has_progressed(section, "Mo sur", 250), 200, "download")
    picture(dialog, "setup-online")
    start = time.monotonic()
    QTest.mouseClick(section.local.cancel, LEFT)
    wait_until(lambda: not section.local.is_busy, 30, "cancel")
    report["online"] = {"cancelled_s": round(time.monotonic() - start, 2), "said": said(section)}
    picture(dialog, "setup-cancelled")


def offline(dialog, section):
    choose_file(os.environ["OCSGE_DRIVE_BUNDLE"])
    start = time.monotonic()
    section.local.offline.menu().actions()[0].trigger()
    wait_until(lambda: has_progressed(section, "paquets sur", 350), 300, "install")
    picture(dialog, "setup-offline")
    wait_until(lambda: not section.local.is_busy, 300, "end of the set-up")
    took_s = round(time.monotonic() - start, 1)
    wait_until(lambda: level(section) in ("GOOD", "BAD"), 60, "test")
    QTest.qWait(4000)
    report["offline"] = {"level": level(section), "said": said(section), "took_s": took_s}
    picture(dialog, "setup-done")


def remote(dialog, section):
    manager = QgsApplication.authManager()
    assert manager.setMasterPassword("motdepasse principal", True)
    assert manager.storeCertAuthority(QSslCertificate(Path(os.environ["OCSGE_DRIVE_AUTHORITY"]).read_bytes()))
    manager.initSslCaches()
    QTest.mouseClick(section.elsewhere, LEFT)
    section.remote.url.setText(os.environ["OCSGE_DRIVE_URL"])
    QTest.keyClicks(section.remote.token, "not-the-token")
    QTest.mouseClick(section.remote.save_token, LEFT)
    wait_until(lambda: level(section) == "BAD", 30, "red")
    red = said(section)
    picture(dialog, "remote-red")
    QTest.keyClicks(section.remote.token, os.environ["OCSGE_DRIVE_TOKEN"])
    QTest.mouseClick(section.remote.save_token, LEFT)
    wait_until(lambda: level(section) == "GOOD", 30, "green")
    report["remote"] = {"red": red, "green": said(section)}
    picture(dialog, "remote-green")


def make_campaign():
    import processing

    path = OUT / "campagne" / "campagne.gpkg"
    path.parent.mkdir()
    ortho = QgsRasterLayer(str(SCENE / "ortho_2022.tif"), "ortho_2022")
    values = {"IMAGE": ortho, "NAME": "Campagne de la commune", "PATCH_SIZE": 512, "SAMPLE": 9, "METHOD": 1}
    processing.run("ocsge_annotator:createcampaign", {**values, "OUTPUT": str(path)})
    return path


def job():
    plugin = plugins["ocsge_annotator"]
    window = iface.mainWindow()
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in ("Layers", "OcsgeAnnotatorDock"):
            dock.hide()
    campaign = make_campaign()
    plugin.controller.open_campaign(campaign)
    QTest.qWait(1000)

    def confirm():
        dialog = open_dialog()
        dialog.rasters.setFilePath(str(SCENE / "height_2022.tif"))
        dialog.accept()

    QTimer.singleShot(800, confirm)
    plugin.controller.predict()
    view = plugin.controller._view
    wait_until(
        lambda: view.bar.maximum() == 1000 and view.bar.value() >= 250 and "encore" in view.time.text(),
        150,
        f"progress and time left: {view.step.text()}",
    )
    running = f"{view.step.text()}, {view.time.text()}"
    picture(window, "job-running")
    start = time.monotonic()
    QTest.mouseClick(view.cancel, LEFT)
    wait_until(lambda: view.state.name == "CANCELLED", 20, "cancelled")
    took_s = round(time.monotonic() - start, 2)
    picture(window, "job-cancelled")
    left = sorted(path.name for path in campaign.parent.iterdir() if "prediction" in path.name)
    report["job"] = {"running": running, "cancelled_s": took_s, "left": left}


def main():
    code = 1
    try:
        iface.mainWindow().showMaximized()
        QTest.qWait(800)
        for step in STEPS:
            if step == "job":
                job()
            else:
                in_options(globals()[step])
        code = 0
    except BaseException:
        report["error"] = traceback.format_exc()
        iface.mainWindow().grab().save(str(OUT / "failure.png"))
    (OUT / "report.json").write_text(json.dumps(report))
    os._exit(code)


QTimer.singleShot(1500, main)
