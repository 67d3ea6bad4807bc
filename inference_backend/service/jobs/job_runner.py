# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs jobs, each in a worker process of its own that can be killed without harm to the server.

A job ends when its worker says so, when somebody dismisses it, or when it has taken its worker down
`MAX_ATTEMPTS` times without getting any further. Whatever else ends a worker or the server, the job waits in
the table and is started again.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inference_backend.atomic import remove_unfinished
from inference_backend.service.jobs.job_queue import JobQueue
from inference_backend.service.jobs.job_row import ANYONE, Job
from inference_backend.service.jobs.job_store import JobStore
from inference_backend.service.jobs.process_group import GRACE_S, end_group, new_group
from inference_backend.service.jobs.server_lock import ServerLock, is_alive
from inference_backend.service.processes import PROCESSES

WORKER = "inference_backend.service.jobs.worker"
MAX_ATTEMPTS = 3
RETENTION_DAYS = float(os.environ.get("OCSGE_RETENTION_DAYS", "30"))
KILLED = {
    "en": "The worker ended {attempts} times without a result (exit {code}), perhaps for lack of memory. "
    "Free memory or take a smaller area, then start the job again.",
    "fr": "Le processus de calcul s'est arrêté {attempts} fois sans résultat (code {code}), peut-être faute "
    "de mémoire. Libérez de la mémoire ou prenez une zone plus petite, puis relancez le travail.",
}
_log = logging.getLogger("ocsge.service")


class JobRunner:
    """Takes jobs, runs as many at a time as it may, ends them on demand; none runs before `start`.

    Args:
        folder: holds the table of jobs, the locks of servers and workers, and the jobs' own files.
        workers: jobs that run at the same time; others wait.
        share: how many jobs of an owner may run at the same time; all of them by default.
        limits: what the rasters of a job may refer to, as `roots` and `hosts`; everything by default.
    """

    def __init__(
        self,
        folder: Path,
        workers: int = 1,
        *,
        share: Callable[[str], int] | None = None,
        limits: Callable[[Job], dict[str, Any]] | None = None,
    ) -> None:
        self.store = JobStore(folder / "jobs.sqlite")
        self.folder = folder
        self._limits = limits or (lambda _job: {})
        self._lock = ServerLock(folder / "servers")
        self._queue = JobQueue(share or (lambda _owner: workers))
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._cleaned: dict[str, threading.Event] = {}
        self._guard = threading.Lock()
        self._stopping = False
        self._workers = workers
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to run jobs, first those that servers which are gone have left."""
        self.adopt_orphans()
        for number in range(self._workers):
            thread = threading.Thread(target=self._work, name=f"job-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def submit(
        self,
        process_id: str,
        inputs: dict[str, Any],
        *,
        owner: str = ANYONE,
        asked: dict[str, Any] | None = None,
        job_id: str = "",
    ) -> Job:
        """Queue a job; inputs were checked and their paths are absolute."""
        job = self.store.add(
            process_id, inputs, self._lock.server_id, owner=owner, asked=asked, job_id=job_id
        )
        _log.info("job accepted", extra={"job": job.job_id, "process_id": process_id})
        self._queue.put(job.job_id, owner)
        return job

    def dismiss(self, job_id: str) -> bool:
        """End a job; False where it had already ended. Its processes and files are gone when this returns."""
        dismissed = self.store.dismiss(job_id)
        with self._guard:
            process, cleaned = self._running.get(job_id), self._cleaned.get(job_id)
        if not dismissed:
            return False
        if process is not None:
            end_group(process)
        if cleaned is not None:
            cleaned.wait(GRACE_S)
        elif job := self.store.get(job_id):  # it never ran here, but an earlier attempt may have
            self._clean(job)
        return True

    def stop(self) -> None:
        """End the workers and give everything back; unfinished jobs go on when a server starts again."""
        self._stopping = True
        self._queue.close()
        with self._guard:
            running = list(self._running.values())
        for process in running:
            end_group(process)
        for thread in self._threads:
            thread.join()
        self.store.close()
        self._lock.release()

    def job_folder(self, job_id: str) -> Path:
        """Where a job keeps inputs sent by value and results that the client gave no place for."""
        return self.folder / "jobs" / str(uuid.UUID(job_id))

    def adopt_orphans(self) -> None:
        """Queue the unfinished jobs of servers that are gone."""
        for job in self.store.unfinished():
            gone = job.server_id != self._lock.server_id and not is_alive(
                self.folder / "servers", job.server_id
            )
            if gone and self.store.adopt(job, self._lock.server_id):
                _log.warning("job of a dead server goes on", extra={"job": job.job_id})
                self._queue.put(job.job_id, job.owner)

    def purge(self, days: float = RETENTION_DAYS) -> int:
        """Forget jobs that ended so many days ago, with the files that they kept here; how many."""
        old = self.store.ended_before(days)
        for job in old:
            shutil.rmtree(self.job_folder(job.job_id), ignore_errors=True)
            self.store.forget(job.job_id)
        return len(old)

    def _work(self) -> None:
        while taken := self._queue.take():
            job_id, owner = taken
            again = False
            try:
                again = self._run(job_id)
            except Exception:  # border: the thread must live on
                _log.exception("job could not be run", extra={"job": job_id})
                self.store.fail(job_id, _killed(1, "-"))
            finally:
                self._queue.done(owner)
            if again:
                self._queue.put(job_id, owner)

    def _run(self, job_id: str) -> bool:
        """Run an attempt; True where another one is due."""
        with self._guard:
            # `stop` ends the workers that it sees here: none may start after it has looked.
            if self._stopping or not self.store.start(job_id):
                return False
            process = self._start_worker()
            self._running[job_id] = process
            self._cleaned[job_id] = threading.Event()
        job = self.store.get(job_id)
        try:
            return job is not None and self._follow(job, process)
        finally:
            end_group(process)
            self._after(job_id)

    def _after(self, job_id: str) -> None:
        job = self.store.get(job_id)
        if job is not None:
            self._clean(job)
        with self._guard:
            del self._running[job_id]
            self._cleaned.pop(job_id).set()

    def _clean(self, job: Job) -> None:
        """Remove half-written files; what a later attempt goes on from stays unless the job was dismissed."""
        process = PROCESSES[job.process_id]
        has_run = job.started is not None  # else what lies there belongs to another job on the same output
        for target in process.targets(job.inputs) if has_run else ():
            with contextlib.suppress(OSError):
                remove_unfinished(target)
        if job.status.value == "dismissed":
            if has_run:
                with contextlib.suppress(OSError):
                    process.discard(job.inputs)
            shutil.rmtree(self.job_folder(job.job_id), ignore_errors=True)

    def _start_worker(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # nosec B603 - our own module, no shell
            [sys.executable, "-m", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            **new_group(),
        )

    def _follow(self, job: Job, process: subprocess.Popen[str]) -> bool:
        if process.stdin is None or process.stdout is None:
            raise ValueError("the worker has no pipes")
        request = {
            "process_id": job.process_id,
            "inputs": job.inputs,
            "policy": self._limits(job),
            "lock": str(self.folder / "workers" / f"{job.job_id}.lock"),
        }
        with contextlib.suppress(OSError):  # killed before it read
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        for line in process.stdout:
            is_whole = line.endswith("\n")  # a killed worker may leave half a line
            if is_whole and not self._take(job, json.loads(line)):
                end_group(process)
        return self._ended(job.job_id, process.wait())

    def _ended(self, job_id: str, code: int) -> bool:
        job = self.store.get(job_id)
        lost = job is not None and not job.status.is_final
        _log.log(
            logging.WARNING if lost else logging.INFO, "worker ended", extra={"job": job_id, "exit": code}
        )
        if job is None or job.status.is_final:
            (self.folder / "workers" / f"{job_id}.lock").unlink(missing_ok=True)
            return False
        if job.attempts >= MAX_ATTEMPTS and not self._stopping:
            self.store.fail(job_id, _killed(job.attempts, code))
            return False
        return self.store.queue_again(job_id) and not self._stopping

    def _take(self, job: Job, message: dict[str, Any]) -> bool:
        """Note what a worker says; False where its job was dismissed meanwhile, maybe at another server."""
        if "results" in message:
            self.store.succeed(job.job_id, message["results"])
        elif "error" in message:
            if not self._stopping:  # what a worker says while it is being ended is no failure of the job
                self.store.fail(job.job_id, message["error"])
        else:
            return self.store.report(job.job_id, int(message["progress"]), str(message["message"]))
        return True


def _killed(attempts: int, code: object) -> dict[str, str]:
    texts = {language: text.format(attempts=attempts, code=code) for language, text in KILLED.items()}
    return {**texts, "kind": "WorkerLost", "status": "500"}
