# SPDX-License-Identifier: GPL-2.0-or-later
"""The handlers of execution and jobs: a request in, an answer out, no web framework."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inference_backend.contracts.service import PATH_JOB, PATH_JOBS, JobStatus
from inference_backend.service.jobs.job_row import Job
from inference_backend.service.jobs.job_runner import JobRunner
from inference_backend.service.jobs.submission import Submission
from inference_backend.service.process_types import Process
from inference_backend.service.processes import PROCESSES
from inference_backend.service.reach import Reach
from inference_backend.service.uploads import Uploads
from inference_backend.service.web.answers import Answer, Request, Waiting
from inference_backend.service.web.api_errors import NoSuchJobError, NoSuchProcessError
from inference_backend.service.web.links import job_links, link, own_links
from inference_backend.service.web.query_values import job_query, wants_processes
from inference_backend.service.web.result_answers import ResultAnswers

LONGEST_WAIT_S = 60.0
"""Of `Prefer: wait=`, s."""


class JobsApi:
    """Handlers over one runner.

    Args:
        runner: of the jobs.
        uploads: files that clients sent.
        reach: which files and hosts inputs may name.
    """

    def __init__(self, runner: JobRunner, uploads: Uploads, reach: Reach) -> None:
        self.runner = runner
        self._submission = Submission(runner, uploads, reach)
        self._results = ResultAnswers(self._may_read, runner.job_folder)
        self._reach = reach

    def execute(self, request: Request, process_id: str) -> Answer | Waiting:
        """Queue a job; a short process is waited for unless the client prefers not to."""
        process = process_of(process_id)
        job = self._submission.take(request, process)
        if process.is_short and not request.prefers_async:
            return Waiting(job.job_id)
        if process.is_short and request.wait_s:
            return Waiting(job.job_id, min(request.wait_s, LONGEST_WAIT_S))
        return self.accepted(request, job)

    def accepted(self, request: Request, job: Job) -> Answer:
        """Where the job is."""
        headers = {"Location": request.base_url + PATH_JOB.format(job_id=job.job_id)}
        if request.prefers_async:
            headers["Preference-Applied"] = "respond-async"
        return Answer(self.status(request, job), 201, headers)

    def waited(self, request: Request, job_id: str) -> Answer:
        """The results of a job that was waited for, or its status where it has not ended."""
        job = self._job(request, job_id)
        if not job.status.is_final:
            return self.accepted(request, job)
        answer = self._results.all(request, job, process_of(job.process_id))
        monitor = f'<{request.base_url}{PATH_JOB.format(job_id=job_id)}>; rel="monitor"'
        links = [text for text in (answer.headers.get("Link"), monitor) if text]
        return Answer(
            answer.body, answer.status, {**answer.headers, "Link": ", ".join(links)}, answer.media_type
        )

    def jobs(self, request: Request) -> Answer:
        """The client's jobs, newest first, a page at a time."""
        query = job_query(request.query, request.account.name)
        found = self.runner.store.find(query) if wants_processes(request.query) else []
        links = own_links(request)
        if len(found) == query.limit:
            kept = {name: values for name, values in request.query.items() if name != "before"}
            page = Request(
                request.account,
                base_url=request.base_url,
                path=PATH_JOBS,
                language=request.language,
                query={**kept, "before": [str(found[-1].number)]},
            )
            links.append({**own_links(page)[0], "rel": "next"})
        return Answer({"jobs": [self.status(request, job) for job in found], "links": links})

    def job(self, request: Request, job_id: str) -> Answer:
        """Where a job stands."""
        return Answer(self.status(request, self._job(request, job_id)))

    def dismiss(self, request: Request, job_id: str) -> Answer:
        """End a job; one that has ended stays as it is, and so does what it wrote."""
        self._job(request, job_id)
        self.runner.dismiss(job_id)
        return Answer(self.status(request, self._job(request, job_id)))

    def results(self, request: Request, job_id: str) -> Answer:
        """Outputs of a successful job, as they were asked for."""
        job = self._job(request, job_id)
        return self._results.all(request, job, process_of(job.process_id))

    def result(self, request: Request, job_id: str, output_id: str) -> Answer:
        """One output by itself."""
        job = self._job(request, job_id)
        return self._results.one(request, job, process_of(job.process_id), output_id)

    def status(self, request: Request, job: Job) -> dict[str, Any]:
        """The standard's `statusInfo`."""
        has_results = job.status is JobStatus.SUCCESSFUL
        links = job_links(request, job.job_id, has_results=has_results)
        return {**job.document(request.language), "links": [*links, link(request, PATH_JOBS, "up")]}

    def _job(self, request: Request, job_id: str) -> Job:
        job = self.runner.store.get(job_id)
        if job is None or job.owner != request.account.name:
            raise NoSuchJobError(job_id=job_id)
        return job

    def _may_read(self, job: Job, path: str) -> bool:
        return (
            self._reach.allows_file(path, (self.runner.job_folder(job.job_id),)) and Path(path).is_absolute()
        )


def process_of(process_id: str) -> Process:
    """The process of that name.

    Raises:
        NoSuchProcessError: there is none.
    """
    if process_id not in PROCESSES:
        raise NoSuchProcessError(process_id=process_id, known=", ".join(PROCESSES))
    return PROCESSES[process_id]
