# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends made-up requests to a real server, after its own OpenAPI document, and judges the answers.

    python -m scripts.fuzz_service [REQUESTS]

Checks: no 5xx, no status or media type that the document does not name, bodies as described, bad values
refused, methods that are not taken answered with 405, nothing without the token. The server may reach only an
empty folder and no host.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import requests

DEFAULT_REQUESTS = 1000
CHECKS = ",".join(
    (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "unsupported_method",
        "ignored_auth",
    )
)


def fuzz(most_requests: int, report: Path | None = None) -> tuple[int, Counter[int]]:
    """Fuzz a server of our own.

    Args:
        most_requests: about so many; they are shared between the operations of the document.
        report: where to write the tool's report.

    Returns:
        Exit status of schemathesis, and how many answers had each status.
    """
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "allowed").mkdir()
        log = folder / "log"
        process = _start(folder, log, token)
        try:
            url = f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"  # type: ignore[union-attr]  # a pipe
            done = _schemathesis(url, token, most_requests, report)
            alive = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=30).status_code
        finally:
            process.terminate()
            process.communicate(timeout=30)
        entries = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    statuses = Counter(entry["status"] for entry in entries if entry.get("event") == "request")
    return (done or int(alive != 200)), statuses


def _start(folder: Path, log: Path, token: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "inference_backend", "serve", "--data", str(folder / "data")]
    with log.open("w") as stderr:
        return subprocess.Popen(
            [*command, "--allow", str(folder / "allowed")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, "OCSGE_TOKEN": token, "OCSGE_LANG": "en"},
        )


def _schemathesis(url: str, token: str, most_requests: int, report: Path | None) -> int:
    header = f"Authorization: Bearer {token}"
    document = requests.get(url + "/api", headers=dict([header.split(": ")]), timeout=30).json()
    operations = sum(len(methods) for methods in document["paths"].values())
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        url + "/api",
        "--url",
        url,
        "-H",
        header,
        "--checks",
        CHECKS,
        "--phases",
        "coverage,fuzzing" if most_requests > 300 else "fuzzing",
        "--max-examples",
        str(max(1, most_requests // operations)),
        "--generation-deterministic",
        "--no-color",
    ]
    if report is not None:
        command += ["--report", "junit", "--report-junit-path", str(report)]
    return subprocess.run(command, check=False).returncode


def main() -> int:
    """Print how many answers had each status; 0 where every check passed."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_REQUESTS
    status, statuses = fuzz(most)
    counts = ", ".join(f"{code}: {count}" for code, count in sorted(statuses.items()))
    print(f"{sum(statuses.values())} requests ({counts}); {'every check passed' if not status else 'FAILED'}")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
