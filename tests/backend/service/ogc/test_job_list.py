# SPDX-License-Identifier: GPL-2.0-or-later
"""Requirements class Job List."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
import requests

from tests.backend.service.ogc.calls import HEADERS, get, rels


def ids(server, query=""):
    answer = get(server, f"/jobs{query}")
    assert answer.status_code == 200, answer.text
    return [job["jobID"] for job in answer.json()["jobs"]]


def test_req_job_list_job_list_op_and_success(server, checked):
    document = get(server, "/jobs?limit=1000").json()
    assert checked["jobID"] in [job["jobID"] for job in document["jobs"]]
    assert {"self", "alternate"} <= set(rels(document))


def test_req_job_list_type_definition_and_response(server, checked):
    assert checked["jobID"] in ids(server, "?type=process&limit=1000")
    assert ids(server, "?type=other") == []


def test_req_job_list_processid_mandatory(server, checked):
    assert all(job["processID"] for job in get(server, "/jobs").json()["jobs"])


def test_req_job_list_processid_definition_and_response(server, checked, predicted):
    assert checked["jobID"] in ids(server, "?processID=check&limit=1000")
    assert checked["jobID"] not in ids(server, "?processID=predict&limit=1000")
    for both in ("?processID=check,predict&limit=1000", "?processID=check&processID=predict&limit=1000"):
        assert {checked["jobID"], predicted["jobID"]} <= set(ids(server, both))


def test_req_job_list_status_definition_and_response(server, checked, failed):
    assert checked["jobID"] in ids(server, "?status=successful&limit=1000")
    assert failed["jobID"] not in ids(server, "?status=successful&limit=1000")
    assert {checked["jobID"], failed["jobID"]} <= set(ids(server, "?status=successful,failed&limit=1000"))


def test_req_job_list_datetime_definition_and_response(server, checked):
    created = datetime.fromisoformat(checked["created"])
    second = timedelta(seconds=1)
    before, after = ((created + d).isoformat().replace("+00:00", "Z") for d in (-second, second))
    for interval in (
        f"{before}/{after}",
        f"{before}/..",
        f"../{after}",
        f"{before}/",
        f"/{after}",
        checked["created"],
    ):
        assert checked["jobID"] in ids(server, f"?limit=1000&datetime={interval}")
    for interval in (f"../{before}", f"{after}/..", after):
        assert checked["jobID"] not in ids(server, f"?limit=1000&datetime={interval}")


def test_req_job_list_datetime_of_another_time_zone(server, checked):
    moment = datetime.fromisoformat(checked["created"]).isoformat().replace("+00:00", "")
    shifted = (datetime.fromisoformat(moment) + timedelta(hours=2)).isoformat() + "+02:00"
    assert checked["jobID"] in ids(server, f"?limit=1000&datetime={quote(shifted)}/..")


def test_req_job_list_duration_definition_and_response(server, checked):
    ran = datetime.fromisoformat(checked["finished"]) - datetime.fromisoformat(checked["started"])
    whole = int(ran.total_seconds())
    assert checked["jobID"] in ids(server, f"?limit=1000&minDuration={whole}&maxDuration={whole + 1}")
    assert checked["jobID"] not in ids(server, f"?limit=1000&minDuration={whole + 1}")
    assert (checked["jobID"] in ids(server, f"?limit=1000&maxDuration={whole}")) == (
        ran.total_seconds() <= whole
    )


def test_req_job_list_limit_definition_and_response(server, checked, failed):
    assert len(ids(server, "?limit=1")) == 1
    assert len(ids(server)) <= 50


def test_req_job_list_links_lead_through_all_pages(server, checked, failed, predicted):
    every, seen, url = ids(server, "?limit=1000"), [], server.url + "/jobs?limit=2"
    while url:
        document = requests.get(url, headers=HEADERS, timeout=30).json()
        seen += [job["jobID"] for job in document["jobs"]]
        url = rels(document).get("next", {}).get("href")
    assert seen == every


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "status=asleep",
        "minDuration=-1",
        "maxDuration=99999999999999999999",
        "before=a",
        "datetime=yesterday",
        "datetime=../..",
        "datetime=2026-02-31T00:00:00Z",
        "datetime=0001-01-01T00:00:00%2B23:59",
    ],
)
def test_req_job_list_parameters_that_are_none_are_refused(server, query):
    assert get(server, f"/jobs?{query}").status_code == 400
