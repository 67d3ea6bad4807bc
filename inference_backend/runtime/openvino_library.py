# SPDX-License-Identifier: GPL-2.0-or-later
"""OpenVINO, imported so that it sends nothing: `import openvino` alone reports to its makers' statistics.

Its reporting is a package of its own, and both OpenVINO and NNCF go on without a word where that package
cannot be imported. Every import of either in this project comes through here.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

_REPORTING = "openvino_telemetry"


def openvino() -> Any:
    """The module `openvino`.

    Raises:
        ImportError: not installed, or its libraries do not load.
    """
    return _import_silently("openvino")


def nncf() -> Any:
    """The module `nncf`, which quantises networks.

    Raises:
        ImportError: not installed.
    """
    return _import_silently("nncf")


def _import_silently(name: str) -> Any:
    sys.modules.setdefault(_REPORTING, None)  # type: ignore[arg-type]  # None is how Python says "not there"
    return importlib.import_module(name)
