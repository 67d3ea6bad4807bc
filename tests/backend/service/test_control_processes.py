# SPDX-License-Identifier: GPL-2.0-or-later
"""Sampling a lot, deciding of it and reporting, as a job does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inference_backend.contracts.lot import LotState
from inference_backend.contracts.profile import Profile
from inference_backend.lots.handover import set_state
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.progress import Silent
from inference_backend.service import schema
from inference_backend.service.input_errors import BadValueError
from inference_backend.service.input_schemas import map_paths
from inference_backend.service.input_values import Resolver
from inference_backend.service.plain_files import LeadingFileError
from inference_backend.service.processes import PROCESSES
from tests.backend.control.controlled_lot import put_in_control
from tests.backend.lots.coverages import make_lot


def execute(name, policy=None, **inputs):
    process = PROCESSES[name]
    schema.check(inputs, process.inputs, name)
    return process.execute(inputs, Silent(), policy or SourcePolicy())


@pytest.fixture
def lot(tmp_path):
    return make_lot(tmp_path / "lot.gpkg", Profile.load(), columns=6, rows=6)


def test_a_delivered_lot_is_sampled(lot, tmp_path):
    for state in (LotState.ASSIGNED, LotState.IN_INTERPRETATION, LotState.DELIVERED):
        set_state(lot, state, by="Camille")
    done = execute(
        "control_sample",
        lots=[str(lot)],
        output=str(tmp_path / "files"),
        controllers=["Anne", "Bruno"],
        design={"strata_by": "none", "size": 12, "seed": 3, "second_share": 0.25},
    )
    assert done["units"] == 12
    files = [Path(path) for path in done["controls"][0]["files"]]
    assert len(files) == 2
    assert all(path.name.endswith(".control.gpkg") and path.is_file() for path in files)


def test_a_lot_is_decided_and_reported(lot, tmp_path):
    put_in_control(lot, {1})
    path = tmp_path / "decision.json"
    told = execute("control_decide", lot=str(lot), rule="contract", sign="Marie", output=str(path))
    assert (told["verdict"], told["errors"]) == ("accepted", 1)
    assert json.loads(path.read_text(encoding="utf-8"))["decision"]["signed_by"] == "Marie"
    report = execute("control_report", source=str(path), output=str(tmp_path / "page"))
    assert "Marie" in Path(report["page"]).read_text(encoding="utf-8")


def test_choices_that_there_are_not_are_named_before_anything_runs(lot):
    with pytest.raises(BadValueError):
        execute("control_decide", lot=str(lot), rule="feeling")


def test_a_service_for_others_takes_no_file_that_leads_to_others(tmp_path):
    leading = tmp_path / "lot.vrt"
    leading.write_text("<OGRVRTDataSource/>")
    with pytest.raises(LeadingFileError):
        execute("control_decide", SourcePolicy(roots=(tmp_path,)), lot=str(leading))


def test_a_request_may_hold_a_design(tmp_path):
    process = PROCESSES["control_sample"]
    sent = {"lots": "/lots/a.gpkg", "controllers": ["Anne"], "design": {"size": 3, "exclude_covers": []}}
    plain = Resolver(process, lambda _path: None, "http://service", tmp_path).plain(sent)
    schema.check(plain, process.inputs, "inputs")
    assert map_paths(plain, process.inputs, lambda text, _key, _kind: text) == {
        **sent,
        "lots": [sent["lots"]],
    }
