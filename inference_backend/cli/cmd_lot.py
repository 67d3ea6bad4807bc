# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge lot ACTION`: cut, hand over, take back. Each action is a module `cmd_lot_<action>.py`."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from inference_backend.cli.language import choose

ACTIONS = ("cut", "state", "merge", "publish", "fetch")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and the actions that this installation has."""
    parser = subparsers.add_parser(
        "lot",
        help=choose("cut a lot, hand it over, merge it back", "découper un lot, le confier, le fusionner"),
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    present = {path.stem for path in Path(__file__).parent.glob("cmd_lot_*.py")}
    for action in ACTIONS:
        if f"cmd_lot_{action}" in present:
            importlib.import_module(f"inference_backend.cli.cmd_lot_{action}").register(actions)
