# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the backend's environments lie on a machine, and which of them counts.

    HOME/                    one per user, for every QGIS profile and both plugins
      current.json           names the environment that counts; written last, so never a half-made one
      e3f2a1b0/              an environment; it never moves, since virtual environments cannot
      setup.json             a set-up in hand, or one that was killed
      logs/

The plugins and the installer of a bundle both write it.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

HOME_ENVIRONMENT = "OCSGE_BACKEND_HOME"
"""Folder of the environments, where the user's own will not do."""
CURRENT_FILE = "current.json"
SETUP_FILE = "setup.json"
LOGS_FOLDER = "logs"
ENVIRONMENT_PREFIX = "e"
LOCKED_RETRIES = 6
LOCKED_WAIT_S = 0.25


@dataclass(frozen=True)
class Installed:
    """The environment that counts.

    Attributes:
        folder: its name inside the home.
        version: of the backend.
        python: of the environment, for instance `3.12`.
        source: what it was made from: `index`, or the name of a bundle or wheel.
        installed: when, ISO 8601, UTC.
    """

    folder: str
    version: str
    python: str = ""
    source: str = ""
    installed: str = ""


def backend_home() -> Path:
    """Folder of the environments of this user, the same for both plugins and every QGIS profile."""
    explicit = os.environ.get(HOME_ENVIRONMENT, "")
    if explicit:
        return Path(explicit)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "ocsge" / "backend"


def environment_command(folder: Path) -> Path:
    """The command `ocsge` in an environment."""
    return folder / ("Scripts/ocsge.exe" if sys.platform == "win32" else "bin/ocsge")


def environment_python(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def new_environment(home: Path) -> Path:
    """A name for an environment to come; short, since Windows counts the characters of a path."""
    return home / f"{ENVIRONMENT_PREFIX}{secrets.token_hex(4)}"


def environments(home: Path) -> list[Path]:
    """Every environment folder of the home, whole or not."""
    if not home.is_dir():
        return []
    names = (path for path in home.iterdir() if path.is_dir())
    return sorted(p for p in names if p.name[:1] == ENVIRONMENT_PREFIX and len(p.name) == 9)


def read_current(home: Path) -> Installed | None:
    """The environment that counts; None where none was finished or its command has gone."""
    try:
        raw = json.loads((home / CURRENT_FILE).read_text(encoding="utf-8"))
        installed = Installed(**{name: str(raw.get(name, "")) for name in Installed.__dataclass_fields__})
    except (OSError, ValueError, AttributeError):
        return None
    folder = home / installed.folder
    is_inside = bool(installed.folder) and folder.parent == home
    return installed if is_inside and environment_command(folder).is_file() else None


def write_current(home: Path, installed: Installed) -> None:
    """Make an environment the one that counts, at once or not at all."""
    write_whole(home / CURRENT_FILE, json.dumps(asdict(installed), indent=1))


def write_whole(path: Path, text: str) -> None:
    """Write a small file that appears whole; waits for a virus scanner that holds the old one."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    for attempt in range(LOCKED_RETRIES + 1):
        try:
            unfinished.replace(path)
            return
        except PermissionError:
            if attempt == LOCKED_RETRIES:
                unfinished.unlink()
                raise
            time.sleep(LOCKED_WAIT_S * (attempt + 1))
