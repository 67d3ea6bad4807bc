# SPDX-License-Identifier: GPL-2.0-or-later
"""Requirements class Dismiss, and what dismissing is for: the processor and the memory are free again."""

from __future__ import annotations

import os
from pathlib import Path

from tests.backend.service.ogc.calls import EXCEPTIONS, assert_exception, call, get, start
from tests.backend.service.server_process import ServerProcess, children, exists, wait_until


def test_req_dismiss_job_dismiss_op_and_success(tmp_path, endless):
    server = ServerProcess(tmp_path / "data")
    try:
        where = "/jobs/" + start(server, "predict", endless).json()["jobID"]
        wait_until(lambda: get(server, where).json()["progress"] >= 1, 120)
        (worker,) = children(server.process.pid)
        group = [pid for pid in all_processes() if os.getpgid(pid) == worker]
        assert worker in group
        answer = call(server, "DELETE", where)
        assert answer.status_code == 200
        assert answer.json()["status"] == "dismissed"
        assert not any(exists(pid) for pid in group), "memory is free once its processes are gone"
        assert list(Path(endless["output"]).parent.glob("*")) == []
        assert_exception(get(server, where + "/results"), 410, "about:blank")
    finally:
        server.stop()


def test_req_dismiss_job_dismiss_success_of_a_job_that_has_ended_changes_nothing(server, checked):
    answer = call(server, "DELETE", f"/jobs/{checked['jobID']}")
    assert answer.status_code == 200
    assert get(server, f"/jobs/{checked['jobID']}/results").status_code == 200


def test_req_dismiss_job_dismiss_op_of_no_job(server):
    assert_exception(call(server, "DELETE", "/jobs/none"), 404, EXCEPTIONS + "no-such-job")


def all_processes():
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if exists(int(path.name))]
