# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): one part, its figures as flat JSON."""

import importlib
import json
import os
import sys
import traceback
from pathlib import Path

from qgis.PyQt.QtCore import QTimer

HERE = Path(os.environ["OCSGE_UI_HERE"])  # QGIS runs this text without telling its file
PARTS = Path(os.environ["OCSGE_UI_PARTS"])
START_MS = 1500


def main():
    part, out = os.environ["OCSGE_UI_PART"], Path(os.environ["OCSGE_UI_OUT"])
    try:
        stage = importlib.import_module("stage").Stage()
        figures = importlib.import_module(f"part_{part}").measure(stage)
    except BaseException as error:
        traceback.print_exc()
        figures = {f"{part}_failed": f"{type(error).__name__}: {error}"}
    out.write_text(json.dumps(figures))
    sys.stdout.flush()
    os._exit(0)


sys.path[:0] = [str(HERE), str(PARTS)]  # no packages for the Python of QGIS
QTimer.singleShot(START_MS, main)
