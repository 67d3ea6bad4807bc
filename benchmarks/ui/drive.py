# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): one part, its figures as flat JSON."""

import importlib.util
import json
import os
import sys
import traceback
from pathlib import Path

from qgis.PyQt.QtCore import QTimer

HERE = Path(os.environ["OCSGE_UI_HERE"])  # QGIS runs this text without telling its file
START_MS = 1500


def load(name):
    """A module of this folder, which is no package for the Python of QGIS."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main():
    part, out = os.environ["OCSGE_UI_PART"], Path(os.environ["OCSGE_UI_OUT"])
    try:
        stage = load("stage").Stage()
        figures = load(f"part_{part}").measure(stage)
    except BaseException as error:
        traceback.print_exc()
        figures = {f"{part}_failed": f"{type(error).__name__}: {error}"}
    out.write_text(json.dumps(figures))
    sys.stdout.flush()
    os._exit(0)


QTimer.singleShot(START_MS, main)
