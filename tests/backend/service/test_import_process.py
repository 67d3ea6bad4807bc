# SPDX-License-Identifier: GPL-2.0-or-later
"""The import of an existing layer as a job: lot, report and page, and what a limited service refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inference_backend.contracts.profile import Profile
from inference_backend.contracts.service import JobStatus
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.progress import Silent
from inference_backend.quality.conformity import check_layer
from inference_backend.service.plain_files import LeadingFileError, require_plain
from inference_backend.service.processes import PROCESSES
from tests.backend.quality.layers import board, square, write_ocsge
from tests.backend.service.server_process import wait_until

COMMAND = '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read LAYER"}'


def test_a_job_brings_a_lot_its_report_and_its_page(server, tmp_path):
    path = write_ocsge(tmp_path / "layer.gpkg", [*board(), square(0, 0)], millesime=["2022"] * 10)
    lot = tmp_path / "lot.gpkg"
    client = server.client()
    job = client.submit("import", {"files": [str(path)], "output": str(lot), "language": "en"})
    wait_until(lambda: client.status(job.job_id).status is JobStatus.SUCCESSFUL)
    results = client.results(job.job_id)
    assert results["summary"]["repairs"]["duplicate"]["count"] == 1
    assert results["summary"]["balance"]["checked"] is True
    assert check_layer(lot, profile=Profile.load()).is_conform
    assert json.loads(Path(results["report"]).read_text())["lot"] == str(lot)
    assert "Repair report" in Path(results["page"]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("layer.vrt", "<OGRVRTDataSource/>"),
        ("layer.geojson", COMMAND),
        ("layer.gdalg.json", COMMAND),
    ],
)
def test_a_limited_service_opens_no_file_that_leads_elsewhere(tmp_path, name, content):
    elsewhere = write_ocsge(tmp_path / "elsewhere.gpkg", board(), millesime=["2022"] * 9)
    (tmp_path / "open").mkdir()
    leading = tmp_path / "open" / name
    leading.write_text(content.replace("LAYER", str(elsewhere)), encoding="utf-8")
    inputs = {"files": [str(leading)], "output": str(tmp_path / "open" / "lot.gpkg")}
    with pytest.raises(LeadingFileError):
        PROCESSES["import"].execute(inputs, Silent(), SourcePolicy(roots=(tmp_path / "open",)))
    assert not (tmp_path / "open" / "lot.gpkg").exists()


def test_a_folder_hides_no_file_that_leads_elsewhere(tmp_path):
    (tmp_path / "batiment.geojson").write_text("<OGRVRTDataSource/>", encoding="utf-8")
    with pytest.raises(LeadingFileError):
        require_plain(SourcePolicy(roots=(tmp_path,)), vectors=[tmp_path])
