# SPDX-License-Identifier: GPL-2.0-or-later
"""One job in a process of its own: `python -m inference_backend.service.jobs.worker`.

Reads one JSON line on standard input, `{"process_id", "inputs", "lock", "policy"}`, then writes JSON lines on
standard output: `{"progress", "message"}` and at the end `{"results"}` or `{"error": {"en", "fr", "kind",
"status"}}`. Standard input stays open as long as the server lives; when it closes the worker ends, so that no
orphan goes on computing. `lock` is a file that keeps two workers from doing one job, `policy` what its
rasters may refer to.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from inference_backend.contracts.errors import OcsgeError
from inference_backend.errors import InputError
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.service.egress import guard_egress
from inference_backend.service.jobs.process_group import end_own_group
from inference_backend.service.jobs.worker_lock import hold
from inference_backend.service.processes import PROCESSES

REPORT_INTERVAL_S = 0.2
_log = logging.getLogger("inference_backend.service.jobs.worker")


class PipeProgress:
    """Progress as JSON lines, at most five a second."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._sent = float("-inf")
        self._message = ""
        self._lock = threading.Lock()

    def update(self, share: float, message: str = "") -> None:
        """Send the share and the step."""
        with self._lock:
            now = time.monotonic()
            if now - self._sent >= REPORT_INTERVAL_S or message != self._message:
                self._sent, self._message = now, message
                send(self._stream, {"progress": round(100 * min(max(share, 0.0), 1.0)), "message": message})


def send(stream: TextIO, message: dict[str, Any]) -> None:
    """Write one JSON line."""
    stream.write(json.dumps(message, default=_plain) + "\n")
    stream.flush()


def main() -> int:
    """Do the job; 0 where it succeeded."""
    answers = _private_stdout()
    signal.signal(signal.SIGTERM, _interrupt)
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_server, daemon=True).start()
    try:
        hold(Path(request["lock"]))
        process = PROCESSES[request["process_id"]]
        policy = _policy(request["policy"])
        guard_egress(policy)
        results = process.execute(request["inputs"], PipeProgress(answers), policy)
    except KeyboardInterrupt:
        return 130
    except OcsgeError as error:
        texts = {language: error.text(language) for language in ("en", "fr")}
        status = "400" if isinstance(error, InputError) else "500"
        send(answers, {"error": {**texts, "kind": type(error).__name__, "status": status}})
        return 2
    except Exception as error:  # border: the server gets a sentence, the log gets the traceback
        _log.exception("job failed")
        send(answers, {"error": {**_fault_texts(error), "kind": type(error).__name__, "status": "500"}})
        return 70
    send(answers, {"results": results})
    return 0


def _policy(limits: dict[str, Any]) -> SourcePolicy:
    roots, hosts = limits.get("roots"), limits.get("hosts")
    return SourcePolicy(
        None if roots is None else tuple(map(Path, roots)), None if hosts is None else tuple(hosts)
    )


def _fault_texts(error: Exception) -> dict[str, str]:
    name = type(error).__name__
    return {
        "en": f"Unexpected error ({name}); its details are in the server's log.",
        "fr": f"Erreur inattendue ({name}) ; les détails sont dans le journal du serveur.",
    }


def _private_stdout() -> TextIO:
    # Libraries that print must not garble the answers: their standard output becomes standard error.
    private = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return private


def _end_with_server() -> None:
    with contextlib.suppress(OSError, ValueError):
        while sys.stdin.readline():
            pass
    end_own_group()


def _interrupt(signum: int, frame: FrameType | None) -> None:
    # So that unfinished files are removed on their way out.
    raise KeyboardInterrupt


def _plain(value: object) -> object:
    """JSON form of what steps may put into results (numpy numbers, paths)."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    sys.exit(main())
