# SPDX-License-Identifier: GPL-2.0-or-later
"""Requirements class OGC Process Description."""

from __future__ import annotations

import pytest

from tests.backend.service.ogc.calls import call, get

TYPES = {"string", "number", "integer", "boolean", "array", "object"}


@pytest.fixture(
    params=[
        "predict",
        "postprocess",
        "import",
        "check",
        "run",
        "cut",
        "merge",
        "control_sample",
        "control_collect",
        "control_decide",
        "control_report",
        "report",
    ]
)
def process(server, request):
    return get(server, f"/processes/{request.param}").json()


def schemas(described):
    return described["schema"].get("oneOf", [described["schema"]])


def test_req_ogc_process_description_json_encoding(process):
    assert {"id", "version", "title", "description", "jobControlOptions", "links"} <= set(process)


def test_req_ogc_process_description_inputs_def(process):
    for name, described in process["inputs"].items():
        assert described["title"] == name
        assert described["minOccurs"] in (0, 1)
        assert described.get("maxOccurs", 1) in (1, "unbounded")


def test_req_ogc_process_description_input_def_and_input_mixed_type(process):
    for described in process["inputs"].values():
        for schema in schemas(described):
            assert schema["type"] in TYPES
            assert not any(name.startswith("x-") for name in schema)


def test_req_ogc_process_description_input_def_is_what_values_are_checked_by(server, process):
    """A value of another type than the description's is refused, for every input."""
    for name, described in process["inputs"].items():
        wrong = 3.5 if schemas(described)[0]["type"] != "number" else "three"
        body = {"inputs": {name: wrong}}
        answer = call(server, "POST", f"/processes/{process['id']}/execution", body)
        assert answer.status_code == 400
        assert name in answer.json()["detail"]


def test_req_ogc_process_description_outputs_def(process):
    assert all(described["description"] for described in process["outputs"].values())


def test_req_ogc_process_description_output_def_and_output_mixed_type(process):
    for described in process["outputs"].values():
        for schema in schemas(described):
            assert schema["type"] in TYPES
        if "oneOf" in described["schema"]:
            assert described["schema"]["oneOf"][0]["contentMediaType"] == "text/plain", "the default is first"
