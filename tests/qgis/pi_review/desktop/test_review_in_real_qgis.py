# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's zip in the real QGIS window, driven by keys and clicks on a small lot."""

from __future__ import annotations

import shutil

import pytest

from tests.qgis.pi_review.desktop.real_qgis import review_in_qgis
from tests.qgis.pi_review.lot_factory import make_lot

NEEDED = ("qgis", "xvfb-run", "openbox")


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason="needs qgis, xvfb-run and openbox")
def test_a_review_by_keys_and_clicks_in_the_desktop(tmp_path):
    lot = make_lot(tmp_path / "lot.gpkg")
    report = review_in_qgis(lot, tmp_path, tmp_path / "window.png")
    assert report["ok"], report.get("error") or report["output"]
    operations = [operation for operation, _ in report["journal"]]
    assert operations[:5] == ["accept", "set_cover", "set_use", "merge", "split"]
    assert operations[5:] == ["undo"] * 5 + ["redo"] * 5
    assert report["locale"] == "fr"
    assert not report["wal_left"]
    assert (tmp_path / "window.png").stat().st_size > 50_000
