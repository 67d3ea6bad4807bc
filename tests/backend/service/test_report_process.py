# SPDX-License-Identifier: GPL-2.0-or-later
"""The dashboard as a job makes it: what a client may name, and no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inference_backend.indicators.errors import ProductionFileError
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.progress import Cancelled, Silent
from inference_backend.service import schema
from inference_backend.service.processes import PROCESSES
from tests.backend.indicators.productions import lot, write_production


def execute(inputs, policy=None, progress=None):
    process = PROCESSES["report"]
    schema.check(inputs, process.inputs, "report")
    return process.execute(inputs, progress or Silent(), policy or SourcePolicy())


def test_a_job_writes_the_files_it_names(tmp_path):
    path = write_production(tmp_path, lots=[lot("32_1")])
    results = execute({"production": str(path), "output": str(tmp_path / "out"), "language": "en"})
    assert (results["lots"], results["unread"]) == (1, 0)
    assert json.loads(Path(results["indicators"]).read_text(encoding="utf-8"))["production"] == "Essai"
    assert "Dashboard" in Path(results["page"]).read_text(encoding="utf-8")
    assert len(json.loads(Path(results["progress"]).read_text(encoding="utf-8"))["features"]) == 1


def test_lots_outside_the_folders_of_a_client_are_as_if_not_there(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    write_production(outside, lots=[lot("32_1")])
    listed = [{"code": "32", "name": "Gers", "area_km2": 1, "lots": [str(outside / "32" / "*.gpkg")]}]
    path = write_production(inside, departements=listed)
    results = execute({"production": str(path), "output": str(inside / "out")}, SourcePolicy((inside,), ()))
    assert results["lots"] == 0


@pytest.mark.parametrize(
    "values",
    [
        {
            "departements": [
                {"code": "32", "name": "G", "area_km2": 1, "lots": ["postgis:host=db dbname=x/s"]}
            ]
        },
        {"timesheet": "/etc/hostname"},
        {"outlines": {"file": "/etc/hostname", "code_column": "code"}},
    ],
)
def test_databases_and_files_elsewhere_are_refused_by_a_service(values, tmp_path):
    path = write_production(tmp_path, **values)
    with pytest.raises(ProductionFileError, match="does not read it for you"):
        execute({"production": str(path), "output": str(tmp_path / "out")}, SourcePolicy((tmp_path,), ()))


def test_a_cancelled_report_leaves_the_one_before(tmp_path):
    path = write_production(tmp_path, lots=[lot("32_1")])
    inputs = {"production": str(path), "output": str(tmp_path / "out")}
    execute(inputs)
    before = (tmp_path / "out" / "indicators.json").read_bytes()

    class Stopped:
        def update(self, share, message=""):
            raise Cancelled

    with pytest.raises(Cancelled):
        execute(inputs, progress=Stopped())
    assert (tmp_path / "out" / "indicators.json").read_bytes() == before
    assert not list((tmp_path / "out").glob(".*"))
