# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks in the toolbox, for whoever prepares lots by the dozen."""

from __future__ import annotations

from contextlib import closing

import pytest
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.processing.alg_signalements_import import ImportSignalements
from ocsge_pi_review.processing.alg_signalements_statistics import SignalementStatistics
from tests.qgis.pi_review.signalements.test_files import write


def run(algorithm, **values):
    feedback = QgsProcessingFeedback()
    made = algorithm.create()
    results, is_done = made.run(values, QgsProcessingContext(), feedback, catchExceptions=False)
    assert is_done
    return results, feedback.textLog()


def test_remarks_come_from_the_service_and_from_a_file(lot_path, tmp_path, server, authcfg):
    place = {"LOT": str(lot_path), "URL": server.url, "AUTHCFG": authcfg}
    results, log = run(ImportSignalements(), **place)
    assert results == {"NEW": 3, "UPDATED": 0, "SAME": 0, "OUTSIDE": 0, "CLOSED": 1}
    assert "102, 103, 101" in log
    file = write(tmp_path / "export.gpkg", url=f"{server.url}/gcms/api/reports/101")
    results, _ = run(ImportSignalements(), LOT=str(lot_path), FILE=str(file))
    assert (results["NEW"], results["UPDATED"]) == (0, 1)
    with closing(GpkgStore(lot_path, "anne")) as store:
        assert len(store.signalements.all()) == 3
    tables = {"STATISTICS": str(tmp_path / "motifs.csv"), "LIST": str(tmp_path / "liste.csv")}
    results, _ = run(SignalementStatistics(), LOT=str(lot_path), **tables)
    assert results == tables
    lines = (tmp_path / "motifs.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == ";0;0;0;0;3;3;0;"
    assert len((tmp_path / "liste.csv").read_text(encoding="utf-8-sig").splitlines()) == 4


def test_a_service_that_fails_is_said_in_our_words(lot_path, server, authcfg):
    server.service.fail("GET", "/reports", "500", times=9)
    with pytest.raises(QgsProcessingException, match="HTTP 500"):
        run(ImportSignalements(), LOT=str(lot_path), URL=server.url, AUTHCFG=authcfg)
