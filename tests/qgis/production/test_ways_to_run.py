# SPDX-License-Identifier: GPL-2.0-or-later
"""The batch window, and the command qgis_process with the plugin as its zip installs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QThread

from ocsge_common.backend.local import LocalBackend
from ocsge_common.settings import backend_settings
from scripts.build_zips import zip_entries
from tests.qgis.production.conftest import COMMAND
from tests.qgis.production.test_production import group_of, tree


def test_a_batch_makes_a_lot_and_its_group_for_every_row(
    provider, toolbox, shared_backend, prediction, tmp_path, qgis_new_project, qtbot
):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    rows = [
        {
            "PARAMETERS": {"PREDICTION": str(prediction), "MILLESIME": year, "NAME": f"Commune {year}"},
            "OUTPUTS": {"OUTPUT": str(tmp_path / f"{year}.gpkg")},
        }
        for year in ("2019", "2022")
    ]
    dialog = BatchAlgorithmDialog(provider.algorithm("postprocess").create())
    qtbot.addWidget(dialog)
    panel = dialog.mainWidget()
    panel.load_batch_file_3_40_version({panel.FORMAT: panel.CURRENT_FORMAT, panel.ROWS: rows})

    dialog.show()  # QGIS deletes a window that is hidden when its run ends
    dialog.runAlgorithm()

    project = QgsProject.instance()
    qtbot.waitUntil(lambda: len(tree(project)) == 2, timeout=180_000)
    assert tree(project) == {f"Lot Commune {y}": group_of(tmp_path / f"{y}.gpkg") for y in ("2019", "2022")}
    for year in ("2019", "2022"):
        layer = QgsVectorLayer(f"{tmp_path / year}.gpkg|layername=occupation_sol", year, "ogr")
        assert {f["millesime"] for f in layer.getFeatures()} == {year}


@pytest.mark.skipif(shutil.which("qgis_process") is None, reason="needs qgis_process")
def test_qgis_process_makes_a_lot_without_a_window(prediction, scene, tmp_path):
    plugins = tmp_path / "profiles" / "default" / "python" / "plugins"
    for name, content in zip_entries("ocsge_pi_review").items():
        path = plugins / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    settings = tmp_path / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir()
    settings.write_text("[PythonPlugins]\nocsge_pi_review=true\n[locale]\noverrideFlag=true\nuserLocale=fr\n")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QGIS_", "QT_QPA", "PYTHON", "DISPLAY"))}
    environment = {
        **kept,
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
        "OCSGE_BACKEND": str(COMMAND),
        "OCSGE_DATA_DIR": str(tmp_path / "data"),
    }
    lot = tmp_path / "lot.gpkg"
    arguments = [
        *("--json", "run", "ocsge_review:postprocess", "--", f"PREDICTION={prediction}"),
        *(f"REFERENCES={path}" for path in sorted(scene.references.iterdir())),
        *("MILLESIME=2022", f"OUTPUT={lot}"),
    ]

    done = subprocess.run(
        ["qgis_process", *arguments],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(done.stdout[done.stdout.index("{") :])["results"]
    assert results["OUTPUT"] == str(lot)
    layer = QgsVectorLayer(results["COVERAGE"], "lot", "ogr")
    assert layer.featureCount() == results["POLYGONS"] > 0
    assert "BD TOPO" in {f["source"] for f in layer.getFeatures()}


def test_a_backend_of_a_thread_does_not_stand_still_on_what_it_logs(local_backend):
    """The pipe of its log holds some four hundred requests; a long job asks more often than that."""
    answers = []

    class Long(QThread):
        def run(self):
            backend = LocalBackend(backend_settings().load())
            try:
                client = backend.wait_ready()
                for _ in range(600):
                    answers.append(client.landing())
                    backend.listen()
            finally:
                backend.stop()

    thread = Long()
    thread.start()
    assert thread.wait(120_000)
    assert len(answers) == 600
