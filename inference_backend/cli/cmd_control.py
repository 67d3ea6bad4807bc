# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge control ACTION`: draw, collect, decide, report. Each is a module `cmd_control_<action>.py`."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from inference_backend.cli.language import choose

ACTIONS = ("plan", "sample", "collect", "decide", "report", "history")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and the actions that this installation has."""
    parser = subparsers.add_parser(
        "control",
        help=choose("sample a lot, collect answers, decide", "échantillonner un lot, collecter, décider"),
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    present = {path.stem for path in Path(__file__).parent.glob("cmd_control_*.py")}
    for action in ACTIONS:
        if f"cmd_control_{action}" in present:
            importlib.import_module(f"inference_backend.cli.cmd_control_{action}").register(actions)
