# SPDX-License-Identifier: GPL-2.0-or-later
"""The server process: a socket, a first line that says where, an end with its parent."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvicorn

from inference_backend import __version__
from inference_backend.annotation.interactive_models import InteractiveModels
from inference_backend.contracts.service import Handshake
from inference_backend.errors import BackendError
from inference_backend.service.accounts import Account, accounts_of_environment, read_accounts
from inference_backend.service.jobs.housekeeping import Housekeeping
from inference_backend.service.jobs.job_row import Job
from inference_backend.service.jobs.job_runner import JobRunner
from inference_backend.service.jobs.submission import addresses_of, job_roots
from inference_backend.service.json_log import log_to_stderr
from inference_backend.service.kserve.models import ModelPool
from inference_backend.service.kserve.routes import KserveService
from inference_backend.service.kserve.warm_up import compile_once
from inference_backend.service.live.live_service import LiveService
from inference_backend.service.service_settings import ServiceSettings
from inference_backend.service.uploads import Uploads
from inference_backend.service.web.api import Api
from inference_backend.service.web.app import make_app
from inference_backend.service.web.files_api import FilesApi
from inference_backend.service.web.guard import MOST_HEAD_BYTES, Guard
from inference_backend.service.web.jobs_api import JobsApi
from inference_backend.service.web.live_api import LiveApi
from inference_backend.service.web.patient_protocol import PatientProtocol

DATA_ENVIRONMENT = "OCSGE_DATA_DIR"
GRACEFUL_S = 2
KEEP_ALIVE_S = 10
MOST_CONNECTIONS = 256
_log = logging.getLogger("ocsge.service")


class PortInUseError(BackendError):
    """The port cannot be taken: `port`, `host`, `reason`."""

    templates = {
        "en": "Port {port} on {host} cannot be used: {reason}. Choose another, or --port 0 for a free one.",
        "fr": "Le port {port} de {host} est inutilisable : {reason}. Choisissez-en un autre, ou --port 0 "
        "pour un port libre.",
    }


def serve(settings: ServiceSettings) -> None:
    """Serve until a signal, or the end of standard input where asked for.

    Raises:
        TokenError, TokenFileError: no token that can be used.
        OpenServiceError, HalfTlsError: settings that would leave the service open.
        PortInUseError: the port cannot be taken.
    """
    settings.check()
    accounts = read_accounts(settings.tokens) if settings.tokens else accounts_of_environment()
    log_to_stderr()
    if not settings.is_local and not settings.is_secure:
        _log.warning("no TLS here: put a reverse proxy with https before this service, or give --tls-cert")
    reach, uploads = settings.reach, Uploads(settings.folder)

    def limits(job: Job) -> dict[str, Any]:
        owner = accounts.named(job.owner) or Account(job.owner, b"")
        folders = job_roots(runner, uploads, owner, job.inputs, runner.job_folder(job.job_id))
        policy = reach.source_policy(folders, addresses_of(job.inputs))
        roots = None if policy.roots is None else [str(root) for root in policy.roots]
        return {"roots": roots, "hosts": policy.hosts}

    with bound_socket(settings.host, settings.port) as listener:
        compile_once()
        runner = JobRunner(settings.folder, settings.workers, share=accounts.share, limits=limits)
        runner.start()  # `limits` asks the runner: the first job may come when there is one
        tidying = Housekeeping(runner, uploads)
        inference = KserveService(ModelPool(settings.models))
        jobs = JobsApi(runner, uploads, reach)
        live = LiveApi(LiveService(InteractiveModels(settings.interactive)))
        app = make_app(Api(jobs), jobs, FilesApi(uploads), inference, settings.url, live)
        guard = Guard(app, accounts, hosts=settings.known_hosts, is_secure=settings.is_secure)
        try:
            server = _AnnouncingServer(guard, listener.getsockname()[1], settings)
            if settings.stop_with_stdin:
                threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
            server.run(sockets=[listener])
        finally:
            tidying.stop()
            runner.stop()
            inference.close()
            live.close()
            _log.info("stopped")


def default_folder() -> Path:
    """Per-user folder of jobs, `OCSGE_DATA_DIR` if set."""
    explicit = os.environ.get(DATA_ENVIRONMENT)
    if explicit:
        return Path(explicit)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "ocsge" / "service"
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "ocsge" / "service"


def bound_socket(host: str, port: int) -> socket.socket:
    """A listening address.

    Raises:
        PortInUseError: it cannot be bound.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
    except OSError as error:
        raise PortInUseError(port=port, host=host, reason=error.strerror) from error
    try:
        if sys.platform != "win32":  # there, the option would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise PortInUseError(port=port, host=host, reason=error.strerror) from error
    return listener


class _AnnouncingServer(uvicorn.Server):
    """Writes the handshake once it answers."""

    def __init__(self, app: object, port: int, settings: ServiceSettings) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type]  # any ASGI application
                http=PatientProtocol,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # links come from --url, never from a header that anybody may send
                timeout_graceful_shutdown=GRACEFUL_S,
                timeout_keep_alive=KEEP_ALIVE_S,
                limit_concurrency=MOST_CONNECTIONS,
                h11_max_incomplete_event_size=MOST_HEAD_BYTES,
                ssl_certfile=settings.tls_cert,
                ssl_keyfile=settings.tls_key,
            )
        )
        self._port = port

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(json.dumps(asdict(Handshake(self._port, __version__))) + "\n")
        sys.stdout.flush()
        _log.info("ready", extra={"port": self._port})


def _watch_stdin(server: uvicorn.Server) -> None:
    with contextlib.suppress(OSError, ValueError):
        while sys.stdin.readline():
            pass
    _log.info("parent gone", extra={"reason": "standard input closed"})
    server.should_exit = True
