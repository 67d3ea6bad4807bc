# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether the result of a step is still the one that its inputs give.

Beside the results, `run_state.json` keeps for each step a fingerprint of everything it read: settings, files
by size and time, software version. Results appear whole or not at all, so one that is there is whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from inference_backend import __version__
from inference_backend.atomic import replace_when_done

STATE_FILE = "run_state.json"


def fingerprint(settings: dict[str, Any], files: Iterable[Path]) -> str:
    """Hexadecimal digest of settings and files.

    Args:
        settings: JSON values that change the result.
        files: what the step reads; a folder stands for its files. A missing file counts as missing, so that
            the step runs and reports it.
    """
    stats = [_stat(file) for path in files for file in _files_of(path)]
    text = json.dumps([__version__, settings, stats], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _files_of(path: Path) -> list[Path]:
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _stat(path: Path) -> tuple[str, int, int]:
    try:
        stat = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), stat.st_size, stat.st_mtime_ns


class StepState:
    """The fingerprints of one folder of results."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / STATE_FILE
        self._steps = self._read()

    def is_done(self, step: str, digest: str, output: Path) -> bool:
        """Whether `output` is there and came from the same inputs."""
        return output.is_file() and self._steps.get(step) == digest

    def record(self, step: str, digest: str) -> None:
        """Remember that a step is done."""
        self._steps[step] = digest
        with replace_when_done(self._path) as temporary:
            temporary.write_text(json.dumps(self._steps, indent=1), encoding="utf-8")

    def _read(self) -> dict[str, str]:
        try:
            steps = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in steps.items()} if isinstance(steps, dict) else {}
