# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge scene`: write a synthetic commune with its truth."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "scene", help="write a synthetic commune: images at two dates, truth, reference vectors"
    )
    parser.add_argument("folder", type=Path, metavar="OUT", help="folder to make or replace")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same commune (1)")
    parser.add_argument("--size-m", type=float, default=1000.0, help="side of the square in metres (1000)")
    parser.add_argument("--pixel-m", type=float, default=0.2, help="side of a pixel in metres (0.2)")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the scene and say where."""
    from inference_backend.cli.console import console_progress
    from inference_backend.scene.generate import generate_scene

    print(
        generate_scene(
            args.folder, args.seed, size_m=args.size_m, pixel_m=args.pixel_m, progress=console_progress()
        )
    )
    return 0
