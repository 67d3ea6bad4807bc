# SPDX-License-Identifier: GPL-2.0-or-later
"""Our own post-processing as the benchmarks run it: the command in a process of its own, and its lot."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
from scipy import ndimage

from benchmarks import timing
from benchmarks.process_tree import run_and_watch

ROOT = Path(__file__).resolve().parent.parent
LAYER = "occupation_sol"
YEAR = "2022"


@dataclass(frozen=True)
class LotRun:
    """Seconds, processor seconds and peak memory of one command, all its processes together."""

    seconds: float
    cpu_s: float
    rss_mb: float


def run(prediction: Path, references: Sequence[Path], lot: Path, *options: str) -> LotRun:
    """Run `ocsge postprocess`, start of the interpreter included."""
    lot.unlink(missing_ok=True)
    command = [sys.executable, "-m", "inference_backend", "postprocess", prediction, "--output", lot]
    command += ["--millesime", YEAR, *options, *(["--references", *references] if references else [])]
    found = []
    before_s = timing.children_cpu_s()
    taken_s = timing.seconds(lambda: found.append(run_and_watch(command, ROOT)))
    cpu_s = timing.children_cpu_s() - before_s
    return LotRun(round(taken_s, 2), round(cpu_s, 2), found[0].rss_mb)


def polygons(lot: Path) -> int:
    return int(pyogrio.read_info(lot, layer=LAYER)["features"])


def raw_regions(raster: Path) -> int:
    """4-connected regions of equal class."""
    with rasterio.open(raster) as source:
        classes = source.read(1)
    return sum(int(ndimage.label(classes == value)[1]) for value in np.unique(classes))


def content(lot: Path) -> list[bytes]:
    """Geometries and attributes of every layer, for comparison; what names the moment of writing left out."""
    found = []
    for layer in ("occupation_sol", "zone_construite", "review_item"):
        meta, _, geometry, fields = pyogrio.raw.read(lot, layer=layer)
        found += [layer.encode(), b"".join(bytes(g) for g in geometry)]
        found += [
            repr((name, values.tolist())).encode()
            for name, values in zip(meta["fields"], fields, strict=True)
        ]
    return found
