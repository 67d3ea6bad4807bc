# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the data files of the project are, in a checkout, in an installed wheel and in a plugin."""

from __future__ import annotations

from pathlib import Path


def resources_dir() -> Path:
    """Folder `resources/` (profiles, styles, models).

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "resources", package.parent / "resources"):
        if (candidate / "profiles").is_dir():
            return candidate
    raise FileNotFoundError(f"no resources/profiles beside {package}: the installation is incomplete")
