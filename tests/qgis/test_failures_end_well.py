# SPDX-License-Identifier: GPL-2.0-or-later
"""A test that fails with layers in hand is one failure: neither the next test's nor the end of the run."""

from __future__ import annotations

import shutil
import subprocess
import sys

FAILING = """
from qgis.core import QgsProcessingContext, QgsProject, QgsVectorLayer

def test_fails_with_layers_open(qgis_world_map_geopackage):
    source = f"{qgis_world_map_geopackage}|layername=countries"
    project = QgsProject.instance()
    context = QgsProcessingContext()
    for take in (project.addMapLayer, context.temporaryLayerStore().addMapLayer):
        take(QgsVectorLayer(source, "left open", "ogr"))
    rows = project.mapLayersByName("left open")[0].getFeatures()
    next(rows)
    loop = [context]
    loop.append(loop)
    assert False, "on purpose"

def test_of_somebody_else():
    assert not QgsProject.instance().mapLayers()
"""


def test_the_run_goes_on_and_ends_with_its_report(repository, tmp_path):
    test = tmp_path / "test_failing.py"
    test.write_text(FAILING)
    shutil.copy(repository / "tests" / "qgis" / "conftest.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", tmp_path, test],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1, done.stderr
