# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of jobs, the order of waiting jobs, and the lock of a worker, without any server."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest

from inference_backend.contracts.service import JobStatus
from inference_backend.service.jobs.job_query import JobQuery
from inference_backend.service.jobs.job_queue import JobQueue
from inference_backend.service.jobs.job_row import ANYONE
from inference_backend.service.jobs.job_store import JobStore
from inference_backend.service.jobs.server_lock import try_lock
from inference_backend.service.jobs.worker_lock import hold
from tests.backend.service.server_process import exists, wait_until

OLD_TABLE = """CREATE TABLE job (job_id TEXT PRIMARY KEY, process_id TEXT NOT NULL, server_id TEXT NOT NULL,
status TEXT NOT NULL, progress INTEGER NOT NULL DEFAULT 0, message TEXT NOT NULL DEFAULT '',
inputs TEXT NOT NULL, results TEXT NOT NULL DEFAULT '{}', error TEXT NOT NULL DEFAULT '{}',
created TEXT NOT NULL, started TEXT, finished TEXT, updated TEXT NOT NULL)"""


@pytest.fixture
def store(tmp_path):
    store = JobStore(tmp_path / "jobs.sqlite")
    yield store
    store.close()


def test_the_table_of_an_older_release_is_read_and_extended(tmp_path):
    path = tmp_path / "jobs.sqlite"
    with sqlite3.connect(path) as old:
        old.execute(OLD_TABLE)
        old.execute(
            "INSERT INTO job (job_id, process_id, server_id, status, inputs, created, updated) "
            "VALUES ('a', 'check', 's', 'accepted', '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"
        )
    old.close()
    for _ in range(2):
        store = JobStore(path)
        assert store.get("a").owner == ANYONE
        assert store.get("a").attempts == 0
        store.close()


def test_attempts_count_only_while_a_job_gets_no_further(store):
    job_id = store.add("predict", {}, "s").job_id

    def attempt(progress):
        store.start(job_id)
        store.report(job_id, progress, "predict")
        store.queue_again(job_id)
        return store.get(job_id).attempts

    assert attempt(10) == 1
    assert attempt(10) == 2
    assert attempt(40) == 1, "it got further"
    assert [attempt(40), attempt(12)] == [2, 3]


def test_only_one_server_adopts_a_job(store):
    job = store.add("predict", {}, "dead")
    assert [store.adopt(job, "b"), store.adopt(job, "c")] == [True, False]
    assert store.get(job.job_id).server_id == "b"


def test_a_job_that_has_ended_is_adopted_by_nobody(store):
    job = store.add("predict", {}, "dead")
    store.dismiss(job.job_id)
    assert not store.adopt(job, "b")


def test_old_jobs_are_found_by_their_end(store):
    done = store.add("check", {}, "s")
    store.dismiss(done.job_id)
    store.add("check", {}, "s")
    assert [job.job_id for job in store.ended_before(-1)] == [done.job_id]
    assert store.ended_before(1) == []
    store.forget(done.job_id)
    assert store.get(done.job_id) is None


def test_an_unfinished_job_is_never_forgotten(store):
    job = store.add("check", {}, "s")
    store.forget(job.job_id)
    assert store.get(job.job_id).status is JobStatus.ACCEPTED


def test_an_owner_sees_only_their_jobs(store):
    mine = store.add("check", {}, "s", owner="anna")
    store.add("check", {}, "s", owner="bob")
    assert [job.job_id for job in store.find(JobQuery("anna"))] == [mine.job_id]


def test_nobody_runs_more_jobs_than_their_share():
    queue = JobQueue(lambda owner: 1)
    for job_id, owner in (("a1", "anna"), ("a2", "anna"), ("b1", "bob")):
        queue.put(job_id, owner)
    assert [queue.take(), queue.take()] == [("a1", "anna"), ("b1", "bob")]
    taken = []
    thread = threading.Thread(target=lambda: taken.append(queue.take()))
    thread.start()
    queue.done("bob")
    queue.done("anna")
    thread.join(5)
    assert taken == [("a2", "anna")]
    queue.close()
    assert queue.take() is None


def test_every_process_locks_the_same_byte(tmp_path):
    """Windows locks from the position in the file on, wherever reading has left it."""
    file = os.open(tmp_path / "job.lock", os.O_RDWR | os.O_CREAT)
    os.lseek(file, 28, os.SEEK_SET)
    assert try_lock(file)
    assert os.lseek(file, 0, os.SEEK_CUR) == 0
    os.close(file)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups of POSIX")
def test_a_worker_that_will_not_end_is_ended_by_its_successor(tmp_path, monkeypatch):
    monkeypatch.setattr("inference_backend.service.jobs.worker_lock.PATIENCE_S", 0.1)
    path = tmp_path / "job.lock"
    code = (
        "import sys, time, pathlib; from inference_backend.service.jobs.worker_lock import hold; "
        "hold(pathlib.Path(sys.argv[1])); print('held', flush=True); time.sleep(600)"
    )
    stubborn = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, start_new_session=True
    )
    assert stubborn.stdout.readline() == b"held\n"
    file = hold(path)
    wait_until(lambda: not exists(stubborn.pid), 5)
    assert stubborn.wait() == -signal.SIGKILL
    stubborn.stdout.close()
    os.close(file)
