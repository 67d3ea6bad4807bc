# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge model ACTION`: what a model expects and gives. Each action is a module `cmd_model_<action>.py`."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from inference_backend.cli.language import choose

ACTIONS = ("describe", "check", "export", "quantize", "fetch")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and the actions that this installation has."""
    parser = subparsers.add_parser("model", help=choose("look into a model", "examiner un modèle"))
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    present = {path.stem for path in Path(__file__).parent.glob("cmd_model_*.py")}
    for action in ACTIONS:
        if f"cmd_model_{action}" in present:
            importlib.import_module(f"inference_backend.cli.cmd_model_{action}").register(actions)
