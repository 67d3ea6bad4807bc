# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the traceback of an unexpected error goes: a file that a person can send."""

from __future__ import annotations

import datetime
import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path

from inference_backend import __version__

FOLDER_ENVIRONMENT = "OCSGE_LOG_DIR"


def log_folder() -> Path:
    """Per-user folder of logs, `OCSGE_LOG_DIR` if set."""
    explicit = os.environ.get(FOLDER_ENVIRONMENT)
    if explicit:
        return Path(explicit)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "ocsge" / "logs"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "ocsge" / "logs"


def write_crash_log(error: BaseException) -> Path | None:
    """Write the traceback with versions, without environment variables; None where no place takes it."""
    now = datetime.datetime.now(datetime.UTC)
    head = (
        f"ocsge {__version__}, Python {platform.python_version()}, {platform.platform()}, {now.isoformat()}\n"
    )
    text = head + "".join(traceback.format_exception(error))
    name = f"ocsge-{now:%Y%m%dT%H%M%S}-{os.getpid()}.log"
    for folder in (log_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return folder / name
    return None
