# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands of the demo, each run as a user would run it, timed."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SEED = 7
SIZE_M = 1000
MILLESIME = "2022"


@dataclass(frozen=True)
class Step:
    """One command `ocsge ...`."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Timing:
    """What one step took and returned."""

    name: str
    seconds: float
    exit_code: int


def steps(folder: Path) -> list[Step]:
    """The whole path, in order; everything is written under `folder`."""
    scene, prediction, lot = folder / "scene", folder / "prediction.tif", folder / "lot.gpkg"
    rasters = [str(scene / f"ortho_{MILLESIME}.tif"), str(scene / f"height_{MILLESIME}.tif")]
    references = [str(scene / "references" / f"{name}.gpkg") for name in ("bdtopo", "rpg", "bdforet")]
    return [
        Step("scene", ("scene", str(scene), "--seed", str(SEED), "--size-m", str(SIZE_M))),
        Step("predict", ("predict", *rasters, "--output", str(prediction))),
        Step(
            "postprocess",
            (
                "postprocess",
                str(prediction),
                "--references",
                *references,
                "--output",
                str(lot),
                "--millesime",
                MILLESIME,
            ),
        ),
        Step("check", ("check", str(lot))),
    ]


def run_steps(wanted: Sequence[Step]) -> list[Timing]:
    """Run each command and show it; stops at the first that fails.

    Raises:
        SystemExit: a command failed; `check` that falls short does not count, the table says so.
    """
    command = str(Path(sys.executable).with_name("ocsge"))
    timings = []
    for step in wanted:
        print(f"\n$ {shlex.join(('ocsge', *step.arguments))}", flush=True)
        started = time.monotonic()
        done = subprocess.run([command, *step.arguments], check=False)
        timings.append(Timing(step.name, time.monotonic() - started, done.returncode))
        if done.returncode and (step.name, done.returncode) != ("check", 1):
            raise SystemExit(f"make demo: ocsge {step.name} stopped with exit status {done.returncode}")
    return timings
