# SPDX-License-Identifier: GPL-2.0-or-later
"""Every test, each part in the environment it is meant for; as many parts side by side as there are cores.

    python scripts/run_tests.py [PART...]

What a part says is in `build/test-PART.log`; that of a part that failed is shown at the end, then a line for
each part. The exit status is 1 where one failed.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build"
MOST_AT_ONCE = 4
"""A part may take 3 GB; more at once would make the waits of the tests with a window too short."""

_SUMMARY = re.compile(r"^=*\s*(.* in \d+\.\d+s.*?)[\s=]*$", re.MULTILINE)
_BACKEND = (".venv/bin/python", "-m", "pytest", "-q")
# Qt draws nothing right without a window manager; a server's number is free again when it ends.
_WINDOW = ("xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", "bash", "-c")
_WINDOW += ('openbox >/dev/null 2>&1 & exec "$@"', "--")
_QGIS = (*_WINDOW, ".venv-qgis/bin/python", "-m", "pytest", "-q")
_POSTPROCESS = "tests/backend/postprocess"
_COMMANDS = tuple(f"tests/backend/{name}" for name in ("cli", "kserve", "service"))

PARTS = {
    "qgis": (*_QGIS, "tests/qgis"),
    "backend": (*_BACKEND, "tests/backend", *(f"--ignore={path}" for path in (_POSTPROCESS, *_COMMANDS))),
    "commands": (*_BACKEND, *_COMMANDS),
    "postprocess": (*_BACKEND, _POSTPROCESS),
    "packaging": (*_BACKEND, "tests/packaging"),
    "unit": (*_BACKEND, "tests/unit"),
}
"""The longest first: what is short fills the gaps at the end."""


@dataclass(frozen=True)
class Outcome:
    """How a part ended."""

    name: str
    status: int
    took_s: float

    @property
    def log(self) -> str:
        """All that it said."""
        return log_of(self.name).read_text(errors="replace")

    @property
    def line(self) -> str:
        """Pytest's own count, or that it did not come that far."""
        counts = _SUMMARY.findall(self.log)
        said = counts[-1] if counts else f"no count of tests after {self.took_s:.0f} s"
        return f"{self.name}: {said}" + (f" - FAILED, status {self.status}" if self.status else "")


def log_of(name: str) -> Path:
    """Where a part's output goes."""
    return LOGS / f"test-{name}.log"


def run_part(name: str, command: tuple[str, ...], running: list[subprocess.Popen[bytes]]) -> Outcome:
    """Run one part to its end; `running` holds it meanwhile."""
    started = time.monotonic()
    print(f"== {name}: begins, see {log_of(name).relative_to(ROOT)}", flush=True)
    with log_of(name).open("wb") as log:
        # A session of its own, so that it can be ended with all that it started.
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        running.append(process)
        status = process.wait()
    outcome = Outcome(name, status, time.monotonic() - started)
    print(f"== {outcome.line}", flush=True)
    return outcome


def run_all(parts: dict[str, tuple[str, ...]], at_once: int) -> list[Outcome]:
    """Run parts in their order, some side by side; Ctrl+C ends them all."""
    running: list[subprocess.Popen[bytes]] = []
    with ThreadPoolExecutor(at_once) as pool:
        outcomes = [pool.submit(run_part, name, command, running) for name, command in parts.items()]
        try:
            return [outcome.result() for outcome in outcomes]
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in running:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGTERM)
            raise


def main(names: list[str]) -> int:
    """Run the named parts, or all; say how each ended."""
    LOGS.mkdir(exist_ok=True)
    started = time.monotonic()
    chosen = {name: PARTS[name] for name in names} if names else PARTS
    outcomes = run_all(chosen, min(os.cpu_count() or 1, MOST_AT_ONCE))
    failed = [outcome for outcome in outcomes if outcome.status]
    for outcome in failed:
        print(f"\n== log of {outcome.name}\n{outcome.log}")
    print("\n" + "\n".join(outcome.line for outcome in outcomes))
    took = f"{time.monotonic() - started:.0f} s"
    if failed:
        print(f"make test: FAILED ({' '.join(outcome.name for outcome in failed)}) in {took}")
        return 1
    print(f"make test: all parts passed in {took}")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    raise SystemExit(main(sys.argv[1:]))
