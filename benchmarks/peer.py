# SPDX-License-Identifier: GPL-2.0-or-later
"""Deepness, the QGIS plugin nearest to ours, where somebody has put it: docs/backend.md says how.

It is under another licence, so neither it nor the program that drives it is part of this repository. The
command named by OCSGE_BENCH_DEEPNESS takes a raster and a model, and prints one JSON object as its last line:
`seconds` (model, inference and polygons), `raster_seconds` (until its raster is whole), `rss_mb`, and
whatever else it found.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

VARIABLE = "OCSGE_BENCH_DEEPNESS"
ABSENT = f"Deepness is not there: {VARIABLE} names no command"
TIME_LIMIT_S = 600


def is_there() -> bool:
    return bool(os.environ.get(VARIABLE))


def run(raster: Path, model: Path) -> dict[str, Any]:
    """One run of Deepness on one raster.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [*shlex.split(os.environ[VARIABLE]), str(raster), str(model)]
    done = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=TIME_LIMIT_S,
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return {"raster_seconds": found["seconds"], **found}
