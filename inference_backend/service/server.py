# SPDX-License-Identifier: GPL-2.0-or-later
"""The server process: a socket on loopback, a first line that says where, an end with its parent."""

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

import uvicorn

from inference_backend import __version__
from inference_backend.contracts.service import TOKEN_ENVIRONMENT, Handshake
from inference_backend.errors import BackendError
from inference_backend.service.api import Api
from inference_backend.service.app import make_app
from inference_backend.service.job_runner import JobRunner
from inference_backend.service.json_log import log_to_stderr
from inference_backend.service.kserve_models import ModelPool
from inference_backend.service.kserve_routes import KserveService

LOOPBACK = "127.0.0.1"
DATA_ENVIRONMENT = "OCSGE_DATA_DIR"
MIN_TOKEN_CHARACTERS = 16
GRACEFUL_S = 2
_log = logging.getLogger("ocsge.service")


class TokenError(BackendError):
    """No token, or one that could be guessed: `minimum`."""

    templates = {
        "en": "OCSGE_TOKEN: the access token is missing or shorter than {minimum} characters. Set one that "
        "only you know, for instance: OCSGE_TOKEN=$(openssl rand -hex 32) ocsge serve",
        "fr": "OCSGE_TOKEN : le jeton d'accès manque ou compte moins de {minimum} caractères. Donnez-en un "
        "que vous seul connaissez, par exemple : OCSGE_TOKEN=$(openssl rand -hex 32) ocsge serve",
    }


class PortInUseError(BackendError):
    """The port cannot be taken: `port`, `reason`."""

    templates = {
        "en": "Port {port} on 127.0.0.1 cannot be used: {reason}. Choose another, "
        "or --port 0 for a free one.",
        "fr": "Le port {port} de 127.0.0.1 est inutilisable : {reason}. Choisissez-en un autre, ou --port 0 "
        "pour un port libre.",
    }


def serve(
    *, port: int, folder: Path, workers: int, stop_with_stdin: bool, models: Path | None = None
) -> None:
    """Serve until a signal, or the end of standard input where asked for.

    Args:
        port: on 127.0.0.1; 0 for a free one.
        folder: of jobs and locks.
        workers: jobs at the same time.
        stop_with_stdin: end when standard input closes, as it does when the parent dies.
        models: folder of ONNX models offered over KServe V2 beside the embedded one.

    Raises:
        TokenError: see `take_token`.
        PortInUseError: the port cannot be taken.
    """
    token = take_token()
    log_to_stderr()
    with bound_socket(port) as listener:
        runner = JobRunner(folder, workers)
        inference = KserveService(ModelPool(models))
        try:
            server = _AnnouncingServer(make_app(Api(runner), token, inference), listener.getsockname()[1])
            if stop_with_stdin:
                threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
            server.run(sockets=[listener])
        finally:
            runner.stop()
            inference.close()
            _log.info("stopped")


def take_token() -> str:
    """The token of the environment, taken out of it so that no child sees it.

    There is no default: a generated token would have to be shown, and a shown token ends up in logs.

    Raises:
        TokenError: missing or too short.
    """
    token = os.environ.pop(TOKEN_ENVIRONMENT, "")
    if len(token) < MIN_TOKEN_CHARACTERS:
        raise TokenError(minimum=MIN_TOKEN_CHARACTERS)
    return token


def default_folder() -> Path:
    """Per-user folder of jobs, `OCSGE_DATA_DIR` if set."""
    explicit = os.environ.get(DATA_ENVIRONMENT)
    if explicit:
        return Path(explicit)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "ocsge" / "service"
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "ocsge" / "service"


def bound_socket(port: int) -> socket.socket:
    """A socket on loopback.

    Raises:
        PortInUseError: it cannot be bound.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there, the option would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
    except OSError as error:
        listener.close()
        raise PortInUseError(port=port, reason=error.strerror) from error
    return listener


class _AnnouncingServer(uvicorn.Server):
    """Writes the handshake once it answers."""

    def __init__(self, app: object, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type]  # any ASGI application
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACEFUL_S,
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
