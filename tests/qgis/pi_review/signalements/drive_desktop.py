# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): remarks fetched, looked at, answered and sent by real clicks.

Environment: OCSGE_LOT (changed by the run), OCSGE_SERVICE, OCSGE_TOKEN, OCSGE_REPORT (JSON written at the
end), OCSGE_PICTURES (folder, optional).
"""

from __future__ import annotations

import json
import os
import traceback
from pathlib import Path

from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsSettings
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialogButtonBox, QDockWidget, QMenu
from qgis.utils import iface, plugins

seen: dict[str, object] = {}
SERVICE = os.environ["OCSGE_SERVICE"]


def settle(milliseconds: int = 300) -> None:
    iface.mapCanvas().waitWhileRendering()
    QTest.qWait(milliseconds)


def wait_for(condition, seconds: int = 60) -> None:
    for _ in range(seconds * 20):
        if condition():
            return
        QTest.qWait(50)
    raise AssertionError("it did not happen")


def picture(name: str, widget=None) -> None:
    folder = os.environ.get("OCSGE_PICTURES")
    if folder:
        settle(600)
        shown = widget or iface.mainWindow()
        shown.screen().grabWindow(0, *_place(shown), shown.width(), shown.height()).save(
            str(Path(folder) / name)
        )


def _place(widget):
    corner = widget.mapToGlobal(QPoint(0, 0))
    return corner.x(), corner.y()


def credentials() -> str:
    manager = QgsApplication.authManager()
    assert manager.setMasterPassword("mot de passe principal", True)
    config = QgsAuthMethodConfig("APIHeader")
    config.setName("Espace collaboratif")
    config.setConfig("Authorization", f"Bearer {os.environ['OCSGE_TOKEN']}")
    assert manager.storeAuthenticationConfig(config)
    return config.id()


def prepare() -> None:
    settings = QgsSettings()
    settings.setValue("ocsge/signalements/url", SERVICE)
    settings.setValue("ocsge/signalements/authcfg", credentials())
    window = iface.mainWindow()
    window.showMaximized()
    for dock in window.findChildren(QDockWidget):
        dock.setVisible(dock.objectName() == "OcsgeReviewDock")
    plugin().controller.open(Path(os.environ["OCSGE_LOT"]))
    settle(1500)


def plugin():
    return plugins["ocsge_pi_review"]


def choose(name: str) -> None:
    """A command of the submenu, as a click does it."""
    panel = plugin().panel
    panel.menu.popup(panel.menu_button.mapToGlobal(QPoint(0, 0)))
    settle()
    submenu: QMenu = plugin().remarks.menu
    submenu.popup(panel.menu_button.mapToGlobal(QPoint(-300, 40)))
    settle()
    action = next(a for a in submenu.actions() if a.objectName() == name)
    assert action.isEnabled()
    QTest.mouseClick(submenu, Qt.MouseButton.LeftButton, pos=submenu.actionGeometry(action).center())
    panel.menu.close()


def confirm() -> None:
    """In the dialog of the service: ask who one is, then confirm."""
    dialog = QApplication.activeModalWidget()
    QTest.mouseClick(dialog.ask_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: dialog.communities.count() == 2)
    picture("signalements-service.png", dialog)
    box = dialog.findChild(QDialogButtonBox)
    QTest.mouseClick(box.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def fetch() -> None:
    QTimer.singleShot(1500, confirm)
    choose("remarksFetch")
    bench = plugin().controller.view.remarks
    wait_for(lambda: bench.box.isVisible())
    settle(1500)
    seen["first"] = bench.box.remark.remote_id
    seen["shown"] = bench.box.browser.toPlainText()
    picture("signalements-fiche.png")


def answer() -> None:
    view = plugin().controller.view
    bench = view.remarks
    QTest.mouseClick(bench.box.answer_button, Qt.MouseButton.LeftButton)
    settle()
    dialog = bench.dialog
    dialog.motive_box.setFocus()
    QTest.keyClick(dialog.motive_box, Qt.Key.Key_Down)
    QTest.keyClick(dialog.motive_box, Qt.Key.Key_Down)
    settle()
    seen["prepared"] = dialog.text
    picture("signalements-reponse.png", dialog)
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: bench.box.remark is not None and bench.box.remark.outbox == "sent")
    seen["sent"] = bench.box.remark.remote_id
    bench.sender.start()
    settle(1000)


def show_list() -> None:
    def look() -> None:
        dialog = QApplication.activeModalWidget()
        seen["rows"] = dialog.table.rowCount()
        picture("signalements-liste.png", dialog)
        dialog.close()

    QTimer.singleShot(1500, look)
    choose("remarksList")


def tell() -> None:
    try:
        prepare()
        fetch()
        answer()
        show_list()
        plugin().controller.close()
        seen["ok"] = True
    except BaseException:
        seen.update(ok=False, error=traceback.format_exc())
    Path(os.environ["OCSGE_REPORT"]).write_text(json.dumps(seen), encoding="utf-8")
    QgsApplication.exit(0)
    os._exit(0)


QTimer.singleShot(3000, tell)
