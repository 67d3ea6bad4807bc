# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs jobs, each in a worker process of its own that can be killed without harm to the server."""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from inference_backend.atomic import remove_unfinished
from inference_backend.service.job_store import Job, JobStore
from inference_backend.service.process_group import end_group, new_group
from inference_backend.service.processes import PROCESSES
from inference_backend.service.server_lock import ServerLock, is_alive

WORKER = "inference_backend.service.worker"
STOPPED = {
    "en": "The backend was stopped while this job waited or ran. Start it again.",
    "fr": "Le moteur a été arrêté alors que ce travail attendait ou tournait. Relancez-le.",
}
KILLED = {
    "en": "The worker ended without a result (exit {code}), perhaps for lack of memory. Free memory or take "
    "a smaller area, then start the job again.",
    "fr": "Le processus de calcul s'est arrêté sans résultat (code {code}), peut-être faute de mémoire. "
    "Libérez de la mémoire ou prenez une zone plus petite, puis relancez le travail.",
}
_log = logging.getLogger("ocsge.service")


class JobRunner:
    """Takes jobs, runs as many at a time as it may, ends them on demand.

    Args:
        folder: holds the table of jobs and the servers' locks.
        workers: jobs that run at the same time; others wait.
    """

    def __init__(self, folder: Path, workers: int = 1) -> None:
        self.store = JobStore(folder / "jobs.sqlite")
        self._lock = ServerLock(folder / "servers")
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._guard = threading.Lock()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._fail_orphans(folder / "servers")

    def submit(self, process_id: str, inputs: dict[str, Any]) -> Job:
        """Queue a job; inputs were checked and their paths are absolute."""
        job = self.store.add(process_id, inputs, self._lock.server_id)
        _log.info("job accepted", extra={"job": job.job_id, "process_id": process_id})
        self._pool.submit(self._run, job)
        return job

    def dismiss(self, job_id: str) -> bool:
        """End a job; False where it had already ended. Its processes are gone when this returns."""
        dismissed = self.store.dismiss(job_id)
        with self._guard:
            process = self._running.get(job_id)
        if dismissed and process is not None:
            end_group(process)
        return dismissed

    def stop(self) -> None:
        """End every job of this server, which then says so, and give everything back."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for job in self.store.unfinished():
            if job.server_id == self._lock.server_id:
                self.store.fail(job.job_id, STOPPED)
        with self._guard:
            running = list(self._running.values())
        for process in running:
            end_group(process)
        self._pool.shutdown(wait=True)
        self.store.close()
        self._lock.release()

    def _fail_orphans(self, locks: Path) -> None:
        for job in self.store.unfinished():
            if not is_alive(locks, job.server_id):
                self.store.fail(job.job_id, STOPPED)
                _remove_unfinished_files(job)
                _log.warning("job of a dead server", extra={"job": job.job_id})

    def _run(self, job: Job) -> None:
        try:
            self._run_worker(job)
        except Exception:  # border: a thread of the pool would swallow it
            _log.exception("job could not be run", extra={"job": job.job_id})
            self.store.fail(job.job_id, {k: text.format(code="-") for k, text in KILLED.items()})

    def _run_worker(self, job: Job) -> None:
        with self._guard:
            if not self.store.start(job.job_id):
                return
            process = _start_worker()
            self._running[job.job_id] = process
        try:
            self._follow(job, process)
        finally:
            end_group(process)
            with self._guard:
                del self._running[job.job_id]
            _remove_unfinished_files(job)

    def _follow(self, job: Job, process: subprocess.Popen[str]) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("the worker has no pipes")
        with contextlib.suppress(OSError):  # killed before it read
            process.stdin.write(json.dumps({"process_id": job.process_id, "inputs": job.inputs}) + "\n")
            process.stdin.flush()
        for line in process.stdout:
            if line.endswith("\n"):  # a killed worker may leave half a line
                self._take(job, json.loads(line))
        code = process.wait()
        lost = self.store.fail(job.job_id, {k: text.format(code=code) for k, text in KILLED.items()})
        _log.log(
            logging.WARNING if lost else logging.INFO,
            "job ended",
            extra={"job": job.job_id, "process_id": job.process_id, "exit": code},
        )

    def _take(self, job: Job, message: dict[str, Any]) -> None:
        if "results" in message:
            self.store.succeed(job.job_id, message["results"])
        elif "error" in message:
            self.store.fail(job.job_id, message["error"])
        else:
            self.store.report(job.job_id, int(message["progress"]), str(message["message"]))


def _start_worker() -> subprocess.Popen[str]:
    return subprocess.Popen(  # nosec B603 - our own module, no shell
        [sys.executable, "-m", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **new_group(),
    )


def _remove_unfinished_files(job: Job) -> None:
    for target in PROCESSES[job.process_id].targets(job.inputs):
        with contextlib.suppress(OSError):
            remove_unfinished(target)
