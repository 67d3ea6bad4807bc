# SPDX-License-Identifier: GPL-2.0-or-later
"""The dashboard of a production in QGIS, reckoned by a real backend while QGIS goes on."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QTableWidget

from inference_backend.contracts.indicators import (
    INDICATORS_FILE,
    PROGRESS_FILE,
    Indicators,
    IndicatorsError,
    Tile,
)
from inference_backend.contracts.lot import LotKey
from ocsge_common.messages import MessageLog
from ocsge_common.settings import BackendSettings, backend_settings
from ocsge_pi_review.adapters.production import report_folder
from ocsge_pi_review.adapters.settings import review_settings
from ocsge_pi_review.gui.indicators_dock import IndicatorsDock
from ocsge_pi_review.gui.indicators_panel import IndicatorsPanel

COMMAND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"
needs_backend = pytest.mark.skipif(not COMMAND.exists(), reason="needs the backend's environment")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def production(tmp_path_factory, made_lot):
    """Two lots that nobody began, a plan, and no costs."""
    folder = tmp_path_factory.mktemp("production")
    for name in ("un", "deux"):
        path = Path(shutil.copy(made_lot, folder / f"{name}.gpkg"))
        with closing(sqlite3.connect(path)) as database, database:
            # Two files of one lot count once.
            database.execute("UPDATE lot SET value = ? WHERE key = ?", (name, LotKey.LOT_ID.value))
    content = {
        "format": "ocsge-production/1",
        "name": "Essai du Gers",
        "departements": [{"code": "32", "name": "Gers", "area_km2": 6257, "lots": ["*.gpkg"]}],
        "plan": [{"date": "2026-01-01", "km2": 0}, {"date": "2026-12-31", "km2": 6257}],
    }
    path = folder / "production.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def dock(qgis_parent, qgis_new_project, qtbot):
    said, pages = [], []
    messages = MessageLog("essai")
    messages._say = lambda text, *_, **__: said.append(text)
    made = IndicatorsDock(qgis_parent, review_settings(), messages, lambda: "", pages.append)
    made.said, made.pages = said, pages
    yield made
    made.stop()
    made.dock.deleteLater()


def texts(dock):
    return " | ".join(label.text() for label in dock.panel.findChildren(QLabel))


@needs_backend
def test_figures_are_reckoned_in_the_background_shown_and_put_on_the_map(dock, production, qtbot):
    backend_settings().save(BackendSettings(command=str(COMMAND)))
    shutil.rmtree(report_folder(production), ignore_errors=True)
    dock.show(production)
    assert not dock.panel.page_button.isEnabled()
    turns = []
    clock = QTimer(dock)
    clock.timeout.connect(lambda: turns.append(dock.runner.is_running))
    clock.start(20)
    QTest.mouseClick(dock.panel.refresh_button, LEFT)
    assert not dock.panel.refresh_button.isEnabled()
    qtbot.waitUntil(lambda: dock.panel.page_button.isEnabled() or not dock.runner.is_running, timeout=120_000)
    clock.stop()

    assert turns.count(True) > 10, "QGIS must go on while the figures are reckoned"
    assert "Essai du Gers" in texts(dock)
    assert "not known" in texts(dock), "without hours the cost is not known; it is not 0"
    tables = dock.panel.findChildren(QTableWidget)
    assert any(table.item(0, 1) is not None and table.item(0, 1).text() == "Gers" for table in tables)
    QTest.mouseClick(dock.panel.map_button, LEFT)
    QTest.mouseClick(dock.panel.map_button, LEFT)
    (layer,) = QgsProject.instance().mapLayers().values()
    assert layer.featureCount() == 2
    assert {feature["state"] for feature in layer.getFeatures()} == {"prepared"}
    QTest.mouseClick(dock.panel.page_button, LEFT)
    assert Path(dock.pages[0].toLocalFile()).read_text(encoding="utf-8").startswith("<!")


@needs_backend
def test_the_figures_of_last_time_are_there_at_once_and_stay_when_stopped(dock, production, qtbot):
    backend_settings().save(BackendSettings(command=str(COMMAND)))
    assert (report_folder(production) / PROGRESS_FILE).is_file()
    dock.show(production)
    before = texts(dock)
    assert "Essai du Gers" in before
    QTest.mouseClick(dock.panel.refresh_button, LEFT)
    QTest.mouseClick(dock.panel.cancel_button, LEFT)
    qtbot.waitUntil(lambda: not dock.runner.is_running, timeout=60_000)
    assert dock.panel.refresh_button.isEnabled()
    assert texts(dock) == before


def test_damaged_figures_are_named_and_can_be_reckoned_anew(dock, production, tmp_path):
    other = tmp_path / "autre.json"
    shutil.copy(production, other)
    report_folder(other).mkdir()
    (report_folder(other) / INDICATORS_FILE).write_text('{"format": "x"', encoding="utf-8")
    with pytest.raises(IndicatorsError, match="indicators"):
        dock.show(other)
    assert dock.production == other
    assert dock.panel.refresh_button.isEnabled()
    dock.show_map()
    assert "Refresh" in dock.said[-1]


def figures(**values) -> Indicators:
    """Of a production without anything."""
    day = "2026-06-30"
    empty = Indicators("P", "p.json", day, day, "1", 0, 0, True, (), (), (), (), (), {})
    return replace(empty, **values)


@pytest.mark.parametrize("point", [["hier", 1.0], ["2026-01-01", None], ["2026-01-01", float("inf")]])
def test_a_curve_that_cannot_be_drawn_is_refused_when_it_is_read(tmp_path, point):
    line = {"key": "accepted", "label": {"en": "km2"}, "points": [point]}
    curve = {"key": "km2", "label": {"en": "km2"}, "unit": "km2", "lines": [line]}
    path = tmp_path / INDICATORS_FILE
    path.write_text(json.dumps({**figures().to_dict(), "curves": [curve]}), encoding="utf-8")
    with pytest.raises(IndicatorsError):
        Indicators.read(path)


def test_texts_of_a_file_are_shown_and_not_obeyed(qtbot):
    tile = Tile("accepted", {"en": "A"}, 1.0, "km2", None, None, None, "good", {"en": "<b>a</b>"})
    panel = IndicatorsPanel()
    qtbot.addWidget(panel)
    panel.show_figures(figures(tiles=(tile,)))
    assert panel.tiles.itemAt(0).widget().toolTip() == "&lt;b&gt;a&lt;/b&gt;"


def test_the_last_production_comes_back_when_the_dock_is_opened(dock, production):
    dock.show(production)
    dock.production = None
    dock.dock.setUserVisible(True)
    dock.dock.opened.emit()
    assert dock.production == production
