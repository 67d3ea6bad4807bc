# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs on a real server: their life, their death, and what is left behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
import rasterio
import requests

from inference_backend.contracts.service import JobStatus
from inference_backend.errors import Cancelled
from inference_backend.service.client import Client, RefusedError, RemoteJobError, UnreachableError
from inference_backend.service.jobs.job_runner import MAX_ATTEMPTS, JobRunner
from inference_backend.service.jobs.job_store import JobStore
from tests.backend.service.server_process import TOKEN, ServerProcess, children, exists, wait_until

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class Watcher:
    def __init__(self):
        self.shares = []

    def update(self, share, message=""):
        self.shares.append(share)


def running_job(server, inputs):
    """A job that really computes, and the process id of its worker."""
    client = server.client()
    job = client.submit("predict", inputs)
    wait_until(lambda: client.status(job.job_id).progress >= 1)
    (worker,) = children(server.process.pid)
    return job, worker


def settled(server, job):
    """What a job is, once it is no longer waiting."""
    wait_until(lambda: server.client().status(job.job_id).status is not JobStatus.ACCEPTED)
    return server.client().status(job.job_id).status


def test_a_job_runs_reports_and_gives_its_results(server, inputs):
    watcher = Watcher()
    results = server.client().run("predict", inputs, watcher)
    assert results == {"prediction": inputs["output"]}
    with rasterio.open(inputs["output"]) as prediction:
        assert prediction.count == 4
    assert watcher.shares == sorted(watcher.shares)


def test_probabilities_are_an_output_of_who_asks_for_them(server, inputs, tmp_path):
    inputs["output"] = str(tmp_path / "ortho œuvre.tif")
    results = server.client().run("predict", {**inputs, "probabilities": True})
    assert set(results) == {"prediction", "probabilities"}
    with rasterio.open(results["probabilities"]) as probabilities:
        assert probabilities.count > 1
    job_id = requests.get(server.url + "/jobs", headers=HEADERS, timeout=10).json()["jobs"][0]["jobID"]
    for name, path in results.items():
        answer = requests.get(f"{server.url}/jobs/{job_id}/results/{name}", headers=HEADERS, timeout=10)
        assert answer.content == Path(path).read_bytes()
        assert "%C5%93uvre" in answer.headers["content-disposition"]


def test_an_output_that_was_not_made_is_a_404(server, inputs):
    body = {"inputs": inputs, "outputs": {"probabilities": {}}}
    url = server.url + "/processes/predict/execution"
    where = requests.post(url, json=body, headers=HEADERS, timeout=10).headers["location"]
    wait_until(lambda: requests.get(where, headers=HEADERS, timeout=10).json()["status"] == "successful")
    assert requests.get(where + "/results", headers=HEADERS, timeout=10).status_code == 404


def test_the_answer_to_an_execution_says_where_the_job_is(server, inputs):
    headers = {"Authorization": f"Bearer {TOKEN}", "Prefer": "respond-async"}
    url = server.url + "/processes/predict/execution"
    answer = requests.post(url, json={"inputs": inputs}, headers=headers, timeout=10)
    assert answer.status_code == 201
    assert answer.headers["preference-applied"] == "respond-async"
    job = requests.get(answer.headers["location"], headers=headers, timeout=10).json()
    assert job["jobID"] == answer.json()["jobID"]
    assert {"type", "processID", "status", "created", "updated", "links"} <= set(job)


def test_a_failed_job_says_why_in_each_language(server, inputs):
    inputs["rasters"] = ["/nowhere/ortho.tif"]
    with pytest.raises(RemoteJobError) as english:
        server.client().run("predict", inputs)
    with pytest.raises(RemoteJobError) as french:
        server.client("fr").run("predict", inputs)
    assert "/nowhere/ortho.tif: cannot be read" in str(english.value)
    assert "/nowhere/ortho.tif : lecture impossible" in str(french.value)
    assert "Traceback" not in str(english.value)


def test_results_are_refused_until_there_are_some(server, endless):
    job, _ = running_job(server, endless)
    with pytest.raises(RefusedError, match="running"):
        server.client().results(job.job_id)
    server.client().dismiss(job.job_id)


def test_dismissing_frees_the_processor_within_a_second(server, endless):
    job, worker = running_job(server, endless)
    started = time.monotonic()
    assert server.client().dismiss(job.job_id).status is JobStatus.DISMISSED
    assert time.monotonic() - started < 2.5, "a second, and some for a busy test machine"
    assert not exists(worker)
    output = Path(endless["output"])
    wait_until(lambda: not output.parent.exists() or not list(output.parent.iterdir()), 5)


def test_dismissing_again_changes_nothing(server, endless):
    job, _ = running_job(server, endless)
    first = server.client().dismiss(job.job_id)
    assert server.client().dismiss(job.job_id) == first


def test_cancelling_the_client_dismisses_the_job(server, endless):
    class Impatient:
        def update(self, share, message=""):
            if share > 0:
                raise Cancelled()

    with pytest.raises(Cancelled):
        server.client().run("predict", endless, Impatient())
    assert children(server.process.pid) == []


def test_a_waiting_job_can_be_dismissed_before_it_starts(server, endless, inputs):
    job, _ = running_job(server, endless)
    waiting = server.client().submit("predict", inputs)
    assert server.client().status(waiting.job_id).status is JobStatus.ACCEPTED
    server.client().dismiss(waiting.job_id)
    server.client().dismiss(job.job_id)
    time.sleep(0.5)
    assert server.client().status(waiting.job_id).status is JobStatus.DISMISSED
    assert not Path(inputs["output"]).exists()


def test_dismissing_a_waiting_job_spares_what_another_writes_to_the_same_place(server, endless, inputs):
    job, _ = running_job(server, endless)
    half_written = Path(inputs["output"]).with_name(".prediction.0123abcd.part.tif")
    half_written.write_bytes(b"of another job")
    waiting = server.client().submit("predict", inputs)
    server.client().dismiss(waiting.job_id)
    assert half_written.exists()
    server.client().dismiss(job.job_id)


def test_a_job_that_takes_its_worker_down_three_times_has_failed_and_the_server_goes_on(
    server, endless, inputs
):
    client = server.client()
    job = client.submit("predict", endless)
    for _ in range(MAX_ATTEMPTS):
        wait_until(lambda: children(server.process.pid))
        worker = children(server.process.pid)[0]
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda worker=worker: worker not in children(server.process.pid))
    wait_until(lambda: client.status(job.job_id).status is JobStatus.FAILED)
    assert "ended 3 times" in client.status(job.job_id).message
    assert "mémoire" in server.client("fr").status(job.job_id).message
    assert server.client().run("predict", inputs)


def test_many_clients_at_once_each_get_their_job(server, inputs, tmp_path):
    ends = []

    def one(number):
        mine = {**inputs, "output": str(tmp_path / f"{number}.tif")}
        ends.append(server.client().run("predict", mine)["prediction"])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ends) == [str(tmp_path / f"{number}.tif") for number in range(3)]


@pytest.fixture
def restarted(tmp_path):
    """Servers on one folder, one after the other."""
    servers = []

    def start(*options):
        servers.append(ServerProcess(tmp_path / "data", *options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def test_jobs_of_a_killed_server_go_on_when_it_starts_again(restarted, endless, inputs):
    first = restarted()
    job, worker = running_job(first, endless)
    waiting = first.client().submit("predict", inputs)
    first.process.kill()
    first.process.wait()
    second = restarted("--workers", "2")
    assert settled(second, job) is JobStatus.RUNNING, second.log.read_text()[-4000:]
    wait_until(lambda: second.client().status(waiting.job_id).status is JobStatus.SUCCESSFUL)
    assert not exists(worker), "two workers would write one output"
    assert Path(inputs["output"]).exists()
    second.client().dismiss(job.job_id)
    wait_until(lambda: children(second.process.pid) == [])


def test_no_job_runs_before_everything_it_may_ask_is_there(tmp_path, inputs):
    left = JobStore(tmp_path / "data" / "jobs.sqlite")
    job_id = left.add("predict", inputs, "gone").job_id
    left.close()
    runner = JobRunner(
        tmp_path / "data", limits=lambda job: {"roots": [str(runner.folder.parent)], "hosts": ()}
    )
    time.sleep(0.1)  # a thread that ran already would have found no `runner`
    runner.start()
    try:
        wait_until(lambda: runner.store.get(job_id).status.is_final)
        assert runner.store.get(job_id).status is JobStatus.SUCCESSFUL
    finally:
        runner.stop()


def test_jobs_of_a_stopped_server_go_on_as_well(restarted, endless):
    first = restarted()
    job, worker = running_job(first, endless)
    first.stop()
    assert not exists(worker)
    second = restarted()
    wait_until(lambda: second.client().status(job.job_id).status is JobStatus.RUNNING)
    second.client().dismiss(job.job_id)


def test_a_job_dismissed_after_a_restart_leaves_no_file(restarted, endless):
    first = restarted()
    job, _ = running_job(first, endless)
    first.process.kill()
    first.process.wait()
    second = restarted()
    second.client().dismiss(job.job_id)
    assert children(second.process.pid) == []
    assert not list(Path(endless["output"]).parent.glob("*"))


def test_a_second_server_leaves_the_jobs_of_a_living_one_alone(server, endless, tmp_path_factory):
    job, _ = running_job(server, endless)
    second = ServerProcess(server.log.parent)
    try:
        assert second.client().status(job.job_id).status is JobStatus.RUNNING
    finally:
        second.stop()
        server.client().dismiss(job.job_id)


def test_a_job_dismissed_at_a_second_server_ends_at_the_first(server, endless):
    job, worker = running_job(server, endless)
    second = ServerProcess(server.log.parent)
    try:
        second.client().dismiss(job.job_id)
        wait_until(lambda: not exists(worker), 20)
    finally:
        second.stop()
    assert server.client().status(job.job_id).status is JobStatus.DISMISSED


def test_the_server_and_its_worker_end_when_the_parent_closes_standard_input(tmp_path, endless):
    server = ServerProcess(tmp_path / "data", "--stop-with-stdin")
    _, worker = running_job(server, endless)
    server.process.stdin.close()
    assert server.process.wait(10) == 0
    assert not exists(worker)
    server.process.stdout.close()


def test_without_that_option_a_closed_standard_input_does_not_matter(tmp_path):
    server = ServerProcess(tmp_path / "data")
    server.process.stdin.close()
    time.sleep(0.5)
    assert server.client().landing()["api"] == "1"
    server.process.terminate()
    server.process.wait(10)
    server.process.stdout.close()


def test_nobody_there_is_an_error_with_a_remedy():
    with pytest.raises(UnreachableError, match=r"Check the address"):
        Client("http://127.0.0.1:9", "x").landing()
