# SPDX-License-Identifier: GPL-2.0-or-later
"""Cutting a lot and merging what came back, as a job does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference_backend.contracts.lot import LotState
from inference_backend.contracts.profile import Profile
from inference_backend.lots.handover import set_state
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.progress import Silent
from inference_backend.service import schema
from inference_backend.service.plain_files import LeadingFileError
from inference_backend.service.processes import PROCESSES
from tests.backend.lots.coverages import make_lot
from tests.backend.lots.interpreter import at_work


def execute(name, policy=None, **inputs):
    process = PROCESSES[name]
    schema.check(inputs, process.inputs, name)
    return process.execute(inputs, Silent(), policy or SourcePolicy())


@pytest.fixture
def parent(tmp_path):
    return make_lot(tmp_path / "commune.gpkg", Profile.load(), columns=4, rows=2)


def test_lots_go_out_and_come_back(parent, tmp_path):
    service = "crs=EPSG:2154&layers=ORTHO&url=https://example.org/wms"
    made = execute(
        "cut", lot=str(parent), output=str(tmp_path / "lots"), count=2, imagery_link={"ortho@2022": service}
    )["lots"]
    assert [Path(lot["path"]).is_file() for lot in made] == [True, True]
    with at_work(Path(made[0]["path"])) as anne:
        anne.cover(anne.own_ids()[0], "CS1.2.2")
    set_state(Path(made[0]["path"]), LotState.IN_INTERPRETATION, by="Anne")
    set_state(Path(made[0]["path"]), LotState.DELIVERED, by="Anne")

    merged = execute("merge", parent=str(parent), lots=[made[0]["path"]])["lots"]

    assert [(lot["lot"], lot["applied"], lot["conflicts"]) for lot in merged] == [("commune_01", 1, 0)]
    assert PROCESSES["merge"].targets({"parent": str(parent), "lots": []}) == [parent]


def test_a_service_for_others_takes_no_file_that_leads_to_others(parent, tmp_path):
    leading = tmp_path / "communes.vrt"
    leading.write_text("<OGRVRTDataSource/>")

    with pytest.raises(LeadingFileError, match=r"communes\.vrt"):
        execute(
            "cut",
            SourcePolicy(roots=(tmp_path,)),
            lot=str(parent),
            output=str(tmp_path / "lots"),
            by="commune",
            communes=str(leading),
        )
