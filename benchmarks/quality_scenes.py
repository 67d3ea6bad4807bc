# SPDX-License-Identifier: GPL-2.0-or-later
"""Synthetic communes whose truth is known and what the embedded model makes of them, kept between runs.

    python -m benchmarks.quality_scenes SEED ...

Pixels and prediction take a minute per commune; they are made again only when the model or the code that
draws pixels changes. Truth and reference vectors take seconds; any change of the generator renews them.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inference_backend.atomic import replace_folder_when_done
from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.profile import Profile
from inference_backend.progress import Silent
from inference_backend.scene.build import build_plan
from inference_backend.scene.generate import ORIGIN_M, write_year
from inference_backend.scene.parcels import write_parcels
from inference_backend.scene.plan import Plan
from inference_backend.scene.references import write_references
from inference_backend.scene.truth import write_truth

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build" / "quality"
MODEL = "ocsge-baseline.onnx"
YEAR = 2022
SIZE_M, PIXEL_M = 1000.0, 0.2
VECTORS_ONLY = ("bdtopo.py", "parcels.py", "partition.py", "references.py", "truth.py")
"""Modules of the generator that draw no pixel."""
_OF_THE_TRUTH = ("minimum_area", "minimum_width", "built_cover")
"""Sections of the profile that the truth is drawn by."""
_KEY = "key.txt"


@dataclass(frozen=True)
class QualityScene:
    """Files of one commune."""

    seed: int
    prediction: Path
    references: Path
    restricted: Path
    truth: Path
    truth_layer: str = f"truth_{YEAR}"


def scene_of(seed: int) -> QualityScene:
    """The commune of a seed, made where it is not there yet or no longer what the code would make."""
    folder = CACHE / f"{seed}"
    pixels, vectors = folder / "pixels", folder / "vectors"
    code = sorted(path for path in (ROOT / "inference_backend" / "scene").glob("*.py"))
    drawing = [path for path in code if path.name not in VECTORS_ONLY]
    pixel_key = _digest([resources_dir() / "models" / MODEL, *drawing])
    vector_key = _digest(code, json.dumps([Profile.load().section(name) for name in _OF_THE_TRUTH]))
    plan: Plan | None = None
    if _key(pixels) != pixel_key:
        plan = build_plan(seed, SIZE_M)
        _make_pixels(pixels, plan, pixel_key)
    if _key(vectors) != vector_key:
        _make_vectors(vectors, plan or build_plan(seed, SIZE_M), vector_key)
    references, restricted = vectors / "references", vectors / "restricted"
    return QualityScene(seed, pixels / "prediction.tif", references, restricted, vectors / "truth.gpkg")


def _digest(paths: Iterable[Path], rules: str = "") -> str:
    digest = hashlib.sha256(f"{SIZE_M} {PIXEL_M} {YEAR}{rules}".encode())
    for path in paths:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _key(folder: Path) -> str:
    path = folder / _KEY
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _make_pixels(folder: Path, plan: Plan, key: str) -> None:
    with replace_folder_when_done(folder) as target:
        write_year(target, plan, YEAR, PIXEL_M, Silent())
        rasters = [target / f"ortho_{YEAR}.tif", target / f"height_{YEAR}.tif"]
        command = [sys.executable, "-m", "inference_backend", "predict", *map(str, rasters)]
        done = subprocess.run(
            [*command, "--output", str(target / "prediction.tif")], cwd=ROOT, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"prediction of commune {plan.seed} failed:\n{done.stderr}")
        for raster in rasters:
            raster.unlink()
        (target / _KEY).write_text(key, encoding="utf-8")


def _make_vectors(folder: Path, plan: Plan, key: str) -> None:
    with replace_folder_when_done(folder) as target:
        write_truth(target / "truth.gpkg", plan, Profile.load(), ORIGIN_M)
        write_references(target / "references", plan, ORIGIN_M)
        write_parcels(target / "restricted", plan, ORIGIN_M)
        (target / _KEY).write_text(key, encoding="utf-8")


def main() -> int:
    for seed in map(int, sys.argv[1:]):
        print(scene_of(seed).prediction, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
